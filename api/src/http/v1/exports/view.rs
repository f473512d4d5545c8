//! An export that is made as a file, as it is asked for and answered.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use takedown_core::export::FileFormat;
use takedown_core::id::{AgencyId, PlatformId, Reference};
use takedown_core::request::{ItemRestoration, OutcomeCode, Status};
use utoipa::ToSchema;
use validator::Validate;

use crate::app::export::{File, Wanted};
use crate::app::once::Answer;
use crate::http::wire::{self, Instant};

/// Which rows. Everything given must hold; a filter that nothing can match is refused.
#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportFilter {
    /// Where the requests stand.
    #[schema(schema_with = wire::status, required = false)]
    status: Option<Status>,
    /// How it stands with putting things back: `asked` are those that nobody has answered.
    #[schema(schema_with = wire::item_restoration, required = false)]
    restoration: Option<ItemRestoration>,
    /// Who was asked.
    #[schema(value_type = Option<String>)]
    platform: Option<PlatformId>,
    /// Who asked.
    #[schema(value_type = Option<String>)]
    agency: Option<AgencyId>,
    /// Under which instrument.
    #[validate(length(min = 1, max = 100))]
    #[schema(min_length = 1, max_length = 100)]
    instrument: Option<String>,
    /// On which ground, alone or among others.
    #[validate(length(min = 1, max = 100))]
    #[schema(min_length = 1, max_length = 100)]
    ground: Option<String>,
    /// What became of the item: its row alone.
    #[schema(schema_with = wire::outcome_code, required = false)]
    outcome: Option<OutcomeCode>,
    /// The item itself, in any writing that means the same: its row alone.
    #[validate(length(min = 1, max = 8192))]
    #[schema(min_length = 1, max_length = 8192)]
    locator: Option<String>,
    /// The host it lies on, without those below it: these rows alone.
    #[validate(length(min = 1, max = 253))]
    #[schema(min_length = 1, max_length = 253)]
    host: Option<String>,
    /// Filed at or after this instant.
    filed_from: Option<Instant>,
    /// Filed before this instant.
    filed_to: Option<Instant>,
    /// Our short reference.
    #[schema(value_type = Option<String>)]
    reference: Option<Reference>,
    /// The agency's own file number.
    #[validate(length(min = 1, max = 100))]
    #[schema(min_length = 1, max_length = 100)]
    agency_reference: Option<String>,
}

impl From<ExportFilter> for Wanted {
    fn from(given: ExportFilter) -> Self {
        Self {
            status: given.status,
            restoration: given.restoration,
            agency: given.agency,
            platform: given.platform,
            instrument: given.instrument,
            ground: given.ground,
            outcome: given.outcome,
            reference: given.reference,
            agency_reference: given.agency_reference,
            locator: given.locator,
            host: given.host,
            filed_from: given.filed_from.map(|at| at.0),
            filed_to: given.filed_to.map(|at| at.0),
        }
    }
}

/// An export to be made as a file.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewExport {
    /// In which form.
    #[schema(schema_with = wire::file_format)]
    pub(super) format: FileFormat,
    /// Which rows; all that you may see unless said.
    #[serde(default)]
    #[validate(nested)]
    #[schema(required = false)]
    pub(super) filter: ExportFilter,
    /// Encrypt it to this recipient of age (<https://age-encryption.org/v1>): only who has the key to it reads it then, not
    /// even the exchange.
    #[serde(default)]
    #[schema(
        min_length = 62,
        max_length = 62,
        pattern = "^age1[02-9ac-hj-np-z]{58}$",
        example = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
    )]
    pub(super) encrypt_to: Option<String>,
}

/// An export that is made as a file, and how it stands with it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExportFile {
    /// Identifier, `exp_…`.
    pub id: String,
    /// `queued`, `running`, `done`, `failed`, or `expired`: its time is over.
    pub state: String,
    /// In which form.
    pub format: String,
    /// What was chosen; empty for all that you may see. Once it is expired, a `locator` is `(forgotten)`.
    #[schema(value_type = Object)]
    pub filter: BTreeMap<String, String>,
    /// Members of this object that are stored but cannot be read, such as what a newer version of the exchange wrote. They are left
    /// out or empty here; empty as a rule.
    pub unreadable: Vec<&'static str>,
    /// The recipient of age that it is encrypted to.
    #[schema(required = true)]
    pub encrypted_to: Option<String>,
    /// Rows there are by now.
    pub rows: i64,
    /// Rows there will be, about; `null` where that is not soon known.
    #[schema(required = true)]
    pub rows_estimated: Option<i64>,
    /// Its bytes by now.
    pub bytes: i64,
    /// SHA-256 of all its bytes, once it is made.
    #[schema(required = true)]
    pub sha256: Option<String>,
    /// Why it failed: `storage_full`, `database_unavailable`, `not_sealed` (no signed checkpoint covers it), `nothing_can_match`,
    /// `interrupted` (again and again), `internal`.
    #[schema(required = true)]
    pub reason: Option<String>,
    /// When it was asked for.
    pub created_at: Instant,
    /// When it was made, or failed.
    #[schema(required = true)]
    pub finished_at: Option<Instant>,
    /// Until when it can be downloaded; once it is expired, until when that is remembered.
    #[schema(required = true)]
    pub expires_at: Option<Instant>,
    /// Where it is downloaded, once it is made.
    #[schema(required = true)]
    pub content: Option<String>,
}

impl ExportFile {
    /// A file as it is answered.
    #[must_use]
    pub fn of(file: &File) -> Self {
        let content = || format!("/v1/exports/{}/content", file.id);
        Self {
            id: file.id.clone(),
            state: file.state.clone(),
            format: file.format.clone(),
            filter: file.filter.clone(),
            unreadable: file.unreadable.clone(),
            encrypted_to: file.encrypted_to.clone(),
            rows: file.rows,
            rows_estimated: file.rows_estimated,
            bytes: file.bytes,
            sha256: file.digest.map(|digest| digest.to_string()),
            reason: file.reason.clone(),
            created_at: Instant(file.created_at),
            finished_at: file.finished_at.map(Instant),
            expires_at: file.expires_at.map(Instant),
            content: (file.state == "done").then(content),
        }
    }
}

/// 202: it will be made, and here is where to look.
pub fn accepted(file: &File) -> Answer {
    Answer {
        status: 202,
        headers: vec![("location".to_owned(), format!("/v1/exports/{}", file.id))],
        body: serde_json::to_string(&ExportFile::of(file)).unwrap_or_default(),
    }
}
