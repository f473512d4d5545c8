//! Bytes that are read by position: a file, parts of it, and what is packed in them.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use flate2::read::DeflateDecoder;

/// So much is read at once.
pub(super) const BUFFER: usize = 1 << 16;

/// Bytes that are read by their position.
pub trait ReadAt {
    /// Reads what stands at a position, as much as is there and fits.
    ///
    /// # Errors
    /// Those of whatever holds them.
    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<usize>;

    /// How many there are.
    fn length(&self) -> u64;
}

/// A file, opened to be read by position.
#[derive(Debug)]
pub struct Opened {
    file: File,
    length: u64,
}

impl Opened {
    /// Opens a file.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        Ok(Self { file, length })
    }
}

impl ReadAt for Opened {
    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<usize> {
        std::os::unix::fs::FileExt::read_at(&self.file, into, at)
    }

    fn length(&self) -> u64 {
        self.length
    }
}

/// Part of a file, read from its beginning to its end.
pub(super) struct Slice<'b, B> {
    bytes: &'b B,
    at: u64,
    end: u64,
}

impl<'b, B: ReadAt> Slice<'b, B> {
    /// From a byte on, and before another.
    pub(super) const fn of(bytes: &'b B, at: u64, end: u64) -> Self {
        Self { bytes, at, end }
    }

    /// Reads at a place of it without moving.
    pub(super) fn peek(&self, at: u64, into: &mut [u8]) -> io::Result<bool> {
        exactly(self.bytes, self.at + at, into)
    }

    /// How much is left of it.
    pub(super) const fn left(&self) -> u64 {
        self.end - self.at
    }
}

impl<B: ReadAt> Read for Slice<'_, B> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left()).unwrap_or(usize::MAX);
        let wanted = into.len().min(most);
        let read = self.bytes.read_at(self.at, &mut into[..wanted])?;
        if read == 0 && wanted > 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.at += read as u64;
        Ok(read)
    }
}

/// Whether there were bytes enough at a position.
pub(super) fn exactly(bytes: &impl ReadAt, mut at: u64, mut into: &mut [u8]) -> io::Result<bool> {
    while !into.is_empty() {
        let read = bytes.read_at(at, into)?;
        if read == 0 {
            return Ok(false);
        }
        at += read as u64;
        into = &mut into[read..];
    }
    Ok(true)
}

/// What is packed in a part (deflate), and nothing behind it.
pub(super) struct Unpacked<'b, B: ReadAt> {
    decoder: DeflateDecoder<BufReader<Slice<'b, B>>>,
    packed: u64,
}

impl<'b, B: ReadAt> Unpacked<'b, B> {
    pub(super) fn of(slice: Slice<'b, B>) -> Self {
        Self {
            packed: slice.left(),
            decoder: DeflateDecoder::new(BufReader::with_capacity(BUFFER, slice)),
        }
    }
}

impl<B: ReadAt> Read for Unpacked<'_, B> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.decoder.read(into)?;
        if read == 0 && !into.is_empty() && self.decoder.total_in() != self.packed {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "something stands behind its end",
            ));
        }
        Ok(read)
    }
}
