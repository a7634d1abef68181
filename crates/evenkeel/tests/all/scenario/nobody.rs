//! The steps that nobody does: clocks, histories, the past, evidence, the ledger.

use super::play::Play;

use super::shown;
use super::value::local;
use engine::sealer::Sealer;
use model::definition::{Claim, RecordType};
use serde_json::Value as Json;
use std::sync::Arc;

impl Play<'_> {
    /// `show clock NAME`.
    pub(super) fn clock(&mut self, name: &str) -> String {
        let Some(clock) = self.player().clock(&self.last(), name) else {
            return "not started".into();
        };
        let used = |clock: &Json| match clock["used_percent"].as_i64() {
            Some(percent) => format!(", {percent} % used"),
            None => String::new(),
        };
        let stopped = clock["phase"] == "stopped";
        match clock["standing"].as_str().unwrap() {
            "met" => "met".into(),
            "breached" if stopped => "missed".into(),
            "breached" => "breached".into(),
            "paused" => format!("paused{}", used(&clock)),
            _ => match clock["due_at"].as_i64() {
                Some(due) => format!("due {}{}", shown::moment(self, due), used(&clock)),
                None => "nothing due".into(),
            },
        }
    }

    /// `as of 2026-03-06 16:00: RECORD`, the fields being those that the outcome names.
    pub(super) fn as_of(&mut self, text: &str, wanted: &str) -> String {
        let (instant, record) = text.rsplit_once(": ").unwrap();
        let at = local(instant.trim(), &self.zone).unwrap();
        let known = self.record(record.trim());
        let definition = self.world.definition(&known.record_type);
        let Ok(seen) = self.player().read(None, &known, Some(at)) else { return "not yet".into() };
        let asked = wanted.split(", ").map(|part| part.split(" = ").next().unwrap());
        let asked = asked.map(|name| if name == "not yet" { "state" } else { name });
        let each = asked.map(|name| {
            format!("{name} = {}", shown::field(self, &definition, name, &seen.json[name]))
        });
        each.collect::<Vec<_>>().join(", ")
    }

    /// `history RECORD`: all entries, without those from before the steps.
    pub(super) fn whole_history(&mut self, record: &str) -> String {
        let known = self.record(record);
        let all = self.player().history(None, &known).unwrap();
        format!("{} entries", all - self.entries_before(&known))
    }

    /// `evidence CLAIM`: of the record type last named, or of whichever has it.
    pub(super) fn evidence(&mut self, name: &str) -> String {
        let (definition, claim) = self.claim(name);
        let count = |filter: String| {
            let question = engine::Question {
                record_type: definition.name.to_string(),
                filter: Some(filter),
                ..Default::default()
            };
            match self.world.system().count(&question) {
                Ok(store::select::Count::Exactly(count)) => count,
                other => panic!("{name}: {other:?}"),
            }
        };
        let (over, holds) = (&claim.over.source, &claim.holds.source);
        let conform = count(format!("({over}) and ({holds})"));
        format!("{conform} of {}", count(over.to_string()))
    }

    fn claim(&self, name: &str) -> (Arc<RecordType>, Claim) {
        let types = || crate::world::MODEL.record_types.values();
        let last = types().find(|t| self.has_last() && t.name == self.last().record_type);
        let has = |t: &&Arc<RecordType>| t.evidence.contains_key(name);
        let found = last.filter(has).or_else(|| types().find(has));
        let found = found.unwrap_or_else(|| panic!("nothing claims {name}"));
        // A claim is inherited: it is made of the whole family.
        let root = crate::world::MODEL.record_type(found.root()).unwrap().clone();
        let of = if root.evidence.contains_key(name) { root } else { found.clone() };
        let claim = of.evidence[name].clone();
        (of, claim)
    }

    /// `audit`: everything is sealed, and the ledger is verified from its entries.
    pub(super) fn audit(&mut self) -> String {
        let engine = &self.world.engine;
        Sealer::new(engine, "audit").drain().unwrap();
        let (entries, chain) = crate::world::verify(engine);
        let since = entries - self.entries_at_begin();
        format!("{since} entries, chain {}", if chain { "holds" } else { "is broken" })
    }
}
