//! What became of each filing, for people or for programs, and how many of each.

use serde::Serialize;
use serde_json::value::RawValue;
use takedown_core::text::visible;

use super::rows::Row;
use super::{CliError, Exit, OutputForm};
use crate::cli::progress::Progress;
use crate::cli::{lookup, output};
use crate::client::Problem;
use crate::client::wire::{Request, Together};

/// What became of one filing.
pub(super) enum Fate {
    /// The exchange has it; its JSON as it came.
    Filed(Box<RawValue>),
    /// The exchange refused it; its JSON as it came.
    Refused(Box<RawValue>),
    /// It was never sent, and this is why.
    Unsendable(String),
    /// It may or may not have been filed.
    Unknown(String),
}

/// Prints results and counts them.
pub(super) struct Report<'a> {
    pub(super) progress: Option<&'a Progress>,
    pub(super) form: OutputForm,
    filed: u64,
    refused: u64,
    unknown: u64,
}

#[derive(Serialize)]
struct Line<'a> {
    line: u64,
    label: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unknown: Option<&'a str>,
}

impl<'a> Report<'a> {
    pub(super) fn new(progress: Option<&'a Progress>, form: OutputForm) -> Self {
        Self {
            progress,
            form,
            filed: 0,
            refused: 0,
            unknown: 0,
        }
    }

    /// Prints what became of one filing.
    pub(super) fn tell(&mut self, row: &Row, fate: &Fate) -> Result<(), CliError> {
        match fate {
            Fate::Filed(_) => self.filed += 1,
            Fate::Refused(_) | Fate::Unsendable(_) => self.refused += 1,
            Fate::Unknown(_) => self.unknown += 1,
        }
        let text = match self.form {
            OutputForm::Json => json(row, fate)?,
            OutputForm::Text => format!("{}: {}", visible(&row.label), words(fate)),
        };
        match self.progress {
            Some(progress) => progress.say(&text),
            None => output::line(&text),
        }
    }

    /// Counts so far, in words.
    pub(super) fn counts(&self) -> String {
        let mut text = format!("{} filed, {} refused", self.filed, self.refused);
        if self.unknown > 0 {
            text += &format!(", {} not known", self.unknown);
        }
        text
    }

    pub(super) fn exit(&self) -> Exit {
        if self.refused == 0 && self.unknown == 0 {
            Exit::Done
        } else {
            Exit::Refused
        }
    }
}

fn json(row: &Row, fate: &Fate) -> Result<String, CliError> {
    let mut line = Line {
        line: row.line,
        label: &row.label,
        request: None,
        problem: None,
        refused: None,
        unknown: None,
    };
    match fate {
        Fate::Filed(request) => line.request = Some(request),
        Fate::Refused(problem) => line.problem = Some(problem),
        Fate::Unsendable(why) => line.refused = Some(why),
        Fate::Unknown(why) => line.unknown = Some(why),
    }
    serde_json::to_string(&line).map_err(|e| CliError::input(e.to_string()))
}

fn words(fate: &Fate) -> String {
    match fate {
        Fate::Filed(raw) => {
            let together: Together = serde_json::from_str(raw.get()).unwrap_or_default();
            if !together.requests.is_empty() {
                return several(&together);
            }
            let request: Request = serde_json::from_str(raw.get()).unwrap_or_default();
            let count = request.items_count.unwrap_or(request.items.len() as u64);
            let links = if count == 1 { "link" } else { "links" };
            let mut text = format!(
                "filed {} {} ({count} {links} to {})",
                visible(&request.reference),
                visible(&request.id),
                visible(&request.platform.name)
            );
            if let Some(summary) = request.summary {
                text += &format!("\n  {}", visible(&summary));
            }
            for repeat in &request.repeats {
                text += &format!("\n{}", lookup::warning(repeat));
            }
            text
        }
        Fate::Refused(raw) => {
            let problem: Problem = serde_json::from_str(raw.get()).unwrap_or_default();
            let mut text = format!("refused: {problem}");
            for repeat in &problem.repeats {
                text += &format!("\n{}", lookup::warning(repeat));
            }
            text
        }
        Fate::Unsendable(why) => format!("refused: {}", visible(why)),
        Fate::Unknown(why) => format!("not known whether it was filed: {}", visible(why)),
    }
}

/// A filing that became one request for each platform.
fn several(together: &Together) -> String {
    let mut text = format!(
        "filed as {} requests under the operation {} ({})",
        together.requests.len(),
        visible(&together.operation.label),
        visible(&together.operation.id)
    );
    for request in &together.requests {
        text += &format!(
            "\n  {} {} to {}",
            visible(&request.reference),
            visible(&request.id),
            visible(&request.platform.name)
        );
        for repeat in &request.repeats {
            text += &format!("\n{}", lookup::warning(repeat));
        }
    }
    text
}
