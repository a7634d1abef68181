//! What a passkey says, checked (WebAuthn level 3, sections 7.1 and 7.2): pure, over bytes. The
//! key comes as the browser gives it (SubjectPublicKeyInfo). No attestation is asked for, so
//! nothing but the browser vouches for a new key, and its other form, in the authenticator's data,
//! would say no more.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey,
    VerificationAlgorithm,
};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

/// Algorithms that are taken, by their COSE numbers: ES256, EdDSA, RS256.
pub const ALGORITHMS: [i64; 3] = [-7, -8, -257];

/// Who asks: the host that passkeys are bound to, and the address that pages are at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelyingParty {
    pub id: String,
    /// Scheme, host, port.
    pub origin: String,
}

/// What a browser answers.
#[derive(Debug, Default)]
pub struct Answer {
    pub id: Vec<u8>,
    client: Vec<u8>,
    data: Vec<u8>,
    pub key: Vec<u8>,
    signature: Vec<u8>,
    pub algorithm: i64,
}

impl Answer {
    /// Reads the JSON of our script: bytes as base64url.
    pub fn parse(text: &str) -> Option<Answer> {
        let json: Json = serde_json::from_str(text).ok()?;
        let bytes = |name: &str| match json.get(name) {
            Some(Json::String(text)) => URL_SAFE_NO_PAD.decode(text).ok(),
            _ => Some(Vec::new()),
        };
        Some(Answer {
            id: bytes("id")?,
            client: bytes("client")?,
            data: bytes("data")?,
            key: bytes("key")?,
            signature: bytes("signature")?,
            algorithm: json.get("algorithm").and_then(Json::as_i64).unwrap_or(0),
        })
    }

    /// The challenge that it answers, not yet checked.
    pub fn challenge(&self) -> Option<String> {
        let json: Json = serde_json::from_slice(&self.client).ok()?;
        json.get("challenge")?.as_str().map(str::to_string)
    }

    /// What a new passkey says must hold: it is of this house, the person was there and known to
    /// the device, the key is one that can be used. Answers its counter.
    pub fn new_key(&self, of: &RelyingParty) -> Option<u32> {
        self.demand_client("webauthn.create", of)?;
        let counter = self.demand_data(of)?;
        let attested = self.data.get(37..).filter(|_| self.data[32] & 0x40 != 0)?;
        let length = attested.get(16..18)?;
        let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
        let is_named = attested.get(18..18 + length)? == self.id && !self.id.is_empty();
        let is_usable = key_of(self.algorithm, &self.key).is_some();
        (is_named && is_usable).then_some(counter)
    }

    /// What a passkey that is known says must hold, under its key. Answers its counter, which must
    /// have moved where the device counts at all.
    pub fn proves(&self, of: &RelyingParty, algorithm: i64, key: &[u8], last: u32) -> Option<u32> {
        self.demand_client("webauthn.get", of)?;
        let counter = self.demand_data(of)?;
        let (verifier, key) = key_of(algorithm, key)?;
        let signed = [&self.data[..], &Sha256::digest(&self.client)].concat();
        UnparsedPublicKey::new(verifier, key).verify(&signed, &self.signature).ok()?;
        (counter > last || (counter == 0 && last == 0)).then_some(counter)
    }

    fn demand_client(&self, kind: &str, of: &RelyingParty) -> Option<()> {
        let json: Json = serde_json::from_slice(&self.client).ok()?;
        let is = |name: &str, text: &str| json.get(name).and_then(Json::as_str) == Some(text);
        let crosses = json.get("crossOrigin").and_then(Json::as_bool) == Some(true);
        (is("type", kind) && is("origin", &of.origin) && !crosses).then_some(())
    }

    /// Bound to this house, the person present and verified; the counter.
    fn demand_data(&self, of: &RelyingParty) -> Option<u32> {
        let head: &[u8; 37] = self.data.first_chunk()?;
        let is_ours = head[..32] == *Sha256::digest(of.id.as_bytes());
        let counter = u32::from_be_bytes([head[33], head[34], head[35], head[36]]);
        (is_ours && head[32] & 0x05 == 0x05).then_some(counter)
    }
}

/// The bare key within a SubjectPublicKeyInfo (RFC 5280), and what verifies under it.
fn key_of(algorithm: i64, info: &[u8]) -> Option<(&'static dyn VerificationAlgorithm, &[u8])> {
    const P256: &[u8] = b"\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\
        \xce\x3d\x03\x01\x07\x03\x42\x00";
    const ED25519_HEAD: &[u8] = b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00";
    const RSA: &[u8] = b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00\x03\x82";
    match algorithm {
        -7 => {
            let key = info.strip_prefix(P256).filter(|key| key.len() == 65)?;
            Some((&ECDSA_P256_SHA256_ASN1, key))
        }
        -8 => {
            let key = info.strip_prefix(ED25519_HEAD).filter(|key| key.len() == 32)?;
            Some((&ED25519, key))
        }
        // The lengths around a key of 2,048 bits and more have two bytes each.
        -257 => {
            let rest = info.get(4..)?.strip_prefix(RSA)?;
            Some((&RSA_PKCS1_2048_8192_SHA256, rest.get(3..)?))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ring::rand::SystemRandom;
    use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};

    fn us() -> RelyingParty {
        RelyingParty { id: "a.example".into(), origin: "https://a.example".into() }
    }

    fn data(id: &str, flags: u8, counter: u32) -> Vec<u8> {
        [&Sha256::digest(id)[..], &[flags], &counter.to_be_bytes()].concat()
    }

    fn client(kind: &str, origin: &str) -> Vec<u8> {
        format!(r#"{{"type":"{kind}","challenge":"abc","origin":"{origin}"}}"#).into_bytes()
    }

    #[test]
    fn only_a_true_answer_proves() {
        let random = SystemRandom::new();
        let pair = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pair.as_ref(), &random);
        let pair = pair.unwrap();
        let head = hex::decode("3059301306072a8648ce3d020106082a8648ce3d030107034200").unwrap();
        let key = [&head[..], pair.public_key().as_ref()].concat();
        let good = |client: Vec<u8>, data: Vec<u8>| {
            let signed = [&data[..], &Sha256::digest(&client)].concat();
            let signature = pair.sign(&random, &signed).unwrap().as_ref().to_vec();
            Answer { client, data, signature, ..Answer::default() }
        };
        let get = || client("webauthn.get", "https://a.example");
        for (client, data, last, counter) in [
            (get(), data("a.example", 5, 7), 6, Some(7)),
            (get(), data("a.example", 5, 0), 0, Some(0)),
            // A counter that stands still or goes back: a copy.
            (get(), data("a.example", 5, 6), 6, None),
            (get(), data("a.example", 5, 0), 6, None),
            // Bound to another house; nobody there; nobody known.
            (get(), data("b.example", 5, 7), 6, None),
            (get(), data("a.example", 4, 7), 6, None),
            (get(), data("a.example", 1, 7), 6, None),
            // Said to another page, or for another purpose.
            (client("webauthn.get", "https://b.example"), data("a.example", 5, 7), 6, None),
            (client("webauthn.create", "https://a.example"), data("a.example", 5, 7), 6, None),
        ] {
            let answer = good(client, data);
            assert_eq!(answer.proves(&us(), -7, &key, last), counter, "{answer:?}");
        }
        let mut changed = good(get(), data("a.example", 5, 7));
        changed.data[36] = 9;
        assert_eq!(changed.proves(&us(), -7, &key, 6), None);
        assert_eq!(good(get(), data("a.example", 5, 7)).proves(&us(), -8, &key, 6), None);
    }

    #[test]
    fn a_new_key_is_named_and_usable() {
        let head = hex::decode("302a300506032b6570032100").unwrap();
        let answer = |flags: u8, id: &[u8], key: &[u8]| Answer {
            id: id.to_vec(),
            client: client("webauthn.create", "https://a.example"),
            data: [&data("a.example", flags, 1)[..], &[0; 16], &[0, 2], b"id"].concat(),
            key: key.to_vec(),
            algorithm: -8,
            ..Answer::default()
        };
        let key = [&head[..], &[1; 32]].concat();
        assert_eq!(answer(0x45, b"id", &key).new_key(&us()), Some(1));
        assert_eq!(answer(0x45, b"ix", &key).new_key(&us()), None);
        assert_eq!(answer(0x05, b"id", &key).new_key(&us()), None, "nothing attested");
        assert_eq!(answer(0x45, b"id", &key[1..]).new_key(&us()), None);
        assert_eq!(answer(0x45, b"id", &key).challenge().as_deref(), Some("abc"));
    }
}
