//! Whoever reads by webhook alone hears by mail that it was switched off.

use super::{at, filed, registered, settings};
use serde_json::{Value, json};
use takedown_tests::seams::smtp_settings;
use takedown_tests::sink::{Reply, Sink};
use takedown_tests::smtp::{Demands, Smtp};
use takedown_tests::{Db, World, both_databases, wait};

both_databases!(one_mail_says_what_failed_and_how_to_go_on);

const OWNER: &str = "owner@paste.example";

fn about_webhooks(mails: Vec<Value>) -> Vec<Value> {
    let of_webhooks = |mail: &Value| {
        let subject = mail["subject"].as_str().unwrap();
        subject.contains("switched off")
    };
    mails.into_iter().filter(of_webhooks).collect()
}

async fn one_mail_says_what_failed_and_how_to_go_on(db: Db) {
    let smtp = Smtp::start(Demands::Nothing);
    let mut settings = settings();
    settings.extend(smtp_settings(smtp.port(), "none", None));
    let w = World::with(db, &settings).await;
    let sink = Sink::start().await;
    let webhook = registered(&w.platform, &sink.url("/secret-path")).await;
    sink.answer("/secret-path", [Reply::status(410), Reply::status(204)]);
    filed(&w, "a").await;
    let told = wait::until("the mail about the webhook", || async {
        about_webhooks(smtp.mails()).pop()
    })
    .await;
    assert_eq!(told["to"][0], OWNER);
    let text = told["text"].as_str().unwrap();
    let id = webhook["id"].as_str().unwrap();
    for said in [
        "answered 410",
        &format!("takedown webhooks change {id} --status active"),
        &format!("takedown webhooks deliveries {id}"),
    ] {
        assert!(text.contains(said), "{said} in {text}");
    }
    assert!(
        !text.contains("secret-path") && !text.contains("://"),
        "{text}"
    );
    // The operator sees it among the deliveries, the agency that filed does not.
    let list = "/v1/deliveries?status=sent";
    let of_webhook = |delivery: &Value| delivery["event"] == "webhook.disabled";
    wait::until("the delivery to be settled", || async {
        let seen = w.operator.api.list(list).await;
        seen.iter().any(of_webhook).then_some(())
    })
    .await;
    let seen = w.unit.api.list(list).await;
    assert!(!seen.iter().any(of_webhook), "{seen:#?}");

    // Switched on again it goes on, and nothing more is mailed about it.
    w.platform
        .api
        .patch(&at(&webhook), &json!({"status": "active"}))
        .await
        .is(200);
    filed(&w, "b").await;
    // What was refused, the event that it was switched off, and what came since.
    sink.receives("/secret-path", 4).await;
    assert_eq!(about_webhooks(smtp.mails()).len(), 1);
}
