//! Not counting any more what was asked about.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::store::repeats::{self, AskedRow, Key, key_of};
use crate::store::requests::{ItemRow, RequestRow};
use crate::store::schema::{asked, item_digests};
use crate::store::{Conn, StoreError};

/// Undoes what the filing counted: nobody finds the request by its links or digests any more. Others who asked about the
/// same, and the agency itself in other requests, are still counted.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn uncount(
    conn: &mut Conn,
    request: &RequestRow,
    undisclosed: bool,
    of: &[ItemRow],
) -> Result<(), StoreError> {
    // In the order of a filing, so that neither waits for what the other holds while holding more.
    let mut counted: BTreeMap<Key, Vec<&str>> = BTreeMap::new();
    for item in of {
        let named = counted.entry(key_of(item, &request.platform_id));
        named.or_default().push(&item.id);
    }
    for (key, gone) in counted {
        one(conn, &request.agency_id, undisclosed, &key, &gone)?;
    }
    for item in of {
        for digest in repeats::sha256s(item)? {
            diesel::delete(item_digests::table.find((&request.platform_id, digest, &item.id)))
                .execute(conn)?;
        }
    }
    Ok(())
}

fn one(
    conn: &mut Conn,
    agency: &str,
    undisclosed: bool,
    key: &Key,
    gone: &[&str],
) -> Result<(), StoreError> {
    let place = asked::table.find((&key.digest, &key.within, agency, undisclosed));
    // First: whoever counts the same item waits from here on.
    diesel::update(place)
        .set(asked::times.eq(asked::times - 1))
        .execute(conn)?;
    let row: Option<AskedRow> = place.select(AskedRow::as_select()).first(conn).optional()?;
    let Some(row) = row else { return Ok(()) };
    if row.times < 1 {
        diesel::delete(place).execute(conn)?;
        return Ok(());
    }
    let left: Vec<String> = row
        .recent()
        .filter(|item| !gone.contains(item))
        .map(str::to_owned)
        .collect();
    let named = repeats::items_named(conn, &left)?;
    let older = row.is_of_more(repeats::requests_of(&named));
    let when: Vec<i64> = named.iter().map(|item| item.filed_at).collect();
    // Those that are not named are older: while there are some, when the first was is not known better than before.
    let first = when.iter().min().filter(|_| !older).copied();
    diesel::update(place)
        .set((
            asked::recent.eq(left.concat()),
            asked::first_at.eq(first.unwrap_or(row.first_at)),
            asked::last_at.eq(when.iter().max().copied().unwrap_or(row.last_at)),
        ))
        .execute(conn)?;
    Ok(())
}
