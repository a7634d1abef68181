//! Getting in: API tokens and sessions of browsers. A token is 32 random bytes, shown once and
//! stored as its SHA-256. Below: passwords, the two steps of a login, links that let somebody
//! choose a password, second factors, the first administrator, those whom others vouch for (OpenID
//! Connect, LDAP), and what is written down of it all.
//! Guessing is slowed in the database, so that several processes count together.

mod arrival;
mod binding;
mod directory;
mod entry;
pub mod event;
mod first;
mod link;
mod oidc;
mod passkey;
mod password;
mod patience;
mod second;
mod secret;
mod sessions;
mod sign_on;
mod totp;
mod turned;
mod viewing;
mod webauthn;

pub use arrival::Arrived;
pub use entry::{Entered, Half};
pub use first::First;
pub use link::{INVITATION, Link, NewLink, RESET};
pub use oidc::{Begun, Finished, Return, is_safe};
pub use password::{SHORTEST, check_strength};
pub use second::{Enrolment, Factors, OwnPasskey};
pub use sessions::{AccountFacts, Browser};
pub use sign_on::{
    Ask, Bound, Claims, Directory, Entry, Judge, Outside, Policy, Provider, Reply, SignOn, Whom,
};
pub use turned::Turned;
pub use webauthn::RelyingParty;

use crate::actor::Actor;
use crate::engine::Engine;
use crate::refusal::{Error, Refusal, Result};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::Key;
use sha2::{Digest, Sha256};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use store::Unit;
use store::core::token;

/// What a token may be limited to.
pub const SCOPES: [&str; 3] = ["read", "write", ADMIN];
/// The scope that only the tokens of those who administer may carry.
pub const ADMIN: &str = "admin";

/// How long what is known of a token may be used before it is looked up again, in microseconds.
/// Within one process a change of people, accounts or tokens is seen at once.
const FRESH: i64 = 1_000_000;
/// How often the last use of a token is written, in microseconds.
const USED: i64 = 60_000_000;

/// How long a session lasts at most, in microseconds: a working day and a night shift.
pub const SESSION: i64 = 12 * 3_600_000_000;
/// How long a session lasts that nobody uses: a long meeting.
pub const IDLE: i64 = 2 * 3_600_000_000;

/// Where a request came from, as the list of logins keeps it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Whence<'a> {
    pub address: &'a str,
    /// What the browser calls itself.
    pub browser: &'a str,
}

/// What a token is for: its kind as it is stored, and how its text begins.
struct Kind {
    name: &'static str,
    prefix: &'static str,
}

/// Whether what is asked for is a use of the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    Counts,
    CountsNot,
}

const API: &Kind = &Kind { name: "api", prefix: "ek_" };
const BROWSER: &Kind = &Kind { name: "session", prefix: "es_" };

/// Actors by the hash of their token.
#[derive(Default)]
pub struct ActorCache(Mutex<HashMap<[u8; 32], Cached>>);

#[derive(Clone)]
struct Cached {
    actor: Arc<Actor>,
    until: i64,
    used: i64,
}

impl ActorCache {
    pub fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn get(&self, hash: &[u8; 32]) -> Option<Cached> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(hash).cloned()
    }

    fn put(&self, hash: [u8; 32], cached: Cached) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= 10_000 {
            all.clear();
        }
        all.insert(hash, cached);
    }
}

/// What a new token is made with.
#[derive(Debug, Clone)]
pub struct NewToken<'a> {
    pub account: Key,
    pub name: &'a str,
    /// Some of [`SCOPES`]; all that the account may do where empty.
    pub scopes: &'a [String],
    /// Microseconds; never where not given.
    pub expires_at: Option<i64>,
}

impl Engine {
    /// Makes a token and answers its text, which is not kept.
    ///
    /// # Errors
    /// `Invalid` for a scope that is unknown or not for this account, or an expiry in the past.
    pub fn create_token(&self, new: &NewToken) -> Result<String> {
        if let Some(unknown) = new.scopes.iter().find(|scope| !SCOPES.contains(&scope.as_str())) {
            let en = format!("\"{unknown}\" is no scope; use {}.", SCOPES.join(", "));
            let zh = format!("没有权限范围“{unknown}”；可用：{}。", SCOPES.join("、"));
            return Err(Refusal::field("scopes", en, zh).into());
        }
        if new.scopes.iter().any(|scope| scope == ADMIN) && !self.administers(new.account)? {
            let en = "Only an account with a role that administers may have the scope \"admin\".";
            let zh = "只有具备管理角色的账户才能拥有权限范围“admin”。";
            return Err(Refusal::field("scopes", en, zh).into());
        }
        if new.expires_at.is_some_and(|at| at <= self.now()) {
            let en = "This lies in the past; give a later time.";
            return Err(Refusal::field("expires_at", en, "该时间已过，请填写以后的时间。").into());
        }
        self.make(API, new)
    }

    fn make(&self, kind: &Kind, new: &NewToken) -> Result<String> {
        let mut bytes = [0; 32];
        self.world().random(&mut bytes);
        let text = format!("{}{}", kind.prefix, URL_SAFE_NO_PAD.encode(bytes));
        let mut unit = Unit::new();
        let row = token::Token {
            hash: hash(&text),
            account_key: new.account,
            kind: kind.name.into(),
            name: new.name.into(),
            scopes: new.scopes.join(" ").into(),
            created_at: self.now(),
            expires_at: new.expires_at,
            last_used_at: None,
            revoked_at: None,
        };
        token::insert(&mut unit, &row);
        self.database().write(unit)?;
        Ok(text)
    }

    /// Opens a session of a browser for an account that has shown who it is; answers the text that
    /// the browser keeps. `browser` says which, for the list of sessions.
    ///
    /// # Errors
    /// A failed write.
    pub fn open_session(&self, account: Key, browser: &str) -> Result<String> {
        let expires_at = Some(self.now() + SESSION);
        let browser: String = browser.chars().filter(|c| !c.is_control()).take(200).collect();
        self.make(BROWSER, &NewToken { account, name: &browser, scopes: &[], expires_at })
    }

    /// Ends the session that this text opens; nothing where it opens none.
    ///
    /// # Errors
    /// A failed write.
    pub fn close_session(&self, text: &str) -> Result<()> {
        match text.starts_with(BROWSER.prefix) {
            true => self.revoke_token(&hash(text)),
            false => Ok(()),
        }
    }

    /// Whether the account holds a role that is declared to administer; one that may not log in
    /// does not.
    fn administers(&self, account: Key) -> Result<bool> {
        match self.actor(account) {
            Ok(actor) => Ok(actor.rights.administers()),
            Err(Error::Refused(refusal)) if *refusal == Refusal::NotLoggedIn => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Who the session of a browser belongs to.
    ///
    /// # Errors
    /// As [`Engine::authenticate`].
    pub fn authenticate_session(&self, text: &str) -> Result<Arc<Actor>> {
        self.recognize(BROWSER, text, Use::Counts)
    }

    /// The same for what a browser asks by itself while nobody does anything: it does not count as
    /// use, so that a session ends that is only left open.
    ///
    /// # Errors
    /// As [`Engine::authenticate`].
    pub fn authenticate_unattended(&self, text: &str) -> Result<Arc<Actor>> {
        self.recognize(BROWSER, text, Use::CountsNot)
    }

    /// Who a token of a program belongs to.
    ///
    /// # Errors
    /// `NotLoggedIn` for a token that is unknown, expired or revoked, and for an account that is
    /// disabled or whose person has left: they all look alike.
    pub fn authenticate(&self, text: &str) -> Result<Arc<Actor>> {
        self.recognize(API, text, Use::Counts)
    }

    /// The prefix keeps a session from being used as a token, and a token as a session, also where
    /// the hash is known already.
    fn recognize(&self, kind: &Kind, text: &str, by: Use) -> Result<Arc<Actor>> {
        if !text.starts_with(kind.prefix) {
            return Err(Refusal::NotLoggedIn.into());
        }
        let hash = hash(text);
        let now = self.now();
        if let Some(cached) = self.actors().get(&hash)
            && now < cached.until
            && (by == Use::CountsNot || now - cached.used <= USED)
        {
            return Ok(cached.actor);
        }
        let found = token::find(self.database(), &hash)?.ok_or(Refusal::NotLoggedIn)?;
        let unused = now - found.last_used_at.unwrap_or(found.created_at);
        let idle = kind.name == BROWSER.name && unused > IDLE;
        let over = idle || found.expires_at.is_some_and(|at| at <= now);
        if over || found.revoked_at.is_some() {
            return Err(Refusal::NotLoggedIn.into());
        }
        let mut actor = self.actor(found.account_key)?;
        match viewing::role(&found.scopes).filter(|_| kind.name == BROWSER.name) {
            Some(role) => viewing::limit(self, &mut actor, &role),
            None => actor.scopes = scopes(&found.scopes),
        }
        actor.session_since = (kind.name == BROWSER.name).then_some(found.created_at);
        let actor = Arc::new(actor);
        let last = self.actors().get(&hash).map_or(found.last_used_at.unwrap_or(0), |c| c.used);
        let counts = by == Use::Counts && now - last > USED;
        let used = if counts { self.note_use(&hash, now) } else { last };
        let until = now + FRESH;
        self.actors().put(hash, Cached { actor: actor.clone(), until, used });
        Ok(actor)
    }

    /// The last use is a convenience: a failure to write it must not keep anybody out.
    fn note_use(&self, hash: &[u8; 32], now: i64) -> i64 {
        let mut unit = Unit::new();
        token::used(&mut unit, hash, now);
        if let Err(failure) = self.database().write(unit) {
            tracing::warn!(?failure, "the last use of a token was not written");
        }
        now
    }

    /// Ends a token at once.
    ///
    /// # Errors
    /// A failed write.
    pub fn revoke_token(&self, hash: &[u8; 32]) -> Result<()> {
        let mut unit = Unit::new();
        token::revoke(&mut unit, hash, self.now());
        self.database().write(unit)?;
        self.actors().clear();
        Ok(())
    }
}

fn hash(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

fn scopes(stored: &str) -> Option<BTreeSet<String>> {
    let all: BTreeSet<String> = stored.split_whitespace().map(str::to_string).collect();
    (!all.is_empty()).then_some(all)
}
