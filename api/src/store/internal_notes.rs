//! What one side of a request wrote for itself.

use diesel::prelude::*;

use super::schema::internal_notes;
use super::{Conn, StoreError};

/// A note as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = internal_notes)]
#[allow(missing_docs)]
pub struct InternalNoteRow {
    pub id: String,
    pub request_id: String,
    pub party_id: String,
    pub client_id: String,
    pub text: String,
    pub language: String,
    pub at: i64,
}

/// Stores a note.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn insert(conn: &mut Conn, row: &InternalNoteRow) -> Result<(), StoreError> {
    diesel::insert_into(internal_notes::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// A party's own notes on a request after `after`, oldest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn of_party(
    conn: &mut Conn,
    request: &str,
    party: &str,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<InternalNoteRow>, StoreError> {
    Ok(internal_notes::table
        .filter(
            internal_notes::request_id
                .eq(request)
                .and(internal_notes::party_id.eq(party))
                .and(internal_notes::id.gt(after.unwrap_or_default().to_owned())),
        )
        .order(internal_notes::id)
        .limit(limit)
        .select(InternalNoteRow::as_select())
        .load(conn)?)
}
