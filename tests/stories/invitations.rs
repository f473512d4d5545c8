//! An agency that is invited to an operation is told, and so is the lead of its answer; nobody is told what it is about.

use serde_json::{Value, json};
use takedown_tests::cli::Cli;
use takedown_tests::smtp::{Demands, Smtp};
use takedown_tests::world::Party;
use takedown_tests::{Db, World, both_databases, seams, wait};

use crate::taken_back::inbox;

both_databases!(
    whoever_is_invited_is_told_and_so_is_the_lead_of_the_answer,
    what_is_no_longer_so_is_not_sent,
);

const LEAD: &str = "unit@police.example";
const OTHER: &str = "unite@gendarmerie.example";
/// What nobody may read in a mail or an inbox.
const LABEL: &str = "Night Heron";

async fn opened(w: &World) -> String {
    let label = json!({"label": LABEL});
    let made = w.unit.api.post("/v1/operations", &label).await.is(201);
    let made = made.json();
    format!("/v1/operations/{}", made["id"].as_str().unwrap())
}

async fn invite(w: &World, operation: &str) {
    let other = json!({"agency": w.other_unit.id});
    let invited = format!("{operation}/agencies");
    let answer = w.unit.api.post(&invited, &other).await;
    assert!([200, 201].contains(&answer.status), "{}", answer.text());
}

async fn answers(w: &World, operation: &str, joins: bool) {
    let body = json!({"joins": joins});
    let at = format!("{operation}/membership");
    let answer = w.other_unit.api.put(&at, &body).await;
    assert!([200, 204].contains(&answer.status), "{}", answer.text());
}

async fn removed(w: &World, operation: &str) {
    let at = format!("{operation}/agencies/{}", w.other_unit.id);
    let answer = w.unit.api.call(reqwest::Method::DELETE, &at).await;
    assert!([200, 204].contains(&answer.status), "{}", answer.text());
}

/// The newest entry, which is about no request.
async fn told(party: &Party, event: &str, membership: &str) -> Value {
    let entry = inbox(party).await.pop().unwrap();
    assert_eq!(entry["type"], event, "{entry:#}");
    assert_eq!(
        (&entry["request"], &entry["notice"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(entry["operation"]["membership"], membership);
    assert!(!entry.to_string().contains(LABEL), "{entry:#}");
    entry["operation"].clone()
}

async fn whoever_is_invited_is_told_and_so_is_the_lead_of_the_answer(db: Db) {
    let smtp = Smtp::start(Demands::Nothing);
    let w = World::with(db, &seams::smtp_settings(smtp.port(), "none", None)).await;
    let operation = opened(&w).await;
    invite(&w, &operation).await;
    let part = told(&w.other_unit, "operation.agency_invited", "invited").await;
    assert_eq!(
        format!("/v1/operations/{}", part["id"].as_str().unwrap()),
        operation
    );
    assert_eq!(part["lead"]["id"], json!(w.unit.id));
    assert_eq!(part["agency"]["id"], json!(w.other_unit.id));
    let mail = smtp.mails_to(OTHER, 1).await.remove(0);
    let reference = part["reference"].as_str().unwrap();
    assert_eq!(
        mail["subject"],
        json!(format!("{reference} · invited to an operation"))
    );
    let text = mail["text"].as_str().unwrap();
    assert!(text.contains("Cyber Unit Kraków (PL)"), "{text}");
    assert!(text.contains("GET /v1/operations"), "{text}");
    // Whoever got it can check that it is real.
    let at = text.find("/check/").unwrap();
    let link: String = text[at..]
        .chars()
        .take_while(|c| !c.is_whitespace())
        .collect();
    let page = w.anonymous.get(&link).await.is(200).text();
    assert!(
        page.contains("This message is real") && page.contains(reference),
        "{page}"
    );
    assert!(
        page.contains("Cyber Unit") && page.contains("Unité de Lyon"),
        "{page}"
    );
    assert!(!page.contains(LABEL), "{page}");
    // Said again before an answer it is no news.
    let before = inbox(&w.other_unit).await.len();
    invite(&w, &operation).await;
    assert_eq!(inbox(&w.other_unit).await.len(), before);

    answers(&w, &operation, true).await;
    told(&w.unit, "operation.agency_joined", "joined").await;
    answers(&w, &operation, true).await;
    answers(&w, &operation, false).await;
    told(&w.unit, "operation.agency_left", "left").await;
    assert_eq!(inbox(&w.unit).await.len(), 2, "once each");
    let mails = smtp.mails_to(LEAD, 2).await;
    assert!(
        mails[0]["text"]
            .as_str()
            .unwrap()
            .contains("Unité de Lyon has joined")
    );
    assert!(
        mails[1]["text"]
            .as_str()
            .unwrap()
            .contains("has declined or left")
    );

    invite(&w, &operation).await;
    smtp.mails_to(OTHER, 2).await;
    answers(&w, &operation, true).await;
    smtp.mails_to(LEAD, 3).await;
    removed(&w, &operation).await;
    told(&w.other_unit, "operation.agency_removed", "left").await;
    let last = smtp.mails_to(OTHER, 3).await.pop().unwrap();
    let text = last["text"].as_str().unwrap();
    assert!(
        text.contains("has ended the part of Unité de Lyon"),
        "{text}"
    );
    for mail in smtp.mails() {
        let all = format!("{}{}{}", mail["raw"], mail["text"], mail["html"]);
        assert!(!all.contains(LABEL) && !all.contains("Heron"), "{all}");
    }
    for party in [&w.platform, &w.other_platform] {
        assert_eq!(inbox(party).await, Vec::<Value>::new());
    }
    // The command line shows it, also to programs that know requests only.
    let shown = Cli::of(&w.unit, &w.server).run(&["inbox"]).await.ends(10);
    assert!(
        shown.out.contains("operation.agency_left") && shown.out.contains("between agencies"),
        "{}",
        shown.out
    );
    assert!(!shown.out.contains(LABEL), "{}", shown.out);
}

async fn what_is_no_longer_so_is_not_sent(db: Db) {
    let smtp = Smtp::start(Demands::Nothing);
    let w = World::with(db, &seams::smtp_settings(smtp.port(), "none", None)).await;
    let operation = opened(&w).await;
    smtp.answer(OTHER, "451");
    invite(&w, &operation).await;
    smtp.attempted(OTHER, "451").await;
    removed(&w, &operation).await;
    smtp.answer(OTHER, "250");
    // The invitation was taken back before its mail could leave; that it was is still told.
    let mail = smtp.mails_to(OTHER, 1).await.remove(0);
    assert!(
        mail["subject"].as_str().unwrap().contains("no longer part"),
        "{mail:#}"
    );
    let dropped = wait::until("the invitation to be dropped", || async {
        let dropped = w.operator.api.list("/v1/deliveries?status=dropped").await;
        (!dropped.is_empty()).then_some(dropped)
    })
    .await;
    assert_eq!(dropped.len(), 1, "{dropped:#?}");
    assert_eq!(dropped[0]["event"], "operation.agency_invited");
    let own = w.unit.api.list("/v1/deliveries?status=dropped").await;
    assert_eq!(own.len(), 1, "the lead sees what became of its invitation");
    assert!(own[0]["request"]["reference"].as_str().unwrap().len() > 5);
}
