//! Notification as wished: signed, at once or gathered, in quiet hours or not, and sent again when it failed.

use serde_json::{Value, json};
use takedown_tests::paths::{self, Scratch};
use takedown_tests::smtp::{Demands, Smtp};
use takedown_tests::{Db, Filing, World, both_databases, seams, wait};

use crate::packages::python;

both_databases!(
    mails_are_signed_as_a_foreign_library_finds,
    a_platform_says_how_it_wants_its_mails_and_orders_come_at_once,
    what_cannot_be_wished_is_refused_by_name,
    what_was_given_up_is_sent_again_once,
    a_report_for_programs_goes_to_whoever_wished_for_it_where_the_format_has_a_word,
    an_agency_says_how_it_wants_its_mails_and_questions_come_at_once,
);

const OWNER: &str = "owner@paste.example";
const TEAM: &str = "team@forum.example";

/// Makes a private key that its owner alone may read.
const MAKE: &str = r#"
import os, sys
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
key = ed25519.Ed25519PrivateKey.generate() if sys.argv[2] == "ed25519" else rsa.generate_private_key(65537, 2048)
pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
with open(os.open(sys.argv[1], os.O_CREAT | os.O_WRONLY, 0o600), "wb") as file:
    file.write(pem)
"#;

/// Whether the signature of a mail holds, and whether it does when the mail was changed on the way.
const VERIFY: &str = r#"
import dkim, json, sys
given = json.load(open(sys.argv[1]))
def published(name, timeout=5):
    return given["text"].encode() if name.decode().rstrip(".") == given["name"] else None
def holds(raw):
    return dkim.verify(raw.encode(), dnsfunc=published)
raw = given["raw"]
head, body = raw.split("\r\n\r\n", 1)
changed = [
    raw.replace("To: ", "To: x", 1),
    head + "\r\nSubject: another one\r\n\r\n" + body,
    head + "\r\nContent-Type: text/plain\r\n\r\n" + body,
    head + "\r\n\r\n" + body.replace("e", "a", 1),
]
folded = head.replace("Subject: ", "Subject:   ", 1) + "\r\n\r\n" + body + "\r\n\r\n"
json.dump({"holds": holds(raw), "folded": holds(folded), "changed": [holds(one) for one in changed]}, sys.stdout)
"#;

async fn mails_are_signed_as_a_foreign_library_finds(db: Db) {
    for kind in ["rsa", "ed25519"] {
        let smtp = Smtp::start(Demands::Nothing);
        let scratch = Scratch::new("dkim");
        let key = scratch.join("dkim.pem");
        python(MAKE, &[key.to_str().unwrap(), kind]);
        let mut settings = seams::smtp_settings(smtp.port(), "none", None);
        settings.push(seams::setting(
            "TAKEDOWN_MAIL_DKIM_KEY",
            key.to_str().unwrap(),
        ));
        let w = World::with(db, &settings).await;
        let told = w.server.command(&["doctor"]).output().unwrap();
        let told = String::from_utf8(told.stdout).unwrap();
        let mut lines = told.lines().skip_while(|line| !line.contains("dkim"));
        assert!(lines.next().unwrap().starts_with("ok"), "{told}");
        let (name, text) = (lines.next().unwrap().trim(), lines.next().unwrap().trim());
        assert_eq!(name, "takedown._domainkey.exchange.example");
        assert!(
            text.starts_with(&format!("v=DKIM1; k={kind}; p=")),
            "{text}"
        );
        w.file(&Filing::referral(&["https://paste.example/a"]))
            .await;
        w.file(&Filing::tco_order(&["https://forum.example/t/1"]))
            .await;
        for address in [OWNER, TEAM] {
            let mail = smtp.mails_to(address, 1).await.remove(0);
            let given = json!({"raw": mail["raw"], "name": name, "text": text});
            let place = scratch.join("given.json");
            std::fs::write(&place, given.to_string()).unwrap();
            let found = python(VERIFY, &[place.to_str().unwrap()]);
            let found: Value = serde_json::from_slice(&found).unwrap();
            assert_eq!(
                found,
                json!({"holds": true, "folded": true, "changed": [false, false, false, false]}),
                "{kind}: {}",
                mail["raw"]
            );
        }
    }
}

/// Where the notifications of a request stand, as the operator sees it.
async fn stands(w: &World, request: &Value) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for status in ["pending", "gathered", "sent", "failed", "dropped"] {
        let list = format!(
            "/v1/deliveries?status={status}&request={}",
            request["id"].as_str().unwrap()
        );
        for delivery in w.operator.api.list(&list).await {
            all.push((
                delivery["event"].as_str().unwrap().to_owned(),
                delivery["status"].as_str().unwrap().to_owned(),
            ));
        }
    }
    all
}

async fn standing(w: &World, request: &Value, status: &str) {
    let wanted = ("request.filed".to_owned(), status.to_owned());
    wait::until(&format!("the mail to be {status}"), || async {
        stands(w, request).await.contains(&wanted).then_some(())
    })
    .await;
}

async fn a_platform_says_how_it_wants_its_mails_and_orders_come_at_once(db: Db) {
    let smtp = Smtp::start(Demands::Nothing);
    let w = World::with(db, &seams::smtp_settings(smtp.port(), "none", None)).await;
    let at = format!("/v1/platforms/{}/notification", w.platform.id);
    let wish = json!({"mail": "daily", "daily_at": "06:15", "quiet": [{"days": ["sun"], "hours": "20:00-08:00"}]});
    let told = w.platform.api.put(&at, &wish).await.is(200).json();
    assert_eq!(told["notification"]["daily_at"], "06:15");
    let again = w.platform.api.put(&at, &wish).await.is(200).json();
    assert_eq!(
        again["version"], told["version"],
        "repeated it changes nothing"
    );
    // Another party has no say in it, and neither has the agency.
    w.other_platform.api.put(&at, &wish).await.is(404);
    w.unit.api.put(&at, &wish).await.is(403);

    let referral = w
        .file(&Filing::referral(&["https://paste.example/a"]))
        .await;
    standing(&w, &referral, "gathered").await;
    let order = w
        .file(&Filing::tco_order(&["https://paste.example/b"]))
        .await;
    let mail = smtp.mails_to(OWNER, 1).await.remove(0);
    let reference = order["reference"].as_str().unwrap();
    assert!(mail["subject"].as_str().unwrap().contains(reference));
    // The inbox has both at once.
    let inbox = w.platform.api.get("/v1/inbox").await.is(200).json();
    assert_eq!(inbox["items"].as_array().unwrap().len(), 2);

    let never = json!({"mail": "never"});
    w.operator.api.put(&at, &never).await.is(200);
    let other = w
        .file(&Filing::referral(&["https://paste.example/c"]))
        .await;
    standing(&w, &other, "dropped").await;
    let list = format!(
        "/v1/deliveries?status=dropped&request={}",
        other["id"].as_str().unwrap()
    );
    let seen = w.unit.api.list(&list).await.remove(0);
    let why = seen["last_error"].as_str().unwrap();
    assert!(why.starts_with("this platform reads its inbox"), "{seen:#}");
    let inbox = w.platform.api.get("/v1/inbox").await.is(200).json();
    assert_eq!(inbox["items"].as_array().unwrap().len(), 3);
    assert_eq!(smtp.mails_to(OWNER, 1).await.len(), 1);
    // A guessed link ends nothing, and the page says nothing of whom it would be.
    for page in ["/unsubscribe/guessed", "/unsubscribe/guessed?lang=de"] {
        let shown = w.anonymous.get(page).await.is(404).text();
        assert!(
            !shown.contains("guessed") && !shown.contains("Paste"),
            "{shown}"
        );
    }
}

async fn what_cannot_be_wished_is_refused_by_name(db: Db) {
    let w = World::new(db).await;
    let at = format!("/v1/platforms/{}/notification", w.platform.id);
    for (wish, pointer) in [
        (json!({"mail": "weekly"}), "#/mail"),
        (json!({}), "#/mail"),
        (json!({"mail": "daily", "daily_at": "8"}), "#/daily_at"),
        (
            json!({"mail": "daily", "quiet": [{"hours": "09:00-09:00"}]}),
            "#/quiet/0/hours",
        ),
        (
            json!({"mail": "daily", "quiet": [{"hours": "00:00-12:00"}, {"hours": "12:00-00:00"}]}),
            "#/quiet",
        ),
        (
            json!({"mail": "at_once", "quiet": [{"days": ["sat"], "hours": "00:10-23:30"}]}),
            "#/quiet",
        ),
        (json!({"mail": "hourly", "xarf": true}), "#/xarf"),
        (json!({"mail": "at_once", "xarf": "yes"}), "#/xarf"),
        (
            json!({"mail": "daily", "quiet": vec![json!({"hours": "01:00-02:00"}); 21]}),
            "#/quiet",
        ),
    ] {
        let answer = w.platform.api.put(&at, &wish).await;
        assert_eq!(answer.status, 422, "{wish}: {}", answer.text());
        let problem = answer.json();
        assert_eq!(
            problem["errors"][0]["pointer"], pointer,
            "{wish}: {problem:#}"
        );
    }
    let unchanged = w
        .platform
        .api
        .get(&format!("/v1/platforms/{}", w.platform.id))
        .await
        .is(200)
        .json();
    assert_eq!(
        unchanged["notification"],
        json!({"mail": "at_once", "daily_at": "08:00", "quiet": [], "xarf": false})
    );
}

async fn what_was_given_up_is_sent_again_once(db: Db) {
    let smtp = Smtp::start(Demands::Nothing);
    smtp.answer(TEAM, "550");
    let w = World::with(db, &seams::smtp_settings(smtp.port(), "none", None)).await;
    let request = w
        .file(&Filing::referral(&["https://forum.example/t/1"]))
        .await;
    standing(&w, &request, "failed").await;
    let failed = w
        .operator
        .api
        .list("/v1/deliveries?status=failed")
        .await
        .remove(0);
    let at = format!("/v1/deliveries/{}/sending", failed["id"].as_str().unwrap());
    w.unit.api.post(&at, &json!({})).await.is(403);
    smtp.answer(TEAM, "250");
    let again = w.operator.api.post(&at, &json!({})).await.is(200).json();
    assert_eq!(
        (&again["status"], &again["attempts"]),
        (&json!("pending"), &json!(0))
    );
    smtp.mails_to(TEAM, 1).await;
    standing(&w, &request, "sent").await;
    w.operator.api.post(&at, &json!({})).await.is(409);
    assert_eq!(smtp.mails_to(TEAM, 1).await.len(), 1);
    let unknown = "/v1/deliveries/dlv_00000000000000000000000000/sending";
    w.operator.api.post(unknown, &json!({})).await.is(404);
}

async fn a_report_for_programs_goes_to_whoever_wished_for_it_where_the_format_has_a_word(db: Db) {
    let smtp = Smtp::start(Demands::Nothing);
    let w = World::with(db, &seams::smtp_settings(smtp.port(), "none", None)).await;
    let at = format!("/v1/platforms/{}/notification", w.platform.id);
    let fraud =
        |links: &[&str]| Filing::referral(links).set("grounds", json!(["dsa:scams_and_fraud"]));
    // Nobody wished for it: the mail names no address.
    w.file(&fraud(&["https://paste.example/marked-one"])).await;
    let plain = smtp.mails_to(OWNER, 1).await.remove(0);
    assert!(
        !plain["raw"].as_str().unwrap().contains("xarf"),
        "{plain:#}"
    );

    let wish = json!({"mail": "at_once", "xarf": true});
    let told = w.platform.api.put(&at, &wish).await.is(200).json();
    assert_eq!(told["notification"]["xarf"], true);
    let links = [
        "https://paste.example/marked-two",
        "http://paste.example/marked-three?a=1",
    ];
    let request = w.file(&fraud(&links)).await;
    let mail = smtp.mails_to(OWNER, 2).await.remove(1);
    let read = xarf(&mail);
    let reports = read["reports"].as_array().unwrap();
    let urls: Vec<&str> = reports
        .iter()
        .map(|one| one["url"].as_str().unwrap())
        .collect();
    assert_eq!(urls, links);
    assert_eq!(
        reports[0]["reporter"]["contact"],
        "complaints@police.example"
    );
    assert_eq!(
        reports[0]["takedown_exchange"],
        json!({"reference": request["reference"], "kind": "referral"})
    );
    let text = read["text"].as_str().unwrap();
    assert!(!text.contains("marked-") && text.contains("XARF"), "{text}");
    // A mail is no receipt, whatever it carries.
    let id = request["id"].as_str().unwrap();
    let seen = w
        .unit
        .api
        .get(&format!("/v1/requests/{id}"))
        .await
        .is(200)
        .json();
    assert_eq!(seen["status"], "filed", "{seen:#}");

    // Terrorist content has no word in the format, and neither has a request that is more than fraud.
    for grounds in [json!(["tco:a"]), json!(["dsa:scams_and_fraud", "tco:a"])] {
        let link = format!(
            "https://paste.example/marked-{}",
            grounds.as_array().unwrap().len()
        );
        w.file(&Filing::referral(&[link.as_str()]).set("grounds", grounds))
            .await;
    }
    for mail in smtp.mails_to(OWNER, 4).await.iter().skip(2) {
        let raw = mail["raw"].as_str().unwrap();
        assert!(!raw.contains("xarf") && !raw.contains("marked-"), "{raw}");
    }
}

/// What a program that takes such reports reads in a mail.
fn xarf(mail: &Value) -> Value {
    use std::io::Write as _;
    use std::process::{Command, Stdio};
    let mut reading = Command::new(paths::tool("venv/bin/python"))
        .arg(paths::root().join("tests/xarf/read.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut to = reading.stdin.take().unwrap();
    to.write_all(mail["raw"].as_str().unwrap().as_bytes())
        .unwrap();
    drop(to);
    let done = reading.wait_with_output().unwrap();
    assert!(done.status.success(), "{mail:#}");
    serde_json::from_slice(&done.stdout).unwrap()
}

async fn an_agency_says_how_it_wants_its_mails_and_questions_come_at_once(db: Db) {
    let smtp = Smtp::start(Demands::Nothing);
    let w = World::with(db, &seams::smtp_settings(smtp.port(), "none", None)).await;
    let at = format!("/v1/agencies/{}/notification", w.unit.id);
    let wish = json!({"mail": "daily", "daily_at": "06:15", "quiet": [{"hours": "22:00-06:00"}]});
    let told = w.unit.api.put(&at, &wish).await.is(200).json();
    assert_eq!(told["notification"]["daily_at"], "06:15");
    let again = w.unit.api.put(&at, &wish).await.is(200).json();
    assert_eq!(
        again["version"], told["version"],
        "repeated it changes nothing"
    );
    w.operator.api.put(&at, &wish).await.is(200);
    w.other_unit.api.put(&at, &wish).await.is(404);
    w.platform.api.put(&at, &wish).await.is(403);
    let endless =
        json!({"mail": "daily", "quiet": [{"hours": "00:00-12:00"}, {"hours": "12:00-00:00"}]});
    let refused = w.unit.api.put(&at, &endless).await;
    refused.problem_at(422, "invalid", "/quiet");
    let foreign = json!({"mail": "daily", "xarf": true});
    w.unit.api.put(&at, &foreign).await.is(422);
    // Nobody else is told when an agency sleeps.
    let read = format!("/v1/agencies/{}", w.unit.id);
    let seen = w.platform.api.get(&read).await;
    if seen.status == 200 {
        assert_eq!(seen.json()["notification"], Value::Null);
    }

    let request = w
        .file(&Filing::referral(&["https://paste.example/a"]))
        .await;
    let id = request["id"].as_str().unwrap();
    w.acknowledge(&request).await;
    let question = json!({"kind": "question", "text": "Which of the two?", "language": "en"});
    w.platform
        .api
        .post(&format!("/v1/requests/{id}/messages"), &question)
        .await
        .is(201);
    let mail = smtp.mails_to("unit@police.example", 1).await.remove(0);
    assert!(
        mail["subject"].as_str().unwrap().contains("question"),
        "{mail:#}"
    );
    let note = json!({"kind": "note", "text": "One more thing.", "language": "en"});
    w.platform
        .api
        .post(&format!("/v1/requests/{id}/messages"), &note)
        .await
        .is(201);
    let wanted = ("note.added".to_owned(), "gathered".to_owned());
    wait::until("the note to be gathered", || async {
        stands(&w, &request).await.contains(&wanted).then_some(())
    })
    .await;
    assert_eq!(smtp.mails_to("unit@police.example", 1).await.len(), 1);
}
