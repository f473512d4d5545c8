//! Storing a file piece by piece. Each piece is one change by itself, and renews the lease of whoever makes the file.

use bytes::Bytes;
use chrono::TimeDelta;
use sha2::{Digest as _, Sha256};
use takedown_core::history::Digest;

use super::source::patiently;
use crate::app::{Cx, Error};
use crate::store::exports::{self, CONTENT};

/// Bytes of a piece; the last one may have fewer. Small enough that nobody waits long for the writer.
pub(super) const PIECE: usize = 128 << 10;
/// A node that has stored nothing for so long is taken for gone.
pub(super) const LEASE: TimeDelta = TimeDelta::seconds(30);

/// Why making a file ended before it was whole.
#[derive(Debug)]
pub(super) enum Stopped {
    /// It is not this node's to make any more: another took it over, or nobody wants it.
    Lost,
    /// This node stops.
    Stopping,
    /// No signed checkpoint covers what was exported, or this node has no key.
    NotSigned,
    /// So many nodes died over it that it is not begun again.
    Interrupted,
    /// Something failed.
    Failed(Error),
}

impl<E: Into<Error>> From<E> for Stopped {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// A file that is being made.
pub(super) struct Sink {
    cx: Cx,
    id: String,
    attempt: i32,
    position: i32,
    waiting: Vec<u8>,
    digest: Sha256,
    bytes: u64,
    rows: u64,
}

/// A file that was made.
pub(super) struct Whole {
    pub(super) rows: u64,
    pub(super) bytes: u64,
    pub(super) digest: Digest,
}

impl Sink {
    pub(super) fn new(cx: &Cx, id: &str, attempt: i32) -> Self {
        Self {
            cx: cx.clone(),
            id: id.to_owned(),
            attempt,
            position: 0,
            waiting: Vec::new(),
            digest: Sha256::new(),
            bytes: 0,
            rows: 0,
        }
    }

    /// Which file.
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Takes the next bytes, and how many rows came with them.
    pub(super) async fn take(&mut self, bytes: &[u8], rows: u64) -> Result<(), Stopped> {
        self.digest.update(bytes);
        self.bytes += bytes.len() as u64;
        self.rows += rows;
        self.waiting.extend_from_slice(bytes);
        while self.waiting.len() >= PIECE {
            let rest = self.waiting.split_off(PIECE);
            let piece = std::mem::replace(&mut self.waiting, rest);
            self.store(piece).await?;
        }
        Ok(())
    }

    async fn store(&mut self, piece: Vec<u8>) -> Result<(), Stopped> {
        self.put(CONTENT, self.position, Bytes::from(piece)).await?;
        self.position += 1;
        Ok(())
    }

    /// Stores a piece of a part, and renews the lease with it.
    pub(super) async fn put(&self, part: i32, position: i32, piece: Bytes) -> Result<(), Stopped> {
        let so_far = (signed(self.rows), signed(self.bytes));
        let stored = patiently(|| {
            let (id, attempt, piece) = (self.id.clone(), self.attempt, piece.clone());
            let until = (self.cx.now() + LEASE).timestamp_millis();
            self.cx.store.write(move |conn| {
                let ours = exports::advance(conn, (&id, attempt), until, so_far)?;
                if ours {
                    exports::put(conn, &id, (part, position), &piece)?;
                }
                Ok::<_, Error>(ours)
            })
        })
        .await?;
        if stored { Ok(()) } else { Err(Stopped::Lost) }
    }

    /// Renews the lease of a file of which nothing is stored just now.
    pub(super) async fn hold(&self) -> Result<(), Stopped> {
        let so_far = (signed(self.rows), signed(self.bytes));
        let (id, attempt) = (self.id.clone(), self.attempt);
        let until = (self.cx.now() + LEASE).timestamp_millis();
        let ours = self
            .cx
            .store
            .write(move |conn| exports::advance(conn, (&id, attempt), until, so_far))
            .await
            .map_err(Error::Store)?;
        if ours { Ok(()) } else { Err(Stopped::Lost) }
    }

    /// Stores what is left.
    pub(super) async fn finish(mut self) -> Result<Whole, Stopped> {
        let last = std::mem::take(&mut self.waiting);
        if !last.is_empty() {
            self.store(last).await?;
        }
        Ok(Whole {
            rows: self.rows,
            bytes: self.bytes,
            digest: Digest::from_bytes(self.digest.finalize().into()),
        })
    }
}

/// As the database counts.
pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
