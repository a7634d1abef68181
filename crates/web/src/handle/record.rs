//! Records: lists, one record, new ones, edits, withdrawal.

use super::{bad_cursor, bytes_of, changed, created, order, target};
use crate::answer::{self, Answer};
use crate::call::{Call, Members};
use crate::conditional;
use crate::problem::{Problem, Result, Said, Slip};
use axum::http::{StatusCode, header};
use engine::{COUNTED_AT_MOST, Command, Count, Created, Input, Listed, Order, Place, Question};
use serde_json::{Map, Value as Json};

/// The question that a query asks.
pub fn question(call: &Call) -> Result<Question> {
    let query = &call.query;
    let place = match (query.text("cursor"), query.text("before")) {
        (Some(_), Some(_)) => {
            let said =
                Said::new("Give cursor or before, not both.", "cursor 与 before 只能填写其一。");
            return Err(Problem::parameters(vec![Slip::parameter("before", said)]));
        }
        (Some(""), _) => return Err(Problem::parameters(vec![bad_cursor("cursor")])),
        (_, Some("")) => return Err(Problem::parameters(vec![bad_cursor("before")])),
        (Some(cursor), None) => Place::After(cursor.into()),
        (None, Some(cursor)) => Place::Before(cursor.into()),
        (None, None) => Place::Start,
    };
    Ok(Question {
        record_type: call.record_type().into(),
        filter: query.owned("where"),
        search: query.owned("q"),
        sort: query.owned("sort"),
        columns: query.owned("columns"),
        limit: query.size("limit"),
        place,
        count: query.yes("count").then_some(COUNTED_AT_MOST),
        as_of: query.instant("as_of"),
    })
}

pub fn list(call: &Call) -> Result<Answer> {
    Answer::json(&shown_list(call.session.list(&question(call)?)?))
}

/// A page as it is answered.
pub fn shown_list(listed: Listed) -> Map<String, Json> {
    let mut out = Map::new();
    let records = listed.records.into_iter().map(Json::Object).collect();
    out.insert("records".into(), Json::Array(records));
    out.insert("next".into(), Json::from(listed.next));
    out.insert("previous".into(), Json::from(listed.previous));
    match listed.total {
        None => out.insert("total".into(), Json::Null),
        Some(Count::Exactly(total)) => out.insert("total".into(), total.into()),
        Some(Count::AtLeast(total)) => {
            out.insert("total_is".into(), "at_least".into());
            out.insert("total".into(), total.into())
        }
    };
    out
}

pub fn read(call: &Call) -> Result<Answer> {
    let as_of = call.query.instant("as_of");
    let seen = call.session.read(call.record_type(), call.record(), as_of)?;
    let (bytes, tag) = bytes_of(seen)?;
    if conditional::is_known(&call.headers, &tag) {
        return Ok(Answer::nothing().status(StatusCode::NOT_MODIFIED).header(header::ETAG, &tag));
    }
    Ok(Answer::bytes(answer::JSON, bytes).header(header::ETAG, &tag))
}

pub fn create(call: &Call) -> Result<Answer> {
    let mut object = call.object()?;
    // Shown links stand in an object of their own; they may be sent as they were shown.
    if let Some(Json::Object(links)) = object.get("links") {
        let links = links.clone();
        object.shift_remove("links");
        object.extend(links);
    }
    let Input { values, links } = call.session.input(call.record_type(), &object)?;
    let order = Order {
        record_type: call.name("record_type")?,
        key: None,
        command: Command::Create { values, links },
        base: None,
        idempotency: call.idempotency()?,
    };
    let Created { written, seen } = call.session.create(&order)?;
    created(call, &written, seen)
}

pub fn edit(call: &Call) -> Result<Answer> {
    let mut object = call.object()?;
    let (definition, key) = target(call)?;
    demand_base_exists(call)?;
    // Shown, not taken: links are changed one by one.
    object.shift_remove("links");
    let Input { values, links } = call.session.input(&definition.name, &object)?;
    if !links.is_empty() {
        let slips = links.iter().map(|(link, _)| Slip::field(link, one_by_one(link))).collect();
        return Err(Problem::fields(slips));
    }
    let written = order(call, &definition, key, Command::Edit { values })?;
    changed(call, &written)
}

fn one_by_one(link: &str) -> Said {
    Said::new(
        format!("Links are changed one by one: POST or DELETE …/link/{link}."),
        format!("关联须逐条修改：POST 或 DELETE …/link/{link}。"),
    )
}

/// A version that is still to come was never read.
pub fn demand_base_exists(call: &Call) -> Result<()> {
    let Some(base) = call.base()? else { return Ok(()) };
    let seen = call.session.read(call.record_type(), call.record(), None)?;
    conditional::exists(Some(base), seen.version)
}

pub fn withdraw(call: &Call) -> Result<Answer> {
    let mut members = Members::of(call.object()?);
    let note = members.text("note", super::NOTE);
    members.end()?;
    let (definition, key) = target(call)?;
    order(call, &definition, key, Command::Withdraw { note })?;
    Ok(Answer::nothing())
}
