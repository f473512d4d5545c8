//! Who changes something keeps the receipt, and has it completed to a proof whenever there is one.

use std::fs;
use std::path::PathBuf;

use takedown_core::log::receipt::SignedReceipt;
use takedown_core::log::{CompactRange, Policy, TlogProof};
use takedown_tests::cli::Cli;
use takedown_tests::seams::setting;
use takedown_tests::witness::Witness;
use takedown_tests::{Db, Filing, World, both_databases, wait};

use crate::log::{decoded, key_of};

both_databases!(
    every_entry_of_a_large_batch_can_be_proven,
    receipts_are_kept_by_shell_and_completed_later,
);

async fn every_entry_of_a_large_batch_can_be_proven(db: Db) {
    let w = World::new(db).await;
    let key = key_of(&w.unit.api).await;
    let rows: Vec<_> = (0..20)
        .map(|n| Filing::referral(&[&format!("https://paste.example/{n}")]).json())
        .collect();
    let batch = w.unit.api.post("/v1/requests/batch", &rows.into());
    let batch = batch.key("large").await.is(200);
    assert_eq!(
        batch.header("takedown-entries"),
        None,
        "too many for a header"
    );
    let receipt: SignedReceipt = decoded(batch.header("takedown-receipt").unwrap())
        .parse()
        .unwrap();
    let promise = receipt.verify(&key).expect("signed by the log");
    let root = batch
        .header("takedown-receipt-root")
        .expect("by what they are found");
    let named = w
        .anonymous
        .get(&format!("/v1/log/receipts/{root}"))
        .await
        .is(200)
        .json();
    assert_eq!(named["root"], promise.root.to_string());
    let names = named["entries"].as_array().unwrap();
    assert_eq!(names.len() as u64, promise.entries);
    assert!(names.len() > 16);
    let mut tree = CompactRange::new();
    for name in names {
        let address = format!("/v1/log/proofs/{}", name.as_str().unwrap());
        let proven = w
            .anonymous
            .get(&address)
            .header("prefer", "wait=20")
            .await
            .is(200);
        let leaf = proven.header("takedown-leaf").unwrap().parse().unwrap();
        let proof: TlogProof = proven.text().parse().unwrap();
        proof
            .verify(&leaf, &Policy::of_log(key.clone()))
            .expect("in the log");
        tree.push(leaf);
    }
    assert_eq!(
        tree.root(),
        promise.root,
        "the very entries that were promised"
    );
    // What nobody was promised is not there, and neither is what is no root.
    for nothing in ["00".repeat(32), "x".to_owned()] {
        let answer = w
            .anonymous
            .get(&format!("/v1/log/receipts/{nothing}"))
            .await;
        answer.problem(404, "not-found");
    }
}

/// `takedown receipts`, with further arguments; its lines.
async fn receipts(shell: &Cli, code: i32, further: &[&str]) -> Vec<String> {
    let arguments = [&["receipts", "--receipts", "book.jsonl"], further].concat();
    let ran = shell.run(&arguments).await.ends(code);
    ran.out.lines().map(str::to_owned).collect()
}

fn words(lines: &[String]) -> Vec<&str> {
    lines
        .iter()
        .filter_map(|line| line.split_whitespace().next())
        .collect()
}

/// Starts the exchange again with a policy that asks one witness; where the policy lies.
fn watched(w: &mut World, witness: &Witness, key: &str) -> PathBuf {
    let policy = w.server.data().join("witnesses.policy");
    let text = format!(
        "log {key}\nwitness association {} http://{}\nquorum association\n",
        witness.vkey(),
        witness.place()
    );
    fs::write(&policy, text).unwrap();
    w.server.stop();
    w.server.set(setting(
        "TAKEDOWN_HISTORY_POLICY",
        &policy.display().to_string(),
    ));
    w.server.restart();
    policy
}

async fn receipts_are_kept_by_shell_and_completed_later(db: Db) {
    let mut w = World::new(db).await;
    let key = key_of(&w.unit.api).await.to_string();
    let witness = Witness::start("association.example/witness", &[&key]);
    let policy = watched(&mut w, &witness, &key);
    let policy = policy.display().to_string();
    let (mut unit, platform) = (Cli::of(&w.unit, &w.server), Cli::of(&w.platform, &w.server));

    // The witness goes away. Filing and answering go on, and what was promised is kept.
    drop(witness);
    let many: Vec<String> = (0..20)
        .map(|n| {
            Filing::referral(&[&format!("https://paste.example/{n}")])
                .json()
                .to_string()
        })
        .collect();
    fs::write(unit.dir().join("many.ndjson"), many.join("\n")).unwrap();
    let book = ["--receipts", "book.jsonl"];
    let one = [
        "file",
        "https://paste.example/one",
        "--ground",
        "terms",
        "--reasons",
        "Why.",
        "--language",
        "en",
    ];
    unit.run(&[&one[..], &book[..]].concat()).await.ends(0);
    unit.run(&[&["file", "--ndjson", "many.ndjson"], &book[..]].concat())
        .await
        .ends(0);
    let id = w.platform.api.list("/v1/requests").await.pop().unwrap()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    platform
        .run(&[&["answer", &id, "--acknowledge"], &book[..]].concat())
        .await
        .ends(0);
    let kept = fs::read_to_string(unit.dir().join("book.jsonl")).unwrap();
    assert_eq!(kept.lines().count(), 2, "{kept}");
    assert!(kept.contains("POST /v1/requests/batch"), "{kept}");

    // The log alone has signed, which is what the key asks; the policy asks for the witness as well.
    let known = wait::until("the log to have signed", async || {
        let lines = receipts(&unit, 0, &["--vkey", &key, "--wait", "20"]).await;
        (words(&lines) == ["proven", "proven"]).then_some(lines)
    })
    .await;
    assert!(known[0].contains("POST /v1/requests at"), "{known:?}");
    let waiting = receipts(&unit, 0, &["--policy", &policy]).await;
    assert_eq!(words(&waiting), ["waiting", "waiting"]);
    assert!(
        waiting[0].contains("too few witnesses signed"),
        "{waiting:?}"
    );
    let answered = receipts(&platform, 0, &["--vkey", &key, "--wait", "20"]).await;
    assert!(
        words(&answered).iter().all(|word| *word == "proven"),
        "{answered:?}"
    );

    // It comes back, and what was promised meanwhile is completed.
    let witness = Witness::start("association.example/witness", &[&key]);
    let policy = watched(&mut w, &witness, &key);
    unit.find(&w.server);
    let policy = policy.display().to_string();
    wait::until("the witness to have signed", async || {
        let lines = receipts(&unit, 0, &["--policy", &policy, "--wait", "20"]).await;
        (words(&lines) == ["proven", "proven"]).then_some(())
    })
    .await;
    // From then on it is checked without asking anybody.
    w.server.stop();
    let offline = receipts(&unit, 0, &["--policy", &policy, "--offline", "--json"]).await;
    assert!(
        offline
            .iter()
            .all(|line| line.contains("\"standing\":\"proven\"")),
        "{offline:?}"
    );

    // What was promised and is not what is shown is found: a receipt of another log, other entries.
    let other = "exchange.example/log+b3f38ea5+AfmsFKl2P5F2Z9L9QQYVnJu2Wy7RtJbl7w3iLTuEfXmG";
    let foreign = receipts(&unit, 1, &["--vkey", other, "--offline"]).await;
    assert_eq!(words(&foreign), ["AGAINST", "AGAINST"]);
    let (first, rest) = kept.split_once('\n').unwrap();
    let mut swapped: serde_json::Value = serde_json::from_str(first).unwrap();
    let names = swapped["entries"].as_array().unwrap().clone();
    swapped["entries"] = names
        .into_iter()
        .rev()
        .chain(["evt_01kb0000000000000000000000".into()])
        .collect();
    fs::write(unit.dir().join("book.jsonl"), format!("{swapped}\n{rest}")).unwrap();
    let changed = receipts(&unit, 1, &["--vkey", &key, "--offline"]).await;
    assert_eq!(words(&changed), ["AGAINST", "proven"], "{changed:?}");
}
