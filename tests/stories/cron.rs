//! `takedown inbox` as cron runs it: nothing is lost, one failure holds up no other, and another inbox's file is refused; and the
//! guide that leads there, played block by block.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use takedown_tests::cli::Cli;
use takedown_tests::paths::{self, Scratch};
use takedown_tests::relay::Relay;
use takedown_tests::seams::setting;
use takedown_tests::sink::Sink;
use takedown_tests::world::{Party, client};
use takedown_tests::{Db, Filing, World, both_databases};

use crate::readme::blocks;

both_databases!(
    what_fails_is_run_again_and_holds_up_nothing,
    a_day_without_the_exchange_loses_nothing,
    the_state_of_another_inbox_is_refused_by_name,
    from_a_mail_to_automatic_in_ten_minutes,
);

async fn filed(w: &World, links: &[&str]) -> Value {
    w.file(&Filing::referral(links)).await
}

/// A program in a shell's directory.
fn program(dir: &Path, name: &str, text: &str) {
    let path = dir.join(name);
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

fn lines(dir: &Path, name: &str) -> Vec<String> {
    let text = std::fs::read_to_string(dir.join(name)).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

fn state(dir: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(dir.join("place")).unwrap()).unwrap()
}

/// Writes down what it is given, and fails for links with `bad` in them while there is a file `broken`.
const HANDLE: &str = "#!/bin/sh\nprintf '%s %s\\n' \"$TAKEDOWN_ITEM_NUMBER\" \"$1\" >> handled\n\
                      [ ! -e broken ] || case $1 in *bad*) exit 3 ;; esac\n";

async fn what_fails_is_run_again_and_holds_up_nothing(db: Db) {
    let w = World::new(db).await;
    let platform = Cli::of(&w.platform, &w.server);
    let dir = platform.dir();
    program(dir, "handle", HANDLE);
    std::fs::write(dir.join("broken"), "").unwrap();
    let first = filed(
        &w,
        &["https://paste.example/bad", "https://paste.example/b"],
    )
    .await;
    filed(&w, &["https://paste.example/c"]).await;
    let run = async |tries: &str| {
        platform
            .run(&[
                "inbox", "--state", "place", "--tries", tries, "--exec", "./handle",
            ])
            .await
    };
    let failed = run("3").await.ends(1);
    assert!(failed.err.contains("failed 1 of 3 times"), "{}", failed.err);
    assert!(!failed.err.contains("https://paste"), "{}", failed.err);
    let all = [
        "1 https://paste.example/bad",
        "2 https://paste.example/b",
        "1 https://paste.example/c",
    ];
    assert_eq!(lines(dir, "handled"), all);

    // What came since is done beside the repetition.
    filed(&w, &["https://paste.example/d"]).await;
    run("3").await.ends(1);
    assert_eq!(
        lines(dir, "handled")[3..],
        [all[0], "1 https://paste.example/d"]
    );
    let given_up = run("3").await.ends(1);
    assert!(
        given_up.err.contains("given up after 3 times"),
        "{}",
        given_up.err
    );
    run("3").await.ends(0);
    assert_eq!(lines(dir, "handled").len(), 6, "it was given up");
    let kept = &state(dir)["failed"][0];
    assert_eq!(
        (&kept["reference"], &kept["position"], &kept["tries"]),
        (&first["reference"], &json!(1), &json!(3))
    );

    std::fs::remove_file(dir.join("broken")).unwrap();
    run("4").await.ends(0);
    assert_eq!(lines(dir, "handled").len(), 7);
    assert_eq!(state(dir)["failed"], Value::Null);

    // A program that is not there is nobody's try.
    filed(&w, &["https://paste.example/e"]).await;
    let missing = [
        "inbox",
        "--state",
        "place",
        "--tries",
        "1",
        "--exec",
        "./no-such",
    ];
    let missing = platform.run(&missing).await.ends(1);
    assert!(missing.err.contains("./no-such"), "{}", missing.err);
    run("1").await.ends(10);
    assert_eq!(lines(dir, "handled")[7..], ["1 https://paste.example/e"]);
}

/// A shell that reaches the server wherever it is.
fn through(relay: &Relay, party: &Party, w: &World) -> Cli {
    let mut cli = Cli::of(party, &w.server);
    cli.at(&relay.url());
    cli
}

async fn a_day_without_the_exchange_loses_nothing(db: Db) {
    let mut w = World::new(db).await;
    let relay = Relay::to(w.server.address()).await;
    let platform = through(&relay, &w.platform, &w);
    let dir = platform.dir().to_owned();
    program(&dir, "handle", HANDLE);
    let run = async || {
        platform
            .run(&["inbox", "--state", "place", "--exec", "./handle"])
            .await
    };
    filed(&w, &["https://paste.example/a"]).await;
    run().await.ends(10);
    let before = state(&dir);
    filed(&w, &["https://paste.example/b"]).await;
    w.server.kill9();
    run().await.ends(1);
    assert_eq!(state(&dir), before, "the place is where it was");
    w.server.restart();
    filed(&w, &["https://paste.example/c"]).await;
    run().await.ends(10);
    let all = [
        "1 https://paste.example/a",
        "1 https://paste.example/b",
        "1 https://paste.example/c",
    ];
    assert_eq!(lines(&dir, "handled"), all);
    run().await.ends(0);
}

async fn the_state_of_another_inbox_is_refused_by_name(db: Db) {
    let w = World::new(db).await;
    let relay = Relay::to(w.server.address()).await;
    let platform = through(&relay, &w.platform, &w);
    filed(&w, &["https://paste.example/a"]).await;
    platform.run(&["inbox", "--state", "place"]).await.ends(10);
    let place = platform.dir().join("place");
    let kept = std::fs::read(&place).unwrap();
    let path = place.display().to_string();

    let other = through(&relay, &w.other_platform, &w);
    let refused = other.run(&["inbox", "--state", &path]).await.ends(1);
    let (ours, theirs) = (
        w.platform.api.credentials(),
        w.other_platform.api.credentials(),
    );
    for name in [&path, &ours.id, &theirs.id, &relay.url(), "another party"] {
        assert!(refused.err.contains(name), "no {name} in: {}", refused.err);
    }
    let elsewhere = Cli::of(&w.platform, &w.server);
    let refused = elsewhere.run(&["inbox", "--state", &path]).await.ends(1);
    for name in [&path, &ours.id, &relay.url(), &w.server.url()] {
        assert!(
            refused.err.contains(name.as_str()),
            "no {name} in: {}",
            refused.err
        );
    }
    assert_eq!(std::fs::read(&place).unwrap(), kept, "it is as it was");

    // A new client of the same platform goes on where the old one was.
    let fresh = client(
        &w.operator,
        json!({"name": "new", "platform": w.platform.id}),
    )
    .await;
    let fresh = Party {
        id: w.platform.id.clone(),
        api: w.platform.api.acting_as(fresh),
    };
    let fresh = through(&relay, &fresh, &w);
    fresh.run(&["inbox", "--state", &path]).await.ends(0);
    std::fs::write(&place, "no state").unwrap();
    let refused = platform.run(&["inbox", "--state", &path]).await.ends(1);
    assert!(refused.err.contains(&path), "{}", refused.err);
}

async fn from_a_mail_to_automatic_in_ten_minutes(db: Db) {
    let settings = [
        setting("TAKEDOWN_WEBHOOKS_LOOPBACK", "true"),
        setting("TAKEDOWN_WORKER_POLL_INTERVAL", "50ms"),
    ];
    let w = World::with(db, &settings).await;
    let sink = Sink::start().await;
    let by_hand = filed(&w, &["https://paste.example/first"]).await;
    let plain = filed(
        &w,
        &["https://paste.example/abc1", "https://paste.example/abc2"],
    )
    .await;
    let odd = filed(&w, &["https://paste.example/$(touch ~/pwned)/../x"]).await;

    let guide = paths::root().join("docs/guides/ten-minutes.md");
    let guide = std::fs::read_to_string(guide).unwrap();
    let home = Scratch::new("home");
    std::fs::create_dir_all(home.join("pastes")).unwrap();
    for name in ["abc1", "abc2", "innocent"] {
        std::fs::write(home.join("pastes").join(name), name).unwrap();
    }
    let who = w.platform.api.credentials();
    // What the operator would have told the reader, and where his own server is.
    let mut script = blocks(&guide, "sh");
    for (written, true_here) in [
        ("https://exchange.example", w.server.url()),
        ("client_01kb0000000000000000000000", who.id.clone()),
        ("the secret that was shown once", who.secret.clone()),
        ("https://hooks.paste.example/takedown", sink.url("/hook")),
    ] {
        assert_eq!(script.matches(written).count(), 1, "{written} in the guide");
        script = script.replace(written, &true_here);
    }
    let shell = |script: &str| {
        let mut bash = Command::new("sh");
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("TAKEDOWN_")) {
            bash.env_remove(name);
        }
        let own = paths::binary();
        let path = std::env::var("PATH").unwrap_or_default();
        let path = format!("{}:{path}", own.parent().unwrap().display());
        bash.args(["-c", script])
            .current_dir(home.path())
            .env("HOME", home.path())
            .env("PATH", path)
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("XDG_STATE_HOME")
            .stdin(Stdio::null());
        tokio::task::spawn_blocking(move || bash.output().unwrap())
    };
    let ran = shell(&format!("set -eu\n{script}")).await.unwrap();
    let (out, err) = (
        String::from_utf8_lossy(&ran.stdout),
        String::from_utf8_lossy(&ran.stderr),
    );
    assert!(ran.status.success(), "{}:\n{out}\n--\n{err}", ran.status);

    for (request, outcome) in [(&by_hand, "removed"), (&plain, "removed")] {
        let closed = w.read(request).await;
        assert_eq!(
            (&closed["status"], &closed["result"]),
            (&json!("closed"), &json!("actioned")),
            "{out}\n{err}"
        );
        assert_eq!(closed["items"][0]["outcome"]["code"], outcome);
    }
    assert_eq!(w.read(&odd).await["status"], "fetched", "left to the owner");
    let later = lines(home.path(), "takedown/later");
    let reference = odd["reference"].as_str().unwrap();
    assert_eq!(later.len(), 1, "{later:?}\n{err}");
    assert!(
        later[0].starts_with(&format!("{reference} link 1: ")),
        "{later:?}"
    );
    let left = |name: &str| home.join("pastes").join(name).exists();
    assert!(!left("abc1") && !left("abc2") && left("innocent") && !home.join("pwned").exists());
    assert!(home.join("takedown/removed/abc1").exists());
    for private in ["takedown/env", "takedown/webhook-secret"] {
        let mode = std::fs::metadata(home.join(private))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o077, 0, "{private}");
    }

    // The line for cron, as cron runs it.
    let new = filed(&w, &["https://paste.example/innocent"]).await;
    let cron = blocks(&guide, "cron");
    let line = cron.trim().strip_prefix("*/5 * * * * ").unwrap();
    let ran = shell(line).await.unwrap();
    let out = String::from_utf8_lossy(&ran.stdout);
    assert!(out.contains(new["reference"].as_str().unwrap()), "{out}");
    assert_eq!(w.read(&new).await["status"], "closed");
    let quiet = shell(line).await.unwrap();
    assert!(
        quiet.stdout.is_empty(),
        "{}",
        String::from_utf8_lossy(&quiet.stdout)
    );

    let secret = std::fs::read_to_string(home.join("takedown/webhook-secret")).unwrap();
    assert!(secret.starts_with("whsec_") && secret.lines().count() == 1);
    sink.receives("/hook", 1).await;
}
