//! Finding the leaf of an entry in the proof, which is ordered, by position.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::io;
use std::sync::LazyLock;

use takedown_core::package::{Member, Record};

use crate::package::bytes::{ReadAt, Slice};
use crate::package::open::Package;

/// The records of a proof.
pub(super) struct Leaves<'b, B> {
    slice: Slice<'b, B>,
    records: u64,
    /// Where the last one was found, and which it was: the next is near as a rule.
    last: (u64, u64),
}

impl<'b, B: ReadAt> Leaves<'b, B> {
    pub(super) fn of(package: &Package<'b, B>) -> Self {
        let slice = package.slice(Member::Proof);
        Self {
            records: slice.left() / Record::LENGTH as u64,
            slice,
            last: (0, 0),
        }
    }

    fn record(&self, place: u64) -> io::Result<Option<Record>> {
        let mut bytes = [0; Record::LENGTH];
        let there =
            place < self.records && self.slice.peek(place * Record::LENGTH as u64, &mut bytes)?;
        Ok(there.then(|| Record::from_bytes(&bytes)))
    }

    /// The record that begins with this entry and is marked as having a line.
    pub(super) fn find(&mut self, index: u64) -> io::Result<Option<Record>> {
        let (place, known) = self.last;
        // Where entries follow each other without a gap this is where it is.
        let guess = place.wrapping_add(index.wrapping_sub(known));
        if let Some(record) = self.record(guess)?
            && record.first == index
        {
            self.last = (guess, index);
            return Ok(Some(record).filter(|record| record.shown));
        }
        let (mut from, mut to) = (0, self.records);
        while from < to {
            let middle = from + (to - from) / 2;
            let Some(record) = self.record(middle)? else {
                return Ok(None);
            };
            match record.first.cmp(&index) {
                std::cmp::Ordering::Less => from = middle + 1,
                std::cmp::Ordering::Greater => to = middle,
                std::cmp::Ordering::Equal => {
                    self.last = (middle, index);
                    return Ok(Some(record).filter(|record| record.shown));
                }
            }
        }
        Ok(None)
    }
}

/// Which entries were there, each once, without keeping a list: their number, and the sum of what a function drawn anew in each
/// run makes of them. Who wrote the package does not know the function, so that two different lists have one sum by no more
/// than a chance in 2^64.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Tally {
    count: u64,
    sum: u64,
}

static DRAWN: LazyLock<RandomState> = LazyLock::new(RandomState::new);

impl Tally {
    pub(super) fn count(&mut self, index: u64) {
        self.count += 1;
        self.sum = self.sum.wrapping_add(DRAWN.hash_one(index));
    }
}
