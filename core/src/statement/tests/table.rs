//! The table of the database, written down a second time and read over JSON, and every rule of it broken by hand.

use serde_json::Value;

use super::{additions, case};
use crate::request::{Basis, OutcomeCode};
use crate::statement::*;

fn text(json: &Value, field: &str, max: usize, wrong: &mut Vec<String>) {
    if let Some(value) = json.get(field)
        && value
            .as_str()
            .is_none_or(|s| s.trim().is_empty() || s.chars().count() > max)
    {
        wrong.push(format!("{field}: at most {max} characters"));
    }
}

fn word(json: &Value, field: &str, known: &[&str], wrong: &mut Vec<String>) {
    if let Some(value) = json.get(field)
        && value.as_str().is_none_or(|s| !known.contains(&s))
    {
        wrong.push(format!("{field}: not of the list"));
    }
}

fn list(json: &Value, field: &str, known: &[&str], wrong: &mut Vec<String>) {
    if let Some(value) = json.get(field) {
        let fits = value.as_array().is_some_and(|all| {
            !all.is_empty()
                && all
                    .iter()
                    .all(|v| v.as_str().is_some_and(|s| known.contains(&s)))
        });
        if !fits {
            wrong.push(format!("{field}: not of the list"));
        }
    }
}

fn iff(json: &Value, field: &str, holds: bool, wrong: &mut Vec<String>) {
    if json.get(field).is_some() != holds {
        wrong.push(format!("{field}: there exactly when its choice is made"));
    }
}

fn has(json: &Value, field: &str, word: &str) -> bool {
    match json.get(field) {
        Some(Value::Array(all)) => all.iter().any(|v| v == word),
        Some(value) => value == word,
        None => false,
    }
}

/// Every rule of the table that this breaks.
pub fn broken(json: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    let w = &mut wrong;
    let decisions = [
        "decision_visibility",
        "decision_monetary",
        "decision_provision",
        "decision_account",
    ];
    if decisions.iter().all(|d| json.get(d).is_none()) {
        w.push("one of the four decisions".into());
    }
    for field in [
        "decision_ground",
        "content_type",
        "category",
        "content_date",
        "application_date",
        "decision_facts",
        "source_type",
        "automated_detection",
        "automated_decision",
        "puid",
        "territorial_scope",
    ] {
        if json.get(field).is_none() {
            w.push(format!("{field}: required"));
        }
    }
    list(json, "decision_visibility", Visibility::CODES, w);
    word(json, "decision_monetary", Monetary::CODES, w);
    word(json, "decision_provision", Provision::CODES, w);
    word(json, "decision_account", Account::CODES, w);
    word(json, "account_type", AccountType::CODES, w);
    word(json, "decision_ground", GroundKind::CODES, w);
    list(json, "content_type", ContentType::CODES, w);
    word(json, "category", Category::CODES, w);
    list(json, "category_addition", Category::CODES, w);
    list(json, "category_specification", Keyword::CODES, w);
    word(json, "source_type", SourceType::CODES, w);
    word(json, "automated_detection", YesNo::CODES, w);
    word(json, "automated_decision", AutomatedDecision::CODES, w);
    for (field, max) in [
        ("decision_visibility_other", 500),
        ("decision_monetary_other", 500),
        ("decision_ground_reference_url", 500),
        ("illegal_content_legal_ground", 500),
        ("illegal_content_explanation", 2000),
        ("incompatible_content_ground", 500),
        ("incompatible_content_explanation", 2000),
        ("content_type_other", 500),
        ("category_specification_other", 500),
        ("decision_facts", 5000),
        ("source_identity", 500),
        ("puid", 500),
    ] {
        text(json, field, max, w);
    }
    let illegal = has(json, "decision_ground", "DECISION_GROUND_ILLEGAL_CONTENT");
    let other = |field: &str, word: &str| has(json, field, word);
    iff(
        json,
        "decision_visibility_other",
        other("decision_visibility", "DECISION_VISIBILITY_OTHER"),
        w,
    );
    iff(
        json,
        "decision_monetary_other",
        other("decision_monetary", "DECISION_MONETARY_OTHER"),
        w,
    );
    iff(
        json,
        "content_type_other",
        other("content_type", "CONTENT_TYPE_OTHER"),
        w,
    );
    iff(json, "illegal_content_legal_ground", illegal, w);
    iff(json, "illegal_content_explanation", illegal, w);
    iff(json, "incompatible_content_ground", !illegal, w);
    iff(json, "incompatible_content_explanation", !illegal, w);
    if illegal && json.get("incompatible_content_illegal").is_some() {
        w.push("incompatible_content_illegal: only with incompatible content".into());
    }
    let day = |field: &str, from: &str, to: &str, w: &mut Vec<String>| {
        if let Some(value) = json.get(field).and_then(Value::as_str)
            && (value.len() != 10 || value < from || value > to)
        {
            w.push(format!("{field}: out of range"));
        }
    };
    day("content_date", "2000-01-01", "2038-01-01", w);
    day("application_date", "2020-01-01", "9999-12-31", w);
    let states =
        "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK IS LI NO";
    list(
        json,
        "territorial_scope",
        &states.split(' ').collect::<Vec<_>>(),
        w,
    );
    let puid = json.get("puid").and_then(Value::as_str).unwrap_or_default();
    if !puid
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    {
        w.push("puid: form".into());
    }
    wrong
}

/// A change of a good set of additions, and where it is refused and how.
type Breach = (&'static str, Fault, fn(&mut Additions));

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[rustfmt::skip]
const BREACHES: &[Breach] = &[
    ("decision_visibility_other", Fault::NotWanted, |a| a.decision_visibility_other = some("words")),
    ("decision_visibility", Fault::NotWanted, |a| a.decision_visibility = Some(vec!["DECISION_VISIBILITY_CONTENT_DEMOTED".into()])),
    ("decision_monetary", Fault::Unknown, |a| a.decision_monetary = some("SUSPENSION")),
    ("decision_monetary_other", Fault::Missing, |a| a.decision_monetary = some("DECISION_MONETARY_OTHER")),
    ("decision_monetary_other", Fault::NotWanted, |a| a.decision_monetary_other = some("words")),
    ("decision_provision", Fault::Unknown, |a| a.decision_provision = some("x")),
    ("decision_account", Fault::Unknown, |a| a.decision_account = some("x")),
    ("account_type", Fault::Unknown, |a| a.account_type = some("x")),
    ("decision_ground_reference_url", Fault::Form, |a| a.decision_ground_reference_url = some("terms")),
    ("decision_ground_reference_url", Fault::Form, |a| a.decision_ground_reference_url = some("javascript:alert(1)")),
    ("decision_ground_reference_url", Fault::TooLong, |a| a.decision_ground_reference_url = Some(format!("https://a.example/{}", "x".repeat(500)))),
    ("illegal_content_legal_ground", Fault::TooLong, |a| a.illegal_content_legal_ground = Some("x".repeat(501))),
    ("illegal_content_explanation", Fault::Missing, |a| a.illegal_content_explanation = None),
    ("illegal_content_explanation", Fault::TooLong, |a| a.illegal_content_explanation = Some("x".repeat(2001))),
    ("incompatible_content_ground", Fault::NotWanted, |a| a.incompatible_content_ground = some("words")),
    ("incompatible_content_illegal", Fault::NotWanted, |a| a.incompatible_content_illegal = some("Yes")),
    ("content_type", Fault::Missing, |a| a.content_type = None),
    ("content_type", Fault::Missing, |a| a.content_type = Some(Vec::new())),
    ("content_type", Fault::Unknown, |a| a.content_type = Some(vec!["TEXT".into()])),
    ("content_type_other", Fault::Missing, |a| a.content_type = Some(vec!["CONTENT_TYPE_OTHER".into()])),
    ("content_type_other", Fault::NotWanted, |a| a.content_type_other = some("words")),
    ("category", Fault::Unknown, |a| a.category = some("x")),
    ("category_addition", Fault::Unknown, |a| a.category_addition = Some(vec!["x".into()])),
    ("category_specification", Fault::Unknown, |a| a.category_specification = Some(vec!["x".into()])),
    ("category_specification_other", Fault::NotWanted, |a| a.category_specification_other = some("words")),
    ("content_id", Fault::Form, |a| a.content_id = some("123456789012")),
    ("territorial_scope", Fault::Unknown, |a| a.territorial_scope = Some(vec!["GB".into()])),
    ("territorial_scope", Fault::Unknown, |a| a.territorial_scope = Some(Vec::new())),
    ("content_language", Fault::Form, |a| a.content_language = some("ara")),
    ("content_date", Fault::Missing, |a| a.content_date = None),
    ("content_date", Fault::Form, |a| a.content_date = some("1.3.2026")),
    ("content_date", Fault::Form, |a| a.content_date = some("2026-02-30")),
    ("content_date", Fault::Range, |a| a.content_date = some("1999-12-31")),
    ("content_date", Fault::Range, |a| a.content_date = some("2038-01-02")),
    ("end_date_visibility_restriction", Fault::Form, |a| a.end_date_visibility_restriction = some("never")),
    ("end_date_monetary_restriction", Fault::Form, |a| a.end_date_monetary_restriction = some("never")),
    ("end_date_service_restriction", Fault::Form, |a| a.end_date_service_restriction = some("never")),
    ("end_date_account_restriction", Fault::Form, |a| a.end_date_account_restriction = some("never")),
    ("decision_facts", Fault::Missing, |a| a.decision_facts = None),
    ("decision_facts", Fault::TooLong, |a| a.decision_facts = Some("x".repeat(5001))),
    ("decision_facts", Fault::Personal, |a| a.decision_facts = some("Reported by (jane.doe@police.example).")),
    ("source_type", Fault::Unknown, |a| a.source_type = some("x")),
    ("source_identity", Fault::TooLong, |a| a.source_identity = Some("x".repeat(501))),
    ("automated_detection", Fault::Missing, |a| a.automated_detection = None),
    ("automated_detection", Fault::Unknown, |a| a.automated_detection = some("yes")),
    ("automated_decision", Fault::Missing, |a| a.automated_decision = None),
    ("automated_decision", Fault::Unknown, |a| a.automated_decision = some("No")),
];

#[test]
fn every_rule_that_is_broken_is_refused_by_the_name_of_its_field() {
    let (code, basis) = (OutcomeCode::Removed, Basis::Law);
    for (field, fault, breach) in BREACHES {
        let mut given = additions(code, basis);
        breach(&mut given);
        let draft = draft(&case(code, basis), &given).unwrap();
        assert!(draft.statement.is_none(), "{field} {fault:?}");
        assert!(
            draft
                .problems
                .iter()
                .any(|p| p.field == *field && p.fault == *fault && !p.detail.is_empty()),
            "{field} {fault:?}: {:?}",
            draft.problems
        );
    }
    // What follows from the decision itself.
    let mut early = case(code, basis);
    early.decision.as_mut().unwrap().1.effective_at = "2019-12-31T23:59:59Z".parse().unwrap();
    let draft = super::draft(&early, &additions(code, basis)).unwrap();
    assert_eq!(
        (draft.problems[0].field, draft.problems[0].fault),
        ("application_date", Fault::Range)
    );
}
