//! What is counted beside the entries: versions of requests, positions of feeds.

use std::collections::{HashMap, HashSet};

use diesel::dsl::{count_star, max, min};
use diesel::prelude::*;

use crate::store::schema::{feed, feed_heads, history, requests};
use crate::store::{Conn, StoreError};

/// A request: its identifier, its version, how many entries there are of it, and the highest version among them.
pub type VersionCount = (String, i32, i64, Option<i32>);

/// Requests from one on, in the order of their identifiers: identifier, version, and how many entries of which highest version
/// there are of it.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn versions(conn: &mut Conn, after: &str, limit: i64) -> Result<Vec<VersionCount>, StoreError> {
    let some: Vec<(String, i32)> = requests::table
        .filter(requests::id.gt(after))
        .order(requests::id)
        .limit(limit)
        .select((requests::id, requests::version))
        .load(conn)?;
    let Some(last) = some.last().map(|(id, _)| id.clone()) else {
        return Ok(Vec::new());
    };
    let counted: Vec<(Option<String>, i64, Option<i32>)> = history::table
        .filter(
            history::request_id
                .gt(after)
                .and(history::request_id.le(last)),
        )
        .group_by(history::request_id)
        .select((history::request_id, count_star(), max(history::version)))
        .load(conn)?;
    let of: HashMap<String, (i64, Option<i32>)> = counted
        .into_iter()
        .filter_map(|(id, count, highest)| Some((id?, (count, highest))))
        .collect();
    Ok(some
        .into_iter()
        .map(|(id, version)| {
            let (count, highest) = of.get(&id).copied().unwrap_or_default();
            (id, version, count, highest)
        })
        .collect())
}

/// A feed: the party, its head, and the first and the last position that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct FeedCount {
    pub party: String,
    pub head: i64,
    pub first: Option<i64>,
    pub last: Option<i64>,
}

impl FeedCount {
    /// Whether so many entries are one at each position from 1 to the head. A position is there once.
    #[must_use]
    pub fn is_dense(&self, count: i64) -> bool {
        let ends = match count {
            0 => (None, None),
            _ => (Some(1), Some(self.head)),
        };
        count == self.head && (self.first, self.last) == ends
    }
}

/// Every feed.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn feeds(conn: &mut Conn) -> Result<Vec<FeedCount>, StoreError> {
    let heads: Vec<(String, i64)> = feed_heads::table
        .order(feed_heads::party_id)
        .select((feed_heads::party_id, feed_heads::head))
        .load(conn)?;
    let known: HashSet<String> = heads.iter().map(|(party, _)| party.clone()).collect();
    let mut feeds = Vec::with_capacity(heads.len());
    for (party, head) in heads {
        feeds.push(ends(conn, party, head)?);
    }
    // Whoever takes a head away leaves the entries. From one party to the next by the index: there are few parties and many entries.
    let mut after = String::new();
    while let Some(party) = next_party(conn, &after)? {
        if !known.contains(&party) {
            feeds.push(ends(conn, party.clone(), 0)?);
        }
        after = party;
    }
    Ok(feeds)
}

fn next_party(conn: &mut Conn, after: &str) -> Result<Option<String>, StoreError> {
    Ok(feed::table
        .filter(feed::party_id.gt(after))
        .order((feed::party_id, feed::position))
        .select(feed::party_id)
        .first(conn)
        .optional()?)
}

fn ends(conn: &mut Conn, party: String, head: i64) -> Result<FeedCount, StoreError> {
    // One at a time: together they are a scan.
    let of = || feed::table.filter(feed::party_id.eq(&party));
    let first = of().select(min(feed::position)).first(conn)?;
    let last = of().select(max(feed::position)).first(conn)?;
    Ok(FeedCount {
        party,
        head,
        first,
        last,
    })
}

/// How many entries all feeds have.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn told(conn: &mut Conn) -> Result<i64, StoreError> {
    Ok(feed::table.count().get_result(conn)?)
}

/// How many entries the feed of a party has.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn told_to(conn: &mut Conn, party: &str) -> Result<i64, StoreError> {
    let of = feed::table.filter(feed::party_id.eq(party));
    Ok(of.count().get_result(conn)?)
}
