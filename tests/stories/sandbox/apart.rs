//! What is real and what is not never share data.

use super::{Tester, calm, started};
use std::path::Path;
use std::process::Command;
use takedown_tests::paths::Scratch;
use takedown_tests::{Db, Filing, Server, World, both_databases, seams};

both_databases!(
    a_sandbox_takes_nothing_that_is_real,
    an_exchange_takes_nothing_of_a_sandbox,
    a_sandbox_takes_no_keys_of_an_exchange,
    a_sandbox_that_was_stopped_in_its_first_start_starts,
);

/// Runs a server that must refuse to start; what it said.
fn refuses(mut command: Command) -> String {
    let ran = command.output().unwrap();
    let said = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert_eq!(ran.status.code(), Some(1), "{said}");
    assert!(!String::from_utf8_lossy(&ran.stdout).contains(seams::LISTENING));
    said
}

/// The database of a server, for whoever has another data directory.
fn database(server: &Server) -> String {
    let file = || format!("sqlite://{}", seams::database_file(server.data()).display());
    server.database().url().unwrap_or_else(file)
}

/// `takedown <verb>` with a data directory of its own and the database of this server.
fn on_its_database(server: &Server, verb: &str, data: &Path) -> Command {
    let mut command = server.command(&[verb]);
    command.env("TAKEDOWN_DATA_DIR", data);
    command.env("TAKEDOWN_DATABASE_URL", database(server));
    command
}

/// What lies in a directory and below it, without what SQLite makes and removes by itself.
fn files(directory: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).unwrap().map(Result::unwrap) {
        let path = entry.path();
        let name = path.display().to_string();
        if path.is_dir() {
            found.extend(files(&path));
        } else if !name.ends_with("-wal") && !name.ends_with("-shm") {
            found.push(name);
        }
    }
    found.sort();
    found
}

async fn a_sandbox_takes_nothing_that_is_real(db: Db) {
    let mut w = World::new(db).await;
    let request = w
        .file(&Filing::referral(&["https://paste.example/1"]))
        .await;
    w.server.stop();
    let before = files(w.server.data());
    let said = refuses(w.server.command(&["sandbox"]));
    assert!(said.contains("--data-dir"), "{said}");
    let other = Scratch::new("sandbox");
    let data = other.join("data");
    let said = refuses(on_its_database(&w.server, "sandbox", &data));
    assert!(said.contains("that of an exchange"), "{said}");
    assert!(!data.join("SANDBOX").exists(), "nothing was begun");
    assert_eq!(files(w.server.data()), before);
    // It goes on as if nothing had been.
    w.server.restart();
    assert_eq!(w.read(&request).await["status"], "filed");
}

async fn an_exchange_takes_nothing_of_a_sandbox(db: Db) {
    let mut server = started(db, &calm());
    let t = Tester::new(&server).await;
    let filed = t.refer("removes.test").await;
    t.becomes(&filed, "closed").await;
    server.stop();
    let said = refuses(server.command(&["serve"]));
    assert!(said.contains("that of a sandbox"), "{said}");
    let other = Scratch::new("exchange");
    let data = other.join("data");
    let said = refuses(on_its_database(&server, "serve", &data));
    assert!(said.contains("that of a sandbox"), "{said}");
    // A sandbox finds its own again, with whatever was in it.
    server.restart();
    t.becomes(&filed, "closed").await;
}

async fn a_sandbox_takes_no_keys_of_an_exchange(db: Db) {
    let mut w = World::new(db).await;
    w.server.stop();
    let other = Scratch::new("sandbox");
    let data = other.join("data");
    for (variable, file) in [
        ("TAKEDOWN_HISTORY_KEY", "history.key"),
        ("TAKEDOWN_WEBHOOKS_SEALING_KEY", "sealing.key"),
    ] {
        let mut command = w.server.command(&["sandbox"]);
        command.env("TAKEDOWN_DATA_DIR", &data);
        command.env(variable, w.server.data().join("keys").join(file));
        let said = refuses(command);
        assert!(
            said.contains(variable) && said.contains("sandbox.toml"),
            "{said}"
        );
        assert!(!data.exists(), "nothing was begun");
    }
}

async fn a_sandbox_that_was_stopped_in_its_first_start_starts(db: Db) {
    let mut server = Server::prepare(db, &calm());
    let migrated = server.command(&["migrate"]).output().unwrap();
    assert!(migrated.status.success(), "{migrated:?}");
    // Somebody made the tables, and nobody said what for.
    let said = refuses(server.command(&["sandbox"]));
    assert!(said.contains("sandbox"), "{said}");
    std::fs::write(server.data().join("SANDBOX"), "").unwrap();
    server.as_sandbox();
    let server = server.started();
    let t = Tester::new(&server).await;
    let filed = t.refer("removes.test").await;
    t.becomes(&filed, "closed").await;
}
