//! Which signed checkpoints are kept. A log that is written to signs several a second; whoever compares needs few of the old
//! ones, because each binds the log to everything before it.

use std::collections::BTreeSet;

use chrono::{DurationRound as _, TimeDelta};

use crate::time::At;

/// All of them are kept so long.
pub const ALL: TimeDelta = TimeDelta::hours(1);
/// One for each hour is kept so long; one for each day for ever.
pub const HOURLY: TimeDelta = TimeDelta::days(30);

/// What is known of a stored checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// Entries of its tree.
    pub size: u64,
    /// When it was signed.
    pub signed_at: At,
    /// Whether as many witnesses signed it as the policy asked.
    pub cosigned: bool,
}

/// Takes the checkpoints that are older than [`ALL`], the smallest first, and says which of them are to be forgotten: of each
/// hour (in UTC; of each day, once it is older than [`HOURLY`]) the last one stays that witnesses signed, or else the last one.
#[derive(Debug)]
pub struct Thinning {
    daily_before: At,
    last: Option<(Stored, At)>,
    forgotten: BTreeSet<u64>,
}

impl Thinning {
    /// At an instant.
    #[must_use]
    pub fn new(now: At) -> Self {
        let border = now - HOURLY;
        Self {
            // At the border of a day, so that no day is thinned in two ways.
            daily_before: border.duration_trunc(TimeDelta::days(1)).unwrap_or(border),
            last: None,
            forgotten: BTreeSet::new(),
        }
    }

    /// Takes the next one.
    pub fn take(&mut self, next: Stored) {
        let length = match next.signed_at < self.daily_before {
            true => TimeDelta::days(1),
            false => TimeDelta::hours(1),
        };
        let begins = next.signed_at.duration_trunc(length);
        let begins = begins.unwrap_or(next.signed_at);
        match self.last {
            Some((last, same)) if same == begins => {
                if last.cosigned && !next.cosigned {
                    self.forgotten.insert(next.size);
                    return;
                }
                self.forgotten.insert(last.size);
            }
            _ => {}
        }
        self.last = Some((next, begins));
    }

    /// What is to be forgotten of those that were taken since this was asked last; never the one of size `newest`, which is
    /// what the log promises.
    pub fn forgotten(&mut self, newest: u64) -> Vec<u64> {
        let forgotten = std::mem::take(&mut self.forgotten);
        forgotten
            .into_iter()
            .filter(|size| *size != newest)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::time::parse_rfc3339;

    fn at(text: &str) -> At {
        parse_rfc3339(text).unwrap()
    }

    /// What stays of checkpoints, each an instant, with `*` where witnesses signed.
    fn kept(instants: &[&'static str]) -> Vec<&'static str> {
        let mut thinning = Thinning::new(at("2026-11-27T12:00:00Z"));
        for (size, instant) in (1..).zip(instants) {
            thinning.take(Stored {
                size,
                signed_at: at(instant.trim_end_matches('*')),
                cosigned: instant.ends_with('*'),
            });
        }
        let newest = u64::try_from(instants.len()).unwrap();
        let forgotten = thinning.forgotten(newest);
        assert!(thinning.forgotten(newest).is_empty(), "each is told once");
        (1..)
            .zip(instants)
            .filter(|(size, _)| !forgotten.contains(size))
            .map(|(_, instant)| *instant)
            .collect()
    }

    #[test]
    fn of_each_hour_the_last_one_stays() {
        assert_eq!(
            kept(&[
                "2026-11-27T08:00:00Z",
                "2026-11-27T08:59:59.999Z",
                "2026-11-27T09:00:00Z",
                "2026-11-27T09:30:00Z",
                "2026-11-27T11:00:00Z",
            ]),
            [
                "2026-11-27T08:59:59.999Z",
                "2026-11-27T09:30:00Z",
                "2026-11-27T11:00:00Z"
            ]
        );
    }

    #[test]
    fn of_each_day_once_it_is_long_ago() {
        assert_eq!(
            kept(&[
                "2026-10-27T08:00:00Z",
                "2026-10-27T22:00:00Z",
                "2026-10-28T01:00:00Z",
                "2026-10-28T02:00:00Z",
            ]),
            [
                "2026-10-27T22:00:00Z",
                "2026-10-28T01:00:00Z",
                "2026-10-28T02:00:00Z"
            ]
        );
    }

    #[test]
    fn what_witnesses_signed_stays_before_what_they_did_not() {
        assert_eq!(
            kept(&[
                "2026-11-27T08:00:00Z",
                "2026-11-27T08:01:00Z*",
                "2026-11-27T08:02:00Z*",
                "2026-11-27T08:03:00Z",
                "2026-11-27T09:00:00Z*",
                "2026-11-27T09:01:00Z",
            ]),
            // The last of all stays whatever it is.
            [
                "2026-11-27T08:02:00Z*",
                "2026-11-27T09:00:00Z*",
                "2026-11-27T09:01:00Z"
            ]
        );
    }
}
