//! `takedown answer`: what a platform does with a request, and the few things an agency says afterwards.

mod check;

use clap::{ArgGroup, Args};
use takedown_core::text::visible;

use super::texts::SavedArgs;
use super::{CliError, ConnectionArgs, Exit, output, show};
use crate::client::wire::{Decision, Request};
use crate::client::{Client, Message, Reply};

/// `takedown answer`.
#[derive(Debug, Args)]
#[command(
    group = ArgGroup::new("action").required(true).multiple(true).args([
        "acknowledge", "items", "all", "close", "question", "obstacle", "obstacle_over", "note", "answer", "withdraw", "reopen",
    ]),
    after_help = "\
--acknowledge, --item, --all and --close may be combined and are done in that order; each other action stands alone.
The words of each are given with it, or come with --saved from a text that you keep.
Every change is made to the version that was read: when somebody else was faster, nothing is changed and it is said.

Outcomes: removed access_disabled geo_blocked account_suspended restricted modified already_gone not_found
not_hosted_here declined_within_terms declined_not_unlawful declined_protected_purpose declined_no_legal_power
declined_unverified_sender unable_insufficient_information unable_manifest_error unable_force_majeure duplicate restored

Exit codes: 0 done, 1 refused or failed (what was done before it stays done), 2 wrong command line."
)]
pub struct AnswerArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// Id (req_…) or speakable reference
    #[arg(value_name = "REQUEST")]
    request: String,
    /// Say that you have it
    #[arg(long)]
    acknowledge: bool,
    /// Your own ticket number, kept with the acknowledgement
    #[arg(long, value_name = "TEXT", requires = "acknowledge")]
    ticket: Option<String>,
    /// Outcome of one link, by its number (repeat)
    #[arg(long = "item", value_name = "N=OUTCOME", value_parser = numbered)]
    items: Vec<(u64, String)>,
    /// Outcome of every link that has none yet
    #[arg(long, value_name = "OUTCOME")]
    all: Option<String>,
    /// Close; with OUTCOME every link that has none yet gets it
    #[arg(long, value_name = "OUTCOME", num_args = 0..=1)]
    close: Option<Option<String>>,
    /// Ask the agency something; the clock stands still until it answers
    #[arg(long, value_name = "TEXT", group = "alone", num_args = 0..=1, default_missing_value = "")]
    question: Option<String>,
    /// Report an obstacle: force_majeure, manifest_error or insufficient_information, and why
    #[arg(long, value_names = ["CODE", "TEXT"], num_args = 1..=2, group = "alone")]
    obstacle: Vec<String>,
    /// Say that the obstacle is over
    #[arg(long, value_name = "TEXT", group = "alone", num_args = 0..=1, default_missing_value = "")]
    obstacle_over: Option<String>,
    /// Leave a note
    #[arg(long, value_name = "TEXT", group = "alone", num_args = 0..=1, default_missing_value = "")]
    note: Option<String>,
    /// Answer the platform's question (agency)
    #[arg(long, value_name = "TEXT", group = "alone", num_args = 0..=1, default_missing_value = "")]
    answer: Option<String>,
    /// Take it back (agency): mistake, duplicate or no_longer_needed; what was annulled: `takedown withdraw`
    #[arg(long, value_name = "REASON", group = "alone")]
    withdraw: Option<String>,
    /// Open it again: new_facts, mistake or appeal, and why
    #[arg(long, value_names = ["REASON", "TEXT"], num_args = 1..=2, group = "alone")]
    reopen: Vec<String>,
    /// The message that this one replies to (msg_…)
    #[arg(long, value_name = "ID")]
    reply_to: Option<String>,
    #[command(flatten)]
    details: Details,
    #[command(flatten)]
    saved: SavedArgs,
    /// Print the JSON of the last answer as the exchange sends it
    #[arg(long)]
    json: bool,
}

const GEO_BLOCKED: &str = "geo_blocked";
const DUPLICATE: &str = "duplicate";

/// More about an outcome or a message.
#[derive(Debug, Args)]
#[command(next_help_heading = "More about it")]
struct Details {
    /// On which basis: law or terms; by default terms for a referral and law for an order
    #[arg(long, value_name = "BASIS")]
    basis: Option<String>,
    /// When it took effect (RFC 3339); by default now
    #[arg(long, value_name = "INSTANT")]
    effective_at: Option<String>,
    /// Whether the uploader was told: yes, no, not_possible, non_disclosure
    #[arg(long, value_name = "WORD")]
    uploader_informed: Option<String>,
    /// Country of the geo_blocked outcome (repeat)
    #[arg(long = "country", value_name = "COUNTRY")]
    countries: Vec<String>,
    /// The request that a duplicate repeats
    #[arg(long, value_name = "REQUEST")]
    duplicate_of: Option<String>,
    /// In words: with a withdrawal, or with the outcome when the call has one only
    #[arg(long, value_name = "TEXT")]
    text: Option<String>,
    /// Language of a message (BCP 47)
    #[arg(long, value_name = "TAG", default_value = "en")]
    language: String,
}

fn numbered(text: &str) -> Result<(u64, String), String> {
    let (number, outcome) = text
        .split_once('=')
        .ok_or("give the link's number and its outcome, for instance 2=removed")?;
    let number = number
        .parse()
        .ok()
        .filter(|number| *number > 0)
        .ok_or_else(|| format!("{number} is not the number of a link; they count from 1"))?;
    Ok((number, code(outcome)))
}

/// Codes are typed with either dash.
fn code(word: &str) -> String {
    word.replace('-', "_")
}

pub(super) async fn run(mut args: AnswerArgs) -> Result<Exit, CliError> {
    args.check()?;
    let client = args.connection.connect()?;
    if let Some(words) = args.saved.words(&client).await? {
        args.take(words);
    }
    let request = show::find(&client, &args.request).await?;
    let reference = request.body.reference.clone();
    let last = if args.message().is_some() || args.takes_back() || !args.reopen.is_empty() {
        args.alone(&client, &request).await?
    } else {
        let last = args.decide(&client, request).await?;
        Told::Request(Box::new(last))
    };
    match last {
        Told::Request(reply) if args.json => output::exact(&reply.text)?,
        Told::Text(text) if args.json => output::exact(&text)?,
        Told::Request(reply) => {
            let request = reply.body;
            let silence = request.non_disclosure.as_ref();
            if let Some(told) = silence.and_then(show::told_all_the_same) {
                eprintln!("warning: {told}");
            }
            let result = request
                .result
                .map_or_else(String::new, |r| format!(", {r}"));
            output::line(&format!(
                "{}: {}{}",
                visible(&request.reference),
                visible(&request.status),
                visible(&result)
            ))?;
        }
        Told::Text(_) => output::line(&format!("{}: sent", visible(&reference)))?,
    }
    Ok(Exit::Done)
}

/// The last answer of the exchange.
enum Told {
    Request(Box<Reply<Request>>),
    Text(String),
}

impl AnswerArgs {
    fn takes_back(&self) -> bool {
        self.withdraw.is_some()
    }

    fn decides(&self) -> bool {
        self.acknowledge || !self.items.is_empty() || self.all.is_some() || self.close.is_some()
    }

    fn message(&self) -> Option<Message> {
        let message = |kind: &str, text: &String, obstacle: Option<String>| Message {
            kind: kind.into(),
            text: text.clone(),
            language: self.details.language.clone(),
            obstacle,
            in_reply_to: self.reply_to.clone(),
        };
        if let [reason, text] = self.obstacle.as_slice() {
            return Some(message("obstacle", text, Some(code(reason))));
        }
        let kinds = [
            ("question", &self.question),
            ("obstacle_over", &self.obstacle_over),
            ("note", &self.note),
            ("answer", &self.answer),
        ];
        kinds
            .into_iter()
            .find_map(|(kind, text)| Some(message(kind, text.as_ref()?, None)))
    }

    async fn alone(&self, client: &Client, request: &Reply<Request>) -> Result<Told, CliError> {
        let (id, etag) = (&request.body.id, etag(request));
        let etag = Some(etag.as_str());
        if let Some(message) = self.message() {
            return Ok(Told::Text(client.message(id, etag, &message).await?.text));
        }
        if let [reason, text] = self.reopen.as_slice() {
            let reply = client
                .reopen(id, etag, &code(reason), (text, &self.details.language))
                .await?;
            return Ok(Told::Request(Box::new(reply)));
        }
        let reason = code(self.withdraw.as_deref().unwrap_or_default());
        let text = self.details.text.as_deref();
        let text = text.map(|text| (text, self.details.language.as_str()));
        let reply = client.withdraw(id, etag, &reason, text).await?;
        Ok(Told::Request(Box::new(reply)))
    }

    /// Each step changes the version that the step before it left.
    async fn decide(
        &self,
        client: &Client,
        mut request: Reply<Request>,
    ) -> Result<Reply<Request>, CliError> {
        // Judged before anything is changed.
        let decisions = self.decisions(&request.body)?;
        let id = request.body.id.clone();
        if self.acknowledge {
            let tag = etag(&request);
            let ticket = self.ticket.as_deref();
            request = client.acknowledge(&id, Some(&tag), ticket).await?;
        }
        if !decisions.is_empty() {
            let tag = etag(&request);
            request = client.decide(&id, Some(&tag), &decisions).await?;
        }
        if let Some(remaining) = &self.close {
            let tag = etag(&request);
            let remaining = remaining
                .as_deref()
                .map(|outcome| self.decision(&request.body, &code(outcome)));
            request = client.close(&id, Some(&tag), remaining.as_ref()).await?;
        }
        Ok(request)
    }

    fn decisions(&self, request: &Request) -> Result<Vec<Decision>, CliError> {
        let mut decisions: Vec<Decision> = Vec::new();
        for (number, outcome) in &self.items {
            let item = request
                .items
                .iter()
                .find(|item| item.position == *number)
                .ok_or_else(|| {
                    CliError::input(format!(
                        "there is no link {number} in {}; it has {}",
                        visible(&request.reference),
                        request.items.len()
                    ))
                })?;
            match decisions.iter_mut().find(|held| held.outcome == *outcome) {
                Some(held) => held.items.push(item.id.clone()),
                None => decisions.push(Decision {
                    items: vec![item.id.clone()],
                    ..self.decision(request, outcome)
                }),
            }
        }
        if let Some(outcome) = &self.all {
            decisions.push(Decision {
                all_undecided: true,
                ..self.decision(request, &code(outcome))
            });
        }
        Ok(decisions)
    }

    fn decision(&self, request: &Request, outcome: &str) -> Decision {
        let details = &self.details;
        let basis = match (&details.basis, request.kind.as_str()) {
            (Some(basis), _) => basis,
            (None, "order") => "law",
            (None, _) => "terms",
        };
        Decision {
            outcome: outcome.to_owned(),
            basis: basis.to_owned(),
            effective_at: details.effective_at.clone(),
            uploader_informed: details.uploader_informed.as_deref().map(code),
            countries: match outcome {
                GEO_BLOCKED => details.countries.clone(),
                _ => Vec::new(),
            },
            duplicate_of: details
                .duplicate_of
                .clone()
                .filter(|_| outcome == DUPLICATE),
            note: details.text.clone(),
            note_language: details.text.is_some().then(|| details.language.clone()),
            ..Decision::default()
        }
    }
}

/// The version that was read.
fn etag(request: &Reply<Request>) -> String {
    request
        .etag
        .clone()
        .unwrap_or_else(|| format!("\"{}\"", request.body.version))
}
