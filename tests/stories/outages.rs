//! The database gone, the disk full: refused with a problem, nothing lost, healed without anyone's help.

mod newer;

use serde_json::Value;
use takedown_tests::link::Link;
use takedown_tests::{Db, Filing, World, disk, seams, wait};

fn good() -> Value {
    Filing::referral(&["https://paste.example/a"]).json()
}

/// An exchange whose database is at the end of a wire that can be cut.
async fn behind_a_wire(settings: &[(String, String)]) -> (World, Link) {
    let mut server = takedown_tests::Server::prepare(Db::Postgres, settings);
    let url = server.database().url().unwrap();
    let (before, address) = url.split_once('@').unwrap();
    let (address, name) = address.split_once('/').unwrap();
    let link = Link::to(address.to_owned()).await;
    server.set(seams::setting(
        "TAKEDOWN_DATABASE_URL",
        &format!("{before}@127.0.0.1:{}/{name}", link.port()),
    ));
    (World::on(server).await, link)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_gone_is_a_503_and_heals_by_itself() {
    let (w, link) = behind_a_wire(&[]).await;
    let request = w
        .file(&Filing::referral(&["https://paste.example/a"]))
        .await;
    w.platform.api.token().await;

    link.cut();
    let answer = w
        .unit
        .api
        .post("/v1/requests", &good())
        .key("while it was gone")
        .await;
    assert!(
        answer.header("retry-after").is_some(),
        "{:?}",
        answer.headers
    );
    answer.problem(503, "database-unavailable");
    w.platform
        .api
        .get("/v1/inbox")
        .await
        .problem(503, "database-unavailable");
    for what_anybody_reads in [
        "/v1/log",
        "/log/checkpoint",
        "/log/tile/0/000.p/1",
        "/v1/transparency",
    ] {
        let answer = w.anonymous.get(what_anybody_reads).await;
        answer.problem(503, "database-unavailable");
    }
    w.anonymous.get("/transparency").await.is(503);
    w.anonymous.get("/livez").await.is(200);
    w.anonymous.get("/readyz").await.is(503);

    link.mend();
    wait::until("the server to be ready again", || async {
        (w.anonymous.get("/readyz").await.status == 200).then_some(())
    })
    .await;
    w.unit
        .api
        .post("/v1/requests", &good())
        .key("while it was gone")
        .await
        .is(201);
    assert_eq!(w.unit.api.list("/v1/requests").await.len(), 2);
    assert_eq!(w.read(&request).await["status"], "filed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_a_507_that_loses_nothing_and_heals_by_itself() {
    let mut server = takedown_tests::Server::prepare(Db::Sqlite, &seams::no_rate_limit());
    disk::small(&mut server, "6m");
    let w = World::on(server).await;
    let first = w
        .file(&Filing::referral(&["https://paste.example/first"]))
        .await;
    let filler = disk::fill(&disk::inside(&w.server));
    let mut filed = 1;
    let refused = wait::until("the disk to be full", || {
        filed += 1;
        let body = Filing::referral(&[&format!("https://paste.example/{filed}")])
            .reference(&format!("D-{filed}"))
            .json();
        async {
            let body = body;
            let answer = w.unit.api.post("/v1/requests", &body).await;
            (answer.status != 201).then_some((answer, body))
        }
    })
    .await;
    refused.0.problem(507, "storage-full");
    // Reading goes on.
    assert_eq!(w.read(&first).await["status"], "filed");
    std::fs::remove_file(&filler).unwrap();
    wait::until("filing to work again", || async {
        (w.unit.api.post("/v1/requests", &refused.1).await.status == 201).then_some(())
    })
    .await;
    let stored = w.unit.api.list("/v1/requests?limit=200").await;
    assert_eq!(
        stored.len(),
        filed,
        "each acknowledged filing, and the refused one once"
    );
    // What was read while nothing could be written is in the history as well, once something is read again.
    w.history(&first).await;
    wait::until("the read of then to be entered", || async {
        let reads = format!("{}/reads", takedown_tests::world::path(&first));
        let reads = w.unit.api.list(&reads).await;
        let read = reads.iter().any(|one| one["content"] == "request");
        read.then_some(())
    })
    .await;
}
