//! Tables of Apache Parquet, read by a program that nobody here wrote.

use super::{finished, made, python};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::path::Path;
use takedown_tests::cli::Cli;
use takedown_tests::paths::Scratch;
use takedown_tests::world::{client, path};
use takedown_tests::{Api, Db, Filing, World, both_databases};

both_databases!(
    a_table_says_what_the_lines_say_in_types,
    a_long_table_is_whole,
);

/// DuckDB's types and rows of a table, an instant as the lines have it.
const READ: &str = "
import datetime, json, sys, duckdb
rows = duckdb.connect().execute('SELECT * FROM read_parquet(?)', [sys.argv[1]])
names = [column[0] for column in rows.description]
types = [str(column[1]) for column in rows.description]
def said(value):
    if isinstance(value, datetime.datetime):
        at = value.astimezone(datetime.timezone.utc)
        return at.strftime('%Y-%m-%dT%H:%M:%S') + f'.{at.microsecond // 1000:03}Z'
    return value
rows = [dict(zip(names, map(said, row))) for row in rows.fetchall()]
print(json.dumps({'types': dict(zip(names, types)), 'rows': rows}))
";

fn read(table: &Path) -> Value {
    serde_json::from_slice(&python(READ, &[table.to_str().unwrap()])).unwrap()
}

async fn lines(api: &Api) -> Vec<Value> {
    let stream = api.get("/v1/exports/requests").await.is(200).text();
    let line = |line: &str| serde_json::from_str(line).unwrap();
    stream.lines().map(line).collect()
}

/// A table of everything that somebody may see, on somebody's disk.
async fn table(api: &Api, at: &Path) {
    let file = made(api, &json!({"format": "parquet"})).await;
    assert_eq!(file["state"], "done", "{file}");
    let content = api.get(file["content"].as_str().unwrap()).await.is(200);
    assert_eq!(
        content.header("content-type"),
        Some("application/vnd.apache.parquet")
    );
    let name = content.header("content-disposition").unwrap();
    assert!(name.contains(".parquet"), "{name}");
    std::fs::write(at, &content.body).unwrap();
}

async fn a_table_says_what_the_lines_say_in_types(db: Db) {
    let w = World::new(db).await;
    let files = Scratch::new("tables");
    let (all, shared) = (files.join("all.parquet"), files.join("shared.parquet"));
    table(&w.auditor.api, &all).await;
    assert_eq!(read(&all)["rows"], json!([]), "a table without a row");
    let odd = "=1+1, \"zażółć\" \u{202e}\u{1f600}";
    let mut filing = Filing::referral(&[
        "https://paste.example/a?b=1&c=<d>",
        "https://paste.example/b",
    ])
    .reference("=KP 1")
    .json();
    filing["grounds"] = json!(["tco:a", "tco:b"]);
    filing["items"][0]["description"] = json!(odd);
    let request = w
        .unit
        .api
        .post("/v1/requests", &filing)
        .await
        .is(201)
        .json();
    w.file(&Filing::tco_order(&["https://paste.example/order"]))
        .await;
    w.acknowledge(&request).await;
    let mut decision = takedown_tests::filing::decide_all("geo_blocked");
    decision["decisions"][0]["countries"] = json!(["PL", "CZ"]);
    w.platform
        .api
        .post(&format!("{}/decisions", path(&request)), &decision)
        .if_match("*")
        .await
        .is(201);
    w.close(&request).await;

    table(&w.auditor.api, &all).await;
    let found = read(&all);
    let expected = lines(&w.auditor.api).await;
    assert_eq!(expected.len(), 3);
    assert_eq!(expected[0]["description"], odd);
    for (row, line) in found["rows"].as_array().unwrap().iter().zip(&expected) {
        assert_eq!(row, line);
    }
    assert_eq!(found["rows"].as_array().unwrap().len(), expected.len());
    for (name, kind) in [
        ("request_id", "VARCHAR"),
        ("version", "BIGINT"),
        ("objections", "BIGINT"),
        ("worldwide", "BOOLEAN"),
        ("grounds", "VARCHAR[]"),
        ("countries", "VARCHAR[]"),
        ("filed_at", "TIMESTAMP WITH TIME ZONE"),
        ("effective_at", "TIMESTAMP WITH TIME ZONE"),
    ] {
        assert_eq!(found["types"][name], kind, "{name}");
    }
    let filed: DateTime<Utc> = expected[0]["filed_at"].as_str().unwrap().parse().unwrap();
    let seconds = "import sys, duckdb; print(duckdb.connect().execute(\"SELECT epoch_ms(filed_at) FROM read_parquet(?)\", [sys.argv[1]]).fetchall()[0][0])";
    let seconds = String::from_utf8(python(seconds, &[all.to_str().unwrap()])).unwrap();
    assert_eq!(seconds.trim(), filed.timestamp_millis().to_string());

    // Whoever may see less has fewer columns.
    let of_platform = client(
        &w.operator,
        json!({"name": "Auditor of Paste", "auditor": {"platform": w.platform.id}}),
    )
    .await;
    let of_platform = w.operator.api.acting_as(of_platform);
    table(&of_platform, &shared).await;
    let found = read(&shared);
    assert!(found["types"].get("officer_name").is_none(), "{found}");
    assert_eq!(found["rows"], json!(lines(&of_platform).await));
}

async fn a_long_table_is_whole(db: Db) {
    let w = World::new(db).await;
    const CALLS: usize = 10;
    const ROWS: usize = 500;
    for call in 0..CALLS {
        let rows: Vec<_> = (0..ROWS)
            .map(|n| Filing::referral(&[&format!("https://paste.example/{call}/{n}")]).json())
            .collect();
        let body = json!(rows);
        w.unit.api.post("/v1/requests/batch", &body).await.is(200);
    }
    let auditor = Cli::of(&w.auditor, &w.server);
    let exported = auditor
        .run(&["export", "--format", "parquet", "--out", "all.parquet"])
        .await
        .ends(0);
    let said = format!("{} rows in all.parquet", CALLS * ROWS);
    assert!(exported.err.contains(&said), "{}", exported.err);
    let found = read(&auditor.dir().join("all.parquet"));
    assert_eq!(found["rows"], json!(lines(&w.auditor.api).await));
    // Without --out there is nowhere to put it.
    let nowhere = auditor
        .run(&["export", "--format", "parquet"])
        .await
        .ends(2);
    assert!(nowhere.err.contains("--out"), "{}", nowhere.err);
    let files = w.auditor.api.list("/v1/exports").await;
    let id = files[0]["id"].as_str().unwrap();
    assert_eq!(finished(&w.auditor.api, id).await["unreadable"], json!([]));
}
