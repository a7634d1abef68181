//! What a provider publishes about itself: its addresses and its keys, kept for an hour; and how
//! providers are asked: a few at once, and one that does not answer is left alone for a little
//! while.

use super::super::patience::{PAUSE, Patience};
use super::super::sign_on::{Ask, Provider};
use super::super::turned::Turned;
use super::unproven;
use jsonwebtoken::jwk::Jwk;
use serde_json::{Map, Value as Json};
use std::sync::{Arc, Mutex, PoisonError};

/// How long what was published is believed, in microseconds.
const FRESH: i64 = 3600 * 1_000_000;

/// What is known of a provider.
#[derive(Default)]
pub struct Known {
    cache: Mutex<Cache>,
    patience: Patience,
}

#[derive(Default, Clone)]
struct Cache {
    metadata: Option<(Arc<Metadata>, i64)>,
    keys: Option<(Arc<Vec<Jwk>>, i64)>,
    /// When its addresses were last asked for, and when in vain.
    asked_at: Option<i64>,
    failed_at: Option<i64>,
}

/// The addresses of a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    pub authorization_endpoint: String,
    pub token_endpoint: String,
    pub userinfo_endpoint: Option<String>,
    jwks_uri: String,
    /// Whether the secret goes into a header; else it goes into the form.
    pub takes_basic: bool,
    /// Whether it always says who it is when it sends somebody back.
    pub names_itself: bool,
}

type Told<T> = std::result::Result<T, Turned>;

/// The addresses, as published not more than an hour ago, or for as long as somebody else asks
/// anew.
pub fn metadata(provider: &Provider, now: i64) -> Told<Arc<Metadata>> {
    let cache = provider.known.read();
    if let Some((metadata, at)) = &cache.metadata
        && now - at < FRESH
    {
        return Ok(metadata.clone());
    }
    if cache.failed_at.is_some_and(|at| now - at < PAUSE) {
        return Err(Turned::Unreachable);
    }
    if let Some((old, _)) = cache.metadata
        && cache.asked_at.is_some_and(|at| now - at < PAUSE)
    {
        return Ok(old);
    }
    provider.known.change(|cache| cache.asked_at = Some(now));
    let url = format!("{}/.well-known/openid-configuration", provider.issuer.trim_end_matches('/'));
    let asked = object(provider, &Ask { url: &url, ..Ask::default() }, now);
    let read = asked.and_then(|told| read(provider, &told));
    provider.known.change(|cache| match &read {
        Ok(metadata) => (cache.metadata, cache.failed_at) = (Some((metadata.clone(), now)), None),
        Err(_) => cache.failed_at = Some(now),
    });
    read
}

fn read(provider: &Provider, told: &Map<String, Json>) -> Told<Arc<Metadata>> {
    let text = |name: &str| told.get(name).and_then(Json::as_str);
    let address = |name: &str| text(name).filter(|url| is_safe(url)).map(str::to_string);
    if text("issuer") != Some(&*provider.issuer) {
        return Err(unproven(provider, "it publishes another issuer than the settings name"));
    }
    let missing = |name: &str| unproven(provider, &format!("no safe address as {name}"));
    let needed = |name: &str| address(name).ok_or_else(|| missing(name));
    let ways = told.get("token_endpoint_auth_methods_supported").and_then(Json::as_array);
    Ok(Arc::new(Metadata {
        authorization_endpoint: needed("authorization_endpoint")?,
        token_endpoint: needed("token_endpoint")?,
        userinfo_endpoint: address("userinfo_endpoint"),
        jwks_uri: needed("jwks_uri")?,
        takes_basic: ways.is_none_or(|ways| ways.iter().any(|way| way == "client_secret_basic")),
        names_itself: told.get("authorization_response_iss_parameter_supported")
            == Some(&Json::Bool(true)),
    }))
}

/// The keys that may have signed something under this id. Asked for again where the id is new: a
/// provider changes its keys.
pub fn keys(
    provider: &Provider,
    metadata: &Metadata,
    kid: Option<&str>,
    now: i64,
) -> Told<Vec<Jwk>> {
    let fits = |keys: &[Jwk]| -> Vec<Jwk> {
        let named = |key: &&Jwk| kid.is_none() || key.common.key_id.as_deref() == kid;
        keys.iter().filter(named).cloned().collect()
    };
    if let Some((keys, at)) = provider.known.read().keys {
        let found = fits(&keys);
        let is_fresh = now - at < FRESH && !found.is_empty();
        // A token may name any key: that is no reason to ask at each.
        if is_fresh || now - at < PAUSE {
            return Ok(found);
        }
    }
    let told = object(provider, &Ask { url: &metadata.jwks_uri, ..Ask::default() }, now)?;
    let all = told.get("keys").and_then(Json::as_array).into_iter().flatten();
    // Keys of a kind that is not known here are left out, not a reason to refuse all.
    let read = all.filter_map(|key| serde_json::from_value(key.clone()).ok());
    let read: Arc<Vec<Jwk>> = Arc::new(read.collect());
    provider.known.change(|cache| cache.keys = Some((read.clone(), now)));
    Ok(fits(&read))
}

/// The object that a provider answers with. Whoever finds too many waiting, or a silence of just
/// now, does not wait as well.
pub fn object(provider: &Provider, ask: &Ask, now: i64) -> Told<Map<String, Json>> {
    let name = provider.policy.name.as_str();
    let waiting = provider.known.patience.wait(now).ok_or(Turned::Unreachable)?;
    let reply = provider.outside.ask(ask).map_err(|why| {
        waiting.in_vain(now);
        tracing::warn!(provider = name, url = ask.url, why, "the provider did not answer");
        Turned::Unreachable
    })?;
    let json: Option<Json> = serde_json::from_slice(&reply.body).ok();
    match (reply.status, json) {
        (200, Some(Json::Object(told))) => Ok(told),
        (status, told) => {
            // An error of the protocol is a code without secrets; nothing else is logged.
            let error = told.as_ref().and_then(|told| told.get("error")?.as_str()).unwrap_or("");
            let error = super::code(error);
            tracing::warn!(provider = name, url = ask.url, status, error, "an unfit answer");
            Err(if status >= 500 { Turned::Unreachable } else { Turned::Unproven })
        }
    }
}

/// Whether nobody on the way can read or change what is said there.
///
/// | address | safe |
/// | --- | --- |
/// | `https://id.example.org/token`, `http://localhost:4000/token` | yes |
/// | `http://id.example.org/token`, `javascript:x` | no |
pub fn is_safe(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if host.is_empty() || host.contains('@') {
        return false;
    }
    let name = match host.strip_prefix('[') {
        Some(inner) => inner.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    scheme == "https" || (scheme == "http" && ["localhost", "127.0.0.1", "::1"].contains(&name))
}

impl Known {
    fn read(&self) -> Cache {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn change(&self, change: impl FnOnce(&mut Cache)) {
        change(&mut self.cache.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

#[cfg(test)]
mod tests {
    use super::is_safe;

    #[test]
    fn only_encrypted_ways_and_this_machine_are_safe() {
        for url in
            ["https://a.example/x", "http://localhost:1/x", "http://[::1]:1", "http://127.0.0.1"]
        {
            assert!(is_safe(url), "{url}");
        }
        for url in [
            "http://a.example",
            "http://localhost.a.example",
            "http://localhost@a.example",
            "ftp://localhost",
            "javascript:alert(1)",
            "https://",
            "",
        ] {
            assert!(!is_safe(url), "{url}");
        }
    }
}
