//! Storing a file piece by piece. Each piece is one change by itself, and renews the lease of whoever makes the file.

use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use chrono::TimeDelta;
use sha2::{Digest as _, Sha256};
use takedown_core::history::Digest;
use takedown_core::time::At;

use super::pace::Pace;
use super::source::patiently;
use crate::app::{Cx, Error};
use crate::store::StoreError;
use crate::store::exports::{self, CONTENT};

/// Bytes of a piece; the last one may have fewer. Small enough that nobody waits long for the writer.
pub(super) const PIECE: usize = 128 << 10;
/// A node that has stored nothing for so long is taken for gone.
pub(super) const LEASE: TimeDelta = TimeDelta::seconds(30);

/// Where the free room is known, so many bytes of it are left to those who file.
pub(super) const LEFT: u64 = 64 << 20;

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
    pace: Pace,
    id: String,
    attempt: i32,
    position: i32,
    waiting: Vec<u8>,
    digest: Sha256,
    bytes: u64,
    rows: u64,
    /// When the lease was renewed last.
    held: Mutex<At>,
}

/// A file that was made.
pub(super) struct Whole {
    pub(super) rows: u64,
    pub(super) bytes: u64,
    pub(super) digest: Digest,
}

impl Sink {
    pub(super) fn new(cx: &Cx, pace: &Pace, (id, attempt): (&str, i32)) -> Self {
        Self {
            cx: cx.clone(),
            pace: pace.clone(),
            held: Mutex::new(cx.now()),
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

    /// Takes the next bytes, if there are any, and how many rows came with them.
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
        // Where long nothing is found there is nothing to store.
        match self.cx.now() - self.held() < LEASE / 3 {
            true => Ok(()),
            false => self.hold().await,
        }
    }

    async fn store(&mut self, piece: Vec<u8>) -> Result<(), Stopped> {
        self.put(CONTENT, self.position, Bytes::from(piece)).await?;
        self.position += 1;
        Ok(())
    }

    /// Stores a piece of a part, and renews the lease with it.
    pub(super) async fn put(&self, part: i32, position: i32, piece: Bytes) -> Result<(), Stopped> {
        let free = self.cx.store.free_space().map_err(Error::Store)?;
        if let Some(free) = free.filter(|free| *free < LEFT) {
            let why = format!("{} MiB are free, and those are for filings", free >> 20);
            return Err(StoreError::Full(why).into());
        }
        self.pace.rest().await;
        self.change(Some((part, position, piece))).await
    }

    /// Renews the lease of a file of which nothing is stored just now.
    pub(super) async fn hold(&self) -> Result<(), Stopped> {
        self.change(None).await
    }

    async fn change(&self, piece: Option<(i32, i32, Bytes)>) -> Result<(), Stopped> {
        let so_far = (signed(self.rows), signed(self.bytes));
        let now = self.cx.now();
        let until = (now + LEASE).timestamp_millis();
        let ours = patiently(|| {
            let (pace, id, attempt) = (self.pace.clone(), self.id.clone(), self.attempt);
            let piece = piece.clone();
            self.cx.store.write(move |conn| {
                pace.work(|| -> Result<bool, Error> {
                    let ours = exports::advance(conn, (&id, attempt), until, so_far)?;
                    if let Some((part, position, piece)) = piece.as_ref().filter(|_| ours) {
                        exports::put(conn, &id, (*part, *position), piece)?;
                    }
                    Ok(ours)
                })
            })
        })
        .await?;
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) = now;
        if ours { Ok(()) } else { Err(Stopped::Lost) }
    }

    fn held(&self) -> At {
        *self.held.lock().unwrap_or_else(PoisonError::into_inner)
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
