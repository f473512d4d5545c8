//! What becomes of an object when its request changes.

use super::{ACCEPT, collection, of_type, since, uuid};
use serde_json::{Value, json};
use std::collections::HashSet;
use takedown_tests::world::path;
use takedown_tests::{Db, Filing, World, both_databases};

both_databases!(
    what_is_taken_back_is_revoked_and_comes_again,
    what_is_erased_leaves_that_it_was,
    what_another_request_has_as_well_outlives_it,
);

async fn what_is_taken_back_is_revoked_and_comes_again(db: Db) {
    let w = World::new(db).await;
    let link = "https://paste.example/twice";
    let first = w.file(&Filing::referral(&[link])).await;
    let (objects, date) = since(&w.platform, "2020-01-01T00:00:00.000000Z").await;
    assert_eq!(of_type(&objects, "indicator").len(), 1);
    assert_eq!(
        since(&w.platform, &date).await,
        (Vec::new(), date.clone()),
        "nothing new"
    );
    // What the platform does itself is nothing new to it.
    w.acknowledge(&first).await;
    assert_eq!(since(&w.platform, &date).await.0, Vec::<Value>::new());

    // Another unit asks about the same link: one observable, which both reports hold.
    let second = Filing::referral(&[link]).json();
    let second = w
        .other_unit
        .api
        .post("/v1/requests", &second)
        .await
        .is(201)
        .json();
    let (objects, date) = since(&w.platform, &date).await;
    let [url] = of_type(&objects, "url")[..] else {
        unreachable!()
    };
    let holds = of_type(&objects, "report")[0]["object_refs"]
        .as_array()
        .unwrap();
    assert!(holds.contains(&url["id"]));

    let withdrawal = json!({"reason": "mistake"});
    let at = format!("{}/withdrawal", path(&first));
    w.unit.api.put(&at, &withdrawal).if_match("*").await.is(200);
    let (objects, _) = since(&w.platform, &date).await;
    let revoked: HashSet<_> = objects
        .iter()
        .map(|o| (o["type"].clone(), o["revoked"].clone()))
        .collect();
    let kinds = ["course-of-action", "indicator", "relationship", "report"];
    assert_eq!(revoked, kinds.map(|kind| (json!(kind), json!(true))).into());
    let report = of_type(&objects, "report")[0];
    assert_eq!(
        report["id"],
        format!("report--{}", uuid(first["id"].as_str().unwrap()))
    );
    assert!(report["modified"].as_str() > report["created"].as_str());

    // One object by itself, in its one version.
    let of_second = format!("report--{}", uuid(second["id"].as_str().unwrap()));
    let one = format!("{}objects/{of_second}/", collection(&w.platform));
    let found = w
        .platform
        .api
        .get(&one)
        .header("accept", ACCEPT)
        .await
        .is(200);
    assert!(found.header("x-taxii-date-added-first").is_some());
    let found = found.json();
    assert_eq!(found["objects"][0]["revoked"], Value::Null);
    let versions = w
        .platform
        .api
        .get(&format!("{one}versions/"))
        .header("accept", ACCEPT);
    let versions = versions.await.is(200).json();
    assert_eq!(
        versions["versions"],
        json!([found["objects"][0]["modified"]])
    );
    // The filters of the standard.
    let asked = async |query: &str| {
        let at = format!("{}objects/?limit=200&{query}", collection(&w.platform));
        let answer = w
            .platform
            .api
            .get(&at)
            .header("accept", ACCEPT)
            .await
            .is(200)
            .json();
        answer["objects"].as_array().map_or(0, Vec::len)
    };
    assert_eq!(asked("match[type]=report").await, 2);
    assert_eq!(asked("match[type]=report,url").await, 3);
    assert_eq!(
        asked(&format!("match[id]={of_second}&match[type]=report")).await,
        1
    );
    assert_eq!(
        asked(&format!("match[id]={of_second}&match[type]=url")).await,
        0
    );
    assert_eq!(asked("match[type]=report&match[version]=all").await, 2);
    let version = versions["versions"][0].as_str().unwrap();
    assert_eq!(
        asked(&format!("match[type]=report&match[version]={version}")).await,
        1
    );
    assert_eq!(asked("match[spec_version]=2.0").await, 0);
}

async fn what_is_erased_leaves_that_it_was(db: Db) {
    let w = World::new(db).await;
    let request = w
        .file(&Filing::referral(&["https://paste.example/erased"]))
        .await;
    let (objects, date) = since(&w.platform, "2020-01-01T00:00:00.000000Z").await;
    let url = of_type(&objects, "url")[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    w.acknowledge(&request).await;
    w.decide_all(&request, "removed").await;
    w.close(&request).await;
    let erasure = json!({"reason": "unlawful", "reference": "DPO 4/26"});
    let at = format!("{}/erasure", path(&request));
    w.unit.api.post(&at, &erasure).if_match("*").await.is(201);

    // An identifier of an address is made from the address: it went in the same commit.
    let gone = format!("{}objects/{url}/", collection(&w.platform));
    w.platform
        .api
        .get(&gone)
        .header("accept", ACCEPT)
        .await
        .is(404);
    let (objects, _) = since(&w.platform, &date).await;
    let [report] = &objects[..] else {
        panic!("{objects:?}")
    };
    assert_eq!(
        (&report["type"], &report["revoked"]),
        (&json!("report"), &json!(true))
    );
    assert_eq!(report["description"], Value::Null);
    assert!(!report.to_string().contains("paste.example/erased"));
}

async fn what_another_request_has_as_well_outlives_it(db: Db) {
    let w = World::new(db).await;
    let link = "https://paste.example/twice";
    let first = w.file(&Filing::referral(&[link])).await;
    let second = Filing::referral(&[link]).json();
    let second = w
        .other_unit
        .api
        .post("/v1/requests", &second)
        .await
        .is(201)
        .json();
    let (objects, date) = since(&w.platform, "2020-01-01T00:00:00.000000Z").await;
    let url = of_type(&objects, "url")[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let one = format!("{}objects/{url}/", collection(&w.platform));
    let ask = async || w.platform.api.get(&one).header("accept", ACCEPT).await;
    ask().await.is(200);
    // The one that came last has it, and whichever goes, the other keeps it; when both are gone it is gone.
    for (erased, unit, left) in [(&second, &w.other_unit, 200), (&first, &w.unit, 404)] {
        w.acknowledge(erased).await;
        w.decide_all(erased, "removed").await;
        w.close(erased).await;
        let erasure = json!({"reason": "unlawful", "reference": "DPO 4/26"});
        let at = format!("{}/erasure", path(erased));
        unit.api.post(&at, &erasure).if_match("*").await.is(201);
        let found = ask().await.is(left);
        if left == 200 {
            assert_eq!(found.json()["objects"][0]["value"], link);
        }
    }
    // Whoever goes on where he was learns of both.
    let (objects, _) = since(&w.platform, &date).await;
    assert_eq!(of_type(&objects, "report").len(), 2);
    assert_eq!(objects.len(), 2, "{objects:?}");
}
