//! What stands in the tree for an event.
//!
//! The tree is public, the events are not. So a leaf commits to the event under a random salt that is kept beside it:
//! without the salt nobody can try out what the event may have been, and when salt and event are destroyed the leaf
//! stays, with every proof, and says nothing any more.

use std::fmt;

use sha2::{Digest as _, Sha256};

use super::{Hash, hash::HashError};

/// What every leaf begins with, so that it is never taken for something else that is hashed.
pub const PREFIX: &[u8; 27] = b"takedown-exchange/event/v1\n";

/// 32 random bytes that belong to one event. Never shown by `Debug`: an erased event is hidden because its salt is gone.
#[derive(Clone, PartialEq, Eq)]
pub struct Salt([u8; 32]);

impl Salt {
    /// These bytes, which the caller drew at random for this event and no other.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A salt as it was stored.
    ///
    /// # Errors
    /// [`HashError::Length`] when these are not 32 bytes.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, HashError> {
        Hash::from_slice(bytes).map(|bytes| Self(*bytes.as_bytes()))
    }

    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt(..)")
    }
}

/// The data of an event's leaf: [`PREFIX`], then SHA-256 of the salt and the event's exact bytes.
#[must_use]
pub fn data(salt: &Salt, event: &[u8]) -> [u8; 59] {
    let mut data = [0; 59];
    let (prefix, commitment) = data.split_at_mut(PREFIX.len());
    prefix.copy_from_slice(PREFIX);
    commitment.copy_from_slice(
        &Sha256::new_with_prefix(salt.0)
            .chain_update(event)
            .finalize(),
    );
    data
}

/// The hash of an event's leaf.
#[must_use]
pub fn hash(salt: &Salt, event: &[u8]) -> Hash {
    Hash::leaf(&data(salt, event))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn as_any_program_computes_it() {
        // printf 'takedown-exchange/event/v1\n' and so on, with sha256sum.
        let salt = Salt::from_bytes([0xab; 32]);
        let event = br#"{"event":"request.filed"}"#;
        let commitment = Sha256::digest([&[0xab; 32], event.as_slice()].concat());
        let data = data(&salt, event);
        assert_eq!(&data[..27], b"takedown-exchange/event/v1\n");
        assert_eq!(data[27..], *commitment);
        let wanted = Sha256::digest([&[0], data.as_slice()].concat());
        assert_eq!(hash(&salt, event).as_bytes().as_slice(), wanted.as_slice());
    }

    #[test]
    fn the_salt_changes_it_and_is_not_shown() {
        let one = Salt::from_bytes([1; 32]);
        let other = Salt::from_slice(&[2; 32]).unwrap();
        assert_ne!(hash(&one, b"event"), hash(&other, b"event"));
        assert_ne!(hash(&one, b"event"), hash(&one, b"Event"));
        assert_eq!(format!("{one:?}"), "Salt(..)");
        assert_eq!(Salt::from_slice(&[2; 31]), Err(HashError::Length(31)));
    }
}
