//! Which account is theirs who are vouched for by others. An account is bound to a subject by a
//! proof: its holder connects it, signed in, or an administrator allows it for once. A login alone
//! proves nothing that its provider does not prove, so it binds only where the settings say so, and
//! only an account that nobody has ever used.

use super::arrival::{Step, refused};
use super::password::was_used;
use super::sign_on::{Arrival, Bound, Policy};
use super::turned::Turned;
use super::{AccountFacts, INVITATION, Whence, event};
use crate::actor::Actor;
use crate::engine::Engine;
use crate::reader::Reader;
use crate::refusal::{Error, Refusal, Result};
use crate::session::Session;
use model::Key;
use store::Unit;
use store::core::identity::{self, Identity};
use store::core::{credential, factor, guard, one_time, token};
use store::sql::Asker;

/// That an administrator has allowed the next one who comes with the login of an account.
pub(super) const ALLOWED: &str = "bind";

/// An account that may be bound, as it was judged.
struct Free {
    account: Key,
    login: String,
    /// The version of its guard, read before all else.
    version: i64,
    /// The permission that is used up.
    allowed: Option<[u8; 32]>,
}

impl Engine {
    /// Whose this subject is; none where the account was withdrawn since.
    pub(super) fn known(&self, arrival: &Arrival) -> Step<Option<Key>> {
        let found = identity::find(self.database(), &arrival.issuer, &arrival.subject)?;
        match found.map(|found| found.account_key) {
            Some(account) if self.is_withdrawn(account)? => Ok(None),
            known => Ok(known),
        }
    }

    fn is_withdrawn(&self, account: Key) -> Result<bool> {
        let catalogue = self.catalogue();
        let Some(definition) = catalogue.bound("account") else { return Ok(true) };
        let snapshot = self.database().snapshot()?;
        let reader = Reader::new(self, &snapshot, &catalogue, Asker::system(self.now()));
        let record = reader.record(definition, account)?;
        Ok(record.is_none_or(|record| record.withdrawn_at.is_some()))
    }

    /// The account of somebody who comes for the first time.
    pub(super) fn bind(&self, policy: &Policy, arrival: &Arrival, from: Whence) -> Step<Key> {
        let login = || arrival.login.clone();
        let free = match self.account_of(&arrival.login)? {
            Some(account) => self.free(policy, arrival, account)?,
            None if policy.makes_accounts => {
                let account = refused(arrival, self.make_account(policy, arrival))?.key;
                Free { account, login: login(), version: 0, allowed: None }
            }
            None => return Err(Turned::Stranger { login: login() }.into()),
        };
        match self.tie(policy, arrival, &free, from)? {
            true => Ok(free.account),
            // The same person in another window was faster, or somebody else.
            false => Ok(self.known(arrival)?.ok_or(Turned::Taken { login: login() })?),
        }
    }

    /// The account of a login, where it may be bound to whoever comes with that login.
    fn free(&self, policy: &Policy, arrival: &Arrival, account: Key) -> Step<Free> {
        let version = self.binding_version(account)?;
        let actor = self.opened(account, arrival)?;
        let bound = identity::of_account(self.database(), account)?;
        let allowed = one_time::of_account(self.database(), account, ALLOWED, self.now())?;
        let allowed = allowed.first().filter(|_| bound.iter().all(|one| !is_by(one, arrival)));
        let is_unused =
            bound.is_empty() && !actor.rights.administers() && !self.is_used(account)?;
        if allowed.is_none() && !(policy.binds_by_login && is_unused) {
            return Err(Turned::Taken { login: actor.login }.into());
        }
        Ok(Free { account, login: actor.login, version, allowed: allowed.map(|one| one.hash) })
    }

    /// The actor of an account that may be used.
    pub(super) fn opened(&self, account: Key, arrival: &Arrival) -> Step<Actor> {
        match self.actor(account) {
            Err(Error::Refused(refusal)) if *refusal == Refusal::NotLoggedIn => {
                Err(Turned::Closed { login: arrival.login.clone() }.into())
            }
            known => Ok(known?),
        }
    }

    /// Whether anybody has a way into the account or ever had one that was kept.
    fn is_used(&self, account: Key) -> Result<bool> {
        let database = self.database();
        Ok(credential::find(database, account)?.is_some()
            || factor::totp(database, account)?.is_some()
            || !factor::passkeys(database, account)?.is_empty()
            || !token::of_account(database, account)?.is_empty())
    }

    fn binding_version(&self, account: Key) -> Result<i64> {
        let versions = guard::versions(self.database(), &[&guarded(account)])?;
        Ok(versions.first().copied().unwrap_or(0))
    }

    /// Binds; no where somebody has bound the account or the subject since it was judged.
    fn tie(&self, policy: &Policy, arrival: &Arrival, free: &Free, from: Whence) -> Step<bool> {
        let mut unit = Unit::new();
        guard::raise(&mut unit, &guarded(free.account), free.version);
        if let Some(hash) = &free.allowed {
            one_time::take(&mut unit, hash);
        }
        let found = identity::find(self.database(), &arrival.issuer, &arrival.subject)?;
        if let Some(found) = found
            && self.is_withdrawn(found.account_key)?
        {
            identity::drop_all(&mut unit, found.account_key);
        }
        let row = Identity {
            issuer: arrival.issuer.as_str().into(),
            subject: arrival.subject.as_str().into(),
            account_key: free.account,
            provider: policy.name.as_str().into(),
            bound_at: self.now(),
        };
        identity::insert(&mut unit, &row);
        self.note(&mut unit, event::BOUND, Some(free.account), &free.login, None, from);
        match self.database().write(unit) {
            Err(failure) if was_used(&failure) => Ok(false),
            written => Ok(written.map(|()| true)?),
        }
    }

    /// Binds the account of somebody who is in to who they are elsewhere, as they have just shown.
    pub(super) fn connect(
        &self,
        policy: &Policy,
        arrival: &Arrival,
        account: Key,
        from: Whence,
    ) -> Step<()> {
        match self.known(arrival)? {
            Some(known) if known == account => return Ok(()),
            Some(_) => return Err(Turned::Held.into()),
            None => {}
        }
        let version = self.binding_version(account)?;
        let login = self.opened(account, arrival)?.login;
        let bound = identity::of_account(self.database(), account)?;
        let free = Free { account, login, version, allowed: None };
        if bound.iter().any(|one| is_by(one, arrival)) || !self.tie(policy, arrival, &free, from)? {
            return Err(Turned::Held.into());
        }
        Ok(())
    }

    /// Who vouches for the holder of an account.
    pub(super) fn bound(&self, account: Key) -> Result<Vec<Bound>> {
        let all = identity::of_account(self.database(), account)?.into_iter();
        Ok(all
            .map(|one| Bound {
                provider: one.provider.to_string(),
                issuer: one.issuer.to_string(),
                subject: one.subject.to_string(),
                since: one.bound_at,
            })
            .collect())
    }
}

/// What is raised by each binding of an account.
fn guarded(account: Key) -> String {
    format!("identity:{}", account.0)
}

fn is_by(bound: &Identity, arrival: &Arrival) -> bool {
    *bound.issuer == *arrival.issuer
}

impl Session {
    /// Who vouches for oneself.
    ///
    /// # Errors
    /// `NotLoggedIn` without an account.
    pub fn bound(&self) -> Result<Vec<Bound>> {
        self.engine().bound(self.account()?)
    }

    /// Allows the next one who is vouched for with the login of an account to be bound to it; for
    /// three days and for once.
    ///
    /// # Errors
    /// `NotAllowed` for whoever does not administer; `NotFound` for an account that may not be
    /// used.
    pub fn allow_binding(&self, account: Key, from: Whence) -> Result<()> {
        self.demand_administrator()?;
        let engine = self.engine();
        let gone = |_| Refusal::NotFound { what: "account".into() };
        let login = engine.actor(account).map_err(gone)?.login;
        let mut unit = Unit::new();
        one_time::drop_all(&mut unit, account, ALLOWED);
        let by = self.actor().account;
        engine.one_time(&mut unit, ALLOWED, Some(account), &login, by, INVITATION);
        engine.note(&mut unit, event::BIND_ALLOWED, Some(account), &login, by, from);
        Ok(engine.database().write(unit)?)
    }

    /// Takes away by whom the holder of an account is vouched for, with everything that they may
    /// have opened by it: sessions, tokens of programs, logins and connections under way.
    ///
    /// # Errors
    /// `NotAllowed` for whoever does not administer.
    pub fn unbind(&self, of: &AccountFacts, from: Whence) -> Result<()> {
        self.demand_administrator()?;
        let (engine, mut unit) = (self.engine(), Unit::new());
        identity::drop_all(&mut unit, of.key);
        token::revoke_all(&mut unit, of.key, None, self.now());
        for kind in [super::entry::HALF, super::oidc::KIND, ALLOWED] {
            one_time::drop_all(&mut unit, of.key, kind);
        }
        let by = self.actor().account;
        engine.note(&mut unit, event::UNBOUND, Some(of.key), &of.login, by, from);
        engine.database().write(unit)?;
        engine.actors().clear();
        Ok(())
    }
}
