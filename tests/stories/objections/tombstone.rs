//! The page that stands in the place of what was acted on.

use serde_json::json;
use takedown_tests::{Db, Filing, World, both_databases};

use super::{LINK, page_of, removed, tombstone};

both_databases!(
    the_page_says_who_asked_and_the_code_is_the_same_ever_after,
    while_a_non_disclosure_holds_nothing_is_told_and_no_code_opens_anything,
);

async fn the_page_says_who_asked_and_the_code_is_the_same_ever_after(db: Db) {
    let w = World::new(db).await;
    let referral = removed(&w, &Filing::referral(&[LINK]), "terms").await;
    let page = tombstone(&w.platform, &referral, "?language=de").await;
    assert_eq!(page["http_status"], 410);
    assert_eq!(
        (&page["language"], &page["disclosed"]),
        (&json!("de"), &json!(true))
    );
    let text = page["text"].as_str().unwrap();
    assert!(
        text.contains("Kraków") && text.contains("freiwillig"),
        "{text}"
    );
    let html = page["html"].as_str().unwrap();
    assert!(html.starts_with("<!DOCTYPE html>\n<html lang=\"de\" dir=\"ltr\">"));
    let code = page["objection"]["code"].as_str().unwrap();
    assert!(text.contains(code) && html.contains(code));
    for never in ["<script", "http-equiv", LINK, "paste.example/removed"] {
        assert!(!page.to_string().contains(never), "{never}: {page}");
    }
    for status in ["451", "200"] {
        let query = format!("?status={status}");
        let refused = w.platform.api.get(&page_of(&referral, &query)).await;
        refused.problem(409, "no-tombstone");
    }
    // The code is that of the first time, in every language; the auditor sees none and makes none.
    let arabic = tombstone(&w.platform, &referral, "?language=ar-EG").await;
    assert_eq!(
        (&arabic["direction"], &arabic["objection"]["code"]),
        (&json!("rtl"), &json!(code))
    );
    let unknown = tombstone(&w.platform, &referral, "?language=sw").await;
    assert_eq!(unknown["language"], "en");
    assert_eq!(unknown["wanted_language"], "sw");
    let seen = tombstone(&w.auditor, &referral, "").await;
    assert!(seen["objection"]["code"].is_null() && !seen.to_string().contains(code));
    w.unit
        .api
        .get(&page_of(&referral, ""))
        .await
        .problem(403, "forbidden");

    // An order on the basis of law is a legal demand, and the platform is who blocks.
    let order = removed(&w, &Filing::tco_order(&["https://paste.example/o"]), "law").await;
    let page = tombstone(&w.platform, &order, "").await;
    assert_eq!(page["http_status"], 451);
    let link = json!({"name": "Link", "value": "<https://paste.example/>; rel=\"blocked-by\""});
    assert!(
        page["headers"].as_array().unwrap().contains(&link),
        "{page}"
    );
    let law = page["redress"]
        .as_array()
        .unwrap()
        .iter()
        .find(|p| p["part"] == "tco");
    assert_eq!(law.unwrap()["recalled"], true);
    assert_eq!(
        tombstone(&w.platform, &order, "?status=410").await["http_status"],
        410
    );

    // Nothing stands in the place of what was not acted on.
    let open = w
        .file(&Filing::referral(&["https://paste.example/b"]))
        .await;
    w.platform
        .api
        .get(&page_of(&open, ""))
        .await
        .problem(409, "no-tombstone");
    w.acknowledge(&open).await;
    w.decide_all(&open, "declined_within_terms").await;
    let none = w.platform.api.get(&page_of(&open, "")).await;
    let none = none.problem(409, "no-tombstone");
    assert!(
        none["detail"]
            .as_str()
            .unwrap()
            .contains("declined_within_terms")
    );
}

async fn while_a_non_disclosure_holds_nothing_is_told_and_no_code_opens_anything(db: Db) {
    let w = World::new(db).await;
    let until = (chrono::Utc::now() + chrono::TimeDelta::days(7)).to_rfc3339();
    let held = json!({"until": until, "reason": "An investigation is under way."});
    let filing = Filing::tco_order(&[LINK]).set("non_disclosure", held);
    let request = removed(&w, &filing, "law").await;
    let page = tombstone(&w.platform, &request, "").await;
    assert_eq!(
        (&page["disclosed"], &page["http_status"]),
        (&json!(false), &json!(410))
    );
    assert!(page["objection"].is_null() && page["withheld_until"].is_string());
    let all = format!("{}{}{}", page["text"], page["html"], page["headers"]);
    for never in [
        "Krak",
        "2021",
        "police",
        "order",
        "objection/",
        "Poland",
        "451",
    ] {
        assert!(!all.contains(never), "{never}: {all}");
    }
    let refused = w.platform.api.get(&page_of(&request, "?status=451")).await;
    refused.problem(409, "no-tombstone");
}
