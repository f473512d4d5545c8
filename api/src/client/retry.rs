//! When to send again, and after how long.

use std::time::Duration;

use chrono::Utc;
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};

use super::{Client, ClientError, header};

/// How often and how long to try again.
#[derive(Debug, Clone)]
pub struct RetryPolicy {
    /// Sendings in all, the first one included.
    pub attempts: u32,
    /// Wait before the second sending; doubles each time.
    pub first_wait: Duration,
    /// The longest wait that is accepted, also from `Retry-After`: beyond it the answer is given back as it is.
    pub longest_wait: Duration,
    /// Told before each wait that a person would notice (at least one second).
    pub notice: fn(&str),
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts: 6,
            first_wait: Duration::from_millis(250),
            longest_wait: Duration::from_secs(60),
            notice: |_| {},
        }
    }
}

/// Whether a call may be sent twice without doing its work twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Safety {
    /// Reads, and POSTs that carry an `Idempotency-Key`.
    Repeatable,
    /// Only when it certainly did not arrive, or when the server says that it did nothing.
    Once,
}

impl Client {
    /// Sends what `build` makes until it is answered by something final.
    pub(crate) async fn with_retries<F>(
        &self,
        (safety, attempts): (Safety, u32),
        build: F,
    ) -> Result<reqwest::Response, ClientError>
    where
        F: AsyncFn() -> Result<reqwest::RequestBuilder, ClientError>,
    {
        let mut attempt = 1;
        loop {
            let last = attempt >= attempts;
            let (why, asked) = match build().await?.send().await {
                Ok(response) => {
                    let asked = retry_after(response.headers());
                    if last
                        || !worth_repeating(response.status())
                        || asked.is_some_and(|wait| wait > self.retry.longest_wait)
                    {
                        return Ok(response);
                    }
                    (format!("the server answered {}", response.status()), asked)
                }
                Err(error) => {
                    let arrived = !error.is_connect() && !error.is_builder();
                    if last || (arrived && safety == Safety::Once) {
                        return Err(if arrived {
                            ClientError::lost(&self.server, &error)
                        } else {
                            ClientError::unreachable(&self.server, &error)
                        });
                    }
                    ("the server cannot be reached".to_owned(), None)
                }
            };
            let wait = asked.unwrap_or_else(|| self.back_off(attempt));
            if wait >= Duration::from_secs(1) {
                (self.retry.notice)(&format!(
                    "{why}; trying again in {} s ({attempt} of {attempts})",
                    wait.as_secs_f32().round(),
                ));
            }
            tokio::time::sleep(wait).await;
            attempt += 1;
        }
    }

    /// Doubling, with up to half of it at random so that many clients do not return together.
    fn back_off(&self, attempt: u32) -> Duration {
        let doubled = self.retry.first_wait * 2u32.saturating_pow(attempt - 1).min(1 << 10);
        let wait = doubled.min(self.retry.longest_wait);
        // The last byte of a version 7 UUID is random.
        let noise = f64::from(uuid::Uuid::now_v7().as_bytes()[15]) / 255.0;
        wait.mul_f64(0.5 + noise / 2.0)
    }
}

/// Answers after which the server did nothing and asks to be called later.
fn worth_repeating(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE
    )
}

/// `Retry-After` in either of its forms (RFC 9110 §10.2.3).
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = header(headers, RETRY_AFTER.as_str())?;
    let value = value.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let until = chrono::DateTime::parse_from_rfc2822(value).ok()?;
    Some(
        (until.to_utc() - Utc::now())
            .to_std()
            .unwrap_or(Duration::ZERO),
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn after(value: &str) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, value.parse().unwrap());
        retry_after(&headers)
    }

    #[test]
    fn retry_after_is_read_in_both_forms() {
        assert_eq!(after("7"), Some(Duration::from_secs(7)));
        assert_eq!(
            after("Sun, 06 Nov 1994 08:49:37 GMT"),
            Some(Duration::ZERO),
            "a date gone by means now"
        );
        let soon = (Utc::now() + chrono::TimeDelta::seconds(30))
            .format("%a, %d %b %Y %H:%M:%S GMT")
            .to_string();
        let wait = after(&soon).unwrap();
        assert!(wait > Duration::from_secs(25) && wait <= Duration::from_secs(30));
        assert_eq!(after("soon"), None);
    }

    #[test]
    fn only_answers_that_did_nothing_are_repeated() {
        assert!(worth_repeating(StatusCode::TOO_MANY_REQUESTS));
        assert!(worth_repeating(StatusCode::SERVICE_UNAVAILABLE));
        assert!(!worth_repeating(StatusCode::INTERNAL_SERVER_ERROR));
        assert!(!worth_repeating(StatusCode::PRECONDITION_FAILED));
    }
}
