//! `POST /v1/sandbox/requests`

use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::{Deserialize, Serialize};
use takedown_core::policy::Action;
use utoipa::ToSchema;
use validator::Validate;

use super::refused;
use crate::app::once::Answer;
use crate::app::requests::{Filed, RequestView};
use crate::app::sandbox::{self, Wanted};
use crate::app::{Caller, Cx};
use crate::http::error::answer;
use crate::http::problem::{Problem, ProblemBody};
use crate::http::v1::registry::sent;
use crate::http::v1::responses::{Trying, Writing};

/// What a robot is to ask of your platform.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskMe {
    /// Under which instrument; `referral` unless said.
    #[serde(default)]
    #[schema(required = false)]
    instrument: AskedUnder,
    /// About so many links; one unless said.
    #[serde(default = "one")]
    #[validate(range(min = 1, max = 20))]
    #[schema(required = false, minimum = 1, maximum = 20)]
    items: u8,
}

/// What a robot asks under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum AskedUnder {
    /// A referral.
    #[default]
    Referral,
    /// A removal order of Regulation (EU) 2021/784, with its one hour from receipt.
    EuTcoOrder,
}

const fn one() -> u8 {
    1
}

/// What a robot filed.
#[derive(Debug, Serialize, ToSchema)]
pub struct FiledByRobot {
    /// The request; reading it is the receipt.
    #[schema(example = "req_01kb0000000000000000000000")]
    pub id: String,
    /// The same, to be read aloud.
    pub reference: String,
}

/// Have a robot ask your platform for something
///
/// A robot agency files a request to your platform, about links on your host that lead nowhere. It answers whatever you ask. Only a
/// sandbox answers this.
#[utoipa::path(
    tag = "sandbox",
    operation_id = "file_by_robot",
    request_body(content = AskMe, description = "What it is to ask."),
    responses(
        (status = 201, description = "It is in your inbox.", body = FiledByRobot, headers(
            ("location" = String, description = "Where the request is."),
        )),
        (status = 409, description = "Your platform has no host.", body = ProblemBody, content_type = "application/problem+json"),
        Writing, Trying,
    ),
)]
#[post("/v1/sandbox/requests")]
pub async fn file_by_robot(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = sent::<AskMe>(&caller, Action::FileByRobot, &http, payload).await?;
    let wanted = Wanted {
        order: body.value.instrument == AskedUnder::EuTcoOrder,
        items: body.value.items,
    };
    let filed = sandbox::file(&cx, &caller, wanted, filed).await;
    Ok(answer(filed.map_err(|error| refused(&cx, error))?))
}

/// No more than an inbox says: what is asked is read where reading is the receipt.
fn filed(filed: &Filed, _: &Caller) -> Answer {
    match filed {
        Filed::One(view) => shown(view),
        Filed::Several(_, views) => views.first().map_or_else(nothing, shown),
    }
}

fn shown(view: &RequestView) -> Answer {
    let id = view.request.id.to_string();
    let location = format!("/v1/requests/{id}");
    let filed = FiledByRobot {
        id,
        reference: view.reference.to_string(),
    };
    Answer {
        status: 201,
        headers: vec![("location".to_owned(), location)],
        body: serde_json::to_string(&filed).unwrap_or_default(),
    }
}

fn nothing() -> Answer {
    Answer {
        status: 500,
        headers: Vec::new(),
        body: String::new(),
    }
}
