//! Misbehaviour on purpose, within what is promised: a message of a webhook may come late, twice, or after the next one, and a stream of
//! events may end at any time.
//!
//! It follows from a seed and the place in the party's own inbox alone, so that whoever counts from the same seed meets the same again.

use std::time::Duration;

use sha2::{Digest as _, Sha256};

/// How long what is to be overtaken is held back.
const OVERTAKEN_IN: Duration = Duration::from_secs(3);

/// How often what goes wrong. Percents, of which those of messages come to a hundred at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mischief {
    /// Where the dice begin.
    pub seed: u32,
    /// Messages that come twice.
    pub doubled: u8,
    /// Messages that come late.
    pub late: u8,
    /// Messages that come after the next ones.
    pub reordered: u8,
    /// Entries after which a stream of events breaks.
    pub cut: u8,
    /// The longest that a message is late.
    pub late_for: Duration,
}

/// What happens to one message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trick {
    /// It comes twice.
    Doubled,
    /// It comes this late.
    Late(Duration),
    /// It is held back for so long, so that what comes next overtakes it.
    Reordered(Duration),
}

impl Trick {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Doubled => "doubled",
            Self::Late(_) => "late",
            Self::Reordered(_) => "reordered",
        }
    }

    /// How long the message is held back.
    #[must_use]
    pub const fn pause(self) -> Option<Duration> {
        match self {
            Self::Doubled => None,
            Self::Late(pause) | Self::Reordered(pause) => Some(pause),
        }
    }
}

impl Mischief {
    /// What happens to the message of the entry at this position of an inbox.
    #[must_use]
    pub fn trick_at(&self, position: i64) -> Option<Trick> {
        let (percent, part) = self.dice("message", position);
        let twice = self.doubled;
        let late = twice.saturating_add(self.late);
        let after = late.saturating_add(self.reordered);
        if percent < twice {
            Some(Trick::Doubled)
        } else if percent < late {
            // Between a tenth of it and the whole.
            let tenth = self.late_for / 10;
            Some(Trick::Late(tenth + (self.late_for - tenth).mul_f64(part)))
        } else if percent < after {
            Some(Trick::Reordered(OVERTAKEN_IN))
        } else {
            None
        }
    }

    /// Whether a stream of events breaks after the entry at this position.
    #[must_use]
    pub fn cuts_after(&self, position: i64) -> bool {
        self.dice("stream", position).0 < self.cut
    }

    /// A number below a hundred, and one between 0 and 1.
    fn dice(&self, of: &str, position: i64) -> (u8, f64) {
        let rolled = Sha256::digest(format!("{} {of} {position}", self.seed));
        let number = |at: usize| {
            let bytes = [0, 1, 2, 3].map(|byte| rolled.get(at + byte).copied().unwrap_or_default());
            u32::from_be_bytes(bytes)
        };
        let percent = u8::try_from(number(0) % 100).unwrap_or_default();
        (percent, f64::from(number(4)) / f64::from(u32::MAX))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn mischief(percents: [u8; 4]) -> Mischief {
        let [doubled, late, reordered, cut] = percents;
        Mischief {
            seed: 1,
            doubled,
            late,
            reordered,
            cut,
            late_for: Duration::from_secs(20),
        }
    }

    #[test]
    fn it_happens_as_often_as_it_is_said_and_again_in_the_same_places() {
        let modest = mischief([10, 10, 10, 5]);
        let tricks: Vec<_> = (1..=10_000).map(|at| modest.trick_at(at)).collect();
        let count = |name: &str| {
            let named = tricks.iter().flatten().filter(|t| t.as_str() == name);
            named.count()
        };
        for name in ["doubled", "late", "reordered"] {
            assert!((800..=1_200).contains(&count(name)), "{name}");
        }
        let cuts = (1..=10_000).filter(|at| modest.cuts_after(*at)).count();
        assert!((350..=650).contains(&cuts), "{cuts}");
        assert_eq!(
            tricks,
            (1..=10_000)
                .map(|at| modest.trick_at(at))
                .collect::<Vec<_>>()
        );
        let other = Mischief { seed: 2, ..modest };
        assert_ne!(
            tricks,
            (1..=10_000)
                .map(|at| other.trick_at(at))
                .collect::<Vec<_>>()
        );
    }

    #[test]
    fn all_and_nothing() {
        let (never, twice) = (mischief([0; 4]), mischief([100, 0, 0, 100]));
        for at in 1..1_000 {
            assert_eq!(never.trick_at(at), None);
            assert!(!never.cuts_after(at) && twice.cuts_after(at));
            assert_eq!(twice.trick_at(at), Some(Trick::Doubled));
            let late = mischief([0, 100, 0, 0]).trick_at(at).unwrap();
            let pause = late.pause().unwrap();
            assert!(Duration::from_secs(2) <= pause && pause <= Duration::from_secs(20));
        }
    }
}
