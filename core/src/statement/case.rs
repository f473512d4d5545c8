//! What a statement is about, and when none is due.

use thiserror::Error;

use crate::id::DecisionId;
use crate::platform::SizeClass;
use crate::request::{Outcome, OutcomeCode, UploaderInformed};
use crate::text::{Country, Language};
use crate::time::{At, rfc3339};

use super::value::{TerritorialScope, is_eea};

/// The instrument whose orders need no statement.
const ARTICLE_9: &str = "eu-dsa-art9-order";
/// The instrument that is a notice under Article 16, where the catalogue has one.
pub(super) const ARTICLE_16: &str = "eu-dsa-art16-notice";

/// A decision of a platform on one item, as far as a statement depends on it. No text that an agency wrote and no
/// place of content is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The claimed power, by its name in the catalogue.
    pub instrument: String,
    /// Whether it was an order, as claimed.
    pub is_order: bool,
    /// Codes of the grounds, with the texts of law that they stand for.
    pub grounds: Vec<(String, String)>,
    /// The item's language, as far as the agency said it.
    pub language: Option<Language>,
    /// The latest decision.
    pub decision: Option<(DecisionId, Outcome)>,
    /// Until when the uploader may not be told, and the article that says so.
    pub non_disclosure: Option<(At, String)>,
    /// Where the platform is established.
    pub platform_country: Option<Country>,
    /// How large it is.
    pub platform_size: SizeClass,
    /// Now.
    pub now: At,
}

/// Why no statement is due.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NotDue {
    /// Nothing was decided yet.
    #[error("nothing was decided on this item, so nothing was restricted")]
    Undecided,
    /// An order under Article 9.
    #[error(
        "the item was named by an order under Article 9, of which the authority informs; Article 17 does not apply to it"
    )]
    Article9Order,
    /// Nothing was done to the content.
    #[error("the outcome is {0}: nothing was restricted")]
    NoMeasure(OutcomeCode),
    /// The statement belongs to an earlier decision.
    #[error(
        "the outcome is duplicate: the statement belongs to the decision under the earlier request"
    )]
    Duplicate,
    /// The measure was undone.
    #[error("the measure was undone, so nothing is restricted any more")]
    Restored,
    /// There is nobody to whom a statement could go.
    #[error(
        "the uploader's electronic contact details are not known, as on a site without accounts. If they are, say recipient_contact_known"
    )]
    UploaderUnknown,
    /// Not now: the uploader may not be told yet.
    #[error("the uploader may not be told before {}; ask again afterwards", rfc3339(*.until))]
    NotYet {
        /// Until when.
        until: At,
        /// The article that says so.
        citation: String,
    },
    /// The measure holds outside the Union only.
    #[error("the measure holds in no country of the Union or the European Economic Area")]
    OutsideUnion,
    /// The service is not offered in the Union.
    #[error("the service is not offered in the Union")]
    NotOffered,
}

impl NotDue {
    /// The reason as a code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Undecided => "undecided",
            Self::Article9Order => "article_9_order",
            Self::NoMeasure(_) => "no_measure",
            Self::Duplicate => "duplicate",
            Self::Restored => "restored",
            Self::UploaderUnknown => "uploader_unknown",
            Self::NotYet { .. } => "not_yet",
            Self::OutsideUnion => "outside_union",
            Self::NotOffered => "not_offered",
        }
    }

    /// The article from which it follows.
    #[must_use]
    pub fn article(&self) -> String {
        let article = match self {
            Self::Undecided | Self::NoMeasure(_) | Self::Duplicate | Self::Restored => "17(1)",
            Self::Article9Order => "17(5)",
            Self::UploaderUnknown => "17(2)",
            Self::NotYet { citation, .. } => return citation.clone(),
            Self::OutsideUnion | Self::NotOffered => "2(1)",
        };
        format!("Regulation (EU) 2022/2065, Article {article}")
    }
}

/// A decision of which a statement is due.
#[derive(Debug, Clone, Copy)]
pub(super) struct Due<'a> {
    pub case: &'a Case,
    pub decision: DecisionId,
    pub outcome: &'a Outcome,
}

impl Case {
    /// Whether the platform is known to be established in the European Economic Area.
    pub(super) fn in_union(&self) -> bool {
        self.platform_country.is_some_and(is_eea)
    }

    /// Whether a statement is due, as far as the record and these two answers of the platform tell.
    ///
    /// `contact_known` overrides what the outcome says of the uploader; `offered` says whether the service is offered
    /// in the Union, where its own country does not.
    pub(super) fn due(
        &self,
        contact_known: Option<bool>,
        offered: Option<bool>,
    ) -> Result<Due<'_>, NotDue> {
        if self.instrument == ARTICLE_9 {
            return Err(NotDue::Article9Order);
        }
        let Some((decision, outcome)) = &self.decision else {
            return Err(NotDue::Undecided);
        };
        match outcome.code {
            OutcomeCode::Duplicate => return Err(NotDue::Duplicate),
            OutcomeCode::Restored => return Err(NotDue::Restored),
            code if !code.acted_on() => return Err(NotDue::NoMeasure(code)),
            OutcomeCode::GeoBlocked if TerritorialScope::of(&outcome.countries).is_none() => {
                return Err(NotDue::OutsideUnion);
            }
            _ => {}
        }
        if offered == Some(false) && !self.in_union() {
            return Err(NotDue::NotOffered);
        }
        if let Some((until, citation)) = &self.non_disclosure
            && *until > self.now
        {
            return Err(NotDue::NotYet {
                until: *until,
                citation: citation.clone(),
            });
        }
        let recorded = outcome.uploader_informed != UploaderInformed::NotPossible;
        if !contact_known.unwrap_or(recorded) {
            return Err(NotDue::UploaderUnknown);
        }
        Ok(Due {
            case: self,
            decision: *decision,
            outcome,
        })
    }

    /// Whether it has to be sent to the database: not by micro and small enterprises (Article 19(1)).
    #[must_use]
    pub const fn submission_exempt(&self) -> bool {
        matches!(self.platform_size, SizeClass::Micro | SizeClass::Small)
    }
}
