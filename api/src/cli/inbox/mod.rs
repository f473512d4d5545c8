//! `takedown inbox`: what is new, for a person at a terminal or for cron.

mod exec;
mod state;

#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Args;

use self::exec::Command;
use self::state::{State, Whose};
use super::output::{self, Table};
use super::{CliError, ConnectionArgs, Exit};
use crate::client::wire::{InboxEvent, InboxRequest, Page, Party};
use crate::client::{Client, InboxQuery, Reply};

/// Events in one answer.
const PAGE: u32 = 200;
/// Seconds that one long poll may last; a longer --wait is made of several.
const LONGEST_POLL: u64 = 30;

/// `takedown inbox`.
#[derive(Debug, Args)]
#[command(after_help = "\
Without --state the whole inbox is read, and every request that is still open is shown. With --state only what came
since the last run is shown; the place is kept in FILE, written only after the work is done. The file is of one inbox
at one exchange; with another it is refused.

--exec runs CMD once for each link of each new request, the locator as its last argument, never through a shell:
  TAKEDOWN_REQUEST      request id           TAKEDOWN_REFERENCE    its speakable reference
  TAKEDOWN_KIND         referral (may) or order (must, as claimed)
  TAKEDOWN_DUE_AT       by when, or empty    TAKEDOWN_ASKS_TO_WAIT yes: please do not remove it yet; or empty
  TAKEDOWN_ITEM         item id              TAKEDOWN_ITEM_NUMBER  its number, from 1, as answer --item takes it
  TAKEDOWN_ITEM_KIND    url, account, ...    TAKEDOWN_LOCATOR      the locator once more
What is closed, withdrawn or answered already is passed over. When a command fails, the others still run; only what
failed is run again by the next runs, --tries times in all, and then given up: that is said, and FILE keeps it under
\"failed\". When CMD cannot be started at all, nothing counts as tried. After a crash one command may run twice. A
locator that starts with '-' is given only to a CMD whose last argument is '--'. --exec takes everything after it: put
it last.

Exit codes: 0 nothing new, 10 new work (with --exec: and all of it done), 1 error or a command failed.")]
pub struct InboxArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// Print the events as JSON, one a line, instead of a table
    #[arg(long)]
    json: bool,
    /// Also show requests that are closed or withdrawn
    #[arg(long)]
    all: bool,
    /// When nothing is new, wait for something (seconds)
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, default_missing_value = "30")]
    wait: Option<u64>,
    /// Remember in this file how far the inbox was read
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// How often a link whose command fails is run in all, once in each run
    #[arg(long, value_name = "N", default_value_t = 10, requires = "exec", value_parser = clap::value_parser!(u32).range(1..))]
    tries: u32,
    /// Run this for every link of every new request
    #[arg(long, value_name = "CMD [ARGS]", num_args = 1.., allow_hyphen_values = true, requires = "state")]
    exec: Vec<OsString>,
}

pub(super) async fn run(args: InboxArgs) -> Result<Exit, CliError> {
    let client = args.connection.connect()?;
    let mut state = match &args.state {
        Some(path) => Some(State::lock(path, Whose::of(&client))?),
        None => None,
    };
    let command = args
        .exec
        .split_first()
        .map(|(program, rest)| Command::new(program.clone(), rest.to_vec(), args.tries));
    let mut failures = 0;
    if let (Some(command), Some(state)) = (&command, &mut state) {
        failures += command.again(&client, state).await?;
    }
    let mut reader = Reader {
        client: &client,
        cursor: state.as_ref().and_then(|state| state.cursor().cloned()),
        until: args
            .wait
            .map(|seconds| Instant::now() + Duration::from_secs(seconds)),
    };
    let mut seen = Seen::new(&args, state.is_some());
    loop {
        let page = reader.page(seen.nothing() && failures == 0).await;
        let page = page.map_err(|error| match &state {
            Some(state) => state.told(error),
            None => error,
        });
        let Some(page) = page? else { break };
        seen.page(&page)?;
        if let (Some(command), Some(state)) = (&command, &mut state) {
            failures += command.work(&client, &page.body, state).await?;
        }
        // Shown before it is remembered: a crash in between shows it twice, never not at all.
        seen.show_page()?;
        if let (Some(state), Some(next)) = (&mut state, &page.body.next) {
            state.advance(next)?;
        }
    }
    let ended = seen.finish()?;
    if failures > 0 {
        let many = if failures == 1 {
            "1 command".to_owned()
        } else {
            format!("{failures} commands")
        };
        return Err(CliError::input(format!("{many} failed")));
    }
    Ok(ended)
}

/// Reads pages until there is no more, waiting at the end when that was asked for.
struct Reader<'a> {
    client: &'a Client,
    cursor: Option<String>,
    until: Option<Instant>,
}

impl Reader<'_> {
    /// The next page with events in it. `wait`: whether waiting is in order, because there was nothing so far.
    async fn page(&mut self, wait: bool) -> Result<Option<Reply<Page<InboxEvent>>>, CliError> {
        loop {
            let left = self
                .until
                .filter(|_| wait)
                .map(|until| until.saturating_duration_since(Instant::now()).as_secs())
                .filter(|left| *left > 0);
            let query = InboxQuery {
                cursor: self.cursor.clone(),
                limit: PAGE,
                wait: left.map(|left| u32::try_from(left.min(LONGEST_POLL)).unwrap_or(1)),
            };
            let asked = Instant::now();
            let page = self.client.inbox(&query).await?;
            if page.body.next.is_some() {
                self.cursor.clone_from(&page.body.next);
            }
            if !page.body.items.is_empty() {
                return Ok(Some(page));
            }
            if left.is_none() {
                return Ok(None);
            }
            // A server that does not hold the call must not be asked in a tight loop.
            if asked.elapsed() < Duration::from_secs(1) {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

/// What was read, for the person or program that asked.
struct Seen {
    json: bool,
    all: bool,
    /// Whether events since a remembered place are shown, page by page, rather than the open requests of all time.
    since: bool,
    events: Vec<InboxEvent>,
    count: usize,
}

impl Seen {
    fn new(args: &InboxArgs, since: bool) -> Self {
        Self {
            json: args.json,
            all: args.all,
            since,
            events: Vec::new(),
            count: 0,
        }
    }

    fn nothing(&self) -> bool {
        self.count == 0 && !self.events.iter().any(|event| self.shows(event))
    }

    fn shows(&self, event: &InboxEvent) -> bool {
        let over = |request: &InboxRequest| is_over(&request.status);
        self.all || self.since || !event.request.as_ref().is_some_and(over)
    }

    fn page(&mut self, page: &Reply<Page<InboxEvent>>) -> Result<(), CliError> {
        if self.json {
            self.json_lines(page)?;
        }
        for event in &page.body.items {
            // A later event of the same request replaces the earlier: one row for each request.
            let about = |event: &InboxEvent| event.request.as_ref().map(|r| r.id.clone());
            let this = about(event);
            self.events
                .retain(|held| this.is_none() || about(held) != this);
            self.events.push(event.clone());
        }
        Ok(())
    }

    /// Events as the server wrote them.
    fn json_lines(&self, page: &Reply<Page<InboxEvent>>) -> Result<(), CliError> {
        #[derive(serde::Deserialize)]
        struct Raw<'a> {
            #[serde(borrow)]
            items: Vec<&'a serde_json::value::RawValue>,
        }
        let raw: Raw<'_> = serde_json::from_str(&page.text)
            .map_err(|e| CliError::input(format!("the inbox cannot be read: {e}")))?;
        for (event, decoded) in raw.items.iter().zip(&page.body.items) {
            if self.shows(decoded) {
                output::line(event.get())?;
            }
        }
        Ok(())
    }

    /// With a remembered place, each page is shown before it is marked as read.
    fn show_page(&mut self) -> Result<(), CliError> {
        if self.since {
            self.show()?;
        }
        Ok(())
    }

    fn show(&mut self) -> Result<(), CliError> {
        let events = std::mem::take(&mut self.events);
        let shown: Vec<&InboxEvent> = events.iter().filter(|event| self.shows(event)).collect();
        self.count += shown.len();
        if self.json || shown.is_empty() {
            return Ok(());
        }
        table(&shown).print()
    }

    fn finish(&mut self) -> Result<Exit, CliError> {
        self.show()?;
        if self.count > 0 {
            return Ok(Exit::NewWork);
        }
        if !self.json {
            eprintln!("nothing new");
        }
        Ok(Exit::Done)
    }
}

fn is_over(status: &str) -> bool {
    matches!(status, "closed" | "withdrawn")
}

fn table(events: &[&InboxEvent]) -> Table {
    let mut table = Table::new(&[
        "REFERENCE",
        "POWER",
        "STATUS",
        "NEWS",
        "WHO ASKS",
        "LINKS",
        "DUE",
    ]);
    for event in events {
        if let Some(part) = &event.operation {
            // The lead knows that it leads: it wants to know who has answered.
            let from = match event.kind.as_str() {
                "operation.agency_joined" | "operation.agency_left" => who(&part.agency),
                _ => who(&part.lead),
            };
            let (id, standing) = (&part.id, &part.membership);
            table.row(&[
                id,
                "between agencies",
                standing,
                &event.kind,
                &from,
                "-",
                "-",
            ]);
            continue;
        }
        let Some(request) = &event.request else {
            let notice = event.notice.as_ref();
            let id = notice.map(|notice| notice.id.as_str()).unwrap_or_default();
            let from = notice.map(|notice| who(&notice.agency)).unwrap_or_default();
            table.row(&[id, "told beforehand", "-", &event.kind, &from, "-", "-"]);
            continue;
        };
        let who = who(&request.agency);
        // A referral never shows a deadline, whatever came over the wire.
        let due = request
            .due_at
            .as_deref()
            .filter(|_| request.kind == "order");
        table.row(&[
            &request.reference,
            // Whoever works through the table must not remove what he is asked to wait with.
            if request.asks_to_wait == Some(true) {
                "may, please wait"
            } else {
                power(&request.kind)
            },
            &request.status,
            &event.kind,
            &who,
            &request
                .items_count
                .map_or_else(String::new, |n| n.to_string()),
            &due.map_or_else(|| "-".to_owned(), output::instant),
        ]);
    }
    table
}

fn who(agency: &Party) -> String {
    match &agency.country {
        Some(country) => format!("{} ({country})", agency.name),
        None => agency.name.clone(),
    }
}

/// What the reader must know first.
pub(super) fn power(kind: &str) -> &'static str {
    match kind {
        "order" => "must (as claimed)",
        _ => "may",
    }
}
