//! `takedown verify-request --fetch` asks the agency's own domain, and `takedown correct --sign` goes on with what was signed.

use std::fs;

use serde_json::Value;
use takedown_tests::cli::{Cli, Ran};
use takedown_tests::domain::Domain;
use takedown_tests::world::path;
use takedown_tests::{Db, World, both_databases};

use super::{DOMAIN, world};

both_databases!(
    the_domain_is_asked_for_its_keys_and_nobody_else,
    a_correction_is_signed_by_shell,
);

/// A unit's shell with a key that is registered and confirmed; and what its domain is to show.
async fn signing(w: &World) -> (Cli, String) {
    let (unit, operator) = (Cli::of(&w.unit, &w.server), Cli::of(&w.operator, &w.server));
    let new = [
        "keys", "new", "unit.key", "--unit", &w.unit.id, "--domain", DOMAIN,
    ];
    let kid = unit.run(&new).await.ends(0).out.trim().to_owned();
    unit.run(&["keys", "add", "unit.key"]).await.ends(0);
    operator
        .run(&["keys", "confirm", &w.unit.id, &kid])
        .await
        .ends(0);
    let shown = unit.run(&["keys", "publish", "unit.key"]).await.ends(0).out;
    (unit, shown)
}

/// Files one request, signed.
async fn filed(w: &World, unit: &Cli, link: &str) -> Value {
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
    ];
    unit.run(&file).await.ends(0);
    w.unit.api.list("/v1/requests").await.remove(0)
}

/// The platform's check, which asks the domain.
async fn check(shell: &Cli, domain: &Domain, code: i32) -> Ran {
    let arguments = [
        "verify-request",
        "request.jws",
        "--fetch",
        "--pins",
        "pins.json",
        "--host",
        "paste.example",
    ];
    let mut command = shell.command(&arguments);
    command.envs(domain.environment());
    let output = tokio::task::spawn_blocking(move || command.output())
        .await
        .unwrap();
    Ran::from(output.unwrap()).ends(code)
}

async fn the_domain_is_asked_for_its_keys_and_nobody_else(db: Db) {
    let w = world(db).await;
    let (unit, shown) = signing(&w).await;
    let request = filed(&w, &unit, "https://paste.example/fetched").await;
    let platform = Cli::of(&w.platform, &w.server);
    let statement = w
        .platform
        .api
        .get(&format!("{}/signed", path(&request)))
        .await
        .is(200)
        .text();
    fs::write(platform.dir().join("request.jws"), statement).unwrap();
    let domain = Domain::start(DOMAIN);

    domain.shows(&shown);
    let good = check(&platform, &domain, 0).await;
    assert!(
        good.out.contains("police.example shows this key"),
        "{}",
        good.out
    );
    assert_eq!(domain.asked(), ["/.well-known/takedown-exchange/keys.json"]);

    // Another key is no word against this one, but this one is then shown by nobody.
    let evil = [
        "keys", "new", "evil.key", "--unit", &w.unit.id, "--domain", DOMAIN,
    ];
    platform.run(&evil).await.ends(0);
    let evil = platform
        .run(&["keys", "publish", "evil.key"])
        .await
        .ends(0)
        .out;
    domain.shows(&evil);
    let other = check(&platform, &domain, 1).await;
    assert!(
        other.err.contains("not among the keys given"),
        "{}",
        other.err
    );

    for (how, says) in [
        ("missing", "answers 404: the domain shows no keys there"),
        ("redirect", "answers 302: the domain shows no keys there"),
        (
            "flood",
            "sends more than 65536 bytes, which is no set of keys",
        ),
        // Patience ends after ten seconds.
        ("stall", "cannot be reached"),
    ] {
        domain.answers(how);
        let refused = check(&platform, &domain, 1).await;
        assert!(refused.err.contains(says), "{how}: {}", refused.err);
    }
    // Nobody was asked whom the domain sent it to, and what is no set of keys is named.
    let place = "/.well-known/takedown-exchange/keys.json";
    assert!(
        domain.asked().iter().all(|asked| asked == place),
        "{:?}",
        domain.asked()
    );
    domain.shows("<html>Welcome</html>");
    let page = check(&platform, &domain, 1).await;
    assert!(page.err.contains("police.example: "), "{}", page.err);
    // A certificate that is of another name proves nothing.
    let elsewhere = Domain::start("elsewhere.example");
    elsewhere.shows(&shown);
    let refused = check(&platform, &elsewhere, 1).await;
    assert!(refused.err.contains("cannot be reached"), "{}", refused.err);
    assert_eq!(elsewhere.asked(), [""; 0]);
}

async fn a_correction_is_signed_by_shell(db: Db) {
    let w = world(db).await;
    let (unit, shown) = signing(&w).await;
    let request = filed(&w, &unit, "https://paste.example/corrected").await;
    let id = request["id"].as_str().unwrap();
    let correct = [
        "correct",
        id,
        "--reasons",
        "The page names a place.",
        "--language",
        "en",
        "--sign",
        "unit.key",
    ];
    unit.run(&correct).await.ends(0);
    let read = w.platform.api.get(&path(&request)).await.is(200).json();
    assert_eq!(read["reasons"]["text"], "The page names a place.");
    let signature = &read["signature"];
    assert_eq!(signature["unsigned_changes"], 0);
    let statements = signature["statements"].as_array().unwrap();
    let acts: Vec<&str> = statements
        .iter()
        .map(|one| one["act"].as_str().unwrap())
        .collect();
    assert_eq!(acts, ["file", "correct"]);

    // The platform checks both, in their order, without the exchange.
    let platform = Cli::of(&w.platform, &w.server);
    for (name, one) in ["first.jws", "then.jws"].iter().zip(statements) {
        let digest = one["digest"].as_str().unwrap();
        let address = format!("{}/signed?digest={digest}", path(&request));
        let statement = w.platform.api.get(&address).await.is(200).text();
        fs::write(platform.dir().join(name), statement).unwrap();
    }
    fs::write(platform.dir().join("domain.json"), shown).unwrap();
    let check = |files: &[&'static str]| {
        [
            &["verify-request"],
            files,
            &["--domain-keys", "domain.json", "--pins", "pins.json"],
        ]
        .concat()
    };
    let good = platform
        .run(&check(&["first.jws", "then.jws"]))
        .await
        .ends(0)
        .out;
    assert!(good.contains("The page names a place."), "{good}");
    // The other way round it is no chain.
    let swapped = platform
        .run(&check(&["then.jws", "first.jws"]))
        .await
        .ends(1);
    assert!(
        swapped.out.contains("AGAINST") || !swapped.err.is_empty(),
        "{}",
        swapped.out
    );

    // Both are in the unit's own ledger, and the exchange holds nothing else under its signature.
    let ledger = fs::read_to_string(unit.dir().join("unit.key.ledger")).unwrap();
    assert_eq!(ledger.lines().count(), 2, "{ledger}");
    unit.run(&["monitor", "--ledger", "unit.key.ledger"])
        .await
        .ends(0);
}
