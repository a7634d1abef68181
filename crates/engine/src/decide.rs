//! Decisions: pure functions from declared facts to a [`Change`] or a refusal. No I/O here, and no
//! clock but the instant given: the same facts always decide the same.

mod approval;
mod create;
mod edit;
mod fields;
mod file;
mod link;
mod moves;
mod transition;

pub use approval::{Ballot, CastVote, delegate, digest, standings, vote};
pub use create::{create, draft};
pub use edit::{draft as edit_draft, edit};
pub use fields::{compute, demand_standing_rules, editable};
pub use file::{WATCHER, attach, detach, watch};
pub use link::{link, unlink};
pub use moves::{Move, moves};
pub use transition::{carry_out, draft as transition_draft, open, transition};

use crate::actor::Actor;
use crate::change::{Change, LinkChange};
use crate::facts::{Known, View};
use crate::record::Record;
use crate::refusal::{Act, Refusal, Result};
use crate::rights::{Deed, TypeRights};
use model::definition::{Model, RecordType};
use model::{Name, Value};
use std::collections::HashMap;

/// What the rules written in Rust answered, by name: they read more than one record and were
/// asked before, on the same snapshot.
pub type RuleAnswers = HashMap<Name, RuleAnswer>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleAnswer {
    Holds,
    /// `by` names the record in the way, where the asker may read it.
    Broken {
        by: Option<String>,
    },
}

/// What every decision is given beside the command.
pub struct Case<'a> {
    pub model: &'a Model,
    pub definition: &'a RecordType,
    pub actor: &'a Actor,
    /// Rights on this record type; none for the system, which may do everything.
    pub rights: Option<&'a TypeRights>,
    pub now: i64,
    pub today: i32,
    /// Facts around the record before the command.
    pub known: &'a Known,
}

impl Case<'_> {
    pub fn view<'v>(&'v self, record: &'v Record, known: &'v Known) -> View<'v> {
        View {
            definition: self.definition,
            record,
            known,
            actor: self.actor,
            now: self.now,
            today: self.today,
        }
    }

    /// # Errors
    /// `NotAllowed` where the deed is not granted on the record as it stands.
    pub fn demand(&self, deed: Deed, act: Act, record: &Record) -> Result<()> {
        let Some(rights) = self.rights else { return Ok(()) };
        if rights.may(deed, &self.view(record, self.known)) {
            Ok(())
        } else {
            Err(Refusal::NotAllowed { act }.into())
        }
    }
}

/// A comment, visible to all readers of the record or internal.
///
/// # Errors
/// `NotAllowed` for an internal note without the right, `Invalid` for an empty text.
pub fn comment(case: &Case, before: &Record, text: &str, internal: bool) -> Result<Change> {
    if internal {
        case.demand(Deed::Internal, Act::Internal, before)?;
    }
    if text.trim().is_empty() {
        return Err(Refusal::field("text", "Write something.", "请填写内容。").into());
    }
    let kind = if internal { "note" } else { "comment" };
    let mut change = Change::of(before, kind, case.now);
    change.internal = internal;
    change.tell("comment", Value::text(text));
    Ok(change)
}

/// Takes the record out of lists, and ends the links `around` it; the ledger keeps it.
///
/// # Errors
/// `NotAllowed` without the right, `Gone` where it is withdrawn already.
pub fn withdraw(
    case: &Case,
    before: &Record,
    note: Option<&str>,
    around: &[LinkChange],
) -> Result<Change> {
    case.demand(Deed::Withdraw, Act::Withdraw, before)?;
    let mut change = Change::of(before, "withdraw", case.now);
    link::end_all(case, &mut change, around);
    change.after.withdrawn_at = Some(case.now);
    change.tell("note", note.map_or(Value::Unset, Value::text));
    Ok(change)
}
