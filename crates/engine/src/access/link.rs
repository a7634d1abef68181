//! One-time links by which an administrator lets somebody choose a password: an invitation where
//! there is none yet, else a reset. The text is shown once and kept as its SHA-256. Nobody but the
//! holder of the account ever sets its password in a browser, and a second factor is still asked.

use super::entry::Entered;
use super::password::was_used;
use super::{Whence, event};
use crate::engine::Engine;
use crate::refusal::{Refusal, Result};
use crate::session::Session;
use model::Key;
use store::Unit;
use store::core::{credential, one_time, token};

pub(super) const KIND: &str = "enter";

/// How long an invitation counts, in microseconds: three days, over a weekend.
pub const INVITATION: i64 = 72 * 3_600_000_000;
/// How long a reset counts: an hour.
pub const RESET: i64 = 3_600_000_000;

/// A link that was made.
#[derive(Debug, PartialEq, Eq)]
pub struct NewLink {
    /// What stands at the end of the address; never shown again.
    pub text: String,
    /// Microseconds.
    pub expires_at: i64,
    pub is_reset: bool,
}

/// What a link opens.
#[derive(Debug, PartialEq, Eq)]
pub struct Link {
    pub login: String,
    pub is_reset: bool,
}

impl Session {
    /// Makes a link for an account; one that was made before ends.
    ///
    /// # Errors
    /// `NotAllowed` for whoever does not administer; `NotLoggedIn` becomes `NotFound` for an
    /// account that may not be used.
    pub fn make_link(&self, account: Key, from: Whence) -> Result<NewLink> {
        self.demand_administrator()?;
        let engine = self.engine();
        let gone = |_| Refusal::NotFound { what: "account".into() };
        let login = engine.actor(account).map_err(gone)?.login;
        let is_reset = credential::find(engine.database(), account)?.is_some();
        let time = if is_reset { RESET } else { INVITATION };
        let mut unit = Unit::new();
        one_time::drop_all(&mut unit, account, KIND);
        let by = self.actor().account;
        let text = engine.one_time(&mut unit, KIND, Some(account), &login, by, time);
        engine.note(&mut unit, event::LINK_MADE, Some(account), &login, by, from);
        engine.database().write(unit)?;
        Ok(NewLink { text, expires_at: engine.now() + time, is_reset })
    }
}

impl Engine {
    /// What a link opens; none where it was used, has expired or never was.
    ///
    /// # Errors
    /// A failed read.
    pub fn link(&self, text: &str) -> Result<Option<Link>> {
        let Some(found) = self.find_one_time(KIND, text)? else { return Ok(None) };
        let Some(account) = found.account_key else { return Ok(None) };
        // Whoever may not log in any more needs no password.
        let Ok(actor) = self.actor(account) else { return Ok(None) };
        let is_reset = credential::find(self.database(), account)?.is_some();
        Ok(Some(Link { login: actor.login, is_reset }))
    }

    /// Sets the password that the holder of a link has chosen, and lets them in as far as a
    /// password does. A reset ends the tokens of programs as well as all sessions.
    ///
    /// # Errors
    /// `Invalid` at `password`; `Gone` where the link does not count any more.
    pub fn use_link(&self, text: &str, password: &str, from: Whence) -> Result<Entered> {
        let gone = || Refusal::Gone { what: "link".into() };
        let found = self.find_one_time(KIND, text)?.ok_or_else(gone)?;
        let account = found.account_key.ok_or_else(gone)?;
        let login = self.actor(account).map_err(|_| gone())?.login;
        let is_reset = credential::find(self.database(), account)?.is_some();
        let mut unit = Unit::new();
        one_time::take(&mut unit, &found.hash);
        if is_reset {
            // Whoever had the password before may have made tokens with it.
            token::revoke_all(&mut unit, account, None, self.now());
        }
        self.put_password(&mut unit, account, &login, password, None)?;
        self.note(&mut unit, event::LINK_USED, Some(account), &login, found.made_by, from);
        match self.database().write(unit) {
            Err(failure) if was_used(&failure) => return Err(gone().into()),
            written => written?,
        }
        self.actors().clear();
        self.admit(account, &login, event::LOGIN, from)
    }
}
