//! Files as spreadsheets write them, and files that would do harm.

use std::io::{Cursor, Write as _};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{Cell, Mapping, mapping, rows_of, rows_of_sheet, words};

fn short() -> Mapping {
    mapping("[columns]\nlocator = \"Link\"\nsent_on = \"Sent\"\n")
}

fn utf16(text: &str, first: &[u8], bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let units = text.encode_utf16().flat_map(bytes);
    first.iter().copied().chain(units).collect()
}

#[tokio::test]
async fn text_is_read_in_the_encodings_that_spreadsheets_write() {
    let text = "Link;Sent\r\nhttps://paste.example/ż;\"a \"\"quoted\"\"; text\"\r\n";
    let latin = b"Link\tSent\nhttps://paste.example/\xe9\t\x80\n".to_vec();
    let bom = [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat();
    for (bytes, name) in [
        (text.as_bytes().to_vec(), "UTF-8 (all of it is valid)"),
        (bom, "UTF-8 (by its first bytes)"),
        (
            utf16(text, b"\xff\xfe", u16::to_le_bytes),
            "UTF-16LE (by its first bytes)",
        ),
        (
            utf16(text, b"\xfe\xff", u16::to_be_bytes),
            "UTF-16BE (by its first bytes)",
        ),
        (
            utf16(text, b"", u16::to_le_bytes),
            "UTF-16LE (by its zero bytes)",
        ),
    ] {
        let (rows, remarks) = rows_of(&bytes, &short()).await.unwrap();
        assert!(
            remarks[0].contains(name) && remarks[0].contains("';'"),
            "{remarks:?}"
        );
        assert_eq!(words(&rows[0]), ["Link", "Sent"], "{name}");
        assert_eq!(
            words(&rows[1]),
            ["https://paste.example/ż", "a \"quoted\"; text"],
            "{name}"
        );
    }
    let (rows, remarks) = rows_of(&latin, &short()).await.unwrap();
    assert!(
        remarks[0].contains("windows-1252") && remarks[0].contains("tab"),
        "{remarks:?}"
    );
    assert_eq!(words(&rows[1]), ["https://paste.example/é", "€"]);
    let polish = mapping(
        "[columns]\nlocator = \"Link\"\nsent_on = \"Sent\"\n[read]\nencoding = \"windows-1250\"\n",
    );
    let (rows, _) = rows_of(b"Link,Sent\n\xbf,\n", &polish).await.unwrap();
    assert_eq!(words(&rows[1])[0], "ż");
    let utf8 = mapping(
        "[columns]\nlocator = \"Link\"\nsent_on = \"Sent\"\n[read]\nencoding = \"utf-8\"\n",
    );
    let wrong = rows_of(b"Link,Sent\n\xbf,\n", &utf8).await.unwrap_err();
    assert!(wrong.contains("is not UTF-8"), "{wrong}");
}

#[tokio::test]
async fn rows_are_counted_as_a_spreadsheet_shows_them() {
    let text = "sep=,\n\nLink,Sent\n\"two\nlines\",x\n,,\n\na,b,c";
    let (rows, _) = rows_of(text.as_bytes(), &short()).await.unwrap();
    let numbers: Vec<u32> = rows.iter().map(|row| row.number).collect();
    assert_eq!(numbers, [3, 4, 7]);
    assert_eq!(words(&rows[1]), ["two\nlines", "x"]);
    assert_eq!(words(&rows[2]), ["a", "b", "c"]);
}

#[tokio::test]
async fn a_quotation_mark_that_never_ends_is_found_in_its_row() {
    let text = format!("Link,Sent\na,b\n\"c,{}", "d,e\n".repeat(40_000));
    let wrong = rows_of(text.as_bytes(), &short()).await.unwrap_err();
    assert!(
        wrong.contains("row 3: a cell has more than 65536"),
        "{wrong}"
    );
    let wrong = rows_of(b"Link,Sent\na,\"b\n", &short()).await.unwrap_err();
    assert!(
        wrong.contains("row 2: a quotation mark never ends"),
        "{wrong}"
    );
}

/// A workbook of these parts.
fn book(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer
            .start_file(*name, SimpleFileOptions::default())
            .unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

const PACKAGE: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const RELATIONS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>
<Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet2.xml"/></Relationships>"#;
const BOOK: &str = r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>
<sheet name="Codes" sheetId="1" state="hidden" r:id="r1"/><sheet name="Mails" sheetId="2" r:id="r2"/></sheets></workbook>"#;
// Format 14 is a date, 0 is none.
const STYLES: &str = r#"<?xml version="1.0"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#;
const STRINGS: &str = r#"<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" uniqueCount="1"><si><t>Link</t></si></sst>"#;

fn sheet(rows: &str) -> String {
    format!(
        r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:D9"/><sheetData>{rows}</sheetData></worksheet>"#
    )
}

fn workbook(rows: &str, strings: &str) -> Vec<u8> {
    let (hidden, shown) = (
        sheet(r#"<row r="1"><c r="A1" t="inlineStr"><is><t>hidden</t></is></c></row>"#),
        sheet(rows),
    );
    book(&[
        ("_rels/.rels", PACKAGE.as_bytes()),
        ("xl/workbook.xml", BOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", RELATIONS.as_bytes()),
        ("xl/styles.xml", STYLES.as_bytes()),
        ("xl/sharedStrings.xml", strings.as_bytes()),
        ("xl/worksheets/sheet1.xml", hidden.as_bytes()),
        ("xl/worksheets/sheet2.xml", shown.as_bytes()),
    ])
}

#[tokio::test]
async fn a_workbook_is_read_with_its_quirks() {
    let rows = r#"<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="inlineStr"><is><t>Sent</t></is></c></row>
        <row r="5"><c r="A5" t="str"><f>"https://paste.example/"&amp;1</f><v>https://paste.example/1</v></c><c r="B5" s="1"><v>43710</v></c></row>
        <row r="6"><c r="B6"><v>43710.5</v></c><c r="D6" t="e"><v>#REF!</v></c></row>
        <row r="7"><c r="A7" s="1"/></row>"#;
    let file = workbook(rows, STRINGS);
    let (rows, remarks) = rows_of(&file, &short()).await.unwrap();
    let numbers: Vec<u32> = rows.iter().map(|row| row.number).collect();
    assert_eq!(numbers, [2, 5, 6], "blank rows have no row");
    assert_eq!(words(&rows[0]), ["Link", "Sent"]);
    let date = chrono::NaiveDate::from_ymd_opt(2019, 9, 2).unwrap();
    assert_eq!(
        rows[1].cells,
        [
            Cell::Text("https://paste.example/1".into()),
            Cell::Moment(date.into())
        ]
    );
    assert_eq!(
        rows[2].cells[1..],
        [
            Cell::Number(43_710.5),
            Cell::Empty,
            Cell::Failed("#REF!".into())
        ]
    );
    assert_eq!(
        remarks[0], "read the sheet \"Mails\"",
        "the first visible one"
    );
    assert!(remarks[1].contains("Codes"), "{remarks:?}");
    let (rows, _) = rows_of_sheet(&file, &short(), Some("Codes")).await.unwrap();
    assert_eq!(words(&rows[0]), ["hidden"]);
    let wrong = rows_of_sheet(&file, &short(), Some("Mail"))
        .await
        .unwrap_err();
    assert!(wrong.contains("it has \"Codes\", \"Mails\""), "{wrong}");
}

#[tokio::test]
async fn what_would_take_too_much_memory_is_refused() {
    let row = r#"<row r="1"><c r="A1" t="s"><v>0</v></c></row>"#;
    // A few hundred kilobytes that unpack to more than the texts of a workbook may have.
    let bomb = STRINGS
        .replace(
            "<si>",
            &"<si><t>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa</t></si>\n".repeat(3_500_000),
        )
        .replace("Link</t></si></sst>", "x</t></si></sst>");
    let file = workbook(row, &bomb);
    assert!(file.len() < 2_000_000, "{}", file.len());
    let wrong = rows_of(&file, &short()).await.unwrap_err();
    assert!(wrong.contains("it unpacks to more than"), "{wrong}");
    let announced = STRINGS.replace("uniqueCount=\"1\"", "uniqueCount=\"99999999999999\"");
    let wrong = rows_of(&workbook(row, &announced), &short())
        .await
        .unwrap_err();
    assert!(wrong.contains("not of the form"), "{wrong}");
    let long = format!(
        r#"<row r="1"><c r="A1" t="inlineStr"><is><t>{}</t></is></c></row>"#,
        "a".repeat(2 << 20)
    );
    let wrong = rows_of(&workbook(&long, STRINGS), &short())
        .await
        .unwrap_err();
    assert!(wrong.contains("not of the form"), "{wrong}");
}

#[tokio::test]
async fn a_cell_that_is_nowhere_is_named_before_anything_is_read() {
    let good = r#"<row r="6"><c r="A6" t="s"><v>0</v></c></row>"#;
    for place in ["A99999999999", "AAAAAAAAAAAAAAA7", "A0"] {
        let rows = format!(r#"{good}<row r="7"><c r="{place}" t="s"><v>0</v></c></row>"#);
        let wrong = rows_of(&workbook(&rows, STRINGS), &short()).await;
        let wrong = wrong.unwrap_err();
        assert!(wrong.contains("sheet2.xml, in or after row 7"), "{wrong}");
        assert!(wrong.contains(place), "{wrong}");
    }
    // A number that is formatted as a date, and is none.
    for number in ["1e300", "-1e300", "2958466"] {
        let rows = format!(r#"<row r="1"><c r="A1" s="1"><v>{number}</v></c></row>"#);
        let (rows, _) = rows_of(&workbook(&rows, STRINGS), &short()).await.unwrap();
        let failed = Cell::Failed("a date that is none".into());
        assert_eq!(rows[0].cells, [failed], "{number}");
    }
}

#[tokio::test]
async fn what_is_no_list_is_told_so() {
    let xls = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1];
    let wrong = rows_of(&xls, &short()).await.unwrap_err();
    assert!(wrong.contains("old .xls"), "{wrong}");
    let ods = book(&[
        (
            "mimetype",
            b"application/vnd.oasis.opendocument.spreadsheet",
        ),
        ("content.xml", b"<x/>"),
    ]);
    let wrong = rows_of(&ods, &short()).await.unwrap_err();
    assert!(wrong.contains("is no .xlsx file"), "{wrong}");
    let mut cut = workbook(r#"<row r="1"><c r="A1" t="s"><v>0</v></c></row>"#, STRINGS);
    cut.truncate(cut.len() / 2);
    let wrong = rows_of(&cut, &short()).await.unwrap_err();
    assert!(wrong.contains("not a sound .xlsx"), "{wrong}");
    let wrong = rows_of_sheet(b"Link,Sent\n", &short(), Some("x"))
        .await
        .unwrap_err();
    assert!(wrong.contains("has no sheets"), "{wrong}");
}
