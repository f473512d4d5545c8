//! What is asked about: locators exactly as filed, their comparison key, the hosts that lead to a platform.

mod defang;
mod digest;
mod host;
mod name;
#[cfg(test)]
mod tests;
mod web;

pub use host::{Host, HostError, registrable};

use crate::text::{coded_enum, visible};
use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};
use web::Web;

/// The longest locator that is taken, in bytes of UTF-8.
pub const MAX_LOCATOR_BYTES: usize = 8192;

coded_enum! {
    /// What a locator points at.
    pub enum ItemKind, "an item kind" {
        /// One page, file or post.
        Url => "url",
        /// An account of a person or organisation.
        Account => "account",
        /// A channel, group or room.
        Channel => "channel",
        /// A whole site.
        Site => "site",
        /// A file by the digest of its bytes, wherever it is.
        FileHash => "file_hash",
        /// An entry of a shop, market or catalogue.
        Listing => "listing",
    }
}

/// Why a text cannot be filed as a locator. The messages say where and what, and never repeat the text:
/// a locator must not leak into logs and error bodies.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LocatorError {
    /// Nothing but white space.
    #[error("the locator is empty")]
    Empty,
    /// Longer than [`MAX_LOCATOR_BYTES`].
    #[error("the locator has {0} bytes; at most 8192 are taken")]
    TooLong(usize),
    /// A control character, line breaks and tabs included.
    #[error(
        "the locator holds the control character U+{code:04X} at character {at}; no address or name has one"
    )]
    Control {
        /// Position in characters, counted from 1.
        at: usize,
        /// The character's code point.
        code: u32,
    },
    /// A `data:` address, which is the material itself.
    #[error(
        "a data: address contains the material itself, which is never stored; file its digest as file_hash"
    )]
    Data,
    /// A scheme nobody can act on.
    #[error(
        "the locator begins with a scheme that is not taken; an address begins with https://, http://, ftp:// or with its host"
    )]
    Scheme,
    /// No host where one is needed.
    #[error(
        "the locator has no host; an address reads https://host/path, or host/path with a dot in the host"
    )]
    NoHost,
    /// The host is not valid.
    #[error(transparent)]
    Host(#[from] HostError),
    /// The port is not a number up to 65535.
    #[error("the port is not a number from 0 to 65535")]
    Port,
    /// `user@host` filed as an address.
    #[error(
        "this looks like an account, user@host; file it with the kind account, or write the address with https://"
    )]
    LooksLikeAccount,
    /// A digest under a name that is not known.
    #[error("the digest's algorithm is not known; md5, sha1, sha256, sha384, sha512 and pdq are")]
    DigestAlgorithm,
    /// Not a digest in hexadecimal digits.
    #[error(
        "a file hash is written in hexadecimal digits, optionally with its algorithm in front: sha256:0a1b…"
    )]
    DigestDigits,
    /// A digest of a length that its algorithm does not give.
    #[error(
        "the digest has {0} hexadecimal digits; md5 has 32, sha1 40, sha256 and pdq 64, sha384 96, sha512 128"
    )]
    DigestLength(usize),
}

/// The writing in which locators are compared to find repeats. Never shown instead of the locator.
///
/// For addresses: scheme and host in lower case, the host in ASCII, no default port, no user and password, no
/// dot segments, percent-encoding in its one writing; query and fragment are kept, since either may be all that
/// tells two pages apart. The key of a key is the key itself.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ComparisonKey(String);

impl ComparisonKey {
    /// The key as text, up to three times as long as the longest locator.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// SHA-256 of the key in lower-case hexadecimal digits: 64 characters, whatever the locator's length, since
    /// database indexes take no entries of kilobytes.
    #[must_use]
    pub fn digest(&self) -> String {
        HEXLOWER.encode(&Sha256::digest(self.0.as_bytes()))
    }
}

impl std::fmt::Debug for ComparisonKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ComparisonKey({} bytes)", self.0.len())
    }
}

/// A locator: the text exactly as filed, and what was understood of it.
///
/// The text is never rewritten, not even white space round it (which is only passed over in reading): what an
/// officer filed is evidence, and any character may be the one that finds an encrypted paste. `Debug` shows no
/// more than kind and length, because it ends up in logs.
#[derive(Clone, PartialEq, Eq)]
pub struct Locator {
    kind: ItemKind,
    filed: String,
    refanged: Option<String>,
    host: Option<Host>,
    key: ComparisonKey,
}

impl Locator {
    /// Reads a locator of a kind.
    ///
    /// - `url`: an address with `https`, `http` or `ftp`, or without a scheme if its host has a dot.
    /// - `site`: the same; what is compared is the host alone unless a path follows.
    /// - `account`, `channel`, `listing`: an address, `user@host`, `#room:host` or a plain name, which has no host.
    /// - `file_hash`: hexadecimal digits, optionally behind `sha256:` and the like.
    ///
    /// Defanged writing is understood for all but digests.
    ///
    /// # Errors
    /// [`LocatorError`]. No input makes it panic.
    pub fn parse(kind: ItemKind, filed: &str) -> Result<Self, LocatorError> {
        if filed.len() > MAX_LOCATOR_BYTES {
            return Err(LocatorError::TooLong(filed.len()));
        }
        if let Some((at, c)) = (1..).zip(filed.chars()).find(|(_, c)| c.is_control()) {
            return Err(LocatorError::Control {
                at,
                code: u32::from(c),
            });
        }
        let text = filed.trim();
        if text.is_empty() {
            return Err(LocatorError::Empty);
        }
        let mut refanged = defang::refang(text);
        if [Some(text), refanged.as_deref()]
            .into_iter()
            .flatten()
            .any(is_data)
        {
            return Err(LocatorError::Data);
        }
        let live = refanged.as_deref().unwrap_or(text);
        let (host, key) = match kind {
            ItemKind::Url => {
                let web = Web::read(live)?;
                (Some(web.host.clone()), web.key())
            }
            ItemKind::Site => {
                let web = Web::read(live)?;
                (Some(web.host.clone()), site_key(&web))
            }
            ItemKind::FileHash => {
                refanged = None;
                (None, digest::read(text)?)
            }
            ItemKind::Account | ItemKind::Channel | ItemKind::Listing => {
                let mut named = name::read(kind, live)?;
                // Brackets in a plain name are its own.
                if named.host.is_none() && refanged.take().is_some() {
                    named = name::read(kind, text)?;
                }
                (named.host, named.key)
            }
        };
        Ok(Self {
            kind,
            filed: filed.to_owned(),
            refanged,
            host,
            key: ComparisonKey(key),
        })
    }

    /// What it points at.
    #[must_use]
    pub const fn kind(&self) -> ItemKind {
        self.kind
    }

    /// The text exactly as filed.
    #[must_use]
    pub fn filed(&self) -> &str {
        &self.filed
    }

    /// The live writing, if the filed text was defanged.
    #[must_use]
    pub fn refanged(&self) -> Option<&str> {
        self.refanged.as_deref()
    }

    /// The host, which leads to the platform. An `url` and a `site` always have one.
    #[must_use]
    pub const fn host(&self) -> Option<&Host> {
        self.host.as_ref()
    }

    /// The writing for comparing.
    #[must_use]
    pub const fn key(&self) -> &ComparisonKey {
        &self.key
    }

    /// Whether the key means the same on every platform. A plain name without a host does not: it may only be
    /// compared with what the same platform was asked about.
    #[must_use]
    pub fn key_stands_alone(&self) -> bool {
        self.host.is_some() || self.kind == ItemKind::FileHash
    }

    /// A writing that no program makes a link of, for mails, lists and pages: `hxxps[:]//paste[.]example/…`,
    /// with control, bidirectional and invisible characters made visible.
    #[must_use]
    pub fn defanged(&self) -> String {
        let live = self.refanged().unwrap_or(self.filed.trim());
        match self.kind {
            ItemKind::FileHash => visible(live).into_owned(),
            _ => visible(&defang::defang(live)).into_owned(),
        }
    }
}

impl std::fmt::Debug for Locator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Locator({}, {} bytes)", self.kind, self.filed.len())
    }
}

fn is_data(text: &str) -> bool {
    text.get(..5)
        .is_some_and(|start| start.eq_ignore_ascii_case("data:"))
}

/// A whole site is its host, however one gets there; a part of one is an address.
fn site_key(web: &Web) -> String {
    // A single word would not be recognised as a host again.
    if web.tail != "/" || web.scheme == "ftp" || !web.host.is_dotted() {
        return web.key();
    }
    match web.port {
        Some(port) if port != 80 && port != 443 => format!("{}:{port}", web.host),
        _ => web.host.to_string(),
    }
}
