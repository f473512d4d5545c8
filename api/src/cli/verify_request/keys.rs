//! The keys of an agency as the exchange lists them, or as a JWK Set. What the exchange says besides is a claim of its own; what
//! its log proves is not.

use std::fmt;
use std::path::Path;

use data_encoding::BASE64;
use serde_json::{Map, Value, json};
use takedown_core::log::{Policy, TlogProof, leaf};
use takedown_core::signed::{Claims, KeyClaims, LEEWAY_SECONDS, Typ, UnitKey, Unverified};
use takedown_core::text::visible;
use takedown_core::time::{At, parse_rfc3339, rfc3339};

use super::{CliError, named, output};

/// Since when a key is known.
pub(super) struct Since {
    /// By the log.
    pub(super) proven: Option<Proven>,
    /// By this machine; `None` when it is used for the first time here.
    pub(super) pinned: Option<String>,
    /// Whether it is remembered from now on.
    pub(super) remembered: bool,
}

/// What a proof proves.
pub(super) struct Proven {
    at: String,
    index: u64,
    origin: String,
    witnesses: Vec<String>,
}

impl fmt::Display for Since {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(proven) = &self.proven {
            write!(
                f,
                "since {} in the log {} (entry {}, proven",
                output::instant(&proven.at),
                proven.origin,
                proven.index
            )?;
            for witness in &proven.witnesses {
                write!(f, "; {witness}")?;
            }
            f.write_str("); ")?;
        }
        match (&self.pinned, self.remembered) {
            (Some(at), _) => write!(f, "here since {}", output::instant(at)),
            (None, true) => f.write_str("here for the first time: remembered from now on"),
            (None, false) => f.write_str("here for the first time: not remembered"),
        }
    }
}

impl Since {
    pub(super) fn json(&self) -> Value {
        json!({
            "log": self.proven.as_ref().map(|proven| json!({
                "at": proven.at, "index": proven.index, "origin": proven.origin, "witnesses": proven.witnesses,
            })),
            "here": self.pinned,
        })
    }
}

/// The keys of a JWK Set.
pub(super) fn set(place: &Path) -> Result<Vec<UnitKey>, CliError> {
    let text = std::fs::read(place).map_err(|e| CliError::file(place.display(), e))?;
    UnitKey::from_set(&text).map_err(|why| named(place, why))
}

/// The keys of an agency, and what is said of them.
#[derive(Default)]
pub(super) struct Known(Vec<(UnitKey, Value)>);

impl Known {
    /// Reads the answer of `GET /v1/agencies/{id}/signing-keys`, or a JWK Set.
    pub(super) fn read(place: &Path) -> Result<Self, CliError> {
        let text = std::fs::read(place).map_err(|e| CliError::file(place.display(), e))?;
        let read: Map<String, Value> =
            serde_json::from_slice(&text).map_err(|e| named(place, e))?;
        let Some(items) = read.get("items").and_then(Value::as_array) else {
            let keys = UnitKey::from_set(&text).map_err(|why| named(place, why))?;
            return Ok(Self(
                keys.into_iter().map(|key| (key, Value::Null)).collect(),
            ));
        };
        let keys = items.iter().map(|item| {
            let jwk = item["jwk"].as_object().cloned().unwrap_or_default();
            let key = UnitKey::from_jwk(&jwk).map_err(|why| named(place, why))?;
            Ok((key, item.clone()))
        });
        Ok(Self(keys.collect::<Result<_, CliError>>()?))
    }

    fn find(&self, kid: &str) -> Option<&(UnitKey, Value)> {
        self.0.iter().find(|(key, _)| key.thumbprint() == kid)
    }

    /// The key of a thumbprint.
    pub(super) fn key(&self, kid: &str) -> Option<&UnitKey> {
        self.find(kid).map(|(key, _)| key)
    }

    /// The thumbprint of the earlier key that signed for this one.
    pub(super) fn spoken_for(&self, kid: &str, claims: &Claims) -> Option<String> {
        let (key, item) = self.find(kid)?;
        let cosigned = item["cosigned"].as_object()?;
        let member = |name: &str| cosigned.get(name).and_then(Value::as_str);
        let (protected, payload, signature) = (
            member("protected")?,
            member("payload")?,
            member("signature")?,
        );
        let text = format!(
            r#"{{"protected":"{protected}","payload":"{payload}","signature":"{signature}"}}"#
        );
        let cosigned = Unverified::parse(text.as_bytes(), Typ::Key).ok()?;
        // When it was signed does not matter any more.
        let at = cosigned.payload().get("iat").and_then(Value::as_i64)?;
        let says = KeyClaims::read(&cosigned, at).ok()?;
        let of = (&says.unit, &says.domain, &says.key) == (&claims.unit, &claims.domain, key);
        let (earlier, listed) = self.find(cosigned.kid())?;
        // Whoever has stolen a key can have it speak for another one at any time.
        if !listed["compromised_at"].is_null() {
            return None;
        }
        (of && cosigned.verify(earlier).is_ok()).then(|| earlier.thumbprint())
    }

    /// What the list says against the key of a statement: on the whole, and at the time the statement says it was signed. A
    /// JWK Set says nothing.
    pub(super) fn doubts(
        &self,
        (kid, digest): (&str, &str),
        claims: &Claims,
    ) -> Result<Vec<String>, CliError> {
        let Some((_, item)) = self.find(kid).filter(|(_, item)| item.is_object()) else {
            return Ok(Vec::new());
        };
        // An instant that cannot be read is no reason to believe a key.
        let instant = |member: &str| match &item[member] {
            Value::Null => Ok(None),
            Value::String(at) => parse_rfc3339(at)
                .map(Some)
                .map_err(|e| CliError::input(format!("{member} of the key {kid}: {e}"))),
            _ => Err(CliError::input(format!(
                "{member} of the key {kid} is no instant"
            ))),
        };
        let mut doubts = Vec::new();
        if let Some(at) = instant("compromised_at")? {
            doubts.push(format!(
                "the key {kid} may have been in foreign hands since {}; when something was signed with it is the word of whoever has it",
                rfc3339(at)
            ));
        }
        // The exchange counts the parts of a second, a statement does not, and two clocks differ.
        let after = |at: &At, leeway| at.timestamp() > claims.issued_at.saturating_add(leeway);
        match instant("counts_from")? {
            None => doubts.push(format!(
                "the key {kid} does not count: the operator has not confirmed it"
            )),
            Some(at) if after(&at, LEEWAY_SECONDS) => doubts.push(format!(
                "the key {kid} counts from {} on, after statement {digest} was signed",
                rfc3339(at)
            )),
            Some(_) => {}
        }
        if let Some(at) = instant("revoked_at")?.filter(|at| !after(at, 0)) {
            doubts.push(format!(
                "the key {kid} was revoked at {}, before statement {digest} was signed",
                rfc3339(at)
            ));
        }
        Ok(doubts)
    }

    /// Since when the log has had the key.
    pub(super) fn proven(
        &self,
        kid: &str,
        claims: &Claims,
        place: &Path,
        policy: &Policy,
    ) -> Result<Proven, CliError> {
        let entry = self.find(kid).map(|(_, item)| &item["entry"]);
        let (Some(data), Some(salt)) = (
            entry.and_then(|entry| entry["data"].as_str()),
            entry.and_then(|entry| entry["salt"].as_str()),
        ) else {
            return Err(CliError::input(
                "--agency-keys does not hold the entry that added the key, with its salt: use takedown keys list --json",
            ));
        };
        let salt = BASE64.decode(salt.as_bytes()).ok();
        let salt = salt.and_then(|salt| takedown_core::log::Salt::from_slice(&salt).ok());
        let salt = salt.ok_or_else(|| CliError::input("the salt of the entry is none"))?;
        let said: Value = serde_json::from_str(data).map_err(|e| CliError::input(e.to_string()))?;
        let is_it = said["type"] == "signing_key.added"
            && said["subject"]["id"] == claims.unit.to_string().as_str()
            && said["data"]["kid"] == kid
            && said["data"]["domain"] == claims.domain.as_str();
        if !is_it {
            return Err(CliError::input(
                "the entry in --agency-keys is not the one that added this key for this unit and domain",
            ));
        }
        let text =
            std::fs::read_to_string(place).map_err(|e| CliError::file(place.display(), e))?;
        let proof: TlogProof = text.parse().map_err(|e| named(place, e))?;
        let judgement = proof
            .verify(&leaf::hash(&salt, data.as_bytes()), policy)
            .map_err(|e| named(place, e))?;
        let witnesses = judgement.witnesses().iter();
        Ok(Proven {
            at: visible(said["at"].as_str().unwrap_or_default()).into_owned(),
            index: proof.index,
            origin: proof.checkpoint.checkpoint().origin().to_owned(),
            witnesses: witnesses
                .map(|witness| format!("witness {}", witness.key.name()))
                .collect(),
        })
    }
}
