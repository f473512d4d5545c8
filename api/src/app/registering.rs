//! What the use cases of agencies, platforms and clients have in common.

use takedown_core::history::{Author, Data, EntryDraft, Subject};
use takedown_core::time::At;

use super::log::append;
use super::{Error, FieldError};
use crate::store::{Conn, Constraint, StoreError};

/// A page of a list that is ordered by identifier.
#[derive(Debug)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Whether more follow.
    pub more: bool,
}

impl<T> Page<T> {
    /// From one row more than was asked for, which tells without counting whether more follow.
    pub(super) fn cut(mut rows: Vec<T>, limit: usize) -> Self {
        let more = rows.len() > limit;
        rows.truncate(limit);
        Self { items: rows, more }
    }
}

/// One row more than asked for.
pub(super) fn one_more(limit: usize) -> i64 {
    i64::try_from(limit).map_or(i64::MAX, |limit| limit.saturating_add(1))
}

/// Writes into the history, in the transaction of the change itself.
pub(super) fn record(
    conn: &mut Conn,
    author: Author,
    subject: Subject,
    at: At,
    data: Data,
) -> Result<(), Error> {
    append(
        conn,
        &EntryDraft {
            subject,
            by: author,
            at,
            data,
        },
    )?;
    Ok(())
}

/// One refused value.
pub(super) fn invalid(pointer: &str, detail: impl Into<String>) -> Error {
    Error::Invalid(vec![FieldError::new(pointer, detail)])
}

/// A host that somebody else registered in the moment between looking and writing.
pub(super) fn host_race(error: Error) -> Error {
    match error {
        Error::Store(StoreError::Exists(Constraint::PlatformHost)) => Error::Conflict(
            "One of the hosts was registered for another platform just now; nothing was changed."
                .into(),
        ),
        other => other,
    }
}

/// Puts a value in its place and notes the member's name if that changed anything.
pub(super) fn put<T: PartialEq>(
    members: &mut Vec<String>,
    name: &str,
    place: &mut T,
    given: Option<T>,
) {
    if let Some(value) = given
        && *place != value
    {
        *place = value;
        members.push(name.to_owned());
    }
}
