//! Rows of API clients, and the client assertions that were used.

use diesel::prelude::*;

use super::schema::{client_assertions, clients};
use super::{Conn, StoreError, registry};

/// An API client as stored. `secrets` is a JSON array of digests with their end, `jwks` the client's public keys.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = clients, treat_none_as_default_value = false, treat_none_as_null = true)]
#[allow(missing_docs)]
pub struct ClientRow {
    pub id: String,
    pub name: String,
    pub role: String,
    pub agency_id: Option<String>,
    pub platform_id: Option<String>,
    pub scopes: String,
    pub secrets: String,
    pub jwks: Option<String>,
    pub suspended: bool,
    pub suspension_reason: Option<String>,
    pub tokens_not_before: i64,
    pub created_at: i64,
    pub updated_at: i64,
}

/// The client with this identifier.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn find(conn: &mut Conn, id: &str) -> Result<Option<ClientRow>, StoreError> {
    Ok(clients::table
        .find(id)
        .select(ClientRow::as_select())
        .first(conn)
        .optional()?)
}

/// Clients in the order of their identifiers, after `after`.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn page(
    conn: &mut Conn,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<ClientRow>, StoreError> {
    Ok(clients::table
        .filter(clients::id.gt(after.unwrap_or_default().to_owned()))
        .order(clients::id)
        .limit(limit)
        .select(ClientRow::as_select())
        .load(conn)?)
}

/// Stores a new client.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn insert(conn: &mut Conn, row: &ClientRow) -> Result<(), StoreError> {
    diesel::insert_into(clients::table)
        .values(row)
        .execute(conn)?;
    registry::touch(conn)
}

/// Replaces the row that was read with `read.updated_at`.
///
/// # Errors
/// [`StoreError::Stale`] when somebody else changed it in between.
pub fn update(conn: &mut Conn, read: &ClientRow, row: &ClientRow) -> Result<(), StoreError> {
    let changed = diesel::update(
        clients::table.filter(
            clients::id
                .eq(&row.id)
                .and(clients::updated_at.eq(read.updated_at))
                .and(clients::secrets.eq(&read.secrets))
                .and(clients::suspended.eq(read.suspended)),
        ),
    )
    .set(row)
    .execute(conn)?;
    if changed != 1 {
        return Err(StoreError::Stale);
    }
    registry::touch(conn)
}

/// Ends the tokens in circulation of every client that acts in this role for this party.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn end_tokens(conn: &mut Conn, role: &str, party: &str, now: i64) -> Result<(), StoreError> {
    diesel::update(
        clients::table.filter(
            clients::role.eq(role).and(
                clients::agency_id
                    .eq(party)
                    .or(clients::platform_id.eq(party)),
            ),
        ),
    )
    .set((
        clients::tokens_not_before.eq(now),
        clients::updated_at.eq(now),
    ))
    .execute(conn)?;
    registry::touch(conn)
}

/// Remembers that an assertion was used.
///
/// # Errors
/// [`StoreError::Exists`] with [`super::Constraint::ClientAssertion`] when it was used before.
pub fn use_assertion(
    conn: &mut Conn,
    client: &str,
    jti: &str,
    expires_at: i64,
) -> Result<(), StoreError> {
    diesel::insert_into(client_assertions::table)
        .values((
            client_assertions::client_id.eq(client),
            client_assertions::jti.eq(jti),
            client_assertions::expires_at.eq(expires_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// Forgets assertions that expired before `now`; they would be refused for their age.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn forget_assertions(conn: &mut Conn, now: i64) -> Result<usize, StoreError> {
    Ok(
        diesel::delete(client_assertions::table.filter(client_assertions::expires_at.lt(now)))
            .execute(conn)?,
    )
}
