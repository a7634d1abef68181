//! Passwords that a directory checks (LDAP). A local password goes before it: whoever has one here
//! is never asked for there, so that an administrator comes in when the directory does not answer.

use super::arrival::{Stop, tame};
use super::sign_on::{Arrival, Bound, Entry, Judge, Policy, Whom};
use super::turned::Turned;
use super::{Whence, entry::Entered};
use crate::engine::Engine;
use crate::refusal::{Error, Refusal, Result};
use model::Key;
use store::Unit;
use store::core::{credential, throttle};

/// What the directory says of a password.
enum Answer {
    Is(Entry),
    Unknown,
    Silent,
}

impl Engine {
    /// Whether the directory, and not we, judges the password of this login.
    pub(super) fn asks_directory(&self, account: Option<Key>) -> Result<bool> {
        match account {
            Some(account) => Ok(!self.keeps_password(account)?),
            None => Ok(true),
        }
    }

    fn keeps_password(&self, account: Key) -> Result<bool> {
        Ok(credential::find(self.database(), account)?.is_some())
    }

    /// A name and a password that the directory is to judge. Guessing is counted here as well: the
    /// directory may have no limit of its own.
    ///
    /// # Errors
    /// `NotLoggedIn` for a wrong password and for whoever is not let in, `TooMany`; `SignOn` where
    /// it is said why.
    pub(super) fn enter_by_directory(
        &self,
        judge: &Judge,
        login: &str,
        password: &str,
        from: Whence,
    ) -> Result<Entered> {
        let counted = super::password::counted(login);
        self.demand_unlocked(&counted)?;
        let entered = match self.ask_directory(judge, Whom::Login(login), password) {
            Answer::Is(entry) => self.found(judge, entry, from),
            Answer::Unknown => Err(Stop::Fault(Refusal::NotLoggedIn.into())),
            Answer::Silent => Err(Turned::Unreachable.into()),
        };
        match &entered {
            Err(Stop::Turned(Turned::Unreachable)) => {}
            Err(Stop::Fault(Error::Refused(refusal))) if **refusal == Refusal::NotLoggedIn => {
                self.count_failure(&counted)?;
            }
            _ => self.clear(&counted)?,
        }
        entered.map_err(|stop| match stop {
            Stop::Turned(turned) => self.turned(turned, from),
            Stop::Fault(error) => error,
        })
    }

    /// The directory knows the password. Whose account it leads to is told by the entry and not by
    /// what was typed, so it is here that a local password goes before it.
    fn found(
        &self,
        judge: &Judge,
        entry: Entry,
        from: Whence,
    ) -> std::result::Result<Entered, Stop> {
        let arrival = arrival(judge, entry)?;
        let account = match self.known(&arrival)? {
            Some(account) => Some(account),
            None => self.account_of(&arrival.login)?,
        };
        if let Some(account) = account
            && self.keeps_password(account)?
        {
            return Err(Stop::Fault(Refusal::NotLoggedIn.into()));
        }
        self.arrive(&judge.policy, &arrival, from)
    }

    fn clear(&self, counted: &str) -> Result<()> {
        let mut unit = Unit::new();
        throttle::cleared(&mut unit, counted);
        Ok(self.database().write(unit)?)
    }

    fn turned(&self, turned: Turned, from: Whence) -> Error {
        match self.note_turned(&turned, from) {
            Ok(()) => Refusal::SignOn(Box::new(turned)).into(),
            Err(fault) => fault,
        }
    }

    /// Whether the directory knows this password as that of the account; none where it judges no
    /// password of it. The entry is that which the account is bound to, whatever it is called now.
    ///
    /// # Errors
    /// `TooMany`; `SignOn` where the directory does not answer.
    pub(super) fn directory_confirms(
        &self,
        account: Key,
        login: &str,
        password: &str,
    ) -> Result<Option<bool>> {
        let bound = self.bound(account)?.into_iter().find(|one| self.is_by_directory(one));
        let Some((bound, judge)) = bound.zip(self.directory()) else { return Ok(None) };
        let counted = super::password::counted(login);
        self.demand_unlocked(&counted)?;
        match self.ask_directory(judge, Whom::Subject(&bound.subject), password) {
            Answer::Is(entry) if entry.subject == bound.subject => {
                self.clear(&counted)?;
                Ok(Some(true))
            }
            Answer::Is(_) | Answer::Unknown => {
                self.count_failure(&counted)?;
                Ok(Some(false))
            }
            Answer::Silent => Err(Refusal::SignOn(Box::new(Turned::Unreachable)).into()),
        }
    }

    /// Whether this binding is one of the directory.
    pub(super) fn is_by_directory(&self, bound: &Bound) -> bool {
        self.directory().is_some_and(|judge| bound.issuer == issuer(&judge.policy))
    }

    fn ask_directory(&self, judge: &Judge, whom: Whom, password: &str) -> Answer {
        // A bind without a password succeeds for everybody (RFC 4513, section 5.1.2).
        let is_asked = match whom {
            Whom::Login(login) => tame(login).is_some_and(|tamed| tamed == login),
            Whom::Subject(_) => true,
        };
        if !is_asked || password.is_empty() {
            return Answer::Unknown;
        }
        let Some(waiting) = judge.patience.wait(self.now()) else { return Answer::Silent };
        match judge.directory.check(whom, password) {
            Ok(Some(entry)) => Answer::Is(entry),
            Ok(None) => Answer::Unknown,
            Err(why) => {
                waiting.in_vain(self.now());
                tracing::warn!(directory = judge.policy.name, why, "the directory did not answer");
                Answer::Silent
            }
        }
    }
}

/// What stands for the directory where a provider has its issuer.
fn issuer(policy: &Policy) -> String {
    format!("directory:{}", policy.name)
}

fn arrival(judge: &Judge, entry: Entry) -> std::result::Result<Arrival, Turned> {
    let missing = || {
        let (directory, claim) = (judge.policy.name.as_str(), judge.directory.login_attribute());
        tracing::warn!(directory, claim, "an entry whose password is right names no login");
        Turned::Nameless { claim: claim.to_string() }
    };
    Ok(Arrival {
        issuer: issuer(&judge.policy),
        subject: entry.subject,
        login: tame(&entry.login).ok_or_else(missing)?,
        name: entry.name.as_deref().and_then(tame),
        // Whoever keeps a directory may let people write their own address there.
        email: entry.email.as_deref().and_then(tame),
        email_is_proven: false,
        language: None,
        groups: entry.groups.iter().map(|group| group.to_lowercase()).collect(),
    })
}
