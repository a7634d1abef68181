//! Passkeys: made on one's own page, and a way in that needs no password, because the device has
//! asked who is there. What a ceremony begins with is a row that is used once; what a passkey says
//! is checked in [`super::webauthn`].

use super::webauthn::{ALGORITHMS, Answer, RelyingParty};
use super::{Whence, event, hash};
use crate::engine::Engine;
use crate::refusal::{Error, Refusal, Result};
use crate::session::Session;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value as Json, json};
use store::Unit;
use store::core::factor::{self, Passkey};
use store::core::one_time;

/// Ceremonies that have begun, and how long they wait: five minutes.
const NEW: &str = "passkey_new";
const LOGIN: &str = "passkey_login";
const TIME: i64 = 300 * 1_000_000;

/// Passkeys of one account at most.
const MOST: usize = 20;

impl Session {
    /// Begins to make a passkey; answers what the browser is asked. The password is asked again.
    ///
    /// # Errors
    /// `Invalid` at `old`, or where there are too many; `TooMany`.
    pub fn begin_passkey(&self, password: &str, of: &RelyingParty) -> Result<Json> {
        self.confirm("old", password)?;
        let (engine, account) = (self.engine(), self.account()?);
        let known = factor::passkeys(engine.database(), account)?;
        if known.len() >= MOST {
            let en = "There are 20 passkeys; remove one first.";
            return Err(Refusal::field("old", en, "已有 20 个通行密钥，请先移除一个。").into());
        }
        let mut unit = Unit::new();
        one_time::drop_all(&mut unit, account, NEW);
        let challenge = engine.one_time(&mut unit, NEW, Some(account), "", None, TIME);
        engine.database().write(unit)?;
        let known = known
            .iter()
            .map(|one| json!({ "type": "public-key", "id": URL_SAFE_NO_PAD.encode(&one.id) }));
        let user = URL_SAFE_NO_PAD.encode(&hash(&format!("passkey user {}", account.0))[..16]);
        let algorithms = ALGORITHMS.map(|alg| json!({ "type": "public-key", "alg": alg }));
        Ok(json!({
            "challenge": challenge,
            "rp": { "id": of.id, "name": "Evenkeel" },
            "user": {
                "id": user, "name": self.actor().login, "displayName": self.actor().name,
            },
            "pubKeyCredParams": algorithms,
            "excludeCredentials": known.collect::<Vec<_>>(),
            "authenticatorSelection": {
                "residentKey": "required", "requireResidentKey": true,
                "userVerification": "required",
            },
            "attestation": "none",
            "timeout": TIME / 1000,
        }))
    }

    /// Takes a new passkey into use; all other sessions end. Answers recovery codes where there
    /// were none yet.
    ///
    /// # Errors
    /// `Invalid` at `answer`.
    pub fn confirm_passkey(
        &self,
        of: &RelyingParty,
        name: &str,
        answer: &str,
        this: &str,
        from: Whence,
    ) -> Result<Vec<String>> {
        let (engine, account) = (self.engine(), self.account()?);
        let answer = Answer::parse(answer).ok_or_else(not_taken)?;
        let begun = engine.begun(NEW, &answer)?;
        let begun = begun.filter(|begun| begun.account_key == Some(account));
        let begun = begun.ok_or_else(not_taken)?;
        let counter = answer.new_key(of).ok_or_else(not_taken)?;
        let name: String = name.trim().chars().filter(|c| !c.is_control()).take(60).collect();
        let kept = Passkey {
            id: answer.id.as_slice().into(),
            account_key: account,
            name: if name.is_empty() { "passkey".into() } else { name.into() },
            body: body(answer.algorithm, &answer.key, counter).into(),
            created_at: self.now(),
            last_used_at: None,
        };
        let mut unit = Unit::new();
        one_time::take(&mut unit, &begun.hash);
        factor::add_passkey(&mut unit, &kept);
        self.factor_added(unit, this, from)
    }

    /// Takes a passkey away; recovery codes go with the last factor. The password is asked again.
    ///
    /// # Errors
    /// `Invalid` at `old`; `NotFound`; `TooMany`.
    pub fn remove_passkey(&self, id: &str, password: &str, this: &str, from: Whence) -> Result<()> {
        self.confirm("old", password)?;
        let factors = self.factors()?;
        let missing = || Refusal::NotFound { what: id.to_string() };
        let found = factors.passkeys.iter().find(|one| one.id == id).ok_or_else(missing)?;
        let mut unit = Unit::new();
        let bytes = hex::decode(&found.id).unwrap_or_default();
        factor::remove_passkey(&mut unit, self.account()?, &bytes);
        let is_last = factors.passkeys.len() == 1 && factors.totp_since.is_none();
        self.factor_removed(unit, is_last, this, from)
    }
}

impl Engine {
    /// Begins a login by passkey; answers what the browser is asked. It is the same for everybody.
    ///
    /// # Errors
    /// A failed write.
    pub fn begin_passkey_login(&self, of: &RelyingParty) -> Result<Json> {
        let mut unit = Unit::new();
        let challenge = self.one_time(&mut unit, LOGIN, None, "", None, TIME);
        self.database().write(unit)?;
        Ok(json!({
            "challenge": challenge, "rpId": of.id, "userVerification": "required",
            "timeout": TIME / 1000,
        }))
    }

    /// A passkey was shown. Answers the text of a session.
    ///
    /// # Errors
    /// `NotLoggedIn` for whatever is wrong with it.
    pub fn enter_with_passkey(
        &self,
        of: &RelyingParty,
        answer: &str,
        from: Whence,
    ) -> Result<String> {
        let turned_away = || Error::from(Refusal::NotLoggedIn);
        let answer = Answer::parse(answer).ok_or_else(turned_away)?;
        let begun = self.begun(LOGIN, &answer)?.ok_or_else(turned_away)?;
        let kept = factor::find_passkey(self.database(), &answer.id)?.ok_or_else(turned_away)?;
        let account = kept.account_key;
        let login = self.actor(account)?.login;
        let (algorithm, key, last) = read(&kept.body).ok_or_else(turned_away)?;
        let Some(counter) = answer.proves(of, algorithm, &key, last) else {
            self.note_failure(event::FAILED, Some(account), &login, from);
            return Err(turned_away());
        };
        let mut unit = Unit::new();
        one_time::take(&mut unit, &begun.hash);
        let body = body(algorithm, &key, counter);
        factor::use_passkey(&mut unit, &kept, &body, self.now());
        self.open(account, &login, event::PASSKEY, unit, from).map_err(|error| match error {
            Error::Refused(_) => turned_away(),
            fault => fault,
        })
    }

    /// The ceremony that an answer belongs to.
    fn begun(&self, kind: &str, answer: &Answer) -> Result<Option<one_time::OneTime>> {
        match answer.challenge() {
            Some(challenge) => self.find_one_time(kind, &challenge),
            None => Ok(None),
        }
    }
}

fn body(algorithm: i64, key: &[u8], counter: u32) -> String {
    json!({ "alg": algorithm, "key": hex::encode(key), "counter": counter }).to_string()
}

fn read(body: &str) -> Option<(i64, Vec<u8>, u32)> {
    let json: Json = serde_json::from_str(body).ok()?;
    let key = hex::decode(json.get("key")?.as_str()?).ok()?;
    let counter = u32::try_from(json.get("counter")?.as_u64()?).ok()?;
    Some((json.get("alg")?.as_i64()?, key, counter))
}

fn not_taken() -> Error {
    Refusal::field(
        "answer",
        "The browser's answer does not fit; begin again.",
        "浏览器的应答无效，请重新开始。",
    )
    .into()
}
