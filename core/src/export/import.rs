//! One imported record and its columns. No class but the strictest: a platform was not asked here, and sees none of it.

use super::Column;
use super::row::{Value, columns};
use crate::time::At;
use chrono::NaiveDate;

/// A column of the export of imported records.
pub type ImportColumn = Column<for<'r, 'a> fn(&'r ImportRow<'a>) -> Value<'a>>;

columns! {
    /// One imported record, borrowed from whatever was read.
    ImportRow, IMPORT_COLUMNS, ImportColumn;
    record_id: &'a str, Restricted, "The record.";
    provenance: &'a str, Restricted, "`imported`: the agency's own account, not witnessed by the exchange.";
    agency_id: &'a str, Restricted, "The agency whose record it is.";
    agency_reference: Option<&'a str>, Restricted, "Its file number.";
    platform_id: Option<&'a str>, Restricted, "The platform registered here for the host when it was imported.";
    platform_name: Option<&'a str>, Restricted, "The platform, as the agency wrote it.";
    item_kind: &'a str, Restricted, "What kind of thing was asked about.";
    locator: &'a str, Restricted, "Where it lay, exactly as in the agency's list.";
    sent_on: NaiveDate, Restricted, "The day of the mail, as the agency says.";
    sent_at: Option<At>, Restricted, "Its instant, as the agency says.";
    asked: Option<&'a str>, Restricted, "`referral` or `order`, as the agency says.";
    legal_basis: Option<&'a str>, Restricted, "The power, in the agency's words.";
    grounds: &'a [String], Restricted, "The grounds, in the agency's words.";
    outcome: Option<&'a str>, Restricted, "What became of it, as the agency says; none when no answer is known.";
    answered_on: Option<NaiveDate>, Restricted, "The day of the answer, as the agency says.";
    note: Option<&'a str>, Restricted, "What else the list says.";
    language: Option<&'a str>, Restricted, "The language of the mail (BCP 47).";
    file: &'a str, Restricted, "The file it was taken from.";
    file_sha256: &'a str, Restricted, "The SHA-256 digest of that file.";
    sheet: Option<&'a str>, Restricted, "The sheet in it.";
    row: i32, Restricted, "The row, as a spreadsheet numbers it.";
    imported_at: At, Restricted, "When it was imported.";
    imported_by: &'a str, Restricted, "By which client.";
    withdrawn_at: Option<At>, Restricted, "When the agency took the record back as a mistake.";
    withdrawal_reason: Option<&'a str>, Restricted, "Why.";
}
