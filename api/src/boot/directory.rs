//! The registry as the token endpoint and the verifier see it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use futures_util::FutureExt;
use takedown_core::id::ClientId;
use takedown_core::policy::{Party, Reach, Scopes};
use takedown_core::time::At;

use crate::app::parties::Client as Registered;
use crate::app::{Cx, tokens};
use crate::auth::directory::Answer;
use crate::auth::{
    Client, ClientDirectory, DirectoryError, KeyDirectory, PublicKey, SecretHash, parse_jwks,
};

/// So many clients are kept in the form the verifier needs.
const ROOM: usize = 20_000;

type Translated = (Arc<Registered>, bool, Arc<Client>);

/// Clients and keys out of the registry.
pub struct Directory {
    cx: Cx,
    clients: Mutex<HashMap<String, Translated>>,
    keys: Mutex<HashMap<String, PublicKey>>,
    /// When the latest look for keys began.
    looked: tokio::sync::Mutex<Option<Instant>>,
}

impl Directory {
    /// Over a context.
    #[must_use]
    pub fn new(cx: Cx) -> Self {
        Self {
            cx,
            clients: Mutex::default(),
            keys: Mutex::default(),
            looked: tokio::sync::Mutex::default(),
        }
    }

    /// Parsing keys and secrets on every call would cost more than the call: what is the same is kept.
    fn translate(
        &self,
        registered: Arc<Registered>,
        enabled: bool,
    ) -> Result<Arc<Client>, DirectoryError> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((seen, was, client)) = clients.get(&registered.id)
            && Arc::ptr_eq(seen, &registered)
            && *was == enabled
        {
            return Ok(Arc::clone(client));
        }
        let client = Arc::new(translated(&registered, enabled)?);
        if clients.len() >= ROOM {
            clients.clear();
        }
        clients.insert(
            registered.id.clone(),
            (registered, enabled, Arc::clone(&client)),
        );
        Ok(client)
    }
}

fn translated(registered: &Registered, enabled: bool) -> Result<Client, DirectoryError> {
    let broken = |what: &str| DirectoryError(format!("client {}: {what}", registered.id).into());
    let keys = match &registered.jwks {
        Some(jwks) => parse_jwks(jwks).map_err(|e| broken(&e.to_string()))?,
        None => Vec::new(),
    };
    let secrets = registered
        .secrets
        .iter()
        .map(|s| Some((SecretHash::from_hex(&s.sha256)?, s.expires_at)))
        .collect::<Option<Vec<_>>>()
        .ok_or_else(|| broken("a secret's digest cannot be read"))?;
    Ok(Client {
        id: registered
            .id
            .parse()
            .map_err(|_| broken("its identifier cannot be read"))?,
        party: party(registered).ok_or_else(|| broken("its role does not fit its party"))?,
        scopes: Scopes::parse(&registered.scopes).map_err(|e| broken(&e.to_string()))?,
        secrets,
        keys,
        enabled,
        tokens_not_before: Some(registered.tokens_not_before),
    })
}

fn party(client: &Registered) -> Option<Party> {
    Some(
        match (client.role.as_str(), client.agency, client.platform) {
            ("agency", Some(id), None) => Party::Agency(id),
            ("platform", None, Some(id)) => Party::Platform(id),
            ("auditor", Some(id), None) => Party::Auditor(Reach::Agency(id)),
            ("auditor", None, Some(id)) => Party::Auditor(Reach::Platform(id)),
            ("auditor", None, None) => Party::Auditor(Reach::Everything),
            ("operator", None, None) => Party::Operator,
            _ => return None,
        },
    )
}

fn readable(jwk: &str) -> Vec<PublicKey> {
    parse_jwks(jwk).unwrap_or_else(|error| {
        tracing::error!(%error, "a published key cannot be read; tokens of its node are refused here");
        Vec::new()
    })
}

fn failed(error: impl std::error::Error + Send + Sync + 'static) -> DirectoryError {
    DirectoryError(Box::new(error))
}

impl ClientDirectory for Directory {
    fn client(&self, id: ClientId) -> Answer<'_, Option<Arc<Client>>> {
        async move {
            match tokens::client(&self.cx, &id.to_string())
                .await
                .map_err(failed)?
            {
                Some((client, enabled)) => self.translate(client, enabled).map(Some),
                None => Ok(None),
            }
        }
        .boxed()
    }

    fn use_jti<'a>(&'a self, client: ClientId, jti: &'a str, expires_at: At) -> Answer<'a, bool> {
        async move {
            tokens::use_assertion(&self.cx, &client.to_string(), jti, expires_at)
                .await
                .map_err(failed)
        }
        .boxed()
    }
}

impl KeyDirectory for Directory {
    fn lookup<'a>(&'a self, kid: &'a str) -> Answer<'a, Option<PublicKey>> {
        async move {
            let known = |d: &Self| {
                d.keys
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .get(kid)
                    .cloned()
            };
            if let Some(key) = known(self) {
                return Ok(Some(key));
            }
            // One look at a time, for all who wait for it: a flood of tokens with made-up kids is no flood of queries.
            let asked = Instant::now();
            let mut looked = self.looked.lock().await;
            if looked.is_none_or(|began| began < asked) {
                let began = Instant::now();
                self.published().await?;
                *looked = Some(began);
            }
            Ok(known(self))
        }
        .boxed()
    }

    fn published(&self) -> Answer<'_, Vec<PublicKey>> {
        async move {
            let jwks = tokens::published_keys(&self.cx).await.map_err(failed)?;
            // Each by itself: how many keys a client may have is no limit to the nodes, which make one whenever they
            // start on an empty disk.
            let keys: Vec<PublicKey> = jwks.iter().flat_map(|jwk| readable(jwk)).collect();
            let mut known = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
            *known = keys
                .iter()
                .map(|k| (k.kid().to_owned(), k.clone()))
                .collect();
            Ok(keys)
        }
        .boxed()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::app::tests::fixture::World;
    use crate::auth::SigningKey;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn nodes_may_come_and_go_many_times_a_day() {
        let world = World::new().await;
        let mut kids = Vec::new();
        for _ in 0..40 {
            let key = SigningKey::generate().unwrap();
            let (kid, jwk) = (key.public().kid(), key.public().to_jwk().to_string());
            tokens::publish_key(&world.cx, kid, &jwk).await.unwrap();
            kids.push(kid.to_owned());
        }
        tokens::publish_key(&world.cx, "damaged", "{}")
            .await
            .unwrap();
        let directory = Directory::new(world.cx.clone());
        assert_eq!(directory.published().await.unwrap().len(), kids.len());
        for kid in &kids {
            assert!(directory.lookup(kid).await.unwrap().is_some(), "{kid}");
        }
        assert!(directory.lookup("made-up").await.unwrap().is_none());
        let late = SigningKey::generate().unwrap();
        let (kid, jwk) = (late.public().kid(), late.public().to_jwk().to_string());
        tokens::publish_key(&world.cx, kid, &jwk).await.unwrap();
        assert!(directory.lookup(kid).await.unwrap().is_some());
    }
}
