//! What was acknowledged survives: the process is killed without warning under load and started again.

use futures_util::future::join_all;
use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use takedown_tests::{Db, Filing, World, both_databases, wait};

const WRITERS: usize = 16;
const ROUNDS: usize = 4;
/// So many filings are acknowledged in a round before the process is killed.
const BEFORE_THE_KILL: usize = 60;

both_databases!(killed_under_load_it_has_lost_nothing_it_acknowledged,);

async fn killed_under_load_it_has_lost_nothing_it_acknowledged(db: Db) {
    let mut w = World::with(db, &takedown_tests::seams::no_rate_limit()).await;
    let acknowledged: Mutex<HashMap<String, String>> = Mutex::default();
    let mut unanswered: Vec<String> = Vec::new();
    for round in 0..ROUNDS {
        w.unit.api.forget_token().await;
        w.unit.api.token().await;
        let stop = AtomicBool::new(false);
        let already = acknowledged.lock().unwrap().len();
        let pid = w.server.pid();
        let write = |writer: usize| {
            let (api, stop, acknowledged) = (w.unit.api.clone(), &stop, &acknowledged);
            async move {
                for n in 0.. {
                    let key = format!("{round}-{writer}-{n}");
                    let filing = Filing::referral(&[&format!("https://paste.example/{key}")])
                        .reference(&key)
                        .json();
                    match api.post("/v1/requests", &filing).key(&key).attempt().await {
                        Ok(answer) => {
                            let id = answer.is(201).json()["id"].as_str().unwrap().to_owned();
                            acknowledged.lock().unwrap().insert(key, id);
                        }
                        Err(_) => return Some(key),
                    }
                    if stop.load(Ordering::SeqCst) {
                        return None;
                    }
                }
                None
            }
        };
        let kill = async {
            wait::until("enough filings to be acknowledged", || async {
                (acknowledged.lock().unwrap().len() >= already + BEFORE_THE_KILL).then_some(())
            })
            .await;
            takedown_tests::server::signal("KILL", pid);
            stop.store(true, Ordering::SeqCst);
        };
        let (cut_off, ()) = tokio::join!(join_all((0..WRITERS).map(write)), kill);
        unanswered.extend(cut_off.into_iter().flatten());
        w.server.kill9();
        w.server.restart();
    }

    // Whoever got no answer sends the same again, with the same key: it is filed once, whether or not it had been.
    w.unit.api.forget_token().await;
    w.platform.api.forget_token().await;
    for key in unanswered {
        let filing = Filing::referral(&[&format!("https://paste.example/{key}")])
            .reference(&key)
            .json();
        let id = w
            .unit
            .api
            .post("/v1/requests", &filing)
            .key(&key)
            .await
            .is(201)
            .json()["id"]
            .as_str()
            .unwrap()
            .to_owned();
        acknowledged.lock().unwrap().insert(key, id);
    }
    let acknowledged = acknowledged.into_inner().unwrap();
    let stored = w.unit.api.list("/v1/requests?limit=200").await;
    let stored: HashMap<_, _> = stored
        .iter()
        .map(|request| {
            (
                request["agency_reference"].as_str().unwrap().to_owned(),
                request["id"].as_str().unwrap().to_owned(),
            )
        })
        .collect();
    assert_eq!(stored, acknowledged, "lost or doubled");

    // Each is in the inbox exactly once, with its history complete.
    let mut seen = Vec::new();
    let mut cursor = String::new();
    while seen.len() < stored.len() {
        let page = w
            .platform
            .api
            .get(&format!("/v1/inbox?limit=200{cursor}"))
            .await
            .is(200)
            .json();
        seen.extend(
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|entry| entry["request"]["id"].as_str().unwrap().to_owned()),
        );
        cursor = format!("&cursor={}", page["next"].as_str().unwrap());
    }
    seen.sort();
    let mut expected: Vec<_> = stored.values().cloned().collect();
    expected.sort();
    assert_eq!(seen, expected);
    for id in expected.iter().step_by(17) {
        assert_eq!(
            w.history(&serde_json::json!({"id": id})).await,
            ["request.filed"]
        );
    }
}
