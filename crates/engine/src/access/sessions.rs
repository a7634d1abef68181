//! Sessions of browsers as people see them: their own, and for those who administer those of
//! others. A session is ended by whoever it belongs to, or by an administrator; what a session is
//! worth is told in [`super`].

use super::{BROWSER, IDLE, Whence, event, hash};
use crate::engine::Engine;
use crate::refusal::{Act, Error, Refusal, Result};
use crate::session::Session;
use model::{Key, Name};
use std::collections::BTreeSet;
use store::Unit;
use store::core::{credential, one_time, token};

/// A session as it is listed. Instants in microseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Browser {
    /// The first half of its hash: enough to name it.
    pub id: String,
    /// What the browser calls itself.
    pub name: String,
    pub since: i64,
    pub last_used_at: i64,
    /// Whether it is the one that asks.
    pub is_this: bool,
}

/// What an administrator sees of somebody's ways in. Instants in microseconds.
#[derive(Debug, Clone)]
pub struct AccountFacts {
    pub key: Key,
    pub login: String,
    pub name: String,
    pub roles: BTreeSet<Name>,
    /// Whether it may be used: not disabled, its person not gone.
    pub is_open: bool,
    /// When the password was set; none where there is none.
    pub password_since: Option<i64>,
    pub factors: super::Factors,
    /// By whom its holder may be vouched for.
    pub bound: Vec<super::Bound>,
    /// When a link that was made and not used expires.
    pub link_until: Option<i64>,
    /// Until when whoever is vouched for with the login may be bound.
    pub binding_until: Option<i64>,
}

impl Engine {
    fn sessions_of(&self, account: Key) -> Result<Vec<token::Token>> {
        let now = self.now();
        let counts = |one: &token::Token| {
            let used = one.last_used_at.unwrap_or(one.created_at);
            let over = one.expires_at.is_some_and(|at| at <= now) || now - used > IDLE;
            &*one.kind == BROWSER.name && one.revoked_at.is_none() && !over
        };
        let all = token::of_account(self.database(), account)?;
        Ok(all.into_iter().filter(counts).collect())
    }

    fn browsers_of(&self, account: Key, this: Option<&[u8; 32]>) -> Result<Vec<Browser>> {
        let kept = self.sessions_of(account)?.into_iter().map(|one| Browser {
            id: hex::encode(&one.hash[..16]),
            name: one.name.to_string(),
            since: one.created_at,
            last_used_at: one.last_used_at.unwrap_or(one.created_at),
            is_this: this == Some(&one.hash),
        });
        let mut all: Vec<Browser> = kept.collect();
        all.sort_by_key(|one| (!one.is_this, -one.last_used_at));
        Ok(all)
    }

    /// Ends one session of an account by its id, or all but one.
    fn end_browsers(
        &self,
        account: Key,
        which: Which,
        by: Option<Key>,
        login: &str,
        from: Whence,
    ) -> Result<()> {
        let mut unit = Unit::new();
        match which {
            Which::One(id) => {
                let all = self.sessions_of(account)?;
                let found = all.iter().find(|one| hex::encode(&one.hash[..16]) == id);
                let found = found.ok_or_else(|| Refusal::NotFound { what: id.to_string() })?;
                token::revoke(&mut unit, &found.hash, self.now());
            }
            Which::Others(this) => {
                token::revoke_others(&mut unit, account, BROWSER.name, &this, self.now());
            }
            Which::All => token::revoke_all(&mut unit, account, Some(BROWSER.name), self.now()),
        }
        self.note(&mut unit, event::SESSIONS_ENDED, Some(account), login, by, from);
        self.database().write(unit)?;
        self.actors().clear();
        Ok(())
    }
}

enum Which<'a> {
    One(&'a str),
    Others([u8; 32]),
    All,
}

impl Session {
    /// The browsers in which one is logged in; `this` is the text of the session that asks.
    ///
    /// # Errors
    /// `NotLoggedIn` without an account.
    pub fn browsers(&self, this: Option<&str>) -> Result<Vec<Browser>> {
        let this = this.map(hash);
        self.engine().browsers_of(self.account()?, this.as_ref())
    }

    /// Ends one of one's own sessions.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn end_browser(&self, id: &str, from: Whence) -> Result<()> {
        let (account, login) = (self.account()?, &self.actor().login);
        self.engine().end_browsers(account, Which::One(id), None, login, from)
    }

    /// Ends all of one's own sessions but this one.
    ///
    /// # Errors
    /// A failed write.
    pub fn end_other_browsers(&self, this: &str, from: Whence) -> Result<()> {
        let (account, login) = (self.account()?, &self.actor().login);
        self.engine().end_browsers(account, Which::Others(hash(this)), None, login, from)
    }

    /// The browsers in which somebody else is logged in.
    ///
    /// # Errors
    /// `NotAllowed` for whoever does not administer.
    pub fn browsers_of(&self, account: Key) -> Result<Vec<Browser>> {
        self.demand_administrator()?;
        self.engine().browsers_of(account, None)
    }

    /// Ends a session of somebody else, or all of them.
    ///
    /// # Errors
    /// `NotAllowed` for whoever does not administer; `NotFound`.
    pub fn end_browsers_of(&self, of: &AccountFacts, id: Option<&str>, from: Whence) -> Result<()> {
        self.demand_administrator()?;
        let which = id.map_or(Which::All, Which::One);
        self.engine().end_browsers(of.key, which, self.actor().account, &of.login, from)
    }

    /// Whether this person administers: what pages ask who are not for everybody.
    pub fn administers(&self) -> bool {
        let rights = self.actor().rights.administers();
        rights && (self.actor().scopes.is_none() || self.actor().administers())
    }

    /// Refuses whoever does not administer.
    ///
    /// # Errors
    /// `NotAllowed`.
    pub fn demand_administrator(&self) -> Result<()> {
        match self.administers() {
            true => Ok(()),
            false => Err(Refusal::NotAllowed { act: Act::Administer }.into()),
        }
    }

    /// What there is to see of an account's ways in; `id` is that of its record.
    ///
    /// # Errors
    /// `NotAllowed`; `NotFound`, also for an account that this person may not read.
    pub fn account_facts(&self, id: &str) -> Result<AccountFacts> {
        self.demand_administrator()?;
        let (engine, catalogue) = (self.engine(), self.engine().catalogue());
        let missing = || Refusal::NotFound { what: id.to_string() };
        let definition = catalogue.bound("account").ok_or_else(missing)?;
        let snapshot = engine.database().snapshot()?;
        let reader = self.reader(&snapshot, &catalogue);
        let (_, record, _) = self.open_named(&reader, definition, id)?;
        let (key, database, now) = (record.key, engine.database(), engine.now());
        let text = |part: &str| {
            let value = catalogue.part("account", part).map(|field| record.field(field));
            value.and_then(|value| value.as_text().map(str::to_string)).unwrap_or_default()
        };
        let actor = match engine.actor(key) {
            Ok(actor) => Some(actor),
            Err(Error::Refused(_)) => None,
            Err(fault) => return Err(fault),
        };
        let until = |kind: &str| -> Result<Option<i64>> {
            let open = one_time::of_account(database, key, kind, now)?;
            Ok(open.first().map(|one| one.expires_at))
        };
        Ok(AccountFacts {
            key,
            login: text("login"),
            name: actor.as_ref().map(|actor| actor.name.clone()).unwrap_or_default(),
            is_open: actor.is_some(),
            roles: actor.map(|actor| actor.roles).unwrap_or_default(),
            password_since: credential::find(database, key)?.map(|found| found.changed_at),
            factors: engine.factors(key)?,
            bound: engine.bound(key)?,
            link_until: until(super::link::KIND)?,
            binding_until: until(super::binding::ALLOWED)?,
        })
    }
}
