//! Which requests a package has, and in which version: noted while the rows are read, and read again for their entries. They are
//! kept beside the file that is being made and not in memory, however many they are.

use bytes::Bytes;
use takedown_core::id::RequestId;
use uuid::Uuid;

use super::sink::{PIECE, Sink, Stopped};
use super::source::patiently;
use crate::app::parties::parsed;
use crate::app::{Cx, Error};
use crate::store::StoreError;
use crate::store::exports::{self, NOTES};

/// Bytes of a note: the identifier (16) and the version (4, the highest first).
const NOTE: usize = 20;

/// Notes on their way to the database.
#[derive(Default)]
pub(super) struct Notes {
    /// The request that was noted last; a later row may show a later version of it.
    last: Option<(RequestId, i32)>,
    waiting: Vec<u8>,
    pieces: i32,
    count: u64,
}

impl Notes {
    /// Notes the requests of some rows.
    pub(super) async fn take(
        &mut self,
        requests: Vec<(String, i32)>,
        sink: &Sink,
    ) -> Result<(), Stopped> {
        for (request, version) in requests {
            let request: RequestId = parsed("request id", &request)?;
            match &mut self.last {
                Some((last, noted)) if *last == request => *noted = version,
                _ => {
                    self.settle();
                    self.last = Some((request, version));
                    self.count += 1;
                }
            }
        }
        if self.waiting.len() >= PIECE {
            self.store(sink).await?;
        }
        Ok(())
    }

    fn settle(&mut self) {
        if let Some((request, version)) = self.last.take() {
            self.waiting.extend_from_slice(request.uuid().as_bytes());
            self.waiting.extend_from_slice(&version.to_be_bytes());
        }
    }

    async fn store(&mut self, sink: &Sink) -> Result<(), Stopped> {
        let piece = Bytes::from(std::mem::take(&mut self.waiting));
        sink.put(NOTES, self.pieces, piece).await?;
        self.pieces += 1;
        Ok(())
    }

    /// Stores what is left; how many requests there were.
    pub(super) async fn finish(mut self, sink: &Sink) -> Result<u64, Stopped> {
        self.settle();
        if !self.waiting.is_empty() {
            self.store(sink).await?;
        }
        Ok(self.count)
    }
}

/// A piece of the notes of a file, counted from 0; none after the last.
pub(super) async fn piece(
    cx: &Cx,
    id: &str,
    position: i32,
) -> Result<Option<Vec<(RequestId, i32)>>, Error> {
    let bytes: Option<Vec<u8>> = patiently(|| {
        let id = id.to_owned();
        async move {
            cx.store
                .read(move |conn| exports::piece(conn, &id, (NOTES, position)))
                .await
                .map_err(Error::Store)
        }
    })
    .await?;
    bytes.map(|bytes| notes(&bytes)).transpose()
}

fn notes(bytes: &[u8]) -> Result<Vec<(RequestId, i32)>, Error> {
    let (notes, rest) = bytes.as_chunks::<NOTE>();
    if !rest.is_empty() {
        return Err(StoreError::Inconsistent("the notes of an export are cut short".into()).into());
    }
    let read = |note: &[u8; NOTE]| {
        let (mut id, mut version) = ([0; 16], [0; 4]);
        id.copy_from_slice(&note[..16]);
        version.copy_from_slice(&note[16..]);
        let request = RequestId::from_uuid(Uuid::from_bytes(id));
        (request, i32::from_be_bytes(version))
    };
    Ok(notes.iter().map(read).collect())
}
