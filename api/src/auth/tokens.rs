//! Issuing access tokens and checking them on every call.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use serde_json::json;
use takedown_core::id::ClientId;
use takedown_core::policy::Scopes;
use takedown_core::time::At;

use super::cache::{VerifiedTokens, digest};
use super::directory::{Client, ClientDirectory, DirectoryError, KeyDirectory};
use super::jose::{AccessToken, Expected, TokenError, Unverified};
use super::secret::{NoRandomness, random_text};
use super::signer::SigningKey;

/// Issues access tokens, and checks those of every node.
pub struct Tokens {
    issuer: String,
    audience: String,
    lifetime: Duration,
    signer: RwLock<Arc<SigningKey>>,
    keys: Arc<dyn KeyDirectory>,
    clients: Arc<dyn ClientDirectory>,
    verified: VerifiedTokens,
}

/// Why a call was not let in.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The token does not hold.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The client is gone, it or its party is suspended, or its tokens were revoked.
    #[error("the token was revoked, or its client or the party it acts for is suspended")]
    Revoked,
    /// The directory cannot be asked.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
}

impl Tokens {
    /// Issues with `signer`, whose public half `keys` must know before the first call.
    #[must_use]
    pub fn new(
        oauth: &crate::config::oauth::Oauth,
        signer: Arc<SigningKey>,
        keys: Arc<dyn KeyDirectory>,
        clients: Arc<dyn ClientDirectory>,
    ) -> Self {
        Self {
            // Not the issuer itself: a token for the API can then never pass for one to the token endpoint.
            audience: format!("{}/v1", oauth.issuer),
            issuer: oauth.issuer.clone(),
            lifetime: oauth.token_lifetime,
            signer: RwLock::new(signer),
            keys,
            clients,
            verified: VerifiedTokens::new(),
        }
    }

    /// The issuer identifier.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Life of an access token.
    #[must_use]
    pub fn lifetime(&self) -> Duration {
        self.lifetime
    }

    /// The directory of clients.
    #[must_use]
    pub fn clients(&self) -> &dyn ClientDirectory {
        &*self.clients
    }

    /// The directory of the nodes' keys.
    #[must_use]
    pub fn keys(&self) -> &dyn KeyDirectory {
        &*self.keys
    }

    /// Signs with another key from now on; tokens of the former one stay good until they end.
    pub fn rotate(&self, signer: Arc<SigningKey>) {
        *self.signer.write().unwrap_or_else(PoisonError::into_inner) = signer;
    }

    /// An access token (RFC 9068) for this client.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub fn issue(&self, client: ClientId, scopes: Scopes, now: At) -> Result<String, NoRandomness> {
        let signer = self
            .signer
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let issued_at = now.timestamp();
        let expires_at = issued_at.saturating_add_unsigned(self.lifetime.as_secs());
        Ok(signer.sign(
            &json!({"alg": "EdDSA", "typ": "at+jwt", "kid": signer.public().kid()}),
            &json!({
                "iss": self.issuer, "aud": self.audience, "sub": client.to_string(), "client_id": client.to_string(),
                "iat": issued_at, "exp": expires_at, "jti": random_text()?,
                "scope": scopes.to_string(),
                // Whole seconds could not tell a token from before a revocation from one after it.
                "issued_ms": now.timestamp_millis(),
            }),
        ))
    }

    /// Verifies a token alone: its form, signature, times, issuer and audience.
    ///
    /// # Errors
    /// What is wrong with it, or that the keys cannot be asked for.
    pub async fn verify(&self, token: &str, now: At) -> Result<Arc<AccessToken>, Refused> {
        let now = now.timestamp();
        let digest = digest(token);
        if let Some(known) = self.verified.get(&digest, now) {
            return Ok(known);
        }
        let unverified = Unverified::<AccessToken>::parse(token)?;
        let kid = unverified.kid().ok_or(TokenError::UnknownKey)?;
        let key = self.keys.lookup(kid).await?.ok_or(TokenError::UnknownKey)?;
        let expected = Expected {
            issuer: &self.issuer,
            audience: &self.audience,
            now,
        };
        let verified = Arc::new(unverified.verify(&key, &expected)?);
        self.verified.put(digest, Arc::clone(&verified), now);
        Ok(verified)
    }

    /// Verifies a token and that its client may still act.
    ///
    /// # Errors
    /// What is wrong with the token, or that it no longer holds.
    pub async fn check(
        &self,
        token: &str,
        now: At,
    ) -> Result<(Arc<Client>, Arc<AccessToken>), Refused> {
        let token = self.verify(token, now).await?;
        let client = self.still_holds(&token).await?;
        Ok((client, token))
    }

    /// The client of a token that was verified before, if it may still act. That its time may be over meanwhile is for whoever
    /// keeps the token.
    ///
    /// # Errors
    /// That the token no longer holds, or that this cannot be known.
    pub async fn still_holds(&self, token: &AccessToken) -> Result<Arc<Client>, Refused> {
        let client = self.clients.client(token.client).await?;
        let client = client.ok_or(Refused::Revoked)?;
        let holds = client
            .tokens_not_before
            .is_none_or(|since| token.issued_at_ms >= since.timestamp_millis());
        if client.enabled && holds {
            Ok(client)
        } else {
            Err(Refused::Revoked)
        }
    }
}
