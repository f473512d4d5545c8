//! What is sent again is done once: answers that are lost, a server that dies in between, calls that come too often.

use super::{BOTH, Driver, doing, filing};
use serde_json::json;
use takedown_tests::relay::{Passed, Relay};
use takedown_tests::seams::setting;
use takedown_tests::world::path;
use takedown_tests::{Db, World, both_databases, wait};

both_databases!(
    a_server_that_dies_with_the_answer_leaves_one_request,
    a_change_whose_answer_was_lost_is_made_once,
    who_comes_too_often_waits,
    what_cannot_be_done_ends,
);

/// All were one call: sent at least twice, under one key.
fn one_call(passed: &[Passed]) {
    let keys: std::collections::BTreeSet<_> = passed.iter().map(|passed| &passed.key).collect();
    assert!(passed.len() >= 2, "{passed:#?}");
    assert!(keys.len() == 1 && passed[0].key.is_some(), "{passed:#?}");
}

async fn a_server_that_dies_with_the_answer_leaves_one_request(db: Db) {
    let mut w = World::new(db).await;
    let relay = Relay::to(w.server.address()).await;
    let mut requests = 0;
    for language in BOTH {
        let driver = Driver::of(language, &w, &relay.url()).await;
        let before = relay.passed("POST /v1/requests").len();
        relay.lose_answer_to("POST /v1/requests");
        let filing = doing("unit", "file", json!({"filing": filing(language.name())}));
        let dies = async {
            wait::until("the answer to be lost", || async {
                let passed = relay.passed("POST /v1/requests");
                passed[before..]
                    .iter()
                    .any(|passed| passed.lost)
                    .then_some(())
            })
            .await;
            w.server.kill9();
            w.server.restart();
        };
        let (filed, ()) = tokio::join!(driver.ok(filing), dies);
        one_call(&relay.passed("POST /v1/requests")[before..]);
        requests += 1;
        let all = w.unit.api.list("/v1/requests").await;
        assert_eq!(all.len(), requests, "{language:?}: {all:#?}");
        assert_eq!(w.read(&filed).await["version"], 1);
    }
}

async fn a_change_whose_answer_was_lost_is_made_once(db: Db) {
    let w = World::new(db).await;
    let relay = Relay::to(w.server.address()).await;
    for language in BOTH {
        let driver = Driver::of(language, &w, &relay.url()).await;
        let name = language.name();
        let filed = driver
            .ok(doing("unit", "file", json!({"filing": filing(name)})))
            .await;
        let id = &filed["id"];
        driver
            .ok(doing("platform", "read", json!({"id": id})))
            .await;

        let acknowledging = format!("PUT {}/acknowledgement", path(&filed));
        relay.lose_answer_to(&acknowledging);
        let acknowledged = driver
            .ok(doing("platform", "acknowledge", json!({"id": id})))
            .await;
        assert_eq!(relay.passed(&acknowledging).len(), 2);
        assert_eq!(acknowledged["status"], "acknowledged");

        let deciding = format!("POST {}/decisions", path(&filed));
        relay.lose_answer_to(&deciding);
        let decision =
            json!({"items": [filed["items"][0]["id"]], "outcome": "removed", "basis": "terms"});
        let decide = doing(
            "platform",
            "decide",
            json!({"id": id, "decisions": [decision]}),
        );
        let decided = driver.ok(decide).await;
        one_call(&relay.passed(&deciding));
        let version = |request: &serde_json::Value| request["version"].as_u64().unwrap();
        assert_eq!(version(&decided), version(&acknowledged) + 1);

        // The second sending is refused, because the first has closed it; the caller hears that it is closed.
        let closing = format!("PUT {}/closure", path(&filed));
        relay.lose_answer_to(&closing);
        let rest = json!({"outcome": "not_found", "basis": "terms"});
        let closed = driver
            .ok(doing(
                "platform",
                "close",
                json!({"id": id, "remaining": rest}),
            ))
            .await;
        let passed = relay.passed(&closing);
        assert!(
            passed.len() == 2 && passed[0].lost && passed[1].status != Some(200),
            "{passed:#?}"
        );
        assert_eq!(closed["status"], "closed");
        assert_eq!(version(&closed), version(&decided) + 1);

        let mut history = w.history(&filed).await;
        history.retain(|kind| kind == "request.decided" || kind == "request.closed");
        assert_eq!(history, ["request.decided", "request.closed"]);
    }
}

async fn who_comes_too_often_waits(db: Db) {
    let few = [
        setting("TAKEDOWN_LIMITS_CLIENT_BURST", "1"),
        setting("TAKEDOWN_LIMITS_CLIENT_PER_MINUTE", "30"),
    ];
    let many = [
        setting("TAKEDOWN_LIMITS_CLIENT_BURST", "1000"),
        setting("TAKEDOWN_LIMITS_CLIENT_PER_MINUTE", "10000"),
    ];
    let w = World::started_with(db, &few, &many).await;
    let relay = Relay::to(w.server.address()).await;
    for language in BOTH {
        let driver = Driver::of(language, &w, &relay.url()).await;
        let before = relay.passed("GET /v1/inbox").len();
        wait::until("a call to come too often", || async {
            let inbox = doing("platform", "inbox", json!({"place": driver.file("place")}));
            assert_eq!(driver.ok(inbox).await, json!([]));
            let passed = relay.passed("GET /v1/inbox");
            passed[before..]
                .iter()
                .any(|one| one.status == Some(429))
                .then_some(())
        })
        .await;
        // Whose patience is one sending hears of it.
        driver
            .open("hasty", &w.platform, &relay.url(), json!({"attempts": 1}))
            .await;
        let refused = wait::until("a call to be refused", || async {
            let inbox = doing("hasty", "inbox", json!({"place": driver.file("place")}));
            let answer = driver.answer(inbox).await;
            answer["failed"]
                .is_object()
                .then(|| answer["failed"].clone())
        })
        .await;
        assert_eq!(
            (&refused["code"], &refused["status"]),
            (&json!("too-many-requests"), &json!(429))
        );
    }
}

async fn what_cannot_be_done_ends(db: Db) {
    let mut w = World::new(db).await;
    let direct = w.server.url();
    let relay = Relay::to(w.server.address()).await;
    let mut drivers = Vec::new();
    for language in BOTH {
        let driver = Driver::start(language);
        driver
            .open("direct", &w.unit, &direct, json!({"attempts": 2}))
            .await;
        driver
            .open("unit", &w.unit, &relay.url(), json!({"attempts": 2}))
            .await;
        driver
            .ok(doing(
                "unit",
                "file",
                json!({"filing": filing(language.name())}),
            ))
            .await;
        let mut wrong = w.unit.clone();
        wrong.api = wrong.api.acting_as(takedown_tests::seams::Credentials {
            secret: "wrong".to_owned(),
            ..w.unit.api.credentials().clone()
        });
        driver.open("wrong", &wrong, &direct, json!({})).await;
        let refused = driver
            .fails(doing("wrong", "read", json!({"id": "req_x"})))
            .await;
        assert_eq!(refused["kind"], "CredentialsRefused", "{refused:#}");
        let none = driver
            .fails(doing("unit", "read", json!({"id": "req_x"})))
            .await;
        assert_eq!(
            (&none["kind"], &none["status"]),
            (&json!("ProblemError"), &json!(404))
        );
        drivers.push(driver);
    }
    w.server.kill9();
    for driver in drivers {
        let file = |party: &str| doing(party, "file", json!({"filing": filing("late")}));
        assert_eq!(driver.fails(file("direct")).await["kind"], "Unreachable");
        let lost = driver.fails(file("unit")).await;
        assert_eq!(
            lost["kind"], "Lost",
            "something stood there and hung up: {lost:#}"
        );
    }
}
