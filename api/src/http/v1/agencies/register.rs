//! `POST /v1/agencies`

use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::Deserialize;
use takedown_core::agency::AgencyType;
use takedown_core::contact::MailAddress;
use takedown_core::policy::Action;
use takedown_core::text::{Country, Language};
use utoipa::ToSchema;
use validator::Validate;

use super::view::Agency;
use crate::app::once::Answer;
use crate::app::values::{Complaints, Name, Zone};
use crate::app::{Caller, Cx, agencies, parties};
use crate::http::error::answer;
use crate::http::headers::once;
use crate::http::problem::Problem;
use crate::http::v1::registry::{created, sent};
use crate::http::v1::responses::{Creating, Writing};
use crate::http::wire;

/// An agency to be registered.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAgency {
    /// Its name, as platforms see it: one line.
    #[schema(value_type = String, min_length = 1, max_length = 200)]
    name: Name,
    /// Whose authority it is.
    #[schema(schema_with = wire::country)]
    country: Country,
    /// What kind of authority it is.
    #[schema(schema_with = wire::agency_type)]
    r#type: AgencyType,
    /// Where a platform or an uploader complains: a mail address or an https URL.
    #[schema(value_type = String, min_length = 3, max_length = 500)]
    complaints: Complaints,
    /// Where it is told of answers.
    #[schema(value_type = String, min_length = 3, max_length = 254, format = "email")]
    mail: MailAddress,
    /// Language of those mails.
    #[schema(schema_with = wire::language)]
    language: Language,
    /// IANA time zone in which those mails show times.
    #[schema(value_type = String, min_length = 1, max_length = 64, examples("Europe/Warsaw"))]
    time_zone: Zone,
}

impl From<NewAgency> for agencies::NewAgency {
    fn from(new: NewAgency) -> Self {
        Self {
            name: new.name,
            country: new.country,
            agency_type: new.r#type,
            complaints: new.complaints,
            mail: new.mail,
            language: new.language,
            time_zone: new.time_zone,
        }
    }
}

fn registered(agency: &parties::Agency, caller: &Caller) -> Answer {
    let location = format!("/v1/agencies/{}", agency.id);
    created(location, Some(agency.version), &Agency::of(agency, caller))
}

/// Register an agency
///
/// For the operator. The agency is `pending`; it files once its verification is recorded and it has a client.
#[utoipa::path(
    tag = "registry",
    operation_id = "register_agency",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes it safe to repeat the call for 24 hours.")),
    request_body(content = NewAgency, description = "The agency."),
    responses(
        (status = 201, description = "The agency.", body = Agency, headers(
            ("etag" = String, description = "The version, for If-Match."),
            ("location" = String, description = "Its address."),
        )),
        Writing, Creating,
    ),
)]
#[post("/v1/agencies")]
pub async fn register_agency(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let new = sent::<NewAgency>(&caller, Action::RegisterAgency, &http, payload).await?;
    let key = once(&http, &new.bytes)?;
    Ok(answer(
        agencies::register(&cx, &caller, key, new.value.into(), registered).await?,
    ))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::{Value, json};

    use super::*;
    use crate::http::extract::parse;

    fn good() -> Value {
        json!({
            "name": "Cyber Unit", "country": "PL", "type": "police", "complaints": "c@police.example",
            "mail": "unit@police.example", "language": "pl", "time_zone": "Europe/Warsaw",
        })
    }

    #[test]
    fn each_wrong_value_is_named() {
        assert!(parse::<NewAgency>(good().to_string().as_bytes()).is_ok());
        for (member, wrong) in [
            ("name", json!("")),
            ("name", json!("two\nlines")),
            ("country", json!("XX")),
            ("country", json!(7)),
            ("type", json!("sheriff")),
            ("complaints", json!("http://police.example")),
            ("mail", json!("a@b@c.example")),
            ("mail", json!("a@c.example\r\nBcc: x@y.example")),
            ("language", json!("klingon!")),
            ("time_zone", json!("Mars/Phobos")),
            ("verified", json!(true)),
        ] {
            let mut body = good();
            body[member] = wrong.clone();
            let problem = parse::<NewAgency>(body.to_string().as_bytes()).unwrap_err();
            let error = &problem.field_errors()[0];
            assert_eq!(
                error.pointer.as_deref(),
                Some(format!("#/{member}").as_str())
            );
            assert_eq!(problem.status(), 422, "{member}: {wrong}");
        }
        let mut body = good();
        body.as_object_mut().unwrap().remove("mail");
        let problem = parse::<NewAgency>(body.to_string().as_bytes()).unwrap_err();
        assert_eq!(problem.field_errors()[0].pointer.as_deref(), Some("#/mail"));
    }
}
