//! What breaks: the process, the file.

use super::{finished, member, package, verify, vkey};
use serde_json::json;
use takedown_tests::paths::Scratch;
use takedown_tests::{Db, Filing, World, both_databases};

both_databases!(a_file_that_was_changed_is_named_with_its_place,);

const FILED: usize = 1_000;

async fn file_many(w: &World) {
    let rows: Vec<_> = (0..FILED)
        .map(|n| Filing::referral(&[&format!("https://paste.example/{n}")]).json())
        .collect();
    w.unit
        .api
        .post("/v1/requests/batch", &json!(rows))
        .await
        .is(200);
}

async fn a_file_that_was_changed_is_named_with_its_place(db: Db) {
    let w = World::new(db).await;
    w.file(&Filing::referral(&["https://paste.example/a"]))
        .await;
    let key = vkey(&w.unit.api).await;
    let files = Scratch::new("broken");
    let zip = files.join("whole.zip");
    package(&w.auditor.api, json!({}), &zip).await;
    let whole = std::fs::read(&zip).unwrap();
    let told = |bytes: &[u8]| {
        let changed = files.join("changed.zip");
        std::fs::write(&changed, bytes).unwrap();
        let (good, said) = verify(&changed, &["--vkey", &key]);
        assert!(!good, "{said}");
        said["named"].to_string()
    };
    assert!(told(&whole[..whole.len() - 100]).contains("cut short"));
    assert!(told(&[whole.as_slice(), b"more"].concat()).contains("put behind it"));
    // A byte of a member that is not packed, found by what stands there.
    let at = |what: &[u8]| whole.windows(what.len()).position(|w| w == what).unwrap();
    let mut changed = whole.clone();
    changed[at(b"HOW TO CHECK IT")] = b'N';
    assert!(told(&changed).contains("\"README.txt\""));
    let mut changed = whole.clone();
    changed[at(b"\"complete\": true") + 13] = b'x';
    assert!(told(&changed).contains("\"manifest.json\""));
    // Unpacked, changed, and packed again as if nothing were.
    let again = "
import sys, zipfile
old = zipfile.ZipFile(sys.argv[1])
new = zipfile.ZipFile(sys.argv[2], 'w', zipfile.ZIP_DEFLATED)
for name in old.namelist():
    new.writestr(name, old.read(name).replace(b'paste.example/a', b'paste.example/b'))
new.close()
";
    let changed = files.join("again.zip");
    let done = std::process::Command::new(takedown_tests::paths::tool("venv/bin/python"))
        .args([
            "-c",
            again,
            zip.to_str().unwrap(),
            changed.to_str().unwrap(),
        ])
        .output()
        .unwrap();
    assert!(done.status.success(), "{done:?}");
    assert!(member(&changed, "rows.ndjson").contains("paste.example/b"));
    let (good, said) = verify(&changed, &["--vkey", &key]);
    assert!(!good && said.to_string().contains("packed again"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_is_killed_leaves_no_half_a_file() {
    let mut w = World::new(Db::Sqlite).await;
    file_many(&w).await;
    let stream = w
        .auditor
        .api
        .get("/v1/exports/requests")
        .await
        .is(200)
        .text();
    for format in ["ndjson", "package", "ndjson"] {
        let asked = w
            .auditor
            .api
            .post("/v1/exports", &json!({ "format": format }))
            .await
            .is(202)
            .json();
        w.server.kill9();
        w.server.restart();
        let file = finished(&w.auditor.api, asked["id"].as_str().unwrap()).await;
        assert_eq!(
            (&file["state"], &file["rows"]),
            (&json!("done"), &json!(FILED)),
            "{file}"
        );
        let content = w
            .auditor
            .api
            .get(file["content"].as_str().unwrap())
            .await
            .is(200);
        assert_eq!(content.body.len() as u64, file["bytes"].as_u64().unwrap());
        if format == "ndjson" {
            assert_eq!(content.text(), stream);
        } else {
            let files = Scratch::new("killed");
            let zip = files.join("a.zip");
            std::fs::write(&zip, &content.body).unwrap();
            let (good, said) = verify(&zip, &["--vkey", &vkey(&w.unit.api).await]);
            assert!(good, "{said}");
        }
    }
}
