//! A sighting: after a request an agency saw the same material, or its public, announced or found elsewhere.
//!
//! Sightings and the requests that follow them are a chain that can be walked both ways. It says where material moved and
//! never turns back on itself.

mod chain;
mod graph;
mod week;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    id::{RequestId, SightingId},
    text::{Language, coded_enum},
    time::{At, rfc3339},
};

pub use chain::{Closed, Link, check_open};
pub use graph::{Edge, EdgeKind, Fact, Graph, Node, NodeKind};
pub use week::{Week, WeekError};

/// How often an agency may say anew how sure it is of one sighting.
pub const MAX_REVISIONS: usize = 100;

coded_enum! {
    /// How something was seen.
    pub enum SeenAs, "a way of seeing" {
        /// It was said where to go next; nobody has looked yet whether it is there.
        Announced => "announced",
        /// It was there.
        Found => "found",
    }
}

coded_enum! {
    /// What moved.
    pub enum Moved, "something that moves" {
        /// The material itself: a copy, a mirror, a new upload.
        Material => "material",
        /// Those who read it: a new channel, account or meeting place.
        Audience => "audience",
    }
}

coded_enum! {
    /// How sure the agency is that this is where it moved.
    pub enum Confidence, "a confidence" {
        /// Seen and checked.
        Confirmed => "confirmed",
        /// More likely than not.
        Probable => "probable",
        /// It may be.
        Possible => "possible",
        /// Rather not; kept because it was seen.
        Doubtful => "doubtful",
    }
}

coded_enum! {
    /// How a sighting stands.
    pub enum SightingState, "a state of a sighting" {
        /// Nobody has acted on it.
        Open => "open",
        /// A request follows it.
        Followed => "followed",
        /// It was a mistake. It stays to be seen.
        Retracted => "retracted",
    }
}

coded_enum! {
    /// Where the address of a platform that nobody knows was found.
    pub enum ContactSource, "a source of an address" {
        /// A role address that a host should have: `abuse@` (RFC 2142, section 4).
        AbuseMailbox => "abuse_mailbox",
        /// The file `/.well-known/security.txt` (RFC 9116).
        SecurityTxt => "security_txt",
        /// What the registry of the name or address tells: RDAP (RFC 9082), or WHOIS (RFC 3912).
        Rdap => "rdap",
        /// A page of the site itself, such as an imprint.
        Site => "site",
        /// Somewhere else.
        Other => "other",
    }
}

/// Why, in which words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// The text as written.
    pub text: String,
    /// Its language.
    pub language: Language,
}

/// How sure the agency was before it said something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// What it had said.
    pub was: Confidence,
    /// When it said something else.
    pub at: At,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub why: Option<Words>,
}

/// The part of a sighting that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// Its identifier.
    pub id: SightingId,
    /// After which request it was seen.
    pub from: RequestId,
    /// How sure the agency is.
    pub confidence: Confidence,
    /// How sure it was before, oldest first.
    pub revisions: Vec<Revision>,
    /// The request that follows it.
    pub followed_by: Option<RequestId>,
    /// Since when it was taken back as a mistake.
    pub retracted_at: Option<At>,
}

/// Why a sighting cannot change so.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refused {
    /// It was taken back.
    #[error("the sighting was retracted and stays as it is; record a new one")]
    Retracted,
    /// It was taken back before, for another reason.
    #[error("the sighting was retracted already, at {}, and what was said then stays", rfc3339(*.0))]
    RetractedOtherwise(At),
    /// It was revised too often.
    #[error("a sighting is revised at most {MAX_REVISIONS} times; record a new one")]
    Full,
    /// Another request follows it.
    #[error("{0} follows it already; link it to no request first if that was a mistake")]
    Followed(RequestId),
    /// The chain would turn back.
    #[error(transparent)]
    Closed(#[from] Closed),
}

impl Sighting {
    /// How it stands.
    #[must_use]
    pub const fn state(&self) -> SightingState {
        match (self.retracted_at, self.followed_by) {
            (Some(_), _) => SightingState::Retracted,
            (None, Some(_)) => SightingState::Followed,
            (None, None) => SightingState::Open,
        }
    }

    /// The agency says anew how sure it is. Nothing when it says the same, and no other reason for it than the last one.
    ///
    /// # Errors
    /// [`Refused::Retracted`], [`Refused::Full`].
    pub fn revise(
        &self,
        confidence: Confidence,
        why: Option<Words>,
        at: At,
    ) -> Result<Option<Self>, Refused> {
        self.holds()?;
        let last = self.revisions.last().and_then(|last| last.why.as_ref());
        if confidence == self.confidence && (why.is_none() || why.as_ref() == last) {
            return Ok(None);
        }
        if self.revisions.len() >= MAX_REVISIONS {
            return Err(Refused::Full);
        }
        let mut next = self.clone();
        let was = std::mem::replace(&mut next.confidence, confidence);
        next.revisions.push(Revision { was, at, why });
        Ok(Some(next))
    }

    /// A request follows it, or none does after all. `before` are the links that lead to the request it was seen after.
    /// Nothing when it stands so already.
    ///
    /// # Errors
    /// [`Refused::Retracted`], [`Refused::Followed`], [`Refused::Closed`].
    pub fn follow(
        &self,
        request: Option<RequestId>,
        before: &[Link],
    ) -> Result<Option<Self>, Refused> {
        self.holds()?;
        if request == self.followed_by {
            return Ok(None);
        }
        if let (Some(other), Some(_)) = (self.followed_by, request) {
            return Err(Refused::Followed(other));
        }
        if let Some(to) = request {
            check_open(self.from, to, before)?;
        }
        Ok(Some(Self {
            followed_by: request,
            ..self.clone()
        }))
    }

    /// It was a mistake; `known` is the reason that stands, `why` the one that is given. Nothing when that was said
    /// before, with this reason or with none.
    ///
    /// # Errors
    /// [`Refused::RetractedOtherwise`]: another reason would be lost.
    pub fn retract<W: PartialEq>(
        &self,
        known: Option<&W>,
        why: Option<&W>,
        at: At,
    ) -> Result<Option<Self>, Refused> {
        match self.retracted_at {
            Some(before) if why.is_some() && why != known => {
                Err(Refused::RetractedOtherwise(before))
            }
            Some(_) => Ok(None),
            None => Ok(Some(Self {
                retracted_at: Some(at),
                ..self.clone()
            })),
        }
    }

    const fn holds(&self) -> Result<(), Refused> {
        match self.retracted_at {
            Some(_) => Err(Refused::Retracted),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
