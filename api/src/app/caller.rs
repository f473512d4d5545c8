//! Who calls a use case, and through which door.

use takedown_core::history::{Author, By, Via};
use takedown_core::id::{ClientId, PlatformId};
use takedown_core::policy::{Action, Actor, Denied, Party, Reach, Role, Scope};

use super::Error;

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
    /// Whoever came by the answer link of a mail. He acts as the platform, with what the policy lets a platform do; that he
    /// does so on one request is seen to by whoever opened the link. There is no client: none is named in the history.
    #[must_use]
    pub fn by_link(platform: PlatformId) -> Self {
        let scopes = [Scope::RequestsRead, Scope::RequestsWrite];
        Self {
            client: ClientId::from_uuid(platform.uuid()),
            actor: Actor::new(Party::Platform(platform), scopes.into_iter().collect()),
            via: Via::Link,
        }
    }

    /// Whether he may see what is escrowed: the name of an officer, and whom the material is thought to come from. Both
    /// are for the agency itself and for auditors, but those appointed for one platform, who see what that platform sees.
    #[must_use]
    pub const fn sees_escrowed(&self) -> bool {
        match self.actor.role() {
            Role::Agency => true,
            Role::Auditor => !matches!(self.actor.reach(), Reach::Platform(_)),
            Role::Platform | Role::Operator | Role::Anonymous => false,
        }
    }

    /// Whoever says where an inbox is told has to be allowed to read it: otherwise he would have it told to himself.
    ///
    /// # Errors
    /// [`Denied::InsufficientScope`] names the scope that is missing.
    pub fn reads_what_he_sends(&self, action: Action) -> Result<(), Error> {
        let scope = Scope::InboxRead;
        if self.actor.scopes().contains(scope) {
            return Ok(());
        }
        Err(Error::Denied(Denied::InsufficientScope { action, scope }))
    }

    /// The caller as the history names him when his agency acts as the scrutinising authority.
    #[must_use]
    pub fn as_authority(&self) -> Author {
        let author = self.author();
        match author.by {
            By::Agency { id } => Author {
                by: By::Authority { id },
                ..author
            },
            _ => author,
        }
    }

    /// Somebody who sees of a request what its platform sees.
    #[must_use]
    pub fn seeing_as(&self, platform: PlatformId) -> Self {
        Self {
            actor: Actor::new(Party::Platform(platform), self.actor.scopes()),
            ..self.clone()
        }
    }

    /// Whether he may read what an uploader wrote and what he was answered: it may tell who that is, which is no business
    /// of the agency that asked.
    #[must_use]
    pub const fn reads_uploaders(&self) -> bool {
        match self.actor.role() {
            Role::Platform => true,
            Role::Auditor => !matches!(self.actor.reach(), Reach::Agency(_)),
            Role::Agency | Role::Operator | Role::Anonymous => false,
        }
    }

    /// The caller as the history names him.
    #[must_use]
    pub fn author(&self) -> Author {
        Author {
            by: By::from(self.actor.party()),
            via: self.via,
            client: (self.via != Via::Link).then_some(self.client),
        }
    }
}
