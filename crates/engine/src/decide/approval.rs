//! Approvals: who may decide, what a decision is bound to, and how far an approval has come.
//!
//! A vote is bound to a digest of the fields the voter saw; when they change it counts no longer.
//! One person counts once for each approval, however many roles they hold; who stands in for
//! somebody away, or was delegated to, decides in that person's place.

use super::{Case, Change};
use crate::canonical;
use crate::change::{Decision, Vote};
use crate::facts::Known;
use crate::record::Record;
use crate::refusal::{Act, Refusal, Result, Standing};
use model::definition::{Approval, RecordType, Transition};
use model::{Key, Name, Value};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// The votes cast on a record and the digest they must carry to count.
#[derive(Debug, Clone, Default)]
pub struct Ballot {
    pub votes: Vec<Vote>,
    pub digest: [u8; 32],
}

/// A vote about to be cast.
pub struct CastVote<'a> {
    pub approval: Option<&'a Name>,
    pub approve: bool,
    pub note: Option<&'a str>,
}

/// The digest of what an approver sees: every declared field and the far ends of every own link,
/// by name. State, version and times are not part of it.
pub fn digest(record: &Record, links: &[(Name, Vec<Key>)]) -> [u8; 32] {
    let mut hash = Sha256::new();
    let mut put = |name: &str, bytes: &[u8]| {
        hash.update((name.len() as u64).to_be_bytes());
        hash.update(name);
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
    };
    for (name, value) in &record.values {
        put(name, &canonical::bytes(value).unwrap_or_default());
    }
    for (name, keys) in links {
        let keys: BTreeSet<Key> = keys.iter().copied().collect();
        let bytes: Vec<u8> = keys.iter().flat_map(|key| key.0.to_be_bytes()).collect();
        put(name, &bytes);
    }
    hash.finalize().into()
}

impl Ballot {
    fn of<'b>(&'b self, approval: &'b Name) -> impl Iterator<Item = &'b Vote> {
        self.votes.iter().filter(|vote| vote.approval == *approval && vote.digest == self.digest)
    }

    /// Whether this person, or somebody in their place, has decided.
    fn has_voted(&self, approval: &Name, person: Key) -> bool {
        self.of(approval).any(|vote| {
            vote.decision != Decision::Delegated
                && (vote.person == person || vote.other == Some(person))
        })
    }

    /// Who has let this person decide in their place.
    pub(crate) fn delegated_to(&self, approval: &Name, person: Key) -> Option<Key> {
        let to_me = |vote: &&Vote| {
            vote.decision == Decision::Delegated
                && vote.other == Some(person)
                && !self.has_voted(approval, vote.person)
        };
        self.of(approval).find(to_me).map(|vote| vote.person)
    }

    /// How far the approval has come.
    pub fn standing(&self, approval: &Approval) -> Standing {
        let decided = |decision| self.of(&approval.name).filter(move |v| v.decision == decision);
        let people: BTreeSet<Key> =
            decided(Decision::Approved).map(|vote| vote.other.unwrap_or(vote.person)).collect();
        Standing {
            approval: approval.name.clone(),
            label: approval.label.clone(),
            granted: people.len() as u32,
            quorum: approval.quorum,
            rejected: decided(Decision::Rejected).next().is_some(),
        }
    }
}

/// The approvals a transition asks for on this record, and how far each has come.
pub fn standings(
    case: &Case,
    transition: &Transition,
    record: &Record,
    known: &Known,
    ballot: &Ballot,
) -> Vec<Standing> {
    asked(case, transition, record, known).map(|approval| ballot.standing(approval)).collect()
}

/// Of these, the ones that are not granted.
pub fn missing(
    case: &Case,
    transition: &Transition,
    record: &Record,
    known: &Known,
    ballot: &Ballot,
) -> Vec<Standing> {
    let open = |standing: &Standing| standing.granted < standing.quorum || standing.rejected;
    standings(case, transition, record, known, ballot).into_iter().filter(open).collect()
}

fn asked<'c>(
    case: &'c Case,
    transition: &'c Transition,
    record: &'c Record,
    known: &'c Known,
) -> impl Iterator<Item = &'c Approval> {
    let approvals = transition.approve.iter();
    approvals.filter_map(|name| case.definition.approvals.get(name)).filter(move |approval| {
        let view = case.view(record, known);
        approval.when.as_ref().is_none_or(|when| when.holds(&view))
    })
}

/// The approvals that transitions out of the present state ask for.
fn open<'c>(case: &'c Case, record: &'c Record, known: &'c Known) -> Vec<&'c Approval> {
    let here = |t: &&Transition| record.state.as_ref().is_some_and(|s| t.from.contains(s));
    let leaving = case.definition.transitions.values().filter(here);
    let mut open: Vec<&Approval> =
        leaving.flat_map(|transition| asked(case, transition, record, known)).collect();
    open.dedup_by_key(|approval| &approval.name);
    open
}

/// In whose place this person may decide: their own, or of somebody they stand in for.
enum Place {
    Own,
    For(Key),
}

fn place(case: &Case, record: &Record, approval: &Approval, ballot: &Ballot) -> Option<Place> {
    let me = case.actor.person?;
    let view = case.view(record, case.known);
    let roles = case.rights.map(|rights| rights.roles(&view)).unwrap_or_default();
    if approval.by.iter().any(|role| roles.contains(role)) {
        return Some(Place::Own);
    }
    if let Some(other) = ballot.delegated_to(&approval.name, me) {
        return Some(Place::For(other));
    }
    let away = case.actor.stands_in_for.iter();
    away.filter(|other| approval.by.iter().any(|role| other.roles.contains(role)))
        .find(|other| !ballot.has_voted(&approval.name, other.person))
        .map(|other| Place::For(other.person))
}

/// Casts a vote.
///
/// # Errors
/// `NothingToApprove`, `OwnRecord`, `AlreadyVoted`, `NeedsNote` (a rejection says why).
pub fn vote(case: &Case, before: &Record, ballot: &Ballot, cast: &CastVote) -> Result<Change> {
    let Some(me) = case.actor.person else {
        return Err(Refusal::NotAllowed { act: Act::Approve }.into());
    };
    let (approval, place) = choose(case, before, ballot, cast.approval)?;
    let other = match place {
        Place::Own => None,
        Place::For(person) => Some(person),
    };
    let own = |person: Option<Key>| person.is_some_and(|p| is_own(case.definition, before, p));
    if approval.not_self && (own(Some(me)) || own(other)) {
        return Err(Refusal::OwnRecord.into());
    }
    if ballot.has_voted(&approval.name, other.unwrap_or(me)) {
        return Err(Refusal::AlreadyVoted.into());
    }
    if !cast.approve && cast.note.is_none_or(|note| note.trim().is_empty()) {
        return Err(Refusal::NeedsNote.into());
    }
    let decision = if cast.approve { Decision::Approved } else { Decision::Rejected };
    let note = cast.note.map(str::to_string);
    let digest = ballot.digest;
    let vote = Vote { approval: approval.name.clone(), person: me, other, decision, digest, note };
    Ok(entry(case, before, if cast.approve { "approve" } else { "reject" }, vote))
}

/// Lets another person decide in one's place.
///
/// # Errors
/// `NothingToApprove`, `AlreadyVoted`, `Invalid` where one names oneself.
pub fn delegate(
    case: &Case,
    before: &Record,
    ballot: &Ballot,
    approval: Option<&Name>,
    to: Key,
) -> Result<Change> {
    let Some(me) = case.actor.person else {
        return Err(Refusal::NotAllowed { act: Act::Approve }.into());
    };
    if to == me {
        let en = "Name somebody else than yourself.";
        return Err(Refusal::field("to", en, "请指定本人以外的人员。").into());
    }
    let (approval, _) = choose(case, before, ballot, approval)?;
    if ballot.has_voted(&approval.name, me) {
        return Err(Refusal::AlreadyVoted.into());
    }
    let vote = Vote {
        approval: approval.name.clone(),
        person: me,
        other: Some(to),
        decision: Decision::Delegated,
        digest: ballot.digest,
        note: None,
    };
    Ok(entry(case, before, "delegate", vote))
}

fn choose<'c>(
    case: &'c Case,
    before: &'c Record,
    ballot: &Ballot,
    named: Option<&Name>,
) -> Result<(&'c Approval, Place)> {
    let open = open(case, before, case.known);
    let wanted = open.into_iter().filter(|approval| named.is_none_or(|n| approval.name == *n));
    let mut refusal = Refusal::NothingToApprove;
    for approval in wanted {
        match place(case, before, approval, ballot) {
            Some(place) => return Ok((approval, place)),
            None => refusal = Refusal::NotAllowed { act: Act::Approve },
        }
    }
    Err(refusal.into())
}

/// Whether the record is this person's own: they created it, or a person field that defaults to
/// `me` (who asked for it) names them.
fn is_own(definition: &RecordType, record: &Record, person: Key) -> bool {
    use model::expression::Node;
    let asked_for = definition.fields.values().any(|field| {
        field.default.as_ref().is_some_and(|default| default.node == Node::Me)
            && record.field(&field.name) == Value::Reference(person)
    });
    asked_for || record.created_by == Some(person)
}

fn entry(case: &Case, before: &Record, kind: &'static str, vote: Vote) -> Change {
    let mut change = Change::of(before, kind, case.now);
    change.tell("approval", Value::text(&vote.approval));
    change.tell("note", vote.note.as_deref().map_or(Value::Unset, Value::text));
    if let Some(other) = vote.other {
        let told =
            if vote.decision == Decision::Delegated { "delegated_to" } else { "in_place_of" };
        change.tell(told, Value::Reference(other));
    }
    change.votes.push(vote);
    change
}
