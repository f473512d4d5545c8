//! XLSX, cell by cell. What is kept in memory is the texts of the workbook (`sharedStrings.xml`), so how large they and all
//! the rest unpack to is measured first: a small file may unpack to anything.

use std::fs::File;
use std::io::{BufReader, Read, Seek as _};
use std::path::{Path, PathBuf};

use calamine::{DataRef, Dimensions, Reader as _, SheetType, SheetVisible, Xlsx};
use chrono::{NaiveDate, NaiveDateTime};
use takedown_core::history::Digest;
use takedown_core::text::visible;

use super::markup::{Markup, Unsound};
use super::{Cell, MAX_CELL, MAX_COLUMNS, SheetRow, Size, Table, named, spawn};
use crate::cli::CliError;

/// What all of it may unpack to, in bytes.
const MAX_UNPACKED: u64 = 1 << 30;
/// What its texts may unpack to: they are kept in memory.
const MAX_TEXTS: u64 = 128 << 20;
/// The days of the years 1899 to 9999, as numbers.
const DATES: std::ops::Range<f64> = 0.0..2_958_466.0;

type Book = Xlsx<BufReader<File>>;

/// Opens a workbook, on the sheet that was asked for or its first visible one.
pub(super) fn open(
    path: PathBuf,
    mut file: File,
    digest: Digest,
    wanted: Option<String>,
) -> Result<Table, CliError> {
    let fail = |e| CliError::file(path.display(), e);
    measure(&path, &file)?;
    file.rewind().map_err(fail)?;
    let mut book: Book = Xlsx::new(BufReader::new(file)).map_err(|e| named(&path, e))?;
    let (sheet, remarks) = choose(&path, &book, wanted)?;
    let size = {
        let reader = book.worksheet_cells_reader(&sheet);
        let reader = reader.map_err(|e| named(&path, e))?;
        let Dimensions { end, .. } = reader.dimensions();
        Size::Rows(u64::from(end.0) + 1)
    };
    let name = sheet.clone();
    Ok(spawn(digest, (Some(sheet), remarks, size), move |say| {
        read(&path, &mut book, &name, say)
    }))
}

fn choose(
    path: &Path,
    book: &Book,
    wanted: Option<String>,
) -> Result<(String, Vec<String>), CliError> {
    let sheets: Vec<_> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .collect();
    let names = |some: &mut dyn Iterator<Item = &String>| {
        let names: Vec<String> = some.map(|name| format!("{:?}", visible(name))).collect();
        names.join(", ")
    };
    if let Some(wanted) = wanted {
        if sheets.iter().any(|sheet| sheet.name == wanted) {
            return Ok((wanted, Vec::new()));
        }
        let all = names(&mut sheets.iter().map(|sheet| &sheet.name));
        return Err(CliError::input(format!(
            "{} has no sheet {:?}; it has {all}",
            path.display(),
            visible(&wanted)
        )));
    }
    let shown = sheets
        .iter()
        .filter(|sheet| sheet.visible == SheetVisible::Visible);
    let Some(first) = shown.map(|sheet| sheet.name.clone()).next() else {
        return Err(CliError::input(format!(
            "{} has no visible sheet; name one with --sheet",
            path.display()
        )));
    };
    let mut remarks = vec![format!("read the sheet {:?}", visible(&first))];
    let mut others = sheets
        .iter()
        .map(|sheet| &sheet.name)
        .filter(|name| **name != first);
    let others = names(&mut others);
    if !others.is_empty() {
        remarks.push(format!("not read, unless named with --sheet: {others}"));
    }
    Ok((first, remarks))
}

fn read(
    path: &Path,
    book: &mut Book,
    sheet: &str,
    say: &mut dyn FnMut(SheetRow) -> bool,
) -> Result<(), CliError> {
    let mut reader = book
        .worksheet_cells_reader(sheet)
        .map_err(|e| named(path, e))?;
    let mut row = SheetRow {
        number: 0,
        cells: Vec::new(),
        read: 0,
    };
    loop {
        let cell = reader
            .next_cell()
            .map_err(|e| named(path, format!("after row {}: {e}", row.number)))?;
        let place = cell.as_ref().map(|cell| cell.get_position());
        let number = place.map(|(at, _)| at.saturating_add(1));
        if number != Some(row.number) {
            if !row.cells.is_empty() && !say(std::mem::replace(&mut row, blank(0))) {
                return Ok(());
            }
            row = blank(number.unwrap_or(0));
        }
        let (Some(cell), Some((_, column))) = (cell, place) else {
            return Ok(());
        };
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        let value = value(cell.get_value());
        // Whatever stands beyond is no column of a list.
        if value != Cell::Empty && column < MAX_COLUMNS {
            if row.cells.len() <= column {
                row.cells.resize(column + 1, Cell::Empty);
            }
            row.cells[column] = value;
        }
    }
}

fn blank(number: u32) -> SheetRow {
    SheetRow {
        number,
        cells: Vec::new(),
        read: u64::from(number),
    }
}

fn value(value: &DataRef<'_>) -> Cell {
    let text = |text: &str| match text {
        text if text.trim().is_empty() => Cell::Empty,
        text => Cell::Text(text.chars().take(MAX_CELL).collect()),
    };
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::Int(number) => Cell::Number(*number as f64),
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::String(said) | DataRef::DateTimeIso(said) | DataRef::DurationIso(said) => {
            text(said)
        }
        DataRef::SharedString(said) => text(said),
        DataRef::Bool(flag) => Cell::Text(if *flag { "TRUE" } else { "FALSE" }.to_owned()),
        DataRef::Error(error) => Cell::Failed(error.to_string()),
        // The library counts the days of whatever number it is.
        DataRef::DateTime(at) if !DATES.contains(&at.as_f64()) => no_date(),
        DataRef::DateTime(at) => {
            let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
            let date = NaiveDate::from_ymd_opt(year.into(), month.into(), day.into());
            let at: Option<NaiveDateTime> =
                date.and_then(|d| d.and_hms_opt(hour.into(), minute.into(), second.into()));
            at.map_or_else(no_date, Cell::Moment)
        }
    }
}

fn no_date() -> Cell {
    Cell::Failed("a date that is none".into())
}

/// Unpacks everything once without keeping it, and refuses what would take too much memory.
fn measure(path: &Path, file: &File) -> Result<(), CliError> {
    let damaged = |e: &dyn std::fmt::Display| named(path, format!("not a sound .xlsx file: {e}"));
    let mut archive = zip::ZipArchive::new(BufReader::new(file)).map_err(|e| damaged(&e))?;
    let is_book = archive
        .file_names()
        .any(|name| name.ends_with("workbook.xml"));
    if !is_book {
        return Err(named(
            path,
            "it is packed like a spreadsheet, but is no .xlsx file; save it as .xlsx or as CSV",
        ));
    }
    let mut left = MAX_UNPACKED;
    for place in 0..archive.len() {
        let mut entry = archive.by_index(place).map_err(|e| damaged(&e))?;
        let shown = entry.name().to_owned();
        let name = shown.to_lowercase();
        let texts = name.ends_with("sharedstrings.xml");
        let most = if texts { MAX_TEXTS.min(left) } else { left };
        let count = unpack(&mut entry, name.ends_with(".xml"), most).map_err(|why| match why {
            Unfit::Input(e) => damaged(&e),
            Unfit::Size => named(
                path,
                format!(
                    "it unpacks to more than {} MiB, of which at most {} of texts; split it, or save it as CSV, which may have any size",
                    MAX_UNPACKED >> 20,
                    MAX_TEXTS >> 20
                ),
            ),
            Unfit::Markup(Unsound::Form) => {
                named(path, "a part of it is not of the form that spreadsheets have")
            }
            Unfit::Markup(Unsound::Place { after, says }) => {
                let place = match after {
                    0 => "before its first row".to_owned(),
                    row => format!("in or after row {row}"),
                };
                named(
                    path,
                    format!(
                        "{}, {place}: {:?} is no place of a cell (columns go from A to XFD, rows from 1 to 1048576); nothing was read. Save it anew and import it again",
                        visible(&shown),
                        visible(&says)
                    ),
                )
            }
        })?;
        left = left.saturating_sub(count);
    }
    Ok(())
}

enum Unfit {
    Input(std::io::Error),
    Size,
    Markup(Unsound),
}

/// How many bytes an entry unpacks to, at most `most`. Pictures and the like are only counted.
fn unpack(entry: &mut impl Read, markup: bool, most: u64) -> Result<u64, Unfit> {
    let mut buffer = vec![0; 1 << 16];
    let (mut count, mut seen) = (0u64, Markup::default());
    loop {
        let read = entry.read(&mut buffer).map_err(Unfit::Input)?;
        if read == 0 {
            return Ok(count);
        }
        let bytes = &buffer[..read];
        if count == 0 && markup && announces_too_much(bytes) {
            return Err(Unfit::Markup(Unsound::Form));
        }
        count += read as u64;
        if count > most {
            return Err(Unfit::Size);
        }
        if markup {
            seen.read(bytes).map_err(Unfit::Markup)?;
        }
    }
}

/// Whether the list of texts says that there are more than could be: the library makes room for them before it reads them.
fn announces_too_much(beginning: &[u8]) -> bool {
    const SAID: &[u8] = b"uniqueCount=\"";
    let at = beginning.windows(SAID.len()).position(|some| some == SAID);
    at.is_some_and(|at| {
        let digits = beginning.iter().skip(at + SAID.len());
        digits.take_while(|byte| byte.is_ascii_digit()).count() > 7
    })
}
