//! Real input: public government notices go the whole way with text and locators unchanged.

use serde_json::Value;
use std::collections::HashMap;
use std::path::PathBuf;
use takedown_tests::cli::Cli;
use takedown_tests::world::{self, Party, path};
use takedown_tests::{Db, World, both_databases, paths};

both_databases!(public_notices_go_the_whole_way_unchanged);

/// The notices lie beside the repository, where they are there at all.
fn notices() -> Option<PathBuf> {
    let beside = paths::root().join("../shared/data/government-notices.jsonl");
    let named = std::env::var_os("TAKEDOWN_TEST_NOTICES").map(PathBuf::from);
    [named, Some(beside)]
        .into_iter()
        .flatten()
        .find(|path| path.is_file())
}

async fn public_notices_go_the_whole_way_unchanged(db: Db) {
    let Some(file) = notices() else {
        println!(
            "../shared/data/government-notices.jsonl is not there: the import of real notices was not tried"
        );
        return;
    };
    let text = std::fs::read_to_string(&file).unwrap();
    let notices: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let links = |notice: &Value| {
        notice["urls"]
            .as_array()
            .unwrap()
            .iter()
            .map(|url| url.as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let (with_links, without): (Vec<_>, Vec<_>) =
        notices.iter().partition(|notice| !links(notice).is_empty());

    // One platform stands for every host the notices name.
    let w = World::with(db, &takedown_tests::seams::no_rate_limit()).await;
    let hub = world::platform(
        &w.operator,
        "Code hub",
        "US",
        "hub.example",
        "trust@hub.example",
        &["en"],
    )
    .await;
    let mut mapping =
        String::from("instrument = \"referral\"\ngrounds = [\"tco:a\"]\n[platforms]\n");
    let mut hosts: Vec<String> = with_links
        .iter()
        .flat_map(|notice| links(notice))
        .map(|link| host(&link))
        .collect();
    hosts.sort();
    hosts.dedup();
    for host in &hosts {
        mapping.push_str(&format!("{host:?} = {:?}\n", hub.id));
    }
    let unit = Cli::of(&w.unit, &w.server);
    std::fs::write(unit.dir().join("mapping.toml"), mapping).unwrap();
    let run = unit
        .run(&[
            "file",
            "--import",
            "notices",
            "--file",
            file.to_str().unwrap(),
            "--mapping",
            "mapping.toml",
            "--output",
            "json",
        ])
        .await
        .ends(if without.is_empty() { 0 } else { 1 });
    for notice in &without {
        let source = notice["source"].as_str().unwrap();
        assert!(
            run.out.contains(source) || run.err.contains(source),
            "{source} was refused without its name: {}",
            run.err
        );
    }

    let requests = w.unit.api.list("/v1/requests?limit=200").await;
    assert_eq!(requests.len(), with_links.len(), "{}", run.err);
    let by_reference: HashMap<&str, &Value> = requests
        .iter()
        .map(|request| (request["agency_reference"].as_str().unwrap(), request))
        .collect();
    let mut expected_rows = Vec::new();
    for notice in &with_links {
        let source: Vec<char> = notice["source"].as_str().unwrap().chars().collect();
        let reference: String = source[source.len().saturating_sub(100)..].iter().collect();
        let request = by_reference
            .get(reference.as_str())
            .unwrap_or_else(|| panic!("{reference} was not filed"));
        let read = hub.api.get(&path(request)).await.is(200).json();
        assert_eq!(read["reasons"]["text"], notice["text"], "{reference}");
        let locators: Vec<_> = read["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["locator"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(locators, links(notice), "{reference}");
        close(&hub, request).await;
        expected_rows.extend(locators);
    }
    let export = w
        .auditor
        .api
        .get("/v1/exports/requests?format=ndjson")
        .await
        .is(200)
        .text();
    let mut rows: Vec<String> = export
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .inspect(|row| assert_eq!(row["status"], "closed"))
        .map(|row| row["locator"].as_str().unwrap().to_owned())
        .collect();
    rows.sort();
    expected_rows.sort();
    assert_eq!(rows, expected_rows);
    println!(
        "{} notices filed and closed, {} refused for want of a link",
        with_links.len(),
        without.len()
    );
}

fn host(link: &str) -> String {
    let after = link.split_once("://").map_or(link, |(_, rest)| rest);
    after
        .split(['/', '?', '#', ':'])
        .next()
        .unwrap()
        .to_lowercase()
}

async fn close(platform: &Party, request: &Value) {
    platform
        .api
        .put(
            &format!("{}/acknowledgement", path(request)),
            &serde_json::json!({}),
        )
        .await
        .is(200);
    let rest =
        serde_json::json!({"remaining": {"outcome": "declined_within_terms", "basis": "terms"}});
    platform
        .api
        .put(&format!("{}/closure", path(request)), &rest)
        .if_match("*")
        .await
        .is(200);
}
