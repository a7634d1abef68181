//! What happened at the door, written down for those who administer: who came in and how, who was
//! turned away, and what was done to passwords, links, second factors and sessions.

use super::Whence;
use crate::engine::Engine;
use crate::refusal::Result;
use crate::session::Session;
use model::{Key, Name};
use std::sync::Arc;
use store::Unit;
use store::core::login_event::{self, LoginEvent};

pub const LOGIN: &str = "login";
pub const PASSKEY: &str = "passkey";
pub const FAILED: &str = "failed";
pub const FAILED_CODE: &str = "failed_code";
pub const PASSWORD: &str = "password";
pub const LINK_MADE: &str = "link_made";
pub const LINK_USED: &str = "link_used";
pub const FACTOR_ADDED: &str = "factor_added";
pub const FACTOR_REMOVED: &str = "factor_removed";
pub const RECOVERY_USED: &str = "recovery_used";
pub const CODES_MADE: &str = "codes_made";
pub const SESSIONS_ENDED: &str = "sessions_ended";
pub const FIRST: &str = "first_administrator";
/// Somebody whom others vouch for came in, was turned away, was bound to the account.
pub const SIGN_ON: &str = "sign_on";
pub const SIGN_ON_REFUSED: &str = "sign_on_refused";
pub const BOUND: &str = "bound";
pub const UNBOUND: &str = "unbound";
/// An administrator lets the next one be bound who comes with the login.
pub const BIND_ALLOWED: &str = "bind_allowed";
/// Turned away unheard after too many wrong tries; once as long as that lasts.
pub const CLOSED: &str = "closed";
/// Viewing as another role; the role follows, see [`about`].
pub const VIEW_BEGUN: &str = "view_begun";
pub const VIEW_ENDED: &str = "view_ended";
/// A job that had failed was started again.
pub const JOB_RETRIED: &str = "job_retried";

/// All of them, for whoever puts them into words.
pub const KINDS: [&str; 22] = [
    LOGIN,
    PASSKEY,
    FAILED,
    FAILED_CODE,
    PASSWORD,
    LINK_MADE,
    LINK_USED,
    FACTOR_ADDED,
    FACTOR_REMOVED,
    RECOVERY_USED,
    CODES_MADE,
    SESSIONS_ENDED,
    FIRST,
    SIGN_ON,
    SIGN_ON_REFUSED,
    BOUND,
    UNBOUND,
    BIND_ALLOWED,
    CLOSED,
    VIEW_BEGUN,
    VIEW_ENDED,
    JOB_RETRIED,
];

/// The kind of an event that is about a role, as it is stored: `view_begun:clerk`.
pub(super) fn about(kind: &str, role: &Name) -> String {
    format!("{kind}:{role}")
}

/// How long events are kept, in microseconds: 400 days, so that a year can be looked back upon.
pub const KEPT: i64 = 400 * 86_400_000_000;

/// One event as it is shown. Instants in microseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub at: i64,
    /// One of [`KINDS`].
    pub kind: String,
    /// The role it is about, where it is about one.
    pub role: Option<Name>,
    pub login: String,
    /// Who did it, where it was somebody else.
    pub by: Option<String>,
    pub address: String,
    pub browser: String,
}

impl Engine {
    /// Adds an event to the unit that does what it tells of.
    pub(crate) fn note(
        &self,
        unit: &mut Unit,
        kind: &str,
        account: Option<Key>,
        login: &str,
        by: Option<Key>,
        from: Whence,
    ) {
        let mut id = [0; 16];
        self.world().random(&mut id);
        let short = |text: &str, most| -> String {
            text.chars().filter(|c| !c.is_control()).take(most).collect()
        };
        let event = LoginEvent {
            id,
            at: self.now(),
            kind: kind.into(),
            account_key: account,
            login: short(login, 120).into(),
            by_key: by,
            address: short(from.address, 60).into(),
            browser: short(from.browser, 200).into(),
        };
        login_event::insert(unit, &event);
    }

    /// Writes down that somebody was turned away. A login that nobody has is not kept: people
    /// type their password there by mistake.
    pub(super) fn note_failure(&self, kind: &str, account: Option<Key>, login: &str, from: Whence) {
        let login = if account.is_some() { login } else { "" };
        let mut unit = Unit::new();
        self.note(&mut unit, kind, account, login, None, from);
        if let Err(failure) = self.database().write(unit) {
            tracing::warn!(?failure, "a failed login was not written down");
        }
    }

    /// The kind of the newest event of an account.
    pub(super) fn last_event(&self, account: Key) -> Result<Option<Arc<str>>> {
        let newest = login_event::newest(self.database(), Some(account), i64::MAX, 1)?;
        Ok(newest.into_iter().next().map(|event| event.kind))
    }

    fn events(&self, account: Option<Key>, before: i64, most: usize) -> Result<Vec<Event>> {
        let found = login_event::newest(self.database(), account, before, most)?;
        let mut names = std::collections::HashMap::new();
        let mut events = Vec::new();
        for one in found {
            let by = match one.by_key.filter(|by| Some(*by) != one.account_key) {
                Some(by) => {
                    let known = names.entry(by).or_insert_with(|| self.login_of(by));
                    Some(known.clone())
                }
                None => None,
            };
            let (kind, role) = one.kind.split_once(':').unwrap_or((&one.kind, ""));
            events.push(Event {
                at: one.at,
                kind: kind.to_string(),
                role: Name::new(role),
                login: one.login.to_string(),
                by,
                address: one.address.to_string(),
                browser: one.browser.to_string(),
            });
        }
        Ok(events)
    }

    fn login_of(&self, account: Key) -> String {
        self.actor(account).map_or_else(|_| "?".into(), |actor| actor.login)
    }
}

impl Session {
    /// What happened at one's own door, newest first.
    ///
    /// # Errors
    /// `NotLoggedIn` without an account.
    pub fn own_events(&self, most: usize) -> Result<Vec<Event>> {
        self.engine().events(Some(self.account()?), i64::MAX, most)
    }

    /// What happened at all doors, or at that of one account, newest first, before an instant.
    ///
    /// # Errors
    /// `NotAllowed` for whoever does not administer.
    pub fn door_events(
        &self,
        account: Option<Key>,
        before: Option<i64>,
        most: usize,
    ) -> Result<Vec<Event>> {
        self.demand_administrator()?;
        self.engine().events(account, before.unwrap_or(i64::MAX), most)
    }
}
