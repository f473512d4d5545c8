//! Claims, answer pages, feeds, TAXII, event streams, the ends of mails: each says in its own form that the database is gone, and
//! nothing is half done.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use reqwest::Method;
use serde_json::{Value, json};
use takedown_tests::api::Call;
use takedown_tests::events::Events;
use takedown_tests::{Answer, Db, Filing, Server, World, paths, seams, wait};

use super::behind_a_wire;
use crate::taxii::collection;

const TAXII: &str = "application/taxii+json;version=2.1";
/// Of the length of our secrets. It never opened anything.
const GUESS: &str = "0123456789abcdefghjkmnpqrstvwxyz";

/// A 503 that says when to come again.
#[track_caller]
fn later(answer: Answer) -> Answer {
    let answer = answer.is(503);
    let again = answer.header("retry-after").map(str::parse::<u32>);
    assert!(matches!(again, Some(Ok(_))), "{:?}", answer.headers);
    answer
}

/// The same as an error message of TAXII.
#[track_caller]
fn later_by_taxii(answer: Answer) -> Value {
    let answer = later(answer);
    assert_eq!(answer.header("content-type"), Some(TAXII));
    let said = answer.json();
    assert_eq!(said["http_status"], "503", "{said:#}");
    assert!(said["title"].is_string() && said["description"].is_string());
    said
}

fn form(w: &World, page: &str, fields: &str) -> Call {
    let call = w.anonymous.call(Method::POST, page);
    call.bytes("application/x-www-form-urlencoded", fields.to_owned())
}

/// What callers want to change: a feed, a claim, how mails come.
fn changes(w: &World) -> [Call; 3] {
    let claims = format!("/v1/platforms/{}/claims", w.platform.id);
    let wishes = format!("/v1/platforms/{}/notification", w.platform.id);
    let feed = json!({"description": "Another reader"});
    [
        w.platform.api.post("/v1/feeds", &feed).key("another feed"),
        w.operator
            .api
            .post(&claims, &json!({"host": "paste.example"})),
        w.platform.api.put(&wishes, &json!({"mail": "never"})),
    ]
}

/// Feeds, claims, and the platform's version.
async fn standing(w: &World) -> (usize, usize, Value) {
    let at = format!("/v1/platforms/{}", w.platform.id);
    let platform = w.operator.api.get(&at).await.is(200).json();
    (
        w.platform.api.list("/v1/feeds").await.len(),
        w.operator.api.list("/v1/claims").await.len(),
        platform["version"].clone(),
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_door_says_in_its_own_form_that_the_database_is_gone() {
    let mut settings = seams::no_rate_limit();
    settings.push(seams::setting("TAKEDOWN_SERVER_STREAM_HEARTBEAT", "100ms"));
    let (w, link) = behind_a_wire(&settings).await;
    let request = w
        .file(&Filing::referral(&["https://paste.example/a"]))
        .await;
    let feed = json!({"description": "The reader on my desk"});
    let feed = w.platform.api.post("/v1/feeds", &feed).await.is(201).json();
    let url = feed["url"].as_str().unwrap();
    let feed_page = &url[url.find("/feeds/").unwrap()..];
    w.anonymous.get(feed_page).await.is(200);
    let before = standing(&w).await;
    let mut events = Events::open(w.platform.api.get("/v1/inbox/events")).await;
    assert_eq!(events.piece().await.unwrap().retry, Some(3_000));
    w.unit.api.token().await;
    let objects = format!("{}objects/", collection(&w.platform));

    link.cut();
    for call in [
        w.operator.api.get("/v1/claims"),
        w.operator.api.get("/v1/webhook-health"),
        w.unit.api.get("/v1/deliveries"),
        w.platform.api.get("/v1/webhooks"),
        w.platform.api.get("/v1/feeds"),
        w.anonymous.get("/v1/transparency"),
        w.platform
            .api
            .delete(&format!("/v1/feeds/{}", feed["id"].as_str().unwrap())),
    ]
    .into_iter()
    .chain(changes(&w))
    {
        later(call.await).problem(503, "database-unavailable");
    }
    // Whoever was told before is told how it ends; whoever comes anew is told to come later.
    let end = loop {
        let event = events.next().await.expect("an end");
        if event.name.as_deref() == Some("end") {
            break event;
        }
    };
    assert_eq!(end.json()["reason"], "unavailable");
    assert_eq!(events.next().await, None);
    let anew = w.platform.api.get("/v1/inbox/events");
    let refused = anew.header("accept", "text/event-stream").await;
    later(refused).problem(503, "database-unavailable");

    let who = w.platform.api.credentials().clone();
    for page in [
        objects.clone(),
        format!("{}manifest/", collection(&w.platform)),
    ] {
        let by_token = w.platform.api.get(&page).header("accept", TAXII).await;
        let said = later_by_taxii(by_token);
        assert_eq!(said["error_code"], "database-unavailable", "{said:#}");
        let by_secret = w.anonymous.get(&page).header("accept", TAXII);
        let by_secret = by_secret.with(|call| call.basic_auth(&who.id, Some(&who.secret)));
        let said = later_by_taxii(by_secret.await);
        assert_eq!(said["error_code"], "database-unavailable", "{said:#}");
    }

    let answer = format!("/answer/{GUESS}");
    let claim = format!("/answer/{GUESS}/claim");
    let end_mails = format!("/unsubscribe/{GUESS}");
    let code = "/objection/7KQ2-M9TX-4R1B";
    for (language, call) in [
        (Some("de"), w.anonymous.get(&answer)),
        (Some("de"), form(&w, &answer, "do=open&version=1")),
        (Some("de"), w.anonymous.get(&claim)),
        (Some("de"), form(&w, &claim, "do=start&host=paste.example")),
        (
            Some("de"),
            w.anonymous.get(&format!("{answer}/request.jws")),
        ),
        (Some("de"), w.anonymous.get(&end_mails)),
        (
            Some("de"),
            form(&w, &end_mails, "List-Unsubscribe=One-Click"),
        ),
        (Some("de"), w.anonymous.get(code)),
        (Some("de"), form(&w, code, "text=Why&language=en")),
        (Some("de"), w.anonymous.get("/check/7KQ2-M9TX-4R1B")),
        // It has two languages, and German is neither.
        (Some("en"), w.anonymous.get("/transparency")),
        (None, w.anonymous.get(feed_page)),
    ] {
        let page = later(call.header("accept-language", "de").await);
        let kind = page.header("content-type").unwrap_or_default();
        assert!(kind.starts_with("text/html"), "{kind}: {}", page.text());
        if language.is_some() {
            assert_eq!(page.header("content-language"), language);
        }
        // But for what leads to the same page in another language.
        let text = page.text().replace(&format!("{end_mails}?lang="), "");
        assert!(!text.contains(GUESS), "{text}");
    }

    link.mend();
    wait::until("the server to be ready again", || async {
        (w.anonymous.get("/readyz").await.status == 200).then_some(())
    })
    .await;
    assert_eq!(standing(&w).await, before, "nothing was half done");
    // Whoever was refused has read nothing: it is no receipt.
    assert_eq!(w.read(&request).await["status"], "filed");
    for call in changes(&w) {
        let done = call.await;
        assert!(matches!(done.status, 200 | 201), "{}", done.text());
    }
    let read = w.platform.api.get(&objects).header("accept", TAXII).await;
    read.is(200);
    assert_eq!(w.read(&request).await["status"], "fetched");
    let mut events = Events::open(w.platform.api.get("/v1/inbox/events")).await;
    let first = events.next().await.unwrap();
    assert!(first.id.is_some(), "{first:?}");
}

/// A program beside the server that writes in its database and does not come to an end.
struct Beside(Child);

impl Beside {
    fn writes_in(server: &Server) -> Beside {
        let script = "
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60)
db.execute('BEGIN IMMEDIATE')
print('held', flush=True)
sys.stdin.read()
db.execute('ROLLBACK')
";
        let mut child = Command::new(paths::tool("venv/bin/python"))
            .args(["-c", script])
            .arg(seams::database_file(server.data()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut told = String::new();
        let out = child.stdout.take().unwrap();
        BufReader::new(out).read_line(&mut told).unwrap();
        assert_eq!(told, "held\n");
        Beside(child)
    }

    fn ends(mut self) {
        drop(self.0.stdin.take());
        assert!(self.0.wait().unwrap().success());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_somebody_else_writes_in_the_embedded_database_nothing_is_half_done() {
    let w = World::with(Db::Sqlite, &seams::no_rate_limit()).await;
    let request = w
        .file(&Filing::referral(&["https://paste.example/a"]))
        .await;
    let before = standing(&w).await;
    let objects = format!("{}objects/", collection(&w.platform));
    let beside = Beside::writes_in(&w.server);
    let [feed, claim, wish] = changes(&w);
    let collected = w.platform.api.get(&objects).header("accept", TAXII);
    let (feed, claim, wish, collected) = tokio::join!(
        async { feed.await },
        async { claim.await },
        async { wish.await },
        async { collected.await }
    );
    for refused in [feed, claim, wish] {
        let refused = later(refused);
        let code = refused.json()["code"].as_str().unwrap().to_owned();
        let known = ["database-unavailable", "busy"].contains(&code.as_str());
        assert!(known, "{code}");
        refused.problem(503, &code);
    }
    later_by_taxii(collected);
    // Reading goes on, and pages are shown.
    assert_eq!(standing(&w).await, before);
    let guessed = w.anonymous.get(&format!("/answer/{GUESS}")).await;
    guessed.is(404);

    beside.ends();
    wait::until("writing to work again", || async {
        let [feed, ..] = changes(&w);
        (feed.await.status == 201).then_some(())
    })
    .await;
    let (feeds, claims, version) = standing(&w).await;
    assert_eq!((feeds, claims, version), (before.0 + 1, before.1, before.2));
    assert_eq!(w.read(&request).await["status"], "filed");
}
