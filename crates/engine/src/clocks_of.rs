//! The clocks of a record, explained: each counted and uncounted interval and why.

use crate::clock::{Basis, Explained, Words, explain};
use crate::list::Listed;
use crate::perform::state_of;
use crate::refusal::Result;
use crate::session::Session;
use model::Key;
use model::definition::{FieldKind, RecordType, Targets};
use serde_json::{Map, Value as Json, json};
use std::collections::HashMap;
use store::core::{clock, movement};

impl Session {
    /// The clocks of a record as they stand now, each with its explanation as data and in words.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn clocks(&self, record_type: &str, text: &str) -> Result<Vec<Map<String, Json>>> {
        let (definition, key) = self.target(record_type, text)?;
        let catalogue = self.engine.catalogue();
        let snapshot = self.engine.database().snapshot()?;
        let reader = self.reader(&snapshot, &catalogue);
        let rows = clock::of(&snapshot, &[key])?;
        let states: Vec<(i64, String)> = movement::of(&snapshot, &[key], Some("state"))?
            .into_iter()
            .filter_map(|moved| Some((moved.at, moved.value?.to_string())))
            .collect();
        let mut out = Vec::new();
        for declared in definition.clocks.values() {
            let Some(row) = rows.iter().find(|row| *row.name == *declared.name) else { continue };
            let state = state_of(row)?;
            let calendar = self.engine.service_calendar(&reader, &declared.calendar)?;
            let basis = Basis { calendar: calendar.as_deref(), definition: catalogue.version };
            let explained = explain(&state, basis, self.now, &states);
            let mut shown = Map::new();
            shown.insert("clock".into(), json!(declared.name.as_str()));
            shown.insert("label".into(), json!(declared.label.text(self.language())));
            shown.insert("calendar".into(), json!(declared.calendar));
            let words = self.clock_words(&definition, &declared.target);
            let words = Words {
                language: self.language(),
                zone: &self.actor.zone,
                state: &words.0,
                choice: &words.1,
            };
            shown.insert("text".into(), json!(explained.text(&words)));
            shown.insert("explained".into(), serde_json::to_value(&explained).unwrap_or_default());
            out.push(shown);
        }
        Ok(out)
    }

    /// For each record of a page of a list, the clock that runs or waits and has the least time
    /// left, as it is explained; none where no clock of the record has a target before it.
    ///
    /// # Errors
    /// A failed read.
    pub fn next_breaches(
        &self,
        definition: &RecordType,
        listed: &Listed,
    ) -> Result<HashMap<Key, Explained>> {
        let mut next: HashMap<Key, Explained> = HashMap::new();
        if definition.clocks.is_empty() || listed.keys.is_empty() {
            return Ok(next);
        }
        let catalogue = self.engine.catalogue();
        let snapshot = self.engine.database().snapshot()?;
        let reader = self.reader(&snapshot, &catalogue);
        for row in clock::of(&snapshot, &listed.keys)? {
            let Some(declared) = definition.clocks.get(&*row.name) else { continue };
            let state = state_of(&row)?;
            let calendar = self.engine.service_calendar(&reader, &declared.calendar)?;
            let basis = Basis { calendar: calendar.as_deref(), definition: catalogue.version };
            let explained = explain(&state, basis, self.now, &[]);
            let Some(left) = explained.remaining.filter(|_| explained.stopped_at.is_none()) else {
                continue;
            };
            let known = next.get(&row.record_key).and_then(|known| known.remaining);
            if known.is_none_or(|known| left < known) {
                next.insert(row.record_key, explained);
            }
        }
        Ok(next)
    }

    /// Labels of states and of the choices that decide the target.
    fn clock_words<'d>(
        &self,
        definition: &'d RecordType,
        target: &'d Targets,
    ) -> (impl Fn(&str) -> String + 'd, impl Fn(&str) -> String + 'd) {
        let language = self.language();
        let state = move |name: &str| {
            let found = definition.states.get(name);
            found.map_or_else(|| name.to_string(), |s| s.label.text(language).to_string())
        };
        let choice = move |name: &str| {
            let label = match target {
                Targets::By(field, _) => definition.fields.get(field).and_then(|f| match &f.kind {
                    FieldKind::Choice(choices) => choices.0.get(name),
                    _ => None,
                }),
                Targets::One(_) => None,
            };
            label.map_or_else(|| name.to_string(), |label| label.text(language).to_string())
        };
        (state, choice)
    }
}
