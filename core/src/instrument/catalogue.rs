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
            catalogue.add_calendar(source, None, &mut errors);
        }
        for source in instruments {
            catalogue.add_instrument(source, None, &mut errors);
        }
        if errors.is_empty() {
            Ok(catalogue)
        } else {
            Err(errors)
        }
    }

    /// This release's catalogue and an operator's own files; a file that is wrong is left out and the others stand.
    ///
    /// The errors are those of the files left out, in the order of the files. An own file cannot take the place of a
    /// built-in one, and of two with the same id the first stands.
    pub fn builtin_with(
        calendars: &[Source<'_>],
        instruments: &[Source<'_>],
    ) -> (Self, Vec<FileError>) {
        let builtin = Self::builtin();
        let mut catalogue = builtin.clone();
        let mut errors = Vec::new();
        for source in calendars {
            catalogue.add_calendar(source, Some(builtin), &mut errors);
        }
        for source in instruments {
            catalogue.add_instrument(source, Some(builtin), &mut errors);
        }
        (catalogue, errors)
    }

    fn add_calendar(
        &mut self,
        source: &Source<'_>,
        builtin: Option<&Self>,
        errors: &mut Vec<FileError>,
    ) {
        let Some((mut calendar, line)) = file::calendar(source, errors) else {
            return;
        };
        calendar.own = builtin.is_some();
        let mut found = calendar.parts();
        found.insert(0, calendar);
        let taken = found
            .iter()
            .find(|calendar| self.calendars.get(&calendar.id).is_some());
        if let Some(taken) = taken {
            let shadows = builtin.is_some_and(|all| all.calendars.get(&taken.id).is_some());
            let reason = exists("calendar", &taken.id, shadows);
            errors.push(file::error(source, line, reason));
            return;
        }
        for calendar in found {
            self.calendars.0.insert(calendar.id.clone(), calendar);
        }
    }

    fn add_instrument(
        &mut self,
        source: &Source<'_>,
        builtin: Option<&Self>,
        errors: &mut Vec<FileError>,
    ) {
        let parsed = file::instrument(source, &self.grounds, &self.calendars, errors);
        let Some((instrument, line)) = parsed else {
            return;
        };
        let id = instrument.id.to_string();
        if self.instruments.contains_key(&id) {
            let shadows = builtin.is_some_and(|all| all.get(&id).is_some());
            errors.push(file::error(
                source,
                line,
                exists("instrument", &id, shadows),
            ));
            return;
        }
        self.instruments.insert(id, instrument);
    }

    /// Whether the instrument of this name is one of this release.
    pub fn is_builtin(id: &str) -> bool {
        Self::builtin().get(id).is_some()
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

fn exists(what: &str, id: &str, shadows: bool) -> String {
    if shadows {
        format!(
            "the {what} `{id}` is built in and cannot be replaced: give yours another id, and its file the same name"
        )
    } else {
        format!("the {what} `{id}` exists already")
    }
}
