//! What other authorities have to do with an order: the copy, its scrutiny, an order that is annulled or final.

mod final_orders;

use serde_json::{Value, json};
use takedown_tests::world::{self, Party, path};
use takedown_tests::{Db, Filing, World, both_databases};

both_databases!(
    an_infringement_annuls_the_order_and_asks_back_what_was_removed,
    without_an_authority_here_the_copy_is_sent_by_hand,
    an_order_within_one_country_or_a_referral_is_nobody_elses,
    what_was_not_copied_does_not_exist,
);

const LINK: &str = "https://paste.example/order#key";

fn order() -> Filing {
    Filing::tco_order(&[LINK]).set(
        "officer",
        json!({"handle": "M-17", "name": "Maria Nowak", "rank": "podinspektor"}),
    )
}

fn text(text: &str) -> Value {
    json!({"text": text, "language": "en"})
}

/// The authority of the platform's country.
async fn authority(w: &World) -> Party {
    let mail = "authority@regulator.example";
    let authority = world::agency(&w.operator, "Example Authority", "DE", mail).await;
    compete(w, &authority.id).await.is(200);
    authority
}

async fn compete(w: &World, agency: &str) -> takedown_tests::Answer {
    let competence = format!("/v1/agencies/{agency}/competence");
    let body = json!({"scrutinises": ["eu-tco-order"]});
    w.operator.api.put(&competence, &body).await
}

async fn put(party: &Party, place: &str, body: Value) -> takedown_tests::Answer {
    party.api.put(place, &body).if_match("*").await
}

fn copied(request: &Value) -> String {
    format!("/v1/scrutinies/{}", request["id"].as_str().unwrap())
}

/// The kinds of events in an inbox, about requests.
async fn events(party: &Party) -> Vec<String> {
    let page = party.api.get("/v1/inbox").await.is(200).json();
    let kinds = page["items"].as_array().unwrap().iter();
    kinds
        .map(|entry| entry["type"].as_str().unwrap().to_owned())
        .collect()
}

async fn an_infringement_annuls_the_order_and_asks_back_what_was_removed(db: Db) {
    let w = World::new(db).await;
    let authority = authority(&w).await;
    let request = w.file(&order()).await;
    let scrutiny = &request["scrutiny"];
    assert_eq!(scrutiny["copy"], "exchange");
    assert_eq!(scrutiny["copied_to"], "Example Authority");
    assert_eq!(scrutiny["copied_at"], request["filed_at"]);
    // It sees what the platform sees, and that it sees it is no receipt.
    assert_eq!(events(&authority).await, ["order.copied"]);
    let read = authority.api.get(&copied(&request)).await.is(200);
    assert!(!read.text().contains("Nowak"), "{}", read.text());
    let read = read.json();
    assert_eq!(read["order"]["items"][0]["locator"], LINK);
    assert_eq!(read["order"]["status"], "filed");
    assert_eq!(read["order"]["officer"]["handle"], "M-17");
    // That it did is in the history, which its auditor sees and neither side.
    let reads = format!("{}/reads", path(&request));
    let entered = w.auditor.api.list(&reads).await;
    let by = &entered[0]["by"];
    assert_eq!(
        (&by["side"], &by["name"]),
        (&json!("authority"), &json!("Example Authority"))
    );
    assert_eq!(entered.len(), 1);
    for side in [&w.unit, &w.platform] {
        assert_eq!(side.api.list(&reads).await, [0; 0]);
    }
    authority
        .api
        .get(&path(&request))
        .await
        .problem(404, "not-found");
    let list = authority.api.list("/v1/scrutinies").await;
    assert_eq!(list[0]["order"]["id"], request["id"]);

    // Whoever has not read the order cannot ask about it.
    let ask = format!("{}/scrutiny-request", path(&request));
    let by_platform = json!({"by": "platform"});
    put(&w.platform, &ask, by_platform.clone())
        .await
        .problem(409, "conflict-state");
    w.acknowledge(&request).await;
    w.decide_all(&request, "removed").await;
    w.close(&request).await;
    let late = json!({"by": "content_provider", "informed_at": "2020-01-01T00:00:00Z"});
    put(&w.platform, &ask, late)
        .await
        .problem_at(422, "invalid", "/informed_at");
    let asked = put(&w.platform, &ask, by_platform.clone())
        .await
        .is(200)
        .json();
    assert_eq!(asked["scrutiny"]["asked_by"], "platform");
    assert_eq!(asked["status"], "closed", "asking moves nothing");
    let again = put(&w.platform, &ask, by_platform)
        .await
        .problem(409, "conflict-state");
    assert!(again["detail"].as_str().unwrap().contains("already"));
    assert_eq!(events(&authority).await.last().unwrap(), "scrutiny.asked");
    assert_eq!(events(&w.unit).await.last().unwrap(), "scrutiny.asked");

    // The issuing authority is told first.
    let decision = format!("{}/decision", copied(&request));
    let infringes = json!({
        "finding": "infringement", "reasons": text("A news report is no terrorist content."), "decision": "EA-7/26",
    });
    let unannounced = put(&authority, &decision, infringes.clone()).await;
    let unannounced = unannounced.problem(409, "conflict-state");
    assert!(
        unannounced["detail"]
            .as_str()
            .unwrap()
            .contains("announce it first")
    );
    let announcement = format!("{}/announcement", copied(&request));
    let reasons = json!({"reasons": text("It looks like a news report.")});
    put(&authority, &announcement, reasons.clone())
        .await
        .is(200);
    let version = put(&authority, &announcement, reasons).await.is(200).etag();
    assert_eq!(events(&w.unit).await.last().unwrap(), "scrutiny.announced");
    let seen = w.read(&request).await;
    assert_eq!(
        seen["scrutiny"]["announcement"]["text"],
        "It looks like a news report."
    );
    let seen = w.platform.api.get(&path(&request)).await.is(200);
    assert_eq!(seen.json()["scrutiny"]["announcement"], Value::Null);

    // Other words in the place of those that were said are not swallowed.
    let other = json!({"reasons": text("It is satire.")});
    put(&authority, &announcement, other)
        .await
        .problem(409, "conflict-state");
    // Whoever is no longer competent reads on, and acts no more.
    let competence = format!("/v1/agencies/{}/competence", authority.id);
    put(&w.operator, &competence, json!({"scrutinises": []}))
        .await
        .is(200);
    authority.api.get(&copied(&request)).await.is(200);
    put(&authority, &decision, infringes.clone())
        .await
        .problem(403, "forbidden");
    compete(&w, &authority.id).await.is(200);

    let found = authority.api.put(&decision, &infringes).if_match(&version);
    let found = found.await.is(200).json();
    assert_eq!(found["order"]["status"], "withdrawn");
    assert_eq!(found["order"]["restoration"], "asked");
    assert_eq!(found["scrutiny"]["late"], false);
    put(&authority, &decision, infringes)
        .await
        .problem(409, "conflict-state");
    for party in [&w.unit, &w.platform] {
        assert_eq!(events(party).await.last().unwrap(), "request.annulled");
    }
    let annulled = w.read(&request).await;
    assert_eq!(annulled["annulments"][0]["by"], "Example Authority");
    assert_eq!(annulled["annulments"][0]["decision"], "EA-7/26");
    assert_eq!(
        annulled["scrutiny"]["reasons"]["text"],
        "A news report is no terrorist content."
    );
    let history = w
        .unit
        .api
        .list(&format!("{}/history", path(&request)))
        .await;
    let last = history.last().unwrap();
    assert_eq!(
        (&last["type"], &last["by"]["side"]),
        (&json!("request.annulled"), &json!("authority"))
    );
    assert_eq!(last["by"]["name"], "Example Authority");
    let record = format!("/v1/agencies/{}/record", w.unit.id);
    let record = w.unit.api.get(&record).await.is(200).json();
    assert_eq!(record["withdrawn"]["annulled"], 1);
    let restored = w.decide_all_again(&request, "restored").await;
    assert_eq!(restored["restoration"], "answered");
    let form = format!("{}/forms/annex_i", path(&request));
    let form = w.unit.api.get(&form).await.is(200).json();
    let page = form["copies"][0]["print"].as_str().unwrap();
    assert!(
        page.contains("no legal effect any more. By whom, and when: Example Authority, "),
        "{page}"
    );
    assert!(page.contains("[x] a copy of the order is sent"), "{page}");
    let lines = w
        .unit
        .api
        .get("/v1/exports/requests?format=ndjson")
        .await
        .is(200)
        .text();
    let row: Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!(row["scrutiny_finding"], "infringement");
    assert_eq!(row["prior_notice"], "waived");
}

async fn without_an_authority_here_the_copy_is_sent_by_hand(db: Db) {
    let w = World::new(db).await;
    let request = w.file(&order()).await;
    assert_eq!(request["scrutiny"]["copy"], "due");
    let copy = format!("{}/copy", path(&request));
    let sent = |at: &str| json!({"to": "Example Authority", "sent_at": at});
    for wrong in ["2999-01-01T00:00:00Z", "2020-01-01T00:00:00Z"] {
        put(&w.unit, &copy, sent(wrong))
            .await
            .problem_at(422, "invalid", "/sent_at");
    }
    let filed_at = request["filed_at"].as_str().unwrap();
    let recorded = put(&w.unit, &copy, sent(filed_at)).await.is(200).json();
    assert_eq!(recorded["scrutiny"]["copy"], "by_hand");
    assert_eq!(recorded["scrutiny"]["copied_to"], "Example Authority");
    let again = put(&w.unit, &copy, sent(filed_at)).await.is(200).json();
    assert_eq!(again["version"], recorded["version"], "said again");
    let other = json!({"to": "Somebody else", "sent_at": filed_at});
    put(&w.unit, &copy, other)
        .await
        .problem(409, "conflict-state");
    w.acknowledge(&request).await;
    let ask = format!("{}/scrutiny-request", path(&request));
    let nobody = put(&w.platform, &ask, json!({"by": "platform"})).await;
    let nobody = nobody.problem(409, "conflict-state");
    assert!(
        nobody["detail"]
            .as_str()
            .unwrap()
            .contains("ask it directly")
    );
    let form = format!("{}/forms/annex_i", path(&request));
    let form = w.platform.api.get(&form).await.is(200).json();
    let page = form["copies"][0]["print"].as_str().unwrap();
    assert!(page.contains("Example Authority (copy sent on"), "{page}");
    // From its registration on the authority gets its copies here, while it is verified; an earlier order stays as it is.
    let authority = authority(&w).await;
    let second = w.file(&order()).await;
    assert_eq!(second["scrutiny"]["copy"], "exchange");
    let suspension = format!("/v1/agencies/{}/suspension", authority.id);
    let why = json!({"reason": "test"});
    w.operator.api.put(&suspension, &why).await.is(200);
    assert_eq!(w.file(&order()).await["scrutiny"]["copy"], "due");
    w.operator.api.delete(&suspension).await.is(200);
    assert_eq!(authority.api.list("/v1/scrutinies").await.len(), 1);
    // There is one for each country.
    let rival = world::agency(&w.operator, "Rival", "DE", "rival@regulator.example").await;
    compete(&w, &rival.id).await.problem(409, "conflict-state");
    let competence = format!("/v1/agencies/{}/competence", rival.id);
    let none = json!({"scrutinises": ["referral"]});
    let refused = w.operator.api.put(&competence, &none).await;
    refused.problem_at(422, "invalid", "/scrutinises/0");
}

async fn an_order_within_one_country_or_a_referral_is_nobody_elses(db: Db) {
    let w = World::new(db).await;
    let authority = authority(&w).await;
    let filed = authority.api.post("/v1/requests", &order().json()).await;
    assert_eq!(filed.is(201).json()["scrutiny"], Value::Null);
    let referral = w.file(&Filing::referral(&[LINK])).await;
    for member in ["scrutiny", "finality", "prior_notice"] {
        assert_eq!(referral[member], Value::Null);
    }
    w.acknowledge(&referral).await;
    let ask = format!("{}/scrutiny-request", path(&referral));
    let ask = put(&w.platform, &ask, json!({"by": "platform"})).await;
    let said = ask.problem(409, "conflict-state")["detail"].clone();
    assert!(said.as_str().unwrap().contains("a referral is voluntary"));
    assert!(authority.api.list("/v1/scrutinies").await.is_empty());
}

async fn what_was_not_copied_does_not_exist(db: Db) {
    let w = World::new(db).await;
    let authority = authority(&w).await;
    let request = w.file(&order()).await;
    let before = w.history(&request).await;
    let never = format!("/v1/scrutinies/req_{}", crate::tenancy::NEVER);
    let reasons = text("It looks like a news report.");
    let decided = json!({"finding": "no_infringement", "reasons": reasons, "decision": "X-1"});
    for (below, body) in [
        ("", Value::Null),
        ("/announcement", json!({ "reasons": reasons })),
        ("/decision", decided.clone()),
    ] {
        for (role, party) in w.everyone() {
            let method = if body.is_null() {
                reqwest::Method::GET
            } else {
                reqwest::Method::PUT
            };
            let call = async |place: String| {
                crate::tenancy::call(party, &method, &format!("{place}{below}"), &body).await
            };
            let (real, unknown) = (call(copied(&request)).await, call(never.clone()).await);
            // The agency that filed has no copy either: it reads its own request.
            let refusal = if matches!(role, "unit" | "other unit") {
                404
            } else {
                403
            };
            assert_eq!(real.status, refusal, "{role} {below}: {}", real.text());
            let id = request["id"].as_str().unwrap();
            let unknown_id = format!("req_{}", crate::tenancy::NEVER);
            assert_eq!(
                crate::tenancy::seen(&real, id),
                crate::tenancy::seen(&unknown, &unknown_id),
                "{role} {below}"
            );
        }
    }
    assert!(w.other_unit.api.list("/v1/scrutinies").await.is_empty());
    assert_eq!(w.history(&request).await, before);
    // An order that is taken back has nothing left to be scrutinised.
    let withdrawal = format!("{}/withdrawal", path(&request));
    put(&w.unit, &withdrawal, json!({"reason": "mistake"}))
        .await
        .is(200);
    assert_eq!(
        events(&authority).await,
        ["order.copied", "request.withdrawn"]
    );
    let decision = format!("{}/decision", copied(&request));
    let late = put(&authority, &decision, decided)
        .await
        .problem(409, "conflict-state");
    assert!(late["detail"].as_str().unwrap().contains("nothing is left"));
}
