//! The private key of a unit, in a file that its owner alone reads.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use takedown_core::ed25519::KeyPair;
use takedown_core::id::AgencyId;
use takedown_core::locator::Host;
use takedown_core::signed::{KeyClaims, Typ, UnitKey, sign};
use zeroize::{Zeroize as _, Zeroizing};

use super::CliError;

/// As it stands in the file: a private JWK (RFC 8037), and whose it is.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    kty: String,
    crv: String,
    x: String,
    d: String,
    unit: AgencyId,
    domain: String,
}

impl Drop for Stored {
    fn drop(&mut self) {
        self.d.zeroize();
    }
}

/// A private key and whose it is.
pub(in crate::cli) struct Secret {
    pub(in crate::cli) pair: KeyPair,
    pub(in crate::cli) unit: AgencyId,
    pub(in crate::cli) domain: Host,
}

impl Secret {
    /// A new key.
    pub(in crate::cli) fn make(unit: AgencyId, domain: Host) -> Result<Self, CliError> {
        let mut seed = Zeroizing::new([0; 32]);
        aws_lc_rs::rand::fill(seed.as_mut())
            .map_err(|_| CliError::input("the system has no randomness"))?;
        let pair =
            KeyPair::from_seed(seed.as_slice()).map_err(|e| CliError::input(e.to_string()))?;
        Ok(Self { pair, unit, domain })
    }

    /// Reads a key that nobody else may read.
    pub(in crate::cli) fn read(place: &Path) -> Result<Self, CliError> {
        let wrong = |why: String| CliError::input(format!("{}: {why}", place.display()));
        let text = Zeroizing::new(
            fs::read_to_string(place).map_err(|e| CliError::file(place.display(), e))?,
        );
        alone(place)?;
        let stored: Stored = serde_json::from_str(&text)
            .map_err(|e| wrong(format!("not a key of takedown keys new: {e}")))?;
        let seed = BASE64URL_NOPAD
            .decode(stored.d.as_bytes())
            .map(Zeroizing::new)
            .map_err(|_| wrong("`d` is not base64url".into()))?;
        let pair = KeyPair::from_seed(&seed).map_err(|e| wrong(e.to_string()))?;
        if BASE64URL_NOPAD.encode(pair.public().as_bytes()) != stored.x {
            return Err(wrong("`x` is not the public half of `d`".into()));
        }
        Ok(Self {
            pair,
            unit: stored.unit,
            domain: Host::parse(&stored.domain).map_err(|e| wrong(e.to_string()))?,
        })
    }

    /// Writes it into a new file.
    pub(in crate::cli) fn save(&self, place: &Path) -> Result<(), CliError> {
        let stored = Stored {
            kty: "OKP".into(),
            crv: "Ed25519".into(),
            x: BASE64URL_NOPAD.encode(self.pair.public().as_bytes()),
            d: BASE64URL_NOPAD.encode(self.pair.seed()),
            unit: self.unit,
            domain: self.domain.as_str().to_owned(),
        };
        let text = serde_json::to_string(&stored).map_err(|e| CliError::input(e.to_string()))?;
        let text = Zeroizing::new(text);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        let written = options
            .open(place)
            .and_then(|mut file| writeln!(file, "{}", *text).and_then(|()| file.sync_all()));
        written.map_err(|e| CliError::file(place.display(), e))
    }

    /// Its thumbprint.
    pub(in crate::cli) fn kid(&self) -> String {
        self.public().thumbprint()
    }

    /// Its public half.
    pub(in crate::cli) fn public(&self) -> UnitKey {
        UnitKey::new(self.pair.public().clone())
    }

    /// What it, or an earlier key, says of a new key.
    pub(in crate::cli) fn says_of(&self, new: &Self, now: i64) -> String {
        let claims = KeyClaims {
            unit: new.unit,
            domain: new.domain.clone(),
            key: new.public(),
            issued_at: now,
        };
        sign(&self.pair, Typ::Key, &claims.payload())
    }
}

#[cfg(unix)]
fn alone(place: &Path) -> Result<(), CliError> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = fs::metadata(place).map_err(|e| CliError::file(place.display(), e))?;
    if mode.permissions().mode() & 0o077 != 0 {
        return Err(CliError::input(format!(
            "{0}: others may read this key; run chmod 600 {0}",
            place.display()
        )));
    }
    Ok(())
}

#[cfg(not(unix))]
fn alone(_: &Path) -> Result<(), CliError> {
    Ok(())
}
