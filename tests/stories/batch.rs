//! Many filings at once: each row has its own fate, and none is reported as done that is not.

use serde_json::{Value, json};
use takedown_tests::world::path;
use takedown_tests::{Db, Filing, World, both_databases, wait};

fn numbered(count: usize) -> Vec<Value> {
    (0..count)
        .map(|n| {
            Filing::referral(&[&format!("https://paste.example/{n}")])
                .reference(&format!("B-{n}"))
                .json()
        })
        .collect()
}

both_databases!(
    one_bad_row_never_sinks_the_others,
    a_thousand_rows_as_lines_each_with_its_own_answer,
    a_batch_has_from_one_to_a_thousand_rows,
    a_key_with_another_body_is_refused_whole,
    a_batch_that_was_cut_off_goes_on_and_files_no_row_twice,
    first_orders_are_judged_in_the_order_of_the_rows,
    careful_rows_are_judged_in_the_order_of_the_rows,
);

async fn one_bad_row_never_sinks_the_others(db: Db) {
    let w = World::new(db).await;
    let mut rows = numbered(5);
    rows[1]["instrument"] = json!("no-such-power");
    rows[3]["agency_reference"] = json!("B-0");
    let answer = w
        .unit
        .api
        .post("/v1/requests/batch", &json!(rows))
        .await
        .is(200)
        .json();
    assert_eq!(
        (&answer["filed"], &answer["refused"]),
        (&json!(3), &json!(2)),
        "{answer:#}"
    );
    let told = answer["items"].as_array().unwrap();
    assert_eq!(told.len(), 5);
    for (index, row) in told.iter().enumerate() {
        assert_eq!(row["index"], index);
    }
    assert_eq!(told[1]["status"], 422);
    assert!(
        told[1]["problem"]["errors"][0]["pointer"]
            .as_str()
            .unwrap()
            .ends_with("/instrument"),
        "{answer:#}"
    );
    assert_eq!(
        (&told[3]["status"], &told[3]["problem"]["code"]),
        (&json!(409), &json!("duplicate-reference"))
    );
    for (index, row) in told
        .iter()
        .enumerate()
        .filter(|(_, row)| row["status"] == 201)
    {
        let request = w.read(&row["request"]).await;
        assert_eq!(request["agency_reference"], format!("B-{index}"));
    }
    assert_eq!(w.unit.api.list("/v1/requests").await.len(), 3);
    assert_eq!(
        w.platform.api.get("/v1/inbox").await.is(200).json()["items"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
}

async fn a_thousand_rows_as_lines_each_with_its_own_answer(db: Db) {
    let w = World::new(db).await;
    let mut lines: Vec<String> = numbered(1000).iter().map(Value::to_string).collect();
    lines[500] = "{\"instrument\": \"referral\", ".to_owned();
    lines[501] = "[1, 2]".to_owned();
    let answer = w
        .unit
        .api
        .call(reqwest::Method::POST, "/v1/requests/batch")
        .bytes("application/x-ndjson", lines.join("\n") + "\n")
        .await
        .is(200)
        .json();
    assert_eq!(
        (&answer["filed"], &answer["refused"]),
        (&json!(998), &json!(2)),
        "{answer:#}"
    );
    let refused: Vec<_> = answer["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["status"] != 201)
        .collect();
    assert_eq!(
        refused
            .iter()
            .map(|row| row["index"].as_u64().unwrap())
            .collect::<Vec<_>>(),
        [500, 501]
    );
    assert_eq!(w.unit.api.list("/v1/requests?limit=200").await.len(), 998);
    let last = &answer["items"][999]["request"];
    assert_eq!(
        w.platform.api.get(&path(last)).await.is(200).json()["items"][0]["locator"],
        "https://paste.example/999"
    );
}

async fn a_batch_has_from_one_to_a_thousand_rows(db: Db) {
    let w = World::new(db).await;
    for rows in [vec![], numbered(1001)] {
        let answer = w.unit.api.post("/v1/requests/batch", &json!(rows)).await;
        let status = answer.status;
        answer.problem(
            status,
            if status == 413 {
                "body-too-large"
            } else {
                "invalid"
            },
        );
    }
    assert_eq!(w.unit.api.list("/v1/requests").await.len(), 0);
}

fn statuses(answer: &Value) -> Vec<u64> {
    let rows = answer["items"].as_array().unwrap();
    rows.iter()
        .map(|row| row["status"].as_u64().unwrap())
        .collect()
}

async fn first_orders_are_judged_in_the_order_of_the_rows(db: Db) {
    let w = World::new(db).await;
    let order = |platform: &str, n: usize, waiver: Value| {
        let link = format!("https://{platform}.example/{n}");
        Filing::tco_order(&[&link])
            .set("prior_notice_waived", waiver)
            .json()
    };
    // The first rows come too early, one says why there was no notice, and those behind it are no first orders.
    let mut rows: Vec<Value> = (0..40).map(|n| order("paste", n, Value::Null)).collect();
    rows[20] = order("paste", 20, json!("An attack is announced for tonight."));
    rows.insert(0, order("forum", 0, json!("In a hurry.")));
    rows.push(order("forum", 1, Value::Null));
    let post = async |rows: &[Value]| {
        let answer = w.unit.api.post("/v1/requests/batch", &json!(rows)).await;
        answer.is(200).json()
    };
    let answer = post(&rows).await;
    let mut wanted = vec![201];
    wanted.extend([422; 20]);
    wanted.extend([201; 21]);
    assert_eq!(statuses(&answer), wanted);
    assert_eq!(
        answer["items"][1]["problem"]["rules"][0]["rule"],
        "instrument.prior_notice"
    );
    for row in [0, 21, 22, 40, 41] {
        let request = w.read(&answer["items"][row]["request"]).await;
        let by = if [0, 21].contains(&row) {
            "waived"
        } else {
            "earlier_order"
        };
        assert_eq!(request["prior_notice"]["by"], by, "row {row}");
    }
}

async fn careful_rows_are_judged_in_the_order_of_the_rows(db: Db) {
    let w = World::with(db, &takedown_tests::seams::no_rate_limit()).await;
    let row = |careful: bool| {
        let filing = Filing::referral(&["https://paste.example/same"]);
        match careful {
            true => filing.set("if_repeated", json!("refuse")).json(),
            false => filing.json(),
        }
    };
    let rows: Vec<Value> = (0..40).map(|n| row(n != 0 && n != 30)).collect();
    let answer = w.unit.api.post("/v1/requests/batch", &json!(rows)).await;
    let answer = answer.is(200).json();
    let mut wanted = [409; 40];
    (wanted[0], wanted[30]) = (201, 201);
    assert_eq!(statuses(&answer), wanted);
}

/// Filings without a reference of the agency's: only the key can tell that they are the same.
fn unnumbered(count: usize) -> Value {
    let filing = |n| Filing::referral(&[&format!("https://paste.example/{n}")]).json();
    json!((0..count).map(filing).collect::<Vec<_>>())
}

async fn a_key_with_another_body_is_refused_whole(db: Db) {
    let w = World::new(db).await;
    let api = &w.unit.api;
    let post = |rows: Value| async move { api.post("/v1/requests/batch", &rows).key("k").await };
    let first = post(unnumbered(3)).await.is(200);
    assert_eq!(post(unnumbered(3)).await.is(200).json(), first.json());
    // Its first rows are those of the first call; they are not taken for a repetition either.
    post(unnumbered(4))
        .await
        .problem(422, "idempotency-mismatch");
    w.unit
        .api
        .post("/v1/requests", &unnumbered(1)[0])
        .key("k")
        .await
        .problem(422, "idempotency-mismatch");
    assert_eq!(w.unit.api.list("/v1/requests").await.len(), 3);
}

async fn a_batch_that_was_cut_off_goes_on_and_files_no_row_twice(db: Db) {
    let mut w = World::with(db, &takedown_tests::seams::no_rate_limit()).await;
    let rows = unnumbered(1000);
    let pid = w.server.pid();
    let batch = async {
        let api = &w.unit.api;
        api.post("/v1/requests/batch", &rows)
            .key("k")
            .attempt()
            .await
            .is_err()
    };
    let kill = async {
        wait::until("the first rows to be filed", || async {
            let some = w.platform.api.get("/v1/requests?limit=1").await.is(200);
            (some.json()["items"] != json!([])).then_some(())
        })
        .await;
        takedown_tests::server::signal("KILL", pid);
    };
    tokio::join!(batch, kill);
    w.server.kill9();
    w.server.restart();
    let before = w.unit.api.list("/v1/requests?limit=200").await;
    let answer = w
        .unit
        .api
        .post("/v1/requests/batch", &rows)
        .key("k")
        .await
        .is(200)
        .json();
    assert_eq!(answer["filed"], 1000, "{:#}", answer["items"][0]);
    let after = w.unit.api.list("/v1/requests?limit=200").await;
    assert_eq!(after.len(), 1000);
    for request in &before {
        assert!(after.contains(request), "{request:#}");
    }
}
