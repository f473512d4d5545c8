//! `GET /v1/lookups`

use actix_web::{HttpRequest, HttpResponse, get, web};
use takedown_core::id::PlatformId;
use takedown_core::locator::{ItemKind, Locator};
use takedown_core::policy::Action;
use utoipa::IntoParams;

use super::MOST;
use super::look_up_many::answer;
use super::view::Lookups;
use crate::app::repeats::{Wanted, look_up};
use crate::app::{self, Caller, Cx};
use crate::http::middleware::lookup_limit;
use crate::http::problem::{Code, FieldError, Problem};
use crate::http::v1::responses::Calling;
use crate::http::wire;

/// What to look up.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(
    dead_code,
    reason = "describes the parameters, which are read by hand: one may stand there many times"
)]
pub struct Asked {
    /// Where it is, as it would be filed; up to 1,000 times. Addresses of servers and proxies bound the length of a URL:
    /// send many or long ones as a body instead.
    #[param(value_type = Vec<String>, style = Form, explode, min_items = 1, max_items = 1000)]
    locator: Vec<String>,
    /// What they all are; `url` unless said.
    #[param(schema_with = wire::item_kind, required = false)]
    kind: Option<ItemKind>,
    /// The platform they are on; needed for plain names without a host.
    #[param(value_type = Option<String>)]
    platform: Option<PlatformId>,
}

impl Asked {
    fn read(query: &str) -> Result<Self, Problem> {
        let mut asked = Self {
            locator: Vec::new(),
            kind: None,
            platform: None,
        };
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let again = || refused(&name, "is given twice");
            match &*name {
                "locator" => asked.locator.push(value.into_owned()),
                "kind" if asked.kind.is_some() => return Err(again()),
                "kind" => {
                    let kind = value.parse::<ItemKind>();
                    asked.kind = Some(kind.map_err(|e| refused("kind", &e.to_string()))?);
                }
                "platform" if asked.platform.is_some() => return Err(again()),
                "platform" => {
                    let id = value.parse::<PlatformId>();
                    asked.platform = Some(id.map_err(|e| refused("platform", &e.to_string()))?);
                }
                other => {
                    let shown: String = other.chars().take(60).collect();
                    let shown = takedown_core::text::visible(&shown).into_owned();
                    return Err(refused(
                        &shown,
                        "does not exist; there are locator, kind and platform",
                    ));
                }
            }
        }
        match asked.locator.len() {
            1..=MOST => Ok(asked),
            0 => Err(refused("locator", "is missing; name what to look up")),
            many => Err(refused(
                "locator",
                &format!("is given {many} times; one call looks up {MOST} at the most"),
            )),
        }
    }

    fn wanted(self) -> Result<Vec<Wanted>, Problem> {
        let kind = self.kind.unwrap_or(ItemKind::Url);
        let platform = self.platform.map(|id| id.to_string());
        let mut wanted = Vec::with_capacity(self.locator.len());
        for (place, given) in self.locator.iter().enumerate() {
            let locator = Locator::parse(kind, given)
                .map_err(|e| refused("locator", &format!("number {}: {e}", place + 1)))?;
            wanted.push(Wanted {
                locator,
                platform: platform.clone(),
            });
        }
        Ok(wanted)
    }
}

fn refused(name: &str, detail: &str) -> Problem {
    Problem::new(Code::InvalidParameter, format!("{name}: {detail}"))
        .errors([FieldError::parameter(name, detail)])
}

/// Ask whether items were asked about before
///
/// For agencies, before they file: the same answer that a filing gives. Of your own requests you see reference and state;
/// of others that there were some, on which days, and how they stand. Names are told only where both agencies
/// agreed. Two items are the same when their locators differ in nothing but writing (docs/guides/police-unit.md). Each
/// lookup is recorded in the history, with digests in place of the locators. It changes and reserves nothing.
#[utoipa::path(
    tag = "lookups",
    operation_id = "look_up_items",
    params(Asked),
    responses((status = 200, description = "One answer for each locator.", body = Lookups), Calling),
)]
#[get("/v1/lookups")]
pub async fn look_up_items(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let action = Action::LookUpItems;
    let resource = takedown_core::policy::Resource::Exchange;
    takedown_core::policy::authorize(&caller.actor, action, &resource).map_err(app::Error::from)?;
    let wanted = Asked::read(http.query_string())?.wanted()?;
    lookup_limit(&http, caller.client, wanted.len())?;
    let found = look_up(&cx, &caller, action, wanted.clone())
        .await
        .map_err(|error| match error {
            app::Error::Invalid(_) => refused(
                "platform",
                "is missing: a plain name means something on one platform only",
            ),
            other => other.into(),
        })?;
    Ok(answer(&wanted, &found))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_locator_may_stand_there_many_times_and_nothing_else_may() {
        let asked = Asked::read("locator=https://a.example/%23x&locator=b.example/y").unwrap();
        assert_eq!(asked.locator, ["https://a.example/#x", "b.example/y"]);
        assert_eq!(asked.wanted().unwrap().len(), 2);
        for (query, parameter) in [
            ("", "locator"),
            ("locator=a.example&kind=url&kind=url", "kind"),
            ("locator=a.example&kind=house", "kind"),
            ("locator=a.example&platform=req_1", "platform"),
            ("locators=a.example", "locators"),
        ] {
            let problem = Asked::read(query).unwrap_err();
            assert_eq!(problem.code(), Code::InvalidParameter);
            let error = &problem.field_errors()[0];
            assert_eq!(error.parameter.as_deref(), Some(parameter), "{query}");
        }
        let many = "locator=a.example/&".repeat(1_001);
        assert!(Asked::read(&many).is_err());
        assert!(Asked::read("locator=%20").unwrap().wanted().is_err());
    }
}
