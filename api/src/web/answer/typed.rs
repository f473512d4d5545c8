//! What the forms of the page send, and what is wrong with it.

use actix_web::HttpRequest;
use takedown_core::text::{Language, bounded, bounded_line};

use super::words::Words;
use crate::app::requests::filing::Text;
use crate::web::form::{Fields, Unread};

/// The longest text, in characters.
pub(super) const MAX_TEXT: usize = 5_000;
/// The longest note on one item.
pub(super) const MAX_NOTE: usize = 2_000;
/// The longest ticket number, and the longest line beside an answer.
pub(super) const MAX_LINE: usize = 100;

/// Something that is wrong: with which field, and in whose words. The field without a name is the whole form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// The name of the field.
    pub field: String,
    /// What is wrong with it.
    pub says: String,
}

impl Fault {
    pub(super) fn of(field: &str, says: impl Into<String>) -> Self {
        Self {
            field: field.to_owned(),
            says: says.into(),
        }
    }

    /// In the reader's words, where it was found before those were known.
    pub(super) fn said(self, words: &Words) -> Self {
        let says = match self.says.as_str() {
            UNREADABLE => words.wrong_unreadable,
            ENCODING => words.wrong_encoding,
            _ => return self,
        };
        Self::of(&self.field, says)
    }
}

const UNREADABLE: &str = "unreadable";
const ENCODING: &str = "encoding";

/// What was typed, as it was sent.
#[derive(Debug, Clone, Default)]
pub(super) struct Typed(Fields);

/// Fields beside those of the items.
const NAMES: [&str; 9] = [
    "do",
    "version",
    "reference",
    "basis",
    "informed",
    "language",
    "kind",
    "text",
    "close",
];
/// Fields of each item, and of all others together.
const OF_ITEMS: [&str; 3] = ["outcome", "more", "note"];

impl Typed {
    /// Reads the body of a request.
    pub(super) fn read(request: &HttpRequest, body: &[u8]) -> Result<Self, Fault> {
        let wanted = |name: &str| {
            NAMES.contains(&name)
                || name.split_once('-').is_some_and(|(of, place)| {
                    let number = place.len() <= 4 && place.bytes().all(|b| b.is_ascii_digit());
                    OF_ITEMS.contains(&of) && (place == REST || number && !place.is_empty())
                })
        };
        Fields::read(request, body, wanted)
            .map(Self)
            .map_err(|unread| {
                Fault::of(
                    "",
                    match unread {
                        Unread::Unreadable => UNREADABLE,
                        Unread::Encoding => ENCODING,
                    },
                )
            })
    }

    /// What stands in a field.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.get(name)
    }

    /// What stands in a field of an item.
    pub(super) fn of(&self, field: &str, place: &str) -> &str {
        self.0.get(&format!("{field}-{place}"))
    }

    /// Which button was pressed.
    pub(super) fn pressed(&self) -> &str {
        self.get("do")
    }

    /// The version that whoever typed it had before him.
    pub(super) fn version(&self) -> Option<i32> {
        self.get("version").parse().ok()
    }

    /// The language of what was typed; a tag that is none is no language that we know.
    pub(super) fn language(&self) -> Option<Language> {
        self.get("language").parse().ok()
    }

    /// A text of one field, if there is one.
    pub(super) fn text(&self, field: &str, words: &Words) -> Result<Option<Text>, Fault> {
        let text = self.0.text(field);
        if text.trim().is_empty() {
            return Ok(None);
        }
        let wrong = |_| Fault::of(field, words.wrong_text);
        bounded(field, &text, MAX_TEXT).map_err(wrong)?;
        let language = self.language();
        let language = language.ok_or_else(|| Fault::of("language", words.wrong_unreadable))?;
        Ok(Some(Text { text, language }))
    }

    /// A note of an item, if there is one.
    pub(super) fn note(&self, place: &str, words: &Words) -> Result<Option<String>, Fault> {
        let field = format!("note-{place}");
        let note = self.0.text(&field);
        if note.trim().is_empty() {
            return Ok(None);
        }
        bounded(&field, &note, MAX_NOTE).map_err(|_| Fault::of(&field, words.wrong_text))?;
        Ok(Some(note))
    }

    /// One line of a field, if there is one.
    pub(super) fn line(&self, field: &str, words: &Words) -> Result<Option<String>, Fault> {
        let line = self.get(field).trim();
        if line.is_empty() {
            return Ok(None);
        }
        let wrong = |_| Fault::of(field, words.wrong_reference);
        bounded_line(field, line, MAX_LINE).map_err(wrong)?;
        Ok(Some(line.to_owned()))
    }
}

/// In the place of an item: all others that are open.
pub(super) const REST: &str = "rest";
