//! What the endpoints of agencies, platforms and clients have in common.

use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use takedown_core::page::KeysetCursor;
use takedown_core::policy::{Action, Resource, authorize};
use takedown_core::time::At;
use utoipa::ToSchema;
use validator::Validate;

use crate::app::once::Answer;
use crate::app::values::Reason;
use crate::app::{self, Caller};
use crate::http::extract::Sent;
use crate::http::problem::{Code, FieldError, Problem};

/// Why somebody is stopped.
#[derive(Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Suspension {
    /// Kept in the history; one line, up to 500 characters.
    #[schema(value_type = String, min_length = 1, max_length = 500)]
    pub(super) reason: Reason,
}

/// The body of a call that the caller may make at all. The policy is asked first, so that a caller who may not is told
/// that, and nothing about his body.
pub(super) async fn sent<T: DeserializeOwned + Validate + 'static>(
    caller: &Caller,
    action: Action,
    http: &HttpRequest,
    payload: web::Payload,
) -> Result<Sent<T>, Problem> {
    authorize(&caller.actor, action, &Resource::Exchange).map_err(app::Error::from)?;
    Sent::from_request(http, &mut payload.into_inner()).await
}

/// Reads a member that may be left out but is never `null`.
pub(super) fn present<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}

/// Where a list goes on; the cursor must be one of a list of things whose identifiers begin with `prefix`.
pub(super) fn after(cursor: Option<&str>, prefix: &str) -> Result<Option<String>, Problem> {
    let Some(cursor) = cursor else {
        return Ok(None);
    };
    let refused = |why: String| {
        Problem::new(Code::InvalidCursor, why).errors([FieldError::parameter(
            "cursor",
            "send `next` of the page before, or begin again without a cursor",
        )])
    };
    let read = KeysetCursor::decode(cursor).map_err(|error| refused(error.to_string()))?;
    let own = read
        .id
        .split_once('_')
        .is_some_and(|(kind, _)| kind == prefix);
    if own {
        Ok(Some(read.id))
    } else {
        Err(refused("the cursor does not belong to this list".into()))
    }
}

/// The cursor after a page's last row; none on the last page.
pub(super) fn next(more: bool, last: Option<(At, String)>) -> Option<String> {
    let (at, id) = last.filter(|_| more)?;
    let at_millis = at.timestamp_millis();
    Some(KeysetCursor { at_millis, id }.encode())
}

/// 201 for something that has an address, and a version if it counts them.
pub(super) fn created<T: Serialize>(location: String, version: Option<i32>, body: &T) -> Answer {
    let mut headers = vec![("location".to_owned(), location)];
    headers.extend(version.map(|version| ("etag".to_owned(), etag(version))));
    Answer {
        status: 201,
        headers,
        body: serde_json::to_string(body).unwrap_or_default(),
    }
}

/// 200 with the version as ETag.
pub(super) fn versioned<T: Serialize>(version: i32, body: &T) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::ETAG, etag(version)))
        .json(body)
}

fn etag(version: i32) -> String {
    format!("\"{version}\"")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use takedown_core::time::from_millis;

    use super::*;
    use crate::http::extract::parse;

    #[test]
    fn a_cursor_belongs_to_its_list() {
        let last = (from_millis(7).unwrap(), "agency_x".to_owned());
        let cursor = next(true, Some(last.clone())).unwrap();
        assert_eq!(
            after(Some(&cursor), "agency").unwrap().as_deref(),
            Some("agency_x")
        );
        let foreign = after(Some(&cursor), "platform").unwrap_err();
        assert_eq!(foreign.code(), Code::InvalidCursor);
        assert_eq!(
            after(Some("?"), "agency").unwrap_err().code(),
            Code::InvalidCursor
        );
        assert_eq!(next(false, Some(last)), None);
        assert_eq!(after(None, "agency").unwrap(), None);
    }

    #[test]
    fn a_suspension_says_why() {
        assert!(parse::<Suspension>(br#"{"reason": "lost laptop"}"#).is_ok());
        for (body, pointer) in [
            (r#"{"reason": " "}"#, "#/reason"),
            (r#"{"reason": "a\nb"}"#, "#/reason"),
            (r#"{"reason": "a", "until": 1}"#, "#/until"),
        ] {
            let problem = parse::<Suspension>(body.as_bytes()).unwrap_err();
            let error = &problem.field_errors()[0];
            assert_eq!(error.pointer.as_deref(), Some(pointer), "{body}");
        }
    }
}
