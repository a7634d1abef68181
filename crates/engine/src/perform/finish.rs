//! From a decided change to one unit: the row and its spine, links, votes, files, guards, the entry
//! of history with its salted fields, movements of tracked fields, the search index, clocks, and
//! the answer kept under the client's key.

use super::{Idempotency, Job, Order, Written};
use crate::canonical;
use crate::change::{Change, FileChange};
use crate::record::{Record, spine_title};
use crate::refusal::{Error, Result};
use crate::world::{self, World};
use ledger::{Body, Field};
use model::{Key, Name, Value};
use std::sync::Arc;
use store::core::{attachment, guard, history, idempotency, link, movement, vote};
use store::{Unit, codec, record};

impl Job<'_> {
    /// Completes the change (version, times, number) and turns it into a unit; an empty one where
    /// nothing has to change.
    pub(super) fn finish(&self, order: &Order, change: &mut Change) -> Result<(Unit, Written)> {
        if is_nothing(change) {
            return Ok((Unit::new(), written(&change.after, None)));
        }
        let (mut unit, written) = self.unit_of(change)?;
        if let (Some(asked), Some(account)) = (&order.idempotency, self.session.actor.account) {
            keep_answer(&mut unit, asked, account, &written, self.session.now);
        }
        Ok((unit, written))
    }

    /// Everything that a change writes. The change is completed by it.
    pub(crate) fn unit_of(&self, change: &mut Change) -> Result<(Unit, Written)> {
        self.complete(change)?;
        let entry_key = self.session.engine.next_entry()?;
        let mut unit = Unit::new();
        self.write_row(&mut unit, change)?;
        self.write_around(&mut unit, change, entry_key)?;
        self.write_entry(&mut unit, change, entry_key)?;
        self.write_notices(&mut unit, change, entry_key)?;
        self.write_search(&mut unit, change)?;
        self.write_clocks(&mut unit, change)?;
        self.write_calendars(&mut unit)?;
        Ok((unit, written(&change.after, Some(entry_key))))
    }

    fn complete(&self, change: &mut Change) -> Result<()> {
        let touches = change.touches_row();
        let after = &mut change.after;
        match &change.before {
            None => {
                after.version = 1;
                if let (None, Some(format)) = (after.number, &self.definition.number) {
                    after.number = Some(self.session.engine.next_number(&format.counter)?);
                }
                let key = Value::Integer(after.key.0);
                change.tell("key", key);
            }
            Some(before) if touches => {
                after.version = before.version + 1;
                after.changed_at = self.session.now.max(before.changed_at);
                after.changed_by = self.session.actor.person;
                // A version never begins before the one it follows, whatever clocks say.
                after.valid_from = change.at.max(before.valid_from + 1);
            }
            Some(_) => {}
        }
        Ok(())
    }

    fn write_row(&self, unit: &mut Unit, change: &Change) -> Result<()> {
        let missing = || Error::Fault(format!("no table for {}", self.definition.name));
        let table = self.catalogue.table(self.definition).ok_or_else(missing)?;
        let stored = record::Stored::from(&change.after);
        let title = spine_title(self.definition, &change.after);
        let unfit = |unfit: codec::Unfit| Error::Fault(unfit.to_string());
        match &change.before {
            None => {
                let counter = self.definition.number.as_ref().map(|f| f.counter.as_str());
                record::insert(unit, table, &stored, counter, &title).map_err(unfit)
            }
            Some(before) if change.touches_row() => {
                let changed: Vec<Name> =
                    change.differences().into_iter().map(|(name, ..)| name).collect();
                let old_title = spine_title(self.definition, before);
                let new_title = (old_title != title).then_some(&*title);
                record::update(unit, table, &stored, before.version, &changed, new_title)
                    .map_err(unfit)
            }
            Some(_) => Ok(()),
        }
    }

    /// Links, votes, files and guards.
    fn write_around(&self, unit: &mut Unit, change: &Change, entry: i64) -> Result<()> {
        let key = change.after.key;
        for each in &change.links {
            match each.begins {
                true => link::add(unit, &each.name, each.from, each.to, change.at),
                false => link::end(unit, &each.name, each.from, each.to, change.at),
            }
        }
        for cast in &change.votes {
            let before = vote::of_record(self.reader.snapshot, key)?;
            let mine =
                |v: &&vote::Vote| v.person_key == cast.person && *v.approval == *cast.approval;
            vote::insert(
                unit,
                &stored_vote(key, cast, before.iter().filter(mine).count(), change.at),
            );
        }
        for file in &change.files {
            self.write_file(unit, change, file, entry)?;
        }
        let names: Vec<&str> = change.guards.iter().map(String::as_str).collect();
        if !names.is_empty() {
            let versions = guard::versions(self.reader.snapshot, &names)?;
            names
                .iter()
                .zip(versions)
                .for_each(|(name, version)| guard::raise(unit, name, version));
        }
        Ok(())
    }

    fn write_file(
        &self,
        unit: &mut Unit,
        change: &Change,
        file: &FileChange,
        entry: i64,
    ) -> Result<()> {
        let record_key = change.after.key;
        match file {
            FileChange::Added { file, internal } => {
                let row = attachment::Attachment {
                    key: entry,
                    record_key,
                    field: None,
                    entry_key: Some(entry),
                    sha256: file.sha256.clone(),
                    name: file.name.clone(),
                    media_type: file.media_type.clone(),
                    bytes: file.bytes,
                    internal: *internal,
                    at: change.at,
                    removed_at: None,
                };
                attachment::insert(unit, &row);
            }
            FileChange::Removed { sha256, internal } => {
                let rows = attachment::of_record(self.reader.snapshot, record_key)?;
                let there = rows.iter();
                let there = there.filter(|r| *r.sha256 == **sha256 && r.internal == *internal);
                there.for_each(|row| attachment::remove(unit, row.key, change.at));
            }
        }
        Ok(())
    }

    fn write_entry(&self, unit: &mut Unit, change: &Change, entry: i64) -> Result<()> {
        let actor = &self.session.actor;
        let after = &change.after;
        let world = self.session.engine.world();
        let differences = change.differences();
        history::insert(
            unit,
            &history::Entry {
                key: entry,
                id: world::uuid(world),
                record_key: after.key,
                record_type: after.record_type.as_str().into(),
                kind: change.kind.into(),
                transition: change.transition.as_ref().map(|name| name.as_str().into()),
                at: change.at,
                recorded_at: self.session.now,
                actor_key: actor.person,
                actor: actor.name.as_str().into(),
                definition: self.catalogue.version,
                version: after.version,
                internal: change.internal,
                body: body(world, change, &differences)?.to_bytes().into(),
            },
        );
        let tracked = |name: &Name| {
            *name == "state" || self.definition.fields.get(name).is_some_and(|f| f.tracked)
        };
        let moved = differences.iter().filter(|(name, ..)| tracked(name));
        let moved = moved.map(|(name, _, new)| movement::Movement {
            record_key: after.key,
            field: name.as_str().into(),
            at: after.valid_from,
            entry_key: entry,
            value: movement_value(new),
        });
        movement::insert(unit, &moved.collect::<Vec<_>>());
        Ok(())
    }
}

fn is_nothing(change: &Change) -> bool {
    change.before.is_some()
        && change.kind != "transition"
        && !change.touches_row()
        && change.told.is_empty()
        && change.links.is_empty()
}

fn written(record: &Record, entry: Option<i64>) -> Written {
    Written {
        key: record.key,
        id: record.id,
        record_type: record.record_type.clone(),
        number: record.number,
        version: record.version,
        entry,
    }
}

/// The entry's fields: what changed and what is told beside, each with a salt of its own.
fn body(world: &dyn World, change: &Change, differences: &[(Name, Value, Value)]) -> Result<Body> {
    let changed = differences.iter().map(|(name, old, new)| (name.as_str(), old, new));
    let told = change.told.iter().map(|(name, old, new)| (name.as_str(), old, new));
    let fields = changed.chain(told).map(|(name, old, new)| {
        let mut salt = [0; 16];
        world.random(&mut salt);
        let (name, old, new) = (name.to_string(), canonical::bytes(old), canonical::bytes(new));
        Field::Open { name, salt, old, new }
    });
    Body::new(fields.collect()).map_err(|error| Error::Fault(error.to_string()))
}

/// A tracked value as movements keep it: names of choices, keys of records.
pub(crate) fn movement_value(value: &Value) -> Option<Arc<str>> {
    match value {
        Value::Text(text) => Some(text.clone()),
        Value::Reference(key) => Some(key.0.to_string().into()),
        Value::YesNo(yes) => Some(yes.to_string().into()),
        Value::Integer(number) | Value::Instant(number) | Value::Duration(number) => {
            Some(number.to_string().into())
        }
        Value::Date(days) => Some(days.to_string().into()),
        _ => None,
    }
}

fn stored_vote(record: Key, cast: &crate::change::Vote, round: usize, at: i64) -> vote::Vote {
    vote::Vote {
        record_key: record,
        approval: cast.approval.as_str().into(),
        round: round as i64,
        person_key: cast.person,
        other_key: cast.other,
        decision: cast.decision.as_str().into(),
        at,
        digest: cast.digest.to_vec().into(),
        note: cast.note.as_deref().map(Into::into),
    }
}

fn keep_answer(unit: &mut Unit, asked: &Idempotency, account: Key, written: &Written, now: i64) {
    let response = written.to_json().to_string();
    let answer = idempotency::Answer {
        digest: asked.digest,
        status: 200,
        response: response.into(),
        at: now,
    };
    idempotency::insert(unit, &asked.key, account, &answer);
}
