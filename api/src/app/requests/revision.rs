//! What was put right since the filing: what stood there before stays to be seen.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use takedown_core::id::ItemId;
use takedown_core::time::At;

use super::filing::Text;
use crate::app::Error;
use crate::store::corrections::{self, RevisionRow};
use crate::store::{Conn, StoreError};

/// The word under which attributions are kept among what was revised.
pub const ATTRIBUTION: &str = "attribution";

/// The most corrections and attributions of one request.
pub const MAX_REVISIONS: usize = 200;

/// So many corrections, and as many attributions, are carried by the request itself, the newest. All of them are kept
/// beside it.
pub const CARRIED: usize = 10;

/// What was put right, oldest first; kept as JSON in the request.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Revisions {
    /// The newest facts that took the place of others.
    pub facts: Vec<Revision>,
    /// Courts and authorities that annulled the request or items of it.
    pub annulments: Vec<Annulment>,
    /// How many facts ever took the place of others.
    pub kept: usize,
    /// How many of these are attributions.
    pub attributed: usize,
    /// How often facts were corrected; several may be at once.
    pub corrected: i32,
}

impl Revisions {
    /// Adds facts that are put right by one change.
    ///
    /// # Errors
    /// [`Error::Conflict`] when there would be more than [`MAX_REVISIONS`].
    pub(super) fn add(
        &mut self,
        conn: &mut Conn,
        request: &str,
        facts: Vec<Revision>,
    ) -> Result<(), Error> {
        if self.kept + facts.len() > MAX_REVISIONS {
            return Err(Error::Conflict(format!(
                "this request has been corrected {} times, and {MAX_REVISIONS} is as often as one can be; withdraw it and file anew",
                self.kept
            )));
        }
        let attributions = facts.iter().filter(|one| one.is_attribution()).count();
        self.attributed += attributions;
        self.corrected += i32::from(attributions < facts.len());
        let mut rows = Vec::with_capacity(facts.len());
        for fact in &facts {
            self.kept += 1;
            rows.push(RevisionRow {
                request_id: request.to_owned(),
                position: i32::try_from(self.kept).unwrap_or(i32::MAX),
                fact: fact.fact.clone(),
                data: serde_json::to_string(fact).map_err(StoreError::from)?,
            });
        }
        corrections::keep(conn, &rows)?;
        self.facts.extend(facts);
        for attribution in [false, true] {
            let of_kind = |one: &Revision| one.is_attribution() == attribution;
            let all = self.facts.iter().filter(|one| of_kind(one)).count();
            let mut too_many = all.saturating_sub(CARRIED);
            self.facts.retain(|one| {
                let drop = too_many > 0 && of_kind(one);
                too_many -= usize::from(drop);
                !drop
            });
        }
        Ok(())
    }

    /// How many corrections there are for somebody who sees attributions, or does not.
    #[must_use]
    pub fn count(&self, sees_attributions: bool) -> usize {
        let hidden = if sees_attributions {
            0
        } else {
            self.attributed
        };
        self.kept.saturating_sub(hidden)
    }
}

/// One fact that took the place of another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Revision {
    /// The request's version since then.
    pub version: i32,
    /// When.
    pub at: At,
    /// Which: a word of `takedown_core::request::Fact`, or `attribution`.
    pub fact: String,
    /// Of which item, where it is one's.
    pub item: Option<ItemId>,
    /// What stood there; null when nothing did.
    pub was: Value,
    /// What stands there since then.
    pub now: Value,
    /// Why, in words.
    pub text: Option<Text>,
}

impl Revision {
    /// Whether it says whom the material is thought to come from: an investigation's own, hidden from the platform.
    #[must_use]
    pub fn is_attribution(&self) -> bool {
        self.fact == ATTRIBUTION
    }
}

/// A court or an authority annulled the request, or items of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Annulment {
    /// The request's version since then.
    pub version: i32,
    /// When the agency said so.
    pub at: At,
    /// The court or authority.
    pub by: String,
    /// The reference of its decision.
    pub decision: String,
    /// The items; none means the whole request.
    pub items: Vec<ItemId>,
}
