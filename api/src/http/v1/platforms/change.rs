//! `PATCH /v1/platforms/{id}`

use actix_web::{HttpRequest, HttpResponse, patch, web};
use serde::Deserialize;
use takedown_core::contact::MailAddress;
use takedown_core::platform::{SizeClass, Standing};
use takedown_core::policy::Action;
use takedown_core::text::{Country, Language};
use utoipa::ToSchema;
use validator::Validate;

use super::view::{self, Platform};
use crate::app::values::{HostName, Name, Zone};
use crate::app::{Caller, Cx, platforms};
use crate::http::headers::if_match;
use crate::http::problem::Problem;
use crate::http::v1::registry::{present, sent};
use crate::http::v1::responses::{Conditional, Finding, Hosting, Versioned, Writing};
use crate::http::wire;

/// What is to become of a platform. What is not named stays as it is; a list that is named replaces the old one.
#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlatformChange {
    /// Its name: one line.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200)]
    name: Option<Name>,
    /// Where it is established.
    #[serde(default, deserialize_with = "present")]
    #[schema(schema_with = wire::country, required = false)]
    country: Option<Country>,
    /// All hosts that lead to it; none only where it is `gone`, so that another can have them. Requests that were filed stay
    /// where they are.
    #[serde(default, deserialize_with = "present")]
    #[validate(length(max = 200))]
    #[schema(value_type = Vec<String>, required = false, max_items = 200)]
    hosts: Option<Vec<HostName>>,
    /// The languages it accepts, the preferred one first.
    #[serde(default, deserialize_with = "present")]
    #[validate(length(min = 1, max = 20))]
    #[schema(value_type = Vec<String>, required = false, min_items = 1, max_items = 20)]
    languages: Option<Vec<Language>>,
    /// IANA name of its time zone.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 64)]
    time_zone: Option<Zone>,
    /// Mail addresses where it is told, the first one first.
    #[serde(default, deserialize_with = "present")]
    #[validate(length(min = 1, max = 10))]
    #[schema(value_type = Vec<String>, required = false, min_items = 1, max_items = 10)]
    contacts: Option<Vec<MailAddress>>,
    /// How large it is.
    #[serde(default, deserialize_with = "present")]
    #[schema(schema_with = wire::size_class, required = false)]
    size_class: Option<SizeClass>,
    /// How well it is known. `claimed` and `active` need a verification first.
    #[serde(default, deserialize_with = "present")]
    #[schema(schema_with = wire::standing, required = false)]
    standing: Option<Standing>,
}

impl From<PlatformChange> for platforms::PlatformChange {
    fn from(change: PlatformChange) -> Self {
        Self {
            name: change.name,
            country: change.country,
            hosts: change.hosts,
            languages: change.languages,
            time_zone: change.time_zone,
            contacts: change.contacts,
            size_class: change.size_class,
            standing: change.standing,
        }
    }
}

/// Change a platform
///
/// For the operator. Changes only the members that are named.
#[utoipa::path(
    tag = "registry",
    operation_id = "change_platform",
    params(
        ("id" = String, Path, description = "Identifier, `platform_…`."),
        ("If-Match" = String, Header, description = "The version you have read, or `*`."),
    ),
    request_body(content = PlatformChange, description = "The members to change."),
    responses(
        (status = 200, description = "The platform.", body = Platform, headers(("etag" = String, description = "The version."))),
        Writing, Finding, Hosting, Versioned, Conditional,
    ),
)]
#[patch("/v1/platforms/{id}")]
pub async fn change_platform(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = sent::<PlatformChange>(&caller, Action::ChangePlatform, &http, payload).await?;
    let expected = if_match(&http)?;
    let platform = platforms::change(&cx, &caller, &id, expected, body.value.into()).await?;
    Ok(view::ok(&platform, &caller))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::http::extract::parse;

    #[test]
    fn what_is_not_named_stays_and_lists_are_never_emptied() {
        let change = parse::<PlatformChange>(br#"{"hosts": ["b.example"]}"#).unwrap();
        assert_eq!(change.hosts.unwrap()[0].as_str(), "b.example");
        assert!(change.contacts.is_none());
        // Whether a platform may be without hosts depends on where it stands.
        assert_eq!(
            parse::<PlatformChange>(br#"{"hosts": []}"#).unwrap().hosts,
            Some(Vec::new())
        );
        for (body, pointer) in [
            (r#"{"contacts": []}"#, "#/contacts"),
            (r#"{"hosts": null}"#, "#/hosts"),
            (r#"{"hosts": "b.example"}"#, "#/hosts"),
        ] {
            let problem = parse::<PlatformChange>(body.as_bytes()).unwrap_err();
            let error = &problem.field_errors()[0];
            assert_eq!(error.pointer.as_deref(), Some(pointer), "{body}");
        }
    }
}
