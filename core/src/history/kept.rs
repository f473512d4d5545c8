//! A commitment to what is kept of a filing.
//!
//! The bytes of a filing are not kept, so nothing could be compared with their digest; what is kept of them are columns, and what an
//! agency corrects changes these. Much of it can be guessed by whoever knows the rest: that of an attribution, which is hidden from
//! the platform, has some ten thousand likely values. So the commitment has a salt of its own, which unlike that of the entry is
//! shown to nobody.

use sha2::{Digest as _, Sha256};

use super::Digest;
use crate::log::Salt;

/// What every commitment begins with, so that it is never taken for something else that is hashed.
pub const PREFIX: &[u8] = b"takedown-exchange/kept/v1\n";

/// Commits to these texts in this order: SHA-256 of [`PREFIX`], the salt, and each text as a netstring (its length in bytes, a
/// colon, itself, a comma), or a hyphen and a comma where there is none.
#[must_use]
pub fn commitment<'t>(salt: &Salt, texts: impl IntoIterator<Item = Option<&'t str>>) -> Digest {
    let mut hash = Sha256::new_with_prefix(PREFIX).chain_update(salt.as_bytes());
    for text in texts {
        match text {
            Some(text) => {
                hash.update(format!("{}:", text.len()));
                hash.update(text);
                hash.update(",");
            }
            None => hash.update("-,"),
        }
    }
    Digest::from_bytes(hash.finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_any_program_computes_it() {
        let salt = Salt::from_bytes([7; 32]);
        let wanted = [PREFIX, &[7; 32], b"2:{},-,4:\xc5\xbc\xc3\xb3,".as_slice()].concat();
        let found = commitment(&salt, [Some("{}"), None, Some("żó")]);
        assert_eq!(found, Digest::of(wanted));
    }

    #[test]
    fn texts_do_not_run_into_each_other() {
        let salt = Salt::from_bytes([7; 32]);
        let of = |texts: &[Option<&str>]| commitment(&salt, texts.iter().copied());
        let all = [
            of(&[Some("ab"), Some("c")]),
            of(&[Some("a"), Some("bc")]),
            of(&[Some("abc")]),
            of(&[Some("ab"), Some("c"), None]),
            of(&[Some("ab"), Some("c"), Some("")]),
            of(&[Some("ab"), Some("c"), Some("-")]),
            commitment(&Salt::from_bytes([8; 32]), [Some("abc")]),
        ];
        let different: std::collections::BTreeSet<_> = all.iter().collect();
        assert_eq!(different.len(), all.len());
    }
}
