//! The operator deletes a request, or an entry of one.

use super::*;
use crate::log::older::copied;
use takedown_tests::world::path;

/// All that is left of the newest request, and what is counted.
fn every_trace(id: &str) -> String {
    format!(
        "DELETE FROM feed WHERE entry LIKE '%{id}%';
         UPDATE feed_heads SET head = (SELECT count(*) FROM feed WHERE feed.party_id = feed_heads.party_id);
         DELETE FROM outbox WHERE request_id = '{id}';
         DELETE FROM signed_statements WHERE request_id = '{id}';
         UPDATE unit_tags SET used = (SELECT count(*) FROM signed_statements s WHERE s.agency_id = unit_tags.agency_id);
         DELETE FROM asked WHERE comparison_digest IN (SELECT comparison_digest FROM items WHERE request_id = '{id}');
         DELETE FROM items WHERE request_id = '{id}';
         DELETE FROM requests WHERE id = '{id}';
         DELETE FROM history WHERE request_id = '{id}';"
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deleted_request_is_missed_by_its_unit_and_by_every_checkpoint_that_was_kept() {
    let mut w = world().await;
    let key = vkey(&w).await;
    let unit = Cli::of(&w.unit, &w.server);
    with_key(&w, &unit).await;
    signed(&unit, "https://paste.example/stays").await;
    let request = signed(&unit, "https://paste.example/deleted").await;
    let id = request["id"].as_str().unwrap().to_owned();
    let read = w.platform.api.get(&path(&request));
    let read = read.header("Prefer", "wait=20").await.is(200);
    let entry = crate::log::entries(&read).pop().unwrap();
    let note = w.server.data().join("kept-by-the-auditor");
    std::fs::write(&note, checkpoint(&w).await).unwrap();
    let note = note.display().to_string();

    w.server.stop();
    doctor(&w.server, &every_trace(&id));
    let (good, said) = run(&w.server, &["verify"]);
    assert!(!good && said.contains("is missing; the next one"), "{said}");

    // Sealed and signed again, of what is left nothing is wrong.
    seal_anew(&w.server, "FALSE");
    w.server.restart();
    checkpoint(&w).await;
    w.unit.api.get(&path(&request)).await.is(404);
    let (good, said) = run(&w.server, &["verify", "--vkey", &key, "--deep"]);
    assert!(good, "not found: {said}");
    let arguments = ["verify", "--vkey", &key, "--checkpoint", &note];
    let (good, said) = run(&w.server, &arguments);
    assert!(
        !good && said.contains("entries are there: the last"),
        "{said}"
    );

    // The unit has its ledger.
    let shell = Cli::of(&w.unit, &w.server);
    let ledger = unit.dir().join("unit.key.ledger");
    let monitor = ["monitor", "--ledger", ledger.to_str().unwrap()];
    let told = shell.run(&monitor).await.ends(1).out;
    assert!(told.contains("MISSING  file to paste.example"), "{told}");
    // The platform has the proof of its own reading, and gets none any more.
    let platform = Cli::of(&w.platform, &w.server);
    keep_both(&platform, &read);
    let then = verify_proof(&platform, "proof", ["--vkey", &key]).await;
    assert!(then.ends(0).out.contains("proven   the log has signed"));
    let now = format!("/v1/log/proofs/{entry}");
    w.anonymous.get(&now).await.problem(404, "not-found");
}

/// That the unit took a request back disappears.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deleted_entry_leaves_a_gap_or_another_tree() {
    let mut w = World::new(Db::Sqlite).await;
    let key = vkey(&w).await;
    let request = filed(&w.unit, "https://paste.example/withdrawn").await;
    let request = request.json();
    w.server.stop();
    copied(&w.server, "_before");
    w.server.restart();
    let back = w.unit.api.put(
        &format!("{}/withdrawal", path(&request)),
        &json!({"reason": "mistake"}),
    );
    back.if_match("*").await.is(200);
    w.file(&Filing::referral(&["https://paste.example/later"]))
        .await;
    let note = w.server.data().join("kept-by-the-auditor");
    std::fs::write(&note, checkpoint(&w).await).unwrap();
    let note = note.display().to_string();

    w.server.stop();
    doctor(
        &w.server,
        "DELETE FROM history WHERE type = 'request.withdrawn'",
    );
    let (good, said) = run(&w.server, &["verify"]);
    assert!(!good && said.contains("is missing; the next one"), "{said}");

    // Sealed anew the tree has no gap. The request has.
    seal_anew(&w.server, "FALSE");
    let (good, said) = run(&w.server, &["verify"]);
    assert!(
        !good && said.contains("is at version 2; there are 1 entries"),
        "{said}"
    );
    w.server.restart();
    checkpoint(&w).await;
    let package = json!({"format": "package"});
    let package = crate::packages::made(&w.auditor.api, &package).await;
    assert_eq!(package["state"], "failed", "{package}");

    // With the request put back to what it was, only what was kept outside is left.
    w.server.stop();
    let before = w.server.data().join("_beforetakedown.db");
    let back = format!(
        "ATTACH '{}' AS old; DELETE FROM items WHERE request_id = '{id}'; DELETE FROM requests WHERE id = '{id}';
         INSERT INTO requests SELECT * FROM old.requests; INSERT INTO items SELECT * FROM old.items",
        before.display(),
        id = request["id"].as_str().unwrap()
    );
    doctor(&w.server, &back);
    w.server.restart();
    let (good, said) = run(&w.server, &["verify", "--vkey", &key, "--deep"]);
    assert!(good, "not found: {said}");
    let arguments = ["verify", "--vkey", &key, "--checkpoint", &note];
    let (good, said) = run(&w.server, &arguments);
    assert!(
        !good && said.contains("entries are there: the last"),
        "{said}"
    );
}
