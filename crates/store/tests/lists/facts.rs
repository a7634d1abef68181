//! The world as facts of one record: what the engine would fetch before it decides in memory.

use crate::world::{MODEL, Thing, World};
use model::expression::{Facts, LinkEnd};
use model::{Key, Name, Value};
use store::sql::Asker;

pub struct Of<'a> {
    pub world: &'a World,
    pub thing: &'a Thing,
    pub asker: &'a Asker,
}

pub fn value(thing: &Thing, field: &str) -> Value {
    match field {
        "number" => Value::Integer(thing.number),
        "version" => Value::Integer(thing.version),
        "type" => Value::text(&thing.record_type),
        "state" => thing.state.as_ref().map_or(Value::Unset, |state| Value::text(state)),
        "created_at" | "changed_at" => Value::Instant(thing.created_at),
        "created_by" | "changed_by" => thing.created_by.map_or(Value::Unset, Value::Reference),
        field => thing.values.get(field).cloned().unwrap_or_default(),
    }
}

impl Of<'_> {
    fn referred(&self, reference: &Name) -> Option<&Thing> {
        self.world.things.get(&value(self.thing, reference).as_key()?)
    }

    fn ends(&self, key: Key, end: &LinkEnd) -> Vec<Key> {
        self.world.far(&format!("{}.{}", end.from, end.link), end.inverse, key)
    }
}

impl Facts for Of<'_> {
    fn field(&self, field: &Name) -> Value {
        value(self.thing, field)
    }

    fn step(&self, reference: &Name, _to: &Name, field: &Name) -> Value {
        self.referred(reference).map_or(Value::Unset, |thing| value(thing, field))
    }

    fn step_link(&self, reference: &Name, end: &LinkEnd) -> Vec<Key> {
        self.referred(reference).map_or(Vec::new(), |thing| self.ends(thing.key, end))
    }

    fn linked(&self, end: &LinkEnd) -> Vec<Key> {
        self.ends(self.thing.key, end)
    }

    fn count(&self, end: &LinkEnd) -> i64 {
        self.linked(end).len() as i64
    }

    fn linked_field(&self, end: &LinkEnd, field: &Name) -> Vec<Value> {
        self.linked(end).iter().map(|key| value(&self.world.things[key], field)).collect()
    }

    fn linked_link(&self, end: &LinkEnd, next: &LinkEnd) -> Vec<Key> {
        self.linked(end).into_iter().flat_map(|key| self.ends(key, next)).collect()
    }

    fn my_part(&self, part: &Name) -> Value {
        self.asker.parts.get(part).cloned().unwrap_or_default()
    }

    fn me(&self) -> Option<Key> {
        self.asker.me
    }

    fn now(&self) -> i64 {
        self.asker.now
    }

    fn today(&self) -> i32 {
        self.asker.today
    }

    fn parameter(&self, parameter: &Name) -> Value {
        self.asker.parameters.get(parameter).cloned().unwrap_or_default()
    }

    fn matrix(&self, matrix: &Name, row: &str, column: &str) -> Value {
        let of = MODEL.record_type("ticket").unwrap();
        let matrix = &of.matrices[matrix];
        let place = |choice: &str| ["low", "medium", "high"].iter().position(|c| *c == choice);
        match (place(row), place(column)) {
            (Some(row), Some(column)) => Value::text(&matrix.cells[row][column]),
            _ => Value::Unset,
        }
    }
}
