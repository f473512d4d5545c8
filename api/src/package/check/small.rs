//! The members that are read as a whole.

use takedown_core::history::Digest;
use takedown_core::log::{Policy, SignedCheckpoint, VerifierKey};
use takedown_core::package::{FORMAT, Manifest, Member, Seal};

use super::{Checked, Say};
use crate::package::bytes::ReadAt;
use crate::package::open::{Fault, Package};

/// None of them is larger.
const MOST: u64 = 1 << 20;

fn text<B: ReadAt>(package: &Package<'_, B>, member: Member) -> Result<String, Fault> {
    String::from_utf8(package.whole(member, MOST)?)
        .map_err(|_| Fault::of(member, "it is not in UTF-8"))
}

pub(super) fn logs(policy: &Policy) -> impl Iterator<Item = &VerifierKey> + Clone {
    policy.logs().iter().map(|log| &log.key)
}

fn trusts(policy: &Policy) -> String {
    let keys: Vec<String> = logs(policy).map(ToString::to_string).collect();
    keys.join(", ")
}

/// The manifest, once the log's signature over it was found right.
pub(super) fn manifest<B: ReadAt>(
    package: &Package<'_, B>,
    policy: &Policy,
) -> Result<Manifest, Fault> {
    let bytes = package.whole(Member::Manifest, MOST)?;
    let seal: Seal = text(package, Member::Seal)?
        .parse()
        .map_err(|error| Fault::of(Member::Seal, error))?;
    let signed = seal.verify(logs(policy)).map_err(|error| {
        let what = format!("no log that you trust has signed this package: {error}");
        Fault::of(Member::Seal, what)
    })?;
    let found = Digest::of(&bytes);
    if found != signed {
        let what =
            format!("it was changed: its SHA-256 digest is {found}, the log signed {signed}");
        return Err(Fault::of(Member::Manifest, what));
    }
    let manifest: Manifest = serde_json::from_slice(&bytes).map_err(|error| {
        let what = format!("it is not one that this program knows: {error}");
        Fault::of(Member::Manifest, what)
    })?;
    if manifest.format != FORMAT {
        let what = format!(
            "it is of the form {}, this program knows {FORMAT}",
            manifest.format
        );
        return Err(Fault::of(Member::Manifest, what));
    }
    Ok(manifest)
}

/// Compares the small members with their digests, and what the package says of keys and policy with what is trusted.
pub(super) fn others<B: ReadAt>(
    package: &Package<'_, B>,
    policy: &Policy,
    manifest: &Manifest,
    say: &mut Say<'_>,
) {
    for member in [
        Member::Readme,
        Member::Checkpoint,
        Member::Keys,
        Member::Policy,
    ] {
        match package.whole(member, MOST) {
            Ok(bytes) => {
                let mut digest = super::lines::Running::default();
                digest.take(&bytes);
                digest.compare(manifest, member, say);
            }
            Err(fault) => say.fault(&fault),
        }
    }
    if let Err(fault) = keys(package, policy, say) {
        say.fault(&fault);
    }
    if let Err(fault) = named_policy(package, policy, say) {
        say.fault(&fault);
    }
}

fn keys<B: ReadAt>(
    package: &Package<'_, B>,
    policy: &Policy,
    say: &mut Say<'_>,
) -> Result<(), Fault> {
    for (line, key) in (1..).zip(text(package, Member::Keys)?.lines()) {
        let fault = |what: String| Fault::of(Member::Keys, what).at(line);
        match key.parse::<VerifierKey>() {
            Err(error) => say.fault(&fault(error.to_string())),
            Ok(key) if logs(policy).any(|trusted| *trusted == key) => {}
            Ok(key) => say.fault(&fault(format!(
                "the package names a key that you do not trust, {key}; you trust {}",
                trusts(policy)
            ))),
        }
    }
    Ok(())
}

/// Whose signatures count is said by whoever checks. What the package says is looked at so that nobody takes it for more.
fn named_policy<B: ReadAt>(
    package: &Package<'_, B>,
    policy: &Policy,
    say: &mut Say<'_>,
) -> Result<(), Fault> {
    let named = Policy::parse(&package.whole(Member::Policy, MOST)?)
        .map_err(|error| Fault::of(Member::Policy, format!("it is no policy: {error}")))?;
    for key in logs(&named) {
        if !logs(policy).any(|trusted| trusted == key) {
            say.fault(&Fault::of(
                Member::Policy,
                format!(
                    "it trusts a log that you do not, {key}; you trust {}",
                    trusts(policy)
                ),
            ));
        }
    }
    Ok(())
}

/// The tree, if whoever is trusted has signed it.
pub(super) fn checkpoint<B: ReadAt>(
    package: &Package<'_, B>,
    policy: &Policy,
    checked: &mut Checked,
) -> Result<SignedCheckpoint, Fault> {
    let fault = |what: String| Fault::of(Member::Checkpoint, what);
    let signed: SignedCheckpoint = text(package, Member::Checkpoint)?
        .parse()
        .map_err(|error| fault(format!("{error}")))?;
    let judgement = policy
        .judge(&signed)
        .map_err(|why| fault(why.to_string()))?;
    checked.origin = signed.checkpoint().origin().to_owned();
    checked.size = signed.checkpoint().size();
    checked.witnesses = judgement
        .witnesses()
        .iter()
        .map(|witness| witness.key.name().to_string())
        .collect();
    match judgement.unmet() {
        Some(unmet) => Err(fault(unmet.to_string())),
        None => Ok(signed),
    }
}
