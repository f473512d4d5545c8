//! The guide is played as it is written.

use std::process::{Command, Stdio};

use crate::readme::blocks;
use takedown_tests::paths::{self, Scratch};

/// Ends what the guide started, whatever becomes of it.
const STAGE: &str = "set -eu\ntrap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_tries_his_client_in_five_minutes() {
    let guide = paths::root().join("docs/guides/sandbox.md");
    let guide = std::fs::read_to_string(guide).unwrap();
    // The address is written; here any port that is free has to do.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let here = free.local_addr().unwrap().to_string();
    drop(free);
    let written = "127.0.0.1:8090";
    assert!(guide.contains(written), "the guide has no {written}");
    let script = STAGE.to_owned() + &blocks(&guide, "sh").replace(written, &here);

    let home = Scratch::new("tester");
    let file = home.join("guide.sh");
    std::fs::write(&file, &script).unwrap();
    let mut bash = Command::new("timeout");
    bash.args(["120", "bash"]).arg(&file);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("TAKEDOWN_")) {
        bash.env_remove(name);
    }
    let own = paths::binary();
    let path = std::env::var("PATH").unwrap_or_default();
    bash.current_dir(home.path())
        .env("HOME", home.path())
        .env(
            "PATH",
            format!("{}:{path}", own.parent().unwrap().display()),
        )
        .env("TAKEDOWN_SERVER_LISTEN", &here)
        .env_remove("XDG_CONFIG_HOME")
        .env_remove("XDG_STATE_HOME")
        .stdin(Stdio::null());
    let ran = tokio::task::spawn_blocking(move || bash.output().unwrap())
        .await
        .unwrap();
    let (out, err) = (
        String::from_utf8_lossy(&ran.stdout),
        String::from_utf8_lossy(&ran.stderr),
    );
    let log = std::fs::read_to_string(home.join("sandbox.log")).unwrap_or_default();
    let said = format!("{out}\n--\n{err}\n-- the sandbox:\n{log}");
    assert!(ran.status.success(), "{}: {said}", ran.status);
    for sign in [
        "removes.test",
        "closed",
        "7200 seconds ahead",
        "answered 500",
    ] {
        assert!(out.contains(sign), "no {sign:?}: {said}");
    }
    assert!(
        !home.join("sandbox").exists(),
        "it was cleared away: {said}"
    );
}
