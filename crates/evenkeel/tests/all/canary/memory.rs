//! All records of a world in memory, and what a person may read of them, worked out record by
//! record: what the answers of the engine, which come from statements, are compared with.

use super::plant::{Place, Planted};
use crate::world::{MODEL, World};
use engine::rights::{Deed, Rights, TypeRights};
use engine::{Question, Session};
use model::definition::{FieldKind, RecordType};
use model::expression::{Facts, LinkEnd};
use model::{Key, Name, Value};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::core::link::{self, End};
use store::record::{self, Stored};

pub struct Row {
    pub definition: Arc<RecordType>,
    pub stored: Stored,
}

/// Every record, and every link as (name, from, to).
pub struct Memory {
    pub rows: BTreeMap<Key, Row>,
    links: Vec<(String, Key, Key)>,
}

impl Memory {
    pub fn of(world: &World, also: &[Key]) -> Memory {
        let catalogue = world.engine.catalogue();
        let snapshot = world.engine.database().snapshot().unwrap();
        let mut rows = BTreeMap::new();
        for root in MODEL.record_types.values().filter(|t| t.name == *t.root()) {
            let mut keys = listed(world, root);
            keys.extend(also);
            let table = catalogue.table(root).unwrap();
            for stored in record::load(&snapshot, table, &keys).unwrap() {
                let definition = world.definition(&stored.fixed.record_type);
                rows.insert(stored.fixed.key, Row { definition, stored });
            }
        }
        let keys: Vec<Key> = rows.keys().copied().collect();
        let mut links = Vec::new();
        for declared in MODEL.record_types.values().flat_map(|t| t.links.values()) {
            let name = format!("{}.{}", declared.declared_by, declared.name);
            let found = link::current(&snapshot, &name, End::From, &keys).unwrap();
            links.extend(found.into_iter().map(|l| (name.clone(), l.from, l.to)));
        }
        links.sort();
        links.dedup();
        Memory { rows, links }
    }

    /// The far ends of a link, for everybody.
    pub fn ends(&self, end: &LinkEnd, key: Key) -> Vec<Key> {
        let name = format!("{}.{}", end.from, end.link);
        let near =
            |l: &&(String, Key, Key)| l.0 == name && key == if end.inverse { l.2 } else { l.1 };
        self.links.iter().filter(near).map(|l| if end.inverse { l.1 } else { l.2 }).collect()
    }

    pub fn field(&self, key: Key, field: &str) -> Value {
        self.rows.get(&key).map_or(Value::Unset, |row| row.field(field))
    }
}

fn listed(world: &World, root: &RecordType) -> Vec<Key> {
    let question = Question {
        record_type: root.name.to_string(),
        columns: Some("version".into()),
        limit: Some(1000),
        ..Question::default()
    };
    let page = world.system().list(&question).unwrap();
    assert!(page.next.is_none(), "more than a page of {}", root.name);
    let key = |id: &str| world.system().target(&root.name, id).unwrap().1;
    page.records.iter().map(|record| key(record["id"].as_str().unwrap())).collect()
}

impl Row {
    pub fn field(&self, name: &str) -> Value {
        let fixed = &self.stored.fixed;
        let key = |key: Option<Key>| key.map_or(Value::Unset, Value::Reference);
        match name {
            "number" => fixed.number.map_or(Value::Unset, Value::Integer),
            "state" => fixed.state.as_ref().map_or(Value::Unset, |state| Value::text(state)),
            "version" => Value::Integer(fixed.version),
            "created_at" => Value::Instant(fixed.created_at),
            "changed_at" => Value::Instant(fixed.changed_at),
            "created_by" => key(fixed.created_by),
            "changed_by" => key(fixed.changed_by),
            "type" => Value::text(&fixed.record_type),
            own => {
                let found = self.stored.values.iter().find(|(field, _)| *field == *own);
                found.map_or(Value::Unset, |(_, value)| value.clone())
            }
        }
    }
}

/// What one person may read, by the definitions of the product, whatever the engine was given.
pub struct Eyes<'a> {
    pub memory: &'a Memory,
    pub session: &'a Session,
    rights: Rights,
}

impl<'a> Eyes<'a> {
    pub fn of(memory: &'a Memory, session: &'a Session) -> Eyes<'a> {
        Eyes { memory, session, rights: Rights::of(&MODEL, &session.actor().roles) }
    }

    fn judged(&self, key: Key) -> Option<(&TypeRights, Around<'_>)> {
        let row = self.memory.rows.get(&key)?;
        let rights = self.rights.on(&row.definition.name)?;
        Some((rights, Around { row, memory: self.memory, session: self.session }))
    }

    fn may(&self, deed: Deed, key: Key) -> bool {
        let withdrawn = |key| self.memory.rows[&key].stored.fixed.withdrawn_at.is_some();
        self.would(deed, key) && !withdrawn(key)
    }

    fn would(&self, deed: Deed, key: Key) -> bool {
        self.judged(key).is_some_and(|(rights, around)| rights.may(deed, &around))
    }

    /// Whether a link to the record counts; those of a withdrawn one have ended.
    pub fn counts(&self, key: Key) -> bool {
        self.would(Deed::Read, key)
    }

    pub fn reads(&self, key: Key) -> bool {
        self.may(Deed::Read, key)
    }

    pub fn sees(&self, key: Key, field: &str) -> bool {
        let judged = self.judged(key);
        self.reads(key) && judged.is_some_and(|(rights, around)| rights.sees(field, &around))
    }

    /// Whether the person may ever be told. That a record is withdrawn takes it out of lists; it
    /// stands in lists of the past.
    pub fn may_know(&self, planted: &Planted) -> bool {
        let key = planted.key;
        let deed = if planted.place == Place::Internal { Deed::Internal } else { Deed::Read };
        let shown = |field: &Name| {
            self.judged(key).is_some_and(|(rights, around)| rights.sees(field, &around))
        };
        let in_sight = match &planted.place {
            Place::Field(field) => shown(field),
            _ => true,
        };
        in_sight && self.would(Deed::Read, key) && self.would(deed, key)
    }

    /// Whether some answer must tell it.
    pub fn must_be_told(&self, planted: &Planted) -> bool {
        self.reads(planted.key) && self.may_know(planted)
    }

    /// A field as it is shown: unset where it is hidden or names what may not be read.
    pub fn value(&self, key: Key, field: &str) -> Value {
        if !self.sees(key, field) {
            return Value::Unset;
        }
        match self.memory.field(key, field) {
            Value::Reference(to) if !self.reads(to) => Value::Unset,
            value => value,
        }
    }

    /// The records of a type and of those that extend it that may be read.
    pub fn readable(&self, record_type: &str) -> Vec<Key> {
        let rows = self.memory.rows.iter().filter(|(_, row)| row.definition.is_a(record_type));
        rows.map(|(key, _)| *key).filter(|key| self.reads(*key)).collect()
    }

    /// Whether a reference field leads to this type.
    pub fn target(definition: &RecordType, field: &str) -> Option<Name> {
        match &definition.fields.get(field)?.kind {
            FieldKind::Reference { to } => Some(to.clone()),
            _ => None,
        }
    }
}

/// One record with everything around it, with whole sight.
struct Around<'a> {
    row: &'a Row,
    memory: &'a Memory,
    session: &'a Session,
}

impl Around<'_> {
    fn key(&self) -> Key {
        self.row.stored.fixed.key
    }
}

impl Facts for Around<'_> {
    fn field(&self, field: &Name) -> Value {
        self.row.field(field)
    }

    fn step(&self, reference: &Name, _to: &Name, field: &Name) -> Value {
        let to = self.row.field(reference).as_key();
        to.map_or(Value::Unset, |to| self.memory.field(to, field))
    }

    fn step_link(&self, reference: &Name, end: &LinkEnd) -> Vec<Key> {
        let to = self.row.field(reference).as_key();
        to.map_or(Vec::new(), |to| self.memory.ends(end, to))
    }

    fn linked(&self, end: &LinkEnd) -> Vec<Key> {
        self.memory.ends(end, self.key())
    }

    fn count(&self, end: &LinkEnd) -> i64 {
        self.linked(end).len() as i64
    }

    fn linked_field(&self, end: &LinkEnd, field: &Name) -> Vec<Value> {
        self.linked(end).into_iter().map(|key| self.memory.field(key, field)).collect()
    }

    fn linked_link(&self, end: &LinkEnd, next: &LinkEnd) -> Vec<Key> {
        self.linked(end).into_iter().flat_map(|key| self.memory.ends(next, key)).collect()
    }

    fn my_part(&self, part: &Name) -> Value {
        self.session.actor().part(part)
    }

    fn me(&self) -> Option<Key> {
        self.session.actor().person
    }

    fn now(&self) -> i64 {
        self.session.now()
    }

    /// No right compares a day.
    fn today(&self) -> i32 {
        0
    }

    fn parameter(&self, _parameter: &Name) -> Value {
        Value::Unset
    }

    fn matrix(&self, matrix: &Name, _row: &str, _column: &str) -> Value {
        panic!("a right asks the matrix {matrix}")
    }
}
