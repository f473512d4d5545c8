//! The same by command line.

use super::{filed, world};
use takedown_tests::cli::Cli;
use takedown_tests::sink::Sink;
use takedown_tests::{Db, both_databases, wait};

both_databases!(a_webhook_by_command_line);

async fn a_webhook_by_command_line(db: Db) {
    let w = world(db).await;
    let sink = Sink::start().await;
    let platform = Cli::of(&w.platform, &w.server);
    let added = platform
        .run(&[
            "webhooks",
            "add",
            &sink.url("/"),
            "--description",
            "Tickets",
        ])
        .await;
    let added = added.ends(0);
    // The secret alone is on standard output, to be piped to where it is kept.
    assert!(added.out.starts_with("whsec_") && added.out.lines().count() == 1);
    let id = added
        .err
        .split_whitespace()
        .find(|word| word.starts_with("webhook_"));
    let id = id.unwrap().to_owned();

    let ran = async |arguments: &[&str]| platform.run(arguments).await.ends(0).out;
    assert!(ran(&["webhooks", "list"]).await.contains("Tickets"));
    assert!(
        ran(&["webhooks", "test", &id])
            .await
            .contains("is on its way")
    );
    filed(&w, "a").await;
    let calls = sink.receives("/", 2).await;
    let message = calls
        .iter()
        .find(|call| call.json()["type"] == "request.filed")
        .unwrap()
        .id();
    wait::until("both to be written down", || async {
        let told = ran(&["webhooks", "deliveries", &id, "--status", "delivered"]).await;
        (told.contains("webhook.test") && told.contains("request.filed")).then_some(())
    })
    .await;
    let again = ran(&["webhooks", "replay", &id, "--message", message]).await;
    assert!(again.starts_with("1 to be sent again"), "{again}");
    sink.receives("/", 3).await;
    let again = ran(&["webhooks", "replay", &id, "--since", "2000-01-01T00:00:00Z"]).await;
    assert!(again.starts_with("1 to be sent again"), "{again}");
    sink.receives("/", 4).await;
    assert!(
        ran(&["webhooks", "rotate", &id])
            .await
            .starts_with("whsec_")
    );
    let shown = ran(&["webhooks", "change", &id, "--status", "disabled"]).await;
    assert!(shown.contains("disabled (by_party)"), "{shown}");
    assert!(shown.matches("whpk_").count() == 2, "{shown}");
    let json = ran(&["webhooks", "show", &id, "--json"]).await;
    assert!(json.contains("\"disabled_reason\":\"by_party\""), "{json}");

    let operator = Cli::of(&w.operator, &w.server);
    let health = operator.run(&["webhooks", "health"]).await;
    assert!(
        health.out.contains(&id) && health.out.contains("127.0.0.1"),
        "{}",
        health.out
    );

    assert!(ran(&["webhooks", "remove", &id]).await.contains("removed"));
    let gone = platform.run(&["webhooks", "show", &id]).await;
    assert_ne!(gone.code, 0);
    let neither = platform.run(&["webhooks", "replay", &id]).await;
    assert_eq!(neither.code, 2, "{}", neither.err);
}
