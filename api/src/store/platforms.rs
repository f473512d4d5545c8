//! Rows of platforms and of the hosts that lead to them.

use diesel::prelude::*;

use super::schema::{platform_hosts, platforms};
use super::{Conn, StoreError, registry};

/// A platform as stored. `languages` and `contacts` are JSON arrays of text.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = platforms, treat_none_as_default_value = false, treat_none_as_null = true)]
#[allow(missing_docs)]
pub struct PlatformRow {
    pub id: String,
    pub name: String,
    pub country: String,
    pub standing: String,
    pub suspended: bool,
    pub suspension_reason: Option<String>,
    pub languages: String,
    pub time_zone: String,
    pub contacts: String,
    pub size_class: String,
    pub version: i32,
    pub created_at: i64,
    pub updated_at: i64,
    /// How it wants its mails, as JSON; each at once without.
    pub notification: Option<String>,
}

/// A host registered for a platform: it stands for itself and every name below it.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = platform_hosts)]
#[allow(missing_docs)]
pub struct HostRow {
    pub host: String,
    pub platform_id: String,
}

/// The platform with this identifier.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn find(conn: &mut Conn, id: &str) -> Result<Option<PlatformRow>, StoreError> {
    Ok(platforms::table
        .find(id)
        .select(PlatformRow::as_select())
        .first(conn)
        .optional()?)
}

/// Platforms in the order of their identifiers, after `after`.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn page(
    conn: &mut Conn,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<PlatformRow>, StoreError> {
    Ok(platforms::table
        .filter(platforms::id.gt(after.unwrap_or_default().to_owned()))
        .order(platforms::id)
        .limit(limit)
        .select(PlatformRow::as_select())
        .load(conn)?)
}

/// The hosts of these platforms, sorted.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn hosts(conn: &mut Conn, ids: &[String]) -> Result<Vec<HostRow>, StoreError> {
    Ok(platform_hosts::table
        .filter(platform_hosts::platform_id.eq_any(ids))
        .order((platform_hosts::platform_id, platform_hosts::host))
        .select(HostRow::as_select())
        .load(conn)?)
}

/// Which of these hosts are registered, and by whom.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn registered(conn: &mut Conn, candidates: &[String]) -> Result<Vec<HostRow>, StoreError> {
    // SQLite refuses statements with more than 32,766 parameters; a filing of 1,000 links may name as many hosts.
    let mut found = Vec::new();
    for some in candidates.chunks(1_000) {
        found.extend(
            platform_hosts::table
                .filter(platform_hosts::host.eq_any(some))
                .select(HostRow::as_select())
                .load(conn)?,
        );
    }
    Ok(found)
}

/// Stores a new platform together with its hosts and its feed.
///
/// # Errors
/// [`StoreError::Exists`] with [`super::Constraint::PlatformHost`] when a host belongs to another platform.
pub fn insert(conn: &mut Conn, row: &PlatformRow, hosts: &[String]) -> Result<(), StoreError> {
    diesel::insert_into(platforms::table)
        .values(row)
        .execute(conn)?;
    super::feed::open(conn, &row.id)?;
    replace_hosts(conn, &row.id, hosts)?;
    registry::touch(conn)
}

/// Replaces the row whose version is one less than `row.version`, and its hosts when they are given.
///
/// # Errors
/// [`StoreError::Stale`] when somebody else changed it in between; [`StoreError::Exists`] as [`insert`].
pub fn update(
    conn: &mut Conn,
    row: &PlatformRow,
    hosts: Option<&[String]>,
) -> Result<(), StoreError> {
    let changed = diesel::update(
        platforms::table.filter(
            platforms::id
                .eq(&row.id)
                .and(platforms::version.eq(row.version - 1)),
        ),
    )
    .set(row)
    .execute(conn)?;
    if changed != 1 {
        return Err(StoreError::Stale);
    }
    if let Some(hosts) = hosts {
        replace_hosts(conn, &row.id, hosts)?;
    }
    registry::touch(conn)
}

fn replace_hosts(conn: &mut Conn, id: &str, hosts: &[String]) -> Result<(), StoreError> {
    diesel::delete(platform_hosts::table.filter(platform_hosts::platform_id.eq(id)))
        .execute(conn)?;
    for host in hosts {
        diesel::insert_into(platform_hosts::table)
            .values((
                platform_hosts::host.eq(host),
                platform_hosts::platform_id.eq(id),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// Notes that a platform which had only been sighted was written to; false when that was noted before.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn contacted(conn: &mut Conn, id: &str, now: i64) -> Result<bool, StoreError> {
    let sighted = platforms::id.eq(id).and(platforms::standing.eq("sighted"));
    let changed = diesel::update(platforms::table.filter(sighted))
        .set((
            platforms::standing.eq("contacted"),
            platforms::version.eq(platforms::version + 1),
            platforms::updated_at.eq(now),
        ))
        .execute(conn)?;
    if changed == 1 {
        registry::touch(conn)?;
    }
    Ok(changed == 1)
}
