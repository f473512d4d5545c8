//! `GET /v1/exports/imports`

use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::Deserialize;
use takedown_core::history::Digest;
use takedown_core::id::AgencyId;
use utoipa::IntoParams;
use validator::Validate;

use super::requests::ExportFormat;
use super::{downloaded, media, shows_its_end};
use crate::app::export;
use crate::app::imports::Filter;
use crate::app::{Caller, Cx};
use crate::http::extract::Query;
use crate::http::problem::{Problem, ProblemBody};
use crate::http::v1::responses::Calling;

/// Which records to export. Everything given must hold.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExportImportsParameters {
    /// The form; `ndjson` unless said.
    #[serde(default)]
    #[param(inline, required = false)]
    format: ExportFormat,
    /// Those of this agency.
    #[param(value_type = Option<String>)]
    agency: Option<AgencyId>,
    /// Those under this file number of the agency.
    #[validate(length(min = 1, max = 100))]
    #[param(min_length = 1, max_length = 100)]
    agency_reference: Option<String>,
    /// Those from the file with this SHA-256 digest, in lower case.
    #[param(value_type = Option<String>, pattern = "^[0-9a-f]{64}$")]
    file: Option<Digest>,
    /// Those that were taken back, or those that were not.
    withdrawn: Option<bool>,
}

/// Export imported records
///
/// One row per record, the oldest import first: what agencies say they asked before they used this exchange. None of it was
/// witnessed, so none of it is in the export of the requests. An agency exports its own, an auditor what his appointment
/// covers. The export is entered in the history, and streamed as that of the requests is.
#[utoipa::path(
    tag = "exports",
    operation_id = "export_imports",
    params(ExportImportsParameters),
    responses(
        (status = 200, description = "The rows, by the `format` that was asked for.", headers(
            ("content-disposition" = String, description = "A name for the file."),
            ("cache-control" = String, description = "`no-store`."),
        ), content(
            (String = "application/x-ndjson", example = json!("{\"record_id\":\"imp_01kb0000000000000000000000\",\"provenance\":\"imported\",\"sent_on\":\"2019-05-02\"}\n")),
            (String = "text/csv", example = json!("record_id,provenance,sent_on\r\nimp_01kb0000000000000000000000,imported,2019-05-02\r\n")),
        )),
        (status = 406, description = "The call came by HTTP/1.0, which cannot show that an export broke off.", body = ProblemBody, content_type = "application/problem+json"),
        Calling,
    ),
)]
#[get("/v1/exports/imports")]
pub async fn export_imports(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    Query(wanted): Query<ExportImportsParameters>,
) -> Result<HttpResponse, Problem> {
    shows_its_end(&http)?;
    let (format, media_type) = media(wanted.format);
    let filter = Filter {
        agency: wanted.agency.map(|id| id.to_string()),
        agency_reference: wanted.agency_reference,
        file: wanted.file.map(|digest| digest.to_string()),
        withdrawn: wanted.withdrawn,
    };
    let began = cx.now();
    let export = export::records(&cx, &caller, format, filter).await?;
    Ok(downloaded("imports", began, (format, media_type), export))
}
