//! The operator swaps a unit's signing key for his own.

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_swapped_key_is_found_by_whoever_remembers_the_first_or_asks_the_domain() {
    let mut w = world().await;
    let unit = Cli::of(&w.unit, &w.server);
    let kid = with_key(&w, &unit).await;
    let publish = ["keys", "publish", "unit.key"];
    let domain = unit.run(&publish).await.ends(0).out;
    let true_one = signed(&unit, "https://paste.example/true").await;
    let platform = Cli::of(&w.platform, &w.server);
    keep(&platform, "domain.json", &domain);
    handed_over(&w, &platform, &true_one).await;
    verify_request(&platform, &["--domain-keys", "domain.json"])
        .await
        .ends(0);

    // He makes a client for the unit, registers a key for its domain, hears its thumbprint from himself, and signs with it.
    let forger = impersonated(&w, &w.unit).await;
    let shell = Cli::of(&forger, &w.server);
    let evil = with_key(&w, &shell).await;
    let forged = signed(&shell, "https://paste.example/forged").await;
    let (good, said) = run(&w.server, &["verify", "--deep"]);
    assert!(good && said.contains("units    2 changes"), "{said}");

    handed_over(&w, &platform, &forged).await;
    let shouted = verify_request(&platform, &[]).await.ends(1).out;
    let named = "is another than the one that police.example had here before";
    assert!(
        shouted.contains("AGAINST    the key ") && shouted.contains(named),
        "{shouted}"
    );
    // Who sees the unit for the first time asks its domain, which shows another key.
    let new = ["--pins", "new.json"];
    let first = |further: &'static [&'static str]| {
        let (platform, new) = (&platform, new);
        async move {
            let check = [
                "verify-request",
                "request.jws",
                "--agency-keys",
                "keys.json",
            ];
            let all = [&check[..], &new[..], further].concat();
            platform.run(&all).await
        }
    };
    let asked = first(&["--domain-keys", "domain.json"]).await.ends(1).out;
    let named = "police.example does NOT show this key";
    assert!(asked.contains(named), "{asked}");
    // Not found: the first time, by the exchange's list alone. It says what was not asked.
    assert!(!platform.dir().join("new.json").exists());
    let believed = first(&[]).await.ends(0).out;
    assert!(
        believed.contains("here for the first time: remembered from now on")
            && believed.contains("police.example was not asked"),
        "{believed}"
    );
    // The unit did not sign it.
    let monitor = ["monitor", "--ledger", "unit.key.ledger"];
    let told = unit.run(&monitor).await.ends(1).out;
    assert!(
        told.contains("SURPLUS  file of ") && told.contains(&evil),
        "{told}"
    );

    // He takes the unit's key out and gives his own its age.
    w.server.stop();
    let swap = format!(
        "CREATE TEMP TABLE old AS SELECT * FROM unit_keys WHERE kid = '{kid}';
         DELETE FROM unit_keys WHERE kid = '{kid}';
         UPDATE unit_keys SET (added_at, counts_from, entry_id) = (SELECT added_at, counts_from, entry_id FROM old)"
    );
    doctor(&w.server, &swap);
    w.server.restart();
    let platform = Cli::of(&w.platform, &w.server);
    handed_over(&w, &platform, &forged).await;
    let listed = std::fs::read_to_string(platform.dir().join("keys.json")).unwrap();
    let listed: Value = serde_json::from_str(&listed).unwrap();
    let listed = listed["items"].as_array().unwrap();
    assert!(listed.len() == 1 && listed[0]["kid"] == evil, "{listed:?}");
    let entry = listed[0]["entry"]["id"].as_str().unwrap();
    keep(&platform, "key.tlog-proof", &proof_now(&w, entry).await);
    let key = vkey(&w).await;
    let aged = verify_request(&platform, &["--proof", "key.tlog-proof", "--vkey", &key]).await;
    let named = "is not the one that added this key for this unit and domain";
    assert!(aged.ends(1).err.contains(named));
    let (good, said) = run(&w.server, &["verify"]);
    let named = "the key it was signed with is not there";
    assert!(!good && said.contains(named), "{said}");
}
