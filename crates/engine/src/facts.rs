//! Facts: what expressions are evaluated on, fetched from one snapshot before anything is decided.
//! Always with whole sight: rules, clocks and rights see everything; what a person may see of the
//! answer is decided elsewhere.

use crate::actor::Actor;
use crate::record::Record;
use model::definition::RecordType;
use model::expression::{Facts, LinkEnd, matrix_cell};
use model::{Key, Name, Value};
use std::collections::HashMap;

/// The answers fetched for one record: everything its expressions read that is not its own field.
#[derive(Debug, Clone, Default)]
pub struct Known {
    pub steps: HashMap<(Name, Name), Value>,
    pub step_links: HashMap<(Name, LinkEnd), Vec<Key>>,
    pub links: HashMap<LinkEnd, Vec<Key>>,
    pub linked_fields: HashMap<(LinkEnd, Name), Vec<Value>>,
    pub linked_links: HashMap<(LinkEnd, LinkEnd), Vec<Key>>,
}

/// One record, what is known around it, who asks and when.
pub struct View<'a> {
    pub definition: &'a RecordType,
    pub record: &'a Record,
    pub known: &'a Known,
    pub actor: &'a Actor,
    pub now: i64,
    pub today: i32,
}

impl Facts for View<'_> {
    fn field(&self, field: &Name) -> Value {
        self.record.field(field)
    }

    fn step(&self, reference: &Name, _to: &Name, field: &Name) -> Value {
        self.known.steps.get(&(reference.clone(), field.clone())).cloned().unwrap_or_default()
    }

    fn step_link(&self, reference: &Name, end: &LinkEnd) -> Vec<Key> {
        let asked = (reference.clone(), end.clone());
        self.known.step_links.get(&asked).cloned().unwrap_or_default()
    }

    fn linked(&self, end: &LinkEnd) -> Vec<Key> {
        self.known.links.get(end).cloned().unwrap_or_default()
    }

    fn count(&self, end: &LinkEnd) -> i64 {
        self.known.links.get(end).map_or(0, |keys| keys.len() as i64)
    }

    fn linked_field(&self, end: &LinkEnd, field: &Name) -> Vec<Value> {
        let asked = (end.clone(), field.clone());
        self.known.linked_fields.get(&asked).cloned().unwrap_or_default()
    }

    fn linked_link(&self, end: &LinkEnd, next: &LinkEnd) -> Vec<Key> {
        let asked = (end.clone(), next.clone());
        self.known.linked_links.get(&asked).cloned().unwrap_or_default()
    }

    fn my_part(&self, part: &Name) -> Value {
        self.actor.part(part)
    }

    fn me(&self) -> Option<Key> {
        self.actor.person
    }

    fn now(&self) -> i64 {
        self.now
    }

    fn today(&self) -> i32 {
        self.today
    }

    fn parameter(&self, _parameter: &Name) -> Value {
        Value::Unset
    }

    fn matrix(&self, matrix: &Name, row: &str, column: &str) -> Value {
        matrix_cell(self.definition, matrix, row, column)
    }
}
