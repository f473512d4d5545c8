//! What a run has taken, and for how long it may still act on it.

use std::future::Future;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::app::notify::{self, Due, Lease, Outcome};
use crate::app::{Cx, Error};

/// So often a lease is renewed while it lasts: one renewal may fail without harm.
const RENEWALS: u32 = 4;
const TRY_AGAIN_AFTER: Duration = Duration::from_millis(500);

/// A short lease that is renewed as long as this process lives, so that what a dead one held is soon free. Its end is
/// kept on this machine's own monotonic clock, which nobody can set back.
pub(super) struct Held {
    lease: Lease,
    ids: Vec<String>,
    time: Duration,
    until: Mutex<Instant>,
}

impl Held {
    pub(super) async fn take(
        cx: &Cx,
        time: Duration,
        limit: i64,
    ) -> Result<(Self, Vec<Due>), Error> {
        // Measured from before the call: our end never comes later than the one in the database.
        let until = Instant::now() + time;
        let (lease, due) = notify::lease(cx, time, limit).await?;
        let held = Self {
            lease,
            ids: due.iter().map(|due| due.id.clone()).collect(),
            time,
            until: Mutex::new(until),
        };
        Ok((held, due))
    }

    /// Renews the lease until it is dropped, or nothing is held any more.
    pub(super) async fn keep(&self, cx: &Cx) {
        loop {
            tokio::time::sleep(self.time / RENEWALS).await;
            let until = Instant::now() + self.time;
            match notify::renew(cx, &self.lease, &self.ids, self.time).await {
                Ok(0) => return,
                Ok(_) => *self.until.lock().unwrap_or_else(PoisonError::into_inner) = until,
                Err(error) => tracing::warn!(%error, "a lease on mails could not be renewed"),
            }
        }
    }

    /// Whether it is still ours.
    pub(super) fn is_ours(&self) -> bool {
        Instant::now() < self.until()
    }

    fn until(&self) -> Instant {
        *self.until.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does the work unless the lease ends under it; then it is dropped, so that nobody else is doing it, too.
    pub(super) async fn while_ours<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let ended = async {
            while self.is_ours() {
                tokio::time::sleep_until(self.until().into()).await;
            }
        };
        tokio::select! {
            done = work => Some(done),
            () = ended => None,
        }
    }

    /// Settles; a store that fails is asked again while the lease lasts, since after it the mail would be repeated.
    pub(super) async fn settle(&self, cx: &Cx, due: &Due, outcome: &Outcome) {
        loop {
            match notify::settle(cx, &self.lease, &due.id, outcome).await {
                Ok(true) => return,
                Ok(false) => {
                    tracing::warn!(delivery = %due.id, "another node has taken this mail over");
                    return;
                }
                Err(error) => {
                    tracing::warn!(delivery = %due.id, %error, "what became of a mail could not be stored");
                    if !self.is_ours() || matches!(outcome, Outcome::Released) {
                        return;
                    }
                    tokio::time::sleep(TRY_AGAIN_AFTER).await;
                }
            }
        }
    }
}
