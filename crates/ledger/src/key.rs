//! Ed25519 keys with names, as C2SP signed-note has them: the signer, made from a seed that the
//! caller keeps, and the verifying key with its text form. How a note is built is `note`.
//!
//! The key id is the first 4 bytes of SHA-256(name || 0x0A || 0x01 || public key) (C2SP
//! signed-note, "Signatures"). The text form is `name+id+material`: the id as 8 lower-case
//! hexadecimal digits, the material as base64 of 0x01 and the public key.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey};
use sha2::{Digest, Sha256};

/// The signature type of Ed25519 (C2SP signed-note, "Signature types").
const ED25519: u8 = 1;

/// Why a key is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// The name is empty or holds a space, a control character or `+`.
    Name,
    /// The text is not `name+id+material` of an Ed25519 key.
    Form,
    /// The id is not that of the name and the public key.
    Id,
}

impl fmt::Display for KeyError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            KeyError::Name => "the key name is empty or holds a space or a plus sign",
            KeyError::Form => "the text is not a verifying key of the form name+id+base64",
            KeyError::Id => "the key id does not belong to the name and the public key",
        })
    }
}

impl std::error::Error for KeyError {}

/// A public key with its name: what an auditor is given once, by another way than the export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyingKey {
    name: String,
    id: [u8; 4],
    key: ed25519_dalek::VerifyingKey,
}

impl VerifyingKey {
    /// Reads the text form; see the comment of this file.
    pub fn parse(text: &str) -> Result<VerifyingKey, KeyError> {
        // A name holds no plus sign, but base64 may: the first two divide.
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(material)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(KeyError::Form);
        };
        let bytes = STANDARD.decode(material).map_err(|_| KeyError::Form)?;
        let public = bytes.strip_prefix(&[ED25519]).ok_or(KeyError::Form)?;
        let public = public.try_into().map_err(|_| KeyError::Form)?;
        let key = ed25519_dalek::VerifyingKey::from_bytes(public).map_err(|_| KeyError::Form)?;
        let found = VerifyingKey::named(name, key)?;
        if hex::encode(found.id) == id { Ok(found) } else { Err(KeyError::Id) }
    }

    fn named(name: &str, key: ed25519_dalek::VerifyingKey) -> Result<VerifyingKey, KeyError> {
        if !is_key_name(name) {
            return Err(KeyError::Name);
        }
        Ok(VerifyingKey { name: name.to_string(), id: key_id(name, &key), key })
    }

    /// The name of the key.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The 4 bytes that stand before each signature.
    pub fn id(&self) -> [u8; 4] {
        self.id
    }

    /// True if `signature` is this key's over `text`. Keys and signatures that Ed25519 lets pass
    /// for more than one text are refused.
    pub fn accepts(&self, text: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature)
            .is_ok_and(|signature| self.key.verify_strict(text, &signature).is_ok())
    }
}

impl fmt::Display for VerifyingKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let material = [&[ED25519][..], self.key.as_bytes()].concat();
        write!(out, "{}+{}+{}", self.name, hex::encode(self.id), STANDARD.encode(material))
    }
}

/// A secret key with its name. It shows nothing of the secret in its debug form.
pub struct Signer {
    public: VerifyingKey,
    secret: SigningKey,
}

impl Signer {
    /// A signer from the 32 bytes of an Ed25519 seed (RFC 8032 section 5.1.5).
    pub fn new(name: &str, seed: &[u8; 32]) -> Result<Signer, KeyError> {
        let secret = SigningKey::from_bytes(seed);
        Ok(Signer { public: VerifyingKey::named(name, secret.verifying_key())?, secret })
    }

    /// The key with which others verify.
    pub fn verifying_key(&self) -> &VerifyingKey {
        &self.public
    }

    /// The signature over `text`: 64 bytes, the same each time (RFC 8032 section 5.1.6).
    pub fn sign(&self, text: &[u8]) -> [u8; 64] {
        self.secret.sign(text).to_bytes()
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Signer({})", self.public)
    }
}

/// True if `name` may name a key: not empty, no space, no control character, no plus sign.
pub fn is_key_name(name: &str) -> bool {
    let bad = |letter: char| letter.is_whitespace() || letter.is_control() || letter == '+';
    !name.is_empty() && !name.chars().any(bad)
}

fn key_id(name: &str, key: &ed25519_dalek::VerifyingKey) -> [u8; 4] {
    let digest = Sha256::new()
        .chain_update(name)
        .chain_update([b'\n', ED25519])
        .chain_update(key.as_bytes())
        .finalize();
    [digest[0], digest[1], digest[2], digest[3]]
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    // The key of the example of golang.org/x/mod/sumdb/note, the reference implementation.
    const PETER: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    // A key whose base64 holds a plus sign (transparency-dev/formats).
    const PLUS: &str = "TEST+7997405c+AQcC+FTVKf0jlTdHDY3rbevmnKxxPjigCXlVtGe6RIr6";

    #[test]
    fn published_keys_return() {
        for text in [PETER, PLUS] {
            assert_eq!(VerifyingKey::parse(text).unwrap().to_string(), text);
        }
        let peter = VerifyingKey::parse(PETER).unwrap();
        assert_eq!(peter.name(), "PeterNeumann");
        assert_eq!(peter.id(), [0xc7, 0x4f, 0x20, 0xa3]);
    }

    #[test]
    fn the_seed_gives_the_published_key() {
        // The published form of a secret key has the type byte before the seed.
        let secret = STANDARD.decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz").unwrap();
        let seed: [u8; 32] = secret[1..].try_into().unwrap();
        let signer = Signer::new("PeterNeumann", &seed).unwrap();
        assert_eq!(signer.verifying_key().to_string(), PETER);
        assert_eq!(format!("{signer:?}"), format!("Signer({PETER})"));
    }

    #[test]
    fn damaged_keys_are_refused() {
        for at in 0..PETER.len() {
            assert!(VerifyingKey::parse(&PETER[..at]).is_err(), "cut at {at}");
            let mut bytes = PETER.as_bytes().to_vec();
            bytes[at] ^= 1;
            let flipped = String::from_utf8(bytes).unwrap();
            assert!(VerifyingKey::parse(&flipped).is_err(), "{flipped}");
        }
        assert_eq!(VerifyingKey::parse(&PETER.replace("c7", "C7")), Err(KeyError::Id));
        let cosigner = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2";
        assert_eq!(VerifyingKey::parse(cosigner), Err(KeyError::Form));
    }

    #[test]
    fn names() {
        for good in ["example.com/log", "记录", "a"] {
            assert!(is_key_name(good), "{good}");
        }
        for bad in ["", "a b", "a+b", "a\u{a0}b", "a\tb", "a\nb"] {
            assert!(Signer::new(bad, &[0; 32]).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn signatures() {
        let signer = Signer::new("a", &[1; 32]).unwrap();
        let (key, signature) = (signer.verifying_key(), signer.sign(b"text"));
        assert!(key.accepts(b"text", &signature));
        assert!(!key.accepts(b"texu", &signature));
        assert!(!key.accepts(b"text", &signature[1..]));
        for at in 0..64 {
            let mut wrong = signature;
            wrong[at] ^= 0x10;
            assert!(!key.accepts(b"text", &wrong), "byte {at}");
        }
    }
}
