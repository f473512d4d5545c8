//! Rules for `validator` that several bodies share; what they say is what the caller reads.

use takedown_core::text::{bounded, bounded_line};
use validator::ValidationError;

fn rule(code: &'static str, message: String) -> ValidationError {
    ValidationError::new(code).with_message(message.into())
}

/// Text of several lines without control characters.
///
/// # Errors
/// What is wrong with it.
pub fn plain(text: &str) -> Result<(), ValidationError> {
    bounded("it", text, usize::MAX).map_err(|e| rule("plain", e.to_string()))?;
    if text.trim().is_empty() {
        return Err(rule("empty", "must not be empty".into()));
    }
    Ok(())
}

/// Text of one line without control characters.
///
/// # Errors
/// What is wrong with it.
pub fn one_line(text: &str) -> Result<(), ValidationError> {
    bounded_line("it", text, usize::MAX).map_err(|e| rule("one_line", e.to_string()))?;
    if text.trim().is_empty() {
        return Err(rule("empty", "must not be empty".into()));
    }
    Ok(())
}

/// 64 hexadecimal digits.
///
/// # Errors
/// When it is anything else.
pub fn sha256_hex(value: &str) -> Result<(), ValidationError> {
    if value.len() == 64 && value.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Ok(());
    }
    Err(rule("sha256", "must be 64 hexadecimal digits".into()))
}
