//! What the client reads and writes: only the fields it uses, open to everything that is added later.
//!
//! Answers: unknown members are ignored, codes are open strings. Filings: the whole shape of `POST /v1/requests`,
//! because a person builds one from flags.

mod attested;
mod batch;
mod exports;
mod forms;
mod imports;
mod kept;
mod parts;
mod repeats;
mod sent;

use serde::{Deserialize, Serialize};

pub use attested::{Signature, Stated};
pub use batch::{BatchAnswer, BatchRow};
pub use exports::ExportFile;
pub use forms::Forms;
pub use imports::{ImportAnswer, ImportedRecord, ImportedRow};
pub use kept::{Extension, Preservation, Until};
pub use parts::InboxPart;
pub use repeats::{DigestLookups, Lookups, Repeat};
pub use sent::{
    Decision, FiledAttribution, FiledDeadline, FiledItem, FiledOfficer, FiledService,
    FiledTerritory, FiledUntil, Filing,
};

/// A page of any list.
#[derive(Debug, Clone, Deserialize)]
pub struct Page<T> {
    /// The rows.
    #[serde(default = "Vec::new")]
    pub items: Vec<T>,
    /// Cursor of the next page; for the inbox, the place to poll from next.
    #[serde(default)]
    pub next: Option<String>,
    /// Only for the inbox: more is there already.
    #[serde(default)]
    pub more: bool,
}

macro_rules! answer {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, Deserialize)]
        #[serde(default)]
        pub struct $name { $($(#[$field_doc])* pub $field: $kind,)* }
    };
}

answer!(
    /// One request; a summary lacks `reasons`, `items` and `translation`.
    Request {
        /// TypeID.
        id: String,
        /// Speakable reference.
        reference: String,
        /// Present status.
        status: String,
        /// Derived result once closed.
        result: Option<String>,
        /// For `If-Match`.
        version: i64,
        /// `referral` or `order`.
        kind: String,
        /// The named power.
        instrument: Instrument,
        /// Who asks, may or must, by when: one sentence.
        summary: Option<String>,
        /// Who asks.
        agency: Party,
        /// Who is asked.
        platform: Party,
        /// The agency's own file number.
        agency_reference: Option<String>,
        /// The platform's own ticket.
        platform_reference: Option<String>,
        /// Whose law.
        jurisdiction: Option<String>,
        /// Where effect is asked.
        territory: Option<Territory>,
        /// Coded grounds.
        grounds: Vec<Ground>,
        /// Statement of reasons.
        reasons: Option<Text>,
        /// A translation of the reasons.
        translation: Option<Text>,
        /// The legal provision cited.
        provision: Option<String>,
        /// The officer's handle.
        officer: Option<Officer>,
        /// What is asked about.
        items: Vec<Item>,
        /// How many items; only in summaries.
        items_count: Option<u64>,
        /// The clock; absent for a referral.
        clock: Option<Clock>,
        /// Until when the uploader may not be told.
        non_disclosure: Option<Until>,
        /// Keeping what was removed.
        preservation: Option<Preservation>,
        /// How it stands with that; in lists too.
        preservation_status: Option<String>,
        /// The end of that; in lists too.
        preservation_until: Option<String>,
        /// Whose turn it is.
        waiting_for: Option<String>,
        /// Whether restoration is asked after a withdrawal.
        restoration: Option<String>,
        /// Whether the agency asks to wait, because it suspects a decoy.
        asks_to_wait: Option<bool>,
        /// Whom the material is thought to come from.
        attribution: Option<Attribution>,
        /// What was put right since the filing.
        corrections: Vec<Revision>,
        /// When it was filed.
        filed_at: Option<String>,
        /// When the full text was handed over.
        fetched_at: Option<String>,
        /// When the platform said that it has it.
        acknowledged_at: Option<String>,
        /// When it was closed.
        closed_at: Option<String>,
        /// When what it was about was erased.
        erased_at: Option<String>,
        /// When it was withdrawn.
        withdrawn_at: Option<String>,
        /// In the answer to a filing: what was asked about before.
        repeats: Vec<Repeat>,
        /// `unit_signed`, or `exchange_only`.
        attestation: Option<String>,
        /// The unit's signature.
        signature: Option<Signature>,
    }
);

answer!(
    /// A filing that became one request for each platform.
    Together {
        /// What keeps them together.
        operation: Label,
        /// The requests.
        requests: Vec<Request>,
    }
);

answer!(
    /// An operation by its name.
    Label {
        /// TypeID.
        id: String,
        /// What its lead calls it.
        label: String,
    }
);

answer!(
    /// The instrument of a request.
    Instrument {
        /// Id in the catalogue.
        id: String,
        /// Title.
        title: Option<String>,
        /// Citation of the law.
        citation: Option<String>,
        /// `voluntary` or `binding_as_claimed`.
        power: Option<String>,
    }
);

answer!(
    /// An agency or a platform as a request shows it.
    Party {
        /// TypeID.
        id: String,
        /// Name.
        name: String,
        /// ISO 3166-1 alpha-2.
        country: Option<String>,
        /// For an agency: pending, verified, suspended.
        status: Option<String>,
        /// For an agency: how the exchange checked that it is real.
        verification: Option<Verification>,
        /// For an agency: where to complain.
        complaints: Option<String>,
    }
);

answer!(
    /// How a party was checked.
    Verification {
        /// How.
        method: String,
        /// When.
        verified_at: Option<String>,
        /// Until when it counts.
        expires_at: Option<String>,
        /// How many people of the operator found it out.
        persons: Option<i64>,
    }
);

answer!(
    /// Where effect is asked.
    Territory {
        /// ISO 3166-1 alpha-2 codes.
        countries: Vec<String>,
        /// Everywhere.
        worldwide: bool,
    }
);

answer!(
    /// A coded ground.
    Ground {
        /// Code.
        code: String,
        /// What it stands for.
        title: Option<String>,
    }
);

answer!(
    /// An officer without a name.
    Officer {
        /// Handle.
        handle: Option<String>,
        /// Name, for those who may see it.
        name: Option<String>,
        /// Rank.
        rank: Option<String>,
    }
);

answer!(
    /// One thing to act on.
    Item {
        /// TypeID.
        id: String,
        /// From 1.
        position: u64,
        /// url, account, …
        kind: String,
        /// Exactly as filed.
        locator: String,
        /// An inert form for people.
        defanged: Option<String>,
        /// What it shows, in words.
        description: Option<String>,
        /// The latest outcome.
        outcome: Option<Outcome>,
        /// Why it was taken back by itself, if it was.
        withdrawal_reason: Option<String>,
        /// not_asked, asked, answered.
        restoration: Option<String>,
        /// What was answered to that.
        restoration_answer: Option<Outcome>,
    }
);

answer!(
    /// Whom the material is thought to come from.
    Attribution {
        /// A name.
        source: String,
        /// How sure.
        confidence: String,
    }
);

answer!(
    /// A fact that took the place of another.
    Revision {
        /// When.
        at: Option<String>,
        /// Which.
        fact: String,
        /// Of which item.
        item: Option<String>,
        /// What stood there before.
        was: Option<serde_json::Value>,
    }
);

answer!(
    /// What became of an item.
    Outcome {
        /// Outcome code.
        code: String,
        /// law or terms.
        basis: Option<String>,
        /// When it took effect.
        effective_at: Option<String>,
        /// Whether the uploader was told.
        uploader_informed: Option<String>,
        /// Countries of a geographic block.
        countries: Vec<String>,
        /// The request it repeats.
        duplicate_of: Option<String>,
        /// In words.
        note: Option<String>,
    }
);

answer!(
    /// A deadline's state.
    Clock {
        /// none, waiting, running, standing, stopped.
        state: String,
        /// receipt, given, knowledge, specified.
        starts_on: Option<String>,
        /// When it runs out.
        due_at: Option<String>,
        /// What is left while it stands.
        left_seconds: Option<i64>,
    }
);

answer!(
    /// One event of the inbox.
    InboxEvent {
        /// TypeID (`evt_…`), the same on every reading.
        id: String,
        /// `request.filed`, …
        #[serde(rename = "type")]
        kind: String,
        /// When.
        at: Option<String>,
        /// The request without locators or texts; none for an event that is about none.
        request: Option<InboxRequest>,
        /// What the platform is told before a first order.
        notice: Option<InboxNotice>,
        /// An agency's part in an operation.
        operation: Option<InboxPart>,
    }
);

answer!(
    /// What a platform is told before a first order, as the inbox shows it.
    InboxNotice {
        /// TypeID (`notice_…`).
        id: String,
        /// Who tells it.
        agency: Party,
    }
);

answer!(
    /// A request as the inbox shows it.
    InboxRequest {
        /// TypeID.
        id: String,
        /// Speakable reference.
        reference: String,
        /// Present status.
        status: String,
        /// `referral` or `order`.
        kind: String,
        /// Who asks.
        agency: Party,
        /// How many items.
        items_count: Option<u64>,
        /// Whether the agency asks to wait, because it suspects a decoy.
        asks_to_wait: Option<bool>,
        /// When the clock runs out, if one runs.
        due_at: Option<String>,
    }
);

/// A text with its language; both ways.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Text {
    /// The text.
    pub text: String,
    /// BCP 47 tag.
    pub language: String,
}
