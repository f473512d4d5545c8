//! Broken rules of `validator` as pointers and sentences.

use validator::{ValidationError, ValidationErrors, ValidationErrorsKind};

use super::json::escaped;
use crate::http::problem::FieldError;

/// Every broken rule, in the order of the pointers. The values themselves are left out.
#[must_use]
pub fn field_errors(errors: &ValidationErrors) -> Vec<FieldError> {
    let mut found = Vec::new();
    collect("", errors, &mut found);
    found.sort_by(|a, b| {
        a.pointer
            .cmp(&b.pointer)
            .then_with(|| a.detail.cmp(&b.detail))
    });
    found
}

fn collect(prefix: &str, errors: &ValidationErrors, found: &mut Vec<FieldError>) {
    for (field, kind) in errors.errors() {
        // `__all__` is validator's name for a rule over the whole structure.
        let pointer = if field == "__all__" {
            prefix.to_owned()
        } else {
            format!("{prefix}/{}", escaped(field))
        };
        match kind {
            ValidationErrorsKind::Field(broken) => {
                found.extend(
                    broken
                        .iter()
                        .map(|error| FieldError::at(&pointer, sentence(error))),
                );
            }
            ValidationErrorsKind::Struct(inner) => collect(&pointer, inner, found),
            ValidationErrorsKind::List(elements) => {
                for (index, inner) in elements {
                    collect(&format!("{pointer}/{index}"), inner, found);
                }
            }
        }
    }
}

fn sentence(error: &ValidationError) -> String {
    if let Some(message) = &error.message {
        return message.to_string();
    }
    let number = |name: &str| error.params.get(name).map(number_text);
    let bounds = (number("min"), number("max"), number("equal"));
    match (error.code.as_ref(), bounds) {
        ("length", (_, _, Some(exactly))) => format!("must have {exactly} characters or elements"),
        ("length", (Some(min), Some(max), _)) => {
            format!("must have {min} to {max} characters or elements")
        }
        ("length", (Some(min), None, _)) => {
            format!("must have at least {min} characters or elements")
        }
        ("length", (None, Some(max), _)) => {
            format!("must have at most {max} characters or elements")
        }
        ("range", (Some(min), Some(max), _)) => format!("must be from {min} to {max}"),
        ("range", (Some(min), None, _)) => format!("must be at least {min}"),
        ("range", (None, Some(max), _)) => format!("must be at most {max}"),
        ("required", _) => "is required".to_owned(),
        ("email", _) => "must be a mail address".to_owned(),
        ("url", _) => "must be a URL with its scheme".to_owned(),
        ("regex", _) => "does not have the accepted form".to_owned(),
        (code, _) => format!("was refused by the rule {code}"),
    }
}

/// validator gives bounds of numeric fields as floating point.
fn number_text(value: &serde_json::Value) -> String {
    match value.as_f64() {
        Some(number) if number.fract() == 0.0 => format!("{number:.0}"),
        _ => value.to_string(),
    }
}
