//! Values as they were written, before anybody checked them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::error::{ConfigError, Wrong};
use super::key::Source;
use super::toml_layer;
use super::{DEFAULT_FILE, FILE_VARIABLE, SANDBOX_FILE};

/// What every variable of the exchange begins with.
pub(super) const PREFIX: &str = "TAKEDOWN_";

/// Variables with the exchange's prefix that are not configuration keys: those of the command-line client, those it
/// gives to the programs it runs, those of the test suite, and those that container platforms derive from a service
/// called "takedown".
const FOREIGN: &[&str] = &[
    FILE_VARIABLE,
    "TAKEDOWN_SERVER",
    "TAKEDOWN_REQUEST",
    "TAKEDOWN_REFERENCE",
    "TAKEDOWN_KIND",
    "TAKEDOWN_ITEM",
    "TAKEDOWN_ITEM_KIND",
    "TAKEDOWN_LOCATOR",
    "TAKEDOWN_CLIENT_",
    "TAKEDOWN_TEST_",
    "TAKEDOWN_BENCH_",
    "TAKEDOWN_SERVICE_",
    "TAKEDOWN_PORT",
];

/// A value as it was written.
#[derive(Debug, Clone)]
pub(super) struct Written {
    /// The text; the elements of a list are separated by commas.
    pub text: String,
    /// Where it stands.
    pub source: Source,
}

/// All values as they were written, by key; the later layer has replaced the earlier one.
#[derive(Debug, Default)]
pub struct Layers {
    pub(super) values: BTreeMap<String, Written>,
    pub(super) wrong: Vec<Wrong>,
}

impl Layers {
    /// File and environment of this process.
    ///
    /// # Errors
    /// When a file that was named cannot be read. A missing `takedown.toml` that nobody named is no error.
    pub fn of_process(file: Option<&Path>) -> Result<Self, ConfigError> {
        let named = file
            .map(Path::to_path_buf)
            .or_else(|| std::env::var_os(FILE_VARIABLE).map(Into::into));
        Self::read(named, DEFAULT_FILE)
    }

    /// The same for a sandbox, which takes up neither the file of an exchange beside it nor the one that the environment names for that.
    ///
    /// # Errors
    /// As [`Layers::of_process`].
    pub fn of_sandbox(file: Option<&Path>) -> Result<Self, ConfigError> {
        Self::read(file.map(Path::to_path_buf), SANDBOX_FILE)
    }

    fn read(named: Option<PathBuf>, usual: &str) -> Result<Self, ConfigError> {
        let path = named.clone().unwrap_or_else(|| usual.into());
        let mut layers = Self::default();
        match std::fs::read_to_string(&path) {
            Ok(text) => layers.file(&path.display().to_string(), &text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && named.is_none() => {}
            Err(error) => {
                return Err(ConfigError(vec![Wrong {
                    what: path.display().to_string(),
                    source: "configuration file".to_owned(),
                    message: format!("cannot be read: {error}"),
                }]));
            }
        }
        layers.environment(std::env::vars_os().filter_map(|(name, value)| {
            Some((
                name.into_string().ok()?,
                value.to_string_lossy().into_owned(),
            ))
        }));
        Ok(layers)
    }

    /// Adds the text of a configuration file; its mistakes are reported with all others.
    pub fn file(&mut self, name: &str, text: &str) {
        toml_layer::read(name, text, self);
    }

    /// Adds environment variables; those without the exchange's prefix are ignored, an empty one counts as not set.
    pub fn environment(&mut self, variables: impl IntoIterator<Item = (String, String)>) {
        for (name, text) in variables {
            if !name.starts_with(PREFIX) || text.is_empty() || is_foreign(&name) {
                continue;
            }
            let source = Source::Environment(name.clone());
            match super::keys().into_iter().find(|key| key.variable() == name) {
                Some(key) => {
                    self.values
                        .insert(key.name.to_owned(), Written { text, source });
                }
                None => {
                    let known: Vec<String> =
                        super::keys().iter().map(|key| key.variable()).collect();
                    self.wrong.push(Wrong {
                        message: unknown("variable", &name, known.iter().map(String::as_str)),
                        what: name,
                        source: "environment".to_owned(),
                    });
                }
            }
        }
    }

    /// Sets a value on behalf of the command itself, unless somebody gave one.
    pub fn otherwise(&mut self, name: &str, value: &str) {
        if !self.values.contains_key(name) {
            self.set(name, value);
        }
    }

    /// Sets a value on behalf of the command itself; it has the last word.
    pub fn set(&mut self, name: &str, value: &str) {
        self.values.insert(
            name.to_owned(),
            Written {
                text: value.to_owned(),
                source: Source::Command,
            },
        );
    }
}

fn is_foreign(name: &str) -> bool {
    FOREIGN
        .iter()
        .any(|foreign| name == *foreign || (foreign.ends_with('_') && name.starts_with(foreign)))
        || name.starts_with("TAKEDOWN_PORT_")
}

/// Says that a name is unknown and which one was probably meant.
pub(super) fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let nearest = known
        .map(|candidate| (strsim::jaro_winkler(name, candidate), candidate))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    match nearest {
        Some((_, candidate)) => format!("there is no such {what}; did you mean {candidate}?"),
        None => format!("there is no such {what}; `takedown config` lists all there are"),
    }
}
