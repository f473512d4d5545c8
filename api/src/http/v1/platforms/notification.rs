//! `PUT /v1/platforms/{id}/notification`

use actix_web::{HttpRequest, HttpResponse, put, web};
use serde::{Deserialize, Serialize};
use takedown_core::platform::{Day, DayTime, MOST_SPANS, Pace, Quiet, QuietHours, Wishes};
use takedown_core::policy::Action;
use utoipa::ToSchema;
use validator::Validate;

use super::view::{self, Platform};
use crate::app::{Caller, Cx, platforms};
use crate::http::headers::if_match;
use crate::http::problem::Problem;
use crate::http::v1::registry::sent;
use crate::http::v1::responses::{Finding, Versioned, Writing};
use crate::http::wire;

/// How a platform wants its mails. It takes the place of what was wished before.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "mail": "daily", "daily_at": "08:30",
    "quiet": [{ "hours": "22:00-07:00" }, { "days": ["sat", "sun"], "hours": "00:00-18:00" }],
}))]
pub struct Notification {
    /// How mails leave that are about no order.
    #[schema(schema_with = wire::pace)]
    mail: Pace,
    /// When the daily one leaves, in the platform's time zone; `08:00` unless said.
    #[serde(default)]
    #[schema(value_type = String, required = false, pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    daily_at: DayTime,
    /// When no mail is wanted but about an order, in the platform's time zone. Each day keeps an hour in one piece.
    #[serde(default)]
    #[validate(length(max = 20))]
    #[schema(required = false, max_items = 20)]
    quiet: Vec<QuietSpan>,
    /// Whether mails about new requests carry a part for programs (XARF v4) that names the addresses, where the grounds have a word
    /// in that format. With `at_once` or `never`: a mail of several carries none.
    #[serde(default)]
    #[schema(required = false)]
    xarf: bool,
}

/// Hours in which no mail is wanted.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuietSpan {
    /// On which days of the week it begins; on each unless said.
    #[serde(default)]
    #[schema(schema_with = wire::days, required = false)]
    days: Vec<Day>,
    /// From when until when; may run over midnight.
    #[schema(value_type = String, pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$")]
    hours: QuietHours,
}

const _: () = assert!(MOST_SPANS == 20, "the schema says so");

impl From<QuietSpan> for Quiet {
    fn from(span: QuietSpan) -> Self {
        Self {
            days: span.days,
            hours: span.hours,
        }
    }
}

impl From<Notification> for Wishes {
    fn from(given: Notification) -> Self {
        Self {
            mail: given.mail,
            daily_at: given.daily_at,
            quiet: given.quiet.into_iter().map(Quiet::from).collect(),
            xarf: given.xarf,
        }
    }
}

/// How a platform wants its mails.
#[derive(Debug, Serialize, ToSchema)]
pub struct NotificationView {
    /// `at_once`, `hourly`, `daily`, or `never`: it reads its inbox, and is sent mails about orders alone.
    pub mail: String,
    /// When the daily one leaves, in the platform's time zone.
    pub daily_at: String,
    /// When no mail leaves but about an order, in the platform's time zone.
    pub quiet: Vec<QuietSpanView>,
    /// Whether mails about new requests carry a part for programs (XARF v4) that names the addresses.
    pub xarf: bool,
}

/// Hours in which no mail leaves.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuietSpanView {
    /// On which days of the week it begins; empty: on each.
    pub days: Vec<String>,
    /// From when until when.
    pub hours: String,
}

impl From<&Quiet> for QuietSpanView {
    fn from(span: &Quiet) -> Self {
        Self {
            days: span.days.iter().map(ToString::to_string).collect(),
            hours: span.hours.to_string(),
        }
    }
}

impl From<&Wishes> for NotificationView {
    fn from(wishes: &Wishes) -> Self {
        Self {
            mail: wishes.mail.to_string(),
            daily_at: wishes.daily_at.to_string(),
            quiet: wishes.quiet.iter().map(QuietSpanView::from).collect(),
            xarf: wishes.xarf,
        }
    }
}

/// Say how a platform wants its mails
///
/// For the platform itself, or the operator. Each at once, gathered into one at the full hour or once a day, or none; and hours in
/// which none leaves. Mails about an order leave at once all the same, and so does what says whether a request is real. It
/// changes no deadline, and nothing is ever missing in the inbox. A platform that nobody speaks for is written to at once:
/// it has no inbox of its own. What was gathered when the wish changes leaves as it was planned. Repeating the call changes nothing.
#[utoipa::path(
    tag = "registry",
    operation_id = "set_notification",
    params(
        ("id" = String, Path, description = "Identifier, `platform_…`."),
        ("If-Match" = Option<String>, Header, description = "The version you have read."),
    ),
    request_body(content = Notification, description = "The wish."),
    responses(
        (status = 200, description = "The platform.", body = Platform, headers(("etag" = String, description = "The version."))),
        Writing, Finding, Versioned,
    ),
)]
#[put("/v1/platforms/{id}/notification")]
pub async fn set_notification(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = sent::<Notification>(&caller, Action::SetNotification, &http, payload).await?;
    let expected = if_match(&http)?;
    let platform = platforms::set_wishes(&cx, &caller, &id, expected, body.value.into()).await?;
    Ok(view::ok(&platform, &caller))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::http::extract::parse;

    #[test]
    fn what_is_wrong_is_named() {
        let wished = parse::<Notification>(br#"{"mail": "hourly"}"#).unwrap();
        assert_eq!(wished.daily_at.to_string(), "08:00");
        for (body, pointer) in [
            (r#"{"mail": "weekly"}"#, "#/mail"),
            (r#"{"mail": "daily", "daily_at": "24:00"}"#, "#/daily_at"),
            (
                r#"{"mail": "daily", "quiet": [{"hours": "10:00-10:00"}]}"#,
                "#/quiet/0/hours",
            ),
            (
                r#"{"mail": "daily", "quiet": [{"days": ["holiday"], "hours": "10:00-11:00"}]}"#,
                "#/quiet/0/days/0",
            ),
        ] {
            let problem = parse::<Notification>(body.as_bytes()).unwrap_err();
            let error = &problem.field_errors()[0];
            assert_eq!(error.pointer.as_deref(), Some(pointer), "{body}");
        }
    }
}
