//! The same filing sent twice is one filing.

use futures_util::future::join_all;
use serde_json::json;
use takedown_tests::world::path;
use takedown_tests::{Answer, Db, Filing, World, both_databases, wait};

/// Posts until the answer is not "still being worked on".
async fn settled(w: &World, body: &serde_json::Value, key: &str) -> Answer {
    wait::until("the first post with this key to end", || async {
        let answer = w.unit.api.post("/v1/requests", body).key(key).await;
        if answer.status != 409 {
            return Some(answer);
        }
        assert_eq!(
            answer.problem(409, "idempotency-in-progress")["status"],
            409
        );
        None
    })
    .await
}

both_databases!(
    fifty_posts_with_one_key_make_one_request,
    a_replay_is_the_first_answer_even_when_the_world_has_moved_on_and_the_server_was_killed,
    a_key_belongs_to_the_client_and_the_place_it_was_used,
    a_refused_filing_can_be_mended_and_sent_with_a_new_key_while_its_reference_stays_free,
);

async fn fifty_posts_with_one_key_make_one_request(db: Db) {
    let w = World::new(db).await;
    let body = Filing::referral(&["https://paste.example/a"]).json();
    w.unit.api.token().await;
    let answers = join_all((0..50).map(|_| settled(&w, &body, "one-key"))).await;
    let first = answers[0].clone().is(201);
    for answer in &answers {
        assert_eq!((answer.status, &answer.body), (201, &first.body));
    }
    assert_eq!(w.unit.api.list("/v1/requests").await.len(), 1);
    assert_eq!(w.history(&first.json()).await, ["request.filed"]);
    assert_eq!(
        w.platform.api.get("/v1/inbox").await.is(200).json()["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

async fn a_replay_is_the_first_answer_even_when_the_world_has_moved_on_and_the_server_was_killed(
    db: Db,
) {
    let mut w = World::new(db).await;
    let body = Filing::referral(&["https://paste.example/a"])
        .reference("K-1")
        .json();
    let first = w
        .unit
        .api
        .post("/v1/requests", &body)
        .key("\"quoted key\"")
        .await
        .is(201);
    let request = first.json();
    w.acknowledge(&request).await;
    let decisions = format!("{}/decisions", path(&request));
    let decide = takedown_tests::filing::decide_all("removed");
    let etag = w.read(&request).await["version"].to_string();
    let decided = w
        .platform
        .api
        .post(&decisions, &decide)
        .key("d")
        .if_match(&format!("\"{etag}\""))
        .await
        .is(201);

    w.server.kill9();
    w.server.restart();
    let replay = w
        .unit
        .api
        .post("/v1/requests", &body)
        .key("\"quoted key\"")
        .await
        .is(201);
    assert_eq!(replay.body, first.body);
    for promised in ["takedown-receipt", "takedown-entries"] {
        assert!(first.header(promised).is_some(), "{promised}");
        assert_eq!(replay.header(promised), first.header(promised));
    }
    assert_eq!(replay.header("location"), first.header("location"));
    assert_eq!(replay.header("etag"), first.header("etag"));
    // The version it was made under is long stale; the replay is still the answer, not a 412.
    let replay = w
        .platform
        .api
        .post(&decisions, &decide)
        .key("d")
        .if_match(&format!("\"{etag}\""))
        .await
        .is(201);
    assert_eq!(replay.body, decided.body);
    assert_eq!(
        w.history(&request)
            .await
            .iter()
            .filter(|entry| *entry == "request.decided")
            .count(),
        1
    );

    let other = Filing::referral(&["https://paste.example/b"]).json();
    w.unit
        .api
        .post("/v1/requests", &other)
        .key("\"quoted key\"")
        .await
        .problem(422, "idempotency-mismatch");
}

async fn a_key_belongs_to_the_client_and_the_place_it_was_used(db: Db) {
    let w = World::new(db).await;
    let body = Filing::referral(&["https://paste.example/a"]).json();
    let mine = w
        .unit
        .api
        .post("/v1/requests", &body)
        .key("k")
        .await
        .is(201)
        .json();
    let theirs = w
        .other_unit
        .api
        .post("/v1/requests", &body)
        .key("k")
        .await
        .is(201)
        .json();
    assert_ne!(mine["id"], theirs["id"]);
    assert_eq!(w.unit.api.list("/v1/requests").await.len(), 1);
}

async fn a_refused_filing_can_be_mended_and_sent_with_a_new_key_while_its_reference_stays_free(
    db: Db,
) {
    let w = World::new(db).await;
    let wrong = Filing::referral(&["https://paste.example/a"])
        .reference("R-1")
        .set("grounds", json!([]))
        .json();
    w.unit
        .api
        .post("/v1/requests", &wrong)
        .key("first")
        .await
        .is(422);
    let right = Filing::referral(&["https://paste.example/a"])
        .reference("R-1")
        .json();
    w.unit
        .api
        .post("/v1/requests", &right)
        .key("second")
        .await
        .is(201);
    // Without a key the agency's own reference still tells a repetition from a mistake.
    let again = w.unit.api.post("/v1/requests", &right).await.is(201).json();
    assert_eq!(w.unit.api.list("/v1/requests").await[0]["id"], again["id"]);
    let other = Filing::referral(&["https://paste.example/b"])
        .reference("R-1")
        .json();
    let double = w
        .unit
        .api
        .post("/v1/requests", &other)
        .await
        .problem(409, "duplicate-reference");
    assert!(
        double.to_string().contains(again["id"].as_str().unwrap()),
        "{double:#}"
    );
    assert_eq!(w.unit.api.list("/v1/requests").await.len(), 1);
    // Another agency's numbers are its own.
    w.other_unit.api.post("/v1/requests", &other).await.is(201);
}
