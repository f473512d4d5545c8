//! Computing the history anew from what is stored, and naming what does not fit.

mod beside;
mod deep;
mod erased;
mod said;
mod signed;

use takedown_core::log::tile::WIDTH;
use takedown_core::log::{CompactRange, Hash, Salt, SignedCheckpoint, VerifierKey, leaf};

pub use signed::Project;

use said::Said;

use super::proof::root_at;
use crate::store::log;
use crate::store::log::whole::{self, WholeRow};
use crate::store::{Conn, StoreError};

/// How many rows are read at a time.
const AT_ONCE: i64 = 1_000;

/// What was looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Looked {
    /// Entries in the log.
    pub entries: u64,
    /// Of these, entries whose content was destroyed on its date. Their leaves stay.
    pub erased: u64,
    /// Entries that have no place yet.
    pub waiting: u64,
    /// Entries that a signed checkpoint covers.
    pub signed: u64,
    /// Changes that a unit signed.
    pub stated: u64,
    /// Entries of feeds.
    pub told: u64,
}

/// Something that is told while the history is computed.
#[derive(Debug)]
pub enum Found<'a> {
    /// So many entries were looked at.
    Progress(u64),
    /// Something does not fit.
    Fault(&'a str),
}

/// Computes everything anew: each entry's leaf from its bytes, the tree and its tiles from the leaves, what stands beside an
/// entry from its bytes, how each request stands from its entries, and the numbers of the feeds. What is signed is checked with `key`; `known` is a checkpoint
/// from elsewhere that the tree must continue. What units signed is compared with the columns by `project`.
///
/// # Errors
/// [`StoreError`] when the database fails; what does not fit is told to `say` instead.
pub fn verify(
    conn: &mut Conn,
    key: Option<&VerifierKey>,
    known: Option<&SignedCheckpoint>,
    project: Project,
    say: &mut dyn FnMut(Found<'_>),
) -> Result<Looked, StoreError> {
    let mut looked = Looked::default();
    // What is written meanwhile is for the next time.
    let stored = log::tree(conn)?;
    let fault = |what: String, say: &mut dyn FnMut(Found<'_>)| say(Found::Fault(&what));
    let mut tree = CompactRange::new();
    let mut tile = Vec::new();
    let mut erased = erased::Erased::default();
    while tree.size() < stored.size() {
        let from = i64::try_from(tree.size()).map_err(defect)?;
        let left = i64::try_from(stored.size()).map_err(defect)? - from;
        let some = whole::entries(conn, from, AT_ONCE.min(left))?;
        let mut all_said = Vec::with_capacity(some.len());
        for row in &some {
            let place = row.log_index.and_then(|place| u64::try_from(place).ok());
            if place != Some(tree.size()) {
                fault(missing(tree.size(), place), say);
                return Ok(looked);
            }
            let said = Said::of(&row.data);
            match entry(row, said.as_ref()) {
                Ok(sealed) => {
                    sealed
                        .faults
                        .iter()
                        .for_each(|what| fault(named(row, what), say));
                    tree.push(sealed.leaf);
                    tile.push(sealed.leaf);
                }
                Err(what) => {
                    fault(named(row, &what), say);
                    return Ok(looked);
                }
            }
            all_said.extend(said.map(|said| (row, said)));
            looked.erased += u64::from(row.salt.is_none());
            erased.look(row, || named_only(row));
            if tile.len() == usize::from(WIDTH) {
                let index = tree.size() / u64::from(WIDTH) - 1;
                check_tile(conn, index, &tile, &mut |what| fault(what, say))?;
                tile.clear();
            }
        }
        if some.is_empty() {
            fault(missing(tree.size(), None), say);
            return Ok(looked);
        }
        let mut of_row = |row: &WholeRow, what: String| fault(named(row, &what), say);
        looked.stated += beside::rows(conn, &all_said, project, &mut of_row)?;
        erased::left(conn, &some, &mut of_row)?;
        looked.entries = tree.size();
        say(Found::Progress(looked.entries));
    }
    let size = i64::try_from(stored.size()).map_err(defect)?;
    erased.end(conn, size, &mut |what| fault(what, say))?;
    if stored != tree {
        fault(
            format!(
                "the stored tree has {} entries and the root {}, the entries themselves make {} with the root {}",
                stored.size(),
                stored.root(),
                tree.size(),
                tree.root()
            ),
            say,
        );
    }
    tiles(conn, tree.size(), &mut |what| fault(what, say))?;
    for checkpoint in whole::checkpoints(conn)? {
        let what = match checkpoint.note.parse::<SignedCheckpoint>() {
            Ok(signed) if u64::try_from(checkpoint.size) != Ok(signed.checkpoint().size()) => Some(
                format!("it is one of {} entries", signed.checkpoint().size()),
            ),
            Ok(signed) => continues(conn, &tree, key, &signed)?,
            Err(error) => Some(error.to_string()),
        };
        match what {
            Some(what) => fault(
                format!(
                    "the stored checkpoint of {} entries: {what}",
                    checkpoint.size
                ),
                say,
            ),
            None => {
                looked.signed = looked
                    .signed
                    .max(u64::try_from(checkpoint.size).unwrap_or(0))
            }
        }
    }
    if let Some(known) = known {
        let what = continues(conn, &tree, key, known)?;
        let size = known.checkpoint().size();
        what.into_iter().for_each(|what| {
            fault(
                format!("the checkpoint of {size} entries that is known from elsewhere: {what}"),
                say,
            )
        });
    }
    // What has no place yet is sealed all the same.
    for row in whole::waiting(conn)? {
        looked.waiting += 1;
        match entry(&row, Said::of(&row.data).as_ref()) {
            Ok(sealed) => sealed
                .faults
                .iter()
                .for_each(|what| fault(named(&row, what), say)),
            // A version without a log wrote it; it is sealed before it gets its place.
            Err(_) if row.leaf.is_none() && row.salt.is_none() => {}
            Err(what) => fault(named(&row, &what), say),
        }
    }
    beside::requests(conn, &mut |what| fault(what, say))?;
    looked.told = beside::feeds(conn, &mut |what| fault(what, say))?;
    Ok(looked)
}

/// Computes every request anew from its entries, and every count of what was asked about, and compares each column that follows
/// from them; how many requests there are. Nothing may be written meanwhile, or it is taken for a fault: give it a snapshot.
///
/// # Errors
/// As [`verify`].
pub fn verify_requests(conn: &mut Conn, say: &mut dyn FnMut(Found<'_>)) -> Result<u64, StoreError> {
    deep::requests(conn, &mut |what| say(Found::Fault(&what)))
}

/// What an entry's row makes.
struct Sealed {
    leaf: Hash,
    faults: Vec<String>,
}

fn entry(row: &WholeRow, said: Option<&Said<'_>>) -> Result<Sealed, String> {
    let stored = row.leaf.as_deref().ok_or("it has its place and no leaf")?;
    let stored = Hash::from_slice(stored).map_err(|e| format!("its leaf: {e}"))?;
    let mut faults = Vec::new();
    let Some(salt) = &row.salt else {
        // What was erased has nothing left that could be compared; its leaf is held by the tree.
        if !row.data.is_empty() {
            faults.push("its salt is missing although its bytes are there".to_owned());
        }
        return Ok(Sealed {
            leaf: stored,
            faults,
        });
    };
    let salt = Salt::from_slice(salt).map_err(|e| format!("its salt: {e}"))?;
    let leaf = leaf::hash(&salt, row.data.as_bytes());
    if leaf != stored {
        faults.push(
            "its bytes are not those that were sealed: entry, salt or leaf was changed".to_owned(),
        );
    }
    faults.extend(beside::columns(row, said));
    Ok(Sealed { leaf, faults })
}

fn check_tile(
    conn: &mut Conn,
    index: u64,
    leaves: &[Hash],
    fault: &mut dyn FnMut(String),
) -> Result<(), StoreError> {
    let stored = log::tile(conn, 0, index)?;
    let right: Vec<u8> = leaves.iter().flat_map(|leaf| *leaf.as_bytes()).collect();
    match stored {
        None => fault(format!(
            "the tile of entries {} to {} is missing",
            index * 256,
            index * 256 + 255
        )),
        Some(stored) if stored != right => {
            let at = stored
                .chunks(32)
                .zip(right.chunks(32))
                .position(|(one, other)| one != other);
            fault(format!(
                "the tile of entries {} to {} has another hash for entry {}",
                index * 256,
                index * 256 + 255,
                index * 256 + at.unwrap_or_default() as u64
            ));
        }
        Some(_) => {}
    }
    Ok(())
}

/// The roots of complete tiles, and the tiles above the leaves: each follows from what is below it.
fn tiles(conn: &mut Conn, size: u64, fault: &mut dyn FnMut(String)) -> Result<(), StoreError> {
    let width = u64::from(WIDTH);
    let (mut level, mut left, mut all) = (0_u8, size / width, 0);
    while left > 0 {
        all += left;
        for index in 0..left {
            let below = log::hashes(conn, level, index * width, width)?;
            let mut tree = CompactRange::new();
            tree.extend(below.iter().copied());
            let bytes: Vec<u8> = below.iter().flat_map(|hash| *hash.as_bytes()).collect();
            let stored = log::tile(conn, level, index)?;
            if level > 0 && stored.as_ref() != Some(&bytes) {
                fault(format!(
                    "the tile {index} of level {level} is not made of those below it"
                ));
            }
            let root = log::hashes(conn, level + 1, index, 1)?;
            if root != [tree.root()] {
                fault(format!(
                    "the root of the tile {index} of level {level} is another"
                ));
            }
        }
        level += 1;
        left /= width;
    }
    let there = whole::tiles(conn)?;
    if there != all {
        fault(format!(
            "{there} complete tiles are stored, the entries make {all}"
        ));
    }
    Ok(())
}

/// Why a checkpoint is not one of this tree.
fn continues(
    conn: &mut Conn,
    tree: &CompactRange,
    key: Option<&VerifierKey>,
    signed: &SignedCheckpoint,
) -> Result<Option<String>, StoreError> {
    if let Some(key) = key
        && let Err(error) = signed.verify_log([key])
    {
        return Ok(Some(error.to_string()));
    }
    let checkpoint = signed.checkpoint();
    if checkpoint.size() > tree.size() {
        return Ok(Some(format!(
            "only {} entries are there: the last {} are missing",
            tree.size(),
            checkpoint.size() - tree.size()
        )));
    }
    let root = root_at(conn, checkpoint.size())?;
    Ok((root != *checkpoint.root()).then(|| {
        format!("its root is {}, the stored entries make {root}: an entry was changed, dropped, put in or moved", checkpoint.root())
    }))
}

fn missing(wanted: u64, found: Option<u64>) -> String {
    let found = found.map_or_else(|| "none".to_owned(), |found| found.to_string());
    format!(
        "entry {wanted} is missing; the next one that is there is {found}. What comes after it was not looked at"
    )
}

fn named(row: &WholeRow, what: &str) -> String {
    format!("{}: {what}", named_only(row))
}

fn named_only(row: &WholeRow) -> String {
    format!(
        "entry {} ({}, {})",
        row.log_index.unwrap_or_default(),
        row.id,
        row.event
    )
}

fn defect(error: impl std::fmt::Display) -> StoreError {
    StoreError::Inconsistent(error.to_string())
}
