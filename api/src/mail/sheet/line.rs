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
    /// A text with its placeholders filled.
    pub fn filled(text: &str, value: impl Fn(&str) -> Piece) -> Self {
        let words = |text: &str| Piece {
            text: text.to_owned(),
            value: false,
        };
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, (name, after))) = rest
            .split_once('{')
            .and_then(|(before, tail)| Some((before, tail.split_once('}')?)))
        {
            pieces.push(words(before));
            pieces.push(value(name));
            rest = after;
        }
        pieces.push(words(rest));
        pieces.retain(|piece| !piece.text.is_empty());
        Self(pieces)
    }

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
