//! Foreign forms and dry runs.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use serde_json::json;

use super::{fake, filing};
use crate::cli::Exit;
use crate::cli::file::{check, notices};
use crate::cli::tests::{scratch, takedown};

#[tokio::test]
async fn notices_are_imported_with_text_and_links_unchanged() {
    let directory = scratch();
    let notices = [
        json!({"source": "Country/2016/2016-06-08-x.md", "country": "PL", "agency": "Unit", "date": "2016-06-08", "language": "ru",
            "urls": ["https://a.example/x?b#c", "https://z.other.example/1", "https://a.example/y"], "text": "Текст\r\rвторой\u{c} "}),
        json!({"source": "Country/2019/none.md", "country": "ES", "agency": "Unit", "date": "2019-01-01", "language": "es", "urls": [], "text": "t"}),
    ];
    let path = directory.file(
        "notices.jsonl",
        &format!("{}\n{}\n", notices[0], notices[1]),
    );
    let mapping = directory.file(
        "mapping.toml",
        "grounds = [\"terms\"]\n[platforms]\n\"a.example\" = \"platform_a\"\n[countries.PL]\ngrounds = [\"tco:a\"]\n",
    );
    let fake = fake().await;
    let (ended, printed) = takedown(
        &fake,
        &[
            "file",
            "--import",
            "notices",
            "--file",
            &path,
            "--mapping",
            &mapping,
        ],
    )
    .await;
    assert_eq!(ended.unwrap(), Exit::Refused);
    assert!(
        printed.contains("line 2 (Country/2019/none.md): refused: no link in Country/2019/none.md"),
        "{printed}"
    );
    let sent = fake.calls()[0].json();
    assert_eq!(
        sent[0],
        json!({"instrument": "referral", "grounds": ["tco:a"], "reasons": {"text": notices[0]["text"], "language": "ru"},
            "platform": "platform_a", "agency_reference": "Country/2016/2016-06-08-x.md (1/2)", "operation": "Unit",
            "territory": {"countries": ["PL"], "worldwide": false},
            "items": [{"locator": "https://a.example/x?b#c", "kind": "url"}, {"locator": "https://a.example/y", "kind": "url"}]})
    );
    assert_eq!(sent[1]["items"][0]["locator"], "https://z.other.example/1");
    assert_eq!(sent[1].get("platform"), None);
}

#[tokio::test]
async fn a_mapping_with_an_unknown_key_is_refused() {
    let directory = scratch();
    let path = directory.file("n.jsonl", "");
    let mapping = directory.file("m.toml", "instrumnet = \"x\"\n");
    let fake = fake().await;
    let (ended, _) = takedown(
        &fake,
        &[
            "file",
            "--import",
            "notices",
            "--file",
            &path,
            "--mapping",
            &mapping,
        ],
    )
    .await;
    assert!(ended.unwrap_err().to_string().contains("instrumnet"));
}

#[tokio::test]
async fn a_dry_run_sends_nothing_and_says_what_is_wrong() {
    let directory = scratch();
    let good = filing("A", &["https://a.example/1"]);
    let path = directory.file("two.ndjson", &format!("{good}\n"));
    let fake = fake().await;
    let (ended, printed) = takedown(&fake, &["file", "--ndjson", &path, "--dry-run"]).await;
    assert_eq!(ended.unwrap(), Exit::Done);
    assert!(printed.contains("https://a.example/1"));
    assert!(fake.all().is_empty());
    let mut own = good;
    assert_eq!(check::own_power(&own.to_string()), None);
    own["instrument"] = json!("xx-act-7");
    let power = check::own_power(&own.to_string());
    assert_eq!(power.as_deref(), Some("xx-act-7"));
    assert!(check::complaints(&own.to_string()).is_empty());
    let bad = json!({"reasons": {"text": "", "language": "?"}, "items": [{"locator": "", "kind": "thing"}]});
    let found = check::complaints(&bad.to_string()).join("\n");
    for pointer in [
        "/instrument",
        "/grounds",
        "/reasons/text",
        "/reasons/language",
        "/items/0/kind",
    ] {
        assert!(found.contains(pointer), "{pointer} in {found}");
    }
}

#[test]
fn references_keep_their_end_within_the_limit() {
    let long = format!("{}/2016-06-08-x.md", "d".repeat(120));
    let cut = notices::reference(&long, " (1/2)");
    assert_eq!(cut.chars().count(), 100);
    assert!(cut.ends_with("/2016-06-08-x.md (1/2)"));
}
