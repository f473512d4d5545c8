//! `POST /v1/sandbox/clock`

use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::Deserialize;
use takedown_core::policy::Action;
use takedown_core::time::parse_span;
use utoipa::ToSchema;
use validator::Validate;

use super::read::SandboxState;
use super::refused;
use crate::app::sandbox::{self, Move};
use crate::app::{Caller, Cx};
use crate::http::problem::{FieldError, Problem};
use crate::http::v1::registry::sent;
use crate::http::v1::responses::{Trying, Writing};
use crate::http::wire::Instant;

/// How the clock is moved: one of the two.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClockMove {
    /// Forward by so much: ISO 8601 in weeks, days, hours, minutes and seconds, such as `PT2H` or `P1DT12H`.
    #[schema(example = "PT2H")]
    advance: Option<String>,
    /// Forward to this instant.
    to: Option<Instant>,
}

impl ClockMove {
    fn parse(self) -> Result<Move, Problem> {
        let wrong = |pointer: &str, detail: &str| {
            Problem::invalid(vec![FieldError::at(pointer, detail.to_owned())])
        };
        match (self.advance, self.to) {
            (Some(span), None) => parse_span(&span)
                .map(Move::By)
                .map_err(|why| wrong("/advance", &why.to_string())),
            (None, Some(to)) => Ok(Move::To(to.0)),
            (None, None) => Err(wrong(
                "",
                "say how far: `advance` with a span such as \"PT2H\", or `to` with an instant",
            )),
            (Some(_), Some(_)) => Err(wrong("/to", "leave it out, or leave out `advance`")),
        }
    }
}

/// Move the clock of a sandbox
///
/// Forward and never back, for everybody who uses this sandbox, and ten years ahead of the real time at the most. What became due meanwhile
/// (reminders, deadlines, repetitions of messages, robots that wait) happens a moment later. Only a sandbox answers it.
#[utoipa::path(
    tag = "sandbox",
    operation_id = "move_test_clock",
    request_body(content = ClockMove, description = "By a span, or to an instant."),
    responses(
        (status = 200, description = "How the sandbox stands now.", body = SandboxState),
        Writing, Trying,
    ),
)]
#[post("/v1/sandbox/clock")]
pub async fn move_test_clock(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = sent::<ClockMove>(&caller, Action::MoveTestClock, &http, payload).await?;
    let wanted = body.value.parse()?;
    let told = sandbox::move_clock(&cx, &caller, wanted).await;
    let told = told.map_err(|error| refused(&cx, error))?;
    Ok(HttpResponse::Ok().json(SandboxState::of(&told)))
}
