//! Identifiers of STIX objects.
//!
//! What the exchange names itself keeps its UUID: `req_…` and `report--…` are one number in two writings. What others can observe as
//! well, an address for instance, has the identifier that everybody computes from it (STIX 2.1, section 2.9).

use aws_lc_rs::digest::{Context, SHA1_FOR_LEGACY_USE_ONLY};
use serde_json::Value;
use uuid::{Builder, Uuid};

/// The namespace that STIX 2.1 gives to observables.
const NAMESPACE: Uuid = Uuid::from_u128(0x00ab_edb4_aa42_466c_9c01_fed2_3315_a9b7);

/// Whether this can be an identifier or a type of STIX (sections 2.9 and 3.2). What cannot never reaches the database: PostgreSQL
/// refuses some texts altogether.
#[must_use]
pub fn can_be(given: &str) -> bool {
    let letter = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
    !given.is_empty() && given.bytes().all(letter)
}

/// The identifier of something of ours.
pub(super) fn named(kind: &str, uuid: Uuid) -> String {
    format!("{kind}--{}", uuid.hyphenated())
}

/// The identifier of an observable, from the properties that make it what it is: a UUID of version 5 over their canonical JSON
/// (RFC 8785). Of text and one member at each level `serde_json` writes nothing else.
pub(super) fn observed(kind: &str, properties: &Value) -> String {
    let mut hash = Context::new(&SHA1_FOR_LEGACY_USE_ONLY);
    hash.update(NAMESPACE.as_bytes());
    hash.update(properties.to_string().as_bytes());
    let digest = hash.finish();
    let mut bytes = [0_u8; 16];
    for (byte, of) in bytes.iter_mut().zip(digest.as_ref()) {
        *byte = *of;
    }
    named(kind, Builder::from_sha1_bytes(bytes).into_uuid())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Computed by `stix2`, which nobody here wrote.
    #[test]
    fn an_address_has_the_identifier_that_everybody_computes() {
        let id = observed(
            "url",
            &json!({"value": "https://paste.example.test/abc123"}),
        );
        assert_eq!(id, "url--a04e0ce3-35e1-572f-a66a-cf31f9673c8a");
        assert!(can_be(&id));
        for never in ["", "a\0b", "URL--1", "url--é", "a b", "a_b"] {
            assert!(!can_be(never), "{never:?}");
        }
    }
}
