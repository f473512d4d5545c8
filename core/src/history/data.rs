//! What happened, with what is needed to recount it: every count can be recomputed from these.

use serde::{Deserialize, Serialize};

use super::{Annulled, Corrected, Decided, Digest, Imported, Said};
use crate::{
    id::{
        AgencyId, ImportId, InternalNoteId, ItemId, MessageId, ObjectionId, PlatformId,
        PriorNoticeId, RequestId, SavedTextId, SightingId,
    },
    instrument::{InstrumentId, Kind, Obstacle, PriorNotice},
    objection::ObjectionOutcome,
    operation::TargetRole,
    oversight::{FinalHow, Requester},
    platform::ControlMethod,
    request::{ReopenReason, ResultCode, RevisionReason, WithdrawalReason},
    sighting::Confidence,
    time::At,
};

macro_rules! data {
    ($($(#[$meta:meta])* $variant:ident => $word:literal { $($(#[$fmeta:meta])* $field:ident: $type:ty,)* })+) => {
        /// What happened. The type of the entry follows from it, so the two cannot disagree.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "type", content = "data")]
        pub enum Data {
            $($(#[$meta])* #[serde(rename = $word)] $variant { $($(#[$fmeta])* $field: $type,)* },)+
        }

        impl Data {
            /// Every type of entry.
            pub const TYPES: &'static [&'static str] = &[$($word,)+];

            /// The type of the entry.
            pub const fn event_type(&self) -> &'static str {
                match self { $(Self::$variant { .. } => $word,)+ }
            }
        }
    };
}

data! {
    /// A request was filed.
    RequestFiled => "request.filed" {
        /// Of exactly the bytes of the filing.
        filing: Digest,
        /// Who asks.
        agency: AgencyId,
        /// Who is asked.
        platform: PlatformId,
        /// May or, as claimed, must.
        kind: Kind,
        /// The claimed power.
        instrument: InstrumentId,
        /// Its items, in the order of the filing.
        items: Vec<ItemId>,
        /// The deadline, if it is known already.
        due_at: Option<At>,
        /// The authority of the platform's country that got a copy in the same commit.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        copied_to: Option<AgencyId>,
        /// By what the duty to tell the platform before a first order is met.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        prior_notice: Option<PriorNotice>,
    }
    /// An agency imported records of what it asked before it used the exchange; nothing of it was witnessed.
    RecordsImported => "records.imported" {
        /// Each, in the order of the call.
        records: Vec<Imported>,
    }
    /// An agency took an imported record back.
    RecordWithdrawn => "record.withdrawn" {
        /// Which.
        record: ImportId,
        /// Why, in its words.
        reason: Digest,
    }
    /// Imported records were exported.
    RecordsExported => "records.exported" {
        /// In which format.
        format: String,
        /// How many rows.
        rows: u64,
    }
    /// The platform read it for the first time.
    RequestFetched => "request.fetched" {
        /// The deadline, if one runs now.
        due_at: Option<At>,
    }
    /// The platform has it; again when it puts another reference of its own on it.
    RequestAcknowledged => "request.acknowledged" {
        /// The platform's own ticket.
        platform_reference: Option<String>,
        /// A note that came with it.
        note: Option<Said>,
    }
    /// Items were answered.
    RequestDecided => "request.decided" {
        /// How.
        decisions: Vec<Decided>,
    }
    /// It was closed.
    RequestClosed => "request.closed" {
        /// The result that follows from the items.
        result: Option<ResultCode>,
        /// The outcomes that the closing itself gave.
        decisions: Vec<Decided>,
        /// A note that came with it.
        note: Option<Said>,
    }
    /// The platform asked.
    QuestionAsked => "question.asked" {
        /// What.
        question: Said,
    }
    /// The platform reported an obstacle.
    ObstacleReported => "obstacle.reported" {
        /// Which.
        obstacle: Obstacle,
        /// In which words.
        report: Said,
    }
    /// The obstacle is gone.
    ObstacleEnded => "obstacle.ended" {
        /// In which words.
        report: Said,
        /// The deadline that runs now.
        due_at: Option<At>,
    }
    /// The agency answered.
    AnswerGiven => "answer.given" {
        /// What.
        answer: Said,
        /// The deadline that runs now; none while force majeure still stands.
        due_at: Option<At>,
    }
    /// One side left a note.
    NoteAdded => "note.added" {
        /// What.
        note: Said,
    }
    /// The agency took it back.
    RequestWithdrawn => "request.withdrawn" {
        /// Why.
        reason: WithdrawalReason,
        /// In which words.
        text: Option<Digest>,
        /// The items that are to be restored.
        restore: Vec<ItemId>,
        /// For `annulled`: by whom, and by which decision.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        annulment: Option<Annulled>,
    }
    /// The agency took some of its items back.
    ItemsWithdrawn => "items.withdrawn" {
        /// Which.
        items: Vec<ItemId>,
        /// Why.
        reason: WithdrawalReason,
        /// In which words.
        text: Option<Digest>,
        /// Those that are to be restored.
        restore: Vec<ItemId>,
        /// The result that follows from what is left, while it is closed.
        result: Option<ResultCode>,
        /// For `annulled`: by whom, and by which decision.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        annulment: Option<Annulled>,
    }
    /// New facts took the place of old ones.
    RequestCorrected => "request.corrected" {
        /// Which, with the digests of what stood there and what stands there now.
        facts: Vec<Corrected>,
        /// In which words.
        text: Option<Digest>,
        /// The deadline that runs now.
        due_at: Option<At>,
        /// Whether it was the clarification that the platform waited for.
        answer: bool,
    }
    /// The agency says anew whom the material is thought to come from.
    AttributionRevised => "attribution.revised" {
        /// Whether the platform is asked to wait from then on.
        asks_to_wait: bool,
        /// Of what was said, as JSON: an investigation's own, hidden from the platform even as a digest, which could be
        /// guessed.
        attribution: Digest,
        /// In which words; hidden likewise.
        text: Option<Digest>,
    }
    /// The agency forbids telling the uploader for longer.
    NonDisclosureExtended => "non_disclosure.extended" {
        /// The end before.
        was: At,
        /// The end since then.
        until: At,
        /// Of the reason.
        reason: Digest,
    }
    /// The agency allows telling the uploader before that time is over.
    NonDisclosureLifted => "non_disclosure.lifted" {
        /// The end before.
        was: At,
        /// In which words.
        text: Option<Digest>,
    }
    /// The platform says that it keeps what was removed.
    PreservationHeld => "preservation.held" {
        /// Since when.
        since: At,
        /// Until when at least.
        until: At,
    }
    /// The agency asks to keep it for longer.
    PreservationExtended => "preservation.extended" {
        /// The end before.
        was: At,
        /// The end since then.
        until: At,
        /// The authority or court that asked for it, where it was another than the agency.
        asked_by: Option<String>,
        /// Of the reason.
        reason: Digest,
    }
    /// The agency needs it no longer.
    PreservationReleased => "preservation.released" {
        /// Until when it would have been kept.
        until: At,
        /// In which words.
        text: Option<Digest>,
    }
    /// The time for which it is kept is about to end.
    PreservationEnding => "preservation.ending" {
        /// The end.
        until: At,
    }
    /// That time is over.
    PreservationExpired => "preservation.expired" {
        /// The end.
        until: At,
    }
    /// The platform says that it has deleted what it kept.
    PreservationDeleted => "preservation.deleted" {
        /// When.
        deleted_at: At,
    }
    /// The platform put other outcomes in the place of those it had given.
    DecisionRevised => "decision.revised" {
        /// Why.
        reason: RevisionReason,
        /// How.
        decisions: Vec<Decided>,
        /// The result that follows from the items, while it is closed.
        result: Option<ResultCode>,
    }
    /// The uploader objected to what was done to an item.
    ObjectionMade => "objection.made" {
        /// Which objection.
        objection: ObjectionId,
        /// To which item.
        item: ItemId,
        /// In which words; hidden from the agency even as a digest, which could be guessed.
        text: Digest,
    }
    /// The platform answered an objection, or put another answer in the place of one it gave.
    ObjectionAnswered => "objection.answered" {
        /// Which.
        objection: ObjectionId,
        /// To which item.
        item: ItemId,
        /// How.
        outcome: ObjectionOutcome,
        /// Whether the item was put back with it.
        restored: bool,
        /// Whether it takes the place of an earlier answer.
        correction: bool,
        /// In which words; hidden from the agency likewise.
        text: Digest,
    }
    /// It was opened again.
    RequestReopened => "request.reopened" {
        /// Why.
        reason: ReopenReason,
        /// In which words.
        text: Digest,
    }
    /// The platform answered whether it restores.
    RestorationAnswered => "restoration.answered" {
        /// How.
        decisions: Vec<Decided>,
        /// Whether every item is answered now.
        complete: bool,
    }
    /// The agency sent the copy of the order to the authority of the platform's country by another way.
    OrderCopied => "order.copied" {
        /// To whom, in its words.
        to: Digest,
        /// When.
        sent_at: At,
    }
    /// Scrutiny of the order was asked for.
    ScrutinyAsked => "scrutiny.asked" {
        /// By whom.
        by: Requester,
        /// When the content provider was told, where it is he.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        informed_at: Option<At>,
    }
    /// The scrutinising authority means to find an infringement.
    ScrutinyAnnounced => "scrutiny.announced" {
        /// In which words.
        text: Digest,
    }
    /// The scrutinising authority found no infringement.
    ScrutinyDecided => "scrutiny.decided" {
        /// In which words.
        text: Digest,
        /// The reference of its decision.
        decision: String,
        /// After the time it has.
        late: bool,
    }
    /// The scrutinising authority found an infringement.
    RequestAnnulled => "request.annulled" {
        /// In which words.
        text: Digest,
        /// By whom, and by which decision.
        annulment: Annulled,
        /// After the time it has.
        late: bool,
        /// The items that are to be restored.
        restore: Vec<ItemId>,
    }
    /// The order is final.
    OrderFinal => "order.final" {
        /// Why.
        how: FinalHow,
        /// Since when.
        final_at: At,
    }
    /// An agency told a platform which procedures and deadlines apply, before its first order.
    NoticeGiven => "notice.given" {
        /// Which.
        id: PriorNoticeId,
        /// By whom.
        agency: AgencyId,
        /// Of which power.
        instrument: InstrumentId,
        /// In which words.
        text: Digest,
    }
    /// The platform read it for the first time.
    NoticeRead => "notice.read" {
        /// Which.
        id: PriorNoticeId,
    }
    /// Somebody who is neither side read it in full.
    RequestRead => "request.read" {}
    /// An agency asked whether items were asked about before.
    ItemsLookedUp => "items.looked_up" {
        /// Of the comparison keys, in the order of the call.
        keys: Vec<Digest>,
    }
    /// Somebody who is neither side was handed a document.
    DocumentRead => "document.read" {
        /// Of which request.
        request: RequestId,
        /// The message it came with.
        message: MessageId,
        /// The document.
        document: Digest,
    }
    /// One side wrote a note for itself. The entry is about that party, so that the request's history, which both sides
    /// read, does not show it.
    InternalNoteWritten => "internal_note.written" {
        /// About which request.
        request: RequestId,
        /// Which note.
        note: InternalNoteId,
        /// In which words.
        text: Digest,
    }
    /// A party saved a text, or another version of it.
    TextSaved => "text.saved" {
        /// Which.
        id: SavedTextId,
        /// Its version.
        version: i32,
        /// In which words.
        text: Digest,
    }
    /// A party removed a saved text.
    TextRemoved => "text.removed" {
        /// Which.
        id: SavedTextId,
    }
    /// Requests were exported.
    RequestsExported => "requests.exported" {
        /// In which format.
        format: String,
        /// How many rows.
        rows: u64,
    }
    /// An agency was registered.
    AgencyRegistered => "agency.registered" {}
    /// What is known of an agency was changed.
    AgencyChanged => "agency.changed" {
        /// The members that changed.
        members: Vec<String>,
    }
    /// How an agency was verified was recorded.
    AgencyVerified => "agency.verified" {
        /// Until when it holds.
        expires_at: Option<At>,
    }
    /// An agency was suspended.
    AgencySuspended => "agency.suspended" {
        /// Why, in the operator's words.
        reason: String,
    }
    /// An agency's suspension ended.
    AgencyReinstated => "agency.reinstated" {}
    /// Whether an agency is named to others who ask about the same item was decided.
    AgencyNaming => "agency.naming" {
        /// Whether it agrees.
        agreed: bool,
    }
    /// Under which instruments an agency scrutinises the orders of others was recorded.
    AgencyCompetence => "agency.competence" {
        /// All of them; none ends it.
        scrutinises: Vec<InstrumentId>,
    }
    /// A platform was registered.
    PlatformRegistered => "platform.registered" {}
    /// A platform that nobody knew came in by a sighting.
    PlatformSighted => "platform.sighted" {
        /// Which.
        sighting: SightingId,
    }
    /// A platform that had only been sighted was written to: a request was filed.
    PlatformContacted => "platform.contacted" {
        /// Which was the first.
        request: RequestId,
    }
    /// What is known of a platform was changed.
    PlatformChanged => "platform.changed" {
        /// The members that changed.
        members: Vec<String>,
    }
    /// Control of a platform was verified.
    PlatformVerified => "platform.verified" {
        /// How it was proved.
        method: ControlMethod,
        /// What else the operator noted.
        note: Option<String>,
    }
    /// A platform was suspended.
    PlatformSuspended => "platform.suspended" {
        /// Why, in the operator's words.
        reason: String,
    }
    /// A platform's suspension ended.
    PlatformReinstated => "platform.reinstated" {}
    /// A client was registered.
    ClientRegistered => "client.registered" {}
    /// A client was suspended.
    ClientSuspended => "client.suspended" {
        /// Why, in the operator's words.
        reason: String,
    }
    /// A client's suspension ended.
    ClientReinstated => "client.reinstated" {}
    /// A client was given new credentials.
    CredentialsRotated => "client.credentials_rotated" {
        /// Whether the older ones ended at once.
        revoked: bool,
    }
    /// An agency recorded that something was seen elsewhere after a request.
    SightingRecorded => "sighting.recorded" {
        /// After which.
        request: RequestId,
        /// Of its comparison key.
        target: Digest,
        /// On which platform.
        platform: PlatformId,
        /// How sure the agency is.
        confidence: Confidence,
    }
    /// The agency is surer of it, or less sure.
    SightingRevised => "sighting.revised" {
        /// How sure it was.
        was: Confidence,
        /// How sure it is.
        now: Confidence,
        /// Why, in which words.
        text: Option<Digest>,
    }
    /// A request of the agency follows it; or none does, and the link was a mistake.
    SightingFollowed => "sighting.followed" {
        /// Which.
        request: Option<RequestId>,
    }
    /// It was a mistake.
    SightingRetracted => "sighting.retracted" {
        /// Why, in which words.
        text: Option<Digest>,
    }
    /// An operation was begun by its lead agency.
    OperationOpened => "operation.opened" {
        /// Of its label.
        label: Digest,
    }
    /// A request was put into an operation, or given another part in it.
    OperationRequestAdded => "operation.request_added" {
        /// Which.
        request: RequestId,
        /// The part it plays.
        role: Option<TargetRole>,
    }
    /// The lead agency invited another one.
    OperationAgencyInvited => "operation.agency_invited" {
        /// Whom.
        agency: AgencyId,
    }
    /// An invited agency joined.
    OperationAgencyJoined => "operation.agency_joined" {}
    /// An invited agency declined, or a joined one left.
    OperationAgencyLeft => "operation.agency_left" {}
    /// The lead agency took an invitation back, or ended another agency's part.
    OperationAgencyRemoved => "operation.agency_removed" {
        /// Whose.
        agency: AgencyId,
    }
}
