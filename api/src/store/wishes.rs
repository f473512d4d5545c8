//! Notifications that are gathered into one mail, and links by which such mails are ended.

use diesel::prelude::*;

use super::outbox::{OutboxRow, PENDING, SENT};
use super::schema::{outbox, unsubscribe_links};
use super::{Conn, StoreError};

/// `gathered`: told with others in one mail that has not left yet.
pub const GATHERED: &str = "gathered";
/// The event of that mail.
pub const DIGEST: &str = "digest";

/// The mail of a platform that gathers and has not left yet, held for this transaction: `Some(false)` when somebody is sending it.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn open_digest(conn: &mut Conn, platform: &str) -> Result<Option<(String, bool)>, StoreError> {
    let open = outbox::table
        .filter(outbox::party_id.eq(platform))
        .filter(outbox::event.eq(DIGEST))
        .filter(outbox::status.eq(PENDING))
        .select(outbox::id)
        .first::<String>(conn)
        .optional()?;
    let Some(id) = open else {
        return Ok(None);
    };
    // Whoever takes it waits for us, or we for him.
    let free = outbox::table
        .filter(outbox::id.eq(&id))
        .filter(outbox::status.eq(PENDING))
        .filter(outbox::lease.is_null());
    let held = diesel::update(free)
        .set(outbox::lease_until.eq(0))
        .execute(conn)?;
    Ok(Some((id, held == 1)))
}

/// Gathers what `lease` holds into this mail.
///
/// # Errors
/// [`StoreError::Stale`] when another node has taken it over.
pub fn gather(conn: &mut Conn, id: &str, lease: &str, digest: &str) -> Result<(), StoreError> {
    let ours = outbox::table.filter(outbox::id.eq(id).and(outbox::lease.eq(lease)));
    let changed = diesel::update(ours)
        .set((
            outbox::lease.eq(None::<String>),
            outbox::lease_until.eq(0),
            outbox::status.eq(GATHERED),
            outbox::digest_id.eq(Some(digest)),
            outbox::last_error.eq(None::<String>),
        ))
        .execute(conn)?;
    if changed == 1 {
        Ok(())
    } else {
        Err(StoreError::Stale)
    }
}

/// So many are told in one mail.
const MOST_GATHERED: i64 = 500;

/// What a mail gathers, oldest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn gathered(conn: &mut Conn, digest: &str) -> Result<Vec<OutboxRow>, StoreError> {
    Ok(outbox::table
        .filter(outbox::digest_id.eq(digest))
        .filter(outbox::status.eq(GATHERED))
        .order(outbox::id)
        .limit(MOST_GATHERED)
        .select(OutboxRow::as_select())
        .load(conn)?)
}

/// What a mail that was sent has told, and nothing else has told since.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn told(conn: &mut Conn, digest: &str) -> Result<Vec<OutboxRow>, StoreError> {
    Ok(outbox::table
        .filter(outbox::digest_id.eq(digest))
        .filter(outbox::status.eq(SENT))
        .order(outbox::id)
        .select(OutboxRow::as_select())
        .load(conn)?)
}

/// Says of what a mail gathered that it ended as the mail did. Whatever came too late for it waits for the next one.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn settle_gathered(
    conn: &mut Conn,
    digest: &str,
    told: &[String],
    (status, why): (&str, Option<&str>),
    now: i64,
) -> Result<(), StoreError> {
    let its = || {
        outbox::table
            .filter(outbox::digest_id.eq(digest))
            .filter(outbox::status.eq(GATHERED))
    };
    for some in told.chunks(1_000) {
        diesel::update(its().filter(outbox::id.eq_any(some)))
            .set((
                outbox::status.eq(status),
                outbox::last_error.eq(why),
                outbox::settled_at.eq(Some(now)),
            ))
            .execute(conn)?;
    }
    diesel::update(its())
        .set((
            outbox::status.eq(PENDING),
            outbox::digest_id.eq(None::<String>),
            outbox::next_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// A link by which mails are ended; of its secret only the SHA-256.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = unsubscribe_links)]
#[allow(missing_docs)]
pub struct UnsubscribeRow {
    pub digest: Vec<u8>,
    pub platform_id: String,
    pub expires_at: i64,
}

/// Stores a link.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn insert_link(conn: &mut Conn, row: &UnsubscribeRow) -> Result<(), StoreError> {
    diesel::insert_into(unsubscribe_links::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// The link with this digest that still holds.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn link(
    conn: &mut Conn,
    digest: &[u8],
    now: i64,
) -> Result<Option<UnsubscribeRow>, StoreError> {
    Ok(unsubscribe_links::table
        .find(digest)
        .filter(unsubscribe_links::expires_at.gt(now))
        .select(UnsubscribeRow::as_select())
        .first(conn)
        .optional()?)
}

/// Forgets links whose time is over.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn forget_links(conn: &mut Conn, now: i64) -> Result<usize, StoreError> {
    let over = unsubscribe_links::table.filter(unsubscribe_links::expires_at.le(now));
    Ok(diesel::delete(over).execute(conn)?)
}
