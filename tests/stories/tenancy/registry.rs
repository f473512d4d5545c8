//! Whoever takes part is the operator's to register and to change.

use reqwest::Method;
use serde_json::{Value, json};
use takedown_tests::{Db, World, both_databases};

use super::{NEVER, body, call, operations, seen};

both_databases!(the_registry_is_the_operators,);

async fn the_registry_is_the_operators(db: Db) {
    let w = World::new(db).await;
    let client = w.unit.api.credentials().id.clone();
    for (resource, real, prefix) in [
        ("agencies", &w.unit.id, "agency"),
        ("platforms", &w.platform.id, "platform"),
        ("clients", &client, "client"),
    ] {
        for (method, below) in operations(&w, resource).await {
            let body = body(&format!("{method} {below}"), &Value::Null);
            let never = format!("{prefix}_{NEVER}");
            for (role, party) in w.everyone() {
                if role == "operator" {
                    continue;
                }
                let address = |id: &str| {
                    format!("/v1/{resource}/{id}/{below}")
                        .trim_end_matches('/')
                        .to_owned()
                };
                let of_real = call(party, &method, &address(real), &body).await;
                let of_never = call(party, &method, &address(&never), &body).await;
                // What an agency decides for itself is its own: see the story of that.
                if matches!(below.as_str(), "naming" | "signing") && role == "unit" {
                    assert_eq!((of_real.status, of_never.status), (200, 404));
                    continue;
                }
                // How a party wants its mails it says itself.
                let own = matches!(
                    (resource, role),
                    ("platforms", "platform") | ("agencies", "unit")
                );
                if below == "notification" && own {
                    assert_eq!((of_real.status, of_never.status), (200, 404));
                    continue;
                }
                // A key is the agency's own to register; nothing of a body is looked at for another one.
                if below == "signing-keys" && method == Method::POST && role == "unit" {
                    assert_eq!((of_real.status, of_never.status), (422, 404));
                    continue;
                }
                // Where a platform that nobody speaks for can be written to is found by agencies, each for itself.
                if below == "contacts" && role.ends_with("unit") {
                    assert_eq!((of_real.status, of_never.status), (200, 404));
                    continue;
                }
                if of_real.status == 200 {
                    // Whoever asks and whoever is asked may be looked up by those who deal with them; nothing may be changed.
                    assert!(
                        method == Method::GET && resource != "clients",
                        "{role}: {method} {resource} {below}: {}",
                        of_real.text()
                    );
                } else {
                    assert_eq!(
                        seen(&of_real, real),
                        seen(&of_never, &never),
                        "{role}: {method} {resource} {below}"
                    );
                    assert!(
                        matches!(of_real.status, 403 | 404),
                        "{role}: {method} {resource} {below}: {}",
                        of_real.text()
                    );
                }
            }
        }
        let never = format!("/v1/{resource}/{prefix}_{NEVER}");
        w.operator.api.get(&never).await.problem(404, "not-found");
    }
    for (role, party) in w
        .everyone()
        .into_iter()
        .filter(|(role, _)| *role != "operator")
    {
        for address in ["/v1/agencies", "/v1/platforms", "/v1/clients"] {
            let answer = party.api.post(address, &json!({})).await;
            assert!(
                matches!(answer.status, 403 | 404),
                "{role}: POST {address}: {}",
                answer.text()
            );
        }
    }
    // No secret can be read again.
    let shown = w
        .operator
        .api
        .get(&format!("/v1/clients/{client}"))
        .await
        .is(200)
        .text();
    assert!(!shown.contains(&w.unit.api.credentials().secret));
}
