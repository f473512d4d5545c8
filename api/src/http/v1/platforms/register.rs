//! `POST /v1/platforms`

use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::Deserialize;
use takedown_core::contact::MailAddress;
use takedown_core::platform::{SizeClass, Standing};
use takedown_core::policy::Action;
use takedown_core::text::{Country, Language};
use utoipa::ToSchema;
use validator::Validate;

use super::view::Platform;
use crate::app::once::Answer;
use crate::app::values::{HostName, Name, Zone};
use crate::app::{Caller, Cx, parties, platforms};
use crate::http::error::answer;
use crate::http::headers::once;
use crate::http::problem::Problem;
use crate::http::v1::registry::{created, sent};
use crate::http::v1::responses::{Hosting, Writing};
use crate::http::wire;

/// A platform to be registered.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPlatform {
    /// Its name: one line.
    #[schema(value_type = String, min_length = 1, max_length = 200)]
    name: Name,
    /// Where it is established.
    #[schema(schema_with = wire::country)]
    country: Country,
    /// The hosts that lead to it, without scheme, port and asterisk; what lies below one is included.
    #[validate(length(min = 1, max = 200))]
    #[schema(value_type = Vec<String>, min_items = 1, max_items = 200)]
    hosts: Vec<HostName>,
    /// The languages it accepts, the preferred one first.
    #[validate(length(min = 1, max = 20))]
    #[schema(value_type = Vec<String>, min_items = 1, max_items = 20)]
    languages: Vec<Language>,
    /// IANA name of its time zone.
    #[schema(value_type = String, min_length = 1, max_length = 64, examples("Europe/Amsterdam"))]
    time_zone: Zone,
    /// Mail addresses where it is told, the first one first.
    #[validate(length(min = 1, max = 10))]
    #[schema(value_type = Vec<String>, min_items = 1, max_items = 10)]
    contacts: Vec<MailAddress>,
    /// How large it is; `micro` unless said.
    #[serde(default = "micro")]
    #[schema(schema_with = wire::size_class, required = false)]
    size_class: SizeClass,
    /// How well it is known; `sighted` unless said. `claimed` and `active` follow from a verification.
    #[serde(default = "sighted")]
    #[schema(schema_with = wire::standing, required = false)]
    standing: Standing,
}

/// Most of those who are hard to reach are one person; the rules for the small ones are the milder ones.
fn micro() -> SizeClass {
    SizeClass::Micro
}

fn sighted() -> Standing {
    Standing::Sighted
}

impl From<NewPlatform> for platforms::NewPlatform {
    fn from(new: NewPlatform) -> Self {
        Self {
            name: new.name,
            country: new.country,
            hosts: new.hosts,
            languages: new.languages,
            time_zone: new.time_zone,
            contacts: new.contacts,
            size_class: new.size_class,
            standing: new.standing,
        }
    }
}

fn registered(platform: &parties::Platform, caller: &Caller) -> Answer {
    let location = format!("/v1/platforms/{}", platform.id);
    let body = Platform::of(platform, caller);
    created(location, Some(platform.version), &body)
}

/// Register a platform
///
/// For the operator. A host leads to one platform; the longest registered one decides where a request goes.
#[utoipa::path(
    tag = "registry",
    operation_id = "register_platform",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes it safe to repeat the call for 24 hours.")),
    request_body(content = NewPlatform, description = "The platform."),
    responses(
        (status = 201, description = "The platform.", body = Platform, headers(
            ("etag" = String, description = "The version, for If-Match."),
            ("location" = String, description = "Its address."),
        )),
        Writing, Hosting,
    ),
)]
#[post("/v1/platforms")]
pub async fn register_platform(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let new = sent::<NewPlatform>(&caller, Action::RegisterPlatform, &http, payload).await?;
    let key = once(&http, &new.bytes)?;
    Ok(answer(
        platforms::register(&cx, &caller, key, new.value.into(), registered).await?,
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
            "name": "Paste", "country": "NL", "hosts": ["Paste.Example", "[2001:db8::1]"], "languages": ["ar", "en"],
            "time_zone": "Asia/Dubai", "contacts": ["owner@paste.example"],
        })
    }

    #[test]
    fn each_wrong_value_is_named() {
        let new = parse::<NewPlatform>(good().to_string().as_bytes()).unwrap();
        assert_eq!(new.hosts[0].as_str(), "paste.example");
        assert_eq!(
            (new.size_class, new.standing),
            (SizeClass::Micro, Standing::Sighted)
        );
        for (member, wrong, pointer) in [
            ("hosts", json!([]), "#/hosts"),
            ("hosts", json!(["paste.example", "co.uk"]), "#/hosts/1"),
            ("hosts", json!(["https://paste.example/"]), "#/hosts/0"),
            ("hosts", json!(["*.paste.example"]), "#/hosts/0"),
            ("languages", json!([]), "#/languages"),
            ("languages", json!(["en", "x"]), "#/languages/1"),
            ("contacts", json!([]), "#/contacts"),
            ("contacts", json!(["owner"]), "#/contacts/0"),
            ("time_zone", json!("UTC+2"), "#/time_zone"),
            ("size_class", json!("huge"), "#/size_class"),
            ("standing", json!("famous"), "#/standing"),
            ("suspended", json!(true), "#/suspended"),
        ] {
            let mut body = good();
            body[member] = wrong.clone();
            let problem = parse::<NewPlatform>(body.to_string().as_bytes()).unwrap_err();
            let error = &problem.field_errors()[0];
            assert_eq!(error.pointer.as_deref(), Some(pointer), "{wrong}");
            assert_eq!(problem.status(), 422);
        }
    }
}
