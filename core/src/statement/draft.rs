//! From a decision and what the platform adds to a statement.

mod measures;

use std::collections::BTreeSet;

use super::case::{ARTICLE_16, Due};
use super::reader::{Additions, Problem, Reader};
use super::sorting::sorted;
use super::value::{
    ContentLanguage, Day, Ean13, Fault, Puid, TerritorialScope, WebAddress, january, refusal,
};
use super::wire::Fields;
use super::{Case, Content, Keyword, Making, NotDue, Sorting, SourceType, Statement};
use crate::request::{Basis, OutcomeCode};
use crate::text::Country;

/// A statement in the making.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What stands already, as the database reads it.
    pub fields: Fields,
    /// What is missing or wrong; empty exactly when there is a statement.
    pub problems: Vec<Problem>,
    /// The statement.
    pub statement: Option<Statement>,
}

/// Puts a statement together as far as it goes.
///
/// # Errors
/// [`NotDue`] when there is nothing to state, with the article.
pub fn draft(case: &Case, given: &Additions) -> Result<Draft, NotDue> {
    let due = case.due(given.recipient_contact_known, given.offered_in_union)?;
    let mut maker = Maker {
        due,
        given,
        reader: Reader::default(),
    };
    if !case.in_union() && given.offered_in_union.is_none() {
        maker.reader.missing(
            "offered_in_union",
            "the platform is not known to be established in the Union: say whether its service is offered there (Regulation (EU) 2022/2065, Article 2(1))",
        );
    }
    let (measures, ground) = (maker.measures(), maker.ground());
    let (reference_url, sorting) = (maker.reference_url(), maker.sorting());
    let (content, scope) = (maker.content(), maker.scope());
    let (application_date, making) = (maker.application_date(), maker.making());
    let puid = Puid::of(due.decision);

    let mut fields = Fields::default();
    measures.iter().for_each(|m| fields.measures(m));
    ground.iter().for_each(|g| fields.ground(g));
    sorting.iter().for_each(|s| fields.sorting(s));
    content.iter().for_each(|c| fields.content(c));
    making.iter().for_each(|m| fields.making(m));
    fields.rest(
        scope.as_ref(),
        application_date,
        reference_url.as_ref(),
        puid,
    );
    maker.derived(&mut fields);

    let problems = maker.reader.problems;
    let whole = (
        measures,
        ground,
        sorting,
        content,
        scope,
        application_date,
        making,
    );
    let statement = match whole {
        (
            Some(measures),
            Some(ground),
            Some(sorting),
            Some(content),
            Some(scope),
            Some(application_date),
            Some(making),
        ) if problems.is_empty() => Some(Statement {
            measures,
            ground,
            reference_url,
            sorting,
            content,
            scope,
            application_date,
            making,
            puid,
        }),
        _ => None,
    };
    Ok(Draft {
        fields,
        problems,
        statement,
    })
}

struct Maker<'a> {
    due: Due<'a>,
    given: &'a Additions,
    reader: Reader,
}

const FOLLOWS: &str = "follows from the outcome that you recorded";

impl Maker<'_> {
    fn reference_url(&mut self) -> Option<WebAddress> {
        let given = self.given.decision_ground_reference_url.as_deref()?;
        self.reader
            .kept("decision_ground_reference_url", WebAddress::read(given))
    }

    fn sorting(&mut self) -> Option<Sorting> {
        let given = self.given;
        let grounds = &self.due.case.grounds;
        let derived: Vec<_> = grounds
            .iter()
            .filter_map(|(code, _)| sorted(code))
            .collect();
        let own = given.category.is_some();
        let category = match (own, derived.first()) {
            (true, _) => self.reader.word("category", &given.category),
            (false, Some((category, _))) => Some(*category),
            (false, None) => {
                self.reader.missing(
                    "category",
                    "the grounds of the request lead to no category of the database; name one",
                );
                None
            }
        };
        let mut further = match &given.category_addition {
            Some(_) => self
                .reader
                .list("category_addition", &given.category_addition),
            None if own => Some(BTreeSet::new()),
            None => Some(derived.iter().map(|(category, _)| *category).collect()),
        };
        let keywords = match &given.category_specification {
            Some(_) => self
                .reader
                .list("category_specification", &given.category_specification),
            None if own => Some(BTreeSet::new()),
            None => Some(derived.iter().filter_map(|(_, keyword)| *keyword).collect()),
        };
        let other = &given.category_specification_other;
        let keyword_other = self.reader.words("category_specification_other", other);
        if other.is_some() && !keywords.iter().flatten().any(|k| *k == Keyword::Other) {
            let why = "belongs to KEYWORD_OTHER in category_specification";
            self.reader
                .unwanted("category_specification_other", other, why);
        }
        if let (Some(further), Some(category)) = (&mut further, category) {
            further.remove(&category);
        }
        Some(Sorting {
            category: category?,
            further: further?,
            keywords: keywords?,
            keyword_other,
        })
    }

    fn content(&mut self) -> Option<Content> {
        let given = self.given;
        if given.content_type.as_ref().is_none_or(Vec::is_empty) {
            self.reader
                .missing("content_type", "say what kind of content it was");
        }
        let types = self.reader.list("content_type", &given.content_type);
        let types = self
            .reader
            .chosen("content_type_other", types, &given.content_type_other);
        let id = given
            .content_id
            .as_deref()
            .and_then(|id| self.reader.kept("content_id", Ean13::read(id)));
        let language = match given.content_language.as_deref() {
            Some(code) => self
                .reader
                .kept("content_language", ContentLanguage::read(code)),
            None => self
                .due
                .case
                .language
                .as_ref()
                .and_then(ContentLanguage::of),
        };
        if given.content_date.as_ref().is_none_or(String::is_empty) {
            self.reader
                .missing("content_date", "say when the content was posted");
        }
        let date = self.reader.day(
            "content_date",
            &given.content_date,
            january(2000),
            january(2038),
        );
        Some(Content {
            types: types?,
            id,
            language,
            date: date?,
        })
    }

    fn scope(&mut self) -> Option<TerritorialScope> {
        let given = &self.given.territorial_scope;
        if self.due.outcome.code == OutcomeCode::GeoBlocked {
            self.reader.unwanted("territorial_scope", given, FOLLOWS);
            return TerritorialScope::of(&self.due.outcome.countries);
        }
        let Some(given) = given else {
            return Some(TerritorialScope::everywhere());
        };
        let read: Vec<Option<Country>> = given
            .iter()
            .map(|code| code.parse().ok().filter(|c| super::is_eea(*c)))
            .collect();
        let known: Option<Vec<Country>> = read.into_iter().collect();
        let scope = known.and_then(|countries| TerritorialScope::of(&countries));
        if scope.is_none() {
            let why = "takes one or more countries of the Union, or IS, LI, NO, by their ISO codes; Greece is GR";
            self.reader
                .note("territorial_scope", refusal(Fault::Unknown, why));
        }
        scope
    }

    fn application_date(&mut self) -> Option<Day> {
        let day = self.due.outcome.effective_at.date_naive();
        self.reader.kept(
            "application_date",
            Day::within(day, january(2020), january(9999)),
        )
    }

    fn making(&mut self) -> Option<Making> {
        let given = self.given;
        let facts = self.reader.needed_words(
            "decision_facts",
            &given.decision_facts,
            "say in your own words what you relied on, without naming anybody",
        );
        let source = self.source();
        let source_identity = self.reader.words("source_identity", &given.source_identity);
        let automated_detection = self.reader.needed_word(
            "automated_detection",
            &given.automated_detection,
            "say whether you found it by automated means: Yes or No",
        );
        let automated_decision = self.reader.needed_word(
            "automated_decision",
            &given.automated_decision,
            "say how far the decision was automated: AUTOMATED_DECISION_FULLY, …_PARTIALLY or …_NOT_AUTOMATED",
        );
        Some(Making {
            facts: facts?,
            source: source?,
            source_identity,
            automated_detection: automated_detection?,
            automated_decision: automated_decision?,
        })
    }

    /// A police referral judged by the terms, and an authority's order outside Article 9, are other notifications
    /// (the database's own guide); a notice that meets Article 16 is one by its instrument, or because the platform,
    /// having judged it by the law, says so.
    fn source(&mut self) -> Option<SourceType> {
        let case = self.due.case;
        let derived = if case.instrument == ARTICLE_16 {
            SourceType::Article16
        } else {
            SourceType::OtherNotification
        };
        if self.given.source_type.is_none() {
            return Some(derived);
        }
        let said: SourceType = self.reader.word("source_type", &self.given.source_type)?;
        let judged_by_terms = self.due.outcome.basis == Basis::Terms;
        let why = match said {
            _ if said == derived => return Some(said),
            SourceType::Voluntary => {
                "the platform was asked, so it did not act on its own initiative"
            }
            _ if case.is_order => {
                "an authority's order outside Article 9 is SOURCE_TYPE_OTHER_NOTIFICATION"
            }
            SourceType::Article16 if judged_by_terms => {
                "a referral that was judged by your terms is SOURCE_TYPE_OTHER_NOTIFICATION"
            }
            _ => return Some(said),
        };
        self.reader
            .note("source_type", refusal(Fault::NotWanted, why));
        None
    }

    /// What a draft shows although its group is not complete: all that follows from the decision itself.
    fn derived(&mut self, fields: &mut Fields) {
        let ground = match self.due.outcome.basis {
            Basis::Law => super::GroundKind::Illegal,
            Basis::Terms => super::GroundKind::Incompatible,
        };
        fields.decision_ground.get_or_insert(ground.as_str());
        let noted = self.reader.problems.len();
        if fields.source_type.is_none() {
            fields.source_type = self.source().map(|s| s.as_str());
        }
        if fields.illegal_content_legal_ground.is_none()
            && self.due.outcome.basis == Basis::Law
            && self.given.illegal_content_legal_ground.is_none()
        {
            fields.illegal_content_legal_ground = self.cited().map(|c| c.as_str().to_owned());
        }
        // Said once already.
        self.reader.problems.truncate(noted);
    }
}
