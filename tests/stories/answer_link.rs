//! A platform that never heard of the exchange: the mail, the page behind its link, and an answer to every item, by plain forms
//! as a browser without scripts sends them.

mod contacts;
mod doubts;
mod form;
mod hostile;
mod links;

use serde_json::{Value, json};
use takedown_tests::smtp::{Demands, Smtp};
use takedown_tests::world::path;
use takedown_tests::{Answer, Db, Filing, World, both_databases, seams, wait};

both_databases!(
    from_a_host_nobody_knows_to_a_closed_request_in_english,
    from_a_host_nobody_knows_to_a_closed_request_in_arabic,
);

/// Where the owner of the small site reads his mail.
pub const OWNER: &str = "owner@small.test";

/// An exchange that sends mail, and a site that came in by a sighting of the unit.
pub struct Site {
    pub w: World,
    pub smtp: Smtp,
    pub platform: String,
}

pub async fn site(db: Db, languages: &[&str]) -> Site {
    site_with(db, languages, &[]).await
}

/// The same with further settings.
pub async fn site_with(db: Db, languages: &[&str], more: &[(String, String)]) -> Site {
    let smtp = Smtp::start(Demands::Nothing);
    let mut settings = seams::smtp_settings(smtp.port(), "none", None);
    settings.extend(seams::no_rate_limit());
    settings.extend_from_slice(more);
    let w = World::with(db, &settings).await;
    let before = w
        .file(&Filing::referral(&["https://paste.example/before"]))
        .await;
    let new = json!({
        "request": before["id"], "locator": "https://small.test/a", "seen_as": "found", "confidence": "confirmed",
        "contacts": [{"address": OWNER, "source": "site"}],
    });
    let sighting = w.unit.api.post("/v1/sightings", &new).await.is(201).json();
    let platform = sighting["platform"]["id"].as_str().unwrap().to_owned();
    let more = json!({"contacts": [{"address": OWNER, "source": "site"}], "languages": languages});
    let at = format!("/v1/platforms/{platform}/contacts");
    w.unit.api.put(&at, &more).await.is(200);
    Site { w, smtp, platform }
}

impl Site {
    /// The unit asks about links on the small site.
    pub async fn file(&self, links: &[&str]) -> Value {
        let filing = Filing::referral(links).set(
            "reasons",
            json!({"text": "<script>alert(1)</script> calls for attacks.\nSecond line.", "language": "en"}),
        );
        self.w.file(&filing).await
    }

    /// The link of the newest mail to the owner about a request, once `count` mails about it are there.
    pub async fn link(&self, request: &Value, count: usize) -> String {
        let mail = self.mail(request, count).await;
        let text = mail["text"].as_str().unwrap();
        let links: Vec<&str> = text.split("https://").skip(1).collect();
        assert_eq!(links.len(), 1, "exactly one link: {text}");
        let link = links[0].split_whitespace().next().unwrap();
        let path = link.strip_prefix("exchange.example").unwrap();
        assert!(
            path.starts_with("/answer/") && path.len() == 8 + 32,
            "{path}"
        );
        path.to_owned()
    }

    /// The newest mail to the owner about a request.
    pub async fn mail(&self, request: &Value, count: usize) -> Value {
        let reference = request["reference"].as_str().unwrap();
        let what = format!("{count} mail(s) to the owner about {reference}");
        wait::until(&what, || async {
            let mut mails = self.smtp.mails();
            mails.retain(|mail| {
                mail["to"][0] == OWNER && mail["subject"].as_str().unwrap().contains(reference)
            });
            (mails.len() >= count).then(|| mails.pop()).flatten()
        })
        .await
    }

    pub async fn look(&self, link: &str) -> Answer {
        self.w.anonymous.get(link).await
    }

    /// Presses a button as a browser without scripts does.
    pub async fn press(&self, link: &str, fields: &[(&str, &str)]) -> Answer {
        press(&self.w, link, fields).await
    }

    /// Presses, and looks at the page to which that leads.
    pub async fn pressed(&self, link: &str, fields: &[(&str, &str)]) -> String {
        let answer = self.press(link, fields).await.is(303);
        let to = answer.header("location").unwrap().to_owned();
        self.look(&to).await.is(200).text()
    }

    /// What happened to a request, each with side and way.
    pub async fn told(&self, request: &Value) -> Vec<(String, String, String)> {
        let entries = self
            .w
            .unit
            .api
            .list(&format!("{}/history", path(request)))
            .await;
        let word = |value: &Value| value.as_str().unwrap().to_owned();
        entries
            .iter()
            .map(|e| {
                let by = &e["by"];
                (word(&e["type"]), word(&by["side"]), word(&by["via"]))
            })
            .collect()
    }
}

pub async fn press(w: &World, link: &str, fields: &[(&str, &str)]) -> Answer {
    let written = |text: &str| -> String { text.bytes().map(|b| format!("%{b:02X}")).collect() };
    let form: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{name}={}", written(value)))
        .collect();
    let call = w.anonymous.call(reqwest::Method::POST, link);
    call.bytes("application/x-www-form-urlencoded", form.join("&"))
        .await
}

/// The version that stands in the forms of a page.
pub fn version(page: &str) -> String {
    let (_, rest) = page
        .split_once("name=\"version\" value=\"")
        .expect("a form");
    rest.split('"').next().unwrap().to_owned()
}

async fn from_a_host_nobody_knows_to_a_closed_request_in_english(db: Db) {
    let s = site(db, &["en"]).await;
    let request = s
        .file(&["https://small.test/one?x=1#key", "https://small.test/two"])
        .await;
    let mail = s.mail(&request, 1).await;
    let text = mail["text"].as_str().unwrap();
    for said in [
        "Voluntary",
        "You need not sign up",
        "exchange.example/check",
        "Cyber Unit Kraków",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(
        !text.contains("one?x") && !text.contains("small.test/"),
        "{text}"
    );
    let link = s.link(&request, 1).await;
    let page = s.look(&link).await.is(200);
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(page.header("cache-control"), Some("no-store"));
    let page = page.text();
    assert!(
        page.contains("Cyber Unit Kraków") && page.contains("Called back"),
        "{page}"
    );
    assert!(
        !page.contains("small[.]test/one") && !page.contains("alert(1)"),
        "{page}"
    );

    let page = s.pressed(&link, &[("do", "open"), ("version", "1")]).await;
    assert!(
        page.contains("hxxps[:]//small[.]test/one?x=1#key"),
        "{page}"
    );
    assert!(page.contains("&#60;script&#62;alert(1)"), "{page}");
    assert!(
        !page.contains("<script") && !page.contains("<img"),
        "{page}"
    );
    let page = s
        .pressed(
            &link,
            &[
                ("do", "acknowledge"),
                ("version", version(&page).as_str()),
                ("reference", "T-1"),
            ],
        )
        .await;
    assert!(page.contains("waiting for your answer"), "{page}");
    let v = version(&page);
    let decided = [
        ("do", "decide"),
        ("version", v.as_str()),
        ("basis", "terms"),
        ("informed", "not_possible"),
        ("language", "en"),
        ("outcome-1", "removed"),
        ("note-1", "Gone since noon."),
        ("outcome-2", ""),
        ("outcome-rest", ""),
    ];
    let page = s.pressed(&link, &decided).await;
    assert!(page.contains("Gone since noon."), "{page}");
    let v = version(&page);
    let last = [
        ("do", "decide"),
        ("version", v.as_str()),
        ("basis", "terms"),
        ("informed", "no"),
        ("language", "en"),
        ("outcome-2", "declined_within_terms"),
        ("close", "1"),
    ];
    let page = s.pressed(&link, &last).await;
    assert!(page.contains("Closed."), "{page}");

    let read = s.w.read(&request).await;
    assert_eq!(
        (&read["status"], &read["result"]),
        (&json!("closed"), &json!("partly_actioned"))
    );
    assert_eq!(read["platform_reference"], "T-1");
    assert_eq!(read["items"][0]["outcome"]["note"], "Gone since noon.");
    let told = s.told(&request).await;
    let by_link: Vec<&str> = told
        .iter()
        .filter(|(_, side, via)| side == "platform" && via == "link")
        .map(|(event, ..)| event.as_str())
        .collect();
    let expected = [
        "request.fetched",
        "request.acknowledged",
        "request.decided",
        "request.decided",
        "request.closed",
    ];
    assert_eq!(by_link, expected, "{told:?}");
}

async fn from_a_host_nobody_knows_to_a_closed_request_in_arabic(db: Db) {
    let s = site(db, &["ar"]).await;
    let request = s
        .file(&["https://small.test/one", "https://small.test/two"])
        .await;
    let mail = s.mail(&request, 1).await;
    assert!(mail["text"].as_str().unwrap().contains("طوعي"), "{mail:#}");
    assert!(
        mail["html"].as_str().unwrap().contains("dir=\"rtl\""),
        "{mail:#}"
    );
    let link = s.link(&request, 1).await;
    // Nobody says which language he reads: it is that of the site.
    let page = s.look(&link).await.is(200).text();
    assert!(
        page.contains("<html lang=\"ar\" dir=\"rtl\">") && page.contains("فتح الطلب"),
        "{page}"
    );
    let page = s.pressed(&link, &[("do", "open"), ("version", "1")]).await;
    assert!(
        page.contains("<code class=\"locator\" dir=\"ltr\">hxxps[:]//small[.]test/one</code>"),
        "{page}"
    );
    // One press: acknowledged, decided and closed.
    let v = version(&page);
    let all = [
        ("do", "decide"),
        ("version", v.as_str()),
        ("basis", "terms"),
        ("informed", "not_possible"),
        ("language", "ar"),
        ("outcome-rest", "removed"),
        ("note-rest", "أُزيل كل شيء"),
        ("close", "1"),
    ];
    let page = s.pressed(&link, &all).await;
    assert!(page.contains("أُغلق الطلب"), "{page}");
    let read = s.w.read(&request).await;
    assert_eq!(
        (&read["status"], &read["result"]),
        (&json!("closed"), &json!("actioned"))
    );
    assert_eq!(read["items"][1]["outcome"]["note_language"], "ar");
}
