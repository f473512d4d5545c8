//! The key that seals secrets in the database.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use super::Failed;
use super::log_key::save;
use crate::auth::{SealingKey, SealingKeys};
use crate::config::Config;
use crate::store::backend::{Access, Location};
use crate::store::{Conn, StoreError, sealing_keys};

pub(super) fn place(config: &Config) -> PathBuf {
    let usual = || config.data_dir.join("keys").join("sealing.key");
    config.webhooks.sealing_key.clone().unwrap_or_else(usual)
}

/// Where the key that comes next is, while keys are changed.
pub(super) fn next_to(place: &Path) -> PathBuf {
    place.with_extension("key.next")
}

/// Opens this node's copy of the key, and of the one that comes next if there is one. The first node of a database makes the key; a
/// later one without a copy of it does not, because what one node sealed all must be able to read.
pub fn open(config: &Config, location: &Location) -> Result<Option<SealingKeys>, Failed> {
    let place = place(config);
    let mut conn = location.open(Access::Write)?;
    let own = read(&place)?;
    let Some(known) = sealing_keys::known(&mut conn)? else {
        let first = first(&mut conn, &place, own)?;
        return Ok(first.and_then(|key| {
            let name = key.name().to_owned();
            SealingKeys::of(vec![key], &name).ok()
        }));
    };
    let keys: Vec<SealingKey> = own.into_iter().chain(read(&next_to(&place))?).collect();
    match SealingKeys::of(keys, &known) {
        Ok(keys) => Ok(Some(keys)),
        Err(others) if others.is_empty() => {
            missing(&place, &known);
            Ok(None)
        }
        Err(others) => {
            let names: Vec<&str> = others.iter().map(SealingKey::name).collect();
            tracing::error!(
                "{}: it is the sealing key {}, and the secrets in the database are sealed with {known}: this node serves, and sends no webhooks. Put the right key there",
                place.display(),
                names.join(" and ")
            );
            Ok(None)
        }
    }
}

fn missing(place: &Path, known: &str) {
    tracing::warn!(
        "{} is not there, and secrets are sealed with the key {known} already: this node serves, and sends no webhooks. Copy the key from the node that has it",
        place.display()
    );
}

/// The first key of a database. The file is written before the database knows of the key: the other way round a crash in
/// between would leave a database whose key was never anywhere.
fn first(
    conn: &mut Conn,
    place: &Path,
    own: Option<SealingKey>,
) -> Result<Option<SealingKey>, Failed> {
    let (key, made) = match own {
        Some(own) => (own, false),
        None => {
            let (key, text) = SealingKey::generate()?;
            save(place, &text).map_err(|e| format!("{}: {e}", place.display()))?;
            (key, true)
        }
    };
    let now = chrono::Utc::now().timestamp_millis();
    match sealing_keys::note(conn, key.name(), now) {
        Ok(()) => {
            tracing::info!(key = key.name(), "made the key that seals secrets");
            Ok(Some(key))
        }
        Err(StoreError::Exists(_)) => {
            // Another node was first. A key that was only just made has sealed nothing.
            if made {
                fs::remove_file(place)?;
            }
            missing(place, "of another node");
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) fn read(place: &Path) -> Result<Option<SealingKey>, Failed> {
    let text = match fs::read_to_string(place) {
        Ok(text) => zeroize::Zeroizing::new(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(format!("{}: {error}", place.display()).into()),
    };
    if fs::metadata(place)?.permissions().mode() & 0o077 != 0 {
        let says = "others may read this key; run `chmod 600` on it";
        return Err(format!("{}: {says}", place.display()).into());
    }
    let key = SealingKey::parse(&text).map_err(|e| format!("{}: {e}", place.display()))?;
    Ok(Some(key))
}
