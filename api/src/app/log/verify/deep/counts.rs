//! How often each item was asked about, counted anew.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{compare, erased_at};
use crate::store::log::deep::{self, Whole};
use crate::store::repeats::{self, AskedRow, Key, key_of};
use crate::store::{Conn, StoreError};

/// What an agency asked about an item: how often, from when until when.
pub(super) type Counts = BTreeMap<(Key, String, bool), (i32, i64, i64)>;

/// Counts what a request asks about, as its filing did.
pub(super) fn count(whole: &Whole, counts: &mut Counts) {
    let row = &whole.request;
    if erased_at(whole).is_some() {
        return;
    }
    let filing: Value = serde_json::from_str(&row.filing).unwrap_or_default();
    let undisclosed = !filing["non_disclosure"].is_null();
    let mut keys: Vec<Key> = whole
        .items
        .iter()
        .map(|item| key_of(item, &row.platform_id))
        .collect();
    keys.sort_unstable();
    keys.dedup();
    for key in keys {
        let counted = counts.entry((key, row.agency_id.clone(), undisclosed));
        let (times, first, last) = counted.or_insert((0, row.filed_at, row.filed_at));
        *times += 1;
        *first = row.filed_at.min(*first);
        *last = row.filed_at.max(*last);
    }
}

/// Whether it may have been asked about in a request of which no item is named.
fn has_older(conn: &mut Conn, row: &AskedRow) -> Result<bool, StoreError> {
    let named: Vec<String> = row.recent().map(str::to_owned).collect();
    let named = repeats::items_named(conn, &named)?;
    Ok(row.has_older(repeats::requests_of(&named)))
}

/// Compares the counts with what is stored.
pub(super) fn asked(
    conn: &mut Conn,
    mut counts: Counts,
    fault: &mut dyn FnMut(String),
) -> Result<(), StoreError> {
    for row in deep::asked(conn)? {
        let key = Key {
            digest: row.comparison_digest.clone(),
            within: row.within.clone(),
        };
        let hex: String = row
            .comparison_digest
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let named = format!("asked {hex} of {}", row.agency_id);
        let counted = counts.remove(&(key, row.agency_id.clone(), row.undisclosed));
        let Some((times, first, last)) = counted else {
            fault(format!("{named}: no request asks about it"));
            continue;
        };
        compare(
            &format!("times of {named}"),
            Some(row.times),
            Some(times),
            fault,
        );
        compare(
            &format!("last_at of {named}"),
            Some(row.last_at),
            Some(last),
            fault,
        );
        // Of what was erased the first instant may be left, while more than ten are counted.
        if row.first_at > first || (row.first_at < first && !has_older(conn, &row)?) {
            compare(
                &format!("first_at of {named}"),
                Some(row.first_at),
                Some(first),
                fault,
            );
        }
    }
    for ((_, agency, _), (times, ..)) in counts {
        fault(format!(
            "asked of {agency}: an item is asked about {times} times and not counted"
        ));
    }
    Ok(())
}
