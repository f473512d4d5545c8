//! What tags each use of a unit's keys in the history.
//!
//! It says which unit's use it is, and the how manieth: to the unit, which knows its pseudonym, and to nobody else who reads the
//! entry. So none can be left out between two others, and the newest only until the unit signs again.

use crate::history::Digest;

/// What is hashed begins so.
const PREFIX: &[u8] = b"takedown-exchange/use/v1\n";

/// The tag of a use: of the unit's pseudonym, random bytes of its own, and the number of the use, counted from 1.
#[must_use]
pub fn tag(pseudonym: &[u8], number: u32) -> Digest {
    Digest::of([PREFIX, pseudonym, &number.to_be_bytes()].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_use_of_each_unit_has_another_one() {
        let (one, other) = ([1; 32], [2; 32]);
        assert_eq!(tag(&one, 7), tag(&one, 7));
        let tags = [tag(&one, 7), tag(&one, 8), tag(&other, 7), tag(&other, 8)];
        let distinct: std::collections::BTreeSet<_> = tags.into_iter().collect();
        assert_eq!(distinct.len(), 4);
        // printf, or any program: the prefix with its line feed, 32 bytes, four bytes with the highest first.
        let bytes = [
            b"takedown-exchange/use/v1\n".as_slice(),
            &one,
            &[0, 0, 1, 2],
        ]
        .concat();
        assert_eq!(tag(&one, 258), Digest::of(bytes));
    }
}
