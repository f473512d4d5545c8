//! People are told: by mail, through the outbox, at least once, whatever the mail server does in between.

use serde_json::{Value, json};
use takedown_tests::smtp::{Demands, LOGIN, Smtp};
use takedown_tests::world::path;
use takedown_tests::{Db, Filing, World, both_databases, seams, wait};

both_databases!(
    both_sides_are_told_of_each_step_and_no_locator_leaves_in_clear,
    what_the_mail_server_defers_arrives_later_and_what_it_refuses_is_shown,
    mails_queued_before_a_crash_are_sent_after_it,
);

const OWNER: &str = "owner@paste.example";
const UNIT: &str = "unit@police.example";

async fn world(db: Db, smtp: &Smtp) -> World {
    World::with(db, &seams::smtp_settings(smtp.port(), "none", None)).await
}

fn text(mail: &Value) -> &str {
    mail["text"]
        .as_str()
        .unwrap_or_else(|| panic!("a text part in {mail:#}"))
}

async fn both_sides_are_told_of_each_step_and_no_locator_leaves_in_clear(db: Db) {
    let smtp = Smtp::start(Demands::Nothing);
    let w = world(db, &smtp).await;
    let request = w
        .file(&Filing::referral(&[
            "https://paste.example/hidden-path?token=s3cr3t#fragment",
        ]))
        .await;
    let reference = request["reference"].as_str().unwrap();
    let first = smtp.mails_to(OWNER, 1).await.remove(0);
    assert!(
        first["subject"].as_str().unwrap().contains(reference),
        "{first:#}"
    );
    assert!(
        text(&first).to_lowercase().contains("voluntary"),
        "{}",
        text(&first)
    );
    assert!(
        text(&first).contains("Cyber Unit Kraków"),
        "{}",
        text(&first)
    );
    assert!(
        first["headers"]["auto-submitted"]
            .as_str()
            .is_some_and(|value| value.starts_with("auto-")),
        "{first:#}"
    );
    assert!(
        first["html"]
            .as_str()
            .is_some_and(|html| html.contains(reference))
    );

    let at = path(&request);
    w.platform.api.get(&at).await.is(200);
    let question =
        json!({"kind": "question", "text": "Which paragraph, please? word-7731", "language": "en"});
    w.platform
        .api
        .post(&format!("{at}/messages"), &question)
        .await
        .is(201);
    smtp.mails_to(UNIT, 1).await;
    let answer = json!({"kind": "answer", "text": "The second. word-7732", "language": "en"});
    w.unit
        .api
        .post(&format!("{at}/messages"), &answer)
        .await
        .is(201);
    smtp.mails_to(OWNER, 2).await;
    w.acknowledge(&request).await;
    w.decide_all(&request, "removed").await;
    w.close(&request).await;
    wait::until("the unit to be told of decision and closing", || async {
        let subjects: Vec<_> = smtp
            .mails()
            .into_iter()
            .filter(|mail| mail["to"][0] == UNIT)
            .collect();
        (subjects.len() >= 3).then_some(())
    })
    .await;
    w.unit
        .api
        .put(&format!("{at}/withdrawal"), &json!({"reason": "annulled", "annulment": {"by": "The court", "decision": "II Kp 7/26"}}))
        .if_match("*")
        .await
        .is(200);
    smtp.mails_to(OWNER, 3).await;

    for mail in smtp.mails() {
        let raw = mail["raw"].as_str().unwrap();
        let all = format!("{raw}\n{}\n{}", mail["text"], mail["html"]);
        for secret in ["hidden-path", "s3cr3t", "https://paste.example"] {
            assert!(!all.contains(secret), "{secret} in {all}");
        }
        assert_eq!(mail["from"], "exchange@exchange.example");
        assert!(mail["subject"].as_str().unwrap().contains(reference));
        for word in ["overdue", "deadline", "you must"] {
            assert!(
                !text(&mail).to_lowercase().contains(word),
                "{word:?} about a referral: {}",
                text(&mail)
            );
        }
        // The only link leads to the exchange itself.
        for link in text(&mail).split("https://").skip(1) {
            assert!(link.starts_with("exchange.example"), "{}", text(&mail));
        }
    }
}

async fn what_the_mail_server_defers_arrives_later_and_what_it_refuses_is_shown(db: Db) {
    let smtp = Smtp::start(Demands::Nothing);
    smtp.answer(OWNER, "451");
    smtp.answer("team@forum.example", "550");
    let w = world(db, &smtp).await;
    let deferred = w
        .file(&Filing::referral(&["https://paste.example/a"]))
        .await;
    let refused = w
        .file(&Filing::referral(&["https://forum.example/t/1"]))
        .await;

    smtp.attempted(OWNER, "451").await;
    smtp.answer(OWNER, "drop");
    smtp.attempted(OWNER, "drop").await;
    smtp.answer(OWNER, "250");
    let mails = smtp.mails_to(OWNER, 1).await;
    assert!(
        mails[0]["subject"]
            .as_str()
            .unwrap()
            .contains(deferred["reference"].as_str().unwrap())
    );

    let shown = wait::until("the refused mail to be shown", || async {
        let failed = w.operator.api.list("/v1/deliveries?status=failed").await;
        failed.into_iter().find(|delivery| {
            delivery
                .to_string()
                .contains(refused["id"].as_str().unwrap())
        })
    })
    .await;
    assert_eq!(shown["status"], "failed", "{shown:#}");
    assert!(
        shown.to_string().contains("550"),
        "what the mail server said: {shown:#}"
    );
    let of_unit = w.unit.api.list("/v1/deliveries").await;
    assert!(
        of_unit.iter().any(|delivery| delivery
            .to_string()
            .contains(refused["id"].as_str().unwrap())),
        "{of_unit:#?}"
    );
    assert_eq!(
        w.other_unit.api.list("/v1/deliveries").await,
        Vec::<Value>::new()
    );
    // A refusal is final: it was tried once.
    let tries = smtp
        .attempts()
        .iter()
        .filter(|attempt| attempt["to"] == "team@forum.example")
        .count();
    assert_eq!(tries, 1);
    // A mail that does not arrive never makes the request less filed.
    assert_eq!(
        w.other_platform.api.get("/v1/inbox").await.is(200).json()["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

async fn mails_queued_before_a_crash_are_sent_after_it(db: Db) {
    let smtp = Smtp::start(Demands::Nothing);
    smtp.answer("*", "451");
    let mut w = world(db, &smtp).await;
    let mut references = Vec::new();
    for n in 0..5 {
        let request = w
            .file(&Filing::referral(&[&format!("https://paste.example/{n}")]))
            .await;
        references.push(request["reference"].as_str().unwrap().to_owned());
    }
    smtp.attempted(OWNER, "451").await;
    w.server.kill9();
    smtp.answer("*", "250");
    w.server.restart();
    // One under way when the server was killed may arrive twice, so each is waited for by its name.
    for reference in references {
        wait::until(&format!("the mail about {reference}"), || async {
            let about = |mail: &Value| mail["subject"].as_str().unwrap().contains(&reference);
            smtp.mails().iter().any(about).then_some(())
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_server_that_wants_starttls_and_a_login_gets_both() {
    let smtp = Smtp::start(Demands::StartTlsAndLogin);
    let mut settings = seams::smtp_settings(smtp.port(), "starttls", Some(LOGIN));
    settings.push(seams::setting(
        "SSL_CERT_FILE",
        smtp.authority().to_str().unwrap(),
    ));
    let w = World::with(Db::Sqlite, &settings).await;
    w.file(&Filing::referral(&["https://paste.example/a"]))
        .await;
    let mail = smtp.mails_to(OWNER, 1).await.remove(0);
    assert_eq!((&mail["tls"], &mail["login"]), (&json!(true), &json!(true)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_server_whose_certificate_nobody_vouches_for_gets_nothing() {
    let smtp = Smtp::start(Demands::StartTlsAndLogin);
    let w = World::with(
        Db::Sqlite,
        &seams::smtp_settings(smtp.port(), "starttls", Some(LOGIN)),
    )
    .await;
    w.file(&Filing::referral(&["https://paste.example/a"]))
        .await;
    wait::until("the failed attempt to be recorded", || async {
        let log = w.server.log().to_lowercase();
        (log.contains("certificate") || log.contains("unknownissuer") || log.contains("tls"))
            .then_some(())
    })
    .await;
    assert!(smtp.mails().is_empty() && smtp.attempts().is_empty());
    assert!(
        !w.server.log().contains(LOGIN.1),
        "the password is not in the log"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_mail_server_mails_are_files_to_look_at() {
    let w = World::new(Db::Sqlite).await;
    let request = w
        .file(&Filing::referral(&["https://paste.example/a"]))
        .await;
    let folder = seams::mail_directory(w.server.data());
    let mail = wait::until("an .eml file", || async {
        let files = std::fs::read_dir(&folder).ok()?.filter_map(Result::ok);
        let file = files
            .map(|file| file.path())
            .find(|path| path.extension().is_some_and(|extension| extension == "eml"))?;
        std::fs::read_to_string(file)
            .ok()
            .filter(|mail| !mail.is_empty())
    })
    .await;
    assert!(
        mail.contains(request["reference"].as_str().unwrap()) && mail.contains(OWNER),
        "{mail}"
    );
}
