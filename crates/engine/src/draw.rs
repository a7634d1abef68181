//! What pictures ask beside lists and measures: records and the links between them, how a number is
//! distributed, what the parameters of a page are where nobody says. All as the reader may see it,
//! and each in a number of statements that does not grow with the records.

use crate::field::Names;
use crate::names::Cards;
use crate::reader::Reader;
use crate::refusal::{Refusal, Result};
use crate::session::Session;
use crate::view::card_json;
use model::definition::RecordType;
use model::definition::page::Direction;
use model::expression::{Asked, Expression, LinkEnd, NoRecord};
use model::{Key, Name, Value};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::select::{self, Place, Select};

/// A walk along links.
#[derive(Debug, Clone)]
pub struct Walk {
    pub record_type: String,
    pub from: Origin,
    /// Links of the record type.
    pub links: Vec<Name>,
    pub direction: Direction,
    pub steps: usize,
    /// The most records it meets.
    pub most: usize,
}

/// Where a walk begins.
#[derive(Debug, Clone)]
pub enum Origin {
    /// The record of this number, id or name.
    Record(String),
    /// The records for which the filter holds; all where there is none.
    Where(Option<String>),
}

/// What a walk met.
#[derive(Debug, Clone, Default)]
pub struct Walked {
    /// Those it began at first, then the nearer before the further.
    pub stops: Vec<Stop>,
    pub ways: Vec<Way>,
    /// There is more than was met.
    pub is_cut: bool,
}

/// One record, as others name it.
#[derive(Debug, Clone)]
pub struct Stop {
    pub card: Json,
    /// How many links from where the walk began; below zero against their direction.
    pub step: i64,
}

/// One link between two stops, in the direction in which it is declared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Way {
    pub from: usize,
    pub to: usize,
    pub link: Name,
}

/// A walk under way.
struct Walker<'w> {
    walk: &'w Walk,
    cards: Cards<'w>,
    reader: &'w Reader<'w>,
    place: HashMap<Key, usize>,
    walked: Walked,
    ways: BTreeSet<Way>,
}

impl Session {
    /// The records that links lead to, and the links between them.
    ///
    /// # Errors
    /// `NotFound` for an unknown record type or a record that may not be read; `BadQuestion`.
    pub fn walk(&self, walk: &Walk) -> Result<Walked> {
        let catalogue = self.engine().catalogue();
        let definition = self.definition(&catalogue, &walk.record_type)?;
        let snapshot = self.engine().database().snapshot()?;
        let reader = self.reader(&snapshot, &catalogue);
        let (roots, is_cut) = self.roots(&reader, &definition, walk)?;
        let ends = ends(&definition, &walk.links);
        let mut walker = Walker {
            walk,
            cards: Cards::new(self, &reader),
            reader: &reader,
            place: HashMap::new(),
            walked: Walked { is_cut, ..Walked::default() },
            ways: BTreeSet::new(),
        };
        walker.meet(&roots, 0)?;
        if walk.direction != Direction::Up {
            walker.go(&roots, &ends, false)?;
        }
        if walk.direction != Direction::Down {
            walker.go(&roots, &ends, true)?;
        }
        let mut walked = walker.walked;
        walked.ways = walker.ways.into_iter().collect();
        Ok(walked)
    }

    fn roots(
        &self,
        reader: &Reader,
        definition: &RecordType,
        walk: &Walk,
    ) -> Result<(Vec<Key>, bool)> {
        let filter = match &walk.from {
            Origin::Record(text) => {
                let missing = || Refusal::NotFound { what: text.clone() };
                let found = Cards::new(self, reader).find(&definition.name, text);
                let key = found.ok().flatten().ok_or_else(missing)?;
                return Ok((vec![key], false));
            }
            Origin::Where(filter) => filter,
        };
        let mut filters = Vec::new();
        if let Some(text) = filter {
            let checked = crate::list::filter(reader.catalogue, definition, text);
            filters.push(checked.map_err(Refusal::BadQuestion)?);
        }
        self.name_records(reader, definition, &mut filters)?;
        let select = Select {
            record_type: definition,
            filters: filters.iter().map(|filter| &filter.node).collect(),
            sort: Vec::new(),
            columns: Vec::new(),
            as_of: None,
            withdrawn: false,
        };
        let context = reader.context(self.sight());
        let page = select::page(reader.snapshot, &context, &select, &Place::Start, walk.most)?;
        Ok((page.rows.iter().map(|row| row.key).collect(), page.after.is_some()))
    }

    /// The far ends of one link of several records that were listed: the id of each with each
    /// record it leads to, as far as both may be read.
    ///
    /// # Errors
    /// `NotFound` for a link that the record type has not.
    pub fn far_ends_of(
        &self,
        record_type: &str,
        link: &str,
        ids: &[String],
    ) -> Result<Vec<(String, Json)>> {
        let catalogue = self.engine().catalogue();
        let definition = self.definition(&catalogue, record_type)?;
        let missing = || Refusal::NotFound { what: link.to_string() };
        let end = ends(&definition, &Name::new(link).into_iter().collect::<Vec<_>>());
        let end = end.first().ok_or_else(missing)?;
        let snapshot = self.engine().database().snapshot()?;
        let reader = self.reader(&snapshot, &catalogue);
        let uuids: Vec<_> = ids.iter().filter_map(|id| uuid::Uuid::try_parse(id).ok()).collect();
        let spines = store::core::spine::by_ids(&snapshot, &uuids)?;
        let near: BTreeMap<Key, String> =
            spines.iter().map(|spine| (spine.key, spine.id.to_string())).collect();
        let keys: Vec<Key> = near.keys().copied().collect();
        let pairs = reader.pairs(end, &keys)?;
        let cards = Cards::new(self, &reader);
        cards.fetch(pairs.iter().flat_map(|(near, far)| [*near, *far]))?;
        let shown = pairs.iter().filter_map(|(key, far)| {
            card_json(&cards, *key)?;
            Some((near.get(key)?.clone(), card_json(&cards, *far)?))
        });
        Ok(shown.collect())
    }

    /// What an expression that reads no record gives this person now: the default of a parameter.
    pub fn value_now(&self, expression: &Expression) -> Value {
        let nothing = NoRecord { asked: self, of: None };
        expression.evaluate(&nothing)
    }
}

/// The ends of these links of a record type.
fn ends(definition: &RecordType, links: &[Name]) -> Vec<LinkEnd> {
    let found = links.iter().filter_map(|name| definition.links.get(name));
    let end = |link: &model::definition::Link| LinkEnd {
        from: link.declared_by.clone(),
        link: link.name.clone(),
        inverse: false,
        other: link.to.clone(),
    };
    found.map(end).collect()
}

impl Walker<'_> {
    /// Gives places to records that may be read and have none yet.
    fn meet(&mut self, keys: &[Key], step: i64) -> Result<Vec<Key>> {
        self.cards.fetch(keys.iter().copied())?;
        let mut met = Vec::new();
        for key in keys {
            let Some(card) = card_json(&self.cards, *key) else { continue };
            if self.place.contains_key(key) {
                continue;
            }
            if self.walked.stops.len() >= self.walk.most {
                self.walked.is_cut = true;
                break;
            }
            self.place.insert(*key, self.walked.stops.len());
            self.walked.stops.push(Stop { card, step });
            met.push(*key);
        }
        Ok(met)
    }

    fn go(&mut self, roots: &[Key], ends: &[LinkEnd], inverse: bool) -> Result<()> {
        let mut here: Vec<Key> = roots.to_vec();
        here.retain(|key| self.place.contains_key(key));
        let sign = if inverse { -1 } else { 1 };
        for step in 1..=self.walk.steps as i64 {
            let mut found: Vec<(Key, Key, Name)> = Vec::new();
            for end in ends {
                let end = LinkEnd { inverse, ..end.clone() };
                let pairs = self.reader.pairs(&end, &here)?;
                found.extend(pairs.into_iter().map(|(a, b)| (a, b, end.link.clone())));
            }
            let far: Vec<Key> = found.iter().map(|(_, far, _)| *far).collect();
            let met = self.meet(&far, sign * step)?;
            for (near, far, link) in found {
                let places = (self.place.get(&near), self.place.get(&far));
                if let (Some(near), Some(far)) = places {
                    let (from, to) = if inverse { (*far, *near) } else { (*near, *far) };
                    self.ways.insert(Way { from, to, link });
                }
            }
            here = met;
            if here.is_empty() {
                break;
            }
        }
        Ok(())
    }
}

impl Asked for Session {
    fn my_part(&self, part: &Name) -> Value {
        self.actor().part(part)
    }

    fn me(&self) -> Option<Key> {
        self.actor().person
    }

    fn now(&self) -> i64 {
        Session::now(self)
    }

    fn today(&self) -> i32 {
        Session::today(self)
    }
}
