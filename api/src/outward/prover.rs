//! Looking whether the proof of a claim is there: a TXT record and a file, each asked for once, little of either read.

use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{join, join_all};
use reqwest::header::{CONTENT_TYPE, LOCATION};
use takedown_core::claim::{Challenge, Fault, Found, Sight, best, read, read_file};
use takedown_core::platform::ControlMethod;
use takedown_core::text::visible;

use super::guard::{Guard, Refused};
use super::guarded::Guarded;
use super::names::Names;

/// By what web servers know us.
const USER_AGENT: &str = concat!("takedown-claims/", env!("CARGO_PKG_VERSION"));
/// The largest file, in bytes.
const MOST_BYTES: usize = 64 << 10;
/// Kinds of pages: what people write on a site stands in one, so a line of it proves nothing about who runs the site.
const PAGES: [&str; 2] = ["text/html", "application/xhtml+xml"];
/// So much of where a redirect leads is shown, in characters.
const SHOWN: usize = 200;

/// Looks for proofs. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Prover(Option<Arc<Eyes>>);

#[derive(Debug)]
struct Eyes {
    /// None where the system does not say whom to ask.
    names: Option<Names>,
    guard: Guard,
    /// None on a machine that knows no certificate authorities.
    web: Option<reqwest::Client>,
    timeout: Duration,
}

impl Prover {
    /// One that waits so long for a file. Connects to nothing.
    #[must_use]
    pub fn of(timeout: Duration, names: Option<Names>, guard: Guard) -> Self {
        let web = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            .https_only(true)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .http1_only()
            .pool_max_idle_per_host(0)
            .timeout(timeout)
            .dns_resolver(Arc::new(Guarded::of(&guard, "https")))
            .build()
            .inspect_err(|error| tracing::warn!(%error, "no file can be fetched over TLS"))
            .ok();
        Self(Some(Arc::new(Eyes {
            names,
            guard,
            web,
            timeout,
        })))
    }

    /// Looks at every place where the proof may be. It always ends, and always says what was seen.
    pub async fn look(&self, challenge: &Challenge) -> Vec<Sight> {
        let Some(eyes) = &self.0 else {
            return Vec::new();
        };
        let (record, file) = join(eyes.record(challenge), eyes.file(challenge)).await;
        record.into_iter().chain(file).collect()
    }
}

impl Eyes {
    async fn record(&self, challenge: &Challenge) -> Option<Sight> {
        let (at, line) = (challenge.record()?, challenge.line());
        let found = match self.texts(&at).await {
            // A name that leads to nothing is another thing than one without a record: its owner looks at the wrong place.
            Ok(texts) if texts.is_empty() && self.leads_elsewhere(&at).await => Found::Failed {
                why: Fault::DeadEnd,
            },
            Ok(texts) => {
                let read = texts.iter().map(|text| read(text, line));
                best(read).unwrap_or(Found::Nothing)
            }
            Err(why) => Found::Failed { why },
        };
        let found = match found {
            Found::Nothing | Found::Other { .. } => self.slip(challenge).await.unwrap_or(found),
            found => found,
        };
        Some(Sight {
            method: ControlMethod::DnsTxt,
            at,
            found,
        })
    }

    /// Where the record landed by mistake, if it did.
    async fn slip(&self, challenge: &Challenge) -> Option<Found> {
        let (names, line) = (challenge.slips(), challenge.line());
        let asked = names.iter().map(|name| self.texts(name));
        let answers = join_all(asked).await;
        let stands = |texts: &Result<Vec<String>, Fault>| {
            let texts = texts.iter().flatten();
            texts
                .into_iter()
                .any(|text| read(text, line) == Found::Proof)
        };
        let place = answers.iter().position(stands)?;
        names
            .into_iter()
            .nth(place)
            .map(|name| Found::Elsewhere { name })
    }

    async fn leads_elsewhere(&self, name: &str) -> bool {
        match &self.names {
            Some(names) => names.leads_elsewhere(name).await,
            None => false,
        }
    }

    async fn texts(&self, name: &str) -> Result<Vec<String>, Fault> {
        match &self.names {
            Some(names) => names.texts(name).await,
            None => Err(Fault::NoAnswer),
        }
    }

    async fn file(&self, challenge: &Challenge) -> Option<Sight> {
        let at = challenge.file()?;
        let fetched = tokio::time::timeout(self.timeout, self.fetched(challenge, &at)).await;
        let found = match fetched {
            Ok(Ok(found)) => found,
            Ok(Err(why)) => Found::Failed { why },
            Err(_) => Found::Failed {
                why: Fault::NoAnswer,
            },
        };
        Some(Sight {
            method: ControlMethod::WellKnown,
            at,
            found,
        })
    }

    async fn fetched(&self, challenge: &Challenge, at: &str) -> Result<Found, Fault> {
        self.guard.is_reachable(challenge.host()).await?;
        let web = self.web.as_ref().ok_or(Fault::Certificate)?;
        let answer = web.get(at).send().await.map_err(|error| why(&error))?;
        let status = answer.status();
        if status.is_redirection() {
            let to = answer.headers().get(LOCATION);
            let to = to.map(|to| String::from_utf8_lossy(to.as_bytes()).into_owned());
            let to = to.map(|to| visible(&to).chars().take(SHOWN).collect());
            return Ok(Found::Redirect { to });
        }
        if status.as_u16() != 200 {
            return Ok(Found::Status {
                status: status.as_u16(),
            });
        }
        let kind = answer.headers().get(CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let kind = kind.trim_start().to_ascii_lowercase();
        if PAGES.iter().any(|page| kind.starts_with(page)) {
            return Ok(Found::Html);
        }
        let body = body(answer).await?;
        let body = String::from_utf8(body).map_err(|_| Fault::NoText)?;
        Ok(read_file(&body, challenge.line()))
    }
}

async fn body(mut answer: reqwest::Response) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| why(&error))? {
        if bytes.len() + chunk.len() > MOST_BYTES {
            return Err(Fault::TooMuch);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn why(error: &reqwest::Error) -> Fault {
    if error.is_timeout() {
        return Fault::NoAnswer;
    }
    let mut cause = error.source();
    while let Some(inner) = cause {
        if inner.downcast_ref::<Refused>().is_some() {
            return Fault::NotPublic;
        }
        // What TLS says of a certificate comes as a text alone.
        if inner.to_string().contains("certificate") {
            return Fault::Certificate;
        }
        cause = inner.source();
    }
    Fault::NoConnection
}
