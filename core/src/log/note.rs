//! Signed texts (c2sp.org/signed-note): a text, an empty line, and one line for each signature.

mod key;
mod name;
mod secret;
mod signature;
mod signed;

pub use key::{SignatureType, UnsupportedType, VerifierKey, VerifierKeyError};
pub use name::{KeyId, KeyName, NameError};
pub use secret::{SigningKey, SigningKeyError};
pub use signature::{LineError, Signature};
pub use signed::{NoteError, SignatureError, SignedNote, Verified, signature_lines};

/// The most signatures a note may carry here. Verifiers must take at least 16 (c2sp.org/signed-note).
pub const MOST_SIGNATURES: usize = 100;

#[cfg(test)]
mod tests;
