//! What stands before anybody can log in: the first operator, and the parties of a demonstration.

mod demo;

use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use takedown_core::history::{Author, By, Via};
use takedown_core::policy::Party;
use takedown_core::time::At;

pub use demo::{Demo, DemoParty, demo};

use super::Error;
use super::clients::{Authentication, NewClient, insert};
use super::registering::invalid;
use super::values::Name;
use crate::store::Store;

/// A client and its secret, to be shown once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credentials {
    /// The client's identifier.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials")
            .field("client_id", &self.client_id)
            .field("client_secret", &"…")
            .finish()
    }
}

/// Registers a client of the operator directly in the store, as the owner of the machine. Running nodes that share the
/// database learn of it by themselves.
///
/// # Errors
/// [`Error::Invalid`] when the name is none, and those of the store.
pub async fn create_operator(store: &Store, name: &str, now: At) -> Result<Credentials, Error> {
    let name = Name::parse(name).map_err(|error| invalid("/name", error.to_string()))?;
    let new = NewClient {
        name,
        party: Party::Operator,
        scopes: None,
        authentication: Authentication::Secret,
    };
    let (client, secret) = new.registered(now)?;
    let made = Credentials {
        client_id: client.id.clone(),
        client_secret: secret
            .map(|secret| secret.expose_secret().to_owned())
            .unwrap_or_default(),
    };
    store
        .write(move |conn| insert(conn, &client, owner(), now))
        .await?;
    Ok(made)
}

/// Whoever has a shell on the machine.
const fn owner() -> Author {
    Author {
        by: By::Operator { id: None },
        via: Via::Cli,
        client: None,
    }
}

#[cfg(test)]
mod tests;
