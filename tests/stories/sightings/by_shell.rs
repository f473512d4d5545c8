//! The same by command line: what an officer types after a removal, and on Monday.

use super::filed;
use serde_json::Value;
use takedown_tests::cli::Cli;
use takedown_tests::{Db, World, both_databases};

both_databases!(
    a_unit_follows_what_moved_by_command_line,
    a_unit_asks_before_it_files_by_command_line,
);

async fn a_unit_follows_what_moved_by_command_line(db: Db) {
    let w = World::new(db).await;
    let first = filed(&w, "https://paste.example/moved").await;
    let reference = first["reference"].as_str().unwrap();
    let shell = Cli::of(&w.unit, &w.server);

    let mirror = "hxxps[:]//mirror[.]test/moved";
    let contact = "abuse@mirror.test=abuse_mailbox";
    let add = [
        "sighting",
        "add",
        reference,
        mirror,
        "--seen",
        "found",
        "--confidence",
        "probable",
        "--contact",
        contact,
        "--json",
    ];
    let added = shell.run(&add).await;
    assert_eq!(added.code, 0, "{}", added.err);
    let sighting: Value = serde_json::from_str(&added.out).unwrap();
    let id = sighting["id"].as_str().unwrap();
    let again = shell
        .run(&["sighting", "list", "--request", reference, "--week", "this"])
        .await;
    assert!(
        again.out.contains(id) && again.out.contains("mirror[.]test"),
        "{}",
        again.out
    );

    let monday = shell
        .run(&["outreach", "--week", "this", "--state", "to_write"])
        .await;
    assert_eq!(monday.code, 0, "{}", monday.err);
    assert!(monday.out.contains("mirror.test"), "{}", monday.out);

    // Written to, and no longer to be written to.
    let next = filed(&w, "https://mirror.test/moved").await;
    let follower = next["reference"].as_str().unwrap();
    let followed = shell.run(&["sighting", "follow", id, follower]).await;
    assert_eq!(followed.code, 0, "{}", followed.err);
    let monday = shell.run(&["outreach", "--week", "this"]).await;
    let line = monday.out.lines().find(|line| line.contains("mirror.test"));
    assert!(
        line.is_some_and(|line| line.contains("unanswered")),
        "{}",
        monday.out
    );

    let chain = shell.run(&["chain", follower, "--direction", "back"]).await;
    let nodes: Value = serde_json::from_str(&chain.out).unwrap();
    assert!(nodes.to_string().contains(reference), "{nodes}");
    for (format, begins) in [("graphml", "<?xml"), ("dot", "digraph")] {
        let drawn = shell.run(&["chain", reference, "--format", format]).await;
        assert!(drawn.out.starts_with(begins), "{}", drawn.out);
    }
    // It would close on itself.
    let back = [
        "sighting",
        "add",
        follower,
        "https://paste.example/moved",
        "--seen",
        "found",
        "--confidence",
        "possible",
        "--json",
    ];
    let back: Value = serde_json::from_str(&shell.run(&back).await.out).unwrap();
    let closing = shell
        .run(&[
            "sighting",
            "follow",
            back["id"].as_str().unwrap(),
            reference,
        ])
        .await;
    assert_eq!(closing.code, 1);
    assert!(closing.err.contains("/request"), "{}", closing.err);

    let wrong = shell.run(&["sighting", "revise", id, "certain"]).await;
    assert!(
        wrong.code != 0 && wrong.err.contains("confidence"),
        "{}",
        wrong.err
    );
    let revised = shell.run(&["sighting", "revise", id, "confirmed"]).await;
    assert_eq!(revised.code, 0, "{}", revised.err);
    let retracted = shell
        .run(&["sighting", "retract", back["id"].as_str().unwrap()])
        .await;
    assert_eq!(retracted.code, 0, "{}", retracted.err);
}

async fn a_unit_asks_before_it_files_by_command_line(db: Db) {
    let w = World::new(db).await;
    let first = filed(&w, "https://paste.example/asked").await;
    let reference = first["reference"].as_str().unwrap();
    let own = Cli::of(&w.unit, &w.server)
        .run(&["lookup", "hxxps[:]//paste[.]example/asked"])
        .await;
    assert!(own.out.contains(reference), "{}{}", own.out, own.err);
    let other = Cli::of(&w.other_unit, &w.server)
        .run(&["lookup", "https://paste.example/asked"])
        .await;
    assert_eq!(other.code, 0, "{}", other.err);
    assert!(
        !other.out.contains(reference),
        "whose case it is is not told: {}",
        other.out
    );
    let never = Cli::of(&w.unit, &w.server)
        .run(&["lookup", "https://paste.example/never"])
        .await;
    assert!(!never.out.contains(reference), "{}", never.out);
}
