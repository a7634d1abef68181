//! The tables of releases, services, items and calendars.

use super::{Said, given, link, nothing, said, transition};
use crate::world::World;
use engine::Command;
use serde_json::{Value as Json, json};

/// | states of the changes in the release |
pub fn authorized(world: &World, cells: &[&str]) -> Said {
    let fields = json!({
        "acceptance_result": "met", "test_report": "All pass", "backout_plan": "The old one",
    });
    let release = given(world, "release", "This", "verification", fields);
    for state in cells[0].split(", ").filter(|state| *state != "none") {
        let change = given(world, "change", state, state, nothing());
        link(world, &change, "deployed_in", &release);
    }
    transition(world, &release, "changes_are_authorized", "approve_deployment")
}

/// | state of another service that depends on it |
pub fn depended_on(world: &World, cells: &[&str]) -> Said {
    let service = given(world, "service", "This", "retiring", nothing());
    if cells[0] != "none" {
        let other = given(world, "service", "Other", cells[0], nothing());
        link(world, &other, "depends_on", &service);
    }
    transition(world, &service, "nothing_live_depends_on_it", "retire")
}

/// | state of another item, and how it is related |
pub fn needed(world: &World, cells: &[&str]) -> Said {
    let item = given(world, "configuration_item", "This", "live", nothing());
    let (state, relation) = cells[0].split_once(", ").unwrap();
    let other = given(world, "server", "Other", state, nothing());
    let name = if relation == "connected to it" { "connected_to" } else { "depends_on" };
    link(world, &other, name, &item);
    transition(world, &item, "nothing_live_needs_it", "retire")
}

/// | hours of Monday | always open |
pub fn week(world: &World, cells: &[&str]) -> Said {
    let calendar = json!({
        "name": { "en": "Office" }, "code": "office", "zone": "Asia/Shanghai",
        "monday": cells[0], "always_open": cells[1] == "yes",
    });
    let Json::Object(calendar) = calendar else { panic!("no object") };
    let input = world.system().input("calendar", &calendar).unwrap();
    let command = Command::Create { values: input.values, links: input.links };
    said(world, "calendar", None, "week_can_be_read", command)
}
