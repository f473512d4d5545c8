//! What the rows say, and to whom.

use std::collections::HashSet;

use serde_json::{Value, json};
use takedown_core::export::{COLUMNS, Class, csv_cell};
use takedown_core::policy::{Denied, Party, Reach};

use super::world::{World, request, text};
use crate::app::Error;
use crate::app::export::Format;
use crate::store::requests::Filter;

const ALL: Party = Party::Auditor(Reach::Everything);

#[tokio::test]
async fn a_row_says_what_was_stored() {
    let world = World::new().await;
    let (mut row, mut items) = request(world.agency, world.platform, 1);
    row.status = "withdrawn".into();
    row.state = r#"{"status":"withdrawn","from":"in_work","reached":"fetched","fetched_at":"2026-01-01T00:00:00Z",
        "withdrawn_at":"2026-01-03T00:00:00Z","reason":"annulled","restoration":"asked","items":[]}"#
        .into();
    row.withdrawn_at = Some(1_767_398_400_000);
    row.withdrawal = Some("annulled".into());
    row.restoration = Some("asked".into());
    row.corrections = 2;
    items[0].outcome = Some("geo_blocked".into());
    items[0].outcome_detail = Some(
        json!({
            "code": "geo_blocked", "basis": "law", "effective_at": "2026-01-02T00:00:00Z",
            "uploader_informed": "not_possible", "countries": ["PL", "CZ"], "duplicate_of": null,
            "note": "-done", "note_language": null,
        })
        .to_string(),
    );
    items[0].decided_at = Some(1_767_312_000_123);
    items[0].first_decided_at = Some(1_767_268_800_000);
    items[0].withdrawal = Some("duplicate".into());
    items[0].withdrawn_at = Some(1_767_312_001_000);
    let (id, reference) = (row.id.clone(), row.reference.clone());
    let (item, locator) = (items[0].id.clone(), items[0].locator.clone());
    world.insert(vec![(row, items)]).await;
    let lines = world.lines(ALL, Filter::default()).await;
    let request = json!({
        "request_id": id, "reference": reference, "version": 1,
        "agency_id": world.agency.to_string(), "agency_name": "Unit One", "agency_country": "PL",
        "platform_id": world.platform.to_string(), "platform_name": "Paste", "platform_country": "DE", "platform_size_class": "micro",
        "agency_reference": null, "platform_reference": null, "kind": "referral", "instrument": "referral",
        "grounds": ["tco:a", "tco:b"], "provision": null, "jurisdiction": "PL", "territory": ["PL"],
        "worldwide": false, "status": "withdrawn", "result": null, "restoration": "asked",
        "withdrawal_reason": "annulled", "corrections": 2, "filed_at": "2023-11-14T22:13:20.000Z", "fetched_at": null,
        "acknowledged_at": null, "closed_at": null, "withdrawn_at": "2026-01-03T00:00:00.000Z", "due_at": null,
        "prior_notice": null, "prior_notice_waived": null, "copied_at": null, "scrutiny_asked_at": null,
        "scrutiny_finding": null, "final_at": null,
        "served_at": null, "non_disclosure_until": "2027-01-01T00:00:00.000Z", "preservation_until": null, "preservation": null,
    });
    let item = json!({
        "item_id": item, "position": 1, "item_kind": "url", "locator": locator,
        "description": "=1+1\nand \"more\"", "item_language": "ar", "graphic": 2,
        "seen_at": "2026-01-02T03:04:05.678Z", "outcome": "geo_blocked", "basis": "law",
        "effective_at": "2026-01-02T00:00:00.000Z", "uploader_informed": "not_possible",
        "countries": ["PL", "CZ"], "duplicate_of": null, "outcome_note": "-done",
        "decided_at": "2026-01-02T00:00:00.123Z", "first_decided_at": "2026-01-01T12:00:00.000Z",
        "undone_outcome": null, "undone_basis": null, "undone_effective_at": null, "item_withdrawal_reason": "duplicate",
        "item_withdrawn_at": "2026-01-02T00:00:01.000Z", "objections": 0, "objection_outcome": null, "restoration_answer": null,
        "reasons": "Line one.\nLine \"two\" zażółć.",
        "reasons_language": "pl", "operation": null, "officer_handle": "M-17", "officer_name": "Jan Kowalski",
        "officer_rank": null, "attribution": "a group", "attribution_confidence": "possible",
    });
    let Value::Object(mut expected) = request else {
        panic!("an object")
    };
    expected.extend(item.as_object().unwrap().clone());
    assert_eq!(lines, [Value::Object(expected)]);
}

#[tokio::test]
async fn each_viewer_has_his_columns() {
    let world = World::new().await;
    world.file(world.agency, 1, 1).await;
    let names = |restricted: bool| -> Vec<&str> {
        let seen = COLUMNS
            .iter()
            .filter(|c| restricted || c.class != Class::Restricted);
        seen.map(|c| c.name).collect()
    };
    for (party, restricted) in [
        (ALL, true),
        (Party::Auditor(Reach::Agency(world.agency)), true),
        (Party::Auditor(Reach::Platform(world.platform)), false),
        (Party::Agency(world.agency), true),
    ] {
        let line = text(world.export(party, Format::Ndjson, Filter::default()).await).await;
        assert_eq!(line.contains("Kowalski"), restricted, "{party:?}");
        let sheet = text(world.export(party, Format::Csv, Filter::default()).await).await;
        assert_eq!(sheet.contains("Kowalski"), restricted, "{party:?}");
        assert_eq!(
            sheet.lines().next().unwrap(),
            names(restricted).join(","),
            "{party:?}"
        );
        let line: Value = serde_json::from_str(&line).unwrap();
        let members: HashSet<&str> = line
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(members, names(restricted).into_iter().collect());
    }
}

#[tokio::test]
async fn cells_say_what_the_lines_say_and_cannot_act() {
    let world = World::new().await;
    world.file(world.other_agency, 2, 2).await;
    let sheet = text(world.export(ALL, Format::Csv, Filter::default()).await).await;
    let mut reader = csv::Reader::from_reader(sheet.as_bytes());
    let header = reader.headers().unwrap().clone();
    let records: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
    let lines = world.lines(ALL, Filter::default()).await;
    assert_eq!((records.len(), lines.len()), (4, 4));
    for (record, line) in records.iter().zip(&lines) {
        for (name, cell) in header.iter().zip(record) {
            let expected = match &line[name] {
                Value::Null => String::new(),
                Value::String(text) => csv_cell(text).into_owned(),
                Value::Array(texts) => {
                    let texts: Vec<&str> = texts.iter().map(|t| t.as_str().unwrap()).collect();
                    texts.join(" ")
                }
                other => other.to_string(),
            };
            assert_eq!(cell, expected, "{name}");
        }
        assert_eq!(line["agency_name"], "=Unit \"Two\"");
        assert!(record.iter().any(|cell| cell == "'=Unit \"Two\""));
        assert!(record.iter().any(|cell| cell.starts_with("'=1+1\n")));
    }
}

#[tokio::test]
async fn nobody_sees_a_foreign_row() {
    let world = World::new().await;
    let own = world.file(world.agency, 3, 1).await;
    let foreign = world.file(world.other_agency, 2, 1).await;
    let ids = async |party, filter| -> Vec<String> {
        let lines = world.lines(party, filter).await;
        lines
            .iter()
            .map(|line| line["request_id"].as_str().unwrap().to_owned())
            .collect()
    };
    let of = |agency: String| Filter {
        agency: Some(agency),
        ..Filter::default()
    };
    let agency = Party::Agency(world.agency);
    assert_eq!(ids(agency, Filter::default()).await, own);
    assert_eq!(
        ids(agency, of(world.other_agency.to_string())).await,
        [""; 0]
    );
    let auditor = Party::Auditor(Reach::Agency(world.other_agency));
    assert_eq!(ids(auditor, Filter::default()).await, foreign);
    assert_eq!(ids(ALL, Filter::default()).await.len(), 5);
    assert_eq!(ids(ALL, of(world.other_agency.to_string())).await, foreign);
    for party in [
        Party::Platform(world.platform),
        Party::Operator,
        Party::Anonymous,
    ] {
        let refused = world
            .try_export(party, Format::Ndjson, Filter::default())
            .await;
        let denied = matches!(
            refused,
            Err(Error::Denied(
                Denied::Forbidden { .. } | Denied::Unauthenticated
            ))
        );
        assert!(denied, "{party:?}");
    }
}
