//! How an agency fared: exact while there is little to count, and as of then where there is much.

use chrono::Utc;
use serde_json::{Value, json};
use takedown_tests::{Db, Filing, World, both_databases, wait};

use crate::main_job::instant;
use crate::taken_back::withdraw;

both_databases!(who_filed_much_is_told_of_as_of_then,);

async fn who_filed_much_is_told_of_as_of_then(db: Db) {
    let w = World::with(db, &takedown_tests::seams::no_rate_limit()).await;
    let at = format!("/v1/agencies/{}/record", w.unit.id);
    let file = async |request: usize| {
        let links: Vec<String> = (0..1_000)
            .map(|n| format!("https://paste.example/{request}/{n}"))
            .collect();
        let links: Vec<&str> = links.iter().map(String::as_str).collect();
        w.file(&Filing::referral(&links)).await
    };
    let first = file(0).await;
    let before = Utc::now();
    let exact = w.unit.api.get(&at).await.is(200).json();
    assert_eq!(
        (&exact["filed"], &exact["items"]),
        (&json!(1), &json!(1_000))
    );
    assert!(instant(&exact["as_of"]) >= before);
    let mistake = json!({"reason": "mistake"});
    withdraw(&w, &first, mistake).await.is(200);
    let exact = w.unit.api.get(&at).await.is(200).json();
    assert_eq!(exact["items_taken_back"], json!({"mistake": 1_000}));
    for request in 1..=10 {
        file(request).await;
    }
    // Nobody waits while it is counted for the first time.
    let busy = w.platform.api.get(&at).await;
    if busy.status != 200 {
        assert!(busy.header("retry-after").is_some());
        busy.problem(503, "busy");
    }
    let counted: Value = wait::until("the record to be counted", || async {
        let answer = w.platform.api.get(&at).await;
        (answer.status == 200).then(|| answer.json())
    })
    .await;
    assert_eq!(
        (&counted["filed"], &counted["items"]),
        (&json!(11), &json!(11_000))
    );
    assert_eq!(counted["withdrawn"], json!({"mistake": 1}));
    assert_eq!(counted["items_taken_back"], json!({"mistake": 1_000}));
    assert_eq!(counted["outcomes"], json!({"undecided": 11_000}));
    // Whoever asks again is told the same, and as of when.
    let again = w.auditor.api.get(&at).await.is(200).json();
    assert_eq!(again, counted);
    assert!(instant(&counted["as_of"]) <= Utc::now());
}
