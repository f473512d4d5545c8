//! Destroys content whose time is over, and what the database's log still holds of what was destroyed.

use crate::app::retention::{Erased, Times, erase_what_is_old};
use crate::app::{Cx, Error, StoreError};
use crate::worker::{Job, Next, Stop};

/// See [`erase_what_is_old`].
pub struct Erase {
    cx: Cx,
    times: Times,
}

impl Erase {
    /// The job over this store.
    #[must_use]
    pub fn new(cx: Cx, times: Times) -> Self {
        Self { cx, times }
    }
}

impl Job for Erase {
    fn name(&self) -> &'static str {
        "erase"
    }

    async fn run(&self, _: &Stop) -> Result<Next, Error> {
        let erased = erase_what_is_old(&self.cx, &self.times).await?;
        let store = self.cx.store.clone();
        let forgotten = tokio::task::spawn_blocking(move || store.forget_old_pages()).await;
        forgotten.map_err(|e| StoreError::Unavailable(e.to_string()))??;
        if erased != Erased::default() {
            tracing::info!(
                requests = erased.requests,
                rows = erased.rows,
                "erased content whose time is over"
            );
        }
        Ok(Next::Wait)
    }
}
