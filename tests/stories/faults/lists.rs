//! What was found missing or wrong in what is listed, shown and filed.

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use reqwest::Method;
use serde_json::{Value, json};
use takedown_tests::world::path;
use takedown_tests::{Db, Filing, World, both_databases, pdf, wait};

use super::{LINK, text};
use crate::taken_back::{send, withdraw};

both_databases!(
    a_request_carries_its_newest_corrections_and_the_rest_is_listed,
    words_that_belong_to_no_correction_are_refused,
    what_is_taken_back_waits_for_nothing_in_lists_too,
    an_order_for_a_decoy_is_refused_where_it_says_so,
    who_is_suspended_again_has_the_other_reason,
    the_part_of_a_platform_is_said_with_the_filing,
    how_agencies_keep_requests_together_is_no_platforms_business,
    every_list_has_pages_and_refuses_what_it_does_not_know,
    documents_that_trickle_in_do_not_keep_others_out,
);

async fn a_request_carries_its_newest_corrections_and_the_rest_is_listed(db: Db) {
    let w = World::new(db).await;
    let request = w.file(&Filing::referral(&[LINK])).await;
    for n in 1..=25 {
        let body = json!({"reasons": text(&format!("{n} {}", "x".repeat(9_000)))});
        send(&w.unit, Method::POST, &request, "corrections", body)
            .await
            .is(201);
        if n % 2 == 0 {
            let said = json!({"source": format!("Outlet {n}"), "confidence": "possible"});
            send(&w.unit, Method::POST, &request, "attributions", said)
                .await
                .is(201);
        }
    }
    let listed = format!("{}/corrections", path(&request));
    for (party, all) in [(&w.unit, 37), (&w.auditor, 37), (&w.platform, 25)] {
        let answer = party.api.get(&path(&request)).await.is(200);
        assert!(answer.body.len() < 250_000, "{}", answer.body.len());
        let seen = answer.json();
        assert_eq!(seen["corrections_count"], all);
        let carried = seen["corrections"].as_array().unwrap();
        assert_eq!(carried.len(), 10);
        let last = carried.last().unwrap();
        assert!(
            last["now"]["text"].as_str().unwrap().starts_with("25 "),
            "{last}"
        );
        let pages = party.api.list(&format!("{listed}?limit=10")).await;
        assert_eq!(pages.len(), all);
        let now = |one: &Value| one["now"].clone();
        let mut newest: Vec<Value> = pages[..10].iter().map(now).collect();
        newest.reverse();
        assert_eq!(newest, carried.iter().map(now).collect::<Vec<_>>());
        let first = pages.last().unwrap();
        assert_eq!(
            first["was"]["text"], request["reasons"]["text"],
            "nothing is lost"
        );
    }
    w.other_platform
        .api
        .get(&listed)
        .await
        .problem(404, "not-found");
}

async fn words_that_belong_to_no_correction_are_refused(db: Db) {
    let w = World::new(db).await;
    let request = w.file(&Filing::referral(&[LINK])).await;
    let correct = async |words: &str, why: &str| {
        let body = json!({"reasons": text(words), "text": text(why)});
        send(&w.unit, Method::POST, &request, "corrections", body).await
    };
    correct("Other words.", "A slip.").await.is(201);
    let again = correct("Other words.", "A slip.").await.is(201).json();
    assert_eq!(again["version"], 2, "sent twice it is once");
    let lost = correct("Other words.", "Another word on it.").await;
    let lost = lost.problem(422, "invalid");
    assert_eq!(lost["errors"][0]["pointer"], "#/text", "{lost:#}");
}

async fn what_is_taken_back_waits_for_nothing_in_lists_too(db: Db) {
    let w = World::new(db).await;
    let links = [LINK, "https://paste.example/b", "https://paste.example/c"];
    let request = w.file(&Filing::referral(&links)).await;
    let back = json!({"reason": "mistake", "items": [request["items"][0]["id"]]});
    let taken = withdraw(&w, &request, back).await.is(200).json();
    let listed = w.platform.api.list("/v1/requests").await;
    for seen in [&taken, &listed[0]] {
        assert_eq!(seen["taken_back_count"], 1);
        assert_eq!(seen["undecided_count"], 2);
        assert!(
            seen["summary"].as_str().unwrap().contains("2 items"),
            "{seen:#}"
        );
    }
    let whole = withdraw(&w, &request, json!({"reason": "mistake"})).await;
    assert_eq!(whole.is(200).json()["undecided_count"], 0);
    assert_eq!(
        w.platform.api.list("/v1/requests").await[0]["undecided_count"],
        0
    );
}

async fn an_order_for_a_decoy_is_refused_where_it_says_so(db: Db) {
    let w = World::new(db).await;
    let order = w.file(&Filing::tco_order(&[LINK])).await;
    let decoy = json!({"source": "Example Outlet", "confidence": "suspected_decoy"});
    let refused = send(&w.unit, Method::POST, &order, "attributions", decoy).await;
    let refused = refused.problem(422, "invalid");
    assert_eq!(
        refused["errors"][0]["pointer"], "#/confidence",
        "{refused:#}"
    );
}

async fn who_is_suspended_again_has_the_other_reason(db: Db) {
    let w = World::new(db).await;
    let client = &w.other_unit.api.credentials().id;
    for place in [
        format!("/v1/agencies/{}", w.other_unit.id),
        format!("/v1/platforms/{}", w.other_platform.id),
        format!("/v1/clients/{client}"),
    ] {
        for why in ["a key was lost", "it was sold", "it was sold"] {
            let suspension = format!("{place}/suspension");
            let body = json!({"reason": why});
            let suspended = w.operator.api.put(&suspension, &body).await.is(200);
            assert_eq!(suspended.json()["suspension_reason"], why);
        }
    }
}

async fn the_part_of_a_platform_is_said_with_the_filing(db: Db) {
    let w = World::new(db).await;
    let item = |link: &str, role: &str| json!({"locator": link, "role": role});
    let mut filing = Filing::referral(&[LINK]).json();
    filing["items"] = json!([
        item(LINK, "site"),
        item("https://forum.example/x", "promoter")
    ]);
    let filed = w
        .unit
        .api
        .post("/v1/requests", &filing)
        .await
        .is(200)
        .json();
    let operation = &filed["operation"]["id"];
    let listed = format!("/v1/operations/{}/requests", operation.as_str().unwrap());
    let listed = w.unit.api.list(&listed).await;
    let mut roles: Vec<&Value> = listed.iter().map(|one| &one["role"]).collect();
    roles.sort_by_key(|role| role.to_string());
    assert_eq!(roles, ["promoter", "site"]);
    // Into an operation that there is; never without one, and one part only.
    filing["items"] = json!([item("https://paste.example/m", "mirror")]);
    let alone = w.unit.api.post("/v1/requests", &filing).await;
    alone.problem_at(422, "invalid", "/items/0/role");
    filing["operation"] = operation.clone();
    w.unit.api.post("/v1/requests", &filing).await.is(201);
    let shown = format!("/v1/operations/{}", operation.as_str().unwrap());
    let shown = w.unit.api.get(&shown).await.is(200).json();
    assert_eq!(
        shown["progress"]["by_role"],
        json!({"mirror": 1, "promoter": 1, "site": 1})
    );
    filing["items"] = json!([item(LINK, "site"), item("https://paste.example/h", "host")]);
    let both = w.unit.api.post("/v1/requests", &filing).await;
    both.problem_at(422, "invalid", "/items/1/role");
}

async fn how_agencies_keep_requests_together_is_no_platforms_business(db: Db) {
    let w = World::new(db).await;
    let filing = Filing::referral(&[LINK]).set("operation", json!("Northern mirror"));
    let request = w.file(&filing).await;
    assert_eq!(request["operation"], "Northern mirror");
    let plain = w
        .file(&Filing::referral(&["https://paste.example/b"]))
        .await;
    let export = "/v1/exports/requests";
    let seen = async || {
        let mut seen = String::new();
        for place in [
            path(&request),
            path(&plain),
            "/v1/requests".into(),
            "/v1/inbox".into(),
        ] {
            seen += &w.platform.api.get(&place).await.is(200).text();
        }
        seen
    };
    w.read(&plain).await;
    let version = w.platform.api.get(&path(&plain)).await.is(200).etag();
    let operations = w.unit.api.list("/v1/operations").await;
    let add = format!(
        "/v1/operations/{}/requests",
        operations[0]["id"].as_str().unwrap()
    );
    let adding = json!({"requests": [{"id": plain["id"]}]});
    let added = w.unit.api.post(&add, &adding).await;
    assert!(matches!(added.status, 200 | 201), "{}", added.text());
    assert_eq!(w.platform.api.get(&path(&plain)).await.etag(), version);
    assert!(!seen().await.contains("Northern"));
    for party in [&w.unit, &w.auditor] {
        let seen = party.api.get(&path(&plain)).await.is(200).json();
        assert_eq!(seen["operation"], "Northern mirror");
        assert!(
            party
                .api
                .get(export)
                .await
                .is(200)
                .text()
                .contains("Northern")
        );
    }
}

async fn every_list_has_pages_and_refuses_what_it_does_not_know(db: Db) {
    let w = World::new(db).await;
    let request = w.file(&Filing::referral(&[LINK])).await;
    let at = path(&request);
    let all = w.unit.api.list("/v1/instruments").await;
    let first = w
        .unit
        .api
        .get("/v1/instruments?limit=5")
        .await
        .is(200)
        .json();
    assert_eq!(first["items"].as_array().unwrap().len(), 5);
    assert!(first["next"].is_string());
    assert_eq!(w.unit.api.list("/v1/instruments?limit=5").await, all);
    let mut lists = vec!["requests", "instruments", "operations", "texts", "inbox"];
    lists.extend(["agencies", "platforms", "deliveries"]);
    let mut lists: Vec<String> = lists.iter().map(|list| format!("/v1/{list}")).collect();
    for below in ["messages", "internal-notes", "corrections"] {
        lists.push(format!("{at}/{below}"));
    }
    for list in lists {
        for (query, name) in [
            ("limi=1", "limi"),
            ("limit=0", "limit"),
            ("limit=201", "limit"),
        ] {
            let refused = w.unit.api.get(&format!("{list}?{query}")).await;
            let refused = refused.problem(400, "invalid-parameter");
            assert_eq!(refused["errors"][0]["parameter"], name, "{list}");
        }
        w.unit.api.get(&format!("{list}?limit=200")).await.is(200);
    }
}

/// Two that never end hold both places until the deadline of a body, and no longer.
async fn documents_that_trickle_in_do_not_keep_others_out(db: Db) {
    let limit = [(
        "TAKEDOWN_SERVER_REQUEST_TIMEOUT".to_owned(),
        "5s".to_owned(),
    )];
    let w = World::started_with(db, &limit, &[]).await;
    let request = w.file(&Filing::referral(&[LINK])).await;
    let documents = format!("{}/documents", path(&request));
    let address = format!("{documents}?name=a.pdf&text=A%20letter&language=en");
    let trickle = || {
        let begun = stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"%PDF-1.4"))]);
        let endless = begun.chain(stream::pending());
        w.unit.api.call(Method::POST, &address).with(|call| {
            call.header("content-type", "application/pdf")
                .body(reqwest::Body::wrap_stream(endless))
        })
    };
    let prompt = wait::until("a place for a document", || async {
        let sent = pdf::send(&w.unit.api, &documents).await;
        (sent.status == 201).then_some(())
    });
    let (one, other, ()) = tokio::join!(trickle().attempt(), trickle().attempt(), prompt);
    for ended in [one, other].into_iter().flatten() {
        assert!(matches!(ended.status, 408 | 503), "{}", ended.text());
    }
}
