//! Keys of a unit: Ed25519 as JWK (RFC 8037), named by their thumbprint (RFC 7638).

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Map, Value, json};

use super::claims::{domain, number, unit};
use super::{LEEWAY_SECONDS, LONGEST_SECONDS, Refused, Typ, Unverified};
use crate::{ed25519::PublicKey, history::Digest, id::AgencyId, json as strict, locator::Host};

/// So many keys stand in one set.
const MOST: usize = 64;

/// The public half of a unit's key.
#[derive(Clone, PartialEq, Eq)]
pub struct UnitKey(PublicKey);

impl UnitKey {
    /// The key with these 32 bytes, known to be sound.
    #[must_use]
    pub const fn new(public: PublicKey) -> Self {
        Self(public)
    }

    /// The key of 32 bytes as they were stored.
    ///
    /// # Errors
    /// [`Refused::Key`] for a key that is weak or none.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Refused> {
        PublicKey::new(bytes)
            .map(Self)
            .map_err(|why| Refused::Key(why.to_string()))
    }

    /// The key as a JWK has it. A private key is refused.
    ///
    /// # Errors
    /// [`Refused::Key`] says what is wrong with it and what would be right.
    pub fn from_jwk(jwk: &Map<String, Value>) -> Result<Self, Refused> {
        let refuse = |why: &str| Err(Refused::Key(why.to_owned()));
        let text = |name: &str| jwk.get(name).and_then(Value::as_str);
        let says = |name: &str, wanted: &[&str]| match jwk.get(name) {
            None => true,
            Some(Value::String(text)) => wanted.contains(&text.as_str()),
            Some(_) => false,
        };
        if ["d", "p", "q", "k"]
            .iter()
            .any(|name| jwk.contains_key(*name))
        {
            return refuse(
                "this is a private key; it is compromised now that it was sent: make a new one and give its public half",
            );
        }
        if (text("kty"), text("crv")) != (Some("OKP"), Some("Ed25519")) {
            return refuse("a unit signs with an Ed25519 key: `kty` OKP, `crv` Ed25519");
        }
        if !says("alg", &["EdDSA", "Ed25519"]) || !says("use", &["sig"]) {
            return refuse("`alg` of the key must be EdDSA and `use` must be sig");
        }
        match jwk.get("key_ops") {
            None => {}
            Some(Value::Array(ops)) if ops.len() == 1 && ops.iter().all(|op| op == "verify") => {}
            Some(_) => return refuse("`key_ops` must be [\"verify\"]"),
        }
        let Some(x) = text("x").and_then(|x| BASE64URL_NOPAD.decode(x.as_bytes()).ok()) else {
            return refuse("`x` must be the 32 bytes of the key in base64url without padding");
        };
        let key = Self::from_bytes(&x)?;
        if !says("kid", &[&key.thumbprint()]) {
            return refuse("`kid` must be the thumbprint of the key (RFC 7638); leave it out");
        }
        Ok(key)
    }

    /// The keys of a JWK Set, as a unit's own domain shows them. Keys of other kinds in it are passed over.
    ///
    /// # Errors
    /// [`Refused::Key`] when it is no such set, or a key of this kind in it cannot be used.
    pub fn from_set(text: &[u8]) -> Result<Vec<Self>, Refused> {
        let wanted = || Refused::Key("give a JWK Set: {\"keys\": [...]}".to_owned());
        let set = strict::object(text).ok_or_else(wanted)?;
        let keys = set
            .get("keys")
            .and_then(Value::as_array)
            .ok_or_else(wanted)?;
        if keys.len() > MOST {
            return Err(Refused::Key(format!("a set has at most {MOST} keys")));
        }
        let ours = keys.iter().filter_map(Value::as_object);
        let ours = ours.filter(|key| key.get("crv").and_then(Value::as_str) == Some("Ed25519"));
        ours.map(Self::from_jwk).collect()
    }

    /// The key itself.
    #[must_use]
    pub const fn public(&self) -> &PublicKey {
        &self.0
    }

    /// How statements name it: SHA-256 over its JWK as RFC 7638 writes it, in base64url.
    #[must_use]
    pub fn thumbprint(&self) -> String {
        let canonical = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, self.x());
        BASE64URL_NOPAD.encode(Digest::of(canonical).as_bytes())
    }

    /// The key as a JWK, in which form it is published.
    #[must_use]
    pub fn to_jwk(&self) -> Value {
        json!({
            "kty": "OKP", "crv": "Ed25519", "x": self.x(), "kid": self.thumbprint(), "alg": "EdDSA", "use": "sig",
        })
    }

    fn x(&self) -> String {
        BASE64URL_NOPAD.encode(self.0.as_bytes())
    }
}

impl fmt::Debug for UnitKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UnitKey({})", self.thumbprint())
    }
}

/// What a statement about a key says: this key is the unit's, and its domain shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyClaims {
    /// Whose key it is.
    pub unit: AgencyId,
    /// At which domain of its own the unit publishes its keys.
    pub domain: Host,
    /// The key.
    pub key: UnitKey,
    /// When it was signed, in seconds since 1970.
    pub issued_at: i64,
}

impl KeyClaims {
    /// The members of such a statement.
    pub const MEMBERS: [&'static str; 5] = ["v", "unit", "domain", "jwk", "iat"];

    /// The payload that says this.
    #[must_use]
    pub fn payload(&self) -> Map<String, Value> {
        let (unit, domain) = (self.unit.to_string(), self.domain.as_str());
        let says = json!({
            "v": 1, "unit": unit, "domain": domain, "jwk": self.key.to_jwk(), "iat": self.issued_at,
        });
        match says {
            Value::Object(members) => members,
            _ => Map::new(),
        }
    }

    /// Reads what a statement says of a key, at `now` in seconds since 1970.
    ///
    /// # Errors
    /// [`Refused`] for what is missing, too much, or too old to be meant now.
    pub fn read(statement: &Unverified, now: i64) -> Result<Self, Refused> {
        let payload = statement.payload();
        if number(payload, "v")? != 1 || payload.len() != Self::MEMBERS.len() {
            return Err(Refused::Claim {
                member: "v",
                wants: "must be 1, beside `unit`, `domain`, `jwk` and `iat` and nothing else",
            });
        }
        let issued_at = number(payload, "iat")?;
        if issued_at > now + LEEWAY_SECONDS {
            return Err(Refused::Future);
        }
        if issued_at < now - LONGEST_SECONDS {
            return Err(Refused::Expired);
        }
        let jwk = payload.get("jwk").and_then(Value::as_object);
        let jwk =
            jwk.ok_or_else(|| Refused::Key("`jwk` is the key as a JSON object".to_owned()))?;
        Ok(Self {
            unit: unit(payload)?,
            domain: domain(payload)?,
            key: UnitKey::from_jwk(jwk)?,
            issued_at,
        })
    }

    /// What a new key's proof says, with the signature of an earlier one where there is one: both say the same of one key.
    ///
    /// # Errors
    /// [`Refused`] for a proof that the new key did not make, and for two that differ.
    pub fn proven(
        proof: &[u8],
        earlier: Option<&[u8]>,
        now: i64,
    ) -> Result<(Self, Option<Unverified>), Refused> {
        let proof = Unverified::parse(proof, Typ::Key)?;
        let claims = Self::read(&proof, now)?;
        proof.verify(&claims.key)?;
        let Some(earlier) = earlier else {
            return Ok((claims, None));
        };
        let earlier = Unverified::parse(earlier, Typ::Key)?;
        let other = Self::read(&earlier, now)?;
        if (&other.unit, &other.domain, &other.key) != (&claims.unit, &claims.domain, &claims.key) {
            return Err(Refused::Key(
                "the earlier key signed for another unit, domain or key than the new one"
                    .to_owned(),
            ));
        }
        if earlier.kid() == claims.key.thumbprint() {
            return Err(Refused::Key(
                "`cosigned` is the signature of an earlier key of the unit, not of the new one"
                    .to_owned(),
            ));
        }
        Ok((claims, Some(earlier)))
    }
}
