//! Those who file go first: while they do, an export rests most of the time.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// So many times as long as it worked an export rests while others file: it takes a tenth of the time.
const RESTS: u32 = 9;
/// Whoever filed so short a time ago files again, as a rule.
const BUSY: Duration = Duration::from_millis(250);
/// No rest is longer: a file that is being made is held by a lease.
const LONGEST: Duration = Duration::from_secs(5);

/// What passes, and how to let it pass.
pub(super) trait Time: Clone + Send + Sync {
    /// Since some moment or other.
    fn now(&self) -> Duration;
    /// Lets so much pass.
    fn sleep(&self, time: Duration) -> impl Future<Output = ()> + Send;
}

/// The time on the wall.
#[derive(Clone)]
pub(super) struct Wall(Instant);

impl Time for Wall {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }

    async fn sleep(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }
}

/// How fast an export goes. Its clones share it.
#[derive(Clone)]
pub(super) struct Pace<T = Wall> {
    time: T,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    /// Since the last rest.
    worked: Duration,
    /// The newest request when somebody looked last; nobody has, at first.
    newest: Option<Option<String>>,
    /// Until when it is taken that others file.
    busy: Duration,
    /// Whether somebody looked since the last rest, and whether it rests until somebody looks again.
    looked: bool,
    rests: bool,
}

impl Default for Pace {
    fn default() -> Self {
        Self::by(Wall(Instant::now()))
    }
}

impl<T: Time> Pace<T> {
    fn by(time: T) -> Self {
        Self {
            time,
            state: Arc::default(),
        }
    }

    /// Does some of the work. Only what is done here counts: who waits for a thread, for a disk that syncs for others, or for a
    /// reader is in nobody's way.
    pub(super) fn work<R>(&self, work: impl FnOnce() -> R) -> R {
        let began = self.time.now();
        let done = work();
        let took = self.time.now().saturating_sub(began);
        self.state().worked += took;
        done
    }

    /// Which request is the newest now. If it is another one than before, somebody filed meanwhile, on whichever node.
    pub(super) fn saw(&self, newest: Option<String>) {
        let now = self.time.now();
        let mut state = self.state();
        if state
            .newest
            .as_ref()
            .is_some_and(|before| *before != newest)
        {
            state.busy = now + BUSY;
        }
        state.newest = Some(newest);
        state.looked = true;
    }

    /// Between two pieces of work: rests if others file.
    pub(super) async fn rest(&self) {
        let worked = {
            let mut state = self.state();
            if std::mem::take(&mut state.looked) {
                state.rests = self.time.now() < state.busy;
            }
            let worked = std::mem::take(&mut state.worked);
            if state.rests { worked } else { Duration::ZERO }
        };
        if !worked.is_zero() {
            let rest = worked.saturating_mul(RESTS).min(LONGEST);
            self.time.sleep(rest).await;
        }
    }

    /// Whether it takes it that others file.
    #[cfg(test)]
    pub(super) fn is_busy(&self) -> bool {
        self.time.now() < self.state().busy
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    /// Time that passes when the test says so.
    #[derive(Clone, Default)]
    struct Hand(Arc<AtomicU64>);

    impl Hand {
        fn pass(&self, time: Duration) {
            let nanos = u64::try_from(time.as_nanos()).unwrap();
            self.0.fetch_add(nanos, Ordering::Relaxed);
        }
    }

    impl Time for Hand {
        fn now(&self) -> Duration {
            Duration::from_nanos(self.0.load(Ordering::Relaxed))
        }

        async fn sleep(&self, time: Duration) {
            self.pass(time);
        }
    }

    const STEP: Duration = Duration::from_millis(6);

    /// How long a hundred steps take while somebody files in those for which `files` says so.
    async fn taken(pace: &Pace<Hand>, files: impl Fn(u32) -> bool) -> Duration {
        let began = pace.time.now();
        let mut filed = 0;
        for step in 0..100 {
            filed += u32::from(files(step));
            pace.work(|| pace.time.pass(STEP));
            pace.saw(Some(filed.to_string()));
            pace.rest().await;
        }
        pace.time.now() - began
    }

    fn begun() -> Pace<Hand> {
        let pace = Pace::by(Hand::default());
        // Where the line was drawn.
        pace.saw(Some("0".to_owned()));
        pace
    }

    #[tokio::test]
    async fn nobody_who_files_means_no_rest() {
        assert_eq!(taken(&begun(), |_| false).await, STEP * 100);
    }

    #[tokio::test]
    async fn of_ten_parts_of_the_time_nine_are_for_those_who_file() {
        assert_eq!(taken(&begun(), |_| true).await, STEP * 1_000);
        // One who waits long for his turn is not overlooked between two steps.
        assert_eq!(taken(&begun(), |step| step % 4 == 0).await, STEP * 1_000);
    }

    #[tokio::test]
    async fn when_they_have_ended_it_goes_on_at_full_speed() {
        // A step with its rest takes 60 ms, so the fifth begins before a quarter of a second is over.
        let taken = taken(&begun(), |step| step == 0).await;
        assert_eq!(taken, STEP * 100 + STEP * 9 * 5);
    }

    #[tokio::test]
    async fn long_work_after_a_long_rest_is_rested_for_as_well() {
        let pace = begun();
        pace.work(|| pace.time.pass(Duration::from_millis(200)));
        pace.saw(Some("1".to_owned()));
        pace.rest().await;
        assert_eq!(pace.time.now(), Duration::from_millis(2_000));
        pace.work(|| pace.time.pass(STEP));
        pace.rest().await;
        assert_eq!(pace.time.now(), Duration::from_millis(2_000) + STEP * 10);
        pace.work(|| pace.time.pass(Duration::from_secs(60)));
        pace.saw(Some("2".to_owned()));
        let before = pace.time.now();
        pace.rest().await;
        assert_eq!(pace.time.now() - before, LONGEST);
    }

    #[tokio::test]
    async fn who_waits_is_in_nobodys_way() {
        let pace = begun();
        pace.saw(Some("1".to_owned()));
        // For a reader, for instance.
        pace.time.pass(BUSY / 2);
        pace.work(|| pace.time.pass(STEP));
        let before = pace.time.now();
        pace.rest().await;
        assert_eq!(pace.time.now() - before, STEP * 9);
    }
}
