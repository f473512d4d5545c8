//! The webhooks that this node is at, each in a task of its own.

use std::collections::{HashMap, HashSet};

use tokio::task::{Id, JoinError, JoinSet};

/// Which task is at which webhook.
#[derive(Default)]
pub(super) struct Lanes {
    tasks: JoinSet<()>,
    busy: HashMap<Id, String>,
}

impl Lanes {
    /// How many webhooks are worked on.
    pub(super) fn len(&self) -> usize {
        self.busy.len()
    }

    /// Works on a webhook until that ends.
    pub(super) fn start(
        &mut self,
        webhook: String,
        work: impl Future<Output = ()> + Send + 'static,
    ) {
        let task = self.tasks.spawn(work).id();
        self.busy.insert(task, webhook);
    }

    /// Of these the first `room` that nobody here is at. The lease of one that is being worked on can lapse.
    pub(super) fn free(&self, mut due: Vec<String>, room: usize) -> Vec<String> {
        let busy: HashSet<&String> = self.busy.values().collect();
        due.retain(|webhook| !busy.contains(webhook));
        due.truncate(room);
        due
    }

    /// Waits until the work on one ends, and tells which it was on; nothing when there is no work.
    pub(super) async fn ended(&mut self) -> Option<String> {
        let ended = self.tasks.join_next_with_id().await?;
        self.freed(ended)
    }

    /// As [`Lanes::ended`], without waiting.
    pub(super) fn ended_already(&mut self) -> Option<String> {
        let ended = self.tasks.try_join_next_with_id()?;
        self.freed(ended)
    }

    /// Waits for all that is under way.
    pub(super) async fn finish(mut self) {
        while self.ended().await.is_some() {}
    }

    fn freed(&mut self, ended: Result<(Id, ()), JoinError>) -> Option<String> {
        let task = match ended {
            Ok((task, ())) => task,
            Err(error) => {
                tracing::error!(%error, "sending a webhook panicked");
                error.id()
            }
        };
        self.busy.remove(&task)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic)]
    use super::*;

    fn named(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[tokio::test]
    async fn one_that_panicked_may_be_taken_again_while_another_goes_on() {
        let mut lanes = Lanes::default();
        lanes.start("stalls".to_owned(), std::future::pending());
        lanes.start("panics".to_owned(), async { panic!("on purpose") });
        let due = || named(&["stalls", "panics"]);
        assert!(lanes.free(due(), 2).is_empty());
        assert_eq!(lanes.ended().await.as_deref(), Some("panics"));
        assert_eq!(lanes.free(due(), 2), ["panics"]);
        assert_eq!((lanes.len(), lanes.ended_already()), (1, None));
    }

    #[tokio::test]
    async fn what_is_busy_takes_no_room() {
        let mut lanes = Lanes::default();
        for name in ["one", "two"] {
            lanes.start(name.to_owned(), std::future::pending());
        }
        let due = named(&["one", "two", "three", "four", "five"]);
        assert_eq!(lanes.free(due, 2), ["three", "four"]);
    }
}
