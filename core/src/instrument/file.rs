//! Reading the data files. Every error names the file, the line, what is wrong and what would be right.

mod calendar;
mod instrument;
mod oversight;
mod parts;

pub(super) use calendar::calendar;
pub(super) use instrument::instrument;

use std::ops::Range;
use std::str::FromStr;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::Spanned;

use super::Ground;
use super::catalogue::{FileError, Source};
use crate::text::bounded;

/// So long a text of a data file can be: it goes into answers, mails and pages.
const MAX_CHARS: usize = 2_000;

/// A text that knows where it stands in its file.
type Text = Spanned<String>;

/// Collects what is wrong in one file.
struct Reader<'a> {
    source: &'a Source<'a>,
    errors: &'a mut Vec<FileError>,
}

pub(super) fn error(source: &Source<'_>, line: usize, reason: String) -> FileError {
    FileError {
        file: source.name.to_owned(),
        line,
        reason,
    }
}

impl<'a> Reader<'a> {
    fn new(source: &'a Source<'a>, errors: &'a mut Vec<FileError>) -> Self {
        Self { source, errors }
    }

    fn line(&self, span: &Range<usize>) -> usize {
        let before = self.source.text.get(..span.start).unwrap_or_default();
        before.bytes().filter(|byte| *byte == b'\n').count() + 1
    }

    fn refuse(&mut self, span: &Range<usize>, reason: impl Into<String>) {
        let line = self.line(span);
        self.errors.push(error(self.source, line, reason.into()));
    }

    /// The file as its raw form, or an error at the place where it departs from it.
    fn read<T: DeserializeOwned>(&mut self) -> Option<T> {
        match toml::from_str(self.source.text) {
            Ok(raw) => Some(raw),
            Err(error) => {
                let span = error.span().unwrap_or(0..0);
                self.refuse(&span, error.message().to_owned());
                None
            }
        }
    }

    /// A text that says something.
    fn text(&mut self, field: &str, value: Spanned<String>) -> String {
        if value.get_ref().trim().is_empty() {
            self.refuse(&value.span(), format!("`{field}` is empty"));
        } else if let Err(reason) = bounded(field, value.get_ref(), MAX_CHARS) {
            self.refuse(&value.span(), reason.to_string());
        }
        value.into_inner()
    }

    /// A word parsed by its own type; `field` names it in the error.
    fn word<T>(&mut self, field: &str, value: &Spanned<String>) -> Option<T>
    where
        T: FromStr,
        T::Err: std::fmt::Display,
    {
        match value.get_ref().parse() {
            Ok(word) => Some(word),
            Err(reason) => {
                self.refuse(&value.span(), format!("`{field}`: {reason}"));
                None
            }
        }
    }

    fn words<T>(&mut self, field: &str, values: &[Spanned<String>]) -> Vec<T>
    where
        T: FromStr,
        T::Err: std::fmt::Display,
    {
        values
            .iter()
            .filter_map(|value| self.word(field, value))
            .collect()
    }

    /// The id, which must be the file's own name so that a reader finds the file from the id.
    fn id(&mut self, id: &Spanned<String>) {
        let name = self.source.name;
        let stem = name.rsplit(['/', '\\']).next().unwrap_or(name);
        if stem.strip_suffix(".toml") != Some(id.get_ref()) {
            self.refuse(
                &id.span(),
                format!(
                    "the id `{}` and the name of the file differ: call the file `{}.toml`",
                    id.get_ref(),
                    id.get_ref()
                ),
            );
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawGrounds {
    ground: Vec<RawGround>,
}

/// A ground as a file writes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawGround {
    code: Spanned<String>,
    title: Spanned<String>,
    citation: Spanned<String>,
}

/// Reads a list of grounds and adds them to `known`.
pub(super) fn grounds(source: &Source<'_>, known: &mut Vec<Ground>, errors: &mut Vec<FileError>) {
    let mut reader = Reader::new(source, errors);
    let Some(raw) = reader.read::<RawGrounds>() else {
        return;
    };
    for ground in raw.ground {
        add_ground(&mut reader, ground, known);
    }
}

fn add_ground(reader: &mut Reader<'_>, ground: RawGround, known: &mut Vec<Ground>) {
    let code = ground.code.get_ref();
    let fits = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| {
                byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte)
            })
    };
    if code.len() > 100 || code.split(':').count() > 2 || !code.split(':').all(fits) {
        reader.refuse(
            &ground.code.span(),
            format!("the code `{code}` is not lower-case `group:name` or `name` of at most 100"),
        );
    } else if known.iter().any(|other| other.code == *code) {
        reader.refuse(
            &ground.code.span(),
            format!("the ground `{code}` exists already"),
        );
    }
    known.push(Ground {
        title: reader.text("title", ground.title),
        citation: reader.text("citation", ground.citation),
        code: ground.code.into_inner(),
    });
}
