//! Passwords: how they are kept (Argon2id, RFC 9106), which ones are taken (NIST SP 800-63B: long
//! enough, not well known, no rules of composition), and how guessing is slowed. Whoever has no
//! account, or one without a password, is answered alike and as slowly.

use super::{Whence, event, hash};
use crate::engine::Engine;
use crate::refusal::{Error, FieldSlip, Refusal, Result};
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use model::Key;
use std::collections::HashSet;
use std::sync::LazyLock;
use store::core::{credential, one_time, throttle, token};
use store::{Failure, Unit};

/// How long a login by a provider stands for a password that is asked again, in microseconds.
const JUST_NOW: i64 = 600 * 1_000_000;

/// How long a password is at least, in characters.
pub const SHORTEST: usize = 12;

impl Engine {
    /// Sets the password of an account; its sessions, half-open logins and links end. Long
    /// enough, not a well-known one, not the login: the advice of NIST SP 800-63B, section
    /// 5.1.1.2, without rules of composition.
    ///
    /// # Errors
    /// `Invalid` saying how to choose a better one.
    pub fn set_password(&self, account: Key, login: &str, password: &str) -> Result<()> {
        let mut unit = Unit::new();
        self.put_password(&mut unit, account, login, password, None)?;
        self.database().write(unit)?;
        self.actors().clear();
        Ok(())
    }

    /// Adds to a unit what [`Engine::set_password`] does; one session may go on.
    pub(super) fn put_password(
        &self,
        unit: &mut Unit,
        account: Key,
        login: &str,
        password: &str,
        keep: Option<&[u8; 32]>,
    ) -> Result<()> {
        check_strength(login, password)?;
        let hashed = self.hashed(password)?;
        let now = self.now();
        credential::set(unit, account, &hashed, now);
        match keep {
            Some(keep) => token::revoke_others(unit, account, super::BROWSER.name, keep, now),
            None => token::revoke_all(unit, account, Some(super::BROWSER.name), now),
        }
        one_time::drop_all(unit, account, super::link::KIND);
        one_time::drop_all(unit, account, super::entry::HALF);
        Ok(())
    }

    fn hashed(&self, password: &str) -> Result<String> {
        let mut salt = [0; 16];
        self.world().random(&mut salt);
        let hashed = argon2()
            .hash_password_with_salt(password.as_bytes(), &salt)
            .map_err(|error| Error::Fault(format!("argon2: {error}")))?;
        Ok(hashed.to_string())
    }

    /// The account of a login and its password.
    ///
    /// # Errors
    /// `NotLoggedIn` for a login that is unknown or disabled, a wrong password, and a person who
    /// has left: they all look alike, and take the same time. `TooMany`, for each of them.
    pub fn login(&self, login: &str, password: &str) -> Result<Key> {
        let account = self.account_of(login)?;
        let known = match account {
            Some(account) => credential::find(self.database(), account)?.map(|_| account),
            None => None,
        };
        let Some(account) = known else { return Err(self.turn_away(login, password)) };
        self.check_password(account, password)?;
        self.actor(account)?;
        Ok(account)
    }

    /// As a wrong password is answered, where there is none that could be right.
    fn turn_away(&self, login: &str, password: &str) -> Error {
        let name = counted(login);
        if let Err(error) = self.demand_unlocked(&name) {
            return error;
        }
        let _ = argon2().hash_password_with_salt(password.as_bytes(), &[0; 16]);
        match self.count_failure(&name) {
            Ok(()) => Refusal::NotLoggedIn.into(),
            Err(error) => error,
        }
    }

    /// Refuses while too much was guessed wrongly.
    pub(super) fn demand_unlocked(&self, name: &str) -> Result<()> {
        let found = throttle::find(self.database(), name)?;
        locked(found.locked_until, self.now())
    }

    pub(super) fn count_failure(&self, name: &str) -> Result<()> {
        let (now, before) = (self.now(), throttle::find(self.database(), name)?);
        let mut unit = Unit::new();
        throttle::failed(&mut unit, name, locked_until(before.failed_count + 1, now), now);
        Ok(self.database().write(unit)?)
    }

    /// Whether the password is that of the account. After ten failures an account is closed for a
    /// time that doubles up to an hour.
    ///
    /// # Errors
    /// `NotLoggedIn`, `TooMany`.
    pub fn check_password(&self, account: Key, password: &str) -> Result<()> {
        let now = self.now();
        let found = credential::find(self.database(), account)?.ok_or(Refusal::NotLoggedIn)?;
        locked(found.locked_until, now)?;
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

impl crate::Session {
    /// Changes one's own password; all other sessions of the account end.
    ///
    /// # Errors
    /// `Invalid` at `old` or at `password`; `TooMany`.
    pub fn change_password(&self, old: &str, new: &str, this: &str, from: Whence) -> Result<()> {
        let account = self.account()?;
        if !self.engine().bound(account)?.is_empty() && !self.has_own_password()? {
            let en = "Your password is kept elsewhere; change it there.";
            return Err(
                Refusal::field("old", en, "您的密码由其他系统保管，请在该系统中修改。").into()
            );
        }
        self.confirm("old", old)?;
        let (engine, login) = (self.engine(), self.actor().login.as_str());
        let mut unit = Unit::new();
        engine.put_password(&mut unit, account, login, new, Some(&hash(this)))?;
        engine.note(&mut unit, event::PASSWORD, Some(account), login, None, from);
        engine.database().write(unit)?;
        engine.actors().clear();
        Ok(())
    }

    /// Asks again who somebody is before something that gives others a way in: for the password
    /// that is kept here or by the directory. Whoever has none has come by a provider, and must
    /// have done so just now.
    ///
    /// # Errors
    /// `Invalid` at this field; `TooMany`.
    pub fn confirm(&self, field: &str, password: &str) -> Result<()> {
        let (engine, account) = (self.engine(), self.account()?);
        let wrong = |en: &str, zh: &str| Refusal::Invalid(vec![FieldSlip::new(field, en, zh)]);
        let no = || wrong("This is not your password.", "当前密码有误。");
        if !self.has_own_password()? {
            if let Some(yes) = engine.directory_confirms(account, &self.actor().login, password)? {
                return if yes { Ok(()) } else { Err(no().into()) };
            }
            let is_new = |since| self.now() - since <= JUST_NOW;
            return match self.actor().session_since {
                _ if engine.bound(account)?.is_empty() => Err(no().into()),
                Some(since) if is_new(since) => Ok(()),
                _ => Err(wrong(
                    "Sign out and in again, then do this within ten minutes.",
                    "请先退出并重新登录，然后在十分钟内完成此操作。",
                )
                .into()),
            };
        }
        match engine.check_password(account, password) {
            Err(Error::Refused(refusal)) if *refusal == Refusal::NotLoggedIn => Err(no().into()),
            known => known,
        }
    }

    /// Whether a password of this account is kept here.
    ///
    /// # Errors
    /// A failed read.
    pub fn has_own_password(&self) -> Result<bool> {
        Ok(credential::find(self.engine().database(), self.account()?)?.is_some())
    }

    /// Whether [`Session::confirm`] asks for a password, and not for a login of just now.
    ///
    /// # Errors
    /// A failed read.
    pub fn confirms_by_password(&self) -> Result<bool> {
        let bound = self.engine().bound(self.account()?)?;
        let by_directory = bound.iter().any(|one| self.engine().is_by_directory(one));
        Ok(bound.is_empty() || by_directory || self.has_own_password()?)
    }
}

fn locked(until: Option<i64>, now: i64) -> Result<()> {
    match until.filter(|until| *until > now) {
        Some(until) => {
            let retry_after_seconds = u32::try_from((until - now) / 1_000_000 + 1).unwrap_or(3600);
            Err(Refusal::TooMany { retry_after_seconds }.into())
        }
        None => Ok(()),
    }
}

/// What the tries are counted under that no account of ours can count.
pub(super) fn counted(login: &str) -> String {
    format!("login:{}", hex::encode(hash(&login.to_lowercase())))
}

/// Whether a write failed because somebody else has used up what it was to use up.
pub(super) fn was_used(failure: &Failure) -> bool {
    matches!(failure, Failure::Conflict { .. } | Failure::Duplicate { .. })
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

/// What a password may have around a word that everybody knows, in characters, and still be that
/// word.
const AROUND: usize = 5;

/// Words nobody should be let in with, whatever is put around them: those of this house, and the
/// most common passwords of the world (see `NOTICE` beside the list).
static COMMON: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let own = ["passwort", "qwertyui", "evenkeel", "administrator", "welcome1", "letmein1"];
    let chinese = ["woaini1314", "mima1234", "5201314", "a123456", "woaini520"];
    include_str!("common.txt").lines().chain(own).chain(chinese).collect()
});

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
    if length < SHORTEST {
        return slip(
            "Use at least 12 characters; a sentence is fine.",
            "至少 12 个字符，可以是一句话。",
        );
    }
    if length > 256 {
        return slip("Use at most 256 characters.", "最多 256 个字符。");
    }
    let login = login.to_lowercase();
    let is_login =
        login.len() >= 4 && length <= login.chars().count() + AROUND && lower.contains(&login);
    if is_login || repeats(&lower) || is_common(&lower) {
        return slip(
            "This is too easy to guess; choose other words.",
            "过于容易猜到，请换用其他词语。",
        );
    }
    None
}

/// Whether it is a well-known password with little around it.
fn is_common(lower: &str) -> bool {
    let letters: Vec<char> = lower.chars().collect();
    let most = letters.len();
    (most.saturating_sub(AROUND)..=most).filter(|length| *length > 0).any(|length| {
        letters.windows(length).any(|word| COMMON.contains(&*word.iter().collect::<String>()))
    })
}

/// Whether it is something short said again and again, or a row of neighbours: `abcabcabcabc`,
/// `123456789012`.
fn repeats(lower: &str) -> bool {
    let letters: Vec<u32> = lower.chars().map(u32::from).collect();
    let again = (1..=letters.len() / 2)
        .any(|part| letters.iter().zip(letters.iter().skip(part)).all(|(a, b)| a == b));
    let steps = letters.windows(2).filter(|pair| pair[0].abs_diff(pair[1]) <= 1).count();
    again || steps + 3 >= letters.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_refused() {
        for weak in [
            "short",
            "password1234",
            "anna.bergman1",
            "111111111111",
            "123456789012",
            "abcabcabcabc",
            "dragonfly2026",
            "Qwertyuiop12",
            "passwordpassword",
        ] {
            assert!(weakness("anna.bergman", weak).is_some(), "{weak}");
        }
        for good in ["correct horse battery", "海上生明月，天涯共此时。", "dragonfly over the pond"]
        {
            assert!(weakness("anna.bergman", good).is_none(), "{good}");
        }
        assert_eq!(COMMON.len(), 10_005, "the list and ours");
    }

    #[test]
    fn an_account_is_closed_longer_each_time() {
        assert_eq!(locked_until(9, 0), None);
        assert_eq!(locked_until(10, 0), Some(30_000_000));
        assert_eq!(locked_until(12, 0), Some(120_000_000));
        assert_eq!(locked_until(99, 0), Some(3_600_000_000));
    }
}
