//! The operator backdates a request by a day.

use super::*;

/// The entry, and what follows from it. He has the key of the log.
const BACKDATED: &str = "
    UPDATE history SET data = replace(data, date(at / 1000, 'unixepoch'), date(at / 1000 - 86400, 'unixepoch')), at = at - 86400000
        WHERE type = 'request.filed';
    UPDATE requests SET filed_at = filed_at - 86400000, updated_at = updated_at - 86400000;
    UPDATE asked SET first_at = first_at - 86400000, last_at = last_at - 86400000;
";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backdated_request_is_found_by_a_receipt_and_by_a_checkpoint_that_was_kept() {
    let mut w = World::new(Db::Sqlite).await;
    let key = vkey(&w).await;
    filed(&w.unit, "https://paste.example/first").await;
    let kept = filed(&w.unit, "https://paste.example/backdated").await;
    let entry = crate::log::entries(&kept).pop().unwrap();
    let auditor = Cli::of(&w.auditor, &w.server);
    let note = auditor.dir().join("kept");
    std::fs::write(&note, checkpoint(&w).await).unwrap();
    let package = auditor.dir().join("package.zip");
    crate::packages::package(&w.auditor.api, json!({}), &package).await;
    let seen = crate::packages::foreign(&package, Some(&note));
    assert_eq!(seen["continues"], true, "{seen}");
    let by_note = ["--vkey", &key, "--checkpoint", note.to_str().unwrap()];
    let (good, said) = crate::packages::verify(&package, &by_note);
    assert!(good && said["continues"] == true, "{said}");

    // Without sealing it anew anybody with a copy of the database sees it.
    w.server.stop();
    doctor(&w.server, BACKDATED);
    let (good, said) = run(&w.server, &["verify"]);
    let named = "its bytes are not those that were sealed";
    assert!(!good && said.contains(named), "{said}");

    // Sealed and signed by the exchange itself it is a history like any other, and so is a package of it.
    seal_anew(&w.server, "type = 'request.filed'");
    w.server.restart();
    checkpoint(&w).await;
    assert_eq!(vkey(&w).await, key, "signed by the same key");
    let (good, said) = run(&w.server, &["verify", "--vkey", &key, "--deep"]);
    assert!(good, "not found: {said}");
    crate::packages::package(&w.auditor.api, json!({}), &package).await;
    let (good, said) = crate::packages::verify(&package, &["--vkey", &key]);
    assert!(good, "not found: {said}");
    let seen = crate::packages::foreign(&package, None);
    assert_eq!(seen["same_root"], true, "not found: {seen}");

    // The auditor kept a checkpoint of four lines: against a package, and against the database.
    let seen = crate::packages::foreign(&package, Some(&note));
    assert_eq!(seen["continues"], false, "{seen}");
    let (good, said) = crate::packages::verify(&package, &by_note);
    let named = "an entry was changed, dropped, put in or moved since";
    assert!(!good && said.to_string().contains(named), "{said}");
    w.server.stop();
    verify_copy(&w.server, &auditor, &["--vkey", &key]).ends(0);
    let arguments = ["--vkey", &key, "--checkpoint", "kept"];
    let found = verify_copy(&w.server, &auditor, &arguments).ends(1);
    let named = "an entry was changed, dropped, put in or moved";
    assert!(found.out.contains(named), "{}", found.out);
    w.server.restart();

    // The unit kept receipt and proof: they still prove what was promised, and the proof of today does not.
    let unit = Cli::of(&w.unit, &w.server);
    keep_both(&unit, &kept);
    let then = verify_proof(&unit, "proof", ["--vkey", &key]).await;
    assert!(then.ends(0).out.contains("proven   the log has signed"));
    keep(&unit, "today", &proof_now(&w, &entry).await);
    let today = verify_proof(&unit, "today", ["--vkey", &key]).await.ends(1);
    let named = "another entry, or a wrong hash";
    assert!(today.err.contains(named), "{}", today.err);
}

/// What a unit signed has its own time in it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signed_request_cannot_be_older_than_its_signature() {
    let mut w = world().await;
    let unit = Cli::of(&w.unit, &w.server);
    with_key(&w, &unit).await;
    let request = signed(&unit, "https://paste.example/signed").await;
    w.server.stop();
    doctor(&w.server, BACKDATED);
    doctor(&w.server, "UPDATE signed_statements SET at = at - 86400000");
    seal_anew(&w.server, "type = 'request.filed'");
    w.server.restart();
    checkpoint(&w).await;
    let (good, said) = run(&w.server, &["verify"]);
    let named = "what the unit signed does not count: this key counts from";
    assert!(!good && said.contains(named), "{said}");

    // The platform sees both times.
    let platform = Cli::of(&w.platform, &w.server);
    handed_over(&w, &platform, &request).await;
    let checked = verify_request(&platform, &["--json"]).await.ends(0).json();
    let issued = checked["statements"][0]["issued_at"].as_str().unwrap();
    let shown = w.read(&request).await;
    let said = shown["filed_at"].as_str().unwrap();
    assert!(said < issued, "filed at {said}, signed at {issued}");
}
