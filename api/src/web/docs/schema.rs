//! JSON Schema, as people read it.

use serde_json::{Map, Value};

use super::prose::{Span, paragraphs};

const PREFIX: &str = "#/components/schemas/";

/// A type in words, with a link to the schema that it names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Kind {
    pub before: String,
    pub name: String,
    pub linked: bool,
    pub after: String,
}

/// A field of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field {
    pub name: String,
    pub required: bool,
    pub kind: Kind,
    pub about: Vec<Vec<Span>>,
}

/// A named schema.
#[derive(Debug)]
pub(super) struct Schema {
    pub name: String,
    pub about: Vec<Vec<Span>>,
    pub fields: Vec<Field>,
    pub kind: Kind,
}

/// The description of anything.
pub(super) fn about(of: &Value) -> Vec<Vec<Span>> {
    paragraphs(of["description"].as_str().unwrap_or_default())
}

fn plain(name: impl Into<String>) -> Kind {
    Kind {
        name: name.into(),
        ..Kind::default()
    }
}

/// The type of a schema.
pub(super) fn kind(schema: &Value) -> Kind {
    if let Some(name) = schema["$ref"].as_str() {
        return Kind {
            name: name.strip_prefix(PREFIX).unwrap_or(name).to_owned(),
            linked: name.starts_with(PREFIX),
            ..Kind::default()
        };
    }
    for several in ["oneOf", "anyOf"] {
        if let Some(parts) = schema[several].as_array() {
            let (nulls, others): (Vec<_>, Vec<_>) =
                parts.iter().partition(|part| part["type"] == "null");
            let mut kind = match others.as_slice() {
                [only] => self::kind(only),
                many => plain(
                    many.iter()
                        .map(|k| text(&self::kind(k)))
                        .collect::<Vec<_>>()
                        .join(" or "),
                ),
            };
            if !nulls.is_empty() {
                kind.after.push_str(" or null");
            }
            return kind;
        }
    }
    if let Some([only]) = schema["allOf"].as_array().map(Vec::as_slice) {
        return kind(only);
    }
    let (name, nullable) = named(&schema["type"]);
    let mut found = match name.as_str() {
        "array" => {
            let mut inner = kind(&schema["items"]);
            inner.before.insert_str(0, "list of ");
            inner
        }
        "" if schema["properties"].is_object() => plain("object"),
        "" => plain("anything"),
        _ => plain(name),
    };
    if let Some(format) = schema["format"].as_str() {
        found.after.push_str(&format!(" ({format})"));
    }
    if let Some(words) = schema["enum"].as_array() {
        let words: Vec<String> = words
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect();
        found.after.push_str(&format!(": {}", words.join(", ")));
    }
    for limit in limits(schema) {
        found.after.push_str(", ");
        found.after.push_str(&limit);
    }
    if nullable {
        found.after.push_str(" or null");
    }
    found
}

fn text(kind: &Kind) -> String {
    format!("{}{}{}", kind.before, kind.name, kind.after)
}

/// `"string"`, or the first of `["string", "null"]` that is not null.
fn named(of: &Value) -> (String, bool) {
    match of {
        Value::String(name) => (name.clone(), false),
        Value::Array(names) => {
            let names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
            let others: Vec<&str> = names.iter().copied().filter(|n| *n != "null").collect();
            (others.join(" or "), names.contains(&"null"))
        }
        _ => (String::new(), false),
    }
}

fn limits(schema: &Value) -> Vec<String> {
    let number = |name: &str| schema[name].as_f64().map(|n| n.to_string());
    let mut limits = Vec::new();
    for (least, most, unit) in [
        ("minimum", "maximum", ""),
        ("minLength", "maxLength", " characters"),
        ("minItems", "maxItems", " entries"),
    ] {
        match (number(least), number(most)) {
            (Some(least), Some(most)) => limits.push(format!("{least} to {most}{unit}")),
            (None, Some(most)) => limits.push(format!("at most {most}{unit}")),
            (Some(least), None) => limits.push(format!("at least {least}{unit}")),
            (None, None) => {}
        }
    }
    limits
}

/// All named schemas of a document, in the order of their names.
pub(super) fn schemas(document: &Value) -> Vec<Schema> {
    let empty = Map::new();
    let all = document["components"]["schemas"]
        .as_object()
        .unwrap_or(&empty);
    let mut schemas: Vec<Schema> = all
        .iter()
        .map(|(name, schema)| {
            let mut fields = Vec::new();
            collect(schema, all, &mut fields, 0);
            Schema {
                name: name.clone(),
                about: about(schema),
                fields,
                kind: kind(schema),
            }
        })
        .collect();
    schemas.sort_by(|a, b| a.name.cmp(&b.name));
    schemas
}

/// The fields of an object and of what it is put together from.
fn collect(schema: &Value, all: &Map<String, Value>, fields: &mut Vec<Field>, depth: usize) {
    if depth > 8 {
        return;
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        let name = part["$ref"]
            .as_str()
            .and_then(|name| name.strip_prefix(PREFIX));
        collect(
            name.and_then(|name| all.get(name)).unwrap_or(part),
            all,
            fields,
            depth + 1,
        );
    }
    let required: Vec<&str> = schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        let mut said = about(field);
        // A nullable reference carries its description inside.
        if said.is_empty() {
            said = field["oneOf"]
                .as_array()
                .into_iter()
                .flatten()
                .map(about)
                .find(|a| !a.is_empty())
                .unwrap_or_default();
        }
        fields.push(Field {
            name: name.clone(),
            required: required.contains(&name.as_str()),
            kind: kind(field),
            about: said,
        });
    }
}
