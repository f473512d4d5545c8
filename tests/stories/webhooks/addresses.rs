//! Where a webhook may not lead, when it is registered and each time it is sent.

use super::{at, deliveries, filed, registered, settings};
use serde_json::json;
use takedown_tests::seams::setting;
use takedown_tests::sink::Sink;
use takedown_tests::{Db, World, both_databases};

both_databases!(
    what_is_not_public_is_refused_when_it_is_registered,
    a_name_that_leads_inside_later_is_not_followed,
);

const HOSTS: &str = "TAKEDOWN_WEBHOOKS_HOSTS";

async fn what_is_not_public_is_refused_when_it_is_registered(db: Db) {
    let hosts = "mixed.example=1.1.1.1,mixed.example=192.168.0.1,inside.example=fd00::1,mapped.example=::ffff:10.0.0.1";
    let w = World::with(db, &[setting(HOSTS, hosts)]).await;
    for (url, says) in [
        ("", "1"),
        ("hooks.example", "no address"),
        ("http://hooks.example/", "https://"),
        ("https://user:pass@hooks.example/", "name and password"),
        ("https://hooks.example:8443/", "443"),
        ("https://127.0.0.1/", "loopback"),
        ("https://127.1/", "loopback"),
        ("https://0x7f000001/", "loopback"),
        ("https://[::1]/", "loopback"),
        ("https://[::ffff:169.254.169.254]/", "IPv4-mapped"),
        ("https://[64:ff9b::a9fe:a9fe]/", "NAT64"),
        ("https://169.254.169.254/latest/meta-data/", "link-local"),
        ("https://10.0.0.1/", "private"),
        ("https://100.64.0.1/", "carriers"),
        ("https://mixed.example/", "private"),
        ("https://inside.example/", "unique local"),
        ("https://mapped.example/", "IPv4-mapped"),
        ("https://localhost/", "loopback"),
        ("https://no-such-name.invalid/", "cannot be resolved"),
    ] {
        let refused = w
            .platform
            .api
            .post("/v1/webhooks", &json!({ "url": url }))
            .await;
        let problem = refused.problem_at(422, "invalid", "/url");
        assert!(problem.to_string().contains(says), "{url}: {problem}");
        assert!(!problem.to_string().contains("192.168.0.1"), "{problem}");
    }
    assert!(w.platform.api.list("/v1/webhooks").await.is_empty());
}

async fn a_name_that_leads_inside_later_is_not_followed(db: Db) {
    let sink = Sink::start().await;
    let mut settings = settings();
    settings.push(setting(HOSTS, "hooks.example=127.0.0.1"));
    let mut w = World::with(db, &settings).await;
    let url = format!("http://hooks.example:{}/", sink.port());
    let webhook = registered(&w.platform, &url).await;
    filed(&w, "a").await;
    let calls = sink.receives("/", 1).await;
    // The name stays what it was, whatever was connected to.
    let host = format!("hooks.example:{}", sink.port());
    assert_eq!(calls[0].headers["host"], host);

    w.server.stop();
    w.server.set(setting(
        HOSTS,
        "hooks.example=127.0.0.1,hooks.example=10.0.0.7",
    ));
    w.server.restart();
    filed(&w, "b").await;
    let log = deliveries(&w.platform, &webhook, |found| {
        found.len() == 2 && found[0]["attempts"] != 0
    });
    let newest = log.await.remove(0);
    assert_eq!(newest["status"], "pending");
    let error = newest["error"].as_str().unwrap();
    assert!(
        error.starts_with("hooks.example: ") && !error.contains("10.0.0.7"),
        "{error}"
    );
    assert_eq!(sink.received("/").len(), 1);

    // And it can be changed to nothing that is refused.
    let inside = json!({"url": "https://10.0.0.7/"});
    let refused = w.platform.api.patch(&at(&webhook), &inside).await;
    refused.problem_at(422, "invalid", "/url");
}
