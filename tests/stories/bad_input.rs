//! Bad input: each kind gets a problem that says where and why, nothing is half-done, and nothing is ever a 500.

use reqwest::Method;
use serde_json::{Value, json};
use takedown_tests::{Db, Filing, World, both_databases};

both_databases!(
    wrong_filings_are_refused_field_by_field,
    bodies_that_are_no_filings_at_all,
    filings_that_contradict_their_own_instrument,
);

fn good() -> Value {
    Filing::referral(&["https://paste.example/a"]).json()
}

/// A good filing with one place changed; the place is added when it is not there.
fn with(pointer: &str, value: Value) -> Value {
    let mut filing = good();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match (filing.pointer_mut(parent).unwrap(), name.parse::<usize>()) {
        (Value::Array(items), Ok(index)) => items[index] = value,
        (parent, _) => parent[name] = value,
    }
    filing
}

async fn nothing_was_filed(w: &World) {
    assert_eq!(w.unit.api.list("/v1/requests").await, Vec::<Value>::new());
    let inbox = w.platform.api.get("/v1/inbox").await.is(200).json();
    assert_eq!(inbox["items"], json!([]));
}

async fn wrong_filings_are_refused_field_by_field(db: Db) {
    let w = World::new(db).await;
    let many: Vec<_> = (0..1001)
        .map(|n| json!({"locator": format!("https://paste.example/{n}")}))
        .collect();
    let long = "x".repeat(8193);
    for (pointer, value) in [
        ("/instrument", json!("no-such-power")),
        ("/grounds", json!([])),
        ("/reasons/text", json!("")),
        ("/reasons/language", json!("not a language")),
        ("/items", json!([])),
        ("/items", json!(many)),
        ("/items/0/locator", json!("")),
        ("/items/0/locator", json!("not a link")),
        ("/items/0/locator", json!("https://paste.example/\u{0}")),
        (
            "/items/0/locator",
            json!(format!("https://paste.example/{long}")),
        ),
        ("/items/0/kind", json!("picture")),
        ("/items/0/graphic", json!(4)),
        ("/items/0/language", json!("12")),
        ("/items/0/seen_at", json!("yesterday")),
        (
            "/items/0/digests",
            json!([{"algorithm": "sha256", "value": "zz"}]),
        ),
        ("/agency_reference", json!("r".repeat(101))),
        ("/jurisdiction", json!("ZZ")),
        (
            "/territory",
            json!({"countries": ["XX"], "worldwide": false}),
        ),
        ("/operation", json!("o".repeat(101))),
    ] {
        let answer = w
            .unit
            .api
            .post("/v1/requests", &with(pointer, value.clone()))
            .await;
        let shown = answer.text();
        let problem = answer.problem(422, "invalid");
        let points = |error: &Value| {
            error["pointer"]
                .as_str()
                .is_some_and(|at| at.starts_with(&format!("#{pointer}")))
        };
        assert!(
            problem["errors"].as_array().unwrap().iter().any(points),
            "{pointer} = {value:.80}: {shown}"
        );
    }
    // All that is wrong is said at once.
    let mut twice = with("/reasons/text", json!(""));
    twice["items"][0]["graphic"] = json!(9);
    let problem = w
        .unit
        .api
        .post("/v1/requests", &twice)
        .await
        .problem(422, "invalid");
    assert_eq!(
        problem["errors"].as_array().unwrap().len(),
        2,
        "{problem:#}"
    );

    // An unknown field may be a misspelt one; silence would lose what was meant.
    for pointer in ["/agency_refrence", "/items/0/note", "/reasons/lang"] {
        w.unit
            .api
            .post("/v1/requests", &with(pointer, json!("x")))
            .await
            .problem_at(422, "unknown-field", pointer);
    }
    for missing in ["instrument", "grounds", "reasons", "items"] {
        let filing = Filing::referral(&["https://paste.example/a"])
            .set(missing, Value::Null)
            .json();
        w.unit.api.post("/v1/requests", &filing).await.problem_at(
            422,
            "invalid",
            &format!("/{missing}"),
        );
    }
    for (pointer, wrong) in [
        ("/items", json!({})),
        ("/instrument", json!(7)),
        ("/items/0/graphic", json!("two")),
    ] {
        w.unit
            .api
            .post("/v1/requests", &with(pointer, wrong))
            .await
            .problem_at(422, "invalid", pointer);
    }

    // Where it goes must be clear.
    let nowhere = Filing::referral(&["https://nobody.example/a"]).json();
    w.unit.api.post("/v1/requests", &nowhere).await.problem_at(
        422,
        "unknown-platform",
        "/items/0/locator",
    );
    let account = with(
        "/items/0",
        json!({"locator": "@someone", "kind": "account"}),
    );
    w.unit.api.post("/v1/requests", &account).await.problem_at(
        422,
        "unknown-platform",
        "/items/0/locator",
    );
    let both = Filing::referral(&["https://paste.example/a", "https://forum.example/t/1"]).json();
    w.unit
        .api
        .post("/v1/requests", &both)
        .header("prefer", "handling=strict")
        .await
        .problem(422, "several-platforms");
    nothing_was_filed(&w).await;
}

async fn bodies_that_are_no_filings_at_all(db: Db) {
    let w = World::new(db).await;
    let post = |content_type: &'static str, body: Vec<u8>| {
        w.unit
            .api
            .call(Method::POST, "/v1/requests")
            .bytes(content_type, body)
    };
    let json = "application/json";
    for body in [
        "",
        "{",
        "{\"instrument\": \"referral\",}",
        "nonsense",
        &format!("{}{{\"b\":2}}", good()),
        "{\"grounds\": [NaN]}",
    ] {
        post(json, body.into()).await.problem(400, "malformed-body");
    }
    post(json, b"{\"instrument\": \"\xff\xfe\"}".to_vec())
        .await
        .problem(400, "malformed-body");
    let deep = format!("{{\"items\": {}{}}}", "[".repeat(2000), "]".repeat(2000));
    post(json, deep.into()).await.problem(400, "malformed-body");
    for whole in ["[]", "null", "\"text\"", "17"] {
        let answer = post(json, whole.into()).await;
        assert!(
            matches!(answer.status, 400 | 422),
            "{whole}: {}",
            answer.text()
        );
    }
    let twice = good()
        .to_string()
        .replacen('{', "{\"instrument\": \"court-order\", ", 1);
    let answer = post(json, twice.into()).await;
    assert!(
        matches!(answer.status, 400 | 422),
        "a doubled member: {}",
        answer.text()
    );

    post("text/plain", good().to_string().into())
        .await
        .problem(415, "unsupported-media-type");
    post("application/xml", b"<a/>".to_vec())
        .await
        .problem(415, "unsupported-media-type");
    let huge = with("/reasons/text", serde_json::json!("x".repeat(9_000_000)));
    post(json, huge.to_string().into())
        .await
        .problem(413, "body-too-large");
    let picky = w
        .unit
        .api
        .get("/v1/requests")
        .header("accept", "image/png")
        .await;
    picky.problem(406, "not-acceptable");
    for key in ["k".repeat(256).as_str(), "", "ключ", "\"unfinished"] {
        let call = w.unit.api.post("/v1/requests", &good());
        let call = call.with(|request| {
            request.header(
                "idempotency-key",
                reqwest::header::HeaderValue::from_bytes(key.as_bytes()).unwrap(),
            )
        });
        call.await.problem(400, "invalid-parameter");
    }
    nothing_was_filed(&w).await;
}

async fn filings_that_contradict_their_own_instrument(db: Db) {
    let w = World::new(db).await;
    let order = || Filing::tco_order(&["https://paste.example/a"]);
    let past = json!("2020-01-01T00:00:00Z");
    let next_year = json!((chrono::Utc::now() + chrono::TimeDelta::days(365)).to_rfc3339());
    let cases = [
        // The French statute lets French authorities ask; this unit is Polish.
        Filing::referral(&["https://paste.example/a"]).set("instrument", json!("fr-lcen-6-1")),
        Filing::referral(&["https://paste.example/a"])
            .set("instrument", json!("in-it-rules-3-1-d")),
        // Six weeks at the most, and never open-ended.
        order().set(
            "non_disclosure",
            json!({"until": next_year, "reason": "Prevention of terrorist offences."}),
        ),
        order().set(
            "non_disclosure",
            json!({"until": past, "reason": "Prevention of terrorist offences."}),
        ),
        // A court sets a date; it cannot lie behind us.
        Filing::referral(&["https://paste.example/a"])
            .set("instrument", json!("court-order"))
            .set(
                "specified",
                json!({"due_at": past, "issued_by": "District court"}),
            ),
    ];
    for case in cases {
        let answer = w.unit.api.post("/v1/requests", &case.json()).await;
        let shown = format!("{:#}\n{}", case.json(), answer.text());
        assert_eq!(answer.status, 422, "{shown}");
        let problem = answer.json();
        assert!(
            matches!(
                problem["code"].as_str(),
                Some("contradicts-instrument" | "invalid")
            ),
            "{shown}"
        );
        assert!(!problem["errors"].as_array().unwrap().is_empty(), "{shown}");
    }
    // A ground that the instrument does not know.
    let ground = order().set("grounds", json!(["no:such"]));
    w.unit
        .api
        .post("/v1/requests", &ground.json())
        .await
        .problem_at(422, "contradicts-instrument", "/grounds/0");
    // The order counts in all Member States; narrowing it is not in its issuer's hands.
    let narrowed = order().set(
        "territory",
        json!({"countries": ["PL"], "worldwide": false}),
    );
    w.unit
        .api
        .post("/v1/requests", &narrowed.json())
        .await
        .problem_at(422, "contradicts-instrument", "/territory/countries");
    // The rule that was broken is named with its source.
    let broken = order().set(
        "non_disclosure",
        json!({"until": next_year, "reason": "Prevention."}),
    );
    let problem = w
        .unit
        .api
        .post("/v1/requests", &broken.json())
        .await
        .problem(422, "contradicts-instrument");
    assert!(
        problem["errors"][0]["pointer"]
            .as_str()
            .unwrap()
            .starts_with("#/non_disclosure"),
        "{problem:#}"
    );
    assert!(
        problem.to_string().contains("2021/784"),
        "no citation: {problem:#}"
    );
    nothing_was_filed(&w).await;
}
