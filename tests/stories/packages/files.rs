//! Files that are made while nobody waits.

use super::{finished, made, python};
use serde_json::{Value, json};
use takedown_tests::world::client;
use takedown_tests::{Db, Filing, World, both_databases};

both_databases!(
    a_file_is_downloaded_in_several_goes,
    a_file_is_its_clients_and_nobody_elses,
    what_nothing_can_match_is_refused_with_what_would_be_right,
    a_file_is_encrypted_to_whom_it_is_for,
    a_workbook_is_read_by_a_foreign_program_and_no_cell_acts,
);

async fn a_file_is_downloaded_in_several_goes(db: Db) {
    let w = World::new(db).await;
    let rows: Vec<_> = (0..300)
        .map(|n| Filing::referral(&[&format!("https://paste.example/{n}")]).json())
        .collect();
    w.unit
        .api
        .post("/v1/requests/batch", &json!(rows))
        .await
        .is(200);
    let auditor = &w.auditor.api;
    let file = made(auditor, &json!({"format": "ndjson"})).await;
    assert_eq!(
        (&file["state"], &file["rows"], &file["rows_estimated"]),
        (&json!("done"), &json!(300), &json!(300)),
        "{file}"
    );
    let address = file["content"].as_str().unwrap();
    let whole = auditor.get(address).await.is(200);
    assert_eq!(whole.header("accept-ranges"), Some("bytes"));
    let etag = whole.etag();
    assert_eq!(etag, format!("\"{}\"", file["sha256"].as_str().unwrap()));
    let size = whole.body.len();
    assert!(size > 300_000, "more than two pieces: {size}");
    // The same rows as the stream.
    let stream = auditor.get("/v1/exports/requests").await.is(200);
    assert_eq!(stream.text(), whole.text());

    let mut parts = Vec::new();
    for from in [0, 1_000, 131_071, 131_072, 250_000, size] {
        let begins = parts.len();
        if from == size {
            let rest = auditor
                .get(address)
                .header("Range", &format!("bytes={begins}-"))
                .header("If-Range", &etag)
                .await
                .is(206);
            assert_eq!(
                rest.header("content-range"),
                Some(format!("bytes {begins}-{}/{size}", size - 1).as_str())
            );
            parts.extend_from_slice(&rest.body);
        } else if from > 0 {
            let range = format!("bytes={begins}-{}", from - 1);
            let part = auditor.get(address).header("Range", &range).await.is(206);
            assert_eq!(part.body.len(), from - begins);
            parts.extend_from_slice(&part.body);
        }
    }
    assert_eq!(parts, whole.body, "put together again");
    // Of another file all of it comes, and beyond the end nothing.
    let other = auditor
        .get(address)
        .header("Range", "bytes=5-")
        .header("If-Range", "\"another\"")
        .await
        .is(200);
    assert_eq!(other.body.len(), size);
    let beyond = auditor
        .get(address)
        .header("Range", &format!("bytes={size}-"))
        .await;
    assert_eq!(
        beyond.header("content-range"),
        Some(format!("bytes */{size}").as_str())
    );
    beyond.problem(416, "range-not-satisfiable");
    let sheet = made(auditor, &json!({"format": "csv"})).await;
    let sheet = auditor
        .get(sheet["content"].as_str().unwrap())
        .await
        .is(200);
    assert_eq!(crate::export::cells(&sheet.text()).len(), 301);
}

async fn a_file_is_its_clients_and_nobody_elses(db: Db) {
    let w = World::new(db).await;
    w.file(&Filing::referral(&["https://paste.example/a"]))
        .await;
    let wanted = json!({"format": "csv"});
    let first = w
        .unit
        .api
        .post("/v1/exports", &wanted)
        .key("once")
        .await
        .is(202);
    let again = w
        .unit
        .api
        .post("/v1/exports", &wanted)
        .key("once")
        .await
        .is(202);
    assert_eq!(
        first.json()["id"],
        again.json()["id"],
        "asked twice, made once"
    );
    let id = first.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(
        first.header("location"),
        Some(format!("/v1/exports/{id}").as_str())
    );
    assert_eq!(finished(&w.unit.api, &id).await["state"], "done");
    // Another client of the same unit as well: what one person asked for may be encrypted to him.
    let colleague = client(
        &w.operator,
        json!({"name": "A colleague", "agency": w.unit.id}),
    )
    .await;
    let colleague = w.operator.api.acting_as(colleague);
    let never = format!("exp_{}", crate::tenancy::NEVER);
    for (who, api) in [
        ("colleague", &colleague),
        ("other unit", &w.other_unit.api),
        ("auditor", &w.auditor.api),
    ] {
        for (method, below) in crate::tenancy::operations(&w, "exports").await {
            let address = |id: &str| {
                format!("/v1/exports/{id}/{below}")
                    .trim_end_matches('/')
                    .to_owned()
            };
            let foreign = api.call(method.clone(), &address(&id)).await;
            let none = api.call(method.clone(), &address(&never)).await;
            assert_eq!(foreign.status, 404, "{who}: {method} {below}");
            assert_eq!(
                crate::tenancy::seen(&foreign, &id),
                crate::tenancy::seen(&none, &never),
                "{who}: {method} {below}"
            );
        }
        assert_eq!(api.list("/v1/exports").await, Vec::<Value>::new(), "{who}");
    }
    for (who, api) in [("platform", &w.platform.api), ("operator", &w.operator.api)] {
        let refused = api.get(&format!("/v1/exports/{id}")).await;
        assert_eq!(refused.status, 403, "{who}");
    }
    assert_eq!(w.unit.api.list("/v1/exports").await.len(), 1);
    let address = format!("/v1/exports/{id}");
    w.unit
        .api
        .post(&format!("{address}/retry"), &json!({}))
        .await
        .problem(409, "conflict-state");
    w.unit.api.delete(&address).await.is(204);
    for gone in [address.clone(), format!("{address}/content")] {
        w.unit.api.get(&gone).await.problem(404, "not-found");
    }
    assert_eq!(w.unit.api.list("/v1/exports").await, Vec::<Value>::new());
}

async fn what_nothing_can_match_is_refused_with_what_would_be_right(db: Db) {
    let w = World::new(db).await;
    w.file(&Filing::referral(&["https://paste.example/a"]))
        .await;
    let never = format!("agency_{}", crate::tenancy::NEVER);
    let platform = format!("platform_{}", crate::tenancy::NEVER);
    for (name, value, says) in [
        ("ground", "no-such-ground", "GET /v1/instruments"),
        ("instrument", "no-such-power", "GET /v1/instruments"),
        ("agency", never.as_str(), "no agency of this id"),
        ("platform", platform.as_str(), "no platform of this id"),
        ("host", "https://paste.example", "the name alone"),
        ("locator", "data:text/html,x", ""),
        ("agency_reference", "KP%0A1", "no filing has it"),
    ] {
        let refused = w
            .auditor
            .api
            .get(&format!("/v1/exports/requests?{name}={value}"))
            .await;
        let problem = refused.problem(400, "invalid-parameter");
        assert_eq!(problem["errors"][0]["parameter"], name, "{problem}");
        assert!(problem.to_string().contains(says), "{problem}");
        let value = value.replace("%0A", "\n");
        let body = json!({"format": "package", "filter": {name: value}});
        w.auditor.api.post("/v1/exports", &body).await.problem_at(
            422,
            "invalid",
            &format!("/filter/{name}"),
        );
    }
    // What is of a form that there is not.
    for (name, value) in [
        ("status", "open"),
        ("restoration", "perhaps"),
        ("outcome", "vanished"),
        ("reference", "AAAAA"),
        ("filed_from", "yesterday"),
        ("filed_to", "tomorrow"),
    ] {
        let refused = w
            .auditor
            .api
            .get(&format!("/v1/exports/requests?{name}={value}"))
            .await;
        let problem = refused.problem(400, "invalid-parameter");
        assert_eq!(problem["errors"][0]["parameter"], name, "{problem}");
        let body = json!({"format": "package", "filter": {name: value}});
        let refused = w.auditor.api.post("/v1/exports", &body).await;
        refused.problem_at(422, "invalid", &format!("/filter/{name}"));
    }
    let both = json!({"host": "forum.example", "locator": "hxxps://paste[.]example/a"});
    let wrong = json!({"format": "package", "filter": both});
    w.auditor
        .api
        .post("/v1/exports", &wrong)
        .await
        .problem_at(422, "invalid", "/filter/host");
    let backwards =
        json!({"filed_from": "2026-02-01T00:00:00Z", "filed_to": "2026-01-01T00:00:00Z"});
    let wrong = json!({"format": "package", "filter": backwards});
    w.auditor
        .api
        .post("/v1/exports", &wrong)
        .await
        .problem_at(422, "invalid", "/filter/filed_to");
    // A foreign agency is refused as one that never was.
    let of = |agency: &str| format!("/v1/exports/requests?agency={agency}");
    let foreign = w.unit.api.get(&of(&w.other_unit.id)).await;
    let none = w.unit.api.get(&of(&never)).await;
    assert_eq!(
        crate::tenancy::seen(&foreign, &w.other_unit.id),
        crate::tenancy::seen(&none, &never)
    );
    let secret = json!({"format": "csv", "encrypt_to": "AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQ"});
    let refused = w.auditor.api.post("/v1/exports", &secret).await;
    let problem = refused.problem_at(422, "invalid", "/encrypt_to");
    assert!(
        !problem.to_string().contains("QQQQ"),
        "a secret is not repeated: {problem}"
    );
}

/// Decrypted by a program that nobody here wrote.
async fn a_file_is_encrypted_to_whom_it_is_for(db: Db) {
    let w = World::new(db).await;
    w.file(&Filing::referral(&["https://paste.example/a"]))
        .await;
    let keys = python(
        "import pyrage, json; k = pyrage.x25519.Identity.generate(); print(json.dumps([str(k), str(k.to_public())]))",
        &[],
    );
    let keys: Vec<String> = serde_json::from_slice(&keys).unwrap();
    let api = &w.auditor.api;
    let file = made(api, &json!({"format": "csv", "encrypt_to": keys[1]})).await;
    assert_eq!(
        (&file["state"], &file["encrypted_to"]),
        (&json!("done"), &json!(keys[1])),
        "{file}"
    );
    let sealed = api.get(file["content"].as_str().unwrap()).await.is(200);
    assert!(
        sealed
            .header("content-disposition")
            .unwrap()
            .contains(".csv.age")
    );
    assert!(sealed.body.starts_with(b"age-encryption.org/v1\n"));
    assert!(!String::from_utf8_lossy(&sealed.body).contains("paste.example"));
    let scratch = takedown_tests::paths::Scratch::new("age");
    let place = scratch.join("sealed");
    std::fs::write(&place, &sealed.body).unwrap();
    let open = "import sys, pyrage; sys.stdout.buffer.write(pyrage.decrypt(open(sys.argv[2], 'rb').read(), [pyrage.x25519.Identity.from_str(sys.argv[1])]))";
    let opened = python(open, &[&keys[0], place.to_str().unwrap()]);
    let stream = api.get("/v1/exports/requests?format=csv").await.is(200);
    assert_eq!(String::from_utf8(opened).unwrap(), stream.text());
}

async fn a_workbook_is_read_by_a_foreign_program_and_no_cell_acts(db: Db) {
    let w = World::new(db).await;
    for formula in [
        "=1+1",
        "+SUM(A1:A9)",
        "@SUM(1)",
        "=HYPERLINK(\"https://evil.example\")",
    ] {
        let filing = Filing::referral(&["https://paste.example/a?b=1&c=<d>"]).reference(formula);
        w.file(&filing).await;
    }
    let api = &w.auditor.api;
    let file = made(api, &json!({"format": "xlsx"})).await;
    let content = api.get(file["content"].as_str().unwrap()).await.is(200);
    assert_eq!(
        content.header("content-type"),
        Some("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    );
    let scratch = takedown_tests::paths::Scratch::new("workbook");
    let place = scratch.join("requests.xlsx");
    std::fs::write(&place, &content.body).unwrap();
    let read = "
import json, sys, openpyxl
sheet = openpyxl.load_workbook(sys.argv[1]).worksheets[0]
rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
kinds = {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None}
print(json.dumps([rows, sorted(kinds)]))
";
    let read = python(read, &[place.to_str().unwrap()]);
    let read: Value = serde_json::from_slice(&read).unwrap();
    // `s` and `inlineStr` are texts; `f` would be a formula, `n` a number.
    assert!(
        read[1]
            .as_array()
            .unwrap()
            .iter()
            .all(|kind| kind == "s" || kind == "inlineStr"),
        "{}",
        read[1]
    );
    let stream = api.get("/v1/exports/requests").await.is(200).text();
    let lines: Vec<Value> = stream
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let rows = read[0].as_array().unwrap();
    assert_eq!(rows.len(), lines.len() + 1);
    let names: Vec<&str> = rows[0]
        .as_array()
        .unwrap()
        .iter()
        .map(|name| name.as_str().unwrap())
        .collect();
    for (row, line) in rows[1..].iter().zip(&lines) {
        for (name, cell) in names.iter().zip(row.as_array().unwrap()) {
            let said = match &line[name] {
                Value::String(text) => json!(text),
                Value::Array(texts) if texts.is_empty() => Value::Null,
                Value::Array(texts) => json!(
                    texts
                        .iter()
                        .map(|t| t.as_str().unwrap())
                        .collect::<Vec<_>>()
                        .join(" ")
                ),
                Value::Null => Value::Null,
                other => json!(other.to_string()),
            };
            assert_eq!(*cell, said, "{name}");
        }
    }
}
