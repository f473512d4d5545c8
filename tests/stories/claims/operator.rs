//! The operator claims in the name of somebody who came to him, and sees who else does.

use reqwest::Method;
use serde_json::json;
use takedown_tests::{Db, both_databases};

use super::{RECORD, owner};
use crate::answer_link::press;

both_databases!(
    the_operator_begins_and_sees_what_was_found,
    what_cannot_be_claimed_is_told_with_what_would_be_right,
);

async fn the_operator_begins_and_sees_what_was_found(db: Db) {
    let c = owner(db, &["en"]).await;
    let operator = &c.s.w.operator.api;
    let at = format!("/v1/platforms/{}/claims", c.s.platform);
    let host = json!({"host": "small.test"});
    let claim = operator.post(&at, &host).await.is(200).json();
    assert_eq!(claim["proof"]["record"], RECORD);
    assert_eq!(
        operator.post(&at, &host).await.is(200).json()["id"],
        claim["id"],
        "the open one goes on"
    );
    let look = format!("/v1/claims/{}/looks", claim["id"].as_str().unwrap());
    let line = claim["proof"]["line"].as_str().unwrap();
    c.names.texts(RECORD, &[&line[..40]]);
    let looked = operator.post(&look, &json!({})).await.is(200).json();
    assert_eq!(looked["seen"][0]["found"], "cut");
    assert_eq!(looked["looks"], 1);
    c.names.texts(RECORD, &[line]);
    let looked = operator.post(&look, &json!({})).await.is(200).json();
    assert_eq!(
        (&looked["status"], &looked["method"], &looked["client"]),
        (&json!("granted"), &json!("dns_txt"), &json!(null))
    );
    assert_eq!(c.platform().await["standing"], "claimed");
    // The answer page offers nothing more, and its link goes on.
    let page = c.s.look(&c.link).await.is(200).text();
    assert!(!page.contains("This is my site"), "{page}");
    // A claim of somebody else is his own to look at.
    c.begun().await;
    let all = operator.list("/v1/claims?status=open").await;
    let theirs = format!("/v1/claims/{}/looks", all[0]["id"].as_str().unwrap());
    operator.post(&theirs, &json!({})).await.is(409);
    // Nobody else sees any of it.
    for party in [&c.s.w.unit, &c.s.w.platform, &c.s.w.auditor] {
        party.api.get("/v1/claims").await.is(403);
        party.api.post(&at, &host).await.is(403);
        party.api.post(&look, &json!({})).await.is(403);
    }
}

async fn what_cannot_be_claimed_is_told_with_what_would_be_right(db: Db) {
    let c = owner(db, &["en"]).await;
    let operator = &c.s.w.operator.api;
    let at = format!("/v1/platforms/{}/claims", c.s.platform);
    for (body, says) in [
        (json!({"host": "test"}), "small.test"),
        (json!({"host": "www.small.test"}), "small.test"),
        (json!({"host": "paste.example"}), "small.test"),
        (json!({}), "host"),
        (json!({"host": "small.test", "line": "x"}), "line"),
    ] {
        let problem = operator.post(&at, &body).await.text();
        assert!(problem.contains(says), "{body}: {problem}");
    }
    operator
        .post(
            "/v1/claims/claim_01kb0000000000000000000000/looks",
            &json!({}),
        )
        .await
        .is(404);
    // The tenant of a hoster proves by the file alone, the hoster at its own name alone (ADR 7).
    for (host, record) in [
        ("shop.github.io", json!(null)),
        ("github.io", json!("github.io")),
        ("192.0.2.8", json!(null)),
    ] {
        let new = json!({
            "name": host, "country": "DE", "hosts": [host], "languages": ["en"], "time_zone": "UTC",
            "size_class": "micro", "contacts": ["owner@shop.example"],
        });
        let made = operator.post("/v1/platforms", &new).await.is(201).json();
        let at = format!("/v1/platforms/{}/claims", made["id"].as_str().unwrap());
        let claim = operator.post(&at, &json!({"host": host})).await;
        if host == "192.0.2.8" {
            assert!(claim.is(422).text().contains("domain name system"));
            continue;
        }
        assert_eq!(claim.is(200).json()["proof"]["record"], record, "{host}");
    }
    // The page.
    let wrong = [("do", "start"), ("host", "paste.example")];
    let page = press(&c.s.w, &c.page(), &wrong).await.is(422).text();
    assert!(page.contains("id=\"wrong-host\""), "{page}");
    let page = press(&c.s.w, &c.page(), &[("do", "look")]).await.is(409);
    assert!(page.text().contains("Begin first"));
    press(&c.s.w, &c.page(), &[("do", "fly")]).await.is(422);
    let elsewhere = c.s.w.anonymous.call(Method::POST, &c.page());
    let elsewhere = elsewhere.header("sec-fetch-site", "cross-site");
    let form = "application/x-www-form-urlencoded";
    elsewhere
        .bytes(form, "do=start&host=small.test")
        .await
        .is(403);
    let never = press(&c.s.w, "/answer/x/claim", &[("do", "start")]).await;
    assert_eq!(never.is(404).text(), c.s.look("/answer/x").await.text());
}
