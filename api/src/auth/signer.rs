//! This node's signing key, in a file that only its owner may read.

use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use data_encoding::{BASE64, BASE64URL_NOPAD};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use takedown_core::time::At;

use super::key::PublicKey;

/// Age at which a new key replaces the old one.
pub const ROTATION: Duration = Duration::from_secs(90 * 86_400);

const BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const END: &str = "-----END PRIVATE KEY-----";

/// An Ed25519 key pair that signs tokens.
pub struct SigningKey {
    pair: Ed25519KeyPair,
    public: PublicKey,
}

/// Why there is no signing key.
#[derive(Debug, thiserror::Error)]
pub enum SigningKeyError {
    /// The file or its directory cannot be used.
    #[error("{}: {source}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Others on the machine could read the key.
    #[error("{}: others may read this key; run `chmod 600` on it, or remove it to get a new one", .0.display())]
    Permissions(PathBuf),
    /// The file holds no key.
    #[error("{}: this is not an Ed25519 key in PKCS#8 PEM form; remove it to get a new one", .0.display())]
    Form(PathBuf),
    /// The system made no key.
    #[error("no key could be made: the system's source of randomness failed")]
    Randomness,
}

impl SigningKey {
    /// A new key that is nowhere but in memory.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub fn generate() -> Result<Self, SigningKeyError> {
        let pair = Ed25519KeyPair::generate().map_err(|_| SigningKeyError::Randomness)?;
        Self::of_pair(pair).ok_or(SigningKeyError::Randomness)
    }

    /// The newest key of `directory`; a new one when there is none or when it is older than [`ROTATION`].
    ///
    /// Only the private half of the newest key is kept: what older keys signed is verified by their published halves.
    ///
    /// # Errors
    /// When the directory or a key in it cannot be used; a damaged key is never silently replaced.
    pub fn load_or_create(directory: &Path, now: At) -> Result<Self, SigningKeyError> {
        create_private_directory(directory)?;
        let mut kept = key_files(directory)?;
        kept.sort();
        let newest = kept.last();
        let oldest_use =
            now.timestamp_millis() - i64::try_from(ROTATION.as_millis()).unwrap_or(i64::MAX);
        if let Some((created, path)) = newest
            && *created > oldest_use
        {
            return Self::load(path);
        }
        let key = Self::generate()?;
        key.save(directory, &format!("token-{}.pem", now.timestamp_millis()))?;
        for (_, path) in kept {
            std::fs::remove_file(&path).map_err(|source| SigningKeyError::File { path, source })?;
        }
        Ok(key)
    }

    /// Reads a PKCS#8 PEM file.
    ///
    /// # Errors
    /// When it cannot be read, may be read by others, or holds no Ed25519 key.
    pub fn load(path: &Path) -> Result<Self, SigningKeyError> {
        let failed = |source| SigningKeyError::File {
            path: path.to_owned(),
            source,
        };
        check_permissions(path)?;
        let pem = SecretString::from(std::fs::read_to_string(path).map_err(failed)?);
        Self::from_pem(pem.expose_secret()).ok_or_else(|| SigningKeyError::Form(path.to_owned()))
    }

    /// The key of a PKCS#8 PEM text.
    #[must_use]
    pub fn from_pem(pem: &str) -> Option<Self> {
        let inner = pem.trim().strip_prefix(BEGIN)?.strip_suffix(END)?;
        let base64: String = inner.split_ascii_whitespace().collect();
        let der = BASE64.decode(base64.as_bytes()).ok()?;
        // Other tools write PKCS#8 without the public half.
        let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der).ok()?;
        Self::of_pair(pair)
    }

    fn of_pair(pair: Ed25519KeyPair) -> Option<Self> {
        let public = PublicKey::ed25519(pair.public_key().as_ref(), None).ok()?;
        Some(Self { pair, public })
    }

    fn to_pem(&self) -> Result<String, SigningKeyError> {
        let der = self
            .pair
            .to_pkcs8v1()
            .map_err(|_| SigningKeyError::Randomness)?;
        Ok(format!("{BEGIN}\n{}\n{END}\n", BASE64.encode(der.as_ref())))
    }

    /// Writes the key, complete or not at all.
    fn save(&self, directory: &Path, name: &str) -> Result<(), SigningKeyError> {
        let path = directory.join(name);
        let temporary = directory.join(format!(".{name}.{}", std::process::id()));
        let pem = SecretString::from(self.to_pem()?);
        let written = (|| {
            let mut file = private_file(&temporary)?;
            file.write_all(pem.expose_secret().as_bytes())?;
            file.sync_all()?;
            std::fs::rename(&temporary, &path)?;
            std::fs::File::open(directory)?.sync_all()
        })();
        written.map_err(|source| SigningKeyError::File { path, source })
    }

    /// The public half, whose kid is its RFC 7638 thumbprint.
    #[must_use]
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// A compact JWS of this header and payload.
    #[must_use]
    pub fn sign(&self, header: &Value, payload: &Value) -> String {
        let mut token = format!(
            "{}.{}",
            BASE64URL_NOPAD.encode(header.to_string().as_bytes()),
            BASE64URL_NOPAD.encode(payload.to_string().as_bytes())
        );
        let signature = self.signature(token.as_bytes());
        token.push('.');
        token.push_str(&BASE64URL_NOPAD.encode(&signature));
        token
    }

    pub(super) fn signature(&self, message: &[u8]) -> Vec<u8> {
        self.pair.sign(message).as_ref().to_vec()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.public.kid())
    }
}

/// Key files with the instant of their making, in milliseconds since 1970, which their names give.
fn key_files(directory: &Path) -> Result<Vec<(i64, PathBuf)>, SigningKeyError> {
    let failed = |source| SigningKeyError::File {
        path: directory.to_owned(),
        source,
    };
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let created = path
            .file_name()
            .and_then(|name| name.to_str())
            .and_then(|name| {
                name.strip_prefix("token-")?
                    .strip_suffix(".pem")?
                    .parse()
                    .ok()
            });
        if let Some(created) = created {
            found.push((created, path));
        }
    }
    Ok(found)
}

#[cfg(unix)]
fn create_private_directory(directory: &Path) -> Result<(), SigningKeyError> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory)
        .map_err(|source| SigningKeyError::File {
            path: directory.to_owned(),
            source,
        })
}

#[cfg(unix)]
fn private_file(path: &Path) -> io::Result<std::fs::File> {
    use std::os::unix::fs::OpenOptionsExt;
    std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}

#[cfg(unix)]
fn check_permissions(path: &Path) -> Result<(), SigningKeyError> {
    use std::os::unix::fs::PermissionsExt;
    let metadata = std::fs::metadata(path).map_err(|source| SigningKeyError::File {
        path: path.to_owned(),
        source,
    })?;
    if metadata.permissions().mode() & 0o077 == 0 {
        Ok(())
    } else {
        Err(SigningKeyError::Permissions(path.to_owned()))
    }
}

#[cfg(test)]
mod tests;
