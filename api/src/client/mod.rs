//! A client of the public API, used by the command line.
//!
//! It speaks to `/v1` only through what any other program could use: tokens by client credentials (RFC 6749 §4.4,
//! RFC 7523), problems (RFC 9457), `Idempotency-Key`, `If-Match`, `Prefer: wait`, `Retry-After`. Answers come back
//! twice: decoded into the few fields a caller needs, and as the exact text, so that nothing is dropped on the way
//! to a program that asked for JSON.

mod calls;
mod conversation;
mod credentials;
mod error;
mod exports;
mod imports;
mod log;
mod oversight;
pub mod receipts;
mod retry;
mod sandbox;
mod sightings;
mod token;
pub mod well_known;
pub mod wire;

#[cfg(test)]
pub(crate) mod fake;
#[cfg(test)]
mod tests;

use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{
    ACCEPT, AUTHORIZATION, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue, IF_MATCH,
};
use reqwest::{Method, StatusCode};
use serde::de::DeserializeOwned;
use tokio::sync::Mutex;
use url::Url;

pub use calls::{Filters, InboxQuery, Message};
pub use conversation::{Attachment, Downloaded};
pub use credentials::{Credentials, Proof, PublicJwk, SigningKey, public_jwk};
pub use error::{ClientError, FieldError, PlatformShare, Problem};
use receipts::{Book, Promised};
pub use retry::RetryPolicy;
use retry::Safety;
use token::Token;

const USER_AGENT: &str = concat!("takedown/", env!("CARGO_PKG_VERSION"));
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Longer than any long poll: silence beyond this is a dead connection.
const SILENCE_TIMEOUT: Duration = Duration::from_secs(90);

/// Where the exchange is and who asks.
#[derive(Debug)]
pub struct Settings {
    /// Base URL of the exchange, for instance `https://exchange.example/`; a path prefix is kept.
    pub server: Url,
    /// How this client proves who it is.
    pub credentials: Credentials,
    /// PEM bundle of certificate authorities to trust beside those of the system.
    pub authorities: Option<Vec<u8>>,
    /// What the server calls itself, when that is known to differ from `server`.
    pub issuer: Option<String>,
    /// Whether plain `http` to a host other than this machine is acceptable.
    pub allow_http: bool,
    /// How often and how long to try again.
    pub retry: RetryPolicy,
}

/// A connection to one exchange under one identity. Cheap calls share its token and its sockets.
pub struct Client {
    http: reqwest::Client,
    server: Url,
    credentials: Credentials,
    issuer: Option<String>,
    retry: RetryPolicy,
    token: Mutex<Option<Token>>,
    book: Option<Book>,
}

/// One answer: what was decoded from it, and what was really said.
#[derive(Debug, Clone)]
pub struct Reply<T> {
    /// The decoded body.
    pub body: T,
    /// The body exactly as it came.
    pub text: String,
    /// The `ETag`, ready for `If-Match`.
    pub etag: Option<String>,
}

/// One call before it is sent.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    method: Method,
    path: Vec<String>,
    query: Vec<(String, String)>,
    body: Option<(&'static str, Bytes)>,
    if_match: Option<String>,
    idempotency_key: Option<String>,
    wait: Option<u32>,
    /// Rather refused than done in another way than meant (RFC 7240, `handling=strict`).
    strict: bool,
    accept: &'static str,
    /// Headers that few calls have.
    further: Vec<(&'static str, String)>,
    /// Whether "not now" is an answer rather than a reason to ask again.
    impatient: bool,
}

impl Call {
    pub(crate) fn new(method: Method, path: &[&str]) -> Self {
        // One key for the whole life of the call, so that a repeated POST is recognised as the same one.
        let idempotency_key =
            (method == Method::POST).then(|| uuid::Uuid::now_v7().simple().to_string());
        Self {
            method,
            path: path.iter().map(|part| (*part).to_owned()).collect(),
            query: Vec::new(),
            body: None,
            if_match: None,
            idempotency_key,
            wait: None,
            strict: false,
            accept: "application/json, application/problem+json",
            further: Vec::new(),
            impatient: false,
        }
    }

    pub(crate) fn get(path: &[&str]) -> Self {
        Self::new(Method::GET, path)
    }

    pub(crate) fn query(mut self, name: &str, value: impl Into<String>) -> Self {
        self.query.push((name.to_owned(), value.into()));
        self
    }

    pub(crate) fn json(self, body: impl Into<String>) -> Self {
        self.bytes("application/json", Bytes::from(body.into()))
    }

    pub(crate) fn bytes(mut self, kind: &'static str, body: Bytes) -> Self {
        self.body = Some((kind, body));
        self
    }

    pub(crate) fn if_match(mut self, etag: Option<&str>) -> Self {
        self.if_match = etag.map(ToOwned::to_owned);
        self
    }

    fn safety(&self) -> Safety {
        if self.method == Method::GET || self.idempotency_key.is_some() {
            Safety::Repeatable
        } else {
            Safety::Once
        }
    }
}

impl Client {
    /// Prepares a client; nothing is sent yet.
    ///
    /// # Errors
    /// [`ClientError::Settings`] when the server is not an `http`/`https` URL, when plain `http` would carry a secret
    /// over a network, or when the certificate authorities cannot be read.
    pub fn new(settings: Settings) -> Result<Self, ClientError> {
        let server = base(settings.server, settings.allow_http)?;
        let mut builder = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(SILENCE_TIMEOUT)
            // A token is meant for one host: it is never carried to wherever that host points.
            .redirect(reqwest::redirect::Policy::none());
        if loops_back(&server) {
            builder = builder.no_proxy();
        }
        let authorities = match settings.authorities.as_deref() {
            Some(pem) => reqwest::Certificate::from_pem_bundle(pem)
                .map_err(|e| ClientError::Settings(format!("certificate authorities: {e}")))?,
            None => Vec::new(),
        };
        builder = if server.scheme() == "http" {
            // No TLS will be spoken, so a machine without any certificate authorities must not stop us.
            builder.tls_certs_only(authorities)
        } else {
            builder.tls_certs_merge(authorities)
        };
        let http = builder
            .build()
            .map_err(|e| ClientError::Settings(format!("TLS: {}", error::causes(&e))))?;
        Ok(Self {
            http,
            server,
            credentials: settings.credentials,
            issuer: settings.issuer,
            retry: settings.retry,
            token: Mutex::new(None),
            book: None,
        })
    }

    /// The same, keeping the receipt of each change in this book.
    #[must_use]
    pub fn keeping(self, book: Option<Book>) -> Self {
        Self { book, ..self }
    }

    /// Keeps what was promised. The change is made: a book that cannot be written must not look like a failure of it.
    fn keep(&self, call: &Call, headers: &HeaderMap) {
        let Some(book) = &self.book else { return };
        let what = format!("{} /{}", call.method, call.path.join("/"));
        let Some(promised) = Promised::of(self.server.as_str(), what, headers) else {
            return;
        };
        if let Err(why) = book.keep(&promised) {
            (self.retry.notice)(&format!(
                "warning: it is done, and its receipt could not be kept in {}: {why}\n  {}",
                book.place().display(),
                promised.receipt
            ));
        }
    }

    /// The base URL of the exchange.
    pub fn server(&self) -> &Url {
        &self.server
    }

    fn url(&self, path: &[String], query: &[(String, String)]) -> Result<Url, ClientError> {
        let mut url = self.server.clone();
        url.path_segments_mut()
            .map_err(|()| ClientError::Settings("the server URL cannot carry a path".into()))?
            .pop_if_empty()
            .extend(path);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Ok(url)
    }

    /// Sends a call and gives back any answer that reports success, body unread.
    pub(crate) async fn send(&self, call: &Call) -> Result<reqwest::Response, ClientError> {
        let answer = self.send_with_token(call).await;
        match answer {
            // The token was revoked or outlived by a clock that jumped: one new token, one more try.
            Err(ClientError::Problem(problem)) if problem.status == 401 => {
                self.token.lock().await.take();
                self.send_with_token(call).await
            }
            other => other,
        }
    }

    async fn send_with_token(&self, call: &Call) -> Result<reqwest::Response, ClientError> {
        let url = self.url(&call.path, &call.query)?;
        let attempts = if call.impatient {
            1
        } else {
            self.retry.attempts
        };
        let response = self
            .with_retries((call.safety(), attempts), async || {
                let mut request = self
                    .http
                    .request(call.method.clone(), url.clone())
                    .header(ACCEPT, call.accept);
                if let Some(bearer) = self.bearer().await? {
                    request = request.header(AUTHORIZATION, bearer);
                }
                if let Some((kind, body)) = &call.body {
                    request = request.header(CONTENT_TYPE, *kind).body(body.clone());
                }
                if let Some(etag) = &call.if_match {
                    request = request.header(IF_MATCH, etag.as_str());
                }
                if let Some(key) = &call.idempotency_key {
                    request = request.header("idempotency-key", key.as_str());
                }
                if call.strict {
                    request = request.header("prefer", "handling=strict");
                }
                for (name, value) in &call.further {
                    request = request.header(*name, value.as_str());
                }
                if let Some(seconds) = call.wait {
                    request = request.header("prefer", format!("wait={seconds}"));
                }
                Ok(request)
            })
            .await?;
        if response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED {
            self.keep(call, response.headers());
            Ok(response)
        } else {
            Err(error::from_response(response).await)
        }
    }

    /// Sends a call and reads its JSON.
    pub(crate) async fn call<T: DeserializeOwned>(
        &self,
        call: &Call,
    ) -> Result<Reply<T>, ClientError> {
        let response = self.send(call).await?;
        let etag = header(response.headers(), ETAG.as_str());
        let what = call.path.join("/");
        let text = response
            .text()
            .await
            .map_err(|e| ClientError::lost(&self.server, &e))?;
        // 204 has no body; every optional body decodes from null.
        let source = if text.is_empty() { "null" } else { &text };
        let body =
            serde_json::from_str(source).map_err(|source| ClientError::Decode { what, source })?;
        Ok(Reply { body, text, etag })
    }

    /// A registry or other JSON call by method and path, for callers that need no typed answer.
    ///
    /// `path` holds the segments after the base URL, unencoded.
    ///
    /// # Errors
    /// As every call: see [`ClientError`].
    pub async fn raw(
        &self,
        method: Method,
        path: &[&str],
        query: &[(String, String)],
        body: Option<String>,
    ) -> Result<Reply<serde_json::Value>, ClientError> {
        let mut call = Call::new(method, path);
        call.query = query.to_vec();
        if let Some(body) = body {
            call = call.json(body);
        }
        self.call(&call).await
    }

    /// The `Authorization` value, from a token that will not expire on the way; none for nobody.
    async fn bearer(&self) -> Result<Option<HeaderValue>, ClientError> {
        if matches!(self.credentials.proof, Proof::Nothing) {
            return Ok(None);
        }
        let mut held = self.token.lock().await;
        if held.as_ref().is_none_or(Token::needs_renewal) {
            *held = Some(self.fetch_token().await?);
        }
        match held.as_ref() {
            Some(token) => token.header().map(Some),
            None => Err(ClientError::Credentials("no token".into())),
        }
    }
}

fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .map(ToOwned::to_owned)
}

/// Whether the URL points at this machine.
fn loops_back(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn base(server: Url, allow_http: bool) -> Result<Url, ClientError> {
    let refuse = |why: String| Err(ClientError::Settings(why));
    if server.cannot_be_a_base() || !server.username().is_empty() || server.password().is_some() {
        return refuse(
            "the server is given as https://host[:port][/prefix], without a name or password in it"
                .into(),
        );
    }
    if server.query().is_some() || server.fragment().is_some() {
        return refuse(
            "the server is given as https://host[:port][/prefix], without a query or fragment"
                .into(),
        );
    }
    match server.scheme() {
        "https" => Ok(server),
        "http" if allow_http || loops_back(&server) => Ok(server),
        "http" => refuse(format!(
            "{server} is plain http: credentials would cross the network in clear; use https, or --allow-http on a network you trust"
        )),
        other => refuse(format!("the server is an https URL, not {other}:")),
    }
}
