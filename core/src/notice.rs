//! Who must be told what after a change, without words of any language.
//!
//! A notice names a side and what happened. Which contacts of that side hear of it, in which language, when and
//! by which way is decided where mails and webhooks are made.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    instrument::Kind,
    request::{Clock, EventType, Request, Side, Status},
    time::At,
};

/// What a notice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Something happened.
    Event(EventType),
    /// The deadline comes near. Never about a referral, which has none.
    DeadlineNear,
}

impl What {
    /// The event's word, or `deadline.near`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Event(event) => event.as_str(),
            Self::DeadlineNear => "deadline.near",
        }
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Somebody must be told something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Notice {
    /// Who.
    pub to: Side,
    /// What.
    pub what: What,
}

/// Who must be told of an event that `by` brought about: the other side, or nobody; of what a scrutinising authority did,
/// whom it concerns. Whether that authority is told of something is said by [`EventType::concerns_authority`].
///
/// That a platform has read or acknowledged, keeps or has deleted something, and that something was erased, is seen in the feed and in the
/// request; a mail for each would teach people to overlook the ones that matter.
pub fn notices(event: EventType, by: Side) -> Vec<Notice> {
    match event {
        // What an answered objection changes for the agency is a revised decision, of which it is told by itself.
        EventType::RequestFetched
        | EventType::RequestAcknowledged
        | EventType::ObjectionAnswered
        | EventType::OrderCopied
        | EventType::PreservationHeld
        | EventType::PreservationDeleted
        | EventType::RequestErased => Vec::new(),
        // Brought about by neither side.
        EventType::ScrutinyAnnounced => vec![of(event, Side::Agency)],
        EventType::ScrutinyDecided | EventType::RequestAnnulled | EventType::DoubtSettled => {
            vec![of(event, Side::Agency), of(event, Side::Platform)]
        }
        EventType::RequestFiled
        | EventType::RequestDecided
        | EventType::RequestClosed
        | EventType::QuestionAsked
        | EventType::ObstacleReported
        | EventType::ObstacleEnded
        | EventType::AnswerGiven
        | EventType::NoteAdded
        | EventType::RequestWithdrawn
        | EventType::ItemsWithdrawn
        | EventType::RequestCorrected
        | EventType::AttributionRevised
        | EventType::NonDisclosureExtended
        | EventType::NonDisclosureLifted
        | EventType::PreservationExtended
        | EventType::PreservationReleased
        | EventType::PreservationEnding
        | EventType::PreservationExpired
        | EventType::DecisionRevised
        | EventType::ObjectionMade
        | EventType::RequestReopened
        | EventType::RestorationAnswered
        | EventType::ScrutinyAsked
        | EventType::DoubtRaised
        | EventType::ContactRejected
        | EventType::DeliveryFailed
        | EventType::OrderFinal => vec![of(event, by.other())],
    }
}

const fn of(event: EventType, to: Side) -> Notice {
    Notice {
        to,
        what: What::Event(event),
    }
}

/// Whether a mail to a platform leaves at once, whatever the platform wished for: what is about an order, because something
/// has to be done by a time, and what says whether a request is real or opens a way to answer it.
#[must_use]
pub fn at_once(kind: Kind, what: &str) -> bool {
    kind == Kind::Order || matches!(what, "doubt.settled" | "answer_link.sent" | "notice.given")
}

/// What an agency is told of at once.
const PRESSES_AN_AGENCY: [&str; 8] = [
    "doubt.raised",
    "question.asked",
    "obstacle.reported",
    "scrutiny.announced",
    "preservation.ending",
    "contact.rejected",
    "delivery.failed",
    "deadline.near",
];

/// Whether a mail to an agency leaves at once, whatever the agency wished for: what stands still until it answers, what has an end,
/// what did not reach the platform, and what says that somebody may be asking in its name.
#[must_use]
pub fn at_once_for_agency(what: &str) -> bool {
    PRESSES_AN_AGENCY.contains(&what)
}

/// The reminder that is due for a request `now`: only while its clock runs, its reminder's instant has come and
/// the platform still has to act.
pub fn deadline_near(request: &Request, now: At) -> Option<Notice> {
    let open = !matches!(request.status(), Status::Closed | Status::Withdrawn);
    let near = matches!(request.clock, Clock::Running { due_at, .. } if now < due_at)
        && crate::request::remind_at(&request.clock).is_some_and(|at| at <= now);
    (open && near).then_some(Notice {
        to: Side::Platform,
        what: What::DeadlineNear,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_presses_an_agency_are_events_that_there_are() {
        for what in PRESSES_AN_AGENCY {
            let known = what == What::DeadlineNear.as_str() || what.parse::<EventType>().is_ok();
            assert!(known && at_once_for_agency(what), "{what}");
        }
        for waits in ["request.closed", "request.decided", "note.added"] {
            assert!(!at_once_for_agency(waits), "{waits}");
        }
    }
}
