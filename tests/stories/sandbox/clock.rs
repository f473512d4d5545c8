//! The clock of a sandbox: what takes hours is seen in a second, and what the world outside judges stays on its own clock.

use super::{Tester, calm, started};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use takedown_tests::cli::Cli;
use takedown_tests::world::path;
use takedown_tests::{Db, Filing, both_databases, seams, wait};

both_databases!(
    a_removal_order_passes_its_hour,
    it_goes_forward_only_and_is_not_forgotten,
    what_others_judge_stays_on_the_real_clock,
    what_a_unit_signs_goes_by_the_clock_of_the_sandbox,
);

fn instant(value: &Value) -> DateTime<Utc> {
    value.as_str().unwrap().parse().unwrap()
}

/// The mails that lie there, as text.
fn mails(server: &takedown_tests::Server) -> Vec<String> {
    let directory = seams::mail_directory(server.data());
    let entries = std::fs::read_dir(directory).into_iter().flatten();
    let texts = entries.filter_map(|entry| {
        let path = entry.unwrap().path();
        let whole = path.extension().is_some_and(|ending| ending == "eml");
        whole.then(|| std::fs::read_to_string(path).unwrap())
    });
    texts.collect()
}

async fn a_removal_order_passes_its_hour(db: Db) {
    let server = started(db, &calm());
    let t = Tester::new(&server).await;
    let filed = t.asked(&json!({ "instrument": "eu-tco-order" })).await;
    let to = format!("To: owner@{}", t.host);
    let told = |mails: &[String]| mails.iter().filter(|mail| mail.contains(&to)).count();
    wait::until("the first mail", || async {
        (told(&mails(&server)) == 1).then_some(())
    })
    .await;
    let read = t.site.api.get(&path(&filed)).await.is(200).json();
    let due = instant(&read["clock"]["due_at"]);
    let left = due - instant(&read["fetched_at"]);
    assert_eq!(left, TimeDelta::hours(1));
    t.advance("PT50M").await;
    wait::until("the reminder", || async {
        (told(&mails(&server)) == 2).then_some(())
    })
    .await;
    for mail in mails(&server) {
        assert!(mail.contains("Subject: [SANDBOX"), "{mail}");
    }

    let late = t.advance("PT20M").await;
    assert!(instant(&late["now"]) > due);
    let answer = json!({ "remaining": { "outcome": "removed", "basis": "law" } });
    let at = path(&filed);
    t.site
        .api
        .put(&format!("{at}/acknowledgement"), &json!({}))
        .await
        .is(200);
    let closed = t
        .site
        .api
        .put(&format!("{at}/closure"), &answer)
        .if_match("*");
    let closed = closed.await.is(200).json();
    assert!(instant(&closed["closed_at"]) > due, "{closed:#}");
}

async fn it_goes_forward_only_and_is_not_forgotten(db: Db) {
    let mut server = started(db, &calm());
    let t = Tester::new(&server).await;
    let moved = t.advance("P1DT12H").await;
    assert_eq!(moved["ahead_seconds"], 129_600);
    let to = instant(&moved["now"]) + TimeDelta::hours(12);
    let wanted = json!({ "to": to.to_rfc3339() });
    let moved = t.site.api.post("/v1/sandbox/clock", &wanted).await.is(200);
    assert!(instant(&moved.json()["now"]) >= to);

    for (wrong, says) in [
        (json!({ "advance": "PT0S" }), "forward only"),
        (json!({ "advance": "P3651D" }), "ten years"),
        (json!({ "advance": "1 hour" }), "PT2H"),
        (json!({ "advance": "P1M" }), "no fixed length"),
        (json!({ "to": "2024-01-01T00:00:00Z" }), "forward only"),
        (json!({ "to": "9999-01-01T00:00:00Z" }), "ten years"),
        (json!({}), "say how far"),
        (
            json!({ "advance": "PT1H", "to": to.to_rfc3339() }),
            "leave it out",
        ),
    ] {
        let refused = t.unit.api.post("/v1/sandbox/clock", &wrong).await;
        let problem = refused.problem(422, "invalid");
        assert!(problem.to_string().contains(says), "{wrong}: {problem:#}");
    }

    server.stop();
    server.restart();
    let after = t.unit.api.get("/v1/sandbox").await.is(200).json();
    assert!(instant(&after["now"]) >= to, "{after:#}");
    // Of two who move it at once, both are heard.
    let before = instant(&after["now"]);
    tokio::join!(t.advance("PT1H"), t.advance("PT1H"));
    let after = t.unit.api.get("/v1/sandbox").await.is(200).json();
    assert!(instant(&after["now"]) - before >= TimeDelta::hours(2));
}

async fn what_others_judge_stays_on_the_real_clock(db: Db) {
    let server = started(db, &calm());
    let t = Tester::new(&server).await;
    let before = t
        .file(&Filing::referral(&["https://stalls.test/before"]))
        .await;
    let now = instant(&t.advance("P400D").await["now"]);
    // The token from before holds, and whoever comes now can log in.
    t.unit.api.get(&path(&before)).await.is(200);
    let new = Tester::new(&server).await;
    let filed = new.refer("removes.test").await;
    assert!(instant(&filed["filed_at"]) >= now);
    new.becomes(&filed, "closed").await;
    t.unit.api.forget_token().await;
    t.unit.api.get(&path(&before)).await.is(200);

    // What is looked for by its time is found, although identifiers are made by the time as well.
    let exported = async |from: DateTime<Utc>| {
        let from = from.to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
        let export = format!("/v1/exports/requests?format=ndjson&filed_from={from}");
        new.unit.api.get(&export).await.is(200).text()
    };
    let id = filed["id"].as_str().unwrap();
    assert!(exported(now - TimeDelta::hours(1)).await.contains(id));
    assert_eq!(exported(now + TimeDelta::days(2)).await.trim(), "");
}

/// A statement may be a week old, and the clock is further ahead.
async fn what_a_unit_signs_goes_by_the_clock_of_the_sandbox(db: Db) {
    let server = started(db, &calm());
    let t = Tester::new(&server).await;
    t.advance("P30D").await;
    let unit = Cli::of(&t.unit, &server);
    let new = [
        "keys",
        "new",
        "unit.key",
        "--unit",
        &t.unit.id,
        "--domain",
        "unit.test",
    ];
    unit.run(&new).await.ends(0);
    let added = unit.run(&["keys", "add", "unit.key"]).await.ends(0);
    assert!(
        added.err.contains("the clock of the sandbox"),
        "{}",
        added.err
    );
}
