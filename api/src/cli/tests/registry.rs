//! Exporting and registering.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use serde_json::{Value, json};

use super::{scratch, takedown};
use crate::cli::Exit;
use crate::client::fake::{Answer, Fake};

#[tokio::test]
async fn an_export_is_whole_or_not_there() {
    let home = scratch();
    let path = home.path().join("out.csv");
    let target = path.display().to_string();
    let server = Fake::start(|seen, _| {
        let answer = Answer::text(200, "text/csv", "a,b\n1,2\n");
        match seen.path.as_str() {
            "/v1/exports/requests?format=csv&status=closed&filed_from=2026-01-01T00%3A00%3A00Z" => {
                Some(answer)
            }
            "/v1/exports/requests?format=csv" => Some(answer.broken()),
            _ => None,
        }
    })
    .await;
    let line = [
        "export",
        "--format",
        "csv",
        "--out",
        &target,
        "--status",
        "closed",
        "--filed-from",
        "2026-01-01T00:00:00Z",
    ];
    assert_eq!(takedown(&server, &line).await.0.unwrap(), Exit::Done);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "a,b\n1,2\n");
    let (ended, _) = takedown(&server, &["export", "--format", "csv", "--out", &target]).await;
    assert!(ended.unwrap_err().to_string().contains("no whole answer"));
    assert_eq!(
        std::fs::read_to_string(&path).unwrap(),
        "a,b\n1,2\n",
        "the old one stays"
    );
    let left: Vec<_> = std::fs::read_dir(home.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "nothing partial stays");
}

#[tokio::test]
async fn the_registry_is_listed_page_by_page() {
    let server = Fake::start(|seen, _| match seen.path.as_str() {
        "/v1/agencies?limit=200" => Some(Answer::json(200, &json!({"items": [{"id": "agency_1", "name": "A", "x": 1}], "next": "c"}))),
        "/v1/agencies?limit=200&cursor=c" => Some(Answer::json(200, &json!({"items": [{"id": "agency_2", "name": "B\u{1b}", "verification": {"method": "vouched"}}], "next": null}))),
        _ => None,
    })
    .await;
    let (ended, printed) = takedown(&server, &["agency", "list"]).await;
    assert_eq!(ended.unwrap(), Exit::Done);
    assert_eq!(printed.lines().count(), 3, "{printed}");
    assert!(printed.contains("vouched") && !printed.contains('\u{1b}'));
    let (_, printed) = takedown(&server, &["agency", "list", "--json"]).await;
    assert!(printed.contains("\"x\":1"));
}

#[tokio::test]
async fn registering_sends_what_the_flags_say() {
    let cases: [(&[&str], &str, &str, Value); 5] = [
        (
            &[
                "agency",
                "verify",
                "agency_1",
                "--method",
                "call-back",
                "--expires-at",
                "2099-01-01T00:00:00Z",
            ],
            "PUT",
            "/v1/agencies/agency_1/verification",
            json!({"method": "call_back", "expires_at": "2099-01-01T00:00:00Z"}),
        ),
        (
            &[
                "platform",
                "add",
                "--name",
                "P",
                "--country",
                "DE",
                "--host",
                "a.example",
                "--host",
                "b.example",
                "--contact",
                "x@a.example",
                "--language",
                "ar",
            ],
            "POST",
            "/v1/platforms",
            json!({"name": "P", "country": "DE", "hosts": ["a.example", "b.example"], "contacts": ["x@a.example"], "languages": ["ar"], "time_zone": "UTC"}),
        ),
        (
            &["client", "add", "--name", "n", "--auditor"],
            "POST",
            "/v1/clients",
            json!({"name": "n", "auditor": {"everything": true}, "authentication": "secret"}),
        ),
        (
            &[
                "client",
                "add",
                "--name",
                "n",
                "--auditor",
                "--agency",
                "agency_1",
            ],
            "POST",
            "/v1/clients",
            json!({"name": "n", "auditor": {"agency": "agency_1"}, "authentication": "secret"}),
        ),
        (
            &["client", "suspend", "client_1", "--reason", "lost"],
            "PUT",
            "/v1/clients/client_1/suspension",
            json!({"reason": "lost"}),
        ),
    ];
    for (line, method, path, body) in cases {
        let server = Fake::start(|seen, _| {
            (!seen.path.starts_with("/oauth"))
                .then(|| Answer::json(201, &json!({"id": "x_1", "client_secret": "sss"})))
        })
        .await;
        let (ended, printed) = takedown(&server, line).await;
        assert_eq!(ended.unwrap(), Exit::Done);
        let call = server.calls().pop().unwrap();
        assert!(call.is(method, path), "{call:?}");
        assert_eq!(call.json(), body);
        assert!(printed.contains("x_1"));
    }
}

#[tokio::test]
async fn a_secret_can_go_into_a_file_of_its_own() {
    let home = scratch();
    let path = home.path().join("secret");
    let target = path.display().to_string();
    let server = Fake::start(|seen, _| {
        (!seen.path.starts_with("/oauth"))
            .then(|| Answer::json(201, &json!({"id": "client_1", "client_secret": "sss"})))
    })
    .await;
    let line = [
        "client",
        "rotate",
        "client_1",
        "--secret-out",
        &target,
        "--json",
    ];
    let (ended, printed) = takedown(&server, &line).await;
    assert_eq!(ended.unwrap(), Exit::Done);
    assert!(!printed.contains("sss"), "{printed}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "sss\n");
    let calls = server.calls().len();
    assert!(
        takedown(&server, &line).await.0.is_err(),
        "an existing file is not overwritten"
    );
    assert_eq!(server.calls().len(), calls, "and no secret was made for it");
}
