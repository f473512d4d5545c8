//! Forgets what has served its time.

use crate::app::{Cx, Error, housekeeping};
use crate::worker::{Job, Next, Stop};

/// See [`housekeeping::forget`].
pub struct Forget {
    cx: Cx,
}

impl Forget {
    /// The job over this store.
    #[must_use]
    pub fn new(cx: Cx) -> Self {
        Self { cx }
    }
}

impl Job for Forget {
    fn name(&self) -> &'static str {
        "forget"
    }

    async fn run(&self, _: &Stop) -> Result<Next, Error> {
        let forgotten = housekeeping::forget(&self.cx).await?;
        if forgotten != housekeeping::Forgotten::default() {
            tracing::debug!(
                answers = forgotten.answers,
                assertions = forgotten.assertions,
                keys = forgotten.keys,
                exports = forgotten.exports,
                receipts = forgotten.receipts,
                checkpoints = forgotten.checkpoints,
                deliveries = forgotten.deliveries,
                "forgot what has served its time"
            );
        }
        Ok(Next::Wait)
    }
}
