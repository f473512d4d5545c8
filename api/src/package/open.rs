//! Opening a package: only what a package is made of, and nothing besides.

use std::fmt;
use std::io::{self, BufReader, Read};

use takedown_core::package::Member;
use takedown_core::text::visible;

use super::bytes::{BUFFER, ReadAt, Slice, Unpacked, exactly};
use super::layout::{
    self, CENTRAL_SIGNATURE, DESCRIPTOR, ELSEWHERE, END, END_SIGNATURE, Head, Part, descriptor,
    local,
};
use super::write::packs;

/// What age files begin with.
const AGE: &[u8] = b"age-encryption.org/";
/// A directory of a package is far smaller.
const MOST_DIRECTORY: u64 = 1 << 16;
/// Something that does not fit, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// In which member; none for the file as a whole.
    pub member: Option<Member>,
    /// In which line of it, from 1.
    pub line: Option<u64>,
    /// What.
    pub what: String,
}

impl Fault {
    /// Of the file as a whole.
    pub(super) fn file(what: impl Into<String>) -> Self {
        Self {
            member: None,
            line: None,
            what: what.into(),
        }
    }

    /// Of a member.
    pub(super) fn of(member: Member, what: impl ToString) -> Self {
        Self {
            member: Some(member),
            line: None,
            what: what.to_string(),
        }
    }

    /// In a line of it.
    pub(super) const fn at(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.member, self.line) {
            (Some(member), Some(line)) => write!(f, "{member}, line {line}: {}", self.what),
            (Some(member), None) => write!(f, "{member}: {}", self.what),
            (None, _) => f.write_str(&self.what),
        }
    }
}

/// A package whose form is right.
pub(super) struct Package<'b, B> {
    bytes: &'b B,
    parts: Vec<Part>,
}

impl<'b, B: ReadAt> Package<'b, B> {
    /// Reads where everything is.
    ///
    /// # Errors
    /// [`Fault`] where it is not as the exchange writes it.
    pub(super) fn open(bytes: &'b B) -> io::Result<Result<Self, Fault>> {
        let length = bytes.length();
        let mut begins = [0; AGE.len()];
        let begin = exactly(bytes, 0, &mut begins)?;
        if begin && begins == AGE {
            return Ok(Err(Fault::file(
                "the file is encrypted: decrypt it with your key first (age --decrypt --identity KEY --output PACKAGE.zip FILE)",
            )));
        }
        let cut_short = || {
            Fault::file(format!(
                "the file of {length} bytes does not end as a package does: it is cut short, or something was put behind it"
            ))
        };
        let mut end = [0; END as usize];
        let Some(at_end) = length.checked_sub(END) else {
            return Ok(Err(cut_short()));
        };
        exactly(bytes, at_end, &mut end)?;
        if four(&end, 0) != Some(END_SIGNATURE) {
            return Ok(Err(cut_short()));
        }
        let at = match four(&end, 16) {
            Some(ELSEWHERE) => wide_directory(bytes, at_end)?,
            Some(at) => Some(u64::from(at)),
            None => None,
        };
        let size = at.and_then(|at| length.checked_sub(at));
        let (Some(at), Some(size)) = (at, size.filter(|size| *size <= MOST_DIRECTORY)) else {
            return Ok(Err(Fault::file(
                "its directory is not where a package has it",
            )));
        };
        let mut directory = vec![0; usize::try_from(size).unwrap_or_default()];
        exactly(bytes, at, &mut directory)?;
        let parts = match listed(&directory) {
            Ok(parts) => parts,
            Err(fault) => return Ok(Err(fault)),
        };
        if layout::directory(&parts, at) != directory {
            return Ok(Err(Fault::file(
                "its directory is not the one that the exchange writes: it was packed again, or something was put into it",
            )));
        }
        Ok(placed(bytes, &parts, at)?.map(|()| Self { bytes, parts }))
    }

    fn part(&self, member: Member) -> Option<&Part> {
        self.parts
            .iter()
            .find(|part| part.head.name == member.as_str())
    }

    /// Bytes of a member, unpacked.
    pub(super) fn length(&self, member: Member) -> u64 {
        self.part(member).map_or(0, |part| part.bytes)
    }

    /// The member as it lies in the file.
    pub(super) fn slice(&self, member: Member) -> Slice<'b, B> {
        let (at, packed) = self
            .part(member)
            .map_or((0, 0), |part| (content(part), part.packed));
        Slice::of(self.bytes, at, at + packed)
    }

    /// The member, to be read from its beginning to its end.
    pub(super) fn read(&self, member: Member) -> BufReader<Box<dyn Read + 'b>> {
        let slice = self.slice(member);
        let read: Box<dyn Read + 'b> = if packs(member) {
            Box::new(Unpacked::of(slice))
        } else {
            Box::new(slice)
        };
        BufReader::with_capacity(BUFFER, read)
    }

    /// The whole of a member that is small.
    ///
    /// # Errors
    /// [`Fault`] when it is larger than `most`, or cannot be unpacked.
    pub(super) fn whole(&self, member: Member, most: u64) -> Result<Vec<u8>, Fault> {
        if self.length(member) > most {
            return Err(Fault::of(
                member,
                format!("has {} bytes; it has at most {most}", self.length(member)),
            ));
        }
        let mut all = Vec::new();
        let read = self.read(member).read_to_end(&mut all);
        read.map_err(|error| Fault::of(member, error))?;
        Ok(all)
    }
}

fn two(bytes: &[u8], at: usize) -> Option<u16> {
    let field = bytes.get(at..at + 2)?.try_into().ok()?;
    Some(u16::from_le_bytes(field))
}

fn four(bytes: &[u8], at: usize) -> Option<u32> {
    let field = bytes.get(at..at + 4)?.try_into().ok()?;
    Some(u32::from_le_bytes(field))
}

fn eight(bytes: &[u8], at: usize) -> Option<u64> {
    let field = bytes.get(at..at + 8)?.try_into().ok()?;
    Some(u64::from_le_bytes(field))
}

/// Where the directory is when 32 bits cannot say so: behind it come 56 bytes that can, and 20 that say where these are.
fn wide_directory(bytes: &impl ReadAt, at_end: u64) -> io::Result<Option<u64>> {
    let mut wide = [0; 56];
    let Some(at) = at_end.checked_sub(76) else {
        return Ok(None);
    };
    exactly(bytes, at, &mut wide)?;
    Ok(eight(&wide, 48))
}

/// The members that a directory lists, which must be those of a package in their order.
fn listed(directory: &[u8]) -> Result<Vec<Part>, Fault> {
    let mut parts = Vec::new();
    let mut at = 0;
    while four(directory, at) == Some(CENTRAL_SIGNATURE) {
        let broken = || Fault::file("its directory breaks off");
        let field = |place| {
            two(directory, at + place)
                .map(usize::from)
                .ok_or_else(broken)
        };
        let (name, extra, comment) = (field(28)?, field(30)?, field(32)?);
        let begins = at + 46;
        let found = directory.get(begins..begins + name).ok_or_else(broken)?;
        let found = String::from_utf8_lossy(found);
        let wanted = Member::ALL.get(parts.len()).copied();
        let Some(member) = wanted.filter(|member| member.as_str() == found) else {
            return Err(Fault::file(misplaced(&found, &parts, wanted)));
        };
        let narrow = |place| four(directory, at + place).ok_or_else(broken);
        let mut wide = begins + name + 4;
        let mut number = |place| -> Result<u64, Fault> {
            match narrow(place)? {
                ELSEWHERE => {
                    wide += 8;
                    eight(directory, wide - 8).ok_or_else(broken)
                }
                small => Ok(small.into()),
            }
        };
        let (bytes, packed, place) = (number(24)?, number(20)?, number(42)?);
        parts.push(Part {
            head: Head {
                name: member.as_str().to_owned(),
                packs: packs(member),
            },
            at: place,
            packed,
            bytes,
            crc: narrow(16)?,
        });
        at = begins + name + extra + comment;
    }
    match Member::ALL.get(parts.len()) {
        Some(missing) => Err(Fault::file(format!("the member {missing} is missing"))),
        None => Ok(parts),
    }
}

fn misplaced(found: &str, parts: &[Part], wanted: Option<Member>) -> String {
    let known = Member::ALL.iter().any(|member| member.as_str() == found);
    let found = visible(found);
    let wanted = wanted.map_or("nothing more", Member::as_str);
    if parts.iter().any(|part| part.head.name == found) {
        format!("the member {found} is there twice")
    } else if known {
        format!("the member {found} stands where {wanted} belongs: it was packed again")
    } else {
        format!("the member {found} does not belong to a package; here belongs {wanted}")
    }
}

/// Where the bytes of a member begin.
fn content(part: &Part) -> u64 {
    part.at.saturating_add(local(&part.head).len() as u64)
}

/// Checks that the members lie one behind the other from the beginning of the file to its directory, with nothing between them.
fn placed(bytes: &impl ReadAt, parts: &[Part], directory: u64) -> io::Result<Result<(), Fault>> {
    let mut at = 0;
    for (part, member) in parts.iter().zip(Member::ALL.iter().copied()) {
        let between = || {
            Ok(Err(Fault::of(
                member,
                "something stands before it that is no member: it was packed again",
            )))
        };
        let head = local(&part.head);
        let end = content(part).checked_add(part.packed);
        let whole = part.at == at && (part.head.packs || part.packed == part.bytes);
        let (true, Some(end)) = (whole, end) else {
            return between();
        };
        let mut found = vec![0; head.len()];
        if !exactly(bytes, at, &mut found)? || found != head {
            return Ok(Err(Fault::of(
                member,
                "its header is not the one that the exchange writes: it was packed again",
            )));
        }
        let tail = descriptor(part);
        let mut found = vec![0; tail.len()];
        if !exactly(bytes, end, &mut found)? || found != tail {
            return Ok(Err(Fault::of(
                member,
                "what stands behind it does not agree with the directory: the file was changed there, or packed again",
            )));
        }
        at = end + DESCRIPTOR;
    }
    if at != directory {
        return Ok(Err(Fault::file(
            "something stands between the last member and the directory",
        )));
    }
    Ok(Ok(()))
}
