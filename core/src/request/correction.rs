//! What may be put right after a filing, by whom, and until when.
//!
//! A correction puts a new fact in the place of an old one, which stays visible. What says *what is asked*, of whom and
//! under which power is never corrected: it is withdrawn and filed anew, because whoever read or decided the first
//! version would find himself asked for something else.

use serde::{Deserialize, Serialize};

use super::status::Status;
use crate::{instrument::Kind, text::coded_enum, time::At};

coded_enum! {
    /// A fact of a filing that can be corrected.
    pub enum Fact, "a fact that can be corrected" {
        /// The statement of reasons.
        Reasons => "reasons",
        /// The reasons in another language.
        Translation => "translation",
        /// The codes of the grounds.
        Grounds => "grounds",
        /// The provision of law cited.
        Provision => "provision",
        /// When it was formally served; also recorded with this for the first time.
        Service => "service",
        /// The officer in charge.
        Officer => "officer",
        /// The agency's own file number.
        AgencyReference => "agency_reference",
        /// What an item shows, in words.
        Description => "description",
        /// The language of an item.
        Language => "language",
        /// How graphic an item is.
        Graphic => "graphic",
        /// When an item was seen.
        SeenAt => "seen_at",
    }
}

impl Fact {
    /// Whether a platform needs it to judge or to find what it is asked about. Such a correction, given while the
    /// platform waits for the agency, is the clarification it waits for (TCO Art 3(8)).
    pub const fn clarifies(self) -> bool {
        !matches!(self, Self::Officer | Self::AgencyReference | Self::Service)
    }

    /// Whether the fact may be corrected in a request of this kind that stands there.
    ///
    /// # Errors
    /// Why not, and what to do instead.
    pub const fn correctable(self, kind: Kind, status: Status) -> Result<(), &'static str> {
        match (self, kind, status) {
            (Self::Officer | Self::AgencyReference, _, _) => Ok(()),
            (Self::Service, Kind::Referral, _) => {
                Err("a referral is not served; it has no clock that service could start")
            }
            (_, _, Status::Closed) => {
                Err("the request is closed on what was known; reopen it with new_facts first")
            }
            (
                Self::Grounds | Self::Provision,
                Kind::Order,
                Status::Fetched | Status::Acknowledged,
            ) => Err(
                "the platform has read the order, and another ground or provision makes it another order; withdraw it \
                 and issue a new one, or answer with it when the platform reports a manifest error (TCO Article 3(8))",
            ),
            _ => Ok(()),
        }
    }
}

/// A day of service that was recorded or corrected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Served {
    /// The day that was recorded before, if one was.
    pub was: Option<At>,
    /// When it was served.
    pub now: At,
}

/// What a correction comes to, as far as the state of the request depends on it. The texts are kept beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// The facts that change.
    pub facts: Vec<Fact>,
    /// With [`Fact::Service`]: when.
    pub served: Option<Served>,
}

coded_enum! {
    /// Why a platform puts another outcome in the place of one it gave.
    pub enum RevisionReason, "a reason for a revision" {
        /// It was wrong or is out of date.
        Correction => "correction",
        /// Whoever put the item there complained, and was right.
        AppealUpheld => "appeal_upheld",
        /// A court decided so.
        Court => "court",
        /// An authority decided so.
        Authority => "authority",
    }
}

coded_enum! {
    /// How sure an agency is of whom the material comes from.
    pub enum Confidence, "a confidence" {
        /// Known.
        Confirmed => "confirmed",
        /// More likely than not.
        Probable => "probable",
        /// It may be.
        Possible => "possible",
        /// Rather not.
        Doubtful => "doubtful",
        /// Somebody else may have put it there to have it taken for the source's: please wait.
        SuspectedDecoy => "suspected_decoy",
    }
}

impl Confidence {
    /// Whether it asks the platform to wait rather than to remove. An order cannot: it says the opposite.
    pub const fn asks_to_wait(self) -> bool {
        matches!(self, Self::SuspectedDecoy)
    }
}
