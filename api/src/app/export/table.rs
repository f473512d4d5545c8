//! Tables of Apache Parquet, for programs that compute: every column has a type.
//!
//! Rows are gathered until they make a group, and a group is written column by column: what is held in memory is a group, however
//! long the table is, and of each group that was written a few kilobytes for the end of the file.

use std::io::{self, Write};
use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::Compression;
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::parser::parse_message_type;
use takedown_core::export::Kind;

use super::columns::Cells;

/// A group is written when its cells have so many bytes.
const GROUP: usize = 8 << 20;

/// A table that is being written.
pub(super) struct Table<W: Write + Send> {
    file: SerializedFileWriter<W>,
    kinds: Vec<Kind>,
    /// The cells of the rows that wait for their group, column by column.
    waiting: Vec<Vec<u8>>,
    bytes: usize,
}

impl<W: Write + Send> Table<W> {
    /// Into `out`, with these columns.
    ///
    /// # Errors
    /// Those of `out`.
    pub(super) fn new(
        out: W,
        columns: impl Iterator<Item = (&'static str, Kind)> + Clone,
    ) -> io::Result<Self> {
        let fields: String = columns
            .clone()
            .map(|(name, kind)| field(name, kind))
            .collect();
        let schema = format!("message requests {{ {fields} }}");
        // No statistics: they would hold parts of texts a second time, and grow with every group.
        let properties = WriterProperties::builder()
            .set_created_by("takedown exchange".to_owned())
            .set_compression(Compression::SNAPPY)
            .set_statistics_enabled(EnabledStatistics::None)
            .set_offset_index_disabled(true)
            .build();
        let schema = parse_message_type(&schema).map_err(failed)?;
        let file = SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties))
            .map_err(failed)?;
        let kinds: Vec<Kind> = columns.map(|(_, kind)| kind).collect();
        Ok(Self {
            file,
            waiting: vec![Vec::new(); kinds.len()],
            kinds,
            bytes: 0,
        })
    }

    /// Takes a chunk of rows.
    ///
    /// # Errors
    /// Those of what it writes into.
    pub(super) fn rows(&mut self, chunk: Bytes) -> io::Result<()> {
        self.bytes += chunk.len();
        for (waiting, column) in self.waiting.iter_mut().zip(Cells(chunk).flatten()) {
            waiting.extend_from_slice(&column);
        }
        match self.bytes < GROUP {
            true => Ok(()),
            false => self.group(),
        }
    }

    /// What it writes into, with all that is written by now.
    ///
    /// # Errors
    /// Those of what it writes into.
    pub(super) fn out(&mut self) -> io::Result<&mut W> {
        self.file.flush()?;
        Ok(self.file.inner_mut())
    }

    /// Writes what is left, and what stands at the end.
    ///
    /// # Errors
    /// Those of what it writes into.
    pub(super) fn finish(mut self) -> io::Result<W> {
        if self.bytes > 0 {
            self.group()?;
        }
        self.file.into_inner().map_err(failed)
    }

    fn group(&mut self) -> io::Result<()> {
        self.bytes = 0;
        let mut group = self.file.next_row_group().map_err(failed)?;
        for (kind, waiting) in self.kinds.iter().zip(&mut self.waiting) {
            let cells = Cells(std::mem::take(waiting).into());
            if let Some(column) = group.next_column().map_err(failed)? {
                write(column, *kind, cells).map_err(failed)?;
            }
        }
        group.close().map_err(failed)?;
        Ok(())
    }
}

/// A column in the language in which schemas are written down.
fn field(name: &str, kind: Kind) -> String {
    match kind {
        Kind::Text => format!("OPTIONAL BYTE_ARRAY {name} (STRING);"),
        Kind::Number => format!("OPTIONAL INT64 {name};"),
        Kind::Flag => format!("OPTIONAL BOOLEAN {name};"),
        Kind::Instant => format!("OPTIONAL INT64 {name} (TIMESTAMP(MILLIS,true));"),
        Kind::Day => format!("OPTIONAL INT32 {name} (DATE);"),
        Kind::List => format!(
            "REQUIRED GROUP {name} (LIST) {{ REPEATED GROUP list {{ REQUIRED BYTE_ARRAY element (STRING); }} }}"
        ),
    }
}

fn write(column: SerializedColumnWriter<'_>, kind: Kind, cells: Cells) -> Result<(), ParquetError> {
    match kind {
        Kind::Text => optional::<ByteArrayType>(column, cells, |cell| Some(cell.into())),
        Kind::Number | Kind::Instant => optional::<Int64Type>(column, cells, |cell| integer(&cell)),
        Kind::Day => optional::<Int32Type>(column, cells, |cell| {
            integer(&cell).and_then(|days| i32::try_from(days).ok())
        }),
        Kind::Flag => {
            optional::<BoolType>(column, cells, |cell| cell.first().map(|flag| *flag == 1))
        }
        Kind::List => lists(column, cells),
    }
}

fn integer(cell: &[u8]) -> Option<i64> {
    cell.try_into().ok().map(i64::from_le_bytes)
}

/// A definition level of 1 is a value, of 0 none.
fn optional<T: DataType>(
    mut column: SerializedColumnWriter<'_>,
    cells: Cells,
    value: impl Fn(Bytes) -> Option<T::T>,
) -> Result<(), ParquetError> {
    let (mut levels, mut values) = (Vec::new(), Vec::new());
    for cell in cells {
        let value = cell.and_then(&value);
        levels.push(i16::from(value.is_some()));
        values.extend(value);
    }
    column
        .typed::<T>()
        .write_batch(&values, Some(&levels), None)?;
    column.close()
}

/// A repetition level of 0 begins a list, of 1 goes on with it; an empty one has a definition level of 0.
fn lists(mut column: SerializedColumnWriter<'_>, cells: Cells) -> Result<(), ParquetError> {
    let (mut defined, mut repeated, mut values) = (Vec::new(), Vec::new(), Vec::new());
    for list in cells {
        let before = values.len();
        for text in Cells(list.unwrap_or_default()).flatten() {
            defined.push(1);
            repeated.push(i16::from(values.len() > before));
            values.push(ByteArray::from(text));
        }
        if values.len() == before {
            defined.push(0);
            repeated.push(0);
        }
    }
    column
        .typed::<ByteArrayType>()
        .write_batch(&values, Some(&defined), Some(&repeated))?;
    column.close()
}

fn failed(error: ParquetError) -> io::Error {
    io::Error::other(error)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use parquet::file::reader::{FileReader as _, SerializedFileReader};
    use takedown_core::export::Value;

    use super::super::columns::Columns;
    use super::*;

    const COLUMNS: [(&str, Kind); 4] = [
        ("text", Kind::Text),
        ("number", Kind::Number),
        ("day", Kind::Day),
        ("list", Kind::List),
    ];

    /// So many chunks of two rows whose texts have this length. Says how many bytes of groups were written before the end.
    fn written(chunks: usize, len: usize) -> (Vec<u8>, usize) {
        let mut table = Table::new(Vec::new(), COLUMNS.into_iter()).unwrap();
        let text: String = std::iter::repeat_n('x', len).collect();
        let list = ["a".to_owned(), "b".to_owned()];
        let day = chrono::NaiveDate::from_ymd_opt(2026, 1, 2).unwrap();
        for number in 0..chunks {
            let mut columns = Columns::new(COLUMNS.len());
            let number = i64::try_from(number).unwrap();
            let full = [
                Value::Text(&text),
                Value::Number(number),
                Value::Day(day),
                Value::List(&list),
            ];
            columns.write(full.into_iter());
            let empty = [Value::Null, Value::Null, Value::Null, Value::List(&[])];
            columns.write(empty.into_iter());
            table.rows(columns.take().into()).unwrap();
        }
        let before = table.out().unwrap().len();
        (table.finish().unwrap(), before)
    }

    fn groups(file: Vec<u8>) -> Vec<i64> {
        let reader = SerializedFileReader::new(Bytes::from(file)).unwrap();
        let groups = reader.metadata().row_groups().iter();
        groups
            .map(parquet::file::metadata::RowGroupMetaData::num_rows)
            .collect()
    }

    #[test]
    fn a_group_is_written_when_it_is_full_and_not_held() {
        let (file, before) = written(20, GROUP / 8);
        assert!(before > 4, "something was handed on before the end");
        assert_eq!(groups(file), [16, 16, 8]);
    }

    #[test]
    fn an_empty_table_is_a_table() {
        let (file, _) = written(0, 0);
        assert_eq!(groups(file), Vec::<i64>::new());
    }

    #[test]
    fn rows_come_back() {
        let (file, _) = written(1, 3);
        let reader = SerializedFileReader::new(Bytes::from(file)).unwrap();
        let rows: Vec<String> = reader
            .get_row_iter(None)
            .unwrap()
            .map(|row| row.unwrap().to_string())
            .collect();
        assert_eq!(
            rows,
            [
                "{text: \"xxx\", number: 0, day: 2026-01-02, list: [\"a\", \"b\"]}",
                "{text: null, number: null, day: null, list: []}",
            ]
        );
    }
}
