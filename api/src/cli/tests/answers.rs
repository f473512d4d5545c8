//! Showing and answering.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde_json::{Value, json};

use super::takedown;
use crate::cli::{CliError, Exit};
use crate::client::fake::{Answer, Fake};

const REQUEST: &str = "/v1/requests/req_1";

fn request(version: usize, kind: &str) -> Value {
    json!({"id": "req_1", "reference": "REF", "status": format!("v{version}"), "version": version, "kind": kind, "extra": 1.10,
        "summary": "The Unit may ask.", "instrument": {"id": "referral", "title": "Referral", "citation": "Law 1"},
        "agency": {"name": "Unit", "country": "PL", "status": "verified", "verification": {"method": "call_back", "verified_at": "2026-01-02T03:04:05Z"}},
        "platform": {"name": "Paste"}, "reasons": {"text": "eins\r\rzwei \u{202e}drei", "language": "de"},
        "clock": {"state": "running", "due_at": "2026-11-22T16:00:00.000Z"}, "waiting_for": "platform",
        "items": [
            {"id": "item_a", "position": 1, "kind": "url", "locator": "https://a.example/x", "defanged": "hxxps[:]//a[.]example/x"},
            {"id": "item_b", "position": 2, "kind": "url", "locator": "https://a.example/y"},
            {"id": "item_c", "position": 3, "kind": "url", "locator": "https://a.example/z", "outcome": {"code": "removed", "basis": "terms"}}]})
}

/// Each change leaves the next version.
async fn exchange(kind: &'static str) -> Fake {
    Fake::start(move |seen, n| {
        if seen.path.starts_with("/oauth") {
            return None;
        }
        if seen.path.contains("reference=") {
            let found = seen.path.contains("reference=7K3F9");
            let items = if found {
                vec![json!({"id": "req_1"})]
            } else {
                vec![]
            };
            return Some(Answer::json(200, &json!({"items": items, "next": null})));
        }
        if kind == "stale" && seen.path.ends_with("closure") {
            return Some(Answer::problem(
                412,
                "stale-version",
                json!({"current_version": 3}),
            ));
        }
        Some(Answer::json(200, &request(n, kind)).with("etag", &format!("\"{n}\"")))
    })
    .await
}

#[tokio::test]
async fn a_request_is_shown_inert_and_in_full() {
    let server = exchange("referral").await;
    let (ended, printed) = takedown(&server, &["show", "req_1"]).await;
    assert_eq!(ended.unwrap(), Exit::Done);
    for part in [
        "may: Referral, Law 1",
        "Unit (PL); verified by call_back, 2026-01-02 03:04:05 UTC",
        "hxxps[:]//a[.]example/x",
        "  eins\n  \n  zwei",
        "removed, on the basis of terms",
    ] {
        assert!(printed.contains(part), "{part} in {printed}");
    }
    assert!(
        !printed.contains("https://") && !printed.contains('\u{202e}'),
        "{printed}"
    );
    assert!(
        !printed.contains("Deadline") && !printed.contains("16:00"),
        "a referral shows no date: {printed}"
    );
    let order = exchange("order").await;
    let (_, printed) = takedown(&order, &["show", "req_1"]).await;
    assert!(
        printed.contains("must (as claimed)")
            && printed.contains("2026-11-22 16:00:00 UTC (running)"),
        "{printed}"
    );
    let (_, printed) = takedown(&server, &["show", "req_1", "--json"]).await;
    assert_eq!(
        serde_json::from_str::<Value>(&printed).unwrap()["extra"],
        1.10
    );
    let (_, printed) = takedown(&server, &["show", "req_1", "--exact"]).await;
    assert!(printed.contains("https://a.example/x"));
}

#[tokio::test]
async fn a_reference_read_aloud_finds_its_request() {
    let id: takedown_core::id::RequestId = uuid_id();
    let reference = takedown_core::id::Reference::from_request(id).to_string();
    let wanted = reference.clone();
    let server = Fake::start(move |seen, _| {
        if seen.path == format!("/v1/requests?reference={wanted}") {
            return Some(Answer::json(200, &json!({"items": [{"id": "req_1"}]})));
        }
        (seen.path == REQUEST).then(|| Answer::json(200, &request(1, "referral")))
    })
    .await;
    let spoken = reference.to_lowercase().replace('-', " ");
    let (ended, printed) = takedown(&server, &["show", &spoken]).await;
    assert_eq!(ended.unwrap(), Exit::Done);
    assert!(printed.contains("req_1"));
    let (ended, _) = takedown(&server, &["show", "nonsense"]).await;
    assert!(matches!(ended.unwrap_err(), CliError::Usage(_)));
}

fn uuid_id() -> takedown_core::id::RequestId {
    takedown_core::id::RequestId::from_uuid(uuid::Uuid::now_v7())
}

#[tokio::test]
async fn steps_are_done_in_order_each_on_the_version_before_it() {
    let server = exchange("referral").await;
    let line = [
        "answer",
        "req_1",
        "--close",
        "--acknowledge",
        "--ticket",
        "T-1",
        "--item",
        "1=declined-within-terms",
        "--item",
        "2=removed",
    ];
    let (ended, printed) = takedown(&server, &line).await;
    assert_eq!(ended.unwrap(), Exit::Done);
    assert!(printed.starts_with("REF: v4"), "{printed}");
    let calls = server.calls();
    let steps: Vec<_> = calls
        .iter()
        .map(|c| format!("{} {} {}", c.method, c.path, c.header("if-match")))
        .collect();
    assert_eq!(
        steps,
        [
            format!("GET {REQUEST} "),
            format!("PUT {REQUEST}/acknowledgement \"1\""),
            format!("POST {REQUEST}/decisions \"2\""),
            format!("PUT {REQUEST}/closure \"3\""),
        ]
    );
    assert_eq!(calls[1].json(), json!({"platform_reference": "T-1"}));
    assert_eq!(
        calls[2].json(),
        json!({"decisions": [
            {"items": ["item_a"], "outcome": "declined_within_terms", "basis": "terms"},
            {"items": ["item_b"], "outcome": "removed", "basis": "terms"}]})
    );
    assert_eq!(calls[3].json(), json!({}));
}

#[tokio::test]
async fn what_is_said_about_an_outcome_goes_with_that_one_alone() {
    let server = exchange("referral").await;
    let line = [
        "--item",
        "1=removed",
        "--item",
        "2=removed",
        "--text",
        "why",
    ];
    let (ended, printed) = takedown(&server, &[&["answer", "req_1"], &line[..]].concat()).await;
    assert_eq!(ended.unwrap(), Exit::Done);
    assert!(printed.starts_with("REF: "), "{printed}");
    assert_eq!(
        server.calls().pop().unwrap().json()["decisions"],
        json!([{"items": ["item_a", "item_b"], "outcome": "removed", "basis": "terms",
            "note": "why", "note_language": "en"}])
    );
    let line = [
        "--item",
        "1=geo-blocked",
        "--item",
        "2=duplicate",
        "--country",
        "PL",
        "--duplicate-of",
        "R",
    ];
    let (ended, _) = takedown(&server, &[&["answer", "req_1"], &line[..]].concat()).await;
    ended.unwrap();
    assert_eq!(
        server.calls().pop().unwrap().json()["decisions"],
        json!([
            {"items": ["item_a"], "outcome": "geo_blocked", "basis": "terms", "countries": ["PL"]},
            {"items": ["item_b"], "outcome": "duplicate", "basis": "terms", "duplicate_of": "R"}])
    );
    let before = server.all().len();
    for (line, says) in [
        (
            &[
                "--item",
                "1=removed",
                "--close",
                "not-found",
                "--text",
                "why",
            ][..],
            "not_found, removed",
        ),
        (&["--acknowledge", "--text", "why"], "--note"),
        (&["--all", "removed", "--country", "PL"], "geo_blocked"),
        (&["--all", "removed", "--duplicate-of", "R"], "duplicate"),
    ] {
        let (ended, _) = takedown(&server, &[&["answer", "req_1"], line].concat()).await;
        let Err(CliError::Usage(said)) = ended else {
            panic!("{line:?}: {ended:?}")
        };
        assert!(said.contains(says), "{said}");
    }
    assert_eq!(
        server.all().len(),
        before,
        "nothing was asked of the exchange"
    );
}

#[tokio::test]
async fn one_outcome_can_close_everything() {
    let server = exchange("order").await;
    let line = [
        "answer",
        "req_1",
        "--all",
        "geo-blocked",
        "--country",
        "PL",
        "--close",
        "not-found",
    ];
    takedown(&server, &line).await.0.unwrap();
    let calls = server.calls();
    assert_eq!(
        calls[1].json()["decisions"],
        json!([{"all_undecided": true, "outcome": "geo_blocked", "basis": "law", "countries": ["PL"]}])
    );
    assert_eq!(calls[2].json()["remaining"]["outcome"], "not_found");
}

#[tokio::test]
async fn a_version_that_is_stale_changes_nothing_and_is_told() {
    let server = exchange("stale").await;
    let (ended, _) = takedown(&server, &["answer", "req_1", "--acknowledge", "--close"]).await;
    let error = ended.unwrap_err().to_string();
    assert!(error.contains("412 stale-version"), "{error}");
    let (ended, _) = takedown(&server, &["answer", "req_1", "--item", "4=removed"]).await;
    assert!(ended.unwrap_err().to_string().contains("no link 4"));
    let writes = server.calls().iter().filter(|c| c.method != "GET").count();
    assert_eq!(writes, 2, "nothing was sent for a link that is not there");
}

#[tokio::test]
async fn messages_and_the_agencys_words_reach_their_places() {
    let cases: [(&[&str], &str, Value); 6] = [
        (
            &["--question", "which?", "--language", "pl"],
            "messages",
            json!({"kind": "question", "text": "which?", "language": "pl"}),
        ),
        (
            &["--obstacle", "force-majeure", "fire"],
            "messages",
            json!({"kind": "obstacle", "text": "fire", "language": "en", "obstacle": "force_majeure"}),
        ),
        (
            &["--obstacle-over", "out"],
            "messages",
            json!({"kind": "obstacle_over", "text": "out", "language": "en"}),
        ),
        (
            &["--answer", "that"],
            "messages",
            json!({"kind": "answer", "text": "that", "language": "en"}),
        ),
        (
            &["--withdraw", "no-longer-needed", "--text", "done"],
            "withdrawal",
            json!({"reason": "no_longer_needed", "text": {"text": "done", "language": "en"}}),
        ),
        (
            &["--reopen", "new-facts", "look"],
            "reopening",
            json!({"reason": "new_facts", "text": {"text": "look", "language": "en"}}),
        ),
    ];
    for (flags, place, body) in cases {
        let server = exchange("referral").await;
        let line = [&["answer", "req_1"], flags].concat();
        let (ended, printed) = takedown(&server, &line).await;
        ended.unwrap();
        assert!(printed.starts_with("REF: "), "{printed}");
        let call = server.calls().pop().unwrap();
        assert_eq!(call.path, format!("{REQUEST}/{place}"));
        assert_eq!(call.json(), body);
        assert_eq!(call.header("if-match"), "\"1\"");
    }
    let server = exchange("referral").await;
    let (ended, _) = takedown(&server, &["answer", "req_1", "--note", "x", "--close"]).await;
    assert!(matches!(ended.unwrap_err(), CliError::Usage(_)));
    assert!(server.all().is_empty());
}
