//! `GET /v1/log` and `GET /v1/log/proofs/{entry}`

use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::Serialize;
use takedown_core::id::EntryId;
use utoipa::ToSchema;

use crate::app::Cx;
use crate::app::log::{self, NotCovered};
use crate::http::headers::patience;
use crate::http::problem::{Code, Problem, ProblemBody};
use crate::http::register::Register;
use crate::http::v1::responses::Finding;

/// The media type of proofs and checkpoints.
const TEXT: &str = "text/plain; charset=utf-8";

/// Registers the endpoints.
pub fn configure(config: &mut impl Register) {
    config.service(read_log).service(read_proof);
}

/// How the sealed history stands. None of it tells what an entry says.
#[derive(Debug, Serialize, ToSchema)]
pub struct LogState {
    /// The name of the log, which is the first line of its checkpoints.
    #[schema(required = true, example = "takedown.example/log")]
    pub origin: Option<String>,
    /// The public key that signs checkpoints and receipts, as C2SP signed-note writes it. Note it once, from a place you trust, and compare.
    #[schema(required = true)]
    pub vkey: Option<String>,
    /// Entries that have their place.
    pub size: u64,
    /// Entries that the newest signed checkpoint covers.
    pub signed: u64,
    /// The newest signed checkpoint (C2SP tlog-checkpoint).
    #[schema(required = true)]
    pub checkpoint: Option<String>,
    /// Where tiles and checkpoint are (C2SP tlog-tiles).
    #[schema(example = "https://takedown.example/log")]
    pub tiles: String,
    /// Why nothing is written any more: the database is not the one that was promised. `null` as a rule.
    #[schema(required = true)]
    pub stopped: Option<String>,
}

/// How the sealed history stands
///
/// Every change is an entry in one log, in the commit of the change itself. A checkpoint signs how many entries there are and
/// the root of the tree over them; whoever keeps one notices every entry that is changed, dropped, put in or moved afterwards.
/// Entries themselves are not in the log but commitments to them, which tell nothing.
#[utoipa::path(
    tag = "log",
    operation_id = "read_log",
    security(()),
    responses(
        (status = 200, description = "How it stands.", body = LogState),
        (status = 503, description = "The database does not answer.", body = ProblemBody, content_type = "application/problem+json"),
    ),
)]
#[get("/v1/log")]
pub async fn read_log(cx: web::Data<Cx>) -> Result<HttpResponse, Problem> {
    let state = log::state(&cx).await?;
    let checkpoint = state.checkpoint.as_ref();
    Ok(HttpResponse::Ok().json(LogState {
        origin: checkpoint.map(|known| known.checkpoint().origin().to_owned()),
        vkey: state.vkey,
        size: state.size,
        signed: checkpoint.map_or(0, |known| known.checkpoint().size()),
        checkpoint: checkpoint.map(ToString::to_string),
        tiles: format!("{}/log", cx.settings.public_url),
        stopped: state.stopped,
    }))
}

/// Read the proof of an entry
///
/// A `.tlog-proof` (C2SP tlog-proof): the place of the entry, the hashes that lead from it to the root, and the signed
/// checkpoint with that root. `takedown verify-proof` checks it without asking anybody, and so does any program that knows the
/// format. The identifiers of the entries of a change stand in `Takedown-Entries` of its answer; the history of a request has
/// all of its.
///
/// With `Prefer: wait=10` the answer waits until a signed checkpoint covers the entry, which takes a fraction of a second as a
/// rule.
#[utoipa::path(
    tag = "log",
    operation_id = "read_proof",
    security(()),
    params(
        ("entry" = String, Path, description = "The entry, `evt_…`."),
        ("Prefer" = Option<String>, Header, description = "`wait=10`: how many seconds to wait for a checkpoint that covers it, at most 60."),
    ),
    responses(
        (status = 200, description = "The proof.", body = String, content_type = "text/plain"),
        Finding,
        (status = 503, description = "No signed checkpoint covers the entry yet, or the database does not answer; see Retry-After.", body = ProblemBody, content_type = "application/problem+json"),
    ),
)]
#[get("/v1/log/proofs/{entry}")]
pub async fn read_proof(
    cx: web::Data<Cx>,
    entry: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    // What is no identifier names nothing, and never reaches the database.
    let Ok(entry) = entry.parse::<EntryId>() else {
        return Err(crate::app::Error::NotFound.into());
    };
    let proof = log::proof_of(&cx, &entry.to_string(), patience(&request)).await?;
    match proof {
        Ok(proof) => Ok(HttpResponse::Ok()
            .content_type(TEXT)
            .body(proof.to_string())),
        Err(NotCovered) => Err(Problem::new(
            Code::NotSealed,
            "No signed checkpoint covers this entry yet.",
        )
        .retry_after(1)),
    }
}
