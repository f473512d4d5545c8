//! A real SMTP server (aiosmtpd) that can be told to fail.

use crate::paths::{self, Scratch};
use crate::wait;
use serde_json::Value;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// What the mail server demands of those who send through it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Demands {
    /// Nothing: plain text, anyone.
    Nothing,
    /// STARTTLS with a certificate of its own authority, and a login over it.
    StartTlsAndLogin,
}

/// The one login it knows.
pub const LOGIN: (&str, &str) = ("exchange", "a password with spaces & \u{fc}mlauts");

/// A running mail server. Ends, by its pid, with this value.
#[derive(Debug)]
pub struct Smtp {
    child: Child,
    port: u16,
    dir: Scratch,
}

impl Smtp {
    /// Starts one that accepts everything.
    pub fn start(demands: Demands) -> Smtp {
        let dir = Scratch::new("smtp");
        let log = std::fs::File::create(dir.join("log")).expect("a log file");
        let mut command = Command::new(paths::tool("venv/bin/python"));
        command
            .arg(paths::root().join("tests/smtp/server.py"))
            .arg(dir.path());
        if demands == Demands::StartTlsAndLogin {
            command.args(["--tls", "--user", LOGIN.0, "--password", LOGIN.1]);
        }
        let errors = log.try_clone().expect("a log file");
        let mut child = command
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(errors)
            .spawn()
            .expect("python runs");
        let port = wait::until_blocking("the mail server to listen", || {
            let ended = child.try_wait().expect("a child of ours");
            assert!(
                ended.is_none(),
                "the mail server ended: {}",
                std::fs::read_to_string(dir.join("log")).unwrap_or_default()
            );
            std::fs::read_to_string(dir.join("port"))
                .ok()?
                .trim()
                .parse()
                .ok()
        });
        Smtp { child, port, dir }
    }

    /// The port it listens on, on the loopback address.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The certificate of the authority behind its own, for those who must trust it.
    pub fn authority(&self) -> PathBuf {
        self.dir.join("authority.pem")
    }

    /// From now on answers mail to `address` (`*` for all) with `reply`: `250` to accept, `451`, `550`, or `drop` to hang up.
    pub fn answer(&self, address: &str, reply: &str) {
        let (new, rules) = (self.dir.join("rules.new"), self.dir.join("rules"));
        let mut told = std::fs::read_to_string(&rules).unwrap_or_default();
        told.push_str(&format!("{address} {reply}\n"));
        std::fs::write(&new, told).expect("writable");
        std::fs::rename(&new, &rules).expect("writable");
    }

    /// Every attempt to hand it a mail so far: `{to, reply}`.
    pub fn attempts(&self) -> Vec<Value> {
        let told = std::fs::read_to_string(self.dir.join("attempts")).unwrap_or_default();
        told.lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect()
    }

    /// Every mail it accepted so far, in order: `{from, to, login, tls, headers, subject, text, html, raw}`.
    pub fn mails(&self) -> Vec<Value> {
        let mut files: Vec<_> = std::fs::read_dir(self.dir.join("mails"))
            .map(|entries| {
                entries
                    .filter_map(Result::ok)
                    .map(|entry| entry.path())
                    .collect()
            })
            .unwrap_or_default();
        files.retain(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        });
        files.sort();
        files
            .iter()
            .map(|path| {
                serde_json::from_slice(&std::fs::read(path).expect("readable")).expect("JSON")
            })
            .collect()
    }

    /// Waits until `count` mails to `address` are there and returns them.
    pub async fn mails_to(&self, address: &str, count: usize) -> Vec<Value> {
        wait::until(&format!("{count} mail(s) to {address}"), || async {
            let mails: Vec<_> = self
                .mails()
                .into_iter()
                .filter(|mail| mail["to"][0] == address)
                .collect();
            (mails.len() >= count).then_some(mails)
        })
        .await
    }

    /// Waits until an attempt to `address` was answered with `reply`.
    pub async fn attempted(&self, address: &str, reply: &str) {
        wait::until(
            &format!("an attempt to {address} answered with {reply}"),
            || async {
                self.attempts()
                    .iter()
                    .any(|attempt| attempt["to"] == address && attempt["reply"] == reply)
                    .then_some(())
            },
        )
        .await;
    }
}

impl Drop for Smtp {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
