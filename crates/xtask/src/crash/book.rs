//! The clients' own book of writes. An answer may be yes, no, or never come; what the records hold
//! must agree:
//!
//! | outcome | how often the write is found |
//! | --- | --- |
//! | acknowledged | exactly once |
//! | refused | never |
//! | unknown | once or never |
//!
//! Each write carries a marker that occurs nowhere else, and an idempotency key.

use serde_json::Value;
use std::collections::BTreeMap;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Outcome {
    Acknowledged,
    Refused,
    Unknown,
}

/// What is written: a new record, or a field of one that this client made.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    Create,
    /// The id of the record.
    Edit(String),
}

#[derive(Clone, Debug)]
pub struct Write {
    pub marker: String,
    pub kind: Kind,
    pub body: Value,
    /// The version that an edit was based on.
    pub based_on: Option<String>,
    pub outcome: Outcome,
    /// The id of the record that an acknowledged creation gave.
    pub record: Option<String>,
}

#[derive(Clone, Debug, Default)]
pub struct Book {
    pub writes: Vec<Write>,
}

/// How often each marker was found.
pub type Seen = BTreeMap<String, usize>;

impl Book {
    /// An error that names every write on which book and records differ.
    pub fn judge(&self, seen: &Seen) -> Result<(), String> {
        let wrong: Vec<String> =
            self.writes.iter().filter_map(|write| verdict(write, seen)).collect();
        if wrong.is_empty() {
            return Ok(());
        }
        let first = wrong[..wrong.len().min(10)].join("\n  ");
        Err(format!("{} writes are not as they were answered:\n  {first}", wrong.len()))
    }

    fn count(&self, outcome: Outcome) -> usize {
        self.writes.iter().filter(|write| write.outcome == outcome).count()
    }

    pub fn acknowledged(&self) -> usize {
        self.count(Outcome::Acknowledged)
    }

    pub fn refused(&self) -> usize {
        self.count(Outcome::Refused)
    }

    pub fn unknown(&self) -> usize {
        self.count(Outcome::Unknown)
    }

    /// The records that were made.
    pub fn records(&self) -> impl Iterator<Item = String> {
        let made = self.writes.iter().filter(|write| write.outcome == Outcome::Acknowledged);
        made.filter_map(|write| write.record.clone())
    }

    /// Writes without an answer that took effect all the same.
    pub fn unknown_kept(&self, seen: &Seen) -> usize {
        let unknown = self.writes.iter().filter(|write| write.outcome == Outcome::Unknown);
        unknown.filter(|write| seen.contains_key(&write.marker)).count()
    }
}

fn verdict(write: &Write, seen: &Seen) -> Option<String> {
    let times = seen.get(&write.marker).copied().unwrap_or(0);
    let words = match (write.outcome, times) {
        (Outcome::Acknowledged, 1) | (Outcome::Refused, 0) | (Outcome::Unknown, 0 | 1) => {
            return None;
        }
        (Outcome::Acknowledged, 0) => "LOST: acknowledged and not there".to_string(),
        (Outcome::Refused, _) => format!("refused, and found {times} times"),
        (_, times) => format!("DOUBLED: found {times} times"),
    };
    Some(format!("{} ({:?}): {words}", write.marker, write.kind))
}

#[cfg(test)]
mod tests {
    use super::{Book, Kind, Outcome, Seen, Write};
    use serde_json::Value;

    fn judged(outcome: Outcome, times: usize) -> Result<(), String> {
        let write = Write {
            marker: "m".into(),
            kind: Kind::Create,
            body: Value::Null,
            based_on: None,
            outcome,
            record: None,
        };
        let seen: Seen = (times > 0).then(|| ("m".to_string(), times)).into_iter().collect();
        Book { writes: vec![write] }.judge(&seen)
    }

    /// The table at the top of the file.
    #[test]
    fn what_was_answered_is_what_is_found() {
        use Outcome::{Acknowledged, Refused, Unknown};
        let right = [(Acknowledged, 1), (Refused, 0), (Unknown, 0), (Unknown, 1)];
        let wrong = [(Acknowledged, 0), (Acknowledged, 2), (Refused, 1), (Unknown, 2)];
        assert!(right.iter().all(|(outcome, times)| judged(*outcome, *times).is_ok()));
        assert!(wrong.iter().all(|(outcome, times)| judged(*outcome, *times).is_err()));
        assert!(judged(Acknowledged, 0).unwrap_err().contains("LOST"));
        assert!(judged(Unknown, 2).unwrap_err().contains("DOUBLED"));
    }
}
