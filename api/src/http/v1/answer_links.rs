//! `GET /v1/answer-links/{id}`: for the agency, and for the operator, who reads no request.

use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::responses::{Calling, Finding};
use crate::app::requests::{self, AnswerLink};
use crate::app::{Caller, Cx};
use crate::http::problem::Problem;
use crate::http::register::Register;
use crate::http::wire::Instant;

/// Registers the endpoint.
pub fn configure(config: &mut impl Register) {
    config.service(list_links);
}

/// The links of a request.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnswerLinks {
    /// The newest first, 200 at the most.
    pub items: Vec<AnswerLinkView>,
}

/// A link by which a request is answered without an account. Its secret is kept nowhere.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnswerLinkView {
    /// `open`, `ended` (before its time), `expired` or `used_up`.
    pub status: String,
    /// `mail`: it came with a mail about the request; `agency`: the agency had it sent; `recipient`: whoever had one before asked for
    /// another.
    pub made_by: String,
    /// SHA-256 of the mailbox it went to, as the history names it.
    pub contact_sha256: String,
    /// The mailbox itself, to the operator alone.
    #[schema(required = true)]
    pub contact: Option<String>,
    /// When it was made and sent.
    pub issued_at: Instant,
    /// Until when it opens the request unless it is ended.
    pub expires_at: Instant,
    /// How often something was sent from behind it. That somebody looked is not counted: programs that look through mails do.
    pub sendings: i32,
    /// When it was ended: by the agency, by whoever reads the mailbox, or by who claimed the platform. The history says by whom.
    #[schema(required = true)]
    pub ended_at: Option<Instant>,
}

impl From<AnswerLink> for AnswerLinkView {
    fn from(link: AnswerLink) -> Self {
        Self {
            status: link.status.as_str().to_owned(),
            made_by: link.made_by,
            contact_sha256: link.contact.to_string(),
            contact: link.address,
            issued_at: Instant(link.issued_at),
            expires_at: Instant(link.expires_at),
            sendings: link.uses,
            ended_at: link.ended_at.map(Instant),
        }
    }
}

/// List the answer links of a request
///
/// Who had each made, when, how often something was sent from behind it, and whether it still opens the request: to the agency of its
/// own requests, to the operator of all. No secret, which is kept nowhere.
#[utoipa::path(
    tag = "requests",
    operation_id = "list_links",
    params(("id" = String, Path, description = "Identifier of the request, `req_…`.")),
    responses((status = 200, description = "Its links.", body = AnswerLinks), Calling, Finding),
)]
#[get("/v1/answer-links/{id}")]
pub async fn list_links(
    caller: Caller,
    cx: web::Data<Cx>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let links = requests::links_of(&cx, &caller, &id).await?;
    Ok(HttpResponse::Ok().json(AnswerLinks {
        items: links.into_iter().map(AnswerLinkView::from).collect(),
    }))
}
