//! Stale edits. Refused only where a field that is edited was changed since the version the edit
//! was based on; comments, links and approvals stale nobody's edit.

use super::{Job, Order};
use crate::command::Command;
use crate::field;
use crate::names::Cards;
use crate::record::Record;
use crate::refusal::{Refusal, Result, StaleField};
use model::{Name, Value};
use std::collections::HashMap;
use store::core::history;

/// How many of the latest entries are looked at; an edit based on an older version is compared by
/// these alone.
const LOOKED_AT: usize = 500;

impl Job<'_> {
    /// # Errors
    /// `Stale` with both values of each field that was edited on both sides.
    pub(super) fn refuse_stale(&self, order: &Order, before: &Record) -> Result<()> {
        let values = match &order.command {
            Command::Edit { values } | Command::Transition { values, .. } => values,
            _ => return Ok(()),
        };
        let Some(base) = order.base.filter(|base| *base < before.version) else { return Ok(()) };
        let changed = self.changed_since(before, base)?;
        let clash = |(name, value): &&(Name, Value)| {
            changed.contains_key(&**name) && before.field(name) != *value
        };
        let clashing: Vec<&(Name, Value)> = values.iter().filter(clash).collect();
        if clashing.is_empty() {
            return Ok(());
        }
        let cards = Cards::new(self.session, self.reader);
        let theirs: Vec<Value> = clashing.iter().map(|(name, _)| before.field(name)).collect();
        cards.fetch_of(clashing.iter().map(|(_, value)| value).chain(&theirs))?;
        let stale = clashing.iter().zip(&theirs).filter_map(|((name, mine), theirs)| {
            let field = self.definition.fields.get(name)?;
            Some(StaleField {
                field: name.clone(),
                label: field.label.clone(),
                mine: field::show(&field.kind, mine, &cards),
                theirs: field::show(&field.kind, theirs, &cards),
                changed_by: changed.get(name.as_str()).cloned().unwrap_or_default(),
            })
        });
        Err(Refusal::Stale(stale.collect()).into())
    }

    /// The fields that entries after a version changed, with who changed them last.
    fn changed_since(&self, before: &Record, base: i64) -> Result<HashMap<String, String>> {
        let mut changed = HashMap::new();
        let all = history::Wanted::default();
        let latest = history::of_record(self.reader.snapshot, before.key, true, all, LOOKED_AT)?;
        let since = latest.iter().filter(|entry| entry.version > base);
        // Oldest first, so that the last to change a field is the one named.
        for entry in since.rev() {
            let Ok(body) = ledger::Body::from_bytes(&entry.body) else { continue };
            for field in body.fields() {
                changed.insert(field.name().to_string(), entry.actor.to_string());
            }
        }
        Ok(changed)
    }
}
