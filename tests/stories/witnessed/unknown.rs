//! A witness that was not told of the log.

use super::Watched;
use takedown_tests::link::Link;
use takedown_tests::witness::Witness;
use takedown_tests::{Db, both_databases, wait};

both_databases!(one_that_was_not_told_of_the_log_is_named_and_is_not_heard);

const OTHER_LOG: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

async fn one_that_was_not_told_of_the_log_is_named_and_is_not_heard(db: Db) {
    let mut watched = Watched::unwatched(db).await;
    let stranger = Witness::start("auditor.example/witness", &[OTHER_LOG]);
    watched.wires[1] = Link::to(stranger.place()).await;
    watched.witnesses[1] = stranger;
    let text = watched.policy_text(&[]);
    watched.ask_by(&text);
    watched.signed("https://paste.example/a").await;

    // It says so, to whoever looks, and what to do; nobody takes it for one that signed nothing of an older database.
    let why = watched.problem("auditor", "unknown_log").await;
    assert!(why.contains("does not know this log (404): give its vkey"));
    assert_eq!(watched.stands("auditor").await["size"], 0);
    let (good, said) = watched.run(&["doctor"]);
    let line = "FAILED   witness auditor it does not know this log (404): give its vkey";
    assert!(!good && said.contains(line), "{said}");
    let server = watched.w.server.url();
    let (good, said) = watched.run(&["witnesses", "--server", &server]);
    let line = said.lines().find(|line| line.starts_with("auditor "));
    let line = line.unwrap_or_else(|| panic!("{said}"));
    assert!(!good && line.contains("unknown_log"), "{said}");
    assert!(line.contains("give its vkey to whoever runs"), "{said}");
    let log = watched.log().await;
    assert!(log["stopped"].is_null() && log["waits"].is_null(), "{log}");

    // A node that remembers nothing does not take its word for nothing.
    watched.w.server.stop();
    watched.forget();
    watched.wires[0].cut();
    watched.wires[2].cut();
    watched.w.server.restart();
    wait::until("it to say whom it waits for, and why", async || {
        let log = watched.log().await;
        let waits = log["waits"].as_str().unwrap_or_default();
        let named = waits.contains("auditor (it does not know this log");
        (named && waits.contains("association, ")).then_some(())
    })
    .await;
    assert!(watched.log().await["stopped"].is_null());
    watched.wires[0].mend();
    watched.wires[2].mend();
    wait::until("those that know it to be enough", async || {
        watched.log().await["waits"].is_null().then_some(())
    })
    .await;
    watched.signed("https://paste.example/b").await;
    assert!(watched.log().await["stopped"].is_null());
}
