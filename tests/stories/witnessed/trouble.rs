//! What can be wrong with a witness, with the database, or with the policy.

use super::{NAMES, Watched, last_entry};
use crate::log::older::{copied, put_back};
use data_encoding::BASE64;
use takedown_core::log::SignedCheckpoint;
use takedown_core::log::note::{Signature, VerifierKey};
use takedown_core::log::witness::AddCheckpoint;
use takedown_tests::link::Link;
use takedown_tests::seams::setting;
use takedown_tests::{Db, Filing, both_databases, wait};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

both_databases!(
    a_database_that_was_put_back_is_found_out_by_the_witnesses,
    a_node_that_remembers_nothing_hears_the_witnesses_before_it_signs,
    a_witness_that_lies_is_passed_over_and_named,
);

async fn a_database_that_was_put_back_is_found_out_by_the_witnesses(db: Db) {
    let mut watched = Watched::new(db).await;
    watched.signed("https://paste.example/kept").await;
    watched.w.server.stop();
    copied(&watched.w.server, "_backup");
    watched.w.server.restart();
    for n in 0..3 {
        watched
            .signed(&format!("https://paste.example/lost/{n}"))
            .await;
    }
    watched.w.server.stop();
    put_back(&watched.w.server, "_backup");
    // The node itself has forgotten as well, as after the loss of its machine.
    watched.forget();
    watched.w.server.restart();

    // It cannot know, and asks; every witness shows what this log has signed. Then it is as if it had remembered.
    let why = watched.says("stopped").await;
    let named = "the history in the database is not the one that was signed";
    assert!(why.contains(named), "{why}");
    let body = Filing::referral(&["https://paste.example/another"]).json();
    let refused = watched.w.unit.api.post("/v1/requests", &body).await;
    refused.problem(503, "history-behind");
    watched.w.server.stop();
    watched.w.server.restart();
    assert!(watched.says("stopped").await.contains(named));

    // Whoever asks no witness is told by none, and signs a second history.
    watched.w.server.stop();
    watched.forget();
    watched.w.server.unset("TAKEDOWN_HISTORY_POLICY");
    watched.w.server.restart();
    watched.filed("https://paste.example/another", None).await;
    watched.w.server.stop();
    let file = watched.file().display().to_string();
    watched
        .w
        .server
        .set(setting("TAKEDOWN_HISTORY_POLICY", &file));
    watched.w.server.restart();
    for name in NAMES {
        let why = watched.problem(name, "conflict").await;
        assert!(why.contains("an older database was put back"), "{why}");
    }
    assert!(
        watched
            .w
            .server
            .log()
            .contains("a witness contradicts this log")
    );
    let (good, said) = watched.run(&["doctor"]);
    assert!(!good, "{said}");
    assert!(
        said.contains("FAILED   witness auditor it signed a tree of"),
        "{said}"
    );
    assert!(
        said.contains("those that answer are too few: group outside needs 2"),
        "{said}"
    );

    // Nor does it help to write until there are as many entries again.
    for n in 0..4 {
        watched
            .filed(&format!("https://paste.example/other/{n}"), None)
            .await;
    }
    for name in NAMES {
        wait::until("two histories to be named", async || {
            let problem = watched.stands(name).await["problem"].take();
            let detail = problem["detail"].as_str().unwrap_or_default();
            detail
                .contains("the log has two histories, or its")
                .then_some(())
        })
        .await;
    }
}

async fn a_node_that_remembers_nothing_hears_the_witnesses_before_it_signs(db: Db) {
    let mut watched = Watched::new(db).await;
    let last = watched.signed("https://paste.example/before").await;
    watched.w.server.stop();
    watched.forget();
    watched.wires.iter().for_each(Link::cut);
    watched.w.server.restart();

    // Filing goes on, and the receipt promises what comes later; nothing is signed for it yet.
    let filed = watched.filed("https://paste.example/meanwhile", None).await;
    assert!(filed.header("takedown-receipt").is_some());
    let entry = last_entry(&filed);
    let why = watched.says("waits").await;
    assert!(
        why.contains("not heard: association, auditor, university"),
        "{why}"
    );
    wait::until("it to have its place", async || {
        let log = watched.log().await;
        (log["size"].as_u64() > Some(last.checkpoint().size())).then_some(())
    })
    .await;
    let log = watched.log().await;
    assert!(log["signed"].as_u64() < log["size"].as_u64(), "{log}");
    watched.proof(&entry).await.is(503);
    assert!(
        watched
            .w
            .server
            .log()
            .contains("remembers nothing of the log")
    );

    // Two of three are enough for the policy, and so for this.
    watched.wires[0].mend();
    watched.wires[2].mend();
    watched.proven(&entry).await;
    let log = watched.log().await;
    assert!(log["waits"].is_null() && log["stopped"].is_null(), "{log}");
    // From now on it remembers by itself.
    watched.w.server.stop();
    watched.wires.iter().for_each(Link::cut);
    watched.w.server.restart();
    let log = watched.log().await;
    assert!(log["waits"].is_null() && log["stopped"].is_null(), "{log}");
}

/// Answers every request with a signature that says it is of this key and is not.
async fn liar(key: VerifierKey) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let forged = Signature::new(key.name().clone(), key.id(), vec![7; 72]);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let body = format!("{forged}\n");
            let mut read = Vec::new();
            // As long as there is no whole request, which ends with a newline behind its signatures.
            while String::from_utf8_lossy(&read)
                .split_once("\r\n\r\n")
                .is_none_or(|(_, sent)| sent.parse::<AddCheckpoint>().is_err())
            {
                let mut some = [0; 4096];
                match stream.read(&mut some).await {
                    Ok(0) | Err(_) => break,
                    Ok(n) => read.extend_from_slice(&some[..n]),
                }
            }
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
                body.len()
            );
            let _ = stream.write_all((head + &body).as_bytes()).await;
        }
    });
    port
}

async fn a_witness_that_lies_is_passed_over_and_named(db: Db) {
    let mut watched = Watched::unwatched(db).await;
    let key: VerifierKey = watched.witnesses[1].vkey().parse().unwrap();
    let forged = BASE64.encode(&[key.id().as_bytes().as_slice(), &[7; 72]].concat());
    let text = watched.policy_text(&[(1, liar(key).await)]);
    watched.ask_by(&text);
    let checkpoint: SignedCheckpoint = watched.signed("https://paste.example/a").await;
    let judgement = watched.policy();
    let judgement = judgement.judge(&checkpoint).expect("nothing forged in it");
    let names: Vec<_> = judgement
        .witnesses()
        .iter()
        .map(|witness| witness.name.to_string())
        .collect();
    assert_eq!(names, ["association", "university"]);
    let why = watched.problem("auditor", "invalid_answer").await;
    assert!(why.contains("no signature that is of its key"), "{why}");
    assert!(!watched.shown().await.to_string().contains(&forged));
    assert_eq!(watched.stands("auditor").await["size"], 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_nodes_ask_each_witness_once_and_show_the_same() {
    let mut watched = Watched::new(Db::Postgres).await;
    let second = watched.w.server.another_node();
    let there = watched.w.unit.api.at(second.address());
    let mut newest = 0;
    for n in 0..4 {
        let checkpoint = watched.signed(&format!("https://paste.example/{n}")).await;
        newest = checkpoint.checkpoint().size();
    }
    let policy = watched.policy();
    let shown: SignedCheckpoint = wait::until("the other node to know", async || {
        let shown = there.get("/log/checkpoint").without_token().await.is(200);
        let shown: SignedCheckpoint = shown.text().parse().unwrap();
        (shown.checkpoint().size() >= newest).then_some(shown)
    })
    .await;
    assert_eq!(policy.judge(&shown).unwrap().unmet(), None);
    // The node that signs dies; the other one goes on asking for what is signed, and shows how witnesses stand.
    let log = there.get("/v1/log").without_token().await.is(200).json();
    assert_eq!(log["witnesses"].as_array().unwrap().len(), 3);
    watched.w.server.stop();
    for witness in &mut watched.witnesses {
        let told = witness.told();
        let mut sizes: Vec<&str> = told
            .lines()
            .filter(|line| line.contains(" signed "))
            .filter_map(|line| line.rsplit_once("size=").map(|(_, size)| size.trim()))
            .collect();
        let asked = sizes.len();
        sizes.sort_unstable();
        sizes.dedup();
        assert!(asked > 0 && sizes.len() == asked, "each size once:\n{told}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_policy_that_cannot_work_is_refused_with_its_line_and_reason() {
    let mut watched = Watched::unwatched(Db::Sqlite).await;
    watched.w.server.stop();
    let good = watched.policy_text(&[]);
    let run = |command: &str, text: &str| {
        let file = watched.file();
        std::fs::write(&file, text).unwrap();
        let mut command = watched.w.server.command(&[command]);
        let done = command
            .env("TAKEDOWN_HISTORY_POLICY", &file)
            .output()
            .unwrap();
        let said = [done.stdout, done.stderr].map(|said| String::from_utf8(said).unwrap());
        (done.status.success(), said.concat())
    };
    let (fine, said) = run("config", &good);
    assert!(fine && said.contains("policy = \""), "{said}");
    let auditor = watched.wires[1].port().to_string();
    let inside = format!("http://127.0.0.1:{auditor}");
    let association = watched.witnesses[0].vkey();
    let other_log = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    for (text, wanted) in [
        (
            good.replace("quorum outside", "quorum inside"),
            "line 7: \"inside\" is not defined above this line",
        ),
        (
            good.replace("outside 2", "outside 4"),
            "line 6: \"4\" of 3 members cannot be asked for",
        ),
        (
            good.replace(&association, "nonsense"),
            "line 3: \"nonsense\" is not a vkey",
        ),
        (
            good.replace("quorum outside", "quorum none"),
            "no witness would be waited for",
        ),
        (
            good.replace(&inside, "http://auditor.example"),
            "line 4: \"http://auditor.example\" is not the address of a witness: it is plain http",
        ),
        (
            good.replace("outside 2", "outside all")
                .replace(&format!(" {inside}"), ""),
            "its quorum could never be met by the witnesses that have an address: group outside needs 3 of its members and has 2 (witness auditor has not signed)",
        ),
        (
            good.replace(&watched.key.to_string(), other_log),
            "it is for another log; this one has the key",
        ),
    ] {
        let (fine, said) = run("serve", &text);
        assert!(!fine && said.contains(wanted), "{wanted}\n{said}");
    }
    std::fs::remove_file(watched.file()).unwrap();
    let mut command = watched.w.server.command(&["config"]);
    let done = command
        .env("TAKEDOWN_HISTORY_POLICY", watched.file())
        .output()
        .unwrap();
    let said = String::from_utf8(done.stderr).unwrap();
    assert!(
        !done.status.success()
            && said.contains("history.policy (environment TAKEDOWN_HISTORY_POLICY)"),
        "{said}"
    );
}
