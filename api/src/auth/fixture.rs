//! Directories in memory, for the tests of this room and of the HTTP door.
#![allow(clippy::unwrap_used)]

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::FutureExt;
use takedown_core::id::{ClientId, PlatformId};
use takedown_core::policy::{Party, Scope};
use takedown_core::time::At;
use uuid::Uuid;

use super::*;

#[derive(Default)]
pub(crate) struct Memory {
    pub clients: Mutex<HashMap<ClientId, Arc<Client>>>,
    pub keys: Mutex<Vec<PublicKey>>,
    pub used: Mutex<HashSet<String>>,
    pub down: AtomicBool,
}

impl Memory {
    pub fn put(&self, client: Client) {
        self.clients
            .lock()
            .unwrap()
            .insert(client.id, Arc::new(client));
    }

    fn guard(&self) -> Result<(), DirectoryError> {
        if self.down.load(Ordering::Relaxed) {
            Err(DirectoryError("connection refused by 10.9.8.7".into()))
        } else {
            Ok(())
        }
    }
}

impl ClientDirectory for Memory {
    fn client(&self, id: ClientId) -> directory::Answer<'_, Option<Arc<Client>>> {
        async move {
            self.guard()?;
            Ok(self.clients.lock().unwrap().get(&id).cloned())
        }
        .boxed()
    }

    fn use_jti<'a>(&'a self, client: ClientId, jti: &'a str, _: At) -> directory::Answer<'a, bool> {
        async move {
            self.guard()?;
            Ok(self.used.lock().unwrap().insert(format!("{client} {jti}")))
        }
        .boxed()
    }
}

impl KeyDirectory for Memory {
    fn lookup<'a>(&'a self, kid: &'a str) -> directory::Answer<'a, Option<PublicKey>> {
        async move {
            self.guard()?;
            Ok(self
                .keys
                .lock()
                .unwrap()
                .iter()
                .find(|key| key.kid() == kid)
                .cloned())
        }
        .boxed()
    }

    fn published(&self) -> directory::Answer<'_, Vec<PublicKey>> {
        async move {
            self.guard()?;
            Ok(self.keys.lock().unwrap().clone())
        }
        .boxed()
    }
}

pub(crate) const ISSUER: &str = "https://takedown.example";
pub(crate) const NOW: i64 = 1_800_000_000;

pub(crate) fn now() -> At {
    At::from_timestamp(NOW, 0).unwrap()
}

/// The same id for the same name.
pub(crate) fn id(name: &str) -> ClientId {
    ClientId::from_uuid(Uuid::from_u128(
        name.bytes()
            .fold(1, |sum, byte| sum * 257 + u128::from(byte)),
    ))
}

pub(crate) fn client(name: &str) -> Client {
    Client {
        id: id(name),
        party: Party::Platform(PlatformId::from_uuid(Uuid::nil())),
        scopes: [Scope::InboxRead, Scope::RequestsRead]
            .into_iter()
            .collect(),
        secrets: Vec::new(),
        keys: Vec::new(),
        enabled: true,
        tokens_not_before: None,
    }
}

/// Tokens over a directory in memory, and the key that signs them.
pub(crate) fn tokens() -> (Arc<Tokens>, Arc<Memory>, Arc<SigningKey>) {
    let memory = Arc::new(Memory::default());
    let signer = Arc::new(SigningKey::generate().unwrap());
    memory.keys.lock().unwrap().push(signer.public().clone());
    let oauth = crate::config::oauth::Oauth {
        token_lifetime: Duration::from_secs(300),
        issuer: ISSUER.to_owned(),
    };
    let tokens = Tokens::new(&oauth, signer.clone(), memory.clone(), memory.clone());
    (Arc::new(tokens), memory, signer)
}
