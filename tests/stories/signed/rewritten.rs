//! Whoever has the database cannot make a unit have asked something else.

use serde_json::Value;
use takedown_tests::database::psql;
use takedown_tests::{Db, both_databases};

use super::{Unit, file, referral, world};

both_databases!(what_is_changed_behind_a_signature_is_named);

async fn what_is_changed_behind_a_signature_is_named(db: Db) {
    let mut w = world(db).await;
    let unit = Unit::known(&w, 1).await;
    let kept = file(&w.unit, &unit.filing(&referral("kept")))
        .await
        .is(201)
        .json();
    let verify = |w: &takedown_tests::World| {
        let done = w.server.command(&["verify", "--json"]).output().unwrap();
        let said: Value =
            serde_json::from_slice(&done.stdout).unwrap_or_else(|_| panic!("{done:?}"));
        (done.status.success(), said)
    };
    let (good, said) = verify(&w);
    assert!(good, "{said}");
    assert_eq!(kept["attestation"], "unit_signed");
    // The embedded database is opened by the server alone; the unit tests of the store change it there.
    let Some(url) = w.server.database().url() else {
        return;
    };
    w.server.stop();
    for (change, back, named) in [
        (
            "UPDATE items SET locator = 'https://paste.example/other'",
            "UPDATE items SET locator = 'https://paste.example/kept'",
            "item 1 of its request is another than the unit signed",
        ),
        (
            "UPDATE requests SET filing = REPLACE(filing, 'shown to minors', 'harmless')",
            "UPDATE requests SET filing = REPLACE(filing, 'harmless', 'shown to minors')",
            "has another reasons than the unit signed",
        ),
        (
            "UPDATE requests SET jurisdiction = 'DE', agency_reference = 'X'",
            "UPDATE requests SET jurisdiction = 'PL', agency_reference = NULL",
            "has another agency_reference than the unit signed",
        ),
        (
            "UPDATE signed_statements SET jti = 'another-one-00000'",
            "",
            "the jti beside what the unit signed",
        ),
        (
            "UPDATE unit_keys SET revoked_at = 1",
            "UPDATE unit_keys SET revoked_at = NULL",
            "does not count: this key was revoked",
        ),
        (
            "UPDATE unit_keys SET public_key = decode(repeat('07', 32), 'hex')",
            "",
            "it was not signed by the key",
        ),
        (
            "DELETE FROM signed_statements",
            "",
            "what the unit signed is not there",
        ),
    ] {
        psql(&url, change);
        let (good, said) = verify(&w);
        assert!(
            !good && said["named"].to_string().contains(named),
            "{change}: {said}"
        );
        if !back.is_empty() {
            psql(&url, back);
        }
    }
}
