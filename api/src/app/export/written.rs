//! Files that are the rows and nothing else.

use std::io::{self, Write as _};

use takedown_core::age::Recipient;

use super::out::Out;
use super::sink::{Sink, Stopped, Whole};
use super::source::Source;
use super::workbook::Book;
use crate::store::StoreError;

/// A file that is the rows and nothing else.
pub(super) async fn plain(
    mut source: Source,
    mut sink: Sink,
    recipient: Option<&Recipient>,
    stops: &(dyn Fn() -> bool + Sync),
) -> Result<Whole, Stopped> {
    let mut out = Out::new(recipient).map_err(unwritten)?;
    while let Some(chunk) = source.next_chunk().await? {
        if stops() {
            return Err(Stopped::Stopping);
        }
        out.write_all(&chunk.bytes).map_err(unwritten)?;
        sink.take(&out.drain(), chunk.rows).await?;
    }
    let last = out.finish().map_err(unwritten)?;
    sink.take(&last, 0).await?;
    sink.finish().await
}

/// A file that is a workbook of the rows.
pub(super) async fn workbook(
    mut source: Source,
    mut sink: Sink,
    recipient: Option<&Recipient>,
    stops: &(dyn Fn() -> bool + Sync),
) -> Result<Whole, Stopped> {
    let heading = source.next_chunk().await?.map(|chunk| chunk.bytes.to_vec());
    let out = Out::new(recipient).map_err(unwritten)?;
    let mut book = Book::new(out, heading.unwrap_or_default());
    while let Some(chunk) = source.next_chunk().await? {
        if stops() {
            return Err(Stopped::Stopping);
        }
        book.rows(&chunk.bytes, chunk.rows).map_err(unwritten)?;
        sink.take(&book.out().drain(), chunk.rows).await?;
    }
    let last = book.finish().and_then(Out::finish).map_err(unwritten)?;
    sink.take(&last, 0).await?;
    sink.finish().await
}

fn unwritten(error: io::Error) -> StoreError {
    StoreError::Inconsistent(format!("a file could not be written: {error}"))
}
