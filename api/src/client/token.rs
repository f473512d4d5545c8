//! Access tokens: fetched by client credentials, renewed before they expire.

use std::time::{Duration, Instant};

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use takedown_core::text::visible;
use url::Url;

use super::credentials::Proof;
use super::error::{self, ClientError};
use super::retry::Safety;
use super::{Client, loops_back};

pub(crate) struct Token {
    value: SecretString,
    renew_at: Instant,
}

#[derive(Deserialize)]
struct TokenResponse {
    access_token: String,
    #[serde(default)]
    expires_in: Option<u64>,
}

/// RFC 6749 §5.2: the one error that is not a problem document.
#[derive(Deserialize)]
struct OauthError {
    error: String,
    #[serde(default)]
    error_description: Option<String>,
}

#[derive(Deserialize)]
struct Metadata {
    issuer: String,
}

impl Token {
    pub(crate) fn needs_renewal(&self) -> bool {
        Instant::now() >= self.renew_at
    }

    pub(crate) fn header(&self) -> Result<HeaderValue, ClientError> {
        let mut value = HeaderValue::from_str(&format!("Bearer {}", self.value.expose_secret()))
            .map_err(|_| ClientError::Credentials("the server's token is not usable".into()))?;
        value.set_sensitive(true);
        Ok(value)
    }
}

impl Client {
    pub(crate) async fn fetch_token(&self) -> Result<Token, ClientError> {
        let url = self.url(&["oauth".into(), "token".into()], &[])?;
        let issuer = match &self.credentials.proof {
            Proof::Secret(_) | Proof::Nothing => None,
            Proof::Key(_) => Some(self.issuer().await?),
        };
        // Repeatable: a second token does no harm, and each sending carries an assertion of its own.
        let response = self
            .with_retries((Safety::Repeatable, self.retry.attempts), async || {
                let mut form = url::form_urlencoded::Serializer::new(String::new());
                form.append_pair("grant_type", "client_credentials");
                let mut request = self
                    .http
                    .post(url.clone())
                    .header(ACCEPT, "application/json")
                    .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
                match &self.credentials.proof {
                    Proof::Secret(secret) => {
                        request = request.header(AUTHORIZATION, self.credentials.basic(secret));
                    }
                    Proof::Nothing => {}
                    Proof::Key(key) => {
                        let issuer = issuer.as_deref().unwrap_or_default();
                        form.append_pair(
                            "client_assertion_type",
                            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                        );
                        form.append_pair(
                            "client_assertion",
                            &key.assertion(&self.credentials.client_id, issuer)?,
                        );
                    }
                }
                Ok(request.body(form.finish()))
            })
            .await?;
        let status = response.status();
        if status.is_success() {
            let asked = Instant::now();
            let text = response
                .text()
                .await
                .map_err(|e| ClientError::lost(&self.server, &e))?;
            let token: TokenResponse =
                serde_json::from_str(&text).map_err(|source| ClientError::Decode {
                    what: "oauth/token".into(),
                    source,
                })?;
            let life = Duration::from_secs(token.expires_in.unwrap_or(60));
            let early = (life / 5).min(Duration::from_secs(30));
            return Ok(Token {
                value: SecretString::from(token.access_token),
                renew_at: asked + (life - early),
            });
        }
        if matches!(status.as_u16(), 400 | 401) {
            let text = response.text().await.unwrap_or_default();
            if let Ok(refusal) = serde_json::from_str::<OauthError>(&text) {
                return Err(self.refused(&refusal));
            }
            return Err(ClientError::Unexpected {
                status: status.as_u16(),
                content_type: "from oauth/token".into(),
                excerpt: visible(&text.chars().take(200).collect::<String>()).into_owned(),
            });
        }
        Err(error::from_response(response).await)
    }

    fn refused(&self, refusal: &OauthError) -> ClientError {
        let mut text = format!(
            "the server does not accept the credentials of {}: {}",
            visible(&self.credentials.client_id),
            visible(&refusal.error)
        );
        if let Some(description) = &refusal.error_description {
            text += &format!(": {}", visible(description));
        }
        ClientError::Credentials(text)
    }

    /// The issuer by RFC 8414. An assertion is made for that name, so a server that calls itself by another server's
    /// name could spend it there: the two must be the same place (§3.3).
    async fn issuer(&self) -> Result<String, ClientError> {
        if let Some(known) = &self.issuer {
            return Ok(known.clone());
        }
        let path = [".well-known".into(), "oauth-authorization-server".into()];
        let url = self.url(&path, &[])?;
        let response = self
            .with_retries((Safety::Repeatable, self.retry.attempts), async || {
                Ok(self.http.get(url.clone()))
            })
            .await?;
        if !response.status().is_success() {
            return Err(error::from_response(response).await);
        }
        let text = response
            .text()
            .await
            .map_err(|e| ClientError::lost(&self.server, &e))?;
        let metadata: Metadata =
            serde_json::from_str(&text).map_err(|source| ClientError::Decode {
                what: path.join("/"),
                source,
            })?;
        if same_place(&self.server, &metadata.issuer) {
            Ok(metadata.issuer)
        } else {
            Err(ClientError::Settings(format!(
                "{} calls itself {}: use that address as --server, or, when you know that this is right, give it as --issuer",
                self.server,
                visible(&metadata.issuer)
            )))
        }
    }
}

fn same_place(server: &Url, issuer: &str) -> bool {
    let Ok(issuer) = Url::parse(issuer) else {
        return false;
    };
    let path = |url: &Url| url.path().trim_end_matches('/').to_owned();
    let same_host =
        server.host_str() == issuer.host_str() || (loops_back(server) && loops_back(&issuer));
    same_host
        && server.scheme() == issuer.scheme()
        && server.port_or_known_default() == issuer.port_or_known_default()
        && path(server) == path(&issuer)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_issuer_is_the_place_it_was_asked_at() {
        let at = |text: &str| Url::parse(text).unwrap();
        assert!(same_place(
            &at("https://exchange.example"),
            "https://exchange.example/"
        ));
        assert!(same_place(
            &at("http://127.0.0.1:8080"),
            "http://localhost:8080"
        ));
        assert!(!same_place(
            &at("https://evil.example"),
            "https://exchange.example"
        ));
        assert!(!same_place(
            &at("https://exchange.example/a"),
            "https://exchange.example"
        ));
        assert!(!same_place(
            &at("http://127.0.0.1:8080"),
            "http://127.0.0.1:9090"
        ));
        assert!(!same_place(&at("https://exchange.example"), "exchange"));
    }
}
