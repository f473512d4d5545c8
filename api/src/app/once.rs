//! Idempotency: the first answer to a key is kept in the commit of the change itself, and given again.
//!
//! draft-ietf-httpapi-idempotency-key-header: scope is the client, the fingerprint covers method, path, query and body.

use chrono::Duration;
use takedown_core::time::At;

use super::Error;
use crate::store::history;
use crate::store::idempotency::{self, AnswerRow};
use crate::store::{Conn, StoreError};

/// How long a key is remembered.
pub const KEPT: Duration = Duration::hours(24);

/// A key that a client gave to a call.
#[derive(Debug, Clone)]
pub struct Once {
    /// The key, 1 to 255 printable ASCII characters.
    pub key: String,
    /// SHA-256 over method, path, query and body.
    pub fingerprint: [u8; 32],
}

/// An answer as the door rendered it. Kept byte for byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// `ETag` and `Location`, where given.
    pub headers: Vec<(String, String)>,
    /// The JSON body.
    pub body: String,
}

/// Gives the first answer again, or does the work and keeps its answer, inside the caller's transaction.
///
/// Two calls with one key at once: on SQLite the writer does them one after the other; on PostgreSQL the second to
/// commit runs into the unique key, is rolled back by the store and starts over, to find the first answer.
///
/// # Errors
/// [`Error::KeyMismatch`] when the key was used for another call, and those of `work`.
pub fn once(
    conn: &mut Conn,
    client: &str,
    once: Option<&Once>,
    now: At,
    work: impl FnOnce(&mut Conn) -> Result<Answer, Error>,
) -> Result<Answer, Error> {
    let Some(once) = once else { return work(conn) };
    let since = (now - KEPT).timestamp_millis();
    if let Some(first) = idempotency::find(conn, client, &once.key, since)? {
        if first.fingerprint != once.fingerprint {
            return Err(Error::KeyMismatch);
        }
        let entries: Vec<String> = first
            .entries
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        history::promise_again(conn, &entries)?;
        return Ok(Answer {
            status: u16::try_from(first.status)
                .map_err(|_| StoreError::Inconsistent("a kept status is no status".into()))?,
            headers: serde_json::from_str(&first.headers).map_err(StoreError::from)?,
            body: first.body,
        });
    }
    let before = history::appended_so_far().len();
    let answer = work(conn)?;
    let row = AnswerRow {
        client_id: client.to_owned(),
        key: once.key.clone(),
        fingerprint: once.fingerprint.to_vec(),
        status: i32::from(answer.status),
        headers: serde_json::to_string(&answer.headers).map_err(StoreError::from)?,
        body: answer.body.clone(),
        created_at: now.timestamp_millis(),
        entries: history::appended_so_far()
            .get(before..)
            .unwrap_or_default()
            .join(" "),
    };
    idempotency::keep(conn, &row, since)?;
    Ok(answer)
}

/// As [`once`], where the answer shows something that is kept nowhere, such as a secret: `work` gives that answer and the one that
/// is kept, which a repeated call gets.
///
/// # Errors
/// As [`once`].
pub fn shown_once(
    conn: &mut Conn,
    client: &str,
    key: Option<&Once>,
    now: At,
    work: impl FnOnce(&mut Conn) -> Result<(Answer, Answer), Error>,
) -> Result<Answer, Error> {
    let mut shown = None;
    let kept = once(conn, client, key, now, |conn| {
        let (first, kept) = work(conn)?;
        shown = Some(first);
        Ok(kept)
    })?;
    Ok(shown.unwrap_or(kept))
}
