//! Where a platform that nobody speaks for can be written to: found by agencies, each for itself.

use serde_json::{Value, json};
use takedown_tests::cli::Cli;
use takedown_tests::{Db, both_databases};

use super::{OWNER, site};

both_databases!(
    addresses_are_named_pasted_and_replaced_and_each_agency_has_its_own,
    the_same_by_command_line,
);

async fn addresses_are_named_pasted_and_replaced_and_each_agency_has_its_own(db: Db) {
    let s = site(db, &["en"]).await;
    let at = format!("/v1/platforms/{}/contacts", s.platform);
    let whois = "Registrant Email: who@small.test\nOrgAbuseEmail: Abuse@host.test\nbad: a@b\n";
    let pasted = json!({"pasted": {"text": whois, "source": "rdap"}});
    let added = s.w.unit.api.post(&at, &pasted).await.is(200).json();
    assert_eq!(
        added["read"][0],
        json!({"address": "Abuse@host.test", "line": 2, "purpose": "abuse", "own_domain": false})
    );
    assert_eq!(added["read"][1]["own_domain"], true);
    assert_eq!(added["refused"][0]["line"], 3);
    let places: Vec<&Value> = added["contacts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| &c["place"])
        .collect();
    assert_eq!(places.len(), 3, "{added:#}");
    // Said again it changes nothing.
    let before =
        s.w.operator
            .api
            .get(&format!("/v1/platforms/{}", s.platform))
            .await
            .json();
    s.w.unit.api.post(&at, &pasted).await.is(200);
    let after =
        s.w.operator
            .api
            .get(&format!("/v1/platforms/{}", s.platform))
            .await
            .json();
    assert_eq!(before, after);
    // Another agency sees what it found itself, and takes nothing away from the first.
    assert_eq!(
        s.w.other_unit.api.get(&at).await.is(200).json()["contacts"],
        json!([])
    );
    let theirs = json!({"contacts": [{"address": OWNER, "source": "other"}]});
    s.w.other_unit.api.put(&at, &theirs).await.is(200);
    let only = json!({"contacts": [{"address": "who@small.test", "source": "site"}]});
    let left = s.w.unit.api.put(&at, &only).await.is(200).json();
    assert_eq!(left["contacts"].as_array().unwrap().len(), 1);
    let known =
        s.w.operator
            .api
            .get(&format!("/v1/platforms/{}", s.platform))
            .await
            .json();
    assert_eq!(
        known["contacts"],
        json!([OWNER, "who@small.test"]),
        "the other agency's stays"
    );
    let nothing = json!({"contacts": []});
    s.w.unit
        .api
        .post(&at, &nothing)
        .await
        .problem(422, "invalid");
    for (body, pointer) in [
        (
            json!({"contacts": [{"address": "a@b", "source": "site"}]}),
            "/contacts/0/address",
        ),
        (
            json!({"pasted": {"text": "nothing", "source": "rdap"}}),
            "/pasted/text",
        ),
    ] {
        s.w.unit
            .api
            .post(&at, &body)
            .await
            .problem_at(422, "invalid", pointer);
    }
    s.w.platform.api.get(&at).await.is(403);
    s.w.unit
        .api
        .get("/v1/platforms/platform_01kb0000000000000000000000/contacts")
        .await
        .is(404);
    // Whoever speaks for it says so himself.
    let proof = json!({"method": "dns_txt"});
    s.w.operator
        .api
        .put(
            &format!("/v1/platforms/{}/verification", s.platform),
            &proof,
        )
        .await
        .is(200);
    s.w.unit.api.put(&at, &only).await.is(409);
}

async fn the_same_by_command_line(db: Db) {
    let s = site(db, &["en"]).await;
    let shell = Cli::of(&s.w.unit, &s.w.server);
    std::fs::write(
        shell.dir().join("security.txt"),
        "Contact: mailto:team@small.test\n",
    )
    .unwrap();
    let add = [
        "contacts",
        "add",
        &s.platform,
        "--paste",
        "security.txt",
        "--source",
        "security_txt",
        "--language",
        "ar",
    ];
    let added = shell.run(&add).await.ends(0);
    assert!(
        added
            .err
            .contains("line 1: team@small.test (contact, at the platform's own domain)"),
        "{}",
        added.err
    );
    assert!(
        added.out.contains(OWNER) && added.out.contains("team@small.test"),
        "{}",
        added.out
    );
    let replace = [
        "contacts",
        "replace",
        &s.platform,
        "team@small.test=security_txt",
    ];
    let replaced = shell.run(&replace).await.ends(0);
    assert!(!replaced.out.contains(OWNER), "{}", replaced.out);
    shell
        .run(&["contacts", "add", &s.platform, "no-source"])
        .await
        .ends(2);
    let once = [
        "contacts",
        "add",
        &s.platform,
        "more@small.test",
        "--source",
        "site",
    ];
    let added = shell.run(&once).await.ends(0);
    assert!(added.out.contains("more@small.test"), "{}", added.out);
    let listed = shell
        .run(&["contacts", "list", &s.platform, "--json"])
        .await
        .ends(0)
        .json();
    assert_eq!(listed["languages"], json!(["ar"]));
    let request = s.file(&["https://small.test/one"]).await;
    let reference = request["reference"].as_str().unwrap();
    s.smtp.mails_to("team@small.test", 1).await;
    shell.run(&["link", "revoke", reference]).await.ends(0);
    shell.run(&["link", "send", reference]).await.ends(0);
    s.smtp.mails_to("team@small.test", 2).await;
}
