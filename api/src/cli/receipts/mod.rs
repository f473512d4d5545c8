//! `takedown receipts`: what the exchange promised with each change, completed to proofs and checked.

pub(super) mod consistency;
mod proofs;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Args;
use serde_json::json;
use takedown_core::log::receipt::SignedReceipt;
use takedown_core::log::{Policy, VerifierKey};
use takedown_core::text::visible;

use self::consistency::Known;
use self::proofs::Proofs;
use super::{CliError, ConnectionArgs, Exit, output};
use crate::client::Client;
use crate::client::receipts::Promised;

/// `takedown receipts`.
#[derive(Debug, Args)]
#[command(after_help = "\
Each command that changes something keeps the receipt of it (--receipts, TAKEDOWN_RECEIPTS). This asks the exchange for the
proof that each of its entries is in the log, keeps it beside the receipts, and checks all of it with the key of the log, or
with a policy for as many witnesses as it names. The newest checkpoint that was seen is kept as well: what is shown later must
continue it.

  proven   every entry of the receipt is in the log
  waiting  not sealed yet, or not signed by enough witnesses; run it again later
  AGAINST  the log broke its promise, or shows another history: keep these files, they are the evidence

Exit codes: 0 nothing speaks against the log, 1 something does, or the exchange cannot be asked, 2 wrong command line.")]
pub struct ReceiptsArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// The public key of the log, as you noted it from a place you trust
    #[arg(long, value_name = "VKEY", required_unless_present = "policy")]
    vkey: Option<VerifierKey>,
    /// Whose signatures must be there (c2sp.org/tlog-policy): log, witnesses and how many of them
    #[arg(long, value_name = "FILE", conflicts_with = "vkey")]
    policy: Option<PathBuf>,
    /// Seconds to wait in all for proofs that are not there yet
    #[arg(long, value_name = "SECONDS", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=60))]
    wait: u32,
    /// Ask nobody: check what is here
    #[arg(long)]
    offline: bool,
    /// One JSON object for each receipt
    #[arg(long)]
    json: bool,
}

/// How a receipt stands.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Standing {
    Proven,
    Waiting(String),
    Against(String),
}

impl Standing {
    const fn word(&self) -> &'static str {
        match self {
            Self::Proven => "proven",
            Self::Waiting(_) => "waiting",
            Self::Against(_) => "AGAINST",
        }
    }
}

pub(super) async fn run(args: ReceiptsArgs) -> Result<Exit, CliError> {
    let policy = policy(&args)?;
    let book = args.connection.book()?;
    let file = |why| CliError::file(book.place().display(), why);
    let kept = book.read().map_err(file)?;
    let client = match args.offline {
        true => None,
        false => Some(args.connection.connect_as_nobody()?),
    };
    let mut proofs = Proofs::beside(book.place())?;
    let mut counts = [0_usize; 3];
    let until = Instant::now() + Duration::from_secs(args.wait.into());
    for one in &kept {
        let standing = standing(one, &policy, (client.as_ref(), until), &mut proofs).await?;
        let place = match &standing {
            Standing::Proven => 0,
            Standing::Waiting(_) => 1,
            Standing::Against(_) => 2,
        };
        if let Some(count) = counts.get_mut(place) {
            *count += 1;
        }
        tell(one, &standing, args.json)?;
    }
    let mut known = Known::beside(book.place())?;
    let faults = known
        .continued_by(&policy, client.as_ref(), proofs.added())
        .await?;
    for fault in &faults {
        output::line(&match args.json {
            true => json!({"standing": "AGAINST", "why": fault}).to_string(),
            false => format!("AGAINST  {}", visible(fault)),
        })?;
    }
    let [proven, waiting, against] = counts;
    eprintln!(
        "{} receipts: {proven} proven, {waiting} waiting, {against} broken",
        kept.len()
    );
    Ok(if against == 0 && faults.is_empty() {
        Exit::Done
    } else {
        Exit::Refused
    })
}

fn policy(args: &ReceiptsArgs) -> Result<Policy, CliError> {
    match (&args.policy, &args.vkey) {
        (Some(path), _) => {
            let file = std::fs::read(path).map_err(|e| CliError::file(path.display(), e))?;
            Policy::parse(&file).map_err(|e| CliError::input(format!("{}: {e}", path.display())))
        }
        (None, Some(key)) => Ok(Policy::of_log(key.clone())),
        (None, None) => Err(CliError::usage("give --vkey or --policy")),
    }
}

/// How one receipt stands: who promised it, and whether what was promised is there.
async fn standing(
    kept: &Promised,
    policy: &Policy,
    asking: (Option<&Client>, Instant),
    proofs: &mut Proofs,
) -> Result<Standing, CliError> {
    let against = |why: String| Ok(Standing::Against(why));
    let text = match proofs::decoded(&kept.receipt) {
        Some(text) => text,
        None => return against("the receipt is no base64 of a text".to_owned()),
    };
    let receipt: SignedReceipt = match text.parse() {
        Ok(receipt) => receipt,
        Err(why) => return against(format!("it is no receipt: {why}")),
    };
    let mut signed = policy.logs().iter().map(|log| receipt.verify(&log.key));
    let Some(promise) = signed.find_map(Result::ok) else {
        return against("no log that you trust has signed this receipt".to_owned());
    };
    proofs.complete(kept, promise, policy, asking).await
}

fn tell(kept: &Promised, standing: &Standing, as_json: bool) -> Result<(), CliError> {
    let why = match standing {
        Standing::Proven => None,
        Standing::Waiting(why) | Standing::Against(why) => Some(why.as_str()),
    };
    if as_json {
        let said = json!({"standing": standing.word(), "why": why, "kept": kept});
        return output::line(&said.to_string());
    }
    let why = why
        .map(|why| format!(": {}", visible(why)))
        .unwrap_or_default();
    output::line(&format!(
        "{:<8} {} at {}{why}",
        standing.word(),
        visible(&kept.call),
        output::instant(&kept.at),
    ))
}
