//! What the Digital Services Act asks of an order and of a notice, filled from the record and printed.

use crate::taken_back::{send, withdraw};
use reqwest::Method;
use serde_json::{Value, json};
use takedown_tests::cli::Cli;
use takedown_tests::world::{Party, path};
use takedown_tests::{Db, Filing, World, both_databases};

both_databases!(
    an_order_has_its_elements_and_the_effect_is_told,
    a_notice_is_confirmed_and_its_decision_told,
    what_the_law_asks_for_cannot_be_left_out,
);

const LINK: &str = "https://paste.example/tickets#key";

fn words(text: &str) -> Value {
    json!({"text": text, "language": "en"})
}

fn order() -> Filing {
    Filing::referral(&[LINK, "https://paste.example/2"])
        .set("instrument", json!("eu-dsa-art9-order"))
        .set("grounds", json!(["dsa:scams_and_fraud"]))
        .set("provision", json!("Article 286 of the Criminal Code"))
        .set("legal_basis", json!("Article 14 of the Police Act"))
        .set(
            "redress",
            words("Complaint to the Regional Court within 7 days."),
        )
        .set("effect_to", json!("Office of Electronic Communications"))
}

fn notice() -> Filing {
    Filing::referral(&[LINK])
        .set("instrument", json!("eu-dsa-art16-notice"))
        .set("grounds", json!(["dsa:scams_and_fraud"]))
        .set("officer", json!({"handle": "M-17", "name": "Maria Nowak"}))
        .set("bona_fide", json!(true))
}

async fn form(party: &Party, request: &Value, form: &str) -> takedown_tests::Answer {
    let place = format!("{}/forms/{form}", path(request));
    party.api.get(&place).await
}

async fn page(party: &Party, request: &Value, name: &str) -> String {
    let form = form(party, request, name).await.is(200).json();
    form["copies"][0]["print"].as_str().unwrap().to_owned()
}

fn has(page: &str, parts: &[&str]) {
    for part in parts {
        assert!(page.contains(part), "{part}: {page}");
    }
}

async fn an_order_has_its_elements_and_the_effect_is_told(db: Db) {
    let w = World::new(db).await;
    let request = w.file(&order()).await;
    assert_eq!(request["legal_basis"], "Article 14 of the Police Act");
    assert_eq!(request["redress"]["language"], "en");
    let ordered = page(&w.unit, &request, "dsa_art9").await;
    has(
        &ordered,
        &[
            "Article 14 of the Police Act",
            "Article 286 of the Criminal Code",
            "1: https://paste.example/tickets#key",
            "Limited to what is strictly necessary (Article 9(2)(b))\n    PL\n",
            "Complaint to the Regional Court within 7 days.",
            "Office of Electronic Communications",
        ],
    );
    let none = form(&w.unit, &request, "dsa_art9_effect").await;
    let none = none.problem(409, "no-form");
    assert!(
        none["detail"]
            .as_str()
            .unwrap()
            .contains("no item has an outcome")
    );
    w.acknowledge(&request).await;
    let item = &request["items"][0]["id"];
    let removed = takedown_tests::filing::decide(&[item], "removed");
    send(&w.platform, Method::POST, &request, "decisions", removed)
        .await
        .is(201);
    let effect = page(&w.platform, &request, "dsa_art9_effect").await;
    has(
        &effect,
        &["tickets#key: removed, 20", "Not answered yet\n    2: https"],
    );
    withdraw(&w, &request, json!({"reason": "mistake"}))
        .await
        .is(200);
    has(
        &page(&w.platform, &request, "dsa_art9").await,
        &["took this order back"],
    );
    let other = form(&w.unit, &request, "annex_i")
        .await
        .problem(409, "no-form");
    assert!(other["detail"].as_str().unwrap().contains("eu-tco-order"));
}

async fn a_notice_is_confirmed_and_its_decision_told(db: Db) {
    let w = World::new(db).await;
    let request = w.file(&notice()).await;
    assert_eq!(
        (&request["kind"], &request["clock"]),
        (&json!("referral"), &Value::Null)
    );
    assert_eq!(request["instrument"]["power"], "voluntary");
    let none = form(&w.unit, &request, "dsa_art16_receipt").await;
    none.problem(409, "no-form");
    w.acknowledge(&request).await;
    let receipt = page(&w.unit, &request, "dsa_art16_receipt").await;
    has(
        &receipt,
        &[
            "[x] the notifier believes in good faith",
            "Maria Nowak",
            LINK,
            "(Article 16(4)) [R]",
        ],
    );
    let theirs = page(&w.platform, &request, "dsa_art16_receipt").await;
    assert!(
        theirs.contains("M-17") && !theirs.contains("Nowak"),
        "{theirs}"
    );
    let decided = json!({"decisions": [{
        "all_undecided": true, "outcome": "removed", "basis": "law", "uploader_informed": "yes",
    }]});
    send(&w.platform, Method::POST, &request, "decisions", decided)
        .await
        .is(201);
    let reference = request["reference"].as_str().unwrap();
    let unit = Cli::of(&w.unit, &w.server);
    let decision = unit
        .run(&["form", reference, "dsa-art16-decision"])
        .await
        .ends(0);
    has(
        &decision.out,
        &["[x] the law", "[ ] the provider's terms", "Automated means"],
    );
    // A notice that meets Article 16 is the source of the platform's statement.
    let item = request["items"][0]["id"].as_str().unwrap();
    let place = format!("{}/items/{item}/statement", path(&request));
    let draft = w.platform.api.get(&place).await.is(200).json();
    assert!(draft.to_string().contains("SOURCE_ARTICLE_16"), "{draft:#}");
}

async fn what_the_law_asks_for_cannot_be_left_out(db: Db) {
    let w = World::new(db).await;
    for (filing, rule, pointer) in [
        (
            order().set("legal_basis", Value::Null),
            "instrument.legal_basis",
            "/legal_basis",
        ),
        (
            order().set("redress", Value::Null),
            "instrument.redress",
            "/redress",
        ),
        (
            notice().set("bona_fide", Value::Null),
            "instrument.bona_fide",
            "/bona_fide",
        ),
        (
            notice().set("bona_fide", json!(false)),
            "instrument.bona_fide",
            "/bona_fide",
        ),
        (
            order().set("bona_fide", json!(true)),
            "instrument.no_bona_fide",
            "/bona_fide",
        ),
        (
            notice().set("redress", words("None.")),
            "instrument.no_redress",
            "/redress",
        ),
    ] {
        let refused = w.unit.api.post("/v1/requests", &filing.json()).await;
        let refused = refused.problem_at(422, "contradicts-instrument", pointer);
        assert_eq!(refused["rules"][0]["rule"], rule);
        let citation = refused["rules"][0]["citation"].as_str().unwrap();
        assert!(citation.contains("2022/2065"), "{citation}");
    }
    assert_eq!(w.unit.api.list("/v1/requests").await, Vec::<Value>::new());
}
