//! The feed of changes: every sealed entry in the order of the ledger, from a position on, as far
//! as this person may read the records. At least once, in order for each record; the cursor is the
//! position, so it can be resumed at any time.

use crate::engine::Engine;
use crate::names::instant_text;
use crate::reader::Reader;
use crate::record::formatted;
use crate::refusal::Result;
use crate::session::Session;
use serde_json::{Map, Value as Json, json};
use store::core::seal::{self, Sealed};

/// One page of changes.
#[derive(Debug, Clone)]
pub struct Changes {
    pub changes: Vec<Map<String, Json>>,
    /// The position from which to go on; also where nothing was readable.
    pub next: i64,
}

/// How many entries one page looks at, readable or not.
const LOOKED_AT: usize = 1000;

impl Engine {
    /// Where the feed ends now: the position that the next sealed entry gets.
    ///
    /// # Errors
    /// A failed read.
    pub fn feed_end(&self) -> Result<i64> {
        Ok(seal::end(self.database())?)
    }
}

impl Session {
    /// Changes from a position of the ledger on; `types` limits them to some record types.
    ///
    /// # Errors
    /// A failed read.
    pub fn changes(&self, from: i64, limit: usize, types: &[String]) -> Result<Changes> {
        let catalogue = self.engine.catalogue();
        let snapshot = self.engine.database().snapshot()?;
        let reader = self.reader(&snapshot, &catalogue);
        let limit = limit.clamp(1, LOOKED_AT);
        let sealed = seal::from(&snapshot, from.max(0), limit)?;
        let next = sealed.last().map_or(from.max(0), |last| last.position + 1);
        let keys: Vec<_> = sealed.iter().map(|one| one.headed.entry.record_key).collect();
        let readable = self.readable(&reader, &keys)?;
        let wanted = |one: &&Sealed| {
            let entry = &one.headed.entry;
            let of_type = types.is_empty() || types.iter().any(|name| **name == *entry.record_type);
            of_type && readable.contains(&entry.record_key)
        };
        let mut changes = Vec::new();
        for one in sealed.iter().filter(wanted) {
            if !one.headed.entry.internal || self.may_read_internal(&reader, one)? {
                changes.push(change(&reader, one));
            }
        }
        Ok(Changes { changes, next })
    }

    fn may_read_internal(&self, reader: &Reader, one: &Sealed) -> Result<bool> {
        let entry = &one.headed.entry;
        let Some(definition) = reader.catalogue.record_type(&entry.record_type) else {
            return Ok(false);
        };
        let Some(record) = reader.record(definition, entry.record_key)? else { return Ok(false) };
        let known = self.known_for_rights(reader, definition, &record)?;
        Ok(self.may(crate::rights::Deed::Internal, definition, &record, &known))
    }
}

/// Ids only: what changed is fetched with the reader's rights.
fn change(reader: &Reader, one: &Sealed) -> Map<String, Json> {
    let entry = &one.headed.entry;
    let definition = reader.catalogue.record_type(&entry.record_type);
    let number = definition.map(|d| formatted(d, one.headed.record_number)).unwrap_or_default();
    let mut out = Map::new();
    out.insert("position".into(), json!(one.position));
    out.insert("entry".into(), json!(entry.id));
    out.insert("type".into(), json!(&*entry.record_type));
    out.insert("id".into(), json!(one.headed.record_id));
    out.insert("number".into(), json!(number));
    out.insert("version".into(), json!(entry.version));
    out.insert("kind".into(), json!(&*entry.kind));
    out.insert("transition".into(), json!(entry.transition.as_deref()));
    out.insert("at".into(), json!(instant_text(entry.at)));
    out
}
