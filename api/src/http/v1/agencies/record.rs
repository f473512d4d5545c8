//! `GET /v1/agencies/{id}/record`

use std::collections::BTreeMap;

use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::{Caller, Cx, agencies};
use crate::http::problem::Problem;
use crate::http::v1::responses::{Calling, Finding};
use crate::http::wire::Instant;

/// How an agency's requests fared. Counts only: no request, platform or text can be told from it.
#[derive(Debug, Serialize, ToSchema)]
pub struct AgencyRecord {
    /// Identifier, `agency_…`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Requests ever filed.
    pub filed: i64,
    /// Items in them.
    pub items: i64,
    /// Requests taken back, by reason: `mistake`, `duplicate`, `annulled`, `no_longer_needed`.
    pub withdrawn: BTreeMap<String, i64>,
    /// Items taken back by themselves, by reason.
    pub items_withdrawn: BTreeMap<String, i64>,
    /// Items taken back, by themselves or with their request, by reason.
    pub items_taken_back: BTreeMap<String, i64>,
    /// Requests that were corrected at least once.
    pub corrected: i64,
    /// Corrections of them.
    pub corrections: i64,
    /// Requests in which something that was acted on is asked back: `asked` while unanswered, `answered`.
    pub restorations: BTreeMap<String, i64>,
    /// Items that were asked back, by what was answered: `restored`, or one of the `declined_…`.
    pub restoration_answers: BTreeMap<String, i64>,
    /// Items by their latest outcome, such as `declined_not_unlawful` or `unable_manifest_error`; `undecided` have none.
    pub outcomes: BTreeMap<String, i64>,
    /// What share of the items was taken back as a mistake or annulled, by themselves or with their request, from 0 to 1;
    /// `null` before the first filing.
    #[schema(required = true)]
    pub mistake_rate: Option<f64>,
    /// Everything until then was counted: the present, unless there are more than 1,000 requests or 10,000 items.
    pub as_of: Instant,
}

/// Read the record of an agency
///
/// How often it filed, and how often that was a mistake: taken back, annulled, corrected, declined. Every count can be
/// recomputed from the history. The agency itself, the operator, its auditors and every platform may read it: whoever is
/// asked may judge by it how far to trust who asks.
///
/// Of more than 1,000 requests, or 10,000 items, the counts are kept: when somebody asks they are made anew if they are older
/// than a minute, and every hour at the latest. `as_of` says until when everything was counted. While that is done for the
/// first time the answer is 503 with a Retry-After.
#[utoipa::path(
    tag = "registry",
    operation_id = "read_agency_record",
    params(("id" = String, Path, description = "Identifier, `agency_…`.")),
    responses((status = 200, description = "The record.", body = AgencyRecord), Calling, Finding),
)]
#[get("/v1/agencies/{id}/record")]
pub async fn read_agency_record(
    caller: Caller,
    cx: web::Data<Cx>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let record = agencies::record_of(&cx, &caller, &id).await?;
    let by = |what: &str| record.counts.get(what).cloned().unwrap_or_default();
    let (requests, taken_back, outcomes) = (by("requests"), by("items_taken_back"), by("outcomes"));
    let count = |of: &BTreeMap<String, i64>, which: &str| of.get(which).copied().unwrap_or(0);
    let items: i64 = outcomes.values().sum();
    let mistakes = count(&taken_back, "mistake") + count(&taken_back, "annulled");
    #[allow(clippy::cast_precision_loss)] // No agency files 2^52 items.
    let mistake_rate = (items > 0).then(|| mistakes as f64 / items as f64);
    Ok(HttpResponse::Ok().json(AgencyRecord {
        id: record.agency.id.to_string(),
        name: record.agency.name.clone(),
        filed: count(&requests, "filed"),
        items,
        corrected: count(&requests, "corrected"),
        corrections: count(&requests, "corrections"),
        items_withdrawn: by("items_withdrawn"),
        restorations: by("restorations"),
        withdrawn: by("withdrawn"),
        restoration_answers: by("restoration_answers"),
        items_taken_back: taken_back,
        outcomes,
        mistake_rate,
        as_of: Instant(record.as_of),
    }))
}
