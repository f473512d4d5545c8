//! Gives what was written its place in the log, and signs it.

use crate::app::{Cx, Error, log};
use crate::worker::{Job, Next, Stop};

/// See [`log::advance`].
pub struct Seal {
    cx: Cx,
}

impl Seal {
    /// The job over this store.
    #[must_use]
    pub fn new(cx: Cx) -> Self {
        Self { cx }
    }
}

impl Job for Seal {
    fn name(&self) -> &'static str {
        "seal"
    }

    async fn run(&self, _: &Stop) -> Result<Next, Error> {
        log::advance(&self.cx).await?;
        Ok(Next::Wait)
    }
}
