//! The robots: platforms whose host says what they do, and the agency that asks.

use takedown_core::history::Via;
use takedown_core::id::{AgencyId, ClientId, PlatformId};
use takedown_core::policy::{Actor, Party, Scopes};
use uuid::Uuid;

use crate::app::Caller;

/// A platform that acts by itself.
#[derive(Debug, Clone, Copy)]
pub struct Robot {
    /// Makes its identifiers.
    pub(super) number: u128,
    /// Its host.
    pub host: &'static str,
    /// What it does with whatever it is asked.
    pub(super) does: Does,
    /// The same in words.
    pub says: &'static str,
}

/// What a robot does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Does {
    /// Reads and says "we have it", and no more.
    Acknowledge,
    /// Removes and closes.
    Remove,
    /// Declines and closes.
    Refuse,
    /// Asks first; removes once it is answered.
    Ask,
    /// Reports that it lacks information; removes once it is answered.
    Report,
    /// Removes, and the uploader objects.
    Remorse,
    /// Reads, and no more.
    Read,
    /// Doubts that it is the agency who asks.
    Doubt,
    /// Nothing.
    Nothing,
    /// Nothing; a webhook of its own leads to its host, which answers for it.
    Hook,
}

/// All robots that are platforms. Their webhook and mail manners are at their hosts: see `outward/sink.rs` and
/// [`super::Sandbox::returns`].
pub static ROBOTS: [Robot; 12] = [
    Robot {
        number: 1,
        host: "acknowledges.test",
        does: Does::Acknowledge,
        says: "reads and acknowledges, and no more",
    },
    Robot {
        number: 2,
        host: "removes.test",
        does: Does::Remove,
        says: "reads, acknowledges, removes and closes",
    },
    Robot {
        number: 3,
        host: "refuses.test",
        does: Does::Refuse,
        says: "reads, acknowledges, declines with a reason and closes",
    },
    Robot {
        number: 4,
        host: "asks.test",
        does: Does::Ask,
        says: "asks a question; removes and closes once it is answered",
    },
    Robot {
        number: 5,
        host: "cannot.test",
        does: Does::Report,
        says: "reports an obstacle (insufficient_information); removes and closes once it is answered",
    },
    Robot {
        number: 6,
        host: "objects.test",
        does: Does::Remorse,
        says: "removes and closes, and the uploader objects",
    },
    Robot {
        number: 7,
        host: "reads.test",
        does: Does::Read,
        says: "reads, so that a clock that starts on receipt runs, and no more",
    },
    Robot {
        number: 8,
        host: "doubts.test",
        does: Does::Doubt,
        says: "doubts that it is really the agency who asks, and reads",
    },
    Robot {
        number: 9,
        host: "stalls.test",
        does: Does::Nothing,
        says: "never answers; a webhook to this host is not answered in time",
    },
    Robot {
        number: 10,
        host: "bounces.test",
        does: Does::Nothing,
        says: "never answers; its mails are refused for good, so the agency is told delivery.failed",
    },
    Robot {
        number: 11,
        host: "fails.test",
        does: Does::Hook,
        says: "never answers; a webhook to this host is answered 500",
    },
    Robot {
        number: 12,
        host: "gone.test",
        does: Does::Hook,
        says: "never answers; a webhook to this host is answered 410",
    },
];

/// Version 7 UUIDs of 2025-01-01T00:00:00Z whose random part is zero but for a small number, so that a second start finds those of
/// the first.
const fn fixed(number: u128) -> Uuid {
    Uuid::from_u128(0x0194_1f29_7c00_7000_8000_0000_0000_0000 | number)
}

/// The number of the agency that asks.
const ASKS: u128 = 0x100;

/// The agency that asks.
pub(super) const fn agency() -> AgencyId {
    AgencyId::from_uuid(fixed(ASKS))
}

/// Its client.
pub(super) const fn agency_client() -> ClientId {
    ClientId::from_uuid(fixed(ASKS))
}

/// The agency that asks, as it calls a use case.
pub(super) fn asking() -> Caller {
    caller(agency_client(), Party::Agency(agency()))
}

impl Robot {
    /// The identifier of the platform.
    #[must_use]
    pub const fn platform(&self) -> PlatformId {
        PlatformId::from_uuid(fixed(self.number))
    }

    /// That of its client.
    pub(super) const fn client(&self) -> ClientId {
        ClientId::from_uuid(fixed(self.number))
    }

    /// The robot, as it calls a use case.
    pub(super) fn caller(&self) -> Caller {
        caller(self.client(), Party::Platform(self.platform()))
    }
}

fn caller(client: ClientId, party: Party) -> Caller {
    Caller {
        client,
        actor: Actor::new(party, Scopes::all()),
        via: Via::Api,
    }
}
