//! Forms as they are printed.

use serde::Deserialize;

/// A form, once or twice.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Forms {
    /// Each to be printed on its own.
    pub copies: Vec<FormCopy>,
}

/// One of them.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct FormCopy {
    /// As plain text.
    pub print: String,
}
