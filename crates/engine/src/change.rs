//! A change: all that one decided command does to one record, before it becomes statements.

use crate::record::Record;
use model::value::Attachment;
use model::{Key, Name, Value};

/// What will be written, as one unit.
#[derive(Debug, Clone)]
pub struct Change {
    /// The version the decision was made on; none for a new record.
    pub before: Option<Record>,
    pub after: Record,
    pub kind: &'static str,
    pub transition: Option<Name>,
    /// When it happened (recorded is when it is written).
    pub at: i64,
    /// Seen only by those who may read internal notes.
    pub internal: bool,
    /// What the entry tells beside changed fields (`note`, `comment`, `approval`, a link's far
    /// end): name, old, new.
    pub told: Vec<(String, Value, Value)>,
    pub links: Vec<LinkChange>,
    pub votes: Vec<Vote>,
    pub files: Vec<FileChange>,
    /// What two changes must not promise at once; each bumps a row of its own.
    pub guards: Vec<String>,
}

/// A link that begins or ends. `name` is `TYPE.LINK` of the declaring type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkChange {
    pub name: String,
    pub from: Key,
    pub to: Key,
    pub begins: bool,
}

/// One person's decision on an approval, bound to what they saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vote {
    pub approval: Name,
    pub person: Key,
    /// The person who was away and for whom it was given; or to whom it was delegated.
    pub other: Option<Key>,
    pub decision: Decision,
    pub digest: [u8; 32],
    pub note: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    Approved,
    Rejected,
    Delegated,
}

impl Decision {
    pub fn as_str(self) -> &'static str {
        match self {
            Decision::Approved => "approved",
            Decision::Rejected => "rejected",
            Decision::Delegated => "delegated",
        }
    }

    pub fn parse(text: &str) -> Option<Decision> {
        [Decision::Approved, Decision::Rejected, Decision::Delegated]
            .into_iter()
            .find(|decision| decision.as_str() == text)
    }
}

#[derive(Debug, Clone, PartialEq)]
pub enum FileChange {
    Added { file: Attachment, internal: bool },
    Removed { sha256: String, internal: bool },
}

/// Begins the name of what an entry tells beside fields and links, so that it is never mistaken for
/// one of them: `#note` is the note of a step, `note` a field.
pub const BESIDE: char = '#';

impl Change {
    /// A change that begins with nothing changed.
    pub fn of(before: &Record, kind: &'static str, at: i64) -> Change {
        Change {
            before: Some(before.clone()),
            after: before.clone(),
            kind,
            transition: None,
            at,
            internal: false,
            told: Vec::new(),
            links: Vec::new(),
            votes: Vec::new(),
            files: Vec::new(),
            guards: Vec::new(),
        }
    }

    /// Tells something in the entry that is neither a field nor a link of the record.
    pub fn tell(&mut self, name: &str, new: Value) {
        self.tell_both(name, Value::Unset, new);
    }

    /// The same, with what stood before.
    pub fn tell_both(&mut self, name: &str, old: Value, new: Value) {
        if old.is_set() || new.is_set() {
            self.told.push((format!("{BESIDE}{name}"), old, new));
        }
    }

    /// The fields that differ, with old and new value, by name; `state` among them.
    pub fn differences(&self) -> Vec<(Name, Value, Value)> {
        let old = |name: &Name| self.before.as_ref().map_or(Value::Unset, |r| r.field(name));
        let own = self.after.values.keys();
        let gone = self.before.iter().flat_map(|record| record.values.keys());
        let mut names: Vec<Name> = own.chain(gone).cloned().collect();
        names.extend(Name::new("state"));
        names.sort();
        names.dedup();
        names
            .into_iter()
            .map(|name| (old(&name), self.after.field(&name), name))
            .filter(|(old, new, _)| old != new)
            .map(|(old, new, name)| (name, old, new))
            .collect()
    }

    /// Whether the record's own row changes (a comment or vote leaves it alone).
    pub fn touches_row(&self) -> bool {
        self.before.as_ref().is_none_or(|before| {
            before.values != self.after.values
                || before.state != self.after.state
                || before.withdrawn_at != self.after.withdrawn_at
        })
    }
}
