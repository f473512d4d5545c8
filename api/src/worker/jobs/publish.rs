//! Makes what is published of what was asked and what came of it.

use crate::app::transparency::{Publishing, publish};
use crate::app::{Cx, Error};
use crate::worker::{Job, Next, Stop};

/// See [`publish`].
pub struct Publish {
    cx: Cx,
    how: Publishing,
}

impl Publish {
    /// The job over this store.
    #[must_use]
    pub fn new(cx: Cx, how: Publishing) -> Self {
        Self { cx, how }
    }
}

impl Job for Publish {
    fn name(&self) -> &'static str {
        "publish"
    }

    async fn run(&self, stop: &Stop) -> Result<Next, Error> {
        let made = publish(&self.cx, self.how, || stop.is_set()).await?;
        Ok(if made { Next::Again } else { Next::Wait })
    }
}
