//! A mail server that nobody here wrote: it really delivers, and what it cannot deliver comes back by its own report.

use serde_json::{Value, json};
use takedown_tests::postfix::Postfix;
use takedown_tests::{Db, Filing, World, both_databases, seams, wait};

both_databases!(what_arrives_arrives_and_what_does_not_comes_back_by_a_real_report);

const DOMAINS: [&str; 4] = [
    "paste.example",
    "forum.example",
    "police.example",
    "exchange.example",
];
const OWNER: &str = "owner@paste.example";
const UNIT: &str = "unit@police.example";
const BOUNCES: &str = "bounces@exchange.example";

/// What the history says of mails that came back: the status, and whether another address is tried.
async fn came_back(w: &World, request: &Value) -> (String, bool) {
    let at = format!("/v1/requests/{}/history", request["id"].as_str().unwrap());
    wait::until("the report to be on record", || async {
        let entries = w.unit.api.list(&at).await.into_iter();
        let mut failed = entries.filter(|entry| entry["type"] == "delivery.failed");
        let data = failed.next()?["data"].clone();
        let status = data["status"].as_str()?.to_owned();
        Some((status, data["goes_on"].as_bool()?))
    })
    .await
}

async fn what_arrives_arrives_and_what_does_not_comes_back_by_a_real_report(db: Db) {
    let postfix = Postfix::start(&DOMAINS, &[OWNER, UNIT, BOUNCES]);
    let mut settings = seams::smtp_settings(postfix.port(), "none", None);
    let maildir = postfix.maildir(BOUNCES).display().to_string();
    settings.push(seams::setting("TAKEDOWN_MAIL_BOUNCE_ADDRESS", BOUNCES));
    settings.push(seams::setting("TAKEDOWN_MAIL_BOUNCE_DIRECTORY", &maildir));
    let w = World::with(db, &settings).await;
    let at = format!("/v1/platforms/{}", w.platform.id);
    let contacts = json!({"contacts": ["gone@paste.example", OWNER]});
    let changed = w.operator.api.patch(&at, &contacts).if_match("*").await;
    changed.is(200);

    // The first address is taken by the mail server and comes back from it; the second one gets the mail.
    let request = w
        .file(&Filing::referral(&["https://paste.example/a"]))
        .await;
    let mail = postfix.mails_to(OWNER, 1).await.remove(0);
    assert!(mail.contains(&format!("To: {OWNER}")), "{mail}");
    assert!(mail.contains("Return-Path: <bounces+"), "{mail}");
    assert!(mail.contains("Auto-Submitted: auto-generated"), "{mail}");
    assert_eq!(
        came_back(&w, &request).await,
        ("5.1.1".to_owned(), true),
        "{}",
        postfix.log()
    );

    // Where there is no other address the agency is told that nobody was reached, by a mail that arrives as well.
    let lost = w
        .file(&Filing::referral(&["https://forum.example/t/1"]))
        .await;
    assert_eq!(came_back(&w, &lost).await, ("5.1.1".to_owned(), false));
    let told = postfix.mails_to(UNIT, 2).await;
    for request in [&request, &lost] {
        let reference = request["reference"].as_str().unwrap();
        assert!(
            told.iter().any(|mail| mail.contains(reference)),
            "{told:#?}"
        );
    }
    // Every report was believed, and is gone.
    wait::until("the reports to be taken out", || async {
        postfix.mails(BOUNCES).is_empty().then_some(())
    })
    .await;
    let refused = postfix.maildir(BOUNCES).join("refused");
    assert!(!refused.exists(), "{}", refused.display());
}
