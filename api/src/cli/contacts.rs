//! `takedown contacts`, `takedown doubt`, `takedown link`: reaching a platform that never signed up, and what it says of that.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use reqwest::Method;
use serde_json::{Map, Value, json};
use takedown_core::text::visible;

use super::operations::{cell, pages};
use super::output::{self, Table};
use super::{CliError, ConnectionArgs, Exit, show};

/// `takedown contacts`.
#[derive(Debug, Subcommand)]
pub enum ContactsCommand {
    /// The addresses that your agency found for a platform.
    List(PlatformArgs),
    /// Add some: named, or all that stand in a text that you copied (security.txt, WHOIS, RDAP, an imprint).
    Add(FoundArgs),
    /// These are all that hold; what your agency had found besides is not written to any more.
    Replace(FoundArgs),
}

/// A platform.
#[derive(Debug, Args)]
pub struct PlatformArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// Its id (platform_…)
    #[arg(value_name = "PLATFORM")]
    platform: String,
    /// Print the JSON as the exchange sends it
    #[arg(long)]
    json: bool,
}

/// What was found.
#[derive(Debug, Args)]
pub struct FoundArgs {
    #[command(flatten)]
    of: PlatformArgs,
    /// Mail address, and where it was found: abuse_mailbox, security_txt, rdap, site, other (repeat; the first is written to first).
    /// With --source the address alone is enough
    #[arg(value_name = "ADDRESS[=SOURCE]", required_unless_present = "paste")]
    contacts: Vec<String>,
    /// File with a text that you copied (- for standard input): every address in it is taken, those for abuse first
    #[arg(long, value_name = "FILE", requires = "source")]
    paste: Option<PathBuf>,
    /// Where that text, or each address without a source of its own, comes from
    #[arg(long, value_name = "SOURCE")]
    source: Option<String>,
    /// Language of the site (BCP 47; repeat, the most used one first)
    #[arg(long = "language", value_name = "TAG")]
    languages: Vec<String>,
}

pub(super) async fn contacts(command: ContactsCommand) -> Result<Exit, CliError> {
    match command {
        ContactsCommand::List(args) => call(&args, Method::GET, None).await,
        ContactsCommand::Add(args) => found(args, Method::POST).await,
        ContactsCommand::Replace(args) => found(args, Method::PUT).await,
    }
}

async fn found(args: FoundArgs, method: Method) -> Result<Exit, CliError> {
    let mut body = Map::new();
    let mut contacts = Vec::new();
    for given in &args.contacts {
        let (address, source) = sourced(given, args.source.as_deref())?;
        contacts.push(json!({ "address": address, "source": source }));
    }
    body.insert("contacts".into(), contacts.into());
    if let Some(file) = &args.paste {
        let text = super::file::text_of(file)?;
        let pasted = json!({ "text": text, "source": args.source });
        body.insert("pasted".into(), pasted);
    }
    if !args.languages.is_empty() {
        body.insert("languages".into(), args.languages.into());
    }
    call(&args.of, method, Some(Value::Object(body))).await
}

/// An address and where it was found: its own word counts more than that for all.
fn sourced<'a>(given: &'a str, for_all: Option<&'a str>) -> Result<(&'a str, &'a str), CliError> {
    // An address may hold the sign itself, before its own @.
    let own = given
        .rsplit_once('=')
        .filter(|(_, source)| !source.contains('@'));
    own.or_else(|| Some((given, for_all?))).ok_or_else(|| {
        let given = visible(given);
        CliError::usage(format!(
            "{given}: where was it found? Write {given}=SOURCE, or --source SOURCE for all (abuse_mailbox, security_txt, rdap, site, other)"
        ))
    })
}

async fn call(args: &PlatformArgs, method: Method, body: Option<Value>) -> Result<Exit, CliError> {
    let client = args.connection.connect()?;
    let path = ["v1", "platforms", &args.platform, "contacts"];
    let body = body.map(|body| body.to_string());
    let reply = client.raw(method, &path, &[], body).await?;
    if args.json {
        output::exact(&reply.text)?;
        return Ok(Exit::Done);
    }
    for read in reply.body["read"].as_array().into_iter().flatten() {
        let own = if read["own_domain"] == true {
            "at the platform's own domain"
        } else {
            "elsewhere"
        };
        let (address, purpose) = (cell(&read["address"]), cell(&read["purpose"]));
        eprintln!(
            "line {}: {} ({purpose}, {own})",
            read["line"],
            visible(&address)
        );
    }
    for refused in reply.body["refused"].as_array().into_iter().flatten() {
        let detail = cell(&refused["detail"]);
        eprintln!("line {}: not taken: {}", refused["line"], visible(&detail));
    }
    if let Some(more) = reply.body["left_out"].as_u64().filter(|more| *more > 0) {
        eprintln!("{more} more addresses in the text were left out; name those you want");
    }
    let mut table = Table::new(&["ORDER", "ADDRESS", "SOURCE", "FOUND", "WRONG SINCE"]);
    let instant = |value: &Value| value.as_str().map(output::instant).unwrap_or_default();
    for contact in reply.body["contacts"].as_array().into_iter().flatten() {
        table.row(&[
            &cell(&contact["place"]),
            &cell(&contact["address"]),
            &cell(&contact["source"]),
            &instant(&contact["found_at"]),
            &instant(&contact["rejected_at"]),
        ]);
    }
    table.print()?;
    Ok(Exit::Done)
}

/// `takedown link`.
#[derive(Debug, Subcommand)]
pub enum LinkCommand {
    /// Send a new answer link to where the platform is written to now.
    Send(RequestArgs),
    /// End every answer link of a request at once.
    Revoke(RequestArgs),
    /// The answer links of a request: who had each made, how often it was used, and whether it still opens it (agency, operator).
    List(RequestArgs),
}

/// A request.
#[derive(Debug, Args)]
pub struct RequestArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// Id (req_…) or speakable reference
    #[arg(value_name = "REQUEST")]
    request: String,
}

pub(super) async fn link(command: LinkCommand) -> Result<Exit, CliError> {
    let (args, method, said) = match &command {
        LinkCommand::Send(args) => (
            args,
            Method::POST,
            "the mail is queued; see takedown deliveries",
        ),
        LinkCommand::Revoke(args) => (args, Method::DELETE, "no link opens it any more"),
        LinkCommand::List(args) => return links(args).await,
    };
    let client = args.connection.connect()?;
    let id = show::id_of(&client, &args.request).await?;
    let path = ["v1", "requests", &id, "answer-links"];
    client.raw(method, &path, &[], None).await?;
    eprintln!("{said}");
    Ok(Exit::Done)
}

async fn links(args: &RequestArgs) -> Result<Exit, CliError> {
    let client = args.connection.connect()?;
    let id = show::id_of(&client, &args.request).await?;
    let path = ["v1", "answer-links", &id];
    let reply = client.raw(Method::GET, &path, &[], None).await?;
    let mut table = Table::new(&[
        "STATUS", "MADE BY", "SENT", "UNTIL", "ENDED", "SENDINGS", "MAILBOX",
    ]);
    let instant = |value: &Value| value.as_str().map(output::instant).unwrap_or_default();
    for link in reply.body["items"].as_array().into_iter().flatten() {
        let address = match &link["contact"] {
            Value::Null => &link["contact_sha256"],
            known => known,
        };
        table.row(&[
            &cell(&link["status"]),
            &cell(&link["made_by"]),
            &instant(&link["issued_at"]),
            &instant(&link["expires_at"]),
            &instant(&link["ended_at"]),
            &cell(&link["sendings"]),
            &cell(address),
        ]);
    }
    table.print()?;
    Ok(Exit::Done)
}

/// `takedown doubt`.
#[derive(Debug, Subcommand)]
pub enum DoubtCommand {
    /// Doubt that it is really the agency who asks (platform).
    Raise(RaiseArgs),
    /// What is doubted and not settled (agency, operator).
    List(ListArgs),
    /// Say whether it is genuine: as another client of the agency than the one that filed it, or as the operator.
    Settle(SettleArgs),
}

/// A doubt.
#[derive(Debug, Args)]
pub struct RaiseArgs {
    #[command(flatten)]
    of: RequestArgs,
    /// What makes you doubt
    #[arg(long, value_name = "TEXT")]
    text: Option<String>,
    /// Its language (BCP 47)
    #[arg(long, value_name = "TAG", default_value = "en")]
    language: String,
}

/// The list.
#[derive(Debug, Args)]
pub struct ListArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// Print the JSON as the exchange sends it, one a line
    #[arg(long)]
    json: bool,
}

/// What was found out.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("finding").required(true).args(["genuine", "forged"]))]
pub struct SettleArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// Id of the request (req_…), see takedown doubt list
    #[arg(value_name = "REQUEST")]
    request: String,
    /// The agency did ask: the clock goes on
    #[arg(long)]
    genuine: bool,
    /// It did not: the request ends, and what was acted on is asked back
    #[arg(long)]
    forged: bool,
    /// How that was found out; both sides read it
    #[arg(long, value_name = "TEXT")]
    note: String,
    /// Its language (BCP 47)
    #[arg(long, value_name = "TAG", default_value = "en")]
    language: String,
}

pub(super) async fn doubt(command: DoubtCommand) -> Result<Exit, CliError> {
    match command {
        DoubtCommand::Raise(args) => {
            let client = args.of.connection.connect()?;
            let id = show::id_of(&client, &args.of.request).await?;
            let language = &args.language;
            let text = args.text.as_ref();
            let text = text.map(|text| json!({ "text": text, "language": language }));
            let body = json!({ "text": text }).to_string();
            let path = ["v1", "requests", &id, "doubt"];
            client.raw(Method::PUT, &path, &[], Some(body)).await?;
            eprintln!("the clock stands until somebody else has settled it");
        }
        DoubtCommand::List(args) => {
            let client = args.connection.connect()?;
            let doubts = pages(&client, &["v1", "doubts"], &[]).await?;
            if args.json {
                for doubt in &doubts {
                    output::line(&doubt.to_string())?;
                }
                return Ok(Exit::Done);
            }
            let mut table = Table::new(&["ID", "REFERENCE", "AGENCY", "PLATFORM", "DOUBTED SINCE"]);
            for doubt in &doubts {
                let since = doubt["doubted_at"].as_str().map(output::instant);
                table.row(&[
                    &cell(&doubt["request"]),
                    &cell(&doubt["reference"]),
                    &cell(&doubt["agency"]["name"]),
                    &cell(&doubt["platform"]["name"]),
                    &since.unwrap_or_default(),
                ]);
            }
            table.print()?;
        }
        DoubtCommand::Settle(args) => {
            let client = args.connection.connect()?;
            let note = json!({ "text": args.note, "language": args.language });
            let body = json!({ "genuine": args.genuine, "note": note }).to_string();
            let path = ["v1", "doubts", &args.request, "settlement"];
            let reply = client.raw(Method::PUT, &path, &[], Some(body)).await?;
            output::line(&format!(
                "{} is {}",
                cell(&reply.body["reference"]),
                cell(&reply.body["status"])
            ))?;
        }
    }
    Ok(Exit::Done)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::sourced;

    #[test]
    fn an_address_says_where_it_was_found_in_one_way_or_the_other() {
        let both = |given, for_all| sourced(given, for_all).unwrap();
        assert_eq!(both("a@b.test=site", None), ("a@b.test", "site"));
        assert_eq!(both("a@b.test", Some("rdap")), ("a@b.test", "rdap"));
        assert_eq!(both("a@b.test=site", Some("rdap")), ("a@b.test", "site"));
        let tagged = "abuse=eu@b.test";
        assert_eq!(both(tagged, Some("rdap")), (tagged, "rdap"));
        assert_eq!(both("abuse=eu@b.test=site", None), (tagged, "site"));
        assert!(sourced(tagged, None).is_err());
        let refused = sourced("a@b.test", None).unwrap_err().to_string();
        assert!(
            refused.contains("a@b.test=SOURCE") && refused.contains("--source"),
            "{refused}"
        );
    }
}
