//! `POST /v1/notices`

use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::Deserialize;
use takedown_core::id::PlatformId;
use utoipa::ToSchema;
use validator::Validate;

use super::view::{PriorNotice, made};
use crate::app::notices::{self, NewNotice};
use crate::app::{Caller, Cx};
use crate::http::error::answer;
use crate::http::extract::Sent;
use crate::http::headers::once;
use crate::http::problem::Problem;
use crate::http::v1::requests::file::Text;
use crate::http::v1::responses::{Creating, Writing};

/// What a platform is told before a first order.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPriorNotice {
    /// Who is told.
    #[schema(value_type = String, pattern = "^platform_[0-9a-hjkmnp-tv-z]{26}$")]
    platform: PlatformId,
    /// The power under which an order may follow, such as `eu-tco-order`.
    #[validate(length(min = 1, max = 100))]
    #[schema(min_length = 1, max_length = 100)]
    instrument: String,
    /// The procedures and deadlines that apply.
    #[validate(nested)]
    text: Text,
}

/// Give notice before a first order
///
/// For an agency that has never ordered anything from a platform under an instrument that asks for it (Regulation (EU)
/// 2021/784, Article 3(2)). It goes into the platform's inbox as `notice.given`; from `order_from` on the first order can be
/// filed. Nothing is asked by it.
#[utoipa::path(
    tag = "notices",
    operation_id = "give_notice",
    params(("Idempotency-Key" = Option<String>, Header, description = "A fresh UUID for each notice; kept for 24 hours.")),
    request_body(content = NewPriorNotice, description = "The notice."),
    responses(
        (status = 201, description = "The notice.", body = PriorNotice, headers(
            ("location" = String, description = "Where it is."),
        )),
        Writing, Creating,
    ),
)]
#[post("/v1/notices")]
pub async fn give_notice(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    sent: Sent<NewPriorNotice>,
) -> Result<HttpResponse, Problem> {
    let key = once(&http, &sent.bytes)?;
    let new = NewNotice {
        platform: sent.value.platform,
        instrument: sent.value.instrument,
        text: sent.value.text.into(),
    };
    Ok(answer(notices::give(&cx, &caller, key, new, made).await?))
}
