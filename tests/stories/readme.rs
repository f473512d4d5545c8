//! The documents tell the truth: every command block of the README runs, and every link between the documents leads somewhere.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use takedown_tests::Db;
use takedown_tests::database::Database;
use takedown_tests::paths::{self, Scratch, root};

/// What stands before the README's own commands: the two that fetch and build are played by functions that do what a reader would
/// have afterwards, and each server takes a port that is free instead of the one that is written, by which it is found. Everything
/// else is real.
const STAGE: &str = r#"
set -euo pipefail
trap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT
git() { # git clone REPOSITORY DIRECTORY
    mkdir -p "$3/target/debug"
    ln -s "$STAGE_BINARY" "$3/target/debug/takedown"
}
make() {
    case $1 in
        run)
            TAKEDOWN_SERVER_PUBLIC_URL=http://127.0.0.1:8080 serve 127.0.0.1:8080 target/debug/takedown serve --demo-parties &
            curl -sf --retry 30 --retry-delay 1 --retry-connrefused -o /dev/null http://127.0.0.1:8080/readyz
            ;;
        test) ;; # this is part of it
        *) echo "the stage has no make $1" >&2; return 1 ;;
    esac
}
serve() { # serve WRITTEN_ADDRESS COMMAND…
    local log="$STAGE_LOGS/${1##*:}"
    shift
    exec env TAKEDOWN_SERVER_LISTEN=127.0.0.1:0 "$@" >"$log" 2>&1
}
address() { # address PORT: where the server of that port says that it listens
    local told
    for _ in $(seq 900); do
        told=$(sed -n '/^listening on /{s,^listening on http://,,;p;q}' "$STAGE_LOGS/$1" 2>/dev/null || true)
        if [ -n "$told" ]; then printf %s "$told"; return; fi
        sleep 0.1
    done
    echo "the server of port $1 does not say where it listens" >&2
    return 1
}
found() { # found TEXT: the text with the addresses that are written in it as they are
    local text=$1 port told
    for port in 8080 8081 8082; do
        case $text in *127.0.0.1:$port*)
            told=$(address "$port") || return 1
            text=${text//127.0.0.1:$port/$told} ;;
        esac
    done
    printf %s "$text"
}
takedown() {
    local server
    if [ "$1" = serve ]; then serve "$TAKEDOWN_SERVER_LISTEN" takedown "$@"; fi
    server=$(found "$TAKEDOWN_SERVER") || return 1
    TAKEDOWN_SERVER=$server command takedown "$@"
}
curl() {
    local each=() one
    for one in "$@"; do
        one=$(found "$one") || return 1
        each+=("$one")
    done
    command curl "${each[@]}"
}
"#;

/// The blocks of one language, joined in their order.
pub fn blocks(text: &str, language: &str) -> String {
    let mut script = String::new();
    let mut inside = false;
    for line in text.lines() {
        if line.starts_with("```") {
            inside = line.trim_end() == format!("```{language}");
        } else if inside {
            script.push_str(line);
            script.push('\n');
        }
    }
    script
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_command_of_the_readme_does_what_it_says() {
    let scratch = Scratch::new("readme");
    let database = Database::fresh(Db::Postgres);
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let mut script = STAGE.to_owned() + &blocks(&readme, "sh");
    for port in ["8080", "8081", "8082"] {
        let written = format!("127.0.0.1:{port}");
        assert!(readme.contains(&written), "the README has no {written}");
    }
    // What a reader would have to change, too: where his database is.
    let written = "postgres://takedown:secret@localhost/takedown";
    assert!(script.contains(written), "the README has no {written}");
    script = script.replace(written, &database.url().unwrap());
    let logs = scratch.join("servers");
    std::fs::create_dir(&logs).unwrap();

    let file = scratch.join("readme.sh");
    std::fs::write(&file, script).unwrap();
    let mut bash = Command::new("bash");
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("TAKEDOWN_")) {
        bash.env_remove(name);
    }
    bash.arg(&file)
        .current_dir(scratch.path())
        .env("HOME", scratch.path())
        .env_remove("XDG_CONFIG_HOME")
        .env("STAGE_BINARY", paths::binary())
        .env("STAGE_LOGS", &logs)
        .stdin(Stdio::null());
    let ran = tokio::task::spawn_blocking(move || bash.output().unwrap())
        .await
        .unwrap();
    let (out, err) = (
        String::from_utf8_lossy(&ran.stdout),
        String::from_utf8_lossy(&ran.stderr),
    );
    let server = std::fs::read_to_string(logs.join("8080"));
    let said = format!(
        "{out}\n--\n{err}\n-- the server:\n{}",
        server.unwrap_or_default()
    );
    assert!(ran.status.success(), "{}: {said}", ran.status);

    for sign in [
        "closed",
        "removed",
        "declined_within_terms",
        "request_id",
        "ready",
    ] {
        assert!(out.contains(sign), "no {sign:?}: {said}");
    }
    let place = scratch.join("takedown-exchange");
    let mails = std::fs::read_dir(place.join("data/mail")).unwrap().count();
    assert!(mails > 0, "no mail was written");
    let rows = std::fs::read_to_string(place.join("requests.csv")).unwrap();
    assert_eq!(rows.lines().count(), 3, "a heading and two links:\n{rows}");
}

/// Every document that is written by hand or generated.
fn documents() -> Vec<PathBuf> {
    fn below(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                below(&path, found);
            } else if path.extension().is_some_and(|e| e == "md") {
                found.push(path);
            }
        }
    }
    let mut found: Vec<PathBuf> = [
        "README.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
    ]
    .map(|name| root().join(name))
    .to_vec();
    below(&root().join("docs"), &mut found);
    below(&root().join("openapi"), &mut found);
    found
}

/// The text without its code, in which brackets mean other things.
fn prose(text: &str) -> String {
    let mut prose = String::new();
    let mut code = false;
    for line in text.lines() {
        if line.starts_with("```") {
            code = !code;
        } else if !code {
            prose.extend(line.split('`').step_by(2));
            prose.push('\n');
        }
    }
    prose
}

/// The targets of `[text](target)`.
fn links(text: &str) -> Vec<String> {
    let prose = prose(text);
    let after = prose.split("](").skip(1);
    after
        .filter_map(|rest| rest.split_once(')').map(|(target, _)| target.to_owned()))
        .collect()
}

/// The anchors of a document's headings, as forges make them.
fn anchors(text: &str) -> Vec<String> {
    let mut code = false;
    let mut anchors = Vec::new();
    for line in text.lines() {
        if line.starts_with("```") {
            code = !code;
        }
        let heading = line.trim_start_matches('#');
        if code || heading.len() == line.len() || !heading.starts_with(' ') {
            continue;
        }
        let kept = heading.trim().to_lowercase();
        let kept = kept
            .chars()
            .filter(|c| c.is_alphanumeric() || " -_".contains(*c));
        anchors.push(kept.map(|c| if c == ' ' { '-' } else { c }).collect());
    }
    anchors
}

#[test]
fn every_link_between_the_documents_leads_somewhere() {
    let mut wrong = Vec::new();
    for document in documents() {
        let text = std::fs::read_to_string(&document).unwrap();
        for link in links(&text) {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            let (path, anchor) = match link.split_once('#') {
                Some((path, anchor)) => (path, Some(anchor)),
                None => (link.as_str(), None),
            };
            let target = if path.is_empty() {
                document.clone()
            } else {
                document.parent().unwrap().join(path)
            };
            let there = target.exists()
                && anchor.is_none_or(|anchor| {
                    let text = std::fs::read_to_string(&target).unwrap_or_default();
                    anchors(&text).iter().any(|known| known == anchor)
                });
            if !there {
                wrong.push(format!("{}: {link}", document.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Tables that the code or the benchmark writes; they may come before somebody links them.
const GENERATED: [&str; 5] = [
    "policy.md",
    "states.md",
    "export-columns.md",
    "configuration.md",
    "benchmarks.md",
];

/// A document that nothing leads to is a document that nobody reads.
#[test]
fn every_document_is_reached_from_the_readme() {
    let mut reached = vec![root().join("README.md").canonicalize().unwrap()];
    let mut next = 0;
    while let Some(document) = reached.get(next).cloned() {
        next += 1;
        let text = std::fs::read_to_string(&document).unwrap();
        for link in links(&text) {
            let path = link.split('#').next().unwrap_or_default();
            let Ok(target) = document.parent().unwrap().join(path).canonicalize() else {
                continue;
            };
            if target.extension().is_some_and(|e| e == "md") && !reached.contains(&target) {
                reached.push(target);
            }
        }
    }
    let lost: Vec<_> = documents()
        .into_iter()
        .filter(|d| !GENERATED.iter().any(|name| d.ends_with(name)))
        .filter(|d| !reached.contains(&d.canonicalize().unwrap()))
        .collect();
    assert!(lost.is_empty(), "{lost:#?}");
}

#[test]
fn the_reader_of_documents_is_not_fooled() {
    let text = "# A *big* Title, x\n[a](b.md#c-d) `[no](x)`\n```sh\n# no title\n[no](y)\nls\n```\n```text\nrm\n```\n[e](f)\n";
    assert_eq!(links(text), ["b.md#c-d", "f"]);
    assert_eq!(anchors(text), ["a-big-title-x"]);
    assert_eq!(blocks(text, "sh"), "# no title\n[no](y)\nls\n");
}
