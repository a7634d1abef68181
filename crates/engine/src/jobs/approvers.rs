//! A record has come to where approvals are asked for: whoever may give one is told.

use super::{Body, Outcome, finish, subject};
use crate::command::Command;
use crate::list::Question;
use crate::notices::Why;
use crate::perform::Order;
use crate::refusal::{Error, Result};
use crate::session::Session;
use model::definition::RecordType;
use model::{Key, Name};
use std::collections::BTreeSet;
use std::sync::Arc;
use store::Unit;
use store::core::job::Job;
use store::core::notification::{self, Notification};

/// Accounts that are asked whether they may.
const ASKED: usize = 200;

pub fn run(session: &Session, job: &Job, body: &Body) -> Result<Outcome> {
    let key = Key(body.record);
    let found = {
        let catalogue = session.engine.catalogue();
        let snapshot = session.engine.database().snapshot()?;
        subject(&session.reader(&snapshot, &catalogue), key)?.map(|(definition, _)| definition)
    };
    let people = match found {
        Some(definition) => approvers(session, &definition, key)?,
        None => BTreeSet::new(),
    };
    finish(session, job, |_| {
        let mut unit = Unit::new();
        for person in &people {
            let (person, entry, at) = (*person, body.entry, body.at);
            let kind = Why::Asked.as_str().into();
            let (detail, read_at) = (None, None);
            let row = Notification { person, entry, record: key, kind, detail, at, read_at };
            notification::insert_absent(&mut unit, &row);
        }
        Ok(unit)
    })
}

/// The people who may give an approval on the record as it stands.
fn approvers(session: &Session, definition: &RecordType, key: Key) -> Result<BTreeSet<Key>> {
    let roles: BTreeSet<&Name> = definition.approvals.values().flat_map(|one| &one.by).collect();
    let mut people = BTreeSet::new();
    for account in holders(session, &roles)? {
        let actor = match session.engine.actor(account) {
            Ok(actor) => actor,
            // A closed account.
            Err(Error::Refused(_)) => continue,
            Err(fault) => return Err(fault),
        };
        let Some(person) = actor.person else { continue };
        let theirs = Session::new(&session.engine, Arc::new(actor));
        if may_approve(&theirs, definition, key)? {
            people.insert(person);
        }
    }
    Ok(people)
}

fn may_approve(theirs: &Session, definition: &RecordType, key: Key) -> Result<bool> {
    for approval in definition.approvals.keys() {
        let approval = Some(approval.clone());
        let order = Order {
            record_type: definition.name.clone(),
            key: Some(key),
            command: Command::Vote { approval, approve: true, note: None },
            base: None,
            idempotency: None,
        };
        match theirs.rehearse(&order) {
            Ok(()) => return Ok(true),
            Err(Error::Refused(_)) => {}
            Err(fault) => return Err(fault),
        }
    }
    Ok(false)
}

/// The accounts that hold one of the roles.
fn holders(session: &Session, roles: &BTreeSet<&Name>) -> Result<Vec<Key>> {
    let catalogue = session.engine.catalogue();
    let (Some(accounts), Some(field)) =
        (catalogue.bound("account"), catalogue.part("account", "roles"))
    else {
        return Ok(Vec::new());
    };
    // What everybody holds names nobody; who stands in a field was told by that.
    let given = |role: &&&Name| {
        catalogue.model.roles.get(role.as_str()).is_some_and(|found| !found.everybody)
    };
    let tests: Vec<String> =
        roles.iter().filter(given).map(|role| format!("'{role}' in {field}")).collect();
    if tests.is_empty() {
        return Ok(Vec::new());
    }
    let question = Question {
        record_type: accounts.name.to_string(),
        filter: Some(tests.join(" or ")),
        limit: Some(ASKED),
        ..Question::default()
    };
    Ok(session.list(&question)?.keys)
}
