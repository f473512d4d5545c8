//! What is real and what is not never share data: a sandbox marks its directory and its database before it writes anything else, and
//! takes none that others have used; an exchange takes none that is marked.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use super::Failed;
use super::exchange::{location, private};
use crate::config::{Config, SANDBOX_FILE};
use crate::store::backend::{Access, Location};
use crate::store::sandbox::{Nature, nature};

/// The file that marks a data directory.
const FILE: &str = "SANDBOX";
const TEXT: &str =
    "The data of a sandbox: nothing here is real, and `takedown serve` refuses it.\n";

/// What an exchange signs, seals, witnesses and reads with. A variable is easily there for the exchange beside the sandbox: with the same
/// key the sandbox would sign a second history, which convicts the first.
const OWN: [&str; 5] = [
    "history.key",
    "history.policy",
    "webhooks.sealing_key",
    "mail.bounce_directory",
    "database.replica",
];

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
    for name in OWN {
        if let Some(variable) = config.variable_of(name) {
            return Err(format!(
                "{variable} is set in the environment, and a sandbox does not take {name} from there: it may be meant for an exchange. \
                 Unset it for the sandbox; if it is the sandbox's own, write {name} to its file ({SANDBOX_FILE}, or takedown sandbox --config FILE)"
            )
            .into());
        }
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
    match found {
        Nature::Empty | Nature::Sandbox => {}
        // A sandbox that was stopped in its first start comes again.
        Nature::Unmarked if is_marked => {}
        Nature::Unmarked | Nature::Exchange => return Err(of_an_exchange()),
    }
    if !is_marked {
        private(directory).map_err(|e| format!("cannot make {}: {e}", directory.display()))?;
        let file = directory.join(FILE);
        fs::write(&file, TEXT).map_err(|e| format!("{}: {e}", file.display()))?;
    }
    Ok(())
}

/// Why a sandbox does not start.
pub(super) fn of_an_exchange() -> Failed {
    "the database is that of an exchange, and a sandbox must not touch it. Leave database.url unset for one of its own \
     in its data directory, or give it an empty PostgreSQL database: takedown sandbox --database URL"
        .into()
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::config::Layers;

    #[test]
    fn a_sandbox_takes_no_key_from_the_environment() {
        let folder = std::env::temp_dir().join(format!("takedown-{}", uuid::Uuid::now_v7()));
        let key = std::env::temp_dir().join("history.key");
        let key = key.display();
        let configured = |file: &str, environment: &[(&str, String)]| {
            let mut layers = Layers::default();
            layers.set("data_dir", folder.to_str().unwrap());
            layers.file("sandbox.toml", file);
            let environment = environment.iter();
            layers
                .environment(environment.map(|(name, value)| ((*name).to_owned(), value.clone())));
            let mut config = Config::from_layers(layers).unwrap();
            config.is_sandbox = true;
            config
        };
        let set = [("TAKEDOWN_HISTORY_KEY", key.to_string())];
        let said = check(&configured("", &set)).unwrap_err().to_string();
        assert!(said.starts_with("TAKEDOWN_HISTORY_KEY is set"), "{said}");
        assert!(!folder.exists(), "nothing was begun");
        let own = format!("[history]\nkey = \"{key}\"\n");
        check(&configured(&own, &[])).unwrap();
        assert!(folder.join(FILE).exists());
        // Once more, as after a stop before the database was made.
        check(&configured(&own, &[])).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        let names: Vec<&str> = crate::config::keys().iter().map(|key| key.name).collect();
        assert!(OWN.iter().all(|name| names.contains(name)));
    }
}
