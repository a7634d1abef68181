//! The world as facts of one record: what the engine would fetch before it decides in memory; and
//! as much of it as one reader may see.

use crate::world::{MODEL, Thing, World};
use model::expression::{Expression, Facts, LinkEnd, Node};
use model::{Key, Name, Value};
use store::sql::{Asker, Right, Sight};

/// One record as somebody sees it.
pub struct Of<'a> {
    pub world: &'a World,
    pub thing: &'a Thing,
    pub asker: &'a Asker,
    /// None sees everything.
    pub sight: Option<&'a dyn Sight>,
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

impl<'a> Of<'a> {
    fn other(&self, key: Key) -> Of<'a> {
        Of { thing: &self.world.things[&key], ..*self }
    }

    pub fn holds(&self, node: &Node) -> bool {
        let kind = model::expression::Kind::YesNo;
        Expression { source: "".into(), node: node.clone(), kind }.holds(self)
    }

    fn within(&self, right: Right) -> bool {
        match right {
            Right::All => true,
            Right::Never => false,
            Right::Where(node) => Of { sight: None, ..*self }.holds(&node),
        }
    }

    pub fn readable(&self) -> bool {
        self.sight.is_none_or(|sight| self.within(sight.read(&self.thing.record_type)))
    }

    pub fn shown(&self, field: &str) -> bool {
        let built_in = model::definition::BUILT_IN.contains(&field);
        let right = |sight: &dyn Sight| sight.field(&self.thing.record_type, field);
        built_in || self.sight.is_none_or(|sight| self.within(right(sight)))
    }

    pub fn seen(&self, field: &str) -> Value {
        if self.shown(field) { value(self.thing, field) } else { Value::Unset }
    }

    /// As an expression reads it: a reference to what may not be read is unset.
    fn read(&self, field: &str) -> Value {
        match self.seen(field) {
            Value::Reference(key) if !self.other(key).readable() => Value::Unset,
            seen => seen,
        }
    }

    fn referred(&self, reference: &Name) -> Option<Of<'a>> {
        let other = self.other(self.seen(reference).as_key()?);
        other.readable().then_some(other)
    }

    fn ends(&self, end: &LinkEnd) -> Vec<Of<'a>> {
        let far =
            self.world.far(&format!("{}.{}", end.from, end.link), end.inverse, self.thing.key);
        let far = far.into_iter().map(|key| self.other(key)).filter(Of::readable);
        if end.inverse {
            return far.filter(|other| other.shown(&end.link)).collect();
        }
        if self.shown(&end.link) { far.collect() } else { Vec::new() }
    }
}

fn keys(ends: Vec<Of>) -> Vec<Key> {
    ends.iter().map(|of| of.thing.key).collect()
}

impl Facts for Of<'_> {
    fn field(&self, field: &Name) -> Value {
        self.read(field)
    }

    fn step(&self, reference: &Name, _to: &Name, field: &Name) -> Value {
        self.referred(reference).map_or(Value::Unset, |other| other.read(field))
    }

    fn step_link(&self, reference: &Name, end: &LinkEnd) -> Vec<Key> {
        self.referred(reference).map_or(Vec::new(), |other| keys(other.ends(end)))
    }

    fn linked(&self, end: &LinkEnd) -> Vec<Key> {
        keys(self.ends(end))
    }

    fn count(&self, end: &LinkEnd) -> i64 {
        self.ends(end).len() as i64
    }

    fn linked_field(&self, end: &LinkEnd, field: &Name) -> Vec<Value> {
        self.ends(end).iter().map(|other| other.read(field)).collect()
    }

    fn linked_link(&self, end: &LinkEnd, next: &LinkEnd) -> Vec<Key> {
        self.ends(end).iter().flat_map(|other| keys(other.ends(next))).collect()
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
