//! `POST /v1/requests/batch`

mod waves;

use actix_web::{HttpRequest, HttpResponse, post, web};
use futures_util::StreamExt;
use futures_util::stream;
use serde::Serialize;
use serde_json::value::RawValue;
use takedown_core::signed::Act;
use utoipa::ToSchema;

use self::waves::Waves;
use super::file::NewRequest;
use super::view::RequestSummary;
use crate::app::once::{Answer, Once};
use crate::app::requests::filing::NewFiling;
use crate::app::requests::{self, Filed};
use crate::app::{Caller, Cx};
use crate::http::extract::{Rows, signable_row};
use crate::http::headers::{once, strict};
use crate::http::problem::{Problem, ProblemBody};
use crate::http::v1::operations::view::OperationBrief;
use crate::http::v1::responses::Writing;

/// The status of a row that became several requests; a single one has 201.
const TOGETHER: u16 = 200;
/// The most filings one call takes.
const MOST: usize = 1_000;
/// How many filings of a batch are under way at once. They share the writer's syncs; more would only fill its queue.
const AT_ONCE: usize = 64;

/// What became of each filing of a batch.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchResult {
    /// One for each row, in the order of the rows.
    pub items: Vec<BatchRow>,
    /// How many were filed.
    pub filed: usize,
    /// How many were refused.
    pub refused: usize,
}

/// A filing of a batch whose items lie on several platforms: one request for each, under one operation.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchTogether {
    /// What keeps them together.
    pub operation: OperationBrief,
    /// One for each platform, in the order of the first item that lies with it.
    pub requests: Vec<RequestSummary>,
}

/// What became of one filing: a request, several, or a problem; exactly one of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchRow {
    /// Which row, from 0.
    pub index: usize,
    /// The status the filing would have had by itself.
    pub status: u16,
    /// The request, when it was filed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<RequestSummary>)]
    pub request: Option<Box<RawValue>>,
    /// The operation and its requests, when the filing became several.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<BatchTogether>)]
    pub several: Option<Box<RawValue>>,
    /// The problem, when it was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<ProblemBody>,
}

/// File up to 1,000 requests
///
/// A JSON array of filings, or one filing a line as NDJSON. Each is judged on its own, as if the rows had been sent one after
/// the other: one that is refused takes no other with it, and none is skipped in silence. Of two with one
/// `agency_reference`, of first orders to one platform, and of two about the same item of which one says `if_repeated`:
/// `refuse`, the earlier row counts as filed first. With an `Idempotency-Key` the whole call can be repeated safely: it
/// goes on where it broke off and files no row twice. A row whose items lie on several platforms becomes one request for
/// each, unless the call says `Prefer: handling=strict`. The key with another body is refused as a whole.
///
/// A row may also be what the unit signed: the JWS in its JSON form, one object with `protected`, `payload` and `signature`, as
/// `POST /v1/requests` takes it. The batch as a whole is not signed, so that each statement goes to its platform by itself.
#[utoipa::path(
    tag = "requests",
    operation_id = "file_batch",
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "A fresh UUID for each batch; kept for 24 hours."),
        ("Prefer" = Option<String>, Header, description = "`handling=strict` refuses filings whose items lie on several platforms (RFC 7240)."),
    ),
    request_body(
        content((Vec<NewRequest> = "application/json"), (String = "application/x-ndjson")),
        description = "The filings."
    ),
    responses(
        (status = 200, description = "Every row was judged; see each for what became of it.", body = BatchResult),
        Writing,
    ),
)]
#[post("/v1/requests/batch")]
pub async fn file_batch(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    rows: Rows,
) -> Result<HttpResponse, Problem> {
    let key = once(&http, rows.bytes())?;
    let rows = rows.split(MOST)?;
    requests::begin_batch(&cx, &caller, key.clone()).await?;
    let context = Row {
        cx: &cx,
        caller: &caller,
        http: &http,
        key: key.as_ref(),
    };
    let mut read: Vec<Option<Result<NewFiling, Problem>>> =
        rows.iter().map(|row| Some(context.read(row))).collect();
    let filings = read.iter().map(|row| row.as_ref()?.as_ref().ok());
    let mut waves = Waves::of(requests::ties(&cx, filings).await);
    let mut items: Vec<BatchRow> = Vec::with_capacity(rows.len());
    loop {
        let wave = waves.next();
        if wave.is_empty() {
            break;
        }
        let taken = wave.into_iter();
        let taken = taken.filter_map(|index| Some((index, read.get_mut(index)?.take()?)));
        let filed: Vec<BatchRow> = stream::iter(taken.collect::<Vec<_>>())
            .map(|(index, read)| context.file(index, read))
            .buffered(AT_ONCE)
            .collect()
            .await;
        for row in filed.iter().filter(|row| row.problem.is_none()) {
            waves.filed(row.index);
        }
        items.extend(filed);
    }
    items.sort_unstable_by_key(|row| row.index);
    let filed = items.iter().filter(|row| row.problem.is_none()).count();
    let refused = items.len() - filed;
    Ok(HttpResponse::Ok().json(BatchResult {
        items,
        filed,
        refused,
    }))
}

struct Row<'a> {
    cx: &'a Cx,
    caller: &'a Caller,
    http: &'a HttpRequest,
    key: Option<&'a Once>,
}

impl Row<'_> {
    fn read(&self, row: &[u8]) -> Result<NewFiling, Problem> {
        let sent = signable_row::<NewRequest>(row, Act::File)?;
        sent.value.limit(self.http, self.caller)?;
        let mut new = sent.value.parse(&sent.bytes)?;
        new.one_platform = strict(self.http);
        new.signed = sent.statement;
        Ok(new)
    }

    async fn file(&self, index: usize, read: Result<NewFiling, Problem>) -> BatchRow {
        match self.try_file(index, read).await {
            Ok(answer) => {
                let several = answer.status == TOGETHER;
                let body = RawValue::from_string(answer.body).ok();
                let (request, several) = if several { (None, body) } else { (body, None) };
                BatchRow {
                    index,
                    status: answer.status,
                    request,
                    several,
                    problem: None,
                }
            }
            Err(problem) => {
                let problem = problem.seen_by(self.http);
                BatchRow {
                    index,
                    status: problem.status,
                    request: None,
                    several: None,
                    problem: Some(problem),
                }
            }
        }
    }

    async fn try_file(
        &self,
        index: usize,
        read: Result<NewFiling, Problem>,
    ) -> Result<Answer, Problem> {
        let new = read?;
        // Each row has a key of its own under the batch's, so that a batch that broke off goes on where it stopped. No
        // client can send one with a control character in it.
        let key = self.key.map(|key| Once {
            key: format!("{}\u{1f}{index}", key.key),
            fingerprint: key.fingerprint,
        });
        Ok(requests::file(self.cx, self.caller, key, new, summary).await?)
    }
}

fn summary(filed: &Filed<'_>, _: &Caller) -> Answer {
    let (status, body) = match filed {
        Filed::One(only) => (201, serde_json::to_string(&RequestSummary::of(only, true))),
        Filed::Several(operation, requests) => {
            let together = BatchTogether {
                operation: OperationBrief::of(operation),
                requests: requests
                    .iter()
                    .map(|one| RequestSummary::of(one, true))
                    .collect(),
            };
            (TOGETHER, serde_json::to_string(&together))
        }
    };
    Answer {
        status,
        headers: Vec::new(),
        body: body.unwrap_or_default(),
    }
}
