//! The operator shows one history to the unit and another to the platform.

use super::*;
use crate::log::older::{copied, put_back};
use takedown_tests::witness::Witness;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_histories_are_found_by_a_witness_and_by_two_who_compare() {
    let mut w = World::new(Db::Sqlite).await;
    let key = vkey(&w).await;
    let witness = Witness::start("association.example/witness", &[&key]);
    let policy = format!(
        "log {key}\nwitness association {} http://{}\nquorum association\n",
        witness.vkey(),
        witness.place()
    );
    let file = w.server.data().join("witnesses.policy");
    std::fs::write(&file, &policy).unwrap();
    let file = file.display().to_string();
    w.server.stop();
    w.server.set(setting("TAKEDOWN_HISTORY_POLICY", &file));
    w.server.restart();
    filed(&w.unit, "https://paste.example/common").await;
    checkpoint(&w).await;

    // One history for the unit, which the witness signs.
    w.server.stop();
    copied(&w.server, "_other");
    w.server.restart();
    let first = filed(&w.unit, "https://paste.example/first").await;
    assert_eq!(first.header("takedown-cosigned"), Some("true"));
    let shown = checkpoint(&w).await;
    let note = w.server.data().join("shown-to-the-unit");
    std::fs::write(&note, &shown).unwrap();
    let note = note.display().to_string();

    // Another one for the platform, of the same size, signed with the same key.
    w.server.stop();
    put_back(&w.server, "_other");
    forget(&w.server);
    w.server.restart();
    // Even with nothing remembered: what the witness shows bears the signature of this log.
    wait::until("the witness to be heard", async || {
        let log = w.anonymous.get("/v1/log").await.is(200).json();
        log["stopped"].is_string().then_some(())
    })
    .await;
    // So he must not ask it.
    w.server.stop();
    forget(&w.server);
    w.server.unset("TAKEDOWN_HISTORY_POLICY");
    w.server.restart();
    let body = Filing::referral(&["https://paste.example/second"]).json();
    let second = w.unit.api.post("/v1/requests", &body);
    let second = second.header("Prefer", "wait=3").await.is(201);
    assert!(second.header("takedown-proof").is_some());
    w.server.stop();
    w.server.set(setting("TAKEDOWN_HISTORY_POLICY", &file));
    w.server.restart();

    // Not found: each is proven by the key of the log alone.
    let (unit, platform) = (Cli::of(&w.unit, &w.server), Cli::of(&w.platform, &w.server));
    for (shell, filed) in [(&unit, &first), (&platform, &second)] {
        keep_both(shell, filed);
        keep(shell, "policy", &policy);
        let proven = verify_proof(shell, "proof", ["--vkey", &key]).await;
        assert!(proven.ends(0).out.contains("proven   the log has signed"));
    }
    let (good, said) = run(&w.server, &["verify", "--vkey", &key]);
    assert!(good, "not found: {said}");

    // Found: the second one has not the signature that the policy asks for, now and for ever.
    let proven = verify_proof(&unit, "proof", ["--policy", "policy"]).await;
    let named = "witness  association (association.example/witness) at 20";
    assert!(proven.ends(0).out.contains(named));
    let refused = verify_proof(&platform, "proof", ["--policy", "policy"]).await;
    let refused = refused.ends(1);
    let named = "missing  association (association.example/witness)";
    assert!(refused.out.contains(named), "{}", refused.out);
    let named = "witness association has not signed";
    assert!(refused.err.contains(named), "{}", refused.err);
    // Of the database it says how far the witness went: no further than what both histories share.
    let (good, said) = run(&w.server, &["verify", "--policy", &file, "--json"]);
    let said: Value = serde_json::from_str(&said).unwrap();
    let (cosigned, entries) = (said["cosigned"].as_u64(), said["entries"].as_u64());
    assert!(good && cosigned < entries, "{said}");

    // The witness keeps both, signed by the log: no accident does that.
    wait::until("both to be kept", async || {
        let forks = std::fs::read_dir(witness.directory().join("forks"));
        forks.is_ok_and(|forks| forks.count() == 1).then_some(())
    })
    .await;
    wait::until("the conflict to be named", async || {
        let log = w.anonymous.get("/v1/log").await.is(200).json();
        (log["witnesses"][0]["problem"]["code"] == "conflict").then_some(())
    })
    .await;

    // A package of it is no better. He must even stop asking the witness, or none is made.
    w.server.stop();
    w.server.unset("TAKEDOWN_HISTORY_POLICY");
    w.server.restart();
    let auditor = Cli::of(&w.auditor, &w.server);
    let package = auditor.dir().join("package.zip");
    crate::packages::package(&w.auditor.api, json!({}), &package).await;
    let (good, said) = crate::packages::verify(&package, &["--vkey", &key]);
    assert!(good, "not found: {said}");
    let (good, said) = crate::packages::verify(&package, &["--policy", &file]);
    assert!(
        !good && said.to_string().contains("has not signed"),
        "{said}"
    );

    // Two who compare: what the unit was shown against the history of the other.
    let arguments = ["verify", "--vkey", &key, "--checkpoint", &note];
    let (good, said) = run(&w.server, &arguments);
    let named = "an entry was changed, dropped, put in or moved";
    assert!(!good && said.contains(named), "{said}");
    let (good, said) = crate::packages::verify(&package, &["--vkey", &key, "--checkpoint", &note]);
    let named = "an entry was changed, dropped, put in or moved since";
    assert!(!good && said.to_string().contains(named), "{said}");
    let note = std::path::Path::new(&note);
    let seen = crate::packages::foreign(&package, Some(note));
    assert_eq!(seen["continues"], false, "{seen}");
}

/// Whoever keeps the receipts of the command line compares by himself, each time he asks for proofs.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_history_without_what_was_promised_is_found_by_whoever_keeps_receipts() {
    let mut w = World::new(Db::Sqlite).await;
    let key = vkey(&w).await;
    let mut unit = Cli::of(&w.unit, &w.server);
    w.server.stop();
    copied(&w.server, "_other");
    w.server.restart();
    unit.find(&w.server);
    let file = [
        "file",
        "https://paste.example/first",
        "--ground",
        "terms",
        "--reasons",
        "Against your terms.",
        "--language",
        "en",
        "--receipts",
        "book.jsonl",
    ];
    unit.run(&file).await.ends(0);
    let book = ["receipts", "--receipts", "book.jsonl", "--vkey", &key];
    let waiting = [&book[..], &["--wait", "20"]].concat();
    let proven = unit.run(&waiting).await.ends(0).out;
    assert!(proven.starts_with("proven"), "{proven}");

    // Another history without that filing, and longer, signed with the same key.
    w.server.stop();
    put_back(&w.server, "_other");
    forget(&w.server);
    w.server.restart();
    unit.find(&w.server);
    for number in 0..3 {
        filed(&w.unit, &format!("https://paste.example/other-{number}")).await;
    }
    checkpoint(&w).await;

    // The proof that was kept stands by itself; what is shown today does not continue what was shown then, however often one asks.
    let offline = [&book[..], &["--offline"]].concat();
    unit.run(&offline).await.ends(0);
    for _ in 0..2 {
        let found = unit.run(&book).await.ends(1).out;
        assert!(found.contains("are not shown to be one history"), "{found}");
    }
}
