//! What is done to a record from its page: fields of a section, steps, notes, links, votes. Each
//! answers with the way back to the record, or with the form as it was typed and what is wrong.

use super::Page;
use super::record::Back;
use super::undo::Undo;
use crate::answer::Answer;
use crate::call::Call;
use crate::form::Form;
use crate::handle::NOTE;
use crate::problem::{Problem, Result};
use axum::http::StatusCode;
use engine::refusal::Refusal;
use engine::{Command, Error, Input, Order, Written};
use model::definition::RecordType;
use model::{Key, Name};
use serde_json::{Map, json};
use std::sync::Arc;

/// A record that something is done to.
pub(super) struct Target {
    pub definition: Arc<RecordType>,
    pub key: Key,
}

pub(super) fn target(call: &Call) -> Result<Target> {
    let (definition, key) = call.session.target(call.record_type(), call.record())?;
    Ok(Target { definition, key })
}

pub(super) fn perform(
    call: &Call,
    of: &Target,
    command: Command,
    base: Option<i64>,
) -> engine::Result<Written> {
    call.session.perform(&Order {
        record_type: of.definition.name.clone(),
        key: Some(of.key),
        command,
        base,
        idempotency: None,
    })
}

/// Back to the record, saying what was done; or the record with the form that was refused.
fn answered(
    page: &Page,
    of: &Target,
    done: engine::Result<Written>,
    said: &str,
    back: Back,
) -> Result<Answer> {
    answered_with(page, of, done, (said, |_| None), back)
}

/// The same, offering to take it back.
fn answered_with(
    page: &Page,
    of: &Target,
    done: engine::Result<Written>,
    (said, undo): (&str, impl Fn(&Written) -> Option<Undo>),
    back: Back,
) -> Result<Answer> {
    match done {
        Ok(written) => {
            let address = page.record_address(&of.definition, page.call.record());
            // Where nothing had to change there is nothing to take back.
            let undo = written.entry.and_then(|_| undo(&written));
            Ok(page.with_undo(page.go(&address, Some(said)), &address, undo))
        }
        Err(Error::Refused(refusal)) => refused(page, &refusal, back),
        Err(fault) => Err(fault.into()),
    }
}

fn refused(page: &Page, refusal: &Refusal, back: Back) -> Result<Answer> {
    let problem = crate::refused::problem(refusal);
    // Nothing to mend in a form: it is said on a page of its own.
    if problem.status == StatusCode::NOT_FOUND || problem.status == StatusCode::GONE {
        return Err(problem);
    }
    let stale = match refusal {
        Refusal::Stale(fields) => fields.clone(),
        _ => Vec::new(),
    };
    let back = Back { wrong: page.wrong(refusal), stale, ..back };
    Ok(page.record(&back)?.status(problem.status))
}

/// What a person says with an act, as long as it may be; none where they say nothing.
///
/// # Errors
/// `Invalid` for what is longer than a note may be.
pub(super) fn words(form: &Form, name: &str) -> engine::Result<Option<String>> {
    let Some(text) = form.filled(name) else { return Ok(None) };
    if text.chars().count() > NOTE {
        let (en, zh) = (format!("At most {NOTE} characters."), format!("最多 {NOTE} 个字符。"));
        return Err(Refusal::field(name, en, zh).into());
    }
    Ok(Some(text.to_string()))
}

/// Fields of one section.
pub fn section(call: &Call) -> Result<Answer> {
    let (page, form, of) = (Page::new(call), call.form()?, target(call)?);
    let name = form.text("section").unwrap_or("").to_string();
    let section = of.definition.sections.get(name.as_str()).ok_or_else(Problem::missing)?;
    let base = form.text("base").and_then(|base| base.parse().ok());
    let mut object = Map::new();
    for field in section.fields.iter().filter_map(|name| of.definition.fields.get(name)) {
        let takes_theirs = form.text(&format!("take.{}", field.name)) == Some("theirs");
        if takes_theirs || page.is_untouched(field, &form) {
            continue;
        }
        if let Some(json) = page.typed(field, &form) {
            object.insert(field.name.to_string(), json);
        }
    }
    let input = call.session.input(&of.definition.name, &object);
    let done =
        input.and_then(|Input { values, .. }| perform(call, &of, Command::Edit { values }, base));
    let back = Back { edit: Some(&name), form: Some(&form), ..plain() };
    let undo = |written: &Written| Some(Undo::Edit(written.version));
    answered_with(&page, &of, done, (page.t("Saved", "已保存"), undo), back)
}

/// A step of the workflow.
pub fn movement(call: &Call) -> Result<Answer> {
    let (page, form, of) = (Page::new(call), call.form()?, target(call)?);
    let name = call.name("transition")?;
    let transition = of.definition.transitions.get(&name).ok_or_else(Problem::missing)?;
    let label = transition.label.text(page.language()).to_string();
    let base = form.text("base").and_then(|base| base.parse().ok());
    let needs = transition.needs.iter().filter_map(|name| of.definition.fields.get(name));
    let object = page.object(needs, &form);
    let input = call.session.input(&of.definition.name, &object);
    let done = input.and_then(|Input { values, .. }| {
        let note = words(&form, "note")?;
        perform(call, &of, Command::Transition { name: name.clone(), values, note }, base)
    });
    let back = Back { movement: Some(name.as_str()), form: Some(&form), ..plain() };
    answered(&page, &of, done, &label, back)
}

fn plain<'b>() -> Back<'b> {
    Back { edit: None, movement: None, form: None, wrong: Vec::new(), stale: Vec::new() }
}

/// A note or a comment.
pub fn note(call: &Call) -> Result<Answer> {
    let (page, form, of) = (Page::new(call), call.form()?, target(call)?);
    let internal = form.text("internal") == Some("true");
    let done = words(&form, "text").and_then(|text| {
        let text = text.unwrap_or_default();
        perform(call, &of, Command::Comment { text, internal }, None)
    });
    let back = Back { form: Some(&form), ..plain() };
    let mut said = page.t("Added", "已添加").to_string();
    if done.is_ok() {
        let text = form.text("text").unwrap_or("");
        let (kind, record) = (&of.definition.name, call.record());
        // The note is written: whoever is told of a fault now would write it again.
        match call.session.not_told(kind, record, text, internal) {
            Ok(closed) => said.push_str(&page.not_told(&closed, internal)),
            Err(fault) => tracing::error!(fault = ?fault, "who was not told of a note"),
        }
    }
    answered(&page, &of, done, &said, back)
}

/// A vote on an approval.
pub fn vote(call: &Call) -> Result<Answer> {
    let (page, form, of) = (Page::new(call), call.form()?, target(call)?);
    let approval = form.text("approval").and_then(Name::new);
    let approve = form.text("vote") == Some("approve");
    let done = words(&form, "note")
        .and_then(|note| perform(call, &of, Command::Vote { approval, approve, note }, None));
    let said =
        if approve { page.t("Approved", "已批准") } else { page.t("Refused", "已驳回") };
    answered(&page, &of, done, said, plain())
}

/// A link to another record begins.
pub fn link(call: &Call) -> Result<Answer> {
    let command = |link, to| Command::Link { link, to };
    linked(call, command, ("Linked", "已关联"), Undo::Unlink)
}

/// A link ends.
pub fn unlink(call: &Call) -> Result<Answer> {
    let command = |link, to| Command::Unlink { link, to };
    linked(call, command, ("Link ended", "已解除关联"), Undo::Link)
}

fn linked(
    call: &Call,
    command: impl FnOnce(Name, Key) -> Command,
    said: (&str, &str),
    undo: impl Fn(String, String) -> Undo,
) -> Result<Answer> {
    let (page, form, of) = (Page::new(call), call.form()?, target(call)?);
    let (link, to) = (form.text("link").unwrap_or(""), json!(form.text("to").unwrap_or("")));
    let far = call.session.far_end(&of.definition.name, link, &to);
    let done = far.and_then(|(link, to)| perform(call, &of, command(link, to), None));
    let back = |_: &Written| {
        let text = |name| form.text(name).unwrap_or("").to_string();
        Some(undo(text("link"), text("to")))
    };
    answered_with(&page, &of, done, (page.t(said.0, said.1), back), plain())
}

/// The reader watches the record from now on.
pub fn watch(call: &Call) -> Result<Answer> {
    watched(call, |person| Command::Watch { person }, ("You watch this", "已关注"), Undo::Unwatch)
}

/// The reader watches it no more.
pub fn unwatch(call: &Call) -> Result<Answer> {
    let said = ("You watch this no more", "已取消关注");
    watched(call, |person| Command::Unwatch { person }, said, Undo::Watch)
}

fn watched(
    call: &Call,
    command: impl FnOnce(Key) -> Command,
    said: (&str, &str),
    undo: Undo,
) -> Result<Answer> {
    let (page, of) = (Page::new(call), target(call)?);
    let me = call.session.actor().person.ok_or_else(Problem::missing)?;
    let done = perform(call, &of, command(me), None);
    let said = (page.t(said.0, said.1), |_: &Written| Some(undo.clone()));
    answered_with(&page, &of, done, said, plain())
}
