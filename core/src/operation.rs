//! An operation: requests that belong together over several platforms, and the agencies that work on it together.
//!
//! It groups a site, its host, its registrar and the accounts that promote it. One agency leads; others are invited by
//! it and decide for themselves. An operation has no state of its own: its progress is counted from its requests.

mod progress;

use thiserror::Error;

use crate::{id::AgencyId, text::coded_enum, time::At};

pub use progress::{Progress, Standing};

/// Longest label, in characters.
pub const MAX_LABEL: usize = 100;
/// Most agencies that one operation has besides its lead.
pub const MAX_MEMBERS: usize = 100;

coded_enum! {
    /// Which part the target of a request plays in an operation.
    pub enum TargetRole, "a part in an operation" {
        /// Where the material lies.
        Site => "site",
        /// Who hosts the site, or what stands before it.
        Host => "host",
        /// Who registered its name.
        Registrar => "registrar",
        /// An account, channel or page that leads people there.
        Promoter => "promoter",
        /// Another copy of the site or of its material.
        Mirror => "mirror",
        /// Any other part.
        Other => "other",
    }
}

coded_enum! {
    /// How an agency stands to an operation.
    pub enum Membership, "a membership" {
        /// It began the operation and invites others.
        Lead => "lead",
        /// It accepted an invitation.
        Joined => "joined",
        /// It was asked and has not answered.
        Invited => "invited",
        /// It declined, left, or its part was ended.
        Left => "left",
    }
}

impl Membership {
    /// Whether it sees the progress and which requests there are, and may add its own.
    #[must_use]
    pub const fn takes_part(self) -> bool {
        matches!(self, Self::Lead | Self::Joined)
    }
}

/// An agency that is in an operation, or was asked to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// Which agency.
    pub agency: AgencyId,
    /// How it stands to the operation.
    pub membership: Membership,
    /// When it was last invited.
    pub invited_at: At,
    /// When it answered, or its part was ended.
    pub answered_at: Option<At>,
}

/// Who works on an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    lead: AgencyId,
    members: Vec<Member>,
}

/// Why an agency's part in an operation cannot change so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TeamError {
    /// Only the lead invites and ends.
    #[error("only the agency that leads the operation may do this")]
    NotLead,
    /// The lead is in it by itself.
    #[error("the agency leads the operation; it is not invited and cannot leave")]
    IsLead,
    /// It is in it already.
    #[error("the agency has joined already")]
    AlreadyJoined,
    /// It was never asked, or its part is over.
    #[error("the agency is neither invited nor joined; the lead invites it first")]
    NotInvited,
    /// There is no room.
    #[error("an operation has at most {MAX_MEMBERS} agencies besides its lead")]
    Full,
}

impl Team {
    /// A team as it was stored.
    #[must_use]
    pub const fn new(lead: AgencyId, members: Vec<Member>) -> Self {
        Self { lead, members }
    }

    /// Who leads.
    #[must_use]
    pub const fn lead(&self) -> AgencyId {
        self.lead
    }

    /// The others, in the order of their first invitation.
    #[must_use]
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// How an agency stands to the operation; nothing when it has no business with it, or none any more.
    #[must_use]
    pub fn membership(&self, agency: AgencyId) -> Option<Membership> {
        if agency == self.lead {
            return Some(Membership::Lead);
        }
        self.members
            .iter()
            .find(|member| member.agency == agency)
            .map(|member| member.membership)
            .filter(|membership| *membership != Membership::Left)
    }

    /// The lead invites an agency. Inviting one that has not answered changes nothing but the date.
    ///
    /// # Errors
    /// [`TeamError::NotLead`], [`TeamError::IsLead`], [`TeamError::AlreadyJoined`], [`TeamError::Full`].
    pub fn invite(&self, by: AgencyId, agency: AgencyId, at: At) -> Result<Member, TeamError> {
        self.led_by(by)?;
        match self.membership(agency) {
            Some(Membership::Lead) => return Err(TeamError::IsLead),
            Some(Membership::Joined) => return Err(TeamError::AlreadyJoined),
            Some(Membership::Invited | Membership::Left) | None => {}
        }
        let known = self.members.iter().any(|member| member.agency == agency);
        if !known && self.members.len() >= MAX_MEMBERS {
            return Err(TeamError::Full);
        }
        Ok(Member {
            agency,
            membership: Membership::Invited,
            invited_at: at,
            answered_at: None,
        })
    }

    /// An agency answers for itself: joins, declines, or leaves. Nothing when it stands so already.
    ///
    /// # Errors
    /// [`TeamError::IsLead`], [`TeamError::NotInvited`].
    pub fn answer(
        &self,
        agency: AgencyId,
        joins: bool,
        at: At,
    ) -> Result<Option<Member>, TeamError> {
        let member = self.member(agency)?;
        let wanted = if joins {
            Membership::Joined
        } else {
            Membership::Left
        };
        Ok((member.membership != wanted).then_some(Member {
            membership: wanted,
            answered_at: Some(at),
            ..member
        }))
    }

    /// The lead takes an invitation back, or ends an agency's part. The requests it added stay in the operation.
    ///
    /// # Errors
    /// [`TeamError::NotLead`], [`TeamError::IsLead`], [`TeamError::NotInvited`].
    pub fn remove(&self, by: AgencyId, agency: AgencyId, at: At) -> Result<Member, TeamError> {
        self.led_by(by)?;
        Ok(Member {
            membership: Membership::Left,
            answered_at: Some(at),
            ..self.member(agency)?
        })
    }

    fn led_by(&self, by: AgencyId) -> Result<(), TeamError> {
        if by == self.lead {
            Ok(())
        } else {
            Err(TeamError::NotLead)
        }
    }

    /// The agency, while it is invited or joined.
    fn member(&self, agency: AgencyId) -> Result<Member, TeamError> {
        if agency == self.lead {
            return Err(TeamError::IsLead);
        }
        self.members
            .iter()
            .find(|member| member.agency == agency && member.membership != Membership::Left)
            .copied()
            .ok_or(TeamError::NotInvited)
    }
}

#[cfg(test)]
mod tests;
