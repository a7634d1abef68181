//! One act on many records, each in a unit of its own: what can be done is done, and what cannot is
//! told record by record.

use crate::answer::Answer;
use crate::call::{Call, Members};
use crate::problem::{Problem, Result, Said, Slip};
use crate::refused;
use engine::bulk::{Chosen, Deed, Each};
use engine::{Command, Input};
use model::Name;
use model::definition::RecordType;
use serde_json::{Map, Value as Json, json};

/// The longest number or id, in characters.
const NAME: usize = 100;

pub fn bulk(call: &Call) -> Result<Answer> {
    let catalogue = call.session.engine().catalogue();
    let definition = call.session.definition(&catalogue, call.record_type())?;
    if !call.session.may_see_type(&definition.name) {
        return Err(Problem::missing());
    }
    let mut members = Members::of(call.object()?);
    let chosen = chosen(&mut members, call.app.settings.limits.bulk);
    let rehearse = members.yes("dry_run").unwrap_or(false);
    let action = members.object("action");
    let action = members.required("action", action);
    members.end()?;
    let Some(chosen) = chosen else { return Err(which()) };
    let command = command(call, &definition, action.unwrap_or_default())?;
    let idempotency = call.idempotency()?;
    let deed = Deed { command: &command, rehearse, idempotency: idempotency.as_ref() };
    let each = call.session.bulk(&definition.name, &chosen, deed)?;
    let refused = each.iter().filter(|one| one.result.is_err()).count();
    Answer::json(&json!({
        "dry_run": rehearse,
        "done": each.len() - refused,
        "refused": refused,
        "results": each.iter().map(|one| shown(call, one)).collect::<Vec<_>>(),
    }))
}

/// The records: by name, or by a condition.
fn chosen(members: &mut Members, most: usize) -> Option<Chosen> {
    let named = members.texts("records");
    let filter = members.text("where", 8192);
    if named.iter().flatten().any(|name| name.is_empty() || name.chars().count() > NAME) {
        members.slip("records", "A number or id is empty or too long.", "编号或标识为空或过长。");
    }
    if named.as_ref().is_some_and(|names| names.len() > most) {
        let (en, zh) = (format!("At most {most} records."), format!("最多 {most} 条记录。"));
        members.slip("records", &en, &zh);
    }
    match (named, filter) {
        (Some(names), None) => Some(Chosen::Named(names)),
        (None, Some(filter)) => Some(Chosen::Where(filter)),
        _ => None,
    }
}

fn which() -> Box<Problem> {
    let said = Said::new(
        "Say which records: a list of numbers or ids in \"records\", or a condition in \"where\".",
        "请指定记录：在“records”中列出编号或标识，或在“where”中填写条件，二者选一。",
    );
    Problem::fields(vec![Slip::field("records", said)])
}

/// What is to be done with each: just one of the acts there are.
fn command(call: &Call, definition: &RecordType, action: Map<String, Json>) -> Result<Command> {
    let mut members = Members::of(action);
    let acts = ["edit", "transition", "comment", "withdraw"];
    let mut given = acts.iter().filter_map(|act| Some((*act, members.object(act)?)));
    let (first, second) = (given.next(), given.next());
    drop(given);
    members.end()?;
    let (Some((act, object)), None) = (first, second) else {
        let said = Said::new(
            "Write just one of edit, transition, comment, withdraw.",
            "请填写 edit、transition、comment、withdraw 之一。",
        );
        return Err(Problem::fields(vec![Slip::field("action", said)]));
    };
    match act {
        "edit" => edit(call, definition, &object),
        "transition" => transition(call, definition, object),
        "comment" => comment(object),
        _ => {
            let mut members = Members::of(object);
            let note = members.text("note", super::NOTE);
            members.end()?;
            Ok(Command::Withdraw { note })
        }
    }
}

fn edit(call: &Call, definition: &RecordType, object: &Map<String, Json>) -> Result<Command> {
    let Input { values, .. } = call.session.input(&definition.name, object)?;
    Ok(Command::Edit { values })
}

fn transition(call: &Call, definition: &RecordType, object: Map<String, Json>) -> Result<Command> {
    let mut members = Members::of(object);
    let name = members.text("name", Name::MAX).and_then(|name| Name::new(&name));
    let known = name.filter(|name| definition.transitions.contains_key(name));
    let name = members.required("name", known);
    let note = members.text("note", super::NOTE);
    let fields = members.object("fields").unwrap_or_default();
    members.end()?;
    let Some(name) = name else { return Err(Problem::missing()) };
    let Input { values, .. } = call.session.input(&definition.name, &fields)?;
    Ok(Command::Transition { name, values, note })
}

fn comment(object: Map<String, Json>) -> Result<Command> {
    let mut members = Members::of(object);
    let text = members.text("text", super::NOTE);
    let text = members.required("text", text);
    let internal = members.yes("internal").unwrap_or(false);
    members.end()?;
    Ok(Command::Comment { text: text.unwrap_or_default(), internal })
}

fn shown(call: &Call, each: &Each) -> Json {
    match &each.result {
        Ok(written) => json!({
            "record": each.record,
            "ok": true,
            "version": written.as_ref().map(|written| written.version),
            "problem": null,
        }),
        Err(refusal) => {
            let problem = refused::problem(refusal).json(call.language(), "");
            json!({ "record": each.record, "ok": false, "version": null, "problem": problem })
        }
    }
}
