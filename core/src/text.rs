//! Bounded texts, language tags, countries: parsed once, never invalid afterwards.

mod coded;
mod country;
mod country_list;
mod language;
pub mod placeholder;

use std::borrow::Cow;
use std::fmt::Write as _;

pub use coded::UnknownCode;
pub(crate) use coded::{coded_enum, parsed};
pub use country::{Country, CountryError};
pub use language::{Language, LanguageError};

/// A text that is too long or holds a character that no text needs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// More characters than the field takes.
    #[error("{field} has {chars} characters; it takes at most {max}")]
    TooLong {
        /// Name of the field.
        field: String,
        /// Characters given (Unicode scalar values).
        chars: usize,
        /// Characters taken.
        max: usize,
    },
    /// A control character other than line feed, carriage return and tab.
    #[error(
        "{field} holds the control character U+{code:04X} at character {at}; of these only line breaks and tabs are taken"
    )]
    Control {
        /// Name of the field.
        field: String,
        /// Position in characters, counted from 1.
        at: usize,
        /// The character's code point.
        code: u32,
    },
    /// A control character in what is one line.
    #[error(
        "{field} holds the control character U+{code:04X} at character {at}; it is one line and takes none, no line break and no tab"
    )]
    ControlInLine {
        /// Name of the field.
        field: String,
        /// Position in characters, counted from 1.
        at: usize,
        /// The character's code point.
        code: u32,
    },
}

/// Checks that a text has at most `max_chars` Unicode scalar values and no C0 or C1 control character
/// but line feed, carriage return, tab and form feed, which stands between the pages of scanned notices.
///
/// Bidirectional controls pass: Arabic and Hebrew text needs them, and a stored text is kept as it came.
/// What shows such a text to people goes through [`visible`] or isolates it.
///
/// # Errors
/// [`TextError`], naming the field, the numbers or the character.
pub fn bounded(field: &str, s: &str, max_chars: usize) -> Result<(), TextError> {
    let mut chars = 0;
    let mut control = None;
    for c in s.chars() {
        chars += 1;
        if control.is_none() && c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}') {
            control = Some((chars, u32::from(c)));
        }
    }
    if chars > max_chars {
        return Err(TextError::TooLong {
            field: field.to_owned(),
            chars,
            max: max_chars,
        });
    }
    match control {
        Some((at, code)) => Err(TextError::Control {
            field: field.to_owned(),
            at,
            code,
        }),
        None => Ok(()),
    }
}

/// As [`bounded`], for texts of one line: line breaks and tabs are refused as well.
///
/// # Errors
/// [`TextError`], naming the field, the numbers or the character.
pub fn bounded_line(field: &str, s: &str, max_chars: usize) -> Result<(), TextError> {
    match s.chars().zip(1..).find(|(c, _)| c.is_control()) {
        Some((c, at)) => Err(TextError::ControlInLine {
            field: field.to_owned(),
            at,
            code: u32::from(c),
        }),
        None => bounded(field, s, max_chars),
    }
}

/// Shows what would otherwise act instead of being seen: control, bidirectional and invisible format
/// characters become `<U+202E>`. The result is one line that reads in the order of its characters.
///
/// Zero-width joiners stay: Persian, Indic scripts and emoji are spelled with them.
#[must_use]
pub fn visible(s: &str) -> Cow<'_, str> {
    escaped(s, acts_unseen)
}

/// As [`visible`], but line feeds and tabs stay, for texts of several lines such as reasons in a mail.
/// `\r\n` and a lone `\r` become `\n`.
#[must_use]
pub fn visible_lines(s: &str) -> Cow<'_, str> {
    let keep = |c: char| acts_unseen(c) && !matches!(c, '\n' | '\t');
    if s.contains('\r') {
        let unified = s.replace("\r\n", "\n").replace('\r', "\n");
        Cow::Owned(escaped(&unified, keep).into_owned())
    } else {
        escaped(s, keep)
    }
}

fn escaped(s: &str, hide: impl Fn(char) -> bool) -> Cow<'_, str> {
    let Some(first) = s.find(&hide) else {
        return Cow::Borrowed(s);
    };
    let mut out = String::with_capacity(s.len() + 16);
    out.push_str(&s[..first]);
    for c in s[first..].chars() {
        if hide(c) {
            // Writing to a String cannot fail.
            let _ = write!(out, "<U+{:04X}>", u32::from(c));
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// Characters that change how their neighbours look, or are not seen at all.
pub(crate) fn acts_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{180E}'
            | '\u{200B}' | '\u{200E}' | '\u{200F}'
            | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}'
            | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn bounds_name_the_field_and_the_numbers() {
        assert_eq!(
            bounded("reasons", "Wörter\n\tvon rechts\u{202E}", 20),
            Ok(())
        );
        assert_eq!(
            bounded("reasons", "äöü", 2).unwrap_err().to_string(),
            "reasons has 3 characters; it takes at most 2"
        );
        assert_eq!(
            bounded("note", "ab\0", 9).unwrap_err().to_string(),
            "note holds the control character U+0000 at character 3; of these only line breaks and tabs are taken"
        );
        assert!(bounded("note", "\u{85}", 9).is_err());
        assert_eq!(
            bounded_line("rank", "a\tb", 9).unwrap_err().to_string(),
            "rank holds the control character U+0009 at character 2; it is one line and takes none, no line break and no tab"
        );
        assert_eq!(bounded_line("rank", "شرطة", 4), Ok(()));
    }

    #[test]
    fn what_acts_is_shown() {
        assert!(matches!(
            visible("plain فارسی می\u{200C}خواهم"),
            Cow::Borrowed(_)
        ));
        assert_eq!(visible("a\u{202E}gpj.exe"), "a<U+202E>gpj.exe");
        assert_eq!(visible("a\r\nb"), "a<U+000D><U+000A>b");
        assert_eq!(visible_lines("a\r\nb\rc\u{1b}[0m"), "a\nb\nc<U+001B>[0m");
        assert_eq!(visible("\u{E0041}"), "<U+E0041>");
    }

    proptest! {
        #[test]
        fn visible_is_idempotent_and_shows_no_actor(s in any::<String>()) {
            let once = visible(&s).into_owned();
            prop_assert!(!once.chars().any(acts_unseen));
            prop_assert_eq!(visible(&once), once.as_str());
            prop_assert!(!visible_lines(&s).contains('\r'));
        }

        #[test]
        fn bounded_counts_characters(s in "\\PC{0,40}", max in 0usize..50) {
            prop_assert_eq!(bounded("f", &s, max).is_ok(), s.chars().count() <= max);
        }
    }
}
