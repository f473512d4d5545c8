//! `--exec`: one command for each link of each new request.

use std::ffi::OsString;
use std::process::Stdio;

use takedown_core::text::visible;

use super::state::{Failed, State};
use super::{CliError, is_over};
use crate::cli::output;
use crate::client::wire::{InboxEvent, Item, Page, Request};
use crate::client::{Client, ClientError};

/// What is run.
pub(super) struct Command {
    program: OsString,
    arguments: Vec<OsString>,
    /// Runs in all that a link gets while its command fails.
    tries: u32,
}

/// Why the command of one link did not succeed.
enum Fault {
    /// It failed for this link; others may do better.
    Link(String),
    /// It cannot be run at all, for no link.
    Program(CliError),
}

impl Command {
    pub(super) fn new(program: OsString, arguments: Vec<OsString>, tries: u32) -> Self {
        Self {
            program,
            arguments,
            tries,
        }
    }

    /// Runs again what failed in earlier runs and has tries left; gives back how many failed once more.
    pub(super) async fn again(
        &self,
        client: &Client,
        state: &mut State,
    ) -> Result<usize, CliError> {
        let mut failures = 0;
        for failed in state.failed().to_vec() {
            if failed.tries >= self.tries {
                continue;
            }
            let request = wanted(client, &failed.request, &failed.reference);
            let Some(request) = request.await? else {
                state.settle(&failed.item)?;
                continue;
            };
            match request.items.iter().find(|item| item.id == failed.item) {
                Some(item) if is_asked(item) => {
                    failures += self.link(&request, item, failed.tries, state).await?;
                }
                _ => state.settle(&failed.item)?,
            }
        }
        Ok(failures)
    }

    /// Does the work of one page; gives back how many commands failed. How each ended is remembered at once, so that a
    /// later run repeats only what failed.
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
                pass_over(&about.reference, &about.status);
                continue;
            }
            let request = wanted(client, &about.id, &about.reference);
            let Some(request) = request.await? else {
                continue;
            };
            for item in request.items.iter().filter(|item| is_asked(item)) {
                if !state.is_settled(&item.id) {
                    failures += self.link(&request, item, 0, state).await?;
                }
            }
        }
        Ok(failures)
    }

    /// Runs the command for one link, whose command has failed `before` times, and remembers how it ended.
    async fn link(
        &self,
        request: &Request,
        item: &Item,
        before: u32,
        state: &mut State,
    ) -> Result<usize, CliError> {
        let why = match self.run(request, item).await {
            Ok(()) => {
                state.settle(&item.id)?;
                return Ok(0);
            }
            Err(Fault::Program(error)) => return Err(error),
            Err(Fault::Link(why)) => why,
        };
        let tries = before + 1;
        let told = if tries < self.tries {
            format!("failed {tries} of {} times", self.tries)
        } else {
            format!("given up after {tries} times; a larger --tries runs it again")
        };
        eprintln!(
            "{} link {} ({}): {why}; {told}",
            visible(&request.reference),
            item.position,
            output::inert(&item.locator, item.defanged.as_deref())
        );
        state.fail(Failed {
            item: item.id.clone(),
            request: request.id.clone(),
            reference: request.reference.clone(),
            position: item.position,
            tries,
        })?;
        Ok(1)
    }

    async fn run(&self, request: &Request, item: &Item) -> Result<(), Fault> {
        // A locator is written by somebody else: it must not become an option of the command.
        let guarded = self.arguments.last().is_some_and(|last| last == "--");
        if item.locator.starts_with('-') && !guarded {
            let why = "starts with '-'; end the command with '--' to have it passed";
            return Err(Fault::Link(why.into()));
        }
        if item.locator.contains('\0') {
            let why = "holds a NUL, which no argument can";
            return Err(Fault::Link(why.into()));
        }
        let due_at = request.clock.as_ref().and_then(|c| c.due_at.as_deref());
        let waits = request.asks_to_wait == Some(true);
        let status = tokio::process::Command::new(&self.program)
            .args(&self.arguments)
            .arg(&item.locator)
            .env("TAKEDOWN_REQUEST", &request.id)
            .env("TAKEDOWN_REFERENCE", &request.reference)
            .env("TAKEDOWN_KIND", &request.kind)
            .env("TAKEDOWN_DUE_AT", due_at.unwrap_or_default())
            .env("TAKEDOWN_ASKS_TO_WAIT", if waits { "yes" } else { "" })
            .env("TAKEDOWN_ITEM", &item.id)
            .env("TAKEDOWN_ITEM_NUMBER", item.position.to_string())
            .env("TAKEDOWN_ITEM_KIND", &item.kind)
            .env("TAKEDOWN_LOCATOR", &item.locator)
            .stdin(Stdio::null())
            .status()
            .await
            .map_err(|e| Fault::Program(CliError::file(self.program.display(), e)))?;
        if status.success() {
            Ok(())
        } else {
            Err(Fault::Link(format!("the command ended with {status}")))
        }
    }
}

/// A request as it is now; none when there is nothing left to do for it.
async fn wanted(client: &Client, id: &str, reference: &str) -> Result<Option<Request>, CliError> {
    let request = match client.request(id).await {
        Ok(reply) => reply.body,
        // What is gone must not stand in the way of what is there.
        Err(ClientError::Problem(problem)) if matches!(problem.status, 404 | 410) => {
            pass_over(reference, "gone");
            return Ok(None);
        }
        Err(error) => return Err(error.into()),
    };
    if is_over(&request.status) {
        pass_over(&request.reference, &request.status);
        return Ok(None);
    }
    Ok(Some(request))
}

/// Whether something is still to be done about an item.
fn is_asked(item: &Item) -> bool {
    item.withdrawal_reason.is_none() && item.outcome.is_none()
}

fn pass_over(reference: &str, status: &str) {
    eprintln!(
        "{} is {} already: nothing run",
        visible(reference),
        visible(status)
    );
}
