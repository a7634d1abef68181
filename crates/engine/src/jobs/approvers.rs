//! A record has come to where approvals are asked for: whoever may give one is told, those who
//! stand in for somebody away among them, but not the one by whose act it came there.

use super::{Body, Outcome, finish, subject};
use crate::command::Command;
use crate::identity::accounts_of;
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
use store::select::Place;

/// Accounts read at a time.
const PAGE: usize = 200;

pub fn run(session: &Session, job: &Job, body: &Body) -> Result<Outcome> {
    let key = Key(body.record);
    let found = {
        let catalogue = session.engine.catalogue();
        let snapshot = session.engine.database().snapshot()?;
        subject(&session.reader(&snapshot, &catalogue), key)?.map(|(definition, _)| definition)
    };
    let mut people = match found {
        Some(definition) => approvers(session, &definition, key)?,
        None => BTreeSet::new(),
    };
    if let Some(by) = body.by {
        people.remove(&Key(by));
    }
    finish(session, job, |_| {
        let mut unit = Unit::new();
        for person in &people {
            let (person, entry, at) = (*person, body.entry, body.at);
            let kind = Why::Asked.as_str().into();
            let (detail, read_at) = (None, None);
            let row = Notification { person, entry, record: key, kind, detail, at, read_at };
            // Whoever is told of the entry already is told what it asks of them instead.
            notification::put(&mut unit, &row);
        }
        Ok(unit)
    })
}

/// The people who may give an approval on the record as it stands.
fn approvers(session: &Session, definition: &RecordType, key: Key) -> Result<BTreeSet<Key>> {
    let roles: BTreeSet<&Name> = definition.approvals.values().flat_map(|one| &one.by).collect();
    let mut accounts = holders(session, &roles)?;
    accounts.extend(substitutes(session, &accounts)?);
    let mut people = BTreeSet::new();
    for account in accounts {
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

/// The accounts of those whom the people of these accounts have named to stand in for them;
/// whether they do now, the rights tell.
fn substitutes(session: &Session, accounts: &BTreeSet<Key>) -> Result<BTreeSet<Key>> {
    let catalogue = session.engine.catalogue();
    let snapshot = session.engine.database().snapshot()?;
    let reader = session.reader(&snapshot, &catalogue);
    let bound = (catalogue.bound("account"), catalogue.bound("person"));
    let parts = (catalogue.part("account", "person"), catalogue.part("person", "substitute"));
    let ((Some(account_type), Some(person_type)), (Some(of), Some(named))) = (bound, parts) else {
        return Ok(BTreeSet::new());
    };
    let all: Vec<Key> = accounts.iter().copied().collect();
    reader.fetch(account_type, &all)?;
    let mut people = Vec::new();
    for account in all {
        let record = reader.record(account_type, account)?;
        people.extend(record.and_then(|record| record.field(of).as_key()));
    }
    reader.fetch(person_type, &people)?;
    let mut found = BTreeSet::new();
    for person in people {
        let record = reader.record(person_type, person)?;
        if let Some(substitute) = record.and_then(|record| record.field(named).as_key()) {
            found.extend(accounts_of(&reader, substitute)?);
        }
    }
    Ok(found)
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
fn holders(session: &Session, roles: &BTreeSet<&Name>) -> Result<BTreeSet<Key>> {
    let catalogue = session.engine.catalogue();
    let (Some(accounts), Some(field)) =
        (catalogue.bound("account"), catalogue.part("account", "roles"))
    else {
        return Ok(BTreeSet::new());
    };
    // What everybody holds names nobody; who stands in a field was told by that.
    let given = |role: &&&Name| {
        catalogue.model.roles.get(role.as_str()).is_some_and(|found| !found.everybody)
    };
    let tests: Vec<String> =
        roles.iter().filter(given).map(|role| format!("'{role}' in {field}")).collect();
    let mut found = BTreeSet::new();
    if tests.is_empty() {
        return Ok(found);
    }
    let mut question = Question {
        record_type: accounts.name.to_string(),
        filter: Some(tests.join(" or ")),
        limit: Some(PAGE),
        ..Question::default()
    };
    loop {
        let page = session.list(&question)?;
        found.extend(page.keys);
        match page.next {
            Some(next) => question.place = Place::After(next),
            None => return Ok(found),
        }
    }
}
