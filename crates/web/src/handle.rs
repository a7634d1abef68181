//! The handlers: plain functions from a request to an answer, on a thread that may block. What they
//! may show, the engine gives them through the session; nothing here decides about rights.

pub mod attachment;
pub mod bulk;
pub mod clock;
pub mod comment;
pub mod definition;
pub mod export;
pub mod feed;
pub mod figure;
pub mod import;
pub mod link;
pub mod me;
pub mod movement;
pub mod notice;
pub mod operate;
pub mod past;
pub mod record;
pub mod search;
pub mod template;
pub mod token;
pub mod view;
pub mod vote;
pub mod watch;

use crate::answer::{self, Answer};
use crate::call::Call;
use crate::conditional;
use crate::problem::{Problem, Result, Said, Slip};
use axum::http::{StatusCode, header};
use engine::refusal::Refusal;
use engine::{Command, Error, Order, Seen, Written};
use model::Key;
use model::definition::RecordType;
use serde_json::{Value as Json, json};
use std::sync::Arc;

/// The longest note or comment, in characters.
pub const NOTE: usize = 20_000;

/// A command on the record that the address names, and the record as it stands afterwards.
fn perform(call: &Call, command: Command) -> Result<Answer> {
    let (definition, key) = target(call)?;
    let written = order(call, &definition, key, command)?;
    changed(call, &written)
}

/// The record that the address names, where it may be read.
fn target(call: &Call) -> Result<(Arc<RecordType>, Key)> {
    Ok(call.session.target(call.record_type(), call.record())?)
}

fn order(call: &Call, definition: &RecordType, key: Key, command: Command) -> Result<Written> {
    let order = Order {
        record_type: definition.name.clone(),
        key: Some(key),
        command,
        base: call.base()?,
        idempotency: call.idempotency()?,
    };
    Ok(call.session.perform(&order)?)
}

/// 200 with the record as it stands now.
fn changed(call: &Call, written: &Written) -> Result<Answer> {
    match read_back(call, written)? {
        Some(seen) => shown(seen),
        None => Answer::json(&brief(call, written)),
    }
}

/// The record after a write; none where the client wants little, or may not read what it wrote.
fn read_back(call: &Call, written: &Written) -> Result<Option<Seen>> {
    if call.wants_little() {
        return Ok(None);
    }
    match call.session.read(&written.record_type, &written.id.to_string(), None) {
        Ok(seen) => Ok(Some(seen)),
        Err(Error::Refused(refusal)) => match *refusal {
            Refusal::NotFound { .. } | Refusal::Gone { .. } => Ok(None),
            other => Err(other.into()),
        },
        Err(fault) => Err(fault.into()),
    }
}

/// A record with the tag of what is shown.
fn shown(seen: Seen) -> Result<Answer> {
    let (bytes, tag) = bytes_of(seen)?;
    Ok(Answer::bytes(answer::JSON, bytes).header(header::ETAG, &tag))
}

/// A record as it is answered, and its tag. It names the fields that are not shown to the asker:
/// by their values alone they could not be told from those that are not set.
fn bytes_of(mut seen: Seen) -> Result<(Vec<u8>, String)> {
    let hidden: Vec<&str> = seen.hidden.iter().map(|name| name.as_str()).collect();
    seen.json.insert("hidden".into(), json!(hidden));
    let bytes = answer::to_bytes(&seen.json)?;
    let tag = conditional::tag(seen.version, &bytes);
    Ok((bytes, tag))
}

/// What names a record that was written.
fn brief(call: &Call, written: &Written) -> Json {
    json!({
        "id": written.id,
        "type": written.record_type.as_str(),
        "number": number_of(call, written),
        "version": written.version,
    })
}

/// The number as people write it; none where the type has none.
fn number_of(call: &Call, written: &Written) -> Option<String> {
    let catalogue = call.session.engine().catalogue();
    let definition = catalogue.record_type(&written.record_type)?;
    let text = engine::record::formatted(definition, written.number);
    (!text.is_empty()).then_some(text)
}

/// The address of a record.
fn location(call: &Call, written: &Written) -> String {
    let name = number_of(call, written).unwrap_or_else(|| written.id.to_string());
    let name = crate::percent::encode(&name);
    let base = call.app.settings.base();
    format!("{base}/api/v1/{}/{name}", written.record_type)
}

/// 201 with where the new record is, and the record where it is known already and wanted.
fn created(call: &Call, written: &Written, seen: Option<Seen>) -> Result<Answer> {
    let seen = match seen {
        Some(seen) => Some(seen).filter(|_| !call.wants_little()),
        None => read_back(call, written)?,
    };
    let answer = match seen {
        Some(seen) => shown(seen)?,
        None => Answer::json(&brief(call, written))?,
    };
    let answer = answer.status(StatusCode::CREATED);
    Ok(answer.header(header::LOCATION, &location(call, written)))
}

/// 201 with what names the record that was added to.
fn created_brief(call: &Call, written: &Written) -> Result<Answer> {
    Ok(Answer::json(&brief(call, written))?.status(StatusCode::CREATED))
}

/// The client left while an answer was being written to it.
fn left(error: &std::io::Error) -> Box<Problem> {
    Problem::malformed(format!("The client left: {error}."), "客户端已断开。")
}

/// A number as an opaque cursor, and back.
/// An instant in microseconds, as RFC 3339 writes it.
fn instant(at: i64) -> String {
    jiff::Timestamp::from_microsecond(at).map(|at| at.to_string()).unwrap_or_default()
}

fn cursor(number: i64) -> String {
    format!("{number:x}")
}

/// # Errors
/// `bad-question` for what is no cursor of ours.
fn from_cursor(call: &Call, name: &'static str) -> Result<Option<i64>> {
    let Some(text) = call.query.text(name) else { return Ok(None) };
    match i64::from_str_radix(text, 16) {
        Ok(number) if number >= 0 => Ok(Some(number)),
        _ => Err(Problem::parameters(vec![bad_cursor(name)])),
    }
}

fn bad_cursor(name: &str) -> Slip {
    let said = Said::new(
        "This is no cursor; send one that came with a page.",
        "此游标无效，请使用分页结果中返回的游标。",
    );
    Slip::parameter(name, said)
}
