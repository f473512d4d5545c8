//! What a platform adds, as it stands on the wire: the names are the database's own.

use serde::{Deserialize, Serialize};
use takedown_core::statement::{self as core, Additions};
use utoipa::ToSchema;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema, SchemaType, Type};
use validator::Validate;

/// What only the platform knows. Everything may be left out; what is then missing is named. The platform writes the
/// texts itself: they are published, and no personal data may be in them (Regulation (EU) 2022/2065, Article 24(5)).
#[derive(Debug, Clone, Default, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "content_type": ["CONTENT_TYPE_TEXT"],
    "content_date": "2026-11-20",
    "incompatible_content_ground": "Terms of use, section 4",
    "incompatible_content_explanation": "The text calls for violence, which the terms do not allow.",
    "decision_facts": "A notification named the page. It was read and removed.",
    "automated_detection": "No",
    "automated_decision": "AUTOMATED_DECISION_NOT_AUTOMATED",
    "recipient_contact_known": true
}))]
pub struct NewStatement {
    /// What was done to how the content is seen. Follows from the outcome, except for `restricted`.
    #[schema(schema_with = decision_visibility, required = false)]
    pub decision_visibility: Option<Vec<String>>,
    /// What `DECISION_VISIBILITY_OTHER` stands for.
    #[schema(max_length = 500)]
    pub decision_visibility_other: Option<String>,
    /// What was done to payments besides.
    #[schema(schema_with = decision_monetary, required = false)]
    pub decision_monetary: Option<String>,
    /// What `DECISION_MONETARY_OTHER` stands for.
    #[schema(max_length = 500)]
    pub decision_monetary_other: Option<String>,
    /// What was done to the service besides.
    #[schema(schema_with = decision_provision, required = false)]
    pub decision_provision: Option<String>,
    /// What was done to the account; needed for the outcome `account_suspended`.
    #[schema(schema_with = decision_account, required = false)]
    pub decision_account: Option<String>,
    /// Whose account.
    #[schema(schema_with = account_type, required = false)]
    pub account_type: Option<String>,
    /// Where the law or the clause can be read.
    #[schema(max_length = 500)]
    pub decision_ground_reference_url: Option<String>,
    /// The provision, for a decision on the basis of the law; what the request's grounds cite unless said.
    #[schema(max_length = 500)]
    pub illegal_content_legal_ground: Option<String>,
    /// Why the content is illegal, in your own words; needed for a decision on the basis of the law.
    #[schema(max_length = 2000)]
    pub illegal_content_explanation: Option<String>,
    /// The clause of your terms; needed for a decision on the basis of your terms.
    #[schema(max_length = 500)]
    pub incompatible_content_ground: Option<String>,
    /// Why the content breaks it, in your own words; needed with the clause.
    #[schema(max_length = 2000)]
    pub incompatible_content_explanation: Option<String>,
    /// Whether you hold it to be illegal, too.
    #[schema(schema_with = incompatible_content_illegal, required = false)]
    pub incompatible_content_illegal: Option<String>,
    /// What kind of content it was. Needed.
    #[schema(schema_with = content_type, required = false)]
    pub content_type: Option<Vec<String>>,
    /// What `CONTENT_TYPE_OTHER` stands for.
    #[schema(max_length = 500)]
    pub content_type_other: Option<String>,
    /// The category; follows from the request's grounds unless said.
    #[schema(schema_with = category, required = false)]
    pub category: Option<String>,
    /// Further categories.
    #[schema(schema_with = category_addition, required = false)]
    pub category_addition: Option<Vec<String>>,
    /// Keywords.
    #[schema(schema_with = category_specification, required = false)]
    pub category_specification: Option<Vec<String>>,
    /// What `KEYWORD_OTHER` stands for.
    #[schema(max_length = 500)]
    pub category_specification_other: Option<String>,
    /// An article number.
    pub content_id: Option<ContentId>,
    /// Where the measure holds, within the Union, Iceland, Liechtenstein and Norway; all of them unless said. Follows from a geo-block.
    #[schema(max_items = 30)]
    pub territorial_scope: Option<Vec<String>>,
    /// Language of the content, ISO 639-1; the item's unless said.
    #[schema(max_length = 2)]
    pub content_language: Option<String>,
    /// The day on which the content was posted. Needed.
    #[schema(format = Date)]
    pub content_date: Option<String>,
    /// The day on which that restriction ends; none: it has no end.
    #[schema(format = Date)]
    pub end_date_visibility_restriction: Option<String>,
    /// The day on which that restriction ends.
    #[schema(format = Date)]
    pub end_date_monetary_restriction: Option<String>,
    /// The day on which that restriction ends.
    #[schema(format = Date)]
    pub end_date_service_restriction: Option<String>,
    /// The day on which that restriction ends.
    #[schema(format = Date)]
    pub end_date_account_restriction: Option<String>,
    /// The facts that you relied on, in your own words, without naming anybody. Needed.
    #[schema(max_length = 5000)]
    pub decision_facts: Option<String>,
    /// What the decision was taken on; follows from the instrument unless said.
    #[schema(schema_with = source_type, required = false)]
    pub source_type: Option<String>,
    /// Who notified, where that is strictly necessary (Article 17(3)(b)); never a person.
    #[schema(max_length = 500)]
    pub source_identity: Option<String>,
    /// Whether it was found by automated means. Needed.
    #[schema(schema_with = automated_detection, required = false)]
    pub automated_detection: Option<String>,
    /// How far the decision was automated. Needed.
    #[schema(schema_with = automated_decision, required = false)]
    pub automated_decision: Option<String>,
    /// Whether the uploader's electronic contact details are known (Article 17(2)); what the outcome says unless said.
    pub recipient_contact_known: Option<bool>,
    /// Whether your service is offered in the Union (Article 2(1)); needed when you are established outside it.
    pub offered_in_union: Option<bool>,
}

/// An identifier of the content.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = StatementContentId)]
pub struct ContentId {
    /// 13 digits.
    #[serde(rename = "EAN-13")]
    #[schema(pattern = "^[0-9]{13}$")]
    pub ean_13: String,
}

impl NewStatement {
    /// As the core reads it, with what is common to several where this one says nothing.
    pub fn additions(self, common: &Self) -> Additions {
        let Self {
            decision_visibility,
            decision_visibility_other,
            decision_monetary,
            decision_monetary_other,
            decision_provision,
            decision_account,
            account_type,
            decision_ground_reference_url,
            illegal_content_legal_ground,
            illegal_content_explanation,
            incompatible_content_ground,
            incompatible_content_explanation,
            incompatible_content_illegal,
            content_type,
            content_type_other,
            category,
            category_addition,
            category_specification,
            category_specification_other,
            content_id,
            territorial_scope,
            content_language,
            content_date,
            end_date_visibility_restriction,
            end_date_monetary_restriction,
            end_date_service_restriction,
            end_date_account_restriction,
            decision_facts,
            source_type,
            source_identity,
            automated_detection,
            automated_decision,
            recipient_contact_known,
            offered_in_union,
        } = self;
        let common = common.clone();
        Additions {
            decision_visibility: decision_visibility.or(common.decision_visibility),
            decision_visibility_other: decision_visibility_other
                .or(common.decision_visibility_other),
            decision_monetary: decision_monetary.or(common.decision_monetary),
            decision_monetary_other: decision_monetary_other.or(common.decision_monetary_other),
            decision_provision: decision_provision.or(common.decision_provision),
            decision_account: decision_account.or(common.decision_account),
            account_type: account_type.or(common.account_type),
            decision_ground_reference_url: decision_ground_reference_url
                .or(common.decision_ground_reference_url),
            illegal_content_legal_ground: illegal_content_legal_ground
                .or(common.illegal_content_legal_ground),
            illegal_content_explanation: illegal_content_explanation
                .or(common.illegal_content_explanation),
            incompatible_content_ground: incompatible_content_ground
                .or(common.incompatible_content_ground),
            incompatible_content_explanation: incompatible_content_explanation
                .or(common.incompatible_content_explanation),
            incompatible_content_illegal: incompatible_content_illegal
                .or(common.incompatible_content_illegal),
            content_type: content_type.or(common.content_type),
            content_type_other: content_type_other.or(common.content_type_other),
            category: category.or(common.category),
            category_addition: category_addition.or(common.category_addition),
            category_specification: category_specification.or(common.category_specification),
            category_specification_other: category_specification_other
                .or(common.category_specification_other),
            content_id: content_id.or(common.content_id).map(|id| id.ean_13),
            territorial_scope: territorial_scope.or(common.territorial_scope),
            content_language: content_language.or(common.content_language),
            content_date: content_date.or(common.content_date),
            end_date_visibility_restriction: end_date_visibility_restriction
                .or(common.end_date_visibility_restriction),
            end_date_monetary_restriction: end_date_monetary_restriction
                .or(common.end_date_monetary_restriction),
            end_date_service_restriction: end_date_service_restriction
                .or(common.end_date_service_restriction),
            end_date_account_restriction: end_date_account_restriction
                .or(common.end_date_account_restriction),
            decision_facts: decision_facts.or(common.decision_facts),
            source_type: source_type.or(common.source_type),
            source_identity: source_identity.or(common.source_identity),
            automated_detection: automated_detection.or(common.automated_detection),
            automated_decision: automated_decision.or(common.automated_decision),
            recipient_contact_known: recipient_contact_known.or(common.recipient_contact_known),
            offered_in_union: offered_in_union.or(common.offered_in_union),
        }
    }
}

fn word(codes: &[&str], says: &str) -> Schema {
    let words = codes.iter().map(|code| serde_json::Value::from(*code));
    ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
        .description(Some(says))
        .enum_values(Some(
            words.chain([serde_json::Value::Null]).collect::<Vec<_>>(),
        ))
        .into()
}

fn list(codes: &[&str], says: &str) -> Schema {
    let one = ObjectBuilder::new()
        .schema_type(SchemaType::new(Type::String))
        .enum_values(Some(codes.to_vec()));
    ArrayBuilder::new()
        .schema_type(SchemaType::from_iter([Type::Array, Type::Null]))
        .description(Some(says))
        .items(one)
        .max_items(Some(codes.len()))
        .into()
}

/// The schema of each field that takes words of a closed list.
macro_rules! closed {
    ($($name:ident => $shape:ident, $of:path, $says:literal;)+) => {
        $(fn $name() -> Schema { $shape(<$of>::CODES, $says) })+
    };
}

closed! {
    decision_monetary => word, core::Monetary,
        "What was done to payments besides.";
    decision_provision => word, core::Provision,
        "What was done to the service besides.";
    decision_account => word, core::Account,
        "What was done to the account; needed for the outcome `account_suspended`.";
    account_type => word, core::AccountType,
        "Whose account.";
    incompatible_content_illegal => word, core::YesNo,
        "Whether you hold it to be illegal, too.";
    category => word, core::Category,
        "The category; follows from the request's grounds unless said.";
    source_type => word, core::SourceType,
        "What the decision was taken on; follows from the instrument unless said.";
    automated_detection => word, core::YesNo,
        "Whether it was found by automated means. Needed.";
    automated_decision => word, core::AutomatedDecision,
        "How far the decision was automated. Needed.";
    decision_visibility => list, core::Visibility,
        "What was done to how the content is seen. Follows from the outcome, except for `restricted`.";
    content_type => list, core::ContentType,
        "What kind of content it was. Needed.";
    category_addition => list, core::Category,
        "Further categories.";
    category_specification => list, core::Keyword,
        "Keywords.";
}
