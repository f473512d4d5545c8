//! The tree over the leaves as it grows, compared on the way with what is stored of it: its tiles and the signed checkpoints.

use std::collections::VecDeque;

use takedown_core::log::tile::WIDTH;
use takedown_core::log::{CompactRange, Hash, SignedCheckpoint, VerifierKey};

use super::defect;
use crate::store::log::CheckpointRow;
use crate::store::log::whole::{self, TileRow};
use crate::store::{Conn, StoreError};

/// How many tiles of a level are read at a time, of 8 KiB each.
const TILES: i64 = 64;
/// How many checkpoints are read at a time.
const CHECKPOINTS: i64 = 500;
/// Hashes of a complete tile.
const FULL: u64 = WIDTH as u64;

/// Hashes of one level of tiles since the last complete one: of level 0 leaves, above that the roots of complete tiles. No leaf
/// is held longer than until its tile is complete.
#[derive(Default)]
struct Level {
    range: CompactRange,
    bytes: Vec<u8>,
    /// Complete tiles of this level.
    complete: u64,
    /// Tiles that were read ahead.
    stored: VecDeque<TileRow>,
}

/// See the module.
pub(super) struct Grown<'k> {
    levels: Vec<Level>,
    size: u64,
    key: Option<&'k VerifierKey>,
    /// A checkpoint from elsewhere, until the tree is as large.
    known: Option<&'k SignedCheckpoint>,
    ahead: VecDeque<CheckpointRow>,
    /// The largest size of those that were read; nothing once there are no more.
    read: Option<i64>,
    /// Entries that a stored checkpoint covers.
    pub signed: u64,
}

impl<'k> Grown<'k> {
    /// A tree without entries. What is signed is checked with `key`; it must continue `known`.
    pub(super) fn new(key: Option<&'k VerifierKey>, known: Option<&'k SignedCheckpoint>) -> Self {
        Self {
            levels: vec![Level::default()],
            size: 0,
            key,
            known,
            ahead: VecDeque::new(),
            read: Some(-1),
            signed: 0,
        }
    }

    /// Entries of the tree.
    pub(super) const fn size(&self) -> u64 {
        self.size
    }

    /// The tree as the store keeps it: the peaks of each level are those of the tree, from the highest level on.
    pub(super) fn range(&self) -> Result<CompactRange, StoreError> {
        let levels = self.levels.iter().rev();
        let peaks = levels.flat_map(|level| level.range.peaks()).copied();
        CompactRange::from_peaks(self.size, peaks.collect()).map_err(defect)
    }

    /// Appends a leaf.
    pub(super) fn push(
        &mut self,
        conn: &mut Conn,
        leaf: Hash,
        fault: &mut dyn FnMut(String),
    ) -> Result<(), StoreError> {
        self.size += 1;
        let mut hash = leaf;
        for number in 0.. {
            if number == self.levels.len() {
                self.levels.push(Level::default());
            }
            let Some(level) = self.levels.get_mut(number) else {
                break;
            };
            level.range.push(hash);
            level.bytes.extend_from_slice(hash.as_bytes());
            if level.range.size() < FULL {
                break;
            }
            hash = level.range.root();
            level.check(conn, number, &hash, fault)?;
        }
        self.checkpoints(conn, fault)
    }

    /// Compares the checkpoints of trees that are not larger than this one.
    fn checkpoints(
        &mut self,
        conn: &mut Conn,
        fault: &mut dyn FnMut(String),
    ) -> Result<(), StoreError> {
        while let Some(next) = self.next(conn)? {
            let here = u64::try_from(next).unwrap_or_default() <= self.size;
            let Some(row) = self.ahead.pop_front_if(|_| here) else {
                break;
            };
            self.stored(&row, fault)?;
        }
        let reached = |known: &mut &SignedCheckpoint| known.checkpoint().size() <= self.size;
        if let Some(known) = self.known.take_if(reached) {
            self.elsewhere(known, fault)?;
        }
        Ok(())
    }

    /// The size of the next stored checkpoint.
    fn next(&mut self, conn: &mut Conn) -> Result<Option<i64>, StoreError> {
        if self.ahead.is_empty()
            && let Some(after) = self.read
        {
            self.ahead = whole::checkpoints(conn, after, CHECKPOINTS)?.into();
            self.read = self.ahead.back().map(|row| row.size);
        }
        Ok(self.ahead.front().map(|row| row.size))
    }

    /// Compares what is left, once every entry was appended: checkpoints of more entries than there are, and tiles that are too
    /// many.
    pub(super) fn end(
        &mut self,
        conn: &mut Conn,
        fault: &mut dyn FnMut(String),
    ) -> Result<(), StoreError> {
        self.checkpoints(conn, fault)?;
        while self.next(conn)?.is_some() {
            for row in std::mem::take(&mut self.ahead) {
                self.stored(&row, fault)?;
            }
        }
        if let Some(known) = self.known.take() {
            self.elsewhere(known, fault)?;
        }
        let made: u64 = self.levels.iter().map(|level| level.complete).sum();
        let there = whole::tiles(conn)?;
        if there != made {
            fault(format!(
                "{there} complete tiles are stored, the entries make {made}"
            ));
        }
        Ok(())
    }

    fn stored(
        &mut self,
        row: &CheckpointRow,
        fault: &mut dyn FnMut(String),
    ) -> Result<(), StoreError> {
        let size = u64::try_from(row.size).unwrap_or_default();
        let what = match row.note.parse::<SignedCheckpoint>() {
            Ok(signed) if signed.checkpoint().size() != size => Some(format!(
                "it is one of {} entries",
                signed.checkpoint().size()
            )),
            Ok(signed) => self.continues(&signed)?,
            Err(error) => Some(error.to_string()),
        };
        match what {
            None => self.signed = self.signed.max(size),
            Some(what) => fault(format!(
                "the stored checkpoint of {} entries: {what}",
                row.size
            )),
        }
        Ok(())
    }

    fn elsewhere(
        &self,
        known: &SignedCheckpoint,
        fault: &mut dyn FnMut(String),
    ) -> Result<(), StoreError> {
        if let Some(what) = self.continues(known)? {
            fault(format!(
                "the checkpoint of {} entries that is known from elsewhere: {what}",
                known.checkpoint().size()
            ));
        }
        Ok(())
    }

    /// Why a checkpoint is not one of this tree, which is as large by now, or has no more entries.
    fn continues(&self, signed: &SignedCheckpoint) -> Result<Option<String>, StoreError> {
        if let Some(key) = self.key
            && let Err(error) = signed.verify_log([key])
        {
            return Ok(Some(error.to_string()));
        }
        let checkpoint = signed.checkpoint();
        if checkpoint.size() > self.size {
            return Ok(Some(format!(
                "only {} entries are there: the last {} are missing",
                self.size,
                checkpoint.size() - self.size
            )));
        }
        let root = match checkpoint.size() {
            0 => Hash::EMPTY,
            _ => self.range()?.root(),
        };
        Ok((root != *checkpoint.root()).then(|| {
            format!("its root is {}, the stored entries make {root}: an entry was changed, dropped, put in or moved", checkpoint.root())
        }))
    }
}

impl Level {
    /// Compares a tile that became complete, whose root is this, with the stored one, and begins the next.
    fn check(
        &mut self,
        conn: &mut Conn,
        level: usize,
        root: &Hash,
        fault: &mut dyn FnMut(String),
    ) -> Result<(), StoreError> {
        let index = self.complete;
        let tile = i64::try_from(index).map_err(defect)?;
        if self.stored.is_empty() {
            let level = i32::try_from(level).map_err(defect)?;
            self.stored = whole::tiles_from(conn, level, tile, TILES)?.into();
        }
        let named = || match level {
            0 => format!(
                "the tile of entries {} to {}",
                index * FULL,
                index * FULL + FULL - 1
            ),
            _ => format!("the tile {index} of level {level}"),
        };
        match self.stored.pop_front_if(|row| row.tile == tile) {
            None => fault(format!("{} is missing", named())),
            Some(stored) => {
                if stored.hashes != self.bytes {
                    let pairs = stored.hashes.chunks(32).zip(self.bytes.chunks(32));
                    let same = pairs.take_while(|(one, other)| one == other).count();
                    let of = index * FULL + u64::try_from(same).map_err(defect)?;
                    fault(match level {
                        0 => format!("{} has another hash for entry {of}", named()),
                        _ => format!(
                            "{} is not made of those below it: its hash {same} is another",
                            named()
                        ),
                    });
                }
                if stored.root != root.as_bytes() {
                    fault(format!(
                        "the root of the tile {index} of level {level} is another"
                    ));
                }
            }
        }
        self.complete += 1;
        self.bytes.clear();
        self.range = CompactRange::new();
        Ok(())
    }
}
