//! `GET /v1/imports`

use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use takedown_core::history::Digest;
use takedown_core::id::{AgencyId, ImportId};
use utoipa::ToSchema;

use super::view::ImportedRecord;
use crate::app::imports::{self, Filter};
use crate::app::{Caller, Cx};
use crate::http::extract::Query;
use crate::http::problem::Problem;
use crate::http::v1::paging::paged;
use crate::http::v1::registry::{after, next};
use crate::http::v1::responses::Calling;

paged! {
/// Which records to list. Everything given must hold.
pub struct WantedImports {
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
}

/// A page of imported records, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportedRecordPage {
    /// The page.
    pub items: Vec<ImportedRecord>,
    /// Send it as `cursor` for the next page; `null` on the last one.
    #[schema(required = true)]
    pub next: Option<String>,
}

/// List imported records
///
/// Those of your own agency, for an auditor those that his appointment covers; what was imported last comes first.
#[utoipa::path(
    tag = "imports",
    operation_id = "list_imports",
    params(WantedImports),
    responses((status = 200, description = "A page of records.", body = ImportedRecordPage), Calling),
)]
#[get("/v1/imports")]
pub async fn list_imports(
    caller: Caller,
    cx: web::Data<Cx>,
    Query(wanted): Query<WantedImports>,
) -> Result<HttpResponse, Problem> {
    let before = after(wanted.cursor.as_deref(), ImportId::PREFIX)?;
    let filter = Filter {
        agency: wanted.agency.map(|id| id.to_string()),
        agency_reference: wanted.agency_reference,
        file: wanted.file.map(|digest| digest.to_string()),
        withdrawn: wanted.withdrawn,
    };
    let limit = usize::from(wanted.limit);
    let page = imports::list(&cx, &caller, filter, before, limit).await?;
    let last = page.items.last().map(|r| (r.imported_at, r.row.id.clone()));
    Ok(HttpResponse::Ok().json(ImportedRecordPage {
        items: page.items.iter().map(ImportedRecord::of).collect(),
        next: next(page.more, last),
    }))
}
