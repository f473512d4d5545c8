//! An agency is verified by two people of the operator: the first with the agency's own domain, the second by a call back.

use serde_json::{Value, json};
use takedown_tests::cli::Cli;
use takedown_tests::names::Names;
use takedown_tests::smtp::{Demands, Smtp};
use takedown_tests::world::path;
use takedown_tests::{Api, Db, Filing, Server, World, both_databases, seams};

both_databases!(
    two_people_verify_an_agency_and_one_alone_cannot,
    what_ends_soon_is_told_to_the_agency_and_to_the_operator,
);

const RECORD: &str = "_takedown-exchange.police.test";

fn second(by: &str, called_at: &str) -> Value {
    json!({"by": by, "call_back": {"source": "the ministry's published list", "called_at": called_at}})
}

/// What the owner of a paste site sees behind the link of his mail.
async fn seen(w: &World, mail: &Value) -> String {
    let text = mail["text"].as_str().unwrap();
    let at = text.find("/check/").expect("a link to check the mail");
    let link = text[at..].split_whitespace().next().unwrap();
    w.anonymous.get(link).await.is(200).text()
}

async fn two_people_verify_an_agency_and_one_alone_cannot(db: Db) {
    let names = Names::start("police.test");
    let smtp = Smtp::start(Demands::Nothing);
    let mut settings = names.settings();
    settings.extend(seams::smtp_settings(smtp.port(), "none", None));
    // The second person's client is made on the machine, as the first one's is.
    let server = Server::prepare(db, &settings);
    let night_desk = seams::first_operator(server.data(), server.database());
    let rotate = format!("/v1/clients/{}/credentials", night_desk.id);
    let w = World::on(server).await;
    let first = &w.operator.api;
    let other: Api = w.anonymous.acting_as(night_desk);
    let at = format!("/v1/agencies/{}/verification", w.unit.id);
    let confirm = format!("{at}/confirmation");
    let now = chrono::Utc::now().to_rfc3339();

    // What one person recorded counts, and is called what it is.
    let request = w
        .file(&Filing::referral(&["https://paste.example/one"]))
        .await;
    let mail = smtp.mails_to("owner@paste.example", 1).await.remove(0);
    let page = seen(&w, &mail).await;
    assert!(page.contains("one person of the operator alone"), "{page}");
    let told = |mail: &Value, says: &str| {
        let text = mail["text"].as_str().unwrap();
        assert!(text.contains(says), "{says} in {text}");
    };
    told(&mail, "found out by one person alone");
    let id = request["id"].as_str().unwrap().to_owned();
    let shell = Cli::of(&w.unit, &w.server);
    let shown = shell.run(&["show", &id]).await.ends(0);
    let alone = "by one person of the operator alone";
    assert!(shown.out.contains(alone), "{}", shown.out);
    let read = w.platform.api.get(&path(&request)).await.is(200).json();
    assert_eq!(read["agency"]["verification"]["persons"], 1);

    // The first person did not look at the domain.
    let refused = other.put(&confirm, &second("Ben Okafor", &now)).await;
    assert!(refused.is(409).text().contains("`domain`"));

    // The domain does not name the agency; almost is told as almost.
    let mut wanted = takedown_tests::world::verification();
    wanted["by"] = json!("Ada Nowak");
    wanted["domain"] = json!("police.test");
    let line = format!("takedown-exchange-agency={}", w.unit.id);
    for (text, says) in [
        ("", "no TXT record of this name yet"),
        (&line[..40], "It ends after 40 characters"),
        (
            "takedown-exchange-agency=agency_01kb0000000000000000000000",
            "not this one",
        ),
    ] {
        names.forget();
        if !text.is_empty() {
            names.texts(RECORD, &[text]);
        }
        let refused = first.put(&at, &wanted).await.is(422).text();
        assert!(
            refused.contains(says) && refused.contains(&line) && refused.contains("/domain"),
            "{says}: {refused}"
        );
    }
    names.texts(RECORD, &[&line]);
    // Whoever names a domain names himself: the second one does it under another name.
    let mut nameless = wanted.clone();
    nameless.as_object_mut().unwrap().remove("by");
    first
        .put(&at, &nameless)
        .await
        .problem_at(422, "invalid", "/by");
    let verified = first.put(&at, &wanted).await.is(200).json();
    assert_eq!(
        (
            &verified["verification"]["persons"],
            &verified["verification"]["domain"]["domain"]
        ),
        (&json!(1), &json!("police.test"))
    );

    // One alone cannot: not with the same credentials, not under the same name, not without a call.
    let alone = first.put(&confirm, &second("Ben Okafor", &now)).await;
    assert!(alone.is(409).text().contains("one person alone"));
    let same = other.put(&confirm, &second("ada nowak", &now)).await;
    assert!(same.is(422).text().contains("Ada Nowak"));
    // Nor with a client that he made himself.
    let more = json!({"name": "Night desk", "operator": true});
    let more = takedown_tests::world::client(&w.operator, more).await;
    let more: Api = w.anonymous.acting_as(more);
    let made = more.put(&confirm, &second("Ben Okafor", &now)).await;
    assert!(made.is(409).text().contains("one person may have both"));
    let never = second("Ben Okafor", "2999-01-01T00:00:00Z");
    other.put(&confirm, &never).await.is(422);
    other
        .put(&confirm, &json!({"by": "Ben Okafor"}))
        .await
        .is(422);
    for party in [&w.unit, &w.platform, &w.auditor] {
        let tried = party.api.put(&confirm, &second("Ben Okafor", &now)).await;
        tried.is(403);
    }

    let whole = other.put(&confirm, &second("Ben Okafor", &now)).await;
    let whole = whole.is(200).json();
    let verification = &whole["verification"];
    assert_eq!(verification["persons"], 2);
    assert_eq!(verification["second"]["by"], "Ben Okafor");
    assert_eq!(
        verification["second"]["source"],
        "the ministry's published list"
    );
    other
        .put(&confirm, &second("Cleo Haddad", &now))
        .await
        .is(409);
    let page = seen(&w, &mail).await;
    assert!(page.contains("two people of the operator"), "{page}");
    let shown = shell.run(&["show", &id]).await.ends(0);
    assert!(
        shown.out.contains("by 2 persons of the operator"),
        "{}",
        shown.out
    );
    w.file(&Filing::referral(&["https://paste.example/two"]))
        .await;
    let later = smtp.mails_to("owner@paste.example", 2).await.remove(1);
    told(&later, "found out by two persons");
    let read = w.platform.api.get(&path(&request)).await.is(200).json();
    assert_eq!(read["agency"]["verification"]["persons"], 2);

    // Who is to be verified again is found in time.
    let list = |before: &str| format!("/v1/agencies?verification_ends_before={before}");
    assert!(first.list(&list("2020-01-01T00:00:00Z")).await.is_empty());
    let ending = first.list(&list("2999-01-01T00:00:00Z")).await;
    assert_eq!(ending.len(), 2, "both units");

    // Whoever records it anew begins anew.
    let again = first.put(&at, &wanted).await;
    assert_eq!(again.is(200).json()["verification"]["persons"], 1);
    // And whoever gave the second one new credentials may have them himself.
    first.post(&rotate, &json!({})).await.is(201);
    let given = other.put(&confirm, &second("Ben Okafor", &now)).await;
    assert!(given.is(409).text().contains("one person may have both"));
}

async fn what_ends_soon_is_told_to_the_agency_and_to_the_operator(db: Db) {
    let smtp = Smtp::start(Demands::Nothing);
    let mut settings = seams::smtp_settings(smtp.port(), "none", None);
    settings.push(seams::setting(
        "TAKEDOWN_MAIL_OPERATOR",
        "desk@exchange.example",
    ));
    settings.push(seams::setting("TAKEDOWN_WORKER_POLL_INTERVAL", "50ms"));
    let w = World::with(db, &settings).await;
    let day = |days| (chrono::Utc::now() + chrono::TimeDelta::days(days)).to_rfc3339();
    let mut ending = takedown_tests::world::verification();
    ending["verified_at"] = json!(day(-340));
    ending["expires_at"] = json!(day(20));
    let at = format!("/v1/agencies/{}/verification", w.unit.id);
    w.operator.api.put(&at, &ending).await.is(200);
    let desk = smtp.mails_to("desk@exchange.example", 1).await.remove(0);
    let text = desk["text"].as_str().unwrap();
    assert!(
        text.contains(&format!("takedown agency verify {}", w.unit.id)),
        "{text}"
    );
    takedown_tests::wait::until("the operator to see both", || async {
        let sent = w.operator.api.list("/v1/deliveries?status=sent").await;
        let told = |party: &str| {
            let of =
                |one: &&Value| one["event"] == "verification.ending" && one["party"]["id"] == party;
            sent.iter().filter(of).count()
        };
        (told("operator") == 1 && told(&w.unit.id) == 1).then_some(())
    })
    .await;
    let unit = |mail: &&Value| {
        mail["subject"]
            .as_str()
            .unwrap()
            .starts_with("Your verification ends on")
    };
    let mails = smtp.mails();
    assert_eq!(mails.iter().filter(unit).count(), 1, "{mails:#?}");
}
