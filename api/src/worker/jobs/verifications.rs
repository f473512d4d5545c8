//! Reminds of verifications that end.

use crate::app::{Cx, Error, notify};
use crate::worker::{Job, Next, Stop};

/// See [`notify::remind_of_verifications`].
pub struct Verifications {
    cx: Cx,
}

impl Verifications {
    /// The job over this store.
    #[must_use]
    pub fn new(cx: Cx) -> Self {
        Self { cx }
    }
}

impl Job for Verifications {
    fn name(&self) -> &'static str {
        "verifications"
    }

    async fn run(&self, _: &Stop) -> Result<Next, Error> {
        notify::remind_of_verifications(&self.cx).await?;
        Ok(Next::Wait)
    }
}
