//! Links that were not meant for whoever has them, and links that open nothing any more.

use reqwest::Method;
use serde_json::{Value, json};
use takedown_tests::world::path;
use takedown_tests::{Db, both_databases, wait};

use super::{OWNER, press, site, version};

both_databases!(
    a_scanner_that_opens_every_link_has_opened_nothing,
    a_stolen_link_opens_one_request_until_it_is_ended,
    a_link_that_opens_nothing_is_the_same_whatever_the_reason,
);

async fn a_scanner_that_opens_every_link_has_opened_nothing(db: Db) {
    let s = site(db, &["en"]).await;
    let request = s.file(&["https://small.test/one"]).await;
    let link = s.link(&request, 1).await;
    for _ in 0..100 {
        s.look(&link).await.is(200);
    }
    s.w.anonymous.call(Method::HEAD, &link).await.is(200);
    let read = s.w.read(&request).await;
    assert_eq!(
        (&read["status"], &read["version"]),
        (&json!("filed"), &json!(1))
    );
    assert_eq!(s.told(&request).await.len(), 1, "not even the receipt");
    // One that fills in forms from another place gains nothing either.
    let call =
        s.w.anonymous
            .call(Method::POST, &link)
            .header("sec-fetch-site", "cross-site");
    let sent = call.bytes("application/x-www-form-urlencoded", "do=open&version=1");
    sent.await.is(403);
    s.w.anonymous
        .call(Method::PUT, &link)
        .json(&json!({}))
        .await
        .is(405);
    assert_eq!(s.w.read(&request).await["status"], "filed");
}

async fn a_stolen_link_opens_one_request_until_it_is_ended(db: Db) {
    let s = site(db, &["en"]).await;
    let request = s.file(&["https://small.test/one"]).await;
    let other = s.file(&["https://small.test/other"]).await;
    let link = s.link(&request, 1).await;
    let page = s.pressed(&link, &[("do", "open"), ("version", "1")]).await;
    assert!(!page.contains("small[.]test/other"), "{page}");
    let token = link.strip_prefix("/answer/").unwrap();
    // It is no access token, and opens no API.
    let thief = s.w.anonymous.with_token(token);
    thief.get(&path(&request)).await.is(401);
    // What is kept has not the secret in it: neither the mail nor anything an operator or a unit can read.
    for party in [&s.w.operator, &s.w.unit, &s.w.auditor] {
        let listed = party.api.get("/v1/deliveries").await.text();
        assert!(!listed.contains(token), "{listed}");
    }
    assert!(!s.w.server.log().contains(token), "not in the log");
    let links = format!("{}/answer-links", path(&request));
    s.w.other_unit.api.delete(&links).await.is(404);
    s.look(&link).await.is(200);
    s.w.unit.api.delete(&links).await.is(204);
    s.look(&link).await.is(404);
    s.press(&link, &[("do", "acknowledge")]).await.is(404);
    assert_eq!(s.w.read(&request).await["status"], "fetched");
    let untouched = s.link(&other, 1).await;
    s.look(&untouched).await.is(200);
    // A new one is sent on request of the agency.
    s.w.unit.api.post(&links, &json!({})).await.is(202);
    let new = s.link(&request, 2).await;
    s.look(&new).await.is(200);
}

async fn a_link_that_opens_nothing_is_the_same_whatever_the_reason(db: Db) {
    let s = site(db, &["en"]).await;
    let request = s.file(&["https://small.test/one"]).await;
    let link = s.link(&request, 1).await;
    s.w.unit
        .api
        .delete(&format!("{}/answer-links", path(&request)))
        .await
        .is(204);
    let first = s.look("/answer/never").await.is(404).text();
    let cut = &link[..link.len() - 3];
    let longer = format!("{link}x");
    for opens_nothing in [
        link.as_str(),
        cut,
        longer.as_str(),
        "/answer/%00",
        "/answer/%3Cscript%3E",
    ] {
        assert_eq!(
            s.look(opens_nothing).await.is(404).text(),
            first,
            "{opens_nothing}"
        );
        let pressed = press(&s.w, opens_nothing, &[("do", "open")]).await;
        assert_eq!(pressed.is(404).text(), first, "{opens_nothing}");
    }
    assert!(
        first.contains("Have a new link sent") && first.contains("/answer?lang=en"),
        "{first}"
    );
    // The way on: the code of the mail, and the same answer for every code.
    let code = request_code(&s.mail(&request, 1).await);
    let unknown = press(&s.w, "/answer", &[("code", "0000-0000-0000-0000")])
        .await
        .is(200)
        .text();
    let known = press(&s.w, "/answer", &[("code", code.to_lowercase().as_str())])
        .await
        .is(200)
        .text();
    assert_eq!(known, unknown);
    assert!(known.contains("Look into your mailbox"), "{known}");
    let new = s.link(&request, 2).await;
    let page = s.pressed(&new, &[("do", "open"), ("version", "1")]).await;
    assert_eq!(version(&page), "2");
    // Nobody floods a mailbox with it.
    for _ in 0..20 {
        press(&s.w, "/answer", &[("code", code.as_str())])
            .await
            .is(200);
        let waiting = || async {
            let all: Vec<Value> = s.w.operator.api.list("/v1/deliveries").await;
            (!all.iter().any(|one| one["status"] == "pending")).then_some(())
        };
        wait::until("nothing to be on its way", waiting).await;
    }
    let to_owner = s
        .smtp
        .mails()
        .iter()
        .filter(|mail| mail["to"][0] == OWNER)
        .count();
    assert!((3..=6).contains(&to_owner), "{to_owner} mails");
}

fn request_code(mail: &Value) -> String {
    let text = mail["text"].as_str().unwrap();
    let (_, rest) = text.split_once("check code ").expect("a check code");
    rest.split(|c: char| c != '-' && !c.is_ascii_alphanumeric())
        .next()
        .unwrap()
        .to_owned()
}
