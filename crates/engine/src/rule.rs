//! Rules written in Rust: what an expression cannot say. A process registers them by record type
//! and name; the definition names them with `code = true`.
//!
//! A rule reads one snapshot with whole sight and answers; it never writes. What must not be
//! promised twice at the same time it declares as guards: two decisions that share a guard cannot
//! both be written without the second having seen the first.

use crate::catalogue::Catalogue;
use crate::reader::Reader;
use crate::record::{Record, formatted};
use crate::refusal::{Error, Result};
use model::definition::{RecordType, Sort};
use model::expression::{Comparison, LinkEnd, Node, Place, check};
use model::{Key, Name, Value};
use store::core::history;
use store::select::{self, Select};

/// One registered rule.
#[derive(Clone, Copy)]
pub struct CodeRule {
    pub record_type: &'static str,
    pub name: &'static str,
    /// Names of what the decision depends on, e.g. one for each affected record.
    pub guards: fn(&RuleCase) -> Result<Vec<String>>,
    pub test: fn(&RuleCase) -> Result<Answer>,
}

/// A rule's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    Holds,
    /// `by`: the record in the way, if one is; named only to those who may read it.
    Broken {
        by: Option<Key>,
    },
}

impl Answer {
    pub fn broken_by(other: &Found) -> Answer {
        Answer::Broken { by: Some(other.key) }
    }

    pub fn holds_if(holds: bool) -> Answer {
        if holds { Answer::Holds } else { Answer::Broken { by: None } }
    }
}

/// What a rule is asked about: the record as it would stand.
pub struct RuleCase<'a> {
    pub record: &'a Record,
    /// As it stands; none for a new record.
    pub before: Option<&'a Record>,
    pub definition: &'a RecordType,
    pub now: i64,
    /// Links as they would stand, where the command sets them.
    pub(crate) links: &'a [(Name, Vec<Key>)],
    pub(crate) reader: &'a Reader<'a>,
}

/// A record a rule found.
#[derive(Debug, Clone)]
pub struct Found {
    pub key: Key,
    pub number: String,
    pub values: Vec<(Name, Value)>,
}

/// A selection a rule makes, with whole sight.
pub struct Selection<'a> {
    case: &'a RuleCase<'a>,
    definition: Option<&'a RecordType>,
    filters: Vec<Node>,
    columns: Vec<Name>,
    /// Whether it was asked for what nothing can be.
    is_empty: bool,
    fault: Option<String>,
}

/// Entries that change nothing of a record: talk, votes, watching, timers.
const SIDE_ENTRIES: [&str; 10] = [
    "comment",
    "note",
    "approve",
    "reject",
    "delegate",
    "watch",
    "unwatch",
    "withdraw",
    "clock_warning",
    "clock_breach",
];
/// How many entries of a history are read at a time.
const ENTRIES: usize = 100;

impl<'a> RuleCase<'a> {
    /// Whether the command gives the field another value than it has.
    pub fn changes(&self, field: &str) -> bool {
        let old = self.before.map_or(Value::Unset, |before| before.field(field));
        old != self.record.field(field)
    }

    /// Whether the command sets this link of the record.
    pub fn sets_link(&self, link: &str) -> bool {
        self.links.iter().any(|(name, _)| name == link)
    }

    /// A field of another record; unset where there is no such record.
    ///
    /// # Errors
    /// A failed read.
    pub fn value_of(&self, record_type: &str, key: Key, field: &str) -> Result<Value> {
        let Some(definition) = self.catalogue().record_type(record_type) else {
            return Err(Error::Fault(format!("rule: no record type {record_type}")));
        };
        let record = self.reader.record(definition, key)?;
        Ok(record.map_or(Value::Unset, |record| record.field(field)))
    }

    /// The far ends of a link of other records, together.
    ///
    /// # Errors
    /// A failed read.
    pub fn far_ends(&self, record_type: &str, link: &str, keys: &[Key]) -> Result<Vec<Key>> {
        let definition = self.catalogue().record_type(record_type);
        match definition.and_then(|definition| end_of(definition, link)) {
            Some(end) => self.reader.linked(&end, keys),
            None => Err(Error::Fault(format!("rule: no link {record_type}.{link}"))),
        }
    }

    /// Whether a field, the state, a link or a file of another record was changed at or after an
    /// instant.
    ///
    /// # Errors
    /// A failed read.
    pub fn changed_since(&self, key: Key, at: i64) -> Result<bool> {
        let mut after = None;
        loop {
            let entries = {
                let wanted = history::Wanted { after, ..Default::default() };
                history::of_record(self.reader.snapshot, key, true, wanted, ENTRIES)?
            };
            for entry in &entries {
                if entry.at < at {
                    return Ok(false);
                }
                if !SIDE_ENTRIES.contains(&&*entry.kind) {
                    return Ok(true);
                }
            }
            let Some(last) = entries.last().filter(|_| entries.len() == ENTRIES) else {
                return Ok(false);
            };
            after = Some((last.version, last.key));
        }
    }

    /// The far ends of one of the record's own links.
    ///
    /// # Errors
    /// A failed read.
    pub fn linked(&self, link: &str) -> Result<Vec<Key>> {
        if let Some((_, keys)) = self.links.iter().find(|(name, _)| name == link) {
            return Ok(keys.clone());
        }
        match end_of(self.definition, link) {
            Some(end) if self.record.version > 0 => self.reader.linked(&end, &[self.record.key]),
            _ => Ok(Vec::new()),
        }
    }

    /// Begins a selection of records of a type.
    pub fn select(&'a self, record_type: &str) -> Selection<'a> {
        let definition = self.catalogue().record_type(record_type).map(|found| &**found);
        let fault = definition.is_none().then(|| format!("no record type {record_type}"));
        let (filters, columns, is_empty) = Default::default();
        Selection { case: self, definition, filters, columns, is_empty, fault }
    }

    fn catalogue(&self) -> &'a Catalogue {
        self.reader.catalogue
    }
}

impl<'a> Selection<'a> {
    /// Where this expression holds.
    #[must_use]
    pub fn filter(mut self, text: &str) -> Self {
        if let Some(definition) = self.definition {
            let model = &self.case.catalogue().model;
            let kind = model::expression::Kind::YesNo;
            match check(text, &definition.name, Place::Filter, Some(&kind), model) {
                Ok(expression) => self.filters.push(expression.node),
                Err(slips) => self.fault = Some(format!("{text}: {slips:?}")),
            }
        }
        self
    }

    /// Whose span from `start` to `end` overlaps the same span of the record; ends that only
    /// touch do not overlap.
    #[must_use]
    pub fn overlaps(self, start: &str, end: &str) -> Self {
        let (from, to) = (self.case.record.field(start), self.case.record.field(end));
        self.span(start, end, from, to)
    }

    /// Whose span from `start` to `end` overlaps the one given; none where that has no ends.
    #[must_use]
    pub fn span(mut self, start: &str, end: &str, from: Value, to: Value) -> Self {
        self.is_empty |= !from.is_set() || !to.is_set();
        if let (Some(start), Some(end)) = (Name::new(start), Name::new(end)) {
            self.filters.push(compare(Comparison::Less, start, to));
            self.filters.push(compare(Comparison::Greater, end, from));
        }
        self
    }

    /// Which share a far end of this link with the record.
    ///
    /// # Errors
    /// A failed read.
    pub fn shares(self, link: &str) -> Result<Self> {
        let keys = self.case.linked(link)?;
        Ok(self.linked_to(link, &keys))
    }

    /// Whose link leads to the record.
    #[must_use]
    pub fn linked_here(self, link: &str) -> Self {
        let own = self.case.record.key;
        self.linked_to(link, &[own])
    }

    /// Whose link leads to one of these records.
    #[must_use]
    pub fn linked_to(mut self, link: &str, keys: &[Key]) -> Self {
        self.is_empty |= keys.is_empty();
        match self.definition.and_then(|definition| end_of(definition, link)) {
            Some(end) => {
                let one = |key: &Key| {
                    let far = Box::new(Node::Linked(end.clone()));
                    Node::In(Box::new(Node::Value(Value::Reference(*key))), far)
                };
                self.filters.push(Node::Or(keys.iter().map(one).collect()));
            }
            None => self.fault = Some(format!("no link {link}")),
        }
        self
    }

    /// All but the record itself.
    #[must_use]
    pub fn excluding_itself(mut self) -> Self {
        let own = self.case.record;
        if let (Some(name), Some(number)) = (Name::new("number"), own.number)
            && self.definition.is_some_and(|d| d.is_a(self.case.definition.root()))
        {
            self.filters.push(compare(Comparison::NotEqual, name, Value::Integer(number)));
        }
        self
    }

    /// The fields to bring along.
    #[must_use]
    pub fn columns(mut self, columns: &[&str]) -> Self {
        self.columns = columns.iter().filter_map(|name| Name::new(name)).collect();
        self
    }

    /// The first record found, newest first.
    ///
    /// # Errors
    /// A failed read; a fault where the selection does not fit the definitions.
    pub fn first(self) -> Result<Option<Found>> {
        Ok(self.all(1)?.into_iter().next())
    }

    /// At most so many of the records found, newest first.
    ///
    /// # Errors
    /// As [`Selection::first`].
    pub fn all(self, most: usize) -> Result<Vec<Found>> {
        if let Some(fault) = self.fault {
            return Err(Error::Fault(format!("rule: {fault}")));
        }
        let Some(definition) = self.definition.filter(|_| !self.is_empty) else {
            return Ok(Vec::new());
        };
        // A type without numbers sorts by key anyway.
        let numbered = definition.number.is_some();
        let newest = numbered.then(|| Sort { field: number_name(), descending: true });
        let select = Select {
            record_type: definition,
            filters: self.filters.iter().collect(),
            sort: newest.into_iter().collect(),
            columns: self.columns.clone(),
            as_of: None,
            withdrawn: false,
        };
        let page = self.case.reader.page(&select, &select::Place::Start, most)?;
        let columns = &self.columns;
        let found = |row: select::Record| Found {
            key: row.key,
            number: formatted(definition, row.number),
            values: columns.iter().cloned().zip(row.values).collect(),
        };
        Ok(page.rows.into_iter().map(found).collect())
    }
}

impl Found {
    pub fn field(&self, name: &str) -> Value {
        let found = self.values.iter().find(|(field, _)| field == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    }
}

fn end_of(definition: &RecordType, link: &str) -> Option<LinkEnd> {
    let link = definition.links.get(link)?;
    Some(LinkEnd {
        from: link.declared_by.clone(),
        link: link.name.clone(),
        inverse: false,
        other: link.to.clone(),
    })
}

fn compare(comparison: Comparison, field: Name, value: Value) -> Node {
    Node::Compare(comparison, Box::new(Node::Field(field)), Box::new(Node::Value(value)))
}

fn number_name() -> Name {
    // A literal that is a name by construction.
    Name::new("number").unwrap_or_else(|| unreachable!("`number` is a name"))
}
