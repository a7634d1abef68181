//! Reading within one snapshot, with whole sight: records by key, links, the facts around a record.
//! What a person may see of it is decided by the caller with [`crate::rights`].

use crate::actor::Actor;
use crate::catalogue::Catalogue;
use crate::engine::Engine;
use crate::facts::Known;
use crate::record::Record;
use crate::refusal::{Error, Result};
use model::definition::RecordType;
use model::expression::{LinkEnd, Reads};
use model::{Key, Name, Value};
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;
use store::core::link::{self, End, Link};
use store::select::{self, Page, Place, Select, Unread};
use store::sql::{Asker, Context, Dialect, Sight, WHOLE};
use store::{Snapshot, record};

/// One snapshot, the definitions it is read under, and the records already read from it.
pub struct Reader<'a> {
    pub snapshot: &'a Snapshot,
    pub catalogue: &'a Catalogue,
    pub dialect: Dialect,
    asker: Asker,
    records: RefCell<HashMap<Key, Option<Rc<Record>>>>,
}

impl<'a> Reader<'a> {
    pub fn new(
        engine: &Engine,
        snapshot: &'a Snapshot,
        catalogue: &'a Catalogue,
        asker: Asker,
    ) -> Reader<'a> {
        let dialect = engine.database().dialect();
        Reader { snapshot, catalogue, dialect, asker, records: RefCell::default() }
    }

    pub fn asker(&self) -> &Asker {
        &self.asker
    }

    /// What a statement is compiled with for a reader of this sight.
    pub fn context<'c>(&'c self, sight: &'c dyn Sight) -> Context<'c> {
        let dialect = self.dialect;
        Context { model: &self.catalogue.model, dialect, asker: &self.asker, sight }
    }

    /// A record by its key; `definition` is its type or one it extends.
    ///
    /// # Errors
    /// A failed read.
    pub fn record(&self, definition: &RecordType, key: Key) -> Result<Option<Rc<Record>>> {
        self.fetch(definition, &[key])?;
        Ok(self.records.borrow().get(&key).cloned().flatten())
    }

    /// Reads those of the records that were not read yet.
    ///
    /// # Errors
    /// A failed read.
    pub fn fetch(&self, definition: &RecordType, keys: &[Key]) -> Result<()> {
        let seen = |key: &Key| self.records.borrow().contains_key(key);
        let wanted: BTreeSet<Key> = keys.iter().copied().filter(|key| !seen(key)).collect();
        if wanted.is_empty() {
            return Ok(());
        }
        let Some(table) = self.catalogue.table(definition) else { return Ok(()) };
        let wanted: Vec<Key> = wanted.into_iter().collect();
        let found = record::load(self.snapshot, table, &wanted)?;
        let mut records = self.records.borrow_mut();
        wanted.iter().for_each(|key| drop(records.insert(*key, None)));
        for stored in found {
            records.insert(stored.fixed.key, Some(Rc::new(Record::from(stored))));
        }
        Ok(())
    }

    /// The far ends of a link of these records together, ascending.
    ///
    /// # Errors
    /// A failed read.
    pub fn linked(&self, end: &LinkEnd, keys: &[Key]) -> Result<Vec<Key>> {
        let pairs = self.pairs(end, keys)?;
        let far: BTreeSet<Key> = pairs.into_iter().map(|(_, far)| far).collect();
        Ok(far.into_iter().collect())
    }

    /// Each of these records with each far end of the link.
    ///
    /// # Errors
    /// A failed read.
    pub fn pairs(&self, end: &LinkEnd, keys: &[Key]) -> Result<Vec<(Key, Key)>> {
        let name = format!("{}.{}", end.from, end.link);
        self.ends(&name, keys, end.inverse, None)
    }

    /// Each of these records with each record at the other end of the named link, now or at an
    /// instant.
    ///
    /// # Errors
    /// A failed read.
    pub fn ends(
        &self,
        name: &str,
        keys: &[Key],
        inverse: bool,
        as_of: Option<i64>,
    ) -> Result<Vec<(Key, Key)>> {
        let end = if inverse { End::To } else { End::From };
        let links = match as_of {
            None => link::current(self.snapshot, name, end, keys)?,
            Some(at) => link::as_of(self.snapshot, name, end, keys, at)?,
        };
        let pair = |l: Link| if inverse { (l.to, l.from) } else { (l.from, l.to) };
        Ok(links.into_iter().map(pair).collect())
    }

    /// A page of a list with whole sight.
    ///
    /// # Errors
    /// A failed read.
    pub fn page(&self, select: &Select, place: &Place, limit: usize) -> Result<Page> {
        Ok(select::page(self.snapshot, &self.context(WHOLE), select, place, limit)?)
    }

    /// The keys of the records of a type whose field holds a value; at most `most`.
    ///
    /// # Errors
    /// A failed read.
    pub fn find(
        &self,
        definition: &RecordType,
        field: &str,
        value: &Value,
        most: usize,
    ) -> Result<Vec<Key>> {
        let Some(table) = self.catalogue.table(definition) else { return Ok(Vec::new()) };
        let found = record::find(self.snapshot, table, &definition.family, field, value, most)?;
        Ok(found)
    }

    /// The records of a type of which a field of one column holds one of the values; at most
    /// `most`. Withdrawn ones are not among them.
    ///
    /// # Errors
    /// A failed read.
    pub fn find_any(
        &self,
        definition: &RecordType,
        field: &str,
        values: &[Value],
        most: usize,
    ) -> Result<Vec<Rc<Record>>> {
        let Some(table) = self.catalogue.table(definition) else { return Ok(Vec::new()) };
        let (of, among) = (self.snapshot, &definition.family);
        let keys = record::find_any(of, table, among, field, values, most)?;
        self.fetch(definition, &keys)?;
        let records = self.records.borrow();
        Ok(keys.iter().filter_map(|key| records.get(key).cloned().flatten()).collect())
    }

    /// The facts that `reads` asks for around a record. `ends` gives far ends that the database
    /// does not hold yet (a record about to be created).
    ///
    /// # Errors
    /// A failed read.
    pub fn known(
        &self,
        definition: &RecordType,
        record: &Record,
        reads: &Reads,
        ends: &HashMap<LinkEnd, Vec<Key>>,
    ) -> Result<Known> {
        let mut known = Known::default();
        self.learn(&mut known, definition, record, reads, ends)?;
        Ok(known)
    }

    /// Adds what `reads` asks for to what is known already.
    ///
    /// # Errors
    /// A failed read.
    pub fn learn(
        &self,
        known: &mut Known,
        definition: &RecordType,
        record: &Record,
        reads: &Reads,
        ends: &HashMap<LinkEnd, Vec<Key>>,
    ) -> Result<()> {
        for end in reads.links.iter().chain(&reads.counts) {
            if !known.links.contains_key(end) {
                known.links.insert(end.clone(), self.own_ends(record, end, ends)?);
            }
        }
        for step in &reads.steps {
            let value = self.step(record, &step.reference, &step.to, &step.field)?;
            known.steps.insert((step.reference.clone(), step.field.clone()), value);
        }
        for step in &reads.step_links {
            let target = record.field(&step.reference).as_key();
            let far = target.map_or(Ok(Vec::new()), |key| self.linked(&step.end, &[key]))?;
            known.step_links.insert((step.reference.clone(), step.end.clone()), far);
        }
        for asked in &reads.linked_fields {
            let keys = self.own_ends(record, &asked.end, ends)?;
            let values = self.fields(&asked.end.other, &keys, &asked.field)?;
            known.linked_fields.insert((asked.end.clone(), asked.field.clone()), values);
        }
        for asked in &reads.linked_links {
            let keys = self.own_ends(record, &asked.end, ends)?;
            let far = self.linked(&asked.next, &keys)?;
            known.linked_links.insert((asked.end.clone(), asked.next.clone()), far);
        }
        debug_assert!(definition.is_a(definition.root()));
        Ok(())
    }

    fn own_ends(
        &self,
        record: &Record,
        end: &LinkEnd,
        ends: &HashMap<LinkEnd, Vec<Key>>,
    ) -> Result<Vec<Key>> {
        match ends.get(end) {
            Some(keys) => Ok(keys.clone()),
            // A record that does not exist yet has no links in the database.
            None if record.version == 0 => Ok(Vec::new()),
            None => self.linked(end, &[record.key]),
        }
    }

    fn step(&self, record: &Record, reference: &Name, to: &Name, field: &Name) -> Result<Value> {
        let Some(key) = record.field(reference).as_key() else { return Ok(Value::Unset) };
        Ok(self.fields(to, &[key], field)?.into_iter().next().unwrap_or_default())
    }

    fn fields(&self, of: &Name, keys: &[Key], field: &Name) -> Result<Vec<Value>> {
        let Some(definition) = self.catalogue.record_type(of) else { return Ok(Vec::new()) };
        self.fetch(definition, keys)?;
        let records = self.records.borrow();
        let found = keys.iter().filter_map(|key| records.get(key)?.as_ref());
        Ok(found.map(|record| record.field(field)).filter(Value::is_set).collect())
    }
}

/// What the store asks about a person and the moment.
pub fn asker(actor: &Actor, now: i64) -> Asker {
    let parts = actor.parts.iter().map(|(name, value)| (name.clone(), value.clone()));
    let mut asker = Asker::system(now);
    asker.me = actor.person;
    asker.parts = parts.collect();
    if let Some(roles) = Name::new("roles") {
        asker.parts.insert(roles, actor.part("roles"));
    }
    asker.today = today(now, &actor.zone);
    asker.language = actor.language;
    asker
}

/// The day it is in a time zone, in days since 1970-01-01.
pub fn today(now: i64, zone: &jiff::tz::TimeZone) -> i32 {
    let Ok(instant) = jiff::Timestamp::from_microsecond(now) else { return 0 };
    let offset = i64::from(zone.to_offset(instant).seconds());
    let seconds = now.div_euclid(1_000_000) + offset;
    i32::try_from(seconds.div_euclid(86_400)).unwrap_or(0)
}

impl From<record::Stored> for Record {
    fn from(stored: record::Stored) -> Record {
        let fixed = stored.fixed;
        Record {
            key: fixed.key,
            id: stored.id,
            record_type: fixed.record_type,
            number: fixed.number,
            state: fixed.state,
            version: fixed.version,
            created_at: fixed.created_at,
            created_by: fixed.created_by,
            changed_at: fixed.changed_at,
            changed_by: fixed.changed_by,
            valid_from: fixed.valid_from,
            withdrawn_at: fixed.withdrawn_at,
            values: stored.values.into_iter().collect(),
        }
    }
}

impl From<&Record> for record::Stored {
    fn from(record: &Record) -> record::Stored {
        let fixed = record::Fixed {
            key: record.key,
            record_type: record.record_type.clone(),
            number: record.number,
            state: record.state.clone(),
            version: record.version,
            created_at: record.created_at,
            created_by: record.created_by,
            changed_at: record.changed_at,
            changed_by: record.changed_by,
            valid_from: record.valid_from,
            withdrawn_at: record.withdrawn_at,
        };
        let values = record.values.iter().map(|(name, value)| (name.clone(), value.clone()));
        record::Stored { id: record.id, fixed, values: values.collect() }
    }
}

impl From<Unread> for Error {
    fn from(unread: Unread) -> Error {
        use crate::refusal::{QuestionSlip, Refusal};
        let slip = |parameter, message: String| {
            let (start, end, hint) = (0, 0, None);
            Refusal::BadQuestion(vec![QuestionSlip { parameter, start, end, message, hint }])
        };
        match unread {
            Unread::Unanswerable(reason) => slip("where", reason.0).into(),
            Unread::Cursor => slip("cursor", "this cursor belongs to another list".into()).into(),
            Unread::Slow { .. } => Refusal::TooSlow.into(),
            Unread::Database(failure) => failure.into(),
        }
    }
}
