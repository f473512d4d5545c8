//! A saved text as it is sent and answered.

use actix_web::HttpResponse;
use serde::{Deserialize, Serialize};
use takedown_core::text::{Language, placeholder};
use utoipa::ToSchema;
use validator::Validate;

use crate::app::once::Answer;
use crate::app::requests::filing::Text;
use crate::app::texts::{self, SavedText as Saved};
use crate::http::v1::registry::{created, versioned};
use crate::http::v1::rules;
use crate::http::wire::{self, Instant};

/// A text to be saved.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSavedText {
    /// What you call it: one line, unique among your texts.
    #[validate(length(min = 1, max = 100), custom(function = "rules::one_line"))]
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// The text. `{{case_number}}` is a placeholder: lower-case letters, digits and underscores between double braces.
    #[validate(length(min = 1, max = 20000), custom(function = "rules::plain"))]
    #[schema(min_length = 1, max_length = 20000)]
    text: String,
    /// Its language.
    #[schema(schema_with = wire::language)]
    language: Language,
}

impl From<NewSavedText> for texts::NewText {
    fn from(new: NewSavedText) -> Self {
        Self {
            name: new.name,
            text: Text {
                text: new.text,
                language: new.language,
            },
        }
    }
}

/// A saved text.
#[derive(Debug, Serialize, ToSchema)]
pub struct SavedText {
    /// Identifier, `text_…`.
    pub id: String,
    /// What you call it.
    pub name: String,
    /// The text, with its placeholders.
    pub text: String,
    /// Language tag of BCP 47.
    pub language: String,
    /// The names of its placeholders, in the order of their first appearance.
    pub placeholders: Vec<String>,
    /// Counts its versions from 1.
    #[schema(minimum = 1)]
    pub version: i32,
    /// When it was first saved.
    pub created_at: Instant,
    /// When it was last saved.
    pub updated_at: Instant,
}

impl SavedText {
    /// A text as it is answered.
    #[must_use]
    pub fn of(saved: &Saved) -> Self {
        let names = placeholder::names(&saved.text);
        Self {
            placeholders: names.into_iter().map(str::to_owned).collect(),
            id: saved.id.clone(),
            name: saved.name.clone(),
            text: saved.text.clone(),
            language: saved.language.to_string(),
            version: saved.version,
            created_at: Instant(saved.created_at),
            updated_at: Instant(saved.updated_at),
        }
    }
}

/// 201 with its address.
pub(super) fn made(saved: &Saved) -> Answer {
    let location = format!("/v1/texts/{}", saved.id);
    created(location, Some(saved.version), &SavedText::of(saved))
}

/// 200 with its version.
pub(super) fn ok(saved: &Saved) -> HttpResponse {
    versioned(saved.version, &SavedText::of(saved))
}
