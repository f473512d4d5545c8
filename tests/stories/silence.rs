//! A platform that told the uploader although an order forbids it for now: taken as a fact, warned of, told to the agency.

use reqwest::Method;
use serde_json::{Value, json};
use takedown_tests::cli::Cli;
use takedown_tests::filing::decide;
use takedown_tests::smtp::{Demands, Smtp};
use takedown_tests::world::path;
use takedown_tests::{Db, Filing, World, both_databases, seams};

use crate::kept::{LINK, silent};
use crate::taken_back::{inbox, send};

both_databases!(
    who_told_the_uploader_too_early_is_on_record,
    who_told_him_when_he_might_is_not,
);

fn informed(items: &[&Value], outcome: &str, informed: &str) -> Value {
    let mut body = decide(items, outcome);
    body["decisions"][0]["uploader_informed"] = json!(informed);
    body["decisions"][0]["basis"] = json!("law");
    body
}

async fn decided(w: &World, request: &Value, body: Value) -> Value {
    let answer = send(&w.platform, Method::POST, request, "decisions", body).await;
    answer.is(201).json()
}

async fn last_entry(w: &World, request: &Value) -> Value {
    let entries = w.unit.api.list(&format!("{}/history", path(request))).await;
    entries.last().unwrap()["data"]["decisions"][0].clone()
}

async fn who_told_the_uploader_too_early_is_on_record(db: Db) {
    let smtp = Smtp::start(Demands::Nothing);
    let w = World::with(db, &seams::smtp_settings(smtp.port(), "none", None)).await;
    let links = json!([{"locator": LINK}, {"locator": "https://paste.example/other"}]);
    let order = w.file(&silent(14).set("items", links)).await;
    assert_eq!(order["non_disclosure"]["broken_for"], json!([]));
    w.acknowledge(&order).await;
    let [first, second] = [0, 1].map(|n| &order["items"][n]["id"]);
    let quiet = informed(&[first], "removed", "non_disclosure");
    let quiet = decided(&w, &order, quiet).await;
    assert_eq!(quiet["non_disclosure"]["broken_for"], json!([]));
    assert!(last_entry(&w, &order).await["against_non_disclosure"].is_null());
    let told = decided(&w, &order, informed(&[second], "removed", "yes")).await;
    assert_eq!(told["non_disclosure"]["broken_for"], json!([second]));
    assert_eq!(told["items"][1]["outcome"]["uploader_informed"], "yes");
    assert_eq!(last_entry(&w, &order).await["against_non_disclosure"], true);
    let events = inbox(&w.unit).await;
    let [.., before, after] = events.as_slice() else {
        unreachable!("{events:?}")
    };
    assert_eq!(before["request"]["told_against_non_disclosure"], 0);
    assert_eq!(after["type"], "request.decided");
    assert_eq!(after["request"]["told_against_non_disclosure"], 1);
    let mails = smtp.mails_to("unit@police.example", 2).await;
    let says = "of 1 of 2, as Paste says, while the request forbade it";
    let said = |mail: &Value| mail["text"].as_str().unwrap().contains(says);
    assert_eq!(mails.iter().map(said).collect::<Vec<_>>(), [false, true]);
    // It stays said once telling is allowed, and the same again changes nothing.
    send(
        &w.unit,
        Method::PUT,
        &order,
        "non-disclosure/lifting",
        json!({}),
    )
    .await
    .is(200);
    let again = decided(&w, &order, informed(&[second], "removed", "yes")).await;
    assert_eq!(again["non_disclosure"]["broken_for"], json!([second]));
    let unit = Cli::of(&w.unit, &w.server);
    let reference = order["reference"].as_str().unwrap();
    let shown = unit.run(&["show", reference]).await.ends(0);
    assert!(
        shown.out.contains("the uploader of 1 link was told"),
        "{}",
        shown.out
    );
    // By command line the platform is warned as it answers.
    let other = w
        .file(&silent(14).set("items", json!([{"locator": "https://paste.example/3"}])))
        .await;
    let platform = Cli::of(&w.platform, &w.server);
    let words = [
        "answer",
        other["reference"].as_str().unwrap(),
        "--acknowledge",
        "--all",
        "removed",
        "--uploader-informed",
        "yes",
    ];
    let warned = platform.run(&words).await.ends(0);
    assert!(
        warned.err.contains("warning: the uploader"),
        "{}",
        warned.err
    );
}

async fn who_told_him_when_he_might_is_not(db: Db) {
    let w = World::new(db).await;
    let order = w.file(&silent(14)).await;
    w.acknowledge(&order).await;
    send(
        &w.unit,
        Method::PUT,
        &order,
        "non-disclosure/lifting",
        json!({}),
    )
    .await
    .is(200);
    let item = &order["items"][0]["id"];
    let told = decided(&w, &order, informed(&[item], "removed", "yes")).await;
    assert_eq!(told["non_disclosure"]["broken_for"], json!([]));
    assert!(last_entry(&w, &order).await["against_non_disclosure"].is_null());
    let open = w
        .file(&Filing::tco_order(&["https://paste.example/2"]))
        .await;
    w.acknowledge(&open).await;
    let item = &open["items"][0]["id"];
    let told = decided(&w, &open, informed(&[item], "removed", "yes")).await;
    assert!(told["non_disclosure"].is_null());
    let event = inbox(&w.unit).await.pop().unwrap();
    assert_eq!(event["request"]["told_against_non_disclosure"], 0);
}
