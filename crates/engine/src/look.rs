//! Reading one record: as it stands or stood, its moves, its approvals.

use crate::decide::{self, Move, RuleAnswers};
use crate::facts::Known;
use crate::names::Cards;
use crate::perform::{Job, merge};
use crate::reader::Reader;
use crate::record::Record;
use crate::refusal::{Refusal, Result};
use crate::rights::Deed;
use crate::session::{Session, as_named};
use crate::view::{card_json, own_ends};
use model::definition::RecordType;
use model::{Key, Name};
use serde_json::{Map, Value as Json};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use store::core::link::{self, Link};

/// A record as read, with what identifies the version.
#[derive(Debug, Clone)]
pub struct Seen {
    pub key: Key,
    pub record_type: Name,
    pub version: i64,
    pub json: Map<String, Json>,
    /// Fields that are not shown to this person, whatever they hold.
    pub hidden: Vec<Name>,
}

impl Session {
    /// The record that a text names, in full; as it stood at `as_of` (microseconds) if given.
    ///
    /// # Errors
    /// `NotFound`, `Gone`.
    pub fn read(&self, record_type: &str, text: &str, as_of: Option<i64>) -> Result<Seen> {
        let catalogue = self.engine.catalogue();
        let snapshot = self.engine.database().snapshot()?;
        self.read_in(&self.reader(&snapshot, &catalogue), record_type, text, as_of)
    }

    /// The same within a snapshot.
    pub(crate) fn read_in(
        &self,
        reader: &Reader,
        record_type: &str,
        text: &str,
        as_of: Option<i64>,
    ) -> Result<Seen> {
        let asked = self.definition(reader.catalogue, record_type)?;
        let (definition, now, known) = self.open_named(reader, &asked, text)?;
        let key = now.key;
        let (record, known) = match as_of {
            None => (Record::clone(&now), known),
            Some(at) => {
                let then = self.open_as_of(reader, &definition, key, at);
                then.map_err(|error| as_named(error, text))?
            }
        };
        let links = ends(reader, &definition, key, as_of)?;
        self.seen(reader, &definition, &record, &known, &links)
    }

    /// What this person sees of a record that they may read. `links` holds the far ends of each of
    /// its own links.
    pub(crate) fn seen(
        &self,
        reader: &Reader,
        definition: &RecordType,
        record: &Record,
        known: &Known,
        links: &BTreeMap<Name, Vec<Key>>,
    ) -> Result<Seen> {
        let cards = Cards::new(self, reader);
        let json = self.record_json(&cards, definition, record, known, links)?;
        let view = self.view(definition, record, known);
        let rights = self.rights_on(definition);
        let is_hidden = |field: &&Name| rights.is_some_and(|rights| !rights.sees(field, &view));
        let hidden = definition.fields.keys().filter(is_hidden).cloned().collect();
        let (key, record_type) = (record.key, definition.name.clone());
        Ok(Seen { key, record_type, version: record.version, json, hidden })
    }

    /// The past of a record that may be read now: today's right decides what is shown of it.
    pub(crate) fn open_as_of(
        &self,
        reader: &Reader,
        definition: &RecordType,
        key: Key,
        at: i64,
    ) -> Result<(Record, Known)> {
        let missing = || Refusal::NotFound { what: definition.label.text(self.language()).into() };
        let table = reader.catalogue.table(definition).ok_or_else(missing)?;
        let was = store::record::load_as_of(reader.snapshot, table, key, at)?;
        let record = Record::from(was.ok_or_else(missing)?);
        let known = self.known_for_rights(reader, definition, &record)?;
        if !self.may(Deed::Read, definition, &record, &known) {
            return Err(missing().into());
        }
        Ok((record, known))
    }

    /// The moves open from here, and why the others are not.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn moves(&self, record_type: &str, text: &str) -> Result<Vec<Move>> {
        let catalogue = self.engine.catalogue();
        let snapshot = self.engine.database().snapshot()?;
        let reader = self.reader(&snapshot, &catalogue);
        let asked = self.definition(&catalogue, record_type)?;
        let (definition, record, _) = self.open_named(&reader, &asked, text)?;
        let job = Job::new(self, &reader, &definition);
        job.moves(&record)
    }

    /// The records whose link leads to this one, as far as this person may read them: the inverse
    /// of the link `link` that the record type `from` declares.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn leading_here(
        &self,
        record_type: &str,
        text: &str,
        (from, link): (&str, &str),
    ) -> Result<Vec<Json>> {
        let catalogue = self.engine.catalogue();
        let snapshot = self.engine.database().snapshot()?;
        let reader = self.reader(&snapshot, &catalogue);
        let asked = self.definition(&catalogue, record_type)?;
        let key = self.open_named(&reader, &asked, text)?.1.key;
        let declared = self.definition(&catalogue, from)?.links.get(link).cloned();
        let declared = declared.ok_or_else(|| Refusal::NotFound { what: link.to_string() })?;
        let name = format!("{}.{}", declared.declared_by, declared.name);
        let near = reader.ends(&name, &[key], true, None)?;
        let cards = Cards::new(self, &reader);
        cards.fetch(near.iter().map(|(_, near)| *near))?;
        Ok(near.iter().filter_map(|(_, near)| card_json(&cards, *near)).collect())
    }

    /// Finds a record by what a person calls it and says whether they may read it.
    ///
    /// # Errors
    /// `NotFound`, `Gone`.
    pub fn target(&self, record_type: &str, text: &str) -> Result<(Arc<RecordType>, Key)> {
        let catalogue = self.engine.catalogue();
        let snapshot = self.engine.database().snapshot()?;
        let reader = self.reader(&snapshot, &catalogue);
        let asked = self.definition(&catalogue, record_type)?;
        let (definition, record, _) = self.open_named(&reader, &asked, text)?;
        Ok((definition, record.key))
    }
}

impl Job<'_> {
    pub(crate) fn moves(&self, record: &Record) -> Result<Vec<Move>> {
        let mut reads = self.plan().approvals.clone();
        self.plan().transitions.values().for_each(|more| merge(&mut reads, more));
        let known = self.known(record, &[&reads], &HashMap::new())?;
        let mut answers = RuleAnswers::new();
        let here = record.state.clone();
        for transition in self.definition.transitions.values() {
            if here.as_ref().is_some_and(|state| transition.from.contains(state)) {
                let rules = self.rules_of(transition);
                answers.extend(self.ask_rules(rules, (Some(record), record), &[])?.0);
            }
        }
        let ballot = self.ballot(record)?;
        Ok(decide::moves(&self.case(&known), record, &known, &answers, &ballot))
    }
}

/// The far ends of each own link of a record, now or at an instant.
pub(crate) fn ends(
    reader: &Reader,
    definition: &RecordType,
    key: Key,
    as_of: Option<i64>,
) -> Result<BTreeMap<Name, Vec<Key>>> {
    let mut out: BTreeMap<Name, Vec<Key>> =
        own_ends(definition).map(|(name, _)| (name, Vec::new())).collect();
    let declared = |link: &Link| {
        let (from, name) = link.name.split_once('.')?;
        let declared = definition.links.get(name)?;
        (*declared.declared_by == *from).then(|| declared.name.clone())
    };
    for link in link::of_record(reader.snapshot, key, as_of)? {
        if let Some(far) = declared(&link).and_then(|name| out.get_mut(&name)) {
            far.push(link.to);
        }
    }
    Ok(out)
}
