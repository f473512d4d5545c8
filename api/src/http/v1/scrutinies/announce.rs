//! `PUT /v1/scrutinies/{id}/announcement`

use actix_web::{HttpRequest, HttpResponse, put, web};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::view::{self, CopiedOrder};
use crate::app::{Caller, Cx, scrutinies};
use crate::http::error::answer;
use crate::http::extract::Body;
use crate::http::headers::if_match;
use crate::http::problem::Problem;
use crate::http::v1::requests::file::Text;
use crate::http::v1::responses::{Conditional, Finding, Moving, Writing};

/// Why an infringement is going to be found.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Announcement {
    /// For the issuing agency.
    #[validate(nested)]
    reasons: Text,
}

/// Announce an infringement
///
/// For the authority: before it finds an infringement it tells the issuing agency that it means to and why (Regulation (EU)
/// 2021/784, Article 4(5)). The agency may withdraw the order itself. Saying it again changes nothing.
#[utoipa::path(
    tag = "scrutinies",
    operation_id = "announce_scrutiny",
    params(
        ("id" = String, Path, description = "Identifier of the order, `req_…`."),
        ("If-Match" = String, Header, description = "The version you have read, or `*`."),
    ),
    request_body(content = Announcement, description = "Why."),
    responses(
        (status = 200, description = "The order.", body = CopiedOrder, headers(("etag" = String, description = "The version."))),
        Writing, Finding, Moving, Conditional,
    ),
)]
#[put("/v1/scrutinies/{id}/announcement")]
pub async fn announce_scrutiny(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    Body(body): Body<Announcement>,
) -> Result<HttpResponse, Problem> {
    let expected = if_match(&http)?;
    let (id, text) = (id.into_inner(), body.reasons.into());
    let announced = scrutinies::announce(&cx, &caller, id, expected, text, view::ok);
    Ok(answer(announced.await?))
}
