//! `takedown keys`: the keys with which a unit signs.

use std::path::PathBuf;

use chrono::Utc;
use clap::{Args, Subcommand};
use reqwest::Method;
use serde_json::{Value, json, value::RawValue};
use takedown_core::id::AgencyId;
use takedown_core::signed::domain_of;
use takedown_core::text::visible;

use super::output::{self, Table};
use super::signing::ahead;
use super::signing::key::Secret;
use super::{CliError, ConnectionArgs, Exit};

/// `takedown keys`.
#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Make a key, in a new file that only you can read; nothing is sent.
    New(NewArgs),
    /// Print the file to show at https://DOMAIN/.well-known/takedown-exchange/keys.json; nothing is sent.
    Publish(PublishArgs),
    /// Register a key with the exchange (agency). The private half stays in its file.
    Add(AddArgs),
    /// List the keys of an agency, and since when each counts.
    List(ListArgs),
    /// Confirm a key, once you have heard its thumbprint from the agency by another way (operator).
    Confirm(OneArgs),
    /// Revoke a key: from now on nothing that is signed with it counts (agency, operator).
    Revoke(RevokeArgs),
}

/// A new key.
#[derive(Debug, Args)]
pub struct NewArgs {
    /// The file to make
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Your agency, agency_…
    #[arg(long, value_name = "ID")]
    unit: AgencyId,
    /// The domain of your own that will show the key, for instance police.example
    #[arg(long, value_name = "DOMAIN")]
    domain: String,
}

/// Keys to show.
#[derive(Debug, Args)]
pub struct PublishArgs {
    /// Files of keys, present and former: a former one stays as long as anybody checks what it signed
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
}

/// A key to register.
#[derive(Debug, Args)]
pub struct AddArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// The file of the new key
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The file of an earlier key that counts and speaks for the new one, which then counts at once
    #[arg(long, value_name = "FILE")]
    earlier: Option<PathBuf>,
    /// Print the JSON as the exchange sends it
    #[arg(long)]
    json: bool,
}

/// Whose keys.
#[derive(Debug, Args)]
pub struct ListArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// The agency, agency_…
    #[arg(value_name = "AGENCY")]
    agency: String,
    /// Print the JSON as the exchange sends it: what takedown verify-request takes with --agency-keys
    #[arg(long)]
    json: bool,
}

/// Which key.
#[derive(Debug, Args)]
pub struct OneArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// The agency, agency_…
    #[arg(value_name = "AGENCY")]
    agency: String,
    /// The thumbprint of the key
    #[arg(value_name = "THUMBPRINT", allow_hyphen_values = true)]
    kid: String,
    /// Print the JSON as the exchange sends it
    #[arg(long)]
    json: bool,
}

/// Which key, and since when it is in foreign hands.
#[derive(Debug, Args)]
pub struct RevokeArgs {
    #[command(flatten)]
    one: OneArgs,
    /// Since when it may have been in foreign hands (RFC 3339); left out when it never was
    #[arg(long, value_name = "INSTANT")]
    compromised_at: Option<String>,
}

/// Makes a key.
pub(super) fn new(args: &NewArgs) -> Result<Exit, CliError> {
    let domain = domain_of(&args.domain).map_err(|why| CliError::usage(why.to_string()))?;
    let secret = Secret::make(args.unit, domain)?;
    secret.save(&args.file)?;
    output::line(&secret.kid())?;
    eprintln!(
        "made {0}; keep a copy in a safe place. Next: takedown keys add {0}, show the output of takedown keys publish {0} at\n\
         https://{1}/.well-known/takedown-exchange/keys.json, and read the thumbprint to the operator over the telephone.",
        args.file.display(),
        secret.domain.as_str()
    );
    Ok(Exit::Done)
}

/// Prints a JWK Set.
pub(super) fn publish(args: &PublishArgs) -> Result<Exit, CliError> {
    let keys = args
        .files
        .iter()
        .map(|file| Ok(Secret::read(file)?.public().to_jwk()));
    let keys = keys.collect::<Result<Vec<Value>, CliError>>()?;
    output::line(&format!("{:#}", json!({ "keys": keys })))?;
    Ok(Exit::Done)
}

pub(super) async fn run(command: KeysCommand) -> Result<Exit, CliError> {
    match command {
        KeysCommand::New(args) => new(&args),
        KeysCommand::Publish(args) => publish(&args),
        KeysCommand::Add(args) => add(args).await,
        KeysCommand::List(args) => list(args).await,
        KeysCommand::Confirm(args) => change(&args, "confirmation", None).await,
        KeysCommand::Revoke(args) => {
            let since = args
                .compromised_at
                .map(|at| json!({ "compromised_at": at }));
            change(&args.one, "revocation", since).await
        }
    }
}

async fn add(args: AddArgs) -> Result<Exit, CliError> {
    let secret = Secret::read(&args.file)?;
    let earlier = args.earlier.as_deref().map(Secret::read).transpose()?;
    let client = args.connection.connect()?;
    let now = (Utc::now() + ahead(&client).await).timestamp();
    let raw =
        |text: String| RawValue::from_string(text).map_err(|e| CliError::input(e.to_string()));
    let proof = raw(secret.says_of(&secret, now))?;
    let cosigned = earlier
        .map(|earlier| raw(earlier.says_of(&secret, now)))
        .transpose()?;
    let body = match &cosigned {
        Some(cosigned) => json!({ "proof": proof, "cosigned": cosigned }),
        None => json!({ "proof": proof }),
    };
    let unit = secret.unit.to_string();
    let path = ["v1", "agencies", &unit, "signing-keys"];
    let reply = client
        .raw(Method::POST, &path, &[], Some(body.to_string()))
        .await?;
    tell(&reply.body, &reply.text, args.json)
}

async fn list(args: ListArgs) -> Result<Exit, CliError> {
    let client = args.connection.connect()?;
    let path = ["v1", "agencies", &args.agency, "signing-keys"];
    let reply = client.raw(Method::GET, &path, &[], None).await?;
    if args.json {
        output::exact(&reply.text)?;
        return Ok(Exit::Done);
    }
    let mut table = Table::new(&[
        "THUMBPRINT",
        "DOMAIN",
        "COUNTS FROM",
        "REVOKED",
        "COMPROMISED",
    ]);
    for key in reply.body["items"].as_array().into_iter().flatten() {
        let text = |name: &str| key[name].as_str().map(str::to_owned).unwrap_or_default();
        let instant = |name: &str| key[name].as_str().map(output::instant).unwrap_or_default();
        let counts = match key["counts_from"].as_str() {
            Some(from) => output::instant(from),
            None => "waits for the operator".to_owned(),
        };
        table.row(&[
            &text("kid"),
            &text("domain"),
            &counts,
            &instant("revoked_at"),
            &instant("compromised_at"),
        ]);
    }
    if table.is_empty() {
        eprintln!("none");
    } else {
        table.print()?;
    }
    Ok(Exit::Done)
}

async fn change(args: &OneArgs, what: &str, body: Option<Value>) -> Result<Exit, CliError> {
    let client = args.connection.connect()?;
    let path = [
        "v1",
        "agencies",
        &args.agency,
        "signing-keys",
        &args.kid,
        what,
    ];
    let body = body.map(|body| body.to_string());
    let reply = client.raw(Method::PUT, &path, &[], body).await?;
    tell(&reply.body, &reply.text, args.json)
}

fn tell(key: &Value, text: &str, json: bool) -> Result<Exit, CliError> {
    if json {
        output::exact(text)?;
        return Ok(Exit::Done);
    }
    let kid = visible(key["kid"].as_str().unwrap_or_default()).into_owned();
    let counts = match (key["revoked_at"].as_str(), key["counts_from"].as_str()) {
        (Some(at), _) => format!("revoked at {}", output::instant(at)),
        (None, Some(from)) => format!("counts from {}", output::instant(from)),
        (None, None) => "waits for the operator's confirmation".to_owned(),
    };
    output::line(&format!("{kid}  {counts}"))?;
    Ok(Exit::Done)
}
