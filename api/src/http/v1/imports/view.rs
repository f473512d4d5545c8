//! An imported record as it is answered.

use serde::Serialize;
use takedown_core::imported::PROVENANCE;
use utoipa::ToSchema;

use crate::app::imports::RecordView;
use crate::http::v1::requests::view::PlatformBrief;
use crate::http::wire::Instant;

/// A record of what an agency asked before it used this exchange: one link of one past mail, as the agency says. The exchange
/// witnessed none of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportedRecord {
    /// Identifier, `imp_…`.
    pub id: String,
    /// `imported`: the agency's own account.
    pub provenance: String,
    /// Whose record it is, `agency_…`.
    pub agency: String,
    /// The agency's file number.
    #[schema(required = true)]
    pub agency_reference: Option<String>,
    /// The platform that was registered here for it when it was imported. It is told nothing of it.
    #[schema(required = true)]
    pub platform: Option<PlatformBrief>,
    /// The platform as the agency wrote it.
    #[schema(required = true)]
    pub platform_name: Option<String>,
    /// What kind of thing it is.
    pub kind: String,
    /// Where it is, exactly as in the agency's list.
    pub locator: String,
    /// The same, made inert for showing.
    pub defanged: String,
    /// The day on which the mail was sent.
    #[schema(format = Date)]
    pub sent_on: String,
    /// The instant, where the list has one.
    #[schema(required = true)]
    pub sent_at: Option<Instant>,
    /// `referral` or `order`, as the agency says.
    #[schema(required = true)]
    pub asked: Option<String>,
    /// The power, in the agency's words.
    #[schema(required = true)]
    pub legal_basis: Option<String>,
    /// The grounds, in the agency's words.
    pub grounds: Vec<String>,
    /// What became of it, as the agency says; `null` when no answer is known.
    #[schema(required = true)]
    pub outcome: Option<String>,
    /// The day of the answer.
    #[schema(required = true, format = Date)]
    pub answered_on: Option<String>,
    /// What else the list says.
    #[schema(required = true)]
    pub note: Option<String>,
    /// Language of the mail, BCP 47.
    #[schema(required = true)]
    pub language: Option<String>,
    /// Where it stands in the agency's list.
    pub source: ImportSource,
    /// When it was imported.
    pub imported_at: Instant,
    /// By which client, `client_…`.
    pub imported_by: String,
    /// That it was taken back as a mistake; it is not counted any more.
    #[schema(required = true)]
    pub withdrawal: Option<ImportWithdrawal>,
}

/// Where a record stands in the agency's own list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportSource {
    /// The name of the file.
    pub file: String,
    /// SHA-256 of the file.
    pub sha256: String,
    /// The sheet in it.
    #[schema(required = true)]
    pub sheet: Option<String>,
    /// The row, as a spreadsheet numbers it, from 1.
    #[schema(minimum = 1)]
    pub row: i32,
}

/// That a record was taken back.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportWithdrawal {
    /// When.
    pub at: Instant,
    /// Why, in the agency's words.
    pub reason: String,
}

impl ImportedRecord {
    /// A record as it is answered.
    #[must_use]
    pub fn of(view: &RecordView) -> Self {
        let (row, facts) = (&view.row, &view.facts);
        Self {
            id: row.id.clone(),
            provenance: PROVENANCE.to_owned(),
            agency: row.agency_id.clone(),
            agency_reference: row.agency_reference.clone(),
            platform: view.platform.as_deref().map(PlatformBrief::of),
            platform_name: row.platform_name.clone(),
            kind: row.item_kind.clone(),
            locator: row.locator.clone(),
            defanged: view.locator.defanged(),
            sent_on: facts.sent_on.to_string(),
            sent_at: facts.sent_at.map(Instant),
            asked: facts.asked.map(|kind| kind.to_string()),
            legal_basis: facts.legal_basis.clone(),
            grounds: facts.grounds.clone(),
            outcome: facts.outcome.map(|code| code.to_string()),
            answered_on: facts.answered_on.map(|day| day.to_string()),
            note: facts.note.clone(),
            language: facts.language.as_ref().map(ToString::to_string),
            source: ImportSource {
                file: row.source_file.clone(),
                sha256: row.source_digest.clone(),
                sheet: row.source_sheet.clone(),
                row: row.source_row,
            },
            imported_at: Instant(view.imported_at),
            imported_by: row.client_id.clone(),
            withdrawal: view.withdrawn_at.map(|at| ImportWithdrawal {
                at: Instant(at),
                reason: row.withdrawal.clone().unwrap_or_default(),
            }),
        }
    }
}
