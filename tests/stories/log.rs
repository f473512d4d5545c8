//! The history proves itself: every change is in one log, whose proofs are checked with nothing but its public key.

pub(crate) mod older;

use data_encoding::BASE64;
use takedown_core::log::note::VerifierKey;
use takedown_core::log::receipt::SignedReceipt;
use takedown_core::log::tile::Tiles;
use takedown_core::log::{Hash, Plan, Policy, SignedCheckpoint, TlogProof, verify_consistency};
use takedown_tests::database::psql;
use takedown_tests::paths::Scratch;
use takedown_tests::world::path;
use takedown_tests::{Answer, Api, Db, Filing, World, both_databases, wait};

both_databases!(
    every_change_carries_a_receipt_and_can_be_proven,
    the_tiles_hold_every_hash_and_trees_only_grow,
    an_entry_that_nobody_knows_is_not_found,
    the_whole_history_is_computed_anew_by_command,
);

/// What an outsider knows of the log: its public key.
pub(crate) async fn key_of(api: &Api) -> VerifierKey {
    let log = api.get("/v1/log").without_token().await.is(200).json();
    log["vkey"].as_str().unwrap().parse().unwrap()
}

pub(crate) fn entries(answer: &Answer) -> Vec<String> {
    let named = answer
        .header("takedown-entries")
        .expect("entries are named");
    named.split(", ").map(str::to_owned).collect()
}

fn receipt(answer: &Answer) -> SignedReceipt {
    let receipt = answer.header("takedown-receipt").expect("a receipt");
    decoded(receipt).parse().unwrap()
}

pub(crate) fn decoded(header: &str) -> String {
    String::from_utf8(BASE64.decode(header.as_bytes()).unwrap()).unwrap()
}

/// The newest checkpoint, once it covers so many entries.
async fn signed(api: &Api, at_least: u64) -> SignedCheckpoint {
    wait::until("a checkpoint", async || {
        let answer = api.get("/log/checkpoint").without_token().await;
        let checkpoint: SignedCheckpoint = answer.text().parse().ok()?;
        (checkpoint.checkpoint().size() >= at_least).then_some(checkpoint)
    })
    .await
}

pub(crate) async fn size(api: &Api) -> u64 {
    let log = api.get("/v1/log").without_token().await.is(200).json();
    log["size"].as_u64().unwrap()
}

async fn every_change_carries_a_receipt_and_can_be_proven(db: Db) {
    let w = World::new(db).await;
    let key = key_of(&w.unit.api).await;
    let policy = Policy::of_log(key.clone());
    // The first filing to a platform that was only sighted says so in an entry of its own.
    let first = Filing::referral(&["https://paste.example/first"]).json();
    let first = w.unit.api.post("/v1/requests", &first).await.is(201);
    assert_eq!(receipt(&first).verify(&key).unwrap().entries, 2);
    let body = Filing::referral(&["https://paste.example/proof"]).json();
    let filed = w
        .unit
        .api
        .post("/v1/requests", &body)
        .header("Prefer", "wait=20")
        .await
        .is(201);
    let [entry] = entries(&filed).try_into().expect("a filing is one entry");
    let receipt = receipt(&filed);
    let promise = receipt.verify(&key).expect("signed by the log").clone();
    assert_eq!(promise.entries, 1);

    // Who waited has the proof with the answer, and anybody gets it later. Of one entry the promise holds its leaf.
    let with_it: TlogProof = decoded(filed.header("takedown-proof").unwrap())
        .parse()
        .unwrap();
    with_it.verify(&promise.root, &policy).expect("proven");
    let proof = format!("/v1/log/proofs/{entry}");
    let later: TlogProof = w
        .platform
        .api
        .get(&proof)
        .without_token()
        .await
        .is(200)
        .text()
        .parse()
        .unwrap();
    later.verify(&promise.root, &policy).expect("proven");
    assert_eq!(later.index, with_it.index);
    later
        .verify(&Hash::leaf(b"another"), &policy)
        .expect_err("of another entry it proves nothing");

    // The program checks it by itself, with nothing but the key and what came with the answer.
    let files = Scratch::new("proof");
    let kept = |name: &str, header: &str| {
        let path = files.join(name);
        std::fs::write(&path, filed.header(header).unwrap()).unwrap();
        path.display().to_string()
    };
    let (proof, promised) = (
        kept("proof", "takedown-proof"),
        kept("receipt", "takedown-receipt"),
    );
    let check = |key: &str| {
        let arguments = [
            "verify-proof",
            &proof,
            "--receipt",
            &promised,
            "--vkey",
            key,
        ];
        let done = w.server.command(&arguments).output().unwrap();
        let said = [done.stdout, done.stderr].map(|said| String::from_utf8(said).unwrap());
        (done.status.success(), said.concat())
    };
    let (good, says) = check(&key.to_string());
    assert!(good && says.contains("proven"), "{says}");
    let (good, says) =
        check("exchange.example/log+a73b9b25+AfmsFKl2P5F2Z9L9QQYVnJu2Wy7RtJbl7w3iLTuEfXmG");
    assert!(!good && says.contains("--vkey"), "{says}");

    // A read is the receipt of the platform, and so an entry; reading again is none.
    let request = filed.json();
    let fetched = w
        .platform
        .api
        .get(&path(&request))
        .header("Prefer", "wait=20")
        .await
        .is(200);
    let fetch: TlogProof = decoded(fetched.header("takedown-proof").unwrap())
        .parse()
        .unwrap();
    let receipt = self::receipt(&fetched);
    fetch
        .verify(&receipt.verify(&key).unwrap().root, &policy)
        .expect("proven");
    assert!(fetch.index > later.index);
    let again = w.platform.api.get(&path(&request)).await.is(200);
    assert_eq!(again.header("takedown-receipt"), None);
    // What is refused changes nothing and has no receipt.
    let refused = w
        .unit
        .api
        .post("/v1/requests", &serde_json::json!({}))
        .await
        .is(422);
    assert_eq!(refused.header("takedown-receipt"), None);
}

async fn the_tiles_hold_every_hash_and_trees_only_grow(db: Db) {
    let w = World::new(db).await;
    let key = key_of(&w.unit.api).await;
    let links: Vec<String> = (0..300)
        .map(|n| format!("https://paste.example/{n}"))
        .collect();
    let rows: Vec<_> = links
        .iter()
        .map(|link| Filing::referral(&[link]).json())
        .collect();
    let some = |rows: &[serde_json::Value]| serde_json::Value::from(rows.to_vec());
    w.unit
        .api
        .post("/v1/requests/batch", &some(&rows[..7]))
        .await
        .is(200);
    let old = signed(&w.unit.api, size(&w.unit.api).await).await;
    let batch = w
        .unit
        .api
        .post("/v1/requests/batch", &some(&rows[7..]))
        .await
        .is(200);
    let promise = receipt(&batch).verify(&key).unwrap().clone();
    assert_eq!(promise.entries, 293, "one receipt for all of them");
    let new = signed(&w.unit.api, old.checkpoint().size() + 293).await;
    for checkpoint in [&old, &new] {
        Policy::of_log(key.clone())
            .judge(checkpoint)
            .expect("signed by the log");
    }
    let (old, new) = (old.checkpoint(), new.checkpoint());
    assert!(new.size() >= 300 && old.size() < new.size());

    let plan = Plan::consistency(old.size(), new.size()).unwrap();
    let root = Plan::root(new.size()).unwrap();
    let mut tiles = Tiles::default();
    for tile in takedown_core::log::tile::needed(plan.nodes().chain(root.nodes()), new.size()) {
        let answer = w
            .unit
            .api
            .get(&format!("/log/{tile}"))
            .without_token()
            .await
            .is(200);
        assert_eq!(
            answer.header("content-type"),
            Some("application/octet-stream")
        );
        tiles.insert(
            tile.level(),
            tile.index(),
            tile.hashes(&answer.body).unwrap(),
        );
    }
    let read = |plan: &Plan| plan.read(|node| tiles.read(node)).unwrap();
    assert_eq!(read(&root), [*new.root()]);
    verify_consistency(
        (old.size(), old.root()),
        (new.size(), new.root()),
        &read(&plan),
    )
    .expect("the old tree goes on");

    for nothing in ["tile/0/001.p/255", "tile/1/000", "tile/0/x001/000"] {
        let answer = w
            .unit
            .api
            .get(&format!("/log/{nothing}"))
            .without_token()
            .await;
        answer.problem(404, "not-found");
    }
    let wrong = w.unit.api.get("/log/tile/0/1").without_token().await;
    assert!(
        wrong.problem(404, "not-found")["detail"]
            .as_str()
            .unwrap()
            .contains("three digits")
    );
}

async fn an_entry_that_nobody_knows_is_not_found(db: Db) {
    let w = World::new(db).await;
    for entry in [
        "evt_00000000000000000000000001",
        "evt_1",
        "req_00000000000000000000000001",
    ] {
        let answer = w
            .unit
            .api
            .get(&format!("/v1/log/proofs/{entry}"))
            .without_token()
            .await;
        answer.problem(404, "not-found");
    }
}

/// The whole of it, by the command on the server's own machine.
async fn the_whole_history_is_computed_anew_by_command(db: Db) {
    let mut w = World::new(db).await;
    let request = w
        .file(&Filing::referral(&["https://paste.example/whole"]))
        .await;
    w.acknowledge(&request).await;
    let decided = w.decide_all(&request, "removed").await;
    w.close(&decided).await;
    let kept = signed(&w.unit.api, size(&w.unit.api).await).await;
    let key = key_of(&w.unit.api).await.to_string();
    let note = w.server.data().join("kept");
    std::fs::write(&note, kept.to_string()).unwrap();
    let note = note.display().to_string();
    let run = |w: &World| {
        let done = w
            .server
            .command(&["verify", "--json", "--vkey", &key, "--checkpoint", &note])
            .output()
            .unwrap();
        let said: serde_json::Value =
            serde_json::from_slice(&done.stdout).unwrap_or_else(|_| panic!("{done:?}"));
        (done.status.success(), said)
    };
    // Also while the server runs.
    let (good, said) = run(&w);
    assert!(good, "{said}");
    assert_eq!(
        (
            said["faults"].as_u64(),
            said["entries"].as_u64() >= Some(kept.checkpoint().size())
        ),
        (Some(0), true)
    );
    if let Some(url) = w.server.database().url() {
        w.server.stop();
        psql(&url, "UPDATE requests SET kind = 'order'");
        let (good, said) = run(&w);
        assert!(
            !good
                && said["named"][0]
                    .as_str()
                    .unwrap()
                    .contains("the column kind of its request has order"),
            "{said}"
        );
        psql(&url, "DELETE FROM history WHERE type = 'request.closed'");
        let (good, said) = run(&w);
        assert!(!good && said.to_string().contains("is missing"), "{said}");
    }
}
