//! A chunk of any form.

use bytes::Bytes;
use takedown_core::export::Value;

use super::Format;
use super::columns::Columns;
use super::lines::Lines;
use super::sheet::Sheet;
use super::workbook::Cells;

/// The rows of a chunk, as they are handed out.
pub(super) enum Form {
    Lines(Lines),
    Sheet(Sheet),
    Cells(Cells),
    Columns(Columns),
}

impl Form {
    pub(super) fn new(format: Format, names: impl Iterator<Item = &'static str>) -> Self {
        match format {
            Format::Ndjson => Self::Lines(Lines::new(names)),
            Format::Csv => Self::Sheet(Sheet::new(names)),
            Format::Xlsx => Self::Cells(Cells::new(names)),
            Format::Parquet => Self::Columns(Columns::new(names.count())),
        }
    }

    /// What stands before the first row.
    pub(super) fn heading(&self) -> Option<Bytes> {
        match self {
            Self::Lines(_) | Self::Columns(_) => None,
            Self::Sheet(sheet) => Some(Bytes::from(sheet.heading())),
            Self::Cells(cells) => Some(Bytes::from(cells.heading())),
        }
    }

    pub(super) fn write<'v>(&mut self, values: impl Iterator<Item = Value<'v>>) {
        match self {
            Self::Lines(lines) => lines.write(values),
            Self::Sheet(sheet) => sheet.write(values),
            Self::Cells(cells) => cells.write(values),
            Self::Columns(columns) => columns.write(values),
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::Lines(lines) => lines.len(),
            Self::Sheet(sheet) => sheet.len(),
            Self::Cells(cells) => cells.len(),
            Self::Columns(columns) => columns.len(),
        }
    }

    pub(super) fn clear(&mut self) {
        match self {
            Self::Lines(lines) => lines.clear(),
            Self::Sheet(sheet) => sheet.clear(),
            Self::Cells(cells) => cells.clear(),
            Self::Columns(columns) => columns.clear(),
        }
    }

    pub(super) fn take(&mut self) -> Vec<u8> {
        match self {
            Self::Lines(lines) => lines.take(),
            Self::Sheet(sheet) => sheet.take(),
            Self::Cells(cells) => cells.take(),
            Self::Columns(columns) => columns.take(),
        }
    }
}
