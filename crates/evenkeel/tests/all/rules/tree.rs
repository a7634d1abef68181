//! The tables of trees: items by a link, the others by a field.

use super::{Said, said};
use crate::world::World;
use engine::Command;
use model::{Name, Value};

/// | `b part of a, c part of b` before | `a part of c` then |
pub fn items(world: &World, cells: &[&str]) -> Said {
    let put = |_: &str, whole: &str| {
        let to = world.known(whole).unwrap().key;
        Command::Link { link: Name::new("part_of").unwrap(), to }
    };
    tree(world, "configuration_item", "not_part_of_itself", cells, &put)
}

pub fn organizations(world: &World, cells: &[&str]) -> Said {
    by_field(world, "organization", "not_part_of_itself", cells)
}

pub fn categories(world: &World, cells: &[&str]) -> Said {
    by_field(world, "category", "not_part_of_itself", cells)
}

pub fn locations(world: &World, cells: &[&str]) -> Said {
    by_field(world, "location", "not_within_itself", cells)
}

fn by_field(world: &World, of: &str, rule: &str, cells: &[&str]) -> Said {
    let put = |_: &str, whole: &str| {
        let whole = Value::Reference(world.known(whole).unwrap().key);
        Command::Edit { values: vec![(Name::new("parent").unwrap(), whole)] }
    };
    tree(world, of, rule, cells, &put)
}

type Put<'p> = &'p dyn Fn(&str, &str) -> Command;

fn tree(world: &World, of: &str, rule: &str, cells: &[&str], put: Put) -> Said {
    ["a", "b", "c"].iter().for_each(|name| drop(world.given(of, name)));
    for part in cells[0].split(", ").filter(|part| *part != "nothing") {
        let (part, whole) = part.split_once(" part of ").unwrap();
        world.act(&world.known(part).unwrap(), put(part, whole));
    }
    let (part, whole) = cells[1].split_once(" part of ").unwrap();
    said(world, of, Some(&world.known(part).unwrap()), rule, put(part, whole))
}
