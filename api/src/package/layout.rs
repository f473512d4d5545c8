//! What stands round the members (PKWARE APPNOTE 6.3.9): no times, no comments, no attributes of anybody's disk.

/// A member before its bytes: what its header says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) name: String,
    /// Whether it is packed (deflate).
    pub(super) packs: bool,
}

/// Where a member lies, and what it unpacks to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) head: Head,
    /// Where its header begins.
    pub(super) at: u64,
    /// Its bytes in the file.
    pub(super) packed: u64,
    /// Its bytes.
    pub(super) bytes: u64,
    /// CRC-32 of these.
    pub(super) crc: u32,
}

/// Of what is behind a member: signature, CRC-32, and both sizes in 64 bits (4.3.9).
pub(super) const DESCRIPTOR: u64 = 24;
/// Of the end of the file (4.3.16), which has no comment.
pub(super) const END: u64 = 22;
/// What a 32-bit field says when the number stands elsewhere in 64 bits.
pub(super) const ELSEWHERE: u32 = u32::MAX;

pub(super) const CENTRAL_SIGNATURE: u32 = 0x0201_4b50;
pub(super) const END_SIGNATURE: u32 = 0x0605_4b50;
const LOCAL_SIGNATURE: u32 = 0x0403_4b50;
const DESCRIPTOR_SIGNATURE: u32 = 0x0807_4b50;
const END_64_SIGNATURE: u32 = 0x0606_4b50;
const LOCATOR_SIGNATURE: u32 = 0x0706_4b50;
/// 4.5: sizes of 64 bits. Made on a system with Unix permissions.
const NEEDED: u16 = 45;
const MADE_BY: u16 = 3 << 8 | NEEDED;
/// Sizes are behind the member (bit 3), names in UTF-8 (bit 11).
const FLAGS: u16 = 1 << 3 | 1 << 11;
/// Midnight, 1980-01-01: the first instant there is.
const TIME: [u16; 2] = [0, 0x0021];
/// A file that its owner writes and everybody reads.
const ATTRIBUTES: u32 = 0o100_644 << 16;

struct Fields(Vec<u8>);

impl Fields {
    fn new() -> Self {
        Self(Vec::new())
    }

    fn two(mut self, values: impl IntoIterator<Item = u16>) -> Self {
        values
            .into_iter()
            .for_each(|value| self.0.extend_from_slice(&value.to_le_bytes()));
        self
    }

    fn four(mut self, values: impl IntoIterator<Item = u32>) -> Self {
        values
            .into_iter()
            .for_each(|value| self.0.extend_from_slice(&value.to_le_bytes()));
        self
    }

    fn eight(mut self, values: impl IntoIterator<Item = u64>) -> Self {
        values
            .into_iter()
            .for_each(|value| self.0.extend_from_slice(&value.to_le_bytes()));
        self
    }

    fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(bytes);
        self
    }
}

/// Names and lists are short here.
fn short(length: usize) -> u16 {
    u16::try_from(length).unwrap_or(u16::MAX)
}

/// As 32 bits, or the sign that it stands elsewhere.
fn narrow(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(ELSEWHERE)
}

impl Head {
    fn method(&self) -> u16 {
        if self.packs { 8 } else { 0 }
    }
}

/// The header before a member (4.3.7).
pub(super) fn local(head: &Head) -> Vec<u8> {
    let name = head.name.as_bytes();
    Fields::new()
        .four([LOCAL_SIGNATURE])
        .two([NEEDED, FLAGS, head.method()])
        .two(TIME)
        .four([0, ELSEWHERE, ELSEWHERE])
        .two([short(name.len()), 20])
        .bytes(name)
        // 4.5.3: that the sizes behind the member have 64 bits.
        .two([1, 16])
        .eight([0, 0])
        .0
}

/// What stands behind a member (4.3.9).
pub(super) fn descriptor(part: &Part) -> Vec<u8> {
    Fields::new()
        .four([DESCRIPTOR_SIGNATURE, part.crc])
        .eight([part.packed, part.bytes])
        .0
}

fn central(part: &Part) -> Vec<u8> {
    let name = part.head.name.as_bytes();
    let wide: Vec<u64> = [part.bytes, part.packed, part.at]
        .into_iter()
        .filter(|number| narrow(*number) == ELSEWHERE)
        .collect();
    let extra = match wide.len() {
        0 => Fields::new(),
        count => Fields::new().two([1, short(count * 8)]).eight(wide),
    };
    Fields::new()
        .four([CENTRAL_SIGNATURE])
        .two([MADE_BY, NEEDED, FLAGS, part.head.method()])
        .two(TIME)
        .four([part.crc, narrow(part.packed), narrow(part.bytes)])
        .two([short(name.len()), short(extra.0.len()), 0, 0, 0])
        .four([ATTRIBUTES, narrow(part.at)])
        .bytes(name)
        .bytes(&extra.0)
        .0
}

/// The directory and the end of the file (4.3.12 to 4.3.16), which begin at `at`.
pub(super) fn directory(parts: &[Part], at: u64) -> Vec<u8> {
    let list: Vec<u8> = parts.iter().flat_map(central).collect();
    let (count, size) = (
        short(parts.len()),
        u64::try_from(list.len()).unwrap_or(u64::MAX),
    );
    let mut directory = Fields::new().bytes(&list);
    if narrow(at) == ELSEWHERE {
        directory = directory
            .four([END_64_SIGNATURE])
            .eight([44])
            .two([MADE_BY, NEEDED])
            .four([0, 0])
            .eight([count.into(), count.into(), size, at])
            .four([LOCATOR_SIGNATURE, 0])
            .eight([at.saturating_add(size)])
            .four([1]);
    }
    directory
        .four([END_SIGNATURE])
        .two([0, 0, count, count])
        .four([narrow(size), narrow(at)])
        .two([0])
        .0
}
