//! Client assertions as clients make them; the command line and the tests are such clients.

use serde_json::json;

use super::jose::ASSERTION_SECONDS;
use super::signer::SigningKey;

/// The value of `client_assertion_type`.
pub const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// An assertion by which `client` proves its key to `issuer`; good for one use within a minute of `now`
/// (seconds since 1970).
#[must_use]
pub fn client_assertion(
    key: &SigningKey,
    kid: &str,
    client: &str,
    issuer: &str,
    jti: &str,
    now: i64,
) -> String {
    key.sign(
        &json!({"alg": "EdDSA", "typ": "client-authentication+jwt", "kid": kid}),
        &json!({
            "iss": client, "sub": client, "aud": issuer, "jti": jti,
            "iat": now, "exp": now + ASSERTION_SECONDS,
        }),
    )
}
