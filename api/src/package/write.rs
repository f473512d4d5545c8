//! Writing a package: its members in their order, with their digests.

use std::io::{self, Write};

use sha2::{Digest as _, Sha256};
use takedown_core::history::Digest;
use takedown_core::package::{Made, Member};

use super::zip::Zip;

/// Writes the members of a package, one after the other.
pub struct Writer<W> {
    zip: Zip<W>,
    digest: Sha256,
    bytes: u64,
    made: Vec<Made>,
}

/// Whether a member is packed. Hashes cannot be, and the proof is read by position.
pub(super) const fn packs(member: Member) -> bool {
    matches!(member, Member::Rows | Member::Entries)
}

impl<W: Write> Writer<W> {
    /// Into `out`.
    pub fn new(out: W) -> Self {
        Self {
            zip: Zip::new(out),
            digest: Sha256::new(),
            bytes: 0,
            made: Vec::new(),
        }
    }

    /// Writes on the member that comes next; `bytes` may be any part of it.
    ///
    /// # Errors
    /// Those of `out`, and of a package that is complete.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if !self.zip.is_open() {
            let next = Member::ALL.get(self.made.len()).copied();
            let next = next.ok_or_else(|| io::Error::other("a package has no more members"))?;
            self.zip.begin(next.as_str(), packs(next))?;
        }
        self.digest.update(bytes);
        self.bytes += bytes.len() as u64;
        self.zip.write(bytes)
    }

    /// Ends a member, which must be the one that comes next.
    ///
    /// # Errors
    /// As [`Writer::write`].
    pub fn end(&mut self, member: Member) -> io::Result<()> {
        if Member::ALL.get(self.made.len()) != Some(&member) {
            return Err(io::Error::other(format!("{member} does not come next")));
        }
        // A member without a byte has a header, too.
        self.write(&[])?;
        self.zip.end()?;
        self.made.push(Made {
            name: member,
            bytes: std::mem::take(&mut self.bytes),
            sha256: Digest::from_bytes(self.digest.finalize_reset().into()),
        });
        Ok(())
    }

    /// Writes a whole member.
    ///
    /// # Errors
    /// As [`Writer::write`].
    pub fn whole(&mut self, member: Member, bytes: &[u8]) -> io::Result<()> {
        self.write(bytes)?;
        self.end(member)
    }

    /// The members that are written, with their digests.
    pub fn made(&self) -> &[Made] {
        &self.made
    }

    /// What it writes into.
    pub const fn out(&mut self) -> &mut W {
        self.zip.out()
    }

    /// Writes the end of the file.
    ///
    /// # Errors
    /// Those of `out`, and when members are missing.
    pub fn finish(self) -> io::Result<W> {
        if self.made.len() != Member::ALL.len() {
            return Err(io::Error::other("members are missing"));
        }
        self.zip.finish()
    }
}
