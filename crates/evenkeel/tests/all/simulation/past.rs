//! What stood at an instant, remembered then and read again later: one by one and as lists.

use crate::world::{Known, MODEL, World};
use engine::{Question, Session};
use serde_json::{Map, Value as Json};
use std::collections::{BTreeMap, BTreeSet};

/// Records as they were read at an instant, and the ids of each list.
pub struct Moment {
    at: i64,
    read: BTreeMap<usize, (Known, Json)>,
    listed: BTreeMap<String, BTreeSet<String>>,
}

pub fn remember(world: &World, records: &[Known]) -> Moment {
    let session = world.system();
    let read = records.iter().enumerate().map(|(place, known)| {
        let seen = session.read(&known.record_type, &known.id.to_string(), None).unwrap();
        (place, (known.clone(), plain(Json::Object(seen.json))))
    });
    let read = read.collect();
    Moment { at: world.engine.now(), read, listed: lists(&session, None) }
}

pub fn is_as_remembered(world: &World, moments: &[Moment]) {
    assert!(!moments.is_empty());
    let session = world.system();
    for moment in moments {
        for (known, then) in moment.read.values() {
            let id = known.id.to_string();
            let seen = session.read(&known.record_type, &id, Some(moment.at)).unwrap();
            assert_eq!(&plain(Json::Object(seen.json)), then, "{known:?} as of {}", moment.at);
        }
        assert_eq!(lists(&session, Some(moment.at)), moment.listed, "as of {}", moment.at);
    }
}

fn lists(session: &Session, as_of: Option<i64>) -> BTreeMap<String, BTreeSet<String>> {
    let mut all = BTreeMap::new();
    for record_type in MODEL.record_types.keys() {
        let question = Question {
            record_type: record_type.to_string(),
            columns: Some("state".into()),
            limit: Some(1000),
            as_of,
            ..Question::default()
        };
        let page = session.list(&question).unwrap();
        assert!(page.next.is_none(), "more {record_type} than are compared");
        let row =
            |row: &Map<String, Json>| format!("{} {} {}", row["id"], row["version"], row["state"]);
        all.insert(record_type.to_string(), page.records.iter().map(row).collect());
    }
    all
}

/// Other records are named as they are called now, so only their ids can be compared.
fn plain(json: Json) -> Json {
    match json {
        Json::Object(object) if object.len() == 4 && object.contains_key("title") => {
            object["id"].clone()
        }
        Json::Object(object) => {
            object.into_iter().map(|(name, value)| (name, plain(value))).collect()
        }
        Json::Array(all) => all.into_iter().map(plain).collect(),
        other => other,
    }
}
