//! What can go wrong between a client and the exchange, told so that the reader knows what to do next.

use std::fmt;

use reqwest::header::CONTENT_TYPE;
use serde::Deserialize;
use takedown_core::text::visible;
use url::Url;

use super::header;

/// Why a call did not bring what was asked for.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The server, the credentials file or another setting cannot be used.
    #[error("{0}")]
    Settings(String),
    /// The credentials cannot be used, or the server does not accept them.
    #[error("{0}")]
    Credentials(String),
    /// Nothing was sent: the server cannot be reached.
    #[error("{server} cannot be reached: {why}")]
    Unreachable {
        /// Base URL.
        server: String,
        /// The network's reason.
        why: String,
    },
    /// Something may have been sent, and no whole answer came back.
    #[error(
        "no whole answer from {server}: {why}\n  whether it was done is not known: look before you send it again"
    )]
    Lost {
        /// Base URL.
        server: String,
        /// The network's reason.
        why: String,
    },
    /// The server refused, and said why.
    #[error("{0}")]
    Problem(Box<Problem>),
    /// The server answered with something that is not of this API.
    #[error(
        "unexpected answer {status} ({content_type}): is the server address that of a takedown exchange?{}{excerpt}",
        if excerpt.is_empty() { "" } else { "\n  " }
    )]
    Unexpected {
        /// HTTP status.
        status: u16,
        /// Media type of the body.
        content_type: String,
        /// The beginning of the body, made visible.
        excerpt: String,
    },
    /// A list that cannot be read to its end.
    #[error(
        "the list {what} does not end: its pages lead back to one that was there, or are too many"
    )]
    Endless {
        /// The path called.
        what: String,
    },
    /// The answer was not of the form this version knows.
    #[error("the answer of {what} cannot be read: {source}")]
    Decode {
        /// The path called.
        what: String,
        /// Where the JSON was different.
        source: serde_json::Error,
    },
}

/// An `application/problem+json` body (RFC 9457) with this API's members.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Problem {
    /// URL of the page that explains this kind of problem.
    #[serde(rename = "type")]
    pub kind: String,
    /// What went wrong, in general.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// The short name of this kind of problem.
    pub code: String,
    /// What went wrong, this time.
    pub detail: String,
    /// What to quote when asking the operator.
    pub request_id: Option<String>,
    /// Which members of the body are wrong.
    pub errors: Vec<FieldError>,
    /// With `several-platforms`: which items belong to which platform.
    pub platforms: Vec<PlatformShare>,
    /// With `already-asked`: what was asked about before.
    pub repeats: Vec<super::wire::Repeat>,
    /// The body exactly as it came.
    #[serde(skip)]
    pub text: String,
}

/// One member of the body that is wrong.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct FieldError {
    /// JSON pointer (RFC 6901) into the body that was sent.
    pub pointer: Option<String>,
    /// Or the query parameter.
    pub parameter: Option<String>,
    /// Or the header.
    pub header: Option<String>,
    /// What is wrong with it and what would be right.
    pub detail: String,
}

/// The items of a filing that lie on one platform.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct PlatformShare {
    /// TypeID of the platform.
    pub platform: String,
    /// Indices into `items`, from 0.
    pub items: Vec<usize>,
}

impl Problem {
    /// One line without the field errors.
    pub fn headline(&self) -> String {
        let mut line = format!("{} ({}", visible(&self.title), self.status);
        if !self.code.is_empty() {
            line += &format!(" {}", visible(&self.code));
        }
        line.push(')');
        if !self.detail.is_empty() && self.detail != self.title {
            line += &format!(": {}", visible(&self.detail));
        }
        line
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.headline())?;
        for error in &self.errors {
            let place = [&error.pointer, &error.parameter, &error.header]
                .into_iter()
                .find_map(|place| place.as_deref())
                .filter(|place| !matches!(*place, "" | "#"));
            match place {
                Some(place) => write!(f, "\n  {}: {}", visible(place), visible(&error.detail))?,
                None => write!(f, "\n  {}", visible(&error.detail))?,
            }
        }
        if let Some(id) = &self.request_id {
            write!(f, "\n  request id {}", visible(id))?;
        }
        Ok(())
    }
}

impl ClientError {
    pub(crate) fn lost(server: &Url, error: &reqwest::Error) -> Self {
        Self::Lost {
            server: server.to_string(),
            why: causes(error),
        }
    }

    pub(crate) fn unreachable(server: &Url, error: &reqwest::Error) -> Self {
        Self::Unreachable {
            server: server.to_string(),
            why: causes(error),
        }
    }

    /// The problem the server gave, when it gave one.
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Problem(problem) => Some(problem),
            _ => None,
        }
    }
}

/// The innermost reason says most ("connection refused"); the outer ones repeat the URL.
pub(crate) fn causes(error: &(dyn std::error::Error + 'static)) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

/// Reads an answer that is not a success.
pub(crate) async fn from_response(response: reqwest::Response) -> ClientError {
    let status = response.status().as_u16();
    let content_type = header(response.headers(), CONTENT_TYPE.as_str()).unwrap_or_default();
    let media = content_type.split(';').next().unwrap_or_default().trim();
    let text = response.text().await.unwrap_or_default();
    if (media.eq_ignore_ascii_case("application/problem+json")
        || media.eq_ignore_ascii_case("application/json"))
        && let Ok(mut problem) = serde_json::from_str::<Problem>(&text)
        && !(problem.title.is_empty() && problem.code.is_empty())
    {
        problem.status = status;
        problem.text = text;
        return ClientError::Problem(Box::new(problem));
    }
    let excerpt: String = text.trim().chars().take(200).collect();
    ClientError::Unexpected {
        status,
        content_type: if media.is_empty() {
            "no content type".into()
        } else {
            visible(media).into_owned()
        },
        excerpt: visible(&excerpt).into_owned(),
    }
}
