//! What is exported is one moment: what is written while it is read neither doubles a record nor
//! leaves one out, and of everything each part fits the others.

use crate::world::{Known, World, create, on_each};
use engine::Question;
use engine::attachments::Upload;
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};

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

/// Files in memory, by name.
#[derive(Clone, Default)]
struct Files(Arc<Mutex<BTreeMap<String, Vec<u8>>>>);

struct Open(Files, String);

impl Write for Open {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.0.lock().unwrap().entry(self.1.clone()).or_default().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Files {
    fn bytes(&self, name: &str) -> Vec<u8> {
        self.0.lock().unwrap().get(name).cloned().unwrap_or_default()
    }

    fn lines(&self, name: &str) -> Vec<Json> {
        let text = String::from_utf8(self.bytes(name)).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

fn attach(world: &World, known: &Known, name: &str, content: &[u8]) {
    let upload = Upload {
        name,
        media_type: "text/plain",
        internal: false,
        content: &mut &content[..],
        most: 10_000_000,
        idempotency: None,
    };
    world.system().attach(&known.record_type, &known.id.to_string(), upload).unwrap();
}

/// While the first file is opened somebody renames a room, adds one, and takes a file off another.
#[test]
fn everything_is_one_moment_with_the_files_of_records() {
    on_each(|world| {
        // Longer than is read at once.
        let long: Vec<u8> = (0..2_500_000_u32).map(|n| (n % 251) as u8).collect();
        for (title, content) in [("Hall", &b"plan"[..]), ("Roof", &long), ("Yard", b"plan")] {
            world.given("location", title);
            attach(world, &world.known(title).unwrap(), "../plan of it.txt", content);
        }
        let files = Files::default();
        let mut first = true;
        let mut open = |name: &str| -> io::Result<Box<dyn Write + Send>> {
            if std::mem::take(&mut first) {
                world.edit(&world.known("Hall").unwrap(), json!({ "name": "Aisle" }));
                world.given("location", "Zone");
                attach(world, &world.known("Zone").unwrap(), "new.txt", b"new");
                let sha256 = hex::encode(Sha256::digest(b"plan"));
                world.act(&world.known("Yard").unwrap(), engine::Command::Detach { sha256 });
            }
            Ok(Box::new(Open(files.clone(), name.to_string())))
        };
        let done = world.system().export_everything(&mut open).unwrap();
        let named = |lines: Vec<Json>| -> Vec<String> {
            lines.iter().map(|line| line["name"].as_str().unwrap().to_string()).collect()
        };
        assert_eq!(named(files.lines("location.jsonl")), ["Hall", "Roof", "Yard"]);
        let history = files.lines("history.jsonl");
        assert_eq!(history.len(), done.entries);
        let of_rooms = history.iter().filter(|entry| entry["type"] == "location");
        assert_eq!(of_rooms.count(), 6, "each was made, and got a file");
        let attached = files.lines("attachments.jsonl");
        assert_eq!(named(attached.clone()), ["plan of it.txt"; 3]);
        assert_eq!((attached.len(), done.contents), (3, 2), "a content stands there once");
        for file in &attached {
            let sha256 = file["sha256"].as_str().unwrap();
            let content = files.bytes(&format!("attachments/{sha256}"));
            assert_eq!(hex::encode(Sha256::digest(&content)), sha256);
            assert_eq!(file["bytes"], content.len());
        }
        let manifest: Json = serde_json::from_slice(&files.bytes("manifest.json")).unwrap();
        assert_eq!(manifest["attachments"], 2);
        for (name, told) in manifest["files"].as_object().unwrap() {
            let content = files.bytes(name);
            assert_eq!(told["sha256"], hex::encode(Sha256::digest(&content)), "{name}");
            let lines = content.iter().filter(|byte| **byte == b'\n').count();
            assert_eq!((&told["lines"], &told["bytes"]), (&json!(lines), &json!(content.len())));
        }
        let whole = manifest["files"].as_object().unwrap().len() + 2 + 1;
        assert_eq!(files.0.lock().unwrap().len(), whole, "nothing is there beside");
    });
}

/// What was withdrawn is part of the record: told apart, counted, with who did it and why.
#[test]
fn what_is_withdrawn_is_exported_apart_and_counted() {
    on_each(|world| {
        for title in ["Hall", "Roof"] {
            world.given("location", title);
        }
        let roof = world.known("Roof").unwrap();
        attach(world, &roof, "plan.txt", b"plan");
        world.act(&roof, engine::Command::Withdraw { note: Some("Torn down".into()) });
        let files = Files::default();
        let done = world.system().export_everything(&mut |name: &str| {
            Ok(Box::new(Open(files.clone(), name.to_string())))
        });
        let done = done.unwrap();
        let standing = files.lines("location.jsonl");
        assert_eq!((standing.len(), &standing[0]["name"]), (1, &json!("Hall")));
        let withdrawn = files.lines("withdrawn.jsonl");
        assert_eq!((withdrawn.len(), done.withdrawn), (1, 1));
        let told = (&withdrawn[0]["name"], &withdrawn[0]["type"], &withdrawn[0]["id"]);
        assert_eq!(told, (&json!("Roof"), &json!("location"), &json!(roof.id)));
        assert!(withdrawn[0]["withdrawn_at"].is_string(), "{}", withdrawn[0]);
        let history = files.lines("history.jsonl");
        let of_roof = history.iter().filter(|entry| entry["record"] == json!(roof.id));
        let kinds: Vec<&Json> = of_roof.map(|entry| &entry["kind"]).collect();
        assert_eq!(kinds, ["withdraw", "attach", "create"]);
        assert!(history.iter().any(|entry| entry["note"] == "Torn down"));
        assert_eq!(files.lines("attachments.jsonl")[0]["record"], json!(roof.id));
        let manifest: Json = serde_json::from_slice(&files.bytes("manifest.json")).unwrap();
        assert_eq!(manifest["withdrawn"], json!({ "location": 1 }));
        // Names of these files are no names for record types.
        let catalogue = world.engine.catalogue();
        let names = manifest["files"].as_object().unwrap().keys();
        let names = names.map(|name| name.strip_suffix(".jsonl").unwrap());
        let beside: Vec<&str> =
            names.filter(|name| catalogue.record_type(name).is_none()).collect();
        assert_eq!(beside, model::grammar::EXPORTED);
    });
}
