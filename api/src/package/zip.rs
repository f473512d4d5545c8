//! Writing a zip from its first byte to its last, into anything that takes bytes.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::DeflateEncoder;

use super::layout::{Head, Part, descriptor, directory, local};

/// Writes members one after the other. It holds what deflate needs and nothing of a member.
pub struct Zip<W> {
    out: W,
    at: u64,
    parts: Vec<Part>,
    open: Option<Open>,
}

struct Open {
    head: Head,
    at: u64,
    crc: crc32fast::Hasher,
    bytes: u64,
    packed: u64,
    deflate: Option<DeflateEncoder<Vec<u8>>>,
}

impl<W: Write> Zip<W> {
    /// Into `out`.
    pub const fn new(out: W) -> Self {
        Self {
            out,
            at: 0,
            parts: Vec::new(),
            open: None,
        }
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(bytes)?;
        self.at += bytes.len() as u64;
        Ok(())
    }

    /// Whether a member was begun and not ended.
    pub const fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Begins a member, packed or as it is.
    ///
    /// # Errors
    /// Those of `out`, and when one is open.
    pub fn begin(&mut self, name: &str, packs: bool) -> io::Result<()> {
        if self.is_open() {
            return Err(io::Error::other("a member was begun and not ended"));
        }
        let head = Head {
            name: name.to_owned(),
            packs,
        };
        let at = self.at;
        self.put(&local(&head))?;
        self.open = Some(Open {
            head,
            at,
            crc: crc32fast::Hasher::new(),
            bytes: 0,
            packed: 0,
            deflate: packs.then(|| DeflateEncoder::new(Vec::new(), Compression::default())),
        });
        Ok(())
    }

    /// Writes on the member that is open; `bytes` may be any part of it.
    ///
    /// # Errors
    /// Those of `out`, and when none is open.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let Some(mut open) = self.open.take() else {
            return Err(nothing_begun());
        };
        open.crc.update(bytes);
        open.bytes += bytes.len() as u64;
        match &mut open.deflate {
            Some(deflate) => {
                deflate.write_all(bytes)?;
                let packed = std::mem::take(deflate.get_mut());
                open.packed += packed.len() as u64;
                self.put(&packed)?;
            }
            None => {
                open.packed += bytes.len() as u64;
                self.put(bytes)?;
            }
        }
        self.open = Some(open);
        Ok(())
    }

    /// Ends the member that is open.
    ///
    /// # Errors
    /// As [`Zip::write`].
    pub fn end(&mut self) -> io::Result<()> {
        let Some(mut open) = self.open.take() else {
            return Err(nothing_begun());
        };
        if let Some(deflate) = open.deflate.take() {
            let packed = deflate.finish()?;
            open.packed += packed.len() as u64;
            self.put(&packed)?;
        }
        let part = Part {
            head: open.head,
            at: open.at,
            packed: open.packed,
            bytes: open.bytes,
            crc: open.crc.finalize(),
        };
        self.put(&descriptor(&part))?;
        self.parts.push(part);
        Ok(())
    }

    /// What it writes into.
    pub const fn out(&mut self) -> &mut W {
        &mut self.out
    }

    /// Writes the end of the file.
    ///
    /// # Errors
    /// Those of `out`, and when a member is open.
    pub fn finish(mut self) -> io::Result<W> {
        if self.is_open() {
            return Err(io::Error::other("a member was begun and not ended"));
        }
        let end = directory(&self.parts, self.at);
        self.put(&end)?;
        Ok(self.out)
    }
}

fn nothing_begun() -> io::Error {
    io::Error::other("no member was begun")
}
