//! What was asked by mistake is taken back, whole or link by link; what was done by mistake is put back, and answered for.

use reqwest::Method;
use serde_json::{Value, json};
use takedown_tests::cli::Cli;
use takedown_tests::filing::decide;
use takedown_tests::world::{Party, path};
use takedown_tests::{Answer, Db, Filing, World, both_databases};

both_databases!(
    one_link_is_taken_back_and_restored_while_the_rest_stays_closed,
    what_was_never_acted_on_cannot_be_restored,
    an_annulment_names_who_and_by_which_decision,
    a_decision_is_reversed_after_the_closing,
    mistakes_are_put_right_by_command_line,
);

pub async fn send(
    party: &Party,
    method: Method,
    request: &Value,
    what: &str,
    body: Value,
) -> Answer {
    let address = format!("{}/{what}", path(request));
    let call = party.api.call(method, &address).if_match("*");
    call.json(&body).await
}

pub async fn inbox(party: &Party) -> Vec<Value> {
    let page = party.api.get("/v1/inbox?limit=200").await.is(200).json();
    page["items"].as_array().unwrap().clone()
}

pub async fn withdraw(w: &World, request: &Value, body: Value) -> Answer {
    send(&w.unit, Method::PUT, request, "withdrawal", body).await
}

async fn decided(w: &World, request: &Value, body: Value) -> Answer {
    send(&w.platform, Method::POST, request, "decisions", body).await
}

pub async fn closed(w: &World, links: &[&str]) -> Value {
    let request = w.file(&Filing::referral(links)).await;
    w.acknowledge(&request).await;
    w.decide_all(&request, "removed").await;
    w.close(&request).await
}

async fn one_link_is_taken_back_and_restored_while_the_rest_stays_closed(db: Db) {
    let w = World::new(db).await;
    let links = ["https://paste.example/a", "https://paste.example/b"];
    let request = closed(&w, &links).await;
    let [first, second] = [0, 1].map(|n| request["items"][n]["id"].clone());
    let nothing = withdraw(&w, &request, json!({"reason": "mistake", "items": []})).await;
    let nothing = nothing.problem(422, "invalid");
    assert_eq!(nothing["errors"][0]["pointer"], "#/items", "{nothing:#}");
    let taken = withdraw(&w, &request, json!({"reason": "mistake", "items": [first]})).await;
    let taken = taken.is(200).json();
    assert!(
        taken["summary"].as_str().unwrap().contains("1 item "),
        "{taken:#}"
    );
    assert_eq!(taken["status"], "closed");
    assert_eq!(taken["result"], "actioned", "what is left decides");
    assert_eq!(taken["restoration"], "asked");
    assert_eq!(taken["waiting_for"], "platform");
    assert_eq!(taken["items"][0]["withdrawal_reason"], "mistake");
    assert_eq!(taken["items"][0]["restoration"], "asked");
    assert_eq!(taken["items"][1]["restoration"], "not_asked");
    withdraw(&w, &request, json!({"reason": "mistake", "items": [first]}))
        .await
        .problem(422, "invalid");
    let other = json!({"items": [{"item": first, "graphic": 1}]});
    let other = send(&w.unit, Method::POST, &request, "corrections", other).await;
    let other = other.problem(422, "invalid");
    assert_eq!(other["errors"][0]["pointer"], "#/items/0/item", "{other:#}");
    let asked = "/v1/requests?restoration=asked";
    for party in [&w.unit, &w.platform, &w.auditor] {
        let listed = party.api.list(asked).await;
        assert_eq!(listed.len(), 1);
        assert_eq!(listed[0]["id"], request["id"]);
        assert_eq!(listed[0]["waiting_for"], "platform");
    }
    assert!(w.other_platform.api.list(asked).await.is_empty());
    // The other link was not taken back: a plain decision does not reach it any more.
    decided(&w, &request, decide(&[&second], "restored"))
        .await
        .problem(409, "conflict-state");
    let restored = decided(&w, &request, decide(&[&first], "restored")).await;
    let restored = restored.is(201).json();
    assert_eq!(restored["status"], "closed");
    assert_eq!(restored["items"][0]["restoration"], "answered");
    assert_eq!(restored["items"][0]["outcome"]["code"], "restored");
    assert_eq!(restored["waiting_for"], "nobody");
    assert!(w.unit.api.list(asked).await.is_empty());
    let told = inbox(&w.unit).await;
    assert!(told.iter().any(|e| e["type"] == "restoration.answered"));
    let told = inbox(&w.platform).await;
    assert!(told.iter().any(|e| e["type"] == "items.withdrawn"));
    // The last link is the request.
    let whole = withdraw(
        &w,
        &request,
        json!({"reason": "mistake", "items": [second]}),
    )
    .await;
    let whole = whole.is(200).json();
    assert_eq!(
        (&whole["status"], &whole["restoration"]),
        (&json!("withdrawn"), &json!("asked"))
    );
    assert_eq!(
        whole["items"][0]["restoration"], "answered",
        "what was put back stays so"
    );
}

/// Wherever it stands, whoever tries is told the rule and which link breaks it.
async fn what_was_never_acted_on_cannot_be_restored(db: Db) {
    let w = World::new(db).await;
    let links = ["https://paste.example/a", "https://paste.example/b"];
    let request = w.file(&Filing::referral(&links)).await;
    w.acknowledge(&request).await;
    let [first, second] = [0, 1].map(|n| &request["items"][n]["id"]);
    let refused = async |says: &str| {
        let problem = decided(&w, &request, decide(&[first], "restored")).await;
        let problem = problem.problem(422, "invalid");
        let error = &problem["errors"][0];
        assert!(
            error["pointer"]
                .as_str()
                .unwrap()
                .starts_with("#/decisions/0"),
            "{problem:#}"
        );
        assert!(
            error["detail"].as_str().unwrap().contains(says),
            "{problem:#}"
        );
    };
    refused("restored needs an item that was acted on").await;
    decided(&w, &request, decide(&[first], "not_found"))
        .await
        .is(201);
    decided(&w, &request, decide(&[second], "removed"))
        .await
        .is(201);
    w.close(&request).await;
    refused("restored needs an item that was acted on").await;
    let taken = json!({"reason": "mistake", "items": [first]});
    let taken = withdraw(&w, &request, taken).await.is(200).json();
    assert_eq!(taken["restoration"], "not_asked");
    refused("withdrawn and had not been acted on").await;
    withdraw(&w, &request, json!({"reason": "mistake"}))
        .await
        .is(200);
    refused("").await;
}

async fn an_annulment_names_who_and_by_which_decision(db: Db) {
    let w = World::new(db).await;
    let request = closed(&w, &["https://paste.example/a"]).await;
    let bare = withdraw(&w, &request, json!({"reason": "annulled"})).await;
    let bare = bare.problem(422, "invalid");
    assert!(bare.to_string().contains("Article 4(5)"), "{bare:#}");
    let annulment = json!({"by": "Sąd Okręgowy w Krakowie", "decision": "II Kp 7/26"});
    withdraw(
        &w,
        &request,
        json!({"reason": "mistake", "annulment": annulment}),
    )
    .await
    .problem(422, "invalid");
    let annulled = withdraw(
        &w,
        &request,
        json!({"reason": "annulled", "annulment": annulment}),
    )
    .await
    .is(200)
    .json();
    assert_eq!(annulled["annulments"][0]["decision"], "II Kp 7/26");
    assert_eq!(annulled["restoration"], "asked");
    let seen = w.platform.api.get(&path(&request)).await.is(200).json();
    assert_eq!(seen["annulments"][0]["by"], annulment["by"]);
}

async fn a_decision_is_reversed_after_the_closing(db: Db) {
    let w = World::new(db).await;
    let request = w
        .file(&Filing::referral(&[
            "https://paste.example/a",
            "https://paste.example/b",
        ]))
        .await;
    w.acknowledge(&request).await;
    let [first, second] = [0, 1].map(|n| &request["items"][n]["id"]);
    decided(&w, &request, decide(&[first], "removed"))
        .await
        .is(201);
    decided(&w, &request, decide(&[second], "declined_within_terms"))
        .await
        .is(201);
    w.close(&request).await;
    let mut appeal = decide(&[first], "restored");
    decided(&w, &request, appeal.clone())
        .await
        .problem(409, "conflict-state");
    appeal["reason"] = json!("appeal_upheld");
    let reversed = decided(&w, &request, appeal).await.is(201).json();
    assert_eq!(
        (&reversed["status"], &reversed["result"]),
        (&json!("closed"), &json!("not_actioned"))
    );
    assert_eq!(reversed["items"][0]["outcome"]["code"], "restored");
    let told = inbox(&w.unit).await;
    assert_eq!(told.last().unwrap()["type"], "decision.revised");
    let history = w
        .unit
        .api
        .list(&format!("{}/history", path(&request)))
        .await;
    let last = history.last().unwrap();
    assert_eq!(last["data"]["reason"], "appeal_upheld");
    assert!(history.iter().any(
        |e| e["type"] == "request.decided" && e["data"]["decisions"][0]["outcome"] == "removed"
    ));
    let mut never = decide(&[second], "restored");
    never["reason"] = json!("court");
    let never = decided(&w, &request, never).await.problem(422, "invalid");
    assert!(
        never
            .to_string()
            .contains("needs an item that was acted on"),
        "{never:#}"
    );
}

/// The same from a shell: a wrong link, a wrong word, a suspicion, what is asked back, and what the record says of it.
async fn mistakes_are_put_right_by_command_line(db: Db) {
    let w = World::new(db).await;
    let (unit, platform) = (Cli::of(&w.unit, &w.server), Cli::of(&w.platform, &w.server));
    let links = ["https://paste.example/a", "https://paste.example/b"];
    let request = w.file(&Filing::referral(&links)).await;
    let id = request["reference"].as_str().unwrap();

    let corrected = unit
        .run(&[
            "correct",
            id,
            "--item",
            "2",
            "--description",
            "A recipe.",
            "--officer",
            "M-18",
            "--officer-name",
            "Anna Nowak",
        ])
        .await
        .ends(0);
    assert!(corrected.out.contains("version 2"), "{}", corrected.out);
    unit.run(&[
        "attribute",
        id,
        "--source",
        "Example Outlet",
        "--confidence",
        "suspected-decoy",
    ])
    .await
    .ends(0);
    let inbox = platform.run(&["inbox"]).await.ends(10);
    assert!(inbox.out.contains("may, please wait"), "{}", inbox.out);
    let shown = platform.run(&["show", id]).await.ends(0);
    assert!(
        shown.out.contains("a decoy is suspected") && !shown.out.contains("Nowak"),
        "{}",
        shown.out
    );

    platform.run(&["answer", id, "--acknowledge"]).await.ends(0);
    platform
        .run(&["answer", id, "--close", "removed"])
        .await
        .ends(0);
    let nothing = platform.run(&["restore", id]).await.ends(1);
    assert!(
        nothing.err.contains("nothing is asked back"),
        "{}",
        nothing.err
    );
    let bare = unit
        .run(&["withdraw", id, "--reason", "annulled"])
        .await
        .ends(1);
    assert!(bare.err.contains("Article 4(5)"), "{}", bare.err);
    let taken = unit
        .run(&[
            "withdraw",
            id,
            "--reason",
            "annulled",
            "--item",
            "1",
            "--annulled-by",
            "Regional Court",
            "--decision",
            "II Kp 7/26",
        ])
        .await
        .ends(0);
    assert!(taken.out.contains("restoration asked"), "{}", taken.out);
    for side in [&unit, &platform] {
        let listed = side.run(&["restorations"]).await.ends(0);
        assert!(listed.out.contains(id), "{}", listed.out);
    }
    platform.run(&["restore", id]).await.ends(0);
    let listed = unit.run(&["restorations", "--json"]).await.ends(0);
    assert!(listed.out.is_empty(), "{}", listed.out);
    let reversed = platform
        .run(&["restore", id, "--item", "2", "--because", "appeal_upheld"])
        .await
        .ends(0);
    assert!(reversed.out.contains("not_actioned"), "{}", reversed.out);
    let answered = platform
        .run(&["restore", id, "--item", "1", "--because", "court"])
        .await
        .ends(1);
    assert!(
        answered.err.contains("this item is withdrawn"),
        "{}",
        answered.err
    );
    let record = platform
        .run(&["agency", "record", &w.unit.id, "--json"])
        .await
        .ends(0);
    assert_eq!(record.lines()[0]["items_withdrawn"], json!({"annulled": 1}));
}
