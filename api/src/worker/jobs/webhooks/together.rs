//! Writing down together what ended at about the same time.
//!
//! Each webhook is worked on in a task of its own. If each of them wrote by itself, a message would cost a commit, and that bounds how
//! many are sent. While one of them writes, the others queue up, and the next one writes for all of them: nobody waits for a clock.

use std::sync::{Mutex, PoisonError};

use tokio::sync::{Mutex as Turns, oneshot};

/// So many are written in one commit.
const MOST: usize = 64;

/// What waits to be written, each with where its answer goes.
pub(super) struct Together<T, D> {
    waiting: Mutex<Vec<(T, oneshot::Sender<D>)>>,
    turn: Turns<()>,
}

impl<T, D> Default for Together<T, D> {
    fn default() -> Self {
        Self {
            waiting: Mutex::default(),
            turn: Turns::default(),
        }
    }
}

impl<T, D> Together<T, D> {
    /// Writes down one with whatever else waits, and gives what came of it: nothing when it could not be written. `write` gives an
    /// answer for each, in their order, or none at all.
    pub(super) async fn add<F>(&self, one: T, write: impl Fn(Vec<T>) -> F) -> Option<D>
    where
        F: Future<Output = Option<Vec<D>>>,
    {
        let (answer, mut answered) = oneshot::channel();
        self.lock().push((one, answer));
        loop {
            tokio::select! {
                // Whose answer is there leaves the queue: with a turn of his own he would write what came just now, and that alone.
                biased;
                answer = &mut answered => return answer.ok(),
                // Who has a turn takes all that waits then. Beyond the most that is written at once he may be left over himself.
                _turn = self.turn.lock() => self.write(&write).await,
            }
        }
    }

    async fn write<F>(&self, write: &impl Fn(Vec<T>) -> F)
    where
        F: Future<Output = Option<Vec<D>>>,
    {
        let (all, answers): (Vec<T>, Vec<oneshot::Sender<D>>) = {
            let mut waiting = self.lock();
            let count = waiting.len().min(MOST);
            waiting.drain(..count).unzip()
        };
        if all.is_empty() {
            return;
        }
        // Where nothing was written, whoever waits learns it from the answer that does not come.
        for (answer, done) in answers
            .into_iter()
            .zip(write(all).await.unwrap_or_default())
        {
            // Who has gone meanwhile gives nothing back: the lease ends.
            let _ = answer.send(done);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<(T, oneshot::Sender<D>)>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::cell::RefCell;

    use futures_util::FutureExt as _;
    use futures_util::future::join_all;

    use super::*;

    #[tokio::test]
    async fn who_comes_while_somebody_writes_is_in_the_next_commit() {
        const LANES: usize = 200;
        const ROUNDS: usize = 20;
        let together = Together::<usize, usize>::default();
        let commits = RefCell::new(Vec::new());
        let commits = &commits;
        let write = |all: Vec<usize>| async move {
            commits.borrow_mut().push(all.len());
            // As long as it takes that everybody else comes to wait.
            tokio::task::yield_now().await;
            Some(all)
        };
        let lane = |lane: usize| {
            let together = &together;
            async move {
                for round in 0..ROUNDS {
                    let one = lane * ROUNDS + round;
                    assert_eq!(together.add(one, write).await, Some(one));
                }
            }
        };
        join_all((0..LANES).map(lane)).await;
        let commits = commits.take();
        assert_eq!(commits.iter().sum::<usize>(), LANES * ROUNDS);
        assert!(commits.iter().all(|count| *count <= MOST));
        assert!(commits.len() <= LANES * ROUNDS / 16, "{commits:?}");
    }

    #[tokio::test]
    async fn who_was_answered_does_not_wait_for_a_turn() {
        let together = Together::<&str, &str>::default();
        let write = |_: Vec<&'static str>| std::future::ready(None);
        let turn = together.turn.lock().await;
        let mut waits = Box::pin(together.add("one", write));
        assert_eq!(waits.as_mut().now_or_never(), None);
        let (_, answer) = together.lock().pop().unwrap();
        answer.send("done").unwrap();
        assert_eq!(waits.as_mut().now_or_never(), Some(Some("done")));
        drop(turn);
    }

    #[tokio::test]
    async fn what_was_not_written_has_no_answer() {
        let together = Together::<&str, &str>::default();
        let write = |_: Vec<&'static str>| std::future::ready(None);
        assert_eq!(together.add("one", write).await, None);
    }
}
