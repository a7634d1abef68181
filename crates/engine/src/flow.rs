//! The ways records went: which values of tracked fields followed each other over the entries of
//! their history, and how often each way was taken. Whether a way was agreed is not judged here.

use crate::field::{self, Style};
use crate::list::filter;
use crate::names::Cards;
use crate::reader::Reader;
use crate::refusal::{Error, Refusal, Result};
use crate::session::Session;
use crate::view;
use model::definition::RecordType;
use model::{Key, Value};
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;
use store::core::course;
use store::select::{self, Select};
use store::sql::Right;

/// Which records' ways are wanted, by which fields.
#[derive(Debug, Clone, Default)]
pub struct Ways {
    pub record_type: String,
    /// `state` or tracked fields; a step is the values of all of them.
    pub fields: Vec<String>,
    pub filter: Option<String>,
    /// How many of the most frequent ways are told.
    pub top: usize,
}

/// The ways that records took.
#[derive(Debug, Clone, PartialEq)]
pub struct Flow {
    pub records: usize,
    /// Entries of their history, and the fewest and most of one record.
    pub entries: usize,
    pub fewest: usize,
    pub most: usize,
    /// How many ways there are with a step for each entry, and the most frequent.
    pub variants: usize,
    pub top: Vec<Variant>,
    /// The same where a step follows only if it differs from the one before.
    pub collapsed_variants: usize,
    pub collapsed_top: Vec<Variant>,
}

/// One way.
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    pub steps: Vec<String>,
    pub records: usize,
}

/// Records read at a time.
const BATCH: usize = 500;

type Step = Vec<Option<Arc<str>>>;

/// Steps by number, so that a way is a list of small numbers.
#[derive(Default)]
struct Tally {
    numbers: HashMap<Step, u32>,
    steps: Vec<Step>,
    raw: HashMap<Vec<u32>, usize>,
    collapsed: HashMap<Vec<u32>, usize>,
    records: usize,
    entries: usize,
    fewest: usize,
    most: usize,
}

impl Session {
    /// The ways of the records that the question finds, within the reader's rights.
    ///
    /// # Errors
    /// `NotFound` for an unknown record type or a field that is not tracked or not shown;
    /// `BadQuestion`.
    pub fn ways(&self, ways: &Ways) -> Result<Flow> {
        let catalogue = self.engine.catalogue();
        let definition = self.definition(&catalogue, &ways.record_type)?;
        for field in &ways.fields {
            self.demand_tracked(&definition, field)?;
        }
        let snapshot = self.engine.database().snapshot()?;
        let reader = self.reader(&snapshot, &catalogue);
        let mut filters = Vec::new();
        if let Some(text) = &ways.filter {
            filters.push(filter(&catalogue, &definition, text).map_err(Refusal::BadQuestion)?);
        }
        self.name_records(&reader, &definition, &mut filters)?;
        let select = Select {
            record_type: &definition,
            filters: filters.iter().map(|filter| &filter.node).collect(),
            sort: Vec::new(),
            columns: Vec::new(),
            as_of: None,
            withdrawn: false,
        };
        let tally = self.tally(&reader, &select, &ways.fields)?;
        self.flow(&reader, &definition, ways, tally)
    }

    fn demand_tracked(&self, definition: &RecordType, field: &str) -> Result<()> {
        let tracked = field == "state" || definition.fields.get(field).is_some_and(|f| f.tracked);
        // A field that is hidden on some records would show in the ways of all.
        let shown = self.sight().field(&definition.name, field) == Right::All;
        if tracked && shown {
            return Ok(());
        }
        Err(Refusal::NotFound { what: field.to_string() }.into())
    }

    fn tally(&self, reader: &Reader, select: &Select, fields: &[String]) -> Result<Tally> {
        let context = reader.context(self.sight());
        let mut tally = Tally { fewest: usize::MAX, ..Tally::default() };
        let (mut keys, mut failed) = (Vec::with_capacity(BATCH), None);
        select::each(reader.snapshot, &context, select, &mut |record| {
            keys.push(record.key);
            if keys.len() < BATCH {
                return ControlFlow::Continue(());
            }
            match tally.read(reader, &std::mem::take(&mut keys), fields) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    failed = Some(error);
                    ControlFlow::Break(())
                }
            }
        })?;
        if let Some(error) = failed {
            return Err(error);
        }
        tally.read(reader, &keys, fields)?;
        Ok(tally)
    }

    fn flow(
        &self,
        reader: &Reader,
        definition: &RecordType,
        ways: &Ways,
        tally: Tally,
    ) -> Result<Flow> {
        let words = self.words(reader, definition, &ways.fields, &tally.steps)?;
        let top = |counted: &HashMap<Vec<u32>, usize>| {
            let mut all: Vec<(&Vec<u32>, &usize)> = counted.iter().collect();
            all.sort_by(|one, other| (other.1, one.0).cmp(&(one.1, other.0)));
            let word = |number: &u32| words.get(*number as usize).cloned().unwrap_or_default();
            let each = all.into_iter().take(ways.top);
            each.map(|(way, records)| Variant {
                steps: way.iter().map(word).collect(),
                records: *records,
            })
            .collect()
        };
        Ok(Flow {
            records: tally.records,
            entries: tally.entries,
            fewest: if tally.records == 0 { 0 } else { tally.fewest },
            most: tally.most,
            variants: tally.raw.len(),
            top: top(&tally.raw),
            collapsed_variants: tally.collapsed.len(),
            collapsed_top: top(&tally.collapsed),
        })
    }

    /// Each step as people read it: the labels of its values that are set.
    fn words(
        &self,
        reader: &Reader,
        definition: &RecordType,
        fields: &[String],
        steps: &[Step],
    ) -> Result<Vec<String>> {
        let cards = Cards::new(self, reader);
        let values: Vec<Vec<Value>> = steps
            .iter()
            .map(|step| {
                step.iter()
                    .zip(fields)
                    .map(|(text, field)| value(definition, field, text))
                    .collect()
            })
            .collect();
        cards.fetch_of(values.iter().flatten())?;
        let style = Style { language: self.language(), zone: &self.actor.zone, names: &cards };
        let word = |(field, value): (&String, &Value)| {
            let kind = view::kind_of(definition, None, field)?;
            Some(field::text(&kind, value, &style)).filter(|text| !text.is_empty())
        };
        let step = |values: &Vec<Value>| -> String {
            fields.iter().zip(values).filter_map(word).collect::<Vec<_>>().join(" / ")
        };
        Ok(values.iter().map(step).collect())
    }
}

/// A value as movements keep it, back as a value.
fn value(definition: &RecordType, field: &str, text: &Option<Arc<str>>) -> Value {
    use model::definition::FieldKind;
    let Some(text) = text else { return Value::Unset };
    let number = || text.parse::<i64>().ok();
    let kind = view::kind_of(definition, None, field);
    let found = match kind {
        Some(FieldKind::Reference { .. }) => number().map(|key| Value::Reference(Key(key))),
        Some(FieldKind::YesNo) => Some(Value::YesNo(&**text == "true")),
        Some(FieldKind::Integer { .. }) => number().map(Value::Integer),
        Some(FieldKind::Datetime) => number().map(Value::Instant),
        Some(FieldKind::Duration) => number().map(Value::Duration),
        Some(FieldKind::Date) => number().and_then(|n| i32::try_from(n).ok()).map(Value::Date),
        _ => Some(Value::Text(text.clone())),
    };
    found.unwrap_or_default()
}

impl Tally {
    /// Counts the ways of these records.
    fn read(&mut self, reader: &Reader, keys: &[Key], fields: &[String]) -> Result<()> {
        let mut courses = Vec::with_capacity(fields.len());
        for field in fields {
            courses.push(course::of(reader.snapshot, keys, field)?);
        }
        let Some(first) = courses.first() else { return Ok(()) };
        let mut place = 0;
        while let Some(begin) = first.get(place) {
            let key = begin.record_key;
            let length = first[place..].iter().take_while(|s| s.record_key == key).count();
            let mut way = Vec::with_capacity(length);
            let mut step: Step = vec![None; fields.len()];
            for at in place..place + length {
                for (course, value) in courses.iter().zip(&mut step) {
                    let Some(moved) = course.get(at) else { return Err(torn()) };
                    if moved.changed {
                        value.clone_from(&moved.value);
                    }
                }
                way.push(self.number(&step));
            }
            place += length;
            self.count(way);
        }
        Ok(())
    }

    fn number(&mut self, step: &Step) -> u32 {
        if let Some(number) = self.numbers.get(step) {
            return *number;
        }
        let number = u32::try_from(self.steps.len()).unwrap_or(u32::MAX);
        self.steps.push(step.clone());
        self.numbers.insert(step.clone(), number);
        number
    }

    fn count(&mut self, way: Vec<u32>) {
        self.records += 1;
        self.entries += way.len();
        self.fewest = self.fewest.min(way.len());
        self.most = self.most.max(way.len());
        let mut collapsed = way.clone();
        collapsed.dedup();
        *self.raw.entry(way).or_default() += 1;
        *self.collapsed.entry(collapsed).or_default() += 1;
    }
}

/// Both courses are of the same entries, read from one snapshot.
fn torn() -> Error {
    Error::Fault("two readings of one history differ".into())
}
