#![allow(clippy::unwrap_used, clippy::panic)]

use clap::Parser as _;
use serde_json::{Value, json};

use crate::cli::output::tests::printed;
use crate::cli::tests::scratch;
use crate::cli::{Cli, CliError, Command, Exit, Remote};

fn row(n: usize) -> Value {
    json!({
        "request_id": format!("req_{n:04}"), "agency_id": "agency_1", "agency_name": "Unit\u{202e}", "agency_country": "PL",
        "platform_id": "platform_1", "platform_name": "Paste", "platform_country": "DE",
        "platform_size_class": "micro", "kind": "referral", "instrument": "referral", "grounds": ["terms"],
        "status": "fetched", "withdrawal_reason": null, "filed_at": "2026-02-05T12:00:00.000Z",
        "fetched_at": "2026-02-05T13:30:59.000Z", "acknowledged_at": null, "scrutiny_asked_at": null,
        "scrutiny_finding": null, "final_at": null, "non_disclosure_until": null, "outcome": null, "basis": null,
        "effective_at": null, "first_decided_at": null, "undone_outcome": null, "undone_basis": null,
        "undone_effective_at": null, "item_withdrawal_reason": null, "objections": 0, "objection_outcome": null,
        "restoration_answer": null,
    })
}

async fn run(arguments: &[&str]) -> (Result<Exit, CliError>, String) {
    let line = ["takedown", "transparency"].iter().chain(arguments);
    let Command::Remote(command) = Cli::try_parse_from(line).unwrap().command else {
        panic!("not a command that speaks to an exchange");
    };
    let Remote::Transparency(args) = *command else {
        panic!("another command");
    };
    printed();
    let ended = super::run(*args).await;
    (ended, printed())
}

fn lines(rows: &[Value]) -> String {
    rows.iter().map(|row| format!("{row}\n")).collect()
}

#[tokio::test]
async fn an_export_is_counted_offline() {
    let home = scratch();
    let export = home.file("export.ndjson", &lines(&[row(1), row(1), row(2)]));
    let as_of = "2026-03-01T00:00:00Z";
    let arguments = [
        "--recompute",
        &export,
        "--period",
        "2026-02",
        "--as-of",
        as_of,
    ];
    let json = [&arguments[..], &["--format", "json"]].concat();
    let (ended, text) = run(&json).await;
    assert_eq!(ended.unwrap(), Exit::Done);
    let report: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report["made_at"], "2026-03-01T00:00:00.000Z");
    let all = &report["tables"][0];
    assert_eq!(
        (&all["counts"][0]["metric"], &all["counts"][0]["value"]),
        (&json!("requests"), &json!(2))
    );
    assert_eq!(all["times"][0]["median_seconds"], 5_400);
    let (_, table) = run(&arguments).await;
    assert!(table.contains("1 h 30 min / 1 h 30 min"), "{table}");
    assert!(
        table.contains("Unit") && !table.contains('\u{202e}'),
        "{table}"
    );
    assert!(
        !table.contains("must") && !table.contains("overdue"),
        "{table}"
    );
    let csv = [&arguments[..], &["--format", "csv"]].concat();
    let (_, text) = run(&csv).await;
    assert!(text.starts_with("period,made_at,"), "{text}");
    // As published nothing small is told, and of what is not over nothing at all.
    let published = [&json[..], &["--published"]].concat();
    let (_, text) = run(&published).await;
    let report: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report["tables"][0]["counts"][0]["shown"], "<5");
    let year = [
        "--recompute",
        &export,
        "--period",
        "2026",
        "--as-of",
        as_of,
        "--published",
    ];
    let said = run(&year).await.0.unwrap_err().to_string();
    assert!(said.contains("was not over"), "{said}");
    let open = [&year[..], &["--open-periods"]].concat();
    assert!(run(&open).await.0.is_ok());
}

#[tokio::test]
async fn what_is_no_export_is_refused_by_its_line() {
    let home = scratch();
    let mut without = row(2);
    without.as_object_mut().unwrap().remove("first_decided_at");
    let mut unknown = row(2);
    unknown["outcome"] = json!("vanished");
    for (name, text, says) in [
        (
            "order",
            lines(&[row(2), row(1)]),
            "line 2: the rows are not in the order",
        ),
        (
            "column",
            lines(&[row(1), without]),
            "line 2: missing field `first_decided_at`",
        ),
        (
            "word",
            lines(&[row(1), unknown]),
            "line 2: \"vanished\" is not an outcome",
        ),
        (
            "csv",
            "request_id,reference\n".to_owned(),
            "line 1: expected value",
        ),
        (
            "cut",
            lines(&[row(1)]) + "{\"request_id\":",
            "line 2: the file ends in the middle",
        ),
    ] {
        let export = home.file(name, &text);
        let arguments = ["--recompute", &export, "--period", "2026"];
        let said = run(&arguments).await.0.unwrap_err().to_string();
        assert!(said.contains(says), "{name}: {said}");
    }
    let absent = ["--recompute", "no-such-file", "--period", "2026"];
    let said = run(&absent).await.0.unwrap_err().to_string();
    assert!(said.starts_with("no-such-file"), "{said}");
}

#[tokio::test]
async fn the_time_is_needed_and_is_one() {
    let home = scratch();
    let export = home.file("export.ndjson", &lines(&[row(1)]));
    let said = run(&["--recompute", &export]).await.0.unwrap_err();
    assert!(said.to_string().contains("--period"), "{said}");
    let backwards = [
        "--recompute",
        &export,
        "--from",
        "2026-02-02",
        "--to",
        "2026-02-01",
    ];
    let said = run(&backwards).await.0.unwrap_err();
    assert!(said.to_string().contains("ends before it begins"), "{said}");
    let days = [
        "--recompute",
        &export,
        "--from",
        "2026-02-05",
        "--to",
        "2026-02-05",
    ];
    assert!(run(&days).await.0.is_ok());
    for wrong in [
        &[
            "--period",
            "2026",
            "--from",
            "2026-01-01",
            "--to",
            "2026-01-02",
        ][..],
        &["--from", "2026-01-01"],
        &["--period", "2026-13"],
        &["--published"],
        &["--recompute", "x", "--own"],
        &["--recompute", "x", "--period", "2026", "--published"],
    ] {
        let line = ["takedown", "transparency"].iter().chain(wrong);
        assert!(Cli::try_parse_from(line).is_err(), "{wrong:?}");
    }
}
