#![allow(clippy::unwrap_used)]

use serde::Deserialize;
use validator::Validate;

use super::*;

#[derive(Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
struct Filing {
    #[validate(length(min = 1, max = 5))]
    instrument: String,
    #[validate(nested, length(min = 1, max = 2))]
    items: Vec<Item>,
    #[serde(default)]
    kind: Kind,
    #[serde(default)]
    count: u8,
}

#[derive(Debug, Deserialize, serde::Serialize, Validate)]
#[serde(deny_unknown_fields)]
struct Item {
    #[validate(length(min = 1, message = "must not be empty"))]
    locator: String,
    #[validate(range(max = 3))]
    graphic: Option<u8>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    #[default]
    Url,
    Account,
}

fn refused(json: &str) -> (String, Vec<(String, String)>) {
    let problem = parse::<Filing>(json.as_bytes()).unwrap_err();
    let errors = problem
        .field_errors()
        .iter()
        .map(|e| (e.pointer.clone().unwrap_or_default(), e.detail.clone()))
        .collect();
    (problem.code().as_str().to_owned(), errors)
}

fn one(json: &str, code: &str, pointer: &str, detail: &str) {
    let (found, errors) = refused(json);
    assert_eq!(
        (found.as_str(), errors),
        (code, vec![(pointer.to_owned(), detail.to_owned())]),
        "{json}"
    );
}

#[test]
fn what_is_right_is_taken() {
    let filing: Filing =
        parse(br#"{"instrument":"x","items":[{"locator":"a"}],"kind":"account","count":7}"#)
            .unwrap();
    assert!(matches!(filing.kind, Kind::Account));
    assert_eq!(
        (filing.count, filing.items.len(), filing.instrument.len()),
        (7, 1, 1)
    );
    assert_eq!(
        (filing.items[0].locator.as_str(), filing.items[0].graphic),
        ("a", None)
    );
}

#[test]
fn a_refusal_points_to_where_it_hurts_and_says_what_would_be_right() {
    one(r#"{"items":[]}"#, "invalid", "#/instrument", "is required");
    one(
        r#"{"instrument":"x","items":[{}]}"#,
        "invalid",
        "#/items/0/locator",
        "is required",
    );
    one(
        r#"{"instrument":"x","items":[{"locator":7}]}"#,
        "invalid",
        "#/items/0/locator",
        "must be a text, not a number of that form",
    );
    one(
        r#"{"instrument":"x","items":{}}"#,
        "invalid",
        "#/items",
        "must be an array, not an object",
    );
    one(
        r#"{"instrument":"x","items":[],"count":-1}"#,
        "invalid",
        "#/count",
        "must be a whole number that is not negative",
    );
    one(
        r#"{"instrument":"x","items":[],"kind":"ur"}"#,
        "invalid",
        "#/kind",
        "must be one of: url, account",
    );
    one(
        r#"{"instrument":"x","instrument":"y","items":[]}"#,
        "invalid",
        "#/instrument",
        "is given twice",
    );
    one(
        r#"{"instrument":"x","items":[{"lokator":"a"}]}"#,
        "unknown-field",
        "#/items/0/lokator",
        "does not exist; did you mean locator?",
    );
    one(
        r#"{"instrument":"x","items":[],"zz":1}"#,
        "unknown-field",
        "#/zz",
        "does not exist; the fields here are: instrument, items, kind, count",
    );
    one("[]", "invalid", "#", "must be an object, not an array");
    one(
        r#"["x", []]"#,
        "invalid",
        "#",
        "must be an object, not an array",
    );
    one(
        r#"{"instrument":"x","items":[["https://a.example/", 1]]}"#,
        "invalid",
        "#/items/0",
        "must be an object, not an array",
    );
    one("\"text\"", "invalid", "#", "must be an object, not a text");
}

#[test]
fn a_value_that_was_sent_is_never_repeated() {
    let secret = "https://marked.example/never";
    for json in [
        format!(r#"{{"instrument":"x","items":"{secret}"}}"#),
        format!(r#"{{"instrument":"x","items":[],"kind":"{secret}"}}"#),
        format!(r#"{{"instrument":"x","items":[],"count":"{secret}, expected u8"}}"#),
        format!(r#"{{"instrument":"{secret}","items":[{{"locator":"a"}}]}}"#),
    ] {
        let problem = parse::<Filing>(json.as_bytes()).unwrap_err();
        let body = serde_json::to_string(&problem.body("", None)).unwrap();
        assert!(!body.contains("marked"), "{body}");
    }
}

#[test]
fn every_rule_that_is_broken_is_reported() {
    let (code, errors) =
        refused(r#"{"instrument":"","items":[{"locator":"a"},{"locator":"","graphic":9}]}"#);
    assert_eq!(code, "invalid");
    let errors: Vec<(&str, &str)> = errors
        .iter()
        .map(|(p, d)| (p.as_str(), d.as_str()))
        .collect();
    assert_eq!(
        errors,
        [
            ("#/instrument", "must have 1 to 5 characters or elements"),
            ("#/items/1/graphic", "must be at most 3"),
            ("#/items/1/locator", "must not be empty"),
        ]
    );
    one(
        r#"{"instrument":"x","items":[]}"#,
        "invalid",
        "#/items",
        "must have 1 to 2 characters or elements",
    );
}

#[test]
fn what_is_no_json_names_line_and_column() {
    for (json, detail) in [
        (
            "{\"instrument\": \n }",
            "The body is not valid JSON, at line 2 column 2.",
        ),
        (
            "{\"instrument\":",
            "The JSON ends too early, at line 1 column 14.",
        ),
        ("", "The body is empty; send a JSON object."),
        (
            r#"{"instrument":"x","items":[{"locator":"a"}]} x"#,
            "The body is not valid JSON, at line 1 column 46.",
        ),
    ] {
        let problem = parse::<Filing>(json.as_bytes()).unwrap_err();
        assert_eq!(problem.code(), Code::MalformedBody, "{json}");
        assert_eq!(problem.detail(), detail);
    }
    assert_eq!(
        parse::<Filing>(b"{\"instrument\":\"\xff\"}")
            .unwrap_err()
            .code(),
        Code::MalformedBody
    );
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(
        parse::<Filing>(deep.as_bytes()).unwrap_err().code(),
        Code::MalformedBody
    );
}
