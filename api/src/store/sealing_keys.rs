//! The name of the key that seals secrets, so that nodes which share a database find out whether they have the same one.

use diesel::prelude::*;

use super::schema::sealing_keys;
use super::{Conn, StoreError};

/// What the one key there is so far is for.
const SECRETS: &str = "secrets";

/// The name of the key that this database's secrets are sealed with; none before the first node came.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn known(conn: &mut Conn) -> Result<Option<String>, StoreError> {
    Ok(sealing_keys::table
        .find(SECRETS)
        .select(sealing_keys::name)
        .first(conn)
        .optional()?)
}

/// Notes the name.
///
/// # Errors
/// [`StoreError::Exists`] when another node noted one just now.
pub fn note(conn: &mut Conn, name: &str, now: i64) -> Result<(), StoreError> {
    diesel::insert_into(sealing_keys::table)
        .values((
            sealing_keys::purpose.eq(SECRETS),
            sealing_keys::name.eq(name),
            sealing_keys::created_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}
