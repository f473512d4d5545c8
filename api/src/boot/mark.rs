//! What is real and what is not never share data: a sandbox marks its directory and its database before it writes anything else, and
//! takes none that others have used; an exchange takes none that is marked.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use super::Failed;
use super::exchange::{location, private};
use crate::config::Config;
use crate::store::backend::{Access, Location};
use crate::store::sandbox::{Nature, nature};

/// The file that marks a data directory.
const FILE: &str = "SANDBOX";
const TEXT: &str =
    "The data of a sandbox: nothing here is real, and `takedown serve` refuses it.\n";

/// Refuses data of the other kind before anything in it is changed, and marks the directory of a sandbox. Whether the database of an
/// exchange is marked is seen once it is open.
pub(super) fn check(config: &Config) -> Result<(), Failed> {
    let directory = &config.data_dir;
    let is_marked = directory.join(FILE).exists();
    if !config.is_sandbox {
        return match is_marked {
            true => Err(of_a_sandbox(config)),
            false => Ok(()),
        };
    }
    if !is_marked && !is_unused(directory)? {
        return Err(format!(
            "{} is in use, and not by a sandbox. Give the sandbox a directory that is empty or not there yet: \
             takedown sandbox --data-dir DIR",
            directory.display()
        )
        .into());
    }
    let location = location(config);
    let found = match &location {
        Location::Sqlite(path) if !path.exists() => Nature::Empty,
        _ => nature(&mut location.open(Access::Look)?)?,
    };
    if found == Nature::Exchange {
        return Err(
            "the database is that of an exchange, and a sandbox must not touch it. Leave database.url unset for one of its own \
             in its data directory, or give it an empty PostgreSQL database: takedown sandbox --database URL"
                .into(),
        );
    }
    if !is_marked {
        private(directory).map_err(|e| format!("cannot make {}: {e}", directory.display()))?;
        let file = directory.join(FILE);
        fs::write(&file, TEXT).map_err(|e| format!("{}: {e}", file.display()))?;
    }
    Ok(())
}

/// Why an exchange does not start.
pub(super) fn of_a_sandbox(config: &Config) -> Failed {
    format!(
        "the data directory {} or the database in database.url is that of a sandbox, in which nothing is real. `takedown sandbox` \
         runs it; give `takedown serve` a data directory and a database of its own",
        config.data_dir.display()
    )
    .into()
}

/// Whether nothing is in a directory, or it is not there.
fn is_unused(directory: &Path) -> Result<bool, Failed> {
    match fs::read_dir(directory) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(true),
        Err(error) => Err(format!("{}: {error}", directory.display()).into()),
    }
}
