//! The operator's own drill: database, keys of the server and mail are in hostile hands, and the other side finds it by itself.
//! docs/guides/hostile-operator.md tells the same in words; what is not found is played as well.

mod backdated;
mod deleted;
mod forged;
mod swapped;
mod two_histories;

use serde_json::{Value, json};
use std::process::Command;
use takedown_tests::cli::{Cli, Ran};
use takedown_tests::seams::{database_file, setting};
use takedown_tests::world::{Party, client};
use takedown_tests::{Answer, Db, Filing, Server, World, paths, wait};

const DOMAIN: &str = "police.example";

/// A world in which a key counts as soon as the operator has confirmed it: the operator is the hostile one.
async fn world() -> World {
    World::with(Db::Sqlite, &[setting("TAKEDOWN_SIGNING_KEY_AGE", "0s")]).await
}

/// What somebody with the machine does to the database of a server that is stopped. It must change something.
fn doctor(server: &Server, statements: &str) {
    let script = "
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.executescript(sys.argv[2])
sys.exit('nothing was changed' if db.total_changes == 0 else 0)
";
    let done = Command::new(paths::tool("venv/bin/python"))
        .args(["-c", script])
        .arg(database_file(server.data()))
        .arg(statements)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{statements}: {said}");
}

/// Makes the exchange itself seal and sign what was doctored: these entries get new seals, all get their places anew, and what
/// was signed before is forgotten everywhere. It has the key of the log, so the forged history is signed as well as a true one.
fn seal_anew(server: &Server, doctored: &str) {
    let all = format!(
        "UPDATE history SET salt = NULL, leaf = NULL WHERE {doctored};
         UPDATE history SET log_index = NULL;
         UPDATE log_state SET size = 0, roots = x'';
         DELETE FROM log_tiles; DELETE FROM log_checkpoints;"
    );
    doctor(server, &all);
    forget(server);
}

/// The node forgets what it knew to be signed.
fn forget(server: &Server) {
    std::fs::remove_file(server.data().join("history/checkpoint")).unwrap();
}

/// A command on the machine of the server, or with its database: whether it ended well, and what it said.
fn run(server: &Server, arguments: &[&str]) -> (bool, String) {
    let done = server.command(arguments).output().unwrap();
    let said = [done.stdout, done.stderr].map(|said| String::from_utf8(said).unwrap());
    (done.status.success(), said.concat())
}

/// `takedown verify` by an auditor who was given a copy of the database of a server that is stopped, and nothing else of it.
fn verify_copy(server: &Server, auditor: &Cli, arguments: &[&str]) -> Ran {
    let copy = auditor.dir().join("copy");
    std::fs::create_dir_all(&copy).unwrap();
    std::fs::copy(database_file(server.data()), database_file(&copy)).unwrap();
    let mut command = auditor.command(&["verify"]);
    command.args(arguments).env("TAKEDOWN_DATA_DIR", &copy);
    Ran::from(command.output().unwrap())
}

/// A client that the operator makes for a party, without asking it.
async fn impersonated(w: &World, party: &Party) -> Party {
    let wanted = json!({"name": "System", "agency": party.id});
    Party {
        id: party.id.clone(),
        api: w.operator.api.acting_as(client(&w.operator, wanted).await),
    }
}

/// A shell in which a key of the unit was made and registered, and that the operator confirmed. The thumbprint.
async fn with_key(w: &World, shell: &Cli) -> String {
    let new = [
        "keys", "new", "unit.key", "--unit", &w.unit.id, "--domain", DOMAIN,
    ];
    let kid = shell.run(&new).await.ends(0).out.trim().to_owned();
    shell.run(&["keys", "add", "unit.key"]).await.ends(0);
    let operator = Cli::of(&w.operator, &w.server);
    let confirm = ["keys", "confirm", &w.unit.id, &kid];
    operator.run(&confirm).await.ends(0);
    kid
}

/// `takedown file --sign` of one link; the request.
async fn signed(shell: &Cli, link: &str) -> Value {
    let file = [
        "file",
        link,
        "--ground",
        "terms",
        "--reasons",
        "Against your terms.",
        "--language",
        "en",
        "--sign",
        "unit.key",
        "--output",
        "json",
    ];
    let filed = shell.run(&file).await.ends(0);
    filed.lines()[0]["request"].clone()
}

/// An answer to a filing that waited until it was proven, with what its sender keeps of it.
async fn filed(party: &Party, link: &str) -> Answer {
    let body = Filing::referral(&[link]).json();
    let call = party.api.post("/v1/requests", &body);
    let filed = call.header("Prefer", "wait=20").await.is(201);
    assert!(filed.header("takedown-proof").is_some(), "proven in time");
    filed
}

/// Somebody's folder with what he keeps.
fn keep(shell: &Cli, name: &str, text: &str) {
    std::fs::write(shell.dir().join(name), text).unwrap();
}

/// Keeps receipt and proof of an answer.
fn keep_both(shell: &Cli, filed: &Answer) {
    keep(shell, "receipt", filed.header("takedown-receipt").unwrap());
    keep(shell, "proof", filed.header("takedown-proof").unwrap());
}

/// `takedown verify-proof` of what was kept, by the key of the log or a policy.
async fn verify_proof(shell: &Cli, proof: &str, trust: [&str; 2]) -> Ran {
    let check = ["verify-proof", proof, "--receipt", "receipt"];
    shell.run(&[&check[..], &trust[..]].concat()).await
}

/// The key of the log, as each noted it when he came.
async fn vkey(w: &World) -> String {
    crate::log::key_of(&w.unit.api).await.to_string()
}

/// The proof of an entry as the exchange gives it now, once it does.
async fn proof_now(w: &World, entry: &str) -> String {
    wait::until("the proof", async || {
        let at = format!("/v1/log/proofs/{entry}");
        let answer = w.anonymous.get(&at).await;
        (answer.status == 200).then(|| answer.text())
    })
    .await
}

/// The newest checkpoint, once all that is stored is signed.
async fn checkpoint(w: &World) -> String {
    wait::until("a checkpoint", async || {
        let log = w.anonymous.get("/v1/log").await.is(200).json();
        let shown = w.anonymous.get("/log/checkpoint").await;
        let all = shown.status == 200 && log["signed"] == log["size"];
        all.then(|| shown.text())
    })
    .await
}

/// The statement of a request as the exchange hands it to the platform, and the keys it lists for the unit.
async fn handed_over(w: &World, platform: &Cli, request: &Value) {
    let at = format!("/v1/requests/{}/signed", request["id"].as_str().unwrap());
    let statement = w.platform.api.get(&at).await.is(200).text();
    keep(platform, "request.jws", &statement);
    let listed = platform.run(&["keys", "list", &w.unit.id, "--json"]).await;
    keep(platform, "keys.json", &listed.ends(0).out);
}

/// `takedown verify-request` as a platform runs it that remembers keys from their first use.
async fn verify_request(platform: &Cli, further: &[&str]) -> Ran {
    let check = [
        "verify-request",
        "request.jws",
        "--agency-keys",
        "keys.json",
        "--pins",
        "pins.json",
    ];
    platform.run(&[&check[..], further].concat()).await
}
