//! What authentication needs to know of clients and keys; the application provides it.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use takedown_core::time::At;

use super::key::PublicKey;
use super::scope::Scopes;
use super::secret::SecretHash;

/// As whom a client acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// For an agency.
    Agency,
    /// For a platform.
    Platform,
    /// Reads and exports within its scope.
    Auditor,
    /// Runs the exchange.
    Operator,
}

impl Role {
    /// Its name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Agency => "agency",
            Self::Platform => "platform",
            Self::Auditor => "auditor",
            Self::Operator => "operator",
        }
    }
}

impl FromStr for Role {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Agency, Self::Platform, Self::Auditor, Self::Operator]
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or(())
    }
}

/// A registered program.
#[derive(Debug, Clone)]
pub struct Client {
    /// Its id, as TypeID text.
    pub id: String,
    /// As whom it acts.
    pub role: Role,
    /// The agency it acts for, or that an auditor is bound to.
    pub agency: Option<String>,
    /// The platform it acts for, or that an auditor is bound to.
    pub platform: Option<String>,
    /// What it may ask for.
    pub scopes: Scopes,
    /// Its secrets with the instants at which they end; two while one is being rotated.
    pub secrets: Vec<(SecretHash, Option<At>)>,
    /// Its keys.
    pub keys: Vec<PublicKey>,
    /// Whether both the client and its party may act now.
    pub enabled: bool,
    /// Tokens issued before this instant no longer hold.
    pub tokens_not_before: Option<At>,
}

/// The directory could not be asked; nothing is known about the client.
#[derive(Debug)]
pub struct DirectoryError(pub Box<dyn std::error::Error + Send + Sync>);

impl fmt::Display for DirectoryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the directory of clients cannot be reached")
    }
}

impl std::error::Error for DirectoryError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.0)
    }
}

/// Answer of a directory.
pub type Answer<'a, T> = BoxFuture<'a, Result<T, DirectoryError>>;

/// Finds clients. Asked on every call, so implementations keep what they know for a moment; suspension must reach
/// every node within that moment.
pub trait ClientDirectory: Send + Sync + 'static {
    /// The client of this id, suspended ones included.
    fn client<'a>(&'a self, id: &'a str) -> Answer<'a, Option<Arc<Client>>>;

    /// Marks an assertion's id as used until `expires_at`; false when it was used before, on whichever node.
    fn use_jti<'a>(&'a self, client: &'a str, jti: &'a str, expires_at: At) -> Answer<'a, bool>;
}

/// Finds the public keys with which any node signs access tokens.
pub trait KeyDirectory: Send + Sync + 'static {
    /// The key of this kid.
    fn lookup<'a>(&'a self, kid: &'a str) -> Answer<'a, Option<PublicKey>>;

    /// All keys whose tokens may still be valid, to be published.
    fn published(&self) -> Answer<'_, Vec<PublicKey>>;
}
