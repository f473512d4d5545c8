//! A unit's key is in foreign hands, and the unit hears of it.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::Value;
use takedown_tests::cli::Cli;
use takedown_tests::{Db, both_databases, wait};

use super::{DOMAIN, world};

both_databases!(a_stolen_key_is_found_within_one_checkpoint_and_told_once);

/// Takes mails over as sendmail does, and keeps them; unless it is told to refuse.
const SENDMAIL: &str = "#!/bin/sh
if [ -e refuses ]; then exit 75; fi
echo \"given to $*\" >> mails
cat >> mails
";
const OTHER_LOG: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

/// `takedown file --sign` of one link.
async fn filed(shell: &Cli, link: &str) {
    let link = format!("https://paste.example/{link}");
    let file = [
        "file",
        &link,
        "--ground",
        "terms",
        "--reasons",
        "Against your terms.",
        "--language",
        "en",
        "--sign",
        "unit.key",
    ];
    shell.run(&file).await.ends(0);
}

async fn a_stolen_key_is_found_within_one_checkpoint_and_told_once(db: Db) {
    let w = world(db).await;
    let (unit, operator, thief) = (
        Cli::of(&w.unit, &w.server),
        Cli::of(&w.operator, &w.server),
        Cli::of(&w.unit, &w.server),
    );
    let new = [
        "keys", "new", "unit.key", "--unit", &w.unit.id, "--domain", DOMAIN,
    ];
    let kid = unit.run(&new).await.ends(0).out.trim().to_owned();
    unit.run(&["keys", "add", "unit.key"]).await.ends(0);
    let confirm = ["keys", "confirm", &w.unit.id, &kid];
    operator.run(&confirm).await.ends(0);
    let sendmail = unit.dir().join("sendmail");
    fs::write(&sendmail, SENDMAIL).unwrap();
    fs::set_permissions(&sendmail, fs::Permissions::from_mode(0o755)).unwrap();
    let log = w.anonymous.get("/v1/log").await.is(200).json();
    let vkey = log["vkey"].as_str().unwrap().to_owned();
    let duty = [
        "--mail-to",
        "duty@police.example",
        "--sendmail",
        "./sendmail",
    ];
    let monitor = ["monitor", "--ledger", "unit.key.ledger", "--vkey", &vkey];
    let monitor = [&monitor[..], &duty[..]].concat();
    let mails = || fs::read_to_string(unit.dir().join("mails")).unwrap_or_default();
    let told = || {
        mails()
            .matches("Subject: takedown monitor: SURPLUS")
            .count()
    };
    let state = || -> Value {
        let kept = fs::read_to_string(unit.dir().join("unit.key.ledger.monitor"));
        serde_json::from_str(&kept.unwrap()).unwrap()
    };

    filed(&unit, "own").await;
    unit.run(&monitor).await.ends(0);
    assert_eq!(mails(), "");
    fs::copy(unit.dir().join("unit.key"), thief.dir().join("unit.key")).unwrap();
    filed(&thief, "theft").await;

    // The next run names it, and by then or by the next checkpoint it is proven that it is in the log.
    let found = unit.run(&monitor).await.ends(1).out;
    assert!(found.starts_with("SURPLUS  file of req_"), "{found}");
    assert_eq!(found.lines().count(), 1, "{found}");
    let mail = mails();
    assert!(
        mail.contains("given to -i -- duty@police.example\nTo: duty@police.example\n"),
        "{mail}"
    );
    assert!(mail.contains("takedown keys revoke"), "{mail}");
    assert!(!mail.contains("paste"), "no link leaves by mail: {mail}");
    assert_eq!(told(), 1);
    wait::until("both uses to be proven", || async {
        unit.run(&monitor).await.ends(1);
        let proven = state()["proven"].as_array().unwrap().len();
        (proven == 2).then_some(())
    })
    .await;
    assert_eq!(state()["last"], 2);
    assert_eq!(told(), 1, "it was told once");

    // A mail that was not taken over is written again.
    filed(&thief, "again").await;
    fs::write(unit.dir().join("refuses"), "").unwrap();
    let refused = unit.run(&monitor).await.ends(1);
    assert!(
        refused.err.contains("did not take the mail over"),
        "{}",
        refused.err
    );
    assert_eq!(refused.out.lines().count(), 2, "{}", refused.out);
    fs::remove_file(unit.dir().join("refuses")).unwrap();
    unit.run(&monitor).await.ends(1);
    unit.run(&monitor).await.ends(1);
    assert_eq!(told(), 2);

    // What fails after the lists were compared keeps no alarm back.
    let seen = unit.dir().join("unit.key.ledger.checkpoint");
    let kept = fs::read(&seen).unwrap();
    fs::write(&seen, "nothing").unwrap();
    filed(&thief, "third").await;
    let failed = unit.run(&monitor).await.ends(1);
    assert!(failed.err.contains("ledger.checkpoint"), "{}", failed.err);
    assert_eq!(told(), 3);
    fs::write(&seen, kept).unwrap();

    // What another log would have to say is not believed.
    fs::copy(
        unit.dir().join("unit.key.ledger"),
        unit.dir().join("other.ledger"),
    )
    .unwrap();
    let other = ["monitor", "--ledger", "other.ledger", "--vkey", OTHER_LOG];
    let against = unit.run(&other).await.ends(1).out;
    assert!(against.contains("AGAINST  the use "), "{against}");
    let nobody = [&monitor[..5], &["--mail-to", "duty police.example"]].concat();
    unit.run(&nobody).await.ends(2);
}
