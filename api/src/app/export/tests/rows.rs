//! What the rows say, and to whom.

use std::collections::HashSet;

use serde_json::{Value, json};
use takedown_core::export::{COLUMNS, Class, csv_cell};
use takedown_core::id::AgencyId;
use takedown_core::policy::{Denied, Party, Reach};

use super::world::{World, request, text};
use crate::app::Error;
use crate::app::export::{Format, Wanted};

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
    let lines = world.lines(ALL, Wanted::default()).await;
    let request = json!({
        "request_id": id, "reference": reference, "version": 1,
        "agency_id": world.agency.to_string(), "agency_name": "Unit One", "agency_country": "PL",
        "platform_id": world.platform.to_string(), "platform_name": "Paste", "platform_country": "DE", "platform_size_class": "micro",
        "agency_reference": null, "platform_reference": null, "kind": "referral", "instrument": "referral",
        "grounds": ["tco:a", "tco:b"], "provision": null, "jurisdiction": "PL", "territory": ["PL"],
        "worldwide": false, "status": "withdrawn", "result": null, "restoration": "asked",
        "withdrawal_reason": "annulled", "corrections": 2, "filed_at": "2023-11-14T22:13:20.000Z", "filing_sha256": "00".repeat(32), "fetched_at": null,
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
    expected.insert("erased_at".to_owned(), Value::Null);
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
        let line = text(world.export(party, Format::Ndjson, Wanted::default()).await).await;
        assert_eq!(line.contains("Kowalski"), restricted, "{party:?}");
        let sheet = text(world.export(party, Format::Csv, Wanted::default()).await).await;
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
    let sheet = text(world.export(ALL, Format::Csv, Wanted::default()).await).await;
    let mut reader = csv::Reader::from_reader(sheet.as_bytes());
    let header = reader.headers().unwrap().clone();
    let records: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
    let lines = world.lines(ALL, Wanted::default()).await;
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
    let of = |agency: AgencyId| Wanted {
        agency: Some(agency),
        ..Wanted::default()
    };
    let agency = Party::Agency(world.agency);
    assert_eq!(ids(agency, Wanted::default()).await, own);
    // A foreign agency and one that never was are refused alike.
    let refused = async |wanted: AgencyId| {
        let refused = world.try_export(agency, Format::Ndjson, of(wanted)).await;
        let Err(Error::Invalid(errors)) = refused else {
            panic!("it cannot match")
        };
        errors
    };
    let never = AgencyId::from_uuid(uuid::Uuid::now_v7());
    assert_eq!(refused(world.other_agency).await, refused(never).await);
    let auditor = Party::Auditor(Reach::Agency(world.other_agency));
    assert_eq!(ids(auditor, Wanted::default()).await, foreign);
    assert_eq!(ids(ALL, Wanted::default()).await.len(), 5);
    assert_eq!(ids(ALL, of(world.other_agency)).await, foreign);
    for party in [
        Party::Platform(world.platform),
        Party::Operator,
        Party::Anonymous,
    ] {
        let refused = world
            .try_export(party, Format::Ndjson, Wanted::default())
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

#[tokio::test]
async fn what_nothing_can_match_is_refused_by_name() {
    let world = World::new().await;
    let at = |text: &str| Some(takedown_core::time::parse_rfc3339(text).unwrap());
    let nothing = Wanted {
        platform: Some(takedown_core::id::PlatformId::from_uuid(
            uuid::Uuid::now_v7(),
        )),
        instrument: Some("no-such-power".into()),
        ground: Some("tco:zz".into()),
        locator: Some("\u{1}".into()),
        host: Some("https://paste.example/".into()),
        filed_from: at("2026-02-01T00:00:00Z"),
        filed_to: at("2026-01-01T00:00:00Z"),
        ..Wanted::default()
    };
    let refused = world.try_export(ALL, Format::Ndjson, nothing).await;
    let Err(Error::Invalid(errors)) = refused else {
        panic!("nothing can match")
    };
    let mut named: Vec<&str> = errors.iter().map(|error| error.pointer.as_str()).collect();
    named.sort_unstable();
    assert_eq!(
        named,
        [
            "/filed_to",
            "/ground",
            "/host",
            "/instrument",
            "/locator",
            "/platform"
        ]
    );
}

#[tokio::test]
async fn each_filter_chooses_its_rows() {
    let world = World::new().await;
    let (row, mut items) = request(world.agency, world.platform, 3);
    items[0].outcome = Some("removed".into());
    items[0].outcome_detail = Some(
        json!({
            "code": "removed", "basis": "law", "effective_at": "2026-01-02T00:00:00Z", "uploader_informed": "yes",
            "countries": [], "duplicate_of": null, "note": null, "note_language": null,
        })
        .to_string(),
    );
    items[1].host = Some("other.example".into());
    let locator = takedown_core::locator::Locator::parse(
        takedown_core::locator::ItemKind::Url,
        "https://paste.example/this",
    );
    items[2].comparison_digest = crate::app::repeats::key(&locator.unwrap(), "").digest;
    world.insert(vec![(row, items)]).await;
    let chosen = async |wanted: Wanted| -> Vec<i64> {
        let rows = world.lines(ALL, wanted).await;
        rows.iter()
            .map(|row| row["position"].as_i64().unwrap())
            .collect()
    };
    let outcome = Wanted {
        outcome: Some(takedown_core::request::OutcomeCode::Removed),
        ..Wanted::default()
    };
    assert_eq!(chosen(outcome).await, [1]);
    let host = Wanted {
        host: Some("Other.Example".into()),
        ..Wanted::default()
    };
    assert_eq!(chosen(host).await, [2]);
    let locator = Wanted {
        locator: Some("hxxps://PASTE[.]example/this".into()),
        ..Wanted::default()
    };
    assert_eq!(chosen(locator).await, [3]);
    let ground = |code: &str| Wanted {
        ground: Some(code.to_owned()),
        ..Wanted::default()
    };
    assert_eq!(chosen(ground("tco:b")).await, [1, 2, 3]);
    assert_eq!(chosen(ground("tco:c")).await, [0_i64; 0]);
}

/// Ten requests name themselves where they were asked about; of more the host leads to them.
#[tokio::test]
async fn a_link_is_found_however_often_it_was_asked_about() {
    let world = World::new().await;
    let digest = |link: &str| {
        let kind = takedown_core::locator::ItemKind::Url;
        let locator = takedown_core::locator::Locator::parse(kind, link);
        crate::app::repeats::key(&locator.unwrap(), "").digest
    };
    let (rare, often) = ("https://paste.example/rare", "https://paste.example/often");
    let mut made = Vec::new();
    for n in 0..26 {
        let (row, mut items) = request(world.agency, world.platform, 2);
        items[1].comparison_digest = match n {
            0..2 => digest(rare),
            2..14 => digest(often),
            _ => items[1].comparison_digest.clone(),
        };
        made.push((row, items));
    }
    world.insert(made).await;
    for (link, found) in [(rare, 2), (often, 12), ("https://paste.example/never", 0)] {
        let wanted = Wanted {
            locator: Some(link.to_owned()),
            ..Wanted::default()
        };
        for party in [ALL, Party::Agency(world.agency)] {
            let rows = world.lines(party, wanted.clone()).await;
            assert_eq!(rows.len(), found, "{link}");
            assert!(rows.iter().all(|row| row["position"] == 2), "{link}");
        }
        let other = world.lines(Party::Agency(world.other_agency), wanted);
        assert_eq!(other.await.len(), 0, "{link}");
    }
}
