//! Documents that are generated from the code, checked in, and proven fresh.
//! `UPDATE_GOLDEN=1 cargo test -p takedown-core` writes them anew.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod states;

use std::{env, fs, path::PathBuf};

fn golden(name: &str, expected: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../docs")
        .join(name);
    if env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1") {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, expected).unwrap();
        return;
    }
    let found = fs::read_to_string(&path)
        .unwrap_or_default()
        .replace("\r\n", "\n");
    assert!(
        found == expected,
        "docs/{name} is not what the code says; run: UPDATE_GOLDEN=1 cargo test -p takedown-core"
    );
}

#[test]
fn policy() {
    golden("policy.md", &takedown_core::policy::table());
}

#[test]
fn states() {
    golden("states.md", &states::table());
}

#[test]
fn instruments() {
    golden("instruments.md", &takedown_core::instrument::table());
}

#[test]
fn export_columns() {
    golden("export-columns.md", &takedown_core::export::table());
}

#[test]
fn transparency_metrics() {
    golden(
        "transparency-metrics.md",
        &takedown_core::transparency::table(),
    );
}
