//! One thing to act on, as far as the state of its request depends on it.

use serde::{Deserialize, Serialize};

use super::outcome::Outcome;
use crate::id::ItemId;

/// An item of a request. What it shows and where it lies is kept beside it; decisions need neither.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Its identifier.
    pub id: ItemId,
    /// Its place in the filing, from 1.
    pub position: i32,
    /// The latest outcome; earlier ones are in the history.
    pub outcome: Option<Outcome>,
}

impl Item {
    /// Whether the latest outcome did something to the item.
    pub fn acted_on(&self) -> bool {
        self.outcome
            .as_ref()
            .is_some_and(|outcome| outcome.code.acted_on())
    }
}
