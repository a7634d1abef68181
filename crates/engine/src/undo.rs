//! Taking back what was just done, as far as that is one more act like any other: an edit is
//! edited back. Nothing is taken out of history.

use crate::canonical;
use crate::command::Command;
use crate::decide::WATCHER;
use crate::perform::{Order, Written};
use crate::refusal::{Refusal, Result};
use crate::session::Session;
use model::{Name, Value};
use store::core::history;

/// How many of the latest entries are looked at.
const LOOKED_AT: usize = 50;

impl Session {
    /// Puts the fields back that this person's own edit changed, by the version it wrote.
    ///
    /// # Errors
    /// `NotFound` where there is no such edit of theirs, `Stale` where somebody has changed one of
    /// the fields since, or whatever an edit is refused for.
    pub fn undo_edit(&self, record_type: &str, text: &str, version: i64) -> Result<Written> {
        let (definition, key) = self.target(record_type, text)?;
        let database = self.engine.database();
        let latest =
            history::of_record(database, key, true, history::Wanted::default(), LOOKED_AT)?;
        let own = latest.iter().find(|entry| {
            let mine = entry.actor_key.is_some() && entry.actor_key == self.actor.person;
            mine && entry.version == version && &*entry.kind == "edit"
        });
        let missing = || Refusal::NotFound { what: text.to_string() };
        let body = own.and_then(|entry| ledger::Body::from_bytes(&entry.body).ok());
        let mut values: Vec<(Name, Value)> = Vec::new();
        for told in body.ok_or_else(missing)?.fields() {
            let ledger::Field::Open { name, old, .. } = told else { continue };
            let Some(field) = definition.fields.get(name.as_str()) else { continue };
            if field.computed.is_some() || field.set_by_workflow {
                continue;
            }
            let old = old.as_deref().and_then(canonical::value).unwrap_or_default();
            values.push((field.name.clone(), old));
        }
        self.perform(&Order {
            record_type: definition.name.clone(),
            key: Some(key),
            command: Command::Edit { values },
            base: Some(version),
            idempotency: None,
        })
    }

    /// Whether this person watches the record.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn watches(&self, record_type: &str, text: &str) -> Result<bool> {
        let (_, key) = self.target(record_type, text)?;
        let catalogue = self.engine.catalogue();
        let snapshot = self.engine.database().snapshot()?;
        let ends = self.reader(&snapshot, &catalogue).ends(WATCHER, &[key], false, None)?;
        Ok(ends.iter().any(|(_, person)| Some(*person) == self.actor.person))
    }
}
