//! An inbox that is read entry by entry: what is not done is seen again, another inbox's place is refused, and a server may be away.

use super::{BOTH, Driver, doing, filing};
use serde_json::{Value, json};
use takedown_tests::relay::Relay;
use takedown_tests::world::{Party, client};
use takedown_tests::{Db, World, both_databases, wait};

both_databases!(
    an_entry_is_done_when_the_next_is_asked_for,
    a_place_of_another_inbox_is_refused_by_name,
    who_waits_goes_on_waiting_while_the_server_is_away,
);

fn positions(entries: &Value) -> Vec<u64> {
    let entries = entries.as_array().unwrap().iter();
    entries
        .map(|entry| entry["position"].as_u64().unwrap())
        .collect()
}

async fn an_entry_is_done_when_the_next_is_asked_for(db: Db) {
    let w = World::new(db).await;
    for n in 0..5 {
        w.unit
            .api
            .post("/v1/requests", &filing(&format!("n{n}")))
            .await
            .is(201);
    }
    for language in BOTH {
        let driver = Driver::of(language, &w, &w.server.url()).await;
        let read = async |further: Value| {
            let mut asked = doing(
                "platform",
                "inbox",
                json!({"place": driver.file("place"), "limit": 2}),
            );
            further
                .as_object()
                .unwrap()
                .iter()
                .for_each(|(name, value)| asked[name] = value.clone());
            positions(&driver.ok(asked).await)
        };
        assert_eq!(read(json!({"leave": 1})).await, [1]);
        assert_eq!(
            read(json!({"leave": 4})).await,
            [1, 2, 3, 4],
            "{language:?}"
        );
        assert_eq!(read(json!({})).await, [4, 5], "what it died of comes again");
        assert_eq!(read(json!({})).await, [0; 0]);
    }
}

async fn a_place_of_another_inbox_is_refused_by_name(db: Db) {
    let w = World::new(db).await;
    let relay = Relay::to(w.server.address()).await;
    w.unit
        .api
        .post("/v1/requests", &filing("one"))
        .await
        .is(201);
    for language in BOTH {
        let driver = Driver::of(language, &w, &relay.url()).await;
        let place = driver.file("place");
        let read = |party: &str| doing(party, "inbox", json!({"place": place}));
        assert_eq!(positions(&driver.ok(read("platform")).await), [1]);
        let kept = std::fs::read(&place).unwrap();
        let (ours, theirs) = (
            w.platform.api.credentials(),
            w.other_platform.api.credentials(),
        );

        driver
            .open("other", &w.other_platform, &relay.url(), json!({}))
            .await;
        let refused = driver.fails(read("other")).await;
        assert_eq!(refused["kind"], "ForeignPlace", "{refused:#}");
        let told = refused["told"].as_str().unwrap();
        for name in [&place, &ours.id, &theirs.id, "another party"] {
            assert!(told.contains(name), "no {name} in: {told}");
        }
        driver
            .open("elsewhere", &w.platform, &w.server.url(), json!({}))
            .await;
        let refused = driver.fails(read("elsewhere")).await;
        let told = refused["told"].as_str().unwrap();
        for name in [&place, &relay.url(), &w.server.url()] {
            assert!(told.contains(name.as_str()), "no {name} in: {told}");
        }
        assert_eq!(std::fs::read(&place).unwrap(), kept, "it is as it was");

        // A new client of the same platform goes on where the old one was.
        let fresh = client(
            &w.operator,
            json!({"name": "new", "platform": w.platform.id}),
        )
        .await;
        let fresh = Party {
            id: w.platform.id.clone(),
            api: w.platform.api.acting_as(fresh),
        };
        driver.open("fresh", &fresh, &relay.url(), json!({})).await;
        assert_eq!(driver.ok(read("fresh")).await, json!([]));

        std::fs::write(&place, "{\"cursor\": 7}").unwrap();
        let refused = driver.fails(read("platform")).await;
        assert_eq!(refused["kind"], "ForeignPlace", "{refused:#}");
        assert!(refused["told"].as_str().unwrap().contains(&place));
    }
}

async fn who_waits_goes_on_waiting_while_the_server_is_away(db: Db) {
    let mut w = World::new(db).await;
    let relay = Relay::to(w.server.address()).await;
    for (n, language) in BOTH.into_iter().enumerate() {
        let driver = Driver::of(language, &w, &relay.url()).await;
        // Gives up each call soon, and asks again.
        driver
            .open(
                "platform",
                &w.platform,
                &relay.url(),
                json!({"attempts": 1}),
            )
            .await;
        let place = driver.file("place");
        let old = driver
            .ok(doing("platform", "inbox", json!({"place": place})))
            .await;
        assert_eq!(positions(&old).len(), n);
        let before = relay.passed("GET /v1/inbox").len();
        let waits = doing(
            "platform",
            "inbox",
            json!({"place": place, "wait": 30, "leave": 1}),
        );
        let goes_away = async {
            wait::until("somebody to wait", || async {
                (relay.passed("GET /v1/inbox").len() > before).then_some(())
            })
            .await;
            w.server.kill9();
            w.server.restart();
            w.unit
                .api
                .post("/v1/requests", &filing(language.name()))
                .await
                .is(201);
        };
        let (news, ()) = tokio::join!(driver.ok(waits), goes_away);
        assert_eq!(positions(&news).len(), 1);
        let again = driver
            .ok(doing("platform", "inbox", json!({"place": place})))
            .await;
        assert_eq!(again, news, "it left before that was done");
    }
}
