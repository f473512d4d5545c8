//! `PATCH /v1/agencies/{id}`

use actix_web::{HttpRequest, HttpResponse, patch, web};
use serde::Deserialize;
use takedown_core::agency::AgencyType;
use takedown_core::contact::MailAddress;
use takedown_core::policy::Action;
use takedown_core::text::{Country, Language};
use utoipa::ToSchema;
use validator::Validate;

use super::view::{self, Agency};
use crate::app::values::{Complaints, Name, Zone};
use crate::app::{Caller, Cx, agencies};
use crate::http::headers::if_match;
use crate::http::problem::Problem;
use crate::http::v1::registry::{present, sent};
use crate::http::v1::responses::{Conditional, Finding, Versioned, Writing};
use crate::http::wire;

/// What is to become of an agency. What is not named stays as it is; nothing can be taken away.
#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgencyChange {
    /// Its name, as platforms see it: one line.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200)]
    name: Option<Name>,
    /// Whose authority it is.
    #[serde(default, deserialize_with = "present")]
    #[schema(schema_with = wire::country, required = false)]
    country: Option<Country>,
    /// What kind of authority it is.
    #[serde(default, deserialize_with = "present")]
    #[schema(schema_with = wire::agency_type, required = false)]
    r#type: Option<AgencyType>,
    /// Where a platform or an uploader complains: a mail address or an https URL.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = String, required = false, min_length = 3, max_length = 500)]
    complaints: Option<Complaints>,
    /// Where it is told of answers.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = String, required = false, min_length = 3, max_length = 254, format = "email")]
    mail: Option<MailAddress>,
    /// Language of those mails.
    #[serde(default, deserialize_with = "present")]
    #[schema(schema_with = wire::language, required = false)]
    language: Option<Language>,
    /// IANA time zone in which those mails show times.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 64)]
    time_zone: Option<Zone>,
}

impl From<AgencyChange> for agencies::AgencyChange {
    fn from(change: AgencyChange) -> Self {
        Self {
            name: change.name,
            country: change.country,
            agency_type: change.r#type,
            complaints: change.complaints,
            mail: change.mail,
            language: change.language,
            time_zone: change.time_zone,
        }
    }
}

/// Change an agency
///
/// For the operator. Changes only the members that are named.
#[utoipa::path(
    tag = "registry",
    operation_id = "change_agency",
    params(
        ("id" = String, Path, description = "Identifier, `agency_…`."),
        ("If-Match" = String, Header, description = "The version you have read, or `*`."),
    ),
    request_body(content = AgencyChange, description = "The members to change."),
    responses(
        (status = 200, description = "The agency.", body = Agency, headers(("etag" = String, description = "The version."))),
        Writing, Finding, Versioned, Conditional,
    ),
)]
#[patch("/v1/agencies/{id}")]
pub async fn change_agency(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = sent::<AgencyChange>(&caller, Action::ChangeAgency, &http, payload).await?;
    let expected = if_match(&http)?;
    let agency = agencies::change(&cx, &caller, &id, expected, body.value.into()).await?;
    Ok(view::ok(&agency, &caller))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::http::extract::parse;

    #[test]
    fn what_is_not_named_stays_and_nothing_is_taken_away() {
        let change = parse::<AgencyChange>(br#"{"name": "New"}"#).unwrap();
        assert_eq!(change.name.unwrap().as_str(), "New");
        assert!(change.mail.is_none());
        assert!(parse::<AgencyChange>(b"{}").is_ok());
        let problem = parse::<AgencyChange>(br#"{"mail": null}"#).unwrap_err();
        assert_eq!(problem.field_errors()[0].pointer.as_deref(), Some("#/mail"));
    }
}
