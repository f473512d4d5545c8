//! A platform is told before its first order, or the order says why not.

use serde_json::{Value, json};
use takedown_tests::cli::Cli;
use takedown_tests::world::path;
use takedown_tests::{Db, Filing, World, both_databases};

both_databases!(
    a_first_order_waits_for_its_notice_or_says_why_not,
    a_notice_is_read_by_its_platform_and_by_nobody_else,
    notice_is_given_from_the_command_line,
);

const LINK: &str = "https://paste.example/order";

/// Without the waiver that the orders of other stories carry.
fn bare() -> Filing {
    Filing::tco_order(&[LINK]).set("prior_notice_waived", Value::Null)
}

fn notice(platform: &str) -> Value {
    json!({
        "platform": platform, "instrument": "eu-tco-order",
        "text": {"text": "Orders come through this exchange; the hour counts from reading one.", "language": "en"},
    })
}

async fn a_first_order_waits_for_its_notice_or_says_why_not(db: Db) {
    let w = World::new(db).await;
    let file = async |filing: &Filing| w.unit.api.post("/v1/requests", &filing.json()).await;
    let refused = file(&bare()).await;
    let refused = refused.problem_at(422, "contradicts-instrument", "/prior_notice_waived");
    assert_eq!(refused["rules"][0]["rule"], "instrument.prior_notice");
    assert_eq!(
        refused["rules"][0]["citation"],
        "Regulation (EU) 2021/784, Art 3(2)"
    );
    assert!(
        w.unit.api.list("/v1/requests").await.is_empty(),
        "nothing is half done"
    );

    let body = notice(&w.platform.id);
    let give = async || {
        w.unit
            .api
            .post("/v1/notices", &body)
            .key("n-1")
            .await
            .is(201)
            .json()
    };
    let given = give().await;
    assert_eq!(give().await, given, "by its key");
    let hours = |value: &Value| -> chrono::DateTime<chrono::Utc> {
        value.as_str().unwrap().parse().unwrap()
    };
    let wait = hours(&given["order_from"]) - hours(&given["given_at"]);
    assert_eq!(wait, chrono::TimeDelta::hours(12));
    let early = file(&bare()).await.problem(422, "contradicts-instrument");
    let from = given["order_from"].as_str().unwrap();
    assert!(
        early["detail"].as_str().unwrap().contains(from),
        "{early:#}"
    );

    let waived = bare().set(
        "prior_notice_waived",
        json!("An attack is announced for tonight."),
    );
    let request = file(&waived).await.is(201).json();
    assert_eq!(request["prior_notice"]["by"], "waived");
    let seen = w.platform.api.get(&path(&request)).await.is(200).json();
    assert_eq!(
        seen["prior_notice"]["reason"],
        "An attack is announced for tonight."
    );
    let form = format!("{}/forms/annex_i", path(&request));
    let form = w.unit.api.get(&form).await.is(200).json();
    let page = form["copies"][0]["print"].as_str().unwrap();
    assert!(
        page.contains("An attack is announced for tonight."),
        "{page}"
    );
    // It is about the first one only, and a waiver that is not needed is not recorded.
    for filing in [bare(), waived.clone()] {
        let next = file(&filing).await.is(201).json();
        assert_eq!(next["prior_notice"]["by"], "earlier_order");
        assert_eq!(next["prior_notice"]["reason"], Value::Null);
    }
    // To another platform, and by another agency, it is again the first.
    let there =
        Filing::tco_order(&["https://forum.example/t"]).set("prior_notice_waived", Value::Null);
    file(&there).await.problem(422, "contradicts-instrument");
    let other = w.other_unit.api.post("/v1/requests", &bare().json());
    other.await.problem(422, "contradicts-instrument");
    let referral = Filing::referral(&[LINK]).set("prior_notice_waived", json!("In a hurry."));
    let refused = file(&referral).await;
    let refused = refused.problem_at(422, "contradicts-instrument", "/prior_notice_waived");
    assert_eq!(refused["rules"][0]["rule"], "instrument.no_prior_notice");
}

async fn a_notice_is_read_by_its_platform_and_by_nobody_else(db: Db) {
    let w = World::new(db).await;
    let given = w
        .unit
        .api
        .post("/v1/notices", &notice(&w.platform.id))
        .await
        .is(201);
    let place = given.header("location").unwrap().to_owned();
    let given = given.json();
    let inbox = w.platform.api.get("/v1/inbox").await.is(200);
    assert!(
        !inbox.text().contains("the hour counts"),
        "{}",
        inbox.text()
    );
    let entry = inbox.json()["items"][0].clone();
    assert_eq!(entry["type"], "notice.given");
    assert_eq!(entry["request"], Value::Null);
    assert_eq!(entry["notice"]["id"], given["id"]);
    assert_eq!(entry["notice"]["read_at"], Value::Null);
    // Its agency may look without its being read.
    let unread = w.unit.api.get(&place).await.is(200).json();
    assert_eq!(unread["read_at"], Value::Null);
    let read = w.platform.api.get(&place).await.is(200).json();
    assert!(
        read["text"]["text"]
            .as_str()
            .unwrap()
            .contains("the hour counts")
    );
    let again = w.platform.api.get(&place).await.is(200).json();
    assert_eq!(again["read_at"], read["read_at"], "the first time counts");
    let seen = w.unit.api.list("/v1/notices").await;
    assert_eq!(seen[0]["read_at"], read["read_at"]);
    let never = format!("/v1/notices/notice_{}", crate::tenancy::NEVER);
    for party in [&w.other_unit, &w.other_platform] {
        assert!(party.api.list("/v1/notices").await.is_empty());
        let id = given["id"].as_str().unwrap();
        let (foreign, unknown) = (party.api.get(&place).await, party.api.get(&never).await);
        assert_eq!(foreign.status, 404);
        let unknown_id = format!("notice_{}", crate::tenancy::NEVER);
        assert_eq!(
            crate::tenancy::seen(&foreign, id),
            crate::tenancy::seen(&unknown, &unknown_id)
        );
    }
    for party in [&w.operator, &w.auditor, &w.platform] {
        let refused = party.api.post("/v1/notices", &notice(&w.platform.id)).await;
        refused.problem(403, "forbidden");
    }
    let mut wrong = notice(&w.platform.id);
    wrong["instrument"] = json!("referral");
    let refused = w.unit.api.post("/v1/notices", &wrong).await;
    refused.problem_at(422, "invalid", "/instrument");
    let nobody = format!("platform_{}", crate::tenancy::NEVER);
    let refused = w.unit.api.post("/v1/notices", &notice(&nobody)).await;
    refused.problem_at(422, "invalid", "/platform");
}

async fn notice_is_given_from_the_command_line(db: Db) {
    let w = World::new(db).await;
    let (unit, platform) = (Cli::of(&w.unit, &w.server), Cli::of(&w.platform, &w.server));
    let words = [
        "--text",
        "Orders come through this exchange.",
        "--language",
        "en",
    ];
    let give = [&["notice", "give", &w.platform.id], words.as_slice()].concat();
    let given = unit.run(&give).await.ends(0);
    let id = given.out.split(':').next().unwrap().to_owned();
    assert!(
        given.out.contains("a first order can follow from"),
        "{}",
        given.out
    );
    let inbox = platform.run(&["inbox"]).await.ends(10);
    assert!(
        inbox.out.contains(&id) && inbox.out.contains("notice.given"),
        "{}",
        inbox.out
    );
    let show = platform.run(&["notice", "show", &id]).await.ends(0);
    assert!(
        show.out.contains("Orders come through this exchange."),
        "{}",
        show.out
    );
    let list = unit.run(&["notice", "list"]).await.ends(0);
    assert!(list.out.contains(&id), "{}", list.out);
    let file = [
        "file",
        LINK,
        "--instrument",
        "eu-tco-order",
        "--ground",
        "tco:a",
        "--reasons",
        "It calls for an attack.",
        "--language",
        "en",
    ];
    unit.run(&file).await.ends(1);
    let waived = [
        file.as_slice(),
        &["--prior-notice-waived", "An attack is near."],
    ]
    .concat();
    unit.run(&waived).await.ends(0);
}
