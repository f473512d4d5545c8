//! Rows that cannot be, and what would become of rows.

use super::{LINK, id, import, look_up, results, row};
use serde_json::{Value, json};
use takedown_tests::{Db, World, both_databases};

both_databases!(
    a_row_that_cannot_be_takes_no_other_with_it,
    a_dry_run_says_the_same_and_stores_nothing,
);

async fn a_row_that_cannot_be_takes_no_other_with_it(db: Db) {
    let w = World::new(db).await;
    let good = |n: u32| {
        row(
            &format!("https://paste.example/{n}"),
            "A-1",
            "2019-05-02",
            n,
        )
    };
    let changed = |member: &str, value: Value| {
        let mut row = good(9);
        row[member] = value;
        row
    };
    let wrong = [
        (changed("locator", json!("nightowl")), "#/locator"),
        (changed("locator", json!("data:text/html,x")), "#/locator"),
        (changed("sent_on", json!("2.5.2019")), "#/sent_on"),
        (changed("sent_on", json!("0019-05-02")), "#/sent_on"),
        (changed("sent_on", json!("2999-01-01")), "#/sent_on"),
        (
            changed("sent_at", json!("2019-06-01T00:00:00Z")),
            "#/sent_at",
        ),
        (changed("outcome", json!("deleted")), "#/outcome"),
        (changed("answered_on", json!("2019-05-01")), "#/answered_on"),
        (changed("asked", json!("begged")), "#/asked"),
        (
            changed("platform", json!("platform_01h455vb4pex5vsknk084sn02q")),
            "#/platform",
        ),
        (changed("kind", json!("account")), ""),
        (changed("note", json!("a\u{0}b")), "#/note"),
        (changed("grounds", json!(vec!["x"; 21])), "#/grounds"),
        (
            changed("source", json!({"file": "x", "sha256": "AB", "row": 1})),
            "#/source/sha256",
        ),
        (
            changed(
                "source",
                json!({"file": "x", "sha256": "ab".repeat(32), "row": 0}),
            ),
            "#/source/row",
        ),
        (changed("agency_ref", json!("x")), "#/agency_ref"),
        (json!("a text"), ""),
    ];
    let mut rows = vec![good(1)];
    rows.extend(wrong.iter().map(|(row, _)| row.clone()));
    let mut name = good(2);
    (name["locator"], name["kind"]) = (json!("nightowl"), json!("account"));
    rows.push(name.clone());
    name["platform"] = json!("Owls");
    rows.push(name);
    let answer = import(&w.unit, &rows).await;
    let items = answer["items"].as_array().unwrap();
    for ((sent, pointer), item) in wrong.iter().zip(&items[1..]) {
        if pointer.is_empty() && sent.is_object() {
            // An account may be written as an address.
            assert_eq!(item["result"], "imported", "{sent}");
            continue;
        }
        assert_eq!(
            (&item["result"], &item["id"]),
            (&json!("refused"), &Value::Null),
            "{sent}"
        );
        assert!(matches!(item["status"].as_u64(), Some(400 | 422)), "{item}");
        if !pointer.is_empty() {
            assert_eq!(item["problem"]["errors"][0]["pointer"], *pointer, "{item}");
            assert!(
                !item["problem"]["errors"][0]["detail"]
                    .as_str()
                    .unwrap()
                    .is_empty()
            );
        }
    }
    let last = &items[items.len() - 2..];
    assert_eq!(last[0]["problem"]["errors"][0]["pointer"], "#/platform");
    assert_eq!(
        (&last[1]["result"], &last[1]["platform"]),
        (&json!("imported"), &Value::Null)
    );
    assert_eq!(answer["imported"], json!(3));
    assert_eq!(answer["refused"], json!(wrong.len()));
    assert_eq!(w.unit.api.list("/v1/imports").await.len(), 3);

    // As lines, one that is no JSON is refused by itself.
    let lines = format!("{}\n{{broken\n{}\n", good(21), good(22));
    let call = w.unit.api.call(reqwest::Method::POST, "/v1/imports");
    let answer = call
        .bytes("application/x-ndjson", lines)
        .await
        .is(200)
        .json();
    assert_eq!(results(&answer), ["imported", "refused", "imported"]);
    assert_eq!(answer["items"][1]["problem"]["code"], "malformed-body");

    let too_many = Value::from(vec![good(1); 1_001]);
    w.unit
        .api
        .post("/v1/imports", &too_many)
        .await
        .problem(422, "invalid");
    w.unit
        .api
        .post("/v1/imports", &json!([]))
        .await
        .problem(422, "invalid");
    let strange = w
        .unit
        .api
        .post("/v1/imports?dryrun=true", &json!([good(1)]))
        .await;
    strange.problem(400, "invalid-parameter");
}

async fn a_dry_run_says_the_same_and_stores_nothing(db: Db) {
    let w = World::new(db).await;
    let rows = [
        row(LINK, "A-1", "2019-05-02", 4),
        row("nightowl", "A-1", "2019-05-02", 5),
        row(LINK, "A-1", "2019-05-02", 6),
    ];
    let sent = Value::from(rows.to_vec());
    for _ in 0..2 {
        let call = w
            .unit
            .api
            .post("/v1/imports?dry_run=true", &sent)
            .key("dry");
        let answer = call.await.is(200).json();
        assert_eq!(
            results(&answer),
            ["would_be_imported", "refused", "already_imported"]
        );
        assert_eq!(
            (&answer["dry_run"], &answer["would_be_imported"]),
            (&json!(true), &json!(1))
        );
        assert!(
            answer["items"]
                .as_array()
                .unwrap()
                .iter()
                .all(|item| item["id"].is_null())
        );
    }
    assert!(w.unit.api.list("/v1/imports").await.is_empty());
    assert_eq!(look_up(&w.unit, LINK).await["imported"], Value::Null);
    let answer = import(&w.unit, &rows).await;
    assert_eq!(
        results(&answer),
        ["imported", "refused", "already_imported"]
    );
    assert_eq!(
        id(&answer, 0),
        id(&answer, 2),
        "the same row twice is one record"
    );
    let call = w.unit.api.post("/v1/imports?dry_run=true", &sent).await;
    let answer = call.is(200).json();
    assert_eq!(
        results(&answer),
        ["already_imported", "refused", "already_imported"]
    );
}
