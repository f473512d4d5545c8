//! What is wrong with a configuration, all of it.

use std::fmt;

/// One thing that is wrong, as a sentence that names its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The key or variable as it was written, or the file.
    pub what: String,
    /// Where it stands, as `takedown.toml:3` or `environment TAKEDOWN_SERVER_LISTEN`.
    pub source: String,
    /// What is wrong and what would be right.
    pub message: String,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.what, self.source, self.message)
    }
}

/// Everything that is wrong with a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError(pub Vec<Wrong>);

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.len() {
            1 => f.write_str("the configuration has 1 mistake:")?,
            n => write!(f, "the configuration has {n} mistakes:")?,
        }
        for wrong in &self.0 {
            write!(f, "\n  - {wrong}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigError {}
