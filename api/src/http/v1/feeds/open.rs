//! `POST /v1/feeds`

use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::Deserialize;
use takedown_core::policy::Action;
use utoipa::ToSchema;
use validator::Validate;

use super::view::{FeedWithUrl, with_url};
use crate::app::{Caller, Cx, private_feeds};
use crate::http::error::answer;
use crate::http::headers::once;
use crate::http::problem::Problem;
use crate::http::v1::registry::sent;
use crate::http::v1::responses::{Creating, Writing};
use crate::http::v1::rules;

/// A private feed to be opened.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFeed {
    /// What you call it, such as who reads it: one line. Empty unless said.
    #[validate(length(max = 200), custom(function = "rules::one_line"))]
    #[schema(required = false, max_length = 200)]
    #[serde(default)]
    description: String,
}

/// Open a private feed
///
/// An Atom feed (RFC 4287) of your inbox at a secret address, for any feed reader. It says of each event what the inbox says: the
/// reference, who asks, whether you may or must, and by when; no locator and no reason. The address is in this answer only. To change it, open
/// another feed and end this one; up to ten can be open. It needs the scope `inbox:read` as well, and shows something as long as the client
/// that opened it may read the inbox.
#[utoipa::path(
    tag = "inbox",
    operation_id = "open_feed",
    params(("Idempotency-Key" = Option<String>, Header, description = "A fresh UUID for each feed; kept for 24 hours. The repeated answer is without the address.")),
    request_body(content = NewFeed, description = "The feed."),
    responses(
        (status = 201, description = "The feed and, once, its address.", body = FeedWithUrl, headers(
            ("location" = String, description = "What it is called in the API."),
        )),
        Writing, Creating,
    ),
)]
#[post("/v1/feeds")]
pub async fn open_feed(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = sent::<NewFeed>(&caller, Action::OpenFeed, &http, payload).await?;
    let key = once(&http, &body.bytes)?;
    let description = body.value.description;
    Ok(answer(
        private_feeds::open(&cx, &caller, key, description, with_url).await?,
    ))
}
