//! `POST /v1/requests/{id}/corrections`

use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::{Deserialize, Serialize};
use takedown_core::id::ItemId;
use takedown_core::signed::Act;
use takedown_core::text::Language;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::file::{Officer, Service, Text};
use super::signed::SignedStatement;
use super::view::Request;
use crate::app::requests;
use crate::app::{Caller, Cx};
use crate::http::error::answer;
use crate::http::extract::{Size, signable};
use crate::http::headers::{if_match, once};
use crate::http::problem::Problem;
use crate::http::v1::responses::{Conditional, Finding, Moving, Writing};
use crate::http::v1::rules;
use crate::http::wire::{self, Instant};

/// New facts. What is left out stays as it is.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "something"))]
#[schema(example = json!({ "reasons": { "text": "The page calls for attacks and names a place.", "language": "en" } }))]
pub struct NewCorrection {
    /// The statement of reasons.
    #[validate(nested)]
    reasons: Option<Text>,
    /// The reasons in a language of the platform.
    #[validate(nested)]
    translation: Option<Text>,
    /// Codes of the catalogue. Of an order that was read, only as an answer to the platform.
    #[validate(length(min = 1, max = 50))]
    #[schema(min_items = 1, max_items = 50)]
    grounds: Option<Vec<String>>,
    /// The provision of law that is broken. Of an order that was read, only as an answer to the platform.
    #[validate(length(min = 1, max = 500), custom(function = "rules::filled"))]
    #[schema(min_length = 1, max_length = 500)]
    provision: Option<String>,
    /// The formal service, recorded now or corrected: where the instrument counts from it, the clock starts then.
    service: Option<Service>,
    /// The officer in charge.
    #[validate(nested)]
    officer: Option<Officer>,
    /// Your own file number.
    #[validate(length(min = 1, max = 100), custom(function = "rules::one_line"))]
    #[schema(min_length = 1, max_length = 100)]
    agency_reference: Option<String>,
    /// New facts of items. A locator is never rewritten: withdraw the item, and file the right one anew.
    #[serde(default)]
    #[validate(length(max = 1000), nested)]
    #[schema(max_items = 1000)]
    items: Vec<CorrectedItem>,
    /// Why; kept as a message.
    #[validate(nested)]
    text: Option<Text>,
}

/// New facts of an item. What is left out stays as it is.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectedItem {
    /// Which.
    #[schema(value_type = String)]
    item: ItemId,
    /// What it shows, in words.
    #[validate(length(min = 1, max = 2000), custom(function = "rules::filled"))]
    #[schema(min_length = 1, max_length = 2000)]
    description: Option<String>,
    /// Language of the material.
    #[schema(schema_with = wire::language_or_null, required = false)]
    language: Option<Language>,
    /// How graphic it is, from 0 to 3.
    #[validate(range(max = 3))]
    #[schema(minimum = 0, maximum = 3)]
    graphic: Option<u8>,
    /// When it was seen.
    seen_at: Option<Instant>,
}

fn something(new: &NewCorrection) -> Result<(), ValidationError> {
    let filing = new.reasons.is_some()
        || new.translation.is_some()
        || new.grounds.is_some()
        || new.provision.is_some()
        || new.service.is_some()
        || new.officer.is_some()
        || new.agency_reference.is_some();
    if filing || !new.items.is_empty() {
        return Ok(());
    }
    let says = "name at least one fact that is to be corrected";
    Err(ValidationError::new("nothing").with_message(says.into()))
}

/// Correct a request
///
/// New facts take the place of old ones, which stay among the `corrections`. The platform is told. What says what is
/// asked, of whom and under which power is not corrected: withdraw it and file anew. A correction of what the platform
/// called missing or wrong is the answer to it, and the clock goes on (Regulation (EU) 2021/784, Article 3(8)). Sending
/// what stands there already changes nothing.
#[utoipa::path(
    tag = "requests",
    operation_id = "correct",
    params(
        ("id" = String, Path, description = "Identifier, `req_…`."),
        ("If-Match" = String, Header, description = "The version you have read, or `*`."),
        ("Idempotency-Key" = Option<String>, Header, description = "A fresh UUID for each call; kept for 24 hours."),
    ),
    request_body(
        content((NewCorrection = "application/json"), (SignedStatement = "application/jose+json")),
        description = "The new facts, or the same signed by the unit."
    ),
    responses(
        (status = 201, description = "The request as it stands now.", body = Request, headers(("etag" = String, description = "The version."))),
        Writing, Finding, Moving, Conditional,
    ),
)]
#[post("/v1/requests/{id}/corrections")]
pub async fn correct(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let sent = signable::<NewCorrection>(&http, payload, Act::Correct, Size::Usual).await?;
    let (expected, key) = (if_match(&http)?, once(&http, &sent.bytes)?);
    let new = sent.value;
    let new = requests::NewCorrection {
        reasons: new.reasons.map(Into::into),
        translation: new.translation.map(Into::into),
        grounds: new.grounds,
        provision: new.provision,
        service: new.service.map(Into::into),
        officer: new.officer.map(Into::into),
        agency_reference: new.agency_reference,
        items: new
            .items
            .into_iter()
            .map(|item| requests::ItemCorrection {
                item: item.item,
                description: item.description,
                language: item.language,
                graphic: item.graphic,
                seen_at: item.seen_at.map(|at| at.0),
            })
            .collect(),
        text: new.text.map(Into::into),
        signed: sent.statement,
    };
    let id = id.into_inner();
    Ok(answer(
        requests::correct(&cx, &caller, id, expected, key, new, super::created).await?,
    ))
}
