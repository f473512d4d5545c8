//! Instruments and calendars of the operator's own, as files.

use std::path::{Path, PathBuf};

use takedown_core::instrument::{Catalogue, FileError, Source};

use super::key::{Key, Preset, Privacy};
use super::reader::Reader;

/// So large a data file can be, in bytes.
const MAX_BYTES: u64 = 1 << 20;
/// The folder inside the directory that holds the calendars.
const CALENDARS: &str = "calendars";

pub(super) const KEYS: &[&Key] = &[&DIRECTORY];

static DIRECTORY: Key = Key {
    name: "instruments.directory",
    preset: Preset::Unset,
    accepts: "a directory that exists; one .toml file for each instrument, calendars in its folder `calendars`",
    about: "Instruments of your own beside the built-in ones. A file that is wrong is left out and named in the log and by `takedown doctor`. Read at the start; give every node the same files.",
    privacy: Privacy::Open,
};

/// Instruments of the operator's own.
#[derive(Debug, Clone)]
pub struct Instruments {
    /// Where the files are; `None`: there are none.
    pub directory: Option<PathBuf>,
}

pub(super) fn read(reader: &mut Reader) -> Option<Instruments> {
    let directory = reader.optional(&DIRECTORY, |text| {
        let path = PathBuf::from(text);
        match std::fs::metadata(&path) {
            Ok(found) if found.is_dir() => Ok(path),
            Ok(_) => Err(Some("it is not a directory".to_owned())),
            Err(error) => Err(Some(error.to_string())),
        }
    })?;
    Some(Instruments { directory })
}

/// What the files made.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The built-in instruments and the own ones that are right.
    pub catalogue: Catalogue,
    /// What is wrong in the files that were left out.
    pub refused: Vec<FileError>,
}

impl Instruments {
    /// Reads the directory. Never fails: what cannot be read is left out and named.
    #[must_use]
    pub fn load(&self) -> Loaded {
        let mut files = Files::default();
        if let Some(directory) = &self.directory {
            files.directory(directory);
        }
        files.loaded()
    }
}

/// Checks files before they are installed: an instrument, a calendar (in a folder `calendars`), or a directory of both.
/// Calendars beside a file are known to it.
#[must_use]
pub fn check(paths: &[PathBuf]) -> Loaded {
    let mut files = Files::default();
    for path in paths {
        if path.is_dir() {
            files.directory(path);
        } else if in_calendars(path) {
            files.calendar(path);
        } else {
            if let Some(folder) = path.parent() {
                files.calendars_of(folder);
            }
            files.instrument(path);
        }
    }
    files.loaded()
}

fn in_calendars(path: &Path) -> bool {
    path.parent()
        .and_then(Path::file_name)
        .is_some_and(|folder| folder == CALENDARS)
}

/// Texts by the name that their errors carry.
#[derive(Default)]
struct Files {
    calendars: Vec<(String, String)>,
    instruments: Vec<(String, String)>,
    refused: Vec<FileError>,
}

impl Files {
    fn directory(&mut self, directory: &Path) {
        self.calendars_of(directory);
        for path in self.listed(directory) {
            self.instrument(&path);
        }
    }

    fn calendars_of(&mut self, directory: &Path) {
        let folder = directory.join(CALENDARS);
        if folder.is_dir() {
            for path in self.listed(&folder) {
                self.calendar(&path);
            }
        }
    }

    fn calendar(&mut self, path: &Path) {
        if let Some(file) = self.text(path)
            && !self.calendars.contains(&file)
        {
            self.calendars.push(file);
        }
    }

    fn instrument(&mut self, path: &Path) {
        if let Some(file) = self.text(path) {
            self.instruments.push(file);
        }
    }

    /// The `.toml` files of a directory in the order of their names, so that every start reads them alike.
    fn listed(&mut self, directory: &Path) -> Vec<PathBuf> {
        let entries = match std::fs::read_dir(directory) {
            Ok(entries) => entries,
            Err(error) => {
                self.refuse(directory, error.to_string());
                return Vec::new();
            }
        };
        let mut found: Vec<PathBuf> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
            .collect();
        found.sort();
        found
    }

    fn text(&mut self, path: &Path) -> Option<(String, String)> {
        let read = std::fs::metadata(path).and_then(|found| {
            if !found.is_file() || found.len() > MAX_BYTES {
                return Ok(Err(format!("not a file of at most {MAX_BYTES} bytes")));
            }
            std::fs::read(path).map(|bytes| {
                String::from_utf8(bytes).map_err(|error| {
                    let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
                    let line = valid.iter().filter(|byte| **byte == b'\n').count() + 1;
                    format!("line {line} is not UTF-8")
                })
            })
        });
        match read {
            Ok(Ok(text)) => Some((path.display().to_string(), text)),
            Ok(Err(reason)) => {
                self.refuse(path, reason);
                None
            }
            Err(error) => {
                self.refuse(path, error.to_string());
                None
            }
        }
    }

    fn refuse(&mut self, path: &Path, reason: String) {
        self.refused.push(FileError {
            file: path.display().to_string(),
            line: 1,
            reason,
        });
    }

    fn loaded(mut self) -> Loaded {
        let (catalogue, errors) =
            Catalogue::builtin_with(&as_sources(&self.calendars), &as_sources(&self.instruments));
        self.refused.extend(errors);
        Loaded {
            catalogue,
            refused: self.refused,
        }
    }
}

fn as_sources(files: &[(String, String)]) -> Vec<Source<'_>> {
    files
        .iter()
        .map(|(name, text)| Source { name, text })
        .collect()
}
