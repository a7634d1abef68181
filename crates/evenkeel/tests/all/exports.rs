//! A list that is exported is one moment: what is written while it is read neither doubles a record
//! nor leaves one out.

use crate::world::{create, on_each};
use engine::Question;
use serde_json::json;
use std::ops::ControlFlow;

/// More than are handed on together.
const MANY: usize = 520;

#[test]
fn a_long_list_is_one_moment_however_records_move() {
    on_each(|world| {
        let name = |number: usize| format!("Room {number:04}");
        let system = world.system();
        let all: Vec<_> = (0..MANY)
            .map(|number| create(&system, "location", json!({ "name": name(number) })).unwrap())
            .collect();
        let question = Question {
            record_type: "location".into(),
            sort: Some("name".into()),
            columns: Some("name".into()),
            ..Question::default()
        };
        let mut seen = Vec::new();
        let rename = |number: usize, name: &str| {
            let made = &all[number];
            let (record_type, key, id) = (made.record_type.clone(), made.key, made.id);
            let known = crate::world::Known { record_type, key, id };
            world.edit(&known, json!({ "name": name }));
        };
        system
            .list_all(&question, &mut |rows| {
                if seen.is_empty() {
                    // One goes from the end to the beginning, one the other way.
                    rename(MANY - 1, "Aisle");
                    rename(0, "Zone");
                    create(&world.system(), "location", json!({ "name": "Yard" })).unwrap();
                }
                seen.extend(rows.iter().map(|row| row["name"].as_str().unwrap().to_string()));
                ControlFlow::Continue(())
            })
            .unwrap();
        assert_eq!(seen, (0..MANY).map(name).collect::<Vec<_>>());
    });
}
