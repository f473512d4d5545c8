//! `PUT /v1/agencies/{id}/notification`

use actix_web::{HttpRequest, HttpResponse, put, web};
use serde::{Deserialize, Serialize};
use takedown_core::platform::{DayTime, Pace, Quiet, Wishes};
use takedown_core::policy::Action;
use utoipa::ToSchema;
use validator::Validate;

use super::view::{self, Agency};
use crate::app::{Caller, Cx, agencies};
use crate::http::headers::if_match;
use crate::http::problem::Problem;
use crate::http::v1::platforms::notification::{QuietSpan, QuietSpanView};
use crate::http::v1::registry::sent;
use crate::http::v1::responses::{Finding, Versioned, Writing};
use crate::http::wire;

/// How an agency wants its mails. It takes the place of what was wished before.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "mail": "hourly", "quiet": [{ "hours": "20:00-06:30" }] }))]
pub struct AgencyNotification {
    /// How mails leave that press nobody.
    #[schema(schema_with = wire::pace)]
    mail: Pace,
    /// When the daily one leaves, in the agency's time zone; `08:00` unless said.
    #[serde(default)]
    #[schema(value_type = String, required = false, pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    daily_at: DayTime,
    /// When no mail is wanted but about what presses, in the agency's time zone. Each day keeps an hour in one piece.
    #[serde(default)]
    #[validate(length(max = 20))]
    #[schema(required = false, max_items = 20)]
    quiet: Vec<QuietSpan>,
}

impl From<AgencyNotification> for Wishes {
    fn from(given: AgencyNotification) -> Self {
        Self {
            mail: given.mail,
            daily_at: given.daily_at,
            quiet: given.quiet.into_iter().map(Quiet::from).collect(),
            ..Self::default()
        }
    }
}

/// How an agency wants its mails.
#[derive(Debug, Serialize, ToSchema)]
pub struct AgencyNotificationView {
    /// `at_once`, `hourly`, `daily`, or `never`: it reads its inbox, and is sent mails about what presses alone.
    pub mail: String,
    /// When the daily one leaves, in the agency's time zone.
    pub daily_at: String,
    /// When no mail leaves but about what presses, in the agency's time zone.
    pub quiet: Vec<QuietSpanView>,
}

impl From<&Wishes> for AgencyNotificationView {
    fn from(wishes: &Wishes) -> Self {
        Self {
            mail: wishes.mail.to_string(),
            daily_at: wishes.daily_at.to_string(),
            quiet: wishes.quiet.iter().map(QuietSpanView::from).collect(),
        }
    }
}

/// Say how an agency wants its mails
///
/// For the agency itself, or the operator. Each at once, gathered into one at the full hour or once a day, or none; and hours in
/// which none leaves. What stands still until the agency answers (a question, an obstacle, a doubt), what has an end, and what could not
/// be delivered leaves at once all the same, and so do the copies that an authority gets and what is between agencies. Nothing is
/// ever missing in the inbox. Repeating the call changes nothing.
#[utoipa::path(
    tag = "registry",
    operation_id = "set_agency_notification",
    params(
        ("id" = String, Path, description = "Identifier, `agency_…`."),
        ("If-Match" = Option<String>, Header, description = "The version you have read."),
    ),
    request_body(content = AgencyNotification, description = "The wish."),
    responses(
        (status = 200, description = "The agency.", body = Agency, headers(("etag" = String, description = "The version."))),
        Writing, Finding, Versioned,
    ),
)]
#[put("/v1/agencies/{id}/notification")]
pub async fn set_agency_notification(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let action = Action::SetAgencyNotification;
    let body = sent::<AgencyNotification>(&caller, action, &http, payload).await?;
    let expected = if_match(&http)?;
    let agency = agencies::set_wishes(&cx, &caller, &id, expected, body.value.into()).await?;
    Ok(view::ok(&agency, &caller))
}
