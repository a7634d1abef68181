//! Who else has a record open now. Whoever is told of it may read the record, and sees of the
//! others those whom they may see anyway. Nothing of it is kept.

use crate::engine::Engine;
use crate::names::Cards;
use crate::refusal::Result;
use crate::session::Session;
use crate::view::card_json;
use model::Key;
use serde_json::Value as Json;
use store::Unit;
use store::core::presence::{self, Presence};
use store::core::spine;

/// How long somebody counts as being there after they last said so, in microseconds. A page says
/// so every 20 seconds.
const LEASE: i64 = 45_000_000;
/// The same for typing; a page says so every 5 seconds.
const TYPING: i64 = 8_000_000;
/// How far back changes are looked for: longer than between two looks, and than clocks differ.
const LOOKED_BACK: i64 = 3_000_000;

/// What somebody does at a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    Reading,
    Typing,
    Leaving,
}

/// Somebody else at the same record.
#[derive(Debug, Clone, PartialEq)]
pub struct Present {
    /// The person, as a reference shows them.
    pub person: Json,
    pub typing: bool,
}

impl Session {
    /// Says that this person is at a record, and answers who else is.
    ///
    /// # Errors
    /// `NotFound` where they may not read it: then nothing is said.
    pub fn at_record(&self, record_type: &str, text: &str, doing: Doing) -> Result<Vec<Present>> {
        let (_, record) = self.target(record_type, text)?;
        let database = self.engine.database();
        let there = presence::at_record(database, record, self.now)?;
        if let Some(person) = self.actor.person {
            let before = there.iter().find(|one| one.person == person);
            if let Some(row) = next(before, (record, person), doing, self.now) {
                let mut unit = Unit::new();
                presence::put(&mut unit, &row);
                database.write(unit)?;
            }
        }
        let others: Vec<&Presence> =
            there.iter().filter(|one| Some(one.person) != self.actor.person).collect();
        let catalogue = self.engine.catalogue();
        let snapshot = database.snapshot()?;
        let reader = self.reader(&snapshot, &catalogue);
        let cards = Cards::new(self, &reader);
        cards.fetch(others.iter().map(|one| one.person))?;
        let present = others.into_iter().filter_map(|one| {
            let typing = one.typing_until.is_some_and(|until| until > self.now);
            card_json(&cards, one.person).map(|person| Present { person, typing })
        });
        Ok(present.collect())
    }

    /// Of these records, the public ids of those at which this person is.
    ///
    /// # Errors
    /// A failed read.
    pub fn also_at(&self, records: &[Key]) -> Result<Vec<String>> {
        let Some(person) = self.actor.person else { return Ok(Vec::new()) };
        let database = self.engine.database();
        let own = presence::of_person(database, person, records, self.now)?;
        Ok(spine::by_keys(database, &own)?.iter().map(|one| one.id.to_string()).collect())
    }
}

impl Engine {
    /// The records at which somebody came, left or typed a moment ago, each with when.
    ///
    /// # Errors
    /// A failed read.
    pub fn presence_changes(&self) -> Result<Vec<(Key, i64)>> {
        Ok(presence::changed_since(self.database(), self.now() - LOOKED_BACK)?)
    }
}

/// The lease as it is from now on; none where nothing is to be written.
fn next(
    before: Option<&Presence>,
    (record, person): (Key, Key),
    doing: Doing,
    now: i64,
) -> Option<Presence> {
    let (until, typing_until) = match doing {
        Doing::Reading => (now + LEASE, None),
        Doing::Typing => (now + LEASE, Some(now + TYPING)),
        Doing::Leaving => (now, None),
    };
    let typed = before.and_then(|one| one.typing_until).is_some_and(|until| until > now);
    let same = before.is_some() && doing != Doing::Leaving && typed == typing_until.is_some();
    if before.is_none() && doing == Doing::Leaving {
        return None;
    }
    let changed_at = before.filter(|_| same).map_or(now, |one| one.changed_at);
    Some(Presence { record, person, until, typing_until, changed_at })
}
