//! Asks a witness to sign how far the log is.

use takedown_core::log::note::VerifierKey;

use crate::app::{Cx, Error, log};
use crate::worker::witness::Witness;
use crate::worker::{Job, Next, Stop};

/// See [`log::next`]. Each witness has a job of its own, so that one that stalls holds no other.
pub struct Cosign {
    cx: Cx,
    key: VerifierKey,
    witness: Witness,
}

impl Cosign {
    /// The job for the witness with this key.
    #[must_use]
    pub fn new(cx: Cx, key: VerifierKey, witness: Witness) -> Self {
        Self { cx, key, witness }
    }
}

impl Job for Cosign {
    fn name(&self) -> &'static str {
        "cosign"
    }

    async fn run(&self, stop: &Stop) -> Result<Next, Error> {
        // The second time it goes on from the size that the witness has named.
        for first in [true, false] {
            let Some(asking) = log::next(&self.cx, &self.key).await? else {
                break;
            };
            let answer = tokio::select! {
                answer = self.witness.add(&asking.request) => answer,
                () = stop.wait() => {
                    log::release(&self.cx, asking).await?;
                    break;
                }
            };
            if !log::settle(&self.cx, asking, answer, first).await? {
                break;
            }
        }
        Ok(Next::Wait)
    }
}
