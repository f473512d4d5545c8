//! One attempt: a call with narrow limits.

use std::error::Error as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use takedown_core::text::visible_lines;
use url::Url;

use crate::config::webhooks::Webhooks;
use crate::outward::{Guard, Guarded, Refused, Sink};

/// By what receivers know us.
pub const USER_AGENT: &str = concat!("takedown-webhooks/", env!("CARGO_PKG_VERSION"));
/// The header that says that nothing is real, and what was done to a message on purpose.
const MARK: &str = "takedown-sandbox";
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// So much of an answer is read and kept, in bytes.
const MOST_BYTES: usize = 2 << 10;
/// So long the body of an answer is waited for once its status is known.
const BODY_TIMEOUT: Duration = Duration::from_secs(2);
/// The longest that an answer may ask us to wait.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 3_600);

/// What is sent.
#[derive(Debug, Clone)]
pub struct Call {
    /// The message's name, the same in every attempt.
    pub id: String,
    /// When this attempt is made, in seconds since 1970.
    pub timestamp: i64,
    /// By every key.
    pub signatures: String,
    /// JSON.
    pub body: String,
    /// In a sandbox: what was done to it on purpose.
    pub mark: Option<&'static str>,
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attempt {
    /// The status of the answer, if one came.
    pub status: Option<u16>,
    /// The beginning of its body, as text that is safe to show.
    pub answer: Option<String>,
    /// Why it is no success.
    pub error: Option<String>,
    /// How long the receiver asks to be left alone.
    pub wait: Option<Duration>,
    /// How long it took.
    pub took: Duration,
}

/// Sends webhooks. Keeps no connection: each attempt resolves the name anew, and connects to what it found.
#[derive(Debug, Clone)]
pub struct Sender {
    guard: Guard,
    plain: reqwest::Client,
    /// None on a machine that knows no certificate authorities.
    tls: Option<reqwest::Client>,
    timeout: Duration,
}

impl Sender {
    /// As it is configured. Connects to nothing.
    ///
    /// # Errors
    /// When this machine cannot make any connection.
    pub fn of(config: &Webhooks, guard: Guard) -> Result<Self, reqwest::Error> {
        let plain = builder(&guard, "http", config).tls_certs_only(Vec::new());
        let tls = builder(&guard, "https", config).https_only(true).build();
        Ok(Self {
            plain: plain.build()?,
            tls: tls
                .inspect_err(|error| tracing::warn!(%error, "no webhook can be sent over TLS"))
                .ok(),
            timeout: config.timeout,
            guard,
        })
    }

    /// Makes one attempt. It always ends: within the configured time, and a little for the body of an answer.
    pub async fn send(&self, address: &str, call: &Call) -> Attempt {
        let begun = Instant::now();
        let mut attempt = self.attempt(address, call).await;
        attempt.took = begun.elapsed();
        if attempt.error.is_none() {
            attempt.error = attempt.status.and_then(fault);
        }
        attempt
    }

    async fn attempt(&self, address: &str, call: &Call) -> Attempt {
        // A literal address never comes to the resolver.
        let url = match self.guard.read(address) {
            Ok(url) => url,
            Err(refused) => return failed(refused.to_string()),
        };
        if let Some(sink) = self.guard.sink(&url) {
            return self.played(sink).await;
        }
        let client = match (url.scheme(), &self.tls) {
            ("http", _) => &self.plain,
            (_, Some(tls)) => tls,
            (_, None) => return failed("this exchange knows no certificate authorities"),
        };
        let mut sending = client
            .post(url.clone())
            .header(CONTENT_TYPE, "application/json")
            .header("webhook-id", &call.id)
            .header("webhook-timestamp", call.timestamp)
            .header("webhook-signature", &call.signatures)
            .body(call.body.clone());
        if let Some(mark) = call.mark {
            sending = sending.header(MARK, mark);
        }
        match tokio::time::timeout(self.timeout, sending.send()).await {
            Err(_) => failed(format!("no answer within {:?}", self.timeout)),
            Ok(Err(error)) => failed(why(&error, &url)),
            Ok(Ok(answer)) => Attempt {
                status: Some(answer.status().as_u16()),
                wait: wait(answer.headers()),
                answer: Some(beginning(answer).await),
                ..Attempt::default()
            },
        }
    }

    async fn played(&self, sink: Sink) -> Attempt {
        match sink {
            Sink::Answers(status) => Attempt {
                status: Some(status),
                answer: Some("answered by the sandbox itself".to_owned()),
                ..Attempt::default()
            },
            Sink::Stalls => {
                tokio::time::sleep(self.timeout).await;
                failed(format!("no answer within {:?}", self.timeout))
            }
        }
    }
}

fn builder(guard: &Guard, scheme: &'static str, config: &Webhooks) -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .user_agent(USER_AGENT)
        .connect_timeout(CONNECT_TIMEOUT.min(config.timeout))
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .http1_only()
        .pool_max_idle_per_host(0)
        .dns_resolver(Arc::new(Guarded::of(guard, scheme)))
}

fn failed(why: impl Into<String>) -> Attempt {
    Attempt {
        error: Some(why.into()),
        ..Attempt::default()
    }
}

/// Why a status is no success.
fn fault(status: u16) -> Option<String> {
    match status {
        200..=299 => None,
        300..=399 => Some(format!(
            "answered {status}: redirects are not followed; change the webhook's address instead"
        )),
        410 => Some("answered 410: it wants no more".to_owned()),
        _ => Some(format!("answered {status}")),
    }
}

fn why(error: &reqwest::Error, url: &Url) -> String {
    let mut cause = error.source();
    while let Some(inner) = cause {
        if let Some(refused) = inner.downcast_ref::<Refused>() {
            return refused.to_string();
        }
        // What TLS says of a certificate comes as a text alone.
        let says = inner.to_string();
        if says.contains("certificate") {
            return certificate(&says).to_owned();
        }
        cause = inner.source();
    }
    let host = url.host_str().unwrap_or_default();
    tracing::debug!(host, %error, "a webhook could not be sent");
    if error.is_timeout() {
        "no connection came about in time".to_owned()
    } else if error.is_connect() {
        "no connection came about".to_owned()
    } else {
        "the connection broke".to_owned()
    }
}

/// What is wrong with a certificate, in words for whoever has to mend it.
fn certificate(says: &str) -> &'static str {
    let says = says.to_ascii_lowercase().replace(' ', "");
    let has = |word: &str| says.contains(word);
    if has("notvalidforname") {
        "its certificate is for another name"
    } else if has("notvalidyet") {
        "its certificate is not valid yet"
    } else if has("expired") {
        "its certificate has expired"
    } else if has("unknownissuer") {
        "its certificate is of an authority that this exchange does not know; the chain that is sent may be incomplete"
    } else {
        "its certificate was refused"
    }
}

/// RFC 9110, section 10.2.3: seconds, or a date.
fn wait(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = match value.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let at = chrono::DateTime::parse_from_rfc2822(value).ok()?;
            let left = at.signed_duration_since(chrono::Utc::now());
            left.to_std().unwrap_or_default()
        }
    };
    Some(wait.min(LONGEST_WAIT))
}

/// The beginning of a body: what comes after it, or too late, is not waited for.
async fn beginning(mut answer: reqwest::Response) -> String {
    let mut bytes = Vec::new();
    let reading = async {
        while bytes.len() < MOST_BYTES {
            match answer.chunk().await {
                Ok(Some(chunk)) => {
                    let room = MOST_BYTES - bytes.len();
                    bytes.extend_from_slice(chunk.get(..room).unwrap_or(chunk.as_ref()));
                }
                Ok(None) | Err(_) => break,
            }
        }
    };
    let _ = tokio::time::timeout(BODY_TIMEOUT, reading).await;
    visible_lines(&String::from_utf8_lossy(&bytes)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::certificate;

    #[test]
    fn what_is_wrong_with_a_certificate_is_named() {
        for (says, named) in [
            ("invalid peer certificate: UnknownIssuer", "an authority"),
            (
                "invalid peer certificate: certificate not valid for name \"a.test\"; certificate is only valid for DnsName(\"b.test\")",
                "another name",
            ),
            (
                "invalid peer certificate: certificate expired: verification time 2 (UNIX), but certificate is not valid after 1 (1 seconds ago)",
                "expired",
            ),
            (
                "invalid peer certificate: certificate not valid yet: verification time 1 (UNIX), but certificate is not valid before 2",
                "not valid yet",
            ),
            ("invalid peer certificate: BadSignature", "was refused"),
        ] {
            assert!(certificate(says).contains(named), "{says}");
        }
    }
}
