//! Records as JSON, as one person may see them: hidden fields and unreadable references are left
//! unset. The form is fixed in docs/json.md.

use crate::facts::Known;
use crate::field;
use crate::names::{Cards, keys_in};
use crate::record::Record;
use crate::record::{formatted, title, title_in};
use crate::refusal::Result;
use crate::session::Session;
use model::definition::{Choices, FieldKind, RecordType};
use model::expression::LinkEnd;
use model::{Key, Name, Value};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The kind of a field, declared or built in, for showing.
pub fn kind_of(definition: &RecordType, person: Option<&Name>, name: &str) -> Option<FieldKind> {
    if let Some(field) = definition.fields.get(name) {
        return Some(field.kind.clone());
    }
    Some(match name {
        "number" | "version" => FieldKind::Integer { min: None, max: None },
        "created_at" | "changed_at" => FieldKind::Datetime,
        "created_by" | "changed_by" => FieldKind::Reference { to: person?.clone() },
        "state" => FieldKind::Choice(states(definition)),
        "type" => FieldKind::Text { max: Name::MAX },
        _ => return None,
    })
}

fn states(definition: &RecordType) -> Arc<Choices> {
    let states = definition.states.values();
    Arc::new(Choices(states.map(|s| (s.name.clone(), s.label.clone())).collect()))
}

/// A value of a field as JSON; numbers of records in their format.
pub fn show(
    definition: &RecordType,
    person: Option<&Name>,
    name: &str,
    value: &Value,
    cards: &Cards,
) -> Json {
    match (name, value) {
        ("number", Value::Integer(number)) => Json::from(formatted(definition, Some(*number))),
        _ => match kind_of(definition, person, name) {
            Some(kind) => field::show(&kind, value, cards),
            None => Json::Null,
        },
    }
}

impl Session {
    /// A record in full: fixed parts, every field this person may see, links.
    ///
    /// # Errors
    /// A failed read.
    pub(crate) fn record_json(
        &self,
        cards: &Cards,
        definition: &RecordType,
        record: &Record,
        known: &Known,
        links: &BTreeMap<Name, Vec<Key>>,
    ) -> Result<Map<String, Json>> {
        let person = self.engine.catalogue().binding("person").map(|b| b.record.clone());
        let view = self.view(definition, record, known);
        let sees = |name: &Name| match self.rights_on(definition) {
            Some(rights) => rights.sees(name, &view),
            None => true,
        };
        let values: Vec<(Name, Value)> = definition
            .fields
            .keys()
            .map(|name| (name.clone(), if sees(name) { record.field(name) } else { Value::Unset }))
            .collect();
        let people = record.created_by.into_iter().chain(record.changed_by);
        let named = values.iter().flat_map(|(_, value)| keys_in(value));
        cards.fetch(named.chain(people).chain(links.values().flatten().copied()))?;
        let mut out = self.head_json(cards, definition, record, person.as_ref());
        for (name, value) in &values {
            out.insert(name.to_string(), show(definition, person.as_ref(), name, value, cards));
        }
        let far = |keys: &Vec<Key>| -> Json {
            keys.iter().filter_map(|key| card_json(cards, *key)).collect()
        };
        let links: Map<String, Json> =
            links.iter().map(|(name, keys)| (name.to_string(), far(keys))).collect();
        out.insert("links".into(), Json::Object(links));
        Ok(out)
    }

    fn head_json(
        &self,
        cards: &Cards,
        definition: &RecordType,
        record: &Record,
        person: Option<&Name>,
    ) -> Map<String, Json> {
        let shown = |name: &str| show(definition, person, name, &record.field(name), cards);
        let text = title(definition, record);
        let mut out = Map::new();
        out.insert("id".into(), json!(record.id));
        out.insert("type".into(), json!(record.record_type.as_str()));
        out.insert("number".into(), shown("number"));
        out.insert("title".into(), json!(title_in(&text, self.language())));
        out.insert("state".into(), shown("state"));
        out.insert("version".into(), shown("version"));
        for name in ["created_at", "created_by", "changed_at", "changed_by"] {
            out.insert(name.into(), shown(name));
        }
        out
    }
}

/// A record as others name it; none where the person may not read it. One that is withdrawn has no
/// title, and a mark.
pub fn card_json(cards: &Cards, key: Key) -> Option<Json> {
    use crate::field::Names;
    Some(cards.card(key)?.to_json())
}

/// The ends of a record type's own links, by name.
pub fn own_ends(definition: &RecordType) -> impl Iterator<Item = (Name, LinkEnd)> {
    definition.links.values().map(|link| {
        let (from, other) = (link.declared_by.clone(), link.to.clone());
        let end = LinkEnd { from, link: link.name.clone(), inverse: false, other };
        (link.name.clone(), end)
    })
}
