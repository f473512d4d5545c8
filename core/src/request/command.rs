//! What can be asked of a request, by whom, and what comes of it.

use serde::{Deserialize, Serialize};

use super::{
    Request,
    correction::{Confidence, Correction, RevisionReason},
    outcome::Outcome,
    status::{ReopenReason, WithdrawalReason},
};
use crate::{id::ItemId, instrument::Obstacle, notice::Notice, text::coded_enum};

coded_enum! {
    /// The two sides of a request.
    pub enum Side, "a side" {
        /// Whoever filed it.
        Agency => "agency",
        /// Whoever is asked.
        Platform => "platform",
    }
}

impl Side {
    /// The other one.
    pub const fn other(self) -> Self {
        match self {
            Self::Agency => Self::Platform,
            Self::Platform => Self::Agency,
        }
    }
}

/// What a side wants to do. Texts that go with it are kept beside it; decisions do not depend on them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Read the full request.
    Fetch,
    /// Say "we have it".
    Acknowledge,
    /// Put one's own reference on what is acknowledged, or another in its place.
    Refer,
    /// Answer items; after a withdrawal, answer whether they are restored.
    Decide(Vec<(ItemId, Outcome)>),
    /// Finish; `rest` answers every item that is still undecided.
    Close {
        /// One outcome for all undecided items.
        rest: Option<Outcome>,
    },
    /// Ask the agency something.
    Ask,
    /// Report what stands in the way.
    ReportObstacle(Obstacle),
    /// Report that it no longer does.
    ObstacleOver,
    /// Answer the platform's question or clarify.
    Answer,
    /// Say something that changes nothing.
    Note,
    /// Take the request back.
    Withdraw(WithdrawalReason),
    /// Take some of its items back; when they are all that is left, the request.
    WithdrawItems {
        /// Which.
        items: Vec<ItemId>,
        /// Why.
        reason: WithdrawalReason,
    },
    /// Put new facts in the place of old ones.
    Correct(Correction),
    /// Say anew whom the material is thought to come from, and how sure that is.
    Attribute {
        /// What was said before, if anything.
        was: Option<Confidence>,
        /// What is said now.
        now: Confidence,
    },
    /// Forbid telling the uploader for longer (Regulation (EU) 2021/784, Article 11(3)).
    ExtendNonDisclosure,
    /// Allow telling the uploader before that time is over.
    LiftNonDisclosure,
    /// Say that what was removed is kept (Regulation (EU) 2021/784, Article 6).
    HoldPreservation,
    /// Ask to keep it for longer.
    ExtendPreservation,
    /// Say that it need not be kept any more.
    ReleasePreservation,
    /// Say that it was deleted once it was over.
    DeletePreserved,
    /// Put other outcomes in the place of those that were given.
    Revise {
        /// Why.
        reason: RevisionReason,
        /// Which.
        outcomes: Vec<(ItemId, Outcome)>,
    },
    /// Open a closed request again.
    Reopen(ReopenReason),
    /// Ask the authority of the platform's country to scrutinise an order.
    AskScrutiny,
    /// Record that the copy of an order was sent to that authority by another way.
    RecordCopy,
    /// Record that an order is final.
    RecordFinal,
    /// Doubt that it is really the agency who asks.
    Doubt,
}

coded_enum! {
    /// A command as one word.
    pub enum CommandName, "a command" {
        /// Read the full request.
        Fetch => "fetch",
        /// Say "we have it".
        Acknowledge => "acknowledge",
        /// Put one's own reference on it.
        Refer => "refer",
        /// Answer items.
        Decide => "decide",
        /// Finish.
        Close => "close",
        /// Ask the agency something.
        Ask => "ask",
        /// Report what stands in the way.
        ReportObstacle => "report_obstacle",
        /// Report that it no longer does.
        ObstacleOver => "obstacle_over",
        /// Answer or clarify.
        Answer => "answer",
        /// Say something that changes nothing.
        Note => "note",
        /// Take the request back.
        Withdraw => "withdraw",
        /// Take some of its items back.
        WithdrawItems => "withdraw_items",
        /// Put new facts in the place of old ones.
        Correct => "correct",
        /// Say anew whom the material is thought to come from.
        Attribute => "attribute",
        /// Forbid telling the uploader for longer.
        ExtendNonDisclosure => "extend_non_disclosure",
        /// Allow telling the uploader before that time is over.
        LiftNonDisclosure => "lift_non_disclosure",
        /// Say that what was removed is kept.
        HoldPreservation => "hold_preservation",
        /// Ask to keep it for longer.
        ExtendPreservation => "extend_preservation",
        /// Say that it need not be kept any more.
        ReleasePreservation => "release_preservation",
        /// Say that it was deleted once it was over.
        DeletePreserved => "delete_preserved",
        /// Put other outcomes in the place of those that were given.
        Revise => "revise",
        /// Open it again.
        Reopen => "reopen",
        /// Ask for scrutiny of an order.
        AskScrutiny => "ask_scrutiny",
        /// Record that the copy of an order was sent by another way.
        RecordCopy => "record_copy",
        /// Record that an order is final.
        RecordFinal => "record_final",
        /// Doubt that it is really the agency who asks.
        Doubt => "doubt",
    }
}

impl CommandName {
    /// The sides that may give it.
    pub const fn sides(self) -> &'static [Side] {
        match self {
            Self::Fetch
            | Self::Acknowledge
            | Self::Refer
            | Self::Decide
            | Self::Close
            | Self::Ask
            | Self::ReportObstacle
            | Self::ObstacleOver
            | Self::HoldPreservation
            | Self::DeletePreserved
            | Self::Revise
            | Self::AskScrutiny
            | Self::Doubt => &[Side::Platform],
            Self::Answer
            | Self::Withdraw
            | Self::WithdrawItems
            | Self::Correct
            | Self::Attribute
            | Self::ExtendNonDisclosure
            | Self::LiftNonDisclosure
            | Self::ExtendPreservation
            | Self::ReleasePreservation
            | Self::RecordCopy
            | Self::RecordFinal => &[Side::Agency],
            Self::Note | Self::Reopen => &[Side::Agency, Side::Platform],
        }
    }
}

impl Command {
    /// The command as one word.
    pub const fn name(&self) -> CommandName {
        match self {
            Self::Fetch => CommandName::Fetch,
            Self::Acknowledge => CommandName::Acknowledge,
            Self::Refer => CommandName::Refer,
            Self::Decide(_) => CommandName::Decide,
            Self::Close { .. } => CommandName::Close,
            Self::Ask => CommandName::Ask,
            Self::ReportObstacle(_) => CommandName::ReportObstacle,
            Self::ObstacleOver => CommandName::ObstacleOver,
            Self::Answer => CommandName::Answer,
            Self::Note => CommandName::Note,
            Self::Withdraw(_) => CommandName::Withdraw,
            Self::WithdrawItems { .. } => CommandName::WithdrawItems,
            Self::Correct(_) => CommandName::Correct,
            Self::Attribute { .. } => CommandName::Attribute,
            Self::ExtendNonDisclosure => CommandName::ExtendNonDisclosure,
            Self::LiftNonDisclosure => CommandName::LiftNonDisclosure,
            Self::HoldPreservation => CommandName::HoldPreservation,
            Self::ExtendPreservation => CommandName::ExtendPreservation,
            Self::ReleasePreservation => CommandName::ReleasePreservation,
            Self::DeletePreserved => CommandName::DeletePreserved,
            Self::Revise { .. } => CommandName::Revise,
            Self::Reopen(_) => CommandName::Reopen,
            Self::AskScrutiny => CommandName::AskScrutiny,
            Self::RecordCopy => CommandName::RecordCopy,
            Self::RecordFinal => CommandName::RecordFinal,
            Self::Doubt => CommandName::Doubt,
        }
    }
}

coded_enum! {
    /// What happened to a request: the type of its history entry and of the event in the inbox.
    pub enum EventType, "an event type" {
        /// It was filed.
        RequestFiled => "request.filed",
        /// The platform read it for the first time: the receipt.
        RequestFetched => "request.fetched",
        /// The platform has it; again when it puts another reference of its own on it.
        RequestAcknowledged => "request.acknowledged",
        /// Items were answered.
        RequestDecided => "request.decided",
        /// It was closed.
        RequestClosed => "request.closed",
        /// The platform asked.
        QuestionAsked => "question.asked",
        /// The platform reported an obstacle.
        ObstacleReported => "obstacle.reported",
        /// The obstacle is gone.
        ObstacleEnded => "obstacle.ended",
        /// The agency answered.
        AnswerGiven => "answer.given",
        /// One side left a note.
        NoteAdded => "note.added",
        /// The agency took it back.
        RequestWithdrawn => "request.withdrawn",
        /// The agency took some of its items back.
        ItemsWithdrawn => "items.withdrawn",
        /// The agency put new facts in the place of old ones.
        RequestCorrected => "request.corrected",
        /// The agency says anew whom the material is thought to come from.
        AttributionRevised => "attribution.revised",
        /// The agency forbids telling the uploader for longer.
        NonDisclosureExtended => "non_disclosure.extended",
        /// The agency allows telling the uploader before that time is over.
        NonDisclosureLifted => "non_disclosure.lifted",
        /// The platform says that it keeps what was removed.
        PreservationHeld => "preservation.held",
        /// The agency asks to keep it for longer.
        PreservationExtended => "preservation.extended",
        /// The agency needs it no longer.
        PreservationReleased => "preservation.released",
        /// The time for which it is kept is about to end.
        PreservationEnding => "preservation.ending",
        /// That time is over.
        PreservationExpired => "preservation.expired",
        /// The platform says that it has deleted what it kept.
        PreservationDeleted => "preservation.deleted",
        /// The platform put other outcomes in the place of those it had given.
        DecisionRevised => "decision.revised",
        /// The uploader objected to what was done to an item.
        ObjectionMade => "objection.made",
        /// The platform answered an objection.
        ObjectionAnswered => "objection.answered",
        /// It was opened again.
        RequestReopened => "request.reopened",
        /// The platform answered whether it restores.
        RestorationAnswered => "restoration.answered",
        /// The copy of an order went to the authority of the platform's country.
        OrderCopied => "order.copied",
        /// The platform, or through it the content provider, asked that authority for scrutiny.
        ScrutinyAsked => "scrutiny.asked",
        /// That authority means to find an infringement.
        ScrutinyAnnounced => "scrutiny.announced",
        /// That authority found no infringement.
        ScrutinyDecided => "scrutiny.decided",
        /// That authority found an infringement: the order ceased to have effect.
        RequestAnnulled => "request.annulled",
        /// What it was about was destroyed.
        RequestErased => "request.erased",
        /// The order is final.
        OrderFinal => "order.final",
        /// Whoever is asked doubts that it is really the agency who asks.
        DoubtRaised => "doubt.raised",
        /// Somebody who did not file it said whether it is.
        DoubtSettled => "doubt.settled",
        /// Whoever reads the mailbox that was written to says that the site is not his.
        ContactRejected => "contact.rejected",
        /// A mail to the platform came back.
        DeliveryFailed => "delivery.failed",
    }
}

impl EventType {
    /// Whether the scrutinising authority brought it about, and neither side.
    pub const fn by_authority(self) -> bool {
        matches!(
            self,
            Self::ScrutinyAnnounced | Self::ScrutinyDecided | Self::RequestAnnulled
        )
    }

    /// Whether the authority that has a copy of the order is told as well.
    pub const fn concerns_authority(self) -> bool {
        matches!(
            self,
            Self::OrderCopied | Self::ScrutinyAsked | Self::RequestWithdrawn | Self::OrderFinal
        )
    }
}

/// A request after a change, and what goes with it into the same commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The request as it is now; its version is one higher than before.
    pub request: Request,
    /// What happened.
    pub event: EventType,
    /// The outcomes that were added, in the order given.
    pub decided: Vec<(ItemId, Outcome)>,
    /// Who must be told.
    pub notices: Vec<Notice>,
}

impl Change {
    /// The version the stored request must still have; none for a filing, which must not be stored yet.
    pub const fn expected_version(&self) -> Option<i32> {
        match self.request.version {
            1 => None,
            version => Some(version - 1),
        }
    }
}

/// What applying a command came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Applied {
    /// Something changed.
    Changed(Change),
    /// It was so already; nothing to store, nobody to tell.
    Unchanged(Request),
}

impl Applied {
    /// The request as it is now.
    pub fn request(&self) -> &Request {
        match self {
            Self::Changed(change) => &change.request,
            Self::Unchanged(request) => request,
        }
    }

    /// The request as it is now.
    pub fn into_request(self) -> Request {
        match self {
            Self::Changed(change) => change.request,
            Self::Unchanged(request) => request,
        }
    }

    /// The change, if there was one.
    pub fn change(self) -> Option<Change> {
        match self {
            Self::Changed(change) => Some(change),
            Self::Unchanged(_) => None,
        }
    }
}
