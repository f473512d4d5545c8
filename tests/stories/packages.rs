//! Exports as files: made while nobody waits, downloaded in several goes, and checked by an outsider who asks nobody.

mod broken;
mod disks;
mod files;
mod table;

use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use takedown_tests::cli::{Cli, Ran};
use takedown_tests::paths::{self, Scratch};
use takedown_tests::world::{client, path};
use takedown_tests::{Api, Db, Filing, World, both_databases};

both_databases!(
    an_outsider_checks_everything_with_a_public_key,
    each_is_given_what_is_his_to_see,
    a_package_of_some_requests_is_checked_as_well,
    of_an_erased_request_a_package_shows_that_it_was_erased,
);

/// The public key of the log, as somebody notes it.
pub async fn vkey(api: &Api) -> String {
    let log = api.get("/v1/log").without_token().await.is(200).json();
    log["vkey"].as_str().unwrap().to_owned()
}

/// Asks for a file, and waits until it is made.
pub async fn made(api: &Api, wanted: &Value) -> Value {
    let asked = api.post("/v1/exports", wanted).await.is(202).json();
    finished(api, asked["id"].as_str().unwrap()).await
}

/// A file once it is made, or could not be.
pub async fn finished(api: &Api, id: &str) -> Value {
    loop {
        let file = api
            .get(&format!("/v1/exports/{id}"))
            .header("Prefer", "wait=20")
            .await
            .is(200)
            .json();
        if !["queued", "running"].contains(&file["state"].as_str().unwrap()) {
            return file;
        }
    }
}

/// A package on somebody's disk.
pub async fn package(api: &Api, filter: Value, at: &Path) -> Value {
    let file = made(api, &json!({"format": "package", "filter": filter})).await;
    assert_eq!(file["state"], "done", "{file}");
    let content = api.get(file["content"].as_str().unwrap()).await.is(200);
    assert_eq!(content.header("content-type"), Some("application/zip"));
    std::fs::write(at, &content.body).unwrap();
    file
}

/// `takedown verify` as an outsider runs it: in an empty directory, without any setting of a server.
pub fn verify(package: &Path, further: &[&str]) -> (bool, Value) {
    let elsewhere = Scratch::new("outsider");
    let done = Command::new(paths::binary())
        .args(["verify", package.to_str().unwrap(), "--json"])
        .args(further)
        .current_dir(elsewhere.path())
        .env_clear()
        .output()
        .unwrap();
    let said = serde_json::from_slice(&done.stdout)
        .unwrap_or_else(|_| json!({"error": String::from_utf8_lossy(&done.stderr)}));
    (done.status.success(), said)
}

/// Requests of which something became in many ways.
async fn busy(w: &World) -> Vec<Value> {
    let mut requests = Vec::new();
    for n in 0..4 {
        let links = [
            format!("https://paste.example/{n}/a"),
            format!("https://paste.example/{n}/b"),
        ];
        let filing = Filing::referral(&[&links[0], &links[1]]);
        requests.push(w.file(&filing.reference(&format!("P-{n}"))).await);
    }
    let [closed, again, withdrawn, _] = requests.as_slice() else {
        unreachable!()
    };
    w.acknowledge(closed).await;
    let mut decision = takedown_tests::filing::decide_all("removed");
    decision["decisions"][0]["note"] = json!("We took it down.");
    w.platform
        .api
        .post(&format!("{}/decisions", path(closed)), &decision)
        .if_match("*")
        .await
        .is(201);
    w.close(closed).await;
    w.acknowledge(again).await;
    w.decide_all(again, "removed").await;
    w.close(again).await;
    let text = json!({"text": "There is more to it.", "language": "en"});
    w.unit
        .api
        .post(
            &format!("{}/reopening", path(again)),
            &json!({"reason": "new_facts", "text": text}),
        )
        .if_match("*")
        .await
        .is(201);
    w.acknowledge(withdrawn).await;
    w.decide_all(withdrawn, "removed").await;
    w.unit
        .api
        .put(
            &format!("{}/withdrawal", path(withdrawn)),
            &json!({"reason": "mistake"}),
        )
        .if_match("*")
        .await
        .is(200);
    w.decide_all_again(withdrawn, "restored").await;
    w.unit
        .api
        .post(
            &format!("{}/internal-notes", path(closed)),
            &json!({"text": "For ourselves.", "language": "en"}),
        )
        .await
        .is(201);
    requests
}

async fn an_outsider_checks_everything_with_a_public_key(db: Db) {
    let w = World::new(db).await;
    let requests = busy(&w).await;
    let auditor = Cli::of(&w.auditor, &w.server);
    let zip = auditor.dir().join("all.zip");
    let exported = auditor
        .run(&["export", "--format", "package", "--out", "all.zip"])
        .await
        .ends(0);
    assert!(
        exported.err.contains("8 rows in all.zip"),
        "{}",
        exported.err
    );
    let key = vkey(&w.unit.api).await;
    let (good, said) = verify(&zip, &["--vkey", &key]);
    assert!(good, "{said}");
    assert_eq!(
        (&said["rows"], &said["requests"], &said["complete"]),
        (&json!(8), &json!(4), &json!(true))
    );
    // What a party keeps for itself, and whose credentials are which.
    assert_eq!(said["withheld"]["own_papers"], 1, "{said}");
    assert!(
        said["withheld"]["credentials"].as_u64().unwrap() > 3,
        "{said}"
    );
    let counted = said["entries"].as_u64().unwrap()
        + said["withheld"]
            .as_object()
            .unwrap()
            .values()
            .map(|n| n.as_u64().unwrap())
            .sum::<u64>();
    assert_eq!(
        said["size"].as_u64(),
        Some(counted),
        "every entry of the log"
    );

    // The same by a policy, in words, and by a program that nobody here wrote the half of.
    let policy = auditor.dir().join("policy");
    std::fs::write(&policy, format!("log {key}\nquorum none\n")).unwrap();
    let words = auditor
        .run(&["verify", "all.zip", "--policy", "policy"])
        .await
        .ends(0);
    assert!(
        words.out.contains("proven   every entry of the log"),
        "{}",
        words.out
    );
    let foreign = foreign(&zip, None);
    assert_eq!(
        (
            &foreign["same_root"],
            &foreign["same_size"],
            &foreign["rows"]
        ),
        (&json!(true), &json!(true), &json!(8)),
        "{foreign}"
    );
    assert_eq!(foreign["proven"], foreign["shown"], "{foreign}");

    // Nobody is trusted unasked, and not everybody.
    let nobody: Ran = auditor.run(&["verify", "all.zip"]).await.ends(1);
    assert!(nobody.err.contains("--vkey"), "{}", nobody.err);
    let (good, said) = verify(
        &zip,
        &[
            "--vkey",
            "exchange.example/log+b3f38ea5+AfmsFKl2P5F2Z9L9QQYVnJu2Wy7RtJbl7w3iLTuEfXmG",
        ],
    );
    assert!(!good && said["named"][0]["member"] == "seal", "{said}");
    // That it was made is an entry of the history itself: the next package has it.
    let later = auditor.dir().join("later.zip");
    package(&w.auditor.api, json!({}), &later).await;
    let lines = member(&later, "entries.ndjson");
    assert!(lines.contains("export.made"), "it is in the history");
    let rows = member(&later, "rows.ndjson");
    assert!(
        requests
            .iter()
            .all(|r| rows.contains(r["id"].as_str().unwrap()))
    );
}

async fn each_is_given_what_is_his_to_see(db: Db) {
    let w = World::new(db).await;
    let requests = busy(&w).await;
    let theirs = Filing::referral(&["https://forum.example/theirs"]).json();
    let theirs = w
        .other_unit
        .api
        .post("/v1/requests", &theirs)
        .await
        .is(201)
        .json();
    let key = vkey(&w.unit.api).await;
    let files = Scratch::new("packages");
    let of_platform = client(
        &w.operator,
        json!({"name": "Auditor of Paste", "auditor": {"platform": w.platform.id}}),
    )
    .await;
    let of_platform = w.operator.api.acting_as(of_platform);
    for (name, api, escrowed) in [
        ("unit", &w.unit.api, true),
        ("platform", &of_platform, false),
    ] {
        let zip = files.join(name);
        package(api, json!({}), &zip).await;
        let (good, said) = verify(&zip, &["--vkey", &key]);
        assert!(good, "{name}: {said}");
        assert_eq!(
            (&said["rows"], &said["complete"]),
            (&json!(8), &json!(false)),
            "{name}"
        );
        let (rows, entries) = (member(&zip, "rows.ndjson"), member(&zip, "entries.ndjson"));
        assert!(
            !rows.contains(theirs["id"].as_str().unwrap())
                && !entries.contains(theirs["id"].as_str().unwrap())
        );
        assert!(rows.contains(requests[0]["id"].as_str().unwrap()));
        assert_eq!(rows.contains("filing_sha256"), escrowed, "{name}");
        assert_eq!(entries.contains("request.filed"), escrowed, "{name}");
        assert_eq!(
            said["withheld"]["escrowed"].as_u64(),
            (!escrowed).then_some(4),
            "{said}"
        );
    }
    w.platform
        .api
        .post("/v1/exports", &json!({"format": "package"}))
        .await
        .problem(403, "forbidden");
}

async fn a_package_of_some_requests_is_checked_as_well(db: Db) {
    let w = World::new(db).await;
    busy(&w).await;
    let key = vkey(&w.unit.api).await;
    let files = Scratch::new("packages");
    for (filter, rows) in [
        (json!({"status": "withdrawn"}), 2),
        (json!({"outcome": "restored"}), 2),
        (json!({"locator": "hxxps://paste[.]example/1/b"}), 1),
        (json!({"host": "paste.example", "ground": "tco:a"}), 8),
        (json!({"filed_from": "2999-01-01T00:00:00Z"}), 0),
    ] {
        let zip = files.join("some.zip");
        package(&w.auditor.api, filter.clone(), &zip).await;
        let (good, said) = verify(&zip, &["--vkey", &key]);
        assert!(good, "{filter}: {said}");
        assert_eq!(
            (&said["rows"], &said["complete"]),
            (&json!(rows), &json!(false)),
            "{filter}"
        );
    }
}

async fn of_an_erased_request_a_package_shows_that_it_was_erased(db: Db) {
    let w = World::new(db).await;
    w.file(&Filing::referral(&["https://paste.example/kept"]))
        .await;
    let request = crate::retention::closed(&w, &crate::retention::marked()).await;
    crate::retention::erase(&w, &request).await.is(201);
    let key = vkey(&w.unit.api).await;
    let files = Scratch::new("packages");
    for (api, complete) in [(&w.auditor.api, true), (&w.unit.api, false)] {
        let zip = files.join("erased.zip");
        package(api, json!({}), &zip).await;
        let (good, said) = verify(&zip, &["--vkey", &key]);
        assert!(good, "{said}");
        assert_eq!(
            (&said["rows"], &said["complete"]),
            (&json!(2), &json!(complete))
        );
        assert!(said["withheld"]["erased"].as_u64() > Some(0), "{said}");
        let entries = member(&zip, "entries.ndjson");
        assert!(entries.contains("request.erased"));
        assert!(!entries.contains(crate::retention::MARK));
    }
}

/// What a foreign program prints.
pub fn python(program: &str, arguments: &[&str]) -> Vec<u8> {
    let done = Command::new(paths::tool("venv/bin/python"))
        .args(["-c", program])
        .args(arguments)
        .output()
        .unwrap();
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    done.stdout
}

/// A member of a package, as a foreign program reads it.
pub fn member(package: &Path, name: &str) -> String {
    let read = "import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))";
    String::from_utf8(python(read, &[package.to_str().unwrap(), name])).unwrap()
}

/// What a foreign program says of a package, and whether it continues a checkpoint that was kept.
pub fn foreign(package: &Path, kept: Option<&Path>) -> Value {
    let done = Command::new(paths::tool("venv/bin/python"))
        .arg(paths::root().join("tests/clients/python/read_package.py"))
        .arg(package)
        .args(kept)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .unwrap();
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    serde_json::from_slice(&done.stdout).unwrap()
}
