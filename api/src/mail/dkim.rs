//! Signs mails (DKIM, RFC 6376; Ed25519: RFC 8463), so that their recipients' servers know that they are ours.
//!
//! The same mail gets the same signature: its time is that of the `Date` header, and both algorithms need no randomness.

mod canonical;

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use aws_lc_rs::encoding::{AsDer as _, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};
use chrono::{DateTime, Utc};
use data_encoding::BASE64;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::config::mail as config;

/// What is signed, if it is there. Each is named once more than it occurs, so that nobody adds another one.
const SIGNED: [&str; 14] = [
    "from",
    "reply-to",
    "to",
    "subject",
    "date",
    "message-id",
    "in-reply-to",
    "references",
    "auto-submitted",
    "content-language",
    "mime-version",
    "content-type",
    // RFC 8058, section 4: a valid signature has to cover both.
    "list-unsubscribe",
    "list-unsubscribe-post",
];
/// A signature is folded into lines of this many characters.
const FOLDED_AT: usize = 72;

/// Why mails cannot be signed.
#[derive(Debug, thiserror::Error)]
pub enum DkimError {
    /// The file cannot be read.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Others may read the file.
    #[error("{}: others than its owner may read it; chmod 600 it", .0.display())]
    Open(PathBuf),
    /// Not a key for this.
    #[error("{}: {why}. Make one with `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048`", path.display())]
    Key {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        why: &'static str,
    },
}

enum Key {
    Rsa(Box<RsaKeyPair>),
    Ed25519(Ed25519KeyPair),
}

/// Signs mails in the name of a domain.
pub struct Dkim {
    key: Key,
    domain: String,
    selector: String,
}

impl std::fmt::Debug for Dkim {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Dkim")
            .field("domain", &self.domain)
            .field("selector", &self.selector)
            .finish_non_exhaustive()
    }
}

impl Dkim {
    /// Reads the key.
    ///
    /// # Errors
    /// When the file cannot be read, others may read it, or it holds no key that is strong enough.
    pub fn open(settings: &config::Dkim) -> Result<Self, DkimError> {
        let path = settings.key.as_path();
        let failed = |source| DkimError::File {
            path: path.to_owned(),
            source,
        };
        let metadata = fs::metadata(path).map_err(failed)?;
        if metadata.permissions().mode() & 0o077 != 0 {
            return Err(DkimError::Open(path.to_owned()));
        }
        let pem = Zeroizing::new(fs::read_to_string(path).map_err(failed)?);
        Ok(Self {
            key: key(path, &pem)?,
            domain: settings.domain.clone(),
            selector: settings.selector.clone(),
        })
    }

    /// Where the public half is to be published, and the text that is to stand there (a TXT record).
    ///
    /// # Errors
    /// When the key has no public half that can be written down.
    pub fn record(&self) -> Result<(String, String), DkimError> {
        let public = match &self.key {
            Key::Ed25519(pair) => pair.public_key().as_ref().to_vec(),
            Key::Rsa(pair) => {
                let der: Result<PublicKeyX509Der<'_>, _> = pair.public_key().as_der();
                let bad = |_| DkimError::Key {
                    path: PathBuf::from(&self.selector),
                    why: "it is no RSA key",
                };
                der.map_err(bad)?.as_ref().to_vec()
            }
        };
        Ok((
            format!("{}._domainkey.{}", self.selector, self.domain),
            format!("v=DKIM1; k={}; p={}", self.kind(), BASE64.encode(&public)),
        ))
    }

    /// `rsa` or `ed25519`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self.key {
            Key::Rsa(_) => "rsa",
            Key::Ed25519(_) => "ed25519",
        }
    }

    /// The mail with its signature before it; without one if it is no mail, or the library fails.
    pub(super) fn signed(&self, mail: &[u8], at: DateTime<Utc>) -> Option<Vec<u8>> {
        let (head, body) = canonical::split(mail)?;
        let fields = canonical::fields(head)?;
        let mut names = Vec::new();
        let mut covered = String::new();
        for name in SIGNED {
            // From the last to the first (section 5.4.2).
            for field in fields.iter().rev().filter(|field| field.name == name) {
                names.push(name);
                let _ = write!(covered, "{name}:{}\r\n", field.value);
            }
            names.push(name);
        }
        let body_hash = BASE64.encode(&Sha256::digest(canonical::body(body)));
        let tags = [
            "v=1".to_owned(),
            format!("a={}-sha256", self.kind()),
            "c=relaxed/relaxed".to_owned(),
            format!("d={}", self.domain),
            format!("s={}", self.selector),
            format!("t={}", at.timestamp()),
            format!("h={}", names.join(":")),
            format!("bh={body_hash}"),
            "b=".to_owned(),
        ];
        let _ = write!(covered, "dkim-signature:{}", tags.join("; "));
        let signature = BASE64.encode(&self.sign(covered.as_bytes())?);
        let mut out = format!("DKIM-Signature: {}", tags.join(";\r\n "));
        for (n, line) in signature.as_bytes().chunks(FOLDED_AT).enumerate() {
            if n > 0 {
                out.push_str("\r\n  ");
            }
            out.push_str(&String::from_utf8_lossy(line));
        }
        out.push_str("\r\n");
        let mut out = out.into_bytes();
        out.extend_from_slice(mail);
        Some(out)
    }

    fn sign(&self, data: &[u8]) -> Option<Vec<u8>> {
        match &self.key {
            // RFC 8463, section 3: the digest is what is signed.
            Key::Ed25519(pair) => Some(pair.sign(&Sha256::digest(data)).as_ref().to_vec()),
            Key::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                let random = SystemRandom::new();
                pair.sign(&RSA_PKCS1_SHA256, &random, data, &mut signature)
                    .ok()?;
                Some(signature)
            }
        }
    }
}

/// PKCS#8 of either kind, or the older form for RSA alone.
fn key(path: &Path, pem: &str) -> Result<Key, DkimError> {
    let refuse = |why| DkimError::Key {
        path: path.to_owned(),
        why,
    };
    let (label, der) = unarmoured(pem).ok_or_else(|| refuse("it is no private key in PEM form"))?;
    let weak = "it is neither an RSA key of 2048 to 8192 bits nor an Ed25519 key";
    match label {
        "PRIVATE KEY" => Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der)
            .map(Key::Ed25519)
            .or_else(|_| RsaKeyPair::from_pkcs8(&der).map(|pair| Key::Rsa(Box::new(pair))))
            .map_err(|_| refuse(weak)),
        "RSA PRIVATE KEY" => RsaKeyPair::from_der(&der)
            .map(|pair| Key::Rsa(Box::new(pair)))
            .map_err(|_| refuse(weak)),
        "ENCRYPTED PRIVATE KEY" => Err(refuse("it is encrypted with a passphrase")),
        _ => Err(refuse("it is no private key in PEM form")),
    }
}

fn unarmoured(pem: &str) -> Option<(&str, Zeroizing<Vec<u8>>)> {
    let (label, rest) = pem.split_once("-----BEGIN ")?.1.split_once("-----")?;
    let inner = rest.split_once("-----END ")?.0;
    let base64: Zeroizing<String> = Zeroizing::new(inner.split_ascii_whitespace().collect());
    Some((
        label,
        Zeroizing::new(BASE64.decode(base64.as_bytes()).ok()?),
    ))
}

#[cfg(test)]
mod tests;
