//! What does not fit, and who is told of it.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use takedown_core::contact::MailAddress;
use takedown_core::text::visible;

use crate::cli::{CliError, output};

/// What kind of difference it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Surplus,
    Withheld,
    Against,
    Unproven,
    Missing,
}

impl Kind {
    const fn word(self) -> &'static str {
        match self {
            Self::Surplus => "surplus",
            Self::Withheld => "withheld",
            Self::Against => "against",
            Self::Unproven => "unproven",
            Self::Missing => "missing",
        }
    }

    const fn what_to_do(self) -> &'static str {
        match self {
            Self::Surplus => {
                "Somebody else signs with the unit's key. Revoke it at once, from when on it may have been in foreign hands:\n  \
                 takedown keys revoke AGENCY THUMBPRINT --compromised-at INSTANT\nThen tell the platform of that request."
            }
            Self::Withheld => {
                "The exchange counts the uses of the unit's keys and does not show all of them. Ask its operator which those are, by \
                 another way, and ask the platforms whether they have requests of yours that you do not know."
            }
            Self::Against => {
                "What the exchange shows contradicts itself or its sealed history. Keep the files beside the ledger: they are the evidence."
            }
            Self::Unproven => {
                "For a day the exchange has shown this use without a proof that its history has it. Ask its operator why: witnesses may be \
                 away, or something is hidden behind it."
            }
            Self::Missing => "It was refused, or is not sent yet, or is withheld.",
        }
    }
}

/// Something that does not fit.
#[derive(Debug, Clone)]
pub(super) struct Finding {
    pub(super) kind: Kind,
    /// What it is about: together with the kind it is told once.
    pub(super) of: String,
    /// In one line.
    pub(super) says: String,
    /// The same for programs.
    pub(super) data: Value,
}

impl Finding {
    /// By what it is known whether it was told.
    pub(super) fn key(&self) -> String {
        format!("{} {}", self.kind.word(), self.of)
    }

    /// Whether somebody has to be woken for it.
    pub(super) fn is_alarming(&self) -> bool {
        self.kind != Kind::Missing
    }

    pub(super) fn print(&self, as_json: bool) -> Result<(), CliError> {
        let word = self.kind.word();
        output::line(&match as_json {
            true => json!({ word: self.data }).to_string(),
            false => self.line(),
        })
    }

    fn line(&self) -> String {
        let word = self.kind.word().to_uppercase();
        format!("{word:<8} {}", visible(&self.says))
    }
}

/// A member of what the exchange shows.
pub(super) fn word(one: &Value, name: &str) -> String {
    one[name].as_str().unwrap_or_default().to_owned()
}

/// The how manieth use of the keys it is said to be; none of what came before they were counted.
pub(super) fn number(one: &Value) -> Option<u64> {
    one["number"].as_u64().filter(|number| *number > 0)
}

/// A use, or the whole, against which something speaks.
pub(super) fn against(of: String, says: String) -> Finding {
    let data = json!({ "why": says });
    Finding {
        kind: Kind::Against,
        of,
        says,
        data,
    }
}

/// Hands mails over to the machine's own program for them: who writes by cron has one.
pub(super) struct Mailer<'a> {
    pub(super) program: PathBuf,
    pub(super) to: &'a [MailAddress],
    pub(super) unit: &'a str,
}

impl Mailer<'_> {
    /// Hands over the mail about a finding.
    ///
    /// # Errors
    /// When the program cannot be run, or did not take it over.
    pub(super) fn send(&self, finding: &Finding) -> Result<(), CliError> {
        let fail = |e| CliError::file(self.program.display(), e);
        let to = self.to.iter().map(MailAddress::as_str);
        let mut child = Command::new(&self.program)
            .args(["-i", "--"])
            .args(to)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .map_err(fail)?;
        // Closed at the end of this statement: that is the end of the mail.
        let written = match child.stdin.take() {
            Some(mut mail) => mail.write_all(self.text(finding).as_bytes()),
            None => Ok(()),
        };
        let ended = child.wait().map_err(fail)?;
        match ended.success() {
            true => written.map_err(fail),
            // Whoever refuses a mail need not have read it: how it ended says more than the broken pipe.
            false => Err(CliError::input(format!(
                "{} did not take the mail over: it ended with {ended}",
                self.program.display()
            ))),
        }
    }

    fn text(&self, finding: &Finding) -> String {
        let to: Vec<&str> = self.to.iter().map(MailAddress::as_str).collect();
        format!(
            "To: {}\nSubject: takedown monitor: {} at the keys of {}\nAuto-Submitted: auto-generated\nMIME-Version: 1.0\n\
             Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{}\n\n{}\n\nThis is told once.\n",
            to.join(", "),
            finding.kind.word().to_uppercase(),
            visible(self.unit),
            finding.line(),
            finding.kind.what_to_do(),
        )
    }
}
