//! Signing what a unit sends, with a key that never leaves its machine.

pub(super) mod key;
pub(super) mod ledger;

use std::path::{Path, PathBuf};

use chrono::{TimeDelta, Utc};
use clap::Args;
use serde_json::{Map, Value};
use takedown_core::history::Digest;
use takedown_core::locator::{Host, ItemKind, Locator};
use takedown_core::signed::{Act, Claims, Typ, sign};

use super::CliError;
use crate::client::Client;
use key::Secret;
use ledger::Line;

/// How long a statement may take to the exchange, in seconds.
const LIFE: i64 = 86_400;

/// Whether and with what is signed.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Signature")]
pub struct SignArgs {
    /// Sign with the unit's own key in this file (takedown keys new)
    #[arg(long, value_name = "FILE")]
    sign: Option<PathBuf>,
    /// Where what is signed is noted, for takedown monitor; beside the key unless given
    #[arg(long, value_name = "FILE", requires = "sign")]
    ledger: Option<PathBuf>,
}

impl SignArgs {
    /// Whether what is sent is to be signed.
    pub(super) const fn is_given(&self) -> bool {
        self.sign.is_some()
    }

    /// What signs for this exchange, if anything is to be signed.
    ///
    /// # Errors
    /// When the key cannot be read, or others may read it.
    pub(super) async fn signer(&self, client: &Client) -> Result<Option<Signer>, CliError> {
        let Some(place) = &self.sign else {
            return Ok(None);
        };
        let ledger = self.ledger.clone().unwrap_or_else(|| beside(place));
        Ok(Some(Signer {
            secret: Secret::read(place)?,
            ledger,
            ahead: ahead(client).await,
        }))
    }
}

/// By how much the clock is ahead by which this exchange judges what is signed: that of a sandbox is, and then it is said.
pub(super) async fn ahead(client: &Client) -> TimeDelta {
    let ahead = client.ahead().await;
    if ahead > TimeDelta::zero() {
        let then = takedown_core::time::rfc3339(Utc::now() + ahead);
        eprintln!("signed by the clock of the sandbox, where it is {then}");
    }
    ahead
}

/// The ledger of a key: its name and `.ledger`.
pub(super) fn beside(key: &Path) -> PathBuf {
    let mut name = key.as_os_str().to_owned();
    name.push(".ledger");
    PathBuf::from(name)
}

/// Signs, and notes what it signed before anybody else has it.
pub(super) struct Signer {
    secret: Secret,
    ledger: PathBuf,
    /// See [`ahead`].
    ahead: TimeDelta,
}

impl Signer {
    /// A filing, signed. It is addressed to the host of its first item, unless one is given.
    ///
    /// # Errors
    /// When no host says to whom it is addressed, or the ledger cannot be written.
    pub(super) fn file(&self, filing: &str, audience: Option<&str>) -> Result<String, CliError> {
        let body: Map<String, Value> =
            serde_json::from_str(filing).map_err(|e| CliError::input(e.to_string()))?;
        let audience = match audience {
            Some(host) => host_of(host)?,
            None => first_host(&body).ok_or_else(|| {
                CliError::usage("no item has a host that says to which platform it is addressed: give --audience HOST, a host of the platform")
            })?,
        };
        self.sign(Act::File, audience, None, body)
    }

    /// A change of a request that the unit signed, continuing what it signed last of it.
    ///
    /// # Errors
    /// When the request is not signed, or the ledger cannot be written.
    pub(super) fn change(
        &self,
        act: Act,
        signature: Option<&crate::client::wire::Signature>,
        body: Map<String, Value>,
    ) -> Result<String, CliError> {
        let signature = signature.ok_or_else(|| {
            CliError::input("the request was filed without a signature of the unit, so none continues it: leave --sign out")
        })?;
        let newest = signature
            .statements
            .last()
            .map(|one| one.digest.parse::<Digest>());
        let Some(Ok(newest)) = newest else {
            return Err(CliError::input(
                "the exchange does not say what was signed of the request",
            ));
        };
        self.sign(act, host_of(&signature.audience)?, Some(newest), body)
    }

    fn sign(
        &self,
        act: Act,
        audience: Host,
        replaces: Option<Digest>,
        body: Map<String, Value>,
    ) -> Result<String, CliError> {
        let now = (Utc::now() + self.ahead).timestamp();
        let claims = Claims {
            jti: uuid::Uuid::now_v7().simple().to_string(),
            unit: self.secret.unit,
            domain: self.secret.domain.clone(),
            audience,
            issued_at: now,
            expires_at: now + LIFE,
            act,
            replaces,
        };
        let line = |digest: Digest| Line {
            digest: digest.to_string(),
            jti: claims.jti.clone(),
            kid: self.secret.kid(),
            unit: claims.unit.to_string(),
            act: act.as_str().to_owned(),
            audience: claims.audience.as_str().to_owned(),
            at: takedown_core::time::rfc3339(Utc::now()),
        };
        let statement = sign(&self.secret.pair, Typ::Request, &claims.with(body));
        ledger::append(&self.ledger, &line(Digest::of(&statement)))?;
        Ok(statement)
    }
}

/// A host as it is written on the command line.
pub(super) fn host_of(text: &str) -> Result<Host, CliError> {
    Host::parse(text).map_err(|why| CliError::usage(format!("not a host: {why}")))
}

/// The host of the first item that has one.
fn first_host(filing: &Map<String, Value>) -> Option<Host> {
    let items = filing.get("items")?.as_array()?;
    items.iter().find_map(|item| {
        let kind = item.get("kind").and_then(Value::as_str).unwrap_or("url");
        let kind: ItemKind = kind.parse().ok()?;
        let locator = Locator::parse(kind, item.get("locator")?.as_str()?).ok()?;
        locator.host().cloned()
    })
}
