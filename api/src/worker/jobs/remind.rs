//! Reminds of deadlines that come near.

use crate::app::{Cx, Error, notify};
use crate::worker::{Job, Next, Stop};

/// See [`notify::remind`].
pub struct Remind {
    cx: Cx,
}

impl Remind {
    /// The job over this store.
    #[must_use]
    pub fn new(cx: Cx) -> Self {
        Self { cx }
    }
}

impl Job for Remind {
    fn name(&self) -> &'static str {
        "remind"
    }

    async fn run(&self, _: &Stop) -> Result<Next, Error> {
        notify::remind(&self.cx).await?;
        Ok(Next::Wait)
    }
}
