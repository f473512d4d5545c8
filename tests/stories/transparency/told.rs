//! What everybody is told, by the interface and on the page.

use chrono::{Datelike, Utc};
use serde_json::{Value, json};
use takedown_tests::{Db, World, both_databases};

use super::{at_once, edition_after, mixed};

both_databases!(everybody_is_told_of_nothing_small,);

async fn everybody_is_told_of_nothing_small(db: Db) {
    let w = World::with(db, &at_once()).await;
    mixed(&w).await;
    let quiet = Utc::now();
    let year = Utc::now().year();
    let answer = edition_after(&w, &year.to_string(), quiet).await.is(200);
    let report = answer.json();
    assert_eq!(report["suppressed_below"], 5);
    let tables = report["tables"].as_array().unwrap();
    for table in tables {
        assert!(table["of"]["platform"].is_null(), "{table}");
        for count in table["counts"].as_array().unwrap() {
            let value = count["value"].as_u64();
            assert!(
                !value.is_some_and(|value| (1..5).contains(&value)),
                "{table}: {count}"
            );
        }
    }
    for line in report["articles"].as_array().unwrap() {
        let small = line["unit"] != "seconds"
            && line["value"].as_u64().is_some_and(|v| (1..5).contains(&v));
        assert!(!small, "{line}");
    }
    let told = |of: &str, value: &str, metric: &str| -> String {
        let table = tables.iter().find(|table| {
            let of_all = table["of"].as_object().unwrap().iter();
            let named = of_all.filter(|(name, v)| {
                !v.is_null() && **v != false && !name.ends_with("name") && *name != "country"
            });
            if of.is_empty() {
                named.count() == 0
            } else {
                named.count() == 1 && table["of"][of] == value
            }
        });
        let counts = table.unwrap()["counts"].as_array().unwrap();
        counts
            .iter()
            .find(|count| count["metric"] == metric)
            .unwrap()["shown"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(told("", "", "requests"), "21");
    assert_eq!(told("", "", "items"), "32");
    assert_eq!(told("agency", &w.other_unit.id, "requests"), "<5");
    // What is kept silent is in the totals alone, and not by whom, for what or with what outcome.
    let all: Vec<&Value> = tables
        .iter()
        .filter(|table| table["of"]["under_non_disclosure"] == true)
        .collect();
    assert_eq!(all.len(), 1);
    assert_eq!(
        (
            &all[0]["withheld"],
            all[0]["counts"].as_array().unwrap().len()
        ),
        (&json!(true), 1)
    );
    let text = answer.text();
    for never in [
        "paste.example",
        "forum.example",
        "secret",
        "KP-",
        &*w.platform.id,
        "arrest",
    ] {
        assert!(!text.contains(never), "{never}");
    }

    // The same until there is another edition.
    let etag = answer.etag();
    let address = format!("/v1/transparency?period={}", year - 1);
    let last_year = w.anonymous.get(&address).await.is(200);
    assert_eq!(
        last_year.json()["tables"][0]["counts"][0]["value"],
        0,
        "nothing was filed"
    );
    assert_ne!(last_year.etag(), "");
    assert!(
        last_year
            .header("cache-control")
            .unwrap()
            .contains("max-age")
    );
    let known = w
        .anonymous
        .get(&format!("/v1/transparency?period={year}"))
        .header("if-none-match", &etag);
    let known = known.await;
    assert!(
        known.status == 304 || known.etag() != etag,
        "{}",
        known.status
    );

    // The page has the numbers of its charts in its tables, and no scripts.
    let page = w
        .anonymous
        .get(&format!("/transparency?period={year}&lang=en"))
        .await
        .is(200);
    let policy = page.header("content-security-policy").unwrap().to_owned();
    assert!(
        policy.starts_with("default-src 'none'") && !policy.contains("unsafe"),
        "{policy}"
    );
    let page = page.text();
    assert!(
        !page.contains("<script") && !page.contains("style="),
        "{page}"
    );
    let mut charts = 0;
    for section in page.split("<section").skip(1) {
        let Some((svg, table)) = section.split_once("</svg>") else {
            continue;
        };
        charts += 1;
        for number in svg.split("<text class=\"n").skip(1) {
            let number = number.split_once('>').unwrap().1.split_once('<').unwrap().0;
            assert!(
                number == "·" || table.contains(&format!("<bdi>{number}</bdi>")),
                "{number} in {table}"
            );
        }
    }
    assert!(charts >= 7, "{charts}");
    assert!(page.contains("<bdi>21</bdi>"), "the total, by month");
    let arabic = w
        .anonymous
        .get("/transparency")
        .header("accept-language", "ar")
        .await
        .is(200);
    assert!(arabic.text().contains("dir=\"rtl\""));
    w.anonymous.get("/transparency?period=1999").await.is(404);
    w.anonymous
        .get("/transparency?agency=%3Cscript%3E")
        .await
        .is(404);
}
