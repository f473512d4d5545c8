//! `GET /v1/exports/requests`

use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::Deserialize;
use takedown_core::id::{AgencyId, PlatformId, Reference};
use takedown_core::request::{ItemRestoration, OutcomeCode, Status};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{downloaded, media, of_parameters, shows_its_end};
use crate::app::export::{self, Wanted};
use crate::app::{Caller, Cx};
use crate::http::extract::Query;
use crate::http::problem::{Problem, ProblemBody};
use crate::http::v1::responses::Calling;
use crate::http::wire::{self, Instant};

/// The form of an export.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ExportFormat {
    /// JSON Lines: one object per item, every value as it is. The evidence.
    #[default]
    Ndjson,
    /// RFC 4180 with a header row. A text that a spreadsheet would calculate begins with an apostrophe.
    Csv,
}

/// What to export. Everything given must hold.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExportParameters {
    /// The form; `ndjson` unless said.
    #[serde(default)]
    #[param(inline, required = false)]
    format: ExportFormat,
    /// Where the requests stand.
    #[param(schema_with = wire::status)]
    status: Option<Status>,
    /// How it stands with putting things back: `asked` are those that nobody has answered.
    #[param(schema_with = wire::item_restoration)]
    restoration: Option<ItemRestoration>,
    /// Who was asked.
    #[param(value_type = Option<String>)]
    platform: Option<PlatformId>,
    /// Who asked.
    #[param(value_type = Option<String>)]
    agency: Option<AgencyId>,
    /// Under which instrument.
    #[validate(length(min = 1, max = 100))]
    #[param(min_length = 1, max_length = 100)]
    instrument: Option<String>,
    /// On which ground, alone or among others.
    #[validate(length(min = 1, max = 100))]
    #[param(min_length = 1, max_length = 100)]
    ground: Option<String>,
    /// What became of the item: its row alone.
    #[param(schema_with = wire::outcome_code)]
    outcome: Option<OutcomeCode>,
    /// The item itself, in any writing that means the same: its row alone.
    #[validate(length(min = 1, max = 8192))]
    #[param(min_length = 1, max_length = 8192)]
    locator: Option<String>,
    /// The host it lies on, without those below it: these rows alone.
    #[validate(length(min = 1, max = 253))]
    #[param(min_length = 1, max_length = 253)]
    host: Option<String>,
    /// Filed at or after this instant.
    filed_from: Option<Instant>,
    /// Filed before this instant.
    filed_to: Option<Instant>,
    /// Our short reference.
    #[param(value_type = Option<String>)]
    reference: Option<Reference>,
    /// The agency's own file number.
    #[validate(length(min = 1, max = 100))]
    #[param(min_length = 1, max_length = 100)]
    agency_reference: Option<String>,
}

/// Export requests
///
/// One row per item, oldest request first; what belongs to the request repeats in each of its rows. Exported is what
/// had been filed when the export began, each row as it stands when it is read. An agency exports what it filed, an
/// auditor what his appointment covers; the columns are those that the caller may see. The export is entered in the
/// history.
///
/// A filter that nothing can match, such as a ground that does not exist, is refused. For a file with proofs, a workbook, a typed table, or one
/// that is downloaded in several goes, ask for one with `POST /v1/exports`.
///
/// The answer is streamed in chunks. It is whole when the transfer ends as HTTP/1.1 or HTTP/2 end one: an export that
/// breaks off is cut off in the middle of the transfer, which every client reports as an error.
#[utoipa::path(
    tag = "exports",
    operation_id = "export_requests",
    params(ExportParameters),
    responses(
        (status = 200, description = "The rows, by the `format` that was asked for.", headers(
            ("content-disposition" = String, description = "A name for the file."),
            ("cache-control" = String, description = "`no-store`."),
        ), content(
            (String = "application/x-ndjson", example = json!("{\"request_id\":\"req_01kb0000000000000000000000\",\"position\":1,\"locator\":\"https://paste.example/abc#key\"}\n")),
            (String = "text/csv", example = json!("request_id,position,locator\r\nreq_01kb0000000000000000000000,1,https://paste.example/abc#key\r\n")),
        )),
        (status = 406, description = "The call came by HTTP/1.0, which cannot show that an export broke off.", body = ProblemBody, content_type = "application/problem+json"),
        Calling,
    ),
)]
#[get("/v1/exports/requests")]
pub async fn export_requests(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    Query(wanted): Query<ExportParameters>,
) -> Result<HttpResponse, Problem> {
    shows_its_end(&http)?;
    let (format, media_type) = media(wanted.format);
    let began = cx.now();
    let export = export::requests(&cx, &caller, format, &wanted.into())
        .await
        .map_err(of_parameters)?;
    Ok(downloaded("requests", began, (format, media_type), export))
}

impl From<ExportParameters> for Wanted {
    fn from(given: ExportParameters) -> Self {
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
