//! The proof of a package: the hashes that make its tree, some at a time.

use std::sync::Arc;

use takedown_core::package::{Record, cover};

use super::aside::Aside;
use super::bits::Bits;
use crate::app::Error;
use crate::store::{Conn, StoreError, log};

/// How many leaves that are shown are read at a time.
const LEAVES: u64 = 2_000;
/// How many roots of what is not shown: each is computed from up to 128 hashes.
const ROOTS: usize = 100;

/// Records from an entry on, and the entry after the last of them.
pub(super) async fn records(
    aside: &Aside,
    shown: &Arc<Bits>,
    from: u64,
    size: u64,
) -> Result<(Vec<u8>, u64), Error> {
    let step = || {
        let shown = Arc::clone(shown);
        move |conn: &mut Conn| Ok(some(conn, &shown, from, size)?)
    };
    aside.read(step).await
}

fn some(conn: &mut Conn, shown: &Bits, from: u64, size: u64) -> Result<(Vec<u8>, u64), StoreError> {
    let mut bytes = Vec::new();
    let (mut at, mut roots) = (from, 0);
    while at < size && at - from < LEAVES && roots < ROOTS {
        let run = shown.next(at, size, false).min(at + LEAVES);
        for (first, hash) in (at..).zip(log::hashes(conn, 0, at, run - at)?) {
            let record = Record {
                first,
                level: 0,
                shown: true,
                hash,
            };
            bytes.extend_from_slice(&record.to_bytes());
            at = first + 1;
        }
        if at < run {
            return Err(StoreError::Inconsistent(format!(
                "the log has no leaf of entry {at}"
            )));
        }
        for node in cover(at, shown.next(at, size, true)) {
            if roots == ROOTS {
                break;
            }
            let record = Record {
                first: at,
                level: node.level,
                shown: false,
                hash: log::node(conn, node)?,
            };
            bytes.extend_from_slice(&record.to_bytes());
            at += 1 << node.level;
            roots += 1;
        }
    }
    Ok((bytes, at))
}
