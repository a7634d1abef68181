//! Schemas that all record types share, and the problems that routes may answer.

use crate::title::TITLES;
use serde_json::{Map, Value as Json, json};

fn object(properties: Json, optional: &[&str]) -> Json {
    let names = properties.as_object().into_iter().flat_map(|members| members.keys());
    let required: Vec<&String> = names.filter(|name| !optional.contains(&name.as_str())).collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn reference(name: &str) -> Json {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn array(items: Json) -> Json {
    json!({ "type": "array", "items": items })
}

fn nullable(schema: Json) -> Json {
    json!({ "anyOf": [schema, { "type": "null" }] })
}

/// The shared schemas, by name. Their capitals keep them apart from record types, which have none.
pub fn schemas() -> Map<String, Json> {
    let mut out = Map::new();
    for (name, schema) in names_of_records()
        .into_iter()
        .chain(problems())
        .chain(around_a_record())
        .chain(about_the_asker())
        .chain(record_type())
    {
        out.insert(name.into(), schema);
    }
    out
}

type Named = (&'static str, Json);

fn text() -> Json {
    json!({ "type": "string" })
}

fn text_or_null() -> Json {
    json!({ "type": ["string", "null"] })
}

fn instant() -> Json {
    json!({ "type": "string", "format": "date-time" })
}

fn yes_no() -> Json {
    json!({ "type": "boolean" })
}

fn count() -> Json {
    json!({ "type": "integer", "minimum": 0 })
}

fn id() -> Json {
    json!({ "type": "string", "format": "uuid" })
}

fn label() -> Json {
    json!({ "type": "object", "additionalProperties": { "type": "string" } })
}

fn names_of_records() -> Vec<Named> {
    let card = json!({
        "id": id(), "type": text(), "number": text_or_null(), "title": text(),
        "withdrawn": { "type": "boolean" },
    });
    let any = json!({});
    let named = json!({
        "anyOf": [
            { "type": "string", "minLength": 1 },
            {
                "type": "object",
                "properties": { "id": text(), "number": any, "type": any, "title": any },
                "required": ["id"],
            },
            {
                "type": "object",
                "properties": { "number": text(), "type": any, "title": any },
                "required": ["number"],
            },
        ],
        "description": "A record by its number or id, or the object that an answer shows.",
    });
    let brief = json!({
        "id": id(), "type": text(), "number": text_or_null(), "version": { "type": "integer" },
    });
    vec![("Card", object(card, &["withdrawn"])), ("Named", named), ("Brief", object(brief, &[]))]
}

fn problems() -> Vec<Named> {
    let codes: Vec<&str> = TITLES.iter().map(|(code, _, _)| *code).collect();
    let any = json!({});
    let slip = json!({
        "field": text(),
        "parameter": text(),
        "detail": text(),
        "details": label(),
        "start": count(),
        "end": count(),
        "mine": any,
        "theirs": any,
        "changed_by": text(),
    });
    let optional = ["field", "parameter", "start", "end", "mine", "theirs", "changed_by"];
    let problem = json!({
        "type": { "type": "string", "format": "uri" },
        "title": text(),
        "status": { "type": "integer", "minimum": 400, "maximum": 599 },
        "code": { "type": "string", "enum": codes },
        "detail": text(),
        "details": label(),
        "errors": array(reference("ProblemError")),
        "act": text(),
        "approvals": array(reference("Approval")),
        "open": array(label()),
        "rule": text(),
        "by": text_or_null(),
        "fault": text(),
    });
    let standing = json!({
        "approval": text(),
        "label": label(),
        "granted": count(),
        "quorum": count(),
        "rejected": yes_no(),
    });
    vec![
        ("Problem", object(problem, &["act", "approvals", "open", "rule", "by", "fault"])),
        ("ProblemError", object(slip, &optional)),
        ("Approval", object(standing, &[])),
    ]
}

fn around_a_record() -> Vec<Named> {
    let reason = object(json!({ "code": text(), "detail": text(), "details": label() }), &[]);
    let transition = json!({
        "name": text(),
        "label": label(),
        "to": text(),
        "open": yes_no(),
        "refusal": nullable(reason),
        "needs": array(text()),
        "note_required": yes_no(),
        "approvals": array(reference("Approval")),
        "by": array(text()),
    });
    let card = || nullable(reference("Card"));
    let comment = json!({
        "entry": text(), "at": instant(), "actor": text(), "person": card(),
        "internal": yes_no(), "text": text_or_null(),
    });
    let attachment = json!({
        "name": text(), "media_type": text(), "bytes": count(), "sha256": text(),
        "internal": yes_no(), "at": instant(),
    });
    let any = json!({});
    let changed = json!({
        "field": text(), "label": text_or_null(), "old": any, "new": any, "erased": yes_no(),
    });
    let entry = json!({
        "entry": text(), "kind": text(), "transition": text(), "label": text_or_null(),
        "at": instant(), "recorded_at": instant(), "actor": text(), "person": card(),
        "version": count(), "definition": count(), "internal": yes_no(),
        "comment": text_or_null(), "note": text_or_null(),
        "changes": array(object(changed, &["old", "new", "erased"])),
    });
    let seldom = ["transition", "label", "comment", "note"];
    vec![
        ("Transition", object(transition, &[])),
        ("Comment", object(comment, &[])),
        ("Attachment", object(attachment, &[])),
        ("Entry", object(entry, &seldom)),
        ("Results", results()),
        ("Hit", hit()),
        ("Change", change()),
        ("Figures", figures()),
    ]
}

fn results() -> Json {
    let one = json!({
        "record": text(),
        "ok": yes_no(),
        "version": { "type": ["integer", "null"] },
        "problem": nullable(reference("Problem")),
    });
    let all = json!({
        "dry_run": yes_no(),
        "done": count(),
        "refused": count(),
        "results": array(object(one, &[])),
    });
    object(all, &[])
}

fn hit() -> Json {
    let piece = object(json!({ "text": text(), "mark": yes_no() }), &[]);
    let hit = json!({
        "id": id(), "type": text(), "number": text_or_null(), "title": text(),
        "snippet": nullable(array(piece)),
    });
    object(hit, &["snippet"])
}

fn change() -> Json {
    let change = json!({
        "position": count(), "entry": text(), "type": text(), "id": id(),
        "number": text_or_null(), "version": count(), "kind": text(),
        "transition": text_or_null(), "at": instant(),
    });
    object(change, &[])
}

fn notification() -> Json {
    let card = json!({ "type": "object" });
    let kinds =
        ["mentioned", "named", "approval_wanted", "clock_warning", "clock_breach", "watched"];
    let notification = json!({
        "entry": id(), "kind": { "enum": kinds }, "text": text(), "record": card,
        "at": instant(), "read_at": nullable(instant()),
    });
    object(notification, &[])
}

fn figures() -> Json {
    let number = json!({ "type": ["number", "null"] });
    let figure = json!({
        "records": count(), "holding": count(), "share": number,
        "mean": number, "median": number, "p90": number, "max": number,
    });
    let seldom = ["holding", "share", "mean", "median", "p90", "max"];
    let any = json!({});
    let point = json!({
        "from": nullable(instant()),
        "to": nullable(instant()),
        "group": any,
        "label": text(),
        "figure": object(figure, &seldom),
    });
    let all = json!({
        "label": text(),
        "by": text_or_null(),
        "unit": { "type": "string", "enum": ["records", "share", "seconds", "number"] },
        "zone": text(),
        "points": array(object(point, &[])),
        "left_out": { "type": "integer", "minimum": 0 },
    });
    object(all, &[])
}

fn about_the_asker() -> Vec<Named> {
    let role = object(json!({ "name": text(), "label": nullable(label()) }), &[]);
    let me = json!({
        "login": text(),
        "name": text(),
        "person": nullable(id()),
        "roles": array(role),
        "language": text(),
        "time_zone": text(),
        "scopes": array(text()),
        "stands_in_for": array(text()),
    });
    let token = json!({
        "id": text(),
        "name": text(),
        "scopes": array(text()),
        "created_at": instant(),
        "expires_at": nullable(instant()),
        "last_used_at": nullable(instant()),
    });
    let mut new = token.clone();
    if let Json::Object(members) = &mut new {
        members.insert("token".into(), text());
    }
    let health = json!({ "status": { "const": "ok" }, "version": text() });
    vec![
        ("Me", object(me, &[])),
        ("View", view()),
        ("Template", template()),
        ("Import", import()),
        ("RefusedRow", refused_row()),
        ("LeftRecord", left_record()),
        ("Notification", notification()),
        ("Token", object(token, &[])),
        ("NewToken", object(new, &[])),
        ("Health", object(health, &[])),
    ]
}

fn view() -> Json {
    let shown = json!({
        "list": text(), "where": text(), "q": text(), "sort": text(), "columns": text(),
    });
    let all = ["list", "where", "q", "sort", "columns"];
    let view = json!({
        "id": id(),
        "name": text(),
        "shown": object(shown, &all),
        "audience": { "enum": crate::handle::view::AUDIENCES },
        "team": { "type": ["object", "null"] },
        "mine": yes_no(),
    });
    object(view, &[])
}

/// `checked`, `written` and `undone` are there once they are known; `mapping` where one is asked
/// for.
fn import() -> Json {
    let count = || json!({ "type": "integer" });
    let part = |names: &[&str]| {
        let all = names.iter().map(|name| (name.to_string(), count()));
        nullable(object(Json::Object(all.collect()), &[]))
    };
    let import = json!({
        "id": text(),
        "record_type": text(),
        "file": text(),
        "bytes": count(),
        "by": text(),
        "stage": { "enum": engine::import::Stage::ALL },
        "rows": count(),
        "done": count(),
        "started_at": instant(),
        "finished_at": nullable(instant()),
        "undone_at": nullable(instant()),
        "checked": part(&["rows", "created", "existing", "references", "refused"]),
        "written": part(&["created", "updated", "linked", "references", "refused"]),
        "undone": part(&["withdrawn", "restored", "left", "waiting"]),
        "fault": nullable(text()),
        "mapping": text(),
    });
    object(import, &["mapping"])
}

fn refused_row() -> Json {
    let row = json!({ "row": { "type": "integer" }, "column": text(), "why": text() });
    object(row, &[])
}

fn left_record() -> Json {
    let record = json!({ "type": ["object", "null"] });
    let left = json!({ "row": { "type": "integer" }, "record": record, "why": text() });
    object(left, &[])
}

fn template() -> Json {
    let template = json!({
        "id": id(),
        "name": text(),
        "values": { "type": "object" },
        "audience": { "enum": crate::handle::view::AUDIENCES },
        "team": { "type": ["object", "null"] },
        "mine": yes_no(),
    });
    object(template, &[])
}

fn record_type() -> Vec<Named> {
    let head = json!({
        "name": text(),
        "label": label(),
        "plural": label(),
        "help": nullable(label()),
        "process": text(),
        "extends": array(text()),
        "abstract": yes_no(),
        "title": text(),
    });
    let mut whole = head.clone();
    if let Json::Object(members) = &mut whole {
        let parts = [
            "sections",
            "fields",
            "links",
            "states",
            "transitions",
            "approvals",
            "clocks",
            "lists",
            "measures",
            "evidence",
        ];
        for part in parts {
            members.insert(part.into(), array(json!({ "type": "object" })));
        }
    }
    vec![("RecordTypeHead", object(head, &[])), ("RecordType", object(whole, &[]))]
}

/// The problems by status, each with the codes it may carry.
pub fn responses() -> Json {
    let problem = json!({ "application/problem+json": { "schema": reference("Problem") } });
    let all = [
        (400, "The request or the question cannot be understood, or costs too much"),
        (401, "Not known who asks: send a valid token"),
        (403, "Visible, but not allowed, or the token lacks the scope"),
        (404, "Not there, or not visible"),
        (406, "Answered as application/json only"),
        (408, "The request did not arrive in time"),
        (409, "A rule, a missing approval, the wrong state, or a value that is taken"),
        (410, "Withdrawn"),
        (412, "Changed meanwhile"),
        (413, "Too large"),
        (414, "The address is too long"),
        (415, "The body is not of a type that is taken"),
        (422, "Fields that cannot be taken or are missing"),
        (429, "Too many requests: Retry-After says when to come again"),
        (431, "The headers are too large"),
        (500, "A fault, told by its number"),
        (503, "Not just now: Retry-After says when to come again"),
        (507, "The disk is full"),
    ];
    let named = all.into_iter().map(|(status, says)| {
        let response = match status {
            // Beyond what the server reads at all, these come without a body.
            414 | 431 => json!({ "description": says }),
            _ => json!({ "description": says, "content": problem }),
        };
        (status.to_string(), response)
    });
    Json::Object(named.collect())
}
