//! Who calls a use case, and through which door.

use takedown_core::history::{Author, By, Via};
use takedown_core::id::ClientId;
use takedown_core::policy::Actor;

/// An authenticated caller.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The API client whose credentials were used.
    pub client: ClientId,
    /// What the policy judges: party and scopes.
    pub actor: Actor,
    /// The door.
    pub via: Via,
}

impl Caller {
    /// The caller as the history names him.
    #[must_use]
    pub fn author(&self) -> Author {
        Author {
            by: By::from(self.actor.party()),
            via: self.via,
            client: Some(self.client),
        }
    }
}
