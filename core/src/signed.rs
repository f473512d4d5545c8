//! What a unit signs with a key of its own, so that a platform need not trust the exchange: requests, what is done to them
//! later, and the unit's own keys.
//!
//! A statement is a JWS in the flattened JSON form (RFC 7515, section 7.2.2), kept and handed on byte for byte. The verifier
//! lists what it takes and refuses the rest (RFC 8725): one algorithm, one header, one writing. `docs/signed-requests.md`
//! says it for those who write their own.

mod claims;
mod envelope;
mod key;
mod refused;
mod standing;
mod tag;

#[cfg(test)]
mod tests;

pub use claims::{Act, Claims, LONGEST_SECONDS, domain_of};
pub use envelope::{MAX_BYTES, Typ, Unverified, sign};
pub use key::{KeyClaims, UnitKey};
pub use refused::Refused;
pub use standing::{Known, Signature};
pub use tag::tag;

/// How far ahead of the reader's clock a statement may be dated, in seconds.
pub const LEEWAY_SECONDS: i64 = 10;
