//! Files that are the rows and nothing else: as they are, in a workbook, or in a table.

use std::io::{self, Write as _};

use bytes::Bytes;

use super::out::Out;
use super::sink::{Sink, Stopped, Whole};
use super::source::Source;
use super::table::Table;
use super::workbook::Book;
use crate::store::StoreError;

/// What takes rows and makes a file of them.
pub(super) trait Container: Send {
    /// Takes a chunk of rows, and how many they are.
    fn rows(&mut self, chunk: Bytes, count: u64) -> io::Result<()>;
    /// What of the file is ready to be stored.
    fn ready(&mut self) -> io::Result<Vec<u8>>;
    /// The rest of the file.
    fn finish(self) -> io::Result<Vec<u8>>;
}

impl Container for Out {
    fn rows(&mut self, chunk: Bytes, _: u64) -> io::Result<()> {
        self.write_all(&chunk)
    }

    fn ready(&mut self) -> io::Result<Vec<u8>> {
        Ok(self.drain())
    }

    fn finish(self) -> io::Result<Vec<u8>> {
        Self::finish(self)
    }
}

impl Container for Book<Out> {
    fn rows(&mut self, chunk: Bytes, count: u64) -> io::Result<()> {
        Self::rows(self, &chunk, count)
    }

    fn ready(&mut self) -> io::Result<Vec<u8>> {
        Ok(self.out().drain())
    }

    fn finish(self) -> io::Result<Vec<u8>> {
        Self::finish(self)?.finish()
    }
}

impl Container for Table<Out> {
    fn rows(&mut self, chunk: Bytes, _: u64) -> io::Result<()> {
        Self::rows(self, chunk)
    }

    fn ready(&mut self) -> io::Result<Vec<u8>> {
        Ok(self.out()?.drain())
    }

    fn finish(self) -> io::Result<Vec<u8>> {
        Self::finish(self)?.finish()
    }
}

/// Makes the file.
pub(super) async fn fill(
    mut container: impl Container,
    mut source: Source,
    mut sink: Sink,
    stops: &(dyn Fn() -> bool + Sync),
) -> Result<Whole, Stopped> {
    let pace = source.aside().pace().clone();
    while let Some(chunk) = source.next_step().await? {
        if stops() {
            return Err(Stopped::Stopping);
        }
        let ready = pace.work(|| {
            if !chunk.bytes.is_empty() {
                container.rows(chunk.bytes, chunk.rows)?;
            }
            container.ready()
        });
        sink.take(&ready.map_err(unwritten)?, chunk.rows).await?;
    }
    let last = pace.work(|| container.finish()).map_err(unwritten)?;
    sink.take(&last, 0).await?;
    sink.finish().await
}

/// What a file could not be written for.
pub(super) fn unwritten(error: io::Error) -> StoreError {
    StoreError::Inconsistent(format!("a file could not be written: {error}"))
}
