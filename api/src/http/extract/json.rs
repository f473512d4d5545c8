//! JSON into a type, with pointers to what was refused.

use serde::de::DeserializeOwned;
use serde_path_to_error::{Path, Segment};
use validator::Validate;

use super::depth::too_deep;
use super::explain::explain;
use super::objects::Objects;
use super::read::MAX_DEPTH;
use super::rules::field_errors;
use crate::http::problem::{Code, FieldError, Problem};

/// Parses one JSON text and checks the rules of its type.
///
/// # Errors
/// `malformed-body` for what is no JSON or too deep, `unknown-field` and `invalid` with pointers for the rest.
pub fn parse<T: DeserializeOwned + Validate>(json: &[u8]) -> Result<T, Problem> {
    if json.iter().all(u8::is_ascii_whitespace) {
        return Err(Problem::new(
            Code::MalformedBody,
            "The body is empty; send a JSON object.",
        ));
    }
    if let Some(offset) = too_deep(json, MAX_DEPTH) {
        return Err(Problem::new(
            Code::MalformedBody,
            format!("The body nests deeper than {MAX_DEPTH} levels at byte {offset}."),
        ));
    }
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    let value: T = serde_path_to_error::deserialize(Objects(&mut deserializer))
        .map_err(|error| refusal(error.path(), error.inner()))?;
    deserializer.end().map_err(|error| malformed(&error))?;
    value
        .validate()
        .map_err(|errors| Problem::invalid(field_errors(&errors)))?;
    Ok(value)
}

fn malformed(error: &serde_json::Error) -> Problem {
    let what = match error.classify() {
        serde_json::error::Category::Eof => "The JSON ends too early",
        _ => "The body is not valid JSON",
    };
    Problem::new(
        Code::MalformedBody,
        format!(
            "{what}, at line {} column {}.",
            error.line(),
            error.column()
        ),
    )
}

fn refusal(path: &Path, error: &serde_json::Error) -> Problem {
    if !error.is_data() {
        return malformed(error);
    }
    let explained = explain(&error.to_string());
    let mut pointer = pointer(path);
    if let Some(field) = &explained.field {
        pointer.push('/');
        pointer.push_str(&escaped(field));
    }
    let error = FieldError::at(&pointer, explained.detail);
    Problem::new(explained.code, error.to_string()).errors([error])
}

/// A path as a JSON pointer (RFC 6901).
fn pointer(path: &Path) -> String {
    path.iter()
        .filter_map(|segment| match segment {
            Segment::Seq { index } => Some(format!("/{index}")),
            Segment::Map { key } => Some(format!("/{}", escaped(key))),
            Segment::Enum { .. } | Segment::Unknown => None,
        })
        .collect()
}

/// Escapes a member name for a pointer; what a hostile name could do to a reader is cut off.
pub(super) fn escaped(name: &str) -> String {
    name.replace('~', "~0")
        .replace('/', "~1")
        .chars()
        .filter(|character| !character.is_control())
        .take(64)
        .collect()
}

#[cfg(test)]
mod tests;
