//! Tells that the time for which something is kept comes to its end.

use crate::app::{Cx, Error, notify};
use crate::worker::{Job, Next, Stop};

/// See [`notify::watch_kept`].
pub struct Kept {
    cx: Cx,
}

impl Kept {
    /// The job over this store.
    #[must_use]
    pub fn new(cx: Cx) -> Self {
        Self { cx }
    }
}

impl Job for Kept {
    fn name(&self) -> &'static str {
        "kept"
    }

    async fn run(&self, _: &Stop) -> Result<Next, Error> {
        notify::watch_kept(&self.cx).await?;
        Ok(Next::Wait)
    }
}
