//! Text in whatever encoding, character by character.

use std::io::{self, Read};

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::Look;

/// Which encoding a text is in, and how that is known.
pub(super) fn encoding(
    look: &Look,
    asked: Option<&'static Encoding>,
) -> (&'static Encoding, &'static str) {
    if let Some((found, _)) = Encoding::for_bom(&look.head) {
        return (found, "by its first bytes");
    }
    if let Some(asked) = asked {
        return (asked, "as the mapping says");
    }
    // Of Latin text in UTF-16 every other byte is zero.
    let zeros = |from: usize| {
        let some = look.head.iter().skip(from).step_by(2).take(200);
        let (count, zeros) = some.fold((0, 0), |(n, z), byte| (n + 1, z + usize::from(*byte == 0)));
        count > 3 && zeros * 2 > count
    };
    if zeros(1) && !zeros(0) {
        return (UTF_16LE, "by its zero bytes");
    }
    if zeros(0) && !zeros(1) {
        return (UTF_16BE, "by its zero bytes");
    }
    if look.is_utf8() {
        return (UTF_8, "all of it is valid");
    }
    (
        WINDOWS_1252,
        "it is not UTF-8, and nothing was said; `encoding` in the mapping names another",
    )
}

/// The characters of a file.
pub(super) struct Chars<R> {
    from: R,
    decoder: Decoder,
    bytes: Vec<u8>,
    text: String,
    at: usize,
    end: bool,
    /// Bytes read so far.
    pub(super) read: u64,
    /// Whether something could not be decoded.
    pub(super) broken: bool,
}

impl<R: Read> Chars<R> {
    pub(super) fn new(from: R, encoding: &'static Encoding) -> Self {
        Self {
            from,
            decoder: encoding.new_decoder_with_bom_removal(),
            bytes: vec![0; 1 << 14],
            text: String::with_capacity(1 << 16),
            at: 0,
            end: false,
            read: 0,
            broken: false,
        }
    }

    /// The next character; none at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<char>> {
        loop {
            if let Some(found) = self
                .text
                .get(self.at..)
                .and_then(|left| left.chars().next())
            {
                self.at += found.len_utf8();
                return Ok(Some(found));
            }
            if self.end {
                return Ok(None);
            }
            self.fill()?;
        }
    }

    /// What comes next, without taking it.
    pub(super) fn peek(&mut self) -> io::Result<Option<char>> {
        let found = self.next()?;
        self.at -= found.map_or(0, char::len_utf8);
        Ok(found)
    }

    fn fill(&mut self) -> io::Result<()> {
        self.text.clear();
        self.at = 0;
        let count = self.from.read(&mut self.bytes)?;
        self.read += count as u64;
        let last = count == 0;
        let mut bytes = &self.bytes[..count];
        loop {
            let (result, used, broken) = self.decoder.decode_to_string(bytes, &mut self.text, last);
            self.broken |= broken;
            bytes = &bytes[used..];
            match result {
                CoderResult::InputEmpty => break,
                CoderResult::OutputFull => self.text.reserve(1 << 14),
            }
        }
        self.end = last;
        Ok(())
    }
}
