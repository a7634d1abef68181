//! The full-text index made anew: after a restore, since a backup leaves it out. By pages, each a
//! unit that also says how far it has come, so that whoever finds it unfinished goes on. Records
//! are written meanwhile as always: what a live write put into the index is left as it is.

use crate::catalogue::Catalogue;
use crate::engine::Engine;
use crate::perform::{SPOKEN, Texts, comments, right_tokens, with_comments};
use crate::reader::Reader;
use crate::record::Record;
use crate::refusal::{Refusal, Result};
use crate::session::Session;
use model::Key;
use model::definition::RecordType;
use std::collections::HashSet;
use std::sync::atomic::Ordering;
use store::core::spine::{self, Spine};
use store::core::{history, setting};
use store::search::{Audience, Document, index};
use store::{Failure, Read, Unit};

/// There while the index lacks records: `restored` at first, then the last key and the number of
/// records that are done.
const SETTING: &str = "search.rebuild";
/// Records of a page, and bytes of their texts after which it ends early.
const RECORDS: usize = 200;
const BYTES: usize = 4 << 20;

/// How far the index has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rebuilt {
    /// It holds every record.
    Whole,
    /// So many records are done.
    Part(u64),
    /// Another process did this page.
    Elsewhere,
}

/// Where a page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Place {
    after: i64,
    done: u64,
}

impl Place {
    /// From the setting; from the beginning where it names no place.
    fn read(text: &str) -> Place {
        let place = text.split_once(' ').and_then(|(after, done)| {
            Some(Place { after: after.parse().ok()?, done: done.parse().ok()? })
        });
        place.unwrap_or_default()
    }

    fn text(self) -> String {
        format!("{} {}", self.after, self.done)
    }
}

impl Engine {
    /// Refuses while words would not be found that are there.
    pub(crate) fn demand_whole_search(&self, read: &dyn Read) -> Result<()> {
        match self.search_is_whole(read)? {
            true => Ok(()),
            false => Err(Refusal::SearchIncomplete.into()),
        }
    }

    /// Whether the index holds every record. Asked of the database until it does.
    fn search_is_whole(&self, read: &dyn Read) -> Result<bool> {
        let flag = self.search_flag();
        if flag.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let is_whole = setting::get(read, SETTING)?.is_none();
        flag.store(is_whole, Ordering::Relaxed);
        Ok(is_whole)
    }

    /// Does the next page of an index that is made anew; nothing where it is whole. To be called
    /// again until then.
    ///
    /// # Errors
    /// A failed read or write; the next call goes on from the last page that was written.
    pub fn rebuild_search(&self) -> Result<Rebuilt> {
        if self.search_flag().load(Ordering::Relaxed) {
            return Ok(Rebuilt::Whole);
        }
        let snapshot = self.database().snapshot()?;
        let Some(old) = setting::get(&snapshot, SETTING)? else {
            self.search_flag().store(true, Ordering::Relaxed);
            return Ok(Rebuilt::Whole);
        };
        let place = Place::read(&old);
        let page = spine::after(&snapshot, Key(place.after), RECORDS)?;
        let catalogue = self.catalogue();
        let system = Session::system(self);
        let mut unit = Unit::new();
        let done = documents(&system.reader(&snapshot, &catalogue), &page, &mut unit)?;
        let next = page.get(..done).and_then(<[Spine]>::last).map(|last| Place {
            after: last.key.0,
            done: place.done + u64::try_from(done).unwrap_or(0),
        });
        setting::advance(&mut unit, SETTING, &old, next.map(Place::text).as_deref());
        match self.database().write(unit) {
            Ok(()) => Ok(next.map_or(Rebuilt::Whole, |next| Rebuilt::Part(next.done))),
            Err(Failure::Conflict { .. }) => Ok(Rebuilt::Elsewhere),
            Err(failure) => Err(failure.into()),
        }
    }
}

/// Adds the documents of the first so many records, of as many as fit; how many.
fn documents(reader: &Reader, page: &[Spine], unit: &mut Unit) -> Result<usize> {
    let catalogue = reader.catalogue;
    let keys: Vec<Key> = page.iter().map(|spine| spine.key).collect();
    let spoken = history::having(reader.snapshot, &keys, &SPOKEN)?;
    let spoken: HashSet<Key> = spoken.into_iter().collect();
    fetch(reader, page)?;
    let mut bytes = 0;
    for (place, spine) in page.iter().enumerate() {
        // A type that the definitions no longer have is not searched.
        let Some(definition) = catalogue.record_type(&spine.record_type) else { continue };
        let Some(record) = reader.record(definition, spine.key)? else { continue };
        if record.withdrawn_at.is_some() {
            continue;
        }
        let comments = match spoken.contains(&spine.key) {
            true => comments(reader.snapshot, spine.key)?,
            false => Vec::new(),
        };
        let texts = with_comments(definition, catalogue.plan(definition), &record, &comments);
        bytes += texts.public.len() + texts.whole.len();
        put(reader, definition, &record, &texts, unit);
        if bytes >= BYTES {
            return Ok(place + 1);
        }
    }
    Ok(page.len())
}

/// Reads the records of the page, those of one table at once.
fn fetch(reader: &Reader, page: &[Spine]) -> Result<()> {
    let catalogue: &Catalogue = reader.catalogue;
    let known = page
        .iter()
        .filter_map(|spine| Some((catalogue.record_type(&spine.record_type)?, spine.key)));
    let mut by_root: std::collections::BTreeMap<&str, (&RecordType, Vec<Key>)> = Default::default();
    for (definition, key) in known {
        by_root.entry(definition.root()).or_insert((definition, Vec::new())).1.push(key);
    }
    by_root.values().try_for_each(|(definition, keys)| reader.fetch(definition, keys))
}

fn put(reader: &Reader, definition: &RecordType, record: &Record, texts: &Texts, unit: &mut Unit) {
    let rights = right_tokens(record, reader.catalogue.plan(definition));
    let (key, record_type) = (record.key, &record.record_type);
    let both = [(Audience::Public, &texts.public), (Audience::Whole, &texts.whole)];
    for (audience, text) in both {
        if audience == Audience::Whole && texts.whole == texts.public {
            continue;
        }
        let document = Document { key, audience, record_type, text, rights: &rights };
        let row = (definition.root().as_str(), record.version);
        unit.push(index::put_absent(reader.dialect, &document, row));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_kept_as_text() {
        let place = Place { after: 41, done: 12 };
        assert_eq!(Place::read(&place.text()), place);
        for text in ["restored", "", "x 1", "1 x"] {
            assert_eq!(Place::read(text), Place::default(), "{text}");
        }
    }
}
