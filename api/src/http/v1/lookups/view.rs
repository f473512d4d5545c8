//! What is told of earlier requests about the same item.

use serde::Serialize;
use takedown_core::repeat::Told;
use utoipa::ToSchema;

use crate::app::repeats::{self, Foreign};
use crate::http::wire::Instant;

/// That an item was asked about before.
#[derive(Debug, Serialize, ToSchema)]
pub struct Repeat {
    /// By your own agency.
    #[schema(required = true)]
    pub own: Option<OwnRepeat>,
    /// By other agencies: that, roughly when and how it stands, not whose case it is.
    #[schema(required = true)]
    pub elsewhere: Option<Elsewhere>,
    /// In the old records that your agency imported, which nobody but you and your auditors sees. The exchange witnessed none of
    /// them, so they are in neither of the other two.
    #[schema(required = true)]
    pub imported: Option<ImportedRepeat>,
    /// How to go on instead of asking once more, when something about it is open; a sentence for people.
    #[schema(required = true)]
    pub join: Option<String>,
}

/// What the old records of your agency say.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportedRepeat {
    /// In how many records.
    pub times: u32,
    /// The first day.
    #[schema(format = Date)]
    pub first_on: String,
    /// The last day.
    #[schema(format = Date)]
    pub last_on: String,
}

/// What your own agency asked.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnRepeat {
    /// In how many requests.
    pub times: u32,
    /// When first.
    pub first_at: Instant,
    /// When last.
    pub last_at: Instant,
    /// At most ten of them, newest first: those that are open, however old, then the newest of the others.
    pub requests: Vec<OwnRequest>,
}

/// One of your own earlier requests.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnRequest {
    /// Identifier, `req_…`.
    pub id: String,
    /// Short, speakable, with a check character.
    pub reference: String,
    /// Where it stands: `filed`, `fetched`, `acknowledged`, `needs_information`, `closed`, or `withdrawn`, the whole or this
    /// item.
    pub status: String,
    /// Whether it is not finished, so that this can be joined to it.
    pub open: bool,
    /// Identifier of the item in it, `item_…`.
    pub item: String,
    /// What became of the item, such as `removed`.
    #[schema(required = true)]
    pub outcome: Option<String>,
    /// When it was filed.
    pub filed_at: Instant,
}

/// What all other agencies asked, together.
#[derive(Debug, Serialize, ToSchema)]
pub struct Elsewhere {
    /// In how many requests.
    pub times: u32,
    /// The first day, UTC.
    #[schema(format = "date")]
    pub first_on: String,
    /// The last day, UTC.
    #[schema(format = "date")]
    pub last_on: String,
    /// `open` if any of them is; else `withheld` if non-disclosure keeps any of them from being told; else how the last one
    /// ended, `closed` or `withdrawn`.
    pub state: String,
    /// What became of the item in the last of them, such as `removed`; `null` while that is not known or not to be told.
    #[schema(required = true)]
    pub outcome: Option<String>,
    /// The agencies among them that agreed to be named, if yours agreed as well.
    pub agencies: Vec<NamedAgency>,
}

/// An agency that agreed to be named, and what it asked but for what it may not disclose.
#[derive(Debug, Serialize, ToSchema)]
pub struct NamedAgency {
    /// Identifier, `agency_…`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// In how many requests.
    pub times: u32,
    /// The first day, UTC.
    #[schema(format = "date")]
    pub first_on: String,
    /// The last day, UTC.
    #[schema(format = "date")]
    pub last_on: String,
    /// `open` if any of them is, else how the last one ended: `closed` or `withdrawn`.
    pub state: String,
    /// What became of the item in the last of them.
    #[schema(required = true)]
    pub outcome: Option<String>,
}

impl Repeat {
    /// As it is told.
    #[must_use]
    pub fn of(repeat: &repeats::Repeat) -> Self {
        let own = repeat.own.as_ref().map(|own| OwnRepeat {
            times: own.times,
            first_at: Instant(own.first_at),
            last_at: Instant(own.last_at),
            requests: own.requests.iter().map(OwnRequest::of).collect(),
        });
        Self {
            own,
            elsewhere: repeat.elsewhere.as_ref().map(Elsewhere::of),
            imported: repeat.imported.map(|told| ImportedRepeat {
                times: told.times,
                first_on: told.first_on.to_string(),
                last_on: told.last_on.to_string(),
            }),
            join: join(repeat),
        }
    }
}

impl OwnRequest {
    fn of(request: &repeats::OwnRequest) -> Self {
        Self {
            id: request.id.clone(),
            reference: request.reference.clone(),
            status: request.status.to_string(),
            open: takedown_core::repeat::is_open(request.status),
            item: request.item.clone(),
            outcome: request.outcome.map(|code| code.to_string()),
            filed_at: Instant(request.filed_at),
        }
    }
}

impl Elsewhere {
    fn of(foreign: &Foreign) -> Self {
        let Told {
            times,
            first_on,
            last_on,
            state,
            outcome,
        } = foreign.all;
        let agencies = foreign.named.iter().map(|(agency, told)| NamedAgency {
            id: agency.id.to_string(),
            name: agency.name.clone(),
            country: agency.country.to_string(),
            times: told.times,
            first_on: told.first_on.to_string(),
            last_on: told.last_on.to_string(),
            state: told.state.to_string(),
            outcome: told.outcome.map(|code| code.to_string()),
        });
        Self {
            times,
            first_on: first_on.to_string(),
            last_on: last_on.to_string(),
            state: state.to_string(),
            outcome: outcome.map(|code| code.to_string()),
            agencies: agencies.collect(),
        }
    }
}

/// How to go on when something about it is open that the reader can reach.
fn join(repeat: &repeats::Repeat) -> Option<String> {
    if let Some(open) = repeat.open().next() {
        return Some(format!(
            "Your request {} about it is open: add what is new to it as a note (POST /v1/requests/{}/messages) instead of asking again.",
            open.reference, open.id
        ));
    }
    let (agency, _) = repeat
        .elsewhere
        .as_ref()?
        .named
        .iter()
        .find(|(_, told)| told.state == takedown_core::repeat::Stand::Open)?;
    Some(format!(
        "{} ({}) has an open request about it and agreed to be named, as you did: ask it whether you go on together before you act besides it.",
        agency.name, agency.country
    ))
}

/// An item of a filing that was asked about before.
#[derive(Debug, Serialize, ToSchema)]
pub struct RepeatedItem {
    /// Its place in the request, from 1; in a refusal, its place in the filing.
    pub position: usize,
    /// What is told of it.
    #[serde(flatten)]
    pub repeat: Repeat,
}

impl RepeatedItem {
    /// Those of a filing.
    #[must_use]
    pub fn all(repeats: &[(usize, repeats::Repeat)]) -> Vec<Self> {
        let items = repeats.iter().map(|(place, repeat)| Self {
            position: place + 1,
            repeat: Repeat::of(repeat),
        });
        items.collect()
    }
}

/// What became of a lookup: one for each item, in the order of the call.
#[derive(Debug, Serialize, ToSchema)]
pub struct Lookups {
    /// One for each item asked about.
    pub items: Vec<Lookup>,
}

/// Whether one item was asked about before.
#[derive(Debug, Serialize, ToSchema)]
pub struct Lookup {
    /// The locator as you wrote it.
    pub locator: String,
    /// The same, made inert for showing.
    pub defanged: String,
    /// Whether it was asked about before through this exchange.
    pub asked: bool,
    /// What is told of it.
    #[serde(flatten)]
    pub repeat: Repeat,
}
