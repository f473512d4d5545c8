//! Who may ask for what.

use chrono::{Datelike, Utc};
use serde_json::{Value, json};
use takedown_tests::world::Party;
use takedown_tests::{Answer, Db, Filing, World, both_databases, wait};

use super::{at_once, count, decide};

both_databases!(
    what_cannot_be_asked_is_refused_by_name,
    each_party_counts_its_own_and_old_records_are_not_counted,
);

async fn what_cannot_be_asked_is_refused_by_name(db: Db) {
    let w = World::with(db, &at_once()).await;
    let named = |answer: Answer, parameter: &str| {
        let problem = answer.problem(400, "invalid-parameter");
        assert_eq!(problem["errors"][0]["parameter"], parameter, "{problem:#}");
    };
    let public = async |query: &str| w.anonymous.get(&format!("/v1/transparency?{query}")).await;
    for (query, parameter) in [
        ("period=2026-13", "period"),
        ("period=26", "period"),
        ("period=2026-01-01..2026-02-01", "period"),
        ("format=xlsx", "format"),
        ("platform_size_class=huge", "platform_size_class"),
        ("agency=platform_01kb0000000000000000000000", "agency"),
        ("country=Poland", "country"),
        ("platform=platform_01kb0000000000000000000000", "platform"),
        ("from=2026-01-01", "from"),
        ("perod=2026", "perod"),
        ("country=PL&ground=tco:a", "country"),
        ("instrument=", "instrument"),
    ] {
        named(public(query).await, parameter);
    }
    public("period=1999").await.problem(404, "not-found");
    // What nobody filed has no tables.
    let year = Utc::now().year();
    wait::until("a first edition", async || {
        (public(&format!("period={year}")).await.status == 200).then_some(())
    })
    .await;
    let none = public(&format!("period={year}&instrument=eu-tco-order"))
        .await
        .is(200)
        .json();
    assert_eq!(none["tables"], json!([]));

    let own = async |party: &Party, query: &str| {
        party
            .api
            .get(&format!("/v1/exports/transparency?{query}"))
            .await
    };
    for (query, parameter) in [
        ("", "period"),
        ("from=2026-01-01", "to"),
        ("to=2026-01-01", "from"),
        ("from=2026-01-02&to=2026-01-01", "to"),
        ("period=2026&from=2026-01-01&to=2026-01-02", "period"),
        ("from=yesterday&to=2026-01-02", "from"),
        ("period=2026&status=closed", "status"),
    ] {
        named(own(&w.auditor, query).await, parameter);
    }
    own(&w.operator, "period=2026")
        .await
        .problem(403, "forbidden");
    w.anonymous
        .get("/v1/exports/transparency?period=2026")
        .await
        .problem(401, "unauthenticated");
}

async fn each_party_counts_its_own_and_old_records_are_not_counted(db: Db) {
    let w = World::new(db).await;
    let mine = w
        .file(&Filing::tco_order(&["https://paste.example/mine"]))
        .await;
    decide(&w, &mine, "removed").await;
    let theirs = Filing::referral(&["https://forum.example/theirs"]).json();
    w.other_unit.api.post("/v1/requests", &theirs).await.is(201);
    let source = json!({"file": "mails.csv", "row": 2, "sha256": "a".repeat(64)});
    let year = Utc::now().year();
    let record = json!([{"locator": "https://paste.example/old", "sent_on": format!("{year}-01-01"), "source": source}]);
    let imported = w.unit.api.post("/v1/imports", &record).await.is(200).json();
    assert_eq!(imported["imported"], 1);
    let requests = async |party: &Party, query: &str| {
        let address = format!("/v1/exports/transparency?period={year}{query}");
        let report = party.api.get(&address).await.is(200).json();
        assert_eq!(report["suppressed_below"], Value::Null);
        (count(&report, "requests", None), report)
    };
    assert_eq!(requests(&w.auditor, "").await.0, 2);
    assert_eq!(requests(&w.auditor, "&country=FR").await.0, 1);
    assert_eq!(
        requests(&w.auditor, &format!("&platform={}", w.platform.id))
            .await
            .0,
        1
    );
    assert_eq!(requests(&w.unit, "").await.0, 1);
    assert_eq!(
        requests(&w.unit, &format!("&agency={}", w.other_unit.id))
            .await
            .0,
        0
    );
    assert_eq!(requests(&w.other_unit, "").await.0, 1);
    let (count, report) = requests(&w.platform, "").await;
    assert_eq!(count, 1);
    let text = report.to_string();
    assert!(
        !text.contains(&w.other_platform.id) && !text.contains(&w.other_unit.id),
        "{text}"
    );
    // What a platform has to report by law is in it.
    let lines = report["articles"].as_array().unwrap();
    let removed = lines.iter().find(|line| {
        line["article"] == "tco_art_7_3"
            && line["says"]
                .as_str()
                .unwrap()
                .contains("after removal orders")
    });
    assert_eq!(removed.unwrap()["value"], 1);
    let days = format!("/v1/exports/transparency?from={year}-01-01&to={year}-12-31&format=csv");
    let csv = w.platform.api.get(&days).await.is(200);
    assert!(
        csv.header("content-disposition")
            .unwrap()
            .contains("transparency-")
    );
    assert!(
        csv.text()
            .contains(",removal,removed_or_disabled,items,1,1,"),
        "{}",
        csv.text()
    );
}
