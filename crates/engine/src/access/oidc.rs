//! OpenID Connect, the code flow with PKCE: somebody is sent to a provider and comes back with a
//! code, for which the provider says who they are. What ties the two ways together is a text that
//! only this browser holds; state, nonce and the verifier of PKCE are made from it, so that the
//! database could give none of them away.

mod discovery;
mod id_token;
mod signature;

pub(super) use discovery::Known;
pub use discovery::is_safe;

use super::arrival::{Arrived, Step, Stop, tame};
use super::password::was_used;
use super::sign_on::{Arrival, Ask, Provider};
use super::turned::Turned;
use super::{Whence, hash};
use crate::engine::Engine;
use crate::refusal::{Refusal, Result};
use crate::session::Session;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use discovery::Metadata;
use model::Key;
use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};
use store::Unit;
use store::core::one_time;

/// The way there and back, and how long it may take: ten minutes.
pub(super) const KIND: &str = "sign_on";
const TIME: i64 = 600 * 1_000_000;

/// Somebody is on the way to a provider.
#[derive(Debug, PartialEq, Eq)]
pub struct Begun {
    /// What the browser keeps until it comes back.
    pub text: String,
    /// Where to send the browser.
    pub address: String,
}

/// What a browser brings back from a provider.
#[derive(Debug, Clone, Copy, Default)]
pub struct Return<'a> {
    /// What it kept.
    pub text: &'a str,
    /// Parameters of the address.
    pub state: &'a str,
    pub code: &'a str,
    pub error: &'a str,
    pub issuer: Option<&'a str>,
    /// Our own address that it was sent back to, as it was given when this began.
    pub here: &'a str,
    /// The account of whoever is in, in this browser.
    pub account: Option<Key>,
}

/// How it ended, and where somebody wanted to go.
#[derive(Debug, PartialEq)]
pub struct Finished {
    pub arrived: Arrived,
    pub to: String,
}

impl Engine {
    fn provider(&self, name: &str) -> Result<&Provider> {
        let found = self.providers().iter().find(|one| one.policy.name == name);
        Ok(found.ok_or_else(|| Refusal::NotFound { what: name.to_string() })?)
    }

    /// Somebody wants to come in by a provider, and to go on to a page of ours; `here` is the
    /// address that they are to be sent back to.
    ///
    /// # Errors
    /// `NotFound` for a provider that nobody has set up.
    pub fn begin_sign_on(
        &self,
        name: &str,
        here: &str,
        to: &str,
        from: Whence,
    ) -> Result<std::result::Result<Begun, Turned>> {
        self.send_to(name, here, to, None, from)
    }

    /// Sends somebody to a provider: to come in, or to connect the account that they are in with.
    fn send_to(
        &self,
        name: &str,
        here: &str,
        to: &str,
        account: Option<Key>,
        from: Whence,
    ) -> Result<std::result::Result<Begun, Turned>> {
        let provider = self.provider(name)?;
        let metadata = match discovery::metadata(provider, self.now()) {
            Ok(metadata) => metadata,
            Err(turned) => {
                self.note_turned(&turned, from)?;
                return Ok(Err(turned));
            }
        };
        let mut unit = Unit::new();
        let body = json!({ "provider": name, "to": to }).to_string();
        let text = self.one_time(&mut unit, KIND, account, &body, None, TIME);
        self.database().write(unit)?;
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(made("verifier", &text)));
        let (state, nonce) = (made("state", &text), made("nonce", &text));
        let scopes = provider.scopes.join(" ");
        let address = with_query(
            &metadata.authorization_endpoint,
            &[
                ("response_type", "code"),
                ("client_id", &provider.client_id),
                ("redirect_uri", here),
                ("scope", &scopes),
                ("state", &state),
                ("nonce", &nonce),
                ("code_challenge", &challenge),
                ("code_challenge_method", "S256"),
            ],
        );
        Ok(Ok(Begun { text, address }))
    }

    /// Somebody comes back from a provider.
    ///
    /// # Errors
    /// `NotFound` for a provider that nobody has set up; a failed read or write.
    pub fn finish_sign_on(&self, name: &str, back: &Return, from: Whence) -> Result<Finished> {
        let provider = self.provider(name)?;
        let mut to = "/".to_string();
        let done = self.come_back(provider, back, from, &mut to);
        let arrived = match done {
            Ok(arrived) => {
                self.forget_turned(from)?;
                arrived
            }
            Err(Stop::Turned(turned)) => {
                self.note_turned(&turned, from)?;
                Arrived::Turned(turned)
            }
            Err(Stop::Fault(error)) => return Err(error),
        };
        Ok(Finished { arrived, to })
    }

    fn come_back(
        &self,
        provider: &Provider,
        back: &Return,
        from: Whence,
        to: &mut String,
    ) -> Step<Arrived> {
        let begun = self.find_one_time(KIND, back.text)?.ok_or(Turned::Over)?;
        let body: Json = serde_json::from_str(&begun.body).unwrap_or_default();
        let said = |name: &str| body.get(name).and_then(Json::as_str).unwrap_or_default();
        *to = said("to").to_string();
        // Digests are compared: how long it takes tells nothing of where they part.
        let is_ours = hash(back.state) == hash(&made("state", back.text));
        // Whoever began to connect an account is still in with it.
        let is_theirs = begun.account_key.is_none() || begun.account_key == back.account;
        if !is_ours || !is_theirs || said("provider") != provider.policy.name {
            return Err(Turned::Over.into());
        }
        let mut unit = Unit::new();
        one_time::take(&mut unit, &begun.hash);
        match self.database().write(unit) {
            Err(failure) if was_used(&failure) => return Err(Turned::Over.into()),
            written => written?,
        }
        if !back.error.is_empty() {
            tracing::warn!(provider = provider.policy.name, back.error, "sign-on was declined");
            return Err(Turned::Declined(code(back.error)).into());
        }
        let arrival = self.vouched(provider, back)?;
        if let Some(account) = begun.account_key {
            self.connect(&provider.policy, &arrival, account, from)?;
            return Ok(Arrived::Connected);
        }
        self.arrive(&provider.policy, &arrival, from).map(Arrived::In)
    }

    /// Gives the code for what the provider says of the person.
    fn vouched(&self, provider: &Provider, back: &Return) -> std::result::Result<Arrival, Turned> {
        let now = self.now();
        let metadata = discovery::metadata(provider, now)?;
        // Who answers with the code of another provider is found out here (RFC 9207).
        let named = back.issuer.is_some_and(|issuer| issuer == provider.issuer);
        let silent = back.issuer.is_none() && !metadata.names_itself;
        if back.code.is_empty() || !(named || silent) {
            return Err(unproven(provider, "the answer names another issuer, or no code"));
        }
        let verifier = made("verifier", back.text);
        let tokens = exchange(provider, &metadata, back, &verifier, now)?;
        let text = |name: &str| tokens.get(name).and_then(Json::as_str);
        let id_token = text("id_token").ok_or_else(|| unproven(provider, "no ID token"))?;
        let nonce = made("nonce", back.text);
        let mut claims = id_token::claims(provider, &metadata, id_token, &nonce, now)?;
        let wanted = [&provider.claims.login, &provider.claims.groups];
        if wanted.iter().any(|name| !claims.contains_key(name.as_str())) {
            add_userinfo(provider, &metadata, text("access_token"), &mut claims, now)?;
        }
        arrival(provider, &claims)
    }
}

impl Session {
    /// Sends whoever is in to a provider, to be let in by it from then on. The password is asked
    /// again before.
    ///
    /// # Errors
    /// `Invalid` at `old`; `TooMany`; `NotFound` for a provider that nobody has set up.
    pub fn begin_connection(
        &self,
        name: &str,
        here: &str,
        to: &str,
        password: &str,
        from: Whence,
    ) -> Result<std::result::Result<Begun, Turned>> {
        self.confirm("old", password)?;
        self.engine().send_to(name, here, to, Some(self.account()?), from)
    }
}

/// A text for one purpose, made from the one that the browser keeps: 43 characters.
fn made(purpose: &str, text: &str) -> String {
    let digest = Sha256::new().chain_update("sign_on\n").chain_update(purpose);
    URL_SAFE_NO_PAD.encode(digest.chain_update("\n").chain_update(text).finalize())
}

fn exchange(
    provider: &Provider,
    metadata: &Metadata,
    back: &Return,
    verifier: &str,
    now: i64,
) -> std::result::Result<Map<String, Json>, Turned> {
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("code", back.code),
        ("redirect_uri", back.here),
        ("code_verifier", verifier),
    ];
    let mut authorization = None;
    match &provider.client_secret {
        Some(secret) if metadata.takes_basic => {
            let both = format!("{}:{}", encoded(&provider.client_id), encoded(secret));
            let both = base64::engine::general_purpose::STANDARD.encode(both);
            authorization = Some(format!("Basic {both}"));
        }
        secret => {
            form.push(("client_id", &provider.client_id));
            form.extend(secret.as_deref().map(|secret| ("client_secret", secret)));
        }
    }
    let ask = Ask { url: &metadata.token_endpoint, form: Some(form), authorization };
    discovery::object(provider, &ask, now)
}

/// Adds what the provider tells about the person beside the token. What the token says stands.
fn add_userinfo(
    provider: &Provider,
    metadata: &Metadata,
    access_token: Option<&str>,
    claims: &mut Map<String, Json>,
    now: i64,
) -> std::result::Result<(), Turned> {
    let (Some(url), Some(token)) = (&metadata.userinfo_endpoint, access_token) else {
        return Ok(());
    };
    let authorization = Some(format!("Bearer {token}"));
    let told = discovery::object(provider, &Ask { url, form: None, authorization }, now)?;
    // Else it could be of somebody else (OpenID Connect Core, section 5.3.2).
    if told.get("sub") != claims.get("sub") {
        return Err(unproven(provider, "the facts about the person are of another subject"));
    }
    for (name, value) in told {
        claims.entry(name).or_insert(value);
    }
    Ok(())
}

fn arrival(
    provider: &Provider,
    claims: &Map<String, Json>,
) -> std::result::Result<Arrival, Turned> {
    let names = &provider.claims;
    let text = |name: &str| claims.get(name).and_then(Json::as_str);
    // An address that anybody could have typed there proves nothing.
    let confirmed = match claims.get("email_verified") {
        Some(Json::Bool(yes)) => *yes,
        Some(Json::String(yes)) => yes == "true",
        _ => false,
    };
    // It is this claim that the provider speaks of, whatever else holds addresses.
    let email = text("email").filter(|_| confirmed).and_then(tame);
    let login = match names.login == "email" {
        true => email.clone(),
        false => text(&names.login).and_then(tame),
    };
    let login = login.ok_or_else(|| {
        tracing::warn!(provider = provider.policy.name, claim = names.login, "no login was named");
        Turned::Nameless { claim: names.login.clone() }
    })?;
    let locale = text("locale").unwrap_or_default();
    let language = ["zh", "en"].into_iter().find(|language| locale.starts_with(language));
    Ok(Arrival {
        issuer: provider.issuer.clone(),
        subject: text("sub").unwrap_or_default().to_string(),
        login,
        name: text(&names.name).and_then(tame),
        email: email.filter(|_| names.email == "email"),
        email_is_proven: true,
        language: language.map(str::to_string),
        groups: groups(claims.get(&names.groups)),
    })
}

/// Groups as a list of texts, or as one text.
fn groups(claim: Option<&Json>) -> Vec<String> {
    match claim {
        Some(Json::String(one)) => vec![one.clone()],
        Some(Json::Array(all)) => {
            all.iter().filter_map(|one| one.as_str().map(str::to_string)).collect()
        }
        _ => Vec::new(),
    }
}

fn unproven(provider: &Provider, why: &str) -> Turned {
    tracing::warn!(provider = provider.policy.name, why, "what the provider said was not taken");
    Turned::Unproven
}

/// The code of an error as it may be shown: letters and lines, no sentences of others.
fn code(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(60).collect()
}

fn with_query(address: &str, pairs: &[(&str, &str)]) -> String {
    let pairs: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    let between = if address.contains('?') { '&' } else { '?' };
    format!("{address}{between}{}", pairs.join("&"))
}

/// As a value in an address or a form (RFC 3986, section 2.3).
pub(super) fn encoded(text: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let each = text.bytes().map(|byte| match keep(byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    });
    each.collect()
}
