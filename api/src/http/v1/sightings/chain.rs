//! `GET /v1/requests/{id}/chain`

use actix_web::http::header;
use actix_web::{HttpResponse, get, web};
use serde::{Deserialize, Serialize};
use takedown_core::sighting::Edge;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::view::{SightedPlatform, Sighting};
use crate::app::sightings::{self, ChainRequest, ChainView, Direction};
use crate::app::{Caller, Cx};
use crate::http::extract::Query;
use crate::http::problem::Problem;
use crate::http::v1::responses::{Calling, Finding};
use crate::http::wire::Instant;

/// Which part of the chain, and in which form.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WantedChain {
    /// Which way to walk; `both` unless said.
    #[serde(default)]
    #[param(inline, required = false)]
    direction: ChainDirection,
    /// In which form; `json` unless said.
    #[serde(default)]
    #[param(inline, required = false)]
    format: ChainFormat,
}

/// Which way to walk.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ChainDirection {
    /// To what was seen after the request, and so on.
    Forward,
    /// To what the request followed, and so on.
    Back,
    /// Either way.
    #[default]
    Both,
}

/// In which form.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ChainFormat {
    /// Requests, sightings and what leads where.
    #[default]
    Json,
    /// GraphML 1.0, for programs that draw and count networks.
    Graphml,
    /// The DOT language of Graphviz.
    Dot,
}

/// Where material came from before a request, and where it went after it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Chain {
    /// The request at which the walk began.
    pub request: String,
    /// The requests, in the order in which they were filed.
    pub requests: Vec<RequestOfChain>,
    /// The sightings, in the order in which they were recorded.
    pub sightings: Vec<Sighting>,
    /// What leads where.
    pub edges: Vec<EdgeOfChain>,
    /// Whether that is all of it; else the 1,000 sightings that are nearest.
    pub complete: bool,
    /// What is missing, in words.
    #[schema(required = true)]
    pub cut: Option<String>,
}

/// A request of a chain.
#[derive(Debug, Serialize, ToSchema)]
pub struct RequestOfChain {
    /// Identifier, `req_…`.
    pub id: String,
    /// Short, speakable, with a check character.
    pub reference: String,
    /// Who is asked.
    pub platform: SightedPlatform,
    /// Where it stands.
    pub status: String,
    /// Once closed: `actioned`, `partly_actioned` or `not_actioned`.
    #[schema(required = true)]
    pub result: Option<String>,
    /// When it was filed.
    pub filed_at: Instant,
}

impl RequestOfChain {
    fn of(request: &ChainRequest) -> Self {
        Self {
            id: request.row.id.clone(),
            reference: request.row.reference.clone(),
            platform: SightedPlatform::of(&request.platform),
            status: request.row.status.clone(),
            result: request.row.result.clone(),
            filed_at: Instant(request.filed_at),
        }
    }
}

/// What leads where.
#[derive(Debug, Serialize, ToSchema)]
pub struct EdgeOfChain {
    /// Identifier of a request or a sighting.
    pub from: String,
    /// Identifier of a request, a sighting or a platform.
    pub to: String,
    /// `asks`: the request asks the platform; `moved_to`: this was seen after the request; `on`: it was seen on the
    /// platform; `followed_by`: the request follows it.
    pub relation: String,
}

impl From<Edge> for EdgeOfChain {
    fn from(edge: Edge) -> Self {
        Self {
            from: edge.from,
            to: edge.to,
            relation: edge.kind.to_string(),
        }
    }
}

impl Chain {
    fn of(view: &ChainView) -> Self {
        Self {
            request: view.request.to_string(),
            requests: view.requests.iter().map(RequestOfChain::of).collect(),
            sightings: view.sightings.iter().map(Sighting::of).collect(),
            edges: view.edges().into_iter().map(Into::into).collect(),
            complete: view.complete,
            cut: view.cut(),
        }
    }
}

/// Read the chain of a request
///
/// What was seen after the request and which requests followed it, and what the request itself followed, over any number of
/// steps up to 1,000 sightings. What was retracted is shown and leads to no request. In JSON locators are as they were
/// written; as a graph they are defanged.
#[utoipa::path(
    tag = "sightings",
    operation_id = "read_chain",
    params(("id" = String, Path, description = "Identifier, `req_…`."), WantedChain),
    responses(
        (status = 200, description = "The chain, by the `format` that was asked for.", content(
            (Chain = "application/json"),
            (String = "application/xml", example = json!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">…</graphml>\n")),
            (String = "text/vnd.graphviz", example = json!("digraph chain {\n  rankdir=LR;\n}\n")),
        )),
        Calling, Finding,
    ),
)]
#[get("/v1/requests/{id}/chain")]
pub async fn read_chain(
    caller: Caller,
    cx: web::Data<Cx>,
    id: web::Path<String>,
    Query(wanted): Query<WantedChain>,
) -> Result<HttpResponse, Problem> {
    let direction = match wanted.direction {
        ChainDirection::Forward => Direction::Forward,
        ChainDirection::Back => Direction::Back,
        ChainDirection::Both => Direction::Both,
    };
    let view = sightings::chain(&cx, &caller, &id, direction).await?;
    let (media, ending, text) = match wanted.format {
        ChainFormat::Json => return Ok(HttpResponse::Ok().json(Chain::of(&view))),
        ChainFormat::Graphml => ("application/xml", "graphml", view.graph().graphml()),
        ChainFormat::Dot => (
            "text/vnd.graphviz; charset=utf-8",
            "dot",
            view.graph().dot(),
        ),
    };
    let name = format!("attachment; filename=\"chain-{}.{ending}\"", view.request);
    Ok(HttpResponse::Ok()
        .content_type(media)
        .insert_header((header::CONTENT_DISPOSITION, name))
        .body(text))
}
