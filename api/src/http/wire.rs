//! Values as they stand on the wire, where the core's own writing is not enough for a schema.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use takedown_core::time::{At, parse_rfc3339, rfc3339};
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema, SchemaType, Type};
use utoipa::openapi::{KnownFormat, RefOr, SchemaFormat};
use utoipa::{PartialSchema, ToSchema};

/// An instant: RFC 3339 in UTC with milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instant(pub At);

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&rfc3339(self.0))
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse_rfc3339(&text)
            .map(Self)
            .map_err(serde::de::Error::custom)
    }
}

impl PartialSchema for Instant {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::new(Type::String))
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .examples(["2026-11-22T09:30:00.000Z"])
            .into()
    }
}

impl ToSchema for Instant {}

/// A closed list of words, for requests. Answers use open strings instead, so that a word that is added later breaks
/// no generated client.
macro_rules! words {
    ($($name:ident => $type:ty;)+) => {
        $(
            #[doc = concat!("Schema of the words of `", stringify!($type), "`.")]
            #[must_use]
            pub fn $name() -> Schema {
                closed(<$type>::ALL.iter().map(|word| word.as_str()))
            }
        )+
    };
}

words! {
    item_kind => takedown_core::locator::ItemKind;
    outcome_code => takedown_core::request::OutcomeCode;
    basis => takedown_core::request::Basis;
    uploader_informed => takedown_core::request::UploaderInformed;
    obstacle => takedown_core::instrument::Obstacle;
    service_method => takedown_core::instrument::ServiceMethod;
    withdrawal_reason => takedown_core::request::WithdrawalReason;
    reopen_reason => takedown_core::request::ReopenReason;
    status => takedown_core::request::Status;
    agency_type => takedown_core::agency::AgencyType;
    verification_method => takedown_core::agency::VerificationMethod;
    standing => takedown_core::platform::Standing;
    size_class => takedown_core::platform::SizeClass;
    control_method => takedown_core::platform::ControlMethod;
    scope => takedown_core::policy::Scope;
}

fn closed<'a>(words: impl Iterator<Item = &'a str>) -> Schema {
    ObjectBuilder::new()
        .schema_type(SchemaType::new(Type::String))
        .enum_values(Some(words.map(str::to_owned).collect::<Vec<_>>()))
        .into()
}

/// Schema of where a delivery stands.
#[must_use]
pub fn delivery_status() -> Schema {
    closed(["pending", "sent", "failed"].into_iter())
}

/// Schema of a list of scopes.
#[must_use]
pub fn scopes() -> Schema {
    ArrayBuilder::new()
        .items(RefOr::T(scope()))
        .min_items(Some(1))
        .max_items(Some(20))
        .into()
}

/// Schema of a country: ISO 3166-1 alpha-2.
#[must_use]
pub fn country() -> Schema {
    ObjectBuilder::new()
        .schema_type(SchemaType::new(Type::String))
        .pattern(Some("^[A-Z]{2}$"))
        .description(Some("ISO 3166-1 alpha-2, upper case."))
        .examples(["PL"])
        .into()
}

/// Schema of a language tag (BCP 47).
#[must_use]
pub fn language() -> Schema {
    ObjectBuilder::new()
        .schema_type(SchemaType::new(Type::String))
        .min_length(Some(2))
        .max_length(Some(35))
        .description(Some("Language tag of BCP 47, such as `ar` or `pt-BR`."))
        .examples(["en"])
        .into()
}
