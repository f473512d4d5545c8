//! `takedown verify-proof`: is an entry in the log? Asks nobody.

use std::path::{Path, PathBuf};

use clap::Args;
use data_encoding::BASE64;
use takedown_core::log::policy::Judgement;
use takedown_core::log::receipt::SignedReceipt;
use takedown_core::log::{Hash, Policy, TlogProof, VerifierKey};
use takedown_core::time::{from_millis, rfc3339};

use super::{CliError, Exit, output};

/// `takedown verify-proof`.
#[derive(Debug, Args)]
pub struct VerifyProofArgs {
    /// The proof: a `.tlog-proof` file, or the value of `Takedown-Proof` in a file
    #[arg(value_name = "FILE")]
    proof: PathBuf,
    /// The receipt that came with the change: the value of `Takedown-Receipt` in a file
    #[arg(
        long,
        value_name = "FILE",
        required_unless_present = "leaf",
        conflicts_with = "leaf"
    )]
    receipt: Option<PathBuf>,
    /// The leaf hash of the entry in base64, instead of a receipt
    #[arg(long, value_name = "BASE64")]
    leaf: Option<Hash>,
    /// The public key of the log, as you noted it from a place you trust
    #[arg(long, value_name = "VKEY", required_unless_present = "policy")]
    vkey: Option<VerifierKey>,
    /// Whose signatures must be there (c2sp.org/tlog-policy): log, witnesses and how many of them
    #[arg(long, value_name = "FILE", conflicts_with = "vkey")]
    policy: Option<PathBuf>,
}

pub(super) fn run(args: &VerifyProofArgs) -> Result<Exit, CliError> {
    let policy = match (&args.policy, &args.vkey) {
        (Some(path), _) => {
            let file = std::fs::read(path).map_err(|e| CliError::file(path.display(), e))?;
            Policy::parse(&file).map_err(|e| named(path, e))?
        }
        (None, Some(key)) => Policy::of_log(key.clone()),
        (None, None) => return Err(CliError::usage("give --vkey or --policy")),
    };
    let proof: TlogProof = plain(&args.proof)?
        .parse()
        .map_err(|e| named(&args.proof, e))?;
    let leaf = match (&args.receipt, args.leaf) {
        (Some(path), _) => promised(path, &policy)?,
        (None, Some(leaf)) => leaf,
        (None, None) => return Err(CliError::usage("give --receipt or --leaf")),
    };
    let tree = proof.checkpoint.checkpoint();
    output::line(&format!("entry    {} of {}", proof.index, tree.size()))?;
    output::line(&format!("log      {}", tree.origin()))?;
    // Also of a proof that is not enough: who is missing is what one wants to know then.
    if let Ok(judgement) = policy.judge(&proof.checkpoint) {
        tell_of_witnesses(&policy, &judgement)?;
    }
    proof
        .verify(&leaf, &policy)
        .map_err(|e| named(&args.proof, e))?;
    output::line("proven   the log has signed a history with this entry in it")?;
    Ok(Exit::Done)
}

/// Which witnesses of the policy signed, and which did not.
fn tell_of_witnesses(policy: &Policy, judgement: &Judgement<'_>) -> Result<(), CliError> {
    for (name, witness) in policy.witnesses() {
        let mut signed = judgement.witnesses().iter();
        let line = match signed.find(|signed| signed.key == &witness.key) {
            Some(signed) => format!(
                "witness  {name} ({}){}",
                witness.key.name(),
                when(signed.time)
            ),
            None => format!("missing  {name} ({})", witness.key.name()),
        };
        output::line(&line)?;
    }
    Ok(())
}

/// When a witness says it signed.
fn when(seconds: u64) -> String {
    let millis = i64::try_from(seconds)
        .ok()
        .and_then(|seconds| seconds.checked_mul(1_000));
    match millis.and_then(|millis| from_millis(millis).ok()) {
        Some(at) => format!(" at {}", rfc3339(at)),
        None => String::new(),
    }
}

/// The leaf that a receipt for one entry promises.
fn promised(path: &Path, policy: &Policy) -> Result<Hash, CliError> {
    let receipt: SignedReceipt = plain(path)?.parse().map_err(|e| named(path, e))?;
    let mut signed = policy.logs().iter().map(|log| receipt.verify(&log.key));
    let promise = match signed.find_map(Result::ok) {
        Some(promise) => promise,
        None => return Err(named(path, "no log that you trust has signed this receipt")),
    };
    if promise.entries != 1 {
        return Err(named(
            path,
            format!(
                "it is a receipt for {} entries together, and a proof is for one: give the leaf of that entry with --leaf",
                promise.entries
            ),
        ));
    }
    Ok(promise.root)
}

/// A text as it is, or as a header carries it: in base64.
fn plain(path: &Path) -> Result<String, CliError> {
    let text = std::fs::read_to_string(path).map_err(|e| CliError::file(path.display(), e))?;
    let decoded = BASE64.decode(text.trim().as_bytes()).ok();
    Ok(decoded
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .unwrap_or(text))
}

fn named(path: &Path, why: impl std::fmt::Display) -> CliError {
    CliError::input(format!("{}: {why}", path.display()))
}
