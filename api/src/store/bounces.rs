//! Mails that came back.

use diesel::prelude::*;

use super::outbox::{FAILED, PENDING, SENT};
use super::schema::{bounces, mails, outbox};
use super::{Conn, StoreError};

/// A mail that came back.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = bounces)]
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

/// The mails that a notification was sent in: which, and to whom, the newest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn sent(conn: &mut Conn, outbox: &str) -> Result<Vec<(String, String)>, StoreError> {
    Ok(mails::table
        .filter(mails::outbox_id.eq(outbox))
        .order((mails::sent_at.desc(), mails::id.desc()))
        .select((mails::id, mails::recipient))
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
    let known: Option<String> = bounces::table
        .find(&row.mail_id)
        .select(bounces::mail_id)
        .first(conn)
        .optional()?;
    if known.is_some() {
        return Ok(false);
    }
    diesel::insert_into(bounces::table)
        .values(row)
        .execute(conn)?;
    Ok(true)
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

/// Says of a notification that its mail came back: it is sent once more, or given up. False when it is not where it was sent.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn returned(
    conn: &mut Conn,
    outbox: &str,
    (again, why): (bool, &str),
    now: i64,
) -> Result<bool, StoreError> {
    let sent = outbox::table.filter(outbox::id.eq(outbox).and(outbox::status.eq(SENT)));
    let changed = diesel::update(sent)
        .set((
            outbox::status.eq(if again { PENDING } else { FAILED }),
            outbox::attempts.eq(0),
            outbox::next_at.eq(now),
            outbox::last_error.eq(Some(why)),
            outbox::settled_at.eq((!again).then_some(now)),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// Lets what a mail of several told be told anew, each by itself.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn scatter(conn: &mut Conn, digest: &str, now: i64) -> Result<(), StoreError> {
    let its = outbox::table
        .filter(outbox::digest_id.eq(digest))
        .filter(outbox::status.eq(SENT));
    diesel::update(its)
        .set((
            outbox::status.eq(PENDING),
            outbox::digest_id.eq(None::<String>),
            outbox::next_at.eq(now),
            outbox::settled_at.eq(None::<i64>),
        ))
        .execute(conn)?;
    Ok(())
}
