//! The same by command line.

use takedown_tests::cli::Cli;
use takedown_tests::{Db, World, both_databases};

use super::{MARK, closed, marked};

both_databases!(it_is_done_by_command_line);

async fn it_is_done_by_command_line(db: Db) {
    let w = World::new(db).await;
    let request = closed(&w, &marked()).await;
    let reference = request["reference"].as_str().unwrap();
    let unit = Cli::of(&w.unit, &w.server);
    let ran = unit
        .run(&["hold", "place", reference, "--reason", "An inquiry."])
        .await;
    assert!(ran.ends(0).out.contains("An inquiry."));
    let early = [
        "erase",
        reference,
        "--reason",
        "no-longer-needed",
        "--for-good",
    ];
    let erase = [
        "erase",
        reference,
        "--reason",
        "unlawful",
        "--reference",
        "DPO 4/26",
    ];
    let unsaid = unit.run(&erase).await.ends(2);
    assert!(unsaid.err.contains("--for-good"), "{}", unsaid.err);
    let meant = [&erase[..], &["--for-good"]].concat();
    let refused = unit.run(&meant).await.ends(1);
    assert!(refused.err.contains("it is held"), "{}", refused.err);
    assert!(
        unit.run(&["hold", "show", reference])
            .await
            .ends(0)
            .out
            .contains("held since")
    );
    unit.run(&["hold", "lift", reference]).await.ends(0);
    let refused = unit.run(&early).await.ends(1);
    assert!(refused.err.contains("may complain"), "{}", refused.err);
    assert!(
        unit.run(&meant)
            .await
            .ends(0)
            .out
            .contains("erased, version")
    );
    let shown = unit.run(&["show", reference]).await.ends(0).out;
    assert!(shown.contains("Erased") && !shown.contains(MARK), "{shown}");
}
