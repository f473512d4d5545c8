//! The mapping file: which column holds what, and how it is written. Read strictly: what is misspelt is an error with file
//! and line.

mod raw;

use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;

use chrono::format::{Item, StrftimeItems};
use chrono_tz::Tz;
use encoding_rs::Encoding;
use takedown_core::instrument::{FileError, Kind};
use takedown_core::locator::ItemKind;
use takedown_core::request::OutcomeCode;
use takedown_core::text::Language;
use toml::Spanned;

use self::raw::{RawColumns, RawMapping, Text, Words};
use crate::cli::CliError;

/// What a column holds: a member of the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Member {
    Locator,
    SentOn,
    AgencyReference,
    Platform,
    Outcome,
    AnsweredOn,
    Note,
    Kind,
    Asked,
    LegalBasis,
    Grounds,
    Language,
}

impl Member {
    /// By the name that it has in the API.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "locator" => Self::Locator,
            "sent_on" | "sent_at" => Self::SentOn,
            "agency_reference" => Self::AgencyReference,
            "platform" => Self::Platform,
            "outcome" => Self::Outcome,
            "answered_on" => Self::AnsweredOn,
            "note" => Self::Note,
            "kind" => Self::Kind,
            "asked" => Self::Asked,
            "legal_basis" => Self::LegalBasis,
            "grounds" => Self::Grounds,
            "language" => Self::Language,
            _ => return None,
        })
    }
}

/// How a list becomes records.
#[derive(Debug, Clone)]
pub(super) struct Mapping {
    /// What each column holds, with its heading.
    pub(super) columns: Vec<(Member, String)>,
    pub(super) separators: Vec<String>,
    pub(super) dates: Vec<String>,
    pub(super) zone: Tz,
    /// Headings.
    pub(super) fill_down: Vec<String>,
    pub(super) encoding: Option<&'static Encoding>,
    pub(super) delimiter: Option<char>,
    pub(super) sheet: Option<String>,
    pub(super) kind: ItemKind,
    pub(super) asked: Option<Kind>,
    pub(super) language: Option<Language>,
    pub(super) platform: Option<String>,
    pub(super) words: Meanings,
}

/// The list's words, in lower case, and what they mean.
#[derive(Debug, Clone, Default)]
pub(super) struct Meanings {
    pub(super) kind: BTreeMap<String, ItemKind>,
    pub(super) asked: BTreeMap<String, Kind>,
    /// No outcome: no answer is known.
    pub(super) outcome: BTreeMap<String, Option<OutcomeCode>>,
    pub(super) platform: BTreeMap<String, String>,
}

/// Headings and words are compared without case and without the spaces round and between them.
pub(super) fn folded(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

impl Mapping {
    /// Reads a mapping file.
    pub(super) fn read(path: &Path) -> Result<Self, CliError> {
        let text = std::fs::read_to_string(path).map_err(|e| CliError::file(path.display(), e))?;
        Self::parse(&path.display().to_string(), &text).map_err(|errors| {
            let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
            CliError::input(lines.join("\n"))
        })
    }

    /// Everything that is wrong in the file, or what it says.
    pub(super) fn parse(name: &str, text: &str) -> Result<Self, Vec<FileError>> {
        let mut reader = Reader {
            name,
            text,
            errors: Vec::new(),
        };
        let raw: RawMapping = match toml::from_str(text) {
            Ok(raw) => raw,
            Err(error) => {
                reader.refuse(
                    error.span().map_or(0, |span| span.start),
                    error.message().to_owned(),
                );
                return Err(reader.errors);
            }
        };
        let mapping = reader.mapping(raw);
        if reader.errors.is_empty() {
            Ok(mapping)
        } else {
            Err(reader.errors)
        }
    }

    /// The heading of the column that holds something.
    pub(super) fn heading(&self, member: Member) -> Option<&str> {
        let found = self.columns.iter().find(|(held, _)| *held == member);
        found.map(|(_, heading)| heading.as_str())
    }
}

struct Reader<'a> {
    name: &'a str,
    text: &'a str,
    errors: Vec<FileError>,
}

impl Reader<'_> {
    fn refuse(&mut self, start: usize, reason: String) {
        let before = self.text.get(..start).unwrap_or_default();
        self.errors.push(FileError {
            file: self.name.to_owned(),
            line: before.bytes().filter(|byte| *byte == b'\n').count() + 1,
            reason,
        });
    }

    /// A text made into a value; `field` names it when that fails.
    fn value<T>(
        &mut self,
        field: &str,
        text: &Text,
        make: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        match make(text.get_ref()) {
            Ok(value) => Some(value),
            Err(reason) => {
                self.refuse(text.span().start, format!("`{field}`: {reason}"));
                None
            }
        }
    }

    fn code<T: FromStr<Err: ToString>>(&mut self, field: &str, text: Option<&Text>) -> Option<T> {
        self.value(field, text?, |text| {
            text.parse().map_err(|e: T::Err| e.to_string())
        })
    }

    fn words<T>(
        &mut self,
        field: &str,
        words: &Words,
        make: impl Fn(&str) -> Result<T, String>,
    ) -> BTreeMap<String, T> {
        let mut meanings = BTreeMap::new();
        for (word, meaning) in words {
            if let Some(value) = self.value(field, meaning, &make)
                && meanings.insert(folded(word), value).is_some()
            {
                let reason = format!("`{field}`: {word:?} stands there twice");
                self.refuse(meaning.span().start, reason);
            }
        }
        meanings
    }

    fn mapping(&mut self, raw: RawMapping) -> Mapping {
        let RawMapping {
            columns,
            read,
            defaults,
            words,
        } = raw;
        let columns = self.columns(columns);
        let mut fill_down = Vec::new();
        for heading in read.fill_down {
            if columns
                .iter()
                .any(|(_, known)| folded(known) == folded(heading.get_ref()))
            {
                fill_down.push(heading.into_inner());
            } else {
                let reason = format!(
                    "`fill_down`: {:?} is no heading of [columns]",
                    heading.get_ref()
                );
                self.refuse(heading.span().start, reason);
            }
        }
        let outcome = |text: &str| match text {
            "unknown" => Ok(None),
            code => code
                .parse()
                .map(Some)
                .map_err(|e| format!("{e}, or unknown")),
        };
        Mapping {
            columns,
            fill_down,
            separators: self.separators(read.link_separators),
            dates: self.dates(read.dates),
            zone: read
                .time_zone
                .and_then(|zone| {
                    self.value("time_zone", &zone, |text| {
                        text.parse()
                            .map_err(|_| "write the IANA name of a zone, such as Europe/Warsaw".into())
                    })
                })
                .unwrap_or(Tz::UTC),
            encoding: read.encoding.and_then(|encoding| {
                self.value("encoding", &encoding, |text| {
                    Encoding::for_label(text.as_bytes())
                        .ok_or_else(|| "it is not known; utf-8, utf-16le, windows-1250 and windows-1252 are, among others".into())
                })
            }),
            delimiter: read.delimiter.and_then(|delimiter| {
                self.value("delimiter", &delimiter, |text| {
                    let mut signs = text.chars();
                    match (signs.next(), signs.next()) {
                        (Some(sign), None) if sign != '"' && sign != '\n' => Ok(sign),
                        _ => Err("it is one sign, such as , or ; or \"\\t\"".into()),
                    }
                })
            }),
            sheet: read.sheet.map(Spanned::into_inner),
            kind: self
                .code("kind", defaults.kind.as_ref())
                .unwrap_or(ItemKind::Url),
            asked: self.code("asked", defaults.asked.as_ref()),
            language: self.code("language", defaults.language.as_ref()),
            platform: defaults.platform.map(Spanned::into_inner),
            words: Meanings {
                kind: self.words("words.kind", &words.kind, parsed),
                asked: self.words("words.asked", &words.asked, parsed),
                outcome: self.words("words.outcome", &words.outcome, outcome),
                platform: self.words("words.platform", &words.platform, |text| Ok(text.to_owned())),
            },
        }
    }

    fn columns(&mut self, raw: RawColumns) -> Vec<(Member, String)> {
        let given = [
            (Member::Locator, Some(raw.locator)),
            (Member::SentOn, Some(raw.sent_on)),
            (Member::AgencyReference, raw.agency_reference),
            (Member::Platform, raw.platform),
            (Member::Outcome, raw.outcome),
            (Member::AnsweredOn, raw.answered_on),
            (Member::Note, raw.note),
            (Member::Kind, raw.kind),
            (Member::Asked, raw.asked),
            (Member::LegalBasis, raw.legal_basis),
            (Member::Grounds, raw.grounds),
            (Member::Language, raw.language),
        ];
        let mut columns: Vec<(Member, String)> = Vec::new();
        for (member, heading) in given {
            let Some(heading) = heading else { continue };
            let text = heading.get_ref();
            if folded(text).is_empty() {
                self.refuse(heading.span().start, "a heading is empty".into());
            } else if columns
                .iter()
                .any(|(_, known)| folded(known) == folded(text))
            {
                let reason = format!("the column {text:?} is named twice; each holds one thing");
                self.refuse(heading.span().start, reason);
            }
            columns.push((member, heading.into_inner()));
        }
        columns
    }

    fn separators(&mut self, raw: Vec<Text>) -> Vec<String> {
        let mut separators = Vec::new();
        for separator in raw {
            if separator.get_ref().is_empty() {
                self.refuse(
                    separator.span().start,
                    "`link_separators`: an empty text separates nothing".into(),
                );
            }
            separators.push(separator.into_inner());
        }
        separators
    }

    fn dates(&mut self, raw: Option<Vec<Text>>) -> Vec<String> {
        let Some(raw) = raw else {
            return ["%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S%:z"]
                .map(str::to_owned)
                .to_vec();
        };
        let mut dates = Vec::new();
        for form in raw {
            let wrong = StrftimeItems::new(form.get_ref()).any(|item| matches!(item, Item::Error));
            if wrong || !form.get_ref().contains('%') {
                let reason = format!(
                    "`dates`: {:?} is no form of a day; %d.%m.%Y is one",
                    form.get_ref()
                );
                self.refuse(form.span().start, reason);
            }
            dates.push(form.into_inner());
        }
        dates
    }
}

fn parsed<T: FromStr<Err: ToString>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|e: T::Err| e.to_string())
}
