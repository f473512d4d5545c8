//! The key of the log, and what this node remembers of it.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use takedown_core::log::note::{KeyName, SignatureType};
use takedown_core::log::{Policy, SigningKey, VerifierKey};

use super::Failed;
use crate::app::log::{Log, Memory};
use crate::config::Config;
use crate::store::Conn;
use crate::store::backend::{Access, Location};

/// What this node remembers of the log.
pub fn memory(config: &Config) -> Result<Memory, Failed> {
    Ok(Memory::open(&remembered(config))?)
}

/// Where that is.
pub fn remembered(config: &Config) -> PathBuf {
    config.data_dir.join("history").join("checkpoint")
}

/// The public key of the log, where this node has the private one.
pub fn public(config: &Config) -> Result<Option<VerifierKey>, Failed> {
    let place = place(config);
    match fs::read_to_string(&place) {
        Ok(text) => Ok(Some(known(&place, &text)?.verifier().clone())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("{}: {error}", place.display()).into()),
    }
}

/// Where the private key is.
pub fn place(config: &Config) -> PathBuf {
    let usual = || config.data_dir.join("keys").join("history.key");
    config.history.key.clone().unwrap_or_else(usual)
}

/// Opens what this node needs to sign the log. The first node of a log makes its key; a later one without a copy of it does
/// not, because a log has one key.
pub fn open(config: &Config, location: &Location) -> Result<Log, Failed> {
    let place = place(config);
    let (key, is_new) = match fs::read_to_string(&place) {
        Ok(text) => (Some(known(&place, &text)?), false),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            (made(config, location, &place)?, true)
        }
        Err(error) => return Err(format!("{}: {error}", place.display()).into()),
    };
    let own = key.as_ref().map(SigningKey::verifier);
    let policy = policy(config, own)?;
    let log = Log::new(key, memory(config)?, policy);
    // Of a key that was made this moment nobody can have seen a signature.
    if is_new {
        log.recalled();
    }
    if let Some(waits) = log.waits() {
        tracing::warn!("{waits}");
    }
    Ok(log)
}

/// The configured policy, for the log whose key this node has.
pub fn policy(config: &Config, own: Option<&VerifierKey>) -> Result<Option<Policy>, Failed> {
    match &config.history.policy {
        Some(policy) => Ok(Some(of_this_log(policy.clone(), own)?)),
        None => Ok(None),
    }
}

/// A policy that trusts this log. It need not name it where the key is there.
fn of_this_log(policy: Policy, own: Option<&VerifierKey>) -> Result<Policy, Failed> {
    let Some(own) = own else {
        return match policy.logs().is_empty() {
            true => Err("history.policy: this node has no key of the log, so the policy must name the log: a line \"log VKEY\"".into()),
            false => Ok(policy),
        };
    };
    if let Some((name, _)) = policy
        .witnesses()
        .find(|(_, witness)| witness.key.key() == own.key())
    {
        return Err(format!("history.policy: the key of the witness {name} is that of the log; a log that witnesses itself proves nothing").into());
    }
    if policy.logs().iter().any(|log| log.key == *own) {
        return Ok(policy);
    }
    if policy.logs().is_empty() {
        return Ok(policy.with_log(own.clone()));
    }
    Err(format!("history.policy: it is for another log; this one has the key {own}").into())
}

fn known(place: &Path, text: &str) -> Result<SigningKey, Failed> {
    let mode = fs::metadata(place)?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(format!(
            "{}: others may read this key; run `chmod 600` on it",
            place.display()
        )
        .into());
    }
    SigningKey::parse(text.trim()).map_err(|e| format!("{}: {e}", place.display()).into())
}

fn made(config: &Config, location: &Location, place: &Path) -> Result<Option<SigningKey>, Failed> {
    if let Some(origin) = signed_already(&mut location.open(Access::Read)?)? {
        tracing::warn!(
            "{} is not there, and the log {origin} is signed already: this node stores and serves, but does not sign. Copy the key from the node that has it",
            place.display()
        );
        return Ok(None);
    }
    let name: KeyName = match &config.history.origin {
        Some(origin) => origin.parse()?,
        None => format!("{}/log", host(&config.server.public_url)).parse()?,
    };
    let mut seed = zeroize::Zeroizing::new([0; 32]);
    aws_lc_rs::rand::fill(seed.as_mut()).map_err(|_| "the system has no randomness")?;
    let key = SigningKey::from_seed(name, SignatureType::Ed25519, seed.as_slice())?;
    save(place, &key.secret()).map_err(|e| format!("{}: {e}", place.display()))?;
    tracing::info!(vkey = %key.verifier(), "made the key of the log");
    Ok(Some(key))
}

/// The name of the log that the database holds checkpoints of.
fn signed_already(conn: &mut Conn) -> Result<Option<String>, Failed> {
    let newest = crate::store::log::newest_checkpoint(conn)?;
    Ok(newest.and_then(|row| row.note.lines().next().map(str::to_owned)))
}

/// Host and port of an address.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}

/// Writes a key where only its owner reads it, for good when this returns.
pub(super) fn save(place: &Path, secret: &str) -> io::Result<()> {
    let folder = place.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(place)?;
    writeln!(file, "{secret}")?;
    file.sync_all()?;
    fs::File::open(folder)?.sync_all()
}
