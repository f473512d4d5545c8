//! What a mail is about.

use std::fmt;
use std::str::FromStr;

use super::FactsError;

/// What a mail is about: the history's event types, and a deadline that comes near.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MailEvent {
    /// An agency filed a request.
    RequestFiled,
    /// The platform was handed the full text.
    RequestFetched,
    /// The platform said that it has the request.
    RequestAcknowledged,
    /// One or more items got an outcome.
    RequestDecided,
    /// Every item has an outcome and the request is closed.
    RequestClosed,
    /// The platform asked something.
    QuestionAsked,
    /// The platform reported an obstacle.
    ObstacleReported,
    /// The obstacle is over.
    ObstacleEnded,
    /// The agency answered.
    AnswerGiven,
    /// Either side added a note.
    NoteAdded,
    /// The agency withdrew the request.
    RequestWithdrawn,
    /// The agency took some items back.
    ItemsWithdrawn,
    /// The agency put new facts in the place of old ones.
    RequestCorrected,
    /// The agency says anew whom the material is thought to come from.
    AttributionRevised,
    /// The agency forbids telling the uploader for longer.
    NonDisclosureExtended,
    /// The agency allows telling the uploader.
    NonDisclosureLifted,
    /// The agency asks to keep what was removed for longer.
    PreservationExtended,
    /// The agency needs it no longer.
    PreservationReleased,
    /// The time for which it is kept is about to end.
    PreservationEnding,
    /// That time is over.
    PreservationExpired,
    /// The platform put other outcomes in the place of those it had given.
    DecisionRevised,
    /// The uploader objected to what was done to an item.
    ObjectionMade,
    /// Either side opened a closed request again.
    RequestReopened,
    /// The platform answered whether it put things back.
    RestorationAnswered,
    /// An authority got a copy of an order.
    OrderCopied,
    /// Scrutiny of an order was asked for.
    ScrutinyAsked,
    /// An authority means to find an infringement.
    ScrutinyAnnounced,
    /// An authority found no infringement.
    ScrutinyDecided,
    /// An authority found an infringement: the order ceased to have effect.
    RequestAnnulled,
    /// The order is final.
    OrderFinal,
    /// An agency tells a platform what would apply to a first order.
    NoticeGiven,
    /// An agency is invited to an operation.
    OperationInvited,
    /// An agency has joined an operation.
    OperationJoined,
    /// An agency has declined an invitation to an operation, or left it.
    OperationLeft,
    /// An agency's part in an operation was ended, or its invitation taken back.
    OperationRemoved,
    /// The time that an order gives is about to end. Never for a referral.
    DeadlineNear,
    /// The platform doubts that it is really the agency who asks.
    DoubtRaised,
    /// Somebody who did not file it said whether it is.
    DoubtSettled,
    /// Whoever reads the mailbox that was written to says that the site is not his.
    ContactRejected,
    /// A new answer link was asked for.
    LinkSent,
    /// A mail to the platform came back.
    DeliveryFailed,
}

impl MailEvent {
    /// Every event, in the order of a request's life.
    pub const ALL: [Self; 41] = [
        Self::RequestFiled,
        Self::RequestFetched,
        Self::RequestAcknowledged,
        Self::RequestDecided,
        Self::RequestClosed,
        Self::QuestionAsked,
        Self::ObstacleReported,
        Self::ObstacleEnded,
        Self::AnswerGiven,
        Self::NoteAdded,
        Self::RequestWithdrawn,
        Self::ItemsWithdrawn,
        Self::RequestCorrected,
        Self::AttributionRevised,
        Self::NonDisclosureExtended,
        Self::NonDisclosureLifted,
        Self::PreservationExtended,
        Self::PreservationReleased,
        Self::PreservationEnding,
        Self::PreservationExpired,
        Self::DecisionRevised,
        Self::ObjectionMade,
        Self::RequestReopened,
        Self::RestorationAnswered,
        Self::OrderCopied,
        Self::ScrutinyAsked,
        Self::ScrutinyAnnounced,
        Self::ScrutinyDecided,
        Self::RequestAnnulled,
        Self::OrderFinal,
        Self::NoticeGiven,
        Self::OperationInvited,
        Self::OperationJoined,
        Self::OperationLeft,
        Self::OperationRemoved,
        Self::DeadlineNear,
        Self::DoubtRaised,
        Self::DoubtSettled,
        Self::ContactRejected,
        Self::LinkSent,
        Self::DeliveryFailed,
    ];

    /// Whether it is about an operation of agencies, and so about no request and no platform.
    #[must_use]
    pub const fn is_between_agencies(self) -> bool {
        matches!(
            self,
            Self::OperationInvited
                | Self::OperationJoined
                | Self::OperationLeft
                | Self::OperationRemoved
        )
    }

    /// Whether it can only be about an order: no mail about a referral may say it.
    #[must_use]
    pub const fn needs_an_order(self) -> bool {
        matches!(
            self,
            Self::OrderCopied
                | Self::ScrutinyAsked
                | Self::ScrutinyAnnounced
                | Self::ScrutinyDecided
                | Self::RequestAnnulled
                | Self::OrderFinal
                | Self::NoticeGiven
                | Self::DeadlineNear
        )
    }

    /// The dotted name used by the history, the inbox and the outbox.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RequestFiled => "request.filed",
            Self::RequestFetched => "request.fetched",
            Self::RequestAcknowledged => "request.acknowledged",
            Self::RequestDecided => "request.decided",
            Self::RequestClosed => "request.closed",
            Self::QuestionAsked => "question.asked",
            Self::ObstacleReported => "obstacle.reported",
            Self::ObstacleEnded => "obstacle.ended",
            Self::AnswerGiven => "answer.given",
            Self::NoteAdded => "note.added",
            Self::RequestWithdrawn => "request.withdrawn",
            Self::ItemsWithdrawn => "items.withdrawn",
            Self::RequestCorrected => "request.corrected",
            Self::AttributionRevised => "attribution.revised",
            Self::NonDisclosureExtended => "non_disclosure.extended",
            Self::NonDisclosureLifted => "non_disclosure.lifted",
            Self::PreservationExtended => "preservation.extended",
            Self::PreservationReleased => "preservation.released",
            Self::PreservationEnding => "preservation.ending",
            Self::PreservationExpired => "preservation.expired",
            Self::DecisionRevised => "decision.revised",
            Self::ObjectionMade => "objection.made",
            Self::RequestReopened => "request.reopened",
            Self::RestorationAnswered => "restoration.answered",
            Self::OrderCopied => "order.copied",
            Self::ScrutinyAsked => "scrutiny.asked",
            Self::ScrutinyAnnounced => "scrutiny.announced",
            Self::ScrutinyDecided => "scrutiny.decided",
            Self::RequestAnnulled => "request.annulled",
            Self::OrderFinal => "order.final",
            Self::NoticeGiven => "notice.given",
            Self::OperationInvited => "operation.agency_invited",
            Self::OperationJoined => "operation.agency_joined",
            Self::OperationLeft => "operation.agency_left",
            Self::OperationRemoved => "operation.agency_removed",
            Self::DeadlineNear => "deadline.near",
            Self::DoubtRaised => "doubt.raised",
            Self::DoubtSettled => "doubt.settled",
            Self::ContactRejected => "contact.rejected",
            Self::LinkSent => "answer_link.sent",
            Self::DeliveryFailed => "delivery.failed",
        }
    }
}

impl fmt::Display for MailEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for MailEvent {
    type Err = FactsError;

    fn from_str(name: &str) -> Result<Self, FactsError> {
        Self::ALL
            .into_iter()
            .find(|event| event.as_str() == name)
            .ok_or_else(|| FactsError::UnknownEvent(name.chars().take(64).collect()))
    }
}
