//! Texts that a party keeps for use in many requests. Every query is bound to the party.

use diesel::prelude::*;

use super::schema::saved_texts;
use super::{Conn, StoreError};

/// A saved text as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = saved_texts)]
#[allow(missing_docs)]
pub struct SavedTextRow {
    pub id: String,
    pub party_id: String,
    pub name: String,
    pub text: String,
    pub language: String,
    pub version: i32,
    pub created_at: i64,
    pub updated_at: i64,
}

/// The party's text with this identifier.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn find(conn: &mut Conn, party: &str, id: &str) -> Result<Option<SavedTextRow>, StoreError> {
    Ok(saved_texts::table
        .filter(saved_texts::id.eq(id).and(saved_texts::party_id.eq(party)))
        .select(SavedTextRow::as_select())
        .first(conn)
        .optional()?)
}

/// The party's texts after `after`, in the order in which they were first saved; of one name only, if it is given.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn page(
    conn: &mut Conn,
    party: &str,
    name: Option<&str>,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<SavedTextRow>, StoreError> {
    let mut query = saved_texts::table
        .filter(
            saved_texts::party_id
                .eq(party.to_owned())
                .and(saved_texts::id.gt(after.unwrap_or_default().to_owned())),
        )
        .into_boxed();
    if let Some(name) = name {
        query = query.filter(saved_texts::name.eq(name.to_owned()));
    }
    Ok(query
        .order(saved_texts::id)
        .limit(limit)
        .select(SavedTextRow::as_select())
        .load(conn)?)
}

/// How many texts the party has.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn count(conn: &mut Conn, party: &str) -> Result<i64, StoreError> {
    Ok(saved_texts::table
        .filter(saved_texts::party_id.eq(party))
        .count()
        .get_result(conn)?)
}

/// Stores a new text.
///
/// # Errors
/// [`StoreError::Exists`] with [`super::Constraint::SavedTextName`] when the party has one of this name.
pub fn insert(conn: &mut Conn, row: &SavedTextRow) -> Result<(), StoreError> {
    diesel::insert_into(saved_texts::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// Replaces the row whose version is one less than `row.version`.
///
/// # Errors
/// [`StoreError::Stale`] when somebody else changed it in between; [`StoreError::Exists`] as [`insert`].
pub fn update(conn: &mut Conn, row: &SavedTextRow) -> Result<(), StoreError> {
    let before = saved_texts::version.eq(row.version - 1);
    let own = saved_texts::id
        .eq(&row.id)
        .and(saved_texts::party_id.eq(&row.party_id));
    let changed = diesel::update(saved_texts::table.filter(own.and(before)))
        .set(row)
        .execute(conn)?;
    if changed == 1 {
        Ok(())
    } else {
        Err(StoreError::Stale)
    }
}

/// Removes the party's text in this version.
///
/// # Errors
/// [`StoreError::Stale`] when somebody else changed it in between.
pub fn remove(conn: &mut Conn, party: &str, id: &str, version: i32) -> Result<(), StoreError> {
    let own = saved_texts::id
        .eq(id)
        .and(saved_texts::party_id.eq(party))
        .and(saved_texts::version.eq(version));
    match diesel::delete(saved_texts::table.filter(own)).execute(conn)? {
        1 => Ok(()),
        _ => Err(StoreError::Stale),
    }
}
