//! Workbooks of Office Open XML (ECMA-376), for spreadsheets: every cell is a text, so that none can act.
//!
//! Written straight through: a sheet is a text that grows, and what stands round it comes at the end.

use std::io::{self, Write};

use takedown_core::export::Value;

use super::instant::write_instant;
use crate::package::Zip;

/// Rows of a sheet besides its heading; it has room for 1,048,576.
const MOST_ROWS: u64 = 1_000_000;
/// The most of a cell, in units of UTF-16.
const MOST_UNITS: usize = 32_767;
const CUT: &str = "… (cut; JSON Lines has all of it)";

/// Rows of a sheet, written straight into the chunk.
pub(super) struct Cells {
    names: Vec<&'static str>,
    chunk: Vec<u8>,
}

impl Cells {
    pub(super) fn new(names: impl Iterator<Item = &'static str>) -> Self {
        Self {
            names: names.collect(),
            chunk: Vec::new(),
        }
    }

    /// The row of the names.
    pub(super) fn heading(&self) -> Vec<u8> {
        let mut row = b"<row>".to_vec();
        self.names.iter().for_each(|name| text(&mut row, name));
        row.extend_from_slice(b"</row>");
        row
    }

    /// A row: a value for each name.
    pub(super) fn write<'v>(&mut self, values: impl Iterator<Item = Value<'v>>) {
        let out = &mut self.chunk;
        out.extend_from_slice(b"<row>");
        values.for_each(|value| cell(out, value));
        out.extend_from_slice(b"</row>");
    }

    pub(super) fn len(&self) -> usize {
        self.chunk.len()
    }

    pub(super) fn clear(&mut self) {
        self.chunk.clear();
    }

    pub(super) fn take(&mut self) -> Vec<u8> {
        let next = Vec::with_capacity(self.chunk.capacity());
        std::mem::replace(&mut self.chunk, next)
    }
}

fn cell(out: &mut Vec<u8>, value: Value<'_>) {
    match value {
        Value::Null | Value::List([]) => out.extend_from_slice(b"<c/>"),
        Value::Text(content) => text(out, content),
        Value::Number(number) => text(out, &number.to_string()),
        Value::Flag(flag) => text(out, if flag { "true" } else { "false" }),
        Value::Instant(at) => {
            let mut content = Vec::new();
            write_instant(&mut content, at);
            text(out, &String::from_utf8_lossy(&content));
        }
        Value::Day(day) => text(out, &day.to_string()),
        Value::List(texts) => text(out, &texts.join(" ")),
    }
}

fn text(out: &mut Vec<u8>, content: &str) {
    out.extend_from_slice(b"<c t=\"inlineStr\"><is><t xml:space=\"preserve\">");
    if content.encode_utf16().count() > MOST_UNITS {
        let mut left = MOST_UNITS - CUT.encode_utf16().count();
        let end = content.char_indices().find(|(_, char)| {
            let fits = char.len_utf16() <= left;
            left = left.saturating_sub(char.len_utf16());
            !fits
        });
        let end = end.map_or(content.len(), |(at, _)| at);
        escaped(out, content.get(..end).unwrap_or(content));
        escaped(out, CUT);
    } else {
        escaped(out, content);
    }
    out.extend_from_slice(b"</t></is></c>");
}

/// What XML cannot hold is written `_xHHHH_` (ECMA-376, part 1, 22.9.2.19), and so is an underscore that would be read as the
/// beginning of that.
fn escaped(out: &mut Vec<u8>, content: &str) {
    for (at, char) in content.char_indices() {
        match char {
            '&' => out.extend_from_slice(b"&amp;"),
            '<' => out.extend_from_slice(b"&lt;"),
            '>' => out.extend_from_slice(b"&gt;"),
            '_' if looks_escaped(content.get(at..).unwrap_or_default()) => {
                out.extend_from_slice(b"_x005F_");
            }
            '\t' | '\n' => out.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes()),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                out.extend_from_slice(format!("_x{:04X}_", u32::from(char)).as_bytes());
            }
            _ => out.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
}

fn looks_escaped(content: &str) -> bool {
    let bytes = content.as_bytes();
    let digits = bytes.get(2..6);
    bytes.starts_with(b"_x")
        && bytes.get(6) == Some(&b'_')
        && digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
}

const DECLARED: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATION: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGED: &str = "http://schemas.openxmlformats.org/package/2006";
const TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/// A workbook that is being written.
pub(super) struct Book<W> {
    zip: Zip<W>,
    heading: Vec<u8>,
    sheets: u32,
    rows: u64,
}

impl<W: Write> Book<W> {
    /// Into `out`; each sheet begins with `heading`.
    pub(super) const fn new(out: W, heading: Vec<u8>) -> Self {
        Self {
            zip: Zip::new(out),
            heading,
            sheets: 0,
            rows: 0,
        }
    }

    /// Writes rows, on the next sheet where this one has no room for them.
    pub(super) fn rows(&mut self, rows: &[u8], count: u64) -> io::Result<()> {
        if self.sheets == 0 || self.rows + count > MOST_ROWS {
            self.end_sheet()?;
            self.sheets += 1;
            self.rows = 0;
            let name = format!("xl/worksheets/sheet{}.xml", self.sheets);
            self.zip.begin(&name, true)?;
            let open = format!("{DECLARED}<worksheet xmlns=\"{MAIN}\"><sheetData>");
            self.zip.write(open.as_bytes())?;
            self.zip.write(&self.heading)?;
        }
        self.rows += count;
        self.zip.write(rows)
    }

    fn end_sheet(&mut self) -> io::Result<()> {
        if !self.zip.is_open() {
            return Ok(());
        }
        self.zip.write(b"</sheetData></worksheet>")?;
        self.zip.end()
    }

    /// What it writes into.
    pub(super) const fn out(&mut self) -> &mut W {
        self.zip.out()
    }

    /// Writes what stands round the sheets.
    pub(super) fn finish(mut self) -> io::Result<W> {
        self.rows(&[], 0)?;
        self.end_sheet()?;
        let each = |write: &dyn Fn(u32) -> String| (1..=self.sheets).map(write).collect::<String>();
        let sheets =
            each(&|n| format!("<sheet name=\"requests {n}\" sheetId=\"{n}\" r:id=\"rId{n}\"/>"));
        let relations = each(&|n| {
            format!(
                "<Relationship Id=\"rId{n}\" Type=\"{RELATION}/worksheet\" Target=\"worksheets/sheet{n}.xml\"/>"
            )
        });
        let types = each(&|n| {
            format!(
                "<Override PartName=\"/xl/worksheets/sheet{n}.xml\" ContentType=\"{TYPE}.worksheet+xml\"/>"
            )
        });
        let members = [
            (
                "xl/workbook.xml",
                format!(
                    "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATION}\"><sheets>{sheets}</sheets></workbook>"
                ),
            ),
            (
                "xl/_rels/workbook.xml.rels",
                format!(
                    "<Relationships xmlns=\"{PACKAGED}/relationships\">{relations}</Relationships>"
                ),
            ),
            (
                "_rels/.rels",
                format!(
                    "<Relationships xmlns=\"{PACKAGED}/relationships\"><Relationship Id=\"rId1\" Type=\"{RELATION}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
                ),
            ),
            (
                "[Content_Types].xml",
                format!(
                    "<Types xmlns=\"{PACKAGED}/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"{TYPE}.sheet.main+xml\"/>{types}</Types>"
                ),
            ),
        ];
        for (name, content) in members {
            self.zip.begin(name, true)?;
            self.zip.write(format!("{DECLARED}{content}").as_bytes())?;
            self.zip.end()?;
        }
        self.zip.finish()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use calamine::{Data, Reader, Xlsx};

    use super::*;

    /// The cells of each sheet, as a library reads them.
    fn read(bytes: Vec<u8>) -> Vec<Vec<Vec<Data>>> {
        let mut book: Xlsx<_> = Xlsx::new(io::Cursor::new(bytes)).unwrap();
        let sheets = book.worksheets();
        sheets
            .iter()
            .map(|(_, range)| range.rows().map(<[Data]>::to_vec).collect())
            .collect()
    }

    fn written(rows: &[&[Value<'_>]], times: u64) -> Vec<u8> {
        let mut cells = Cells::new(["a", "b", "c"].into_iter());
        let mut book = Book::new(Vec::new(), cells.heading());
        for row in rows {
            cells.write(row.iter().copied());
            let chunk = cells.take();
            book.rows(&chunk, times).unwrap();
        }
        book.finish().unwrap()
    }

    #[test]
    fn every_cell_is_a_text_and_none_is_lost() {
        let texts = [
            "=1+1",
            "a & <b>\n\"c\"",
            "  spaces  ",
            "a _y",
            "zażółć \u{202e}",
        ];
        let rows: Vec<[Value<'_>; 3]> = texts
            .iter()
            .map(|text| [Value::Text(text), Value::Null, Value::Number(7)])
            .collect();
        let rows: Vec<&[Value<'_>]> = rows.iter().map(<[Value<'_>; 3]>::as_slice).collect();
        let sheets = read(written(&rows, 1));
        assert_eq!(sheets.len(), 1);
        let texts: Vec<Data> = texts
            .iter()
            .map(|t| Data::String((*t).to_owned()))
            .collect();
        let first: Vec<Data> = sheets[0][1..].iter().map(|row| row[0].clone()).collect();
        assert_eq!(first, texts);
        assert!(
            sheets[0][1..]
                .iter()
                .all(|row| row[1] == Data::Empty && row[2] == Data::String("7".into()))
        );
        assert_eq!(sheets[0][0][2], Data::String("c".into()));
    }

    #[test]
    fn what_xml_cannot_hold_is_escaped() {
        let mut out = Vec::new();
        escaped(&mut out, "\u{1}\r_x000D_ _x00 \u{ffff}");
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "_x0001__x000D__x005F_x000D_ _x00 _xFFFF_"
        );
        let mut out = Vec::new();
        text(&mut out, &"😀".repeat(20_000));
        let cut = String::from_utf8(out).unwrap();
        assert!(cut.contains("JSON Lines has all of it"));
        assert!(cut.encode_utf16().count() <= MOST_UNITS + 100);
    }

    #[test]
    fn what_has_no_room_stands_on_the_next_sheet() {
        let row: &[Value<'_>] = &[Value::Text("x"), Value::Null, Value::Null];
        // As if each were half a million and one.
        let sheets = read(written(&[row, row, row], MOST_ROWS / 2 + 1));
        let rows: Vec<usize> = sheets.iter().map(Vec::len).collect();
        assert_eq!(rows, [2, 2, 2], "a heading and a row each");
        assert_eq!(
            read(written(&[], 1))[0].len(),
            1,
            "a sheet with its heading"
        );
    }
}
