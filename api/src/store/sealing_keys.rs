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

/// Lets another key write where this one does; false where another one does.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn replace(conn: &mut Conn, from: &str, to: &str, now: i64) -> Result<bool, StoreError> {
    let writes = sealing_keys::table
        .filter(sealing_keys::purpose.eq(SECRETS))
        .filter(sealing_keys::name.eq(from));
    let changed = diesel::update(writes)
        .set((sealing_keys::name.eq(to), sealing_keys::created_at.eq(now)))
        .execute(conn)?;
    Ok(changed == 1)
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
