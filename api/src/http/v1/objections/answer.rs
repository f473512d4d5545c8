//! `PUT /v1/requests/{id}/objections/{objection}/outcome`

use actix_web::{HttpRequest, HttpResponse, put, web};
use serde::{Deserialize, Serialize};
use takedown_core::objection::ObjectionOutcome;
use takedown_core::policy::Action;
use takedown_core::text::Language;
use utoipa::ToSchema;
use validator::Validate;

use super::view::Objection;
use crate::app::once::Answer;
use crate::app::requests::filing::Text;
use crate::app::requests::{self, NewAnswer, ObjectionView};
use crate::app::{Caller, Cx};
use crate::http::error::answer;
use crate::http::headers::if_match;
use crate::http::problem::Problem;
use crate::http::v1::registry::sent;
use crate::http::v1::responses::{Finding, Moving, Writing};
use crate::http::v1::rules;
use crate::http::wire;

/// How you decided on an objection.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewObjectionOutcome {
    /// How.
    #[schema(schema_with = wire::objection_outcome)]
    outcome: ObjectionOutcome,
    /// What the uploader reads by his code. Whoever saw the page with the code can read it too: name nobody in it.
    #[validate(length(min = 1, max = 5000), custom(function = "rules::filled"))]
    #[schema(min_length = 1, max_length = 5000)]
    text: String,
    /// Its language.
    #[schema(schema_with = wire::language)]
    language: Language,
    /// Put the item back with it: adds the outcome `restored` for the reason `appeal_upheld`. Only with `upheld` and
    /// `partly_upheld`.
    #[serde(default)]
    restore: bool,
}

/// Answer an objection
///
/// The uploader reads the answer by his code. With `restore` the item is put back in the same commit, and the agency is told
/// as of every revised decision. The same answer again changes nothing; another one takes the place of the first, which stays
/// in the messages and the history.
#[utoipa::path(
    tag = "objections",
    operation_id = "answer_objection",
    params(
        ("id" = String, Path, description = "Identifier of the request, `req_…`."),
        ("objection" = String, Path, description = "Identifier of the objection, `obj_…`."),
        ("If-Match" = Option<String>, Header, description = "The version you have read, or `*`."),
    ),
    request_body(content = NewObjectionOutcome, description = "The answer."),
    responses(
        (status = 200, description = "The objection with its answer.", body = Objection, headers(("etag" = String, description = "The request's version."))),
        Writing, Finding, Moving,
    ),
)]
#[put("/v1/requests/{id}/objections/{objection}/outcome")]
pub async fn answer_objection(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    place: web::Path<(String, String)>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body =
        sent::<NewObjectionOutcome>(&caller, Action::AnswerObjection, &http, payload).await?;
    let given = body.value;
    let new = NewAnswer {
        outcome: given.outcome,
        text: Text {
            text: given.text,
            language: given.language,
        },
        restore: given.restore,
    };
    let (place, expected) = (place.into_inner(), if_match(&http)?);
    Ok(answer(
        requests::answer_objection(&cx, &caller, place, expected, new, answered).await?,
    ))
}

fn answered(view: &ObjectionView, version: i32) -> Answer {
    Answer {
        status: 200,
        headers: vec![("etag".into(), format!("\"{version}\""))],
        body: serde_json::to_string(&Objection::of(view)).unwrap_or_default(),
    }
}
