//! What answers hold.

use crate::handle::export::{CSV, JSONL, XLSX};
use crate::route::Gives;
use model::definition::RecordType;
use serde_json::{Value as Json, json};

/// The content of an answer; none where it has none.
pub fn content(gives: Gives, definition: Option<&RecordType>) -> Option<Json> {
    let name = definition.map_or("", |definition| definition.name.as_str());
    let schema = match gives {
        Gives::Nothing | Gives::Page | Gives::Asset | Gives::Stream => return None,
        Gives::Content => return Some(of("application/octet-stream", json!({}))),
        Gives::Metrics => return Some(of("text/plain", json!({ "type": "string" }))),
        Gives::Table => return Some(table()),
        Gives::Record => written(name),
        Gives::NewRecord => written(name),
        Gives::Records => records(name),
        Gives::Comment | Gives::Attachment => reference("Brief"),
        Gives::Moves => list("transitions", reference("Transition"), false),
        Gives::Comments => list("comments", reference("Comment"), true),
        Gives::Attachments => list("attachments", reference("Attachment"), false),
        Gives::History => list("entries", reference("Entry"), true),
        Gives::Clocks => list("clocks", json!({ "type": "object" }), false),
        Gives::Hits => list("records", reference("Hit"), true),
        Gives::Changes => changes(),
        Gives::Notices => list("notifications", reference("Notification"), true),
        Gives::Results => reference("Results"),
        Gives::RecordTypes => list("record_types", reference("RecordTypeHead"), false),
        Gives::Tokens => list("tokens", reference("Token"), false),
        Gives::Token => reference("NewToken"),
        Gives::Templates => list("templates", reference("Template"), false),
        Gives::Template | Gives::NewTemplate => reference("Template"),
        Gives::Views => list("views", reference("View"), false),
        Gives::View | Gives::NewView => reference("View"),
        Gives::Imports => list("imports", reference("Import"), false),
        Gives::Import | Gives::NewImport => reference("Import"),
        Gives::Refusals => list("refusals", reference("RefusedRow"), true),
        Gives::Left => list("left", reference("LeftRecord"), true),
        Gives::Me => reference("Me"),
        Gives::RecordType => reference("RecordType"),
        Gives::Health => reference("Health"),
        Gives::Figures => reference("Figures"),
        Gives::Evidence => evidence(name),
        Gives::OpenApi => json!({ "type": "object" }),
    };
    Some(of("application/json", schema))
}

fn of(media_type: &str, schema: Json) -> Json {
    json!({ media_type: { "schema": schema } })
}

fn reference(name: &str) -> Json {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// A record as it stands after a write; what names it where the asker wants no more or may not
/// read it.
fn written(name: &str) -> Json {
    json!({ "anyOf": [reference(name), reference("Brief")] })
}

fn object(properties: Json, required: &[&str]) -> Json {
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

/// A list under its name, with the cursor of the next page where there are pages.
fn list(name: &str, item: Json, paged: bool) -> Json {
    let items = json!({ "type": "array", "items": item });
    match paged {
        false => object(json!({ name: items }), &[name]),
        true => {
            let next = json!({ "type": ["string", "null"] });
            object(json!({ name: items, "next": next }), &[name, "next"])
        }
    }
}

fn records(name: &str) -> Json {
    let cursor = json!({ "type": ["string", "null"] });
    let properties = json!({
        "records": { "type": "array", "items": reference(&format!("{name}.row")) },
        "next": cursor,
        "previous": cursor,
        "total": { "type": ["integer", "null"], "minimum": 0 },
        "total_is": { "type": "string", "const": "at_least" },
    });
    object(properties, &["records", "next", "previous", "total"])
}

fn evidence(name: &str) -> Json {
    let count = json!({ "type": "integer", "minimum": 0 });
    let text = json!({ "type": "string" });
    let properties = json!({
        "label": text,
        "requirement": text,
        "population": count,
        "holding": count,
        "failing": records(name),
    });
    object(properties, &["label", "requirement", "population", "holding", "failing"])
}

fn changes() -> Json {
    let items = json!({ "type": "array", "items": reference("Change") });
    object(json!({ "changes": items, "next": { "type": "string" } }), &["changes", "next"])
}

fn table() -> Json {
    let text = json!({ "schema": { "type": "string" } });
    let essence = crate::media::essence;
    json!({ essence(CSV): text, essence(JSONL): text, XLSX: { "schema": {} } })
}
