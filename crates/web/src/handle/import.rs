//! Imports, as programs ask for them: a file brought, its columns mapped, the whole checked,
//! written, taken back. What takes long is asked for here and told by the import as it stands.

use super::{cursor, from_cursor, instant};
use crate::answer::Answer;
use crate::call::{Call, Members, Payload};
use crate::problem::{Problem, Result};
use axum::http::StatusCode;
use engine::field::Card;
use engine::import::{Facts, NewImport, Refused};
use serde_json::{Value as Json, json};

/// Imports told at once where nobody says how many.
const MOST: usize = 100;
/// Refusals told at once where nobody says how many.
const ROWS: usize = 50;

pub fn list(call: &Call) -> Result<Answer> {
    let all = call.session.imports(call.query.size("limit").unwrap_or(MOST))?;
    let all: Vec<Json> = all.iter().map(|facts| shown(call, facts)).collect();
    Answer::json(&json!({ "imports": all }))
}

pub fn bring(call: &Call) -> Result<Answer> {
    let Payload::File(upload) = &call.payload else { return Err(Problem::missing()) };
    let upload = &mut *upload.borrow_mut();
    let name = upload.name.clone();
    let record_type = call.query.text("record_type").unwrap_or("");
    let most = call.app.settings.limits.attachment_bytes;
    let new = NewImport { record_type, name: &name, content: upload, most };
    let id = call.session.new_import(new)?;
    Ok(Answer::json(&whole(call, &id)?)?.status(StatusCode::CREATED))
}

pub fn show(call: &Call) -> Result<Answer> {
    Answer::json(&whole(call, id(call))?)
}

/// Writes the mapping anew.
pub fn map(call: &Call) -> Result<Answer> {
    let mut members = Members::of(call.object()?);
    let mapping = members.text("mapping", engine::import::MAPPING);
    let mapping = members.required("mapping", mapping).unwrap_or_default();
    members.end()?;
    call.session.keep_mapping(id(call), &mapping)?;
    show(call)
}

pub fn check(call: &Call) -> Result<Answer> {
    call.session.check_import(id(call))?;
    show(call)
}

pub fn run(call: &Call) -> Result<Answer> {
    call.session.run_import(id(call))?;
    show(call)
}

pub fn stop(call: &Call) -> Result<Answer> {
    call.session.stop_import(id(call))?;
    show(call)
}

pub fn take_back(call: &Call) -> Result<Answer> {
    call.session.take_back(id(call))?;
    show(call)
}

pub fn forget(call: &Call) -> Result<Answer> {
    call.session.forget_import(id(call))?;
    Ok(Answer::nothing())
}

pub fn refusals(call: &Call) -> Result<Answer> {
    let (after, most) = page(call)?;
    let (found, next) = call.session.import_refusals(id(call), after, most)?;
    let rows: Vec<Json> = found.iter().map(|one| refused(call, one)).collect();
    Answer::json(&json!({ "refusals": rows, "next": next.map(cursor) }))
}

pub fn left(call: &Call) -> Result<Answer> {
    let (before, most) = page(call)?;
    let (found, next) = call.session.import_left(id(call), before, most)?;
    let rows = found.iter().map(|one| {
        let why = said(call, &one.why);
        let record = one.record.as_ref().map(Card::to_json);
        json!({ "row": one.row, "record": record, "why": why })
    });
    Answer::json(&json!({ "left": rows.collect::<Vec<_>>(), "next": next.map(cursor) }))
}

fn id(call: &Call) -> &str {
    call.part("import")
}

fn page(call: &Call) -> Result<(Option<i64>, usize)> {
    Ok((from_cursor(call, "cursor")?, call.query.size("limit").unwrap_or(ROWS)))
}

/// An import with its mapping.
fn whole(call: &Call, id: &str) -> Result<Json> {
    let facts = call.session.import_facts(id)?;
    let mut out = shown(call, &facts);
    if let Json::Object(members) = &mut out {
        members.insert("mapping".into(), facts.rules.into());
    }
    Ok(out)
}

fn shown(call: &Call, facts: &Facts) -> Json {
    json!({
        "id": facts.id,
        "record_type": facts.record_type,
        "file": facts.file,
        "bytes": facts.bytes,
        "by": facts.actor,
        "stage": facts.stage,
        "rows": facts.rows,
        "done": facts.done,
        "started_at": instant(facts.started_at),
        "finished_at": facts.finished_at.map(instant),
        "undone_at": facts.undone_at.map(instant),
        "checked": facts.tally.checked,
        "written": facts.tally.written,
        "undone": facts.tally.undone,
        "fault": facts.fault.as_ref().map(|fault| said(call, fault)),
    })
}

fn refused(call: &Call, one: &Refused) -> Json {
    json!({ "row": one.row, "column": one.column, "why": said(call, one) })
}

fn said<'r>(call: &Call, one: &'r Refused) -> &'r str {
    one.said(call.language())
}
