//! Values as they stand on the wire, where the core's own writing is not enough for a schema.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use takedown_core::time::{At, parse_rfc3339, rfc3339};
use utoipa::openapi::schema::{
    ArrayBuilder, ObjectBuilder, OneOfBuilder, Ref, Schema, SchemaType, Type,
};
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

/// Closed lists of words, for requests. Each is a schema of its own, so that a generated client has one type for it wherever
/// it stands. Answers use open strings instead, so that a word that is added later breaks no generated client.
macro_rules! words {
    ($($name:ident $schema:literal $type:ty, $says:literal;)+) => {
        $(
            #[doc = concat!("Reference to the words of `", stringify!($type), "`.")]
            #[must_use]
            pub fn $name() -> RefOr<Schema> {
                refer($schema, $says)
            }
        )+

        /// The schemas that the functions above refer to, by name.
        #[must_use]
        pub fn words() -> Vec<(&'static str, Schema)> {
            vec![
                $(($schema, closed($says, <$type>::ALL.iter().map(|word| word.as_str()))),)+
                ("DeliveryStatus", closed(DELIVERY, ["pending", "gathered", "sent", "failed", "dropped"].into_iter())),
                ("WebhookDeliveryStatus", closed(MESSAGE, ["pending", "delivered", "failed"].into_iter())),
            ]
        }
    };
}

words! {
    item_kind "ItemKind" takedown_core::locator::ItemKind, "What kind of thing it is; `url` unless said.";
    request_kind "RequestKind" takedown_core::instrument::Kind, "Whether something was asked or, as claimed, ordered.";
    outcome_code "OutcomeCode" takedown_core::request::OutcomeCode, "What became of it.";
    basis "Basis" takedown_core::request::Basis, "On which basis: the law you were pointed to, or your own terms.";
    uploader_informed "UploaderInformed" takedown_core::request::UploaderInformed,
        "Whether whoever put it there was told; `not_possible` unless said, as on a site without accounts.";
    service_method "ServiceMethod" takedown_core::instrument::ServiceMethod, "How it was served.";
    obstacle "Obstacle" takedown_core::instrument::Obstacle, "For `obstacle`: which (Regulation (EU) 2021/784, Annex III).";
    withdrawal_reason "WithdrawalReason" takedown_core::request::WithdrawalReason, "Why it is taken back.";
    erasure_reason "ErasureReason" takedown_core::retention::ErasureReason, "Why what a request was about is destroyed before its time.";
    reopen_reason "ReopenReason" takedown_core::request::ReopenReason, "Why it is opened again.";
    revision_reason "RevisionReason" takedown_core::request::RevisionReason,
        "Why other outcomes take the place of those that were given; also after the closing.";
    objection_outcome "ObjectionOutcome" takedown_core::objection::ObjectionOutcome, "How an objection is answered.";
    confidence "Confidence" takedown_core::request::Confidence,
        "How sure it is. `suspected_decoy` asks the platform to wait rather than to remove; a referral only.";
    item_restoration "Restoration" takedown_core::request::ItemRestoration, "How it stands with putting things back.";
    form_language "FormLanguage" takedown_core::form::FormLanguage, "A language that forms are printed in.";
    preservation_status "PreservationStatus" takedown_core::preservation::PreservationStatus,
        "How it stands with keeping what was removed.";
    status "RequestStatus" takedown_core::request::Status, "Where a request stands.";
    agency_type "AgencyType" takedown_core::agency::AgencyType, "What kind of authority it is.";
    verification_method "VerificationMethod" takedown_core::agency::VerificationMethod, "How the operator found out.";
    standing "Standing" takedown_core::platform::Standing,
        "How well it is known; `sighted` unless said when it is registered. `claimed` and `active` follow from a verification.";
    size_class "SizeClass" takedown_core::platform::SizeClass, "How large it is; `micro` unless said when it is registered.";
    pace "MailPace" takedown_core::platform::Pace,
        "`at_once`; gathered into one mail at the full hour or once a day; `never`: the inbox is read instead.";
    day "DayOfWeek" takedown_core::platform::Day, "A day of the week.";
    control_method "ControlMethod" takedown_core::platform::ControlMethod,
        "By a TXT record, by a file under `/.well-known/`, or in another way that the note tells.";
    claim_status "ClaimStatus" takedown_core::claim::ClaimStatus,
        "Whether the proof is looked for, was there, or was there while a client acts for the platform already.";
    target_role "TargetRole" takedown_core::operation::TargetRole,
        "The part that the target of the request plays: the site itself, its host, its registrar, an account that promotes it.";
    membership "Membership" takedown_core::operation::Membership, "How an agency stands to an operation.";
    requester "ScrutinyRequester" takedown_core::oversight::Requester,
        "Who asks: the platform itself, or whoever put the material there, through the platform.";
    finding "ScrutinyFinding" takedown_core::oversight::Finding,
        "`infringement`: the order seriously or manifestly infringes the law or fundamental rights, and ceases to have effect.";
    final_how "FinalHow" takedown_core::oversight::FinalHow,
        "Nobody appealed in time, or it was confirmed on appeal.";
    seen_as "SeenAs" takedown_core::sighting::SeenAs, "Whether it was said where to go, or was there.";
    moved "Moved" takedown_core::sighting::Moved, "What moved: the material itself, or those who read it.";
    sighting_confidence "SightingConfidence" takedown_core::sighting::Confidence, "How sure you are that this is where it moved.";
    sighting_state "SightingState" takedown_core::sighting::SightingState, "Whether a request follows it.";
    contact_source "ContactSource" takedown_core::sighting::ContactSource,
        "Where the address was found: `abuse@` (RFC 2142), `security.txt` (RFC 9116), RDAP or WHOIS (RFC 9082, RFC 3912), the site itself.";
    file_format "FileFormat" takedown_core::export::FileFormat,
        "`ndjson`: JSON Lines. `csv`, `xlsx`: for spreadsheets, in which no cell can act. `parquet`: for programs that compute, every column with its type. `package`: the rows with the entries of the history that prove them, checked offline.";
    webhook_status "WebhookStatus" takedown_core::webhook::WebhookStatus, "Whether a webhook is told of events.";
    scope "Scope" takedown_core::policy::Scope, "What a token may be used for.";
}

const DELIVERY: &str =
    "Where a mail stands; those that did not arrive, `pending` and `failed`, unless said.";

/// Reference to where a delivery stands.
#[must_use]
pub fn delivery_status() -> RefOr<Schema> {
    refer("DeliveryStatus", DELIVERY)
}

const MESSAGE: &str = "Where a message of a webhook stands; all unless said.";

/// Reference to where a message of a webhook stands.
#[must_use]
pub fn webhook_delivery_status() -> RefOr<Schema> {
    refer("WebhookDeliveryStatus", MESSAGE)
}

fn refer(schema: &str, says: &str) -> RefOr<Schema> {
    let mut reference = Ref::from_schema_name(schema);
    reference.description = says.to_owned();
    reference.into()
}

fn closed<'a>(says: &str, words: impl Iterator<Item = &'a str>) -> Schema {
    ObjectBuilder::new()
        .schema_type(SchemaType::new(Type::String))
        .description(Some(says))
        .enum_values(Some(words.map(str::to_owned).collect::<Vec<_>>()))
        .into()
}

/// A member that may be left out may be `null` as well.
fn text_or_null() -> SchemaType {
    SchemaType::from_iter([Type::String, Type::Null])
}

fn or_null(words: RefOr<Schema>) -> Schema {
    OneOfBuilder::new()
        .item(words)
        .item(ObjectBuilder::new().schema_type(Type::Null))
        .into()
}

/// Schema of an obstacle, or none.
#[must_use]
pub fn obstacle_or_null() -> Schema {
    or_null(obstacle())
}

/// Schema of a reason for a revision, or none.
#[must_use]
pub fn revision_reason_or_null() -> Schema {
    or_null(revision_reason())
}

/// Schema of the part of a request's target in an operation, or none.
#[must_use]
pub fn target_role_or_null() -> Schema {
    or_null(target_role())
}

/// Schema of a list of scopes, or none.
#[must_use]
pub fn scopes_or_null() -> Schema {
    ArrayBuilder::new()
        .schema_type(SchemaType::from_iter([Type::Array, Type::Null]))
        .description(Some(
            "What it may ask for at the token endpoint; everything its role can use unless said.",
        ))
        .items(scope())
        .min_items(Some(1))
        .max_items(Some(20))
        .into()
}

/// Schema of a list of days of the week.
#[must_use]
pub fn days() -> Schema {
    ArrayBuilder::new()
        .description(Some("On which days it begins; on each unless said."))
        .items(day())
        .max_items(Some(7))
        .into()
}

/// Schema of a list of SHA-256 digests.
#[must_use]
pub fn sha256s() -> Schema {
    let digest = ObjectBuilder::new()
        .schema_type(SchemaType::new(Type::String))
        .pattern(Some("^[0-9A-Fa-f]{64}$"));
    ArrayBuilder::new()
        .description(Some(
            "SHA-256 (FIPS 180-4) of files, each as 64 hexadecimal digits.",
        ))
        .items(RefOr::T(Schema::from(digest.build())))
        .min_items(Some(1))
        .max_items(Some(1_000))
        .into()
}

fn country_of(schema_type: SchemaType) -> Schema {
    ObjectBuilder::new()
        .schema_type(schema_type)
        .pattern(Some("^[A-Z]{2}$"))
        .description(Some(
            "Whose authority, where it is established, or whose law: ISO 3166-1 alpha-2, upper case.",
        ))
        .examples(["PL"])
        .into()
}

/// Schema of a country: ISO 3166-1 alpha-2.
#[must_use]
pub fn country() -> Schema {
    country_of(SchemaType::new(Type::String))
}

/// Schema of a country, or none.
#[must_use]
pub fn country_or_null() -> Schema {
    country_of(text_or_null())
}

fn language_of(schema_type: SchemaType) -> Schema {
    ObjectBuilder::new()
        .schema_type(schema_type)
        .min_length(Some(2))
        .max_length(Some(35))
        .description(Some("Language tag of BCP 47, such as `ar` or `pt-BR`."))
        .examples(["en"])
        .into()
}

/// Schema of a language tag (BCP 47).
#[must_use]
pub fn language() -> Schema {
    language_of(SchemaType::new(Type::String))
}

/// Schema of a language tag, or none.
#[must_use]
pub fn language_or_null() -> Schema {
    language_of(text_or_null())
}
