//! Naming other records to a person: references shown as cards, and records found by what people
//! write. Only records the person may read are named or found.

use crate::field::{Card, Names, Slip};
use crate::reader::Reader;
use crate::record::{WITHDRAWN, formatted, title_in};
use crate::refusal::Result;
use crate::session::Session;
use model::definition::{FieldKind, RecordType};
use model::expression::{Comparison, Node};
use model::{Key, Name, Value};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use store::core::spine;
use store::select::{self, Place, Select};

/// Cards of records that have been fetched, and a way to find others.
pub struct Cards<'a> {
    session: &'a Session,
    reader: &'a Reader<'a>,
    cards: RefCell<HashMap<Key, Option<Card>>>,
}

impl<'a> Cards<'a> {
    pub fn new(session: &'a Session, reader: &'a Reader<'a>) -> Cards<'a> {
        Cards { session, reader, cards: RefCell::default() }
    }

    /// Fetches the cards of these records, a statement or two a record type.
    ///
    /// # Errors
    /// A failed read.
    pub fn fetch(&self, keys: impl IntoIterator<Item = Key>) -> Result<()> {
        let mut wanted: Vec<Key> = {
            let cards = self.cards.borrow();
            keys.into_iter().filter(|key| !cards.contains_key(key)).collect()
        };
        wanted.sort_unstable();
        wanted.dedup();
        if wanted.is_empty() {
            return Ok(());
        }
        let mut by_type: BTreeMap<Name, Vec<spine::Spine>> = BTreeMap::new();
        for found in spine::by_keys(self.reader.snapshot, &wanted)? {
            by_type.entry(found.record_type.clone()).or_default().push(found);
        }
        wanted.iter().for_each(|key| drop(self.cards.borrow_mut().insert(*key, None)));
        for (record_type, found) in by_type {
            if let Some(definition) = self.reader.catalogue.record_type(&record_type) {
                self.add(definition, found)?;
            }
        }
        Ok(())
    }

    fn add(&self, definition: &RecordType, found: Vec<spine::Spine>) -> Result<()> {
        let keys: Vec<Key> = found.iter().map(|spine| spine.key).collect();
        let context = self.reader.context(self.session.sight());
        let readable = select::readable(self.reader.snapshot, &context, definition, &keys)?;
        let language = self.session.language();
        let mut cards = self.cards.borrow_mut();
        for spine in found.into_iter().filter(|spine| readable.contains(&spine.key)) {
            let withdrawn = *spine.title == *WITHDRAWN;
            let title = if withdrawn { "" } else { title_in(&spine.title, language) };
            let card = Card {
                key: spine.key,
                id: spine.id.to_string(),
                record_type: spine.record_type.to_string(),
                number: formatted(definition, spine.number),
                title: title.to_string(),
                withdrawn,
            };
            cards.insert(spine.key, Some(card));
        }
        Ok(())
    }

    /// Fetches the cards of every record that these values name.
    ///
    /// # Errors
    /// A failed read.
    pub fn fetch_of<'v>(&self, values: impl IntoIterator<Item = &'v Value>) -> Result<()> {
        self.fetch(values.into_iter().flat_map(keys_in))
    }

    /// Records of the type with this text in a unique field, or with this title.
    fn search(&self, definition: &RecordType, text: &str) -> Result<Vec<Key>> {
        let unique = definition.fields.values().filter(|field| field.unique);
        for field in unique.filter(|f| matches!(f.kind, FieldKind::Text { .. } | FieldKind::Email))
        {
            let found = self.reader.find(definition, &field.name, &Value::text(text), 2)?;
            if !found.is_empty() {
                return Ok(found);
            }
        }
        let title = definition.fields.get(&definition.title);
        if title.is_some_and(|title| matches!(title.kind, FieldKind::LocalText { .. })) {
            return self.by_local_title(definition, text);
        }
        Ok(spine::by_title(self.reader.snapshot, &definition.family, text, 3)?)
    }

    /// A title in several languages: any of them.
    fn by_local_title(&self, definition: &RecordType, text: &str) -> Result<Vec<Key>> {
        let title = Box::new(Node::Field(definition.title.clone()));
        let text = Box::new(Node::Value(Value::text(text)));
        let filter = Node::Compare(Comparison::Equal, title, text);
        let select = Select {
            record_type: definition,
            filters: vec![&filter],
            sort: Vec::new(),
            columns: Vec::new(),
            as_of: None,
            withdrawn: false,
        };
        let context = self.reader.context(self.session.sight());
        let page = select::page(self.reader.snapshot, &context, &select, &Place::Start, 3)?;
        Ok(page.rows.iter().map(|row| row.key).collect())
    }

    fn locate(&self, to: &str, text: &str) -> Result<Vec<Key>> {
        let Some(definition) = self.reader.catalogue.record_type(to) else { return Ok(Vec::new()) };
        let catalogue = self.reader.catalogue;
        let located = self.session.locate(self.reader.snapshot, catalogue, definition, text);
        let keys = match located {
            // What names it was just read: it needs no fetching.
            Ok((found, real)) => {
                let key = found.key;
                self.cards.borrow_mut().insert(key, None);
                self.add(&real, vec![found])?;
                vec![key]
            }
            Err(crate::Error::Refused(_)) => self.search(definition, text)?,
            Err(fault) => return Err(fault),
        };
        self.fetch(keys.iter().copied())?;
        let cards = self.cards.borrow();
        Ok(keys.into_iter().filter(|key| cards.get(key).is_some_and(Option::is_some)).collect())
    }
}

impl Names for Cards<'_> {
    fn find(&self, to: &str, text: &str) -> std::result::Result<Option<Key>, Slip> {
        let slip = |en: &str, zh: &str| Slip { en: en.into(), zh: zh.into() };
        match self.locate(to, text) {
            Ok(keys) if keys.len() > 1 => {
                Err(slip("Several records fit; give the number.", "有多条记录符合，请填写编号。"))
            }
            Ok(keys) => Ok(keys.first().copied()),
            Err(_) => Err(slip("This could not be looked up just now.", "暂时无法查找该记录。")),
        }
    }

    fn card(&self, key: Key) -> Option<Card> {
        self.cards.borrow().get(&key).cloned().flatten()
    }
}

/// The records that a value names.
pub fn keys_in(value: &Value) -> impl Iterator<Item = Key> {
    let (one, many): (Option<Key>, &[Key]) = match value {
        Value::Reference(key) => (Some(*key), &[]),
        Value::References(many) => (None, many),
        _ => (None, &[]),
    };
    one.into_iter().chain(many.iter().copied())
}

/// An instant as RFC 3339 in UTC, with only as many digits as it needs.
pub fn instant_text(at: i64) -> String {
    jiff::Timestamp::from_microsecond(at).map(|t| t.to_string()).unwrap_or_default()
}
