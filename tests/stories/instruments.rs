//! Under which powers can be filed: the built-in ones and an operator's own.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use takedown_tests::cli::Cli;
use takedown_tests::world::path;
use takedown_tests::{Db, Filing, World, both_databases};

both_databases!(
    a_national_power_is_offered_and_what_was_filed_under_it_outlives_it,
    anyone_known_reads_what_an_instrument_needs,
);

const POWER: &str = r#"id = "pl-example-act-7"
kind = "order"
title = "Order under section 7"
citation = "Example Act, s.7"
summary = "Asks for removal within two working days."
effect = "As claimed, it is binding."
jurisdiction = ["PL"]
issuer_types = ["police"]
item_kinds = []
needs_reasons = true
needs_provision = false
territory = "any"
modification_suffices = false
obstacles = ["manifest_error"]

[clock]
starts = "receipt"
amount = 2
unit = "working_days"
calendar = "pl-example"
after_interruption = "resumes"
citation = "Example Act, s.8"

[[ground]]
code = "pl-example:hatred"
title = "Incites hatred"
citation = "Example Act, s.3"

[[ground]]
code = "pl-example:threat"
title = "Threatens"
citation = "Example Act, s.4"
"#;

fn calendar() -> String {
    let mut text = String::from(
        "id = \"pl-example\"\ntitle = \"Example\"\ncitation = \"Holidays Act\"\ntime_zone = \"Europe/Warsaw\"\n\
         weekend = [\"saturday\", \"sunday\"]\nfirst_year = 2024\nlast_year = 2060\n",
    );
    for year in 2024..=2060 {
        text += &format!("\n[[holiday]]\ndate = {year}-01-01\nname = \"New Year\"\n");
    }
    text
}

/// Files of an operator: one power, its calendar, and one file with a wrong unit.
fn files(of: &Path) -> PathBuf {
    let directory = of.join("instruments");
    std::fs::create_dir_all(directory.join("calendars")).unwrap();
    std::fs::write(directory.join("calendars/pl-example.toml"), calendar()).unwrap();
    std::fs::write(directory.join("pl-example-act-7.toml"), POWER).unwrap();
    let wrong = POWER.replacen("pl-example-act-7", "pl-wrong", 1).replacen(
        "unit = \"working_days\"",
        "unit = \"minutes\"",
        1,
    );
    std::fs::write(directory.join("pl-wrong.toml"), wrong).unwrap();
    directory
}

async fn a_national_power_is_offered_and_what_was_filed_under_it_outlives_it(db: Db) {
    let mut w = World::new(db).await;
    let directory = files(w.server.data());
    w.server.stop();
    w.server.set((
        "TAKEDOWN_INSTRUMENTS_DIRECTORY".to_owned(),
        directory.display().to_string(),
    ));
    w.server.restart();

    // The wrong file is named and counted, and hinders nobody.
    let ready = w.anonymous.get("/readyz").await.is(200).json();
    assert_eq!(ready["instruments"]["own"], 1);
    assert_eq!(ready["instruments"]["mistakes"], 1);
    assert!(
        w.server.log().contains("pl-wrong.toml:19: "),
        "{}",
        w.server.log()
    );
    let offered = w
        .unit
        .api
        .get("/v1/instruments/pl-example-act-7")
        .await
        .is(200)
        .json();
    assert_eq!(offered["built_in"], false);
    assert_eq!(offered["clock"]["calendar"], "pl-example");
    w.unit
        .api
        .get("/v1/instruments/pl-wrong")
        .await
        .problem(404, "not-found");

    let unit = Cli::of(&w.unit, &w.server);
    let checked = unit
        .run(&["instruments", "check", directory.to_str().unwrap()])
        .await;
    assert_eq!(
        (checked.code, checked.out.trim()),
        (1, "1 right, 1 mistakes")
    );
    assert!(
        checked.err.contains("pl-wrong.toml:19: unknown variant"),
        "{}",
        checked.err
    );
    let listed = unit.run(&["instruments", "list"]).await;
    assert!(listed.out.contains("pl-example-act-7"), "{}", listed.out);
    let shown = unit.run(&["instruments", "show", "pl-example-act-7"]).await;
    assert!(
        shown.out.contains("2 working days (pl-example)"),
        "{}",
        shown.out
    );

    let filing = Filing::tco_order(&["https://paste.example/a"])
        .set("instrument", json!("pl-example-act-7"))
        .set("prior_notice_waived", Value::Null)
        .set("grounds", json!(["pl-example:hatred"]));
    let filed = w
        .unit
        .api
        .post("/v1/requests", &filing.json())
        .await
        .is(201)
        .json();
    assert_eq!(filed["grounds"][0]["title"], "Incites hatred");
    let corrections = format!("{}/corrections", path(&filed));
    let corrected = |grounds: Value| {
        let body = json!({ "grounds": grounds });
        w.unit.api.post(&corrections, &body).if_match("*")
    };
    let unknown = corrected(json!(["tco:a"])).await;
    unknown.problem_at(422, "contradicts-instrument", "/grounds/0");
    let other = corrected(json!(["pl-example:threat"])).await.is(201).json();
    assert_eq!(other["grounds"][0]["title"], "Threatens");

    // The file goes; the request stays readable, gets its deadline by its own days, is answered and exported.
    std::fs::remove_file(directory.join("pl-example-act-7.toml")).unwrap();
    std::fs::remove_file(directory.join("calendars/pl-example.toml")).unwrap();
    w.server.stop();
    w.server.restart();
    let body = json!({ "grounds": ["pl-example:hatred"] });
    let stays = w.unit.api.post(&corrections, &body).if_match("*").await;
    stays.problem_at(422, "invalid", "/grounds");
    let read = w.platform.api.get(&path(&filed)).await.is(200).json();
    assert_eq!(read["instrument"]["title"], "Order under section 7");
    assert_eq!(read["instrument"]["citation"], "Example Act, s.7");
    assert_eq!(read["grounds"][0]["title"], "Threatens");
    assert_eq!(read["clock"]["state"], "running");
    assert_ne!(read["clock"]["due_at"], Value::Null);
    let path = path(&filed);
    let ack = w
        .platform
        .api
        .put(&format!("{path}/acknowledgement"), &json!({}))
        .await
        .is(200);
    let closing = json!({"remaining": {"outcome": "removed", "basis": "terms"}});
    let closed = w
        .platform
        .api
        .put(&format!("{path}/closure"), &closing)
        .if_match(&ack.etag());
    assert_eq!(closed.await.is(200).json()["status"], "closed");
    let export = w
        .auditor
        .api
        .get("/v1/exports/requests?format=ndjson")
        .await
        .is(200);
    assert!(export.text().contains("pl-example-act-7"));
    let refused = w.unit.api.post("/v1/requests", &filing.json()).await;
    refused.problem_at(422, "invalid", "/instrument");
}

async fn anyone_known_reads_what_an_instrument_needs(db: Db) {
    let w = World::new(db).await;
    for who in [&w.unit, &w.platform, &w.auditor, &w.operator] {
        let all = who.api.get("/v1/instruments").await.is(200).json();
        assert_eq!(all["items"].as_array().unwrap().len(), 24);
        let india = who
            .api
            .get("/v1/instruments/in-it-rules-3-1-d")
            .await
            .is(200)
            .json();
        assert!(
            india["rank_floor"][0]
                .as_str()
                .unwrap()
                .contains("Deputy Inspector General")
        );
        assert_eq!(india["clock"]["amount"], 3);
        assert!(!india["recalled"].as_array().unwrap().is_empty());
    }
    let voluntary = w
        .unit
        .api
        .get("/v1/instruments/referral")
        .await
        .is(200)
        .json();
    assert_eq!(voluntary["clock"], Value::Null);
    w.unit
        .api
        .get("/v1/instruments/EU")
        .await
        .problem(404, "not-found");
    w.anonymous
        .get("/v1/instruments")
        .await
        .problem(401, "unauthenticated");
}
