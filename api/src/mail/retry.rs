//! When a mail that could not be delivered is tried again, and when that ends.

use std::time::Duration;

use sha2::{Digest, Sha256};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;

/// Waiting time before each try, in seconds; together a little under three days.
const WAITS: [u64; 9] = [
    0,
    MINUTE,
    5 * MINUTE,
    30 * MINUTE,
    2 * HOUR,
    6 * HOUR,
    12 * HOUR,
    24 * HOUR,
    24 * HOUR,
];

/// What to do after a try that failed for now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// Try again after this long, counted from the failure.
    After(Duration),
    /// Given up: shown to the operator and the agency.
    Dead,
}

impl Retry {
    /// How many tries a mail gets.
    pub const TRIES: u32 = WAITS.len() as u32;

    /// What comes after `tried` tries. The wait is moved by up to a tenth either way, always the same for the same
    /// outbox row and try, so that a server that comes back is not met by all mails at once.
    #[must_use]
    pub fn after(outbox_id: &str, tried: u32) -> Self {
        let Some(&wait) = usize::try_from(tried).ok().and_then(|n| WAITS.get(n)) else {
            return Self::Dead;
        };
        let millis = wait * 1000;
        let spread = millis / 5;
        let moved = if spread == 0 {
            0
        } else {
            draw(outbox_id, tried) % (spread + 1)
        };
        Self::After(Duration::from_millis(millis - spread / 2 + moved))
    }
}

fn draw(outbox_id: &str, tried: u32) -> u64 {
    let digest = Sha256::new()
        .chain_update(outbox_id)
        .chain_update(tried.to_be_bytes())
        .finalize();
    digest
        .iter()
        .take(8)
        .fold(0, |n, byte| (n << 8) | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(id: &str) -> Vec<Duration> {
        (0..)
            .map_while(|tried| match Retry::after(id, tried) {
                Retry::After(wait) => Some(wait),
                Retry::Dead => None,
            })
            .collect()
    }

    #[test]
    fn the_first_try_is_at_once_and_the_last_after_about_three_days() {
        for id in ["out_1", "out_2", "", "out_3"] {
            let waits = waits(id);
            assert_eq!(waits.len(), Retry::TRIES as usize);
            assert_eq!(waits[0], Duration::ZERO);
            let hours = waits.iter().sum::<Duration>().as_secs() / HOUR;
            assert!((60..=78).contains(&hours), "{hours}");
        }
    }

    #[test]
    fn waits_grow_and_stay_within_a_tenth() {
        let waits = waits("out_9");
        for (n, pair) in waits.windows(2).enumerate().take(WAITS.len() - 2) {
            assert!(pair[0] < pair[1], "{n}");
        }
        for (wait, plan) in waits.iter().zip(WAITS) {
            let plan = plan as f64;
            assert!((wait.as_secs_f64() - plan).abs() <= plan / 10.0 + 0.01);
        }
    }

    #[test]
    fn the_same_row_waits_the_same_and_rows_differ() {
        assert_eq!(Retry::after("a", 4), Retry::after("a", 4));
        assert_ne!(Retry::after("a", 4), Retry::after("b", 4));
    }

    #[test]
    fn after_the_last_try_it_is_dead_for_ever() {
        assert_eq!(Retry::after("a", Retry::TRIES), Retry::Dead);
        assert_eq!(Retry::after("a", u32::MAX), Retry::Dead);
    }
}
