//! What must still be told to somebody, and the exact mails that were sent.

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::conn::directly;
use super::schema::{mails, outbox};
use super::wishes::DIGEST;
use super::{Conn, StoreError};

/// A notification. `request_id` names what it is about: a request, a notice
/// before a first order, or an operation. `facts` is JSON without locators, reasons or messages; the address is looked up when it is sent.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = outbox, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct OutboxRow {
    pub id: String,
    pub request_id: String,
    pub party_id: String,
    pub side: String,
    pub event: String,
    pub facts: String,
    pub status: String,
    pub attempts: i32,
    pub next_at: i64,
    pub lease: Option<String>,
    pub lease_until: i64,
    pub last_error: Option<String>,
    pub created_at: i64,
    pub settled_at: Option<i64>,
    /// Whether it waits until somebody's suspension ends, and not for the mail server.
    pub withheld: bool,
}

/// `pending`: to be sent, or being sent.
pub const PENDING: &str = "pending";
/// `sent`: handed to the mail server.
pub const SENT: &str = "sent";
/// `failed`: given up; shown to the operator and to the agency.
pub const FAILED: &str = "failed";
/// `dropped`: never sent because it was no longer true, such as a new request that is already withdrawn.
pub const DROPPED: &str = "dropped";

/// `status = 'pending'` in the words of the partial index: neither database uses that for a bound value.
fn is_pending() -> SqlLiteral<Bool> {
    sql("outbox.status = 'pending'")
}

/// As [`is_pending`], for what was given up.
fn is_failed() -> SqlLiteral<Bool> {
    sql("outbox.status = 'failed'")
}

/// Stores a notification.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn insert(conn: &mut Conn, row: &OutboxRow) -> Result<(), StoreError> {
    directly!(conn, conn => diesel::insert_into(outbox::table)
        .values(row)
        .execute(conn))?;
    Ok(())
}

/// Takes up to `limit` due notifications for the holder of `lease` until `until`.
///
/// Two nodes that look at the same time choose the same rows; the conditional update lets one of them have each. Rows
/// whose holder died are free again when their lease ends.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn lease(
    conn: &mut Conn,
    lease: &str,
    now: i64,
    until: i64,
    limit: i64,
) -> Result<Vec<OutboxRow>, StoreError> {
    let due: Vec<String> = outbox::table
        .filter(
            is_pending()
                .and(outbox::next_at.le(now))
                .and(outbox::lease_until.le(now)),
        )
        .order(outbox::next_at)
        .limit(limit)
        .select(outbox::id)
        .load(conn)?;
    if due.is_empty() {
        return Ok(Vec::new());
    }
    diesel::update(
        outbox::table.filter(
            outbox::id
                .eq_any(&due)
                .and(is_pending())
                .and(outbox::lease_until.le(now)),
        ),
    )
    .set((outbox::lease.eq(lease), outbox::lease_until.eq(until)))
    .execute(conn)?;
    Ok(outbox::table
        .filter(outbox::id.eq_any(&due).and(outbox::lease.eq(lease)))
        .order(outbox::id)
        .select(OutboxRow::as_select())
        .load(conn)?)
}

/// Holds what is still held under `lease` of these until `until`, and tells how many that are.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn renew(
    conn: &mut Conn,
    ids: &[String],
    lease: &str,
    until: i64,
) -> Result<usize, StoreError> {
    let ours = outbox::id.eq_any(ids).and(outbox::lease.eq(lease));
    Ok(diesel::update(outbox::table.filter(ours))
        .set(outbox::lease_until.eq(until))
        .execute(conn)?)
}

/// Whether [`lease`] would find anything: a look that writes nothing.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn is_due(conn: &mut Conn, now: i64) -> Result<bool, StoreError> {
    let due: Option<String> = outbox::table
        .filter(
            is_pending()
                .and(outbox::next_at.le(now))
                .and(outbox::lease_until.le(now)),
        )
        .order(outbox::next_at)
        .limit(1)
        .select(outbox::id)
        .first(conn)
        .optional()?;
    Ok(due.is_some())
}

/// Whether a notification of this event of a request has this status.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn any_with(
    conn: &mut Conn,
    request: &str,
    event: &str,
    status: &str,
) -> Result<bool, StoreError> {
    let found: Option<String> = outbox::table
        .filter(
            outbox::request_id
                .eq(request)
                .and(outbox::event.eq(event))
                .and(outbox::status.eq(status)),
        )
        .limit(1)
        .select(outbox::id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// How an attempt ended.
#[derive(Debug, Clone)]
pub enum Settlement {
    /// Sent; with what is worth knowing of it, such as that only the second address took it.
    Sent(Option<String>),
    /// To be tried again at this instant.
    Retry(i64, String),
    /// To be looked at again at this instant; no attempt was made.
    Held(i64, String),
    /// Given up.
    Failed(String),
    /// No longer true.
    Dropped(String),
    /// Not begun: whoever comes next may have it.
    Released,
}

impl Settlement {
    /// Where it stands for good, and why.
    #[must_use]
    pub fn ended(&self) -> Option<(&'static str, Option<&str>)> {
        match self {
            Self::Sent(_) => Some((SENT, None)),
            Self::Failed(why) => Some((FAILED, Some(why))),
            Self::Dropped(why) => Some((DROPPED, Some(why))),
            Self::Retry(..) | Self::Held(..) | Self::Released => None,
        }
    }
}

/// Writes down how an attempt ended, if `lease` still holds the row.
///
/// # Errors
/// [`StoreError::Stale`] when another node has taken the row over.
pub fn settle(
    conn: &mut Conn,
    id: &str,
    lease: &str,
    settlement: &Settlement,
    now: i64,
) -> Result<(), StoreError> {
    let ours = outbox::table.filter(outbox::id.eq(id).and(outbox::lease.eq(lease)));
    let free = (outbox::lease.eq(None::<String>), outbox::lease_until.eq(0));
    let (status, attempts, next_at, remark) = match settlement {
        Settlement::Sent(remark) => (SENT, 1, now, remark.as_ref()),
        Settlement::Retry(at, why) => (PENDING, 1, *at, Some(why)),
        Settlement::Held(at, why) => (PENDING, 0, *at, Some(why)),
        Settlement::Failed(why) => (FAILED, 1, now, Some(why)),
        Settlement::Dropped(why) => (DROPPED, 0, now, Some(why)),
        Settlement::Released => {
            diesel::update(ours).set(free).execute(conn)?;
            return Ok(());
        }
    };
    let changed = diesel::update(ours)
        .set((
            free,
            outbox::status.eq(status),
            outbox::attempts.eq(outbox::attempts + attempts),
            outbox::next_at.eq(next_at),
            outbox::last_error.eq(remark),
            outbox::settled_at.eq((status != PENDING).then_some(now)),
            outbox::withheld.eq(matches!(settlement, Settlement::Held(..))),
        ))
        .execute(conn)?;
    if changed == 1 {
        Ok(())
    } else {
        Err(StoreError::Stale)
    }
}

/// A mail exactly as it was handed over.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = mails, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct MailRow {
    pub id: String,
    pub outbox_id: String,
    pub recipient: String,
    pub sent_at: i64,
    pub reply: String,
    pub raw: Vec<u8>,
}

/// Keeps a mail that was sent.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn keep_mail(conn: &mut Conn, row: &MailRow) -> Result<(), StoreError> {
    diesel::insert_into(mails::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// A notification, whatever became of it.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn find(conn: &mut Conn, id: &str) -> Result<Option<OutboxRow>, StoreError> {
    Ok(outbox::table
        .find(id)
        .select(OutboxRow::as_select())
        .first(conn)
        .optional()?)
}

/// Lets what was given up be tried again from the beginning; false when it was not given up, or is again on its way. A mail of several
/// is not: what it told is, each by itself.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn again(conn: &mut Conn, id: &str, now: i64) -> Result<bool, StoreError> {
    let failed = outbox::table
        .filter(outbox::id.eq(id).and(is_failed()))
        .filter(outbox::event.ne(DIGEST));
    let changed = diesel::update(failed)
        .set((
            outbox::status.eq(PENDING),
            outbox::attempts.eq(0),
            outbox::next_at.eq(now),
            outbox::settled_at.eq(None::<i64>),
            outbox::digest_id.eq(None::<String>),
            outbox::withheld.eq(false),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// Which deliveries to list.
#[derive(Debug, Clone, Default)]
pub struct Deliveries {
    /// Only those with this status; without one, those that did not arrive.
    pub status: Option<String>,
    /// Only those about requests and notices of this agency, and about operations that it leads.
    pub agency: Option<String>,
    /// Only those about this request.
    pub request: Option<String>,
    /// Only those older than this identifier.
    pub before: Option<String>,
}

/// Deliveries, newest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn deliveries(
    conn: &mut Conn,
    which: &Deliveries,
    limit: i64,
) -> Result<Vec<OutboxRow>, StoreError> {
    use super::schema::{operations, prior_notices, requests};
    let mut query = outbox::table
        .order(outbox::id.desc())
        .limit(limit)
        .select(OutboxRow::as_select())
        .into_boxed();
    query = match which.status.as_deref() {
        None => query.filter(is_pending().or(is_failed())),
        Some(PENDING) => query.filter(is_pending()),
        Some(FAILED) => query.filter(is_failed()),
        Some(status) => query.filter(outbox::status.eq(status.to_owned())),
    };
    if let Some(request) = &which.request {
        query = query.filter(outbox::request_id.eq(request.clone()));
    }
    if let Some(before) = &which.before {
        query = query.filter(outbox::id.lt(before.clone()));
    }
    if let Some(agency) = &which.agency {
        let filed = requests::table.filter(requests::agency_id.eq(agency.clone()));
        let given = prior_notices::table.filter(prior_notices::agency_id.eq(agency.clone()));
        let led = operations::table.filter(operations::agency_id.eq(agency.clone()));
        query = query.filter(
            outbox::request_id
                .eq_any(filed.select(requests::id))
                .or(outbox::request_id.eq_any(given.select(prior_notices::id)))
                .or(outbox::request_id.eq_any(led.select(operations::id))),
        );
    }
    Ok(query.load(conn)?)
}

/// The references of these requests.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn references(conn: &mut Conn, ids: &[String]) -> Result<Vec<(String, String)>, StoreError> {
    use super::schema::requests;
    Ok(requests::table
        .filter(requests::id.eq_any(ids))
        .select((requests::id, requests::reference))
        .load(conn)?)
}

/// What waits and what was given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backlog {
    /// How many wait.
    pub pending: i64,
    /// How many were given up.
    pub failed: i64,
    /// When the oldest that waits was queued, without what is withheld while somebody is suspended.
    pub oldest: Option<i64>,
}

/// Counts what waits and what was given up.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn backlog(conn: &mut Conn) -> Result<Backlog, StoreError> {
    let with = |status: &'static str| outbox::table.filter(outbox::status.eq(status));
    Ok(Backlog {
        pending: with(PENDING).count().get_result(conn)?,
        failed: with(FAILED).count().get_result(conn)?,
        oldest: with(PENDING)
            .filter(outbox::withheld.eq(false))
            .select(diesel::dsl::min(outbox::created_at))
            .get_result(conn)?,
    })
}
