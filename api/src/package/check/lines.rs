//! Reading a member line by line, with its digest.

use std::io::{BufRead, BufReader, Read};

use sha2::{Digest as _, Sha256};
use takedown_core::history::Digest;
use takedown_core::package::{Manifest, Member};

use super::Say;
use crate::package::open::Fault;

/// No line of the exchange is longer, and no more of one is held.
const MOST: u64 = 16 << 20;

/// The digest of a member that is read piece by piece.
#[derive(Default)]
pub(super) struct Running {
    digest: Sha256,
    bytes: u64,
}

impl Running {
    pub(super) fn take(&mut self, bytes: &[u8]) {
        self.digest.update(bytes);
        self.bytes += bytes.len() as u64;
    }

    /// Compares what was read with what was written.
    pub(super) fn compare(self, manifest: &Manifest, member: Member, say: &mut Say<'_>) {
        let found = Digest::from_bytes(self.digest.finalize().into());
        let what = match manifest.made(member) {
            None => "the manifest has no digest of it".to_owned(),
            Some(made) if made.bytes != self.bytes || made.sha256 != found => format!(
                "it was changed: it has {} bytes with the SHA-256 digest {found}, the exchange made {} with {}",
                self.bytes, made.bytes, made.sha256
            ),
            Some(_) => return,
        };
        say.fault(&Fault::of(member, what));
    }
}

/// The lines of a member, one at a time.
pub(super) struct Lines<'b> {
    reader: BufReader<Box<dyn Read + 'b>>,
    member: Member,
    running: Running,
    number: u64,
    line: Vec<u8>,
}

impl<'b> Lines<'b> {
    pub(super) fn new(member: Member, reader: BufReader<Box<dyn Read + 'b>>) -> Self {
        Self {
            reader,
            member,
            running: Running::default(),
            number: 0,
            line: Vec::new(),
        }
    }

    /// The number of the line that was read last, from 1.
    pub(super) const fn number(&self) -> u64 {
        self.number
    }

    /// Something that does not fit in the line that was read last.
    pub(super) fn fault(&self, what: impl ToString) -> Fault {
        Fault::of(self.member, what).at(self.number)
    }

    /// Reads the next line; false after the last.
    ///
    /// # Errors
    /// [`Fault`] when it cannot be unpacked, has no end, or is longer than any.
    pub(super) fn advance(&mut self, say: &mut Say<'_>) -> Result<bool, Fault> {
        self.line.clear();
        self.number += 1;
        let read = (&mut self.reader)
            .take(MOST)
            .read_until(b'\n', &mut self.line);
        let read = read
            .map_err(|error| self.fault(format!("it cannot be unpacked from here on: {error}")))?;
        if read == 0 {
            self.number -= 1;
            return Ok(false);
        }
        self.running.take(&self.line);
        say.saw(read as u64);
        if self.line.last() != Some(&b'\n') {
            return Err(self.fault("the line has no end"));
        }
        Ok(true)
    }

    /// The line that was read last.
    pub(super) fn line(&self) -> &[u8] {
        &self.line
    }

    /// Reads what is left and gives the digest of it all.
    pub(super) fn finish(mut self, say: &mut Say<'_>) -> Result<Running, Fault> {
        while self.advance(say)? {}
        Ok(self.running)
    }
}
