//! Whether a key counts, and what is kept of a signature.

use serde::{Deserialize, Serialize};

use super::{Claims, Refused, UnitKey, Unverified};
use crate::{history::Digest, id::AgencyId, locator::Host, time::At};

/// A key as the exchange knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The key.
    pub key: UnitKey,
    /// Whose it is.
    pub unit: AgencyId,
    /// The domain at which the unit publishes it.
    pub domain: Host,
    /// From when on it counts; `None` while the operator has not confirmed it.
    pub counts_from: Option<At>,
    /// When it was revoked.
    pub revoked_at: Option<At>,
}

impl Known {
    /// Whether what is signed with it counts at an instant.
    ///
    /// # Errors
    /// [`Refused::Unconfirmed`], [`Refused::TooYoung`], [`Refused::Revoked`].
    pub fn counts(&self, now: At) -> Result<(), Refused> {
        if let Some(revoked) = self.revoked_at.filter(|at| *at <= now) {
            return Err(Refused::Revoked(revoked));
        }
        match self.counts_from {
            None => Err(Refused::Unconfirmed),
            Some(from) if from > now => Err(Refused::TooYoung(from)),
            Some(_) => Ok(()),
        }
    }

    /// Whether this key of the unit signed a statement that says what its claims say, and both counted at an instant: nothing is
    /// handed in before it was signed, also when the history is read again.
    ///
    /// # Errors
    /// [`Refused`] names the first thing that is wrong.
    pub fn signed(&self, statement: &Unverified, claims: &Claims, at: At) -> Result<(), Refused> {
        statement.verify(&self.key)?;
        if claims.unit != self.unit {
            return Err(Refused::Unit);
        }
        if claims.domain != self.domain {
            return Err(Refused::Domain);
        }
        self.counts(at)?;
        claims.timely(at.timestamp())
    }
}

/// That a change was signed by the unit: what the history keeps of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// The thumbprint of the key.
    pub kid: String,
    /// Of the statement's exact bytes.
    pub statement: Digest,
    /// Which use of the unit's keys it is ([`super::tag()`]); the first versions did not say so.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub tag: Option<Digest>,
}
