//! What happened, with what is needed to recount it: every count can be recomputed from these.

use serde::{Deserialize, Serialize};

use super::declare::data;
use super::{Annulled, Content, Corrected, Decided, Digest, FoundContact, Imported, Said};
use crate::{
    id::{
        AgencyId, ClaimId, ExportId, FeedId, ImportId, InternalNoteId, ItemId, MessageId,
        ObjectionId, PlatformId, PriorNoticeId, RequestId, SavedTextId, SightingId, WebhookId,
    },
    instrument::{InstrumentId, Kind, Obstacle, PriorNotice},
    objection::ObjectionOutcome,
    operation::TargetRole,
    oversight::{FinalHow, Requester},
    platform::ControlMethod,
    request::{ReopenReason, ResultCode, RevisionReason, WithdrawalReason},
    retention::{ContentGone, RequestLeft},
    sighting::Confidence,
    signed::Signature,
    time::At,
    webhook::Disabled,
};

data! {
    /// A request was filed.
    RequestFiled => "request.filed" {
        filing: Digest, "Of exactly the bytes of the filing.";
        agency: AgencyId, "Who asks.";
        platform: PlatformId, "Who is asked.";
        kind: Kind, "May or, as claimed, must.";
        instrument: InstrumentId, "The claimed power.";
        items: Vec<ItemId>, "Its items, in the order of the filing.";
        due_at: Option<At>, "The deadline, if it is known already.";
        #[serde(skip_serializing_if = "Option::is_none", default)] locators: Option<Digest>, "Of where its items lie, exactly as filed and in their order, a line feed after each.";
        #[serde(skip_serializing_if = "Option::is_none", default)] copied_to: Option<AgencyId>, "The authority of the platform's country that got a copy in the same commit.";
        #[serde(skip_serializing_if = "Option::is_none", default)] prior_notice: Option<PriorNotice>, "By what the duty to tell the platform before a first order is met.";
        #[serde(skip_serializing_if = "Option::is_none", default)] signature: Option<Signature>, "That the unit signed it.";
        #[serde(skip_serializing_if = "Option::is_none", default)] kept: Option<Digest>, "A salted commitment to what is kept of the filing since then.";
    }
    /// An agency imported records of what it asked before it used the exchange; nothing of it was witnessed.
    RecordsImported => "records.imported" { records: Vec<Imported>, "Each, in the order of the call."; }
    /// An agency took an imported record back.
    RecordWithdrawn => "record.withdrawn" { record: ImportId, "Which."; reason: Digest, "Why, in its words."; }
    /// Imported records were exported.
    RecordsExported => "records.exported" { format: String, "In which format."; rows: u64, "How many rows."; }
    /// The platform read it for the first time.
    RequestFetched => "request.fetched" { due_at: Option<At>, "The deadline, if one runs now."; }
    /// The platform has it; again when it puts another reference of its own on it.
    RequestAcknowledged => "request.acknowledged" {
        platform_reference: Option<String>, "The platform's own ticket.";
        note: Option<Said>, "A note that came with it.";
    }
    /// Items were answered.
    RequestDecided => "request.decided" { decisions: Vec<Decided>, "How."; }
    /// It was closed.
    RequestClosed => "request.closed" {
        result: Option<ResultCode>, "The result that follows from the items.";
        decisions: Vec<Decided>, "The outcomes that the closing itself gave.";
        note: Option<Said>, "A note that came with it.";
    }
    /// The platform asked.
    QuestionAsked => "question.asked" { question: Said, "What."; }
    /// The platform reported an obstacle.
    ObstacleReported => "obstacle.reported" { obstacle: Obstacle, "Which."; report: Said, "In which words."; }
    /// The obstacle is gone.
    ObstacleEnded => "obstacle.ended" { report: Said, "In which words."; due_at: Option<At>, "The deadline that runs now."; }
    /// The agency answered.
    AnswerGiven => "answer.given" {
        answer: Said, "What.";
        due_at: Option<At>, "The deadline that runs now; none while force majeure still stands.";
    }
    /// One side left a note.
    NoteAdded => "note.added" { note: Said, "What."; }
    /// The agency took it back.
    RequestWithdrawn => "request.withdrawn" {
        reason: WithdrawalReason, "Why.";
        text: Option<Digest>, "In which words.";
        restore: Vec<ItemId>, "The items that are to be restored.";
        #[serde(skip_serializing_if = "Vec::is_empty", default)] items: Vec<ItemId>, "The items that were left, where they were taken back by themselves and the request with them.";
        #[serde(skip_serializing_if = "Option::is_none", default)] annulment: Option<Annulled>, "For `annulled`: by whom, and by which decision.";
        #[serde(skip_serializing_if = "Option::is_none", default)] signature: Option<Signature>, "That the unit signed it.";
    }
    /// The agency took some of its items back.
    ItemsWithdrawn => "items.withdrawn" {
        items: Vec<ItemId>, "Which.";
        reason: WithdrawalReason, "Why.";
        text: Option<Digest>, "In which words.";
        restore: Vec<ItemId>, "Those that are to be restored.";
        result: Option<ResultCode>, "The result that follows from what is left, while it is closed.";
        #[serde(skip_serializing_if = "Option::is_none", default)] annulment: Option<Annulled>, "For `annulled`: by whom, and by which decision.";
        #[serde(skip_serializing_if = "Option::is_none", default)] signature: Option<Signature>, "That the unit signed it.";
    }
    /// New facts took the place of old ones.
    RequestCorrected => "request.corrected" {
        facts: Vec<Corrected>, "Which, with the digests of what stood there and what stands there now.";
        text: Option<Digest>, "In which words.";
        due_at: Option<At>, "The deadline that runs now.";
        answer: bool, "Whether it was the clarification that the platform waited for.";
        #[serde(skip_serializing_if = "Option::is_none", default)] signature: Option<Signature>, "That the unit signed it.";
        #[serde(skip_serializing_if = "Option::is_none", default)] kept: Option<Digest>, "A salted commitment to what is kept of the filing since then.";
    }
    /// The agency says anew whom the material is thought to come from.
    AttributionRevised => "attribution.revised" {
        asks_to_wait: bool, "Whether the platform is asked to wait from then on.";
        attribution: Digest, "Of what was said, as JSON: an investigation's own, hidden from the platform even as a digest, which could be guessed.";
        text: Option<Digest>, "In which words; hidden likewise.";
        #[serde(skip_serializing_if = "Option::is_none", default)] kept: Option<Digest>, "A salted commitment to what is kept of the filing since then.";
    }
    /// The agency forbids telling the uploader for longer.
    NonDisclosureExtended => "non_disclosure.extended" {
        was: At, "The end before.";
        until: At, "The end since then.";
        reason: Digest, "Of the reason.";
        #[serde(skip_serializing_if = "Option::is_none", default)] kept: Option<Digest>, "A salted commitment to what is kept of the filing since then.";
    }
    /// The agency allows telling the uploader before that time is over.
    NonDisclosureLifted => "non_disclosure.lifted" {
        was: At, "The end before.";
        text: Option<Digest>, "In which words.";
        #[serde(skip_serializing_if = "Option::is_none", default)] kept: Option<Digest>, "A salted commitment to what is kept of the filing since then.";
    }
    /// The platform says that it keeps what was removed.
    PreservationHeld => "preservation.held" { since: At, "Since when."; until: At, "Until when at least."; }
    /// The agency asks to keep it for longer.
    PreservationExtended => "preservation.extended" {
        was: At, "The end before.";
        until: At, "The end since then.";
        asked_by: Option<String>, "The authority or court that asked for it, where it was another than the agency.";
        reason: Digest, "Of the reason.";
    }
    /// The agency needs it no longer.
    PreservationReleased => "preservation.released" {
        until: At, "Until when it would have been kept.";
        text: Option<Digest>, "In which words.";
    }
    /// The time for which it is kept is about to end.
    PreservationEnding => "preservation.ending" { until: At, "The end."; }
    /// That time is over.
    PreservationExpired => "preservation.expired" { until: At, "The end."; }
    /// The platform says that it has deleted what it kept.
    PreservationDeleted => "preservation.deleted" { deleted_at: At, "When."; }
    /// The platform put other outcomes in the place of those it had given.
    DecisionRevised => "decision.revised" {
        reason: RevisionReason, "Why.";
        decisions: Vec<Decided>, "How.";
        result: Option<ResultCode>, "The result that follows from the items, while it is closed.";
    }
    /// The uploader objected to what was done to an item.
    ObjectionMade => "objection.made" {
        objection: ObjectionId, "Which objection.";
        item: ItemId, "To which item.";
        text: Digest, "In which words; hidden from the agency even as a digest, which could be guessed.";
    }
    /// The platform answered an objection, or put another answer in the place of one it gave.
    ObjectionAnswered => "objection.answered" {
        objection: ObjectionId, "Which.";
        item: ItemId, "To which item.";
        outcome: ObjectionOutcome, "How.";
        restored: bool, "Whether the item was put back with it.";
        correction: bool, "Whether it takes the place of an earlier answer.";
        text: Digest, "In which words; hidden from the agency likewise.";
    }
    /// It was opened again.
    RequestReopened => "request.reopened" { reason: ReopenReason, "Why."; text: Digest, "In which words."; }
    /// The platform answered whether it restores.
    RestorationAnswered => "restoration.answered" {
        decisions: Vec<Decided>, "How.";
        complete: bool, "Whether every item is answered now.";
    }
    /// The agency sent the copy of the order to the authority of the platform's country by another way.
    OrderCopied => "order.copied" { to: Digest, "To whom, in its words."; sent_at: At, "When."; }
    /// Scrutiny of the order was asked for.
    ScrutinyAsked => "scrutiny.asked" {
        by: Requester, "By whom.";
        #[serde(skip_serializing_if = "Option::is_none", default)] informed_at: Option<At>, "When the content provider was told, where it is he.";
    }
    /// The scrutinising authority means to find an infringement.
    ScrutinyAnnounced => "scrutiny.announced" { text: Digest, "In which words."; }
    /// The scrutinising authority found no infringement.
    ScrutinyDecided => "scrutiny.decided" {
        text: Digest, "In which words.";
        decision: String, "The reference of its decision.";
        late: bool, "After the time it has.";
    }
    /// The scrutinising authority found an infringement.
    RequestAnnulled => "request.annulled" {
        text: Digest, "In which words.";
        annulment: Annulled, "By whom, and by which decision.";
        late: bool, "After the time it has.";
        restore: Vec<ItemId>, "The items that are to be restored.";
    }
    /// What it was about was destroyed; that it was, what came of it and its leaves stay.
    RequestErased => "request.erased" { #[serde(flatten)] erased: RequestLeft, "Why, what went, and what is left."; }
    /// The order is final.
    OrderFinal => "order.final" { how: FinalHow, "Why."; final_at: At, "Since when."; }
    /// Whoever is asked doubts that it is really the agency who asks.
    DoubtRaised => "doubt.raised" { why: Option<Said>, "In which words."; }
    /// Somebody who did not file it said whether it is.
    DoubtSettled => "doubt.settled" {
        genuine: bool, "Whether it is; if not, the request ended with it.";
        note: Said, "In which words.";
        restore: Vec<ItemId>, "The items that are to be restored.";
        due_at: Option<At>, "The deadline that runs now.";
    }
    /// Whoever reads the mailbox that was written to says that the site is not his.
    ContactRejected => "contact.rejected" { contact: Digest, "Of the address."; why: Option<Said>, "In which words."; }
    /// A mail to the platform came back as undeliverable.
    DeliveryFailed => "delivery.failed" {
        contact: Digest, "Of the address.";
        status: String, "What the mail server said, as a status code (RFC 3463).";
        goes_on: bool, "Whether another address of the platform is tried.";
    }
    /// An agency told a platform which procedures and deadlines apply, before its first order.
    NoticeGiven => "notice.given" {
        id: PriorNoticeId, "Which.";
        agency: AgencyId, "By whom.";
        instrument: InstrumentId, "Of which power.";
        text: Digest, "In which words.";
    }
    /// The platform read it for the first time.
    NoticeRead => "notice.read" { id: PriorNoticeId, "Which."; }
    /// Somebody was handed content of a request. The entry is about no request, so that its history, which both sides read,
    /// does not show who reads on the other one.
    RequestRead => "request.read" {
        request: RequestId, "Of which request.";
        #[serde(skip_serializing_if = "Option::is_none", default)] version: Option<i32>, "As it stood in which version, where that makes a difference.";
        content: Content, "Which part of it.";
    }
    /// An agency asked whether items were asked about before.
    ItemsLookedUp => "items.looked_up" { keys: Vec<Digest>, "Of the comparison keys, in the order of the call."; }
    /// Somebody was handed a document.
    DocumentRead => "document.read" {
        request: RequestId, "Of which request.";
        message: MessageId, "The message it came with.";
        document: Digest, "The document.";
    }
    /// One side wrote a note for itself. The entry is about that party, so that the request's history, which both sides
    /// read, does not show it.
    InternalNoteWritten => "internal_note.written" {
        request: RequestId, "About which request.";
        note: InternalNoteId, "Which note.";
        text: Digest, "In which words.";
    }
    /// A side wants a request to be kept whatever its time. The entry is about that party: the other side does not see it.
    HoldPlaced => "hold.placed" { request: RequestId, "Which."; reason: Digest, "Why, in its words."; }
    /// That side needs it no longer.
    HoldLifted => "hold.lifted" { request: RequestId, "Which."; }
    /// The agency ended every answer link of a request. The entry is about the agency, since it changes nothing of the request.
    AnswerLinksEnded => "answer_links.ended" { request: RequestId, "Of which request."; links: u64, "How many opened it until then."; }
    /// Content was destroyed: its time was over, or it went with its request.
    ContentErased => "content.erased" { #[serde(flatten)] erased: ContentGone, "What."; }
    /// A party saved a text, or another version of it.
    TextSaved => "text.saved" {
        id: SavedTextId, "Which.";
        version: i32, "Its version.";
        text: Digest, "In which words.";
    }
    /// A party removed a saved text.
    TextRemoved => "text.removed" { id: SavedTextId, "Which."; }
    /// The log went on with fewer entries than were signed: an older database was put in the place of a lost one.
    LogRestarted => "log.restarted" {
        stored: u64, "How many entries were left.";
        signed: u64, "How many entries had been signed.";
        checkpoint: String, "The last checkpoint that is known to have been signed, with its signatures.";
    }
    /// Requests were exported.
    RequestsExported => "requests.exported" { format: String, "In which format."; rows: u64, "How many rows."; }
    /// A file of an export was made. What was chosen is there as a digest: a link may be part of it.
    ExportMade => "export.made" {
        export: ExportId, "Which.";
        format: String, "In which format.";
        filter: Digest, "Of what was chosen, as JSON.";
        rows: u64, "How many rows.";
        file: Digest, "Of the file.";
        #[serde(skip_serializing_if = "Option::is_none", default)] encrypted_to: Option<String>, "To whose age key it was encrypted.";
    }
    /// An agency was registered.
    AgencyRegistered => "agency.registered" {}
    /// What is known of an agency was changed.
    AgencyChanged => "agency.changed" { members: Vec<String>, "The members that changed."; }
    /// How an agency was verified was recorded.
    AgencyVerified => "agency.verified" { expires_at: Option<At>, "Until when it holds."; }
    /// A second person of the operator completed it, after a call back.
    AgencyConfirmed => "agency.confirmed" { domain: String, "The agency's own domain, which names it."; called_at: At, "When he called."; }
    /// An agency was suspended.
    AgencySuspended => "agency.suspended" { reason: String, "Why, in the operator's words."; }
    /// An agency's suspension ended.
    AgencyReinstated => "agency.reinstated" {}
    /// Whether an agency files, corrects and takes back with the signature of its unit alone was decided.
    AgencySigning => "agency.signing" { required: bool, "Whether nothing is taken from it without one."; }
    /// Whether an agency is named to others who ask about the same item was decided.
    AgencyNaming => "agency.naming" { agreed: bool, "Whether it agrees."; }
    /// Under which instruments an agency scrutinises the orders of others was recorded.
    AgencyCompetence => "agency.competence" { scrutinises: Vec<InstrumentId>, "All of them; none ends it."; }
    /// An agency has a new key for its signature.
    SigningKeyAdded => "signing_key.added" {
        kid: String, "Its thumbprint (RFC 7638).";
        domain: String, "The agency's own domain, where it is shown.";
        #[serde(skip_serializing_if = "Option::is_none", default)] counts_from: Option<At>, "From when on it counts; not said while the operator has not confirmed it.";
        #[serde(skip_serializing_if = "Option::is_none", default)] cosigned_by: Option<String>, "The thumbprint of the earlier key that spoke for it.";
        proof: Digest, "Of the statement by which it proved itself.";
    }
    /// The operator confirmed it.
    SigningKeyConfirmed => "signing_key.confirmed" { kid: String, "Its thumbprint."; counts_from: At, "From when on it counts."; }
    /// It was revoked: nothing that is signed with it counts any more.
    SigningKeyRevoked => "signing_key.revoked" {
        kid: String, "Its thumbprint.";
        #[serde(skip_serializing_if = "Option::is_none", default)] compromised_at: Option<At>, "Since when it may have been in foreign hands.";
    }
    /// A platform was registered.
    PlatformRegistered => "platform.registered" {}
    /// A platform that nobody knew came in by a sighting.
    PlatformSighted => "platform.sighted" { sighting: SightingId, "Which."; }
    /// A platform that had only been sighted was written to: a request was filed.
    PlatformContacted => "platform.contacted" { request: RequestId, "Which was the first."; }
    /// What is known of a platform was changed.
    PlatformChanged => "platform.changed" { members: Vec<String>, "The members that changed."; }
    /// An agency said where a platform that nobody speaks for can be written to.
    PlatformContactsFound => "platform.contacts_found" { agency: AgencyId, "Which."; found: Vec<FoundContact>, "All that it says now, in their order."; }
    /// Control of a platform was verified.
    PlatformVerified => "platform.verified" {
        method: ControlMethod, "How it was proved.";
        note: Option<String>, "What else the operator noted.";
        #[serde(skip_serializing_if = "Option::is_none", default)] claim: Option<ClaimId>, "The claim, where the exchange looked for the proof itself.";
        #[serde(skip_serializing_if = "Option::is_none", default)] host: Option<String>, "For which host that was.";
        #[serde(skip_serializing_if = "Option::is_none", default)] seen: Option<Digest>, "Of the line that stood there.";
    }
    /// Somebody means to prove that he is in charge of a platform.
    ClaimStarted => "platform.claim_started" { claim: ClaimId, "Which claim."; host: String, "For which host."; #[serde(skip_serializing_if = "Option::is_none", default)] line: Option<Digest>, "Of the line that is to stand there."; }
    /// He proved it, but that alone does not decide: the operator does.
    ClaimContested => "platform.claim_contested" { claim: ClaimId, "Which claim."; host: String, "For which host."; method: ControlMethod, "How it was proved."; seen: Digest, "Of the line that stood there."; }
    /// Whoever claimed a platform ended the answer links to it.
    LinksEnded => "platform.links_ended" { claim: ClaimId, "By which claim."; }
    /// A platform was suspended.
    PlatformSuspended => "platform.suspended" { reason: String, "Why, in the operator's words."; }
    /// A platform's suspension ended.
    PlatformReinstated => "platform.reinstated" {}
    /// A client was registered.
    ClientRegistered => "client.registered" {}
    /// A client was suspended.
    ClientSuspended => "client.suspended" { reason: String, "Why, in the operator's words."; }
    /// A client's suspension ended.
    ClientReinstated => "client.reinstated" {}
    /// A client was given new credentials.
    CredentialsRotated => "client.credentials_rotated" { revoked: bool, "Whether the older ones ended at once."; }
    /// A party has an address that is told of what comes into its inbox.
    WebhookRegistered => "webhook.registered" {
        webhook: WebhookId, "Which.";
        url: Digest, "Of its address, which may hold a secret.";
        public_key: String, "With which it can be checked who signed: `whpk_…`.";
    }
    /// What is known of it was changed.
    WebhookChanged => "webhook.changed" {
        webhook: WebhookId, "Which.";
        members: Vec<String>, "The members that changed.";
        #[serde(skip_serializing_if = "Option::is_none", default)] url: Option<Digest>, "Of the new address, where it changed.";
    }
    /// It was given new keys.
    WebhookKeysRotated => "webhook.keys_rotated" {
        webhook: WebhookId, "Which.";
        public_key: String, "The new public key.";
        revoked: bool, "Whether the older ones ended at once.";
    }
    /// It was disabled, because of what it answered or because it did not.
    WebhookDisabled => "webhook.disabled" { webhook: WebhookId, "Which."; reason: Disabled, "Why."; }
    /// It was removed.
    WebhookRemoved => "webhook.removed" { webhook: WebhookId, "Which."; }
    /// A party has a secret address at which its inbox can be read as a feed.
    FeedOpened => "feed.opened" { feed: FeedId, "Which."; #[serde(skip_serializing_if = "Option::is_none", default)] address: Option<Digest>, "Of the secret in its address."; }
    /// It ended: nothing is read there any more.
    FeedEnded => "feed.ended" { feed: FeedId, "Which."; }
    /// An agency recorded that something was seen elsewhere after a request.
    SightingRecorded => "sighting.recorded" {
        request: RequestId, "After which.";
        target: Digest, "Of its comparison key.";
        platform: PlatformId, "On which platform.";
        confidence: Confidence, "How sure the agency is.";
    }
    /// The agency is surer of it, or less sure.
    SightingRevised => "sighting.revised" { was: Confidence, "How sure it was."; now: Confidence, "How sure it is."; text: Option<Digest>, "Why, in which words."; }
    /// A request of the agency follows it; or none does, and the link was a mistake.
    SightingFollowed => "sighting.followed" { request: Option<RequestId>, "Which."; }
    /// It was a mistake.
    SightingRetracted => "sighting.retracted" { text: Option<Digest>, "Why, in which words."; }
    /// An operation was begun by its lead agency.
    OperationOpened => "operation.opened" { label: Digest, "Of its label."; }
    /// A request was put into an operation, or given another part in it.
    OperationRequestAdded => "operation.request_added" { request: RequestId, "Which."; role: Option<TargetRole>, "The part it plays."; }
    /// The lead agency invited another one.
    OperationAgencyInvited => "operation.agency_invited" { agency: AgencyId, "Whom."; }
    /// An invited agency joined.
    OperationAgencyJoined => "operation.agency_joined" {}
    /// An invited agency declined, or a joined one left.
    OperationAgencyLeft => "operation.agency_left" {}
    /// The lead agency took an invitation back, or ended another agency's part.
    OperationAgencyRemoved => "operation.agency_removed" { agency: AgencyId, "Whose."; }
}
