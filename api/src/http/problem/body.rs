//! The wire form of a problem.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// An error, as every endpoint but the token endpoint answers it (RFC 9457, `application/problem+json`).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = Problem, example = json!({
    "type": "https://takedown.example/docs/problems/invalid",
    "title": "A value was refused",
    "status": 422,
    "code": "invalid",
    "detail": "#/items/0/locator: must not be empty",
    "request_id": "0198c5f2b0c17c6f9d0a3a0c2f6f1e55",
    "errors": [{"pointer": "#/items/0/locator", "detail": "must not be empty"}]
}))]
pub struct ProblemBody {
    /// Page about this kind of problem, with what to do about it.
    #[schema(format = Uri)]
    pub r#type: String,
    /// What kind of problem this is; the same for every occurrence.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// Short stable name of the kind, for programs.
    pub code: String,
    /// What happened this time.
    pub detail: String,
    /// Quote it when you ask for help.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// What exactly was refused, when single values can be named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// Further members of single kinds, such as `current_version`.
    #[serde(flatten)]
    #[schema(ignore)]
    pub more: Map<String, Value>,
}

/// One refused value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldError {
    /// Where in the body: a JSON pointer in URI fragment form, such as `#/items/0/locator`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// Which query parameter, when it is not in the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// Which header, when it is neither.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<String>,
    /// What is wrong and what would be right.
    pub detail: String,
}

impl FieldError {
    /// A value of the body by its JSON pointer; `/items/0` and `#/items/0` are the same, the empty one is the whole.
    #[must_use]
    pub fn at(pointer: &str, detail: impl Into<String>) -> Self {
        Self {
            pointer: Some(format!("#{}", pointer.strip_prefix('#').unwrap_or(pointer))),
            parameter: None,
            header: None,
            detail: detail.into(),
        }
    }

    /// A query parameter.
    #[must_use]
    pub fn parameter(name: &str, detail: impl Into<String>) -> Self {
        Self {
            pointer: None,
            parameter: Some(name.to_owned()),
            header: None,
            detail: detail.into(),
        }
    }

    /// A request header.
    #[must_use]
    pub fn header(name: &str, detail: impl Into<String>) -> Self {
        Self {
            pointer: None,
            parameter: None,
            header: Some(name.to_owned()),
            detail: detail.into(),
        }
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self
            .pointer
            .as_deref()
            .or(self.parameter.as_deref())
            .or(self.header.as_deref());
        match place {
            Some("#") | None => write!(f, "{}", self.detail),
            Some(place) => write!(f, "{place}: {}", self.detail),
        }
    }
}
