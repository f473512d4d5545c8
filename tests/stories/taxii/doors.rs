//! Who comes in, and what is said to whoever does not.

use super::{ACCEPT, collection};
use data_encoding::BASE64;
use reqwest::Method;
use serde_json::{Value, json};
use takedown_tests::seams::{no_rate_limit, setting};
use takedown_tests::{Answer, Db, Filing, World, both_databases};

both_databases!(
    one_sees_ones_own_and_reads_only,
    what_is_wrong_is_said_twice,
    whoever_tries_out_secrets_is_stopped_before_they_are_looked_up,
);

/// A refusal is an error message of TAXII and a problem of ours in one.
fn refused(answer: Answer, status: u16, code: &str) -> Value {
    let answer = answer.is(status);
    assert_eq!(
        answer.header("content-type"),
        Some(ACCEPT),
        "{}",
        answer.text()
    );
    let error = answer.json();
    assert_eq!(error["http_status"], status.to_string());
    assert_eq!(
        (&error["error_code"], &error["code"]),
        (&json!(code), &json!(code))
    );
    for member in ["title", "description", "error_id", "external_details"] {
        assert!(
            error[member].as_str().is_some_and(|text| !text.is_empty()),
            "{error}"
        );
    }
    error
}

async fn one_sees_ones_own_and_reads_only(db: Db) {
    let w = World::new(db).await;
    w.file(&Filing::referral(&["https://paste.example/a"]))
        .await;
    let never = "/taxii2/exchange/collections/00000000-0000-7000-8000-000000000000/";
    for below in [
        "",
        "manifest/",
        "objects/",
        "objects/url--1/",
        "objects/url--1/versions/",
    ] {
        let ask = async |collection: &str| {
            let at = format!("{collection}{below}");
            let call = w.other_platform.api.get(&at).header("accept", ACCEPT);
            let error = refused(call.header("x-request-id", "same").await, 404, "not-found");
            error.to_string()
        };
        assert_eq!(
            ask(&collection(&w.platform)).await,
            ask(never).await,
            "{below}"
        );
    }
    let listed = w.other_platform.api.get("/taxii2/exchange/collections/");
    let listed = listed.header("accept", ACCEPT).await.is(200).json();
    assert_eq!(listed["collections"].as_array().unwrap().len(), 1);
    assert_eq!(listed["collections"][0]["title"], "What Forum is asked");
    let own = format!("{}objects/", collection(&w.other_platform));
    let empty = w
        .other_platform
        .api
        .get(&own)
        .header("accept", ACCEPT)
        .await
        .is(200);
    assert_eq!(empty.json(), json!({}));
    assert_eq!(empty.header("x-taxii-date-added-last"), None);
    // A collection is of what a platform is asked: nobody else has one.
    for party in [&w.unit, &w.operator, &w.auditor] {
        for at in [
            "/taxii2/".to_owned(),
            format!("{}objects/", collection(&w.platform)),
        ] {
            refused(
                party.api.get(&at).header("accept", ACCEPT).await,
                403,
                "forbidden",
            );
        }
    }

    let objects = format!("{}objects/", collection(&w.platform));
    let add = |kind: &str| {
        let call = w
            .platform
            .api
            .call(Method::POST, &objects)
            .header("accept", ACCEPT);
        call.bytes(kind, "{\"objects\":[]}")
    };
    refused(add(ACCEPT).await, 403, "forbidden");
    refused(add("application/json").await, 415, "unsupported-media-type");
    let delete = w.platform.api.delete(&format!("{objects}report--1/"));
    refused(delete.header("accept", ACCEPT).await, 403, "forbidden");
    let put = w
        .platform
        .api
        .call(Method::PUT, &objects)
        .header("accept", ACCEPT)
        .await;
    assert_eq!(put.header("allow"), Some("GET, POST"));
    refused(put, 405, "method-not-allowed");
    let status = "/taxii2/exchange/status/2d086da7-4bdc-4f91-900e-d77486753710/";
    refused(
        w.platform.api.get(status).header("accept", ACCEPT).await,
        404,
        "not-found",
    );
}

async fn what_is_wrong_is_said_twice(db: Db) {
    let w = World::new(db).await;
    w.file(&Filing::referral(&["https://paste.example/a"]))
        .await;
    let objects = format!("{}objects/", collection(&w.platform));
    for accept in [
        "*/*",
        "application/json",
        "application/taxii+json;version=2.0",
    ] {
        let call = w.platform.api.get(&objects).header("accept", accept);
        refused(call.await, 406, "not-acceptable");
    }
    let taken = w
        .platform
        .api
        .get("/taxii2/")
        .header("accept", "application/taxii+json")
        .await
        .is(200);
    assert_eq!(taken.json()["api_roots"].as_array().unwrap().len(), 1);

    let asked = |query: &str| {
        let call = w.platform.api.get(&format!("{objects}?{query}"));
        call.header("accept", ACCEPT)
    };
    for query in [
        "limit=0",
        "added_after=yesterday",
        "match[version]=newest",
        "match[color]=red",
        "match[id]=url--1%00",
        "match[type]=Report",
    ] {
        refused(asked(query).await, 400, "invalid-parameter");
    }
    // What can be no identifier names nothing, whatever is in it.
    for never in ["a%00b", "url--%C3%A9", "URL--1"] {
        for below in ["", "versions/"] {
            let call = w.platform.api.get(&format!("{objects}{never}/{below}"));
            refused(call.header("accept", ACCEPT).await, 404, "not-found");
        }
    }
    let elsewhere = w.platform.api.get("/taxii2/exchange/collections/a%00b/");
    refused(elsewhere.header("accept", ACCEPT).await, 404, "not-found");
    let page = asked("limit=1").await.is(200).json();
    assert_eq!(
        (&page["more"], page["objects"].as_array().unwrap().len()),
        (&json!(true), 1)
    );
    let next = page["next"].as_str().unwrap();
    let elsewhere = format!("{}objects/?next={next}", collection(&w.other_platform));
    let foreign = w
        .other_platform
        .api
        .get(&elsewhere)
        .header("accept", ACCEPT)
        .await;
    let foreign = refused(foreign, 400, "invalid-cursor");
    assert!(
        foreign["detail"]
            .as_str()
            .unwrap()
            .contains("begin again without a cursor")
    );

    // Who one is: by token, or by HTTP Basic with the client's secret, which counts as long as the client may act.
    let who = w.platform.api.credentials().clone();
    let basic = |secret: &str| {
        let both = BASE64.encode(format!("{}:{secret}", who.id).as_bytes());
        let call = w.anonymous.get(&objects).header("accept", ACCEPT);
        call.header("authorization", &format!("Basic {both}"))
    };
    basic(&who.secret).await.is(200);
    let nobody = w.anonymous.get(&objects).header("accept", ACCEPT).await;
    let ways: Vec<_> = nobody
        .headers
        .get_all("www-authenticate")
        .iter()
        .cloned()
        .collect();
    assert_eq!(ways.len(), 2, "{ways:?}");
    refused(nobody, 401, "unauthenticated");
    let wrong = basic("tdx_wrong").await;
    assert!(wrong.headers.contains_key("www-authenticate"));
    refused(wrong, 401, "unauthenticated");
    let suspension = format!("/v1/platforms/{}/suspension", w.platform.id);
    w.operator
        .api
        .put(&suspension, &json!({"reason": "why"}))
        .await
        .is(200);
    refused(basic(&who.secret).await, 401, "unauthenticated");
}

async fn whoever_tries_out_secrets_is_stopped_before_they_are_looked_up(db: Db) {
    let settings = [
        // So slowly that none is regained within the test, however slow the machine.
        setting("TAKEDOWN_LIMITS_TOKEN_PER_MINUTE", "1"),
        setting("TAKEDOWN_LIMITS_TOKEN_BURST", "20"),
    ];
    let w = World::started_with(db, &settings, &no_rate_limit()).await;
    let who = w.platform.api.credentials().clone();
    let basic = async |secret: &str| {
        let both = BASE64.encode(format!("{}:{secret}", who.id).as_bytes());
        let call = w.anonymous.get("/taxii2/").header("accept", ACCEPT);
        call.header("authorization", &format!("Basic {both}")).await
    };
    // The right one costs nothing of it.
    for _ in 0..30 {
        basic(&who.secret).await.is(200);
    }
    let mut wrong = 0;
    loop {
        let answer = basic("tdx_wrong").await;
        if answer.status == 429 {
            break;
        }
        refused(answer, 401, "unauthenticated");
        wrong += 1;
        assert!(wrong <= 20, "nobody was stopped");
    }
    // From then on nothing is looked up for this address, not even what is right.
    refused(basic(&who.secret).await, 429, "too-many-requests");
}
