//! `--exec`: one command for each link of each new request.

use std::ffi::OsString;
use std::process::Stdio;

use takedown_core::text::visible;

use super::state::State;
use super::{CliError, is_over};
use crate::cli::output;
use crate::client::Client;
use crate::client::wire::{InboxEvent, Item, Page, Request};

/// What is run.
pub(super) struct Command {
    program: OsString,
    arguments: Vec<OsString>,
}

impl Command {
    pub(super) fn new(program: OsString, arguments: Vec<OsString>) -> Self {
        Self { program, arguments }
    }

    /// Does the work of one page; gives back how many commands failed. What succeeded is remembered at once, so that a
    /// later run repeats only the rest.
    pub(super) async fn work(
        &self,
        client: &Client,
        page: &Page<InboxEvent>,
        state: &mut State,
    ) -> Result<usize, CliError> {
        let mut failures = 0;
        let filed = page
            .items
            .iter()
            .filter(|event| event.kind == "request.filed");
        for event in filed {
            let Some(about) = &event.request else {
                continue;
            };
            if is_over(&about.status) {
                self.pass_over(&about.reference, &about.status);
                continue;
            }
            let request = client.request(&about.id).await?.body;
            if is_over(&request.status) {
                self.pass_over(&request.reference, &request.status);
                continue;
            }
            for item in &request.items {
                if state.is_done(&item.id) {
                    continue;
                }
                match self.run(&request, item).await {
                    Ok(()) => state.done(&item.id)?,
                    Err(why) => {
                        failures += 1;
                        eprintln!(
                            "{} link {} ({}): {why}",
                            visible(&request.reference),
                            item.position,
                            output::inert(&item.locator, item.defanged.as_deref())
                        );
                    }
                }
            }
        }
        Ok(failures)
    }

    fn pass_over(&self, reference: &str, status: &str) {
        eprintln!(
            "{} is {} already: nothing run",
            visible(reference),
            visible(status)
        );
    }

    async fn run(&self, request: &Request, item: &Item) -> Result<(), String> {
        // A locator is written by somebody else: it must not become an option of the command.
        let guarded = self.arguments.last().is_some_and(|last| last == "--");
        if item.locator.starts_with('-') && !guarded {
            return Err("starts with '-'; end the command with '--' to have it passed".into());
        }
        let status = tokio::process::Command::new(&self.program)
            .args(&self.arguments)
            .arg(&item.locator)
            .env("TAKEDOWN_REQUEST", &request.id)
            .env("TAKEDOWN_REFERENCE", &request.reference)
            .env("TAKEDOWN_KIND", &request.kind)
            .env("TAKEDOWN_ITEM", &item.id)
            .env("TAKEDOWN_ITEM_KIND", &item.kind)
            .env("TAKEDOWN_LOCATOR", &item.locator)
            .stdin(Stdio::null())
            .status()
            .await
            .map_err(|e| format!("{}: {e}", self.program.display()))?;
        if status.success() {
            Ok(())
        } else {
            Err(format!("the command ended with {status}"))
        }
    }
}
