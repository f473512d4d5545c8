//! Rows laid out by column, on their way into a [table](super::table).
//!
//! A cell is the length of its bytes and these bytes: a text, eight bytes of a number, an instant or a day, one byte of a flag, the
//! cells of a list. A chunk has for each column the length of its cells and these cells. Nobody else sees this form.

use bytes::{Buf as _, Bytes};
use chrono::Datelike as _;
use takedown_core::export::Value;

/// Stands in the place of a length where there is no value.
const NOTHING: u32 = u32::MAX;
/// 1970-01-01, in days of the Common Era.
const EPOCH: i32 = 719_163;

/// The cells of rows, column by column.
pub(super) struct Columns {
    columns: Vec<Vec<u8>>,
    len: usize,
}

impl Columns {
    pub(super) fn new(count: usize) -> Self {
        Self {
            columns: vec![Vec::new(); count],
            len: 0,
        }
    }

    /// A row: a value for each column.
    pub(super) fn write<'v>(&mut self, values: impl Iterator<Item = Value<'v>>) {
        for (column, value) in self.columns.iter_mut().zip(values) {
            let before = column.len();
            put(column, value);
            self.len += column.len() - before;
        }
    }

    pub(super) const fn len(&self) -> usize {
        self.len
    }

    pub(super) fn clear(&mut self) {
        self.columns.iter_mut().for_each(Vec::clear);
        self.len = 0;
    }

    /// The chunk.
    pub(super) fn take(&mut self) -> Vec<u8> {
        if self.len == 0 {
            return Vec::new();
        }
        let mut chunk = Vec::with_capacity(self.len + 4 * self.columns.len());
        for column in &self.columns {
            put_bytes(&mut chunk, column);
        }
        self.clear();
        chunk
    }
}

fn put(column: &mut Vec<u8>, value: Value<'_>) {
    match value {
        Value::Null => column.extend_from_slice(&NOTHING.to_le_bytes()),
        Value::Text(text) => put_bytes(column, text.as_bytes()),
        Value::Number(number) => put_bytes(column, &number.to_le_bytes()),
        Value::Flag(flag) => put_bytes(column, &[u8::from(flag)]),
        Value::Instant(at) => put_bytes(column, &at.timestamp_millis().to_le_bytes()),
        Value::Day(day) => {
            let days = i64::from(day.num_days_from_ce() - EPOCH);
            put_bytes(column, &days.to_le_bytes());
        }
        Value::List(texts) => {
            let len: usize = texts.iter().map(|text| 4 + text.len()).sum();
            column.extend_from_slice(&length(len).to_le_bytes());
            texts
                .iter()
                .for_each(|text| put_bytes(column, text.as_bytes()));
        }
    }
}

fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend_from_slice(&length(bytes.len()).to_le_bytes());
    out.extend_from_slice(bytes);
}

/// A chunk has half a megabyte, so this is never cut; what is cut does not come to as many cells as there are rows.
fn length(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(NOTHING)
}

/// Cells one after the other, or the columns of a chunk.
pub(super) struct Cells(pub(super) Bytes);

impl Iterator for Cells {
    /// Nothing where a cell has no value.
    type Item = Option<Bytes>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.0.try_get_u32_le().ok()? {
            NOTHING => Some(None),
            len => {
                let len = usize::try_from(len).ok()?;
                (len <= self.0.len()).then(|| Some(self.0.split_to(len)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use takedown_core::time::from_millis;

    use super::*;

    #[test]
    fn cells_come_back_column_by_column() {
        let mut columns = Columns::new(3);
        let list = ["a".to_owned(), String::new()];
        let at = from_millis(1_700_000_000_123).unwrap();
        columns.write([Value::Text("é"), Value::Null, Value::List(&list)].into_iter());
        columns.write([Value::Text(""), Value::Instant(at), Value::List(&[])].into_iter());
        let len = columns.len();
        let chunk = columns.take();
        assert_eq!((chunk.len(), columns.len()), (len + 12, 0));
        let columns: Vec<Vec<Option<Bytes>>> = Cells(chunk.into())
            .map(|column| Cells(column.unwrap()).collect())
            .collect();
        let text = |bytes: &'static [u8]| Some(Bytes::from_static(bytes));
        assert_eq!(columns[0], [text("é".as_bytes()), text(b"")]);
        let millis = 1_700_000_000_123_i64.to_le_bytes();
        assert_eq!(columns[1], [None, Some(Bytes::from(millis.to_vec()))]);
        let inner: Vec<_> = Cells(columns[2][0].clone().unwrap()).collect();
        assert_eq!(inner, [text(b"a"), text(b"")]);
        assert_eq!(columns[2][1], text(b""));
    }

    #[test]
    fn days_are_counted_from_1970() {
        let mut columns = Columns::new(1);
        let day = chrono::NaiveDate::from_ymd_opt(1970, 1, 2).unwrap();
        columns.write([Value::Day(day)].into_iter());
        let column = Cells(columns.take().into()).next().unwrap().unwrap();
        let cell = Cells(column).next().unwrap().unwrap();
        assert_eq!(cell, Bytes::from(1_i64.to_le_bytes().to_vec()));
    }
}
