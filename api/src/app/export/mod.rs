//! The export: one row per item, oldest request first, streamed.
//!
//! A producer reads step by step and hands chunks over through a short channel; it begins a step only when there is
//! room, so a slow reader holds a chunk or two of memory and no thread. The stream ends well only after its last row
//! and after the export was recorded in the history; every other end is an error that the client sees.

mod aside;
mod bits;
mod clear;
mod columns;
mod files;
mod form;
mod imports;
mod instant;
mod lines;
mod make;
mod notes;
mod out;
mod pace;
mod packing;
mod pieces;
mod proof;
mod row;
mod sheet;
mod sink;
mod source;
mod step;
mod table;
#[cfg(test)]
mod tests;
mod wanted;
mod workbook;
mod written;

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_util::Stream;
use takedown_core::export::Viewer;
use takedown_core::history::{Data, EntryDraft, Subject};
use takedown_core::policy::{Action, Permit, Reach, Resource, Role, authorize};
use tokio::sync::mpsc::{self, Permit as Room};

pub use self::clear::clear_away;
pub use self::files::{File, NewFile, ask, content, forget, list, read, retry};
pub use self::imports::records;
pub(super) use self::make::EVERYTHING;
pub use self::make::Maker;
pub use self::pieces::{Content, Part, Pieces};
pub(super) use self::row::with_row;
use self::source::Source;
pub(super) use self::source::{MARGIN, first_at, patiently};
pub use self::wanted::Wanted;
use super::{Caller, Cx, Error};
use crate::store::requests::Scope;

/// How many chunks may wait for the reader.
const WAITING: usize = 1;
/// A reader who takes no chunk for this long is given up.
const PATIENCE: Duration = Duration::from_secs(120);

/// The form of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JSON Lines, every value as it is: the evidence.
    Ndjson,
    /// RFC 4180 for spreadsheets: a copy, in which no cell can act as a formula.
    Csv,
    /// The rows of a sheet of Office Open XML, which are no file yet.
    Xlsx,
    /// The columns of a table of Apache Parquet, which are no file yet.
    Parquet,
}

impl Format {
    /// `ndjson`, `csv`, `xlsx` or `parquet`: the parameter, and the ending of the file's name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Parquet => "parquet",
        }
    }
}

/// Why an export that had begun did not come to its end.
#[derive(Debug, thiserror::Error)]
#[error("the export broke off")]
pub struct BrokenOff;

/// The chunks of an export. Only after `None` is it whole.
#[derive(Debug)]
pub struct Export {
    chunks: mpsc::Receiver<Sent>,
    whole: bool,
}

#[derive(Debug)]
enum Sent {
    Chunk(Bytes),
    End,
}

impl Stream for Export {
    type Item = Result<Bytes, BrokenOff>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.whole {
            return Poll::Ready(None);
        }
        self.chunks.poll_recv(cx).map(|sent| match sent {
            Some(Sent::Chunk(chunk)) => Some(Ok(chunk)),
            Some(Sent::End) => {
                self.whole = true;
                None
            }
            // The producer went away without an end: an error of its own, a panic, the end of the process.
            None => Some(Err(BrokenOff)),
        })
    }
}

/// Exports the items of the requests that the caller may see and that were filed before now.
///
/// The first chunk is read before this returns, so that what can be refused is refused before the answer begins.
///
/// # Errors
/// [`Error::Invalid`] when nothing can be what is wanted, by the names of `wanted`; those of the policy and, for the first chunk,
/// of the store.
pub async fn requests(
    cx: &Cx,
    caller: &Caller,
    format: Format,
    wanted: &Wanted,
) -> Result<Export, Error> {
    let permit = authorize(&caller.actor, Action::ExportRequests, &Resource::Exchange)?;
    let scope = scope_of(&permit)?;
    let viewer = viewer_of(&permit).ok_or(Error::NotFound)?;
    let chosen = wanted.chosen(cx, permit.reach()).await?;
    let source = Source::open(cx.clone(), format, viewer, scope, chosen).await?;
    let exported = move |rows| Data::RequestsExported {
        format: format.as_str().to_owned(),
        rows,
    };
    stream(cx, caller, exported, source).await
}

/// What an export consists of.
trait Chunks: Send + 'static {
    /// The next chunk and the number of its rows; nothing when all was said.
    fn next(&mut self) -> impl Future<Output = Result<Option<(Bytes, u64)>, Error>> + Send;
}

/// Begins to hand out chunks; `exported` is what the history says of so many rows.
async fn stream(
    cx: &Cx,
    caller: &Caller,
    exported: impl FnOnce(u64) -> Data + Send + 'static,
    mut source: impl Chunks,
) -> Result<Export, Error> {
    let first = source.next().await?;
    let (chunks, receiver) = mpsc::channel(WAITING);
    let (cx, caller) = (cx.clone(), caller.clone());
    tokio::spawn(async move {
        let (rows, room) = run(source, first, &chunks).await;
        end(&cx, &caller, exported(rows), rows, room).await;
    });
    Ok(Export {
        chunks: receiver,
        whole: false,
    })
}

/// Produces until the end, an error, or until the reader is gone; says how many rows were handed over, and has room for the
/// end if it was reached.
async fn run(
    mut source: impl Chunks,
    first: Option<(Bytes, u64)>,
    chunks: &mpsc::Sender<Sent>,
) -> (u64, Option<Room<'_, Sent>>) {
    let mut rows = 0;
    let mut next = Ok(first);
    let room = loop {
        let room = match tokio::time::timeout(PATIENCE, chunks.reserve()).await {
            Ok(Ok(room)) => room,
            Ok(Err(_)) | Err(_) => break None,
        };
        match next {
            Ok(Some((chunk, count))) => {
                rows += count;
                room.send(Sent::Chunk(chunk));
            }
            Ok(None) => break Some(room),
            Err(error) => {
                tracing::error!(%error, "an export broke off");
                break None;
            }
        }
        if chunks.is_closed() {
            break None;
        }
        next = source.next().await;
    };
    (rows, room)
}

/// Records the export. An export that cannot be recorded does not end well, for then nobody could show that it was.
async fn end(cx: &Cx, caller: &Caller, data: Data, rows: u64, room: Option<Room<'_, Sent>>) {
    let entry = EntryDraft {
        subject: Subject::Exchange,
        by: caller.author(),
        at: cx.now(),
        data,
    };
    let recorded = cx
        .store
        .write(move |conn| super::log::append(conn, &entry))
        .await;
    match (recorded, room) {
        (Ok(_), Some(room)) => room.send(Sent::End),
        (Ok(_), None) => {}
        (Err(error), _) => tracing::error!(%error, rows, "an export could not be recorded"),
    }
}

pub(super) fn scope_of(permit: &Permit) -> Result<Scope, Error> {
    scope(permit.reach())
}

fn scope(reach: Reach) -> Result<Scope, Error> {
    match reach {
        Reach::Everything => Ok(Scope::All),
        Reach::Agency(id) => Ok(Scope::Agency(id.to_string())),
        Reach::Platform(id) => Ok(Scope::Platform(id.to_string())),
        Reach::Nothing => Err(Error::NotFound),
    }
}

/// What agencies keep to themselves is for them and their auditors: the auditor of a platform sees what it sees.
fn viewer_of(permit: &Permit) -> Option<Viewer> {
    let actor = permit.actor();
    match (actor.role(), permit.reach()) {
        (Role::Auditor, Reach::Platform(_)) => Some(Viewer::Platform),
        (role, _) => Viewer::of(role),
    }
}
