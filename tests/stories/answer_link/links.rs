//! Which links there are of a request: for its agency and the operator, without what opens it.

use super::{OWNER, press, site};
use serde_json::{Value, json};
use takedown_tests::world::{Party, path};
use takedown_tests::{Db, both_databases};

both_databases!(links_are_listed_without_their_secret_and_ending_them_is_on_record);

async fn links_are_listed_without_their_secret_and_ending_them_is_on_record(db: Db) {
    let s = site(db, &["en"]).await;
    let request = s.file(&["https://small.test/one"]).await;
    let link = s.link(&request, 1).await;
    let id = request["id"].as_str().unwrap();
    let at = format!("/v1/answer-links/{id}");
    let listed = async |party: &Party| -> Vec<Value> {
        let shown = party.api.get(&at).await.is(200).json();
        assert!(!shown.to_string().contains(link.rsplit('/').next().unwrap()));
        shown["items"].as_array().unwrap().clone()
    };
    s.look(&link).await.is(200);
    let of_agency = listed(&s.w.unit).await;
    assert_eq!(of_agency.len(), 1);
    let first = &of_agency[0];
    assert_eq!(
        (
            &first["status"],
            &first["made_by"],
            &first["sendings"],
            &first["ended_at"]
        ),
        (&json!("open"), &json!("mail"), &json!(0), &Value::Null),
        "looking is not counted: {first:#}"
    );
    assert_eq!(
        first["contact"],
        Value::Null,
        "the mailbox is the operator's to see"
    );
    assert_eq!(listed(&s.w.operator).await[0]["contact"], OWNER);
    press(&s.w, &link, &[("do", "open"), ("version", "1")])
        .await
        .is(303);
    assert_eq!(listed(&s.w.unit).await[0]["sendings"], 1);

    // The agency has another one sent; the newest stands first.
    let links = format!("{}/answer-links", path(&request));
    s.w.unit.api.post(&links, &json!({})).await.is(202);
    s.link(&request, 2).await;
    let both = listed(&s.w.unit).await;
    let made: Vec<_> = both
        .iter()
        .map(|one| one["made_by"].as_str().unwrap())
        .collect();
    assert_eq!(made, ["agency", "mail"]);

    // Nobody else learns anything, not even whether there are any.
    let never = format!("/v1/answer-links/req_{}", crate::tenancy::NEVER);
    s.w.other_unit.api.get(&at).await.problem(404, "not-found");
    s.w.other_unit
        .api
        .get(&never)
        .await
        .problem(404, "not-found");
    for party in [&s.w.platform, &s.w.auditor] {
        party.api.get(&at).await.problem(403, "forbidden");
    }

    for _ in 0..2 {
        s.w.unit.api.delete(&links).await.is(204);
    }
    let ended = listed(&s.w.operator).await;
    assert!(
        ended.iter().all(|one| one["status"] == "ended"),
        "{ended:#?}"
    );
    assert!(
        ended.iter().all(|one| !one["ended_at"].is_null()),
        "{ended:#?}"
    );
    let verify = s.w.server.command(&["verify", "--deep"]).output().unwrap();
    assert!(
        verify.status.success(),
        "{}",
        String::from_utf8_lossy(&verify.stdout)
    );
}
