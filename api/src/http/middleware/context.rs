//! What the parts of the edge share.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_web::http::Method;
use actix_web::http::header::{HeaderMap, HeaderName};
use actix_web::{HttpMessage, HttpRequest, web};

use takedown_core::id::ClientId;

use super::address::{caller_address, network_of};
use super::limits::{Budget, Limiter, RateLimits};
use crate::config::Config;
use crate::config::network::Network;
use crate::http::problem::{Code, Problem};
use crate::http::streams::Streams;
use crate::observe::Metrics;

pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Rooms whose addresses hold a secret: each look costs budget, and no answer from there is kept.
pub(super) const SECRET_PAGES: [&str; 5] =
    ["/check", "/objection", "/answer", "/feeds", "/unsubscribe"];

/// Settings of the edge, as app data (`web::Data<Edge>`).
pub struct Edge {
    /// Origin before every link.
    pub public_url: String,
    /// How long a call may take.
    pub request_timeout: Duration,
    /// Proxies that are believed.
    pub trusted_proxies: Vec<Network>,
    /// Rate limits.
    pub limits: RateLimits,
    /// Where calls are counted.
    pub metrics: Arc<Metrics>,
    /// Answers without an end.
    pub streams: Streams,
    /// Whether nothing here is real, which every answer says.
    pub is_sandbox: bool,
}

impl Edge {
    /// As configured.
    #[must_use]
    pub fn new(config: &Config, metrics: Arc<Metrics>) -> Self {
        Self {
            public_url: config.server.public_url.clone(),
            request_timeout: config.server.request_timeout,
            trusted_proxies: config.server.trusted_proxies.clone(),
            limits: RateLimits::new(&config.limits),
            streams: Streams::new(&config.server),
            is_sandbox: config.is_sandbox,
            metrics,
        }
    }

    /// Takes one token request out of the budget of the caller's address.
    ///
    /// # Errors
    /// 429 when none is left.
    pub fn token_limit(&self, request: &HttpRequest) -> Result<(), Problem> {
        self.address_limit(self.limits.tokens.as_ref(), request)
    }

    /// Takes one pair of test credentials out of the budget of the caller's address.
    ///
    /// # Errors
    /// 429 when none is left.
    pub fn credentials_limit(&self, request: &HttpRequest) -> Result<(), Problem> {
        self.address_limit(self.limits.credentials.as_ref(), request)
    }

    /// Gives a token request back that was taken before somebody turned out to be who he says.
    pub fn give_token_back(&self, request: &HttpRequest) {
        let address = caller_address(request.head(), &self.trusted_proxies);
        if let (Some(limiter), Some(address)) = (self.limits.tokens.as_ref(), address) {
            limiter.give_back(&network_of(address));
            request.extensions_mut().remove::<Spent>();
        }
    }

    /// Takes one look at a check code, an objection code, an answer link, a link that ends mails or a private feed, or what is sent
    /// from there, out of the budget of the caller's address; other calls cost nothing here.
    ///
    /// # Errors
    /// 429 when none is left.
    pub(super) fn check_limit(&self, request: &HttpRequest) -> Result<(), Problem> {
        // The path as it is routed: decoded.
        let path = request.match_info().as_str();
        let looks = match SECRET_PAGES.iter().find_map(|page| path.strip_prefix(page)) {
            Some("") => !request.query_string().is_empty() || *request.method() == Method::POST,
            Some(code) => code.starts_with('/'),
            None => false,
        };
        if !looks {
            return Ok(());
        }
        self.address_limit(self.limits.checks.as_ref(), request)
    }

    fn address_limit(
        &self,
        limiter: Option<&Limiter<IpAddr>>,
        request: &HttpRequest,
    ) -> Result<(), Problem> {
        let address = caller_address(request.head(), &self.trusted_proxies);
        let (Some(limiter), Some(address)) = (limiter, address) else {
            return Ok(());
        };
        self.settle(request, limiter.take(&network_of(address)), None)
    }

    fn settle(
        &self,
        request: &HttpRequest,
        budget: Budget,
        client: Option<ClientId>,
    ) -> Result<(), Problem> {
        request.extensions_mut().insert(Spent { budget, client });
        match budget.retry_after {
            None => Ok(()),
            Some(seconds) => {
                self.metrics.turned_away(budget.quota.name);
                Err(Problem::new(
                    Code::TooManyRequests,
                    format!("Too many calls; the next one is let in in {seconds} s."),
                )
                .with("violated-policies", vec![budget.quota.name])
                .retry_after(seconds))
            }
        }
    }
}

/// Takes one call out of a client's budget; called once the client is known.
///
/// # Errors
/// 429 when none is left.
pub fn client_limit(request: &HttpRequest, client: ClientId) -> Result<(), Problem> {
    let Some(edge) = request.app_data::<web::Data<Edge>>() else {
        return Ok(());
    };
    match &edge.limits.clients {
        Some(limiter) => edge.settle(request, limiter.take(&client), Some(client)),
        None => Ok(()),
    }
}

/// Takes so many locators or digests out of what a client may look up.
///
/// # Errors
/// 429 when there are not so many left.
pub fn lookup_limit(request: &HttpRequest, client: ClientId, count: usize) -> Result<(), Problem> {
    let Some(edge) = request.app_data::<web::Data<Edge>>() else {
        return Ok(());
    };
    let Some(limiter) = &edge.limits.lookups else {
        return Ok(());
    };
    let budget = limiter.take_many(&client, u32::try_from(count).unwrap_or(u32::MAX));
    if budget.retry_after.is_none() {
        // The headers go on telling of the calls.
        return Ok(());
    }
    edge.settle(request, budget, Some(client))
}

/// What a call cost, for the headers of its answer.
pub(super) struct Spent {
    pub budget: Budget,
    pub client: Option<ClientId>,
}

/// The id of a call, as a request extension; it stands in the answer, in problems and in the log.
#[derive(Debug, Clone)]
pub struct RequestId(pub Arc<str>);

impl RequestId {
    /// The caller's own id if it is harmless (64 letters, digits, `.`, `_`, `-` at most), else a new one.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        let own = headers
            .get(REQUEST_ID)
            .and_then(|value| value.to_str().ok());
        let harmless = |id: &str| {
            (1..=64).contains(&id.len())
                && id
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
        };
        match own {
            Some(id) if harmless(id) => Self(Arc::from(id)),
            _ => Self(Arc::from(uuid::Uuid::now_v7().simple().to_string())),
        }
    }
}
