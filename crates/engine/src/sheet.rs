//! Everything about one record that is shown on one page, read from one snapshot: its values, what
//! it is linked to in either direction, the ways on, which fields may be edited here and now.

use crate::decide::{self, Move, editable};
use crate::facts::Known;
use crate::look::Seen;
use crate::names::Cards;
use crate::perform::Job;
use crate::reader::Reader;
use crate::record::Record;
use crate::refusal::Result;
use crate::rights::Deed;
use crate::session::{Session, as_named};
use crate::view::card_json;
use model::definition::RecordType;
use model::{Key, Name};
use serde_json::{Map, Value as Json};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use store::core::link::{self, Link};

/// One record as one person sees it.
#[derive(Debug, Clone)]
pub struct Sheet {
    pub definition: Arc<RecordType>,
    pub seen: Seen,
    /// The ways on; none of a record as it stood.
    pub moves: Vec<Move>,
    /// The fields that this person may edit as the record stands.
    pub editable: BTreeSet<Name>,
    /// The fields whose condition for being shown holds.
    pub shown: BTreeSet<Name>,
    pub links: Vec<Linked>,
    /// Whether more records lead here than are told.
    pub more_links: bool,
    /// Whether internal notes are read and written.
    pub internal: bool,
    pub withdraws: bool,
}

/// The records at the other ends of one link, as far as they may be read.
#[derive(Debug, Clone)]
pub struct Linked {
    /// The record type that declares the link.
    pub declared_by: Name,
    pub name: Name,
    /// The link is declared by the records that lead here.
    pub inverse: bool,
    pub label: String,
    pub to: Name,
    pub many: bool,
    pub cards: Vec<Json>,
}

/// A record in the making, as its form shows it.
#[derive(Debug, Clone)]
pub struct Draft {
    /// What was given, with defaults and what is computed.
    pub json: Map<String, Json>,
    /// The fields whose condition for being shown holds and that this person may fill.
    pub shown: BTreeSet<Name>,
}

/// Records that lead to one, as many as a page shows.
const LEADING: usize = 200;

impl Session {
    /// The record that a text names, with what stands around it; as it stood at `as_of`
    /// (microseconds) if given, when nothing can be done with it.
    ///
    /// # Errors
    /// `NotFound`, `Gone`.
    pub fn sheet(&self, record_type: &str, text: &str, as_of: Option<i64>) -> Result<Sheet> {
        let catalogue = self.engine.catalogue();
        let snapshot = self.engine.database().snapshot()?;
        let reader = self.reader(&snapshot, &catalogue);
        let asked = self.definition(&catalogue, record_type)?;
        let (definition, now, known) = self.open_named(&reader, &asked, text)?;
        let (record, known) = match as_of {
            None => (Record::clone(&now), known),
            Some(at) => {
                let then = self.open_as_of(&reader, &definition, now.key, at);
                then.map_err(|error| as_named(error, text))?
            }
        };
        let (links, more_links) = self.linked(&reader, &definition, record.key, as_of)?;
        let own = crate::look::ends(&reader, &definition, record.key, as_of)?;
        let seen = self.seen(&reader, &definition, &record, &known, &own)?;
        let may = |deed| as_of.is_none() && self.may(deed, &definition, &record, &known);
        let (internal, withdraws) = (may(Deed::Internal), may(Deed::Withdraw));
        let moves = match as_of {
            None => Job::new(self, &reader, &definition).moves(&record)?,
            Some(_) => Vec::new(),
        };
        let editable = match as_of {
            None => self.editable(&definition, &record, &known),
            Some(_) => BTreeSet::new(),
        };
        let shown = self.shown(&definition, &record, &known);
        Ok(Sheet {
            definition,
            seen,
            moves,
            editable,
            shown,
            links,
            more_links,
            internal,
            withdraws,
        })
    }

    /// A new record with these values, as far as they can be taken; nothing is written.
    ///
    /// # Errors
    /// `NotFound` for an unknown record type; a failed read.
    pub fn draft(&self, record_type: &str, given: &Map<String, Json>) -> Result<Draft> {
        let mut values = Vec::new();
        for (name, json) in given {
            let one = Map::from_iter([(name.clone(), json.clone())]);
            // What cannot be taken is told when the record is to be made, not while it is typed.
            if let Ok(input) = self.input(record_type, &one) {
                values.extend(input.values);
            }
        }
        let catalogue = self.engine.catalogue();
        let snapshot = self.engine.database().snapshot()?;
        let reader = self.reader(&snapshot, &catalogue);
        let definition = self.definition(&catalogue, record_type)?;
        let open = |(name, _): &(Name, model::Value)| {
            let field = definition.fields.get(name);
            field.is_some_and(|field| field.computed.is_none() && !field.set_by_workflow)
        };
        values.retain(open);
        let job = Job::new(self, &reader, &definition);
        let nothing = Known::default();
        let mut record = decide::draft(&job.case(&nothing), job.blank()?, &values)?;
        job.substitute(None, &mut record)?;
        let known = job.known(&record, &[], &HashMap::new())?;
        decide::compute(&job.case(&known), &mut record, &known);
        let json = self.seen(&reader, &definition, &record, &known, &BTreeMap::new())?.json;
        let mut shown = self.shown(&definition, &record, &known);
        let (rights, view) = (self.rights_on(&definition), self.view(&definition, &record, &known));
        shown.retain(|name| rights.is_none_or(|r| r.reaches(Deed::Create, name, &view)));
        Ok(Draft { json, shown })
    }

    fn editable(&self, definition: &RecordType, record: &Record, known: &Known) -> BTreeSet<Name> {
        let view = self.view(definition, record, known);
        let rights = self.rights_on(definition);
        let reached = |name: &Name| {
            rights.is_none_or(|r| r.sees(name, &view) && r.reaches(Deed::Write, name, &view))
        };
        let fields = definition.fields.values();
        let open = fields.filter(|f| f.computed.is_none() && !f.set_by_workflow);
        let open = open.filter(|f| editable(definition, record, &f.name) && reached(&f.name));
        open.map(|field| field.name.clone()).collect()
    }

    fn shown(&self, definition: &RecordType, record: &Record, known: &Known) -> BTreeSet<Name> {
        let view = self.view(definition, record, known);
        let holds = |e: &model::expression::Expression| e.holds(&view);
        let fields = definition.fields.values();
        let shown = fields.filter(|field| field.show.as_ref().is_none_or(holds));
        shown.map(|field| field.name.clone()).collect()
    }

    /// Own links first, in the order of the definition, then those that lead here.
    fn linked(
        &self,
        reader: &Reader,
        definition: &RecordType,
        key: Key,
        as_of: Option<i64>,
    ) -> Result<(Vec<Linked>, bool)> {
        let own = link::of_record(reader.snapshot, key, as_of)?;
        let mut leading = link::to_record(reader.snapshot, key, as_of, LEADING + 1)?;
        let more = leading.len() > LEADING;
        leading.truncate(LEADING);
        let cards = Cards::new(self, reader);
        cards.fetch(own.iter().map(|link| link.to).chain(leading.iter().map(|link| link.from)))?;
        let language = self.language();
        let mut out: Vec<Linked> = Vec::new();
        for declared in definition.links.values() {
            let name = format!("{}.{}", declared.declared_by, declared.name);
            let far = own.iter().filter(|link| *link.name == *name).map(|link| link.to);
            out.push(Linked {
                declared_by: declared.declared_by.clone(),
                name: declared.name.clone(),
                inverse: false,
                label: declared.label.text(language).to_string(),
                to: declared.to.clone(),
                many: declared.many,
                cards: far.filter_map(|key| card_json(&cards, key)).collect(),
            });
        }
        for inverse in &definition.inverses {
            out.extend(self.inverse(reader, &cards, inverse, &leading));
        }
        Ok((out, more))
    }

    /// What leads here by one link; none where nothing does that may be read.
    fn inverse(
        &self,
        reader: &Reader,
        cards: &Cards,
        inverse: &model::definition::Inverse,
        leading: &[Link],
    ) -> Option<Linked> {
        let from = reader.catalogue.record_type(&inverse.from)?;
        let declared = from.links.get(&inverse.link)?;
        let name = format!("{}.{}", declared.declared_by, declared.name);
        let near = leading.iter().filter(|link| *link.name == *name).map(|link| link.from);
        let cards: Vec<Json> = near.filter_map(|key| card_json(cards, key)).collect();
        if cards.is_empty() {
            return None;
        }
        Some(Linked {
            declared_by: declared.declared_by.clone(),
            name: declared.name.clone(),
            inverse: true,
            label: declared.inverse.text(self.language()).to_string(),
            to: from.name.clone(),
            many: true,
            cards,
        })
    }
}
