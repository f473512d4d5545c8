//! Who may do what: a table a lawyer can read.
//!
//! [`authorize`] is the only maker of a [`Permit`], and everything that reads or changes asks for one. The order of
//! the refusals hides what a caller may not know: role and scope are judged first and do not depend on what exists,
//! so a foreign request answers exactly like one that never was.

mod action;
mod scope;
mod table;

use thiserror::Error;

pub use action::Action;
pub use scope::{Scope, Scopes};
pub use table::{Cell, cell, table};

use crate::{
    id::{AgencyId, PlatformId},
    request::Side,
    text::coded_enum,
};

coded_enum! {
    /// As what somebody acts.
    pub enum Role, "a role" {
        /// Files and withdraws.
        Agency => "agency",
        /// Reads what it is asked, and answers.
        Platform => "platform",
        /// Reads and exports, changes nothing.
        Auditor => "auditor",
        /// Registers the parties, reads no request.
        Operator => "operator",
        /// Anybody at all.
        Anonymous => "anonymous",
    }
}

/// Which requests somebody may know of. Finders put it into their query, so that foreign rows do not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reach {
    /// All.
    Everything,
    /// Those of one agency.
    Agency(AgencyId),
    /// Those to one platform.
    Platform(PlatformId),
    /// None.
    Nothing,
}

impl Reach {
    /// Whether a request between these two lies within it.
    pub fn covers(self, agency: AgencyId, platform: PlatformId) -> bool {
        match self {
            Self::Everything => true,
            Self::Agency(own) => own == agency,
            Self::Platform(own) => own == platform,
            Self::Nothing => false,
        }
    }

    fn covers_resource(self, resource: Resource) -> bool {
        match resource {
            Resource::Exchange => true,
            Resource::Request { agency, platform } => self.covers(agency, platform),
            Resource::Agency(id) => self == Self::Everything || self == Self::Agency(id),
            Resource::Platform(id) => self == Self::Everything || self == Self::Platform(id),
        }
    }
}

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Party {
    /// An agency.
    Agency(AgencyId),
    /// A platform.
    Platform(PlatformId),
    /// An auditor of everything, of one agency or of one platform.
    Auditor(Reach),
    /// The operator.
    Operator,
    /// Nobody who said who he is.
    Anonymous,
}

/// Who acts, and what his credentials were made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Actor {
    party: Party,
    scopes: Scopes,
}

impl Actor {
    /// An actor with these scopes. Scopes that his role can never use have no effect.
    pub const fn new(party: Party, scopes: Scopes) -> Self {
        Self { party, scopes }
    }

    /// Somebody unknown.
    pub const fn anonymous() -> Self {
        Self::new(Party::Anonymous, Scopes::none())
    }

    /// Who acts.
    pub const fn party(&self) -> Party {
        self.party
    }

    /// As what.
    pub const fn role(&self) -> Role {
        match self.party {
            Party::Agency(_) => Role::Agency,
            Party::Platform(_) => Role::Platform,
            Party::Auditor(_) => Role::Auditor,
            Party::Operator => Role::Operator,
            Party::Anonymous => Role::Anonymous,
        }
    }

    /// The agency, if it is one that acts.
    pub const fn agency(&self) -> Option<AgencyId> {
        match self.party {
            Party::Agency(id) => Some(id),
            _ => None,
        }
    }

    /// The platform, if it is one that acts.
    pub const fn platform(&self) -> Option<PlatformId> {
        match self.party {
            Party::Platform(id) => Some(id),
            _ => None,
        }
    }

    /// The side of a request, if it is one that acts.
    pub const fn side(&self) -> Option<Side> {
        match self.party {
            Party::Agency(_) => Some(Side::Agency),
            Party::Platform(_) => Some(Side::Platform),
            _ => None,
        }
    }

    /// What the credentials were made for.
    pub const fn scopes(&self) -> Scopes {
        self.scopes
    }

    /// Which requests he may know of.
    pub const fn reach(&self) -> Reach {
        match self.party {
            Party::Agency(id) => Reach::Agency(id),
            Party::Platform(id) => Reach::Platform(id),
            Party::Auditor(reach) => reach,
            Party::Operator | Party::Anonymous => Reach::Nothing,
        }
    }
}

/// What an action is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource {
    /// Nothing in particular: lists, filings, registrations, clients, the documents.
    Exchange,
    /// What is known of an agency.
    Agency(AgencyId),
    /// What is known of a platform.
    Platform(PlatformId),
    /// One request.
    Request {
        /// Who asks.
        agency: AgencyId,
        /// Who is asked.
        platform: PlatformId,
    },
}

/// Proof that an action was authorised. Only [`authorize`] makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permit {
    action: Action,
    actor: Actor,
    reach: Reach,
}

impl Permit {
    /// What was authorised.
    pub const fn action(&self) -> Action {
        self.action
    }

    /// Who was.
    pub const fn actor(&self) -> Actor {
        self.actor
    }

    /// Which requests the permit reaches: every finder narrows its query to it.
    pub const fn reach(&self) -> Reach {
        self.reach
    }
}

/// Why an action was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Denied {
    /// It is none of the actor's business, so for him it does not exist (404).
    #[error("there is no such thing")]
    Hidden,
    /// Nobody said who he is (401).
    #[error("this needs a caller who is known")]
    Unauthenticated,
    /// His role never may (403).
    #[error("an actor in the role of {role} may not {action}")]
    Forbidden {
        /// As what he acts.
        role: Role,
        /// What he wanted.
        action: Action,
    },
    /// His role may, but his credentials were not made for it (403).
    #[error("{action} needs the scope {scope}")]
    InsufficientScope {
        /// What he wanted.
        action: Action,
        /// What is missing.
        scope: Scope,
    },
}

/// Judges whether an actor may do something to a resource.
///
/// # Errors
/// [`Denied`] says how to refuse.
pub fn authorize(actor: &Actor, action: Action, resource: &Resource) -> Result<Permit, Denied> {
    let role = actor.role();
    let (scope, reach) = match cell(action, role) {
        Cell::Open => (None, actor.reach()),
        Cell::Own(scope) => (Some(scope), actor.reach()),
        Cell::All(scope) => (Some(scope), Reach::Everything),
        Cell::No if role == Role::Anonymous => return Err(Denied::Unauthenticated),
        Cell::No => return Err(Denied::Forbidden { role, action }),
    };
    if let Some(scope) = scope
        && !actor.scopes.contains(scope)
    {
        return Err(Denied::InsufficientScope { action, scope });
    }
    if !reach.covers_resource(*resource) {
        return Err(Denied::Hidden);
    }
    Ok(Permit {
        action,
        actor: *actor,
        reach,
    })
}

#[cfg(test)]
mod tests;
