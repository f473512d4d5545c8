//! A marked locator, note or secret is found nowhere but where it may be read.

use serde_json::{Value, json};
use takedown_tests::smtp::{Demands, Smtp};
use takedown_tests::world::path;
use takedown_tests::{Db, Filing, World, both_databases, seams};

both_databases!(marked_words_stay_where_they_belong);

/// Marked words and where they are put.
const LOCATOR: &str = "marked-locator-7f3a";
const WORDS: [&str; 11] = [
    LOCATOR,
    "marked-reasons-7f3b",
    "marked-description-7f3c",
    "marked-officer-7f3d",
    "marked-note-7f3e",
    "marked-question-7f3f",
    "marked-query-7f40",
    "marked-body-7f41",
    "marked-document-7f42",
    "marked-attached-7f43",
    "marked-internal-7f44",
];

async fn marked_words_stay_where_they_belong(db: Db) {
    let smtp = Smtp::start(Demands::Nothing);
    let mut settings = seams::smtp_settings(smtp.port(), "none", None);
    settings.push(seams::setting("TAKEDOWN_LOG_LEVEL", "trace"));
    settings.push(seams::setting("TAKEDOWN_LOG_FORMAT", "json"));
    let w = World::with(db, &settings).await;

    let mut filing = Filing::tco_order(&[&format!("https://paste.example/{LOCATOR}#{LOCATOR}")])
        .set("reasons", json!({"text": WORDS[1], "language": "en"}))
        .set("officer", json!({"handle": "M-17", "name": WORDS[3]}))
        .json();
    filing["items"][0]["description"] = json!(WORDS[2]);
    let mut problems = Vec::new();

    // The same content refused, so that it had a chance to get into a problem or a log line.
    for (field, value) in [
        ("instrument", json!("no-such")),
        ("graphic", json!(1)),
        (
            "items",
            json!([{"locator": format!("https://nobody.example/{LOCATOR}")}]),
        ),
    ] {
        let mut wrong = filing.clone();
        wrong[field] = value;
        problems.push(w.unit.api.post("/v1/requests", &wrong).await);
    }
    let malformed = format!("{{\"reasons\": \"{}\" \"{LOCATOR}\"", WORDS[7]);
    problems.push(
        w.unit
            .api
            .call(reqwest::Method::POST, "/v1/requests")
            .bytes("application/json", malformed)
            .await,
    );
    problems.push(
        w.unit
            .api
            .get(&format!("/v1/requests?no_such={}", WORDS[6]))
            .await,
    );
    problems.push(w.unit.api.get(&format!("/v1/{}", WORDS[6])).await);

    let request = w
        .unit
        .api
        .post("/v1/requests", &filing)
        .key("k")
        .await
        .is(201)
        .json();
    problems.push(
        w.unit
            .api
            .post(
                "/v1/requests",
                &Filing::referral(&[&format!("https://paste.example/{LOCATOR}")]).json(),
            )
            .key("k")
            .await,
    );
    let at = path(&request);
    w.acknowledge(&request).await;
    let question = json!({"kind": "question", "text": WORDS[5], "language": "en"});
    w.platform
        .api
        .post(&format!("{at}/messages"), &question)
        .await
        .is(201);
    w.unit
        .api
        .post(
            &format!("{at}/messages"),
            &json!({"kind": "answer", "text": WORDS[4], "language": "en"}),
        )
        .await
        .is(201);
    let mut decision = takedown_tests::filing::decide_all("removed");
    decision["decisions"][0]["note"] = json!(WORDS[4]);
    w.platform
        .api
        .post(&format!("{at}/decisions"), &decision)
        .if_match("*")
        .await
        .is(201);
    w.close(&request).await;
    problems.push(
        w.platform
            .api
            .post(&format!("{at}/decisions"), &decision)
            .if_match("\"1\"")
            .await,
    );
    let letter = async |name: &str| {
        let query = format!("name={name}&text={}&language=en", WORDS[8]);
        let address = format!("{at}/documents?{query}");
        let call = w.unit.api.call(reqwest::Method::POST, &address);
        call.bytes("application/pdf", takedown_tests::pdf::harmless(WORDS[9]))
            .await
    };
    letter("order.pdf").await.is(201);
    problems.push(letter("order.exe").await);
    let note = json!({"text": WORDS[10], "language": "en"});
    let notes = format!("{at}/internal-notes");
    w.platform.api.post(&notes, &note).await.is(201);
    smtp.mails_to("owner@paste.example", 2).await;
    smtp.mails_to("unit@police.example", 2).await;

    let mut places: Vec<(String, String)> = vec![
        ("the log".into(), w.server.log()),
        (
            "the metrics".into(),
            w.anonymous.get("/metrics").await.is(200).text(),
        ),
        (
            "the inbox".into(),
            w.platform.api.get("/v1/inbox").await.is(200).text(),
        ),
        (
            "the operator's deliveries".into(),
            w.operator.api.get("/v1/deliveries").await.is(200).text(),
        ),
        (
            "the other unit's list".into(),
            w.other_unit.api.get("/v1/requests").await.is(200).text(),
        ),
    ];
    places.extend(problems.iter().map(|answer| {
        ("a problem".to_owned(), {
            assert!((400..500).contains(&answer.status), "{}", answer.text());
            answer.text()
        })
    }));
    places.extend(
        smtp.mails()
            .iter()
            .map(|mail| ("a mail".to_owned(), mail.to_string())),
    );
    for (place, content) in &places {
        for word in WORDS {
            // A question is what a mail is about; everything else stays behind the link.
            assert!(
                !content.contains(word),
                "{word} in {place}: {}",
                around(content, word)
            );
        }
        for (role, party) in w.everyone() {
            let token = party.api.token().await;
            for secret in [&party.api.credentials().secret, &token] {
                assert!(
                    !content.contains(secret.as_str()),
                    "a secret of {role} in {place}: {}",
                    around(content, secret)
                );
            }
        }
    }
    // And they are where they belong.
    let read = w.platform.api.get(&at).await.is(200).text();
    for word in &WORDS[..3] {
        assert!(read.contains(word));
    }
    assert!(
        !read.contains(WORDS[3]),
        "the officer's name is for the agency and the auditor"
    );
    assert!(w.unit.api.get(&at).await.is(200).text().contains(WORDS[3]));
    // Each line of the log is one JSON object, whatever was in the calls.
    for line in w.server.log().lines().filter(|line| line.starts_with('{')) {
        serde_json::from_str::<Value>(line).unwrap_or_else(|problem| panic!("{problem}: {line}"));
    }
}

fn around<'a>(content: &'a str, word: &str) -> &'a str {
    let at = content.find(word).unwrap_or(0);
    let (mut start, mut end) = (at.saturating_sub(300), (at + 300).min(content.len()));
    while !content.is_char_boundary(start) {
        start -= 1;
    }
    while !content.is_char_boundary(end) {
        end += 1;
    }
    &content[start..end]
}
