//! Which entries of the log are shown: one bit each, so that a log of a hundred million takes twelve megabytes.

/// A set of small numbers.
#[derive(Debug, Clone, Default)]
pub(super) struct Bits(Vec<u64>);

impl Bits {
    /// Numbers below `size`, none of them in it.
    pub(super) fn below(size: u64) -> Self {
        Self(vec![
            0;
            usize::try_from(size.div_ceil(64)).unwrap_or_default()
        ])
    }

    /// Makes room for the numbers below `size`.
    pub(super) fn grow(&mut self, size: u64) {
        let Self(larger) = Self::below(size);
        self.0.resize(larger.len().max(self.0.len()), 0);
    }

    fn place(number: u64) -> (usize, u64) {
        let word = usize::try_from(number / 64).unwrap_or(usize::MAX);
        (word, 1 << (number % 64))
    }

    /// Puts a number in; false when there is no room for it.
    pub(super) fn put(&mut self, number: u64) -> bool {
        let (word, bit) = Self::place(number);
        self.0.get_mut(word).is_some_and(|word| {
            *word |= bit;
            true
        })
    }

    /// Whether it is in it.
    pub(super) fn has(&self, number: u64) -> bool {
        let (word, bit) = Self::place(number);
        self.0.get(word).is_some_and(|word| word & bit != 0)
    }

    /// The first number from `from` on, and before `to`, that is in it or is not in it; `to` when there is none.
    pub(super) fn next(&self, from: u64, to: u64, within: bool) -> u64 {
        let mut at = from;
        while at < to {
            let (word, _) = Self::place(at);
            let word = self.0.get(word).copied().unwrap_or_default();
            let wanted = if within { word } else { !word } >> (at % 64);
            if wanted != 0 {
                return to.min(at + u64::from(wanted.trailing_zeros()));
            }
            at += 64 - at % 64;
        }
        to
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_a_set(numbers in prop::collection::btree_set(0_u64..300, 0..40), from in 0_u64..300) {
            let mut bits = Bits::below(300);
            for number in &numbers {
                prop_assert!(bits.put(*number));
            }
            let next = numbers.range(from..).next().copied().unwrap_or(300);
            prop_assert_eq!(bits.next(from, 300, true), next);
            let gap = (from..300).find(|number| !numbers.contains(number)).unwrap_or(300);
            prop_assert_eq!(bits.next(from, 300, false), gap);
            prop_assert!((0..300).all(|number| bits.has(number) == numbers.contains(&number)));
        }
    }

    #[test]
    fn there_is_an_end() {
        let mut bits = Bits::below(64);
        assert!(!bits.put(64));
        assert!(!bits.has(1 << 40));
        assert!(bits.put(63));
        bits.grow(65);
        assert!(bits.put(64) && bits.has(63) && !bits.has(62));
    }
}
