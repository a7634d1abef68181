//! The bodies of requests.

use super::record;
use crate::route::{Form, Route, Takes};
use model::definition::{Note, RecordType, Transition};
use serde_json::{Map, Value as Json, json};

/// What a request carries; nothing where the route takes no body.
pub fn request(
    route: &Route,
    definition: Option<&RecordType>,
    transition: Option<&Transition>,
) -> Option<Json> {
    let (form, required) = match route.takes {
        // Forms of pages are not described: they belong to the pages.
        Takes::Nothing | Takes::Fields | Takes::Work => return None,
        Takes::File => return Some(file()),
        Takes::Json(form) => (form, true),
        Takes::MaybeJson(form) => (form, transition.is_some_and(asks)),
    };
    let schema = schema(form, definition, transition);
    let content = json!({ "application/json": { "schema": schema } });
    Some(json!({ "required": required, "content": content }))
}

/// Whether a transition cannot do without a body.
fn asks(transition: &Transition) -> bool {
    transition.note == Note::Required
}

fn file() -> Json {
    let form = json!({
        "type": "object",
        "properties": { "file": { "type": "string", "format": "binary" } },
        "required": ["file"],
    });
    json!({
        "required": true,
        "description": "One file, in a form. Its raw content is taken too, with its name in \
                        Content-Disposition.",
        "content": { "multipart/form-data": { "schema": form } },
    })
}

fn schema(form: Form, definition: Option<&RecordType>, transition: Option<&Transition>) -> Json {
    let name = definition.map_or("", |definition| definition.name.as_str());
    match form {
        Form::Create => json!({ "$ref": format!("#/components/schemas/{name}.create") }),
        Form::Edit => json!({ "$ref": format!("#/components/schemas/{name}.edit") }),
        Form::Transition => match (definition, transition) {
            (Some(definition), Some(transition)) => step(definition, transition),
            _ => json!({ "type": "object" }),
        },
        Form::Link => object(json!({ "to": record::reference_written() }), &["to"]),
        Form::Comment => {
            object(json!({ "text": filled(), "internal": maybe("boolean") }), &["text"])
        }
        Form::Note => object(json!({ "note": note() }), &[]),
        Form::Vote => object(json!({ "approval": approval(definition), "note": note() }), &[]),
        Form::Delegate => {
            let to = record::reference_written();
            object(json!({ "approval": approval(definition), "to": to }), &["to"])
        }
        Form::Watch => {
            let person = json!({ "anyOf": [record::reference_written(), { "type": "null" }] });
            object(json!({ "person": person }), &[])
        }
        Form::Read => {
            let ids = json!({ "type": "array", "items": { "type": "string", "format": "uuid" } });
            object(json!({ "entries": ids }), &[])
        }
        Form::Bulk => bulk(name),
        Form::Token => token(),
        Form::View => view(),
        Form::Template => template(),
        Form::Mapping => mapping(),
    }
}

fn object(properties: Json, required: &[&str]) -> Json {
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn filled() -> Json {
    json!({ "type": "string", "minLength": 1, "maxLength": crate::handle::NOTE })
}

fn maybe(kind: &str) -> Json {
    json!({ "type": [kind, "null"] })
}

fn note() -> Json {
    json!({ "type": ["string", "null"], "maxLength": crate::handle::NOTE })
}

fn approval(definition: Option<&RecordType>) -> Json {
    let names = definition.map(|definition| definition.approvals.keys());
    let names: Vec<&str> = names.into_iter().flatten().map(|name| name.as_str()).collect();
    json!({
        "anyOf": [{ "type": "string", "enum": names }, { "type": "null" }],
        "description": "May be left out where just one is open to the asker.",
    })
}

/// The fields of the record, and a note; one form for all steps that ask for the same.
fn step(definition: &RecordType, transition: &Transition) -> Json {
    let form = match transition.note {
        Note::Required => "step_noted",
        Note::Optional => "step",
    };
    json!({ "$ref": format!("#/components/schemas/{}.{form}", definition.name) })
}

/// The forms of the steps of a record type, by name.
pub fn steps(definition: &RecordType) -> Map<String, Json> {
    let mut out = Map::new();
    for transition in definition.transitions.values() {
        let (form, note, required) = match transition.note {
            Note::Required => ("step_noted", filled(), vec!["note"]),
            Note::Optional => ("step", note(), Vec::new()),
        };
        let make = || {
            let mut properties = record::written(definition, false);
            properties.insert("note".into(), note);
            object(Json::Object(properties), &required)
        };
        out.entry(format!("{}.{form}", definition.name)).or_insert_with(make);
    }
    out
}

fn bulk(name: &str) -> Json {
    let edit = json!({ "$ref": format!("#/components/schemas/{name}.edit") });
    let step = object(
        json!({
            "name": { "type": "string", "minLength": 1, "maxLength": 48 },
            "note": note(),
            "fields": { "anyOf": [edit, { "type": "null" }] },
        }),
        &["name"],
    );
    let comment = object(json!({ "text": filled(), "internal": maybe("boolean") }), &["text"]);
    let acts = [
        ("edit", json!({ "$ref": format!("#/components/schemas/{name}.edit") })),
        ("transition", step),
        ("comment", comment),
        ("withdraw", object(json!({ "note": note() }), &[])),
    ];
    let action: Vec<Json> =
        acts.iter().map(|(act, schema)| object(json!({ *act: schema }), &[act])).collect();
    let one_of = |which: &str, schema: Json| {
        let properties = json!({
            which: schema,
            "action": { "oneOf": action },
            "dry_run": maybe("boolean"),
        });
        object(properties, &[which, "action"])
    };
    let names = json!({
        "type": "array",
        "items": { "type": "string", "minLength": 1, "maxLength": 100 },
        "maxItems": 1000,
    });
    let filter = json!({ "type": "string", "minLength": 1, "maxLength": 8192 });
    json!({ "oneOf": [one_of("records", names), one_of("where", filter)] })
}

/// The mapping as it stands in a file for the command line.
fn mapping() -> Json {
    let text = json!({
        "type": "string",
        "minLength": 1,
        "maxLength": engine::import::MAPPING,
        "contentMediaType": "application/toml",
    });
    object(json!({ "mapping": text }), &["mapping"])
}

fn view() -> Json {
    let text = |most: usize| json!({ "type": ["string", "null"], "maxLength": most });
    let shown = object(
        json!({
            "list": text(64), "where": text(8192), "q": text(500), "sort": text(500),
            "columns": text(4000),
        }),
        &[],
    );
    object(
        json!({
            "name": { "type": "string", "minLength": 1, "maxLength": 80 },
            "shown": { "anyOf": [shown, { "type": "null" }] },
            "audience": { "enum": [null, "", "owner", "team", "everybody"] },
            "team": text(100),
        }),
        &["name"],
    )
}

/// Values are those of a new record; what they may be stands there.
fn template() -> Json {
    object(
        json!({
            "name": { "type": "string", "minLength": 1, "maxLength": 80 },
            "values": { "type": ["object", "null"] },
            "audience": { "enum": [null, "", "owner", "team", "everybody"] },
            "team": { "type": ["string", "null"], "maxLength": 100 },
        }),
        &["name"],
    )
}

fn token() -> Json {
    let scopes = json!({
        "type": ["array", "null"],
        "items": { "type": "string", "enum": engine::access::SCOPES },
    });
    let instant = json!({ "type": "string", "format": "date-time" });
    let expires = json!({ "anyOf": [instant, { "enum": [null, ""] }] });
    object(
        json!({
            "name": { "type": "string", "minLength": 1, "maxLength": 100 },
            "scopes": scopes,
            "expires_at": expires,
            "password": {
                "type": ["string", "null"], "maxLength": 256,
                "description": "Asked of the session of a browser only.",
            },
        }),
        &["name"],
    )
}
