//! How the stream runs, and how it ends.

use futures_util::StreamExt;
use serde_json::Value;
use takedown_core::policy::{Party, Reach};
use takedown_core::request::Status;

use super::world::{World, lines, request, text};
use crate::app::export::{Format, Wanted};
use crate::app::tests::patience::until;
use crate::store::{Conn, StoreError};

const ALL: Party = Party::Auditor(Reach::Everything);

/// Request and position of each row.
fn places(rows: &[Value]) -> Vec<(String, i64)> {
    let place = |row: &Value| {
        (
            row["request_id"].as_str().unwrap().to_owned(),
            row["position"].as_i64().unwrap(),
        )
    };
    rows.iter().map(place).collect()
}

#[tokio::test]
async fn three_thousand_items_are_neither_lost_nor_doubled() {
    let world = World::new().await;
    let mut expected = Vec::new();
    // Steps end in the middle of requests and between them.
    for (count, items) in [(3, 700), (700, 1), (100, 2)] {
        for id in world.file(world.agency, count, items).await {
            expected.extend((1..=i64::from(items)).map(|position| (id.clone(), position)));
        }
    }
    for (party, filter) in [
        (ALL, Wanted::default()),
        (Party::Agency(world.agency), Wanted::default()),
        (
            ALL,
            Wanted {
                status: Some(Status::Filed),
                filed_from: Some(takedown_core::time::from_millis(0).unwrap()),
                ..Wanted::default()
            },
        ),
        (
            ALL,
            Wanted {
                platform: Some(world.platform),
                instrument: Some("referral".into()),
                ..Wanted::default()
            },
        ),
    ] {
        let rows = world.lines(party, filter).await;
        assert_eq!(places(&rows), expected);
    }
}

#[tokio::test]
async fn a_search_goes_on_past_requests_that_do_not_match() {
    let world = World::new().await;
    let mut made: Vec<_> = (0..9_000)
        .map(|_| request(world.agency, world.platform, 1))
        .collect();
    let wanted: Vec<_> = [10, 8_990]
        .map(|place: usize| {
            made[place].0.status = "acknowledged".into();
            (made[place].0.id.clone(), 1)
        })
        .into();
    world.insert(made).await;
    let acknowledged = Wanted {
        status: Some(Status::Acknowledged),
        ..Wanted::default()
    };
    assert_eq!(places(&world.lines(ALL, acknowledged).await), wanted);
}

#[tokio::test]
async fn what_is_filed_during_the_export_is_not_in_it() {
    let world = World::new().await;
    let before = world.file(world.agency, 1_500, 2).await;
    let mut export = world.export(ALL, Format::Ndjson, Wanted::default()).await;
    let first = export.next().await.unwrap().unwrap();
    let late = world.file(world.agency, 5, 2).await;
    let rest = text(export).await;
    let rows = lines(&(String::from_utf8(first.to_vec()).unwrap() + &rest));
    assert_eq!(rows.len(), before.len() * 2);
    assert!(places(&rows).iter().all(|(id, _)| !late.contains(id)));
}

#[tokio::test]
async fn an_empty_export_is_whole() {
    let world = World::new().await;
    let export = world.export(ALL, Format::Ndjson, Wanted::default()).await;
    assert_eq!(text(export).await, "");
    let sheet = text(world.export(ALL, Format::Csv, Wanted::default()).await).await;
    assert_eq!(sheet.matches("\r\n").count(), 1, "the heading alone");
    let rows: Vec<_> = world.history().await;
    assert!(rows.iter().all(|entry| entry["data"]["rows"] == 0));
}

#[tokio::test]
async fn the_end_comes_after_the_history_has_it() {
    let world = World::new().await;
    world.file(world.agency, 3, 1).await;
    let party = Party::Agency(world.agency);
    text(world.export(party, Format::Csv, Wanted::default()).await).await;
    let history = world.history().await;
    assert_eq!(history.len(), 1);
    let entry = &history[0];
    assert_eq!(entry["data"]["format"], "csv");
    assert_eq!(entry["data"]["rows"], 3);
    assert_eq!(entry["by"]["id"], world.agency.to_string());
}

#[tokio::test]
async fn a_reader_who_leaves_stops_the_work_and_is_recorded() {
    let world = World::new().await;
    world.file(world.agency, 2, 1_000).await;
    let mut export = world.export(ALL, Format::Ndjson, Wanted::default()).await;
    export.next().await.unwrap().unwrap();
    drop(export);
    until("the record", async || !world.history().await.is_empty()).await;
    let history = world.history().await;
    let rows = history[0]["data"]["rows"].as_u64().unwrap();
    assert!((1..2_000).contains(&rows), "{rows}");
}

#[tokio::test]
async fn a_slow_reader_holds_little() {
    let world = World::new().await;
    world.file(world.agency, 6, 1_000).await;
    let mut export = world.export(ALL, Format::Ndjson, Wanted::default()).await;
    until("the first chunk", async || !export.chunks.is_empty()).await;
    // The store has one thread for reading, so an export that went on would take turns with these.
    for _ in 0..100 {
        let nothing = |_: &mut Conn| -> Result<(), StoreError> { Ok(()) };
        world.cx.store.read(nothing).await.unwrap();
    }
    assert_eq!(
        export.chunks.len(),
        1,
        "a chunk in the channel and nothing of the rest"
    );
    let mut rows = 0;
    while let Some(chunk) = export.next().await {
        let chunk = chunk.unwrap();
        assert!(chunk.len() < 1_024 * 1_024, "{}", chunk.len());
        rows += chunk.iter().filter(|byte| **byte == b'\n').count();
    }
    assert_eq!(rows, 6_000);
}

#[tokio::test]
async fn an_export_that_breaks_does_not_look_whole() {
    let world = World::new().await;
    world.file(world.agency, 1, 1_000).await;
    let (mut broken, items) = request(world.agency, world.platform, 1);
    broken.filing = r#"{"grounds": "a secret"}"#.into();
    world.insert(vec![(broken, items)]).await;
    let mut export = world.export(ALL, Format::Ndjson, Wanted::default()).await;
    let mut last = None;
    while let Some(chunk) = export.next().await {
        last = Some(chunk);
        if matches!(last, Some(Err(_))) {
            break;
        }
    }
    assert!(matches!(last, Some(Err(_))), "an end that is an error");
}
