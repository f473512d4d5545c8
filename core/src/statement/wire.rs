//! The database's own writing.

use serde::{Serialize, Serializer};

use super::{Content, Ground, Making, Measures, Puid, Sorting, Statement, TerritorialScope};
use super::{Day, GroundKind, WebAddress};

/// A statement as the database reads it. In a draft what is missing or wrong is left out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[allow(missing_docs)]
pub struct Fields {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision_visibility: Option<Vec<&'static str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision_visibility_other: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision_monetary: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision_monetary_other: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision_provision: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision_account: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision_ground: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision_ground_reference_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub illegal_content_legal_ground: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub illegal_content_explanation: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incompatible_content_ground: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incompatible_content_explanation: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incompatible_content_illegal: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_type: Option<Vec<&'static str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_type_other: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category_addition: Option<Vec<&'static str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category_specification: Option<Vec<&'static str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category_specification_other: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_id: Option<ContentId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub territorial_scope: Option<Vec<&'static str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_language: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date_visibility_restriction: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date_monetary_restriction: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date_service_restriction: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date_account_restriction: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision_facts: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_identity: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub automated_detection: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub automated_decision: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub puid: Option<String>,
}

/// The identifier of content: the one key that the database knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ContentId {
    /// 13 digits.
    #[serde(rename = "EAN-13")]
    pub ean_13: String,
}

fn listed<T: Copy>(
    values: impl Iterator<Item = T>,
    word: fn(T) -> &'static str,
) -> Option<Vec<&'static str>> {
    let listed: Vec<_> = values.map(word).collect();
    (!listed.is_empty()).then_some(listed)
}

impl Fields {
    pub(super) fn measures(&mut self, measures: &Measures) {
        if let Some(visibility) = &measures.visibility {
            self.decision_visibility = listed(visibility.iter(), |v| v.as_str());
            self.decision_visibility_other = visibility.other().map(str::to_owned);
        }
        if let Some(monetary) = &measures.monetary {
            self.decision_monetary = monetary.iter().next().map(|m| m.as_str());
            self.decision_monetary_other = monetary.other().map(str::to_owned);
        }
        self.decision_provision = measures.provision.map(|p| p.as_str());
        self.decision_account = measures.account.map(|a| a.as_str());
        self.account_type = measures.account_type.map(|a| a.as_str());
        let day = |day: Option<Day>| day.map(|d| d.to_string());
        self.end_date_visibility_restriction = day(measures.ends.visibility);
        self.end_date_monetary_restriction = day(measures.ends.monetary);
        self.end_date_service_restriction = day(measures.ends.service);
        self.end_date_account_restriction = day(measures.ends.account);
    }

    pub(super) fn ground(&mut self, of: &Ground) {
        match of {
            Ground::Illegal {
                legal_ground,
                explanation,
            } => {
                self.decision_ground = Some(GroundKind::Illegal.as_str());
                self.illegal_content_legal_ground = Some(legal_ground.as_str().to_owned());
                self.illegal_content_explanation = Some(explanation.as_str().to_owned());
            }
            Ground::Incompatible {
                ground,
                explanation,
                illegal,
            } => {
                self.decision_ground = Some(GroundKind::Incompatible.as_str());
                self.incompatible_content_ground = Some(ground.as_str().to_owned());
                self.incompatible_content_explanation = Some(explanation.as_str().to_owned());
                self.incompatible_content_illegal = illegal.map(|i| i.as_str());
            }
        }
    }

    pub(super) fn sorting(&mut self, sorting: &Sorting) {
        self.category = Some(sorting.category.as_str());
        self.category_addition = listed(sorting.further.iter().copied(), |c| c.as_str());
        self.category_specification = listed(sorting.keywords.iter().copied(), |k| k.as_str());
        self.category_specification_other = sorting
            .keyword_other
            .as_ref()
            .map(|o| o.as_str().to_owned());
    }

    pub(super) fn content(&mut self, content: &Content) {
        self.content_type = listed(content.types.iter(), |t| t.as_str());
        self.content_type_other = content.types.other().map(str::to_owned);
        self.content_id = content.id.as_ref().map(|id| ContentId {
            ean_13: id.as_str().to_owned(),
        });
        self.content_language = content.language.as_ref().map(|l| l.as_str().to_owned());
        self.content_date = Some(content.date.to_string());
    }

    pub(super) fn making(&mut self, making: &Making) {
        self.decision_facts = Some(making.facts.as_str().to_owned());
        self.source_type = Some(making.source.as_str());
        self.source_identity = making
            .source_identity
            .as_ref()
            .map(|i| i.as_str().to_owned());
        self.automated_detection = Some(making.automated_detection.as_str());
        self.automated_decision = Some(making.automated_decision.as_str());
    }

    pub(super) fn rest(
        &mut self,
        scope: Option<&TerritorialScope>,
        application_date: Option<Day>,
        reference_url: Option<&WebAddress>,
        puid: Puid,
    ) {
        self.territorial_scope = scope.and_then(|s| listed(s.iter(), |c| c.as_str()));
        self.application_date = application_date.map(|d| d.to_string());
        self.decision_ground_reference_url = reference_url.map(|u| u.as_str().to_owned());
        self.puid = Some(puid.to_string());
    }
}

impl Statement {
    /// As the database reads it.
    #[must_use]
    pub fn fields(&self) -> Fields {
        let mut fields = Fields::default();
        fields.measures(&self.measures);
        fields.ground(&self.ground);
        fields.sorting(&self.sorting);
        fields.content(&self.content);
        fields.making(&self.making);
        fields.rest(
            Some(&self.scope),
            Some(self.application_date),
            self.reference_url.as_ref(),
            self.puid,
        );
        fields
    }
}

impl Serialize for Statement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.fields().serialize(serializer)
    }
}
