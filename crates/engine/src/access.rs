//! Getting in: API tokens and passwords. A token is 32 random bytes, shown once and stored as its
//! SHA-256; a password is stored as Argon2id (RFC 9106). Guessing is slowed in the database, so
//! that several processes count together.

use crate::actor::Actor;
use crate::engine::Engine;
use crate::refusal::{Error, FieldSlip, Refusal, Result};
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::Key;
use sha2::{Digest, Sha256};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use store::Unit;
use store::core::{credential, token};

/// What a token may be limited to.
pub const SCOPES: [&str; 3] = ["read", "write", ADMIN];
/// The scope that only the tokens of those who administer may carry.
pub const ADMIN: &str = "admin";

/// How long what is known of a token may be used before it is looked up again, in microseconds.
/// Within one process a change of people, accounts or tokens is seen at once.
const FRESH: i64 = 1_000_000;
/// How often the last use of a token is written, in microseconds.
const USED: i64 = 60_000_000;

/// How long a session lasts, in microseconds: a working day and a night shift.
pub const SESSION: i64 = 12 * 3_600_000_000;

/// What a token is for: its kind as it is stored, and how its text begins.
struct Kind {
    name: &'static str,
    prefix: &'static str,
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
        self.recognize(BROWSER, text)
    }

    /// Who a token of a program belongs to.
    ///
    /// # Errors
    /// `NotLoggedIn` for a token that is unknown, expired or revoked, and for an account that is
    /// disabled or whose person has left: they all look alike.
    pub fn authenticate(&self, text: &str) -> Result<Arc<Actor>> {
        self.recognize(API, text)
    }

    /// The prefix keeps a session from being used as a token, and a token as a session, also where
    /// the hash is known already.
    fn recognize(&self, kind: &Kind, text: &str) -> Result<Arc<Actor>> {
        if !text.starts_with(kind.prefix) {
            return Err(Refusal::NotLoggedIn.into());
        }
        let hash = hash(text);
        let now = self.now();
        if let Some(cached) = self.actors().get(&hash)
            && now < cached.until
        {
            return Ok(cached.actor);
        }
        let found = token::find(self.database(), &hash)?.ok_or(Refusal::NotLoggedIn)?;
        let over = found.expires_at.is_some_and(|at| at <= now);
        if over || found.revoked_at.is_some() {
            return Err(Refusal::NotLoggedIn.into());
        }
        let mut actor = self.actor(found.account_key)?;
        actor.scopes = scopes(&found.scopes);
        let actor = Arc::new(actor);
        let last = self.actors().get(&hash).map_or(found.last_used_at.unwrap_or(0), |c| c.used);
        let used = if now - last > USED { self.note_use(&hash, now) } else { last };
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

    /// Sets the password of an account. Long enough, not a well-known one, not the login: the
    /// advice of NIST SP 800-63B, section 5.1.1.2, without rules of composition.
    ///
    /// # Errors
    /// `Invalid` saying how to choose a better one.
    pub fn set_password(&self, account: Key, login: &str, password: &str) -> Result<()> {
        check_strength(login, password)?;
        let mut salt = [0; 16];
        self.world().random(&mut salt);
        let hashed = argon2()
            .hash_password_with_salt(password.as_bytes(), &salt)
            .map_err(|error| Error::Fault(format!("argon2: {error}")))?;
        let mut unit = Unit::new();
        credential::set(&mut unit, account, &hashed.to_string(), self.now());
        self.database().write(unit)?;
        Ok(())
    }

    /// The account of a login and its password.
    ///
    /// # Errors
    /// `NotLoggedIn` for a login that is unknown or disabled, a wrong password, and a person who
    /// has left: they all look alike, and take the same time. `TooMany`.
    pub fn login(&self, login: &str, password: &str) -> Result<Key> {
        let Some(account) = self.account_of(login)? else {
            // As much work as for an account that exists.
            let _ = argon2().hash_password_with_salt(password.as_bytes(), &[0; 16]);
            return Err(Refusal::NotLoggedIn.into());
        };
        self.check_password(account, password)?;
        self.actor(account)?;
        Ok(account)
    }

    /// Whether the password is that of the account. After ten failures an account is closed for a
    /// time that doubles up to an hour.
    ///
    /// # Errors
    /// `NotLoggedIn`, `TooMany`.
    pub fn check_password(&self, account: Key, password: &str) -> Result<()> {
        let now = self.now();
        let found = credential::find(self.database(), account)?.ok_or(Refusal::NotLoggedIn)?;
        if let Some(until) = found.locked_until.filter(|until| *until > now) {
            let retry_after_seconds = u32::try_from((until - now) / 1_000_000 + 1).unwrap_or(3600);
            return Err(Refusal::TooMany { retry_after_seconds }.into());
        }
        let stored = PasswordHash::new(&found.hash).map_err(|e| Error::Fault(e.to_string()))?;
        let mut unit = Unit::new();
        if argon2().verify_password(password.as_bytes(), &stored).is_ok() {
            if found.failed_count > 0 {
                credential::succeeded(&mut unit, account);
                self.database().write(unit)?;
            }
            return Ok(());
        }
        credential::failed(&mut unit, account, locked_until(found.failed_count + 1, now));
        self.database().write(unit)?;
        Err(Refusal::NotLoggedIn.into())
    }
}

fn hash(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

fn scopes(stored: &str) -> Option<BTreeSet<String>> {
    let all: BTreeSet<String> = stored.split_whitespace().map(str::to_string).collect();
    (!all.is_empty()).then_some(all)
}

/// 19 MiB, two passes, one lane: the second choice of RFC 9106 scaled to a busy server, as OWASP
/// recommends it.
fn argon2() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// From the tenth failure on: half a minute, then twice as long each time, an hour at most.
fn locked_until(failures: i64, now: i64) -> Option<i64> {
    let over = failures.checked_sub(10).filter(|over| *over >= 0)?;
    let seconds = 30_i64.checked_shl(u32::try_from(over.min(7)).ok()?)?.min(3600);
    Some(now + seconds * 1_000_000)
}

/// Words nobody should be let in with, whatever is put around them.
const WELL_KNOWN: [&str; 12] = [
    "password",
    "passwort",
    "12345678",
    "qwertyui",
    "evenkeel",
    "administrator",
    "welcome1",
    "letmein1",
    "iloveyou",
    "11111111",
    "changeme",
    "mima1234",
];

/// Whether a password may be set for a login, before anything is made for it.
///
/// # Errors
/// `Invalid`, as [`Engine::set_password`].
pub fn check_strength(login: &str, password: &str) -> Result<()> {
    match weakness(login, password) {
        Some(slip) => Err(Refusal::Invalid(vec![slip]).into()),
        None => Ok(()),
    }
}

fn weakness(login: &str, password: &str) -> Option<FieldSlip> {
    let length = password.chars().count();
    let lower = password.to_lowercase();
    let slip = |en: &str, zh: &str| Some(FieldSlip::new("password", en, zh));
    if length < 12 {
        return slip(
            "Use at least 12 characters; a sentence is fine.",
            "至少 12 个字符，可以是一句话。",
        );
    }
    if length > 256 {
        return slip("Use at most 256 characters.", "最多 256 个字符。");
    }
    let around = |word: &str| length < word.chars().count() + 6 && lower.contains(word);
    let login = login.to_lowercase();
    if (login.len() >= 4 && around(&login)) || WELL_KNOWN.iter().any(|word| around(word)) {
        return slip(
            "This is too easy to guess; choose other words.",
            "过于容易猜到，请换用其他词语。",
        );
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_refused() {
        for weak in ["short", "password1234", "anna.bergman1", "111111111111"] {
            assert!(weakness("anna.bergman", weak).is_some(), "{weak}");
        }
        for good in ["correct horse battery", "海上生明月，天涯共此时。"] {
            assert!(weakness("anna.bergman", good).is_none(), "{good}");
        }
    }

    #[test]
    fn an_account_is_closed_longer_each_time() {
        assert_eq!(locked_until(9, 0), None);
        assert_eq!(locked_until(10, 0), Some(30_000_000));
        assert_eq!(locked_until(12, 0), Some(120_000_000));
        assert_eq!(locked_until(99, 0), Some(3_600_000_000));
    }
}
