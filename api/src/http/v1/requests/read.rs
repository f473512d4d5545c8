//! `GET /v1/requests/{id}`

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, get, web};

use super::view::Request;
use crate::app::requests;
use crate::app::{Caller, Cx};
use crate::http::problem::Problem;
use crate::http::v1::responses::{Calling, Finding};

/// Read a request
///
/// In full. When its platform reads it for the first time, this is the receipt: the request becomes `fetched`, and a
/// clock that starts on receipt starts.
#[utoipa::path(
    tag = "requests",
    operation_id = "read_request",
    params(
        ("id" = String, Path, description = "Identifier, `req_…`."),
        ("If-None-Match" = Option<String>, Header, description = "The ETag you have; answered with 304 while it still holds."),
    ),
    responses(
        (status = 200, description = "The request.", body = Request, headers(("etag" = String, description = "The version, for If-Match."))),
        (status = 304, description = "It has not changed."),
        Calling, Finding,
    ),
)]
#[get("/v1/requests/{id}")]
pub async fn read_request(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let etag = |version: i32| format!("\"{version}\"");
    let known = |version| {
        let tags = http.headers().get(header::IF_NONE_MATCH);
        let mut tags = tags
            .and_then(|v| v.to_str().ok())
            .into_iter()
            .flat_map(|v| v.split(','));
        tags.any(|tag| tag.trim().trim_start_matches("W/") == etag(version))
    };
    match requests::read_unless(&cx, &caller, &id, known).await? {
        Ok(view) => Ok(HttpResponse::Ok()
            .insert_header((header::ETAG, etag(view.request.version)))
            .json(Request::of(&view, &caller))),
        Err(version) => Ok(HttpResponse::NotModified()
            .insert_header((header::ETAG, etag(version)))
            .finish()),
    }
}
