//! What stories have in common is made once a run and copied: everyone brought in, on each of the databases.
//!
//! Every story still has a server, a database and a directory of its own; what it saves is a dozen registrations and all
//! migrations. Without the run's directory (`scripts/with-postgres` makes it) each story makes its own.

use crate::database::{Db, copied};
use crate::seams::Credentials;
use crate::world::Party;
use crate::{Api, Server, World};
use serde_json::{Map, Value, json};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The directory that lasts as long as the run and its PostgreSQL server; none when that server is somebody's own.
pub fn directory() -> Option<PathBuf> {
    std::env::var_os("TAKEDOWN_TEST_SHARED").map(PathBuf::from)
}

/// What one story made for all: a data directory, who is in it, and on PostgreSQL a database of that name.
struct Made {
    place: PathBuf,
    db: Db,
}

/// A world like every other's, on a database of its own; none outside of a run.
pub async fn world(db: Db) -> Option<World> {
    let directory = directory()?;
    let made = Made {
        place: directory.join(format!("{db:?}").to_lowercase()),
        db,
    };
    made.once(&directory).await;
    Some(made.another().await)
}

impl Made {
    /// Makes it, if this is the first story that asks; the others wait.
    async fn once(&self, directory: &Path) {
        let lock = File::create(directory.join(format!("{:?}.lock", self.db))).expect("a lock");
        lock.lock().expect("the lock");
        if self.place.is_dir() {
            return;
        }
        let mut world = World::on(Server::prepare(self.db, &[])).await;
        world.server.stop();
        let unfinished = self.place.with_extension("unfinished");
        let _ = fs::remove_dir_all(&unfinished);
        copy(world.server.data(), &unfinished.join("data"));
        let people: Map<String, Value> = world
            .everyone()
            .into_iter()
            .map(|(role, party)| {
                let who = party.api.credentials();
                let party = json!({"party": party.id, "id": who.id, "secret": who.secret});
                (role.to_owned(), party)
            })
            .collect();
        fs::write(unfinished.join("people"), Value::from(people).to_string()).expect("a file");
        world.server.database().keep_a_copy();
        fs::rename(unfinished, &self.place).expect("it is new");
    }

    async fn another(&self) -> World {
        let mut server = Server::on(Arc::new(copied(self.db)), &[]);
        copy(&self.place.join("data"), server.data());
        server.restart();
        let people = fs::read(self.place.join("people")).expect("who is in it");
        let people: Value = serde_json::from_slice(&people).expect("JSON");
        let anonymous = Api::anonymous(server.address());
        // It listens a moment before it can be told to end.
        anonymous.get("/readyz").await.is(200);
        let party = |role: &str| Party {
            id: people[role]["party"].as_str().expect("an id").to_owned(),
            api: anonymous.acting_as(Credentials::read(&people[role])),
        };
        World {
            operator: party("operator"),
            unit: party("unit"),
            other_unit: party("other unit"),
            platform: party("platform"),
            other_platform: party("other platform"),
            auditor: party("auditor"),
            anonymous,
            server,
        }
    }
}

/// Copies what is in a directory, with its modes.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a directory");
    for entry in fs::read_dir(from).expect("a directory") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}
