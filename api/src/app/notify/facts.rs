//! What was true when a notification was queued.

use serde::{Deserialize, Serialize};
use takedown_core::instrument::Obstacle;
use takedown_core::request::{Awaiting, State};
use takedown_core::time::At;

use crate::app::requests::RequestView;

/// Kept in the outbox row. Counts and the obstacle are told as they were when it happened, however late the mail
/// leaves; who is asked, whether he may be written to, and by when he must act are looked up when it is sent. Neither
/// locators nor texts are ever part of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The deadline at that moment, for whoever reads the row.
    pub due_at: Option<At>,
    /// Items asked about.
    pub items: i32,
    /// Items without an outcome.
    pub undecided: i32,
    /// Items that were acted on.
    pub acted_on: usize,
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
}

impl Facts {
    /// What is true of a request now.
    #[must_use]
    pub fn of(view: &RequestView) -> Self {
        let state = &view.request.state;
        Self {
            due_at: view.request.clock.due_at(),
            items: view.items_count,
            undecided: view.undecided_count,
            acted_on: view.items.iter().filter(|i| i.item.acted_on()).count(),
            result: view.request.result().map(|r| r.as_str().to_owned()),
            status: view.request.status().as_str().to_owned(),
            obstacle: match state {
                State::NeedsInformation {
                    awaiting: Awaiting::Obstacle(obstacle),
                    ..
                } => Some(*obstacle),
                _ => None,
            },
            restoration_asked: matches!(
                state.restoration(),
                takedown_core::request::Restoration::Asked { .. }
            ),
        }
    }
}
