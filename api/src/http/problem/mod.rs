//! Every error that leaves by HTTP: `application/problem+json` (RFC 9457) with a code of one closed table.

mod body;
mod code;
mod foreign;

use std::error::Error as StdError;
use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use serde_json::{Map, Value};

pub use body::{FieldError, ProblemBody};
pub use code::{Code, Spec};
pub use foreign::{adopt, install, of_status};

/// Media type of every error but those of the token endpoint.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// What went wrong, as the caller may know it, with the cause that only the log may know.
pub struct Problem(Box<Inner>);

struct Inner {
    code: Code,
    status: StatusCode,
    detail: String,
    errors: Vec<FieldError>,
    more: Map<String, Value>,
    headers: Vec<(HeaderName, HeaderValue)>,
    cause: Option<Box<dyn StdError + Send + Sync>>,
    close: bool,
}

impl Problem {
    /// A problem of this code; `detail` is a sentence about this occurrence, fit for the caller's eyes.
    #[must_use]
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            code,
            status: code.status(),
            detail: detail.into(),
            errors: Vec::new(),
            more: Map::new(),
            headers: Vec::new(),
            cause: None,
            close: false,
        }))
    }

    /// Something that the caller can do nothing about: opaque outside, complete in the log.
    #[must_use]
    pub fn internal(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::new(
            Code::Internal,
            "The exchange could not do this. The request id helps its operator to find out why.",
        )
        .because(cause)
    }

    /// The one answer for what does not exist and for what the caller may not know of.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(Code::NotFound, "There is nothing here that you may see.")
    }

    /// Fields that were refused, each with its pointer.
    #[must_use]
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let detail = match errors.as_slice() {
            [only] => only.to_string(),
            several => format!("{} fields were refused; see errors.", several.len()),
        };
        Self::new(Code::Invalid, detail).errors(errors)
    }

    /// A caller who did not finish sending in time (408); the connection is closed, since the rest may still come.
    #[must_use]
    pub fn slow_body() -> Self {
        let mut problem = Self::new(Code::Timeout, "The body did not arrive in time.");
        problem.0.status = StatusCode::REQUEST_TIMEOUT;
        problem.0.close = true;
        problem
    }

    /// Adds one refused field by its JSON pointer; `/items/0` and `#/items/0` are the same.
    #[must_use]
    pub fn at(mut self, pointer: &str, detail: impl Into<String>) -> Self {
        self.0.errors.push(FieldError::at(pointer, detail));
        self
    }

    /// Adds refused fields.
    #[must_use]
    pub fn errors(mut self, errors: impl IntoIterator<Item = FieldError>) -> Self {
        self.0.errors.extend(errors);
        self
    }

    /// Adds an extension member, such as `current_version`. Members of the standard body are not replaced.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.more.insert(name.to_owned(), value.into());
        self
    }

    /// Adds a response header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.push((name, value));
        self
    }

    /// Says how to authenticate (RFC 6750 section 3).
    #[must_use]
    pub fn challenge(self, challenge: &str) -> Self {
        match HeaderValue::from_str(challenge) {
            Ok(value) => self.header(header::WWW_AUTHENTICATE, value),
            Err(_) => self,
        }
    }

    /// Says when to try again, in whole seconds.
    #[must_use]
    pub fn retry_after(self, seconds: u64) -> Self {
        self.header(header::RETRY_AFTER, HeaderValue::from(seconds))
    }

    /// Closes the connection after the answer, because the caller may still be sending.
    #[must_use]
    pub fn closing(mut self) -> Self {
        self.0.close = true;
        self
    }

    /// Keeps the cause for the log; the caller never sees it.
    #[must_use]
    pub fn because(mut self, cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.cause = Some(cause.into());
        self
    }

    /// The code.
    #[must_use]
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// The status; the one of the code but for a body that came too slowly.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The sentence about this occurrence.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.0.detail
    }

    /// The refused fields.
    #[must_use]
    pub fn field_errors(&self) -> &[FieldError] {
        &self.0.errors
    }

    /// The cause with all its own causes, for the log.
    #[must_use]
    pub fn cause_chain(&self) -> Option<String> {
        let first: &dyn StdError = &**self.0.cause.as_ref()?;
        let mut text = first.to_string();
        let mut next = first.source();
        while let Some(cause) = next {
            text.push_str(": ");
            text.push_str(&cause.to_string());
            next = cause.source();
        }
        Some(text)
    }

    /// The body for this caller: `base` is the public origin, before which `type` is only a path.
    #[must_use]
    pub fn body(&self, base: &str, request_id: Option<&str>) -> ProblemBody {
        ProblemBody {
            r#type: format!("{base}/docs/problems/{}", self.0.code.as_str()),
            title: self.0.code.title().to_owned(),
            status: self.0.status.as_u16(),
            code: self.0.code.as_str().to_owned(),
            detail: self.0.detail.clone(),
            request_id: request_id.map(str::to_owned),
            errors: self.0.errors.clone(),
            more: self.0.more.clone(),
        }
    }

    /// The body as it would be answered to this call; for problems inside of another answer.
    #[must_use]
    pub fn seen_by(&self, request: &actix_web::HttpRequest) -> ProblemBody {
        use crate::http::middleware::{Edge, RequestId};
        use actix_web::HttpMessage as _;
        let base = request
            .app_data::<actix_web::web::Data<Edge>>()
            .map(|edge| edge.public_url.clone())
            .unwrap_or_default();
        let id = request.extensions().get::<RequestId>().cloned();
        self.body(&base, id.as_ref().map(|id| &*id.0))
    }

    /// The whole answer.
    #[must_use]
    pub fn response(&self, base: &str, request_id: Option<&str>) -> HttpResponse {
        let mut builder = HttpResponse::build(self.0.status);
        builder.content_type(MEDIA_TYPE);
        for (name, value) in &self.0.headers {
            builder.append_header((name, value));
        }
        if self.0.close {
            builder.force_close();
        }
        let body = self.body(base, request_id);
        builder.body(serde_json::to_vec(&body).unwrap_or_default())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.code.as_str(), self.0.detail)
    }
}

impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Problem")
            .field("code", &self.0.code)
            .field("detail", &self.0.detail)
            .field("errors", &self.0.errors)
            .field("cause", &self.cause_chain())
            .finish()
    }
}

impl StdError for Problem {}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.0.status
    }

    fn error_response(&self) -> HttpResponse {
        self.response("", None)
    }
}

#[cfg(test)]
mod tests;
