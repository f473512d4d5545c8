//! Lets the robots of a sandbox act.

use crate::app::{Cx, Error, sandbox};
use crate::worker::{Job, Next, Stop};

/// See [`sandbox::act`].
pub struct Robots {
    cx: Cx,
}

impl Robots {
    /// The job over this store.
    #[must_use]
    pub fn new(cx: Cx) -> Self {
        Self { cx }
    }
}

impl Job for Robots {
    fn name(&self) -> &'static str {
        "robots"
    }

    async fn run(&self, _: &Stop) -> Result<Next, Error> {
        sandbox::act(&self.cx).await?;
        Ok(Next::Wait)
    }
}
