//! Lines of words and values.

use crate::mail::inert;

/// A part of a line.
pub(in crate::mail) struct Piece {
    pub text: String,
    /// A value of its own direction (a name, a reference, a date), kept apart from the words round it.
    pub value: bool,
}

/// A line of words and values.
pub(in crate::mail) struct Line(pub Vec<Piece>);

impl Line {
    /// The line as plain text; values get Unicode isolates (FSI … PDI) where the directions differ.
    pub fn plain(&self, rtl: bool) -> String {
        let mut out = String::new();
        for piece in &self.0 {
            if piece.value && (rtl || inert::is_rtl(&piece.text)) {
                out.extend(
                    ['\u{2068}']
                        .into_iter()
                        .chain(piece.text.chars())
                        .chain(['\u{2069}']),
                );
            } else {
                out.push_str(&piece.text);
            }
        }
        out
    }
}
