//! Judging a checkpoint by a policy.

use std::fmt;

use thiserror::Error;

use super::{Kind, MemberName, Policy, Witness};
use crate::log::{
    SignedCheckpoint, VerifierKey,
    note::{SignatureError, Verified},
};

/// What a policy says of a checkpoint that a trusted log signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement<'p> {
    log: &'p VerifierKey,
    witnesses: Vec<Witnessed<'p>>,
    unmet: Option<Unmet>,
}

/// A witness that signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Witnessed<'p> {
    /// What the policy calls it.
    pub name: &'p MemberName,
    /// Its key.
    pub key: &'p VerifierKey,
    /// When it says it signed, in seconds since 1970. Whether that may be in the future is for the caller to say.
    pub time: u64,
}

/// Why a checkpoint is not looked at any further.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Rejected {
    /// A log that the policy does not name.
    #[error(
        "the policy does not trust the log {origin}; it trusts {}",
        trusted(known)
    )]
    UnknownLog {
        /// The log of the checkpoint.
        origin: String,
        /// The logs of the policy.
        known: Vec<String>,
    },
    /// A signature.
    #[error(transparent)]
    Signature(#[from] SignatureError),
}

fn trusted(known: &[String]) -> String {
    match known {
        [] => "no log".to_owned(),
        some => some.join(", "),
    }
}

/// What of a quorum is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmet {
    /// The witness or group that did not sign.
    pub name: MemberName,
    /// How many of its members would have to; none for a witness.
    pub needs: Option<usize>,
    /// How many of its members did.
    pub has: usize,
    /// The members that did not.
    pub missing: Vec<Unmet>,
}

impl<'p> Judgement<'p> {
    /// The key by which the log signed.
    #[must_use]
    pub const fn log(&self) -> &'p VerifierKey {
        self.log
    }

    /// The witnesses that signed, in the order of the policy.
    #[must_use]
    pub fn witnesses(&self) -> &[Witnessed<'p>] {
        &self.witnesses
    }

    /// What is missing from the quorum; nothing when it is met.
    #[must_use]
    pub const fn unmet(&self) -> Option<&Unmet> {
        self.unmet.as_ref()
    }
}

impl fmt::Display for Unmet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(needs) = self.needs else {
            return write!(f, "witness {} has not signed", self.name);
        };
        write!(
            f,
            "group {} needs {needs} of its members and has {} (",
            self.name, self.has
        )?;
        for (at, missing) in self.missing.iter().enumerate() {
            let before = if at == 0 { "" } else { "; " };
            write!(f, "{before}{missing}")?;
        }
        f.write_str(")")
    }
}

impl Policy {
    /// Checks the signatures of a checkpoint: that a trusted log made it, who witnessed it, and whether these are enough.
    ///
    /// # Errors
    /// [`Rejected`] when no trusted log signed it, or when a signature that says it is of a key of this policy is not right.
    pub fn judge(&self, checkpoint: &SignedCheckpoint) -> Result<Judgement<'_>, Rejected> {
        let logs = self.logs.iter().map(|log| &log.key);
        if !logs.clone().any(|key| checkpoint.is_key(key)) {
            return Err(Rejected::UnknownLog {
                origin: checkpoint.checkpoint().origin().to_owned(),
                known: logs.map(|key| key.name().to_string()).collect(),
            });
        }
        let log = checkpoint.verify_log(logs.clone())?.key;
        let witnesses = self.witnesses().map(|(_, witness)| &witness.key);
        let verified = checkpoint.note().verify(logs.chain(witnesses))?;
        let time = |key: &VerifierKey| signed_at(&verified, key);
        let witnesses = self
            .witnesses()
            .filter_map(|(name, witness)| {
                let key = &witness.key;
                time(key).map(|time| Witnessed { name, key, time })
            })
            .collect();
        let unmet = self.unmet_by(|witness| time(&witness.key).is_some());
        Ok(Judgement {
            log,
            witnesses,
            unmet,
        })
    }

    /// What is missing from the quorum when the witnesses of which this is true have signed; nothing when it is met.
    #[must_use]
    pub fn unmet_by(&self, signed: impl Fn(&Witness) -> bool) -> Option<Unmet> {
        // Members stand behind what they are made of, so one way through them is enough.
        let mut missing: Vec<Option<Unmet>> = Vec::with_capacity(self.members.len());
        for member in &self.members {
            let unmet = |needs, has, missing| {
                Some(Unmet {
                    name: member.name.clone(),
                    needs,
                    has,
                    missing,
                })
            };
            let is = match &member.is {
                Kind::Witness(witness) if signed(witness) => None,
                Kind::Witness(_) => unmet(None, 0, Vec::new()),
                Kind::Group { needs, of } => {
                    let lacking: Vec<Unmet> = of
                        .iter()
                        .filter_map(|at| missing.get(*at)?.clone())
                        .collect();
                    let has = of.len() - lacking.len();
                    match has < *needs {
                        true => unmet(Some(*needs), has, lacking),
                        false => None,
                    }
                }
            };
            missing.push(is);
        }
        self.quorum.and_then(|at| missing.get(at)?.clone())
    }
}

fn signed_at(verified: &[Verified<'_>], key: &VerifierKey) -> Option<u64> {
    verified.iter().find(|one| one.key == key)?.time
}
