//! The rows and columns of exports, each column classed.
//!
//! One row stands for one item. The columns are declared once, with their class: a column without one does not
//! compile. JSON Lines carries every value as it is and is the evidence; CSV is a copy for spreadsheets, in which
//! texts that a spreadsheet would calculate are disarmed by [`csv_cell`].

mod csv;
mod import;
mod row;

use std::fmt::Write;

pub use csv::csv_cell;
pub use import::{IMPORT_COLUMNS, ImportColumn, ImportRow};
pub use row::{COLUMNS, Kind, Row, Value};

use crate::{policy::Role, text::coded_enum};

coded_enum! {
    /// Who may see a column.
    pub enum Class, "a class of columns" {
        /// Everybody: says what was asked and what came of it, not about what and by whom in person.
        Public => "public",
        /// The agency, the platform, and their auditors.
        Party => "party",
        /// The agency itself and its auditors.
        Restricted => "restricted",
    }
}

coded_enum! {
    /// For whom an export is made.
    pub enum Viewer, "a viewer" {
        /// Everybody.
        Public => "public",
        /// The platform that was asked.
        Platform => "platform",
        /// The agency that asked.
        Agency => "agency",
        /// An auditor.
        Auditor => "auditor",
    }
}

coded_enum! {
    /// The form of a file that is made of an export.
    pub enum FileFormat, "a form of a file" {
        /// JSON Lines, every value as it is.
        Ndjson => "ndjson",
        /// RFC 4180 for spreadsheets.
        Csv => "csv",
        /// A workbook of Office Open XML (ECMA-376), in which every cell is a text.
        Xlsx => "xlsx",
        /// A table of Apache Parquet, in which every column has a type, for programs that compute.
        Parquet => "parquet",
        /// The rows with the entries that prove them ([`crate::package`]).
        Package => "package",
    }
}

impl FileFormat {
    /// What the name of such a file ends in.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Parquet => "parquet",
            Self::Package => "zip",
        }
    }

    /// Its media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Ndjson => "application/x-ndjson",
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Parquet => "application/vnd.apache.parquet",
            Self::Package => "application/zip",
        }
    }
}

impl Viewer {
    /// Whether he sees columns of this class.
    pub const fn sees(self, class: Class) -> bool {
        match class {
            Class::Public => true,
            Class::Party => !matches!(self, Self::Public),
            Class::Restricted => matches!(self, Self::Agency | Self::Auditor),
        }
    }

    /// The viewer that a role is; the operator is none, for he reads no request.
    pub const fn of(role: Role) -> Option<Self> {
        match role {
            Role::Agency => Some(Self::Agency),
            Role::Platform => Some(Self::Platform),
            Role::Auditor => Some(Self::Auditor),
            Role::Anonymous => Some(Self::Public),
            Role::Operator => None,
        }
    }

    /// The columns he sees, in the order of the export.
    pub fn columns(self) -> impl Iterator<Item = &'static Column> + Clone {
        COLUMNS.iter().filter(move |column| self.sees(column.class))
    }
}

/// A column of an export; of that of the requests unless said.
#[derive(Debug, Clone, Copy)]
pub struct Column<V = for<'r, 'a> fn(&'r Row<'a>) -> Value<'a>> {
    /// Its name: the header in CSV, the member in JSON Lines.
    pub name: &'static str,
    /// Who may see it.
    pub class: Class,
    /// What it says.
    pub describe: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Its value in a row.
    pub value: V,
}

/// The columns as a Markdown document, checked in as `docs/export-columns.md`.
pub fn table() -> String {
    let mut text = String::from(
        "# Columns of the export\n\n\
         Generated from `core/src/export/row.rs`; `UPDATE_GOLDEN=1 cargo test -p takedown-core` writes it anew.\n\n\
         One row per item; what belongs to the request repeats in each of its rows. Instants are RFC 3339 in UTC. A value that \
         does not exist is `null` in JSON Lines and an empty cell in CSV; a list is an array, in CSV its members are \
         separated by spaces. In CSV a text that a spreadsheet would calculate begins with an apostrophe: the evidence \
         is JSON Lines. In Parquet an instant is a timestamp in UTC with milliseconds, a number an integer of 64 bits, a text \
         UTF-8, and texts are a list.\n\n| column | class | type |",
    );
    columns(&mut text, COLUMNS);
    text.push_str(
        "\n## Imported records\n\nOf `GET /v1/exports/imports`: one row per record, which is one link of one past mail. These are the \
         agency's own accounts; the exchange witnessed none of it, so they never stand among the requests.\n\n| column | class | type |",
    );
    columns(&mut text, IMPORT_COLUMNS);
    text
}

fn columns<V>(text: &mut String, columns: &[Column<V>]) {
    for viewer in Viewer::ALL {
        let _ = write!(text, " {viewer} |");
    }
    text.push_str(" says |\n|---|---|---|");
    text.push_str(&"---|".repeat(Viewer::ALL.len()));
    text.push_str("---|\n");
    for column in columns {
        let kind = column.kind.as_str();
        let _ = write!(text, "| `{}` | {} | {kind} |", column.name, column.class);
        for viewer in Viewer::ALL {
            text.push_str(if viewer.sees(column.class) {
                " yes |"
            } else {
                " – |"
            });
        }
        let _ = writeln!(text, " {} |", column.describe);
    }
}

#[cfg(test)]
mod tests;
