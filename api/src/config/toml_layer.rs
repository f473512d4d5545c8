//! The configuration file: TOML flattened to dotted keys, each with its line.

use toml::de::{DeTable, DeValue};

use super::error::Wrong;
use super::key::Source;
use super::layers::{Layers, Written, unknown};

/// Adds every value of the file to the layers, and every mistake to their list.
pub(super) fn read(name: &str, text: &str, layers: &mut Layers) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let file = File { name, text };
    for error in errors {
        layers.wrong.push(Wrong {
            what: name.to_owned(),
            source: match error.span() {
                Some(span) => format!("{name}:{}", file.line(span.start)),
                None => name.to_owned(),
            },
            message: format!("is not valid TOML: {}", error.message()),
        });
    }
    file.table("", table.get_ref(), layers);
}

struct File<'a> {
    name: &'a str,
    text: &'a str,
}

impl File<'_> {
    fn line(&self, offset: usize) -> usize {
        let end = offset.min(self.text.len());
        1 + self.text.as_bytes()[..end]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count()
    }

    fn table(&self, prefix: &str, table: &DeTable<'_>, layers: &mut Layers) {
        for (key, value) in table {
            let line = self.line(key.span().start);
            let name = format!("{prefix}{}", key.get_ref());
            if let DeValue::Table(inner) = value.get_ref()
                && prefix.is_empty()
                && is_section(&name)
            {
                self.table(&format!("{name}."), inner, layers);
                continue;
            }
            if !super::keys().iter().any(|key| key.name == name) {
                let message = if prefix.is_empty() && matches!(value.get_ref(), DeValue::Table(_)) {
                    unknown("section", &name, sections().into_iter())
                } else {
                    unknown("key", &name, super::keys().iter().map(|key| key.name))
                };
                layers.wrong.push(Wrong {
                    what: name,
                    source: format!("{}:{line}", self.name),
                    message,
                });
                continue;
            }
            match scalar(value.get_ref()) {
                Some(text) => {
                    let source = Source::File {
                        name: self.name.to_owned(),
                        line,
                    };
                    layers.values.insert(name, Written { text, source });
                }
                None => layers.wrong.push(Wrong {
                    what: name,
                    source: format!("{}:{line}", self.name),
                    message: format!(
                        "is a {}; give a text, a number, true or false, or a list of texts",
                        value.get_ref().type_str()
                    ),
                }),
            }
        }
    }
}

fn sections() -> Vec<&'static str> {
    let mut names: Vec<&str> = super::keys()
        .iter()
        .filter_map(|key| key.name.split_once('.').map(|(section, _)| section))
        .collect();
    names.dedup();
    names
}

fn is_section(name: &str) -> bool {
    sections().contains(&name)
}

fn scalar(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.clone().into_owned()),
        DeValue::Integer(integer) => {
            let digits = integer.as_str().replace('_', "");
            i64::from_str_radix(&digits, integer.radix())
                .ok()
                .map(|number| number.to_string())
        }
        DeValue::Float(float) => Some(float.as_str().to_owned()),
        DeValue::Boolean(truth) => Some(truth.to_string()),
        DeValue::Array(elements) => {
            let texts: Option<Vec<String>> = elements
                .iter()
                .map(|element| match element.get_ref() {
                    DeValue::Array(_) => None,
                    other => scalar(other),
                })
                .collect();
            texts.map(|texts| texts.join(","))
        }
        DeValue::Datetime(_) | DeValue::Table(_) => None,
    }
}
