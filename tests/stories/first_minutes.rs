//! A stranger's first minutes: the demo that tells the story by itself, and the server with demo parties.

use takedown_tests::database::Database;
use takedown_tests::paths::Scratch;
use takedown_tests::{Db, Server, seams, wait};

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
    // What is printed must be reachable from here, not under the public name of the stories' servers.
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    server.set(seams::setting(
        "TAKEDOWN_SERVER_LISTEN",
        &format!("127.0.0.1:{port}"),
    ));
    server.set(seams::setting(
        "TAKEDOWN_SERVER_PUBLIC_URL",
        &format!("http://127.0.0.1:{port}"),
    ));
    server.serve_with(&["--demo-parties"]);
    server.restart();
    let printed = wait::until("the four lines", || async {
        let log = server.log();
        (log.matches("curl ").count() >= 4).then_some(log)
    })
    .await;
    let lines = shell_lines(&printed);
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
