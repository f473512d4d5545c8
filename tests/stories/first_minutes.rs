//! A stranger's first minutes: the demo that tells the story by itself, and the server with demo parties.

use takedown_tests::database::Database;
use takedown_tests::paths::Scratch;
use takedown_tests::{Db, Server, both_databases, seams, wait};

both_databases!(the_doctor_only_looks_and_says_what_to_do,);

async fn the_doctor_only_looks_and_says_what_to_do(db: Db) {
    let server = Server::prepare(db, &[]);
    let files = || {
        let entries = std::fs::read_dir(server.data()).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    let run = |command: &str| {
        let ran = server.command(&[command]).output().unwrap();
        let told = String::from_utf8_lossy(&ran.stdout).into_owned();
        (ran.status.code(), told)
    };
    for _ in 0..2 {
        let (code, told) = run("doctor");
        assert_eq!(code, Some(1), "{told}");
        let database = told.lines().find(|line| line.contains("database"));
        let database = database.unwrap_or_else(|| panic!("{told}"));
        assert!(
            database.starts_with("FAILED") && database.contains("`takedown migrate`"),
            "{told}"
        );
        assert!(files().is_empty(), "{:?}", files());
    }
    let (code, told) = run("migrate");
    assert!(code == Some(0) && told.contains("migrated: 0001"), "{told}");
    let before = files();
    let (code, told) = run("doctor");
    assert!(
        code == Some(0) && told.contains("its tables are up to date"),
        "{told}"
    );
    assert_eq!(files(), before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_tells_the_story_and_ends() {
    let scratch = Scratch::new("demo");
    let mut demo = seams::takedown(scratch.path(), &Database::Sqlite, &["demo"]);
    let ran = tokio::task::spawn_blocking(move || demo.output().unwrap())
        .await
        .unwrap();
    let told = String::from_utf8_lossy(&ran.stdout);
    assert!(
        ran.status.success(),
        "{told}\n{}",
        String::from_utf8_lossy(&ran.stderr)
    );
    for word in ["filed", "fetched", "acknowledged", "closed"] {
        assert!(told.contains(word), "no {word:?} in:\n{told}");
    }
    assert!(
        !seams::database_file(scratch.path()).exists(),
        "it left its scratch database behind"
    );
}

/// The lines of curl that the server prints do the main job by copy and paste.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_printed_lines_do_the_job_by_copy_and_paste() {
    let mut server = Server::prepare(Db::Sqlite, &[]);
    server.serve_with(&["--demo-parties"]);
    server.restart();
    let printed = wait::until("the four lines", || async {
        let log = server.log();
        (log.matches("curl ").count() >= 4).then_some(log)
    })
    .await;
    // What is printed names the server as the public does; no proxy stands here.
    let lines = shell_lines(&printed).replace(seams::PUBLIC_URL, &server.url());
    let script = format!("set -euo pipefail\n{lines}");
    let script_for_bash = script.clone();
    let ran = tokio::task::spawn_blocking(move || {
        std::process::Command::new("bash")
            .arg("-c")
            .arg(script_for_bash)
            .output()
            .unwrap()
    })
    .await
    .unwrap();
    let said = format!(
        "{}\n{}",
        String::from_utf8_lossy(&ran.stdout),
        String::from_utf8_lossy(&ran.stderr)
    );
    assert!(ran.status.success(), "{script}\n{said}");
    assert!(said.contains("closed"), "{script}\n{said}");

    // A second start keeps the data and asks for nothing.
    server.stop();
    server.restart();
}

/// The commands among what is printed: assignments and curl lines with what continues them.
fn shell_lines(printed: &str) -> String {
    let mut lines = Vec::new();
    let mut goes_on = false;
    for line in printed.lines().map(str::trim) {
        let assignment = line.split_once('=').is_some_and(|(name, _)| {
            !name.is_empty() && name.chars().all(|c| c.is_ascii_uppercase() || c == '_')
        });
        if goes_on || line.starts_with("curl ") || line.starts_with("export ") || assignment {
            lines.push(line);
            goes_on = line.ends_with('\\') || line.ends_with('|');
        }
    }
    lines.join("\n")
}
