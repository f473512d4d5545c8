//! When a mail that could not be delivered is tried again, and when that ends.

use std::time::Duration;

use sha2::{Digest, Sha256};

/// What to do after a try that failed for now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// Try again after this long, counted from the failure.
    After(Duration),
    /// Given up: shown to the operator and the agency.
    Dead,
}

/// The pauses between tries (`worker.retry_schedule`). The first try is at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule(Vec<Duration>);

impl Schedule {
    /// A schedule with these pauses: one try more than there are pauses.
    #[must_use]
    pub fn new(pauses: Vec<Duration>) -> Self {
        Self(pauses)
    }

    /// What comes after `tried` tries. The pause is moved by up to a tenth either way, always the same for the same
    /// outbox row and try, so that a server that comes back is not met by all mails at once.
    #[must_use]
    pub fn after(&self, outbox_id: &str, tried: u32) -> Retry {
        let Some(pause) = tried
            .checked_sub(1)
            .and_then(|n| self.0.get(usize::try_from(n).ok()?))
        else {
            return Retry::Dead;
        };
        let millis = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX / 2);
        let spread = millis / 5;
        let moved = draw(outbox_id, tried) % (spread + 1);
        Retry::After(Duration::from_millis(millis - spread / 2 + moved))
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

    fn pauses() -> Vec<Duration> {
        [5, 60, 300, 1_800, 7_200, 86_400]
            .map(Duration::from_secs)
            .to_vec()
    }

    fn waits(id: &str) -> Vec<Duration> {
        let schedule = Schedule::new(pauses());
        (1..)
            .map_while(|tried| match schedule.after(id, tried) {
                Retry::After(wait) => Some(wait),
                Retry::Dead => None,
            })
            .collect()
    }

    #[test]
    fn every_pause_is_kept_within_a_tenth() {
        for id in ["dlv_1", "dlv_2", "", "dlv_3"] {
            let waits = waits(id);
            assert_eq!(waits.len(), pauses().len());
            for (wait, plan) in waits.iter().zip(pauses()) {
                let plan = plan.as_secs_f64();
                assert!((wait.as_secs_f64() - plan).abs() <= plan / 10.0 + 0.01);
            }
        }
    }

    #[test]
    fn the_same_row_waits_the_same_and_rows_differ() {
        assert_eq!(waits("a"), waits("a"));
        assert_ne!(waits("a"), waits("b"));
    }

    #[test]
    fn after_the_last_pause_it_is_dead_for_ever() {
        let schedule = Schedule::new(pauses());
        assert_eq!(schedule.after("a", 7), Retry::Dead);
        assert_eq!(schedule.after("a", u32::MAX), Retry::Dead);
        assert_eq!(Schedule::new(Vec::new()).after("a", 1), Retry::Dead);
    }
}
