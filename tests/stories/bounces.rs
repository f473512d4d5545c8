//! A mail comes back: what is true of it is told, what is forged changes nothing.

use std::path::Path;

use serde_json::{Value, json};
use takedown_tests::paths::Scratch;
use takedown_tests::smtp::{Demands, Smtp};
use takedown_tests::{Db, Filing, World, both_databases, seams, wait};

both_databases!(
    a_hard_bounce_goes_to_the_next_address_and_is_told_to_the_agency,
    two_soft_bounces_are_one_hard_one_and_the_same_report_counts_once,
    what_is_forged_foreign_or_no_report_changes_nothing,
    what_the_mail_server_refuses_at_once_is_told_as_well,
    whoever_fetched_a_request_cannot_say_that_its_mail_was_lost,
);

const OWNER: &str = "owner@paste.example";
const SECOND: &str = "second@paste.example";
const UNIT: &str = "unit@police.example";
const TEAM: &str = "team@forum.example";

struct Site {
    w: World,
    smtp: Smtp,
    maildir: Scratch,
}

async fn site(db: Db) -> Site {
    let smtp = Smtp::start(Demands::Nothing);
    let maildir = Scratch::new("maildir");
    for part in ["tmp", "new", "cur"] {
        std::fs::create_dir(maildir.join(part)).unwrap();
    }
    let mut settings = seams::smtp_settings(smtp.port(), "none", None);
    settings.push(seams::setting(
        "TAKEDOWN_MAIL_BOUNCE_ADDRESS",
        "bounces@exchange.example",
    ));
    let place = maildir.path().to_str().unwrap();
    settings.push(seams::setting("TAKEDOWN_MAIL_BOUNCE_DIRECTORY", place));
    let w = World::with(db, &settings).await;
    Site { w, smtp, maildir }
}

/// A report in the form of Postfix about a mail to `recipient`, sent to `to`.
fn report(to: &str, recipient: &str, status: &str) -> String {
    format!(
        "Return-Path: <>\r\nDelivered-To: {to}\r\nFrom: MAILER-DAEMON@mx.example\r\nTo: {to}\r\nSubject: Undelivered Mail Returned to Sender\r\n\
         Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"B\"\r\n\r\n\
         --B\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n\r\n--B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n\
         Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: {status}\r\n\r\n--B--\r\n"
    )
}

/// As a mail server puts it there: written beside, then moved in.
fn put(maildir: &Path, name: &str, message: &str) {
    let beside = maildir.join("tmp").join(name);
    std::fs::write(&beside, message).unwrap();
    std::fs::rename(beside, maildir.join("new").join(name)).unwrap();
}

async fn taken(maildir: &Path, name: &str) {
    wait::until(&format!("{name} to be read"), || async {
        (!maildir.join("new").join(name).exists()).then_some(())
    })
    .await;
}

fn refused(maildir: &Path) -> Vec<String> {
    let files = std::fs::read_dir(maildir.join("refused"));
    let mut names: Vec<String> = files
        .map(|files| {
            let name = |file: std::io::Result<std::fs::DirEntry>| {
                file.unwrap().file_name().into_string().unwrap()
            };
            files.map(name).collect()
        })
        .unwrap_or_default();
    names.sort();
    names
}

/// What the history says of mails that came back.
async fn told(w: &World, request: &Value) -> Vec<(String, bool)> {
    let at = format!("/v1/requests/{}/history", request["id"].as_str().unwrap());
    let entries = w.unit.api.list(&at).await.into_iter();
    entries
        .filter(|entry| entry["type"] == "delivery.failed")
        .map(|entry| {
            let data = &entry["data"];
            let status = data["status"].as_str().unwrap().to_owned();
            (status, data["goes_on"].as_bool().unwrap())
        })
        .collect()
}

async fn a_hard_bounce_goes_to_the_next_address_and_is_told_to_the_agency(db: Db) {
    let Site { w, smtp, maildir } = site(db).await;
    let at = format!("/v1/platforms/{}", w.platform.id);
    let contacts = json!({"contacts": [OWNER, SECOND]});
    w.operator
        .api
        .patch(&at, &contacts)
        .if_match("*")
        .await
        .is(200);
    let request = w
        .file(&Filing::referral(&["https://paste.example/a"]))
        .await;
    let first = smtp.mails_to(OWNER, 1).await.remove(0);
    let from = first["from"].as_str().unwrap();
    assert!(
        from.starts_with("bounces+") && from.ends_with("@exchange.example"),
        "{from}"
    );
    put(maildir.path(), "1.hard", &report(from, OWNER, "5.1.1"));
    let second = smtp.mails_to(SECOND, 1).await.remove(0);
    assert_eq!(
        second["headers"]["message-id"],
        first["headers"]["message-id"]
    );
    let said = smtp.mails_to(UNIT, 1).await.remove(0);
    let text = said["text"].as_str().unwrap();
    assert!(
        text.contains("came back") && !text.contains(OWNER),
        "{text}"
    );
    assert_eq!(told(&w, &request).await, [("5.1.1".to_owned(), true)]);
    // The second comes back as well: nobody is left.
    let from = second["from"].as_str().unwrap();
    put(maildir.path(), "2.hard", &report(from, SECOND, "5.7.1"));
    smtp.mails_to(UNIT, 2).await;
    assert_eq!(
        told(&w, &request).await,
        [("5.1.1".to_owned(), true), ("5.7.1".to_owned(), false)]
    );
    let failed = w.unit.api.list("/v1/deliveries?status=failed").await;
    assert_eq!(failed.len(), 1, "{failed:#?}");
    assert!(
        !failed[0].to_string().contains(SECOND),
        "an agency sees no address"
    );
    // A request is as filed as before, and the next mail goes to the address that did not come back last.
    assert_eq!(w.read(&request).await["status"], "filed");
    assert!(refused(maildir.path()).is_empty());
}

async fn two_soft_bounces_are_one_hard_one_and_the_same_report_counts_once(db: Db) {
    let Site { w, smtp, maildir } = site(db).await;
    let request = w
        .file(&Filing::referral(&["https://paste.example/a"]))
        .await;
    let first = smtp.mails_to(OWNER, 1).await.remove(0);
    let from = first["from"].as_str().unwrap().to_owned();
    put(maildir.path(), "1.soft", &report(&from, OWNER, "4.4.1"));
    smtp.mails_to(OWNER, 2).await;
    assert!(told(&w, &request).await.is_empty(), "it is tried once more");
    let sent = format!(
        "/v1/deliveries?status=sent&request={}",
        request["id"].as_str().unwrap()
    );
    wait::until("the second mail to be noted", || async {
        (w.operator.api.list(&sent).await.len() == 1).then_some(())
    })
    .await;
    put(maildir.path(), "2.soft", &report(&from, OWNER, "4.4.1"));
    smtp.mails_to(UNIT, 1).await;
    assert_eq!(told(&w, &request).await, [("4.4.1".to_owned(), false)]);
    put(maildir.path(), "3.again", &report(&from, OWNER, "4.4.1"));
    taken(maildir.path(), "3.again").await;
    assert_eq!(told(&w, &request).await.len(), 1);
    assert!(refused(maildir.path()).is_empty());
}

async fn what_is_forged_foreign_or_no_report_changes_nothing(db: Db) {
    let Site { w, smtp, maildir } = site(db).await;
    let request = w
        .file(&Filing::referral(&["https://paste.example/a"]))
        .await;
    let mail = smtp.mails_to(OWNER, 1).await.remove(0);
    let from = mail["from"].as_str().unwrap();
    let (local, domain) = from.split_once('@').unwrap();
    let forged = format!("{}aaaaaaaaaaaaaaaa@{domain}", &local[..local.len() - 16]);
    let holiday = format!(
        "To: {from}\r\nAuto-Submitted: auto-replied\r\nSubject: Out of office\r\n\r\nBack on Monday.\r\n"
    );
    let long = report(from, OWNER, "5.1.1") + &"x".repeat(1 << 20);
    let unknown = from.replacen("bounces+0", "bounces+1", 1);
    for (name, message) in [
        ("1.forged", report(&forged, OWNER, "5.1.1")),
        ("2.unknown", report(&unknown, OWNER, "5.1.1")),
        ("3.foreign", report(from, "somebody@else.example", "5.1.1")),
        ("4.holiday", holiday),
        ("5.long", long),
        ("6.delivered", report(from, OWNER, "2.1.5")),
        ("7.nothing", String::new()),
    ] {
        put(maildir.path(), name, &message);
    }
    wait::until("all of them to be put aside", || async {
        (refused(maildir.path()).len() == 7).then_some(())
    })
    .await;
    assert!(told(&w, &request).await.is_empty());
    let doctor = w.server.command(&["doctor"]).output().unwrap();
    let doctor = String::from_utf8(doctor.stdout).unwrap();
    assert!(doctor.contains("7 were not believed"), "{doctor}");
    // What is true is still believed after all that.
    put(maildir.path(), "8.true", &report(from, OWNER, "5.1.1"));
    smtp.mails_to(UNIT, 1).await;
    assert_eq!(told(&w, &request).await, [("5.1.1".to_owned(), false)]);
    assert_eq!(smtp.mails_to(OWNER, 1).await.len(), 1);
}

async fn what_the_mail_server_refuses_at_once_is_told_as_well(db: Db) {
    let Site { w, smtp, .. } = site(db).await;
    smtp.answer(TEAM, "550");
    let request = w
        .file(&Filing::referral(&["https://forum.example/t/1"]))
        .await;
    let said = smtp.mails_to(UNIT, 1).await.remove(0);
    let reference = request["reference"].as_str().unwrap();
    assert!(said["subject"].as_str().unwrap().contains(reference));
    let found = told(&w, &request).await;
    assert!(
        found.len() == 1 && found[0].0.starts_with("550") && !found[0].1,
        "{found:?}"
    );
}

async fn whoever_fetched_a_request_cannot_say_that_its_mail_was_lost(db: Db) {
    let Site { w, smtp, maildir } = site(db).await;
    let request = w
        .file(&Filing::referral(&["https://paste.example/a"]))
        .await;
    let mail = smtp.mails_to(OWNER, 1).await.remove(0);
    let id = request["id"].as_str().unwrap();
    let sent = format!("/v1/deliveries?status=sent&request={id}");
    wait::until("the mail to be noted", || async {
        (w.operator.api.list(&sent).await.len() == 1).then_some(())
    })
    .await;
    let at = format!("/v1/requests/{id}");
    w.platform.api.get(&at).await.is(200);
    // The return address stands in what was delivered.
    let from = mail["from"].as_str().unwrap();
    put(maildir.path(), "1.own", &report(from, OWNER, "5.1.1"));
    taken(maildir.path(), "1.own").await;
    assert!(told(&w, &request).await.is_empty());
    assert_eq!(w.operator.api.list(&sent).await.len(), 1);
    assert!(refused(maildir.path()).is_empty());
}
