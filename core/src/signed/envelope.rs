//! The JWS itself: flattened JSON, one header, one writing.

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Map, Value};

use super::{Refused, UnitKey};
use crate::{
    ed25519::{KeyPair, SIGNATURE_LENGTH},
    history::Digest,
    json,
    text::visible,
};

/// The largest statement, in bytes: a filing of a thousand long locators fits.
pub const MAX_BYTES: usize = 12 << 20;

/// What a statement is for. A statement of one purpose never passes for one of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typ {
    /// A request, or what becomes of it.
    Request,
    /// A key of the unit.
    Key,
}

impl Typ {
    /// The header's `typ`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Request => "takedown-request+jws",
            Self::Key => "takedown-key+jws",
        }
    }
}

/// A statement that has the right form. Nothing in it may be believed yet.
#[derive(Clone)]
pub struct Unverified {
    /// `protected.payload`, what the signature is over.
    signed: String,
    signature: [u8; SIGNATURE_LENGTH],
    kid: String,
    payload: Map<String, Value>,
    digest: Digest,
}

impl Unverified {
    /// Takes a statement apart.
    ///
    /// # Errors
    /// [`Refused`] for everything that is not exactly of the form.
    pub fn parse(bytes: &[u8], typ: Typ) -> Result<Self, Refused> {
        if bytes.len() > MAX_BYTES {
            return Err(Refused::TooLarge(MAX_BYTES));
        }
        let members = json::object(bytes).ok_or(Refused::Form)?;
        if members.contains_key("header") {
            return Err(Refused::Unprotected);
        }
        let [protected, payload, signature] =
            ["protected", "payload", "signature"].map(|name| members.get(name));
        let (
            Some(Value::String(protected)),
            Some(Value::String(payload)),
            Some(Value::String(signature)),
            3,
        ) = (protected, payload, signature, members.len())
        else {
            return Err(Refused::Form);
        };
        let texts = protected.len() + payload.len() + signature.len();
        if bytes.len() != texts + flattened("", "", "").len() {
            return Err(Refused::Form);
        }
        let kid = header(&decode("protected", protected)?, typ)?;
        let signature = decode("signature", signature)?
            .try_into()
            .map_err(|_| Refused::Signature(kid.clone()))?;
        let read = json::object(&decode("payload", payload)?).ok_or(Refused::Payload)?;
        Ok(Self {
            signed: format!("{protected}.{payload}"),
            signature,
            kid,
            payload: read,
            digest: Digest::of(bytes),
        })
    }

    /// The thumbprint of the key that it says it is signed with.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// Of its exact bytes.
    #[must_use]
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// What it says.
    #[must_use]
    pub const fn payload(&self) -> &Map<String, Value> {
        &self.payload
    }

    /// Whether this key signed it.
    ///
    /// # Errors
    /// [`Refused::Signature`].
    pub fn verify(&self, key: &UnitKey) -> Result<(), Refused> {
        let signed = key.thumbprint() == self.kid
            && key
                .public()
                .verifies(self.signed.as_bytes(), &self.signature);
        signed
            .then_some(())
            .ok_or_else(|| Refused::Signature(self.kid.clone()))
    }
}

impl fmt::Debug for Unverified {
    /// Without what it says, which ends in no log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unverified")
            .field("kid", &self.kid)
            .field("digest", &self.digest)
            .finish_non_exhaustive()
    }
}

/// Signs a payload: the statement as it is sent and kept.
#[must_use]
pub fn sign(pair: &KeyPair, typ: Typ, payload: &Map<String, Value>) -> String {
    let kid = UnitKey::new(pair.public().clone()).thumbprint();
    let header = format!(
        r#"{{"alg":"EdDSA","kid":"{kid}","typ":"{}"}}"#,
        typ.as_str()
    );
    let protected = BASE64URL_NOPAD.encode(header.as_bytes());
    let payload = Value::Object(payload.clone()).to_string();
    let payload = BASE64URL_NOPAD.encode(payload.as_bytes());
    let signature = pair.sign(format!("{protected}.{payload}").as_bytes());
    flattened(&protected, &payload, &BASE64URL_NOPAD.encode(&signature))
}

fn flattened(protected: &str, payload: &str, signature: &str) -> String {
    format!(r#"{{"protected":"{protected}","payload":"{payload}","signature":"{signature}"}}"#)
}

/// The kid of a header that has exactly what it should.
fn header(text: &[u8], typ: Typ) -> Result<String, Refused> {
    let header = json::object(text).ok_or(Refused::Header)?;
    if header.contains_key("crit") {
        return Err(Refused::Critical);
    }
    let known = |name: &&String| matches!(name.as_str(), "alg" | "kid" | "typ");
    if let Some(name) = header.keys().find(|name| !known(name)) {
        let name: String = name.chars().take(40).collect();
        return Err(Refused::HeaderMember(visible(&name).into_owned()));
    }
    let member = |name: &'static str| match header.get(name) {
        Some(Value::String(text)) => Ok(text.as_str()),
        _ => Err(Refused::HeaderLacks(name)),
    };
    match member("alg")? {
        "EdDSA" => {}
        none if none.eq_ignore_ascii_case("none") => return Err(Refused::None),
        _ => return Err(Refused::Algorithm),
    }
    if member("typ")? != typ.as_str() {
        return Err(Refused::Type(typ.as_str()));
    }
    let kid = member("kid")?;
    match BASE64URL_NOPAD.decode(kid.as_bytes()) {
        Ok(bytes) if bytes.len() == 32 => Ok(kid.to_owned()),
        _ => Err(Refused::KeyId),
    }
}

fn decode(name: &'static str, text: &str) -> Result<Vec<u8>, Refused> {
    BASE64URL_NOPAD
        .decode(text.as_bytes())
        .map_err(|_| Refused::Encoding(name))
}
