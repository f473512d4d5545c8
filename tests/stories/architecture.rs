//! The table of docs/ARCHITECTURE.md: which room may use which. A new room needs a row here.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use takedown_tests::paths::root;

/// What a room must never reach: rooms by name, foreign crates and modules by their first words.
struct Rule {
    room: &'static str,
    rooms: &'static [&'static str],
    outside: &'static [&'static str],
}

const ROOMS: [Rule; 18] = [
    rule(
        "app",
        &[
            "http", "web", "cli", "client", "worker", "mail", "config", "boot",
        ],
        &["actix_web", "lettre", "reqwest", "askama", "std::env"],
    ),
    rule(
        "auth",
        &[
            "store", "http", "web", "cli", "client", "worker", "mail", "boot",
        ],
        &["diesel", "lettre", "askama"],
    ),
    rule("boot", &[], &[]),
    rule(
        "cli",
        &["store", "app", "http", "web", "worker", "mail", "auth"],
        &["diesel", "actix_web", "lettre"],
    ),
    rule(
        "client",
        &[
            "store", "app", "http", "web", "cli", "worker", "mail", "auth", "boot",
        ],
        &["diesel", "actix_web", "lettre"],
    ),
    rule(
        "config",
        &[
            "store", "app", "http", "web", "cli", "client", "worker", "mail", "auth", "boot",
        ],
        &["diesel", "actix_web", "reqwest"],
    ),
    rule(
        "http",
        &["store", "web", "cli", "client", "worker", "boot"],
        &["diesel", "lettre"],
    ),
    rule("lib", &[], &[]),
    rule(
        "mail",
        &[
            "store", "http", "web", "cli", "client", "worker", "auth", "boot",
        ],
        &["diesel", "actix_web"],
    ),
    rule(
        "main",
        &["store", "app", "http", "web", "worker", "mail"],
        &["diesel", "actix_web", "lettre"],
    ),
    rule(
        "observe",
        &[
            "store", "app", "web", "cli", "client", "worker", "mail", "auth", "boot",
        ],
        &["diesel", "lettre"],
    ),
    rule(
        "outward",
        &[
            "store", "app", "auth", "http", "web", "cli", "client", "worker", "mail", "webhook",
            "boot",
        ],
        &["diesel", "actix_web", "lettre", "askama"],
    ),
    rule(
        "package",
        &[
            "store", "app", "auth", "http", "web", "cli", "client", "worker", "mail", "config",
            "observe", "witness", "boot",
        ],
        &["diesel", "actix_web", "lettre", "reqwest", "askama"],
    ),
    rule(
        "store",
        &[
            "app", "http", "web", "cli", "client", "worker", "mail", "auth", "config", "boot",
        ],
        &["actix_web", "lettre", "reqwest", "askama"],
    ),
    rule(
        "web",
        &["store", "http", "cli", "client", "worker", "boot"],
        &["diesel", "lettre"],
    ),
    rule(
        "webhook",
        &[
            "store", "app", "auth", "http", "web", "cli", "client", "worker", "mail", "boot",
        ],
        &["diesel", "actix_web", "lettre", "askama"],
    ),
    rule(
        "witness",
        &[
            "store", "app", "auth", "http", "web", "cli", "client", "worker", "mail", "config",
            "observe", "boot",
        ],
        &["diesel", "lettre", "reqwest", "askama"],
    ),
    rule(
        "worker",
        &["http", "web", "cli", "client", "boot"],
        &["actix_web"],
    ),
];

/// The core is deaf and blind.
const CORE_NEVER: &[&str] = &[
    "diesel",
    "actix_web",
    "utoipa",
    "tokio",
    "lettre",
    "tracing",
    "reqwest",
    "rand",
    "std::env",
    "std::fs",
    "TcpStream",
    "TcpListener",
    "UdpSocket",
    "ToSocketAddrs",
    "std::process",
    "std::thread",
    "SystemTime::now",
    "Instant::now",
    "Utc::now",
    "Local::now",
    "Uuid::now_v7",
    "Uuid::new_v4",
    "Ed25519KeyPair::generate",
];

const fn rule(
    room: &'static str,
    rooms: &'static [&'static str],
    outside: &'static [&'static str],
) -> Rule {
    Rule {
        room,
        rooms,
        outside,
    }
}

/// Every Rust file below a folder, except the ones that hold tests only.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let for_tests = ["mod.rs", "lib.rs"]
        .iter()
        .filter_map(|parent| std::fs::read_to_string(folder.join(parent)).ok())
        .flat_map(|parent| modules_of_tests(&parent))
        .collect::<BTreeSet<_>>();
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        let name = entry.file_name().into_string().unwrap();
        let name = name.trim_end_matches(".rs");
        if name == "tests" || for_tests.contains(name) {
            continue;
        }
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The modules in files of their own that a parent declares for its tests only.
fn modules_of_tests(parent: &str) -> Vec<String> {
    parent
        .split("#[cfg(test)]\n")
        .skip(1)
        .filter_map(|declared| declared.lines().next()?.strip_suffix(';'))
        .filter_map(|declared| declared.rsplit_once("mod "))
        .map(|(_, name)| name.to_owned())
        .collect()
}

/// The code of a file: without comments, texts and the test module at its end.
fn code(source: &str) -> String {
    let source = source
        .match_indices("\n#[cfg(test)]\nmod ")
        .find(|(at, _)| {
            let declared = source[at + 1..].lines().nth(1).unwrap_or_default();
            declared.contains('{')
        })
        .map_or(source, |(at, _)| &source[..at]);
    let mut code = String::new();
    let mut rest = source;
    while let Some(at) = rest.find(['/', '"']) {
        code.push_str(&rest[..at]);
        rest = &rest[at..];
        let skip = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if rest.starts_with('"') && !code.ends_with('\'') {
            let mut escaped = false;
            let end = rest[1..].find(|c| {
                let ends = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                ends
            });
            end.map_or(rest.len(), |end| end + 2)
        } else {
            code.push_str(&rest[..1]);
            1
        };
        rest = &rest[skip..];
    }
    code + rest
}

fn first_word(text: &str) -> &str {
    let text = text.trim_start();
    &text[..text
        .find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(text.len())]
}

/// The rooms that code reaches by `crate::room`, grouped imports included.
fn rooms_used(code: &str) -> BTreeSet<&str> {
    let mut used = BTreeSet::new();
    for (at, found) in code.match_indices("crate::") {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '$') {
            continue;
        }
        let rest = &code[at + found.len()..];
        let Some(group) = rest.trim_start().strip_prefix('{') else {
            used.insert(first_word(rest));
            continue;
        };
        let (mut depth, mut start) = (0, 0);
        for (position, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' | ',' if depth == 0 => {
                    used.insert(first_word(&group[start..position]));
                    start = position + 1;
                    if c == '}' {
                        break;
                    }
                }
                '}' => depth -= 1,
                _ => {}
            }
        }
    }
    used
}

/// Whether code names something of the outside, as a whole path segment.
fn reaches(code: &str, outside: &str) -> bool {
    code.match_indices(outside).any(|(at, _)| {
        let word = |c: char| c.is_alphanumeric() || c == '_';
        let before = code[..at].chars().next_back();
        let after = code[at + outside.len()..].chars().next();
        !before.is_some_and(word) && !after.is_some_and(word)
    })
}

#[test]
fn each_room_uses_only_what_it_may() {
    let folder = root().join("api/src");
    let mut wrong = Vec::new();
    for file in sources(&folder) {
        let inside = file.strip_prefix(&folder).unwrap();
        let room = inside
            .components()
            .next()
            .unwrap()
            .as_os_str()
            .to_str()
            .unwrap()
            .trim_end_matches(".rs");
        let Some(rule) = ROOMS.iter().find(|rule| rule.room == room) else {
            wrong.push(format!(
                "{}: the room {room:?} has no row in this table",
                inside.display()
            ));
            continue;
        };
        let code = code(&std::fs::read_to_string(&file).unwrap());
        let used = rooms_used(&code);
        for never in rule.rooms.iter().filter(|never| used.contains(**never)) {
            wrong.push(format!(
                "{}: {room} must not use crate::{never}",
                inside.display()
            ));
        }
        for never in rule.outside.iter().filter(|never| reaches(&code, never)) {
            wrong.push(format!("{}: {room} must not use {never}", inside.display()));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_core_has_no_clock_no_randomness_and_no_world() {
    let folder = root().join("core/src");
    let mut wrong = Vec::new();
    for file in sources(&folder) {
        let code = code(&std::fs::read_to_string(&file).unwrap());
        for never in CORE_NEVER.iter().filter(|never| reaches(&code, never)) {
            wrong.push(format!(
                "core/src/{}: {never}",
                file.strip_prefix(&folder).unwrap().display()
            ));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_room_that_exists_has_a_row_and_every_row_a_room() {
    let folder = root().join("api/src");
    let mut exist: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| {
            entry
                .unwrap()
                .file_name()
                .into_string()
                .unwrap()
                .trim_end_matches(".rs")
                .to_owned()
        })
        .collect();
    exist.sort();
    assert_eq!(exist, ROOMS.map(|rule| rule.room));
}

#[test]
fn the_reader_of_imports_is_not_fooled() {
    let source = r#"
        // use crate::store;
        use crate::{app::{self, verb}, http::problem, observe};
        fn f() { let text = "crate::web \" crate::web"; crate::mail::send(); takedown_crate::worker(); '"'; }
        /* crate::cli */ use diesel::prelude::*; let not_diesel_at_all = 1;
"#;
    let code = code(&format!(
        "{source}\n#[cfg(test)]\nmod tests {{ use crate::boot; }}"
    ));
    assert_eq!(
        rooms_used(&code).into_iter().collect::<Vec<_>>(),
        ["app", "http", "mail", "observe"]
    );
    assert!(reaches(&code, "diesel") && !reaches(&code, "tokio"));
    assert!(!reaches("let not_diesel = 1;", "diesel"));
}

#[test]
fn files_stay_readable_in_one_sitting() {
    const MOST: usize = 400;
    let mut long = Vec::new();
    for folder in ["core/src", "api/src", "tests/src", "tests/stories"] {
        for file in sources(&root().join(folder)) {
            let lines = std::fs::read_to_string(&file).unwrap().lines().count();
            if lines > MOST {
                long.push(format!(
                    "{}: {lines} lines; something in it wants a name of its own",
                    file.display()
                ));
            }
        }
    }
    assert!(long.is_empty(), "\n{}", long.join("\n"));
}
