//! `--dry-run`: what can be checked without the exchange, and what would be sent.

use serde_json::Value;
use takedown_core::instrument::Catalogue;
use takedown_core::locator::{ItemKind, Locator};
use takedown_core::text::{Language, placeholder, visible};

use super::rows::Source;
use super::{CliError, Exit, OutputForm};
use crate::cli::output;

/// Most items in one request.
const MAX_ITEMS: usize = 1000;

pub(super) fn dry_run(source: Source, form: OutputForm) -> Result<Exit, CliError> {
    let mut exit = Exit::Done;
    let (mut sound, mut unsound) = (0u64, 0u64);
    for row in source.rows {
        let row = row?;
        let complaints = match &row.filing {
            Err(why) => vec![why.clone()],
            Ok(json) => {
                print(json, form)?;
                if let Some(id) = own_power(json) {
                    let (label, id) = (visible(&row.label), visible(&id));
                    eprintln!(
                        "{label}: {id} is not built in; ask the exchange: takedown instruments show {id}"
                    );
                }
                complaints(json)
            }
        };
        if complaints.is_empty() {
            sound += 1;
        } else {
            unsound += 1;
            exit = Exit::Refused;
        }
        for complaint in complaints {
            eprintln!("{}: {complaint}", visible(&row.label));
        }
    }
    eprintln!("nothing was sent: {sound} could be sent, {unsound} could not");
    Ok(exit)
}

fn print(json: &str, form: OutputForm) -> Result<(), CliError> {
    let pretty = match form {
        OutputForm::Json => None,
        OutputForm::Text => serde_json::from_str::<Value>(json)
            .and_then(|value| serde_json::to_string_pretty(&value))
            .ok(),
    };
    output::line(pretty.as_deref().unwrap_or(json))
}

/// What is wrong with a filing as far as it can be told here; the exchange checks more.
pub(super) fn complaints(json: &str) -> Vec<String> {
    let Ok(filing) = serde_json::from_str::<Value>(json) else {
        return vec!["not JSON".into()];
    };
    let mut found = Vec::new();
    instrument(&filing, &mut found);
    match filing["reasons"]["language"].as_str() {
        Some(tag) => {
            if let Err(e) = tag.parse::<Language>() {
                found.push(format!("/reasons/language: {e}"));
            }
        }
        None => found.push("/reasons/language: missing".into()),
    }
    if filing["reasons"]["text"]
        .as_str()
        .is_none_or(|text| text.trim().is_empty())
    {
        found.push("/reasons/text: missing".into());
    }
    for member in ["reasons", "translation"] {
        let left = placeholder::names(filing[member]["text"].as_str().unwrap_or_default());
        if !left.is_empty() {
            let left = left.join(", ");
            found.push(format!(
                "/{member}/text: placeholders are not filled: {left}"
            ));
        }
    }
    items(&filing, &mut found);
    found
}

/// The name of an instrument that this program does not have. An exchange may: operators add their own.
pub(super) fn own_power(json: &str) -> Option<String> {
    let filing: Value = serde_json::from_str(json).ok()?;
    let id = filing["instrument"].as_str()?;
    Catalogue::builtin()
        .get(id)
        .is_none()
        .then(|| id.to_owned())
}

fn instrument(filing: &Value, found: &mut Vec<String>) {
    let grounds = filing["grounds"].as_array().map_or(&[][..], Vec::as_slice);
    if grounds.is_empty() {
        found.push("/grounds: at least one".into());
    }
    let Some(id) = filing["instrument"].as_str() else {
        found.push("/instrument: missing".into());
        return;
    };
    let Some(instrument) = Catalogue::builtin().get(id) else {
        return;
    };
    for (place, ground) in grounds.iter().enumerate() {
        let code = ground.as_str().unwrap_or_default();
        if !instrument.any_ground && !instrument.grounds.iter().any(|g| g.code == code) {
            let known: Vec<&str> = instrument.grounds.iter().map(|g| g.code.as_str()).collect();
            found.push(format!(
                "/grounds/{place}: {id} knows {}, not {}",
                known.join(", "),
                visible(code)
            ));
        }
    }
}

fn items(filing: &Value, found: &mut Vec<String>) {
    let items = filing["items"].as_array().map_or(&[][..], Vec::as_slice);
    if items.is_empty() || items.len() > MAX_ITEMS {
        found.push(format!("/items: 1 to {MAX_ITEMS}, not {}", items.len()));
    }
    for (place, item) in items.iter().enumerate() {
        let kind = item["kind"].as_str().unwrap_or("url");
        let Ok(kind) = kind.parse::<ItemKind>() else {
            found.push(format!("/items/{place}/kind: {} is no kind", visible(kind)));
            continue;
        };
        match item["locator"].as_str() {
            None => found.push(format!("/items/{place}/locator: missing")),
            Some(locator) => {
                if let Err(e) = Locator::parse(kind, locator) {
                    found.push(format!("/items/{place}/locator: {e}"));
                }
            }
        }
    }
}
