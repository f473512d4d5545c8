//! `GET /v1/log` and `GET /v1/log/proofs/{entry}`

use actix_web::{HttpRequest, HttpResponse, get, web};
use data_encoding::HEXLOWER;
use serde::Serialize;
use takedown_core::id::EntryId;
use takedown_core::log::Hash;
use utoipa::ToSchema;

use crate::app::Cx;
use crate::app::log::{self, NotCovered};
use crate::http::headers::{COSIGNED, LEAF, patience};
use crate::http::problem::{Code, Problem, ProblemBody};
use crate::http::register::Register;
use crate::http::v1::responses::Finding;
use crate::http::wire::Instant;

/// The media type of proofs and checkpoints.
const TEXT: &str = "text/plain; charset=utf-8";

/// Registers the endpoints.
pub fn configure(config: &mut impl Register) {
    config
        .service(read_log)
        .service(read_proof)
        .service(read_receipt);
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
    /// Entries that the newest checkpoint covers which enough witnesses signed; `null` while there is none, and where no witnesses are asked.
    #[schema(required = true)]
    pub cosigned: Option<u64>,
    /// That checkpoint, with their signatures (C2SP tlog-cosignature). It is what `/log/checkpoint` shows.
    #[schema(required = true)]
    pub cosigned_checkpoint: Option<String>,
    /// The witnesses that are asked to sign, as the operator's policy names them.
    pub witnesses: Vec<LogWitness>,
    /// Where tiles and checkpoint are (C2SP tlog-tiles).
    #[schema(example = "https://takedown.example/log")]
    pub tiles: String,
    /// Why this node does not sign yet: it remembers nothing, and has not heard from enough witnesses what they signed last. What is written meanwhile is signed then. `null` as a rule.
    #[schema(required = true)]
    pub waits: Option<String>,
    /// Why nothing is written any more: the database is not the one that was promised. `null` as a rule.
    #[schema(required = true)]
    pub stopped: Option<String>,
}

/// A witness, and how it stands to this log.
#[derive(Debug, Serialize, ToSchema)]
pub struct LogWitness {
    /// What the policy calls it.
    #[schema(example = "association")]
    pub name: String,
    /// Its public key. Compare it with what the witness itself publishes.
    pub vkey: String,
    /// Entries of the tree it signed last, as far as is known here; 0 for none.
    pub size: u64,
    /// When its last signature came.
    #[schema(required = true)]
    pub signed_at: Option<Instant>,
    /// Why it does not sign at present. `null` as a rule.
    #[schema(required = true)]
    pub problem: Option<LogWitnessProblem>,
}

/// Why a witness does not sign.
#[derive(Debug, Serialize, ToSchema)]
pub struct LogWitnessProblem {
    /// `unreachable`; `unknown_log`: it does not know this log, and has to be told its vkey; `refused`, `invalid_answer`; or `conflict`: what it signed is not what is here. The list may grow.
    #[schema(example = "unreachable")]
    pub code: String,
    /// In words.
    pub detail: String,
    /// Since when.
    pub since: Instant,
}

impl From<log::Seen> for LogWitness {
    fn from(seen: log::Seen) -> Self {
        Self {
            name: seen.name,
            vkey: seen.vkey,
            size: seen.size,
            signed_at: seen.signed_at.map(Instant),
            problem: seen.problem.map(|problem| LogWitnessProblem {
                code: problem.code,
                detail: problem.detail,
                since: Instant(problem.since),
            }),
        }
    }
}

/// How the sealed history stands
///
/// Every change is an entry in one log, in the commit of the change itself. A checkpoint signs how many entries there are and
/// the root of the tree over them; whoever keeps one notices every entry that is changed, dropped, put in or moved afterwards.
/// Entries themselves are not in the log but commitments to them, which tell nothing. Where witnesses are asked, they sign
/// checkpoints too, each only one that continues what it signed before: so nobody can be shown another history.
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
    let cosigned = state.cosigned.as_ref();
    Ok(HttpResponse::Ok().json(LogState {
        origin: checkpoint.map(|known| known.checkpoint().origin().to_owned()),
        vkey: state.vkey,
        size: state.size,
        signed: checkpoint.map_or(0, |known| known.checkpoint().size()),
        checkpoint: checkpoint.map(ToString::to_string),
        cosigned: cosigned.map(|known| known.checkpoint().size()),
        cosigned_checkpoint: cosigned.map(ToString::to_string),
        witnesses: state.witnesses.into_iter().map(LogWitness::from).collect(),
        tiles: format!("{}/log", cx.settings.public_url),
        waits: state.waits,
        stopped: state.stopped,
    }))
}

/// Read the proof of an entry
///
/// A `.tlog-proof` (C2SP tlog-proof): the place of the entry, the hashes that lead from it to the root, and the signed
/// checkpoint with that root. `takedown verify-proof` checks it without asking anybody, and so does any program that knows the
/// format. The identifiers of the entries of a change stand in `Takedown-Entries` of its answer, or, where they are more
/// than 16, at `/v1/log/receipts/` with `Takedown-Receipt-Root`; the history of a request has all of its.
///
/// With `Prefer: wait=10` the answer waits until a signed checkpoint covers the entry, which takes a fraction of a second as a
/// rule. Where witnesses are asked it waits for one that enough of them signed, some seconds as a rule, and says by
/// `Takedown-Cosigned` whether it is one. While they are away the proof leads to what the log alone has signed; ask again later.
#[utoipa::path(
    tag = "log",
    operation_id = "read_proof",
    security(()),
    params(
        ("entry" = String, Path, description = "The entry, `evt_…`."),
        ("Prefer" = Option<String>, Header, description = "`wait=10`: how many seconds to wait for a checkpoint that covers it, at most 60."),
    ),
    responses(
        (status = 200, description = "The proof.", body = String, content_type = "text/plain",
            headers(
                ("takedown-leaf" = String, description = "The leaf hash of the entry in base64. Of a receipt for several entries: the root of the tree over their leaves, in their order, is the one that it promises."),
                ("takedown-cosigned" = bool, description = "Whether enough witnesses signed the checkpoint of the proof; left out where none are asked."),
            )),
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
    let latest = tokio::time::Instant::now() + patience(&request);
    let proof = log::proof_of(&cx, &entry.to_string(), latest).await?;
    match proof {
        Ok(proven) => {
            let mut answer = HttpResponse::Ok();
            answer.insert_header((LEAF, proven.leaf.to_string()));
            if let Some(cosigned) = proven.cosigned {
                answer.insert_header((COSIGNED, cosigned.to_string()));
            }
            Ok(answer.content_type(TEXT).body(proven.proof.to_string()))
        }
        Err(NotCovered) => Err(Problem::new(
            Code::NotSealed,
            "No signed checkpoint covers this entry yet.",
        )
        .retry_after(1)),
    }
}

/// The entries that a receipt is for.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReceiptEntries {
    /// The root that the receipt promises, in base64.
    #[schema(example = "qJoFnNOe8pVxpA0k7U0bWv6Uu2bW9nHQW0YhBq6wA2E=")]
    pub root: String,
    /// Their identifiers, `evt_…`, in the order of the receipt. Each has a proof.
    pub entries: Vec<String>,
}

/// Read which entries a receipt is for
///
/// The answer to a call that made more than 16 entries, such as a batch, does not name them in `Takedown-Entries`: it gives by
/// `Takedown-Receipt-Root` what to ask for here, for 90 days. The names tell nothing
/// of what the entries say.
#[utoipa::path(
    tag = "log",
    operation_id = "read_receipt",
    security(()),
    params(("root" = String, Path, description = "The root that the receipt promises, as 64 hexadecimal digits.")),
    responses(
        (status = 200, description = "The entries.", body = ReceiptEntries),
        Finding,
        (status = 503, description = "The database does not answer; see Retry-After.", body = ProblemBody, content_type = "application/problem+json"),
    ),
)]
#[get("/v1/log/receipts/{root}")]
pub async fn read_receipt(
    cx: web::Data<Cx>,
    root: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    // What is no root was promised to nobody.
    let root = HEXLOWER.decode(root.as_bytes()).ok();
    let root = root.and_then(|bytes| Hash::from_slice(&bytes).ok());
    let root = root.ok_or(crate::app::Error::NotFound)?;
    let entries = log::names_of(&cx, &root).await?;
    Ok(HttpResponse::Ok().json(ReceiptEntries {
        root: root.to_string(),
        entries,
    }))
}
