//! Keys as clients register them: a JWK Set (RFC 7517), checked once and strictly.

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Map, Value};
use takedown_core::json;

use super::key::{Algorithm, KeyError, PublicKey};

/// Most keys that one client may have: two to rotate, some to spare.
pub const MAX_KEYS: usize = 8;

/// Largest JWK Set, in bytes.
pub const MAX_BYTES: usize = 16 << 10;

/// Reads a JWK Set, or a single JWK.
///
/// # Errors
/// Names the first key that is refused and why: a private or symmetric key, another curve, a `use`, `key_ops` or `alg`
/// that does not belong to verifying, a weak key, a repeated kid.
pub fn parse_jwks(json: &str) -> Result<Vec<PublicKey>, KeyError> {
    if json.len() > MAX_BYTES {
        return Err(KeyError::new(format!(
            "the key set is larger than {MAX_BYTES} bytes"
        )));
    }
    let set = json::object(json.as_bytes()).ok_or_else(|| {
        KeyError::new("give a JSON object without repeated members: {\"keys\": [...]}")
    })?;
    let members: Vec<&Map<String, Value>> = match set.get("keys") {
        Some(Value::Array(keys)) => keys
            .iter()
            .map(|key| {
                key.as_object()
                    .ok_or_else(|| KeyError::new("each key is a JSON object"))
            })
            .collect::<Result<_, _>>()?,
        Some(_) => return Err(KeyError::new("`keys` is an array")),
        None if set.contains_key("kty") => vec![&set],
        None => return Err(KeyError::new("the set has no `keys`")),
    };
    if members.is_empty() || members.len() > MAX_KEYS {
        return Err(KeyError::new(format!("give 1 to {MAX_KEYS} keys")));
    }
    let mut keys: Vec<PublicKey> = Vec::with_capacity(members.len());
    for (index, member) in members.iter().enumerate() {
        let key =
            parse_jwk(member).map_err(|error| KeyError::new(format!("key {index}: {error}")))?;
        let repeated =
            |other: &PublicKey| other.kid() == key.kid() || other.thumbprint() == key.thumbprint();
        if keys.iter().any(repeated) {
            return Err(KeyError::new(format!(
                "key {index}: this key or its kid comes twice"
            )));
        }
        keys.push(key);
    }
    Ok(keys)
}

fn parse_jwk(jwk: &Map<String, Value>) -> Result<PublicKey, KeyError> {
    // RFC 7518: the members of private and of symmetric keys.
    for private in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
        if jwk.contains_key(private) {
            return Err(KeyError::new(
                "this is a private or symmetric key; it is compromised now that it was sent, make a new one and give its public half",
            ));
        }
    }
    match text(jwk, "use")? {
        None | Some("sig") => {}
        Some(_) => return Err(KeyError::new("`use` must be \"sig\"")),
    }
    match jwk.get("key_ops") {
        None => {}
        Some(Value::Array(ops)) if ops.iter().all(|op| op == "verify") && ops.len() == 1 => {}
        Some(_) => return Err(KeyError::new("`key_ops` must be [\"verify\"]")),
    }
    let kid = text(jwk, "kid")?;
    if let Some(kid) = kid
        && (kid.is_empty() || kid.len() > 128 || !kid.bytes().all(|byte| byte.is_ascii_graphic()))
    {
        return Err(KeyError::new(
            "`kid` must be 1 to 128 visible ASCII characters",
        ));
    }
    let key = match (text(jwk, "kty")?, text(jwk, "crv")?) {
        (Some("OKP"), Some("Ed25519")) => PublicKey::ed25519(&bytes(jwk, "x")?, kid)?,
        (Some("EC"), Some("P-256")) => PublicKey::p256(&bytes(jwk, "x")?, &bytes(jwk, "y")?, kid)?,
        _ => {
            return Err(KeyError::new(
                "give an Ed25519 key (kty OKP) or a P-256 key (kty EC)",
            ));
        }
    };
    match text(jwk, "alg")? {
        None => Ok(key),
        Some(name) if key.algorithm().is_called(name) => Ok(key),
        Some(_) => Err(KeyError::new(match key.algorithm() {
            Algorithm::EdDsa => "`alg` of an Ed25519 key must be EdDSA or Ed25519",
            Algorithm::Es256 => "`alg` of a P-256 key must be ES256",
        })),
    }
}

fn text<'a>(jwk: &'a Map<String, Value>, name: &str) -> Result<Option<&'a str>, KeyError> {
    match jwk.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(KeyError::new(format!("`{name}` must be a text"))),
    }
}

fn bytes(jwk: &Map<String, Value>, name: &str) -> Result<Vec<u8>, KeyError> {
    let text = text(jwk, name)?.ok_or_else(|| KeyError::new(format!("`{name}` is missing")))?;
    BASE64URL_NOPAD
        .decode(text.as_bytes())
        .map_err(|_| KeyError::new(format!("`{name}` must be base64url without padding")))
}
