//! The transparency report: counted by the server, and by whoever has an export, to the same bytes.

use std::collections::BTreeMap;

use chrono::{Datelike, Utc};
use reqwest::Method;
use serde_json::{Value, json};
use takedown_tests::cli::Cli;
use takedown_tests::world::{Party, path};
use takedown_tests::{Answer, Db, Filing, World, both_databases, filing, seams, wait};

mod asked;
mod told;

both_databases!(every_number_is_recomputed_from_an_export,);

/// Often and with what is not over, so that a story need not wait for the new year.
fn at_once() -> Vec<(String, String)> {
    vec![
        seams::setting("TAKEDOWN_TRANSPARENCY_EVERY", "1s"),
        seams::setting("TAKEDOWN_TRANSPARENCY_OPEN_PERIODS", "true"),
    ]
}

async fn send(party: &Party, method: Method, request: &Value, below: &str, body: Value) -> Answer {
    let address = format!("{}/{below}", path(request));
    party
        .api
        .call(method, &address)
        .if_match("*")
        .json(&body)
        .await
}

async fn decide(w: &World, request: &Value, outcome: &str) {
    w.acknowledge(request).await;
    w.decide_all(request, outcome).await;
}

fn link(n: usize) -> String {
    format!("https://paste.example/{n}")
}

/// Requests of every kind and fate; how many of each is known here by name.
async fn mixed(w: &World) {
    for n in 0..8 {
        let request = w
            .file(&Filing::referral(&[&link(n), &link(n + 1_000)]))
            .await;
        if n < 6 {
            let outcome = if n < 2 {
                "declined_within_terms"
            } else {
                "removed"
            };
            decide(w, &request, outcome).await;
            w.close(&request).await;
        }
    }
    for n in 10..18 {
        let request = w.file(&Filing::tco_order(&[&link(n)])).await;
        decide(
            w,
            &request,
            if n == 10 {
                "unable_manifest_error"
            } else {
                "removed"
            },
        )
        .await;
        match n {
            // Taken back after it was removed: put back, not put back, not answered yet.
            11..=13 => {
                let reason = json!({"reason": "mistake"});
                send(&w.unit, Method::PUT, &request, "withdrawal", reason)
                    .await
                    .is(200);
                match n {
                    11 => drop(w.decide_all_again(&request, "restored").await),
                    12 => drop(w.decide_all_again(&request, "declined_not_unlawful").await),
                    _ => {}
                }
            }
            // Put right by the platform: it had not been removed but was out of reach.
            14 => {
                let item = &request["items"][0]["id"];
                let mut again = filing::decide(&[item], "access_disabled");
                again["revision"] = json!({"reason": "mistake"});
                send(&w.platform, Method::POST, &request, "decisions", again).await;
            }
            _ => {}
        }
    }
    // In silence, for some weeks yet.
    let until = Utc::now() + chrono::TimeDelta::days(30);
    let silence = json!({"until": until.to_rfc3339(), "reason": "An arrest is planned."});
    for n in 20..22 {
        let order = Filing::tco_order(&[&link(n)]).set("non_disclosure", silence.clone());
        let request = w.file(&order).await;
        decide(w, &request, "removed").await;
    }
    // Another unit, few; one is withdrawn before anybody read it, one item of another by itself.
    let mut theirs = Vec::new();
    for n in 30..33 {
        let two = Filing::referral(&[&link(n), &link(n + 1_000)]).json();
        let filed = w.other_unit.api.post("/v1/requests", &two).await;
        theirs.push(filed.is(201).json());
    }
    let duplicate = json!({"reason": "duplicate"});
    send(
        &w.other_unit,
        Method::PUT,
        &theirs[0],
        "withdrawal",
        duplicate,
    )
    .await
    .is(200);
    let one = json!({"reason": "mistake", "items": [theirs[1]["items"][0]["id"]]});
    send(&w.other_unit, Method::PUT, &theirs[1], "withdrawal", one)
        .await
        .is(200);
}

/// A count of the table of everything.
fn count(report: &Value, metric: &str, code: Option<&str>) -> u64 {
    let counts = report["tables"][0]["counts"].as_array().unwrap();
    let found = counts
        .iter()
        .find(|count| count["metric"] == metric && count["code"].as_str() == code);
    found.map_or(0, |count| count["value"].as_u64().unwrap())
}

async fn every_number_is_recomputed_from_an_export(db: Db) {
    let w = World::with(db, &at_once()).await;
    mixed(&w).await;
    let quiet = Utc::now();
    let auditor = Cli::of(&w.auditor, &w.server);
    auditor
        .run(&["export", "--out", "all.ndjson"])
        .await
        .ends(0);
    let year = Utc::now().year().to_string();

    // Every number, as the server counts and as the export says.
    let own = [
        "transparency",
        "--own",
        "--period",
        &year,
        "--format",
        "json",
    ];
    let counted = auditor.run(&own).await.ends(0);
    let report = counted.json();
    let made_at = report["made_at"].as_str().unwrap().to_owned();
    let offline = |more: &[&str]| {
        let arguments = [
            "transparency",
            "--recompute",
            "all.ndjson",
            "--as-of",
            &made_at,
        ];
        [&arguments[..], more]
            .concat()
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let run = async |more: &[&str]| {
        let arguments = offline(more);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        auditor.run(&arguments).await.ends(0).out
    };
    assert_eq!(
        run(&["--period", &year, "--format", "json"]).await,
        counted.out
    );
    let only = ["--instrument", "eu-tco-order", "--platform", &w.platform.id];
    let server = auditor.run(&[&own[..], &only].concat()).await.ends(0).out;
    let as_of = serde_json::from_str::<Value>(&server).unwrap()["made_at"]
        .as_str()
        .unwrap()
        .to_owned();
    let file = [
        &[
            "transparency",
            "--recompute",
            "all.ndjson",
            "--as-of",
            &as_of,
            "--period",
            &year,
            "--format",
            "json",
        ][..],
        &only,
    ]
    .concat();
    assert_eq!(auditor.run(&file).await.ends(0).out, server);

    // And as they are known here.
    for (metric, code, number) in [
        ("requests", None, 21),
        ("referrals", None, 11),
        ("orders", None, 10),
        ("items", None, 32),
        ("status", Some("closed"), 6),
        ("status", Some("withdrawn"), 4),
        ("withdrawal", Some("mistake"), 3),
        ("withdrawal", Some("duplicate"), 1),
        ("border", Some("cross_border"), 10),
        ("obstacle", Some("manifest_error"), 1),
        ("result", Some("refused"), 4),
        ("result", Some("unable"), 1),
        ("result", Some("restored"), 1),
        ("result", Some("undecided"), 7),
        ("result", Some("withdrawn"), 3),
        ("outcome", Some("restored_after_removal"), 1),
        ("removal", Some("removed_or_disabled"), 17),
        ("item_withdrawal", Some("mistake"), 1),
        ("restoration", Some("restored"), 1),
        ("restoration", Some("declined"), 1),
        ("restoration", Some("unanswered"), 1),
        ("reinstatement", Some("after_withdrawal"), 1),
    ] {
        assert_eq!(count(&report, metric, code), number, "{metric} {code:?}");
    }
    let times: BTreeMap<&str, &Value> = report["tables"][0]["times"]
        .as_array()
        .unwrap()
        .iter()
        .map(|time| (time["measure"].as_str().unwrap(), &time["values"]))
        .collect();
    assert_eq!(times["receipt"], 16);
    assert_eq!(times["acknowledgement"], 16);
    assert_eq!(times["outcome"], 22);
    assert_eq!(times["effect"], 17);
    let csv = run(&["--period", &year, "--format", "csv"]).await;
    assert!(csv.lines().count() > 100, "{csv}");

    // What is published, too, of every period there is.
    for period in [year.clone(), format!("{year}-{:02}", Utc::now().month())] {
        let published = edition_after(&w, &period, quiet).await;
        let report = published.json();
        let as_of = report["made_at"].as_str().unwrap();
        let arguments = [
            "transparency",
            "--recompute",
            "all.ndjson",
            "--period",
            &period,
            "--published",
            "--open-periods",
            "--as-of",
            as_of,
            "--format",
            "json",
        ];
        let again = auditor.run(&arguments).await.ends(0).out;
        assert_eq!(again.trim_end(), published.text(), "{period}");
        let csv = w
            .anonymous
            .get(&format!("/v1/transparency?period={period}&format=csv"));
        assert!(csv.await.is(200).text().starts_with("period,made_at,"));
    }
    // And a shell without a login shows it.
    let table = auditor
        .run(&["transparency", "--period", &year])
        .await
        .ends(0)
        .out;
    assert!(
        table.contains("Cyber Unit Kraków") && table.contains("not known to the exchange"),
        "{table}"
    );
}

/// The report of a period, counted after everything was done.
async fn edition_after(w: &World, period: &str, quiet: chrono::DateTime<Utc>) -> Answer {
    wait::until("an edition", async || {
        let address = format!("/v1/transparency?period={period}");
        let answer = w.anonymous.get(&address).await;
        let made_at = answer.json()["made_at"].as_str().map(str::to_owned)?;
        (made_at.parse::<chrono::DateTime<Utc>>().unwrap() > quiet).then_some(answer)
    })
    .await
}
