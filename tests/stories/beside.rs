//! Another program looks at the embedded database while the server runs: a backup, `sqlite3`, a monitor.

use std::process::Command;
use takedown_tests::seams::database_file;
use takedown_tests::world::path;
use takedown_tests::{Db, Filing, Server, World, paths};

/// What such a program does: it opens the database, reads, and closes it.
fn looked_at(server: &Server) {
    let script = "
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], timeout=30)
found = db.execute('SELECT count(*) FROM requests').fetchone()[0]
db.close()
sys.exit('nothing was found' if found == 0 else 0)
";
    let done = Command::new(paths::tool("venv/bin/python"))
        .args(["-c", script])
        .arg(database_file(server.data()))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_that_is_committed_after_somebody_looked() {
    let mut world = World::new(Db::Sqlite).await;
    let before = world
        .file(&Filing::referral(&["https://paste.example/before"]))
        .await;
    looked_at(&world.server);
    // The log into which the server writes is still the one that a restart reads.
    let log = database_file(world.server.data()).with_extension("db-wal");
    assert!(log.exists(), "{} was removed", log.display());
    let after = world
        .file(&Filing::referral(&["https://paste.example/after"]))
        .await;
    world.server.kill9();
    world.server.restart();
    for request in [before, after] {
        world.unit.api.get(&path(&request)).await.is(200);
    }
}
