//! Webhooks over TLS: a certificate that is right is enough, and one that is wrong is named where its party looks.

use super::{deliveries, filed, registered, settings};
use takedown_tests::tls::TlsSinks;
use takedown_tests::{Db, World, both_databases, wait};

both_databases!(a_wrong_certificate_is_refused_and_named);

async fn a_wrong_certificate_is_refused_and_named(db: Db) {
    let sinks = TlsSinks::start();
    let mut settings = settings();
    settings.extend(sinks.settings());
    let w = World::with(db, &settings).await;
    let good = registered(&w.platform, "https://good.test/hook").await;
    let wrong = [
        ("named", "is for another name"),
        ("expired", "has expired"),
        ("stranger", "an authority that this exchange does not know"),
    ];
    let mut others = Vec::new();
    for (kind, says) in wrong {
        let url = format!("https://{kind}.test/hook");
        others.push((registered(&w.platform, &url).await, says));
    }
    filed(&w, "a").await;
    let told = wait::until("the message to arrive over TLS", || async {
        sinks.received().into_iter().next()
    })
    .await;
    // The name stays what it was, wherever its address led.
    assert!(
        told["host"].as_str().unwrap().starts_with("good.test"),
        "{told}"
    );
    let arrived = deliveries(&w.platform, &good, |found| {
        found
            .first()
            .is_some_and(|one| one["status"] == "delivered")
    });
    assert_eq!(arrived.await[0]["http_status"], 204);
    for (webhook, says) in &others {
        let refused = deliveries(&w.platform, webhook, |found| {
            found.first().is_some_and(|one| !one["error"].is_null())
        });
        let refused = refused.await.remove(0);
        let error = refused["error"].as_str().unwrap();
        assert!(
            error.starts_with("its certificate ") && error.contains(says),
            "{error}"
        );
        assert!(refused["http_status"].is_null(), "{refused:#}");
    }
    let kinds = sinks.received();
    assert!(
        kinds.iter().all(|told| told["kind"] == "good"),
        "{kinds:#?}"
    );
}
