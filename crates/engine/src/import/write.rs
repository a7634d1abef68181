//! From the story of a record to statements: its row and its past rows, links, the entries of
//! history with their salted fields, movements, the search index, clocks.

use super::clocks;
use super::mapping::TakenLink;
use super::story::{Entry, Relinked, Story, Teller};
use crate::canonical;
use crate::perform::{movement_value, right_tokens, search_fields, write_calendars};
use crate::reader::Reader;
use crate::record::{Record, title};
use crate::refusal::{Error, Result};
use crate::world;
use ledger::{Body, Field};
use model::{Key, Name, Value};
use std::sync::Arc;
use store::core::{history, link, movement};
use store::past::Past;
use store::search::{Audience, Document, index};
use store::{Unit, record};

/// What stories are written with.
pub struct Writer<'a> {
    pub teller: &'a Teller<'a>,
    pub reader: &'a Reader<'a>,
    pub links: &'a [TakenLink],
    /// What each entry tells of the import that wrote it.
    pub import: &'a Arc<str>,
}

impl Writer<'_> {
    /// Adds a record with its whole past; gives the number of entries.
    pub fn write(&self, unit: &mut Unit, mut story: Story) -> Result<usize> {
        let definition = self.teller.definition;
        if let Some(format) = &definition.number {
            let number = self.teller.session.engine.next_number(&format.counter)?;
            story.versions.iter_mut().for_each(|version| version.number = Some(number));
        }
        self.rows(unit, &story.versions)?;
        let Some(last) = story.versions.last() else { return Ok(0) };
        for (place, entry) in story.entries.iter().enumerate() {
            self.links(unit, last.key, entry);
            self.entry(unit, last, entry, place == 0)?;
        }
        self.search(unit, last);
        let (session, catalogue) = (self.teller.session, self.teller.catalogue);
        write_calendars(unit, session, catalogue, definition)?;
        clocks::write(unit, self.teller, self.reader, &story.versions)?;
        Ok(story.entries.len())
    }

    fn rows(&self, unit: &mut Unit, versions: &[Record]) -> Result<()> {
        let definition = self.teller.definition;
        let missing = || Error::Fault(format!("no table for {}", definition.name));
        let table = self.teller.catalogue.table(definition).ok_or_else(missing)?;
        let unfit = |unfit: store::codec::Unfit| Error::Fault(unfit.to_string());
        let past = Past::new(table);
        for pair in versions.windows(2) {
            let [was, next] = pair else { continue };
            past.insert(unit, &record::Stored::from(was), next.valid_from).map_err(unfit)?;
        }
        if let Some(last) = versions.last() {
            let counter = definition.number.as_ref().map(|format| format.counter.as_str());
            let title = title(definition, last);
            let stored = record::Stored::from(last);
            record::insert(unit, table, &stored, counter, &title).map_err(unfit)?;
        }
        Ok(())
    }

    fn links(&self, unit: &mut Unit, key: Key, entry: &Entry) {
        for moved in &entry.links {
            let Some(taken) = self.links.get(moved.link) else { continue };
            let ends = |far: Key| if taken.inverse { (far, key) } else { (key, far) };
            if let Some((from, to)) = moved.old.map(ends) {
                link::end(unit, &taken.name, from, to, entry.at);
            }
            if let Some((from, to)) = moved.new.map(ends) {
                link::add(unit, &taken.name, from, to, entry.at);
            }
        }
    }

    fn entry(&self, unit: &mut Unit, last: &Record, entry: &Entry, is_first: bool) -> Result<()> {
        let session = self.teller.session;
        let key = session.engine.next_entry()?;
        let row = history::Entry {
            key,
            id: world::uuid(session.engine.world()),
            record_key: last.key,
            record_type: last.record_type.as_str().into(),
            kind: entry.kind.into(),
            transition: entry.transition.as_ref().map(|name| name.as_str().into()),
            at: entry.at,
            recorded_at: session.now,
            actor_key: entry.actor,
            actor: entry.actor_name.clone(),
            definition: self.teller.catalogue.version,
            version: entry.version,
            internal: false,
            body: self.body(entry, is_first.then_some(last.key))?.into(),
        };
        history::insert(unit, &row);
        self.movements(unit, last.key, key, entry);
        Ok(())
    }

    fn movements(&self, unit: &mut Unit, record_key: Key, entry_key: i64, entry: &Entry) {
        let fields = &self.teller.definition.fields;
        let tracked =
            |name: &Name| *name == "state" || fields.get(name).is_some_and(|field| field.tracked);
        let moved = entry.changes.iter().filter(|(name, ..)| tracked(name));
        let moved = moved.map(|(name, _, new)| movement::Movement {
            record_key,
            field: name.as_str().into(),
            at: entry.valid_from,
            entry_key,
            value: movement_value(new),
        });
        movement::insert(unit, &moved.collect::<Vec<_>>());
    }

    /// The entry's fields, each with a salt of its own.
    fn body(&self, entry: &Entry, key: Option<Key>) -> Result<Vec<u8>> {
        let own = entry.changes.iter().map(|(name, old, new)| {
            (name.to_string(), canonical::bytes(old), canonical::bytes(new))
        });
        let import = Value::Text(self.import.clone());
        let import = ("import".to_string(), None, canonical::bytes(&import));
        let key =
            key.map(|key| ("#key".to_string(), None, canonical::bytes(&Value::Integer(key.0))));
        let links = entry.links.iter().filter_map(|moved| self.told(moved));
        let all: Vec<_> = own.chain(key).chain(links).chain([import]).collect();
        let mut chance = vec![0; 16 * all.len()];
        self.teller.session.engine.world().random(&mut chance);
        let fields =
            all.into_iter().zip(chance.chunks_exact(16)).map(|((name, old, new), chance)| {
                let mut salt = [0; 16];
                salt.copy_from_slice(chance);
                Field::Open { name, salt, old, new }
            });
        let body = Body::new(fields.collect()).map_err(|error| Error::Fault(error.to_string()))?;
        Ok(body.to_bytes())
    }

    fn told(&self, moved: &Relinked) -> Option<(String, Option<Vec<u8>>, Option<Vec<u8>>)> {
        let taken = self.links.get(moved.link)?;
        let end = |key: Option<Key>| canonical::bytes(&Value::References(vec![key?].into()));
        Some((taken.told.to_string(), end(moved.old), end(moved.new)))
    }

    /// The documents of the record as it stands at last.
    fn search(&self, unit: &mut Unit, record: &Record) {
        let plan = self.teller.catalogue.plan(self.teller.definition);
        let texts = search_fields(self.teller.definition, plan, record);
        let rights = right_tokens(record, plan);
        let (key, record_type) = (record.key, &record.record_type);
        let both = [(Audience::Public, &texts.public), (Audience::Whole, &texts.whole)];
        for (audience, text) in both {
            if audience == Audience::Whole && texts.whole == texts.public {
                continue;
            }
            let document = Document { key, audience, record_type, text, rights: &rights };
            // Of a new record there is no document before: the last statement alone puts it in.
            let statements = index::put(self.reader.dialect, &document);
            statements.into_iter().next_back().into_iter().for_each(|last| unit.push(last));
        }
    }
}
