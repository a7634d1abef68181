//! Search over record types: newest first, only what the person may read, with a snippet that shows
//! why. A number that is typed finds its record at once.

mod rebuild;

pub use rebuild::Rebuilt;

use crate::names::Cards;
use crate::perform::{search_texts, type_token};
use crate::reader::Reader;
use crate::refusal::Result;
use crate::rights::tokens::{Equality, Whose, equalities};
use crate::session::Session;
use crate::view::card_json;
use model::{Key, Name, Value};
use serde_json::{Map, Value as Json, json};
use std::collections::HashMap;
use store::core::spine;
use store::search::tokens::RightToken;
use store::search::{self, Audience, Query, Within};
use store::select;
use store::sql::{Right, Sight};

/// What is searched for.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub words: String,
    /// Record types; all that the person may read where empty.
    pub types: Vec<String>,
    /// The cursor of the page before.
    pub before: Option<i64>,
    pub limit: usize,
}

/// One page of hits.
#[derive(Debug, Clone)]
pub struct Hits {
    pub hits: Vec<Map<String, Json>>,
    pub next: Option<i64>,
}

/// How often the index is asked again because hits were not readable after all.
const ROUNDS: usize = 20;
/// How many hits are looked at once where the first ones were not readable.
const MORE: usize = 200;
/// Where so many hits in a row may not be read, the cursor is no record but a bound this coarse.
/// Smaller than what the rounds look at, so that each page comes further.
const COARSE: i64 = 1024;

/// The hits of one page in the making.
#[derive(Default)]
struct HitPage {
    keys: Vec<Key>,
    /// The last one that came from the index.
    last: Option<Key>,
    /// There are hits that had no room.
    over: bool,
}

impl HitPage {
    fn fill(&mut self, seen: &[Key], limit: usize) {
        for key in seen {
            if self.keys.contains(key) {
                continue;
            }
            if self.keys.len() >= limit {
                self.over = true;
                return;
            }
            self.keys.push(*key);
            self.last = Some(*key);
        }
    }

    /// Where the next page begins, `more` being where the index goes on behind what was looked at:
    /// at the last hit of this page, for the place of a record that was left out would tell of it.
    fn next(&self, more: Option<Key>) -> Option<Key> {
        if !self.over && more.is_none() {
            return None;
        }
        let bound = |key: Key| Key((key.0 / COARSE + 1) * COARSE);
        // Without either, only the number that was typed found anything yet.
        let top = Key(i64::from(u32::MAX) * COARSE);
        Some(self.last.or(more.map(bound)).unwrap_or(top))
    }
}

impl Session {
    /// Finds records by their words.
    ///
    /// # Errors
    /// `SearchIncomplete` while the index is made anew; a failed read.
    pub fn search(&self, wanted: &Wanted) -> Result<Hits> {
        let catalogue = self.engine.catalogue();
        let snapshot = self.engine.database().snapshot()?;
        self.engine.demand_whole_search(&snapshot)?;
        let reader = self.reader(&snapshot, &catalogue);
        let limit = wanted.limit.clamp(1, 200);
        let types = self.searched_types(&reader, &wanted.types);
        let within = self.within(&types);
        let mut page = HitPage::default();
        let mut before = wanted.before.map(Key);
        if before.is_none() {
            page.keys.extend(self.numbered(&reader, &types, &wanted.words)?);
        }
        for round in 0..ROUNDS {
            // Where hits were left out there are likely to be more of them.
            let many = if round == 0 { limit } else { limit.max(MORE) };
            // Where no type is asked for, the rights alone say of which types a hit may be.
            let types = if wanted.types.is_empty() { &[] } else { &*types };
            let (words, within) = (&*wanted.words, &*within);
            let query = Query { words, types, within, before, limit: many };
            let found = search::find(&snapshot, reader.dialect, &query)?;
            page.fill(&self.findable(&reader, &query, &found.keys)?, limit);
            before = found.more;
            if before.is_none() || page.keys.len() >= limit {
                break;
            }
        }
        let (next, keys) = (page.next(before), page.keys);
        let hits = self.hits(&reader, &keys, &wanted.words)?;
        Ok(Hits { hits, next: next.map(|key| key.0) })
    }

    /// The types asked for (with those that extend them) of which the person may read anything.
    fn searched_types(&self, reader: &Reader, asked: &[String]) -> Vec<Name> {
        let all = reader.catalogue.model.record_types.values();
        let wanted = all.filter(|t| asked.is_empty() || asked.iter().any(|name| t.is_a(name)));
        let sight = self.sight();
        wanted.filter(|t| sight.read(&t.name) != Right::Never).map(|t| t.name.clone()).collect()
    }

    fn within(&self, types: &[Name]) -> Vec<Within> {
        let sight = self.sight();
        let public = Within {
            audience: Audience::Public,
            any_of: types.iter().flat_map(|t| self.right_words(t, &sight.read(t))).collect(),
        };
        let whole = Within {
            audience: Audience::Whole,
            any_of: types.iter().flat_map(|t| self.right_words(t, &sight.whole_text(t))).collect(),
        };
        [public, whole].into_iter().filter(|within| !within.any_of.is_empty()).collect()
    }

    /// Tokens of which a document of the type carries one wherever the right holds.
    fn right_words(&self, record_type: &Name, right: &Right) -> Vec<RightToken> {
        let whole_type = || type_token(record_type).into_iter().collect();
        match right {
            Right::Never => Vec::new(),
            Right::All => whole_type(),
            Right::Where(node) => match equalities(node) {
                Some(all) => all.iter().flat_map(|equality| self.held(equality)).collect(),
                None => whole_type(),
            },
        }
    }

    fn held(&self, equality: &Equality) -> Vec<RightToken> {
        let keys = match &equality.whose {
            Whose::Me => self.actor.person.into_iter().collect(),
            Whose::Part(part) => match self.actor.part(part) {
                Value::Reference(key) => vec![key],
                Value::References(keys) => keys.to_vec(),
                _ => Vec::new(),
            },
        };
        keys.into_iter().map(|key| RightToken::of(&equality.field, key)).collect()
    }

    /// The record whose number was typed.
    fn numbered(&self, reader: &Reader, types: &[Name], words: &str) -> Result<Vec<Key>> {
        let number = words.trim().to_uppercase();
        for name in types {
            let Some(definition) = reader.catalogue.record_type(name) else { continue };
            if let Ok((named, _)) =
                self.locate(reader.snapshot, reader.catalogue, definition, &number)
            {
                return self.readable(reader, &[named.key]);
            }
        }
        Ok(Vec::new())
    }

    /// Of these records, those the person may read, in the same order.
    pub(crate) fn readable(&self, reader: &Reader, keys: &[Key]) -> Result<Vec<Key>> {
        self.readable_with(reader, keys, self.sight())
    }

    fn readable_with(&self, reader: &Reader, keys: &[Key], sight: &dyn Sight) -> Result<Vec<Key>> {
        let mut by_type: HashMap<Name, Vec<Key>> = HashMap::new();
        for found in spine::by_keys(reader.snapshot, keys)? {
            by_type.entry(found.record_type).or_default().push(found.key);
        }
        let context = reader.context(sight);
        let mut readable = std::collections::HashSet::new();
        for (name, keys) in by_type {
            if let Some(definition) = reader.catalogue.record_type(&name) {
                readable.extend(select::readable(reader.snapshot, &context, definition, &keys)?);
            }
        }
        Ok(keys.iter().copied().filter(|key| readable.contains(key)).collect())
    }

    /// Of the records found, those the person may read and find by what they may read of them. A
    /// token of the index may stand for more than a right gives, so both are asked exactly: a
    /// record whose whole text is closed to the person must hold the words in its public text.
    fn findable(&self, reader: &Reader, query: &Query, found: &[Key]) -> Result<Vec<Key>> {
        let readable = self.readable(reader, found)?;
        let whole = self.readable_with(reader, &readable, &WholeText(self.sight()))?;
        if whole.len() == readable.len() {
            return Ok(readable);
        }
        // The first so many public hits hold all of them that can be among the hits found.
        let public = query.within.iter().filter(|within| within.audience == Audience::Public);
        let within: Vec<Within> = public.cloned().collect();
        let public = search::find(
            reader.snapshot,
            reader.dialect,
            &Query { within: &within, ..query.clone() },
        )?;
        let may = |key: &Key| whole.contains(key) || public.keys.contains(key);
        Ok(readable.into_iter().filter(may).collect())
    }

    fn hits(&self, reader: &Reader, keys: &[Key], words: &str) -> Result<Vec<Map<String, Json>>> {
        let cards = Cards::new(self, reader);
        cards.fetch(keys.iter().copied())?;
        let spines = spine::by_keys(reader.snapshot, keys)?;
        let mut out = Vec::with_capacity(keys.len());
        for key in keys {
            let Some(Json::Object(mut hit)) = card_json(&cards, *key) else { continue };
            if hit.contains_key("withdrawn") {
                // Its number was typed: it has left the search like any list.
                continue;
            }
            let found = spines.iter().find(|spine| spine.key == *key);
            if let Some(found) = found {
                let snippet = self.snippet_of(reader, &found.record_type, *key, words)?;
                hit.insert("snippet".into(), snippet);
            }
            out.push(hit);
        }
        Ok(out)
    }

    /// The best fragment of the text that this person may read.
    fn snippet_of(
        &self,
        reader: &Reader,
        record_type: &Name,
        key: Key,
        words: &str,
    ) -> Result<Json> {
        let Some(definition) = reader.catalogue.record_type(record_type) else {
            return Ok(Json::Null);
        };
        let Some(record) = reader.record(definition, key)? else { return Ok(Json::Null) };
        let known = self.known_for_rights(reader, definition, &record)?;
        let view = self.view(definition, &record, &known);
        let rights = self.rights_on(definition);
        let sees = |field: &Name| rights.is_none_or(|rights| rights.sees(field, &view));
        let text = search_texts(definition, &record, &sees);
        Ok(pieces(&text, words))
    }
}

/// Reads only where the whole text may be searched.
struct WholeText<'s>(&'s dyn Sight);

impl Sight for WholeText<'_> {
    fn read(&self, record_type: &str) -> Right {
        self.0.whole_text(record_type)
    }

    fn field(&self, record_type: &str, field: &str) -> Right {
        self.0.field(record_type, field)
    }

    fn whole_text(&self, record_type: &str) -> Right {
        self.0.whole_text(record_type)
    }
}

/// A snippet as pieces of text, those that match marked.
fn pieces(text: &str, words: &str) -> Json {
    let found = search::snippet(text, words);
    let piece = |range: std::ops::Range<usize>, mark: bool| {
        let text = text.get(range).unwrap_or_default();
        (!text.is_empty()).then(|| json!({ "text": text, "mark": mark }))
    };
    let mut at = found.fragment.start;
    let mut out = Vec::new();
    for mark in found.marks {
        out.extend(piece(at..mark.start, false));
        out.extend(piece(mark.clone(), true));
        at = mark.end;
    }
    out.extend(piece(at..found.fragment.end, false));
    Json::Array(out)
}
