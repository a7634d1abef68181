//! The tables of change management.

use super::{Said, bring, given, link, nothing, transition};
use crate::world::{Known, World};
use engine::Command;
use model::Name;
use serde_json::{Value as Json, json};

/// `10:00-11:00` of 10 March 2026 in UTC, as planned start and end.
fn window(text: &str) -> Json {
    let (start, end) = text.split_once('-').unwrap();
    let at = |time: &str| format!("2026-03-10T{time}:00Z");
    json!({ "planned_start": at(start), "planned_end": at(end) })
}

/// | this change | STATE and window of another change of the same item |
pub fn clash(world: &World, cells: &[&str]) -> Said {
    let item = given(world, "configuration_item", "mx1", "planned", nothing());
    let (state, other) = cells[1].split_once(' ').unwrap();
    let other = given(world, "change", "Other", "draft", window(other));
    let change = given(world, "change", "This", "authorization", window(cells[0]));
    link(world, &other, "affects", &item);
    link(world, &change, "affects", &item);
    bring(world, &other, state);
    transition(world, &change, "no_clash_with_other_changes", "authorize")
}

/// | kind | day of the window | what is frozen |
pub fn freeze(world: &World, cells: &[&str]) -> Said {
    let own = given(world, "service", "Own", "live", nothing());
    let other = given(world, "service", "Other", "live", nothing());
    let carried = given(world, "service", "Carried", "live", nothing());
    let item = given(world, "configuration_item", "mx1", "planned", nothing());
    link(world, &item, "services", &carried);
    let all = cells[2] == "all services";
    let span = json!({
        "starts_at": "2026-03-30T00:00:00Z", "ends_at": "2026-04-03T00:00:00Z",
        "all_services": all,
    });
    let Json::Object(span) = span else { panic!("no object") };
    world.given_with("change_freeze", "Close of the books", span);
    let freeze = world.known("Close of the books").unwrap();
    match cells[2] {
        "own service" => link(world, &freeze, "services", &own),
        "another service" => link(world, &freeze, "services", &other),
        "service of the item" => link(world, &freeze, "services", &carried),
        scope => assert!(all, "{scope}"),
    }
    let (day, month) = cells[1].split_once(' ').unwrap();
    let month = if month == "March" { 3 } else { 4 };
    let at = |time: &str| format!("2026-{month:02}-{day:0>2}T{time}:00Z");
    let fields = json!({
        "kind": cells[0], "service": own.id,
        "planned_start": at("10:00"), "planned_end": at("11:00"),
    });
    let change = given(world, "change", "This", "authorization", fields);
    link(world, &change, "affects", &item);
    transition(world, &change, "no_freeze_period", "authorize")
}

/// | what was done to the item since the change began at 10:00 |
pub fn updated(world: &World, cells: &[&str]) -> Said {
    let item = given(world, "configuration_item", "mx1", "live", nothing());
    let fields = json!({ "review": "Done", "result": "successful" });
    let change = given(world, "change", "This", "scheduled", fields);
    link(world, &change, "affects", &item);
    if cells[0].contains("second item") {
        let second = given(world, "configuration_item", "mx2", "live", nothing());
        link(world, &change, "affects", &second);
    }
    if cells[0] == "edited at 09:59" {
        at(world, "09:59");
        touch(world, &item, "edited");
    }
    at(world, "10:00");
    bring(world, &change, "implementation");
    if let Some((deed, time)) = cells[0].split_once(" at ").filter(|(_, time)| *time != "09:59") {
        at(world, &time[..5]);
        touch(world, &item, deed);
    }
    at(world, "12:00");
    bring(world, &change, "review");
    transition(world, &change, "configuration_is_updated", "close")
}

fn at(world: &World, time: &str) {
    let at: jiff::Timestamp = format!("2026-03-10T{time}:00Z").parse().unwrap();
    world.time.set(at.as_microsecond());
}

fn touch(world: &World, item: &Known, deed: &str) {
    match deed {
        "edited" => world.edit(item, json!({ "product_version": "2" })),
        "verified" => {
            world.edit(item, json!({ "verification_result": "correct" }));
            let (values, note) = (Vec::new(), None);
            let name = Name::new("verify").unwrap();
            world.act(item, Command::Transition { name, values, note });
        }
        "linked" => {
            let other = given(world, "configuration_item", "san1", "planned", nothing());
            link(world, item, "depends_on", &other);
        }
        "commented" => {
            world.act(item, Command::Comment { text: "Seen".into(), internal: false });
        }
        other => panic!("{other}?"),
    }
}
