//! Exported files that show a request.

use diesel::prelude::*;

use crate::store::exports::{DONE, EXPIRED, QUEUED, RUNNING};
use crate::store::requests::RequestRow;
use crate::store::schema::exports;
use crate::store::update as kept;
use crate::store::{Conn, StoreError};

/// Ends the files that may show a request, unless only their recipient can read them: one that is there is handed to nobody from
/// now on and cleared away by the job, with its filter; one that is being made begins anew. `everything` is the scope of
/// whoever sees every request.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn end_files(
    conn: &mut Conn,
    request: &RequestRow,
    everything: &str,
    now: i64,
) -> Result<(), StoreError> {
    let scopes = [
        everything,
        request.agency_id.as_str(),
        request.platform_id.as_str(),
    ];
    let shows = exports::scope
        .eq_any(scopes)
        .and(exports::recipient.is_null());
    let there = exports::table.filter(
        shows
            .clone()
            .and(exports::state.eq_any([DONE, EXPIRED]))
            .and(exports::finished_at.ge(request.filed_at)),
    );
    let over = (exports::state.eq(EXPIRED), exports::expires_at.eq(now));
    kept::update(there, over).execute(conn)?;
    let begun = exports::table.filter(shows.and(exports::state.eq(RUNNING)));
    kept::update(begun, (exports::state.eq(QUEUED),)).execute(conn)?;
    Ok(())
}
