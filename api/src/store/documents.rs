//! Documents, in pieces: neither storing nor downloading one takes more memory than a few of them.

use diesel::prelude::*;

use super::schema::documents;
use super::{Conn, StoreError};

/// Bytes of a piece; the last one may have fewer.
const PIECE: usize = 128 << 10;

/// Stores the document of a message.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn insert(conn: &mut Conn, message: &str, bytes: &[u8]) -> Result<(), StoreError> {
    for (position, piece) in (0_i32..).zip(bytes.chunks(PIECE)) {
        diesel::insert_into(documents::table)
            .values((
                documents::message_id.eq(message),
                documents::position.eq(position),
                documents::content.eq(piece),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// A piece of the document of a message, counted from 0; none after the last.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn piece(conn: &mut Conn, message: &str, position: i32) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(documents::table
        .find((message, position))
        .select(documents::content)
        .first(conn)
        .optional()?)
}
