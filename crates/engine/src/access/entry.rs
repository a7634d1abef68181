//! Coming in with a browser, in one step or two: a password, and a second factor where the account
//! has one. Between the steps the browser holds a text that opens nothing but the second one.

use super::password::was_used;
use super::{Whence, event, hash};
use crate::engine::Engine;
use crate::refusal::{Error, Refusal, Result};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::Key;
use store::Unit;
use store::core::{factor, one_time, throttle};

/// The kind of a login between its steps, and how long it waits: five minutes.
pub(super) const HALF: &str = "half";
const HALF_TIME: i64 = 300 * 1_000_000;

/// How far somebody has come.
#[derive(Debug, PartialEq, Eq)]
pub enum Entered {
    /// The text of a session.
    In(String),
    /// The text of a login that still takes a second factor.
    Half(String),
}

/// A login between its steps.
#[derive(Debug, PartialEq, Eq)]
pub struct Half {
    pub account: Key,
    /// Whether it takes the codes of an app.
    pub totp: bool,
    /// Whether it takes a passkey.
    pub passkeys: bool,
}

impl Engine {
    /// A name and a password were given in a browser.
    ///
    /// # Errors
    /// As [`Engine::login`].
    pub fn enter(&self, login: &str, password: &str, from: Whence) -> Result<Entered> {
        let account = self.account_of(login)?;
        let entered = match self.directory() {
            Some(judge) if self.asks_directory(account)? => {
                self.enter_by_directory(judge, login, password, from)
            }
            _ => self
                .login(login, password)
                .and_then(|account| self.admit(account, login, event::LOGIN, from)),
        };
        if let Err(Error::Refused(refusal)) = &entered {
            self.note_refusal(refusal, account, login, from)?;
        }
        entered
    }

    /// Writes down that somebody was turned away; unheard ones once as long as that lasts, so that
    /// a flood of them does not fill the list.
    fn note_refusal(
        &self,
        refusal: &Refusal,
        account: Option<Key>,
        login: &str,
        from: Whence,
    ) -> Result<()> {
        let kind = match refusal {
            // It was written down where the reason was known.
            Refusal::SignOn(_) => return Ok(()),
            Refusal::TooMany { .. } if account.is_none() => return Ok(()),
            Refusal::TooMany { .. } => event::CLOSED,
            _ => event::FAILED,
        };
        if let Some(account) = account.filter(|_| kind == event::CLOSED)
            && self.last_event(account)?.as_deref() == Some(kind)
        {
            return Ok(());
        }
        self.note_failure(kind, account, login, from);
        Ok(())
    }

    /// The first step is done: in, or on to the second one. `kind` is the event of who needs none.
    pub(super) fn admit(
        &self,
        account: Key,
        login: &str,
        kind: &str,
        from: Whence,
    ) -> Result<Entered> {
        let database = self.database();
        let has_passkey = !factor::passkeys(database, account)?.is_empty();
        if !has_passkey && factor::totp(database, account)?.is_none() {
            return self.open(account, login, kind, Unit::new(), from).map(Entered::In);
        }
        let mut unit = Unit::new();
        let text = self.one_time(&mut unit, HALF, Some(account), login, None, HALF_TIME);
        database.write(unit)?;
        Ok(Entered::Half(text))
    }

    /// A login between its steps; none where it is over.
    ///
    /// # Errors
    /// A failed read.
    pub fn half(&self, text: &str) -> Result<Option<Half>> {
        let Some(found) = self.find_one_time(HALF, text)? else { return Ok(None) };
        let Some(account) = found.account_key else { return Ok(None) };
        Ok(Some(Half {
            account,
            totp: factor::totp(self.database(), account)?.is_some(),
            passkeys: !factor::passkeys(self.database(), account)?.is_empty(),
        }))
    }

    /// The second step with a code of an app, or with a recovery code. Answers the text of a
    /// session.
    ///
    /// # Errors
    /// `NotLoggedIn` where the first step is over; `Invalid` at `code`; `TooMany`.
    pub fn enter_with_code(&self, half: &str, code: &str, from: Whence) -> Result<String> {
        let found = self.find_one_time(HALF, half)?.ok_or(Refusal::NotLoggedIn)?;
        let account = found.account_key.ok_or(Refusal::NotLoggedIn)?;
        self.actor(account)?;
        let name = format!("second:{}", account.0);
        self.demand_unlocked(&name)?;
        let mut unit = Unit::new();
        one_time::take(&mut unit, &found.hash);
        let Some(kind) = self.use_code(&mut unit, account, code)? else {
            self.count_failure(&name)?;
            self.note_failure(event::FAILED_CODE, Some(account), &found.body, from);
            return Err(wrong_code());
        };
        throttle::cleared(&mut unit, &name);
        self.open(account, &found.body, kind, unit, from)
    }

    /// Opens a session, together with what let somebody in, and writes it down.
    pub(super) fn open(
        &self,
        account: Key,
        login: &str,
        kind: &str,
        mut unit: Unit,
        from: Whence,
    ) -> Result<String> {
        self.note(&mut unit, kind, Some(account), login, None, from);
        match self.database().write(unit) {
            // Somebody else came in with the same code a moment before.
            Err(failure) if was_used(&failure) => return Err(wrong_code()),
            written => written?,
        }
        self.open_session(account, from.browser)
    }

    /// Makes something that may be used once; answers its text.
    pub(super) fn one_time(
        &self,
        unit: &mut Unit,
        kind: &str,
        account: Option<Key>,
        body: &str,
        made_by: Option<Key>,
        time: i64,
    ) -> String {
        let mut bytes = [0; 32];
        self.world().random(&mut bytes);
        let text = URL_SAFE_NO_PAD.encode(bytes);
        let now = self.now();
        let row = one_time::OneTime {
            hash: hash(&text),
            kind: kind.into(),
            account_key: account,
            body: body.into(),
            made_by,
            created_at: now,
            expires_at: now + time,
        };
        one_time::insert(unit, &row);
        text
    }

    pub(super) fn find_one_time(
        &self,
        kind: &str,
        text: &str,
    ) -> Result<Option<one_time::OneTime>> {
        let found = one_time::find(self.database(), &hash(text), self.now())?;
        Ok(found.filter(|found| &*found.kind == kind))
    }
}

pub(super) fn wrong_code() -> Error {
    Refusal::field(
        "code",
        "This code is wrong or was used; wait for the next one.",
        "验证码有误或已用过，请等待下一个。",
    )
    .into()
}
