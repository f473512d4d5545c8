//! Every rule of the database's table, held against statements that were accepted, and each broken by name.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod table;

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Value, json};

use super::*;
use crate::platform::SizeClass;
use crate::request::{Basis, Outcome, OutcomeCode, UploaderInformed};
use crate::text::Country;
use crate::time::At;

fn at(text: &str) -> At {
    text.parse().unwrap()
}

fn country(code: &str) -> Country {
    code.parse().unwrap()
}

pub(super) fn case(code: OutcomeCode, basis: Basis) -> Case {
    let mut outcome = Outcome::new(
        code,
        basis,
        at("2026-03-14T23:30:00Z"),
        UploaderInformed::Yes,
    );
    if code == OutcomeCode::GeoBlocked {
        outcome.countries = vec![country("DE"), country("GB")];
    }
    Case {
        instrument: "referral".into(),
        is_order: false,
        grounds: vec![(
            "tco:a".into(),
            "Regulation (EU) 2021/784, Art 2(7)(a)".into(),
        )],
        language: Some("ar".parse().unwrap()),
        decision: Some(("dec_01kkr000000000000000000000".parse().unwrap(), outcome)),
        non_disclosure: None,
        platform_country: Some(country("DE")),
        platform_size: SizeClass::Micro,
        now: at("2026-03-15T00:00:00Z"),
    }
}

pub(super) fn additions(code: OutcomeCode, basis: Basis) -> Additions {
    let some = |text: &str| Some(text.to_owned());
    let mut given = Additions {
        content_type: Some(vec!["CONTENT_TYPE_TEXT".into()]),
        content_date: some("2026-03-01"),
        decision_facts: some("A notification named a paste; it was read by a person."),
        automated_detection: some("No"),
        automated_decision: some("AUTOMATED_DECISION_NOT_AUTOMATED"),
        ..Additions::default()
    };
    match basis {
        Basis::Law => given.illegal_content_explanation = some("It calls for attacks."),
        Basis::Terms => {
            given.incompatible_content_ground = some("Terms, section 4");
            given.incompatible_content_explanation = some("Calls for violence are not allowed.");
        }
    }
    match code {
        OutcomeCode::Restricted => {
            given.decision_visibility =
                Some(vec!["DECISION_VISIBILITY_CONTENT_AGE_RESTRICTED".into()]);
        }
        OutcomeCode::AccountSuspended => {
            given.decision_account = some("DECISION_ACCOUNT_SUSPENDED");
        }
        _ => {}
    }
    given
}

fn accepted(case: &Case, given: &Additions) -> Value {
    let draft = draft(case, given).unwrap();
    assert_eq!(draft.problems, []);
    let statement = draft.statement.unwrap();
    assert_eq!(statement.fields(), draft.fields);
    serde_json::to_value(statement).unwrap()
}

#[test]
fn a_removed_link_judged_by_the_terms() {
    let (code, basis) = (OutcomeCode::Removed, Basis::Terms);
    let everywhere =
        serde_json::to_value(TerritorialScope::everywhere().iter().collect::<Vec<_>>()).unwrap();
    assert_eq!(everywhere.as_array().unwrap().len(), 30);
    assert_eq!(
        accepted(&case(code, basis), &additions(code, basis)),
        json!({
            "decision_visibility": ["DECISION_VISIBILITY_CONTENT_REMOVED"],
            "decision_ground": "DECISION_GROUND_INCOMPATIBLE_CONTENT",
            "incompatible_content_ground": "Terms, section 4",
            "incompatible_content_explanation": "Calls for violence are not allowed.",
            "content_type": ["CONTENT_TYPE_TEXT"],
            "category": "STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY",
            "category_specification": ["KEYWORD_TERRORIST_CONTENT"],
            "territorial_scope": everywhere,
            "content_language": "AR",
            "content_date": "2026-03-01",
            "application_date": "2026-03-14",
            "decision_facts": "A notification named a paste; it was read by a person.",
            "source_type": "SOURCE_TYPE_OTHER_NOTIFICATION",
            "automated_detection": "No",
            "automated_decision": "AUTOMATED_DECISION_NOT_AUTOMATED",
            "puid": "dec_01kkr000000000000000000000",
        })
    );
}

#[test]
fn none_is_due_and_the_article_is_named() {
    let of = |case: &Case| draft(case, &Additions::default()).unwrap_err();
    let says = |case: &Case, code: &str, article: &str| {
        let refused = of(case);
        assert_eq!(refused.code(), code);
        assert!(
            refused.article().ends_with(article),
            "{}",
            refused.article()
        );
        assert!(!refused.to_string().is_empty());
    };
    let base = case(OutcomeCode::Removed, Basis::Law);
    says(
        &Case {
            instrument: "eu-dsa-art9-order".into(),
            is_order: true,
            ..base.clone()
        },
        "article_9_order",
        "2022/2065, Article 17(5)",
    );
    says(
        &Case {
            decision: None,
            ..base.clone()
        },
        "undecided",
        "17(1)",
    );
    for code in OutcomeCode::ALL.iter().filter(|code| !code.acted_on()) {
        let expected = match code {
            OutcomeCode::Duplicate => "duplicate",
            OutcomeCode::Restored => "restored",
            _ => "no_measure",
        };
        says(&case(*code, Basis::Terms), expected, "Article 17(1)");
    }
    let mut accountless = base.clone();
    accountless.decision.as_mut().unwrap().1.uploader_informed = UploaderInformed::NotPossible;
    says(&accountless, "uploader_unknown", "Article 17(2)");
    let known = Additions {
        recipient_contact_known: Some(true),
        ..Additions::default()
    };
    assert!(draft(&accountless, &known).is_ok());
    let unknown = Additions {
        recipient_contact_known: Some(false),
        ..Additions::default()
    };
    assert_eq!(draft(&base, &unknown).unwrap_err(), NotDue::UploaderUnknown);

    let mut silent = base.clone();
    let article = "Regulation (EU) 2021/784, Art 11(3)";
    silent.non_disclosure = Some((at("2026-04-01T00:00:00Z"), article.into()));
    says(&silent, "not_yet", "Art 11(3)");
    silent.now = at("2026-04-01T00:00:00Z");
    assert!(draft(&silent, &Additions::default()).is_ok());

    let mut abroad = case(OutcomeCode::GeoBlocked, Basis::Law);
    abroad.decision.as_mut().unwrap().1.countries = vec![country("GB")];
    says(&abroad, "outside_union", "Article 2(1)");
    let foreign = Case {
        platform_country: Some(country("US")),
        ..base
    };
    let open = draft(&foreign, &additions(OutcomeCode::Removed, Basis::Law)).unwrap();
    assert_eq!(open.problems[0].field, "offered_in_union");
    let said = Additions {
        offered_in_union: Some(false),
        ..Additions::default()
    };
    assert_eq!(draft(&foreign, &said).unwrap_err(), NotDue::NotOffered);
}

#[test]
fn a_draft_shows_what_stands_and_names_what_is_missing() {
    for basis in [Basis::Law, Basis::Terms] {
        let draft = draft(&case(OutcomeCode::Removed, basis), &Additions::default()).unwrap();
        let missing: Vec<_> = draft.problems.iter().map(|p| p.field).collect();
        let reasons: &[&str] = match basis {
            Basis::Law => &["illegal_content_explanation"],
            Basis::Terms => &[
                "incompatible_content_ground",
                "incompatible_content_explanation",
            ],
        };
        let rest = [
            "content_type",
            "content_date",
            "decision_facts",
            "automated_detection",
            "automated_decision",
        ];
        assert_eq!(missing, [reasons, &rest[..]].concat());
        assert!(draft.problems.iter().all(|p| p.fault == Fault::Missing));
        assert!(draft.statement.is_none());
        assert!(draft.fields.decision_ground.is_some() && draft.fields.source_type.is_some());
        assert!(draft.fields.puid.is_some() && draft.fields.category.is_some());
    }
}

#[test]
fn the_source_follows_the_databases_guide() {
    let (code, law, terms) = (OutcomeCode::Removed, Basis::Law, Basis::Terms);
    let with = |case: &Case, basis, source: &str| {
        let given = Additions {
            source_type: Some(source.into()),
            ..additions(code, basis)
        };
        draft(case, &given).unwrap()
    };
    let referral = |basis| case(code, basis);
    assert!(
        with(&referral(law), law, "SOURCE_ARTICLE_16")
            .statement
            .is_some()
    );
    assert!(
        with(&referral(terms), terms, "SOURCE_TRUSTED_FLAGGER")
            .statement
            .is_some()
    );
    let order = Case {
        instrument: "eu-tco-order".into(),
        is_order: true,
        ..case(code, law)
    };
    assert_eq!(
        accepted(&order, &additions(code, law))["source_type"],
        "SOURCE_TYPE_OTHER_NOTIFICATION"
    );
    let notice = Case {
        instrument: "eu-dsa-art16-notice".into(),
        ..case(code, terms)
    };
    assert_eq!(
        accepted(&notice, &additions(code, terms))["source_type"],
        "SOURCE_ARTICLE_16"
    );
    for (case, basis, source) in [
        (&referral(terms), terms, "SOURCE_ARTICLE_16"),
        (&referral(law), law, "SOURCE_VOLUNTARY"),
        (&order, law, "SOURCE_ARTICLE_16"),
        (&order, law, "SOURCE_TRUSTED_FLAGGER"),
    ] {
        let draft = with(case, basis, source);
        assert_eq!(draft.problems[0].field, "source_type", "{source}");
        assert_eq!(draft.problems[0].fault, Fault::NotWanted);
    }
}

#[test]
fn every_ground_of_the_catalogue_that_names_a_category_leads_to_one() {
    for ground in crate::instrument::Catalogue::builtin().grounds() {
        let known = sorted(&ground.code).is_some();
        let ours = [
            "tco:",
            "dsa:",
            "uk-ta2006:",
            "fr-lcen:terrorism",
            "fr-lcen:minors",
            "terms",
        ];
        if ours.iter().any(|prefix| ground.code.starts_with(prefix)) {
            assert!(known, "{}", ground.code);
        }
    }
    assert_eq!(Category::ALL.len(), 16);
    assert_eq!(Keyword::ALL.len(), 69);
}

fn words(max: usize) -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-zA-Zäöüß ,.]{1,60}",
        1 => Just("é".repeat(max)),
        1 => Just("x".repeat(max + 1)),
        1 => Just("  ".to_owned()),
    ]
}

fn codes(known: &'static [&'static str]) -> impl Strategy<Value = Vec<String>> {
    (subsequence(known.to_vec(), 0..=known.len().min(4)), 0..20u8).prop_map(|(some, spoil)| {
        let mut some: Vec<String> = some.into_iter().map(str::to_owned).collect();
        if spoil == 0 {
            some.push("NO_SUCH_WORD".into());
        }
        some
    })
}

fn maybe<T: std::fmt::Debug + Clone>(
    of: impl Strategy<Value = T>,
) -> impl Strategy<Value = Option<T>> {
    prop::option::weighted(0.3, of)
}

prop_compose! {
    fn spoiled(code: OutcomeCode, basis: Basis)(
        visibility in maybe(codes(Visibility::CODES)),
        visibility_other in maybe(words(500)),
        monetary in maybe(select(Monetary::CODES)),
        monetary_other in maybe(words(500)),
        types in maybe(codes(ContentType::CODES)),
        types_other in maybe(words(500)),
        category in maybe(select(Category::CODES)),
        further in maybe(codes(Category::CODES)),
        keywords in maybe(codes(Keyword::CODES)),
        keywords_other in maybe(words(500)),
        facts in maybe(words(5000)),
        date in maybe("20[0-9]{2}-[01][0-9]-[0-3][0-9]"),
    ) -> Additions {
        let mut given = additions(code, basis);
        if visibility.is_some() { given.decision_visibility = visibility; }
        given.decision_visibility_other = visibility_other;
        given.decision_monetary = monetary.map(str::to_owned);
        given.decision_monetary_other = monetary_other;
        if types.is_some() { given.content_type = types; }
        given.content_type_other = types_other;
        given.category = category.map(str::to_owned);
        given.category_addition = further;
        given.category_specification = keywords;
        given.category_specification_other = keywords_other;
        if facts.is_some() { given.decision_facts = facts; }
        if date.is_some() { given.content_date = date; }
        given
    }
}

fn spoiled_cases() -> impl Strategy<Value = (Case, Additions)> {
    let acted: Vec<_> = OutcomeCode::ALL
        .iter()
        .copied()
        .filter(|c| c.acted_on())
        .collect();
    (select(acted), select(Basis::ALL)).prop_flat_map(|(code, basis)| {
        spoiled(code, basis).prop_map(move |given| (case(code, basis), given))
    })
}

proptest! {
    #[test]
    fn what_is_accepted_satisfies_every_rule_of_the_table((case, given) in spoiled_cases()) {
        let draft = draft(&case, &given).unwrap();
        prop_assert_eq!(draft.statement.is_some(), draft.problems.is_empty());
        if let Some(statement) = draft.statement {
            let json = serde_json::to_value(statement).unwrap();
            prop_assert_eq!(table::broken(&json), Vec::<String>::new());
        }
    }
}

#[test]
fn every_outcome_that_is_a_measure_comes_to_a_statement() {
    for code in OutcomeCode::ALL.iter().copied().filter(|c| c.acted_on()) {
        for basis in Basis::ALL.iter().copied() {
            let json = accepted(&case(code, basis), &additions(code, basis));
            assert_eq!(table::broken(&json), Vec::<String>::new(), "{code} {basis}");
        }
    }
}
