//! Logs.

use super::key::{Key, Preset, Privacy};
use super::reader::Reader;

/// How the exchange logs.
#[derive(Debug, Clone)]
pub struct Log {
    /// For people or for programs.
    pub format: Format,
    /// A filter as `tracing-subscriber` reads it, such as `info` or `info,takedown::worker=debug`.
    pub level: String,
}

/// For whom log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One line of text per event.
    Text,
    /// One JSON object per line.
    Json,
}

pub(super) const KEYS: &[&Key] = &[&FORMAT, &LEVEL];

static FORMAT: Key = Key {
    name: "log.format",
    preset: Preset::Value("text"),
    accepts: "text or json",
    about: "One line of text, or one JSON object, per event. Logs go to standard error.",
    privacy: Privacy::Open,
};
static LEVEL: Key = Key {
    name: "log.level",
    preset: Preset::Value("info"),
    accepts: "error, warn, info, debug or trace, or a list such as info,takedown::worker=debug",
    about: "What is logged. No level ever logs a locator, a note or a secret.",
    privacy: Privacy::Open,
};

pub(super) fn read(reader: &mut Reader) -> Option<Log> {
    let format = reader.value(&FORMAT, |text| match text {
        "text" => Ok(Format::Text),
        "json" => Ok(Format::Json),
        _ => Err(None),
    });
    let level = reader.value(&LEVEL, level);
    Some(Log {
        format: format?,
        level: level?,
    })
}

/// The filter's own parser takes a misspelt level for the name of a module, so bare words are checked first.
fn level(text: &str) -> Result<String, Option<String>> {
    for directive in text.split(',').map(str::trim) {
        let level = directive
            .rsplit_once('=')
            .map_or(directive, |(_, level)| level);
        let known = ["error", "warn", "info", "debug", "trace", "off"];
        if !known.contains(&level.to_ascii_lowercase().as_str()) {
            return Err(Some(format!("{level:?} is no level")));
        }
    }
    tracing_subscriber::EnvFilter::try_new(text)
        .map(|_| text.to_owned())
        .map_err(|error| Some(error.to_string()))
}
