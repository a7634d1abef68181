//! Passwords that a directory checks (LDAP). A local password goes before it: whoever has one here
//! is never asked for there, so that an administrator comes in when the directory does not answer.

use super::arrival::{Stop, tame};
use super::sign_on::{Arrival, Bound, Entry, Policy};
use super::turned::Turned;
use super::{Whence, entry::Entered};
use crate::engine::Engine;
use crate::refusal::{Refusal, Result};
use model::Key;
use store::Unit;
use store::core::{credential, throttle};

/// What the directory says of a login and a password.
enum Answer {
    Is(Arrival),
    Unknown,
    Silent,
}

impl Engine {
    /// Whether the directory, and not we, judges the password of this login.
    pub(super) fn asks_directory(&self, account: Option<Key>) -> Result<bool> {
        if self.directory().is_none() {
            return Ok(false);
        }
        Ok(match account {
            Some(account) => credential::find(self.database(), account)?.is_none(),
            None => true,
        })
    }

    /// A name and a password that the directory is to judge. Guessing is counted here as well: the
    /// directory may have no limit of its own.
    ///
    /// # Errors
    /// `NotLoggedIn` for a wrong password and for whoever is not let in, `TooMany`; `SignOn` where
    /// it is said why.
    pub(super) fn enter_by_directory(
        &self,
        policy: &Policy,
        login: &str,
        password: &str,
        from: Whence,
    ) -> Result<Entered> {
        let counted = super::password::counted(login);
        self.demand_unlocked(&counted)?;
        let arrival = match self.ask_directory(login, password) {
            Answer::Is(arrival) => arrival,
            Answer::Unknown => {
                self.count_failure(&counted)?;
                return Err(Refusal::NotLoggedIn.into());
            }
            Answer::Silent => return Err(self.turned(Turned::Unreachable, from)?),
        };
        let mut unit = Unit::new();
        throttle::cleared(&mut unit, &counted);
        self.database().write(unit)?;
        match self.arrive(policy, &arrival, from) {
            Ok(entered) => Ok(entered),
            Err(Stop::Turned(turned)) => Err(self.turned(turned, from)?),
            Err(Stop::Fault(error)) => Err(error),
        }
    }

    fn turned(&self, turned: Turned, from: Whence) -> Result<crate::refusal::Error> {
        self.note_turned(&turned, from)?;
        Ok(Refusal::SignOn(Box::new(turned)).into())
    }

    /// Whether the directory knows this password as that of the account; none where it judges no
    /// password of it.
    pub(super) fn directory_confirms(
        &self,
        account: Key,
        login: &str,
        password: &str,
    ) -> Result<Option<bool>> {
        let bound = self.bound(account)?;
        if !bound.iter().any(|one| self.is_by_directory(one)) {
            return Ok(None);
        }
        let counted = super::password::counted(login);
        self.demand_unlocked(&counted)?;
        let is_theirs = match self.ask_directory(login, password) {
            Answer::Is(arrival) => {
                let found = store::core::identity::find(
                    self.database(),
                    &arrival.issuer,
                    &arrival.subject,
                )?;
                found.is_some_and(|found| found.account_key == account)
            }
            Answer::Unknown | Answer::Silent => false,
        };
        if !is_theirs {
            self.count_failure(&counted)?;
        }
        Ok(Some(is_theirs))
    }

    /// Whether this binding is one of the directory.
    pub(super) fn is_by_directory(&self, bound: &Bound) -> bool {
        self.directory().is_some_and(|(policy, _)| bound.issuer == issuer(policy))
    }

    fn ask_directory(&self, login: &str, password: &str) -> Answer {
        let Some((policy, directory)) = self.directory() else { return Answer::Unknown };
        // A bind without a password succeeds for everybody (RFC 4513, section 5.1.2).
        let (Some(login), false) = (tame(login), password.is_empty()) else {
            return Answer::Unknown;
        };
        match directory.check(&login, password) {
            Ok(Some(entry)) => arrival(policy, entry).map_or(Answer::Unknown, Answer::Is),
            Ok(None) => Answer::Unknown,
            Err(why) => {
                tracing::warn!(directory = policy.name, why, "the directory did not answer");
                Answer::Silent
            }
        }
    }
}

/// What stands for the directory where a provider has its issuer.
fn issuer(policy: &Policy) -> String {
    format!("directory:{}", policy.name)
}

fn arrival(policy: &Policy, entry: Entry) -> Option<Arrival> {
    Some(Arrival {
        issuer: issuer(policy),
        subject: Some(entry.subject).filter(|subject| !subject.is_empty())?,
        login: tame(&entry.login)?,
        name: entry.name.as_deref().and_then(tame),
        email: entry.email.as_deref().and_then(tame),
        language: None,
        groups: entry.groups.iter().map(|group| group.to_lowercase()).collect(),
    })
}
