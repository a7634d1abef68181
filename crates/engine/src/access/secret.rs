//! Secrets that have to be read again (those of code apps) are sealed before the database keeps
//! them: ChaCha20-Poly1305, under a key that the binary hands in and that is in no backup of the
//! database. What a secret is for is sealed with it, so that one cannot be put in another's place.

use crate::engine::Engine;
use crate::refusal::{Error, Result};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

impl Engine {
    /// The secret as it may be kept.
    pub(super) fn seal(&self, what_for: &str, secret: &[u8]) -> Result<Vec<u8>> {
        let mut nonce = [0; NONCE_LEN];
        self.world().random(&mut nonce);
        let mut sealed = secret.to_vec();
        let (key, aad) = (self.key()?, Aad::from(what_for.as_bytes()));
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), aad, &mut sealed)
            .map_err(|_| Error::Fault("a secret cannot be sealed".into()))?;
        Ok([&nonce[..], &sealed].concat())
    }

    /// The secret that was sealed for this; none where the key is another one.
    pub(super) fn unseal(&self, what_for: &str, sealed: &[u8]) -> Result<Option<Vec<u8>>> {
        let key = self.key()?;
        let Some((nonce, rest)) = sealed.split_first_chunk::<NONCE_LEN>() else {
            return Ok(None);
        };
        let (nonce, mut rest) = (Nonce::assume_unique_for_key(*nonce), rest.to_vec());
        let opened = key.open_in_place(nonce, Aad::from(what_for.as_bytes()), &mut rest);
        Ok(opened.ok().map(|secret| secret.to_vec()))
    }

    fn key(&self) -> Result<LessSafeKey> {
        let missing = || Error::Fault("no key to seal secrets with".into());
        let key = self.secret_key().ok_or_else(missing)?;
        Ok(LessSafeKey::new(UnboundKey::new(&CHACHA20_POLY1305, key).map_err(|_| missing())?))
    }
}
