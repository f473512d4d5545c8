//! Tokens: issuing, the one strict verifier, client authentication.
//!
//! Programs get short-lived access tokens by the client credentials grant (RFC 6749 section 4.4), authenticating with a
//! key (`private_key_jwt`, RFC 7523) or a random secret (`client_secret_basic`). Every token, incoming or our own, goes
//! through [`jose::Unverified`], which is typed by purpose so that one kind can never be taken for another.

pub mod assertion;
pub mod basic;
mod cache;
pub mod directory;
pub mod grant;
pub mod jose;
pub mod jwks;
pub mod key;
pub mod sealing;
pub mod sealing_keys;
pub mod secret;
pub mod signer;
pub mod tokens;

pub use directory::{Client, ClientDirectory, DirectoryError, KeyDirectory};
pub use grant::{GrantError, GrantRequest, Granted};
pub use jose::{AccessToken, ClientAssertion, TokenError};
pub use jwks::parse_jwks;
pub use key::{Algorithm, PublicKey};
pub use sealing::SealingKey;
pub use sealing_keys::SealingKeys;
pub use secret::{SecretHash, new_secret, secret_of};
pub use signer::SigningKey;
pub use tokens::{Refused, Tokens};

#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod tests;
