//! The history of a record as one person may read it: who did what when, which fields changed from
//! what to what. Fields the person may not see, and internal entries without the right to them,
//! are left out.

use crate::canonical;
use crate::change::BESIDE;
use crate::facts::Known;
use crate::names::{Cards, instant_text};
use crate::reader::Reader;
use crate::record::Record;
use crate::refusal::Result;
use crate::rights::Deed;
use crate::session::Session;
use crate::view;
use crate::words;
use model::Value;
use model::definition::RecordType;
use serde_json::{Map, Value as Json, json};
pub use store::core::history::After;
use store::core::history::{self, Entry};

/// One page of history, newest first.
#[derive(Debug, Clone)]
pub struct Past {
    pub entries: Vec<Map<String, Json>>,
    /// The cursor for older entries.
    pub next: Option<After>,
}

/// The members an entry tells beside fields, as they are called in JSON.
const TOLD: [&str; 2] = ["#comment", "#note"];

impl Session {
    /// A page of the history of a record, newest first; `after` is the cursor of the page before.
    ///
    /// # Errors
    /// `NotFound` where the record may not be read.
    pub fn history(
        &self,
        record_type: &str,
        text: &str,
        after: Option<After>,
        limit: usize,
    ) -> Result<Past> {
        let catalogue = self.engine.catalogue();
        let snapshot = self.engine.database().snapshot()?;
        self.history_in(&self.reader(&snapshot, &catalogue), record_type, text, after, limit)
    }

    /// The same within a snapshot.
    pub(crate) fn history_in(
        &self,
        reader: &Reader,
        record_type: &str,
        text: &str,
        after: Option<After>,
        limit: usize,
    ) -> Result<Past> {
        let asked = self.definition(reader.catalogue, record_type)?;
        let (definition, record, known) = self.open_named(reader, &asked, text)?;
        let key = record.key;
        let internal = self.may(Deed::Internal, &definition, &record, &known);
        let limit = limit.clamp(1, 500);
        let mut entries = history::of_record(reader.snapshot, key, internal, after, limit + 1)?;
        let more = entries.len() > limit;
        entries.truncate(limit);
        let next = entries.last().filter(|_| more).map(|entry| (entry.version, entry.key));
        let cards = Cards::new(self, reader);
        let teller =
            Teller { session: self, definition: &definition, record: &record, known: &known };
        let bodies: Vec<_> = entries.iter().map(|entry| teller.changes(entry)).collect();
        cards.fetch_of(bodies.iter().flatten().flat_map(|change| [&change.old, &change.new]))?;
        cards.fetch(entries.iter().filter_map(|entry| entry.actor_key))?;
        let told = entries.iter().zip(&bodies);
        let entries = told.map(|(entry, body)| teller.entry(&cards, entry, body)).collect();
        Ok(Past { entries, next })
    }
}

/// One field of an entry; erased values are gone for good.
struct Told {
    name: String,
    old: Value,
    new: Value,
    erased: bool,
}

struct Teller<'a> {
    session: &'a Session,
    definition: &'a RecordType,
    record: &'a Record,
    known: &'a Known,
}

impl Teller<'_> {
    fn changes(&self, entry: &Entry) -> Vec<Told> {
        let Ok(body) = ledger::Body::from_bytes(&entry.body) else { return Vec::new() };
        let visible = body.fields().iter();
        let visible = visible.filter(|field| field.name() != "#key" && self.sees(field.name()));
        visible.map(told).collect()
    }

    fn sees(&self, field: &str) -> bool {
        if !self.definition.fields.contains_key(field) {
            return true;
        }
        let view = self.session.view(self.definition, self.record, self.known);
        let rights = self.session.rights_on(self.definition);
        rights.is_none_or(|rights| rights.sees(field, &view))
    }

    fn entry(&self, cards: &Cards, entry: &Entry, body: &[Told]) -> Map<String, Json> {
        let mut out = Map::new();
        out.insert("entry".into(), json!(entry.id));
        out.insert("kind".into(), json!(&*entry.kind));
        if let Some(transition) = &entry.transition {
            out.insert("transition".into(), json!(&**transition));
            let label = self.definition.transitions.get(&**transition);
            let label = label.map(|t| t.label.text(self.session.language()));
            out.insert("label".into(), json!(label));
        }
        out.insert("at".into(), json!(instant_text(entry.at)));
        out.insert("recorded_at".into(), json!(instant_text(entry.recorded_at)));
        out.insert("actor".into(), json!(&*entry.actor));
        let person = entry.actor_key.and_then(|key| view::card_json(cards, key));
        out.insert("person".into(), person.unwrap_or(Json::Null));
        out.insert("version".into(), json!(entry.version));
        out.insert("definition".into(), json!(entry.definition));
        out.insert("internal".into(), json!(entry.internal));
        for told in body.iter().filter(|told| TOLD.contains(&told.name.as_str())) {
            out.insert(plain(&told.name).to_string(), json!(told.new.as_text()));
        }
        let changes = body.iter().filter(|told| !TOLD.contains(&told.name.as_str()));
        let changes: Vec<Json> = changes.map(|told| self.change(cards, told)).collect();
        out.insert("changes".into(), Json::Array(changes));
        out
    }

    fn change(&self, cards: &Cards, told: &Told) -> Json {
        let language = self.session.language();
        let link = self.definition.links.get(told.name.as_str());
        let label = match link {
            Some(link) => link.label.text(language).to_string(),
            None => words::column(self.definition, plain(&told.name), language),
        };
        if told.erased {
            return json!({"field": plain(&told.name), "label": label, "erased": true});
        }
        let shown = |value: &Value| self.shown(cards, &told.name, value);
        json!({
            "field": plain(&told.name),
            "label": label,
            "old": shown(&told.old),
            "new": shown(&told.new),
        })
    }

    fn shown(&self, cards: &Cards, name: &str, value: &Value) -> Json {
        let person = self.session.engine.catalogue().binding("person").map(|b| b.record.clone());
        if view::kind_of(self.definition, person.as_ref(), name).is_some() {
            return view::show(self.definition, person.as_ref(), name, value, cards);
        }
        match value {
            Value::Reference(key) => view::card_json(cards, *key).unwrap_or(Json::Null),
            Value::References(keys) => {
                keys.iter().filter_map(|key| view::card_json(cards, *key)).collect()
            }
            Value::Text(text) => json!(&**text),
            Value::Attachments(files) => files.iter().map(|file| json!(&*file.name)).collect(),
            _ => Json::Null,
        }
    }
}

/// The name of what is told, without the mark of what is no field.
fn plain(name: &str) -> &str {
    name.strip_prefix(BESIDE).unwrap_or(name)
}

fn told(field: &ledger::Field) -> Told {
    let value =
        |bytes: &Option<Vec<u8>>| bytes.as_deref().and_then(canonical::value).unwrap_or_default();
    match field {
        ledger::Field::Open { name, old, new, .. } => {
            Told { name: name.clone(), old: value(old), new: value(new), erased: false }
        }
        ledger::Field::Erased { name, .. } => {
            let (old, new) = (Value::Unset, Value::Unset);
            Told { name: name.clone(), old, new, erased: true }
        }
    }
}
