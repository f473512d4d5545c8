//! The auditor's export: complete, exact, and harmless in a spreadsheet.

use serde_json::{Value, json};
use takedown_tests::world::path;
use takedown_tests::{Db, Filing, World, both_databases};

both_databases!(
    rows_are_exact_as_lines_and_harmless_as_cells,
    filters_and_scopes_choose_the_rows,
    a_long_export_is_whole
);

/// The cells of RFC 4180 text.
pub fn cells(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let mut characters = text.chars().peekable();
    let mut quoted = false;
    while let Some(c) = characters.next() {
        match c {
            '"' if quoted && characters.peek() == Some(&'"') => cell.extend(characters.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\r' if !quoted && characters.peek() == Some(&'\n') => {}
            '\n' if !quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            c => cell.push(c),
        }
    }
    assert!(cell.is_empty() && row.is_empty() && !quoted, "cut short");
    rows
}

const FORMULAS: [&str; 6] = [
    "=1+1",
    "+SUM(A1:A9)",
    "-2+3",
    "@SUM(1)",
    "\tcell",
    "\u{ff1d}1+1",
];

async fn rows_are_exact_as_lines_and_harmless_as_cells(db: Db) {
    let w = World::new(db).await;
    let mut requests = Vec::new();
    for (n, formula) in FORMULAS.iter().enumerate() {
        let mut filing =
            Filing::referral(&[&format!("https://paste.example/{n}?a=\"quoted\",b&c='d'")]).json();
        // What is one line takes no tab.
        let line = formula.trim_start();
        filing["agency_reference"] = json!(line);
        filing["operation"] = json!(line);
        filing["items"][0]["description"] = json!(format!("{formula}\nsecond line, \"quoted\""));
        requests.push(
            w.unit
                .api
                .post("/v1/requests", &filing)
                .await
                .is(201)
                .json(),
        );
    }
    let account = Filing::referral(&["@someone"]).platform(&w.platform.id);
    let mut account = account.json();
    account["items"][0]["kind"] = json!("account");
    requests.push(
        w.unit
            .api
            .post("/v1/requests", &account)
            .await
            .is(201)
            .json(),
    );
    let decided = &requests[0];
    w.acknowledge(decided).await;
    let mut note = takedown_tests::filing::decide_all("removed");
    note["decisions"][0]["note"] = json!("=HYPERLINK(\"https://evil.example\")");
    w.platform
        .api
        .post(&format!("{}/decisions", path(decided)), &note)
        .if_match("*")
        .await
        .is(201);
    w.close(decided).await;

    let export = w
        .auditor
        .api
        .get("/v1/exports/requests?format=ndjson")
        .await
        .is(200);
    assert!(
        export
            .header("content-type")
            .unwrap()
            .starts_with("application/x-ndjson"),
        "{:?}",
        export.headers
    );
    let lines: Vec<Value> = export
        .text()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), requests.len());
    for (line, request) in lines.iter().zip(&requests) {
        let values: Vec<&Value> = line.as_object().unwrap().values().collect();
        for exact in [
            &request["id"],
            &request["reference"],
            &request["items"][0]["locator"],
            &request["items"][0]["id"],
        ] {
            assert!(
                values.contains(&exact),
                "{exact} as it was filed in {line:#}"
            );
        }
    }
    assert_eq!(lines[1]["agency_reference"], FORMULAS[1]);

    let export = w
        .auditor
        .api
        .get("/v1/exports/requests?format=csv")
        .await
        .is(200);
    assert!(
        export
            .header("content-type")
            .unwrap()
            .starts_with("text/csv"),
        "{:?}",
        export.headers
    );
    let rows = cells(&export.text());
    assert_eq!(
        rows.len(),
        requests.len() + 1,
        "a heading and a row per item"
    );
    assert!(rows.iter().all(|row| row.len() == rows[0].len()), "ragged");
    assert!(
        rows[0].contains(&"agency_reference".to_owned()),
        "{:?}",
        rows[0]
    );
    for cell in rows.iter().flatten() {
        let first = cell.chars().next();
        let acts = first.is_some_and(|c| "=+-@\t\r\u{ff1d}\u{ff0b}\u{ff0d}\u{ff20}".contains(c));
        assert!(!acts, "{cell:?} acts as a formula");
    }
    let column = rows[0]
        .iter()
        .position(|name| name == "agency_reference")
        .unwrap();
    assert_eq!(
        rows[2][column],
        format!("'{}", FORMULAS[1]),
        "marked, not changed"
    );
    for (name, value) in lines[0].as_object().unwrap() {
        assert!(rows[0].contains(name), "{name} ({value}) has no column");
    }
}

async fn filters_and_scopes_choose_the_rows(db: Db) {
    let w = World::new(db).await;
    let first = w
        .file(&Filing::referral(&[
            "https://paste.example/1",
            "https://paste.example/2",
        ]))
        .await;
    let second = w
        .file(&Filing::tco_order(&["https://forum.example/3"]))
        .await;
    w.acknowledge(&first).await;
    let count = |api: &takedown_tests::Api, query: &str| {
        let call = api.get(&format!("/v1/exports/requests?format=ndjson{query}"));
        async move { call.await.is(200).text().lines().count() }
    };
    let auditor = &w.auditor.api;
    assert_eq!(count(auditor, "").await, 3);
    assert_eq!(count(auditor, "&status=acknowledged").await, 2);
    assert_eq!(
        count(auditor, &format!("&platform={}", w.other_platform.id)).await,
        1
    );
    assert_eq!(
        count(auditor, &format!("&agency={}", w.other_unit.id)).await,
        0
    );
    assert_eq!(count(auditor, "&instrument=eu-tco-order").await, 1);
    assert_eq!(count(auditor, "&filed_from=2999-01-01T00:00:00Z").await, 0);
    assert_eq!(
        count(
            auditor,
            &format!("&filed_to={}", second["filed_at"].as_str().unwrap())
        )
        .await
            % 2,
        0,
        "until, not including"
    );
    assert_eq!(count(&w.unit.api, "").await, 3);
    assert_eq!(count(&w.other_unit.api, "").await, 0);
    w.platform
        .api
        .get("/v1/exports/requests?format=ndjson")
        .await
        .problem(403, "forbidden");
    auditor
        .get("/v1/exports/requests?format=xlsx")
        .await
        .problem(400, "invalid-parameter");
    auditor
        .get("/v1/exports/requests?format=csv&status=open")
        .await
        .problem(400, "invalid-parameter");
}

async fn a_long_export_is_whole(db: Db) {
    let w = World::new(db).await;
    const CALLS: usize = 6;
    const ROWS: usize = 500;
    for call in 0..CALLS {
        let rows: Vec<_> = (0..ROWS)
            .map(|n| Filing::referral(&[&format!("https://paste.example/{call}/{n}")]).json())
            .collect();
        let answer = w
            .unit
            .api
            .post("/v1/requests/batch", &json!(rows))
            .await
            .is(200)
            .json();
        assert_eq!(answer["filed"], ROWS);
    }
    let export = w
        .auditor
        .api
        .get("/v1/exports/requests?format=ndjson")
        .await
        .is(200)
        .text();
    let mut locators: Vec<String> = export
        .lines()
        .map(|line| {
            serde_json::from_str::<Value>(line).unwrap()["locator"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    locators.sort();
    locators.dedup();
    assert_eq!(locators.len(), CALLS * ROWS);
    let rows = cells(
        &w.auditor
            .api
            .get("/v1/exports/requests?format=csv")
            .await
            .is(200)
            .text(),
    );
    assert_eq!(rows.len(), CALLS * ROWS + 1);
}
