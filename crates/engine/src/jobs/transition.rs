//! A transition that the system performs some time after a state was entered: by the rules, like
//! anybody's. A refusal is the job's result; it is listed, and not tried for ever.

use super::{Body, Outcome, finish, subject};
use crate::command::Command;
use crate::perform::Order;
use crate::refusal::{Error, Refusal, Result};
use crate::session::Session;
use model::{Key, Name};
use store::Unit;
use store::core::job;
use store::core::movement;

pub fn run(session: &Session, job: &job::Job, body: &Body) -> Result<Outcome> {
    let Some(order) = order(session, body)? else {
        return finish(session, job, |_| Ok(Unit::new()));
    };
    let mut end = Unit::new();
    job::finish(&mut end, job, session.now);
    match session.perform_beside(&order, &end) {
        Ok(Some(_)) => Ok(Outcome::Done),
        Ok(None) => Ok(Outcome::Lost),
        // Somebody was faster and took the record out of the state.
        Err(Error::Refused(refusal)) if matches!(*refusal, Refusal::NoSuchMove { .. }) => {
            finish(session, job, |_| Ok(Unit::new()))
        }
        Err(error) => Err(error),
    }
}

/// What is to be performed; none where the record has left the state since.
fn order(session: &Session, body: &Body) -> Result<Option<Order>> {
    let key = Key(body.record);
    let catalogue = session.engine.catalogue();
    let snapshot = session.engine.database().snapshot()?;
    let reader = session.reader(&snapshot, &catalogue);
    let Some((definition, _)) = subject(&reader, key)? else { return Ok(None) };
    let moved = movement::of(&snapshot, &[key], Some("state"))?;
    let since = moved.last().map(|moved| moved.at);
    let name = Name::new(&body.transition).filter(|name| definition.transitions.contains_key(name));
    let Some(name) = name.filter(|_| since == Some(body.entered_at)) else { return Ok(None) };
    let command = Command::Transition { name, values: Vec::new(), note: None };
    let record_type = definition.name.clone();
    Ok(Some(Order { record_type, key: Some(key), command, base: None, idempotency: None }))
}
