//! The bytes of a file that is made, piece by piece.

use std::fmt;

use bytes::Bytes;
use futures_util::stream::{BoxStream, StreamExt as _, unfold};

use super::sink::PIECE;
use crate::app::Cx;
use crate::store::StoreError;
use crate::store::exports::{self, CONTENT};

/// Part of a file: from this byte on, and before that one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// The first byte.
    pub from: u64,
    /// The byte after the last.
    pub to: u64,
}

impl fmt::Display for Part {
    /// As `Content-Range` has it (RFC 9110, section 14.4).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.from, self.to.saturating_sub(1))
    }
}

/// The bytes of a file, each piece read when the one before is gone.
pub type Content = BoxStream<'static, Result<Bytes, StoreError>>;

/// The pieces of a file that can be downloaded.
pub struct Pieces {
    cx: Cx,
    id: String,
}

impl Pieces {
    pub(super) fn of(cx: &Cx, id: &str) -> Self {
        Self {
            cx: cx.clone(),
            id: id.to_owned(),
        }
    }

    /// The bytes of a part.
    #[must_use]
    pub fn part(self, part: Part) -> Content {
        unfold((self.cx, self.id, part.from), move |state| {
            next(state, part)
        })
        .boxed()
    }
}

type State = (Cx, String, u64);

async fn next((cx, id, at): State, part: Part) -> Option<(Result<Bytes, StoreError>, State)> {
    let piece = PIECE as u64;
    if at >= part.to {
        return None;
    }
    let position = i32::try_from(at / piece).unwrap_or(i32::MAX);
    let wanted = id.clone();
    let read: Result<Option<Vec<u8>>, StoreError> = cx
        .store
        .read(move |conn| exports::piece(conn, &wanted, (CONTENT, position)))
        .await;
    // Nothing there: it was forgotten meanwhile. The answer breaks off then.
    let gone = || StoreError::Inconsistent(format!("{id} has no piece {position}"));
    let bytes = read.and_then(|bytes| bytes.ok_or_else(gone));
    let from = usize::try_from(at % piece).unwrap_or_default();
    let most = usize::try_from(part.to - at).unwrap_or(usize::MAX);
    let cut = bytes.map(|bytes| {
        let bytes = Bytes::from(bytes);
        let end = from.saturating_add(most).min(bytes.len());
        bytes.slice(from.min(end)..end)
    });
    let next = match &cut {
        Ok(bytes) if !bytes.is_empty() => at + bytes.len() as u64,
        _ => part.to,
    };
    Some((cut, (cx, id, next)))
}
