//! The copy of an order to the authority of the platform's country, and what that authority finds.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    id::AgencyId,
    instrument::ScrutinyRule,
    text::coded_enum,
    time::{At, rfc3339},
};

/// How the authority gets its copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "way", rename_all = "snake_case")]
pub enum CopySent {
    /// Through the exchange, in the commit of the filing.
    Exchange {
        /// To whom.
        authority: AgencyId,
        /// When.
        at: At,
    },
    /// No authority of that country is registered here: the agency sends it by another way.
    Due,
    /// The agency says that it sent it.
    ByHand {
        /// To whom.
        to: String,
        /// When.
        at: At,
    },
}

coded_enum! {
    /// Who asks for scrutiny.
    pub enum Requester, "somebody who asks for scrutiny" {
        /// The platform.
        Platform => "platform",
        /// Whoever put the material there, through the platform.
        ContentProvider => "content_provider",
    }
}

/// That scrutiny was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// By whom.
    pub by: Requester,
    /// When.
    pub at: At,
}

coded_enum! {
    /// What an authority finds.
    pub enum Finding, "a finding" {
        /// The order does not infringe the law or fundamental rights seriously or manifestly.
        NoInfringement => "no_infringement",
        /// It does: it ceases to have effect.
        Infringement => "infringement",
    }
}

/// What the authority decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// What it found.
    pub finding: Finding,
    /// When.
    pub at: At,
    /// After the time it has.
    pub late: bool,
}

/// The copy and the scrutiny of one order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scrutiny {
    /// In how many hours it is decided.
    pub decide_hours: u32,
    /// In how many hours it can be asked for.
    pub request_hours: u32,
    /// Where both are written down.
    pub citation: String,
    /// The copy.
    pub copy: CopySent,
    /// Whether it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<Asked>,
    /// When the authority told the issuing one that it means to find an infringement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub announced_at: Option<At>,
    /// What it decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
}

/// Why something about a scrutiny is not possible.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ScrutinyError {
    /// There is nothing to send by hand.
    #[error("the authority has its copy already")]
    Copied,
    /// The copy was not sent at that time.
    #[error("lies {0}; a copy is sent when the order is filed, or later, and recorded afterwards")]
    CopyTime(&'static str),
    /// Nobody here can be asked.
    #[error(
        "no authority of the platform's country is registered at this exchange: ask it directly ({0})"
    )]
    NobodyToAsk(String),
    /// It was asked for before.
    #[error("scrutiny was asked for already, at {}", rfc3339(*.0))]
    AskedAlready(At),
    /// The time for asking is over.
    #[error("scrutiny is asked for within {hours} hours: that was until {} ({citation})", rfc3339(*.until))]
    AskedLate {
        /// How many hours there were.
        hours: u32,
        /// Until when.
        until: At,
        /// Where it is written down.
        citation: String,
    },
    /// When the content provider was told is missing, or cannot be.
    #[error("{0}")]
    InformedAt(&'static str),
    /// The time for acting on one's own initiative is over.
    #[error("nobody asked for scrutiny, and on its own initiative the authority acts within {hours} hours of the copy: that was until {} ({citation})", rfc3339(*.until))]
    InitiativeOver {
        /// How many hours there were.
        hours: u32,
        /// Until when.
        until: At,
        /// Where it is written down.
        citation: String,
    },
    /// The issuing authority is told first.
    #[error(
        "before an infringement is found the issuing authority is told of it and why: announce it first ({0})"
    )]
    NotAnnounced(String),
    /// It was decided before.
    #[error("the authority decided at {}", rfc3339(*.0))]
    Decided(At),
}

fn hours(from: At, hours: u32) -> At {
    from.checked_add_signed(TimeDelta::hours(hours.into()))
        .unwrap_or(crate::time::LAST)
}

impl Scrutiny {
    /// What begins with the filing of an order: the copy goes at once to the authority, if it is registered here.
    #[must_use]
    pub fn begin(rule: &ScrutinyRule, authority: Option<AgencyId>, at: At) -> Self {
        Self {
            decide_hours: rule.decide_hours,
            request_hours: rule.request_hours,
            citation: rule.citation.clone(),
            copy: authority.map_or(CopySent::Due, |authority| CopySent::Exchange {
                authority,
                at,
            }),
            asked: None,
            announced_at: None,
            decision: None,
        }
    }

    /// The authority that has the copy here.
    #[must_use]
    pub const fn authority(&self) -> Option<AgencyId> {
        match &self.copy {
            CopySent::Exchange { authority, .. } => Some(*authority),
            CopySent::Due | CopySent::ByHand { .. } => None,
        }
    }

    /// When the copy was sent, if it was.
    #[must_use]
    pub const fn copied_at(&self) -> Option<At> {
        match &self.copy {
            CopySent::Exchange { at, .. } | CopySent::ByHand { at, .. } => Some(*at),
            CopySent::Due => None,
        }
    }

    /// Until when the authority decides: from the request, else from the copy. Nothing once it has.
    #[must_use]
    pub fn due_at(&self) -> Option<At> {
        let from = self.asked.map(|asked| asked.at).or(self.copied_at())?;
        self.decision
            .is_none()
            .then(|| hours(from, self.decide_hours))
    }

    /// Until when a platform that received the order at `received_at` can ask for scrutiny.
    #[must_use]
    pub fn ask_until(&self, received_at: At) -> At {
        hours(received_at, self.request_hours)
    }

    /// Until when it can be asked for, by a platform that received the order at `received_at`, or is to be decided; nothing
    /// once it is.
    #[must_use]
    pub fn open_until(&self, received_at: Option<At>) -> Option<At> {
        if self.decision.is_some() {
            return None;
        }
        let ask_until = received_at
            .filter(|_| self.asked.is_none() && self.authority().is_some())
            .map(|at| self.ask_until(at));
        self.due_at().max(ask_until)
    }

    /// The agency records that it sent the copy by another way.
    ///
    /// # Errors
    /// [`ScrutinyError::Copied`], [`ScrutinyError::CopyTime`].
    pub fn sent_by_hand(
        self,
        to: String,
        at: At,
        filed_at: At,
        now: At,
    ) -> Result<Self, ScrutinyError> {
        if self.copy != CopySent::Due {
            return Err(ScrutinyError::Copied);
        }
        if at > now {
            return Err(ScrutinyError::CopyTime("in the future"));
        }
        if at < filed_at {
            return Err(ScrutinyError::CopyTime("before the order was filed"));
        }
        Ok(Self {
            copy: CopySent::ByHand { to, at },
            ..self
        })
    }

    /// Somebody asks for scrutiny at `now`: the platform, which received the order at `received_at`, or the content
    /// provider, whom it told at `informed_at`.
    ///
    /// # Errors
    /// [`ScrutinyError::NobodyToAsk`], [`ScrutinyError::Decided`], [`ScrutinyError::AskedAlready`],
    /// [`ScrutinyError::InformedAt`], [`ScrutinyError::AskedLate`].
    pub fn ask(
        self,
        by: Requester,
        received_at: At,
        informed_at: Option<At>,
        now: At,
    ) -> Result<Self, ScrutinyError> {
        if self.authority().is_none() {
            return Err(ScrutinyError::NobodyToAsk(self.citation));
        }
        if let Some(decision) = self.decision {
            return Err(ScrutinyError::Decided(decision.at));
        }
        if let Some(asked) = self.asked {
            return Err(ScrutinyError::AskedAlready(asked.at));
        }
        let from = match (by, informed_at) {
            (Requester::Platform, None) => received_at,
            (Requester::Platform, Some(_)) => {
                return Err(ScrutinyError::InformedAt(
                    "belongs to a request of the content provider",
                ));
            }
            (Requester::ContentProvider, None) => {
                return Err(ScrutinyError::InformedAt(
                    "say when the content provider was told: the time for asking counts from then",
                ));
            }
            (Requester::ContentProvider, Some(at)) if at > now => {
                return Err(ScrutinyError::InformedAt("lies in the future"));
            }
            (Requester::ContentProvider, Some(at)) if at < received_at => {
                return Err(ScrutinyError::InformedAt(
                    "lies before you received the order",
                ));
            }
            (Requester::ContentProvider, Some(at)) => at,
        };
        let until = self.ask_until(from);
        if now > until {
            return Err(ScrutinyError::AskedLate {
                hours: self.request_hours,
                until,
                citation: self.citation,
            });
        }
        Ok(Self {
            asked: Some(Asked { by, at: now }),
            ..self
        })
    }

    /// The authority tells the issuing one that it means to find an infringement. Said again it counts from the first time.
    ///
    /// # Errors
    /// [`ScrutinyError::Decided`], [`ScrutinyError::InitiativeOver`].
    pub fn announce(self, now: At) -> Result<Self, ScrutinyError> {
        self.acts(now)?;
        Ok(Self {
            announced_at: self.announced_at.or(Some(now)),
            ..self
        })
    }

    /// The authority decides. On a request it decides also after its time, which is then on record; on its own initiative
    /// it cannot.
    ///
    /// # Errors
    /// [`ScrutinyError::Decided`], [`ScrutinyError::InitiativeOver`], [`ScrutinyError::NotAnnounced`].
    pub fn decide(self, finding: Finding, now: At) -> Result<Self, ScrutinyError> {
        self.acts(now)?;
        if finding == Finding::Infringement && self.announced_at.is_none() {
            return Err(ScrutinyError::NotAnnounced(self.citation));
        }
        let late = self.due_at().is_some_and(|due| now > due);
        Ok(Self {
            decision: Some(Decision {
                finding,
                at: now,
                late,
            }),
            ..self
        })
    }

    fn acts(&self, now: At) -> Result<(), ScrutinyError> {
        if let Some(decision) = self.decision {
            return Err(ScrutinyError::Decided(decision.at));
        }
        match self.due_at() {
            Some(until) if self.asked.is_none() && now > until => {
                Err(ScrutinyError::InitiativeOver {
                    hours: self.decide_hours,
                    until,
                    citation: self.citation.clone(),
                })
            }
            _ => Ok(()),
        }
    }
}
