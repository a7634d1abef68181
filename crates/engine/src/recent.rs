//! What a person changed last: read from history, shown as far as they may read it now.

use crate::names::Cards;
use crate::refusal::Result;
use crate::session::Session;
use crate::view::card_json;
use model::Key;
use serde_json::Value as Json;
use store::core::history;

/// A record that the person changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Recent {
    /// Its card: id, record type, number and title.
    pub card: Json,
    /// When they changed it last, in microseconds.
    pub at: i64,
}

/// How many acts are looked at: whoever did them all on one record sees that one alone.
const ACTS: usize = 100;

impl Session {
    /// The records that this person changed last, newest first, at most so many; without those
    /// that they may no longer read and those withdrawn.
    ///
    /// # Errors
    /// A failed read.
    pub fn changed_by_me(&self, most: usize) -> Result<Vec<Recent>> {
        let Some(person) = self.actor.person else { return Ok(Vec::new()) };
        let catalogue = self.engine.catalogue();
        let snapshot = self.engine.database().snapshot()?;
        let reader = self.reader(&snapshot, &catalogue);
        let mut last: Vec<(Key, i64)> = Vec::new();
        for (record, at) in history::of_actor(&snapshot, person, ACTS)? {
            if !last.iter().any(|(known, _)| *known == record) {
                last.push((record, at));
            }
        }
        let cards = Cards::new(self, &reader);
        cards.fetch(last.iter().map(|(record, _)| *record))?;
        let shown = last.iter().filter_map(|(record, at)| {
            let card = card_json(&cards, *record).filter(|card| card.get("withdrawn").is_none())?;
            Some(Recent { card, at: *at })
        });
        Ok(shown.take(most).collect())
    }
}
