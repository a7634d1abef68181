//! Signatures of tokens are checked by `ring`, the one provider of cryptography, on behalf of the
//! library that reads tokens. Nothing is signed here.

use jsonwebtoken::crypto::{CryptoProvider, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{ErrorKind, Result};
use jsonwebtoken::{Algorithm, DecodingKey, DecodingKeyKind};
use ring::signature::{
    self, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm,
};

/// How a token may be signed: with a key of which we know the public half only.
pub const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];

/// Lets the library check signatures; the first call of the process counts.
pub fn use_ring() {
    let _ = PROVIDER.install_default();
}

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |_, _| Err(ErrorKind::InvalidAlgorithm.into()),
    verifier_factory: verifier,
    key_utils: KeyUtils::new_unimplemented(),
};

fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    let way = way(*algorithm).ok_or(ErrorKind::InvalidAlgorithm)?;
    Ok(Box::new(Verifier { algorithm: *algorithm, way, key: key.kind().clone() }))
}

/// What ring calls an algorithm.
enum Way {
    Rsa(&'static RsaParameters),
    Other(&'static dyn VerificationAlgorithm),
}

fn way(algorithm: Algorithm) -> Option<Way> {
    Some(match algorithm {
        Algorithm::RS256 => Way::Rsa(&signature::RSA_PKCS1_2048_8192_SHA256),
        Algorithm::RS384 => Way::Rsa(&signature::RSA_PKCS1_2048_8192_SHA384),
        Algorithm::RS512 => Way::Rsa(&signature::RSA_PKCS1_2048_8192_SHA512),
        Algorithm::PS256 => Way::Rsa(&signature::RSA_PSS_2048_8192_SHA256),
        Algorithm::PS384 => Way::Rsa(&signature::RSA_PSS_2048_8192_SHA384),
        Algorithm::PS512 => Way::Rsa(&signature::RSA_PSS_2048_8192_SHA512),
        Algorithm::ES256 => Way::Other(&signature::ECDSA_P256_SHA256_FIXED),
        Algorithm::ES384 => Way::Other(&signature::ECDSA_P384_SHA384_FIXED),
        Algorithm::EdDSA => Way::Other(&signature::ED25519),
        _ => return None,
    })
}

struct Verifier {
    algorithm: Algorithm,
    way: Way,
    key: DecodingKeyKind,
}

impl JwtVerifier for Verifier {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

impl ::signature::Verifier<Vec<u8>> for Verifier {
    fn verify(
        &self,
        message: &[u8],
        given: &Vec<u8>,
    ) -> std::result::Result<(), ::signature::Error> {
        let checked = match (&self.way, &self.key) {
            (Way::Rsa(way), DecodingKeyKind::RsaModulusExponent { n, e }) => {
                RsaPublicKeyComponents { n, e }.verify(way, message, given)
            }
            (Way::Other(way), DecodingKeyKind::SecretOrDer(key)) => {
                UnparsedPublicKey::new(*way, key).verify(message, given)
            }
            _ => Err(ring::error::Unspecified),
        };
        checked.map_err(|_| ::signature::Error::new())
    }
}
