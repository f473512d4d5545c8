//! What was said once stays: other words for it are refused, so that none are lost without a word.

use serde_json::Value;
use takedown_core::history::Digest;
use takedown_core::request::EventType;
use takedown_core::time::{At, rfc3339};

use super::filing::Text;
use super::view::RequestView;
use crate::app::Error;
use crate::store::{Conn, StoreError, history};

/// Lets pass what repeats the words of the newest such event, and what has none.
///
/// # Errors
/// [`Error::Conflict`] for other words; `what` says what was done already, `at` when.
pub(super) fn same_words(
    conn: &mut Conn,
    view: &RequestView,
    event: EventType,
    text: Option<&Text>,
    (what, at): (&str, At),
) -> Result<(), Error> {
    let Some(text) = text else {
        return Ok(());
    };
    let entry = history::newest(conn, &view.request.id.to_string(), event.as_str())?;
    let entry: Option<Value> = entry
        .map(|entry| serde_json::from_str(&entry.data))
        .transpose()
        .map_err(StoreError::from)?;
    let said = entry
        .as_ref()
        .and_then(|entry| entry["data"]["text"].as_str());
    if said == Some(Digest::of(&text.text).to_string().as_str()) {
        return Ok(());
    }
    Err(Error::Conflict(format!(
        "{what} already, at {}, and what was said then stays. Send other words as a message (POST /v1/requests/{{id}}/messages).",
        rfc3339(at)
    )))
}
