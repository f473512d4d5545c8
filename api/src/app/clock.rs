//! What time it is.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::TimeDelta;
use takedown_core::time::{At, LAST, from_millis};
use uuid::{NoContext, Timestamp, Uuid};

use super::export::MARGIN;

/// The clock of use cases. In a sandbox it is ahead of the real one; in tests time passes when the test says so, not while it sleeps.
/// Those who share it by cloning see the same time.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    /// In milliseconds.
    ahead: Arc<AtomicI64>,
    /// As if it had passed for the whole world, in milliseconds.
    #[cfg(test)]
    passed: Arc<AtomicI64>,
}

impl Clock {
    /// This instant, to the millisecond: what is shown, stored and compared is one and the same.
    #[must_use]
    pub fn now(&self) -> At {
        at(self
            .real_millis()
            .saturating_add(self.ahead.load(Ordering::SeqCst)))
    }

    /// This instant as everybody else has it. For what others judge by their own clocks: tokens, and signatures with a time in them.
    #[must_use]
    pub fn real(&self) -> At {
        at(self.real_millis())
    }

    /// How far it is ahead of the real one.
    #[must_use]
    pub fn ahead(&self) -> TimeDelta {
        TimeDelta::try_milliseconds(self.ahead.load(Ordering::SeqCst)).unwrap_or(TimeDelta::MAX)
    }

    /// Puts it ahead of the real one by so many milliseconds, unless it is ahead by more already.
    pub(in crate::app) fn lead(&self, millis: i64) {
        self.ahead.fetch_max(millis, Ordering::SeqCst);
    }

    /// A fresh identifier for what is looked for by the time in its identifier. Exports look somewhat earlier and later than they are
    /// asked for, which is enough for the clocks of nodes and not for that of a sandbox.
    pub(in crate::app) fn identifier(now: At) -> Uuid {
        let ahead = now.signed_duration_since(chrono::Utc::now());
        let seconds = u64::try_from(now.timestamp());
        match seconds {
            Ok(seconds) if ahead >= MARGIN => {
                let nanos = now.timestamp_subsec_nanos();
                Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, nanos))
            }
            _ => Uuid::now_v7(),
        }
    }

    /// Lets time pass, for everybody who shares this clock.
    #[cfg(test)]
    pub(crate) fn pass(&self, time: TimeDelta) {
        self.passed
            .fetch_add(time.num_milliseconds(), Ordering::SeqCst);
    }

    #[cfg(not(test))]
    fn real_millis(&self) -> i64 {
        chrono::Utc::now().timestamp_millis()
    }

    #[cfg(test)]
    fn real_millis(&self) -> i64 {
        chrono::Utc::now().timestamp_millis() + self.passed.load(Ordering::SeqCst)
    }
}

fn at(millis: i64) -> At {
    from_millis(millis).unwrap_or(LAST)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn it_goes_forward_only_and_for_all_who_share_it() {
        let clock = Clock::default();
        let shared = clock.clone();
        for lead in [7_200_000, 1] {
            clock.lead(lead);
            let real = shared.real();
            assert!(shared.now() - real >= TimeDelta::hours(2));
        }
        clock.lead(i64::MAX);
        assert_eq!(shared.now(), LAST);
        assert!(shared.real() < shared.now());
    }

    #[test]
    fn an_identifier_holds_the_time_of_a_clock_that_is_far_ahead() {
        let now = chrono::Utc::now();
        let held = |id: Uuid| {
            let (seconds, _) = id.get_timestamp().unwrap().to_unix();
            i64::try_from(seconds).unwrap()
        };
        let later = now + TimeDelta::days(40);
        assert_eq!(held(Clock::identifier(later)), later.timestamp());
        let soon = now + TimeDelta::hours(20);
        assert!((held(Clock::identifier(soon)) - now.timestamp()).abs() < 60);
        assert!(Clock::identifier(soon) < Clock::identifier(later));
    }
}
