//! The webhooks that this node is at, each in a task of its own.

use std::collections::{HashMap, HashSet};

use tokio::task::{Id, JoinError, JoinSet};

/// Which task is at which webhook.
#[derive(Default)]
pub(super) struct Lanes {
    tasks: JoinSet<()>,
    busy: HashMap<Id, Lane>,
}

struct Lane {
    webhook: String,
    party: String,
}

impl Lanes {
    /// How many webhooks are worked on.
    pub(super) fn len(&self) -> usize {
        self.busy.len()
    }

    /// Works on a webhook of a party until that ends.
    pub(super) fn start(
        &mut self,
        (webhook, party): (String, String),
        work: impl Future<Output = ()> + Send + 'static,
    ) {
        let task = self.tasks.spawn(work).id();
        self.busy.insert(task, Lane { webhook, party });
    }

    /// Those of these that nobody here is at. The lease of one that is being worked on can lapse.
    pub(super) fn free(&self, mut due: Vec<String>) -> Vec<String> {
        let busy: HashSet<&String> = self.busy.values().map(|lane| &lane.webhook).collect();
        due.retain(|webhook| !busy.contains(webhook));
        due
    }

    /// Waits until the work on one ends, and tells whose it was; nothing when there is no work.
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
        self.busy.remove(&task).map(|lane| lane.party)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic)]
    use super::*;

    fn named(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    fn lane(webhook: &str) -> (String, String) {
        (webhook.to_owned(), format!("party of {webhook}"))
    }

    #[tokio::test]
    async fn one_that_panicked_may_be_taken_again_while_another_goes_on() {
        let mut lanes = Lanes::default();
        lanes.start(lane("stalls"), std::future::pending());
        lanes.start(lane("panics"), async { panic!("on purpose") });
        let due = || named(&["stalls", "panics"]);
        assert!(lanes.free(due()).is_empty());
        assert_eq!(lanes.ended().await.as_deref(), Some("party of panics"));
        assert_eq!(lanes.free(due()), ["panics"]);
        assert_eq!((lanes.len(), lanes.ended_already()), (1, None));
    }

    #[tokio::test]
    async fn what_is_busy_takes_no_room() {
        let mut lanes = Lanes::default();
        for name in ["one", "two"] {
            lanes.start(lane(name), std::future::pending());
        }
        let due = named(&["one", "two", "three", "four"]);
        assert_eq!(lanes.free(due), ["three", "four"]);
    }
}
