//! How answers are written.

use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_TYPE, HeaderValue};
use chrono::{DateTime, SecondsFormat};
use serde::Serialize;
use serde_json::json;

use super::MEDIA_TYPE;
use crate::http::problem::Problem;

/// 200 with this body.
pub(super) fn ok<T: Serialize>(body: &T) -> HttpResponse {
    page(body, None)
}

/// 200 with a page, and when the first and the last thing on it were added, in microseconds since 1970.
pub(super) fn page<T: Serialize>(body: &T, added: Option<(i64, i64)>) -> HttpResponse {
    let mut answer = HttpResponse::Ok();
    answer
        .content_type(MEDIA_TYPE)
        .insert_header(("cache-control", "private, no-store"));
    if let Some((first, last)) = added {
        answer
            .insert_header(("x-taxii-date-added-first", micros(first)))
            .insert_header(("x-taxii-date-added-last", micros(last)));
    }
    answer.body(serde_json::to_vec(body).unwrap_or_default())
}

/// An instant with microseconds: no two objects of a collection were added at the same one.
pub(super) fn micros(at: i64) -> String {
    DateTime::from_timestamp_micros(at)
        .unwrap_or_default()
        .to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// A problem as TAXII has it: an error message whose members say the same as those of a problem, which are there too.
#[must_use]
pub fn error(problem: &Problem, base: &str, request_id: &str) -> HttpResponse {
    let mut response = problem.response(base, Some(request_id));
    let said = problem.body(base, Some(request_id));
    let mut body = serde_json::to_value(&said).unwrap_or_default();
    if let Some(members) = body.as_object_mut() {
        for (name, value) in [
            ("description", json!(said.detail)),
            ("error_id", json!(request_id)),
            ("error_code", json!(said.code)),
            ("http_status", json!(said.status.to_string())),
            ("external_details", json!(said.r#type)),
        ] {
            members.insert(name.to_owned(), value);
        }
    }
    let kind = HeaderValue::from_static(MEDIA_TYPE);
    response.headers_mut().insert(CONTENT_TYPE, kind);
    let body = serde_json::to_vec(&body).unwrap_or_default();
    response.set_body(body).map_into_boxed_body()
}
