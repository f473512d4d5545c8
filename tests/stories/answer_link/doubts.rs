//! "Is this really the police?": doubted, told by a second channel, settled by somebody who did not file.

use serde_json::{Value, json};
use takedown_tests::cli::Cli;
use takedown_tests::world::{Party, client, path};
use takedown_tests::{Db, Filing, World, both_databases};

use super::site;

both_databases!(
    a_doubt_by_link_is_told_by_a_second_channel_and_settled_by_somebody_else,
    a_doubt_stops_the_hour_of_an_order_and_a_forged_one_ends,
    this_is_not_my_site_ends_the_mails_to_it,
);

fn finding(genuine: bool) -> Value {
    json!({"genuine": genuine, "note": {"text": "Called back on the number of the register.", "language": "en"}})
}

/// Another client of an agency: a second officer with credentials of his own.
async fn second(w: &World, agency: &Party) -> Party {
    let who = client(
        &w.operator,
        json!({"name": "Second officer", "agency": agency.id}),
    )
    .await;
    Party {
        id: agency.id.clone(),
        api: w.anonymous.acting_as(who),
    }
}

async fn a_doubt_by_link_is_told_by_a_second_channel_and_settled_by_somebody_else(db: Db) {
    let s = site(db, &["en"]).await;
    let request = s.file(&["https://small.test/one"]).await;
    let link = s.link(&request, 1).await;
    // Before anything was opened, with words that could be markup.
    let why = [
        ("do", "doubt"),
        ("text", "<b>Nobody</b> knows you"),
        ("language", "en"),
    ];
    let page = s.pressed(&link, &why).await;
    assert!(page.contains("You said that you doubt who asks"), "{page}");
    assert_eq!(
        s.told(&request).await[1],
        ("doubt.raised".into(), "platform".into(), "link".into())
    );
    // To whom complaints go, and not to whoever reads the unit's usual mail.
    let mail = s
        .smtp
        .mails_to("complaints@police.example", 1)
        .await
        .remove(0);
    assert!(
        mail["text"].as_str().unwrap().contains("doubts that"),
        "{mail:#}"
    );
    let inbox = s.w.unit.api.get("/v1/inbox?limit=200").await.is(200).json();
    assert!(inbox.to_string().contains("doubt.raised"), "{inbox:#}");

    let listed = s.w.operator.api.list("/v1/doubts").await;
    assert_eq!(listed.len(), 1);
    assert!(
        !listed[0].to_string().contains("small.test/one"),
        "{listed:#?}"
    );
    assert_eq!(
        s.w.other_unit.api.list("/v1/doubts").await,
        Vec::<Value>::new()
    );
    s.w.platform.api.get("/v1/doubts").await.is(403);
    let at = format!("/v1/doubts/{}/settlement", request["id"].as_str().unwrap());
    s.w.unit
        .api
        .put(&at, &finding(true))
        .await
        .problem(403, "forbidden");
    s.w.other_unit.api.put(&at, &finding(true)).await.is(404);
    let officer = second(&s.w, &s.w.unit).await;
    let settled = officer.api.put(&at, &finding(true)).await.is(200).json();
    assert_eq!(settled["doubted_at"], Value::Null);
    officer.api.put(&at, &finding(true)).await.is(409);
    assert_eq!(
        s.w.operator.api.list("/v1/doubts").await,
        Vec::<Value>::new()
    );
    let mail = s.mail(&request, 2).await;
    assert!(
        mail["text"].as_str().unwrap().contains("It was checked"),
        "{mail:#}"
    );
    let link = s.link(&request, 2).await;
    let page = s.pressed(&link, &[("do", "open")]).await;
    assert!(
        page.contains("Called back on the number") && page.contains("&#60;b&#62;Nobody"),
        "{page}"
    );
}

async fn a_doubt_stops_the_hour_of_an_order_and_a_forged_one_ends(db: Db) {
    let w = World::new(db).await;
    let order = w
        .file(&Filing::tco_order(&["https://paste.example/a"]))
        .await;
    w.acknowledge(&order).await;
    let at = format!("{}/doubt", path(&order));
    w.unit.api.put(&at, &json!({})).await.is(403);
    w.other_platform.api.put(&at, &json!({})).await.is(404);
    let shell = Cli::of(&w.platform, &w.server);
    let reference = order["reference"].as_str().unwrap();
    let raised = [
        "doubt",
        "raise",
        reference,
        "--text",
        "The number is not theirs.",
    ];
    shell.run(&raised).await.ends(0);
    let read = w.read(&order).await;
    assert_eq!(read["clock"]["state"], "standing", "{read:#}");
    assert_eq!(
        (&read["status"], &read["waiting_for"]),
        (&json!("acknowledged"), &json!("agency"))
    );
    w.decide_all(&order, "removed").await;

    let operator = Cli::of(&w.operator, &w.server);
    let listed = operator.run(&["doubt", "list"]).await.ends(0);
    assert!(
        listed.out.contains(reference) && listed.out.contains("Cyber Unit"),
        "{}",
        listed.out
    );
    let id = order["id"].as_str().unwrap();
    let note = "They know nothing of it.";
    operator
        .run(&["doubt", "settle", id, "--note", note])
        .await
        .ends(2);
    let settled = operator
        .run(&["doubt", "settle", id, "--forged", "--note", note])
        .await
        .ends(0);
    assert!(settled.out.contains("withdrawn"), "{}", settled.out);
    let read = w.read(&order).await;
    assert_eq!(
        (&read["status"], &read["restoration"]),
        (&json!("withdrawn"), &json!("asked"))
    );
    let inbox = w
        .platform
        .api
        .get("/v1/inbox?limit=200")
        .await
        .is(200)
        .json();
    assert!(inbox.to_string().contains("doubt.settled"), "{inbox:#}");
    let messages = w
        .platform
        .api
        .list(&format!("{}/messages", path(&order)))
        .await;
    let kinds: Vec<&str> = messages
        .iter()
        .map(|m| m["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["doubt", "doubt_settled"]);
    assert_eq!(messages[1]["side"], "operator");
}

async fn this_is_not_my_site_ends_the_mails_to_it(db: Db) {
    let s = site(db, &["en"]).await;
    let request = s.file(&["https://small.test/one"]).await;
    let other = s.file(&["https://small.test/two"]).await;
    let (link, second) = (s.link(&request, 1).await, s.link(&other, 1).await);
    let done = s.press(&link, &[("do", "not_mine")]).await.is(200).text();
    assert!(done.contains("Thank you for telling us"), "{done}");
    for ended in [&link, &second] {
        s.look(ended).await.is(404);
    }
    let told = s.told(&request).await;
    assert_eq!(
        told[1],
        ("contact.rejected".into(), "recipient".into(), "link".into())
    );
    let unit = s.smtp.mails_to("unit@police.example", 1).await;
    assert!(
        unit.iter()
            .any(|mail| mail["text"].as_str().unwrap().contains("is not his"))
    );
    // What is queued for that mailbox from now on fails where it is seen, and it cannot be named again.
    let note = json!({"kind": "note", "text": "Still there?", "language": "en"});
    s.w.unit
        .api
        .post(&format!("{}/messages", path(&request)), &note)
        .await
        .is(201);
    takedown_tests::wait::until("the mail to be given up", || async {
        let all = s.w.operator.api.list("/v1/deliveries").await;
        let failed = |one: &&Value| one["status"] == "failed" && one["event"] == "note.added";
        let why = all.iter().find(failed)?.to_string();
        why.contains("not his").then_some(())
    })
    .await;
    let at = format!("/v1/platforms/{}/contacts", s.platform);
    let again = json!({"contacts": [{"address": super::OWNER, "source": "site"}]});
    s.w.unit
        .api
        .put(&at, &again)
        .await
        .problem_at(422, "invalid", "/contacts/0/address");
    let links = format!("{}/answer-links", path(&request));
    s.w.unit.api.post(&links, &json!({})).await.is(409);
    let right = json!({"contacts": [{"address": "right@small.test", "source": "security_txt"}]});
    s.w.unit.api.put(&at, &right).await.is(200);
    s.w.unit.api.post(&links, &json!({})).await.is(202);
    s.smtp.mails_to("right@small.test", 1).await;
}
