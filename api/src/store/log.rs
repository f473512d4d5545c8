//! The sealed history: its entries in one order, and the tree over them (C2SP tlog-tiles).

pub mod cosigned;
pub mod deep;
pub mod packed;
pub mod whole;
pub mod witnesses;

use diesel::dsl::{count_star, min};
use diesel::prelude::*;
use takedown_core::log::{CompactRange, Hash, Node, tile};

use super::backend::places;
use super::schema::{history, log_checkpoints, log_state, log_tiles};
use super::update::update;
use super::{Conn, StoreError};

/// The only row of `log_state`.
const ONLY: i32 = 1;
/// Hashes of a complete tile.
const TILE_WIDTH: u64 = tile::WIDTH as u64;
/// A tile is this many levels of the tree high.
const TILE_HEIGHT: u8 = 8;

/// A signed checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = log_checkpoints, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct CheckpointRow {
    pub size: i64,
    pub signed_at: i64,
    pub note: String,
}

/// An entry in the log.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = history)]
#[allow(missing_docs)]
pub struct LoggedRow {
    pub id: String,
    pub data: String,
    pub salt: Option<Vec<u8>>,
    pub leaf: Option<Vec<u8>>,
    pub log_index: Option<i64>,
}

/// The tree as it stands.
///
/// # Errors
/// [`StoreError`] when the database fails or holds no tree.
pub fn tree(conn: &mut Conn) -> Result<CompactRange, StoreError> {
    let (size, roots): (i64, Vec<u8>) = log_state::table
        .find(ONLY)
        .select((log_state::size, log_state::roots))
        .first(conn)?;
    let size = u64::try_from(size).map_err(inconsistent)?;
    CompactRange::from_bytes(size, &roots).map_err(inconsistent)
}

/// Gives entries that have no place yet their places and lets the tree grow over them; how many there were, at most `most`.
///
/// The tree grows from the size it was read at or not at all: whoever holds a lease that another node took over meanwhile is
/// refused by the row itself.
///
/// # Errors
/// [`StoreError::Stale`] when another node let it grow in between, and when the database fails.
pub fn sequence(conn: &mut Conn, most: usize) -> Result<usize, StoreError> {
    let mut tree = tree(conn)?;
    let before = tree.size();
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let placed = places::place(conn, signed(before)?, most)?;
    if placed.is_empty() {
        return Ok(0);
    }
    for entry in &placed {
        tree.push(hash(&entry.leaf)?);
    }
    let grown = update(
        log_state::table.filter(
            log_state::id
                .eq(ONLY)
                .and(log_state::size.eq(signed(before)?)),
        ),
        (
            log_state::size.eq(signed(tree.size())?),
            log_state::roots.eq(tree.to_bytes()),
        ),
    )
    .execute(conn)?;
    if grown != 1 {
        return Err(StoreError::Stale);
    }
    complete_tiles(conn, before, tree.size())?;
    Ok(placed.len())
}

/// Stores the tiles that became complete while the tree grew.
fn complete_tiles(conn: &mut Conn, before: u64, after: u64) -> Result<(), StoreError> {
    let (mut before, mut after, mut level) = (before / TILE_WIDTH, after / TILE_WIDTH, 0);
    while after > before {
        for tile in before..after {
            let hashes = hashes(conn, level, tile * TILE_WIDTH, TILE_WIDTH)?;
            let mut root = CompactRange::new();
            root.extend(hashes.iter().copied());
            let hashes: Vec<u8> = hashes.iter().flat_map(|hash| *hash.as_bytes()).collect();
            diesel::insert_into(log_tiles::table)
                .values((
                    log_tiles::level.eq(i32::from(level)),
                    log_tiles::tile.eq(signed(tile)?),
                    log_tiles::hashes.eq(hashes),
                    log_tiles::root.eq(root.root().as_bytes().to_vec()),
                ))
                .execute(conn)?;
        }
        level += 1;
        before /= TILE_WIDTH;
        after /= TILE_WIDTH;
    }
    Ok(())
}

/// The hashes of a level of tiles from a place on: leaf hashes on level 0, roots of complete tiles above. Fewer than `count`
/// where the tree ends before.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn hashes(conn: &mut Conn, level: u8, from: u64, count: u64) -> Result<Vec<Hash>, StoreError> {
    let (from, to) = (signed(from)?, signed(from.saturating_add(count))?);
    let found: Vec<Vec<u8>> = match level.checked_sub(1) {
        None => {
            let leaves: Vec<Option<Vec<u8>>> = history::table
                .filter(history::log_index.ge(from).and(history::log_index.lt(to)))
                .order(history::log_index)
                .select(history::leaf)
                .load(conn)?;
            leaves.into_iter().map(Option::unwrap_or_default).collect()
        }
        Some(below) => log_tiles::table
            .filter(log_tiles::level.eq(i32::from(below)))
            .filter(log_tiles::tile.ge(from).and(log_tiles::tile.lt(to)))
            .order(log_tiles::tile)
            .select(log_tiles::root)
            .load(conn)?,
    };
    found.iter().map(|found| hash(found)).collect()
}

/// A complete tile.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn tile(conn: &mut Conn, level: u8, index: u64) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(log_tiles::table
        .find((i32::from(level), signed(index)?))
        .select(log_tiles::hashes)
        .first(conn)
        .optional()?)
}

/// Entries that are not sealed yet: written by a version that knew of no log. Position and what is to be sealed.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn unsealed(conn: &mut Conn, most: i64) -> Result<Vec<(i64, String)>, StoreError> {
    Ok(history::table
        .filter(history::log_index.is_null().and(history::leaf.is_null()))
        .order(history::pos)
        .limit(most)
        .select((history::pos, history::data))
        .load(conn)?)
}

/// Seals one of them.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn seal(conn: &mut Conn, pos: i64, salt: &[u8], leaf: &[u8]) -> Result<(), StoreError> {
    let unsealed = history::table.filter(history::pos.eq(pos).and(history::leaf.is_null()));
    update(unsealed, (history::salt.eq(salt), history::leaf.eq(leaf))).execute(conn)?;
    Ok(())
}

/// An entry by its identifier.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn entry(conn: &mut Conn, id: &str) -> Result<Option<LoggedRow>, StoreError> {
    Ok(history::table
        .filter(history::id.eq(id))
        .select(LoggedRow::as_select())
        .first(conn)
        .optional()?)
}

/// How many entries there are behind the first `covered` of the log, also without a place yet, and when the first of them was
/// written, in milliseconds.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn written_since(conn: &mut Conn, covered: i64) -> Result<(u64, Option<i64>), StoreError> {
    let placed = history::table.filter(history::log_index.ge(covered));
    let waiting = history::table.filter(history::log_index.is_null());
    let (entries, since): (i64, Option<i64>) = placed
        .select((count_star(), min(history::at)))
        .first(conn)?;
    let (more, later): (i64, Option<i64>) = waiting
        .select((count_star(), min(history::at)))
        .first(conn)?;
    let entries = u64::try_from(entries + more).map_err(inconsistent)?;
    Ok((entries, since.into_iter().chain(later).min()))
}

/// The newest signed checkpoint.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn newest_checkpoint(conn: &mut Conn) -> Result<Option<CheckpointRow>, StoreError> {
    Ok(log_checkpoints::table
        .order(log_checkpoints::size.desc())
        .select(CheckpointRow::as_select())
        .first(conn)
        .optional()?)
}

/// Publishes a checkpoint that was signed; false when there is one of that size.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn publish_checkpoint(conn: &mut Conn, row: &CheckpointRow) -> Result<bool, StoreError> {
    let there: Option<i64> = log_checkpoints::table
        .find(row.size)
        .select(log_checkpoints::size)
        .first(conn)
        .optional()?;
    if there.is_some() {
        return Ok(false);
    }
    diesel::insert_into(log_checkpoints::table)
        .values(row)
        .execute(conn)?;
    Ok(true)
}

/// Forgets every checkpoint: they are those of a log that does not go on.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn forget_all_checkpoints(conn: &mut Conn) -> Result<(), StoreError> {
    diesel::delete(log_checkpoints::table).execute(conn)?;
    Ok(())
}

/// The hash of a complete subtree.
///
/// # Errors
/// [`StoreError::Inconsistent`] when the tree is not that large.
pub fn node(conn: &mut Conn, node: Node) -> Result<Hash, StoreError> {
    let (level, up) = (node.level / TILE_HEIGHT, node.level % TILE_HEIGHT);
    let below = hashes(conn, level, node.index << up, 1 << up)?;
    if below.len() != 1 << up {
        return Err(inconsistent(format!("it has no {node:?}")));
    }
    let mut tree = CompactRange::new();
    tree.extend(below);
    Ok(tree.root())
}

fn hash(bytes: &[u8]) -> Result<Hash, StoreError> {
    Hash::from_slice(bytes).map_err(inconsistent)
}

fn signed(number: u64) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(inconsistent)
}

fn inconsistent(error: impl std::fmt::Display) -> StoreError {
    StoreError::Inconsistent(format!("the state of the log: {error}"))
}
