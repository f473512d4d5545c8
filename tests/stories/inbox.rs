//! The inbox: in commit order, replayable, and nothing is ever missed.

use futures_util::future::join_all;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use takedown_tests::{Api, Db, Filing, World, both_databases};

const WRITERS: usize = 32;
const EACH: usize = 15;

fn ids(page: &Value) -> Vec<String> {
    page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["request"]["id"].as_str().unwrap().to_owned())
        .collect()
}

/// Follows `next` until it has seen so many entries, asking on as long as `writing` says more may come.
async fn poll(api: &Api, limit: usize, expected: usize, written: &AtomicUsize) -> Vec<Value> {
    let mut entries = Vec::new();
    let mut cursor = String::new();
    let mut empty_after_the_end = 0;
    while empty_after_the_end < 3 {
        let all_written = written.load(Ordering::SeqCst) >= expected;
        let page = api
            .get(&format!("/v1/inbox?limit={limit}{cursor}"))
            .await
            .is(200)
            .json();
        let new = page["items"].as_array().unwrap();
        if new.is_empty() && all_written {
            // On PostgreSQL entries may become visible a moment after their commit was acknowledged, never later than bounded work.
            empty_after_the_end += usize::from(entries.len() >= expected);
        }
        entries.extend(new.iter().cloned());
        cursor = format!(
            "&cursor={}",
            page["next"].as_str().expect("there is always a next")
        );
        if entries.len() < expected {
            tokio::task::yield_now().await;
        }
    }
    entries
}

both_databases!(
    many_writers_and_no_poller_misses_or_doubles_one,
    a_page_is_never_used_up_and_a_cursor_outlives_the_server,
    nothing_new_costs_a_304_and_a_waiting_call_returns_with_the_news,
    the_platform_hears_of_answers_and_withdrawals_there_too,
);

async fn many_writers_and_no_poller_misses_or_doubles_one(db: Db) {
    let w = World::with(db, &takedown_tests::seams::no_rate_limit()).await;
    w.unit.api.token().await;
    w.platform.api.token().await;
    let written = AtomicUsize::new(0);
    let writers = join_all((0..WRITERS).map(|writer| {
        let (w, written) = (&w, &written);
        async move {
            let mut acknowledged = Vec::new();
            for n in 0..EACH {
                let filing = Filing::referral(&[&format!("https://paste.example/{writer}/{n}")]);
                acknowledged.push(w.file(&filing).await["id"].as_str().unwrap().to_owned());
                written.fetch_add(1, Ordering::SeqCst);
            }
            acknowledged
        }
    }));
    let expected = WRITERS * EACH;
    let (acknowledged, fast, slow) = tokio::join!(
        writers,
        poll(&w.platform.api, 7, expected, &written),
        poll(&w.platform.api, 200, expected, &written)
    );
    let acknowledged: HashSet<String> = acknowledged.into_iter().flatten().collect();
    assert_eq!(acknowledged.len(), expected);
    for entries in [&fast, &slow] {
        let seen: Vec<_> = entries
            .iter()
            .map(|entry| entry["request"]["id"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(seen.len(), expected, "doubled or missed");
        assert_eq!(seen.into_iter().collect::<HashSet<_>>(), acknowledged);
        assert!(
            entries.is_sorted_by(|a, b| a["position"].as_u64() < b["position"].as_u64()),
            "out of order"
        );
    }
    assert_eq!(
        fast, slow,
        "both pollers were told the same in the same order"
    );
}

async fn a_page_is_never_used_up_and_a_cursor_outlives_the_server(db: Db) {
    let mut w = World::new(db).await;
    for n in 0..5 {
        w.file(&Filing::referral(&[&format!("https://paste.example/{n}")]))
            .await;
    }
    let first = w.platform.api.get("/v1/inbox?limit=2").await.is(200).json();
    let rest = format!("/v1/inbox?cursor={}", first["next"].as_str().unwrap());
    assert_eq!((ids(&first).len(), &first["more"]), (2, &json!(true)));
    let before = w.platform.api.get(&rest).await.is(200).json();
    assert_eq!((ids(&before).len(), &before["more"]), (3, &json!(false)));
    w.server.stop();
    w.server.restart();
    assert_eq!(w.platform.api.get(&rest).await.is(200).json(), before);
    assert_eq!(
        w.platform.api.get("/v1/inbox?limit=2").await.is(200).json(),
        first
    );
    // Acknowledging is a separate call; an inbox of another platform is another inbox.
    assert_eq!(
        ids(&w.other_platform.api.get("/v1/inbox").await.is(200).json()).len(),
        0
    );
}

async fn nothing_new_costs_a_304_and_a_waiting_call_returns_with_the_news(db: Db) {
    let w = World::new(db).await;
    w.file(&Filing::referral(&["https://paste.example/a"]))
        .await;
    let page = w.platform.api.get("/v1/inbox").await.is(200);
    assert!(
        page.header("poll-interval")
            .is_some_and(|seconds| seconds.parse::<u32>().is_ok()),
        "{:?}",
        page.headers
    );
    let same = w
        .platform
        .api
        .get("/v1/inbox")
        .header("if-none-match", &page.etag())
        .await
        .is(304);
    assert!(same.body.is_empty());

    let next = format!("/v1/inbox?cursor={}", page.json()["next"].as_str().unwrap());
    let empty = w.platform.api.get(&next).await.is(200);
    w.platform
        .api
        .get(&next)
        .header("if-none-match", &empty.etag())
        .await
        .is(304);
    let waiting = w
        .platform
        .api
        .get(&next)
        .header("prefer", "wait=30")
        .header("if-none-match", &empty.etag());
    let (news, filed) = tokio::join!(async { waiting.await.is(200) }, async {
        w.file(&Filing::referral(&["https://paste.example/b"]))
            .await
    });
    assert_eq!(ids(&news.json()), [filed["id"].as_str().unwrap()]);
    assert!(
        news.header("preference-applied")
            .is_none_or(|applied| applied.contains("wait"))
    );
}

async fn the_platform_hears_of_answers_and_withdrawals_there_too(db: Db) {
    let w = World::new(db).await;
    let request = w
        .file(&Filing::referral(&["https://paste.example/a"]))
        .await;
    let at = takedown_tests::world::path(&request);
    w.platform.api.get(&at).await.is(200);
    let question = json!({"kind": "question", "text": "Which?", "language": "en"});
    w.platform
        .api
        .post(&format!("{at}/messages"), &question)
        .await
        .is(201);
    let answer = json!({"kind": "answer", "text": "The marked-text 7731.", "language": "en"});
    w.unit
        .api
        .post(&format!("{at}/messages"), &answer)
        .await
        .is(201);
    w.unit
        .api
        .put(&format!("{at}/withdrawal"), &json!({"reason": "duplicate"}))
        .if_match("*")
        .await
        .is(200);
    let inbox = w.platform.api.get("/v1/inbox").await.is(200);
    let told: Vec<_> = inbox.json()["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["type"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(told.first().map(String::as_str), Some("request.filed"));
    assert_eq!(told.last().map(String::as_str), Some("request.withdrawn"));
    assert!(told.len() >= 3, "{told:?}");
    assert!(
        !inbox.text().contains("7731"),
        "an inbox entry carries no text"
    );
}
