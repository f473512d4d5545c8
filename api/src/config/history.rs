//! The sealed history.

use std::path::PathBuf;

use super::key::{Key, Preset, Privacy};
use super::reader::Reader;

pub(super) const KEYS: &[&Key] = &[&KEY, &ORIGIN];

static KEY: Key = Key {
    name: "history.key",
    preset: Preset::Unset,
    accepts: "a file; the directory it is in must be there",
    about: "The private key that signs the history. Without it `history.key` in the data directory, made at the first start. Nodes that share a database need copies of one key: a node without it serves and stores, and the others sign.",
    privacy: Privacy::Open,
};
static ORIGIN: Key = Key {
    name: "history.origin",
    preset: Preset::Unset,
    accepts: "a name without spaces and without +, such as takedown.example/log",
    about: "The name of the log, for a key that is made. Without it the host of `server.public_url` and `/log`. It is part of the key and stays with it.",
    privacy: Privacy::Open,
};

/// The sealed history.
#[derive(Debug, Clone)]
pub struct History {
    /// Where the private key is; `None`: in the data directory.
    pub key: Option<PathBuf>,
    /// The name of a log that begins; `None`: from the public address.
    pub origin: Option<String>,
}

pub(super) fn read(reader: &mut Reader) -> Option<History> {
    let key = reader.optional(&KEY, |text| {
        let path = PathBuf::from(text);
        match path.parent() {
            Some(folder) if folder.as_os_str().is_empty() || folder.is_dir() => Ok(path),
            _ => Err(Some("its directory is not there".to_owned())),
        }
    });
    let origin = reader.optional(&ORIGIN, |text| {
        let name = text.parse::<takedown_core::log::note::KeyName>();
        name.map(|name| name.as_str().to_owned())
            .map_err(|error| Some(error.to_string()))
    });
    Some(History {
        key: key?,
        origin: origin?,
    })
}
