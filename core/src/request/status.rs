//! Where a request stands, with exactly the data that each standing has.

use serde::{Deserialize, Serialize};

use super::item::{Item, ItemRestoration};
use crate::{id::ItemId, instrument::Obstacle, text::coded_enum, time::At};

coded_enum! {
    /// Where a request stands, as one word.
    pub enum Status, "a status" {
        /// Stored for good and in the platform's inbox.
        Filed => "filed",
        /// The full text was handed over: this is the receipt.
        Fetched => "fetched",
        /// The platform said "we have it".
        Acknowledged => "acknowledged",
        /// The platform asked or reported an obstacle; the clock stands.
        NeedsInformation => "needs_information",
        /// Every item has an outcome.
        Closed => "closed",
        /// Taken back by the agency.
        Withdrawn => "withdrawn",
    }
}

coded_enum! {
    /// The result of a closed request, derived from its items and never set by hand.
    pub enum ResultCode, "a result" {
        /// All items were acted on.
        Actioned => "actioned",
        /// Some were.
        PartlyActioned => "partly_actioned",
        /// None was.
        NotActioned => "not_actioned",
    }
}

impl ResultCode {
    /// All acted on, some, or none, of those that are still asked for; no items at all are none.
    pub fn derive(items: &[Item]) -> Self {
        let asked = || items.iter().filter(|item| item.withdrawal.is_none());
        match asked().filter(|item| item.acted_on()).count() {
            0 => Self::NotActioned,
            all if all == asked().count() => Self::Actioned,
            _ => Self::PartlyActioned,
        }
    }
}

coded_enum! {
    /// Why an agency takes a request back.
    pub enum WithdrawalReason, "a reason for a withdrawal" {
        /// It should not have been filed.
        Mistake => "mistake",
        /// It was filed before.
        Duplicate => "duplicate",
        /// A court or authority annulled it (for instance TCO Art 4).
        Annulled => "annulled",
        /// Its purpose is gone.
        NoLongerNeeded => "no_longer_needed",
    }
}

coded_enum! {
    /// Why a closed request is opened again.
    pub enum ReopenReason, "a reason for a reopening" {
        /// Something is known now that was not.
        NewFacts => "new_facts",
        /// It was closed wrongly.
        Mistake => "mistake",
        /// The uploader, a court or an authority objected.
        Appeal => "appeal",
    }
}

coded_enum! {
    /// Who has to do the next thing.
    pub enum WaitingFor, "a party that is waited for" {
        /// The platform.
        Platform => "platform",
        /// The agency.
        Agency => "agency",
        /// Each for something: the agency for an answer, the platform for putting back what was taken back.
        Both => "both",
        /// Nothing is open.
        Nobody => "nobody",
    }
}

impl WaitingFor {
    /// The platform is waited for as well while a restoration is unanswered, whatever else is open.
    #[must_use]
    pub fn with_restoration(self, restoration: ItemRestoration) -> Self {
        match (self, restoration) {
            (Self::Nobody, ItemRestoration::Asked) => Self::Platform,
            (Self::Agency, ItemRestoration::Asked) => Self::Both,
            (waiting_for, _) => waiting_for,
        }
    }
}

/// What stops the work while a request needs information.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Awaiting {
    /// The platform asked; the agency answers.
    Question,
    /// The platform cannot act; the newest obstacle is the one that stands.
    Obstacle(Obstacle),
}

impl Awaiting {
    /// Whether an answer of the agency ends it. Force majeure ends when its grounds cease, which only the
    /// platform can say (TCO Art 3(7)); for the other two the clarification is what ends them (Art 3(8)).
    pub const fn ends_with_answer(self) -> bool {
        !matches!(self, Self::Obstacle(Obstacle::ForceMajeure))
    }
}

/// How far a request in work has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reached", rename_all = "snake_case")]
pub enum Reached {
    /// Read, not yet acknowledged.
    Fetched {
        /// The receipt.
        fetched_at: At,
    },
    /// Read and acknowledged.
    Acknowledged {
        /// The receipt.
        fetched_at: At,
        /// The acknowledgement.
        acknowledged_at: At,
    },
}

impl Reached {
    /// The receipt.
    pub const fn fetched_at(&self) -> At {
        match self {
            Self::Fetched { fetched_at } | Self::Acknowledged { fetched_at, .. } => *fetched_at,
        }
    }

    /// The acknowledgement, if it was given.
    pub const fn acknowledged_at(&self) -> Option<At> {
        match self {
            Self::Fetched { .. } => None,
            Self::Acknowledged {
                acknowledged_at, ..
            } => Some(*acknowledged_at),
        }
    }
}

/// How far a request had come when it was withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "snake_case")]
pub enum Progress {
    /// Nobody had read it.
    Filed,
    /// It was in work.
    InWork(Reached),
    /// It was closed.
    Closed(Closure),
}

/// What is known of a closed request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closure {
    /// The receipt.
    pub fetched_at: At,
    /// The acknowledgement.
    pub acknowledged_at: At,
    /// The closing.
    pub closed_at: At,
    /// Derived from the items at that moment.
    pub result: ResultCode,
}

/// Whether a withdrawal asks the platform to undo what it did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "restoration", rename_all = "snake_case")]
pub enum Restoration {
    /// Nothing had been done.
    NotAsked,
    /// Asked for these items; some are unanswered.
    Asked {
        /// The items that had been acted on.
        items: Vec<ItemId>,
    },
    /// Asked for these items, and every one is answered. An answer may still be corrected.
    Answered {
        /// The items that had been acted on.
        items: Vec<ItemId>,
        /// When the last of them was first answered.
        at: At,
    },
}

impl Restoration {
    /// `not_asked`, `asked` or `answered`.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::NotAsked => "not_asked",
            Self::Asked { .. } => "asked",
            Self::Answered { .. } => "answered",
        }
    }

    /// The items that may be answered.
    pub fn items(&self) -> &[ItemId] {
        match self {
            Self::NotAsked => &[],
            Self::Asked { items } | Self::Answered { items, .. } => items,
        }
    }
}

/// The state of a request. Each owns the data that is known in it, and no other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum State {
    /// In the inbox, unread.
    Filed,
    /// Read.
    Fetched {
        /// The receipt.
        fetched_at: At,
    },
    /// "We have it".
    Acknowledged {
        /// The receipt.
        fetched_at: At,
        /// The acknowledgement.
        acknowledged_at: At,
    },
    /// Waiting for an answer or for the end of an obstacle, then back to where it came from.
    NeedsInformation {
        /// Where it came from and goes back to.
        #[serde(flatten)]
        before: Reached,
        /// Since when the clock has stood.
        since: At,
        /// For what.
        awaiting: Awaiting,
    },
    /// Every item has an outcome.
    Closed(Closure),
    /// Taken back; final but for the restoration.
    Withdrawn {
        /// How far it had come.
        #[serde(flatten)]
        before: Progress,
        /// When it was taken back.
        withdrawn_at: At,
        /// Why.
        reason: WithdrawalReason,
        /// What is asked to be undone.
        #[serde(flatten)]
        restoration: Restoration,
    },
}

impl From<Reached> for State {
    fn from(reached: Reached) -> Self {
        match reached {
            Reached::Fetched { fetched_at } => Self::Fetched { fetched_at },
            Reached::Acknowledged {
                fetched_at,
                acknowledged_at,
            } => Self::Acknowledged {
                fetched_at,
                acknowledged_at,
            },
        }
    }
}

impl State {
    /// The state as one word.
    pub const fn status(&self) -> Status {
        match self {
            Self::Filed => Status::Filed,
            Self::Fetched { .. } => Status::Fetched,
            Self::Acknowledged { .. } => Status::Acknowledged,
            Self::NeedsInformation { .. } => Status::NeedsInformation,
            Self::Closed(_) => Status::Closed,
            Self::Withdrawn { .. } => Status::Withdrawn,
        }
    }

    /// How far it has come; what a withdrawal keeps.
    pub const fn progress(&self) -> Progress {
        match self {
            Self::Filed => Progress::Filed,
            Self::Fetched { fetched_at } => Progress::InWork(Reached::Fetched {
                fetched_at: *fetched_at,
            }),
            Self::Acknowledged {
                fetched_at,
                acknowledged_at,
            } => Progress::InWork(Reached::Acknowledged {
                fetched_at: *fetched_at,
                acknowledged_at: *acknowledged_at,
            }),
            Self::NeedsInformation { before, .. } => Progress::InWork(*before),
            Self::Closed(closure) => Progress::Closed(*closure),
            Self::Withdrawn { before, .. } => *before,
        }
    }

    /// The receipt, once there was one.
    pub const fn fetched_at(&self) -> Option<At> {
        match self.progress() {
            Progress::Filed => None,
            Progress::InWork(reached) => Some(reached.fetched_at()),
            Progress::Closed(closure) => Some(closure.fetched_at),
        }
    }

    /// The acknowledgement, once it was given.
    pub const fn acknowledged_at(&self) -> Option<At> {
        match self.progress() {
            Progress::Filed => None,
            Progress::InWork(reached) => reached.acknowledged_at(),
            Progress::Closed(closure) => Some(closure.acknowledged_at),
        }
    }

    /// The closing, while it holds: a reopened request has none.
    pub const fn closed_at(&self) -> Option<At> {
        match self.progress() {
            Progress::Closed(closure) => Some(closure.closed_at),
            Progress::Filed | Progress::InWork(_) => None,
        }
    }

    /// The withdrawal.
    pub const fn withdrawn_at(&self) -> Option<At> {
        match self {
            Self::Withdrawn { withdrawn_at, .. } => Some(*withdrawn_at),
            _ => None,
        }
    }

    /// The result, while the request is closed. A withdrawn request has none, whatever had been done before.
    pub const fn result(&self) -> Option<ResultCode> {
        match self {
            Self::Closed(closure) => Some(closure.result),
            _ => None,
        }
    }

    /// What is asked to be undone; nothing unless withdrawn.
    pub const fn restoration(&self) -> &Restoration {
        match self {
            Self::Withdrawn { restoration, .. } => restoration,
            _ => &Restoration::NotAsked,
        }
    }

    /// Who has to do the next thing.
    pub const fn waiting_for(&self) -> WaitingFor {
        match self {
            Self::Filed | Self::Fetched { .. } | Self::Acknowledged { .. } => WaitingFor::Platform,
            Self::NeedsInformation { awaiting, .. } => {
                if awaiting.ends_with_answer() {
                    WaitingFor::Agency
                } else {
                    WaitingFor::Platform
                }
            }
            Self::Withdrawn {
                restoration: Restoration::Asked { .. },
                ..
            } => WaitingFor::Platform,
            Self::Closed(_) | Self::Withdrawn { .. } => WaitingFor::Nobody,
        }
    }
}
