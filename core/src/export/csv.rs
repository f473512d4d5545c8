//! Cells that cannot act.

use std::borrow::Cow;

/// Makes a text safe as a CSV cell: one that a spreadsheet would take for a formula gets an apostrophe in front
/// (ASVS 1.2.10). Quoting for CSV itself is the writer's.
///
/// Dangerous are `= + - @`, their full-width forms, TAB, CR and LF, at the beginning or after spaces and characters
/// that are not seen, because spreadsheets trim before they look.
pub fn csv_cell(text: &str) -> Cow<'_, str> {
    match text.chars().find(|char| !passed_over(*char)) {
        Some(first) if dangerous(first) => Cow::Owned(format!("'{text}")),
        _ => Cow::Borrowed(text),
    }
}

const fn dangerous(char: char) -> bool {
    matches!(
        char,
        '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠'
    )
}

fn passed_over(char: char) -> bool {
    let unseen = matches!(char,
        '\u{AD}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}');
    unseen || (!dangerous(char) && (char.is_whitespace() || char.is_control()))
}
