#![allow(clippy::unwrap_used, clippy::expect_used)]

mod answers;
mod registry;

use std::path::{Path, PathBuf};

use clap::{CommandFactory as _, Parser as _};

use super::*;
use crate::client::fake::Fake;

/// A directory that is removed with the test.
pub(super) struct Scratch(PathBuf);

impl Scratch {
    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    pub(super) fn file(&self, name: &str, text: &str) -> String {
        let path = self.0.join(name);
        std::fs::write(&path, text).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        }
        path.display().to_string()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub(super) fn scratch() -> Scratch {
    let path = std::env::temp_dir().join(format!("takedown-{}", uuid::Uuid::now_v7().simple()));
    std::fs::create_dir_all(&path).unwrap();
    Scratch(path)
}

/// Runs a command against a fake; gives back how it ended and what it printed.
pub(super) async fn takedown(fake: &Fake, arguments: &[&str]) -> (Result<Exit, CliError>, String) {
    let home = scratch();
    let secret = home.file("secret", "s3cret\n");
    let server = fake.url.to_string();
    let connection = [
        "--server",
        &server,
        "--client-id",
        "client_t",
        "--secret-file",
        &secret,
    ];
    // Options go before the rest, because --exec takes everything after it.
    let words = arguments
        .iter()
        .position(|word| word.starts_with("--"))
        .unwrap_or(arguments.len());
    let (first, rest) = arguments.split_at(words);
    let line = ["takedown"]
        .iter()
        .chain(first)
        .chain(&connection)
        .chain(rest);
    let Command::Remote(command) = Cli::try_parse_from(line).unwrap().command else {
        panic!("not a command that speaks to an exchange");
    };
    output::tests::printed();
    let ended = dispatch(*command).await;
    (ended, output::tests::printed())
}

fn wrong(arguments: &[&str]) -> String {
    let line = std::iter::once(&"takedown").chain(arguments);
    Cli::try_parse_from(line).unwrap_err().to_string()
}

#[test]
fn the_tree_is_sound() {
    Cli::command().debug_assert();
}

#[test]
fn no_secret_can_be_given_on_the_command_line() {
    fn flags(command: &clap::Command, found: &mut Vec<String>) {
        found.extend(
            command
                .get_arguments()
                .filter_map(|a| a.get_long().map(ToOwned::to_owned)),
        );
        command.get_subcommands().for_each(|c| flags(c, found));
    }
    let mut found = Vec::new();
    flags(&Cli::command(), &mut found);
    assert!(found.iter().any(|f| f == "secret-file"));
    for flag in ["secret", "client-secret", "key", "password", "token"] {
        assert!(found.iter().all(|f| f != flag), "--{flag}");
    }
}

#[test]
fn flags_of_one_filing_are_not_silently_dropped_beside_a_file_of_many() {
    for more in [
        "--ground=terms",
        "--platform=platform_1",
        "--saved=reasons",
        "https://a.example/x",
    ] {
        let text = wrong(&["file", "--ndjson", "x", more]);
        assert!(text.contains("cannot be used with"), "{text}");
    }
    assert!(wrong(&["file", "--import", "notices"]).contains("--file"));
    assert!(wrong(&["file", "--file", "x", "--ground=terms"]).contains("cannot be used with"));
    assert!(wrong(&["file", "--mapping", "x"]).contains("--import"));
}

#[test]
fn contradicting_answers_are_refused_before_anything_is_sent() {
    assert!(wrong(&["answer", "R"]).contains("required"));
    assert!(
        wrong(&["answer", "R", "--note", "a", "--question", "b"]).contains("cannot be used with")
    );
    assert!(wrong(&["answer", "R", "--item", "0=removed"]).contains("count from 1"));
    assert!(wrong(&["inbox", "--exec", "true"]).contains("--state"));
    assert!(wrong(&["client", "add", "--name", "x"]).contains("required"));
}

#[test]
fn every_command_says_what_its_exit_codes_mean() {
    let mut command = Cli::command();
    let help = command.render_long_help().to_string();
    assert!(help.contains("10") && help.contains("TAKEDOWN_CLIENT_SECRET_FILE"));
    for name in ["file", "inbox", "answer"] {
        let help = command
            .find_subcommand_mut(name)
            .unwrap()
            .render_long_help();
        assert!(help.to_string().contains("Exit codes"), "{name}");
    }
}

#[test]
fn manual_and_completions_cover_the_tree() {
    let directory = scratch();
    let path = directory.path().display().to_string();
    let parse = |line: &[&str]| match Cli::try_parse_from(line).unwrap().command {
        Command::Remote(command) => *command,
        _ => panic!("remote"),
    };
    assert_eq!(run(parse(&["takedown", "man", &path])), ExitCode::SUCCESS);
    for page in [
        "takedown.1",
        "takedown-inbox.1",
        "takedown-client-rotate.1",
        "takedown-serve.1",
    ] {
        assert!(directory.path().join(page).exists(), "{page}");
    }
    assert_eq!(
        run(parse(&["takedown", "completions", "bash"])),
        ExitCode::SUCCESS
    );
    assert!(output::tests::printed().contains("takedown"));
}
