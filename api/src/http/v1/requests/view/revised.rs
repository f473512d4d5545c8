//! What was put right since the filing, as it is answered.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::Text;
use crate::app::requests::RequestView;
use crate::app::requests::revision::{CARRIED, Revision as Kept};
use crate::http::wire::Instant;

/// A fact that took the place of another.
#[derive(Debug, Serialize, ToSchema)]
pub struct Revision {
    /// The request's version since then.
    pub version: i32,
    /// When.
    pub at: Instant,
    /// Which: `reasons`, `translation`, `grounds`, `provision`, `service`, `officer`, `agency_reference`, `attribution`;
    /// of an item `description`, `language`, `graphic`, `seen_at`.
    pub fact: String,
    /// Of which item, where it is one's.
    #[schema(required = true)]
    pub item: Option<String>,
    /// What stood there before, in the form it has in a filing; `null` when nothing did.
    pub was: Value,
    /// What stands there since then.
    pub now: Value,
    /// Why, in words.
    #[schema(required = true)]
    pub text: Option<Text>,
}

/// A court or an authority annulled the request, or items of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Annulment {
    /// The request's version since then.
    pub version: i32,
    /// When the agency said so.
    pub at: Instant,
    /// The court or authority.
    pub by: String,
    /// The reference of its decision.
    pub decision: String,
    /// The items; empty for the whole request.
    pub items: Vec<String>,
}

impl Revision {
    /// Of one that was kept, for somebody who sees names, or does not.
    #[must_use]
    pub fn of(one: &Kept, sees_names: bool) -> Self {
        let shown = |value: &Value| {
            let mut value = value.clone();
            // The name of an officer is escrowed; neither the old one nor the new is the platform's to know.
            if let Some(officer) = value.as_object_mut().filter(|_| !sees_names) {
                officer.remove("name");
            }
            value
        };
        Self {
            version: one.version,
            at: Instant(one.at),
            fact: one.fact.clone(),
            item: one.item.map(|id| id.to_string()),
            was: shown(&one.was),
            now: shown(&one.now),
            text: one.text.as_ref().map(Into::into),
        }
    }

    /// The newest of a request, oldest first.
    pub(super) fn newest(view: &RequestView, sees_names: bool) -> Vec<Self> {
        let seen = |one: &&Kept| sees_names || !one.is_attribution();
        let facts = view.revisions.facts.iter().rev().filter(seen);
        let mut newest: Vec<Self> = facts
            .take(CARRIED)
            .map(|one| Self::of(one, sees_names))
            .collect();
        newest.reverse();
        newest
    }
}

impl Annulment {
    /// All of a request, oldest first.
    pub(super) fn all(view: &RequestView) -> Vec<Self> {
        view.revisions
            .annulments
            .iter()
            .map(|one| Self {
                version: one.version,
                at: Instant(one.at),
                by: one.by.clone(),
                decision: one.decision.clone(),
                items: one.items.iter().map(ToString::to_string).collect(),
            })
            .collect()
    }
}
