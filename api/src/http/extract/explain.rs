//! serde's messages in the words of a person who fills in a form, without the value that was sent.

use crate::http::problem::Code;

/// What a message of serde means.
pub(super) struct Explained {
    pub code: Code,
    /// A field that must be appended to the path at which the message arose.
    pub field: Option<String>,
    pub detail: String,
}

/// Values are left out on purpose: a problem body must not repeat a locator or a note.
pub(super) fn explain(message: &str) -> Explained {
    let message = without_position(message);
    let invalid = |detail: String| Explained {
        code: Code::Invalid,
        field: None,
        detail,
    };
    if let Some(rest) = message.strip_prefix("missing field ") {
        return Explained {
            code: Code::Invalid,
            field: Some(unquoted(rest)),
            detail: "is required".to_owned(),
        };
    }
    if let Some(rest) = message.strip_prefix("unknown field ") {
        return unknown_field(rest);
    }
    if let Some(rest) = message.strip_prefix("duplicate field ") {
        return Explained {
            code: Code::Invalid,
            field: Some(unquoted(rest)),
            detail: "is given twice".to_owned(),
        };
    }
    if let Some(rest) = message.strip_prefix("unknown variant ") {
        let known = rest
            .rsplit_once(", expected ")
            .map_or("", |(_, known)| known);
        return invalid(match choices(known) {
            known if known.is_empty() => "is not one of the accepted values".to_owned(),
            known => format!("must be one of: {known}"),
        });
    }
    if let Some((sent, expected)) = message
        .strip_prefix("invalid type: ")
        .and_then(|rest| rest.rsplit_once(", expected "))
    {
        return invalid(format!("must be {}, not {}", wanted(expected), kind(sent)));
    }
    if let Some((_, expected)) = message
        .strip_prefix("invalid value: ")
        .and_then(|rest| rest.rsplit_once(", expected "))
    {
        return invalid(format!("must be {}", wanted(expected)));
    }
    if let Some((length, expected)) = message
        .strip_prefix("invalid length ")
        .and_then(|rest| rest.split_once(", expected "))
    {
        return invalid(format!(
            "has {length} elements, must be {}",
            wanted(expected)
        ));
    }
    invalid(match message {
        "invalid digit found in string" => "must be a whole number".to_owned(),
        "cannot parse integer from empty string" => "must not be empty".to_owned(),
        "number too large to fit in target type" => "is too large".to_owned(),
        "number too small to fit in target type" => "is too small".to_owned(),
        "provided string was not `true` or `false`" => "must be true or false".to_owned(),
        other => other.chars().take(300).collect(),
    })
}

/// serde_json ends its messages with the place, which the pointer says better.
fn without_position(message: &str) -> &str {
    match message.rsplit_once(" at line ") {
        Some((text, place)) if place.contains(" column ") => text,
        _ => message,
    }
}

fn unknown_field(rest: &str) -> Explained {
    let (name, known) = match rest.rsplit_once(", expected ") {
        Some((name, known)) => (unquoted(name), choices(known)),
        None => (unquoted(rest), String::new()),
    };
    let nearest = known
        .split(", ")
        .map(|candidate| (strsim::jaro_winkler(&name, candidate), candidate))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    let detail = match nearest {
        Some((_, candidate)) => format!("does not exist; did you mean {candidate}?"),
        None if known.is_empty() => "does not exist; no fields are taken here".to_owned(),
        None => format!("does not exist; the fields here are: {known}"),
    };
    Explained {
        code: Code::UnknownField,
        field: None,
        detail,
    }
}

/// "one of `a`, `b`" and "`a` or `b`" as "a, b".
fn choices(known: &str) -> String {
    let names: Vec<&str> = known.split('`').skip(1).step_by(2).collect();
    names.join(", ")
}

fn unquoted(text: &str) -> String {
    text.split('`')
        .nth(1)
        .unwrap_or(text)
        .chars()
        .take(64)
        .collect()
}

fn wanted(expected: &str) -> &str {
    match expected {
        "u8" | "u16" | "u32" | "u64" | "u128" | "usize" => "a whole number that is not negative",
        "i8" | "i16" | "i32" | "i64" | "i128" | "isize" => "a whole number",
        "f32" | "f64" => "a number",
        "a string" | "str" | "string" | "a borrowed string" | "a character" => "a text",
        "a boolean" => "true or false",
        "a sequence" => "an array",
        "a map" => "an object",
        "unit" => "null",
        other if other.starts_with("struct ") => "an object",
        other if other.starts_with("enum ") => "one of the accepted values",
        other => other,
    }
}

fn kind(sent: &str) -> &'static str {
    let word = sent.split([' ', '`', '"']).next().unwrap_or_default();
    match word {
        "string" | "character" | "byte" => "a text",
        "integer" | "floating" => "a number of that form",
        "boolean" => "a truth value",
        "null" | "unit" | "Option" => "null",
        "map" => "an object",
        "sequence" => "an array",
        _ => "that",
    }
}
