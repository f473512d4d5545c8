//! Where a tile is: `tile/<L>/<N>[.p/<W>]`.

use std::{fmt, str::FromStr};

use thiserror::Error;

use super::{Tile, WIDTH};
use crate::log::found;

/// The highest level that a path can name (c2sp.org/tlog-tiles).
const LAST_LEVEL: u8 = 63;

/// Why a path names no tile.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PathError {
    /// Not of this form at all.
    #[error(
        "\"{0}\" is not the path of a tile; one is tile/LEVEL/INDEX or tile/LEVEL/INDEX.p/WIDTH, such as tile/0/x001/067.p/12"
    )]
    Form(String),
    /// Entries are not published, only their hashes.
    #[error(
        "this log publishes hashes and no entries, so there is nothing below tile/entries; tile/0 holds the hashes of the leaves"
    )]
    Entries,
    /// Not a level.
    #[error(
        "\"{0}\" is not the level of a tile; it is a number from 0 to {LAST_LEVEL} without leading zeroes"
    )]
    Level(String),
    /// A part of the index that is not written as it must be.
    #[error("\"{part}\" is not part of a tile's index; {wanted}")]
    Index {
        /// The part.
        part: String,
        /// What belongs there.
        wanted: &'static str,
    },
    /// An index that is written longer than needed.
    #[error("the index of a tile has no leading group x000; leave it out")]
    LeadingZeroes,
    /// An index that no tree reaches.
    #[error("no tree has a tile of that index: it would be beyond 2^64")]
    TooLarge,
    /// Not a width.
    #[error(
        "\"{0}\" is not the width of a partial tile; it is a number from 1 to 255 without leading zeroes, and a full tile has no .p/"
    )]
    Width(String),
}

impl fmt::Display for Tile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tile/{}/", self.level)?;
        let mut groups = vec![self.index % 1000];
        let mut rest = self.index / 1000;
        while rest > 0 {
            groups.push(rest % 1000);
            rest /= 1000;
        }
        for (at, group) in groups.iter().enumerate().rev() {
            match at {
                0 => write!(f, "{group:03}")?,
                _ => write!(f, "x{group:03}/")?,
            }
        }
        if self.is_partial() {
            write!(f, ".p/{}", self.width)?;
        }
        Ok(())
    }
}

impl FromStr for Tile {
    type Err = PathError;

    /// Reads a path, without what a server puts before it and without a slash at its beginning.
    fn from_str(path: &str) -> Result<Self, PathError> {
        let form = || PathError::Form(found(path));
        let (level, rest) = path
            .strip_prefix("tile/")
            .and_then(|rest| rest.split_once('/'))
            .ok_or_else(form)?;
        if level == "entries" {
            return Err(PathError::Entries);
        }
        let (index, width) = match rest.split_once(".p/") {
            Some((index, width)) => (index, partial(width)?),
            None => (rest, WIDTH),
        };
        Ok(Self {
            level: small(level, 0, LAST_LEVEL).ok_or_else(|| PathError::Level(found(level)))?,
            index: parse_index(index)?,
            width,
        })
    }
}

fn partial(width: &str) -> Result<u16, PathError> {
    small(width, 1, u8::MAX)
        .map(u16::from)
        .ok_or_else(|| PathError::Width(found(width)))
}

fn small(text: &str, least: u8, most: u8) -> Option<u8> {
    crate::log::decimal(text)
        .and_then(|number| u8::try_from(number).ok())
        .filter(|number| (least..=most).contains(number))
}

fn parse_index(text: &str) -> Result<u64, PathError> {
    let parts: Vec<&str> = text.split('/').collect();
    let mut index: u64 = 0;
    for (at, part) in parts.iter().enumerate() {
        let last = at + 1 == parts.len();
        let wrong = || PathError::Index {
            part: found(part),
            wanted: match last {
                true => "its last part is three digits, such as 067",
                false => "each part but the last is an x and three digits, such as x001",
            },
        };
        let digits = match last {
            true => part,
            false => part.strip_prefix('x').ok_or_else(wrong)?,
        };
        if digits.len() != 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(wrong());
        }
        if at == 0 && !last && digits == "000" {
            return Err(PathError::LeadingZeroes);
        }
        index = digits
            .parse()
            .ok()
            .and_then(|group: u64| index.checked_mul(1000)?.checked_add(group))
            .ok_or(PathError::TooLarge)?;
    }
    Ok(index)
}
