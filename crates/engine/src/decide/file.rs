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

/// Takes a file off the record; its content stays for as long as history names it. `files` are
/// those of the record, each with whether it is internal; an internal one does not exist for those
/// without the right to internal notes, and its end is told to nobody else.
///
/// # Errors
/// `NotAllowed` without the right to write, `NotFound` where the person sees no such file.
pub fn detach(
    case: &Case,
    before: &Record,
    sha256: &str,
    files: &[(Attachment, bool)],
) -> Result<Change> {
    case.demand(Deed::Write, Act::Edit, before)?;
    let sees_internal = case.demand(Deed::Internal, Act::Internal, before).is_ok();
    let seen = |(file, internal): &&(Attachment, bool)| {
        &*file.sha256 == sha256 && (sees_internal || !internal)
    };
    let found = files.iter().find(seen);
    let (file, internal) = found.ok_or_else(|| Refusal::NotFound { what: sha256.to_string() })?;
    let mut change = Change::of(before, "detach", case.now);
    change.internal = *internal;
    let old = Value::Attachments([file.clone()].into());
    change.tell_both("file", old, Value::Unset);
    change.files.push(FileChange::Removed { sha256: sha256.to_string(), internal: *internal });
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
