//! Webhooks that the packages check: both signatures, two keys during a rotation; nothing else is taken for one.

use super::{BOTH, Driver, filing};
use serde_json::{Value, json};
use takedown_tests::seams::setting;
use takedown_tests::sink::{Received, Sink};
use takedown_tests::{Db, World, both_databases};

both_databases!(what_comes_is_checked_and_what_was_tampered_with_is_refused);

async fn what_comes_is_checked_and_what_was_tampered_with_is_refused(db: Db) {
    let settings = [
        setting("TAKEDOWN_WEBHOOKS_LOOPBACK", "true"),
        setting("TAKEDOWN_WORKER_POLL_INTERVAL", "50ms"),
    ];
    let w = World::with(db, &settings).await;
    let sink = Sink::start().await;
    let wanted = json!({"url": sink.url("/")});
    let first = w
        .platform
        .api
        .post("/v1/webhooks", &wanted)
        .await
        .is(201)
        .json();
    let keys = format!("/v1/webhooks/{}/keys", first["id"].as_str().unwrap());
    let second = w
        .platform
        .api
        .post(&keys, &json!({"revoke_old": false}))
        .await
        .is(201)
        .json();
    let newest =
        |made: &Value| made["keys"].as_array().unwrap().last().unwrap()["public_key"].clone();
    let filed = w
        .unit
        .api
        .post("/v1/requests", &filing("a"))
        .await
        .is(201)
        .json();
    let call = sink.receives("/", 1).await.remove(0);
    let stranger = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    for language in BOTH {
        let driver = Driver::start(language);
        let verify = |call: &Received, keys: Value, now: Value| json!({"do": "verify", "headers": call.headers, "body": call.body, "keys": keys, "now": now});
        for keys in [
            json!(first["secret"]),
            json!([second["secret"]]),
            json!(newest(&first)),
            json!([newest(&second)]),
            json!([stranger, first["secret"]]),
            json!([stranger, newest(&second)]),
        ] {
            let told = driver.ok(verify(&call, keys, Value::Null)).await;
            let expected =
                json!({"id": call.id(), "type": "request.filed", "request": filed["id"]});
            assert_eq!(told, expected, "{language:?}");
        }

        let both = json!([first["secret"], newest(&first)]);
        let mut changed = call.clone();
        changed.body = call.body.replace("request.filed", "request.closed");
        let mut renamed = call.clone();
        renamed
            .headers
            .insert("webhook-id".into(), "evt_other".into());
        let mut cut = call.clone();
        cut.headers
            .insert("webhook-signature".into(), "v1, v1a,%% v2,AAAA".into());
        let mut bare = call.clone();
        bare.headers.remove("webhook-signature");
        let mut undated = call.clone();
        undated
            .headers
            .insert("webhook-timestamp".into(), "soon".into());
        let sent: i64 = call.headers["webhook-timestamp"].parse().unwrap();
        for (what, call, keys, now, word) in [
            ("another body", &changed, &both, Value::Null, "no signature"),
            ("another name", &renamed, &both, Value::Null, "no signature"),
            (
                "a stranger's key",
                &call,
                &json!(stranger),
                Value::Null,
                "no signature",
            ),
            (
                "no signature of a known kind",
                &cut,
                &both,
                Value::Null,
                "no signature",
            ),
            (
                "no signature at all",
                &bare,
                &both,
                Value::Null,
                "webhook-signature",
            ),
            ("no time", &undated, &both, Value::Null, "webhook-timestamp"),
            (
                "repeated later",
                &call,
                &both,
                json!(sent + 301),
                "webhook-timestamp",
            ),
            (
                "of the future",
                &call,
                &both,
                json!(sent - 301),
                "webhook-timestamp",
            ),
        ] {
            let refused = driver.fails(verify(call, keys.clone(), now)).await;
            assert_eq!(
                refused["kind"], "WebhookRefused",
                "{language:?} {what}: {refused:#}"
            );
            assert!(
                refused["told"].as_str().unwrap().contains(word),
                "{what}: {refused:#}"
            );
        }
        driver
            .ok(verify(&call, both.clone(), json!(sent + 299)))
            .await;
        // A key that is none is the program's mistake and no refusal of the call.
        let wrong = driver
            .fails(verify(&call, json!("s3cret"), Value::Null))
            .await;
        assert_ne!(wrong["kind"], "WebhookRefused");
    }
}
