//! The records that rows name: found by a field of theirs, or made where the mapping allows it.

use super::cells::{Cells, Referrer};
use super::lines;
use super::load::read;
use super::mapping::{Reference, Taken};
use super::story::{Event, Teller};
use super::write::Writer;
use crate::command::Command;
use crate::field::Slip;
use crate::file::FileRow;
use crate::perform::{Order, Written};
use crate::reader::Reader;
use crate::refusal::{Error, Refusal, Result};
use crate::session::Session;
use model::definition::RecordType;
use model::{Key, Name, Value};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use store::Unit;
use store::select;

type Answer = std::result::Result<Key, Slip>;

/// What was found and made so far in one import.
#[derive(Default)]
pub struct Known {
    /// By record type and the field they are found by.
    found: Vec<((Name, Name), HashMap<String, Key>)>,
    /// How many were made, by record type.
    pub made: BTreeMap<Name, usize>,
}

/// How a record that is not there comes about.
pub enum Making<'u> {
    /// Not at all: it is counted.
    Counted,
    /// With the records that name it, in their unit.
    Told { unit: &'u mut Unit, import: &'u Arc<str> },
    /// As a person creates one, with their rights and all rules; the import notes it for the row.
    Asked { import: &'u str, row: usize },
}

/// Finds and makes records within one snapshot.
pub struct Finder<'r> {
    pub session: &'r Session,
    pub reader: &'r Reader<'r>,
    pub known: &'r mut Known,
    pub making: Making<'r>,
}

impl Known {
    fn of(&mut self, reference: &Reference) -> &mut HashMap<String, Key> {
        let is = |(to, field): &(Name, Name)| *to == reference.to && *field == reference.field.name;
        let place = self.found.iter().position(|(of, _)| is(of)).unwrap_or_else(|| {
            let of = (reference.to.clone(), reference.field.name.clone());
            self.found.push((of, HashMap::new()));
            self.found.len() - 1
        });
        &mut self.found[place].1
    }
}

impl Referrer for Finder<'_> {
    fn refer(
        &mut self,
        reference: &Reference,
        text: &str,
        row: &FileRow,
        cells: &mut Cells,
    ) -> Result<Answer> {
        if let Some(key) = self.known.of(reference).get(text) {
            return Ok(Ok(*key));
        }
        let value = match read(&reference.field.kind, text) {
            Ok(value) => value,
            Err(slip) => return Ok(Err(slip)),
        };
        let Some(definition) = self.reader.catalogue.record_type(&reference.to) else {
            return Ok(Err(nobody(text)));
        };
        let found = self.find(definition, &reference.field.name, &value)?;
        let key = match (found.as_slice(), &reference.create) {
            ([key], _) => *key,
            ([], Some(create)) => {
                let named = (reference.field.name.clone(), value);
                match self.make(definition, named, create, row, cells)? {
                    Ok(key) => key,
                    Err(slip) => return Ok(Err(slip)),
                }
            }
            ([], None) => return Ok(Err(nobody(text))),
            _ => return Ok(Err(several(text))),
        };
        self.known.of(reference).insert(text.to_string(), key);
        Ok(Ok(key))
    }
}

impl Finder<'_> {
    /// Records with the value in the field, as far as the importer may read them.
    pub fn find(&self, definition: &RecordType, field: &Name, value: &Value) -> Result<Vec<Key>> {
        let found = self.reader.find(definition, field, value, 20)?;
        if found.is_empty() || self.session.actor().is_system {
            return Ok(found);
        }
        let context = self.reader.context(self.session.sight());
        let readable = select::readable(self.reader.snapshot, &context, definition, &found)?;
        Ok(found.into_iter().filter(|key| readable.contains(key)).collect())
    }

    fn make(
        &mut self,
        definition: &RecordType,
        named: (Name, Value),
        create: &[Taken],
        row: &FileRow,
        cells: &mut Cells,
    ) -> Result<Answer> {
        let mut values = vec![named];
        for taken in create {
            match cells.value(taken, row, self)? {
                Ok(value) => values.push((taken.field.clone(), value)),
                Err(refused) => return Ok(Err(Slip::new(refused.en, refused.zh))),
            }
        }
        *self.known.made.entry(definition.name.clone()).or_default() += 1;
        match &mut self.making {
            Making::Counted => Ok(Ok(Key(0))),
            Making::Asked { import, row } => {
                let (import, row) = (*import, *row);
                self.ask(definition, values, import, row)
            }
            Making::Told { .. } => self.tell(definition, values).map(Ok),
        }
    }

    fn tell(&mut self, definition: &RecordType, values: Vec<(Name, Value)>) -> Result<Key> {
        let key = self.session.engine.next_record()?;
        let filled: Vec<Name> = values.iter().map(|(name, _)| name.clone()).collect();
        let teller = Teller::new(self.session, self.reader.catalogue, definition, &filled);
        let actor = self.session.actor();
        let event = Event {
            at: self.session.now,
            actor: actor.person,
            actor_name: actor.name.as_str().into(),
            values,
            links: Vec::new(),
        };
        let story = teller.tell(key, None, &[event]);
        let Making::Told { unit, import } = &mut self.making else { return Ok(key) };
        let writer = Writer { teller: &teller, reader: self.reader, links: &[], import };
        writer.write(unit, story)?;
        Ok(key)
    }

    fn ask(
        &self,
        definition: &RecordType,
        values: Vec<(Name, Value)>,
        import: &str,
        row: usize,
    ) -> Result<Answer> {
        let order = Order {
            record_type: definition.name.clone(),
            key: None,
            command: Command::Create { values, links: Vec::new() },
            base: None,
            idempotency: None,
        };
        let beside = |written: &Written| {
            let mut unit = Unit::new();
            lines::told(&mut unit, import, row, written, lines::MADE);
            unit
        };
        match self.session.perform_told(&order, &beside) {
            Ok(Some(written)) => Ok(Ok(written.key)),
            Ok(None) => Err(Refusal::Busy.into()),
            Err(Error::Refused(refusal)) => Ok(Err(slip_of(&refusal))),
            Err(fault) => Err(fault),
        }
    }
}

/// A refusal as one cell's.
pub fn slip_of(refusal: &crate::Refusal) -> Slip {
    use model::Language;
    Slip::new(refusal.text(Language::EN), refusal.text(Language::ZH))
}

fn nobody(text: &str) -> Slip {
    Slip::new(
        format!("\"{text}\" names no record that you may see, and none is created here."),
        format!("没有您可以查看的名为“{text}”的记录，且此处不会新建。"),
    )
}

fn several(text: &str) -> Slip {
    Slip::new(
        format!("\"{text}\" fits several records; match by a field that tells them apart."),
        format!("“{text}”对应多条记录，请改用能区分它们的字段匹配。"),
    )
}
