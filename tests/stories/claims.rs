//! Claims: the owner of a site that was written to proves that it is his, by what he puts up in the domain name system or on his web
//! server, and has an inbox of his own.

mod almost;
mod hostile;
mod operator;

use serde_json::{Value, json};
use takedown_tests::names::Names;
use takedown_tests::seams::Credentials;
use takedown_tests::{Api, Db, both_databases};

use crate::answer_link::{OWNER, Site, press, site_with, version};

both_databases!(
    from_the_mail_to_an_inbox_of_ones_own_in_english,
    from_the_mail_to_an_inbox_of_ones_own_in_arabic,
    pressing_twice_is_pressing_once,
);

/// The site of the stories about answer links, whose names and web server this machine plays.
struct Claimed {
    s: Site,
    names: Names,
    /// The answer link of its owner.
    link: String,
}

const RECORD: &str = "_takedown-exchange.small.test";

async fn owner(db: Db, languages: &[&str]) -> Claimed {
    owner_with(db, languages, &[]).await
}

async fn owner_with(db: Db, languages: &[&str], more: &[(String, String)]) -> Claimed {
    let names = Names::start("small.test");
    let mut settings = names.settings();
    settings.extend_from_slice(more);
    let s = site_with(db, languages, &settings).await;
    let request = s.file(&["https://small.test/one"]).await;
    let link = s.link(&request, 1).await;
    Claimed { s, names, link }
}

impl Claimed {
    fn page(&self) -> String {
        format!("{}/claim", self.link)
    }

    async fn look_at_page(&self) -> String {
        self.s.look(&self.page()).await.is(200).text()
    }

    /// Begins; the line that is to be put up.
    async fn begun(&self) -> String {
        let fields = [("do", "start"), ("host", "small.test")];
        let page = self.s.pressed(&self.page(), &fields).await;
        line(&page)
    }

    /// Presses "look now" where nothing is granted, and gives the page that follows.
    async fn looked(&self) -> String {
        self.s.pressed(&self.page(), &[("do", "look")]).await
    }

    /// Presses "look now" where the proof is there.
    async fn granted(&self) -> String {
        let pressed = self.s.press(&self.page(), &[("do", "look")]).await;
        pressed.is(200).text()
    }

    async fn platform(&self) -> Value {
        let at = format!("/v1/platforms/{}", self.s.platform);
        self.s.w.operator.api.get(&at).await.is(200).json()
    }
}

/// The line that a page shows.
fn line(page: &str) -> String {
    let begin = page.find("takedown-exchange-claim=").expect("a line");
    page[begin..].chars().take(56).collect()
}

/// What a page shows once.
fn credentials(page: &str) -> Credentials {
    let (_, rest) = page.split_once("-u '").expect("credentials");
    let (both, _) = rest.split_once('\'').unwrap();
    let (id, secret) = both.split_once(':').unwrap();
    Credentials {
        id: id.to_owned(),
        secret: secret.to_owned(),
    }
}

fn ticket(page: &str) -> String {
    let (_, rest) = page
        .split_once("name=\"ticket\" value=\"")
        .expect("a ticket");
    rest.split('"').next().unwrap().to_owned()
}

async fn from_the_mail_to_an_inbox_of_ones_own_in_english(db: Db) {
    let c = owner(db, &["en"]).await;
    let s = &c.s;
    let page = s
        .pressed(&c.link, &[("do", "open"), ("version", "1")])
        .await;
    assert!(page.contains("This is my site"), "{page}");
    let v = version(&page);
    let all = [
        ("do", "decide"),
        ("version", v.as_str()),
        ("basis", "terms"),
        ("informed", "not_possible"),
        ("language", "en"),
        ("outcome-rest", "removed"),
        ("close", "1"),
    ];
    let page = s.pressed(&c.link, &all).await;
    assert!(page.contains("Closed.") && page.contains("/claim?lang=en"));

    let page = c.look_at_page().await;
    assert!(page.contains("<option value=\"small.test\">"), "{page}");
    assert!(!page.contains("<script"), "{page}");
    let line = c.begun().await;
    let page = c.look_at_page().await;
    for shown in [
        RECORD,
        "https://small.test/.well-known/takedown-exchange.txt",
        "Look now",
    ] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    assert!(c.names.asked().is_empty(), "nobody looks by himself");
    // The same again is the same claim, and nothing is there yet.
    assert_eq!(c.begun().await, line);
    let page = c.looked().await;
    assert!(page.contains("no TXT record of this name yet"), "{page}");
    assert!(page.contains("no such file (404)"), "{page}");
    assert_eq!(c.platform().await["standing"], "contacted");

    c.names.texts(RECORD, &["v=something else", &line]);
    let page = c.granted().await;
    assert!(page.contains("this is your inbox"), "{page}");
    let mine = credentials(&page);
    let platform = c.platform().await;
    assert_eq!(platform["standing"], "claimed");
    let inbox = s.w.anonymous.acting_as(mine.clone());
    let seen = inbox.get("/v1/inbox").await.is(200).json();
    assert!(!seen["items"].as_array().unwrap().is_empty(), "{seen:#}");
    let hook = json!({"url": "http://127.0.0.1:9/hook"});
    inbox.post("/v1/webhooks", &hook).await.is(201);

    // The secret stood there once.
    let again = c.look_at_page().await;
    assert!(!again.contains(&mine.secret) && again.contains(&mine.id));
    assert!(again.contains("shown once"), "{again}");
    settled(&c, &page, &inbox).await;
}

/// The owner says how he wants to be written to; then the links end, and the next mail has none.
async fn settled(c: &Claimed, page: &str, inbox: &Api) {
    let s = &c.s;
    let ticket = ticket(page);
    let wrong = [
        ("do", "settle"),
        ("ticket", ticket.as_str()),
        ("contacts", "owner at small"),
        ("languages", "en, ar"),
        ("time_zone", "Moon/Base"),
    ];
    let page = s.press(&c.page(), &wrong).await.is(422).text();
    assert!(page.contains("id=\"wrong-contacts\""), "{page}");
    assert!(page.contains("id=\"wrong-time_zone\""), "{page}");
    assert!(page.contains("owner at small"), "what was typed stays");
    let right = |ticket: &'static str| {
        [
            ("do", "settle"),
            ("ticket", ticket),
            ("contacts", "abuse@small.test\nowner@small.test"),
            ("languages", "ar, en"),
            ("time_zone", "Africa/Cairo"),
        ]
    };
    let other = right("0123456789abcdefghjkmnpqrstvwxyz");
    let page = s.press(&c.page(), &other).await.is(409).text();
    assert!(page.contains("from the page that showed"), "{page}");
    assert_eq!(c.platform().await["time_zone"], "UTC");
    let mut fields = right("").to_vec();
    fields[1].1 = &ticket;
    let page = s.press(&c.page(), &fields).await.is(200).text();
    assert!(page.contains("Saved."), "{page}");
    let platform = c.platform().await;
    assert_eq!(platform["contacts"], json!(["abuse@small.test", OWNER]));
    assert_eq!(platform["languages"], json!(["ar", "en"]));
    assert_eq!(platform["time_zone"], "Africa/Cairo");

    // Who has an inbox is sent no link; the links that are out go on until he ends them.
    let next = s.file(&["https://small.test/two"]).await;
    let read = format!("/v1/requests/{}", next["id"].as_str().unwrap());
    assert_eq!(inbox.get(&read).await.is(200).json()["status"], "fetched");
    s.w.unit
        .api
        .post(&format!("{read}/answer-links"), &json!({}))
        .await
        .is(409);
    s.look(&c.link).await.is(200);
    fields.push(("end_links", "1"));
    s.press(&c.page(), &fields).await.is(200);
    s.look(&c.link).await.is(404);
    let verify = s.w.server.command(&["verify", "--deep"]).output().unwrap();
    let said = String::from_utf8_lossy(&verify.stdout).into_owned();
    assert!(verify.status.success(), "{said}");
}

async fn from_the_mail_to_an_inbox_of_ones_own_in_arabic(db: Db) {
    let c = owner(db, &["ar"]).await;
    let page = c.look_at_page().await;
    assert!(
        page.contains("<html lang=\"ar\" dir=\"rtl\">") && page.contains("صندوق وارد خاص بكم"),
        "{page}"
    );
    let line = c.begun().await;
    c.names.texts(RECORD, &[&line.replace('=', ":")]);
    c.names.site("html");
    let page = c.looked().await;
    assert!(page.contains("الحرف رقم 24"), "{page}");
    assert!(page.contains("بصفحة HTML"), "{page}");
    // By the file this time.
    c.names.file(&format!("# ours\r\n{line}\r\n"));
    let page = c.granted().await;
    assert!(page.contains("الموقع لكم"), "{page}");
    let mine = credentials(&page);
    c.s.w
        .anonymous
        .acting_as(mine)
        .get("/v1/inbox")
        .await
        .is(200);
    assert_eq!(c.platform().await["standing"], "claimed");
    let claims = c.s.w.operator.api.list("/v1/claims").await;
    assert_eq!(
        (&claims[0]["status"], &claims[0]["method"]),
        (&json!("granted"), &json!("well_known"))
    );
    assert_eq!(claims[0]["begun_by"], "link");
    // A client that somebody made for a claim is one like others.
    let client = claims[0]["client"].as_str().unwrap();
    let at = format!("/v1/clients/{client}");
    let client = c.s.w.operator.api.get(&at).await.is(200).json();
    assert_eq!(client["platform"], c.s.platform.as_str());
    let _ = press(&c.s.w, &c.page(), &[("do", "look")]).await.is(303);
    // Once it is suspended, the page that showed its secret changes nothing more.
    let stop = json!({"reason": "not the owner"});
    let stopped = format!("{at}/suspension");
    c.s.w.operator.api.put(&stopped, &stop).await.is(200);
    let ticket = ticket(&page);
    let wishes = [
        ("do", "settle"),
        ("ticket", ticket.as_str()),
        ("contacts", "thief@elsewhere.test"),
        ("languages", "en"),
        ("time_zone", "UTC"),
        ("end_links", "1"),
    ];
    c.s.press(&c.page(), &wishes).await.is(409);
    assert_eq!(c.platform().await["contacts"], json!([OWNER]));
    c.s.look(&c.link).await.is(200);
}

/// What the form of a page carries, by which a press of its button is known again.
fn once(page: &str) -> String {
    let (_, rest) = page
        .split_once("name=\"once\" value=\"")
        .expect("a form with a value of its own");
    rest.split('"').next().unwrap().to_owned()
}

async fn pressing_twice_is_pressing_once(db: Db) {
    let c = owner(db, &["en"]).await;
    let line = c.begun().await;
    c.names.texts(RECORD, &[&line]);
    let (mine, another) = (once(&c.look_at_page().await), once(&c.look_at_page().await));
    assert_ne!(mine, another, "each form has its own");
    let page = c.page();
    let look = [("do", "look"), ("once", mine.as_str())];
    // A double click, and more: whichever comes first looks, and the others are told so and have the button, or see what came of it.
    let press = || c.s.press(&page, &look);
    let (one, two, three, four) = tokio::join!(press(), press(), press(), press());
    for answer in [one, two, three, four] {
        match answer.status {
            200 => assert!(answer.text().contains("this is your inbox")),
            429 => assert_eq!(once(&answer.text()), mine, "the same form again"),
            other => panic!("{other}: {}", answer.text()),
        }
    }
    // The page loaded again.
    let shown = c.s.press(&page, &look).await.is(200).text();
    let given = credentials(&shown);
    let inbox = c.s.w.anonymous.acting_as(given.clone());
    inbox.get("/v1/inbox").await.is(200);
    let again = c.s.press(&page, &look).await.is(200).text();
    let same = credentials(&again);
    assert_eq!((&same.id, &same.secret), (&given.id, &given.secret));
    assert_eq!(ticket(&again), ticket(&shown));
    let clients = c.s.w.operator.api.list("/v1/clients").await;
    let own = clients
        .iter()
        .filter(|one| one["platform"] == c.s.platform.as_str());
    assert_eq!(own.count(), 1, "one claim, one client: {clients:#?}");

    // Another form, an invented value and none find nothing.
    for other in [
        another.as_str(),
        "0123456789abcdefghjkmnpqrstvwxyz",
        "x",
        "",
    ] {
        let look = [("do", "look"), ("once", other)];
        let page = c.s.pressed(&page, &look).await;
        assert!(
            !page.contains(&given.secret) && page.contains("shown once"),
            "{other}"
        );
    }
    // Once the operator gave the client another secret, this one is over, and so is the page.
    let at = format!("/v1/clients/{}/credentials", given.id);
    let rotate = json!({"revoke_old": true});
    c.s.w.operator.api.post(&at, &rotate).await.is(201);
    let page = c.s.pressed(&page, &look).await;
    assert!(!page.contains(&given.secret), "{page}");
}
