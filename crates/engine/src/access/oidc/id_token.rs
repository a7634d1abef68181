//! An ID token is believed after all checks of OpenID Connect Core, section 3.1.3.7: signed by a
//! key of the provider, by the issuer of the settings, for us, not expired, not from the future,
//! and for the very login that began in this browser. The time is that of the world.

use super::super::sign_on::Provider;
use super::super::turned::Turned;
use super::discovery::{self, Metadata};
use super::{signature, unproven};
use jsonwebtoken::jwk::{Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation};
use serde_json::{Map, Value as Json};

/// How far the clocks of two houses may differ, in seconds.
const APART: i64 = 60;
/// How old a token may be that was made for a login of this moment, in seconds.
const OLDEST: i64 = 600;
/// Longer than any token with a person's groups.
const LONGEST: usize = 64 * 1024;

type Claims = Map<String, Json>;

/// The claims of a token that was checked.
pub fn claims(
    provider: &Provider,
    metadata: &Metadata,
    token: &str,
    nonce: &str,
    now: i64,
) -> Result<Claims, Turned> {
    let refuse = |why: &str| unproven(provider, why);
    if token.len() > LONGEST {
        return Err(refuse("the ID token is too long"));
    }
    signature::use_ring();
    let header = jsonwebtoken::decode_header(token).map_err(|_| refuse("no ID token"))?;
    // Never "none", and no algorithm whose key would be a secret.
    if !signature::ALGORITHMS.contains(&header.alg) {
        return Err(refuse("the ID token is signed in a way that is not taken"));
    }
    let keys = discovery::keys(provider, metadata, header.kid.as_deref(), now)?;
    let signed = keys.iter().filter(|key| may_sign(key, &header));
    let mut read = signed.filter_map(|key| checked(provider, key, header.alg, token));
    let claims = read.next().ok_or_else(|| {
        refuse("the ID token is not signed by a key of the provider, or not for this client")
    })?;
    match slip(provider, &claims, nonce, now / 1_000_000) {
        Some(why) => Err(refuse(why)),
        None => Ok(claims),
    }
}

fn may_sign(key: &Jwk, header: &Header) -> bool {
    let common = &key.common;
    let for_signing = common.public_key_use.as_ref().is_none_or(|u| *u == PublicKeyUse::Signature);
    let named = common.key_algorithm.map(|named| named.to_string().parse::<Algorithm>());
    for_signing && named.is_none_or(|named| named.is_ok_and(|named| named == header.alg))
}

/// The claims where signature, issuer and audience are right.
fn checked(provider: &Provider, key: &Jwk, algorithm: Algorithm, token: &str) -> Option<Claims> {
    let key = DecodingKey::from_jwk(key).ok()?;
    let mut validation = Validation::new(algorithm);
    validation.set_audience(&[&provider.client_id]);
    validation.set_issuer(&[&provider.issuer]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    // The library would look at the clock of the machine.
    validation.validate_exp = false;
    validation.validate_nbf = false;
    Some(jsonwebtoken::decode::<Claims>(token, &key, &validation).ok()?.claims)
}

/// What is wrong with the claims, of which the library does not judge. Seconds.
fn slip(provider: &Provider, claims: &Claims, nonce: &str, now: i64) -> Option<&'static str> {
    let text = |name: &str| claims.get(name).and_then(Json::as_str);
    let second = |name: &str| {
        let value = claims.get(name)?;
        value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds.floor() as i64))
    };
    let audiences = claims.get("aud").and_then(Json::as_array).map_or(1, Vec::len);
    let party = claims.get("azp");
    let subject = text("sub").unwrap_or_default();
    if text("iss") != Some(&*provider.issuer) {
        return Some("the ID token is of another issuer");
    }
    if party.map_or(audiences > 1, |party| party.as_str() != Some(&*provider.client_id)) {
        return Some("the ID token was made for another client");
    }
    if !(1..=255).contains(&subject.len()) {
        return Some("the ID token names nobody");
    }
    if second("exp").is_none_or(|exp| exp <= now - APART) {
        return Some("the ID token has expired");
    }
    if second("nbf").is_some_and(|from| from > now + APART) {
        return Some("the ID token does not count yet");
    }
    if second("iat").is_none_or(|at| at > now + APART || at < now - OLDEST) {
        return Some("the ID token was not made just now; look at the clocks of both machines");
    }
    if text("nonce") != Some(nonce) {
        return Some("the ID token belongs to another login");
    }
    None
}
