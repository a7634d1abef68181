//! A JSON Schema (2020-12) of definition files, for editors: completion, descriptions, first
//! mistakes while typing. Generated from [`crate::grammar`]; the loader checks far more.

use crate::grammar::{
    self, BLOCK, BLOCKS, FIELD_TYPES, KINDS, Key, Kind, PAGE, PARAMETER, RECORD, Shape,
};
use crate::overlay::VERBS;
use serde_json::{Map, Value, json};

/// The schema as it stands in `docs/definition.schema.json`.
pub fn text() -> String {
    format!("{:#}\n", schema())
}

/// The schema of definitions, overlays and `roles.toml`.
pub fn schema() -> Value {
    let mut definitions = Map::new();
    for kind in KINDS.iter().chain([&RECORD]) {
        definitions.insert(kind.name.into(), table(kind, true));
        definitions.insert(format!("{}_changes", kind.name), table(kind, false));
    }
    definitions.insert("query".into(), table(&PARAMETER, true));
    definitions.insert("block".into(), block());
    definitions.insert("name".into(), json!({ "pattern": NAME }));
    definitions.insert("label".into(), label());
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Evenkeel definition",
        "description": "A record type, an overlay on one, or roles.toml: see docs/definition.md.",
        "type": "object",
        "properties": root(),
        "additionalProperties": false,
        "$defs": definitions,
    })
}

/// A block has the keys of all blocks and those of its kind.
fn block() -> Value {
    let kinds = BLOCKS.iter().map(|kind| {
        let mut whole = table(kind, true);
        let common = BLOCK.keys.iter();
        for key in common {
            whole["properties"][key.name] = match key.name {
                "kind" => json!({ "const": kind.name }),
                _ => property(key),
            };
        }
        whole
    });
    json!({ "oneOf": kinds.collect::<Vec<Value>>() })
}

const NAME: &str = "^[a-z][a-z0-9_]{0,47}$";

/// The tables of a definition and the verbs of an overlay.
fn root() -> Map<String, Value> {
    let mut properties = Map::new();
    properties.insert("record".into(), reference("record"));
    for kind in KINDS {
        properties.insert(kind.name.into(), names(kind.meaning, kind.name));
    }
    properties.insert("extend".into(), json!({ "type": "string", "description": EXTEND }));
    properties.insert("page".into(), table(&PAGE, true));
    properties.insert("query".into(), names(PARAMETER.meaning, "query"));
    properties.insert("block".into(), names(BLOCK.meaning, "block"));
    for verb in VERBS {
        properties.insert(verb.into(), of_verb(verb));
    }
    properties
}

const EXTEND: &str = "Makes the file an overlay on the record type of this name, or on `roles`.";

/// What a verb of an overlay holds.
fn of_verb(verb: &str) -> Value {
    let mut properties = Map::new();
    for kind in KINDS {
        let inner = match verb {
            "add" => names(kind.meaning, kind.name),
            "set" => names(kind.meaning, &format!("{}_changes", kind.name)),
            _ => json!({ "type": "array", "items": { "type": "string" } }),
        };
        properties.insert(kind.name.into(), inner);
    }
    if verb == "set" {
        properties.insert("record".into(), reference("record_changes"));
    }
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}

/// A table of names, each a table of the kind.
fn names(meaning: &str, kind: &str) -> Value {
    json!({
        "type": "object",
        "description": meaning,
        "propertyNames": reference("name"),
        "additionalProperties": reference(kind),
    })
}

/// One table; `whole` where it must have its required keys.
fn table(kind: &Kind, whole: bool) -> Value {
    let keys = kind.keys.iter();
    let properties: Map<String, Value> = keys.map(|key| (key.name.into(), property(key))).collect();
    let required = kind.keys.iter().filter(|key| whole && key.required);
    let required: Vec<&str> = required.map(|key| key.name).collect();
    let open = if kind.open { json!({}) } else { json!(false) };
    json!({
        "type": "object",
        "description": kind.meaning,
        "properties": properties,
        "required": required,
        "additionalProperties": open,
    })
}

fn property(key: &Key) -> Value {
    let mut value = of_shape(key.shape);
    if let Some(object) = value.as_object_mut() {
        object.insert("description".into(), description(key).into());
    }
    value
}

fn description(key: &Key) -> String {
    let types: Vec<&str> = FIELD_TYPES
        .iter()
        .filter(|field_type| field_type.keys.contains(&key.name))
        .map(|field_type| field_type.name)
        .collect();
    match types.is_empty() || !grammar::TYPE_KEYS.contains(&key.name) {
        true => key.meaning.to_string(),
        false => format!("{} ({})", key.meaning, types.join(", ")),
    }
}

/// What JSON can say of the shape of a value.
fn of_shape(shape: Shape) -> Value {
    let text = json!({ "type": "string" });
    match shape {
        Shape::Label => reference("label"),
        Shape::YesNo => json!({ "type": "boolean" }),
        Shape::Integer { min, max } => json!({ "type": "integer", "minimum": min, "maximum": max }),
        Shape::Number => json!({ "type": "number" }),
        Shape::OneOf(known) => json!({ "enum": known }),
        Shape::Names(_) => json!({ "type": "array", "items": text }),
        Shape::Expressions => json!({ "type": "object", "additionalProperties": text }),
        Shape::Targets => {
            json!({ "oneOf": [text, { "type": "object", "additionalProperties": text }] })
        }
        Shape::Choices => {
            let table = json!({
                "type": "object",
                "propertyNames": reference("name"),
                "additionalProperties": reference("label"),
            });
            json!({ "oneOf": [{ "const": "roles" }, table] })
        }
        Shape::InitialState => json!({
            "type": "object",
            "properties": { "initial": text },
            "required": ["initial"],
            "additionalProperties": false,
        }),
        Shape::Table(kind) => table(kind, true),
        Shape::Tables(kind) => {
            json!({ "type": "object", "propertyNames": reference("name"),
                "additionalProperties": table(kind, true) })
        }
        Shape::NumberFormat => {
            json!({ "type": "string", "pattern": "^[A-Za-z][^{}]*\\{0{3,12}\\}[^{}]*$" })
        }
        _ => text,
    }
}

/// A text per language. An overlay may give one language only, so none is required here.
fn label() -> Value {
    json!({
        "type": "object",
        "properties": { "en": { "type": "string" }, "zh": { "type": "string" } },
        "patternProperties": { "^[a-z]{2}$": { "type": "string" } },
        "additionalProperties": false,
    })
}
