//! What the two sides wrote to each other.

use diesel::prelude::*;

use super::schema::messages;
use super::{Conn, StoreError};

/// A message as stored. `items` is a JSON array of item identifiers.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = messages, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct MessageRow {
    pub id: String,
    pub request_id: String,
    pub side: String,
    pub kind: String,
    pub text: String,
    pub language: String,
    pub obstacle: Option<String>,
    pub items: String,
    pub at: i64,
    pub in_reply_to: Option<String>,
    pub document_name: Option<String>,
    pub document_bytes: Option<i64>,
    pub document_digest: Option<String>,
}

/// Stores a message.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn insert(conn: &mut Conn, row: &MessageRow) -> Result<(), StoreError> {
    diesel::insert_into(messages::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// The kinds of message that pass between the uploader and the platform.
const WITH_THE_UPLOADER: [&str; 2] = ["objection", "objection_answer"];

/// The messages of a request after `after`, oldest first; with those of the uploader where the caller may read them.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn of_request(
    conn: &mut Conn,
    request: &str,
    uploaders: bool,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<MessageRow>, StoreError> {
    let mut query = messages::table
        .filter(
            messages::request_id
                .eq(request)
                .and(messages::id.gt(after.unwrap_or_default().to_owned())),
        )
        .into_boxed();
    if !uploaders {
        query = query.filter(messages::kind.ne_all(WITH_THE_UPLOADER));
    }
    Ok(query
        .order(messages::id)
        .limit(limit)
        .select(MessageRow::as_select())
        .load(conn)?)
}

/// One message between the two sides of a request.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn find(conn: &mut Conn, request: &str, id: &str) -> Result<Option<MessageRow>, StoreError> {
    Ok(messages::table
        .filter(messages::id.eq(id).and(messages::request_id.eq(request)))
        .filter(messages::kind.ne_all(WITH_THE_UPLOADER))
        .select(MessageRow::as_select())
        .first(conn)
        .optional()?)
}

/// The newest obstacles that were reported, oldest first: which, when, in which words.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn obstacles(
    conn: &mut Conn,
    request: &str,
    limit: i64,
) -> Result<Vec<(String, i64, String)>, StoreError> {
    let mut found: Vec<(Option<String>, i64, String)> = messages::table
        .filter(messages::request_id.eq(request))
        .filter(messages::kind.eq("obstacle"))
        .order(messages::id.desc())
        .limit(limit)
        .select((messages::obstacle, messages::at, messages::text))
        .load(conn)?;
    found.reverse();
    let named = found.into_iter();
    Ok(named
        .filter_map(|(obstacle, at, text)| Some((obstacle?, at, text)))
        .collect())
}
