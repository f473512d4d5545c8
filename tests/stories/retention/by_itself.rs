//! What goes by itself, when its time is over.

use serde_json::{Value, json};
use takedown_tests::seams::setting;
use takedown_tests::{Db, Filing, World, both_databases, wait};

use super::{MARK, asked, closed, found, marked, verified};

both_databases!(what_is_older_than_it_may_become_goes_by_itself);

async fn what_is_older_than_it_may_become_goes_by_itself(db: Db) {
    let mut w = World::new(db).await;
    let request = closed(&w, &marked()).await;
    let open = w
        .file(&Filing::referral(&["https://paste.example/open"]))
        .await;
    let link = format!("https://forum.example/{MARK}");
    let seen = json!({"request": request["id"], "locator": link, "seen_as": "found", "confidence": "probable",
        "note": {"text": format!("Seen {MARK}"), "language": "en"}});
    let seen = w.unit.api.post("/v1/sightings", &seen).await.is(201).json();
    let record = json!([{"locator": format!("https://old.example/{MARK}"), "sent_on": "2019-05-02",
        "source": {"file": "mails.xlsx", "row": 1, "sha256": "ab".repeat(32)}}]);
    w.unit.api.post("/v1/imports", &record).await.is(200);
    assert!(asked(&w).await);

    w.server.stop();
    for class in ["REQUESTS", "SIGHTINGS", "IMPORTS", "LOOKUPS", "MAILS"] {
        w.server
            .set(setting(&format!("TAKEDOWN_RETENTION_{class}"), "1s"));
    }
    w.server.restart();
    let nothing = |list: Vec<Value>| list.is_empty().then_some(());
    wait::until("the request to be erased", async || {
        let now = w.read(&request).await;
        now["erased_at"].is_string().then_some(())
    })
    .await;
    wait::until("the sighting to be erased", async || {
        nothing(w.unit.api.list("/v1/sightings").await)
    })
    .await;
    wait::until("the record to be erased", async || {
        nothing(w.unit.api.list("/v1/imports").await)
    })
    .await;
    let sighting = format!("/v1/sightings/{}", seen["id"].as_str().unwrap());
    w.unit.api.get(&sighting).await.problem(404, "not-found");
    assert!(
        w.read(&open).await["erased_at"].is_null(),
        "it is worked on"
    );
    let event = crate::taken_back::inbox(&w.unit).await;
    assert!(
        event.iter().any(|event| event["type"] == "request.erased"),
        "both sides see it"
    );
    // The lookup, the record and the sighting were entries with digests.
    wait::until("their entries to be erased", async || {
        (verified(&w).await["erased"].as_u64() >= Some(4)).then_some(())
    })
    .await;
    let gone = async || found(&w).is_empty().then_some(());
    wait::until("nothing of it to be in the database", gone).await;
}
