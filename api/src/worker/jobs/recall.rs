//! Asks a witness what it signed last, for a node that remembers nothing.

use takedown_core::log::note::VerifierKey;

use crate::app::{Cx, Error, log};
use crate::worker::witness::Witness;
use crate::worker::{Job, Next, Stop};

/// See [`log::hear`]. Once it is heard there is nothing left to do.
pub struct Recall {
    cx: Cx,
    key: VerifierKey,
    witness: Witness,
}

impl Recall {
    /// The job for the witness with this key.
    #[must_use]
    pub fn new(cx: Cx, key: VerifierKey, witness: Witness) -> Self {
        Self { cx, key, witness }
    }

    /// It shows none: it signed none, or does not know the log at all. That is told apart by what it is asked to sign.
    async fn ask(&self, stop: &Stop) -> Result<(), Error> {
        let Some(question) = log::question(&self.cx).await? else {
            return Ok(());
        };
        let answer = tokio::select! {
            answer = self.witness.add(&question) => answer,
            () = stop.wait() => return Ok(()),
        };
        log::answered(&self.cx, &self.key, &question, answer).await
    }
}

impl Job for Recall {
    fn name(&self) -> &'static str {
        "recall"
    }

    async fn run(&self, stop: &Stop) -> Result<Next, Error> {
        let Some(own) = self
            .cx
            .log
            .key()
            .filter(|_| self.cx.log.asks(&self.key, self.cx.now()))
        else {
            return Ok(Next::Wait);
        };
        let origin = own.verifier().name().as_str();
        let answer = tokio::select! {
            answer = self.witness.latest(origin) => answer,
            () = stop.wait() => return Ok(Next::Wait),
        };
        let witness = self.key.name();
        match answer {
            Ok(answer) if answer.status == 200 => {
                match String::from_utf8_lossy(&answer.body).parse() {
                    Ok(shown) => log::hear(&self.cx, &self.key, Some(shown)).await?,
                    // Something else answers in its place.
                    Err(why) => tracing::warn!(%witness, %why, "the witness shows no checkpoint"),
                }
            }
            Ok(answer) if answer.status == 404 => self.ask(stop).await?,
            Ok(answer) => {
                let status = answer.status;
                tracing::warn!(%witness, status, "the witness does not say what it signed last");
            }
            Err(why) => {
                tracing::warn!(%witness, why, "the witness does not say what it signed last")
            }
        }
        Ok(Next::Wait)
    }
}
