//! Files of a record, and the people who watch it.

use super::Case;
use crate::change::{Change, FileChange, LinkChange};
use crate::record::Record;
use crate::refusal::{Act, Refusal, Result};
use crate::rights::Deed;
use model::value::Attachment;
use model::{Key, Value};

/// The link from any record to the people who watch it.
pub const WATCHER: &str = "record.watcher";

/// Adds a file. Like a comment it stales nobody's edit; an internal one needs the right to
/// internal notes.
///
/// # Errors
/// `NotAllowed` for an internal file without the right.
pub fn attach(case: &Case, before: &Record, file: &Attachment, internal: bool) -> Result<Change> {
    if internal {
        case.demand(Deed::Internal, Act::Internal, before)?;
    }
    let mut change = Change::of(before, "attach", case.now);
    change.internal = internal;
    change.tell("file", Value::Attachments([file.clone()].into()));
    change.files.push(FileChange::Added { file: file.clone(), internal });
    Ok(change)
}

/// Takes a file off the record; its content stays for as long as history names it.
///
/// # Errors
/// `NotAllowed` without the right to write, `NotFound` where the record has no such file.
pub fn detach(case: &Case, before: &Record, sha256: &str, files: &[Attachment]) -> Result<Change> {
    case.demand(Deed::Write, Act::Edit, before)?;
    let file = files.iter().find(|file| &*file.sha256 == sha256);
    let file = file.ok_or_else(|| Refusal::NotFound { what: sha256.to_string() })?;
    let mut change = Change::of(before, "detach", case.now);
    let old = Value::Attachments([file.clone()].into());
    change.tell_both("file", old, Value::Unset);
    change.files.push(FileChange::Removed { sha256: sha256.to_string() });
    Ok(change)
}

/// Begins or ends watching. Everybody who may read a record may watch it; another person is made
/// to watch only by who may write it.
///
/// # Errors
/// `NotAllowed` for another person without the right to write.
pub fn watch(
    case: &Case,
    before: &Record,
    person: Key,
    begins: bool,
    watchers: &[Key],
) -> Result<Change> {
    if case.actor.person != Some(person) {
        case.demand(Deed::Write, Act::Edit, before)?;
    }
    let kind = if begins { "watch" } else { "unwatch" };
    let mut change = Change::of(before, kind, case.now);
    if watchers.contains(&person) == begins {
        return Ok(change);
    }
    change.links.push(LinkChange { name: WATCHER.into(), from: before.key, to: person, begins });
    let (old, new) = match begins {
        true => (Value::Unset, Value::Reference(person)),
        false => (Value::Reference(person), Value::Unset),
    };
    change.tell_both("watcher", old, new);
    Ok(change)
}
