//! The client credentials grant: who asks, is it really him, what may he have.

use secrecy::{ExposeSecret, SecretString};
use takedown_core::id::ClientId;
use takedown_core::policy::Scopes;
use takedown_core::time::At;

use super::assertion;
use super::directory::{Client, DirectoryError};
use super::jose::{ClientAssertion, Expected, LEEWAY_SECONDS, TokenError, Unverified};
use super::secret::SecretHash;
use super::tokens::Tokens;

/// What a client sent to the token endpoint.
#[derive(Debug, Default)]
pub struct GrantRequest {
    /// `grant_type`.
    pub grant_type: Option<String>,
    /// `scope`.
    pub scope: Option<String>,
    /// `client_id`, if it is in the body.
    pub client_id: Option<String>,
    /// `client_assertion_type`.
    pub assertion_type: Option<String>,
    /// `client_assertion`.
    pub assertion: Option<String>,
    /// Id and secret of the Authorization header.
    pub basic: Option<(String, SecretString)>,
}

/// An access token that was granted.
#[derive(Debug, Clone)]
pub struct Granted {
    /// The token.
    pub access_token: String,
    /// Its life in seconds.
    pub expires_in: u64,
    /// What it may be used for.
    pub scopes: Scopes,
    /// To whom it was issued.
    pub client: ClientId,
}

/// Why no token was granted; the kinds are those of RFC 6749 section 5.2.
#[derive(Debug, thiserror::Error)]
pub enum GrantError {
    /// The request itself is wrong.
    #[error("{0}")]
    InvalidRequest(&'static str),
    /// The client could not be authenticated, or may not act.
    #[error("{0}")]
    InvalidClient(String),
    /// Another grant type than `client_credentials`.
    #[error("the grant type must be client_credentials")]
    UnsupportedGrantType,
    /// A scope that does not exist or that the client was not given.
    #[error("{0}")]
    InvalidScope(&'static str),
    /// The directory cannot be asked.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// No randomness for the token's id.
    #[error("the system's source of randomness failed")]
    Randomness,
}

/// The one answer for an unknown client and a wrong secret, so that neither betrays the other.
const UNKNOWN: &str = "the client is unknown or its secret is wrong";

/// To whoever has proved to be somebody who may not act.
const SUSPENDED: &str = "the client or the party it acts for is suspended";

impl Tokens {
    /// Grants an access token.
    ///
    /// # Errors
    /// As RFC 6749 section 5.2 has them.
    pub async fn grant(&self, request: GrantRequest, now: At) -> Result<Granted, GrantError> {
        match request.grant_type.as_deref() {
            Some("client_credentials") => {}
            Some(_) => return Err(GrantError::UnsupportedGrantType),
            None => return Err(GrantError::InvalidRequest("grant_type is missing")),
        }
        let client = match (&request.basic, &request.assertion) {
            (Some(_), Some(_)) => {
                return Err(GrantError::InvalidRequest(
                    "authenticate in one way: with a secret or with an assertion",
                ));
            }
            (Some((id, secret)), None) => {
                same_client(request.client_id.as_deref(), id)?;
                self.by_secret(id, secret, now).await?
            }
            (None, Some(assertion)) => {
                if request.assertion_type.as_deref() != Some(assertion::TYPE) {
                    return Err(GrantError::InvalidRequest(
                        "client_assertion_type must be urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                    ));
                }
                let client = self.by_assertion(assertion, now).await?;
                same_client(request.client_id.as_deref(), &client.id.to_string())?;
                client
            }
            (None, None) => {
                return Err(GrantError::InvalidClient(
                    "authenticate with an Authorization header (client_secret_basic) or with client_assertion (private_key_jwt)".to_owned(),
                ));
            }
        };
        if !client.enabled {
            return Err(GrantError::InvalidClient(SUSPENDED.to_owned()));
        }
        let scopes = granted_scopes(&client, request.scope.as_deref())?;
        let access_token = self
            .issue(client.id, scopes, now)
            .map_err(|_| GrantError::Randomness)?;
        Ok(Granted {
            access_token,
            expires_in: self.lifetime().as_secs(),
            scopes,
            client: client.id,
        })
    }

    /// The client behind an HTTP Basic header, for doors whose programs know no tokens. Secrets are random, so this costs a digest
    /// and no password hash.
    ///
    /// # Errors
    /// [`GrantError::InvalidClient`], and [`GrantError::Directory`].
    pub async fn by_basic(
        &self,
        header: &str,
        now: At,
    ) -> Result<std::sync::Arc<Client>, GrantError> {
        let Some((id, secret)) = super::basic::parse(header) else {
            return Err(GrantError::InvalidClient(UNKNOWN.to_owned()));
        };
        let client = self.by_secret(&id, &secret, now).await?;
        if client.enabled {
            Ok(client)
        } else {
            Err(GrantError::InvalidClient(SUSPENDED.to_owned()))
        }
    }

    async fn by_secret(
        &self,
        id: &str,
        secret: &SecretString,
        now: At,
    ) -> Result<std::sync::Arc<Client>, GrantError> {
        let client = match id.parse() {
            Ok(id) => self.clients().client(id).await?,
            Err(_) => None,
        };
        let hash = SecretHash::of(secret.expose_secret());
        let right = client.as_ref().is_some_and(|client| {
            client
                .secrets
                .iter()
                .filter(|(_, ends)| ends.is_none_or(|ends| ends > now))
                .fold(false, |found, (kept, _)| kept.is(&hash) | found)
        });
        client
            .filter(|_| right)
            .ok_or_else(|| GrantError::InvalidClient(UNKNOWN.to_owned()))
    }

    async fn by_assertion(
        &self,
        token: &str,
        now: At,
    ) -> Result<std::sync::Arc<Client>, GrantError> {
        let refused = |error: TokenError| GrantError::InvalidClient(error.to_string());
        let unverified = Unverified::<ClientAssertion>::parse(token).map_err(refused)?;
        let alleged = unverified.alleged_subject().map_err(refused)?;
        let client = match alleged.parse() {
            Ok(id) => self.clients().client(id).await?,
            Err(_) => None,
        };
        let unknown = || refused(TokenError::UnknownKey);
        let client = client.ok_or_else(unknown)?;
        let key = match unverified.kid() {
            Some(kid) => client.keys.iter().find(|key| key.kid() == kid),
            // Without a name only a client with a single key is understood.
            None => client.keys.first().filter(|_| client.keys.len() == 1),
        };
        let key = key.ok_or_else(unknown)?;
        let expected = Expected {
            issuer: &alleged,
            audience: self.issuer(),
            now: now.timestamp(),
        };
        let assertion = unverified.verify(key, &expected).map_err(refused)?;
        // The id must be remembered for as long as the leeway would still let it in.
        let forget_at =
            At::from_timestamp(assertion.expires_at + LEEWAY_SECONDS + 1, 0).unwrap_or(now);
        if self
            .clients()
            .use_jti(client.id, &assertion.jti, forget_at)
            .await?
        {
            Ok(client)
        } else {
            Err(GrantError::InvalidClient(
                "this assertion was used before; make a new one for every token".to_owned(),
            ))
        }
    }
}

fn same_client(in_body: Option<&str>, authenticated: &str) -> Result<(), GrantError> {
    match in_body {
        Some(id) if id != authenticated => Err(GrantError::InvalidRequest(
            "client_id is not the client that authenticates",
        )),
        _ => Ok(()),
    }
}

fn granted_scopes(client: &Client, asked: Option<&str>) -> Result<Scopes, GrantError> {
    let scopes = match asked {
        None => client.scopes,
        Some(text) => Scopes::parse(text)
            .map_err(|_| GrantError::InvalidScope("a scope that does not exist was asked for"))?,
    };
    if scopes.is_empty() {
        return Err(GrantError::InvalidScope("no scope is left to be granted"));
    }
    if client.scopes.and(scopes) == scopes {
        Ok(scopes)
    } else {
        Err(GrantError::InvalidScope(
            "a scope was asked for that this client was not given",
        ))
    }
}
