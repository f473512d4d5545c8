//! One thing to act on, as far as the state of its request depends on it.

use serde::{Deserialize, Serialize};

use super::{
    outcome::{Outcome, OutcomeCode},
    status::WithdrawalReason,
};
use crate::{id::ItemId, text::coded_enum, time::At};

/// An item of a request. What it shows and where it lies is kept beside it; decisions need neither.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Its identifier.
    pub id: ItemId,
    /// Its place in the filing, from 1.
    pub position: i32,
    /// The latest outcome; earlier ones are in the history.
    pub outcome: Option<Outcome>,
    /// Taken back by itself, while the rest of the request goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawal: Option<ItemWithdrawal>,
    /// What was answered to the restoration that was asked, once it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<RestorationAnswer>,
}

/// The answer to a restoration, beside what had been done: two facts, of which neither takes the other's place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestorationAnswer {
    /// `restored`, or one of the `declined_…`.
    pub outcome: Outcome,
    /// When the exchange was told.
    pub at: At,
    /// The outcome for which restoration was asked. It stands unless the item was put back.
    pub done: Option<Outcome>,
}

/// How one item was taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemWithdrawal {
    /// When.
    pub at: At,
    /// Why.
    pub reason: WithdrawalReason,
    /// It had been acted on at that moment, so that restoration was asked.
    pub restore: bool,
}

coded_enum! {
    /// How it stands with putting one item back.
    pub enum ItemRestoration, "a standing of a restoration" {
        /// Nothing had been done to it, or it was not taken back.
        NotAsked => "not_asked",
        /// Asked, and not yet answered.
        Asked => "asked",
        /// Answered: put back, or refused to.
        Answered => "answered",
    }
}

impl Item {
    /// An item as it is filed.
    pub const fn new(id: ItemId, position: i32) -> Self {
        Self {
            id,
            position,
            outcome: None,
            withdrawal: None,
            answer: None,
        }
    }

    /// Answers the restoration that was asked. The item shows `restored` only if it was put back; whoever declines leaves
    /// it as it was.
    pub(super) fn answer(&mut self, outcome: Outcome, at: At) {
        let done = match self.answer.take() {
            Some(earlier) => earlier.done,
            None => self.outcome.take(),
        };
        self.outcome = match outcome.code {
            OutcomeCode::Restored => Some(outcome.clone()),
            _ => done.clone(),
        };
        self.answer = Some(RestorationAnswer { outcome, at, done });
    }

    /// What was said last: to the restoration that was asked, or of the item itself.
    pub(super) fn said(&self, of_restoration: bool) -> Option<&Outcome> {
        if of_restoration {
            self.answer.as_ref().map(|answer| &answer.outcome)
        } else {
            self.outcome.as_ref()
        }
    }

    /// Whether the latest outcome did something to the item.
    pub fn acted_on(&self) -> bool {
        self.outcome
            .as_ref()
            .is_some_and(|outcome| outcome.code.acted_on())
    }
}
