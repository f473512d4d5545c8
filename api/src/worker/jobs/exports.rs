//! Makes the files that somebody asked for.

use crate::app::export::Maker;
use crate::app::{Cx, Error};
use crate::worker::{Job, Next, Stop};

/// See [`Maker::make_next`].
pub struct Exports {
    maker: Maker,
}

impl Exports {
    /// The job over this store.
    #[must_use]
    pub fn new(cx: Cx) -> Self {
        Self {
            maker: Maker::new(cx),
        }
    }
}

impl Job for Exports {
    fn name(&self) -> &'static str {
        "exports"
    }

    async fn run(&self, stop: &Stop) -> Result<Next, Error> {
        let made = self.maker.make_next(|| stop.is_set()).await?;
        Ok(match made && !stop.is_set() {
            true => Next::Again,
            false => Next::Wait,
        })
    }
}
