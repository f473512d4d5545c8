#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::HashSet;

use proptest::prelude::*;

use super::*;

fn names(viewer: Viewer) -> HashSet<&'static str> {
    viewer.columns().map(|column| column.name).collect()
}

#[test]
fn every_column_is_named_once_described_and_classed() {
    let mut seen = HashSet::new();
    for column in COLUMNS {
        assert!(seen.insert(column.name), "{}", column.name);
        assert!(column.describe.ends_with('.'), "{}", column.name);
        assert!(Class::ALL.contains(&column.class));
    }
}

/// Listed by hand: a column that is added as public must be added here, by somebody who thought about it.
#[test]
fn nothing_that_identifies_is_public() {
    for column in [
        "locator",
        "description",
        "reasons",
        "reference",
        "agency_reference",
        "platform_reference",
        "provision",
        "prior_notice_waived",
        "outcome_note",
        "duplicate_of",
        "operation",
        "officer_handle",
        "officer_rank",
        "officer_name",
        "attribution",
        "attribution_confidence",
        "served_at",
        "seen_at",
        "non_disclosure_until",
        "preservation_until",
        "filing_sha256",
    ] {
        assert!(!names(Viewer::Public).contains(column), "{column}");
    }
    assert_eq!(COLUMNS.len() - names(Viewer::Public).len(), 21);
}

#[test]
fn the_name_of_an_officer_stays_with_the_agency_and_its_auditors() {
    for viewer in Viewer::ALL {
        let sees = matches!(viewer, Viewer::Agency | Viewer::Auditor);
        assert_eq!(names(*viewer).contains("officer_name"), sees, "{viewer}");
        assert_eq!(
            names(*viewer).contains("locator"),
            *viewer != Viewer::Public
        );
    }
    assert_eq!(Viewer::of(Role::Operator), None);
}

#[test]
fn a_cell_says_what_the_row_says() {
    assert_eq!(Value::from(Some("x")), Value::Text("x"));
    assert_eq!(Value::from(None::<i32>), Value::Null);
}

#[test]
fn a_column_is_of_the_kind_of_its_values() {
    let kind = |name: &str| COLUMNS.iter().find(|c| c.name == name).unwrap().kind;
    for (name, expected) in [
        ("request_id", Kind::Text),
        ("agency_reference", Kind::Text),
        ("version", Kind::Number),
        ("graphic", Kind::Number),
        ("worldwide", Kind::Flag),
        ("filed_at", Kind::Instant),
        ("closed_at", Kind::Instant),
        ("grounds", Kind::List),
    ] {
        assert_eq!(kind(name), expected, "{name}");
    }
    let sent = IMPORT_COLUMNS.iter().find(|c| c.name == "sent_on").unwrap();
    assert_eq!(sent.kind, Kind::Day);
}

#[test]
fn formulas_are_disarmed() {
    for text in [
        "=1+1",
        "+1",
        "-1",
        "@sum(a)",
        "\tx",
        "\rx",
        "\nx",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "  =1",
        "\u{A0}=1",
        "\u{FEFF}=1",
        "\u{200B}@x",
        "\u{202E}-x",
        " \t",
        "\u{0}=x",
    ] {
        assert_eq!(csv_cell(text), format!("'{text}"), "{text:?}");
    }
    for text in [
        "",
        " ",
        "a=1",
        "https://a.example/?q==1",
        "1-1",
        "'=1",
        "é",
        "  x",
    ] {
        assert!(matches!(csv_cell(text), std::borrow::Cow::Borrowed(same) if same == text));
    }
}

proptest! {
    #[test]
    fn no_cell_acts_and_no_character_is_lost(
        text in prop_oneof![any::<String>(), "[ \\t\\r\\n=+@\u{FF1D}\u{200B}-]{0,6}.{0,5}"],
    ) {
        let cell = csv_cell(&text);
        let disarmed = ["'", &text].concat();
        prop_assert!(*cell == text || *cell == disarmed);
        let seen = cell.trim_start_matches(' ').chars().next();
        prop_assert!(!seen.is_some_and(|first| "=+-@\t\r\n＝＋－＠".contains(first)), "{:?}", cell);
    }
}
