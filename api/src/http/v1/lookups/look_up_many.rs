//! `POST /v1/lookups`

use actix_web::{FromRequest, HttpRequest, HttpResponse, post, web};
use serde::{Deserialize, Serialize};
use takedown_core::id::PlatformId;
use takedown_core::locator::{ItemKind, Locator};
use takedown_core::policy::{Action, Resource, authorize};
use utoipa::ToSchema;
use validator::Validate;

use super::view::{Lookup, Lookups, Repeat};
use crate::app::repeats::{self, Wanted, look_up};
use crate::app::{self, Caller, Cx};
use crate::http::extract::SentFiling;
use crate::http::middleware::lookup_limit;
use crate::http::problem::Problem;
use crate::http::v1::responses::Writing;
use crate::http::wire;

/// What to look up.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "items": [{ "locator": "hxxps[:]//paste[.]example/abc#key" }] }))]
pub struct NewLookups {
    /// What to look up.
    #[validate(length(min = 1, max = 1000), nested)]
    #[schema(min_items = 1, max_items = 1000)]
    items: Vec<NewLookup>,
}

/// One thing to look up, written as it would be filed.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLookup {
    /// Where it is; defanged links are understood.
    #[validate(length(min = 1))]
    #[schema(min_length = 1, max_length = 8192)]
    locator: String,
    /// What it is; `url` unless said.
    #[serde(default = "url")]
    #[schema(schema_with = wire::item_kind)]
    kind: ItemKind,
    /// The platform it is on; needed for a plain name without a host.
    #[schema(value_type = Option<String>, pattern = "^platform_[0-9a-hjkmnp-tv-z]{26}$")]
    platform: Option<PlatformId>,
}

fn url() -> ItemKind {
    ItemKind::Url
}

impl NewLookups {
    fn wanted(self) -> Result<Vec<Wanted>, Problem> {
        let mut errors = Vec::new();
        let mut wanted = Vec::with_capacity(self.items.len());
        for (index, item) in self.items.into_iter().enumerate() {
            match Locator::parse(item.kind, &item.locator) {
                Ok(locator) => wanted.push(Wanted {
                    locator,
                    platform: item.platform.map(|id| id.to_string()),
                }),
                Err(why) => errors.push(app::FieldError::new(
                    format!("/items/{index}/locator"),
                    why.to_string(),
                )),
            }
        }
        if errors.is_empty() {
            Ok(wanted)
        } else {
            Err(app::Error::Invalid(errors).into())
        }
    }
}

const NOTHING: repeats::Repeat = repeats::Repeat {
    own: None,
    elsewhere: None,
    imported: None,
};

/// What is told of each.
pub(super) fn answer(wanted: &[Wanted], found: &[Option<repeats::Repeat>]) -> HttpResponse {
    let items = wanted.iter().zip(found).map(|(wanted, found)| Lookup {
        locator: wanted.locator.filed().to_owned(),
        defanged: wanted.locator.defanged(),
        asked: found
            .as_ref()
            .is_some_and(|it| it.own.is_some() || it.elsewhere.is_some()),
        repeat: Repeat::of(found.as_ref().unwrap_or(&NOTHING)),
    });
    HttpResponse::Ok().json(Lookups {
        items: items.collect(),
    })
}

/// Ask it of up to 1,000 items
///
/// As `GET /v1/lookups`, for many and for long locators, which do not fit into an address and do not belong into the logs
/// of proxies.
#[utoipa::path(
    tag = "lookups",
    operation_id = "look_up_many_items",
    request_body(content = NewLookups, description = "What to look up."),
    responses(
        (status = 200, description = "One answer for each item, in their order.", body = Lookups),
        Writing,
    ),
)]
#[post("/v1/lookups")]
pub async fn look_up_many_items(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let action = Action::LookUpManyItems;
    authorize(&caller.actor, action, &Resource::Exchange).map_err(app::Error::from)?;
    let SentFiling(sent) =
        SentFiling::<NewLookups>::from_request(&http, &mut payload.into_inner()).await?;
    let wanted = sent.value.wanted()?;
    lookup_limit(&http, caller.client, wanted.len())?;
    let found = look_up(&cx, &caller, action, wanted.clone()).await?;
    Ok(answer(&wanted, &found))
}
