//! One row of an import as it is sent.

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize};
use takedown_core::history::Digest;
use takedown_core::imported::{Facts, SourceRow};
use takedown_core::instrument::Kind;
use takedown_core::locator::{ItemKind, Locator};
use takedown_core::request::OutcomeCode;
use takedown_core::text::Language;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use crate::app::imports::NewRecord;
use crate::app::{Error, FieldError};
use crate::http::v1::registry::present;
use crate::http::v1::rules;
use crate::http::wire::{self, Instant};

/// One link of one past mail, as your own list says. Only the link, the day and the place in the list are needed.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewImport {
    /// Where it is. Kept exactly as written; defanged links are understood.
    #[validate(length(min = 1))]
    #[schema(min_length = 1, max_length = 8192)]
    locator: String,
    /// What it is; `url` unless said.
    #[serde(default = "url")]
    #[schema(schema_with = wire::item_kind)]
    kind: ItemKind,
    /// The day on which the mail was sent, in your own time.
    #[serde(deserialize_with = "day")]
    #[schema(value_type = String, format = Date)]
    sent_on: NaiveDate,
    /// The instant, if your list has one; of that day, give or take a time zone.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Instant, required = false)]
    sent_at: Option<Instant>,
    /// Who was asked: an identifier of this exchange, a host, or the name that you use. Needed for a plain name without a host.
    #[validate(length(min = 1, max = 200), custom(function = "rules::one_line"))]
    #[schema(min_length = 1, max_length = 200)]
    platform: Option<String>,
    /// Your own file number.
    #[validate(length(min = 1, max = 100), custom(function = "rules::one_line"))]
    #[schema(min_length = 1, max_length = 100)]
    agency_reference: Option<String>,
    /// `referral` or `order`, if your list says so.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(schema_with = wire::request_kind, required = false)]
    asked: Option<Kind>,
    /// The power, in your own words.
    #[validate(length(min = 1, max = 200), custom(function = "rules::one_line"))]
    #[schema(min_length = 1, max_length = 200)]
    legal_basis: Option<String>,
    /// The grounds, in your own words.
    #[serde(default)]
    #[validate(length(max = 20), custom(function = "grounds"))]
    #[schema(max_items = 20, required = false)]
    grounds: Vec<String>,
    /// What became of it; left out when you know of no answer.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(schema_with = wire::outcome_code, required = false)]
    outcome: Option<OutcomeCode>,
    /// The day of the answer.
    #[serde(
        default,
        deserialize_with = "answered",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = String, format = Date, required = false)]
    answered_on: Option<NaiveDate>,
    /// Whatever else your list says.
    #[validate(length(min = 1, max = 4000), custom(function = "rules::plain"))]
    #[schema(min_length = 1, max_length = 4000)]
    note: Option<String>,
    /// Language of the mail.
    #[schema(schema_with = wire::language_or_null, required = false)]
    language: Option<Language>,
    /// Where it stands.
    #[validate(nested)]
    source: NewImportSource,
}

/// Where a row stands in your own list, so that anybody who has the file finds it there.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewImportSource {
    /// The name of the file, without its folder.
    #[validate(length(min = 1, max = 255), custom(function = "rules::one_line"))]
    #[schema(min_length = 1, max_length = 255)]
    file: String,
    /// SHA-256 of the file, as 64 hexadecimal digits in lower case.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    sha256: Digest,
    /// The sheet in it.
    #[validate(length(min = 1, max = 255), custom(function = "rules::one_line"))]
    #[schema(min_length = 1, max_length = 255)]
    sheet: Option<String>,
    /// The row, as a spreadsheet numbers it, from 1.
    #[validate(range(min = 1, max = 100_000_000))]
    #[schema(minimum = 1, maximum = 100_000_000)]
    row: u32,
}

fn url() -> ItemKind {
    ItemKind::Url
}

fn grounds(grounds: &[String]) -> Result<(), ValidationError> {
    for ground in grounds {
        if ground.is_empty() || ground.chars().count() > 100 {
            let says = "each must have 1 to 100 characters";
            return Err(ValidationError::new("grounds").with_message(says.into()));
        }
        rules::one_line(ground)?;
    }
    Ok(())
}

fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveDate, D::Error> {
    let text = String::deserialize(deserializer)?;
    let parsed = (text.len() == 10).then(|| text.parse().ok()).flatten();
    parsed.ok_or_else(|| serde::de::Error::custom("must be a day such as 2019-05-02"))
}

fn answered<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<NaiveDate>, D::Error> {
    day(deserializer).map(Some)
}

impl TryFrom<NewImport> for NewRecord {
    type Error = Error;

    fn try_from(new: NewImport) -> Result<Self, Error> {
        let locator = Locator::parse(new.kind, &new.locator)
            .map_err(|why| Error::Invalid(vec![FieldError::new("/locator", why.to_string())]))?;
        Ok(Self {
            locator,
            platform: new.platform,
            agency_reference: new.agency_reference,
            facts: Facts {
                sent_on: new.sent_on,
                sent_at: new.sent_at.map(|at| at.0),
                asked: new.asked,
                legal_basis: new.legal_basis,
                grounds: new.grounds,
                outcome: new.outcome,
                answered_on: new.answered_on,
                note: new.note,
                language: new.language,
            },
            source: SourceRow {
                file: new.source.file,
                digest: new.source.sha256,
                sheet: new.source.sheet,
                row: new.source.row,
            },
        })
    }
}
