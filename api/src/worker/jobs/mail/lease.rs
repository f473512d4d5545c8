//! What a run has taken, and for how long it may still act on it.

use std::time::{Duration, Instant};

use crate::app::notify::{self, Due, Lease, Outcome};
use crate::app::{Cx, Error};

const TRY_AGAIN_AFTER: Duration = Duration::from_millis(500);

/// A lease with its end on this machine's own monotonic clock, which nobody can set back.
pub(super) struct Held {
    lease: Lease,
    until: Instant,
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
        Ok((Self { lease, until }, due))
    }

    /// Whether the lease is still ours after this long.
    pub(super) fn outlasts(&self, work: Duration) -> bool {
        Instant::now() + work <= self.until
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
                    if !self.outlasts(TRY_AGAIN_AFTER) || matches!(outcome, Outcome::Released) {
                        return;
                    }
                    tokio::time::sleep(TRY_AGAIN_AFTER).await;
                }
            }
        }
    }
}
