//! Query parameters of handlers.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev};
use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;
use validator::Validate;

use super::explain::explain;
use super::rules::field_errors;
use crate::http::problem::{Code, FieldError, Problem};

/// Query parameters: unknown, repeated and refused ones are named.
#[derive(Debug, Clone)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned + Validate> Query<T> {
    /// Reads a query string.
    ///
    /// # Errors
    /// `invalid-parameter` with every parameter that was refused.
    pub fn parse(query: &str) -> Result<T, Problem> {
        let pairs = url::form_urlencoded::parse(query.as_bytes());
        // PostgreSQL has no text with a NUL in it, and nothing of ours has a name with one.
        if let Some((name, _)) = pairs.clone().find(|(_, value)| value.contains('\0')) {
            return Err(refused(vec![FieldError::parameter(
                &super::json::escaped(&name),
                "must not contain the character NUL",
            )]));
        }
        let deserializer = serde_urlencoded::Deserializer::new(pairs);
        let value: T = serde_path_to_error::deserialize(deserializer).map_err(|error| {
            let explained = explain(&error.inner().to_string());
            let name = error
                .path()
                .iter()
                .find_map(|segment| match segment {
                    Segment::Map { key } => Some(key.clone()),
                    _ => None,
                })
                .or(explained.field)
                .unwrap_or_default();
            refused(vec![FieldError::parameter(
                &super::json::escaped(&name),
                explained.detail,
            )])
        })?;
        value.validate().map_err(|errors| {
            let errors = field_errors(&errors).into_iter().map(|error| {
                let name = error.pointer.unwrap_or_default();
                FieldError::parameter(name.trim_start_matches("#/"), error.detail)
            });
            refused(errors.collect())
        })?;
        Ok(value)
    }
}

fn refused(errors: Vec<FieldError>) -> Problem {
    let detail = match errors.as_slice() {
        [only] => only.to_string(),
        several => format!("{} parameters were refused; see errors.", several.len()),
    };
    Problem::new(Code::InvalidParameter, detail).errors(errors)
}

impl<T: DeserializeOwned + Validate> FromRequest for Query<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        ready(Self::parse(request.query_string()).map(Query))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize, Validate)]
    #[serde(deny_unknown_fields)]
    struct Page {
        #[validate(range(min = 1, max = 200))]
        limit: Option<u16>,
        cursor: Option<String>,
        open: Option<bool>,
    }

    fn refused(query: &str) -> (String, String) {
        let problem = Query::<Page>::parse(query).unwrap_err();
        assert_eq!(problem.code(), Code::InvalidParameter);
        let error = &problem.field_errors()[0];
        (error.parameter.clone().unwrap(), error.detail.clone())
    }

    #[test]
    fn parameters_are_read_and_refused_by_name() {
        let page = Query::<Page>::parse("limit=50&cursor=a%20b&open=true").unwrap();
        assert_eq!(
            (page.limit, page.cursor.as_deref(), page.open),
            (Some(50), Some("a b"), Some(true))
        );
        assert!(Query::<Page>::parse("").unwrap().limit.is_none());
        let pair = |name: &str, detail: &str| (name.to_owned(), detail.to_owned());
        assert_eq!(refused("limit=x"), pair("limit", "must be a whole number"));
        assert_eq!(refused("limit="), pair("limit", "must not be empty"));
        assert_eq!(refused("limit=99999999"), pair("limit", "is too large"));
        assert_eq!(refused("limit=0"), pair("limit", "must be from 1 to 200"));
        assert_eq!(refused("open=maybe"), pair("open", "must be true or false"));
        assert_eq!(refused("limit=1&limit=2"), pair("limit", "is given twice"));
        assert_eq!(
            refused("cursor=a%00b"),
            pair("cursor", "must not contain the character NUL")
        );
        assert_eq!(
            refused("limi=1"),
            pair("limi", "does not exist; did you mean limit?")
        );
    }
}
