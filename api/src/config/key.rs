//! What a key is, and where a value came from.

use std::fmt;

/// One configuration key: everything the reader, the error messages and the reference page need.
#[derive(Debug)]
pub struct Key {
    /// Dotted name, as `server.listen`.
    pub name: &'static str,
    /// What holds when nothing is set.
    pub preset: Preset,
    /// The accepted form, as the end of the sentence "give …".
    pub accepts: &'static str,
    /// What it is for.
    pub about: &'static str,
    /// Whether the value may be shown.
    pub privacy: Privacy,
}

/// What holds when nothing is set.
#[derive(Debug, Clone, Copy)]
pub enum Preset {
    /// This value, in the form in which a person would write it.
    Value(&'static str),
    /// Nothing; the feature is then off or unlimited, as the description says.
    Unset,
    /// Something computed, described in words.
    Derived(&'static str),
}

/// Whether a value may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Privacy {
    /// Shown as it is.
    Open,
    /// Never shown.
    Secret,
    /// A URL that may carry a password; shown without it.
    UrlPassword,
}

impl Key {
    /// The environment variable of this key.
    #[must_use]
    pub fn variable(&self) -> String {
        format!("TAKEDOWN_{}", self.name.replace('.', "_").to_uppercase())
    }

    /// The value as it may be shown to whoever operates the exchange.
    #[must_use]
    pub fn mask(&self, value: &str) -> String {
        match self.privacy {
            Privacy::Open => value.to_owned(),
            Privacy::Secret => MASK.to_owned(),
            Privacy::UrlPassword => mask_url(value),
        }
    }
}

/// Stands where a secret would.
pub const MASK: &str = "********";

/// Hides the password of a database URL, both in the authority and as a query parameter.
fn mask_url(value: &str) -> String {
    let Some((scheme, rest)) = value.split_once("://") else {
        return value.to_owned();
    };
    let (rest, query) = match rest.split_once('?') {
        Some((rest, query)) => (rest, Some(query)),
        None => (rest, None),
    };
    let rest = match rest.rsplit_once('@') {
        Some((login, host)) => match login.split_once(':') {
            Some((user, _)) => format!("{user}:{MASK}@{host}"),
            None => format!("{login}@{host}"),
        },
        None => rest.to_owned(),
    };
    let query = query.map(|query| {
        let pairs: Vec<String> = query
            .split('&')
            .map(|pair| match pair.split_once('=') {
                Some((name, _)) if name.contains("password") => format!("{name}={MASK}"),
                _ => pair.to_owned(),
            })
            .collect();
        format!("?{}", pairs.join("&"))
    });
    format!("{scheme}://{rest}{}", query.unwrap_or_default())
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Nobody set it.
    Default,
    /// Computed from another value, which is named.
    Derived(String),
    /// A line of the configuration file.
    File {
        /// Name of the file as it was given.
        name: String,
        /// One-based line.
        line: usize,
    },
    /// An environment variable.
    Environment(String),
    /// The command itself.
    Command,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::Derived(from) => write!(f, "{from}"),
            Self::File { name, line } => write!(f, "{name}:{line}"),
            Self::Environment(name) => write!(f, "environment {name}"),
            Self::Command => f.write_str("set by the command"),
        }
    }
}

/// An effective value, ready to be printed.
#[derive(Debug, Clone)]
pub struct Shown {
    /// Which key.
    pub key: &'static Key,
    /// The masked value; `None` when it is not set.
    pub value: Option<String>,
    /// Where it came from.
    pub source: Source,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_in_urls_are_hidden_and_the_rest_is_kept() {
        assert_eq!(
            mask_url("postgres://u:s3:cr@et@db.example:5432/takedown?sslmode=require&password=x"),
            "postgres://u:********@db.example:5432/takedown?sslmode=require&password=********"
        );
        assert_eq!(
            mask_url("postgres://u@db.example/t"),
            "postgres://u@db.example/t"
        );
        assert_eq!(
            mask_url("sqlite://data/takedown.db"),
            "sqlite://data/takedown.db"
        );
    }
}
