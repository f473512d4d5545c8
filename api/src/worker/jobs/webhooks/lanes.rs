//! The webhooks that this node is at, each in a task of its own.

use std::collections::{HashMap, HashSet};

use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::Instant;

use super::HELD_FOR;

/// Which task is at which webhook. A task tells whether this node could sign.
#[derive(Default)]
pub(super) struct Lanes {
    tasks: JoinSet<bool>,
    busy: HashMap<Id, Lane>,
    /// What this node could not sign, and when it looks again. The others are to go on, so none of this stands in the database.
    unsigned: HashMap<String, Instant>,
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

    /// How many webhooks are left alone now.
    pub(super) fn passed_over(&mut self, now: Instant) -> usize {
        self.unsigned.retain(|_, until| *until > now);
        self.busy.len() + self.unsigned.len()
    }

    /// Works on a webhook of a party until that ends.
    pub(super) fn start(
        &mut self,
        (webhook, party): (String, String),
        work: impl Future<Output = bool> + Send + 'static,
    ) {
        let task = self.tasks.spawn(work).id();
        self.busy.insert(task, Lane { webhook, party });
    }

    /// Those of these that are not left alone. The lease of one that is being worked on can lapse.
    pub(super) fn free(&self, mut due: Vec<String>) -> Vec<String> {
        let busy: HashSet<&String> = self.busy.values().map(|lane| &lane.webhook).collect();
        due.retain(|webhook| !busy.contains(webhook) && !self.unsigned.contains_key(webhook));
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

    fn freed(&mut self, ended: Result<(Id, bool), JoinError>) -> Option<String> {
        let (task, signed) = ended.unwrap_or_else(|error| {
            tracing::error!(%error, "sending a webhook panicked");
            (error.id(), true)
        });
        let lane = self.busy.remove(&task)?;
        if !signed {
            self.unsigned
                .insert(lane.webhook, Instant::now() + HELD_FOR);
        }
        Some(lane.party)
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
    async fn what_cannot_be_signed_here_is_left_to_the_others_for_a_while() {
        let mut lanes = Lanes::default();
        lanes.start(lane("foreign"), std::future::ready(false));
        assert_eq!(lanes.ended().await.as_deref(), Some("party of foreign"));
        let now = Instant::now();
        assert_eq!((lanes.len(), lanes.passed_over(now)), (0, 1));
        assert!(lanes.free(named(&["foreign"])).is_empty());
        assert_eq!(lanes.passed_over(now + HELD_FOR), 0);
        assert_eq!(lanes.free(named(&["foreign"])), ["foreign"]);
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
