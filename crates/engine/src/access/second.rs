//! Second factors: the codes of an app, and ten recovery codes for the day the telephone is gone.
//! A new secret is kept only after a code of it was typed once; each code, of either kind, counts
//! once.

use super::entry::wrong_code;
use super::password::was_used;
use super::{Whence, event, hash, totp};
use crate::engine::Engine;
use crate::refusal::{Refusal, Result};
use crate::session::Session;
use model::Key;
use store::Unit;
use store::core::factor::{self, Totp};
use store::core::{one_time, throttle, token};

/// A secret that has been made and not confirmed, and how long it waits: fifteen minutes.
const KIND: &str = "totp";
const TIME: i64 = 900 * 1_000_000;
/// Recovery codes at a time.
const CODES: usize = 10;

/// A secret on its way into an app.
#[derive(Debug, PartialEq, Eq)]
pub struct Enrolment {
    /// What the confirmation names.
    pub text: String,
    /// As people type it.
    pub secret: String,
    /// As a picture carries it: `otpauth://totp/..`.
    pub address: String,
}

/// The second factors of an account. Instants in microseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Factors {
    pub totp_since: Option<i64>,
    pub passkeys: Vec<OwnPasskey>,
    pub recovery_codes: i64,
}

/// A passkey as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnPasskey {
    pub id: String,
    pub name: String,
    pub created_at: i64,
    pub last_used_at: Option<i64>,
}

impl Factors {
    pub fn is_empty(&self) -> bool {
        self.totp_since.is_none() && self.passkeys.is_empty()
    }
}

impl Engine {
    /// # Errors
    /// A failed read.
    pub(super) fn factors(&self, account: Key) -> Result<Factors> {
        let database = self.database();
        let passkeys = factor::passkeys(database, account)?.into_iter().map(|one| OwnPasskey {
            id: hex::encode(&one.id),
            name: one.name.to_string(),
            created_at: one.created_at,
            last_used_at: one.last_used_at,
        });
        Ok(Factors {
            totp_since: factor::totp(database, account)?.map(|totp| totp.created_at),
            passkeys: passkeys.collect(),
            recovery_codes: factor::count_recovery(database, account)?,
        })
    }

    /// Adds to the unit that a code is used up; says what it was, or none where it is wrong.
    pub(super) fn use_code(
        &self,
        unit: &mut Unit,
        account: Key,
        code: &str,
    ) -> Result<Option<&'static str>> {
        if let Some(kept) = factor::totp(self.database(), account)? {
            let secret = self.unseal(&what_for(account), &kept.secret)?;
            let step =
                secret.and_then(|secret| totp::step_for(&secret, code, self.now(), kept.last_step));
            if let Some(step) = step {
                factor::use_step(unit, account, step);
                return Ok(Some(event::LOGIN));
            }
        }
        let hash = recovery_hash(code);
        if factor::has_recovery(self.database(), account, &hash)? {
            factor::use_recovery(unit, account, &hash);
            return Ok(Some(event::RECOVERY_USED));
        }
        Ok(None)
    }

    fn recovery_codes(&self) -> Vec<String> {
        let code = |_| {
            let mut bytes = [0; 10];
            self.world().random(&mut bytes);
            let letters = totp::base32(&bytes).to_lowercase();
            let parts: Vec<&str> = (0..4).filter_map(|n| letters.get(n * 4..n * 4 + 4)).collect();
            parts.join("-")
        };
        (0..CODES).map(code).collect()
    }
}

impl Session {
    /// The second factors of one's own account.
    ///
    /// # Errors
    /// `NotLoggedIn` without an account.
    pub fn factors(&self) -> Result<Factors> {
        self.engine().factors(self.account()?)
    }

    /// Makes a secret for an app; it counts once a code of it is confirmed. The password is asked
    /// again before.
    ///
    /// # Errors
    /// `Invalid` at `old`; `TooMany`.
    pub fn begin_totp(&self, password: &str) -> Result<Enrolment> {
        self.confirm("old", password)?;
        let (engine, account) = (self.engine(), self.account()?);
        let mut secret = [0; 20];
        engine.world().random(&mut secret);
        let sealed = hex::encode(engine.seal(&what_for(account), &secret)?);
        let mut unit = Unit::new();
        one_time::drop_all(&mut unit, account, KIND);
        let text = engine.one_time(&mut unit, KIND, Some(account), &sealed, None, TIME);
        engine.database().write(unit)?;
        Ok(self.enrolment(text, &secret))
    }

    /// The secret that waits for its confirmation, to be shown again after a wrong code.
    ///
    /// # Errors
    /// `Gone` where it does not wait any more.
    pub fn waiting_totp(&self, text: &str) -> Result<Enrolment> {
        let (_, secret) = self.waiting(text)?;
        Ok(self.enrolment(text.to_string(), &secret))
    }

    fn enrolment(&self, text: String, secret: &[u8]) -> Enrolment {
        let secret = totp::base32(secret);
        let login: String = self.actor().login.bytes().map(percent).collect();
        let address = format!("otpauth://totp/Evenkeel:{login}?secret={secret}&issuer=Evenkeel");
        Enrolment { text, secret, address }
    }

    fn waiting(&self, text: &str) -> Result<(one_time::OneTime, Vec<u8>)> {
        let gone = || Refusal::Gone { what: "code".into() };
        let account = self.account()?;
        let found = self.engine().find_one_time(KIND, text)?.ok_or_else(gone)?;
        if found.account_key != Some(account) {
            return Err(gone().into());
        }
        let sealed = hex::decode(&*found.body).unwrap_or_default();
        let secret = self.engine().unseal(&what_for(account), &sealed)?.ok_or_else(gone)?;
        Ok((found, secret))
    }

    /// Takes the secret into use; all other sessions end. Answers recovery codes where there were
    /// none yet.
    ///
    /// # Errors
    /// `Invalid` at `code`; `Gone`.
    pub fn confirm_totp(
        &self,
        text: &str,
        code: &str,
        this: &str,
        from: Whence,
    ) -> Result<Vec<String>> {
        let (found, secret) = self.waiting(text)?;
        let (engine, account, now) = (self.engine(), self.account()?, self.now());
        let last_step = totp::step_for(&secret, code, now, 0).ok_or_else(wrong_code)?;
        let sealed = engine.seal(&what_for(account), &secret)?;
        let mut unit = Unit::new();
        one_time::take(&mut unit, &found.hash);
        let kept = Totp { secret: sealed.into(), last_step, created_at: now };
        factor::set_totp(&mut unit, account, &kept);
        self.factor_added(unit, this, from)
    }

    /// Writes a unit that adds a factor, with recovery codes where there are none, and ends all
    /// other sessions.
    pub(super) fn factor_added(
        &self,
        mut unit: Unit,
        this: &str,
        from: Whence,
    ) -> Result<Vec<String>> {
        let (engine, account) = (self.engine(), self.account()?);
        let codes = match factor::count_recovery(engine.database(), account)? {
            0 => self.renewed(&mut unit, account),
            _ => Vec::new(),
        };
        let login = &self.actor().login;
        token::revoke_others(&mut unit, account, super::BROWSER.name, &hash(this), self.now());
        engine.note(&mut unit, event::FACTOR_ADDED, Some(account), login, None, from);
        match engine.database().write(unit) {
            Err(failure) if was_used(&failure) => return Err(wrong_code()),
            written => written?,
        }
        engine.actors().clear();
        Ok(codes)
    }

    fn renewed(&self, unit: &mut Unit, account: Key) -> Vec<String> {
        let codes = self.engine().recovery_codes();
        let hashes: Vec<[u8; 32]> = codes.iter().map(|code| recovery_hash(code)).collect();
        factor::set_recovery(unit, account, &hashes, self.now());
        codes
    }

    /// Makes new recovery codes; those before end. The password is asked again.
    ///
    /// # Errors
    /// `Invalid` at `old`; `TooMany`.
    pub fn renew_recovery_codes(&self, password: &str, from: Whence) -> Result<Vec<String>> {
        self.confirm("old", password)?;
        let (engine, account) = (self.engine(), self.account()?);
        let mut unit = Unit::new();
        let codes = self.renewed(&mut unit, account);
        engine.note(&mut unit, event::CODES_MADE, Some(account), &self.actor().login, None, from);
        engine.database().write(unit)?;
        Ok(codes)
    }

    /// Takes the code app away; recovery codes go with the last factor. The password is asked
    /// again.
    ///
    /// # Errors
    /// `Invalid` at `old`; `TooMany`.
    pub fn remove_totp(&self, password: &str, this: &str, from: Whence) -> Result<()> {
        self.confirm("old", password)?;
        let mut unit = Unit::new();
        factor::remove_totp(&mut unit, self.account()?);
        let is_last = self.factors()?.passkeys.is_empty();
        self.factor_removed(unit, is_last, this, from)
    }

    pub(super) fn factor_removed(
        &self,
        mut unit: Unit,
        is_last: bool,
        this: &str,
        from: Whence,
    ) -> Result<()> {
        let (engine, account) = (self.engine(), self.account()?);
        if is_last {
            factor::remove_recovery(&mut unit, account);
        }
        let login = &self.actor().login;
        token::revoke_others(&mut unit, account, super::BROWSER.name, &hash(this), self.now());
        engine.note(&mut unit, event::FACTOR_REMOVED, Some(account), login, None, from);
        engine.database().write(unit)?;
        engine.actors().clear();
        Ok(())
    }

    /// Takes all second factors of somebody away who has lost them, after having made sure who
    /// asks. Their sessions end; the password stays.
    ///
    /// # Errors
    /// `NotAllowed` for whoever does not administer.
    pub fn remove_factors_of(&self, account: Key, login: &str, from: Whence) -> Result<()> {
        self.demand_administrator()?;
        let engine = self.engine();
        let mut unit = Unit::new();
        factor::remove_totp(&mut unit, account);
        factor::remove_passkeys(&mut unit, account);
        factor::remove_recovery(&mut unit, account);
        throttle::cleared(&mut unit, &format!("second:{}", account.0));
        token::revoke_all(&mut unit, account, Some(super::BROWSER.name), self.now());
        let by = self.actor().account;
        engine.note(&mut unit, event::FACTOR_REMOVED, Some(account), login, by, from);
        engine.database().write(unit)?;
        engine.actors().clear();
        Ok(())
    }
}

/// What a secret is sealed for.
fn what_for(account: Key) -> String {
    format!("totp {}", account.0)
}

/// As it is kept: however it was typed.
fn recovery_hash(code: &str) -> [u8; 32] {
    let plain = code.chars().filter(|c| c.is_ascii_alphanumeric());
    hash(&format!("recovery {}", plain.map(|c| c.to_ascii_lowercase()).collect::<String>()))
}

fn percent(byte: u8) -> String {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => char::from(byte).into(),
        _ => format!("%{byte:02X}"),
    }
}
