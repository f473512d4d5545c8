//! Whose webhooks they are, and what of them lies where.

use std::os::unix::fs::PermissionsExt as _;

use super::{at, deliveries, filed, registered, settings, world};
use serde_json::{Value, json};
use takedown_tests::seams::{database_file, setting};
use takedown_tests::sink::Sink;
use takedown_tests::{Db, World, both_databases, wait, world as parties};

both_databases!(
    a_webhook_is_its_partys_alone,
    what_is_kept_of_it_opens_nothing,
    bad_input_is_told_what_would_be_right,
    whoever_may_not_read_has_nothing_sent_to_himself,
);

async fn a_webhook_is_its_partys_alone(db: Db) {
    let w = world(db).await;
    let sink = Sink::start().await;
    let ours = registered(&w.platform, &sink.url("/path?key=k3y")).await;
    let _ = registered(&w.unit, &sink.url("/unit")).await;
    let names = |found: Vec<Value>| {
        found
            .iter()
            .map(|one| one["id"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        names(w.platform.api.list("/v1/webhooks?limit=1").await),
        [ours["id"].clone()]
    );
    let path = at(&ours);
    for (party, status, code) in [
        (&w.unit, 404, "not-found"),
        (&w.other_platform, 404, "not-found"),
        (&w.auditor, 403, "forbidden"),
        (&w.operator, 403, "forbidden"),
    ] {
        let api = &party.api;
        api.get(&path).await.problem(status, code);
        api.patch(&path, &json!({"status": "disabled"}))
            .await
            .problem(status, code);
        api.delete(&path).await.problem(status, code);
        api.get(&format!("{path}/deliveries"))
            .await
            .problem(status, code);
        for (what, body) in [
            ("keys", json!({})),
            ("tests", json!({})),
            ("replays", json!({"since": "2026-01-01T00:00:00Z"})),
        ] {
            api.post(&format!("{path}/{what}"), &body)
                .await
                .problem(status, code);
        }
    }
    w.platform
        .api
        .get("/v1/webhook-health")
        .await
        .problem(403, "forbidden");
    let health = w.operator.api.list("/v1/webhook-health").await;
    assert_eq!(health.len(), 2);
    let told = json!(health).to_string();
    for secret in ["k3y", "/path", "whsec_", "whpk_"] {
        assert!(!told.contains(secret), "{told}");
    }
    assert_eq!(health[0]["host"], "127.0.0.1");

    // Of a suspended party nothing is sent, and all of it later.
    let request = filed(&w, "a").await;
    let suspension = format!("/v1/agencies/{}/suspension", w.unit.id);
    let reason = json!({"reason": "check"});
    w.operator.api.put(&suspension, &reason).await.is(200);
    w.acknowledge(&request).await;
    wait::until("the unit's webhook to be held", || async {
        w.server
            .log()
            .contains("its party is suspended")
            .then_some(())
    })
    .await;
    assert!(sink.received("/unit").is_empty());
    let health = w.operator.api.list("/v1/webhook-health").await;
    assert_eq!(health[1]["waiting"], 2);
    w.operator.api.delete(&suspension).await.is(200);
    sink.receives("/unit", 2).await;
    // Tokens from before the suspension stay dead.
    w.unit.api.forget_token().await;

    let first = w.unit.api.list("/v1/webhooks").await.remove(0);
    let path = at(&first);
    let stale = w
        .unit
        .api
        .patch(&path, &json!({"description": "x"}))
        .if_match("\"9\"")
        .await;
    stale.problem(412, "stale-version");
    let changed = w
        .unit
        .api
        .patch(&path, &json!({"description": "x"}))
        .if_match("\"1\"")
        .await;
    assert_eq!(changed.is(200).etag(), "\"2\"");
    w.unit
        .api
        .delete(&path)
        .if_match("\"1\"")
        .await
        .problem(412, "stale-version");
    w.unit.api.delete(&path).await.is(204);
    w.unit.api.get(&path).await.problem(404, "not-found");
}

/// It may be stopped again at once only when it hears that it should.
async fn restarted(w: &mut World) {
    w.server.restart();
    w.anonymous.get("/readyz").await.is(200);
}

async fn what_is_kept_of_it_opens_nothing(db: Db) {
    let mut w = world(db).await;
    let sink = Sink::start().await;
    let made = registered(&w.platform, &sink.url("/")).await;
    let secret = made["secret"].as_str().unwrap();
    filed(&w, "a").await;
    sink.receives("/", 1).await;
    assert!(!w.server.log().contains(&secret[6..]));
    if db == Db::Sqlite {
        w.server.stop();
        let file = std::fs::read(database_file(w.server.data())).unwrap();
        let raw = data_encoding::BASE64
            .decode(&secret.as_bytes()[6..])
            .unwrap();
        for needle in [&secret.as_bytes()[6..], raw.as_slice()] {
            assert!(!file.windows(needle.len()).any(|part| part == needle));
        }
        restarted(&mut w).await;
    } else {
        // A node that lacks the key says so instead of making one that the others do not have.
        let second = w.server.another_node();
        let api = w.platform.api.at(second.address());
        let refused = api
            .post("/v1/webhooks", &json!({"url": sink.url("/b")}))
            .await;
        refused.problem(503, "busy");
        api.get(&at(&made)).await.is(200);
        assert!(
            second.log().contains("sealing.key is not there"),
            "{}",
            second.log()
        );
    }
    // With another key in its place nothing is signed wrongly: it waits for the right one.
    let place = w.server.data().join("keys/sealing.key");
    w.server.stop();
    let right = std::fs::read(&place).unwrap();
    std::fs::remove_file(&place).unwrap();
    w.server.restart();
    filed(&w, "b").await;
    w.server.stop();
    std::fs::write(&place, right).unwrap();
    std::fs::set_permissions(&place, std::fs::Permissions::from_mode(0o600)).unwrap();
    w.server.restart();
    let calls = sink.receives("/", 2).await;
    assert_eq!(
        super::foreign("python", &[(&made, &calls[1])]),
        [(true, true)]
    );
    deliveries(&w.platform, &made, |found| {
        found
            .iter()
            .filter(|one| one["status"] == "delivered")
            .count()
            == 2
    })
    .await;
}

async fn bad_input_is_told_what_would_be_right(db: Db) {
    let mut all = settings();
    all.push(setting("TAKEDOWN_LIMITS_ENABLED", "false"));
    let w = World::with(db, &all).await;
    let sink = Sink::start().await;
    for (body, pointer) in [
        (json!({}), "/url"),
        (json!({"url": 7}), "/url"),
        (
            json!({"url": sink.url("/"), "description": "two\nlines"}),
            "/description",
        ),
    ] {
        let refused = w.platform.api.post("/v1/webhooks", &body).await;
        refused.problem_at(422, "invalid", pointer);
    }
    let own = json!({"url": sink.url("/"), "secret": "mine"});
    let refused = w.platform.api.post("/v1/webhooks", &own).await;
    refused.problem_at(422, "unknown-field", "/secret");
    let webhook = registered(&w.platform, &sink.url("/")).await;
    for (body, pointer) in [
        (json!({"status": "asleep"}), "/status"),
        (json!({"url": null}), "/url"),
        (json!({"url": "ftp://hooks.example/"}), "/url"),
    ] {
        let refused = w.platform.api.patch(&at(&webhook), &body).await;
        refused.problem_at(422, "invalid", pointer);
    }
    let wrong = format!("{}/deliveries?status=lost", at(&webhook));
    w.platform
        .api
        .get(&wrong)
        .await
        .problem(400, "invalid-parameter");
    let wrong = format!("{}/deliveries?cursor=x", at(&webhook));
    w.platform
        .api
        .get(&wrong)
        .await
        .problem(400, "invalid-cursor");
    for number in 1..10 {
        registered(&w.platform, &sink.url(&format!("/{number}"))).await;
    }
    let refused = w
        .platform
        .api
        .post("/v1/webhooks", &json!({"url": sink.url("/11")}))
        .await;
    refused.problem(409, "conflict-state");
}

async fn whoever_may_not_read_has_nothing_sent_to_himself(db: Db) {
    let w = world(db).await;
    let sink = Sink::start().await;
    let of = async |scopes: Value| {
        let wanted = json!({"name": "Webhooks", "platform": w.platform.id, "scopes": scopes});
        w.platform
            .api
            .acting_as(parties::client(&w.operator, wanted).await)
    };
    let writer = of(json!(["webhooks:write"])).await;
    let both = of(json!(["webhooks:write", "inbox:read"])).await;
    let made = registered(&w.platform, &sink.url("/")).await;
    let path = at(&made);
    let elsewhere = json!({"url": sink.url("/mine")});
    let calls = [
        writer.post("/v1/webhooks", &elsewhere),
        writer.patch(&path, &elsewhere),
        writer.patch(&path, &json!({"status": "active"})),
        writer.post(
            &format!("{path}/replays"),
            &json!({"since": "2026-01-01T00:00:00Z"}),
        ),
    ];
    for call in calls {
        let refused = call.await.problem(403, "insufficient-scope");
        assert!(refused.to_string().contains("inbox:read"), "{refused}");
    }
    // To stop one takes no right to read.
    writer
        .patch(&path, &json!({"status": "disabled"}))
        .await
        .is(200);
    both.patch(&path, &json!({"status": "active"}))
        .await
        .is(200);
    both.post("/v1/webhooks", &elsewhere).await.is(201);
}
