//! Mails that came back.

use diesel::prelude::*;

use super::conn::directly;
use super::outbox::{FAILED, PENDING, SENT};
use super::schema::{bounces, mails, outbox};
use super::wishes::DIGEST;
use super::{Conn, StoreError};

/// A mail that came back.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = bounces, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct BounceRow {
    /// Of the mail that was sent, in `mails`.
    pub mail_id: String,
    pub outbox_id: String,
    pub party_id: String,
    pub address: String,
    /// RFC 3463, such as `5.1.1`.
    pub status: String,
    pub permanent: bool,
    pub bounced_at: i64,
}

/// The mails that a notification was sent in: which, to whom, and when, the newest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn sent(conn: &mut Conn, outbox: &str) -> Result<Vec<(String, String, i64)>, StoreError> {
    Ok(mails::table
        .filter(mails::outbox_id.eq(outbox))
        .order((mails::sent_at.desc(), mails::id.desc()))
        .select((mails::id, mails::recipient, mails::sent_at))
        .load(conn)?)
}

/// To whom mails about a request were sent.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn written_to(conn: &mut Conn, request: &str) -> Result<Vec<String>, StoreError> {
    let about = outbox::table
        .filter(outbox::request_id.eq(request))
        .select(outbox::id);
    Ok(mails::table
        .filter(mails::outbox_id.eq_any(about))
        .select(mails::recipient)
        .load(conn)?)
}

/// Notes that a mail came back; false when that was noted before.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn insert(conn: &mut Conn, row: &BounceRow) -> Result<bool, StoreError> {
    // Two nodes may read the same report.
    let noted = directly!(conn, conn => diesel::insert_into(bounces::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(conn))?;
    Ok(noted == 1)
}

/// What came back of a notification.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn of_outbox(conn: &mut Conn, outbox: &str) -> Result<Vec<BounceRow>, StoreError> {
    Ok(bounces::table
        .filter(bounces::outbox_id.eq(outbox))
        .select(BounceRow::as_select())
        .load(conn)?)
}

/// What came back of the mails of several that a platform was sent, from this instant on.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn of_digests(
    conn: &mut Conn,
    platform: &str,
    since: i64,
) -> Result<Vec<BounceRow>, StoreError> {
    let digests = outbox::table
        .filter(outbox::party_id.eq(platform))
        .filter(outbox::event.eq(DIGEST))
        .select(outbox::id);
    Ok(bounces::table
        .filter(bounces::party_id.eq(platform))
        .filter(bounces::bounced_at.ge(since))
        .filter(bounces::outbox_id.eq_any(digests))
        .select(BounceRow::as_select())
        .load(conn)?)
}

/// The addresses of a party that something came back from.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn addresses(conn: &mut Conn, party: &str) -> Result<Vec<String>, StoreError> {
    Ok(bounces::table
        .filter(bounces::party_id.eq(party))
        .select(bounces::address)
        .distinct()
        .load(conn)?)
}

/// Forgets what came back from these addresses of a party, because somebody named them anew.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn accept(conn: &mut Conn, party: &str, addresses: &[String]) -> Result<(), StoreError> {
    let its = bounces::table
        .filter(bounces::party_id.eq(party))
        .filter(bounces::address.eq_any(addresses));
    diesel::delete(its).execute(conn)?;
    Ok(())
}

/// Says of notifications that the mail which told them came back: each is told once more, or given up. Gives back how many of them
/// were still where they had been sent.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn returned(
    conn: &mut Conn,
    told: &[String],
    (again, why): (bool, &str),
    now: i64,
) -> Result<usize, StoreError> {
    let sent = outbox::table.filter(outbox::id.eq_any(told).and(outbox::status.eq(SENT)));
    Ok(diesel::update(sent)
        .set((
            outbox::status.eq(if again { PENDING } else { FAILED }),
            outbox::attempts.eq(0),
            outbox::next_at.eq(now),
            outbox::last_error.eq(Some(why)),
            outbox::settled_at.eq((!again).then_some(now)),
            outbox::digest_id.eq(None::<String>),
        ))
        .execute(conn)?)
}
