//! `POST /v1/texts/{id}/filled`

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::{Deserialize, Serialize};
use takedown_core::policy::Action;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use crate::app::{Caller, Cx, texts};
use crate::http::problem::Problem;
use crate::http::v1::registry::sent;
use crate::http::v1::responses::{Finding, Writing};
use crate::http::v1::rules;

/// Most placeholders that are filled at once.
const MOST: usize = 100;
/// Longest value, in characters.
const LONGEST: usize = 2_000;

/// What stands in for the placeholders.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Values {
    /// A value for every placeholder of the text, by name, and for nothing else; each of 1 to 2,000 characters.
    #[validate(custom(function = "values"))]
    values: BTreeMap<String, String>,
}

fn values(values: &BTreeMap<String, String>) -> Result<(), ValidationError> {
    let refused = |says: String| Err(ValidationError::new("values").with_message(says.into()));
    if values.len() > MOST {
        return refused(format!("must have at most {MOST} members"));
    }
    for (name, value) in values {
        if value.is_empty() || value.chars().count() > LONGEST {
            return refused(format!("{name:?} must have 1 to {LONGEST} characters"));
        }
        if let Err(error) = rules::plain(value) {
            let why = error.message.unwrap_or_default();
            return refused(format!("{name:?}: {why}"));
        }
    }
    Ok(())
}

/// A text without placeholders, ready to be sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct FilledText {
    /// The text.
    pub text: String,
    /// Language tag of BCP 47.
    pub language: String,
}

/// Fill a saved text
///
/// Gives the text with every placeholder filled, to be looked at and then sent as reasons, message or note. Nothing is
/// sent and nothing is stored.
#[utoipa::path(
    tag = "texts",
    operation_id = "fill_text",
    params(("id" = String, Path, description = "Identifier, `text_…`.")),
    request_body(content = Values, description = "The values."),
    responses((status = 200, description = "The filled text.", body = FilledText), Writing, Finding),
)]
#[post("/v1/texts/{id}/filled")]
pub async fn fill_text(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = sent::<Values>(&caller, Action::FillText, &http, payload).await?;
    let filled = texts::fill(&cx, &caller, &id, &body.value.values).await?;
    Ok(HttpResponse::Ok().json(FilledText {
        text: filled.text,
        language: filled.language.to_string(),
    }))
}
