//! The markup of a workbook, looked at before the library reads it and without keeping it: how long a piece of it is, which
//! the library would hold in memory, and the places of its cells, in which the library adds up whatever stands there.

/// The longest tag, remark or stretch of text, in bytes.
const MAX_PIECE: usize = 1 << 20;
/// The last row and column of a spreadsheet.
const LAST_ROW: u32 = 1_048_576;
const LAST_COLUMN: u32 = 16_384;

/// What is wrong with it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unsound {
    /// It is not of the form that spreadsheets have.
    Form,
    /// A cell or row is nowhere; after which row, and where it says that it is.
    Place { after: u32, says: String },
}

/// One part of a workbook, read piece by piece.
#[derive(Default)]
pub(super) struct Markup {
    /// Within `<` and `>`.
    inside: bool,
    piece: Vec<u8>,
    quote: Option<u8>,
    /// So much text since the last piece.
    text: usize,
    row: u32,
}

impl Markup {
    /// Goes on with these bytes.
    pub(super) fn read(&mut self, mut bytes: &[u8]) -> Result<(), Unsound> {
        while !bytes.is_empty() {
            if self.inside {
                let (first, rest) = (bytes[0], &bytes[1..]);
                self.take(first)?;
                bytes = rest;
                continue;
            }
            let text = bytes.iter().position(|byte| *byte == b'<');
            self.text += text.unwrap_or(bytes.len());
            if self.text > MAX_PIECE {
                return Err(Unsound::Form);
            }
            let Some(text) = text else { break };
            (self.inside, self.text) = (true, 0);
            bytes = &bytes[text + 1..];
        }
        Ok(())
    }

    fn take(&mut self, byte: u8) -> Result<(), Unsound> {
        self.piece.push(byte);
        if self.piece.len() > MAX_PIECE {
            return Err(Unsound::Form);
        }
        let ended = match (self.piece[0], byte) {
            (b'!' | b'?', b'>') => set_off(&self.piece)?,
            (b'!' | b'?', _) => false,
            // Neither is in any tag of a spreadsheet, and readers differ in what they make of it.
            (_, b'<') | (b'/', b'"' | b'\'') => return Err(Unsound::Form),
            (_, b'"' | b'\'') => {
                self.quote = match self.quote {
                    None => Some(byte),
                    Some(quote) => Some(quote).filter(|quote| *quote != byte),
                };
                false
            }
            (_, b'>') => self.quote.is_none(),
            _ => false,
        };
        if ended {
            let piece = std::mem::take(&mut self.piece);
            self.inside = false;
            self.tag(piece.strip_suffix(b">").unwrap_or(&piece))?;
            self.piece = piece;
            self.piece.clear();
        }
        Ok(())
    }

    /// Looks at the places that a tag names.
    fn tag(&mut self, tag: &[u8]) -> Result<(), Unsound> {
        let tag = tag.strip_suffix(b"/").unwrap_or(tag);
        let end = tag.iter().position(u8::is_ascii_whitespace);
        let (name, attributes) = tag.split_at(end.unwrap_or(tag.len()));
        let local = name.splitn(2, |byte| *byte == b':').last();
        match local {
            Some(b"row") => {
                let mut said = None;
                for place in values(attributes, b"r") {
                    said = Some(self.checked(place, row(place))?);
                }
                self.row = said.unwrap_or(self.row.saturating_add(1));
            }
            Some(b"c") => {
                for place in values(attributes, b"r") {
                    self.checked(place, cell(place))?;
                }
            }
            Some(b"dimension") => {
                for place in values(attributes, b"ref") {
                    self.checked(place, area(place))?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn checked<T>(&self, place: &[u8], read: Option<T>) -> Result<T, Unsound> {
        read.ok_or_else(|| Unsound::Place {
            after: self.row,
            says: String::from_utf8_lossy(place).chars().take(40).collect(),
        })
    }
}

/// Whether what begins with `!` or `?` ends here: a remark, plain text or an instruction. Spreadsheets have no others: a
/// declaration of a document type is forbidden in their files (ECMA-376, part 2).
fn set_off(piece: &[u8]) -> Result<bool, Unsound> {
    let (end, least): (&[u8], usize) = if piece.starts_with(b"?") {
        (b"?>", 3)
    } else if piece.starts_with(b"!--") {
        (b"-->", 6)
    } else if piece.starts_with(b"![CDATA[") {
        (b"]]>", 11)
    } else {
        return Err(Unsound::Form);
    };
    match piece.ends_with(end) {
        true if piece.len() < least => Err(Unsound::Form),
        ended => Ok(ended),
    }
}

/// The values of an attribute, as many as there are.
fn values<'a>(attributes: &'a [u8], wanted: &[u8]) -> Vec<&'a [u8]> {
    let (mut found, mut rest) = (Vec::new(), attributes);
    while let Some(equals) = rest.iter().position(|byte| *byte == b'=') {
        let name = rest[..equals].trim_ascii();
        let value = rest[equals + 1..].trim_ascii_start();
        let Some(quote @ (b'"' | b'\'')) = value.first() else {
            break;
        };
        let value = &value[1..];
        let end = value.iter().position(|byte| byte == quote);
        let end = end.unwrap_or(value.len());
        if name == wanted {
            found.push(&value[..end]);
        }
        rest = value.get(end + 1..).unwrap_or_default();
    }
    found
}

/// `A1:D9`, or one cell.
fn area(place: &[u8]) -> Option<()> {
    let mut cells = place.split(|byte| *byte == b':').map(cell);
    let (first, last) = (cells.next()??, cells.next());
    let (row, column) = match last {
        None => first,
        Some(last) => last?,
    };
    (cells.next().is_none() && first.0 <= row && first.1 <= column).then_some(())
}

/// `B7`, as row and column.
fn cell(place: &[u8]) -> Option<(u32, u32)> {
    let digits = place.iter().position(u8::is_ascii_digit)?;
    let (letters, digits) = place.split_at(digits);
    if letters.is_empty() || letters.len() > 3 || !letters.iter().all(u8::is_ascii_alphabetic) {
        return None;
    }
    let column = letters.iter().fold(0, |column, letter| {
        column * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1
    });
    (column <= LAST_COLUMN).then_some((row(digits)?, column))
}

fn row(digits: &[u8]) -> Option<u32> {
    if digits.len() > 7 || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let row = std::str::from_utf8(digits).ok()?.parse().ok()?;
    (1..=LAST_ROW).contains(&row).then_some(row)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(), Unsound> {
        // However the bytes come, it is the same.
        let mut by_one = Markup::default();
        let single = text.bytes().try_for_each(|byte| by_one.read(&[byte]));
        let whole = Markup::default().read(text.as_bytes());
        assert_eq!(single, whole, "{text}");
        whole
    }

    fn nowhere(after: u32, says: &str) -> Result<(), Unsound> {
        Err(Unsound::Place {
            after,
            says: says.into(),
        })
    }

    #[test]
    fn what_spreadsheets_write_passes() {
        for sound in [
            r#"<?xml version="1.0"?><dimension ref="A1:XFD1048576"/><row r="1"><c r="A1"/></row>"#,
            "<x:dimension ref = 'B2'/><row><c s='1'><v>a > b</v></c></row><row spans='1:2'/>",
            "<!-- it's <c r=\"A0\"> --><![CDATA[<row r=\"0\">]]><c t=\"str\" other=\"A0\" d=\"a>b\"/>",
            "<workbook r=\"A0\" ref=\"A0\"/><call r='A0'/>",
        ] {
            assert_eq!(read(sound), Ok(()), "{sound}");
        }
    }

    #[test]
    fn a_place_that_is_none_is_named_with_the_row_before_it() {
        for place in [
            "A99999999999",
            "AAAAAAAAAAAAAA1",
            "A0",
            "A",
            "1",
            "",
            "A1B",
            "XFE1",
            "A1048577",
            "A+1",
            "$A$1",
        ] {
            let cell = format!("<row r='6'></row><row r='7'><c q='' r='{place}'>");
            assert_eq!(read(&cell), nowhere(7, place), "{cell}");
        }
        let unnumbered = "<row></row><x:row ><x:c\nr = \"A01\" r=\"ZZZZ1\" />";
        assert_eq!(read(unnumbered), nowhere(2, "ZZZZ1"));
        for row in ["4294967296", "0", "x", ""] {
            let row_of = format!("<row r='3'/><row r=\"{row}\"/>");
            assert_eq!(read(&row_of), nowhere(3, row));
        }
        for area in ["D9:A1", "A9:D1", "A1:", "A1:B2:C3", "A1:B99999999999"] {
            let dimension = format!("<dimension ref='{area}'>");
            assert_eq!(read(&dimension), nowhere(0, area));
        }
    }

    #[test]
    fn what_readers_differ_in_is_of_another_form() {
        for odd in [
            "<c x=\"<\" r='A0'>",
            "</row x='>'>",
            "<!DOCTYPE x>",
            "<!-->",
            "<!--->",
            "<?>",
        ] {
            assert_eq!(read(odd), Err(Unsound::Form), "{odd}");
        }
        let long = "a".repeat(MAX_PIECE + 1);
        for kind in [long.clone(), format!("<c x='{long}"), format!("<!--{long}")] {
            assert_eq!(Markup::default().read(kind.as_bytes()), Err(Unsound::Form));
        }
    }
}
