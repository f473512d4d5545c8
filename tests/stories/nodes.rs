//! Two nodes over one PostgreSQL behave as one: every call of the story goes to the other node.

use serde_json::json;
use takedown_tests::seams::setting;
use takedown_tests::sink::Sink;
use takedown_tests::world::path;
use takedown_tests::{Db, Filing, World, filing, wait};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_story_with_every_call_at_the_other_node() {
    let w = World::new(Db::Postgres).await;
    let second = w.server.another_node();
    let unit = [w.unit.api.clone(), w.unit.api.at(second.address())];
    let platform = [w.platform.api.clone(), w.platform.api.at(second.address())];

    let body = Filing::tco_order(&["https://paste.example/a"]).json();
    let request = unit[0].post("/v1/requests", &body).key("k").await.is(201);
    assert_eq!(
        unit[1]
            .post("/v1/requests", &body)
            .key("k")
            .await
            .is(201)
            .body,
        request.body,
        "a replay at the other node"
    );
    let request = request.json();
    let at = path(&request);

    let first = platform[1].get("/v1/inbox").await.is(200);
    assert_eq!(first.json()["items"].as_array().unwrap().len(), 1);
    assert_eq!(platform[0].get("/v1/inbox").await.is(200).body, first.body);
    platform[0]
        .get("/v1/inbox")
        .header("if-none-match", &first.etag())
        .await
        .is(304);

    let fetched = platform[0].get(&at).await.is(200);
    assert_eq!(platform[1].get(&at).await.is(200).body, fetched.body);
    let acknowledged = platform[1]
        .put(&format!("{at}/acknowledgement"), &json!({}))
        .await
        .is(200);
    let decisions = format!("{at}/decisions");
    platform[0]
        .post(&decisions, &filing::decide_all("removed"))
        .if_match(&fetched.etag())
        .await
        .problem(412, "stale-version");
    let decided = platform[0]
        .post(&decisions, &filing::decide_all("removed"))
        .if_match(&acknowledged.etag())
        .await
        .is(201);
    let closed = platform[1]
        .put(&format!("{at}/closure"), &json!({}))
        .if_match(&decided.etag())
        .await
        .is(200)
        .json();
    assert_eq!(
        unit[0].get(&at).await.is(200).json()["status"],
        closed["status"]
    );
    assert_eq!(
        unit[1].list(&format!("{at}/history")).await,
        unit[0].list(&format!("{at}/history")).await
    );

    // Whoever waits at one node hears at once of what is filed at the other.
    let page = platform[1].get("/v1/inbox").await.is(200).json();
    let waiting = platform[1]
        .get(&format!(
            "/v1/inbox?cursor={}",
            page["next"].as_str().unwrap()
        ))
        .header("prefer", "wait=30");
    let other = Filing::referral(&["https://paste.example/b"]).json();
    let (news, filed) = tokio::join!(async { waiting.await.is(200).json() }, async {
        unit[0].post("/v1/requests", &other).await.is(201).json()
    });
    assert_eq!(news["items"][0]["request"]["id"], filed["id"]);

    // A suspension at one node counts at the other within a moment, tokens in circulation included.
    let client = w.platform.api.credentials().id.clone();
    w.operator
        .api
        .put(
            &format!("/v1/clients/{client}/suspension"),
            &json!({"reason": "lost laptop"}),
        )
        .await
        .is(200);
    platform[0]
        .get("/v1/inbox")
        .await
        .problem(401, "unauthenticated");
    let refused = wait::until("the other node to refuse", || async {
        let answer = platform[1].get("/v1/inbox").await;
        (answer.status != 200).then_some(answer)
    });
    refused.await.problem(401, "unauthenticated");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_one_node_dies_the_other_goes_on() {
    let mut w = World::new(Db::Postgres).await;
    let second = w.server.another_node();
    let request = w
        .file(&Filing::referral(&["https://paste.example/a"]))
        .await;
    w.server.kill9();
    let platform = w.platform.api.at(second.address());
    assert_eq!(
        platform.get("/v1/inbox").await.is(200).json()["items"][0]["request"]["id"],
        request["id"]
    );
    w.unit
        .api
        .at(second.address())
        .post(
            "/v1/requests",
            &Filing::referral(&["https://paste.example/b"]).json(),
        )
        .await
        .is(201);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_webhook_is_told_at_once_of_what_another_node_stored() {
    // So long that nothing is sent unless somebody notices that there is something.
    let settings = [
        setting("TAKEDOWN_WEBHOOKS_LOOPBACK", "true"),
        setting("TAKEDOWN_WORKER_POLL_INTERVAL", "1h"),
    ];
    let w = World::with(Db::Postgres, &settings).await;
    let sink = Sink::start().await;
    let wanted = json!({ "url": sink.url("/hook") });
    w.platform.api.post("/v1/webhooks", &wanted).await.is(201);
    // It lacks the key that seals the secrets, and sends none itself.
    let second = w.server.another_node();
    let body = Filing::tco_order(&["https://paste.example/a"]).json();
    let unit = w.unit.api.at(second.address());
    let filed = unit.post("/v1/requests", &body).key("k").await.is(201);
    let told = wait::until("the webhook to be told", || async {
        sink.received("/hook").pop()
    })
    .await;
    assert_eq!(told.json()["data"]["request"], filed.json()["id"]);
}
