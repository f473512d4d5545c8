//! The inbox as server-sent events: nothing is missed over broken connections, and a stream ends when its reader may not read.

use futures_util::future::join_all;
use serde_json::{Value, json};
use std::collections::HashSet;
use takedown_tests::events::{Event, Events};
use takedown_tests::seams::{no_rate_limit, setting};
use takedown_tests::world::Party;
use takedown_tests::{Db, Filing, World, both_databases, wait};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

const EVENTS: &str = "/v1/inbox/events";
const WRITERS: usize = 8;
const EACH: usize = 10;

both_databases!(
    events_are_the_entries_of_the_inbox_and_go_on_where_one_was,
    many_writers_and_a_reader_who_is_cut_off_again_and_again,
    a_stream_ends_with_the_right_to_read_and_says_so,
    a_stream_ends_with_its_node,
    so_many_and_no_more,
    whoever_takes_nothing_is_disconnected_and_makes_room,
    what_is_wrong_is_said,
);

async fn entries(party: &Party) -> Vec<Value> {
    let page = party.api.get("/v1/inbox?limit=200").await.is(200).json();
    page["items"].as_array().unwrap().clone()
}

async fn filed(w: &World, name: &str) -> Value {
    let locator = format!("https://paste.example/hidden-{name}#s3cr3t");
    w.file(&Filing::referral(&[&locator])).await
}

/// A stream that goes on after this event.
async fn resumed(party: &Party, last: &Event) -> Events {
    let id = last.id.as_deref().unwrap();
    Events::open(party.api.get(EVENTS).header("last-event-id", id)).await
}

async fn events_are_the_entries_of_the_inbox_and_go_on_where_one_was(db: Db) {
    let w = World::with(db, &[setting("TAKEDOWN_SERVER_STREAM_HEARTBEAT", "100ms")]).await;
    let before = filed(&w, "before").await;
    let mut events = Events::open(w.platform.api.get(EVENTS)).await;
    assert!(events.piece().await.unwrap().retry.is_some());
    let first = events.next().await.unwrap();
    assert_eq!(first.json(), entries(&w.platform).await[0]);
    assert_eq!(first.json()["request"]["id"], before["id"]);
    assert!(
        events.piece().await.unwrap().comment,
        "it shows that it is there"
    );

    // What happens while somebody listens comes at once, in the very words of the inbox.
    let during = filed(&w, "during").await;
    let second = events.next().await.unwrap();
    assert_eq!(second.json()["request"]["id"], during["id"]);
    for event in [&first, &second] {
        assert_eq!(
            event.name, None,
            "whoever listens to everything hears everything"
        );
        for word in ["hidden", "s3cr3t", "paste.example"] {
            assert!(!event.data.contains(word), "{}", event.data);
        }
    }
    // Being told is no receipt.
    assert_eq!(w.read(&before).await["status"], "filed");
    drop(events);

    // Away for a while: the id is a cursor of the inbox, and the inbox's a place to begin here.
    let away = filed(&w, "away").await;
    let mut again = resumed(&w.platform, &first).await;
    assert_eq!(again.next().await.unwrap(), second);
    assert_eq!(
        again.next().await.unwrap().json()["request"]["id"],
        away["id"]
    );
    let cursor = second.id.as_deref().unwrap();
    let page = format!("/v1/inbox?cursor={cursor}");
    let page = w.platform.api.get(&page).await.is(200).json();
    assert_eq!(page["items"][0]["request"]["id"], away["id"]);
    let from = format!("{EVENTS}?cursor={cursor}");
    let mut from = Events::open(w.platform.api.get(&from)).await;
    assert_eq!(from.next().await.unwrap().json(), page["items"][0]);
    // A reader that has read nothing yet sends nothing.
    let mut all = Events::open(w.platform.api.get(EVENTS).header("last-event-id", "")).await;
    assert_eq!(all.next().await.unwrap(), first);

    // The unit has an inbox too, and learns of the answer.
    let mut unit = Events::open(w.unit.api.get(EVENTS)).await;
    w.acknowledge(&before).await;
    let mut told = Vec::new();
    while told.last() != Some(&json!("request.acknowledged")) {
        told.push(unit.next().await.unwrap().json()["type"].clone());
    }
    assert_eq!(told, ["request.fetched", "request.acknowledged"]);
}

async fn many_writers_and_a_reader_who_is_cut_off_again_and_again(db: Db) {
    let w = World::with(db, &no_rate_limit()).await;
    w.unit.api.token().await;
    let writers = join_all((0..WRITERS).map(|writer| {
        let w = &w;
        async move {
            for n in 0..EACH {
                filed(w, &format!("{writer}-{n}")).await;
            }
        }
    }));
    let reader = async {
        let mut read: Vec<Event> = Vec::new();
        while read.len() < WRITERS * EACH {
            let mut events = match read.last() {
                None => Events::open(w.platform.api.get(EVENTS)).await,
                Some(last) => resumed(&w.platform, last).await,
            };
            // A few, and the connection is gone.
            for _ in 0..7 {
                if read.len() < WRITERS * EACH {
                    read.push(events.next().await.unwrap());
                }
            }
        }
        read
    };
    let (_, read) = tokio::join!(writers, reader);
    let positions: Vec<i64> = read
        .iter()
        .map(|event| event.json()["position"].as_i64().unwrap())
        .collect();
    let expected: Vec<i64> = (1..).take(WRITERS * EACH).collect();
    assert_eq!(
        positions, expected,
        "each once, in order, and none is missing"
    );
    let different: HashSet<_> = read.iter().map(|event| &event.id).collect();
    assert_eq!(different.len(), read.len());
}

async fn a_stream_ends_with_the_right_to_read_and_says_so(db: Db) {
    let w = World::with(db, &[setting("TAKEDOWN_SERVER_STREAM_HEARTBEAT", "100ms")]).await;
    let client = &w.platform.api.credentials().id;
    let suspensions = [
        format!("/v1/clients/{client}/suspension"),
        format!("/v1/platforms/{}/suspension", w.platform.id),
    ];
    for suspension in suspensions {
        let mut events = Events::open(w.platform.api.get(EVENTS)).await;
        let why = json!({"reason": "lost laptop"});
        w.operator.api.put(&suspension, &why).await.is(200);
        let end = events.next().await.unwrap();
        assert_eq!(end.name.as_deref(), Some("end"));
        assert_eq!(end.json()["reason"], "access_ended");
        assert_eq!(end.id, None, "where to go on stays what it was");
        assert!(events.piece().await.is_none());
        let refused = w
            .platform
            .api
            .get(EVENTS)
            .header("accept", "text/event-stream");
        refused.await.problem(401, "unauthenticated");
        w.operator.api.delete(&suspension).await.is(200);
        w.platform.api.forget_token().await;
    }
}

async fn a_stream_ends_with_its_node(db: Db) {
    let mut w = World::with(db, &[]).await;
    let mut events = Events::open(w.platform.api.get(EVENTS)).await;
    assert!(events.piece().await.unwrap().retry.is_some());
    // It does not hold up the stop, which must end well.
    let (end, ()) = tokio::join!(async { events.next().await.unwrap() }, async {
        tokio::task::block_in_place(|| w.server.stop())
    },);
    assert_eq!(end.json()["reason"], "stopping");
}

async fn so_many_and_no_more(db: Db) {
    let settings = [
        setting("TAKEDOWN_SERVER_STREAMS_PER_CLIENT", "2"),
        setting("TAKEDOWN_SERVER_STREAMS", "3"),
        setting("TAKEDOWN_SERVER_STREAM_HEARTBEAT", "100ms"),
    ];
    let w = World::with(db, &settings).await;
    let asked = |party: &Party| party.api.get(EVENTS).header("accept", "text/event-stream");
    let mut first = Events::open(w.platform.api.get(EVENTS)).await;
    let second = Events::open(w.platform.api.get(EVENTS)).await;
    let _unit = Events::open(w.unit.api.get(EVENTS)).await;
    let full = asked(&w.other_platform).await;
    assert!(full.header("retry-after").is_some());
    let full = full.problem(503, "busy");
    assert!(full["detail"].as_str().unwrap().contains("poll /v1/inbox"));
    // Whoever connects again is let in, whatever is left of him: his oldest makes room.
    let third = Events::open(w.platform.api.get(EVENTS)).await;
    assert_eq!(first.next().await.unwrap().json()["reason"], "replaced");
    assert!(first.piece().await.is_none());
    asked(&w.other_platform).await.problem(503, "busy");
    // Whoever leaves makes room; whoever cannot follow can poll.
    w.other_platform.api.get("/v1/inbox").await.is(200);
    drop((second, third));
    wait::until("room for another one", || async {
        let answer = asked(&w.other_platform).begun().await;
        (answer.status().as_u16() == 200).then_some(())
    })
    .await;
}

/// A client that asks for the stream, sees that it is answered, and then takes nothing more: its connection.
async fn stalled(party: &Party) -> TcpStream {
    let url = party.api.url("");
    let address = url.strip_prefix("http://").unwrap().parse().unwrap();
    let socket = TcpSocket::new_v4().unwrap();
    // Little room, so that it is soon full.
    socket.set_recv_buffer_size(4_096).unwrap();
    let mut stream = socket.connect(address).await.unwrap();
    let call = format!(
        "GET {EVENTS} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {}\r\naccept: text/event-stream\r\n\r\n",
        party.api.token().await
    );
    stream.write_all(call.as_bytes()).await.unwrap();
    let mut answered = [0; 12];
    stream.read_exact(&mut answered).await.unwrap();
    assert_eq!(&answered, b"HTTP/1.1 200");
    stream
}

async fn whoever_takes_nothing_is_disconnected_and_makes_room(db: Db) {
    let settings = [
        setting("TAKEDOWN_SERVER_STREAMS", "1"),
        setting("TAKEDOWN_SERVER_STREAM_HEARTBEAT", "100ms"),
        // The stream itself would wait for much longer than we do.
        setting("TAKEDOWN_SERVER_STREAM_PATIENCE", "10m"),
        setting("TAKEDOWN_SERVER_STALL_TIMEOUT", "10s"),
    ];
    let w = World::with(db, &settings).await;
    for n in 0..40 {
        filed(&w, &format!("much-{n}")).await;
    }
    let stalled = stalled(&w.platform).await;
    let asked = || w.unit.api.get(EVENTS).header("accept", "text/event-stream");
    asked().await.problem(503, "busy");
    wait::until("its place to be free", || async {
        (asked().begun().await.status().as_u16() == 200).then_some(())
    })
    .await;
    // It had not hung up: it was there all the time.
    drop(stalled);
}

async fn what_is_wrong_is_said(db: Db) {
    let w = World::new(db).await;
    filed(&w, "a").await;
    // Without an end only for whoever asks for it.
    for accept in ["application/json", "*/*", "text/*"] {
        let refused = w.platform.api.get(EVENTS).header("accept", accept).await;
        let refused = refused.problem(406, "not-acceptable");
        assert!(
            refused["detail"]
                .as_str()
                .unwrap()
                .contains("text/event-stream")
        );
    }
    let asked = |query: &str| {
        let call = w.platform.api.get(&format!("{EVENTS}{query}"));
        call.header("accept", "text/event-stream")
    };
    let foreign = w.other_platform.api.get("/v1/inbox").await.is(200).json();
    let foreign = foreign["next"].as_str().unwrap();
    let own = w.platform.api.get("/v1/inbox").await.is(200).json();
    let own = own["next"].as_str().unwrap();
    for call in [
        asked(&format!("?cursor={foreign}")),
        asked("").header("last-event-id", foreign),
        asked(&format!("?cursor={own}")).header("last-event-id", foreign),
        asked("?cursor=never"),
    ] {
        let refused = call.await.problem(400, "invalid-cursor");
        let detail = refused["detail"].as_str().unwrap();
        assert!(
            detail.contains("begin again without a cursor")
                || detail.contains("exactly as it was given"),
            "{detail}"
        );
    }
    asked("?since=1").await.problem(400, "invalid-parameter");
    let head = w.platform.api.call(reqwest::Method::HEAD, EVENTS).await;
    assert_eq!(head.is(405).header("allow"), Some("GET"));
    for party in [&w.operator, &w.auditor] {
        let call = party.api.get(EVENTS).header("accept", "text/event-stream");
        call.await.problem(403, "forbidden");
    }
    let nobody = w
        .anonymous
        .get(EVENTS)
        .header("accept", "text/event-stream");
    nobody.await.problem(401, "unauthenticated");
}

/// Whoever listens at one node hears of what is filed at the other, and goes on there when his own is gone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_node_tells_the_same() {
    let mut w = World::new(Db::Postgres).await;
    let second = w.server.another_node();
    let mut here = Events::open(w.platform.api.get(EVENTS)).await;
    let mut there = Events::open(w.platform.api.at(second.address()).get(EVENTS)).await;
    let request = filed(&w, "a").await;
    let heard = there.next().await.unwrap();
    assert_eq!(heard, here.next().await.unwrap());
    assert_eq!(heard.json()["request"]["id"], request["id"]);
    w.server.kill9();
    assert!(here.piece().await.is_none());
    let unit = w.unit.api.at(second.address());
    let next = Filing::referral(&["https://paste.example/b"]).json();
    let next = unit.post("/v1/requests", &next).await.is(201).json();
    let call = w.platform.api.at(second.address()).get(EVENTS);
    let last = heard.id.as_deref().unwrap();
    let mut again = Events::open(call.header("last-event-id", last)).await;
    assert_eq!(
        again.next().await.unwrap().json()["request"]["id"],
        next["id"]
    );
}
