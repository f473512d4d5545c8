//! The duties that go with a request, as they are answered: silence towards the uploader, keeping what was removed.

use serde::Serialize;
use takedown_core::non_disclosure::{Longer, NonDisclosure as CoreNonDisclosure};
use takedown_core::preservation::Preservation as CorePreservation;
use utoipa::ToSchema;

use crate::app::requests::RequestView;
use crate::http::wire::Instant;

/// Until when the uploader may not be told.
#[derive(Debug, Serialize, ToSchema)]
pub struct NonDisclosure {
    /// The uploader may be told from then on; after a lifting, since then.
    pub until: Instant,
    /// Why.
    pub reason: String,
    /// How it was extended, oldest first.
    pub extensions: Vec<Extension>,
    /// When it was ended before its time.
    #[schema(required = true)]
    pub lifted_at: Option<Instant>,
    /// The end that stood before the lifting.
    #[schema(required = true)]
    pub was_until: Option<Instant>,
    /// A warning: the items whose uploader was told while it held, as the platform says with their latest outcome. The history
    /// keeps it for good, and the agency was told.
    pub broken_for: Vec<String>,
}

/// How an end was moved to a later instant.
#[derive(Debug, Serialize, ToSchema)]
pub struct Extension {
    /// When that was said.
    pub at: Instant,
    /// The end before.
    pub was: Instant,
    /// The end since then.
    pub until: Instant,
    /// Why.
    pub reason: String,
    /// The authority or court that asked for it, where it was another than the agency.
    #[schema(required = true)]
    pub asked_by: Option<String>,
}

/// Keeping what was removed, and the data that belong to it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Preservation {
    /// `asked`, `held`, `released`, `expired` or `deleted`.
    pub status: String,
    /// `filing`, or `law`: the filing says nothing, and the law asks for it from the removal on.
    pub basis: String,
    /// The end: the latest of what was filed, what was asked since, and what the law says. It may be deleted from then on.
    pub until: Instant,
    /// The end that the law gives, counted from the latest removal.
    #[schema(required = true)]
    pub by_law_until: Option<Instant>,
    /// Since when the platform keeps it, as it says.
    #[schema(required = true)]
    pub held_since: Option<Instant>,
    /// Until when the platform keeps it at least, as it said. It said so before the end was moved, where this is earlier.
    #[schema(required = true)]
    pub held_until: Option<Instant>,
    /// How the agency asked for longer, oldest first.
    pub extensions: Vec<Extension>,
    /// When it was released or ran out.
    #[schema(required = true)]
    pub ended_at: Option<Instant>,
    /// When the platform deleted what it kept, as it says.
    #[schema(required = true)]
    pub deleted_at: Option<Instant>,
}

impl NonDisclosure {
    pub(super) fn of(held: &CoreNonDisclosure, view: &RequestView) -> Self {
        let broken_for = view.told_all_the_same().map(|item| item.to_string());
        Self {
            broken_for: broken_for.collect(),
            until: Instant(held.until),
            reason: held.reason.clone(),
            extensions: held.extensions.iter().map(Extension::of).collect(),
            lifted_at: held.lifted.map(|lifted| Instant(lifted.at)),
            was_until: held.lifted.map(|lifted| Instant(lifted.was)),
        }
    }
}

impl Extension {
    fn of(longer: &Longer) -> Self {
        Self {
            at: Instant(longer.at),
            was: Instant(longer.was),
            until: Instant(longer.until),
            reason: longer.reason.clone(),
            asked_by: longer.asked_by.clone(),
        }
    }
}

impl Preservation {
    pub(super) fn of(kept: &CorePreservation) -> Self {
        Self {
            status: kept.status().to_string(),
            basis: kept.basis.to_string(),
            until: Instant(kept.until),
            by_law_until: kept.by_law_until.map(Instant),
            held_since: kept.held.map(|held| Instant(held.since)),
            held_until: kept.held.map(|held| Instant(held.until)),
            extensions: kept.extensions.iter().map(Extension::of).collect(),
            ended_at: kept.ended.map(|ended| Instant(ended.at)),
            deleted_at: kept.ended.and_then(|ended| ended.deleted_at).map(Instant),
        }
    }
}
