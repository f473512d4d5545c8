//! The catalogue: instruments, grounds and calendars read together, because they name each other.

use std::collections::BTreeMap;
use std::fmt;

use super::calendar::Calendars;
use super::{Ground, Instrument, builtin, file};

/// One file, with the name that error messages use.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// Its path as the reader of an error knows it.
    pub name: &'a str,
    /// Its content.
    pub text: &'a str,
}

/// What is wrong in a file, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct FileError {
    /// The name of the file.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong, and what would be right.
    pub reason: String,
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.reason)
    }
}

/// The instruments that a filing can name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Catalogue {
    grounds: Vec<Ground>,
    calendars: Calendars,
    instruments: BTreeMap<String, Instrument>,
}

impl Catalogue {
    /// The catalogue of this release, parsed on the first call.
    pub fn builtin() -> &'static Self {
        builtin::catalogue()
    }

    /// As [`builtin`](Self::builtin), with the reason if the embedded files do not parse: for a check at start.
    pub fn try_builtin() -> Result<&'static Self, &'static [FileError]> {
        match builtin::parsed() {
            Ok(catalogue) => Ok(catalogue),
            Err(errors) => Err(errors),
        }
    }

    /// Reads grounds, calendars and instruments, strictly: an unknown field, word, ground or calendar is an error.
    /// All errors of all files are returned, in the order of the files.
    pub fn parse(
        grounds: &[Source<'_>],
        calendars: &[Source<'_>],
        instruments: &[Source<'_>],
    ) -> Result<Self, Vec<FileError>> {
        let mut errors = Vec::new();
        let mut catalogue = Self::default();
        for source in grounds {
            file::grounds(source, &mut catalogue.grounds, &mut errors);
        }
        for source in calendars {
            if let Some((calendar, line)) = file::calendar(source, &mut errors) {
                let id = calendar.id.clone();
                if catalogue.calendars.0.insert(id.clone(), calendar).is_some() {
                    errors.push(file::error(
                        source,
                        line,
                        format!("the calendar `{id}` exists already"),
                    ));
                }
            }
        }
        for source in instruments {
            let parsed = file::instrument(
                source,
                &catalogue.grounds,
                &catalogue.calendars,
                &mut errors,
            );
            if let Some((instrument, line)) = parsed {
                let id = instrument.id.to_string();
                if catalogue
                    .instruments
                    .insert(id.clone(), instrument)
                    .is_some()
                {
                    errors.push(file::error(
                        source,
                        line,
                        format!("the instrument `{id}` exists already"),
                    ));
                }
            }
        }
        if errors.is_empty() {
            Ok(catalogue)
        } else {
            Err(errors)
        }
    }

    /// The instrument of this name.
    pub fn get(&self, id: &str) -> Option<&Instrument> {
        self.instruments.get(id)
    }

    /// All instruments, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = &Instrument> {
        self.instruments.values()
    }

    /// The closed list of grounds.
    pub fn grounds(&self) -> &[Ground] {
        &self.grounds
    }

    /// The ground with this code, whichever instrument it belongs to.
    pub fn ground(&self, code: &str) -> Option<&Ground> {
        self.grounds.iter().find(|ground| ground.code == code)
    }

    /// The calendars that clocks count by.
    pub fn calendars(&self) -> &Calendars {
        &self.calendars
    }
}
