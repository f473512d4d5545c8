//! The way to a witness (c2sp.org/tlog-witness): one call, with limits.

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderValue};
use takedown_core::log::witness::{AddCheckpoint, Answer, origin_hash};
use url::Url;

use crate::config::history::submission;

const USER_AGENT: &str = concat!("takedown/", env!("CARGO_PKG_VERSION"));
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// From the first byte that is sent to the last one that comes.
const TIMEOUT: Duration = Duration::from_secs(10);
/// The longest answer that is read, in bytes: some lines of signatures.
const MOST_BYTES: usize = 64 << 10;

/// A witness that can be asked.
#[derive(Debug, Clone)]
pub struct Witness {
    http: reqwest::Client,
    url: Url,
}

/// Why a witness cannot be asked at all.
#[derive(Debug, thiserror::Error)]
pub enum WitnessError {
    /// Its address.
    #[error("{0}")]
    Address(String),
    /// This machine knows no certificate authorities.
    #[error("TLS: {0}")]
    Tls(#[from] reqwest::Error),
}

impl Witness {
    /// The witness at a prefix. Connects to nothing.
    ///
    /// # Errors
    /// [`WitnessError`] when it is no address, or when this machine cannot speak TLS.
    pub fn at(prefix: &str) -> Result<Self, WitnessError> {
        let url = submission(prefix).map_err(WitnessError::Address)?;
        let mut builder = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT)
            .redirect(reqwest::redirect::Policy::none());
        if url.scheme() == "http" {
            // Inside the own network: no proxy, and no certificate authorities that may be missing.
            builder = builder.no_proxy().tls_certs_only(Vec::new());
        }
        Ok(Self {
            http: builder.build()?,
            url,
        })
    }

    /// Asks it to sign.
    ///
    /// # Errors
    /// Why no answer came, in words that name nothing of this network.
    pub async fn add(&self, request: &AddCheckpoint) -> Result<Answer, &'static str> {
        let asked = self.http.post(self.url.clone());
        self.answer(asked.body(request.to_string())).await
    }

    /// Asks it for the latest checkpoint of a log that it signed.
    ///
    /// # Errors
    /// As [`Self::add`].
    pub async fn latest(&self, origin: &str) -> Result<Answer, &'static str> {
        let mut url = self.url.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop().push(&origin_hash(origin)).push("checkpoint");
        }
        self.answer(self.http.get(url)).await
    }

    async fn answer(&self, asked: reqwest::RequestBuilder) -> Result<Answer, &'static str> {
        let mut answer = asked.send().await.map_err(|error| self.why(&error))?;
        let media_type = answer.headers().get(CONTENT_TYPE).map(HeaderValue::to_str);
        let media_type = media_type
            .and_then(Result::ok)
            .unwrap_or_default()
            .to_owned();
        let mut body = Vec::new();
        while let Some(more) = answer.chunk().await.map_err(|error| self.why(&error))? {
            if body.len() + more.len() > MOST_BYTES {
                return Err("its answer is longer than 64 KiB");
            }
            body.extend_from_slice(&more);
        }
        Ok(Answer {
            status: answer.status().as_u16(),
            media_type,
            body,
        })
    }

    fn why(&self, error: &reqwest::Error) -> &'static str {
        tracing::debug!(url = %self.url, %error, "a witness did not answer");
        if error.is_timeout() {
            "it took longer than 10 seconds"
        } else if error.is_connect() {
            "no connection came about"
        } else {
            "the connection broke"
        }
    }
}
