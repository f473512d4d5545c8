//! `POST /v1/imports`

use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::{Deserialize, Serialize};
use takedown_core::imported::{MAX_ROWS, RowResult};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::row::NewImport;
use crate::app::imports::{self, Brought, NewRecord};
use crate::app::once::Answer;
use crate::app::{Caller, Cx};
use crate::http::error::answer;
use crate::http::extract::{Query, Rows, parse};
use crate::http::headers::once;
use crate::http::problem::{Problem, ProblemBody};
use crate::http::v1::responses::Writing;

/// How to import.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HowToImport {
    /// Say what would become of each row, and store nothing.
    #[serde(default)]
    #[param(required = false)]
    dry_run: bool,
}

/// What became of each row.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportResult {
    /// One for each row, in the order of the rows.
    pub items: Vec<ImportResultRow>,
    /// Whether nothing was stored because that was asked for.
    pub dry_run: bool,
    /// How many were imported.
    pub imported: usize,
    /// How many would have been, in a dry run.
    pub would_be_imported: usize,
    /// How many were records already.
    pub already_imported: usize,
    /// How many were refused.
    pub refused: usize,
}

/// What became of one row.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ImportResultRow {
    /// Which row, from 0.
    pub index: usize,
    /// 201 for a new record, 200 for what is or would be one, otherwise the status of the problem.
    pub status: u16,
    /// `imported`, `already_imported`, `would_be_imported` or `refused`.
    pub result: String,
    /// The record, `imp_…`; `null` for what was refused, and in a dry run for what is none yet.
    #[schema(required = true)]
    pub id: Option<String>,
    /// The platform registered here for it, `platform_…`.
    #[schema(required = true)]
    pub platform: Option<String>,
    /// For `already_imported`: the members that say something else than the record does. It stays as it is; to have it say
    /// this, take it back and import again.
    pub differs: Vec<String>,
    /// The problem, when it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<ProblemBody>,
}

/// Import up to 1,000 old records
///
/// From your own lists of what you asked before you used this exchange: a JSON array of rows, or one row a line as NDJSON,
/// each one link of one past mail. They are kept as `imported`: the exchange witnessed none of it, no platform is told, no
/// clock runs, and nobody but you and your auditors sees them.
///
/// Each row is judged on its own; one that is refused takes no other with it. All others are stored in one commit. A row is
/// the same as one before when your file number, the link as it is compared, and the day are the same, from whatever file it
/// comes: then nothing is stored, and the answer gives the record. So an import that broke off is sent again.
#[utoipa::path(
    tag = "imports",
    operation_id = "import_records",
    params(
        HowToImport,
        ("Idempotency-Key" = Option<String>, Header, description = "A fresh UUID for each call; kept for 24 hours. Of no use in a dry run."),
    ),
    request_body(
        content((Vec<NewImport> = "application/json"), (String = "application/x-ndjson")),
        description = "The rows."
    ),
    responses(
        (status = 200, description = "Every row was judged; see each for what became of it.", body = ImportResult),
        Writing,
    ),
)]
#[post("/v1/imports")]
pub async fn import_records(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    Query(how): Query<HowToImport>,
    rows: Rows,
) -> Result<HttpResponse, Problem> {
    let agency = imports::importing(&cx, &caller).await?;
    let key = once(&http, rows.bytes())?;
    let refuse = |index: usize, problem: Problem| {
        let problem = problem.seen_by(&http);
        ImportResultRow {
            index,
            status: problem.status,
            result: RowResult::Refused.to_string(),
            id: None,
            platform: None,
            differs: Vec::new(),
            problem: Some(problem),
        }
    };
    let mut refused = Vec::new();
    let (mut places, mut records) = (Vec::new(), Vec::new());
    for (index, row) in rows.split(MAX_ROWS)?.into_iter().enumerate() {
        match read(row) {
            Ok(record) => {
                places.push(index);
                records.push(record);
            }
            Err(problem) => refused.push(refuse(index, problem)),
        }
    }
    let (mut kept, mut prepared) = (Vec::new(), Vec::new());
    let judged = imports::prepare(&cx, &agency, records).await?;
    for (index, row) in places.into_iter().zip(judged) {
        match row {
            Ok(row) => {
                kept.push(index);
                prepared.push(row);
            }
            Err(error) => refused.push(refuse(index, error.into())),
        }
    }
    let dry_run = how.dry_run;
    let render = move |brought: &[Brought]| render(&kept, brought, &refused, dry_run);
    let done = imports::bring(&cx, &caller, key, prepared, dry_run, render).await?;
    Ok(answer(done))
}

fn read(row: &[u8]) -> Result<NewRecord, Problem> {
    Ok(parse::<NewImport>(row)?.try_into()?)
}

fn render(
    places: &[usize],
    brought: &[Brought],
    refused: &[ImportResultRow],
    dry_run: bool,
) -> Answer {
    let mut items: Vec<ImportResultRow> = places
        .iter()
        .zip(brought)
        .map(|(index, row)| ImportResultRow {
            index: *index,
            status: match row.result {
                RowResult::Imported => 201,
                _ => 200,
            },
            result: row.result.to_string(),
            id: row.id.clone(),
            platform: row.platform.clone(),
            differs: row.differs.iter().map(|name| (*name).to_owned()).collect(),
            problem: None,
        })
        .collect();
    items.extend(refused.iter().cloned());
    items.sort_unstable_by_key(|row| row.index);
    let count = |result: RowResult| {
        items
            .iter()
            .filter(|row| row.result == result.as_str())
            .count()
    };
    let result = ImportResult {
        imported: count(RowResult::Imported),
        would_be_imported: count(RowResult::WouldBeImported),
        already_imported: count(RowResult::AlreadyImported),
        refused: refused.len(),
        dry_run,
        items,
    };
    Answer {
        status: 200,
        headers: Vec::new(),
        body: serde_json::to_string(&result).unwrap_or_default(),
    }
}
