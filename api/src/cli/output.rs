//! What people see: lines, tables, instants. Everything that others wrote is made visible first, so that no control or
//! bidirectional character acts on the reader's terminal.

use takedown_core::text::visible;

use super::CliError;

/// Prints one line.
pub(super) fn line(text: &str) -> Result<(), CliError> {
    write(&format!("{text}\n"))
}

/// Prints text that ends in its own line break, or adds one: the bytes of an answer as they came.
pub(super) fn exact(text: &str) -> Result<(), CliError> {
    if text.ends_with('\n') {
        write(text)
    } else {
        line(text)
    }
}

#[cfg(not(test))]
fn write(text: &str) -> Result<(), CliError> {
    use std::io::Write as _;
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(CliError::Output)
}

#[cfg(test)]
use tests::write;

/// Text of others, several lines kept apart and indented.
pub(super) fn indented(text: &str, indent: &str) -> String {
    let unified = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<String> = unified
        .lines()
        .map(|line| format!("{indent}{}", visible(line)))
        .collect();
    lines.join("\n")
}

/// `2026-11-22T15:13:07.123Z` as `2026-11-22 15:13:07 UTC`; anything else as it is.
pub(super) fn instant(text: &str) -> String {
    match chrono::DateTime::parse_from_rfc3339(text) {
        Ok(at) => at.to_utc().format("%Y-%m-%d %H:%M:%S UTC").to_string(),
        Err(_) => visible(text).into_owned(),
    }
}

/// The inert form of a locator: the server's own when it gave one, else one made here.
pub(super) fn inert(locator: &str, defanged: Option<&str>) -> String {
    match defanged {
        Some(text) => visible(text).into_owned(),
        None => defang(locator),
    }
}

/// Makes a locator of any kind unclickable and visible.
pub(super) fn defang(locator: &str) -> String {
    use takedown_core::locator::{ItemKind, Locator};
    match Locator::parse(ItemKind::Url, locator) {
        Ok(parsed) => parsed.defanged(),
        Err(_) => visible(locator).replace("://", "[:]//").replace('.', "[.]"),
    }
}

/// Rows under a heading, columns as wide as their widest cell.
pub(super) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(super) fn new(heading: &[&str]) -> Self {
        Self {
            rows: vec![heading.iter().map(|h| (*h).to_owned()).collect()],
        }
    }

    /// Adds a row; each cell is made visible.
    pub(super) fn row(&mut self, cells: &[&str]) {
        self.rows
            .push(cells.iter().map(|c| visible(c).into_owned()).collect());
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.len() == 1
    }

    pub(super) fn render(&self) -> String {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns)
            .map(|column| {
                let cells = self.rows.iter().filter_map(|row| row.get(column));
                cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
            })
            .collect();
        let mut text = String::new();
        for row in &self.rows {
            let mut rendered = String::new();
            for (cell, width) in row.iter().zip(&widths) {
                let padding = width - cell.chars().count();
                rendered.push_str(cell);
                rendered.push_str(&" ".repeat(padding + 2));
            }
            text.push_str(rendered.trim_end());
            text.push('\n');
        }
        text
    }

    pub(super) fn print(&self) -> Result<(), CliError> {
        exact(&self.render())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use std::cell::RefCell;

    thread_local! {
        static PRINTED: RefCell<String> = const { RefCell::new(String::new()) };
    }

    pub(super) fn write(text: &str) -> Result<(), CliError> {
        PRINTED.with_borrow_mut(|printed| printed.push_str(text));
        Ok(())
    }

    /// What this test printed since it was last asked.
    pub(in crate::cli) fn printed() -> String {
        PRINTED.take()
    }

    #[test]
    fn columns_line_up_and_nothing_acts_on_the_terminal() {
        let mut table = Table::new(&["NAME", "N"]);
        table.row(&["a\u{202e}b\u{1b}[31m", "1"]);
        table.row(&["c", "22"]);
        let text = table.render();
        assert!(
            !text.contains('\u{202e}') && !text.contains('\u{1b}'),
            "{text:?}"
        );
        let starts = |line: &str| line.rfind("  ").map(|at| at + 2);
        let starts: Vec<_> = text.lines().map(starts).collect();
        assert_eq!(starts.len(), 3);
        assert!(starts.iter().all(|start| *start == starts[0]), "{text}");
    }

    #[test]
    fn locators_are_inert() {
        let shown = defang("https://paste.example/x?a=b#frag");
        assert!(
            !shown.contains("https://") && !shown.contains("paste.example"),
            "{shown}"
        );
        assert!(shown.contains("frag"), "{shown}");
    }

    #[test]
    fn instants_are_short_and_carry_their_zone() {
        assert_eq!(
            instant("2026-11-22T15:13:07.123Z"),
            "2026-11-22 15:13:07 UTC"
        );
        assert_eq!(instant("soon"), "soon");
    }
}
