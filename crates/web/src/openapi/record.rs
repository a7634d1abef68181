//! The forms of records: shown whole, shown in a list, written anew, edited.

use engine::field;
use model::definition::{Field, FieldKind, RecordType};
use model::{Model, Name};
use serde_json::{Map, Value as Json, json};

/// Members that are shown and, where sent back, not read.
const SHOWN_ONLY: [&str; 12] = [
    "id",
    "type",
    "number",
    "title",
    "state",
    "version",
    "created_at",
    "created_by",
    "changed_at",
    "changed_by",
    "links",
    "hidden",
];

/// Every form of one record type, by name.
pub fn schemas(definition: &RecordType, model: &Model) -> Map<String, Json> {
    let name = definition.name.as_str();
    let mut out = Map::new();
    out.insert(name.into(), whole(definition, model));
    out.insert(format!("{name}.row"), row(definition, model));
    if !definition.is_abstract {
        out.insert(format!("{name}.create"), create(definition));
    }
    out.insert(format!("{name}.edit"), edit(definition));
    out
}

/// The names a record of the type may have as its own type, and its states: those of subtypes too.
fn family<'m>(definition: &'m RecordType, model: &'m Model) -> Vec<&'m RecordType> {
    let all = definition.family.iter().filter_map(|name| model.record_type(name));
    let all: Vec<&RecordType> = all.map(|found| &**found).collect();
    if all.is_empty() { vec![definition] } else { all }
}

/// What every record shows beside its fields.
fn head(definition: &RecordType, model: &Model) -> Map<String, Json> {
    let family = family(definition, model);
    let types: Vec<&str> = family.iter().map(|one| one.name.as_str()).collect();
    let mut states: Vec<Json> = Vec::new();
    for state in family.iter().flat_map(|one| one.states.keys()) {
        let state = json!(state.as_str());
        if !states.contains(&state) {
            states.push(state);
        }
    }
    states.push(Json::Null);
    let instant = json!({ "type": ["string", "null"], "format": "date-time" });
    let parts = json!({
        "id": { "type": "string", "format": "uuid" },
        "type": { "type": "string", "enum": types },
        "number": { "type": ["string", "null"] },
        "title": { "type": "string" },
        "state": { "enum": states },
        "version": { "type": "integer", "minimum": 1 },
        "created_at": instant,
        "created_by": card_or_null(),
        "changed_at": instant,
        "changed_by": card_or_null(),
    });
    match parts {
        Json::Object(parts) => parts,
        _ => Map::new(),
    }
}

fn card_or_null() -> Json {
    json!({ "anyOf": [{ "$ref": "#/components/schemas/Card" }, { "type": "null" }] })
}

/// One field as it is shown.
fn shown(field: &Field) -> Json {
    match &field.kind {
        FieldKind::Reference { .. } => described(field, card_or_null()),
        kind => described(field, field::schema(kind, false)),
    }
}

fn described(field: &Field, schema: Json) -> Json {
    let mut schema = schema;
    if let Json::Object(members) = &mut schema {
        let texts: Vec<&str> = field.label.texts().map(|(_, text)| text).collect();
        members.insert("title".into(), json!(texts.join(" · ")));
    }
    schema
}

/// A record read by itself. Read as one of its type's root, it may have fields of a subtype.
fn whole(definition: &RecordType, model: &Model) -> Json {
    let mut properties = head(definition, model);
    let mut fields: Vec<&Field> = definition.fields.values().collect();
    let mut links: Vec<&Name> = definition.links.keys().collect();
    for one in family(definition, model) {
        fields.extend(one.fields.values().filter(|f| !definition.fields.contains_key(&f.name)));
        links.extend(one.links.keys().filter(|name| !definition.links.contains_key(*name)));
    }
    fields.iter().for_each(|field| drop(properties.insert(field.name.to_string(), shown(field))));
    let far = json!({ "type": "array", "items": { "$ref": "#/components/schemas/Card" } });
    let links: Map<String, Json> =
        links.into_iter().map(|name| (name.to_string(), far.clone())).collect();
    properties.insert(
        "links".into(),
        json!({ "type": "object", "properties": links, "additionalProperties": false }),
    );
    let names = json!({ "type": "array", "items": { "type": "string" } });
    properties.insert("hidden".into(), names);
    let own = definition.fields.keys().map(|name| name.as_str());
    let required: Vec<&str> = SHOWN_ONLY.into_iter().chain(own).collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

/// A record in a list: what was asked for, and what names it.
fn row(definition: &RecordType, model: &Model) -> Json {
    let mut properties = head(definition, model);
    properties.shift_remove("title");
    for field in definition.fields.values() {
        properties.insert(field.name.to_string(), shown(field));
    }
    json!({
        "type": "object",
        "properties": properties,
        "required": ["id", "type", "version"],
        "additionalProperties": false,
    })
}

fn create(definition: &RecordType) -> Json {
    let mut properties = written(definition, true);
    let references = json!({ "type": "array", "items": reference_written() });
    for link in definition.links.keys() {
        let schema = json!({ "anyOf": [references, reference_written(), cleared()] });
        properties.insert(link.to_string(), schema);
    }
    let must =
        |field: &&Field| field.required && field.default.is_none() && field.computed.is_none();
    let required: Vec<&str> =
        definition.fields.values().filter(must).map(|field| field.name.as_str()).collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn edit(definition: &RecordType) -> Json {
    json!({
        "type": "object",
        "properties": written(definition, false),
        "additionalProperties": false,
    })
}

/// The members that may be sent: fields a person may set, and those that are shown and not read.
pub fn written(definition: &RecordType, new: bool) -> Map<String, Json> {
    let mut out = Map::new();
    for name in SHOWN_ONLY {
        let note = "Shown by answers; not read where it is sent back.";
        out.insert(name.into(), json!({ "description": note }));
    }
    if new {
        out.insert("links".into(), links_written(definition));
    }
    let settable = |field: &&Field| field.computed.is_none() && !field.set_by_workflow;
    for field in definition.fields.values().filter(settable) {
        out.insert(field.name.to_string(), described(field, taken(field)));
    }
    out
}

fn links_written(definition: &RecordType) -> Json {
    let references = json!({ "type": "array", "items": reference_written() });
    let links: Map<String, Json> =
        definition.links.keys().map(|name| (name.to_string(), references.clone())).collect();
    json!({ "type": "object", "properties": links, "additionalProperties": false })
}

/// One field as it is taken. What must be set cannot be cleared.
fn taken(field: &Field) -> Json {
    let kind = match field::schema(&field.kind, true) {
        Json::Object(mut members) => match members.shift_remove("anyOf") {
            Some(Json::Array(mut either)) if !either.is_empty() => either.remove(0),
            _ => Json::Object(members),
        },
        other => other,
    };
    match field.required && field.default.is_none() {
        true => kind,
        false => json!({ "anyOf": [kind, cleared()] }),
    }
}

/// What clears a field of any kind.
fn cleared() -> Json {
    json!({ "enum": [null, "", [], {}] })
}

/// A record as a client names it.
pub fn reference_written() -> Json {
    json!({ "$ref": "#/components/schemas/Named" })
}
