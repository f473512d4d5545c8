//! Crockford base32 of 128 bits as TypeID has it: 26 characters, the two spare bits in front.
//!
//! General base32 libraries pad at the end, TypeID pads at the start, hence these few lines.

/// The alphabet: digits and letters without I, L, O, U.
pub(super) const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Why a suffix cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Base32Error {
    Length(usize),
    Character(char),
    Overflow,
}

/// The value of a lower-case character.
pub(super) const fn value(byte: u8) -> Option<u8> {
    const VALUES: [u8; 128] = {
        let mut values = [u8::MAX; 128];
        let mut i = 0;
        while i < 32 {
            values[ALPHABET[i] as usize] = i as u8;
            i += 1;
        }
        values
    };
    if byte < 128 && VALUES[byte as usize] != u8::MAX {
        Some(VALUES[byte as usize])
    } else {
        None
    }
}

/// Writes 128 bits into the buffer and gives them back as text.
pub(super) fn encode(mut bits: u128, buffer: &mut [u8; 26]) -> &str {
    for place in buffer.iter_mut().rev() {
        *place = ALPHABET[(bits & 31) as usize];
        bits >>= 5;
    }
    // The alphabet is ASCII.
    std::str::from_utf8(buffer).unwrap_or_default()
}

/// Reads 26 lower-case characters.
pub(super) fn decode(s: &str) -> Result<u128, Base32Error> {
    if let Some(c) = s
        .chars()
        .find(|c| u8::try_from(*c).ok().and_then(value).is_none())
    {
        return Err(Base32Error::Character(c));
    }
    if s.len() != 26 {
        return Err(Base32Error::Length(s.len()));
    }
    let mut bits = 0u128;
    for (place, digit) in s.bytes().filter_map(value).enumerate() {
        if place == 0 && digit > 7 {
            return Err(Base32Error::Overflow);
        }
        bits = (bits << 5) | u128::from(digit);
    }
    Ok(bits)
}
