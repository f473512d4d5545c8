//! What was true when a notification was queued.

use serde::{Deserialize, Serialize};
use takedown_core::history::Digest;
use takedown_core::instrument::Obstacle;
use takedown_core::request::{Awaiting, ItemRestoration, State, Status};
use takedown_core::time::At;

use crate::app::requests::RequestView;

/// Kept in the outbox row. Counts and the obstacle are told as they were when it happened, however late the mail
/// leaves; who is asked, whether he may be written to, and by when he must act are looked up when it is sent. Neither
/// locators nor texts nor the content of a document are ever part of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The deadline at that moment, for whoever reads the row.
    pub due_at: Option<At>,
    /// Items that are asked about, without those that were taken back by themselves.
    pub items: i32,
    /// Items without an outcome.
    pub undecided: i32,
    /// Items that were acted on.
    pub acted_on: usize,
    /// Items whose uploader was told while that was forbidden, as the platform says.
    #[serde(default)]
    pub told: usize,
    /// Once closed, the result.
    pub result: Option<String>,
    /// The status.
    pub status: String,
    /// The obstacle that stands.
    #[serde(default)]
    pub obstacle: Option<Obstacle>,
    /// Whether putting things back is asked and not yet answered.
    #[serde(default)]
    pub restoration_asked: bool,
    /// Whether the platform is asked to wait, because a decoy is suspected.
    #[serde(default)]
    pub asks_to_wait: bool,
    /// Until when the uploader may not be told.
    #[serde(default)]
    pub silent_until: Option<At>,
    /// Until when what was removed is, or was, to be kept.
    #[serde(default)]
    pub kept_until: Option<At>,
    /// The document that came with it.
    #[serde(default)]
    pub document: Option<Attached>,
    /// The one address that it may go to: a new answer link goes where the one before went.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// For a mail about an operation: the agency whose part it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<String>,
}

/// A document as it is told of: never its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attached {
    /// What it is called.
    pub name: String,
    /// SHA-256 of its bytes.
    pub digest: Digest,
}

impl Facts {
    /// What a mail about no request tells: nothing that could change until it leaves.
    #[must_use]
    pub fn none() -> Self {
        Self {
            due_at: None,
            items: 0,
            undecided: 0,
            acted_on: 0,
            told: 0,
            result: None,
            status: String::new(),
            obstacle: None,
            restoration_asked: false,
            asks_to_wait: false,
            silent_until: None,
            kept_until: None,
            document: None,
            contact: None,
            member: None,
        }
    }

    /// What is true of a request now.
    #[must_use]
    pub fn of(view: &RequestView) -> Self {
        let state = &view.request.state;
        let whole = view.request.status() == Status::Withdrawn;
        let asked = || {
            let items = view.items.iter().map(|i| &i.item);
            items.filter(move |item| whole || item.withdrawal.is_none())
        };
        Self {
            due_at: view.request.clock.due_at(),
            items: i32::try_from(asked().count()).unwrap_or(i32::MAX),
            undecided: i32::try_from(asked().filter(|item| item.outcome.is_none()).count())
                .unwrap_or(i32::MAX),
            acted_on: asked().filter(|item| item.acted_on()).count(),
            told: view.told_all_the_same().count(),
            result: view.request.result().map(|r| r.as_str().to_owned()),
            status: view.request.status().as_str().to_owned(),
            obstacle: match state {
                State::NeedsInformation {
                    awaiting: Awaiting::Obstacle(obstacle),
                    ..
                } => Some(*obstacle),
                _ => None,
            },
            restoration_asked: view.restoration == ItemRestoration::Asked,
            asks_to_wait: view.asks_to_wait(),
            silent_until: view.filing.non_disclosure.as_ref().map(|held| held.until),
            kept_until: view.preservation.as_ref().map(|kept| kept.until),
            document: view.document.as_ref().map(|document| Attached {
                name: document.name.clone(),
                digest: document.digest,
            }),
            contact: None,
            member: None,
        }
    }
}
