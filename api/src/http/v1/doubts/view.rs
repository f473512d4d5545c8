//! A doubt as it is answered.

use serde::Serialize;
use utoipa::ToSchema;

use crate::app::requests::Doubt as Seen;
use crate::http::wire::Instant;

/// That somebody who is asked doubts that it is really the agency who asks. Nothing of what is asked about.
#[derive(Debug, Serialize, ToSchema)]
pub struct Doubt {
    /// The request, `req_…`.
    pub request: String,
    /// Its reference: short, speakable, with a check character.
    pub reference: String,
    /// Where it stands.
    pub status: String,
    /// Who asks, as it seems.
    pub agency: DoubtParty,
    /// Who is asked.
    pub platform: DoubtParty,
    /// When it was filed.
    pub filed_at: Instant,
    /// Since when it is doubted; `null` once that is settled.
    #[schema(required = true)]
    pub doubted_at: Option<Instant>,
}

/// One of the two.
#[derive(Debug, Serialize, ToSchema)]
pub struct DoubtParty {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
}

impl Doubt {
    pub(super) fn of(seen: &Seen) -> Self {
        Self {
            request: seen.request.to_string(),
            reference: seen.reference.clone(),
            status: seen.status.clone(),
            agency: DoubtParty {
                id: seen.agency.id.to_string(),
                name: seen.agency.name.clone(),
            },
            platform: DoubtParty {
                id: seen.platform.id.to_string(),
                name: seen.platform.name.clone(),
            },
            filed_at: Instant(seen.filed_at),
            doubted_at: seen.doubted_at.map(Instant),
        }
    }
}
