//! Rules for `validator` that several bodies share; what they say is what the caller reads.

use takedown_core::document;
use takedown_core::text::{bounded, bounded_line, placeholder};
use validator::ValidationError;

fn rule(code: &'static str, message: String) -> ValidationError {
    ValidationError::new(code).with_message(message.into())
}

/// That nothing was written at all is for the rule about the length to say.
fn not_blank(text: &str) -> Result<(), ValidationError> {
    if !text.is_empty() && text.trim().is_empty() {
        return Err(rule("blank", "must not be blank".into()));
    }
    Ok(())
}

/// Text of several lines without control characters.
///
/// # Errors
/// What is wrong with it.
pub fn plain(text: &str) -> Result<(), ValidationError> {
    bounded("it", text, usize::MAX).map_err(|e| rule("plain", e.to_string()))?;
    not_blank(text)
}

/// [`plain`] text that goes to the other side: no placeholder of a saved text is left in it.
///
/// # Errors
/// What is wrong with it; every placeholder that is left, by name.
pub fn filled(text: &str) -> Result<(), ValidationError> {
    let left = placeholder::names(text);
    if !left.is_empty() {
        let names: Vec<String> = left.iter().map(|name| format!("{{{{{name}}}}}")).collect();
        let says = format!(
            "has placeholders that are not filled: {}; nothing is sent before all are",
            names.join(", ")
        );
        return Err(rule("placeholders", says));
    }
    plain(text)
}

/// What a document is called.
///
/// # Errors
/// What is wrong with it.
pub fn document_name(text: &str) -> Result<(), ValidationError> {
    match text.parse::<document::Name>() {
        Ok(_) => Ok(()),
        Err(error) => Err(rule("document_name", error.to_string())),
    }
}

/// Text of one line without control characters.
///
/// # Errors
/// What is wrong with it.
pub fn one_line(text: &str) -> Result<(), ValidationError> {
    bounded_line("it", text, usize::MAX).map_err(|e| rule("one_line", e.to_string()))?;
    not_blank(text)
}

/// Base64url without padding (RFC 7515, section 2).
///
/// # Errors
/// When it is anything else.
pub fn base64url(value: &str) -> Result<(), ValidationError> {
    let digit = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    if !value.is_empty() && value.bytes().all(digit) {
        return Ok(());
    }
    let says = "must be base64url without padding (RFC 7515, section 2)";
    Err(rule("base64url", says.into()))
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
