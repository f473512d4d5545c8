//! The duties that go with an order last as long as the law lets them: silence towards the uploader, and keeping what was
//! removed.

use crate::main_job::instant;
use crate::taken_back::{inbox, send, withdraw};
use chrono::{DateTime, Months, TimeDelta, Utc};
use reqwest::Method;
use serde_json::{Value, json};
use takedown_tests::cli::Cli;
use takedown_tests::world::{Party, path};
use takedown_tests::{Answer, Db, Filing, World, both_databases};

both_databases!(
    silence_is_extended_once_by_six_weeks_and_lifted,
    what_is_extended_follows_everywhere,
    the_law_asks_to_keep_what_an_order_removed,
    neither_a_decision_nor_a_withdrawal_ends_a_preservation,
    what_is_kept_can_be_listed_and_done_by_command_line,
    where_nothing_is_to_be_kept_nothing_is,
);

pub const LINK: &str = "https://paste.example/order#key";

pub fn in_days(days: i64) -> String {
    (Utc::now() + TimeDelta::days(days)).to_rfc3339()
}

pub fn silent(days: i64) -> Filing {
    let silence = json!({"until": in_days(days), "reason": "An arrest is being prepared."});
    Filing::tco_order(&[LINK]).set("non_disclosure", silence)
}

async fn extend(w: &World, request: &Value, of: &str, days: i64) -> Answer {
    let what = format!("{of}/extensions");
    let body = json!({"until": in_days(days), "reason": "The inquiry goes on."});
    send(&w.unit, Method::POST, request, &what, body).await
}

async fn put(party: &Party, request: &Value, what: &str, body: Value) -> Answer {
    send(party, Method::PUT, request, what, body).await
}

async fn removed(w: &World, filing: &Filing) -> Value {
    let request = w.file(filing).await;
    w.acknowledge(&request).await;
    w.decide_all(&request, "removed").await
}

fn broken(problem: &Value) -> (&str, &str) {
    let rule = &problem["rules"][0];
    (
        rule["rule"].as_str().unwrap(),
        rule["citation"].as_str().unwrap(),
    )
}

async fn silence_is_extended_once_by_six_weeks_and_lifted(db: Db) {
    let w = World::new(db).await;
    let request = w.file(&silent(14)).await;
    let first = &request["non_disclosure"]["until"];
    let late = extend(&w, &request, "non-disclosure", 57).await;
    let late = late.problem_at(422, "contradicts-instrument", "/until");
    assert_eq!(
        broken(&late),
        (
            "instrument.non_disclosure_time",
            "Regulation (EU) 2021/784, Art 11(3)"
        )
    );
    let early = extend(&w, &request, "non-disclosure", 13).await;
    early.problem_at(422, "contradicts-instrument", "/until");
    assert_eq!(
        w.history(&request).await,
        ["request.filed"],
        "nothing half-done"
    );

    let longer = extend(&w, &request, "non-disclosure", 55)
        .await
        .is(201)
        .json();
    let silence = &longer["non_disclosure"];
    assert_eq!(
        &silence["extensions"][0]["was"], first,
        "it stays to be seen"
    );
    assert_eq!(silence["extensions"][0]["until"], silence["until"]);
    assert_eq!(silence["reason"], "An arrest is being prepared.");
    assert_eq!(longer["version"], 2);
    assert_eq!(longer["corrections"], json!([]), "no mistake was put right");
    let event = inbox(&w.platform).await.pop().unwrap();
    assert_eq!(event["type"], "non_disclosure.extended");
    assert!(!event.to_string().contains("inquiry"), "{event}");

    let again = extend(&w, &request, "non-disclosure", 60).await;
    let again = again.problem_at(422, "contradicts-instrument", "/until");
    assert_eq!(broken(&again).0, "instrument.non_disclosure_extensions");

    let word = json!({"text": {"text": "The arrest was made.", "language": "en"}});
    let lifted = put(&w.unit, &request, "non-disclosure/lifting", word).await;
    let lifted = lifted.is(200).json();
    let silence = &lifted["non_disclosure"];
    assert_eq!(silence["was_until"], longer["non_disclosure"]["until"]);
    assert_eq!(silence["until"], silence["lifted_at"]);
    assert!(instant(&silence["until"]) <= Utc::now());
    let event = inbox(&w.platform).await.pop().unwrap();
    assert_eq!(event["type"], "non_disclosure.lifted");
    let once = put(&w.unit, &request, "non-disclosure/lifting", json!({})).await;
    assert_eq!(once.is(200).json()["version"], lifted["version"]);
    let over = extend(&w, &request, "non-disclosure", 60).await;
    let over = over.problem_at(422, "contradicts-instrument", "/until");
    assert_eq!(broken(&over).0, "instrument.non_disclosure_ended");

    // Who filed none has none to extend, and a withdrawn order forbids nothing more.
    let open = w
        .file(&Filing::tco_order(&["https://paste.example/2"]))
        .await;
    let none = extend(&w, &open, "non-disclosure", 10).await;
    none.problem(409, "conflict-state");
    let gone = w
        .file(&silent(14).set("items", json!([{"locator": "https://paste.example/3"}])))
        .await;
    withdraw(&w, &gone, json!({"reason": "mistake"}))
        .await
        .is(200);
    let none = extend(&w, &gone, "non-disclosure", 20).await;
    none.problem(409, "conflict-state");
    put(&w.unit, &gone, "non-disclosure/lifting", json!({}))
        .await
        .is(200);
}

async fn what_is_extended_follows_everywhere(db: Db) {
    let w = World::new(db).await;
    let request = removed(&w, &silent(14)).await;
    let longer = extend(&w, &request, "non-disclosure", 50)
        .await
        .is(201)
        .json();
    let until = &longer["non_disclosure"]["until"];
    let statement = async || {
        let item = request["items"][0]["id"].as_str().unwrap();
        let place = format!("{}/items/{item}/statement", path(&request));
        w.platform.api.get(&place).await
    };
    let not_yet = statement().await.is(200).json();
    assert_eq!(not_yet["not_due"]["reason"], "not_yet");
    let detail = not_yet["not_due"]["detail"].as_str().unwrap();
    assert!(detail.contains(until.as_str().unwrap()), "{detail}");
    let exported = w.unit.api.get("/v1/exports/requests?format=ndjson").await;
    let row: Value = serde_json::from_str(exported.is(200).text().lines().next().unwrap()).unwrap();
    assert_eq!(&row["non_disclosure_until"], until);
    assert_eq!(row["preservation"], "asked");
    assert_eq!(row["preservation_until"], longer["preservation"]["until"]);
    put(&w.unit, &request, "non-disclosure/lifting", json!({}))
        .await
        .is(200);
    // The uploader may be told now, so the statement is judged on everything else.
    let now = statement().await.is(200).json();
    assert_ne!(now["not_due"]["reason"], "not_yet", "{now:#}");
}

async fn the_law_asks_to_keep_what_an_order_removed(db: Db) {
    let w = World::new(db).await;
    let order = w.file(&Filing::tco_order(&[LINK])).await;
    assert_eq!(order["preservation"], Value::Null, "nothing is removed yet");
    w.acknowledge(&order).await;
    let early = put(&w.platform, &order, "preservation", json!({})).await;
    early.problem(409, "conflict-state");
    let decided = w.decide_all(&order, "removed").await;
    let kept = &decided["preservation"];
    assert_eq!(
        (&kept["status"], &kept["basis"]),
        (&json!("asked"), &json!("law"))
    );
    let effective = instant(&decided["items"][0]["outcome"]["effective_at"]);
    let six_months: DateTime<Utc> = effective.checked_add_months(Months::new(6)).unwrap();
    assert_eq!(instant(&kept["until"]), six_months);
    assert_eq!(kept["by_law_until"], kept["until"]);

    let short = put(
        &w.platform,
        &order,
        "preservation",
        json!({"until": in_days(30)}),
    )
    .await;
    short.problem_at(422, "invalid", "/until");
    let tomorrow = put(
        &w.platform,
        &order,
        "preservation",
        json!({"since": in_days(1)}),
    )
    .await;
    tomorrow.problem_at(422, "invalid", "/since");
    let held = put(&w.platform, &order, "preservation", json!({}))
        .await
        .is(200)
        .json();
    assert_eq!(held["preservation"]["status"], "held");
    assert_eq!(held["preservation"]["held_until"], kept["until"]);
    let event = inbox(&w.unit).await.pop().unwrap();
    assert_eq!(event["type"], "preservation.held");
    let again = put(&w.platform, &order, "preservation", json!({}))
        .await
        .is(200)
        .json();
    assert_eq!(again["version"], held["version"]);

    // One extension asks for as long again as the law does, and no more.
    let far = extend(&w, &order, "preservation", 400).await;
    let far = far.problem_at(422, "contradicts-instrument", "/until");
    let detail = far["errors"][0]["detail"].as_str().unwrap();
    assert!(detail.contains("more than 6 months after"), "{detail}");
    assert_eq!(broken(&far).1, "Regulation (EU) 2021/784, Art 6");
    let court = json!({
        "until": in_days(350), "reason": "The appeal is pending.", "asked_by": "Regional Court",
    });
    let what = "preservation/extensions";
    let longer = send(&w.unit, Method::POST, &order, what, court)
        .await
        .is(201)
        .json();
    let extension = &longer["preservation"]["extensions"][0];
    assert_eq!(extension["asked_by"], "Regional Court");
    assert_eq!(extension["was"], kept["until"]);
    assert_eq!(longer["preservation"]["status"], "held");
    assert_eq!(
        longer["preservation"]["held_until"], kept["until"],
        "as it was said"
    );
    let earlier = extend(&w, &order, "preservation", 349).await;
    let earlier = earlier.problem_at(422, "contradicts-instrument", "/until");
    assert_eq!(
        broken(&earlier),
        (
            "instrument.preservation_time",
            "Regulation (EU) 2021/784, Art 6"
        )
    );
}

async fn neither_a_decision_nor_a_withdrawal_ends_a_preservation(db: Db) {
    let w = World::new(db).await;
    let filing = Filing::tco_order(&[LINK]).set("preservation", json!({"until": in_days(250)}));
    let order = removed(&w, &filing).await;
    assert_eq!(order["preservation"]["basis"], "filing");
    put(&w.platform, &order, "preservation", json!({}))
        .await
        .is(200);
    let lasts = put(&w.platform, &order, "preservation/deletion", json!({})).await;
    let lasts = lasts.problem(409, "conflict-state");
    assert!(lasts["detail"].as_str().unwrap().contains("lasts until"));
    w.close(&order).await;
    let withdrawn = withdraw(&w, &order, json!({"reason": "no_longer_needed"})).await;
    let withdrawn = withdrawn.is(200).json();
    assert_eq!(withdrawn["preservation"]["status"], "held");
    let item = &order["items"][0]["id"];
    let restored = takedown_tests::filing::decide(&[item], "restored");
    let restored = send(&w.platform, Method::POST, &order, "decisions", restored).await;
    assert_eq!(restored.is(201).json()["preservation"]["status"], "held");
    extend(&w, &order, "preservation", 300)
        .await
        .problem(409, "conflict-state");

    let released = put(&w.unit, &order, "preservation/release", json!({})).await;
    let released = released.is(200).json();
    assert_eq!(released["preservation"]["status"], "released");
    assert_eq!(
        inbox(&w.platform).await.pop().unwrap()["type"],
        "preservation.released"
    );
    let deleted = put(&w.platform, &order, "preservation/deletion", json!({})).await;
    let deleted = deleted.is(200).json();
    assert_eq!(deleted["preservation"]["status"], "deleted");
    assert_eq!(
        inbox(&w.unit).await.pop().unwrap()["type"],
        "preservation.deleted"
    );
    put(&w.platform, &order, "preservation", json!({}))
        .await
        .problem(409, "conflict-state");
}

async fn what_is_kept_can_be_listed_and_done_by_command_line(db: Db) {
    let w = World::new(db).await;
    let order = removed(&w, &silent(14)).await;
    let other = removed(&w, &Filing::tco_order(&["https://paste.example/2"])).await;
    let reference = order["reference"].as_str().unwrap();
    let platform = Cli::of(&w.platform, &w.server);
    let unit = Cli::of(&w.unit, &w.server);
    let held = platform.run(&["preservation", "hold", reference]).await;
    held.ends(0);
    let listed = async |query: &str| {
        let found = w.unit.api.list(&format!("/v1/requests?{query}")).await;
        found.iter().map(|r| r["id"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(listed("preservation=held").await, [order["id"].clone()]);
    assert_eq!(listed("preservation=asked").await, [other["id"].clone()]);
    let before = |days| in_days(days).replace('+', "%2B");
    let soon = format!("preservation=held&preserved_before={}", before(30));
    assert_eq!(listed(&soon).await, Vec::<Value>::new());
    let later = format!("preservation=held&preserved_before={}", before(200));
    assert_eq!(listed(&later).await, [order["id"].clone()]);
    let until = in_days(300);
    let words = ["preservation", "extend", reference, "--until", &until];
    unit.run(&words).await.ends(2);
    let words = [
        &words[..],
        &["--text", "An appeal is pending.", "--asked-by", "Court"],
    ]
    .concat();
    unit.run(&words).await.ends(0);
    let shown = unit.run(&["preservation", "show", reference]).await.ends(0);
    assert!(shown.out.contains("held, until"), "{}", shown.out);
    assert!(
        shown.out.contains("asked by Court: An appeal is pending."),
        "{}",
        shown.out
    );
    let table = platform.run(&["preservation", "list"]).await.ends(0);
    assert!(table.out.contains(reference), "{}", table.out);
    unit.run(&["preservation", "release", reference])
        .await
        .ends(0);
    platform
        .run(&["preservation", "delete", reference])
        .await
        .ends(0);
    let until = in_days(50);
    let words = [
        "non-disclosure",
        "extend",
        reference,
        "--until",
        &until,
        "--text",
        "It goes on.",
    ];
    unit.run(&words).await.ends(0);
    unit.run(&["non-disclosure", "lift", reference])
        .await
        .ends(0);
    let events = w.history(&order).await;
    assert_eq!(
        events[4..],
        [
            "preservation.held",
            "preservation.extended",
            "preservation.released",
            "preservation.deleted",
            "non_disclosure.extended",
            "non_disclosure.lifted",
        ]
    );
}

async fn where_nothing_is_to_be_kept_nothing_is(db: Db) {
    let w = World::new(db).await;
    let referral = removed(&w, &Filing::referral(&[LINK])).await;
    assert_eq!(referral["preservation"], Value::Null);
    assert_eq!(referral["preservation_status"], Value::Null);
    let problem = put(&w.platform, &referral, "preservation", json!({})).await;
    problem.problem(409, "conflict-state");
    extend(&w, &referral, "preservation", 300)
        .await
        .problem(409, "conflict-state");
    let asks = Filing::referral(&[LINK]).set("preservation", json!({"until": in_days(300)}));
    let asks = w.unit.api.post("/v1/requests", &asks.json()).await;
    asks.problem_at(422, "contradicts-instrument", "/preservation");
    let declined = w
        .file(&Filing::tco_order(&["https://paste.example/3"]))
        .await;
    w.acknowledge(&declined).await;
    let declined = w.decide_all(&declined, "declined_not_unlawful").await;
    assert_eq!(declined["preservation"], Value::Null);
}
