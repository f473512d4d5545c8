//! How a client proves who it is: a secret, or a key of its own (RFC 7523, `private_key_jwt`).

use std::fmt;

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _,
};
use chrono::Utc;
use data_encoding::{BASE64, BASE64URL_NOPAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::ClientError;

/// Life of one assertion in seconds. The server accepts at most 60.
const ASSERTION_LIFE: i64 = 50;

/// A client id with its proof.
#[derive(Debug)]
pub struct Credentials {
    /// TypeID of the client (`client_…`).
    pub client_id: String,
    /// What proves it.
    pub proof: Proof,
}

/// What proves a client id.
#[derive(Debug)]
pub enum Proof {
    /// `client_secret_basic` (RFC 6749 §2.3.1).
    Secret(SecretString),
    /// `private_key_jwt` with EdDSA or ES256.
    Key(SigningKey),
    /// Nothing: for what is told to everybody.
    Nothing,
}

impl Credentials {
    /// A client id with the secret that was shown when it was registered.
    pub fn secret(client_id: impl Into<String>, secret: impl Into<String>) -> Self {
        Self {
            client_id: client_id.into(),
            proof: Proof::Secret(SecretString::from(secret.into())),
        }
    }

    /// A client id with its own key.
    pub fn key(client_id: impl Into<String>, key: SigningKey) -> Self {
        Self {
            client_id: client_id.into(),
            proof: Proof::Key(key),
        }
    }

    /// Nobody: calls go without a token.
    pub fn nobody() -> Self {
        Self {
            client_id: String::new(),
            proof: Proof::Nothing,
        }
    }

    /// The value of `Authorization` for `client_secret_basic`: both halves are form-encoded first (RFC 6749 §2.3.1).
    pub(crate) fn basic(&self, secret: &SecretString) -> String {
        let encode =
            |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let pair = format!(
            "{}:{}",
            encode(&self.client_id),
            encode(secret.expose_secret())
        );
        format!("Basic {}", BASE64.encode(pair.as_bytes()))
    }
}

/// A private key that signs assertions.
pub struct SigningKey {
    algorithm: Algorithm,
    key: EncodingKey,
    kid: String,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("algorithm", &self.algorithm)
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}

#[derive(Serialize)]
struct Assertion<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    iat: i64,
    exp: i64,
    jti: String,
}

impl SigningKey {
    /// Reads an unencrypted PKCS#8 private key, Ed25519 or P-256.
    ///
    /// # Errors
    /// [`ClientError::Credentials`] naming the accepted forms.
    pub fn from_pem(pem: &str) -> Result<Self, ClientError> {
        let refuse = || {
            ClientError::Credentials(
                "the key file holds an unencrypted PKCS#8 private key (BEGIN PRIVATE KEY), Ed25519 or P-256; \
                 make one with: openssl genpkey -algorithm ed25519 -out client-key.pem"
                    .into(),
            )
        };
        let der = pem_body(pem, "PRIVATE KEY").ok_or_else(refuse)?;
        if let Ok(pair) = Ed25519KeyPair::from_pkcs8(&der) {
            let public = ed25519_jwk(pair.public_key().as_ref());
            return Ok(Self {
                algorithm: Algorithm::EdDSA,
                key: EncodingKey::from_ed_pem(pem.as_bytes()).map_err(|_| refuse())?,
                kid: public.kid,
            });
        }
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der)
            .map_err(|_| refuse())?;
        let public = p256_jwk(pair.public_key().as_ref()).ok_or_else(refuse)?;
        Ok(Self {
            algorithm: Algorithm::ES256,
            key: EncodingKey::from_ec_pem(pem.as_bytes()).map_err(|_| refuse())?,
            kid: public.kid,
        })
    }

    /// A fresh assertion for one token call.
    pub(crate) fn assertion(&self, client_id: &str, issuer: &str) -> Result<String, ClientError> {
        let now = Utc::now().timestamp();
        let mut header = Header::new(self.algorithm);
        header.typ = Some("client-authentication+jwt".into());
        header.kid = Some(self.kid.clone());
        let claims = Assertion {
            iss: client_id,
            sub: client_id,
            aud: issuer,
            iat: now,
            exp: now + ASSERTION_LIFE,
            jti: uuid::Uuid::now_v7().to_string(),
        };
        jsonwebtoken::encode(&header, &claims, &self.key)
            .map_err(|e| ClientError::Credentials(format!("the key cannot sign: {e}")))
    }
}

/// A public key as the registry takes it (RFC 7517), named by its thumbprint (RFC 7638).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PublicJwk {
    kty: &'static str,
    crv: &'static str,
    x: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    y: Option<String>,
    alg: &'static str,
    #[serde(rename = "use")]
    usage: &'static str,
    kid: String,
}

/// The JWK of a public key in PEM (`BEGIN PUBLIC KEY`), Ed25519 or P-256.
///
/// # Errors
/// [`ClientError::Credentials`] naming the accepted forms; a private key is refused, because it must not leave its owner.
pub fn public_jwk(pem: &str) -> Result<PublicJwk, ClientError> {
    // SubjectPublicKeyInfo of these two key types has a fixed head (RFC 8410 §4, RFC 5480 §2).
    const ED25519: &[u8] = &[
        0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
    ];
    const P256: &[u8] = &[
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08,
        0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
    ];
    let refuse = || {
        ClientError::Credentials(
            "a public key is given in PEM (BEGIN PUBLIC KEY), Ed25519 or P-256; \
             make it with: openssl pkey -in client-key.pem -pubout -out client-public.pem"
                .into(),
        )
    };
    let der = pem_body(pem, "PUBLIC KEY").ok_or_else(refuse)?;
    if let Some(point) = der.strip_prefix(ED25519)
        && point.len() == 32
    {
        return Ok(ed25519_jwk(point));
    }
    der.strip_prefix(P256).and_then(p256_jwk).ok_or_else(refuse)
}

fn ed25519_jwk(point: &[u8]) -> PublicJwk {
    let x = BASE64URL_NOPAD.encode(point);
    let kid = thumbprint(&format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#));
    PublicJwk {
        kty: "OKP",
        crv: "Ed25519",
        x,
        y: None,
        alg: "EdDSA",
        usage: "sig",
        kid,
    }
}

/// From an uncompressed point: `04 ‖ x ‖ y`.
fn p256_jwk(point: &[u8]) -> Option<PublicJwk> {
    let coordinates = point.strip_prefix(&[4])?;
    let (x, y) = (coordinates.get(..32)?, coordinates.get(32..64)?);
    let (x, y) = (BASE64URL_NOPAD.encode(x), BASE64URL_NOPAD.encode(y));
    let kid = thumbprint(&format!(
        r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#
    ));
    Some(PublicJwk {
        kty: "EC",
        crv: "P-256",
        x,
        y: Some(y),
        alg: "ES256",
        usage: "sig",
        kid,
    })
}

fn thumbprint(canonical: &str) -> String {
    BASE64URL_NOPAD.encode(&Sha256::digest(canonical.as_bytes()))
}

fn pem_body(pem: &str, label: &str) -> Option<Vec<u8>> {
    let begin = format!("-----BEGIN {label}-----");
    let end = format!("-----END {label}-----");
    let (_, rest) = pem.split_once(&begin)?;
    let (body, _) = rest.split_once(&end)?;
    let packed: String = body.split_ascii_whitespace().collect();
    BASE64.decode(packed.as_bytes()).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn pem(label: &str, der: &[u8]) -> String {
        format!(
            "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
            BASE64.encode(der)
        )
    }

    #[test]
    fn thumbprint_of_rfc_8037_a_3() {
        let point = BASE64URL_NOPAD
            .decode(b"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
            .unwrap();
        assert_eq!(
            ed25519_jwk(&point).kid,
            "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
        );
    }

    #[test]
    fn both_key_types_sign_and_name_themselves_alike_from_either_half() {
        let rng = aws_lc_rs::rand::SystemRandom::new();
        let ed = Ed25519KeyPair::generate_pkcs8v1(&rng).unwrap();
        let ec = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &rng).unwrap();
        for (der, alg) in [(ed.as_ref(), "EdDSA"), (ec.as_ref(), "ES256")] {
            let key = SigningKey::from_pem(&pem("PRIVATE KEY", der)).unwrap();
            let token = key
                .assertion("client_x", "https://exchange.example")
                .unwrap();
            let part = |n: usize| -> serde_json::Value {
                let text = token.split('.').nth(n).unwrap();
                serde_json::from_slice(&BASE64URL_NOPAD.decode(text.as_bytes()).unwrap()).unwrap()
            };
            assert_eq!(part(0)["alg"], alg);
            assert_eq!(part(0)["typ"], "client-authentication+jwt");
            assert_eq!(part(0)["kid"], key.kid);
            assert_eq!(part(1)["aud"], "https://exchange.example");
            assert_eq!(part(1)["iss"], part(1)["sub"]);
            let life = part(1)["exp"].as_i64().unwrap() - part(1)["iat"].as_i64().unwrap();
            assert!(life <= 60);
        }
    }

    #[test]
    fn a_private_key_is_not_taken_for_a_public_one() {
        let rng = aws_lc_rs::rand::SystemRandom::new();
        let ed = Ed25519KeyPair::generate_pkcs8v1(&rng).unwrap();
        assert!(public_jwk(&pem("PRIVATE KEY", ed.as_ref())).is_err());
        assert!(SigningKey::from_pem("nonsense").is_err());
    }

    #[test]
    fn a_public_key_becomes_a_jwk() {
        let text = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n";
        let jwk = public_jwk(text).unwrap();
        assert_eq!(jwk.kid, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        assert_eq!(jwk.crv, "Ed25519");
    }

    #[test]
    fn nothing_secret_is_printed() {
        let shown = format!("{:?}", Credentials::secret("client_x", "hunter2"));
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}
