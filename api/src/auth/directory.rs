//! What authentication needs to know of clients and keys; the application provides it.

use std::fmt;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use takedown_core::id::ClientId;
use takedown_core::policy::{Party, Scopes};
use takedown_core::time::At;

use super::key::PublicKey;
use super::secret::SecretHash;

/// A registered program.
#[derive(Debug, Clone)]
pub struct Client {
    /// Its id.
    pub id: ClientId,
    /// As whom it acts.
    pub party: Party,
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
    fn client(&self, id: ClientId) -> Answer<'_, Option<Arc<Client>>>;

    /// Marks an assertion's id as used until `expires_at`; false when it was used before, on whichever node.
    fn use_jti<'a>(&'a self, client: ClientId, jti: &'a str, expires_at: At) -> Answer<'a, bool>;
}

/// Finds the public keys with which any node signs access tokens.
pub trait KeyDirectory: Send + Sync + 'static {
    /// The key of this kid.
    fn lookup<'a>(&'a self, kid: &'a str) -> Answer<'a, Option<PublicKey>>;

    /// All keys whose tokens may still be valid, to be published.
    fn published(&self) -> Answer<'_, Vec<PublicKey>>;
}
