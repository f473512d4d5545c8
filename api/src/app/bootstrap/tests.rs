#![allow(clippy::unwrap_used)]
use takedown_core::policy::Party;
use takedown_core::time::from_millis;

use super::*;
use crate::app::tests::exchange::{Exchange, caller};
use crate::app::{agencies, clients, platforms};
use crate::auth::SecretHash;

fn opens(client: &crate::app::parties::Client, credentials: &Credentials) -> bool {
    let digest = SecretHash::of(&credentials.client_secret).to_hex();
    client.secrets.iter().any(|secret| secret.sha256 == digest)
}

#[tokio::test]
async fn the_first_operator_is_made_without_anybody_to_log_in() {
    let exchange = Exchange::new();
    let cx = &exchange.cx;
    let made = create_operator(&cx.store, "Duty operator", cx.now())
        .await
        .unwrap();
    let operator = caller(Party::Operator);
    let client = clients::read(cx, &operator, &made.client_id).await.unwrap();
    assert_eq!(
        (client.role.as_str(), client.name.as_str()),
        ("operator", "Duty operator")
    );
    assert!(opens(&client, &made));
    assert!(!format!("{made:?}").contains(&made.client_secret));
    assert_eq!(exchange.history().await, ["client.registered"]);
    assert!(create_operator(&cx.store, " ", cx.now()).await.is_err());
}

#[tokio::test]
async fn the_demonstration_is_set_up_once() {
    let exchange = Exchange::new();
    let cx = &exchange.cx;
    let first = demo(&cx.store, None, cx.now()).await.unwrap();
    let operator = caller(Party::Operator);
    let agencies = agencies::list(cx, &operator, None, 10).await.unwrap().items;
    let countries: Vec<_> = agencies.iter().map(|a| a.country.to_string()).collect();
    assert_eq!(countries, ["PL", "DE"]);
    assert!(agencies.iter().all(|a| a.may_file(cx.now())));
    let platforms = platforms::list(cx, &operator, None, 10)
        .await
        .unwrap()
        .items;
    let arabic = |p: &&crate::app::parties::Platform| p.languages[0].to_string() == "ar";
    assert_eq!(
        (platforms.len(), platforms.iter().filter(arabic).count()),
        (3, 1)
    );
    for party in &first.parties {
        let client = clients::read(cx, &operator, &party.credentials.client_id)
            .await
            .unwrap();
        assert!(opens(&client, &party.credentials), "{}", party.handle);
        assert_eq!(client.role, party.role);
    }

    // Kept as JSON and given back: nothing changes, nothing is recorded.
    let history = exchange.history().await;
    let kept: Demo = serde_json::from_str(&serde_json::to_string(&first).unwrap()).unwrap();
    assert_eq!(demo(&cx.store, Some(kept), cx.now()).await.unwrap(), first);
    assert_eq!(exchange.history().await, history);

    // The file was lost: the same parties with other secrets.
    let second = demo(&cx.store, None, cx.now()).await.unwrap();
    for (one, two) in first.parties.iter().zip(&second.parties) {
        assert_eq!(
            (&one.id, &one.credentials.client_id),
            (&two.id, &two.credentials.client_id)
        );
        assert_ne!(one.credentials.client_secret, two.credentials.client_secret);
        let client = clients::read(cx, &operator, &two.credentials.client_id)
            .await
            .unwrap();
        assert!(opens(&client, &two.credentials) && !opens(&client, &one.credentials));
    }

    // Two years on the units are verified anew.
    let later = from_millis(cx.now().timestamp_millis() + 2 * 365 * 86_400_000).unwrap();
    demo(&cx.store, Some(second), later).await.unwrap();
    let unit = agencies::list(cx, &operator, None, 1).await.unwrap();
    assert!(unit.items[0].may_file(later));

    // The database was lost: the credentials that people have noted open the new one.
    let fresh = Exchange::new();
    let again = demo(&fresh.cx.store, Some(first.clone()), cx.now())
        .await
        .unwrap();
    assert_eq!(again, first);
    let client = &first.party("operator").unwrap().credentials;
    let found = clients::read(&fresh.cx, &operator, &client.client_id)
        .await
        .unwrap();
    assert!(opens(&found, client));
}
