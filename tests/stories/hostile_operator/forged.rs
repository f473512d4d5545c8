//! The operator forges a request.

use super::*;
use takedown_tests::world::path;

/// He files it himself, by a client that he made for the unit. In the history it is like any other; what he does not have is the
/// unit's key.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_in_a_units_name_lacks_the_units_signature_and_nothing_else() {
    let w = world().await;
    let unit = Cli::of(&w.unit, &w.server);
    with_key(&w, &unit).await;
    let true_one = signed(&unit, "https://paste.example/true").await;

    let forger = impersonated(&w, &w.unit).await;
    let forged = filed(&forger, "https://paste.example/forged").await;
    let request = forged.json();
    assert_eq!(request["agency"]["id"], w.unit.id);

    // Not found: it is in the log, is proven, and every column follows from it.
    let platform = Cli::of(&w.platform, &w.server);
    keep_both(&platform, &forged);
    let key = vkey(&w).await;
    let proven = verify_proof(&platform, "proof", ["--vkey", &key]).await;
    assert!(proven.ends(0).out.contains("proven"));
    let (good, said) = run(&w.server, &["verify", "--deep"]);
    assert!(good && said.contains("units    1 changes"), "{said}");

    // Found: who asks for the unit's signature gets none. Reading that is the receipt of nothing.
    let at = format!("{}/signed", path(&request));
    let refused = w.platform.api.get(&at).await.problem(409, "conflict-state");
    let detail = refused["detail"].as_str().unwrap();
    assert!(detail.contains("by the exchange only"), "{detail}");
    let shown = |id: &Value| id.as_str().unwrap().to_owned();
    let shown = |id: &Value| {
        let (platform, id) = (&platform, shown(id));
        async move { platform.run(&["show", &id]).await.ends(0).out }
    };
    let said = shown(&request["id"]).await;
    assert!(said.contains("the exchange only"), "{said}");
    let said = shown(&true_one["id"]).await;
    assert!(said.contains("signed by the unit's key"), "{said}");

    // The unit's monitor compares signatures, and there is none. Its own list has the request, as long as it is not left out there.
    let monitor = ["monitor", "--ledger", "unit.key.ledger"];
    unit.run(&monitor).await.ends(0);
    let own = w.unit.api.list("/v1/requests").await;
    let forged = own.iter().find(|one| one["id"] == request["id"]).unwrap();
    assert_eq!(forged["attestation"], "exchange_only");
}

/// He changes what a unit asked, with or without the bytes that it signed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_unit_asked_cannot_be_turned_into_something_else() {
    let mut w = world().await;
    let unit = Cli::of(&w.unit, &w.server);
    with_key(&w, &unit).await;
    let request = signed(&unit, "https://paste.example/asked").await;

    // The columns only: what the platform is shown is forged, what it checks is not.
    w.server.stop();
    let other = "UPDATE items SET locator = 'https://paste.example/other'";
    doctor(&w.server, other);
    w.server.restart();
    let platform = Cli::of(&w.platform, &w.server);
    handed_over(&w, &platform, &request).await;
    let id = request["id"].as_str().unwrap();
    let shown = platform.run(&["show", id, "--exact"]).await.ends(0).out;
    assert!(shown.contains("https://paste.example/other"), "{shown}");
    let checked = verify_request(&platform, &[]).await.ends(0).out;
    assert!(checked.contains("paste[.]example/asked"), "{checked}");
    let (good, said) = run(&w.server, &["verify"]);
    let named = "item 1 of its request is another than the unit signed";
    assert!(!good && said.contains(named), "{said}");

    // The bytes too.
    let statement = std::fs::read_to_string(platform.dir().join("request.jws")).unwrap();
    let (head, signature) = statement.split_once("\"signature\":\"").unwrap();
    let first = if signature.starts_with('A') { "B" } else { "A" };
    let changed = format!("{head}\"signature\":\"{first}{}", &signature[1..]);
    w.server.stop();
    let bytes = format!("UPDATE signed_statements SET content = CAST('{changed}' AS BLOB)");
    doctor(&w.server, &bytes);
    w.server.restart();
    let platform = Cli::of(&w.platform, &w.server);
    handed_over(&w, &platform, &request).await;
    let checked = verify_request(&platform, &[]).await.ends(1);
    assert!(checked.err.contains("was not signed by"), "{}", checked.err);
    let (good, said) = run(&w.server, &["verify"]);
    let named = "the digest beside what the unit signed is";
    assert!(!good && said.contains(named), "{said}");
}
