//! The command line as a party uses it: from a shell, against a running server.

use crate::paths::{self, Scratch};
use crate::server::Server;
use crate::world::Party;
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// A party's shell: a directory of its own, and its credentials in the environment.
#[derive(Debug)]
pub struct Cli {
    dir: Scratch,
    environment: Vec<(&'static str, String)>,
}

/// What a command printed and how it ended.
#[derive(Debug)]
pub struct Ran {
    /// Its exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Cli {
    /// The shell of a party.
    pub fn of(party: &Party, server: &Server) -> Cli {
        let who = party.api.credentials();
        let environment = vec![
            ("TAKEDOWN_SERVER", server.url()),
            ("TAKEDOWN_CLIENT_ID", who.id.clone()),
            ("TAKEDOWN_CLIENT_SECRET", who.secret.clone()),
        ];
        Cli {
            dir: Scratch::new("shell"),
            environment,
        }
    }

    /// The same shell once the server was started again, at another port.
    pub fn find(&mut self, server: &Server) {
        self.at(&server.url());
    }

    /// The same shell, which finds the server at this address.
    pub fn at(&mut self, address: &str) {
        for (name, value) in &mut self.environment {
            if *name == "TAKEDOWN_SERVER" {
                *value = address.to_owned();
            }
        }
    }

    /// Its working directory.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// `takedown <arguments>`, ready to be run.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(paths::binary());
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("TAKEDOWN_")) {
            command.env_remove(name);
        }
        command
            .args(arguments)
            .current_dir(self.dir.path())
            .stdin(Stdio::null());
        // No profile of whoever runs the tests.
        command
            .env("HOME", self.dir.path())
            .env_remove("XDG_CONFIG_HOME");
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs `takedown <arguments>` to its end.
    pub async fn run(&self, arguments: &[&str]) -> Ran {
        let mut command = self.command(arguments);
        let output = tokio::task::spawn_blocking(move || command.output())
            .await
            .expect("not cancelled");
        Ran::from(output.expect("takedown runs"))
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Ran {
        Ran {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Ran {
    /// Panics, showing what was printed, unless it ended so.
    #[track_caller]
    pub fn ends(self, code: i32) -> Ran {
        assert_eq!(
            self.code, code,
            "stdout:\n{}\nstderr:\n{}",
            self.out, self.err
        );
        self
    }

    /// Its output as one JSON value.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out)
            .unwrap_or_else(|problem| panic!("{problem}:\n{}\n{}", self.out, self.err))
    }

    /// Its output as JSON, one value a line.
    #[track_caller]
    pub fn lines(&self) -> Vec<Value> {
        let parse = |line: &str| {
            serde_json::from_str(line).unwrap_or_else(|problem| panic!("{problem}: {line}"))
        };
        self.out.lines().map(parse).collect()
    }
}
