//! Asking before filing, and asking about files by their digests.

use serde_json::{Value, json};
use takedown_tests::world::Party;
use takedown_tests::{Db, Filing, World, both_databases};

use super::{LINK, file, look_up};

both_databases!(
    a_lookup_tells_what_a_filing_tells_and_is_recorded,
    a_platform_recognises_a_file_it_was_asked_about,
    only_agencies_look_up_and_only_platforms_ask_about_digests,
    two_agencies_and_many_programs_ask_at_once_and_every_request_counts,
);

async fn a_lookup_tells_what_a_filing_tells_and_is_recorded(db: Db) {
    let w = World::new(db).await;
    let first = file(&w.unit, &Filing::referral(&[LINK])).await;
    let by_body = look_up(&w.unit, LINK).await;
    assert_eq!(
        (&by_body["asked"], &by_body["locator"]),
        (&json!(true), &json!(LINK))
    );
    assert_eq!(by_body["own"]["requests"][0]["id"], first["id"]);
    let query =
        "/v1/lookups?locator=https%3A%2F%2Fpaste.example%2Fagain%23key&locator=paste.example/never";
    let by_query = w.unit.api.get(query).await.is(200).json();
    assert_eq!(by_query["items"][0], by_body);
    let never = &by_query["items"][1];
    assert_eq!(
        (&never["asked"], &never["own"], &never["elsewhere"]),
        (&json!(false), &Value::Null, &Value::Null)
    );

    // A plain name means something on one platform only.
    let name = json!({"items": [{"locator": "nightowl", "kind": "account"}]});
    w.unit
        .api
        .post("/v1/lookups", &name)
        .await
        .problem_at(422, "invalid", "/items/0/platform");
    let account = Filing::referral(&[])
        .set("items", json!([{"locator": "nightowl", "kind": "account"}]))
        .platform(&w.platform.id);
    file(&w.unit, &account).await;
    for (platform, asked) in [(&w.platform, true), (&w.other_platform, false)] {
        let name =
            json!({"items": [{"locator": "NightOwl", "kind": "account", "platform": platform.id}]});
        let answer = w.unit.api.post("/v1/lookups", &name).await.is(200).json();
        assert_eq!(answer["items"][0]["asked"], json!(asked));
    }

    for (body, pointer) in [
        (json!({"items": []}), "/items"),
        (
            json!({"items": [{"locator": "https://"}]}),
            "/items/0/locator",
        ),
        (
            json!({"items": [{"locator": "data:text/html,x"}]}),
            "/items/0/locator",
        ),
    ] {
        w.unit
            .api
            .post("/v1/lookups", &body)
            .await
            .problem_at(422, "invalid", pointer);
    }
    let many = json!({"items": vec![json!({"locator": LINK}); 1_001]});
    w.unit
        .api
        .post("/v1/lookups", &many)
        .await
        .problem_at(422, "invalid", "/items");
    w.unit
        .api
        .get("/v1/lookups")
        .await
        .problem(400, "invalid-parameter");
    let answer = w
        .unit
        .api
        .get("/v1/lookups?locator=a.example/&place=x")
        .await;
    answer.problem(400, "invalid-parameter");
}

async fn a_platform_recognises_a_file_it_was_asked_about(db: Db) {
    let w = World::new(db).await;
    let (known, unknown) = ("ab".repeat(32), "cd".repeat(32));
    let digests = json!([{"algorithm": "sha256", "value": known.to_uppercase()}]);
    let filing = Filing::referral(&[]).set("items", json!([{"locator": LINK, "digests": digests}]));
    let filed = file(&w.unit, &filing).await;
    let asked = json!({"digests": [unknown, known]});
    let look = async |party: &Party| {
        let answer = party.api.post("/v1/digests/lookup", &asked).await;
        answer.is(200).json()["items"].clone()
    };
    let found = look(&w.platform).await;
    assert_eq!(
        (&found[0]["matches"], &found[0]["more"]),
        (&json!([]), &json!(false))
    );
    let hit = &found[1]["matches"][0];
    assert_eq!(
        (&hit["request"], &hit["reference"]),
        (&filed["id"], &filed["reference"])
    );
    assert_eq!(
        (&hit["item"], &hit["position"]),
        (&filed["items"][0]["id"], &json!(1))
    );
    assert_eq!(hit["outcome"], Value::Null);
    w.acknowledge(&filed).await;
    w.decide_all(&filed, "removed").await;
    assert_eq!(
        look(&w.platform).await[1]["matches"][0]["outcome"],
        json!("removed")
    );
    // Another platform was never asked about it.
    assert_eq!(look(&w.other_platform).await[1]["matches"], json!([]));
    // A file that is an item by itself is found as well, and only the newest ten are told.
    for _ in 0..11 {
        let item = json!([{"locator": format!("sha256:{unknown}"), "kind": "file_hash"}]);
        let filing = Filing::referral(&[])
            .set("items", item)
            .platform(&w.other_platform.id);
        file(&w.unit, &filing).await;
    }
    let found = look(&w.other_platform).await;
    assert_eq!(found[0]["matches"].as_array().unwrap().len(), 10);
    assert_eq!(found[0]["more"], json!(true));
    for wrong in [
        json!([]),
        json!(["ab"]),
        json!(["zz".repeat(32)]),
        json!(vec![known.clone(); 1_001]),
    ] {
        let body = json!({"digests": wrong});
        w.platform
            .api
            .post("/v1/digests/lookup", &body)
            .await
            .problem(422, "invalid");
    }
}

async fn only_agencies_look_up_and_only_platforms_ask_about_digests(db: Db) {
    let w = World::new(db).await;
    let digests = json!({"digests": ["ab".repeat(32)]});
    let items = json!({"items": [{"locator": LINK}]});
    for (role, party) in w.everyone() {
        let agency = role.ends_with("unit");
        let expected = if agency { 200 } else { 403 };
        party
            .api
            .get("/v1/lookups?locator=paste.example/x")
            .await
            .is(expected);
        party.api.post("/v1/lookups", &items).await.is(expected);
        let expected = if role.ends_with("platform") { 200 } else { 403 };
        party
            .api
            .post("/v1/digests/lookup", &digests)
            .await
            .is(expected);
    }
    w.anonymous
        .post("/v1/lookups", &items)
        .await
        .problem(401, "unauthenticated");
    // An agency that may not file may not look around either.
    let suspension = format!("/v1/agencies/{}/suspension", w.other_unit.id);
    w.operator
        .api
        .put(&suspension, &json!({"reason": "test"}))
        .await
        .is(200);
    assert_ne!(
        w.other_unit.api.post("/v1/lookups", &items).await.status,
        200
    );
}
async fn two_agencies_and_many_programs_ask_at_once_and_every_request_counts(db: Db) {
    let w = World::new(db).await;
    let links = ["https://paste.example/a", "https://paste.example/b"];
    let mut filings = Vec::new();
    for n in 0..24 {
        let party = if n % 3 == 0 { &w.other_unit } else { &w.unit };
        // In both orders: nobody waits for somebody who waits for him.
        let mut links = links.to_vec();
        if n % 2 == 0 {
            links.reverse();
        }
        let (party, filing) = (party.clone(), Filing::referral(&links));
        filings.push(tokio::spawn(async move { file(&party, &filing).await }));
    }
    for filed in filings {
        filed.await.unwrap();
    }
    for link in links {
        let seen = look_up(&w.unit, link).await;
        assert_eq!(
            (&seen["own"]["times"], &seen["elsewhere"]["times"]),
            (&json!(16), &json!(8))
        );
        assert_eq!(
            seen["own"]["requests"].as_array().unwrap().len(),
            10,
            "the newest"
        );
        let seen = look_up(&w.other_unit, link).await;
        assert_eq!(
            (&seen["own"]["times"], &seen["elsewhere"]["times"]),
            (&json!(8), &json!(16))
        );
    }
}
