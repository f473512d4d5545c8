//! A unit and a platform use the signature by the command line.

use std::fs;

use takedown_core::signed::UnitKey;
use takedown_tests::cli::Cli;
use takedown_tests::{Db, both_databases};

use super::{DOMAIN, Unit, referral, world};

both_databases!(a_unit_signs_by_shell_and_a_platform_checks_it_offline);

async fn a_unit_signs_by_shell_and_a_platform_checks_it_offline(db: Db) {
    let w = world(db).await;
    let (unit, operator, platform) = (
        Cli::of(&w.unit, &w.server),
        Cli::of(&w.operator, &w.server),
        Cli::of(&w.platform, &w.server),
    );
    let made = unit
        .run(&[
            "keys", "new", "unit.key", "--unit", &w.unit.id, "--domain", DOMAIN,
        ])
        .await
        .ends(0);
    let kid = made.out.trim().to_owned();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(unit.dir().join("unit.key"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    // A key is never written over.
    unit.run(&[
        "keys", "new", "unit.key", "--unit", &w.unit.id, "--domain", DOMAIN,
    ])
    .await
    .ends(1);
    let added = unit.run(&["keys", "add", "unit.key"]).await.ends(0);
    assert!(
        added.out.contains("waits for the operator"),
        "{}",
        added.out
    );
    operator
        .run(&["keys", "confirm", &w.unit.id, &kid])
        .await
        .ends(0);
    let shown = unit.run(&["keys", "publish", "unit.key"]).await.ends(0).out;
    assert!(shown.contains(&kid) && !shown.contains("\"d\""), "{shown}");

    let file = [
        "file",
        "https://paste.example/shell",
        "--ground",
        "terms",
        "--reasons",
        "Against your terms.",
        "--language",
        "en",
        "--sign",
        "unit.key",
    ];
    let filed = unit
        .run(&[&file[..], &["--output", "json"]].concat())
        .await
        .ends(0);
    let id = w.unit.api.list("/v1/requests").await[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(filed.out.contains(&id), "{}", filed.out);

    // The platform fetches the bytes and the keys, and checks without the exchange.
    let address = format!("/v1/requests/{id}/signed");
    let keep = |name: &str, text: &str| fs::write(platform.dir().join(name), text).unwrap();
    keep(
        "request.jws",
        &w.platform.api.get(&address).await.is(200).text(),
    );
    let listed = platform
        .run(&["keys", "list", &w.unit.id, "--json"])
        .await
        .ends(0)
        .out;
    keep("keys.json", &listed);
    keep("domain.json", &shown);
    let check = [
        "verify-request",
        "request.jws",
        "--agency-keys",
        "keys.json",
        "--pins",
        "pins.json",
    ];
    let first = platform.run(&check).await.ends(0).out;
    assert!(
        first.contains(&kid) && first.contains("for the first time"),
        "{first}"
    );
    assert!(first.contains("police.example was not asked"), "{first}");
    assert!(
        first.contains("paste[.]example/shell") && !first.contains("https://paste"),
        "{first}"
    );
    let again = platform
        .run(
            &[
                &check[..],
                &["--domain-keys", "domain.json", "--host", "paste.example"],
            ]
            .concat(),
        )
        .await
        .ends(0)
        .out;
    assert!(
        again.contains("here since") && again.contains("police.example shows this key"),
        "{again}"
    );
    // The log proves since when.
    let entry =
        serde_json::from_str::<serde_json::Value>(&listed).unwrap()["items"][0]["entry"]["id"]
            .as_str()
            .unwrap()
            .to_owned();
    let proof = w
        .anonymous
        .get(&format!("/v1/log/proofs/{entry}"))
        .header("prefer", "wait=20")
        .await
        .is(200)
        .text();
    keep("key.tlog-proof", &proof);
    let vkey = w.anonymous.get("/v1/log").await.is(200).json()["vkey"]
        .as_str()
        .unwrap()
        .to_owned();
    let proven = platform
        .run(&[&check[..], &["--proof", "key.tlog-proof", "--vkey", &vkey]].concat())
        .await
        .ends(0)
        .out;
    assert!(
        proven.contains("in the log") && proven.contains("proven"),
        "{proven}"
    );

    // A hostile exchange: other bytes, another key, another platform, a domain that shows nothing.
    let statement = fs::read_to_string(platform.dir().join("request.jws")).unwrap();
    keep(
        "changed.jws",
        &statement.replacen("\"payload\":\"ey", "\"payload\":\"eZ", 1),
    );
    platform
        .run(&[
            "verify-request",
            "changed.jws",
            "--agency-keys",
            "keys.json",
            "--pins",
            "pins.json",
        ])
        .await
        .ends(1);
    platform
        .run(&[
            "keys", "new", "evil.key", "--unit", &w.unit.id, "--domain", DOMAIN,
        ])
        .await
        .ends(0);
    let evil = platform
        .run(&["keys", "publish", "evil.key"])
        .await
        .ends(0)
        .out;
    keep("evil.json", &evil);
    let unknown = platform
        .run(&[
            "verify-request",
            "request.jws",
            "--agency-keys",
            "evil.json",
            "--pins",
            "pins.json",
        ])
        .await
        .ends(1);
    assert!(
        unknown.err.contains("not among the keys given"),
        "{}",
        unknown.err
    );
    let hidden = platform
        .run(&[&check[..], &["--domain-keys", "evil.json"]].concat())
        .await
        .ends(1)
        .out;
    assert!(hidden.contains("does NOT show this key"), "{hidden}");
    let elsewhere = platform
        .run(&[&check[..], &["--host", "forum.example"]].concat())
        .await
        .ends(1)
        .out;
    assert!(elsewhere.contains("AGAINST"), "{elsewhere}");
    // What an exchange with a key of its own would hand out: another key under a domain that is known.
    let theirs = Unit::with(&w, 66);
    keep("theirs.jws", &theirs.filing(&referral("theirs")));
    let set = serde_json::json!({"keys": [UnitKey::new(theirs.pair.public().clone()).to_jwk()]});
    keep("theirs.json", &set.to_string());
    let shouted = platform
        .run(&[
            "verify-request",
            "theirs.jws",
            "--agency-keys",
            "theirs.json",
            "--pins",
            "pins.json",
        ])
        .await
        .ends(1)
        .out;
    assert!(
        shouted.contains("another than the one that police.example had here before"),
        "{shouted}"
    );
    let forged = Cli::of(&w.unit, &w.server);
    forged
        .run(&[
            "keys", "new", "evil.key", "--unit", &w.unit.id, "--domain", DOMAIN,
        ])
        .await
        .ends(0);
    forged
        .run(&[&file[..file.len() - 1], &["evil.key"]].concat())
        .await
        .ends(1);

    // Nothing is signed that the ledger does not have; what was refused is missing at the exchange.
    let monitor = ["monitor", "--ledger", "unit.key.ledger"];
    unit.run(&monitor).await.ends(0);
    let withdraw = ["withdraw", &id, "--reason", "mistake", "--sign", "unit.key"];
    unit.run(&withdraw).await.ends(0);
    unit.run(&monitor).await.ends(0);
    let statements = w
        .unit
        .api
        .get(&format!("/v1/requests/{id}"))
        .await
        .is(200)
        .json()["signature"]["statements"]
        .clone();
    let later = statements[1]["digest"].as_str().unwrap();
    keep(
        "later.jws",
        &w.platform
            .api
            .get(&format!("{address}?digest={later}"))
            .await
            .is(200)
            .text(),
    );
    let chain = [
        "verify-request",
        "request.jws",
        "later.jws",
        "--agency-keys",
        "keys.json",
        "--pins",
        "pins.json",
    ];
    let told = platform.run(&chain).await.ends(0).out;
    assert!(told.contains("taken back"), "{told}");
    let turned = [
        "verify-request",
        "later.jws",
        "request.jws",
        "--agency-keys",
        "keys.json",
        "--pins",
        "pins.json",
    ];
    platform.run(&turned).await.ends(1);
    // Somebody else has the key.
    let thief = Cli::of(&w.unit, &w.server);
    fs::copy(unit.dir().join("unit.key"), thief.dir().join("unit.key")).unwrap();
    let other = file.map(|word| {
        if word.starts_with("https") {
            "https://paste.example/theft"
        } else {
            word
        }
    });
    thief.run(&other).await.ends(0);
    let found = unit.run(&monitor).await.ends(1).out;
    assert!(
        found.contains("SURPLUS") && found.lines().count() == 1,
        "{found}"
    );
    unit.run(&[
        "keys",
        "revoke",
        &w.unit.id,
        &kid,
        "--compromised-at",
        "2026-01-01T00:00:00Z",
    ])
    .await
    .ends(0);
    let refused = unit
        .run(&[&file[..1], &["https://paste.example/late"], &file[2..]].concat())
        .await
        .ends(1);
    assert!(
        refused.err.contains("revoked") || refused.out.contains("revoked"),
        "{} {}",
        refused.out,
        refused.err
    );
    let missing = unit.run(&monitor).await.ends(1).out;
    assert!(missing.contains("MISSING"), "{missing}");
    let doubted = platform
        .run(&["keys", "list", &w.unit.id, "--json"])
        .await
        .ends(0)
        .out;
    keep("keys.json", &doubted);
    let doubted = platform.run(&check).await.ends(1).out;
    assert!(doubted.contains("in foreign hands since"), "{doubted}");
}
