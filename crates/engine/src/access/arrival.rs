//! Somebody whom a provider or a directory vouches for comes in. Whose account it is, is decided in
//! [`super::binding`]; a new one is made here. Roles that groups give are brought in step first;
//! what follows is the second step, as after a password.

use super::sign_on::{Arrival, Policy};
use super::turned::Turned;
use super::{Whence, entry::Entered, event};
use crate::Command;
use crate::engine::Engine;
use crate::perform::{Order, Written};
use crate::reader::Reader;
use crate::refusal::{Error, Result};
use crate::session::Session;
use model::{Key, Name, Value};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeSet;
use store::Unit;
use store::core::throttle;
use store::sql::Asker;

/// How long a login or a name may be that is taken over, in characters.
const LONGEST: usize = 120;

/// Where an arrival has led.
#[derive(Debug, PartialEq)]
pub enum Arrived {
    In(Entered),
    /// Whoever is in already has connected their account.
    Connected,
    Turned(Turned),
}

/// Turned away, or a fault.
pub(super) enum Stop {
    Turned(Turned),
    Fault(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Stop {
        Stop::Fault(error)
    }
}

impl From<store::Failure> for Stop {
    fn from(failure: store::Failure) -> Stop {
        Stop::Fault(failure.into())
    }
}

impl From<Turned> for Stop {
    fn from(turned: Turned) -> Stop {
        Stop::Turned(turned)
    }
}

pub(super) type Step<T> = std::result::Result<T, Stop>;

impl Engine {
    /// Lets in whoever is vouched for, as far as a password does.
    pub(super) fn arrive(&self, policy: &Policy, arrival: &Arrival, from: Whence) -> Step<Entered> {
        let account = match self.known(arrival)? {
            Some(account) => account,
            None => self.bind(policy, arrival, from)?,
        };
        let actor = self.opened(account, arrival)?;
        let roles = policy.roles(&actor.roles, &arrival.groups);
        if roles != actor.roles {
            refused(arrival, self.give_roles(account, &roles))?;
        }
        Ok(self.admit(account, &actor.login, event::SIGN_ON, from)?)
    }

    fn give_roles(&self, account: Key, roles: &BTreeSet<Name>) -> Result<Written> {
        let catalogue = self.catalogue();
        let unbound = || Error::Fault("engine.toml binds no account.roles".into());
        let definition = catalogue.bound("account").ok_or_else(unbound)?;
        let field = catalogue.part("account", "roles").ok_or_else(unbound)?;
        let names: Vec<&str> = roles.iter().map(Name::as_str).collect();
        let object = Map::from_iter([(field.to_string(), json!(names))]);
        let session = Session::system(self);
        let values = session.input(&definition.name, &object)?.values;
        session.perform(&Order {
            record_type: definition.name.clone(),
            key: Some(account),
            command: Command::Edit { values },
            base: None,
            idempotency: None,
        })
    }

    /// An account with the roles of its groups, for a person who is here already by their address
    /// or for a new one.
    pub(super) fn make_account(&self, policy: &Policy, arrival: &Arrival) -> Result<Written> {
        let here = self.person_of(arrival)?;
        let (person, made) = match here {
            Some(id) => (id, None),
            None => {
                let made = self.make_bound("person", &person(arrival))?;
                (made.id.to_string(), Some(made))
            }
        };
        let roles = policy.given(&arrival.groups);
        let roles: Vec<&str> = roles.iter().map(Name::as_str).collect();
        let account = self.make_bound(
            "account",
            &[("login", json!(arrival.login)), ("person", json!(person)), ("roles", json!(roles))],
        );
        if let (Err(_), Some(made)) = (&account, &made) {
            self.withdraw(made);
        }
        account
    }

    /// The one person with this address who has no account, if there is just one and the address
    /// is known to be theirs.
    fn person_of(&self, arrival: &Arrival) -> Result<Option<String>> {
        let email = arrival.email.as_ref().filter(|_| arrival.email_is_proven);
        let Some(email) = email else { return Ok(None) };
        let catalogue = self.catalogue();
        let parts = (catalogue.bound("person"), catalogue.part("person", "email"));
        let accounts = (catalogue.bound("account"), catalogue.part("account", "person"));
        let ((Some(people), Some(field)), (Some(accounts), Some(of))) = (parts, accounts) else {
            return Ok(None);
        };
        let snapshot = self.database().snapshot()?;
        let reader = Reader::new(self, &snapshot, &catalogue, Asker::system(self.now()));
        let found = reader.find(people, field, &Value::text(email), 2)?;
        let [key] = found[..] else { return Ok(None) };
        if !reader.find(accounts, of, &Value::Reference(key), 1)?.is_empty() {
            return Ok(None);
        }
        let record = reader.record(people, key)?.filter(|one| one.withdrawn_at.is_none());
        Ok(record.map(|record| record.id.to_string()))
    }

    /// Writes down that somebody was turned away. What nobody's account has to do with is counted
    /// by address, so that a flood of it does not fill the list.
    pub(super) fn note_turned(&self, turned: &Turned, from: Whence) -> Result<()> {
        let login = turned.login();
        let account = if login.is_empty() { None } else { self.account_of(login)? };
        if account.is_none() {
            let name = format!("sign_on:{}", from.address);
            if self.demand_unlocked(&name).is_err() {
                return Ok(());
            }
            self.count_failure(&name)?;
        }
        let mut unit = Unit::new();
        self.note(&mut unit, event::SIGN_ON_REFUSED, account, login, None, from);
        Ok(self.database().write(unit)?)
    }

    /// Somebody came in from this address after all.
    pub(super) fn forget_turned(&self, from: Whence) -> Result<()> {
        let mut unit = Unit::new();
        throttle::cleared(&mut unit, &format!("sign_on:{}", from.address));
        Ok(self.database().write(unit)?)
    }
}

/// The parts of a new person.
fn person(arrival: &Arrival) -> Vec<(&'static str, Json)> {
    let name = arrival.name.as_deref().unwrap_or(&arrival.login);
    let mut parts = vec![("name", json!(name))];
    parts.extend(arrival.email.as_ref().map(|email| ("email", json!(email))));
    parts.extend(arrival.language.as_ref().map(|language| ("language", json!(language))));
    parts
}

/// A refusal of a record is one of the arrival.
pub(super) fn refused<T>(arrival: &Arrival, done: Result<T>) -> Step<T> {
    done.map_err(|error| match error {
        Error::Refused(why) => {
            Stop::Turned(Turned::Refused { login: arrival.login.clone(), why: *why })
        }
        fault => Stop::Fault(fault),
    })
}

/// A text that was said of somebody, as it may be kept: none where nothing is left of it.
pub(super) fn tame(text: &str) -> Option<String> {
    let text = text.trim();
    let fits = !text.is_empty() && text.chars().count() <= LONGEST;
    (fits && !text.chars().any(char::is_control)).then(|| text.to_string())
}
