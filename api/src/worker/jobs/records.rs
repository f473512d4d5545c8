//! Counts how the requests of agencies fared, where they are many.

use crate::app::{Cx, Error, agencies};
use crate::worker::{Job, Next, Stop};

/// See [`agencies::count_next`].
pub struct Records {
    cx: Cx,
}

impl Records {
    /// The job over this store.
    #[must_use]
    pub fn new(cx: Cx) -> Self {
        Self { cx }
    }
}

impl Job for Records {
    fn name(&self) -> &'static str {
        "records"
    }

    async fn run(&self, stop: &Stop) -> Result<Next, Error> {
        Ok(
            match agencies::count_next(&self.cx, || stop.is_set()).await? {
                true => Next::Again,
                false => Next::Wait,
            },
        )
    }
}
