//! The sandbox: whoever writes a client tries it where nothing is real, and meets there what he will meet later.

mod apart;
mod clock;
mod guide;
mod mischief;
mod robots;

use reqwest::Method;
use serde_json::{Value, json};
use takedown_tests::seams::{Credentials, setting};
use takedown_tests::world::{Party, path};
use takedown_tests::{Api, Db, Filing, Server, World, both_databases, wait};

both_databases!(
    each_tester_has_a_world_of_his_own_and_is_told_that_nothing_is_real,
    credentials_have_an_end,
    elsewhere_there_is_nothing_of_it,
);

/// Behaves, unless a story is about that.
const CALM: [&str; 4] = ["DOUBLED", "LATE", "REORDERED", "CUT"];

fn calm() -> Vec<(String, String)> {
    let off = CALM.map(|name| setting(&format!("TAKEDOWN_SANDBOX_{name}"), "0"));
    let mut settings = off.to_vec();
    settings.push(setting("TAKEDOWN_WORKER_POLL_INTERVAL", "50ms"));
    settings
}

/// A sandbox on fresh data.
fn started(db: Db, settings: &[(String, String)]) -> Server {
    let mut server = Server::prepare(db, settings);
    server.as_sandbox();
    server.started()
}

/// Somebody who tries: a unit and a site, nobody else's.
pub struct Tester {
    pub unit: Party,
    pub site: Party,
    pub host: String,
}

impl Tester {
    pub async fn new(server: &Server) -> Tester {
        let anonymous = Api::anonymous(server.address());
        let made = anonymous.post("/v1/sandbox/credentials", &json!({}));
        let made = made.await.is(201).json();
        let party = |role: &str| Party {
            id: made[role]["id"].as_str().unwrap().to_owned(),
            api: anonymous.acting_as(Credentials::read(&made[role])),
        };
        Tester {
            unit: party("agency"),
            site: party("platform"),
            host: made["platform"]["host"].as_str().unwrap().to_owned(),
        }
    }

    pub async fn file(&self, filing: &Filing) -> Value {
        let filed = self.unit.api.post("/v1/requests", &filing.json());
        filed.await.is(201).json()
    }

    /// Files a referral about a page of its own on this host.
    pub async fn refer(&self, host: &str) -> Value {
        let link = format!("https://{}.{host}/page", self.host.replace('.', "-"));
        self.file(&Filing::referral(&[&link])).await
    }

    /// A request as the unit sees it, once it stands like this.
    pub async fn becomes(&self, request: &Value, status: &str) -> Value {
        let what = format!("{} to be {status}", request["summary"]);
        wait::until(&what, || async {
            let seen = self.unit.api.get(&path(request)).await.is(200).json();
            (seen["status"] == status).then_some(seen)
        })
        .await
    }

    /// Has the robot ask the site.
    pub async fn asked(&self, what: &Value) -> Value {
        let filed = self.site.api.post("/v1/sandbox/requests", what);
        filed.await.is(201).json()
    }

    /// Moves the clock; how the sandbox stands then.
    pub async fn advance(&self, span: &str) -> Value {
        let moved = json!({ "advance": span });
        let moved = self.unit.api.post("/v1/sandbox/clock", &moved);
        moved.await.is(200).json()
    }
}

async fn inbox(party: &Party) -> Vec<Value> {
    let page = party.api.get("/v1/inbox?limit=200").await.is(200).json();
    page["items"].as_array().unwrap().clone()
}

async fn each_tester_has_a_world_of_his_own_and_is_told_that_nothing_is_real(db: Db) {
    let server = started(db, &calm());
    let (one, other) = (Tester::new(&server).await, Tester::new(&server).await);
    assert_ne!(one.host, other.host);

    let link = format!("https://{}/page", one.host);
    let request = one.file(&Filing::referral(&[&link])).await;
    assert_eq!(inbox(&one.site).await[0]["request"]["id"], request["id"]);
    assert_eq!(inbox(&other.site).await, Vec::<Value>::new());
    for foreign in [&other.unit, &other.site] {
        foreign.api.get(&path(&request)).await.is(404);
    }
    let all = other.unit.api.list("/v1/requests").await;
    assert_eq!(all, Vec::<Value>::new());

    // Every answer says it: what is found, what is not, what is refused, and pages in the reader's language.
    let anonymous = Api::anonymous(server.address());
    for (address, status) in [
        ("/readyz", 200),
        ("/v1/sandbox", 200),
        ("/v1/requests", 401),
        ("/nowhere", 404),
        ("/check", 200),
        ("/docs", 200),
        ("/docs/api/", 200),
    ] {
        let answer = anonymous.get(address).await.is(status);
        assert_eq!(answer.header("takedown-sandbox"), Some("true"), "{address}");
    }
    let ready = anonymous.get("/readyz").await.json();
    assert_eq!(ready["sandbox"], true);
    for (language, says) in [
        ("en", "Nothing here is real"),
        ("fr", "Rien n’est réel ici"),
    ] {
        let page = anonymous.get(&format!("/check?lang={language}")).await;
        assert!(page.text().contains(says), "{}", page.text());
    }
    let head = anonymous.call(Method::HEAD, "/check").await.is(200);
    assert_eq!(head.text(), "");

    let told = anonymous.get("/v1/sandbox").await.is(200).json();
    assert_eq!(told["ahead_seconds"], 0);
    assert!(told["robots"].as_array().unwrap().len() > 10, "{told:#}");
}

async fn credentials_have_an_end(db: Db) {
    let server = started(db, &calm());
    let anonymous = Api::anonymous(server.address());
    let mut made = 0;
    let refused = loop {
        let answer = anonymous.post("/v1/sandbox/credentials", &json!({})).await;
        if answer.status == 429 {
            break answer;
        }
        answer.is(201);
        made += 1;
        assert!(made < 40, "nobody counts");
    };
    assert!(made >= 20, "{made}");
    assert!(refused.header("retry-after").is_some());
    assert_eq!(refused.header("takedown-sandbox"), Some("true"));
    refused.problem(429, "too-many-requests");
}

async fn elsewhere_there_is_nothing_of_it(db: Db) {
    let w = World::new(db).await;
    let clock = json!({ "advance": "PT1H" });
    for call in [
        w.anonymous.get("/v1/sandbox"),
        w.anonymous.post("/v1/sandbox/credentials", &json!({})),
        w.unit.api.post("/v1/sandbox/clock", &clock),
        w.platform.api.post("/v1/sandbox/requests", &json!({})),
    ] {
        let answer = call.await;
        assert_eq!(answer.header("takedown-sandbox"), None);
        let problem = answer.problem(404, "not-found");
        let says = problem["detail"].as_str().unwrap();
        assert!(says.contains("no sandbox"), "{says}");
    }
    // Who may not at all is told that first, as everywhere.
    w.anonymous.post("/v1/sandbox/clock", &clock).await.is(401);
    w.auditor
        .api
        .post("/v1/sandbox/clock", &clock)
        .await
        .is(403);
    let asked = w.unit.api.post("/v1/sandbox/requests", &json!({}));
    asked.await.is(403);
    let page = w.anonymous.get("/check").await.is(200);
    assert!(!page.text().contains("sandbox"), "{}", page.text());
    assert_eq!(
        w.anonymous.get("/readyz").await.json()["sandbox"],
        Value::Null
    );
}
