#![allow(clippy::unwrap_used, clippy::panic)]

mod files;
mod mappings;
mod rows;

use serde_json::Value;

use super::convert::{Converter, Made, Source};
use super::headings::headings;
use super::mapping::Mapping;
use super::table::{self, Cell, SheetRow};
use crate::cli::tests::scratch;

/// The mapping that `--example-mapping` prints.
const EXAMPLE: &str = include_str!("example.toml");

fn mapping(text: &str) -> Mapping {
    Mapping::parse("mapping.toml", text).unwrap_or_else(|errors| panic!("{errors:?}"))
}

fn source() -> Source {
    Source {
        file: "list.csv".into(),
        sha256: takedown_core::history::Digest::of(""),
        sheet: None,
        row: 0,
    }
}

/// What rows become, the first of which has the headings.
fn made(mapping: &Mapping, rows: &[SheetRow]) -> Vec<Made> {
    let (first, rest) = rows.split_first().unwrap();
    let places = headings(mapping, first).unwrap().places;
    let mut converter = Converter::new(mapping, source(), places);
    rest.iter().flat_map(|row| converter.records(row)).collect()
}

fn body(made: &Made) -> Value {
    match &made.body {
        Ok(body) => serde_json::from_str(body).unwrap(),
        Err(slips) => panic!("row {}: {slips:?}", made.row),
    }
}

/// `row 2, Link: …` of everything that is refused.
fn refused(made: &[Made]) -> Vec<String> {
    let refused = made
        .iter()
        .filter_map(|made| Some((made.row, made.body.as_ref().err()?)));
    refused
        .flat_map(|(row, slips)| {
            slips.iter().map(move |slip| {
                let column = slip.column.as_deref().unwrap_or_default();
                format!("row {row}, {column}: {}", slip.reason)
            })
        })
        .collect()
}

/// All rows of a file.
async fn rows_of(bytes: &[u8], mapping: &Mapping) -> Result<(Vec<SheetRow>, Vec<String>), String> {
    rows_of_sheet(bytes, mapping, None).await
}

async fn rows_of_sheet(
    bytes: &[u8],
    mapping: &Mapping,
    sheet: Option<&str>,
) -> Result<(Vec<SheetRow>, Vec<String>), String> {
    let directory = scratch();
    let path = std::path::PathBuf::from(directory.file("list", ""));
    std::fs::write(&path, bytes).unwrap();
    let mut table = table::open(&path, mapping, sheet).map_err(|e| e.to_string())?;
    let mut rows = Vec::new();
    while let Some(row) = table.next().await {
        rows.push(row.map_err(|e| e.to_string())?);
    }
    Ok((rows, table.remarks))
}

fn words(row: &SheetRow) -> Vec<String> {
    let said = row.cells.iter().map(|cell| match cell {
        Cell::Text(text) => text.clone(),
        other => format!("{other:?}"),
    });
    said.collect()
}
