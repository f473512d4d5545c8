//! `takedown show`: one request as a person reads it: who, may or must, by when, what exactly.

use clap::Args;
use takedown_core::id::Reference;
use takedown_core::text::visible;

use super::{CliError, ConnectionArgs, Exit, inbox, output};
use crate::client::wire::{Item, Party, Request, Signature, Text, Until};
use crate::client::{Client, Filters, Reply};

/// `takedown show`.
#[derive(Debug, Args)]
pub struct ShowArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// Id (req_…) or speakable reference
    #[arg(value_name = "REQUEST")]
    request: String,
    /// Print the JSON as the exchange sends it
    #[arg(long)]
    json: bool,
    /// Show locators exactly as filed instead of defanged (control characters stay visible)
    #[arg(long)]
    exact: bool,
}

pub(super) async fn run(args: ShowArgs) -> Result<Exit, CliError> {
    let client = args.connection.connect()?;
    let reply = find(&client, &args.request).await?;
    if args.json {
        output::exact(&reply.text)?;
    } else {
        output::exact(&text(&reply.body, args.exact))?;
    }
    Ok(Exit::Done)
}

/// Reads a request by id or by reference.
pub(super) async fn find(client: &Client, given: &str) -> Result<Reply<Request>, CliError> {
    let id = id_of(client, given).await?;
    Ok(client.request(&id).await?)
}

/// The id of a request, by itself or by reference. Nothing is read by it: for a platform it is no receipt.
pub(super) async fn id_of(client: &Client, given: &str) -> Result<String, CliError> {
    if given.starts_with("req_") {
        return Ok(given.to_owned());
    }
    let reference: Reference = given
        .parse()
        .map_err(|e| CliError::usage(format!("{}: {e}", visible(given))))?;
    let filters = Filters::default().with("reference", Some(&reference.to_string()));
    let page = client.requests(&filters).await?;
    match page.body.items.first() {
        Some(found) => Ok(found.id.clone()),
        None => Err(CliError::input(format!(
            "no request {reference} that you may see"
        ))),
    }
}

/// By which key it says it is signed: to be checked, not to be believed.
fn signed(signature: &Signature) -> String {
    let mut text = format!(
        "signed by the unit's key {} of {}; check it with takedown verify-request",
        signature.kid, signature.domain
    );
    if signature.unsigned_changes > 0 {
        text += &format!(
            "; {} later changes are not signed",
            signature.unsigned_changes
        );
    }
    if let Some(since) = &signature.key_doubted_since {
        let since = output::instant(since);
        text += &format!("; a key it was signed with may have been in foreign hands since {since}");
    }
    text
}

/// The request in lines.
pub(super) fn text(request: &Request, exact: bool) -> String {
    let mut out = Lines::default();
    out.add("Request", &format!("{}  {}", request.reference, request.id));
    out.add("Power", &power(request));
    if let Some(summary) = &request.summary {
        out.add("In short", summary);
    }
    out.add("Asks", &agency(&request.agency));
    out.maybe("Complaints", request.agency.complaints.as_deref());
    out.add("Asked", &party(&request.platform));
    let status = match &request.result {
        Some(result) => format!("{}, {result}", request.status),
        None => request.status.clone(),
    };
    if request.asks_to_wait == Some(true) {
        out.add(
            "Please",
            "wait, do not remove for now: a decoy is suspected",
        );
    }
    if let Some(attribution) = &request.attribution {
        let of = format!("{} ({})", attribution.source, attribution.confidence);
        out.add("Attributed to", &of);
    }
    for revision in &request.corrections {
        let at = revision.at.as_deref().map(output::instant);
        let was = revision.was.as_ref().map(ToString::to_string);
        out.add(
            "Corrected",
            &format!(
                "{}{}, {}; it was {}",
                revision.fact,
                item_number(request, revision.item.as_deref()),
                at.unwrap_or_default(),
                was.as_deref().unwrap_or("empty")
            ),
        );
    }
    match (request.attestation.as_deref(), &request.signature) {
        (Some("unit_signed"), Some(signature)) => out.add("Attested", &signed(signature)),
        (Some("exchange_only"), _) => {
            out.add(
                "Attested",
                "by the exchange only; no key of the unit signed it",
            );
        }
        _ => {}
    }
    let waiting = request.waiting_for.as_deref().unwrap_or("nobody");
    out.add("Status", &format!("{status} (waiting for {waiting})"));
    if let Some(restoration) = request.restoration.as_deref().filter(|r| *r != "not_asked") {
        out.add("Restoration", restoration);
    }
    out.maybe("Deadline", deadline(request).as_deref());
    for (name, instant) in [
        ("Filed", &request.filed_at),
        ("Fetched", &request.fetched_at),
        ("Acknowledged", &request.acknowledged_at),
        ("Closed", &request.closed_at),
        ("Withdrawn", &request.withdrawn_at),
        ("Erased", &request.erased_at),
    ] {
        out.maybe(name, instant.as_deref().map(output::instant).as_deref());
    }
    out.maybe("File number", request.agency_reference.as_deref());
    out.maybe("Your ticket", request.platform_reference.as_deref());
    out.maybe("Provision", request.provision.as_deref());
    if let Some(territory) = &request.territory {
        let place = if territory.worldwide {
            "worldwide".to_owned()
        } else {
            territory.countries.join(", ")
        };
        out.add("Territory", &place);
    }
    let held = request.non_disclosure.as_ref();
    let silent = held.and_then(|held| held.until.as_deref().map(output::instant));
    out.maybe("Do not tell the uploader before", silent.as_deref());
    let told = held.and_then(told_all_the_same);
    out.maybe("Warning", told.as_deref());
    if let Some(kept) = &request.preservation {
        let until = kept.until.as_deref().map(output::instant);
        let status = kept.status.as_deref().unwrap_or_default();
        let line = format!("{} ({status})", until.unwrap_or_default());
        out.add("Keep removed material until", &line);
    }
    for ground in &request.grounds {
        let title = ground.title.as_deref().unwrap_or_default();
        out.add("Ground", &format!("{}  {title}", ground.code));
    }
    out.passage("Reasons", request.reasons.as_ref());
    out.passage("Translation", request.translation.as_ref());
    out.0.push_str("\nLinks\n");
    for item in &request.items {
        out.item(item, exact);
    }
    out.0
}

/// What is said where a platform told the uploader while that was forbidden.
pub(super) fn told_all_the_same(held: &Until) -> Option<String> {
    let what = match held.broken_for.len() {
        0 => return None,
        1 => "1 link".to_owned(),
        links => format!("{links} links"),
    };
    Some(format!(
        "the uploader of {what} was told while that was forbidden, as the platform says; it is on record, and the agency knows"
    ))
}

fn power(request: &Request) -> String {
    let instrument = &request.instrument;
    let title = instrument.title.as_deref().unwrap_or(&instrument.id);
    match &instrument.citation {
        Some(citation) => format!("{}: {title}, {citation}", inbox::power(&request.kind)),
        None => format!("{}: {title}", inbox::power(&request.kind)),
    }
}

fn agency(agency: &Party) -> String {
    let status = agency.status.as_deref().unwrap_or("status not known");
    match &agency.verification {
        Some(check) => {
            let when = check.verified_at.as_deref().map(output::instant);
            let when = when.unwrap_or_else(|| "on an unknown date".into());
            let persons = match check.persons {
                Some(1) => ", by one person of the operator alone".to_owned(),
                Some(persons) => format!(", by {persons} persons of the operator"),
                None => String::new(),
            };
            let (party, method) = (party(agency), &check.method);
            format!("{party}; {status} by {method}, {when}{persons}")
        }
        None => format!("{}; {status}", party(agency)),
    }
}

fn party(party: &Party) -> String {
    match &party.country {
        Some(country) => format!("{} ({country})", party.name),
        None => party.name.clone(),
    }
}

fn item_number(request: &Request, item: Option<&str>) -> String {
    let found = item.and_then(|id| request.items.iter().find(|item| item.id == id));
    found.map_or_else(String::new, |item| format!(" of link {}", item.position))
}

/// Never for a referral.
fn deadline(request: &Request) -> Option<String> {
    let clock = request.clock.as_ref().filter(|_| request.kind == "order")?;
    match (clock.state.as_str(), clock.due_at.as_deref()) {
        ("none", _) => None,
        ("waiting", _) => {
            let start = clock.starts_on.as_deref().unwrap_or("a later event");
            Some(format!("not running yet; starts on {start}"))
        }
        ("standing", _) => {
            let left = clock.left_seconds.unwrap_or_default();
            let (hours, minutes) = (left / 3600, left % 3600 / 60);
            Some(format!("stands still, {hours} h {minutes} min left"))
        }
        (state, Some(due)) => Some(format!("{} ({state})", output::instant(due))),
        (state, None) => Some(state.to_owned()),
    }
}

#[derive(Default)]
struct Lines(String);

impl Lines {
    fn add(&mut self, name: &str, value: &str) {
        self.0 += &format!("{name:<13} {}\n", visible(value));
    }

    fn maybe(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.add(name, value);
        }
    }

    fn passage(&mut self, name: &str, text: Option<&Text>) {
        if let Some(text) = text {
            self.0 += &format!("\n{name} ({})\n", visible(&text.language));
            self.0 += &output::indented(&text.text, "  ");
            self.0.push('\n');
        }
    }

    fn item(&mut self, item: &Item, exact: bool) {
        let locator = if exact {
            visible(&item.locator).into_owned()
        } else {
            output::inert(&item.locator, item.defanged.as_deref())
        };
        self.0 += &format!("{:>4}  {}  {locator}\n", item.position, visible(&item.kind));
        if let Some(description) = &item.description {
            self.0 += &output::indented(description, "      ");
            self.0.push('\n');
        }
        if let Some(reason) = &item.withdrawal_reason {
            let restoration = match (item.restoration.as_deref(), &item.restoration_answer) {
                (Some("asked"), _) => "; please put it back".to_owned(),
                (_, Some(answer)) => format!("; asked back, answered: {}", visible(&answer.code)),
                _ => String::new(),
            };
            self.0 += &format!("      withdrawn: {}{restoration}\n", visible(reason));
        }
        match &item.outcome {
            None if item.withdrawal_reason.is_some() => {}
            None => self.0 += "      no outcome yet\n",
            Some(outcome) => {
                let mut line = format!("      {}", outcome.code);
                if let Some(basis) = &outcome.basis {
                    line += &format!(", on the basis of {basis}");
                }
                if !outcome.countries.is_empty() {
                    line += &format!(", in {}", outcome.countries.join(", "));
                }
                if let Some(at) = &outcome.effective_at {
                    line += &format!(", {}", output::instant(at));
                }
                self.0 += &format!("{}\n", visible(&line));
                if let Some(note) = &outcome.note {
                    self.0 += &output::indented(note, "      ");
                    self.0.push('\n');
                }
            }
        }
    }
}
