//! Rows as they stand in a file.

use serde_json::{Value, json};

use super::*;

fn line() -> Value {
    json!({
        "request_id": "req_1", "agency_id": "agency_1", "agency_name": "Unit \"One\"", "agency_country": "PL",
        "platform_id": "platform_1", "platform_name": "Paste", "platform_country": null,
        "platform_size_class": "micro", "kind": "order", "instrument": "eu-tco-order",
        "grounds": ["tco:a"], "status": "withdrawn", "withdrawal_reason": "annulled",
        "filed_at": "2026-02-05T12:00:00.000Z", "fetched_at": null, "acknowledged_at": null,
        "scrutiny_asked_at": null, "scrutiny_finding": "infringement", "final_at": null, "non_disclosure_until": null,
        "outcome": "restored", "basis": "law", "effective_at": "2026-02-06T12:00:00.000Z",
        "first_decided_at": "2026-02-05T13:00:00.000Z", "undone_outcome": "removed", "undone_basis": "terms",
        "undone_effective_at": "2026-02-05T13:00:00.000Z", "item_withdrawal_reason": null, "objections": 0,
        "objection_outcome": null, "restoration_answer": "restored", "locator": "not counted",
    })
}

#[test]
fn a_line_is_read_and_every_column_that_is_missing_is_missed() {
    let text = line().to_string();
    let row: Counted<'_> = serde_json::from_str(&text).unwrap();
    assert_eq!(row.agency_name, "Unit \"One\"");
    assert_eq!(row.effect().unwrap().1, at("2026-02-05T13:00:00Z"));
    let columns = line();
    for column in columns.as_object().unwrap().keys() {
        let mut without = columns.clone();
        without.as_object_mut().unwrap().remove(column);
        let text = without.to_string();
        let read = serde_json::from_str::<Counted<'_>>(&text);
        if column == "locator" {
            assert_eq!(read.unwrap(), row);
        } else {
            let error = read.unwrap_err().to_string();
            assert!(error.contains(column.as_str()), "{column}: {error}");
        }
    }
}

#[test]
fn a_word_of_a_newer_exchange_is_no_word_of_ours() {
    for (column, value) in [
        ("outcome", "vanished"),
        ("status", "sleeping"),
        ("platform_size_class", "huge"),
        ("agency_country", "ZZ"),
    ] {
        let mut line = line();
        line[column] = json!(value);
        let text = line.to_string();
        let error = serde_json::from_str::<Counted<'_>>(&text).unwrap_err();
        assert!(error.to_string().contains(value), "{error}");
    }
}

#[test]
fn rows_that_do_not_follow_are_refused() {
    let mut fold = Fold::of_own("2026".parse().unwrap(), Of::default());
    for n in [1, 1, 2] {
        fold.take(&row(n)).unwrap();
    }
    let error = fold.take(&row(1)).unwrap_err();
    assert_eq!(error, FoldError::OutOfOrder("req_00001".into()));
}
