//! How each witness stands, and which node asks it.

use diesel::prelude::*;

use crate::store::schema::log_witnesses;
use crate::store::update::update;
use crate::store::{Conn, StoreError};

/// How a witness stands. Times are in Unix milliseconds by our clock; `problem` is a code, `problem_text` its words.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = log_witnesses, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct WitnessRow {
    pub vkey: String,
    pub size: i64,
    pub signed_at: Option<i64>,
    pub failures: i32,
    pub problem: Option<String>,
    pub problem_text: Option<String>,
    pub problem_at: Option<i64>,
    pub next_at: i64,
    pub claimed_until: i64,
}

impl WitnessRow {
    /// Of a witness that was never asked.
    #[must_use]
    pub fn new(vkey: &str) -> Self {
        Self {
            vkey: vkey.to_owned(),
            size: 0,
            signed_at: None,
            failures: 0,
            problem: None,
            problem_text: None,
            problem_at: None,
            next_at: 0,
            claimed_until: 0,
        }
    }
}

/// How a witness stands; nothing when it was never asked.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn find(conn: &mut Conn, vkey: &str) -> Result<Option<WitnessRow>, StoreError> {
    Ok(log_witnesses::table
        .find(vkey)
        .select(WitnessRow::as_select())
        .first(conn)
        .optional()?)
}

/// How each stands that was ever asked.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn all(conn: &mut Conn) -> Result<Vec<WitnessRow>, StoreError> {
    Ok(log_witnesses::table
        .order(log_witnesses::vkey)
        .select(WitnessRow::as_select())
        .load(conn)?)
}

/// Takes it upon this node to ask a witness, until an instant; false when another node was faster since `was` was read.
///
/// # Errors
/// [`StoreError::Exists`] when another node asks it just now for the first time, and whatever the database says.
pub fn claim(
    conn: &mut Conn,
    was: Option<&WitnessRow>,
    vkey: &str,
    until: i64,
) -> Result<bool, StoreError> {
    let Some(was) = was else {
        let row = WitnessRow {
            claimed_until: until,
            ..WitnessRow::new(vkey)
        };
        diesel::insert_into(log_witnesses::table)
            .values(&row)
            .execute(conn)?;
        return Ok(true);
    };
    let free = log_witnesses::table
        .find(vkey)
        .filter(log_witnesses::claimed_until.eq(was.claimed_until))
        .filter(log_witnesses::size.eq(was.size));
    Ok(update(free, (log_witnesses::claimed_until.eq(until),)).execute(conn)? == 1)
}

/// Writes down how a witness stands and ends the claim that lasts until `claimed_until`; false when it had lapsed and another
/// node took it: then nothing is changed.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn settle(conn: &mut Conn, row: &WitnessRow, claimed_until: i64) -> Result<bool, StoreError> {
    let own = log_witnesses::table
        .find(&row.vkey)
        .filter(log_witnesses::claimed_until.eq(claimed_until));
    let stands = (
        log_witnesses::size.eq(row.size),
        log_witnesses::signed_at.eq(row.signed_at),
        log_witnesses::failures.eq(row.failures),
        log_witnesses::problem.eq(&row.problem),
        log_witnesses::problem_text.eq(&row.problem_text),
        log_witnesses::problem_at.eq(row.problem_at),
        log_witnesses::next_at.eq(row.next_at),
        log_witnesses::claimed_until.eq(0),
    );
    Ok(update(own, stands).execute(conn)? == 1)
}

/// Forgets how they stand: with a log that does not go on.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn forget_all(conn: &mut Conn) -> Result<(), StoreError> {
    diesel::delete(log_witnesses::table).execute(conn)?;
    Ok(())
}
