//! `takedown client`: the programs that act for an agency, a platform, an auditor or the operator.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::{ArgGroup, Args, Subcommand};
use reqwest::Method;
use serde_json::{Value, json};

use super::common::{Common, ListArgs, OneArgs, Registry, SuspendArgs, list, members, print, text};
use crate::cli::{CliError, Exit};
use crate::client::{Reply, public_jwk};

const CLIENTS: Registry = Registry {
    path: "clients",
    columns: &[
        ("ID", "id"),
        ("NAME", "name"),
        ("ROLE", "role"),
        ("AGENCY", "agency"),
        ("PLATFORM", "platform"),
        ("SCOPES", "scopes"),
        ("SUSPENDED", "suspended"),
    ],
};

/// The members a new secret may come in.
const SECRET_MEMBERS: [&str; 2] = ["client_secret", "secret"];

/// `takedown client`.
#[derive(Debug, Subcommand)]
pub enum ClientCommand {
    /// All clients.
    List(ListArgs),
    /// One client.
    Show(OneArgs),
    /// Register one; its secret is shown once.
    Add(AddArgs),
    /// Stop it at once: its tokens no longer work.
    Suspend(SuspendArgs),
    /// End a suspension.
    Resume(OneArgs),
    /// Give it a new secret, shown once; the old one works for 24 hours more.
    Rotate(RotateArgs),
}

/// A new client.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("whom").required(true).multiple(true).args(["agency", "platform", "auditor", "operator"]))]
pub struct AddArgs {
    #[command(flatten)]
    common: Common,
    /// What it is for, for instance "case system, desk 4"
    #[arg(long, value_name = "TEXT")]
    name: String,
    /// Acts for this agency; with --auditor: sees only its requests
    #[arg(long, value_name = "ID", conflicts_with = "platform")]
    agency: Option<String>,
    /// Acts for this platform; with --auditor: sees only its requests
    #[arg(long, value_name = "ID")]
    platform: Option<String>,
    /// Is an auditor, of everything unless --agency or --platform narrows it
    #[arg(long, conflicts_with = "operator")]
    auditor: bool,
    /// Is an operator
    #[arg(long, conflicts_with_all = ["agency", "platform"])]
    operator: bool,
    /// Scope it may ask for (repeat); by default all of its role
    #[arg(long = "scope", value_name = "SCOPE")]
    scopes: Vec<String>,
    /// Its public key (PEM, Ed25519 or P-256): it proves itself by its own key and gets no secret
    #[arg(long, value_name = "FILE")]
    public_key: Option<PathBuf>,
    /// Write the secret to this new file, for nobody else to read, instead of showing it
    #[arg(long, value_name = "FILE", conflicts_with = "public_key")]
    secret_out: Option<PathBuf>,
}

/// A rotation.
#[derive(Debug, Args)]
pub struct RotateArgs {
    #[command(flatten)]
    one: OneArgs,
    /// Write the secret to this new file, for nobody else to read, instead of showing it
    #[arg(long, value_name = "FILE")]
    secret_out: Option<PathBuf>,
}

impl AddArgs {
    fn body(&self) -> Result<Value, CliError> {
        let jwks = match &self.public_key {
            Some(path) => {
                let pem =
                    std::fs::read_to_string(path).map_err(|e| CliError::file(path.display(), e))?;
                Some(json!({ "keys": [public_jwk(&pem)?] }))
            }
            None => None,
        };
        // For an auditor the party narrows what he sees; for others it is whom the client acts for.
        let scope = [("agency", &self.agency), ("platform", &self.platform)];
        let narrowed = scope.map(|(name, id)| (name, text(id)));
        let auditor = match (
            self.auditor,
            self.agency.is_some() || self.platform.is_some(),
        ) {
            (false, _) => None,
            (true, true) => Some(members(narrowed)),
            (true, false) => Some(json!({ "everything": true })),
        };
        let acts_for = |id: &Option<String>| text(id).filter(|_| !self.auditor);
        let authentication = if jwks.is_some() { "key" } else { "secret" };
        Ok(members([
            ("name", Some(self.name.clone().into())),
            ("agency", acts_for(&self.agency)),
            ("platform", acts_for(&self.platform)),
            ("auditor", auditor),
            ("operator", self.operator.then_some(Value::Bool(true))),
            ("scopes", list(&self.scopes)),
            ("authentication", Some(authentication.into())),
            ("jwks", jwks),
        ]))
    }
}

pub(in crate::cli) async fn run(command: ClientCommand) -> Result<Exit, CliError> {
    match command {
        ClientCommand::List(args) => CLIENTS.list(&args).await,
        ClientCommand::Show(args) => CLIENTS.show(&args).await,
        ClientCommand::Add(args) => {
            let body = args.body()?;
            with_secret(&args.common, &args.secret_out, Method::POST, &[], body).await
        }
        ClientCommand::Suspend(args) => CLIENTS.suspend(&args).await,
        ClientCommand::Resume(args) => CLIENTS.resume(&args).await,
        ClientCommand::Rotate(args) => {
            let path = [args.one.id.as_str(), "credentials"];
            let common = &args.one.common;
            with_secret(common, &args.secret_out, Method::POST, &path, json!({})).await
        }
    }
}

/// A call whose answer holds a secret. The file is made before the call, so that a secret is never given out and then
/// lost because it could not be written.
async fn with_secret(
    common: &Common,
    out: &Option<PathBuf>,
    method: Method,
    path: &[&str],
    body: Value,
) -> Result<Exit, CliError> {
    let Some(place) = out else {
        return CLIENTS.call(common, method, path, Some(body)).await;
    };
    let file = private_file(place)?;
    let result = CLIENTS.send(common, method, path, Some(body)).await;
    let stored = result.and_then(|reply| store(file, place, reply));
    match stored {
        Ok(reply) => {
            print(common, &reply)?;
            Ok(Exit::Done)
        }
        Err(error) => {
            // Empty, because nothing was given out.
            let _ = std::fs::remove_file(place);
            Err(error)
        }
    }
}

/// Moves the secret from the answer into the file.
fn store(mut file: File, place: &Path, mut reply: Reply<Value>) -> Result<Reply<Value>, CliError> {
    let members = reply.body.as_object_mut();
    let secret = members.and_then(|members| {
        SECRET_MEMBERS
            .iter()
            .find_map(|name| members.remove(*name))
            .and_then(|value| value.as_str().map(ToOwned::to_owned))
    });
    let Some(secret) = secret else {
        return Err(CliError::input("the exchange gave no secret"));
    };
    if let Err(e) = writeln!(file, "{secret}").and_then(|()| file.sync_all()) {
        // The only copy: better shown than lost.
        eprintln!(
            "the secret could not be written to {}: {secret}",
            place.display()
        );
        return Err(CliError::file(place.display(), e));
    }
    reply.text = reply.body.to_string();
    Ok(reply)
}

fn private_file(path: &Path) -> Result<File, CliError> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options
        .open(path)
        .map_err(|e| CliError::file(path.display(), e))
}
