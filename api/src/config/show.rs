//! The effective configuration and the reference page, from the same table of keys.

use std::fmt::Write as _;

use super::key::{Key, Preset, Shown};

/// The effective configuration in the form of a file, each value followed by its source.
pub(super) fn masked(shown: &[Shown]) -> String {
    let lines: Vec<(Option<&str>, String, String)> = shown
        .iter()
        .map(|shown| {
            let (section, name) = split(shown.key.name);
            match &shown.value {
                Some(value) => (
                    section,
                    format!("{name} = {}", quoted(value)),
                    shown.source.to_string(),
                ),
                None => (section, format!("# {name}"), "not set".to_owned()),
            }
        })
        .collect();
    let width = lines
        .iter()
        .map(|(_, line, _)| line.chars().count())
        .max()
        .unwrap_or(0);
    let mut out = String::new();
    let mut current = None;
    for (section, line, source) in &lines {
        if *section != current {
            if let Some(section) = section {
                let _ = writeln!(out, "\n[{section}]");
            }
            current = *section;
        }
        let _ = writeln!(out, "{line:<width$}  # {source}");
    }
    out
}

fn split(name: &str) -> (Option<&str>, &str) {
    match name.split_once('.') {
        Some((section, name)) => (Some(section), name),
        None => (None, name),
    }
}

fn quoted(value: &str) -> String {
    // A JSON string is a TOML basic string.
    serde_json::Value::String(value.to_owned()).to_string()
}

/// The reference page `docs/configuration.md`.
#[must_use]
pub fn reference() -> String {
    let mut out = String::from(
        "# Configuration\n\n\
         Generated from the code; do not edit. A test rewrites it with `UPDATE_GOLDEN=1`.\n\n\
         `takedown serve` works without any. A value comes from, in rising precedence: the default, the file\n\
         (`takedown.toml` in the working directory, or the one named by `--config` or `TAKEDOWN_CONFIG`), the environment.\n\
         An empty environment variable counts as not set. Durations are written `500ms`, `30s`, `5m`, `2h`, `1d`; sizes\n\
         `64KiB`, `8MiB`; lists as TOML arrays, or separated by commas in the environment.\n\n\
         `takedown config` prints what holds and where it came from, secrets masked. A mistake stops the start; all\n\
         mistakes are reported at once, each with its file and line or its variable.\n",
    );
    let mut current = None;
    for key in super::keys() {
        let (section, name) = split(key.name);
        if section != current || out.ends_with("variable.\n") {
            match section {
                Some(section) => {
                    let _ = writeln!(out, "\n## `[{section}]`\n");
                }
                None => out.push_str("\n## At the top of the file\n\n"),
            }
            out.push_str("| key | environment | default | give | for |\n|---|---|---|---|---|\n");
            current = section;
        }
        let _ = writeln!(
            out,
            "| `{name}` | `{}` | {} | {} | {} |",
            key.variable(),
            preset(key),
            cell(key.accepts),
            cell(key.about)
        );
    }
    out
}

fn preset(key: &Key) -> String {
    match key.preset {
        Preset::Value(value) => format!("`{value}`"),
        Preset::Unset => "not set".to_owned(),
        Preset::Derived(from) => cell(from),
    }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;")
}
