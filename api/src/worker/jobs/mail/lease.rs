//! What a run has taken, and for how long it may still act on it.

use std::future::Future;
use std::time::{Duration, Instant};

use tokio::sync::watch;

use crate::app::notify::{self, Due, Lease, Outcome};
use crate::app::{Cx, Error};

const TRY_AGAIN_AFTER: Duration = Duration::from_millis(500);

/// A short lease that is renewed as long as this process lives, so that what a dead one held is soon free. Its end is
/// kept on this machine's own monotonic clock, which nobody can set back.
pub(super) struct Held {
    lease: Lease,
    ids: Vec<String>,
    time: Duration,
    until: watch::Sender<Instant>,
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
            until: watch::Sender::new(until),
        };
        Ok((held, due))
    }

    /// Renews the lease after each pause until it is dropped, or nothing is held any more: everything is settled, or
    /// another node has taken it over, which then ends what is still being done here.
    pub(super) async fn keep(&self, cx: &Cx, pause: Duration) {
        loop {
            tokio::time::sleep(pause).await;
            let now = Instant::now();
            match notify::renew(cx, &self.lease, &self.ids, self.time).await {
                Ok(0) => {
                    self.until.send_replace(now);
                    return;
                }
                Ok(_) => {
                    self.until.send_replace(now + self.time);
                }
                Err(error) => tracing::warn!(%error, "a lease on mails could not be renewed"),
            }
        }
    }

    /// Whether it is still ours.
    pub(super) fn is_ours(&self) -> bool {
        Instant::now() < *self.until.borrow()
    }

    /// Does the work unless the lease ends under it; then it is dropped, so that nobody else is doing it, too.
    pub(super) async fn while_ours<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let ended = async {
            let mut end = self.until.subscribe();
            while self.is_ours() {
                let until = *end.borrow_and_update();
                tokio::select! {
                    () = tokio::time::sleep_until(until.into()) => {}
                    _ = end.changed() => {}
                }
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::app::tests::fixture::World;
    use crate::app::tests::patience::in_time;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn work_ends_with_a_lease_that_nobody_renews() {
        let world = World::new().await;
        world.referral().await;
        let (held, due) = Held::take(&world.cx, Duration::from_millis(1), 1)
            .await
            .unwrap();
        assert_eq!(due.len(), 1);
        let endless = held.while_ours(std::future::pending::<()>());
        assert!(in_time("the end of the lease", endless).await.is_none());
        assert!(!held.is_ours());
    }
}
