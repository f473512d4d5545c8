//! The forms of an EU removal order, filled from the record.

use serde_json::{Value, json};
use takedown_tests::cli::Cli;
use takedown_tests::world::{Party, path};
use takedown_tests::{Db, Filing, World, both_databases};

both_databases!(
    an_order_is_printed_and_reading_it_is_the_receipt,
    the_answers_are_filled_from_what_the_platform_did,
    where_there_is_nothing_to_say_there_is_no_form,
    labels_come_in_the_language_asked_for_or_the_platforms,
);

const LINK: &str = "https://paste.example/order#key";

fn order(links: &[&str]) -> Filing {
    let officer = json!({"handle": "M-17", "name": "Maria Nowak", "rank": "podinspektor"});
    Filing::tco_order(links)
        .reference("KP-18/26")
        .set("officer", officer)
}

async fn form(party: &Party, request: &Value, form: &str) -> Value {
    let place = format!("{}/forms/{form}", path(request));
    party.api.get(&place).await.is(200).json()
}

fn print(form: &Value) -> &str {
    form["copies"][0]["print"].as_str().unwrap()
}

async fn an_order_is_printed_and_reading_it_is_the_receipt(db: Db) {
    let w = World::new(db).await;
    let request = w.file(&order(&[LINK])).await;
    let theirs = form(&w.unit, &request, "annex_i").await;
    for part in [
        "1: https://paste.example/order#key\n",
        "Maria Nowak, podinspektor",
        "KP-18/26",
        "Contact point\n    ____",
    ] {
        assert!(print(&theirs).contains(part), "{part}: {}", print(&theirs));
    }
    let now = w.unit.api.get(&path(&request)).await.is(200).json();
    assert_eq!(
        now["status"],
        json!("filed"),
        "the agency reads its own order"
    );
    // A form that there is not hands nothing over.
    for none in ["annex_ii", "annex_iii", "dsa_art9"] {
        let place = format!("{}/forms/{none}", path(&request));
        w.platform.api.get(&place).await.problem(409, "no-form");
    }
    let now = w.unit.api.get(&path(&request)).await.is(200).json();
    assert_eq!(now["status"], json!("filed"));
    // To the platform the officer is a handle, and what it reads is handed over.
    let read = form(&w.platform, &request, "annex_i").await;
    assert!(print(&read).contains("M-17, podinspektor"));
    assert!(!read.to_string().contains("Nowak"), "{read}");
    let now = w.unit.api.get(&path(&request)).await.is(200).json();
    assert_eq!(now["status"], json!("fetched"));
    assert_eq!(now["clock"]["state"], json!("running"));
}

async fn the_answers_are_filled_from_what_the_platform_did(db: Db) {
    let w = World::new(db).await;
    let links = [LINK, "https://paste.example/second"];
    let request = w.file(&order(&links)).await;
    w.acknowledge(&request).await;
    let obstacle = json!({
        "kind": "obstacle", "obstacle": "force_majeure", "language": "en",
        "text": "The data centre has no power.",
    });
    let messages = format!("{}/messages", path(&request));
    w.platform.api.post(&messages, &obstacle).await.is(201);
    let impossible = form(&w.platform, &request, "annex_iii").await;
    let page = print(&impossible);
    assert!(page.contains("[x] force majeure"), "{page}");
    assert!(page.contains("The data centre has no power."), "{page}");
    assert!(
        page.contains("[ ] the order contains manifest errors"),
        "{page}"
    );

    let decide = async |item: usize, outcome: &str| {
        let items = [&request["items"][item]["id"]];
        let decision = json!({"items": items, "outcome": outcome, "basis": "law"});
        let decisions = format!("{}/decisions", path(&request));
        let body = json!({ "decisions": [decision] });
        let call = w.platform.api.post(&decisions, &body).if_match("*");
        call.await.is(201);
    };
    decide(0, "removed").await;
    let done = form(&w.platform, &request, "annex_ii").await;
    assert_eq!(done["copies"].as_array().unwrap().len(), 1);
    assert!(print(&done).contains("[x] the terrorist content was removed"));
    assert!(print(&done).contains("1: https://paste.example/order#key"));
    assert!(!print(&done).contains("second"));
    // One form ticks one measure.
    decide(1, "access_disabled").await;
    let done = form(&w.unit, &request, "annex_ii").await;
    assert_eq!(done["copies"].as_array().unwrap().len(), 2);
    assert!(
        done["copies"][1]["print"]
            .as_str()
            .unwrap()
            .contains("[x] access to")
    );

    let platform = Cli::of(&w.platform, &w.server);
    let reference = request["reference"].as_str().unwrap();
    let page = platform.run(&["form", reference, "annex-ii"]).await.ends(0);
    assert!(
        page.out.contains("Annex II") && page.out.contains("\u{c}"),
        "{}",
        page.out
    );
    platform.run(&["form", reference, "annex-iv"]).await.ends(2);
}

async fn where_there_is_nothing_to_say_there_is_no_form(db: Db) {
    let w = World::new(db).await;
    let referral = w.file(&Filing::referral(&[LINK])).await;
    let request = w.file(&order(&[LINK])).await;
    let get = async |request: &Value, form: &str| {
        let place = format!("{}/forms/{form}", path(request));
        w.platform.api.get(&place).await
    };
    for (request, form, why) in [
        (
            &referral,
            "annex_i",
            "instrument of this request is referral",
        ),
        (&request, "annex_ii", "no item is removed"),
        (&request, "annex_iii", "no obstacle was reported"),
    ] {
        let problem = get(request, form).await.problem(409, "no-form");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(why), "{detail}");
    }
    get(&request, "annex_iv").await.problem(404, "not-found");
}

async fn labels_come_in_the_language_asked_for_or_the_platforms(db: Db) {
    let w = World::new(db).await;
    let request = w.file(&order(&[LINK])).await;
    let place = format!("{}/forms/annex_i", path(&request));
    let own = w.unit.api.get(&place).await.is(200).json();
    let french = w.unit.api.get(&format!("{place}?language=fr")).await;
    let french = french.is(200).json();
    assert_eq!(french["language"], "fr");
    assert_eq!(french["title"], "Annexe I : injonction de retrait");
    assert!(print(&french).contains("non le texte officiel"));
    assert!(print(&french).contains("Maria Nowak, podinspektor"));
    let polish = w
        .unit
        .api
        .get(&place)
        .header("accept-language", "uk, pl;q=0.5");
    assert_eq!(polish.await.is(200).json()["language"], "pl");
    let unknown = format!("{place}?language=xx");
    w.unit
        .api
        .get(&unknown)
        .await
        .problem(400, "invalid-parameter");
    // Unless said, what the platform accepts first.
    let wanted = json!({"languages": ["uk", "ar-EG", "en"]});
    let platform = format!("/v1/platforms/{}", w.platform.id);
    let known = w.operator.api.get(&platform).await.is(200);
    let change = w
        .operator
        .api
        .patch(&platform, &wanted)
        .if_match(&known.etag());
    change.await.is(200);
    let arabic = w.unit.api.get(&place).await.is(200).json();
    assert_eq!(arabic["language"], "ar");
    let url = "\u{2068}1: https://paste.example/order#key\u{2069}";
    assert!(print(&arabic).contains(url), "{}", print(&arabic));
    assert_ne!(own["title"], arabic["title"]);
    let unit = Cli::of(&w.unit, &w.server);
    let reference = request["reference"].as_str().unwrap();
    let page = unit
        .run(&["form", reference, "annex-i", "--language", "de"])
        .await
        .ends(0);
    assert!(
        page.out.contains("Anhang I: Entfernungsanordnung"),
        "{}",
        page.out
    );
}
