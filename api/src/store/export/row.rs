//! What an export reads of an item and its request.

use diesel::prelude::*;

/// An item and what an export needs of its request. `filing`, `detail` and `outcome_detail` are JSON.
#[derive(Debug, Queryable)]
#[allow(missing_docs)]
pub struct ExportRow {
    pub request_id: String,
    pub reference: String,
    pub version: i32,
    pub agency_id: String,
    pub platform_id: String,
    pub agency_reference: Option<String>,
    pub platform_reference: Option<String>,
    pub kind: String,
    pub instrument: String,
    pub jurisdiction: String,
    pub status: String,
    pub result: Option<String>,
    pub operation: Option<String>,
    pub filed_at: i64,
    pub fetched_at: Option<i64>,
    pub acknowledged_at: Option<i64>,
    pub closed_at: Option<i64>,
    pub withdrawn_at: Option<i64>,
    pub due_at: Option<i64>,
    pub preservation_status: Option<String>,
    pub preservation_until: Option<i64>,
    pub filing: String,
    pub filing_digest: Vec<u8>,
    pub item_id: String,
    pub position: i32,
    pub item_kind: String,
    pub locator: String,
    pub detail: String,
    pub outcome: Option<String>,
    pub outcome_detail: Option<String>,
    pub decided_at: Option<i64>,
    pub mistakes: Mistakes,
}

/// What was taken back, corrected or objected to, and what other authorities had to do with it.
#[derive(Debug, Queryable)]
#[allow(missing_docs)]
pub struct Mistakes {
    pub withdrawal: Option<String>,
    pub restoration: Option<String>,
    pub corrections: i32,
    pub item_withdrawal: Option<String>,
    pub item_withdrawn_at: Option<i64>,
    pub oversight: Option<String>,
    pub objections: i32,
    pub objection_outcome: Option<String>,
    pub restoration_answer: Option<String>,
    pub first_decided_at: Option<i64>,
    /// JSON.
    pub undone: Option<String>,
    pub erased_at: Option<i64>,
}

/// The columns of [`ExportRow`].
macro_rules! columns {
    () => {
        (
            requests::id,
            requests::reference,
            requests::version,
            requests::agency_id,
            requests::platform_id,
            requests::agency_reference,
            requests::platform_reference,
            requests::kind,
            requests::instrument,
            requests::jurisdiction,
            requests::status,
            requests::result,
            requests::operation,
            requests::filed_at,
            requests::fetched_at,
            requests::acknowledged_at,
            requests::closed_at,
            requests::withdrawn_at,
            requests::due_at,
            requests::preservation_status,
            requests::preservation_until,
            requests::filing,
            requests::filing_digest,
            items::id,
            items::position,
            items::kind,
            items::locator,
            items::detail,
            items::outcome,
            items::outcome_detail,
            items::decided_at,
            (
                requests::withdrawal,
                requests::restoration,
                requests::corrections,
                items::withdrawal,
                items::withdrawn_at,
                requests::oversight,
                items::objections,
                items::objection_outcome,
                items::restoration_outcome,
                items::first_decided_at,
                items::undone,
                requests::erased_at,
            ),
        )
    };
}

pub(super) use columns;
