//! Name servers and people that mean no good.

use serde_json::json;
use takedown_tests::seams::setting;
use takedown_tests::{Db, both_databases};

use super::{Claimed, RECORD, credentials, line, owner, owner_with, ticket};
use crate::answer_link::{OWNER, press, version};

both_databases!(
    whatever_the_name_servers_answer_a_look_ends_and_says_so,
    another_mailbox_collects_nothing,
    a_site_with_an_inbox_is_not_taken_over,
    one_host_gives_no_platform_that_has_others,
    whom_the_operator_verified_is_not_pushed_aside,
    where_another_mailbox_answered_the_operator_decides,
    an_address_that_was_called_wrong_is_not_offered_again,
    nobody_presses_so_often_that_others_feel_it,
);

async fn whatever_the_name_servers_answer_a_look_ends_and_says_so(db: Db) {
    // The host is not in the table of hosts here: its addresses come from the name server.
    let none = setting("TAKEDOWN_WEBHOOKS_HOSTS", "other.test=127.0.0.1");
    let shut = setting("TAKEDOWN_WEBHOOKS_LOOPBACK", "false");
    let c = owner_with(db, &["en"], &[none, shut]).await;
    let line = c.begun().await;
    let looped = json!({"CNAME": "a.small.test"});
    c.names.has("a.small.test", json!({ "CNAME": RECORD }));
    for (record, says) in [
        (looped, "or in a circle"),
        (json!({"say": "flood"}), "more than is read"),
        (json!({"say": "servfail"}), "answer with an error"),
        (json!({"say": "refused"}), "answer with an error"),
        (json!({"say": "silent"}), "Nobody answered in time"),
    ] {
        c.names.has(RECORD, record.clone());
        let page = c.looked().await;
        assert!(page.contains(says), "{record}: {page}");
    }
    c.names.has(RECORD, json!({}));
    for address in ["10.0.0.1", "127.0.0.1", "169.254.169.254", "192.0.2.7"] {
        c.names
            .has("small.test", json!({"A": ["1.1.1.1", address]}));
        let page = c.looked().await;
        assert!(
            page.contains("not on the public Internet"),
            "{address}: {page}"
        );
        assert!(!page.contains(address), "what it is stays inside: {page}");
    }
    c.names.has("small.test", json!({"AAAA": ["fd00::1"]}));
    assert!(c.looked().await.contains("not on the public Internet"));
    c.names.has("small.test", json!({}));
    assert!(c.looked().await.contains("The host has no address."));
    assert!(c.names.fetched().is_empty(), "nothing was fetched");
    // And the record counts all the same.
    c.names.texts(RECORD, &[&line]);
    c.granted().await;
}

/// Another address that an agency found; whoever reads it is not the owner.
const OTHER: &str = "thief@elsewhere.test";

/// The answer link that its reader has.
async fn other_mailbox(c: &Claimed) -> String {
    let s = &c.s;
    let contacts = json!({"contacts": [{"address": OTHER, "source": "other"}]});
    let at = format!("/v1/platforms/{}/contacts", s.platform);
    s.w.unit.api.post(&at, &contacts).await.is(200);
    s.smtp.answer(OWNER, "550");
    let request = s.file(&["https://small.test/three"]).await;
    let reference = request["reference"].as_str().unwrap();
    takedown_tests::wait::until("the mail to the other address", || async {
        let mails = s.smtp.mails();
        let mail = mails.iter().find(|mail| {
            mail["to"][0] == OTHER && mail["subject"].as_str().unwrap().contains(reference)
        })?;
        let text = mail["text"].as_str().unwrap();
        let (_, rest) = text.split_once("https://exchange.example")?;
        Some(rest.split_whitespace().next()?.to_owned())
    })
    .await
}

/// An agency found two addresses. The code of the claim of whoever reads the second one is another one.
async fn another_mailbox_collects_nothing(db: Db) {
    let c = owner(db, &["en"]).await;
    let s = &c.s;
    let theirs = format!("{}/claim", other_mailbox(&c).await);
    let start = [("do", "start"), ("host", "small.test")];
    let page = s.pressed(&theirs, &start).await;
    let thief = line(&page);
    let mine = c.begun().await;
    assert_ne!(thief, mine);
    c.names.texts(RECORD, &[&mine]);
    let page = s.pressed(&theirs, &[("do", "look")]).await;
    assert!(page.contains("not this one"), "{page}");
    assert!(!page.contains(&mine), "{page}");
    let page = c.granted().await;
    credentials(&page);
    // Nor afterwards, with his own code there as well: somebody acts for the platform.
    c.names.texts(RECORD, &[&thief]);
    let page = s.pressed(&theirs, &[("do", "look")]).await;
    assert!(page.contains("the operator decides"), "{page}");
}

async fn a_site_with_an_inbox_is_not_taken_over(db: Db) {
    let c = owner(db, &["en"]).await;
    let operator = &c.s.w.operator.api;
    let wanted = json!({"name": "Inbox", "platform": c.s.platform, "authentication": "secret"});
    let client = operator.post("/v1/clients", &wanted).await.is(201).json();
    let page = c.look_at_page().await;
    assert!(
        page.contains("Somebody has an inbox for this site"),
        "{page}"
    );
    let line = c.begun().await;
    c.names.texts(RECORD, &[&line]);
    let page = c.looked().await;
    assert!(page.contains("the operator decides"), "{page}");
    assert!(!page.contains("Secret"), "{page}");
    assert_eq!(c.platform().await["standing"], "contacted");
    let waiting = operator.list("/v1/claims?status=contested").await;
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0]["platform"], c.s.platform.as_str());
    assert_eq!(waiting[0]["seen"][0]["found"], "proof");
    // Suspending that client does not open the door either: it is the operator who gives another one.
    let id = client["id"].as_str().unwrap();
    let stop = json!({"reason": "another owner"});
    let at = format!("/v1/clients/{id}/suspension");
    operator.put(&at, &stop).await.is(200);
    let page = c.looked().await;
    assert!(page.contains("the operator decides"), "{page}");
}

/// Whoever has one of several sites that were registered together is not given what is sent about the others.
async fn one_host_gives_no_platform_that_has_others(db: Db) {
    let c = owner(db, &["en"]).await;
    let operator = &c.s.w.operator.api;
    let at = format!("/v1/platforms/{}", c.s.platform);
    let hosts = |other: &str| json!({"hosts": ["small.test", other]});
    let change = operator.patch(&at, &hosts("other.test")).if_match("*");
    change.await.is(200);
    let line = c.begun().await;
    c.names.texts(RECORD, &[&line]);
    let page = c.looked().await;
    assert!(page.contains("other names beside the one"), "{page}");
    assert!(page.contains("the operator decides"), "{page}");
    assert_eq!(c.platform().await["standing"], "contacted");
    let waiting = operator.list("/v1/claims?status=contested").await;
    assert_eq!(
        (waiting.len(), &waiting[0]["client"]),
        (1, &json!(null)),
        "{waiting:?}"
    );
    // What lies below his own is his.
    let change = operator.patch(&at, &hosts("shop.small.test")).if_match("*");
    change.await.is(200);
    let line = c.begun().await;
    c.names.texts(RECORD, &[&line]);
    credentials(&c.granted().await);
}

async fn whom_the_operator_verified_is_not_pushed_aside(db: Db) {
    let c = owner(db, &["en"]).await;
    let operator = &c.s.w.operator.api;
    let line = c.begun().await;
    let at = format!("/v1/platforms/{}/verification", c.s.platform);
    let proof = json!({"method": "dns_txt"});
    operator.put(&at, &proof).await.is(200);
    c.names.texts(RECORD, &[&line]);
    let page = c.looked().await;
    assert!(page.contains("the operator decides"), "{page}");
    let waiting = operator.list("/v1/claims?status=contested").await;
    assert_eq!((waiting.len(), &waiting[0]["client"]), (1, &json!(null)));
}

async fn where_another_mailbox_answered_the_operator_decides(db: Db) {
    let c = owner(db, &["en"]).await;
    let other = other_mailbox(&c).await;
    let page = c.s.look(&other).await.is(200).text();
    let v = version(&page);
    let open = [("do", "open"), ("version", v.as_str())];
    c.s.pressed(&other, &open).await;
    let line = c.begun().await;
    c.names.texts(RECORD, &[&line]);
    let page = c.looked().await;
    assert!(page.contains("the operator decides"), "{page}");
    assert_eq!(c.platform().await["standing"], "contacted");
}

/// "This is not my site" is kept until somebody names that address himself.
async fn an_address_that_was_called_wrong_is_not_offered_again(db: Db) {
    let c = owner(db, &["en"]).await;
    let other = other_mailbox(&c).await;
    c.s.press(&other, &[("do", "not_mine")]).await.is(200);
    assert_eq!(c.platform().await["contacts"], json!([OWNER, OTHER]));
    // Nor does what its reader pressed stand in the owner's way.
    let line = c.begun().await;
    c.names.texts(RECORD, &[&line]);
    let page = c.granted().await;
    let (_, rest) = page.split_once("name=\"contacts\"").expect("a field");
    let (field, _) = rest.split_once("</textarea>").unwrap();
    assert!(field.contains(OWNER) && !field.contains(OTHER), "{field}");
    let ticket = ticket(&page);
    let at = format!("/v1/platforms/{}/contacts", c.s.platform);
    for (contacts, wrong) in [([OWNER, OTHER], true), ([OTHER, OWNER], false)] {
        let contacts = contacts.join("\n");
        let wishes = [
            ("do", "settle"),
            ("ticket", ticket.as_str()),
            ("contacts", contacts.as_str()),
            ("languages", "en"),
            ("time_zone", "UTC"),
        ];
        c.s.press(&c.page(), &wishes).await.is(200);
        let found = c.s.w.unit.api.get(&at).await.is(200).json();
        let found = found["contacts"].as_array().unwrap().clone();
        let found = found.iter().find(|one| one["address"] == OTHER).unwrap();
        assert_eq!(found["rejected_at"].is_string(), wrong, "{found:#}");
    }
}

async fn nobody_presses_so_often_that_others_feel_it(db: Db) {
    let slow = setting("TAKEDOWN_CLAIMS_LOOK_INTERVAL", "1h");
    let c = owner_with(db, &["en"], &[slow]).await;
    c.begun().await;
    c.looked().await;
    let asked = (c.names.asked().len(), c.names.fetched().len());
    assert!(asked.0 <= 5 && asked.1 == 1, "{asked:?}");
    for _ in 0..20 {
        let again = press(&c.s.w, &c.page(), &[("do", "look")]).await.is(429);
        assert!(again.header("retry-after").is_some());
        let page = again.text();
        assert!(page.contains("a moment ago"), "{page}");
        assert!(
            page.contains("no TXT record"),
            "what was seen stays: {page}"
        );
    }
    // Nor for somebody else, nor by the API.
    let at = format!("/v1/platforms/{}/claims", c.s.platform);
    let operator = &c.s.w.operator.api;
    let host = json!({"host": "small.test"});
    let claim = operator.post(&at, &host).await.is(200).json();
    let look = format!("/v1/claims/{}/looks", claim["id"].as_str().unwrap());
    let problem = operator.post(&look, &json!({})).await.is(409).json();
    assert!(
        problem["detail"].as_str().unwrap().contains("a moment ago"),
        "{problem:#}"
    );
    let now = (c.names.asked().len(), c.names.fetched().len());
    assert_eq!(now, asked, "nobody was asked again");
}
