//! Writing down together what ended at about the same time.
//!
//! Each webhook is worked on in a task of its own. If each of them wrote by itself, a message would cost a commit, and that bounds how
//! many are sent. While one of them writes, the others queue up, and the next one writes for all of them: nobody waits for a clock.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex as Turns, oneshot};

use crate::app::webhooks::{self, Round};
use crate::app::{Cx, Error};
use crate::store::StoreError;

/// So many rounds are written in one commit.
const MOST: usize = 64;

type Answer = oneshot::Sender<Result<bool, Error>>;

/// What waits to be written.
#[derive(Default)]
pub(super) struct Together {
    waiting: Mutex<Vec<(Round, Answer)>>,
    turn: Turns<()>,
}

impl Together {
    /// Writes down a round, with whatever else waits; says whether another one follows. See [`webhooks::settle`].
    pub(super) async fn settle(
        &self,
        cx: &Cx,
        round: Round,
        time: Duration,
    ) -> Result<bool, Error> {
        let (answer, answered) = oneshot::channel();
        self.lock().push((round, answer));
        {
            // Everybody who waits takes a turn, and each takes all that waits then, so that nothing is left over.
            let _turn = self.turn.lock().await;
            self.write(cx, time).await;
        }
        let lost = "what became of a webhook's messages could not be written";
        answered
            .await
            .unwrap_or_else(|_| Err(Error::Store(StoreError::Unavailable(lost.into()))))
    }

    async fn write(&self, cx: &Cx, time: Duration) {
        let (rounds, answers): (Vec<Round>, Vec<Answer>) = {
            let mut waiting = self.lock();
            let count = waiting.len().min(MOST);
            waiting.drain(..count).unzip()
        };
        if rounds.is_empty() {
            return;
        }
        match webhooks::settle(cx, rounds, time).await {
            Ok(each) => {
                for (answer, settled) in answers.into_iter().zip(each) {
                    // Who has gone meanwhile gives nothing back: the lease ends.
                    let _ = answer.send(settled);
                }
            }
            // Whoever waits learns it from the answer that does not come.
            Err(error) => tracing::warn!(%error, "what webhooks were sent could not be written"),
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<(Round, Answer)>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
