//! The whole job from a shell: file, inbox, answer, export, and the registry.

use serde_json::json;
use takedown_tests::cli::Cli;
use takedown_tests::{Db, World, both_databases};

both_databases!(
    the_job_by_command_line,
    many_filings_from_a_file_each_with_its_result
);

async fn the_job_by_command_line(db: Db) {
    let w = World::new(db).await;
    let (unit, platform, auditor) = (
        Cli::of(&w.unit, &w.server),
        Cli::of(&w.platform, &w.server),
        Cli::of(&w.auditor, &w.server),
    );
    assert_eq!(
        platform
            .run(&["inbox", "--state", "place"])
            .await
            .ends(0)
            .code,
        0,
        "nothing new"
    );

    let filed = unit
        .run(&[
            "file",
            "hxxps[:]//paste[.]example/a",
            "https://paste.example/b?x=1#y",
            "--ground",
            "tco:a",
            "--reasons",
            "Instructions that fall under your own terms.",
            "--language",
            "en",
            "--agency-reference",
            "KP-7",
            "--output",
            "json",
        ])
        .await
        .ends(0);
    assert_eq!(filed.lines().len(), 1, "{}", filed.out);
    let request = w
        .unit
        .api
        .list("/v1/requests?agency_reference=KP-7")
        .await
        .remove(0);
    let id = request["id"].as_str().unwrap();
    let reference = request["reference"].as_str().unwrap();

    // Exit code 10 is what a cron line looks at; the table shows no clickable locator.
    let inbox = platform.run(&["inbox", "--state", "place"]).await.ends(10);
    assert!(
        inbox.out.contains(reference) && !inbox.out.contains("https://"),
        "{}",
        inbox.out
    );
    platform.run(&["inbox", "--state", "place"]).await.ends(0);
    assert_eq!(
        platform.run(&["inbox", "--json"]).await.ends(10).lines()[0]["request"]["id"],
        id
    );

    let shown = platform.run(&["show", reference]).await.ends(0);
    assert!(shown.out.contains("Cyber Unit Krak"), "{}", shown.out);
    platform
        .run(&["answer", reference, "--acknowledge", "--ticket", "T-1"])
        .await
        .ends(0);
    platform
        .run(&["answer", id, "--question", "Which of the two?"])
        .await
        .ends(0);
    unit.run(&["answer", id, "--answer", "Both."]).await.ends(0);
    let closed = platform
        .run(&[
            "answer",
            id,
            "--item",
            "2=not-found",
            "--close",
            "removed",
            "--json",
        ])
        .await
        .ends(0)
        .json();
    assert_eq!(
        (&closed["status"], &closed["result"]),
        (&json!("closed"), &json!("partly_actioned"))
    );
    let refused = unit.run(&["answer", id, "--acknowledge"]).await.ends(1);
    assert!(
        refused.out.is_empty() && refused.err.contains("error"),
        "{}",
        refused.err
    );

    let rows = auditor
        .run(&["export", "--format", "ndjson"])
        .await
        .ends(0)
        .lines();
    assert_eq!(rows.len(), 2);
    auditor
        .run(&["export", "--format", "csv", "--out", "all.csv"])
        .await
        .ends(0);
    let table =
        crate::export::cells(&std::fs::read_to_string(auditor.dir().join("all.csv")).unwrap());
    assert_eq!(table.len(), 3);
}

async fn many_filings_from_a_file_each_with_its_result(db: Db) {
    let w = World::new(db).await;
    let unit = Cli::of(&w.unit, &w.server);
    let mut lines: Vec<String> = (0..600)
        .map(|n| {
            takedown_tests::Filing::referral(&[&format!("https://paste.example/{n}")])
                .reference(&format!("N-{n}"))
                .json()
                .to_string()
        })
        .collect();
    lines[10] = "{\"instrument\": \"no-such\"}".to_owned();
    std::fs::write(unit.dir().join("many.ndjson"), lines.join("\n")).unwrap();
    let results = unit
        .run(&["file", "--ndjson", "many.ndjson", "--output", "json"])
        .await
        .ends(1)
        .lines();
    assert_eq!(results.len(), 600);
    assert_eq!(w.unit.api.list("/v1/requests?limit=200").await.len(), 599);
    // The same file again files nothing twice.
    unit.run(&["file", "--ndjson", "many.ndjson", "--output", "json"])
        .await
        .ends(1);
    assert_eq!(w.unit.api.list("/v1/requests?limit=200").await.len(), 599);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_inbox_that_runs_a_command_for_each_link_never_through_a_shell() {
    let w = World::new(Db::Sqlite).await;
    let platform = Cli::of(&w.platform, &w.server);
    w.file(&takedown_tests::Filing::referral(&[
        "https://paste.example/$(touch pwned)/;touch%20pwned",
        "https://paste.example/b",
    ]))
    .await;
    let script = platform.dir().join("handle");
    std::fs::write(&script, "#!/bin/sh\nprintf '%s %s %s\\n' \"$TAKEDOWN_REFERENCE\" \"$TAKEDOWN_KIND\" \"$1\" >> handled\n").unwrap();
    std::fs::set_permissions(&script, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    platform
        .run(&["inbox", "--state", "place", "--exec", "./handle"])
        .await
        .ends(10);
    let handled = std::fs::read_to_string(platform.dir().join("handled")).unwrap();
    let lines: Vec<_> = handled.lines().collect();
    assert_eq!(lines.len(), 2, "{handled}");
    assert!(
        lines[0].ends_with(" referral https://paste.example/$(touch pwned)/;touch%20pwned"),
        "{handled}"
    );
    assert!(!platform.dir().join("pwned").exists());
    platform
        .run(&["inbox", "--state", "place", "--exec", "./handle"])
        .await
        .ends(0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_operator_brings_in_a_unit_and_a_platform_from_the_shell() {
    let w = World::new(Db::Sqlite).await;
    let operator = Cli::of(&w.operator, &w.server);
    let agency = operator
        .run(&[
            "agency",
            "add",
            "--name",
            "New unit",
            "--country",
            "PL",
            "--mail",
            "new@police.example",
            "--complaints",
            "c@police.example",
            "--json",
        ])
        .await
        .ends(0)
        .json();
    let id = agency["id"].as_str().unwrap();
    let until = (chrono::Utc::now() + chrono::TimeDelta::days(300)).to_rfc3339();
    operator
        .run(&[
            "agency",
            "verify",
            id,
            "--method",
            "call-back",
            "--expires-at",
            &until,
        ])
        .await
        .ends(0);
    operator
        .run(&[
            "client",
            "add",
            "--name",
            "its system",
            "--agency",
            id,
            "--secret-out",
            "secret",
        ])
        .await
        .ends(0);
    assert!(
        !std::fs::read_to_string(operator.dir().join("secret"))
            .unwrap()
            .trim()
            .is_empty()
    );
    operator.run(&["platform", "list"]).await.ends(0);
    let wrong = operator
        .run(&["agency", "show", "agency_01h455vb4pex5vsknk084sn02q"])
        .await
        .ends(1);
    assert!(wrong.err.contains("error"), "{}", wrong.err);
    operator.run(&["agency", "add"]).await.ends(2);
}
