//! Disks that fill: the exchange's while it makes a file, and that of whoever downloads one.

use super::{finished, made, verify, vkey};
use serde_json::json;
use std::process::Command;
use takedown_tests::cli::{Cli, Ran};
use takedown_tests::{Db, Filing, Server, World, disk, seams};

async fn file_many(w: &World) {
    let rows: Vec<_> = (0..400)
        .map(|n| Filing::referral(&[&format!("https://paste.example/{n}")]).json())
        .collect();
    let body = json!(rows);
    w.unit.api.post("/v1/requests/batch", &body).await.is(200);
}

/// What is left of a disk is left to those who file: an export stops before it is full, says why, and is made when there is room.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_fails_before_the_disk_is_full_and_is_made_when_there_is_room() {
    let mut server = Server::prepare(Db::Sqlite, &seams::no_rate_limit());
    disk::small(&mut server, "128m");
    let w = World::on(server).await;
    file_many(&w).await;
    let auditor = &w.auditor.api;
    // 64 MiB are for filings; less is left now.
    let filler = disk::leave(&disk::inside(&w.server), 32);
    let file = made(auditor, &json!({"format": "ndjson"})).await;
    assert_eq!(
        (&file["state"], &file["reason"], &file["bytes"]),
        (&json!("failed"), &json!("storage_full"), &json!(0)),
        "{file}"
    );
    let address = format!("/v1/exports/{}", file["id"].as_str().unwrap());
    let refused = auditor.get(&format!("{address}/content")).await;
    let problem = refused.problem(409, "conflict-state");
    assert!(problem.to_string().contains("storage_full"), "{problem}");
    assert_eq!(file["content"], json!(null), "nothing is offered");
    // Nobody who files notices.
    w.file(&Filing::referral(&["https://paste.example/meanwhile"]))
        .await;
    let cli = Cli::of(&w.auditor, &w.server);
    let told = cli
        .run(&["export", "--format", "xlsx", "--out", "all.xlsx"])
        .await
        .ends(1);
    assert!(told.err.contains("storage_full"), "{}", told.err);
    assert!(told.err.contains("--retry exp_"), "{}", told.err);
    assert!(!cli.dir().join("all.xlsx").exists());

    std::fs::remove_file(&filler).unwrap();
    let again = auditor.post(&format!("{address}/retry"), &json!({})).await;
    let again = again.is(202).json();
    let file = finished(auditor, again["id"].as_str().unwrap()).await;
    assert_eq!(file["state"], "done", "{file}");
    let content = auditor.get(file["content"].as_str().unwrap()).await.is(200);
    let stream = auditor.get("/v1/exports/requests").await.is(200);
    assert_eq!(content.text(), stream.text());
    assert_eq!(stream.text().lines().count(), 401);
}

/// On a disk of 64 KiB, which then becomes larger. Says how each command ended, and what there was after it.
const DOWNLOADS: &str = r#"
takedown=$0
mkdir small && mount -t tmpfs -o size=64k tmpfs small || exit 90
streamed() { "$takedown" export --format ndjson --out small/rows.ndjson 2>>err; echo "streamed $? $(ls small | tr '\n' ' ')"; }
resumed() { "$takedown" export --resume "$id" --out small/evidence.zip 2>>err; echo "resumed $? $(ls small | tr '\n' ' ')"; }
streamed
"$takedown" export --format package --out small/evidence.zip 2>first
echo "first $? $(ls small | tr '\n' ' ')"
cat first >>err
id=$(grep -o 'exp_[0-9a-z]*' first | head -1)
resumed
before=$(stat -c %s small/evidence.zip.partial-*)
mount -o remount,size=16m small || exit 91
resumed
echo "kept $before"
cp small/evidence.zip .
streamed
cp small/rows.ndjson .
"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_download_to_a_full_disk_goes_on_where_it_was() {
    let w = World::new(Db::Sqlite).await;
    file_many(&w).await;
    let cli = Cli::of(&w.auditor, &w.server);
    let takedown = cli.command(&[]);
    let mut shell = Command::new("unshare");
    shell
        .args(["--mount", "--map-root-user", "sh", "-c", DOWNLOADS])
        .arg(takedown.get_program())
        .current_dir(cli.dir());
    for (name, value) in takedown.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    let ran = tokio::task::spawn_blocking(move || shell.output());
    let ran = Ran::from(ran.await.unwrap().unwrap()).ends(0);
    let err = std::fs::read_to_string(cli.dir().join("err")).unwrap();
    let said: Vec<Vec<&str>> = ran
        .out
        .lines()
        .map(|l| l.split_whitespace().collect())
        .collect();
    assert_eq!(
        said[0],
        ["streamed", "1"],
        "nothing is left of a stream: {err}"
    );
    for (line, name) in [(1, "first"), (2, "resumed")] {
        assert_eq!(said[line][..2], [name, "1"], "{err}");
        assert_eq!(said[line].len(), 3, "{said:?}");
        assert!(
            said[line][2].starts_with("evidence.zip.partial-"),
            "{said:?}"
        );
    }
    assert_eq!(err.matches("No space left on device").count(), 3, "{err}");
    assert_eq!(said[3], ["resumed", "0", "evidence.zip"], "{err}");
    let kept: usize = said[4][1].parse().unwrap();
    assert!(kept > 0, "{said:?}");
    let (good, told) = verify(
        &cli.dir().join("evidence.zip"),
        &["--vkey", &vkey(&w.unit.api).await],
    );
    assert!(good, "{told}");
    assert_eq!(told["rows"], 400);
    let stream = w.auditor.api.get("/v1/exports/requests").await.is(200);
    let rows = std::fs::read_to_string(cli.dir().join("rows.ndjson")).unwrap();
    assert_eq!(rows, stream.text());
}
