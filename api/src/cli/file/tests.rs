#![allow(clippy::unwrap_used, clippy::expect_used)]

mod import;

use serde_json::{Value, json};

use crate::cli::tests::{scratch, takedown};
use crate::cli::{CliError, Exit};
use crate::client::fake::{Answer, Fake, Seen};

const BATCH: &str = "/v1/requests/batch";
const ONE: &str = "/v1/requests";

fn made(n: usize) -> Value {
    json!({"id": format!("req_{n}"), "reference": format!("REF{n}"), "status": "filed", "kind": "referral",
        "platform": {"name": "Paste"}, "items": [{}], "summary": "May.", "extra": 1})
}

/// Accepts everything but filings whose operation is "bad" or that lie on several platforms.
fn exchange(seen: &Seen) -> Option<Answer> {
    let judge = |filing: &Value| -> Result<Value, Value> {
        let hosts: std::collections::BTreeSet<_> = filing["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|i| {
                i["locator"]
                    .as_str()
                    .unwrap()
                    .split('/')
                    .nth(2)
                    .unwrap()
                    .to_owned()
            })
            .collect();
        if filing["operation"] == "bad" {
            return Err(
                json!({"title": "Bad", "status": 422, "code": "invalid", "errors": [{"pointer": "#/operation", "detail": "no"}]}),
            );
        }
        if hosts.len() > 1
            && seen
                .headers
                .get("prefer")
                .is_some_and(|p| p == "handling=strict")
        {
            return Err(json!({"title": "Several", "status": 422, "code": "several-platforms"}));
        }
        if hosts.len() > 1 {
            return Ok(json!({
                "operation": {"id": "op_1", "label": filing["agency_reference"]},
                "requests": (1..=hosts.len()).map(made).collect::<Vec<_>>(),
            }));
        }
        Ok(made(1))
    };
    match (seen.method.as_str(), seen.path.as_str()) {
        ("POST", ONE) => Some(match judge(&seen.json()) {
            Ok(request) => Answer::json(201, &request),
            Err(problem) => Answer::text(422, "application/problem+json", &problem.to_string()),
        }),
        ("POST", BATCH) => {
            let rows = seen.json();
            let items: Vec<Value> = rows
                .as_array()
                .unwrap()
                .iter()
                .enumerate()
                .rev()
                .map(|(index, filing)| match judge(filing) {
                    Ok(request) => json!({"index": index, "status": 201, "request": request}),
                    Err(problem) => json!({"index": index, "status": 422, "problem": problem}),
                })
                .collect();
            Some(Answer::json(200, &json!({ "items": items })))
        }
        _ => None,
    }
}

async fn fake() -> Fake {
    Fake::start(|seen, _| exchange(seen)).await
}

fn filing(reference: &str, links: &[&str]) -> Value {
    json!({"instrument": "referral", "grounds": ["terms"], "reasons": {"text": "Ü\r\n\u{202e}x", "language": "pl"},
        "agency_reference": reference, "items": links.iter().map(|l| json!({"locator": l})).collect::<Vec<_>>()})
}

#[tokio::test]
async fn flags_become_one_filing() {
    let fake = fake().await;
    let (ended, printed) = takedown(
        &fake,
        &[
            "file",
            "hxxps[:]//paste[.]example/a#key",
            "--ground",
            "terms",
            "--reasons",
            "because",
            "--language",
            "pl",
            "--territory",
            "PL",
            "--territory",
            "worldwide",
            "--officer",
            "M-17",
            "--agency-reference",
            "KP-1/26",
        ],
    )
    .await;
    assert_eq!(ended.unwrap(), Exit::Done);
    assert!(
        printed.contains("filed REF1 req_1 (1 link to Paste)"),
        "{printed}"
    );
    let sent = fake.calls()[0].json();
    assert_eq!(
        sent,
        json!({"instrument": "referral", "grounds": ["terms"], "reasons": {"text": "because", "language": "pl"},
            "items": [{"locator": "hxxps[:]//paste[.]example/a#key", "kind": "url"}],
            "agency_reference": "KP-1/26", "territory": {"countries": ["PL"], "worldwide": true}, "officer": {"handle": "M-17"}})
    );
}

#[tokio::test]
async fn what_is_missing_for_a_filing_is_asked_for() {
    let fake = fake().await;
    let (ended, _) = takedown(
        &fake,
        &[
            "file",
            "https://a.example/x",
            "--ground",
            "terms",
            "--reasons",
            "r",
        ],
    )
    .await;
    let error = ended.unwrap_err();
    assert!(matches!(error, CliError::Usage(_)) && error.to_string().contains("--language"));
    assert!(fake.calls().is_empty());
}

#[tokio::test]
async fn every_line_is_accounted_for_in_order() {
    let directory = scratch();
    let bad = json!({"operation": "bad", "items": [{"locator": "https://a.example/x"}]});
    let text = format!(
        "\u{feff}{}\n\n{{broken\n{}\r\n[1]\n{bad}\n{}",
        filing("A-1", &["https://a.example/1"]),
        filing("A-2", &["https://a.example/2"]),
        filing("A-3", &["https://a.example/3"]),
    );
    let path = directory.file("many.ndjson", &text);
    let fake = fake().await;
    let (ended, printed) = takedown(&fake, &["file", "--ndjson", &path]).await;
    assert_eq!(ended.unwrap(), Exit::Refused);
    let lines: Vec<&str> = printed.lines().filter(|l| l.starts_with("line")).collect();
    let starts: Vec<&str> = lines
        .iter()
        .map(|l| l.split(" (").next().unwrap())
        .collect();
    assert_eq!(starts.len(), 6, "{printed}");
    assert!(
        starts[0].starts_with("line 1: filed")
            && starts[1].starts_with("line 3: refused: not JSON")
    );
    assert!(
        starts[2].starts_with("line 4: filed")
            && starts[3].starts_with("line 5: refused: not a JSON object")
    );
    assert!(
        starts[4].starts_with("line 6: refused: Bad") && starts[5].starts_with("line 7: filed")
    );
    assert!(printed.contains("#/operation: no"), "{printed}");
}

#[tokio::test]
async fn filings_of_a_file_are_sent_as_they_are() {
    let directory = scratch();
    let exact = r#"{"n": 1.10, "unknown": {"b":1,"a":2}, "items": [{"locator": "https://a.example/\u0061"}]}"#;
    let path = directory.file("two.ndjson", &format!("{exact}\n{exact}\n"));
    let fake = fake().await;
    takedown(&fake, &["file", "--ndjson", &path])
        .await
        .0
        .unwrap();
    assert_eq!(fake.calls()[0].body, format!("[{exact},{exact}]"));
}

#[tokio::test]
async fn batches_are_cut_and_results_can_be_read_by_a_program() {
    let directory = scratch();
    let rows: Vec<Value> = (0..7)
        .map(|n| filing(&format!("A-{n}"), &["https://a.example/1"]))
        .collect();
    let path = directory.file("array.json", &Value::from(rows).to_string());
    let fake = fake().await;
    let (ended, printed) = takedown(
        &fake,
        &["file", "--json", &path, "--batch", "3", "--output", "json"],
    )
    .await;
    assert_eq!(ended.unwrap(), Exit::Done);
    let calls: Vec<String> = fake.calls().into_iter().map(|c| c.path).collect();
    assert_eq!(calls, [BATCH, BATCH, ONE]);
    let lines: Vec<Value> = printed
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    assert_eq!(lines.len(), 7);
    assert_eq!(lines[6]["line"], 7);
    assert_eq!(lines[0]["request"]["extra"], 1);
}

#[tokio::test]
async fn links_on_several_platforms_become_one_request_each_under_an_operation() {
    let directory = scratch();
    let links = [
        "https://b.example/2?x=%41#f",
        "https://a.example/1",
        "https://b.example/3",
    ];
    let text = filing("KP-1", &links).to_string();
    let path = directory.file("one.json", &text);
    let server = fake().await;
    let (ended, printed) = takedown(&server, &["file", "--json", &path]).await;
    assert_eq!(ended.unwrap(), Exit::Done);
    assert!(
        printed.contains("filed as 2 requests under the operation KP-1 (op_1)")
            && printed.contains("REF2 req_2 to Paste"),
        "{printed}"
    );
    let (ended, _) = takedown(&server, &["file", "--json", &path, "--no-split"]).await;
    assert_eq!(ended.unwrap(), Exit::Refused);
}

#[tokio::test]
async fn a_batch_that_is_too_large_is_halved_until_the_culprit_is_found() {
    let directory = scratch();
    let rows: String = (0..5)
        .map(|n| filing(&format!("A-{n}"), &["https://a.example/1"]).to_string() + "\n")
        .collect();
    let path = directory.file("many.ndjson", &rows);
    let fake = Fake::start(|seen, _| {
        if seen.path.starts_with("/v1") && seen.body.contains("A-3") {
            return Some(Answer::problem(413, "body-too-large", json!({})));
        }
        exchange(seen)
    })
    .await;
    let (ended, printed) = takedown(&fake, &["file", "--ndjson", &path]).await;
    assert_eq!(ended.unwrap(), Exit::Refused);
    assert_eq!(printed.matches(": filed").count(), 4, "{printed}");
    assert!(
        printed.contains("line 4: refused: About body-too-large"),
        "{printed}"
    );
}

#[tokio::test]
async fn when_the_server_goes_away_every_line_is_still_accounted_for() {
    let directory = scratch();
    let rows: String = (0..5)
        .map(|n| filing(&format!("A-{n}"), &["https://a.example/1"]).to_string() + "\n")
        .collect();
    let path = directory.file("many.ndjson", &rows);
    let fake = Fake::start(|seen, _| match seen.path.as_str() {
        BATCH if seen.body.contains("A-2") => Some(Answer::problem(500, "internal", json!({}))),
        _ => exchange(seen),
    })
    .await;
    let (ended, printed) = takedown(&fake, &["file", "--ndjson", &path, "--batch", "2"]).await;
    assert!(ended.unwrap_err().to_string().contains("500 internal"));
    assert_eq!(printed.matches(": filed").count(), 2, "{printed}");
    assert!(
        printed.contains("line 3: not known") && printed.contains("line 4: not known"),
        "{printed}"
    );
    assert!(printed.contains("line 5: refused: not sent"), "{printed}");
}

#[tokio::test]
async fn an_answer_that_forgets_a_row_is_not_taken_for_success() {
    let directory = scratch();
    let row = filing("A", &["https://a.example/1"]);
    let path = directory.file("two.ndjson", &format!("{row}\n{row}\n"));
    let fake = Fake::start(|seen, _| {
        (seen.path == BATCH).then(|| {
            Answer::json(200, &json!({"items": [{"index": 1, "status": 201, "request": made(1)}, {"index": 9, "status": 201}]}))
        })
    })
    .await;
    let (ended, printed) = takedown(&fake, &["file", "--ndjson", &path]).await;
    assert_eq!(ended.unwrap(), Exit::Refused);
    assert!(
        printed.contains("line 1: not known") && printed.contains("line 2: filed"),
        "{printed}"
    );
}
