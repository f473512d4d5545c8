//! What a webhook is signed with: a secret for HMAC-SHA256 (`v1`) and a key for Ed25519 (`v1a`).

use std::fmt;

use aws_lc_rs::hmac;
use data_encoding::BASE64;
use zeroize::Zeroizing;

use crate::ed25519::{KeyPair, SEED_LENGTH};

/// Bytes of a secret; Standard Webhooks asks for 24 to 64.
const SECRET_LENGTH: usize = 32;
/// Bytes of both together, as [`Keys::from_bytes`] reads them.
pub const SEALED_LENGTH: usize = SECRET_LENGTH + SEED_LENGTH;

/// These bytes are no keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("these bytes are no keys of a webhook")]
pub struct KeysError;

/// One generation of a webhook's keys: both kinds come and go together.
pub struct Keys {
    secret: Zeroizing<[u8; SECRET_LENGTH]>,
    pair: KeyPair,
}

impl Keys {
    /// The keys in these bytes: the secret, then the seed of the Ed25519 key. New ones are made of random bytes.
    ///
    /// # Errors
    /// [`KeysError`] when there are more or fewer, or when the seed gives no key that one may use.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, KeysError> {
        let (secret, seed) = bytes.split_at_checked(SECRET_LENGTH).ok_or(KeysError)?;
        let secret = secret.try_into().map_err(|_| KeysError)?;
        Ok(Self {
            secret: Zeroizing::new(secret),
            pair: KeyPair::from_seed(seed).map_err(|_| KeysError)?,
        })
    }

    /// The secret as it is shown once: `whsec_…`.
    #[must_use]
    pub fn secret(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("whsec_{}", BASE64.encode(self.secret.as_ref())))
    }

    /// The public key: `whpk_…`.
    #[must_use]
    pub fn public(&self) -> String {
        format!("whpk_{}", BASE64.encode(self.pair.public().as_bytes()))
    }

    fn sign(&self, signed: &[u8]) -> [String; 2] {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.secret.as_ref());
        let tag = hmac::sign(&key, signed);
        [
            format!("v1,{}", BASE64.encode(tag.as_ref())),
            format!("v1a,{}", BASE64.encode(&self.pair.sign(signed))),
        ]
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keys({})", self.public())
    }
}

/// The header `webhook-signature`: a message signed with every key there is, separated by spaces. `timestamp` is when the
/// attempt is made, in seconds since 1970.
#[must_use]
pub fn signatures(keys: &[Keys], id: &str, timestamp: i64, body: &str) -> String {
    let signed = format!("{id}.{timestamp}.{body}");
    let each: Vec<[String; 2]> = keys
        .iter()
        .map(|keys| keys.sign(signed.as_bytes()))
        .collect();
    each.concat().join(" ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::ed25519::PublicKey;

    fn keys(fill: u8) -> Keys {
        Keys::from_bytes(&[fill; SEALED_LENGTH]).unwrap()
    }

    /// The example of the reference libraries, whose secret has 24 bytes.
    #[test]
    fn the_vector_of_the_reference_libraries() {
        let secret = BASE64.decode(b"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signed = "msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{\"test\": 2432232314}";
        let tag = hmac::sign(
            &hmac::Key::new(hmac::HMAC_SHA256, &secret),
            signed.as_bytes(),
        );
        let expected = "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(BASE64.encode(tag.as_ref()), expected);
    }

    #[test]
    fn each_key_signs_the_same_in_both_ways() {
        let both = [keys(1), keys(2)];
        let header = signatures(&both, "evt_1", 1_700_000_000, "{}");
        let parts: Vec<(&str, &str)> = header
            .split(' ')
            .map(|part| part.split_once(',').unwrap())
            .collect();
        let kinds: Vec<&str> = parts.iter().map(|(kind, _)| *kind).collect();
        assert_eq!(kinds, ["v1", "v1a", "v1", "v1a"]);
        let signed = b"evt_1.1700000000.{}";
        for (number, keys) in both.iter().enumerate() {
            let tag = BASE64.decode(parts[2 * number].1.as_bytes()).unwrap();
            let secret = keys.secret();
            let secret = BASE64.decode(&secret.as_bytes()["whsec_".len()..]).unwrap();
            hmac::verify(&hmac::Key::new(hmac::HMAC_SHA256, &secret), signed, &tag).unwrap();
            let public = keys.public();
            let public = BASE64.decode(&public.as_bytes()["whpk_".len()..]).unwrap();
            let signature = BASE64.decode(parts[2 * number + 1].1.as_bytes()).unwrap();
            assert!(
                PublicKey::new(&public)
                    .unwrap()
                    .verifies(signed, &signature)
            );
        }
    }

    #[test]
    fn what_is_shown_of_them_is_no_secret() {
        let keys = keys(7);
        assert!(!format!("{keys:?}").contains(&keys.secret()["whsec_".len()..]));
        assert_eq!(Keys::from_bytes(&[1; 63]).unwrap_err(), KeysError);
        assert_eq!(Keys::from_bytes(&[1; 31]).unwrap_err(), KeysError);
        assert_eq!(Keys::from_bytes(&[1; 65]).unwrap_err(), KeysError);
    }
}
