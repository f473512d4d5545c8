//! Files of requests that somebody asked for, in pieces. Whatever a caller asks is bound to his client.

use diesel::prelude::*;

use super::schema::{export_pieces, exports};
use super::update as kept;
use super::{Conn, StoreError};

/// Waits for a node that makes it.
pub const QUEUED: &str = "queued";
/// A node makes it.
pub const RUNNING: &str = "running";
/// It is there.
pub const DONE: &str = "done";
/// It could not be made.
pub const FAILED: &str = "failed";
/// It was there, and its time is over.
pub const EXPIRED: &str = "expired";
/// Whoever asked for it does not want it any more; it exists for nobody.
pub const FORGOTTEN: &str = "forgotten";

/// The file itself.
pub const CONTENT: i32 = 0;
/// What its maker has to remember meanwhile.
pub const NOTES: i32 = 1;

/// A file as stored. `author` and `filter` are JSON.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = exports, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct ExportRow {
    pub id: String,
    pub client_id: String,
    pub author: String,
    pub role: String,
    pub scope: String,
    pub viewer: String,
    pub format: String,
    pub filter: String,
    pub recipient: Option<String>,
    pub state: String,
    pub attempt: i32,
    pub begun: i32,
    pub lease_until: i64,
    pub rows_made: i64,
    pub rows_estimated: Option<i64>,
    pub bytes: i64,
    pub digest: Option<String>,
    pub reason: Option<String>,
    pub created_at: i64,
    pub finished_at: Option<i64>,
    pub expires_at: Option<i64>,
}

/// Notes that a file is wanted.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn insert(conn: &mut Conn, row: &ExportRow) -> Result<(), StoreError> {
    diesel::insert_into(exports::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// A client's file with this identifier.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn find(conn: &mut Conn, client: &str, id: &str) -> Result<Option<ExportRow>, StoreError> {
    Ok(exports::table
        .filter(exports::id.eq(id).and(exports::client_id.eq(client)))
        .filter(exports::state.ne(FORGOTTEN))
        .select(ExportRow::as_select())
        .first(conn)
        .optional()?)
}

/// A client's files of what it may know of, newest first, older than `before`.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn page(
    conn: &mut Conn,
    (client, scope): (&str, &str),
    before: Option<&str>,
    limit: i64,
) -> Result<Vec<ExportRow>, StoreError> {
    let mut query = exports::table
        .filter(exports::client_id.eq(client.to_owned()))
        .filter(exports::scope.eq(scope.to_owned()))
        .filter(exports::state.ne(FORGOTTEN))
        .into_boxed();
    if let Some(before) = before {
        query = query.filter(exports::id.lt(before.to_owned()));
    }
    Ok(query
        .order(exports::id.desc())
        .limit(limit)
        .select(ExportRow::as_select())
        .load(conn)?)
}

/// How many files of a client take room or are going to.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn held(conn: &mut Conn, client: &str) -> Result<i64, StoreError> {
    Ok(exports::table
        .filter(exports::client_id.eq(client))
        .filter(exports::state.eq_any([QUEUED, RUNNING, DONE]))
        .count()
        .get_result(conn)?)
}

/// The oldest file that nobody makes: one that waits, or one whose maker is gone; none of the form `but`.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn next(conn: &mut Conn, now: i64, but: Option<&str>) -> Result<Option<ExportRow>, StoreError> {
    let free = exports::state
        .eq(QUEUED)
        .or(exports::state.eq(RUNNING).and(exports::lease_until.lt(now)));
    Ok(exports::table
        .filter(free)
        .filter(exports::format.ne(but.unwrap_or_default().to_owned()))
        .order(exports::id)
        .select(ExportRow::as_select())
        .first(conn)
        .optional()?)
}

/// Takes it upon this node to make a file; false when another was faster. What was made of it before counts no more.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn claim(
    conn: &mut Conn,
    row: &ExportRow,
    until: i64,
    estimated: Option<i64>,
) -> Result<bool, StoreError> {
    let as_it_was = exports::table.filter(
        exports::id
            .eq(&row.id)
            .and(exports::attempt.eq(row.attempt))
            .and(exports::state.eq(&row.state))
            .and(exports::lease_until.eq(row.lease_until)),
    );
    let ours = (
        exports::state.eq(RUNNING),
        exports::attempt.eq(row.attempt + 1),
        exports::begun.eq(row.begun + 1),
        exports::lease_until.eq(until),
        exports::rows_made.eq(0),
        exports::rows_estimated.eq(estimated),
        exports::bytes.eq(0),
    );
    Ok(kept::update(as_it_was, ours).execute(conn)? == 1)
}

/// How far a file has come, for whoever asks, and until when its maker holds it. False when it is not its maker's any more.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn advance(
    conn: &mut Conn,
    (id, attempt): (&str, i32),
    until: i64,
    (rows, bytes): (i64, i64),
) -> Result<bool, StoreError> {
    let own = exports::table.filter(
        exports::id
            .eq(id)
            .and(exports::attempt.eq(attempt))
            .and(exports::state.eq(RUNNING)),
    );
    let so_far = (
        exports::lease_until.eq(until),
        exports::rows_made.eq(rows),
        exports::bytes.eq(bytes),
    );
    Ok(kept::update(own, so_far).execute(conn)? == 1)
}

/// How making a file ended.
#[derive(Debug, Clone, AsChangeset)]
#[diesel(table_name = exports, treat_none_as_null = true)]
#[allow(missing_docs)]
pub struct Ended {
    pub state: String,
    pub rows_made: i64,
    pub bytes: i64,
    pub digest: Option<String>,
    pub reason: Option<String>,
    pub finished_at: Option<i64>,
    pub expires_at: Option<i64>,
}

/// Ends it. False when it was not its maker's any more: then nothing is changed.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn end(conn: &mut Conn, (id, attempt): (&str, i32), ended: &Ended) -> Result<bool, StoreError> {
    let own = exports::table.filter(
        exports::id
            .eq(id)
            .and(exports::attempt.eq(attempt))
            .and(exports::state.eq(RUNNING)),
    );
    Ok(kept::update(own, ended).execute(conn)? == 1)
}

/// Puts a file that failed back among those that wait; false when it is in another state.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn again(conn: &mut Conn, client: &str, id: &str) -> Result<bool, StoreError> {
    let failed = exports::table.filter(
        exports::id
            .eq(id)
            .and(exports::client_id.eq(client))
            .and(exports::state.eq(FAILED)),
    );
    let waits = (
        exports::state.eq(QUEUED),
        exports::begun.eq(0),
        exports::reason.eq(None::<String>),
        exports::finished_at.eq(None::<i64>),
        exports::expires_at.eq(None::<i64>),
    );
    Ok(kept::update(failed, waits).execute(conn)? == 1)
}

/// Notes that nobody wants a file any more. Whoever makes it finds out.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn forget(conn: &mut Conn, id: &str) -> Result<(), StoreError> {
    let gone = (
        exports::state.eq(FORGOTTEN),
        exports::expires_at.eq(None::<i64>),
    );
    kept::update(exports::table.find(id), gone).execute(conn)?;
    Ok(())
}

/// Stores a piece.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn put(
    conn: &mut Conn,
    id: &str,
    (part, position): (i32, i32),
    content: &[u8],
) -> Result<(), StoreError> {
    diesel::insert_into(export_pieces::table)
        .values((
            export_pieces::export_id.eq(id),
            export_pieces::part.eq(part),
            export_pieces::position.eq(position),
            export_pieces::content.eq(content),
        ))
        .execute(conn)?;
    Ok(())
}

/// A piece, counted from 0; none after the last.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn piece(
    conn: &mut Conn,
    id: &str,
    (part, position): (i32, i32),
) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(export_pieces::table
        .find((id, part, position))
        .select(export_pieces::content)
        .first(conn)
        .optional()?)
}

/// A file as somebody read it: its identifier, attempt and state. What is done on the strength of that is done while it is so.
pub type Seen = (String, i32, String);

/// Removes up to `most` pieces of a file, of one part or of both; how many there were. Nothing when it is not as it was seen any
/// more. Whoever makes it holds it until `until` from then on.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn clear(
    conn: &mut Conn,
    seen: &Seen,
    until: i64,
    (part, most): (Option<i32>, i64),
) -> Result<Option<usize>, StoreError> {
    let (id, attempt, state) = seen;
    let as_seen = exports::table.filter(
        exports::id
            .eq(id)
            .and(exports::attempt.eq(attempt))
            .and(exports::state.eq(state)),
    );
    // Written and not only read: whoever wants to change it meanwhile waits until this is over.
    if kept::update(as_seen, (exports::lease_until.eq(until),)).execute(conn)? != 1 {
        return Ok(None);
    }
    let mut query = export_pieces::table
        .filter(export_pieces::export_id.eq(id.to_owned()))
        .into_boxed();
    if let Some(part) = part {
        query = query.filter(export_pieces::part.eq(part));
    }
    let some: Vec<(i32, i32)> = query
        .order((export_pieces::part, export_pieces::position))
        .limit(most)
        .select((export_pieces::part, export_pieces::position))
        .load(conn)?;
    for (part, position) in &some {
        diesel::delete(export_pieces::table.find((id, part, position))).execute(conn)?;
    }
    Ok(Some(some.len()))
}

/// Files whose time is over, or that nobody wants any more.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn over(conn: &mut Conn, now: i64, limit: i64) -> Result<Vec<Seen>, StoreError> {
    let over = exports::state.eq(FORGOTTEN).or(exports::expires_at
        .is_not_null()
        .and(exports::expires_at.le(now)));
    Ok(exports::table
        .filter(over)
        .order(exports::id)
        .limit(limit)
        .select((exports::id, exports::attempt, exports::state))
        .load(conn)?)
}

/// Notes that the time of a file that was there is over, and until when that is remembered; `forget` says what of its filter stays.
/// False when it is not as it was seen.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn expire(
    conn: &mut Conn,
    (id, attempt, state): &Seen,
    until: i64,
    forget: impl Fn(&str) -> String,
) -> Result<bool, StoreError> {
    let filter: Option<String> = exports::table
        .find(id)
        .select(exports::filter)
        .first(conn)
        .optional()?;
    let as_seen = exports::table.filter(
        exports::id
            .eq(id)
            .and(exports::attempt.eq(attempt))
            .and(exports::state.eq(state)),
    );
    let over = (
        exports::state.eq(EXPIRED),
        exports::expires_at.eq(until),
        exports::filter.eq(forget(&filter.unwrap_or_default())),
    );
    Ok(kept::update(as_seen, over).execute(conn)? == 1)
}

/// Removes what is left of a file without pieces, as long as it is as it was seen.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn remove(conn: &mut Conn, (id, attempt, state): &Seen) -> Result<(), StoreError> {
    let as_seen = exports::table.filter(
        exports::id
            .eq(id)
            .and(exports::attempt.eq(attempt))
            .and(exports::state.eq(state)),
    );
    diesel::delete(as_seen).execute(conn)?;
    Ok(())
}
