//! Nothing is imported twice: not by the same call, not from a copy of the list, not by fifty at once.

use super::{LINK, id, import, look_up, results, row};
use serde_json::{Value, json};
use takedown_tests::{Db, World, both_databases};

both_databases!(
    nothing_is_imported_twice,
    fifty_imports_of_one_list_at_once_make_one_set,
);

async fn nothing_is_imported_twice(db: Db) {
    let w = World::new(db).await;
    let rows = json!([
        row(LINK, "A-1", "2019-05-02", 4),
        row(LINK, "A-2", "2019-05-02", 5)
    ]);
    let call = || w.unit.api.post("/v1/imports", &rows).key("0198c5f2");
    let first = call().await.is(200);
    assert_eq!(
        call().await.is(200).body,
        first.body,
        "the first answer again"
    );
    let other = json!([row(LINK, "A-3", "2019-05-02", 4)]);
    let mismatch = w.unit.api.post("/v1/imports", &other).key("0198c5f2").await;
    mismatch.problem(422, "idempotency-mismatch");
    let first = first.json();
    assert_eq!(results(&first), ["imported", "imported"]);

    // From a copy of the list, sorted in another way, the link written otherwise, an answer added.
    let mut copy = row(
        "hxxps[:]//paste[.]example:443/old#key",
        "A-1",
        "2019-05-02",
        99,
    );
    copy["source"] = json!({"file": "copy.csv", "row": 99, "sha256": "cd".repeat(32)});
    copy["outcome"] = json!("removed");
    let answer = import(&w.unit, &[copy, row(LINK, "A-1", "2019-05-03", 7)]).await;
    assert_eq!(results(&answer), ["already_imported", "imported"]);
    assert_eq!(id(&answer, 0), id(&first, 0));
    assert_eq!(
        answer["items"][0]["differs"],
        json!(["outcome"]),
        "it is not said to be in"
    );
    let read = w
        .unit
        .api
        .get(&format!("/v1/imports/{}", id(&first, 0)))
        .await
        .is(200)
        .json();
    assert_eq!(
        (&read["outcome"], &read["source"]["file"]),
        (&Value::Null, &json!("mails.xlsx"))
    );
    assert_eq!(look_up(&w.unit, LINK).await["imported"]["times"], 3);

    // The other unit's records are its own.
    let answer = import(&w.other_unit, &[row(LINK, "A-1", "2019-05-02", 4)]).await;
    assert_eq!(results(&answer), ["imported"]);
}

async fn fifty_imports_of_one_list_at_once_make_one_set(db: Db) {
    let w = World::new(db).await;
    let mut rows: Vec<Value> = (1..=40)
        .map(|n| {
            row(
                &format!("https://paste.example/{}", n % 10),
                &format!("A-{n}"),
                "2019-05-02",
                n,
            )
        })
        .collect();
    let mut calls = Vec::new();
    for n in 0..50 {
        // Each in an order of its own.
        rows.rotate_left(7);
        if n % 2 == 0 {
            rows.reverse();
        }
        let (unit, rows) = (&w.unit, rows.clone());
        calls.push(Box::pin(async move { import(unit, &rows).await }));
    }
    let answers = futures_util::future::join_all(calls).await;
    let count = |what: &str| {
        answers
            .iter()
            .map(|answer| answer[what].as_u64().unwrap())
            .sum::<u64>()
    };
    assert_eq!(
        (count("imported"), count("already_imported")),
        (40, 50 * 40 - 40)
    );
    assert_eq!(w.unit.api.list("/v1/imports").await.len(), 40);
    for n in 0..10 {
        let found = look_up(&w.unit, &format!("https://paste.example/{n}")).await;
        assert_eq!(found["imported"]["times"], 4, "{n}");
    }
}
