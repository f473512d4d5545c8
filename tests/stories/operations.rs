//! Many platforms, one operation: filed together, worked on together, and nobody read who did not agree to it.

use serde_json::{Value, json};
use takedown_tests::world::path;
use takedown_tests::{Db, Filing, World, both_databases};

both_databases!(
    a_filing_over_two_platforms_becomes_two_requests_in_one_commit,
    the_same_filing_sent_twice_is_one_filing,
    a_label_is_an_operation_and_strict_handling_refuses,
    two_agencies_work_together_without_reading_each_other,
    what_is_not_ones_own_cannot_be_added,
    a_batch_takes_filings_over_several_platforms,
);

fn both() -> Filing {
    Filing::referral(&[
        "https://paste.example/a#key",
        "https://forum.example/t/1",
        "https://paste.example/b",
    ])
}

fn id(value: &Value) -> &str {
    value["id"].as_str().expect("an id")
}

fn ids(values: &Value) -> Vec<&str> {
    values.as_array().expect("a list").iter().map(id).collect()
}

async fn a_filing_over_two_platforms_becomes_two_requests_in_one_commit(db: Db) {
    let w = World::new(db).await;
    let answer = w
        .unit
        .api
        .post("/v1/requests", &both().reference("KP-1/26").json())
        .await
        .is(200);
    let filed = answer.json();
    let operation = format!("/v1/operations/{}", id(&filed["operation"]));
    assert_eq!(answer.header("location"), Some(operation.as_str()));
    assert_eq!(filed["operation"]["label"], "KP-1/26");
    let requests = filed["requests"].as_array().unwrap();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0]["platform"]["id"], w.platform.id.as_str());
    assert_eq!(
        requests[0]["items"][0]["locator"],
        "https://paste.example/a#key"
    );
    assert_eq!(
        requests[0]["items"][1]["locator"],
        "https://paste.example/b"
    );
    assert_eq!(requests[1]["platform"]["id"], w.other_platform.id.as_str());
    for request in requests {
        assert_eq!(request["agency_reference"], "KP-1/26");
        assert_eq!(request["operation"], "KP-1/26");
        assert_eq!(w.history(request).await, ["request.filed"]);
    }
    // Each platform sees its part only.
    let inbox = w.other_platform.api.get("/v1/inbox").await.is(200).json();
    assert_eq!(inbox["items"].as_array().unwrap().len(), 1);
    w.platform
        .api
        .get(&path(&requests[1]))
        .await
        .problem(404, "not-found");
    // The progress goes over both.
    w.acknowledge(&requests[0]).await;
    w.decide_all(&requests[0], "removed").await;
    w.close(&requests[0]).await;
    let read = w.unit.api.get(&operation).await.is(200).json();
    assert_eq!(read["membership"], "lead");
    let progress = &read["progress"];
    assert_eq!(
        (&progress["requests"], &progress["open"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(
        (&progress["items"], &progress["undecided"]),
        (&json!(3), &json!(1))
    );
    assert_eq!(progress["by_status"], json!({"closed": 1, "filed": 1}));
    assert_eq!(progress["by_result"], json!({"actioned": 1}));
    assert_eq!(progress["by_outcome"], json!({"removed": 2}));
    // A filing of which one part cannot be filed is not filed at all.
    let half = Filing::referral(&["https://paste.example/c", "https://nobody.example/d"]).json();
    w.unit.api.post("/v1/requests", &half).await.problem_at(
        422,
        "unknown-platform",
        "/items/1/locator",
    );
    let suspension = format!("/v1/platforms/{}/suspension", w.other_platform.id);
    let why = json!({"reason": "test"});
    w.operator.api.put(&suspension, &why).await.is(200);
    w.unit
        .api
        .post("/v1/requests", &both().json())
        .await
        .problem_at(422, "invalid", "/items/1/locator");
    assert_eq!(w.unit.api.list("/v1/requests").await.len(), 2);
    assert_eq!(w.unit.api.list("/v1/operations").await.len(), 1);
}

async fn the_same_filing_sent_twice_is_one_filing(db: Db) {
    let w = World::new(db).await;
    let filing = both().reference("KP-2/26").json();
    let post = |key: &'static str| w.unit.api.post("/v1/requests", &filing).key(key);
    let first = post("k-1").await.is(200).json();
    assert_eq!(post("k-1").await.is(200).json(), first, "by its key");
    let again = post("k-2").await.is(200).json();
    assert_eq!(again["operation"], first["operation"], "by its reference");
    assert_eq!(ids(&again["requests"]), ids(&first["requests"]));
    let other = Filing::referral(&["https://paste.example/z"]).reference("KP-2/26");
    let refused = w.unit.api.post("/v1/requests", &other.json()).await;
    let refused = refused.problem(409, "duplicate-reference");
    assert_eq!(refused["request"], first["requests"][0]["id"]);
    let found = w
        .unit
        .api
        .list("/v1/requests?agency_reference=KP-2/26")
        .await;
    assert_eq!(found.len(), 2, "the file number finds every part");
    // Without a file number the first reference is the label.
    let bare = w.unit.api.post("/v1/requests", &both().json()).await;
    let bare = bare.is(200).json();
    assert_eq!(bare["operation"]["label"], bare["requests"][0]["reference"]);
    // Each part says what of it was asked about before; a refusal says where it stands in the filing.
    assert_eq!(bare["requests"][0]["repeats"].as_array().unwrap().len(), 2);
    assert_eq!(bare["requests"][1]["repeats"][0]["position"], 1);
    let careful = both().set("if_repeated", json!("refuse"));
    let careful = w.unit.api.post("/v1/requests", &careful.json()).await;
    let asked = careful.problem(409, "already-asked");
    let places: Vec<_> = asked["repeats"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| &r["position"])
        .collect();
    assert_eq!(places, [1, 2, 3]);
}

async fn a_label_is_an_operation_and_strict_handling_refuses(db: Db) {
    let w = World::new(db).await;
    let labelled = |link: &str| Filing::referral(&[link]).set("operation", json!("Northern"));
    let one = w.file(&labelled("https://paste.example/1")).await;
    let two = w.file(&labelled("https://forum.example/2")).await;
    assert_eq!(
        (&one["operation"], &two["operation"]),
        (&json!("Northern"), &json!("Northern"))
    );
    let operations = w.unit.api.list("/v1/operations?label=Northern").await;
    assert_eq!(operations.len(), 1);
    assert_eq!(operations[0]["progress"]["requests"], 2);
    let by_request = format!("/v1/operations?request={}", id(&two));
    assert_eq!(
        id(&w.unit.api.list(&by_request).await[0]),
        id(&operations[0])
    );
    let taken = json!({"label": "Northern"});
    w.unit
        .api
        .post("/v1/operations", &taken)
        .await
        .problem(409, "conflict-state");
    // The label is the agency's own: another may use the same one.
    let theirs = w
        .other_unit
        .api
        .post("/v1/operations", &taken)
        .await
        .is(201)
        .json();
    assert_ne!(id(&theirs), id(&operations[0]));
    // By identifier one files into it as well; into a foreign one not.
    let into = |operation: &Value| {
        Filing::referral(&["https://paste.example/3"])
            .set("operation", operation["id"].clone())
            .json()
    };
    let three = w.unit.api.post("/v1/requests", &into(&operations[0])).await;
    assert_eq!(three.is(201).json()["operation"], "Northern");
    w.unit
        .api
        .post("/v1/requests", &into(&theirs))
        .await
        .problem_at(422, "invalid", "/operation");
    let strict = w.unit.api.post("/v1/requests", &both().json());
    strict
        .header("prefer", "handling=strict")
        .await
        .problem(422, "several-platforms");
    assert_eq!(w.unit.api.list("/v1/requests").await.len(), 3);
}

async fn two_agencies_work_together_without_reading_each_other(db: Db) {
    let w = World::new(db).await;
    let filed = w
        .unit
        .api
        .post("/v1/requests", &both().json())
        .await
        .is(200)
        .json();
    let operation = format!("/v1/operations/{}", id(&filed["operation"]));
    let (lead, other) = (&w.unit.api, &w.other_unit.api);
    other.get(&operation).await.problem(404, "not-found");
    let never = "/v1/operations/op_01h455vb4pex5vsknk084sn02q";
    other.get(never).await.problem(404, "not-found");

    let agencies = format!("{operation}/agencies");
    let whom = json!({"agency": w.other_unit.id});
    other.post(&agencies, &whom).await.problem(404, "not-found");
    lead.post(&agencies, &whom).await.is(200);
    let invited = other.list("/v1/operations?membership=invited").await;
    assert_eq!(invited[0]["membership"], "invited");
    assert!(invited[0]["progress"].is_null(), "{invited:?}");
    let requests = format!("{operation}/requests");
    other.get(&requests).await.problem(403, "forbidden");

    let membership = format!("{operation}/membership");
    lead.put(&membership, &json!({"joins": false}))
        .await
        .problem(409, "conflict-state");
    let joined = other
        .put(&membership, &json!({"joins": true}))
        .await
        .is(200)
        .json();
    assert_eq!(joined["progress"]["requests"], 2);
    other
        .put(&membership, &json!({"joins": true}))
        .await
        .is(200);
    let seen = other.list(&requests).await;
    assert_eq!(seen.len(), 2);
    for request in &seen {
        assert_eq!(request["readable"], false);
        let text = request.to_string();
        for content in ["paste.example/a", "tco:a", "Instructions that fall"] {
            assert!(!text.contains(content), "{text}");
        }
        other.get(&path(request)).await.problem(404, "not-found");
    }
    assert_eq!(other.list("/v1/requests").await.len(), 0);
    other.post(&agencies, &whom).await.problem(403, "forbidden");

    // The other one adds its own, with the part it plays.
    let own = Filing::referral(&["https://forum.example/promoter"]).json();
    let own = other.post("/v1/requests", &own).await.is(201).json();
    let adding = json!({"requests": [{"id": own["id"], "role": "promoter"}]});
    other.post(&requests, &adding).await.is(200);
    let all = lead.get(&operation).await.is(200).json();
    assert_eq!(all["progress"]["requests"], 3);
    assert_eq!(all["progress"]["by_role"], json!({"promoter": 1}));
    lead.get(&path(&own)).await.problem(404, "not-found");
    assert_eq!(
        w.auditor.api.get(&operation).await.is(200).json()["progress"]["requests"],
        3
    );
    for party in [&w.platform, &w.operator] {
        assert_eq!(party.api.get(&operation).await.status, 403);
    }

    // It leaves: its request stays and is counted, the operation is gone from its sight.
    other
        .put(&membership, &json!({"joins": false}))
        .await
        .is(204);
    other.get(&operation).await.problem(404, "not-found");
    other
        .put(&membership, &json!({"joins": true}))
        .await
        .problem(404, "not-found");
    assert_eq!(lead.get(&operation).await.json()["progress"]["requests"], 3);
    // Invited again and removed.
    lead.post(&agencies, &whom).await.is(200);
    lead.delete(&format!("{agencies}/{}", w.other_unit.id))
        .await
        .is(200);
    other.get(&operation).await.problem(404, "not-found");
}

async fn what_is_not_ones_own_cannot_be_added(db: Db) {
    let w = World::new(db).await;
    let mine = w
        .file(&Filing::referral(&["https://paste.example/m"]))
        .await;
    let theirs = Filing::referral(&["https://forum.example/t"]).json();
    let theirs = w
        .other_unit
        .api
        .post("/v1/requests", &theirs)
        .await
        .is(201)
        .json();
    let begin = |label: &str, requests: Value| json!({"label": label, "requests": requests});
    let foreign = begin("A", json!([{"id": mine["id"]}, {"id": theirs["id"]}]));
    w.unit
        .api
        .post("/v1/operations", &foreign)
        .await
        .problem_at(422, "invalid", "/requests/1/id");
    assert_eq!(
        w.unit.api.list("/v1/operations").await.len(),
        0,
        "all or nothing"
    );
    let begun = begin("A", json!([{"id": mine["id"], "role": "site"}]));
    let call = |key: &'static str| w.unit.api.post("/v1/operations", &begun).key(key);
    let first = call("a").await.is(201).json();
    assert_eq!(call("a").await.is(201).json(), first);
    assert_eq!(w.read(&mine).await["operation"], "A");
    let second = begin("B", json!([{"id": mine["id"]}]));
    w.unit
        .api
        .post("/v1/operations", &second)
        .await
        .problem_at(422, "invalid", "/requests/0/id");
    for (body, pointer) in [
        (json!({"label": ""}), "/label"),
        (json!({"label": first["id"]}), "/label"),
        (
            begin("C", json!([{"id": mine["id"], "role": "boss"}])),
            "/requests/0/role",
        ),
    ] {
        w.unit
            .api
            .post("/v1/operations", &body)
            .await
            .problem_at(422, "invalid", pointer);
    }
}

async fn a_batch_takes_filings_over_several_platforms(db: Db) {
    let w = World::new(db).await;
    let one = Filing::referral(&["https://paste.example/1"]).json();
    let rows = json!([one, both().reference("B-1").json()]);
    let post = || w.unit.api.post("/v1/requests/batch", &rows).key("batch-1");
    let answer = post().await.is(200).json();
    assert_eq!(
        (&answer["filed"], &answer["refused"]),
        (&json!(2), &json!(0))
    );
    assert!(answer["items"][0]["request"]["id"].is_string());
    assert_eq!(answer["items"][0]["status"], 201);
    assert_eq!(answer["items"][1]["status"], 200);
    let several = &answer["items"][1]["several"];
    assert_eq!(several["operation"]["label"], "B-1");
    assert_eq!(several["requests"].as_array().unwrap().len(), 2);
    assert_eq!(post().await.is(200).json(), answer);
    assert_eq!(w.unit.api.list("/v1/requests").await.len(), 3);
    let strict = w
        .unit
        .api
        .post("/v1/requests/batch", &json!([both().json()]));
    let refused = strict
        .header("prefer", "handling=strict")
        .await
        .is(200)
        .json();
    assert_eq!(refused["items"][0]["problem"]["code"], "several-platforms");
}
