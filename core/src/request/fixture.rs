//! Requests to test with.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use uuid::Uuid;

use super::*;
use crate::instrument::{AfterInterruption, ClockStart, Unit};

/// Seconds after a Monday noon.
pub(super) fn at(seconds: i64) -> At {
    crate::time::from_millis((1_772_452_800 + seconds) * 1_000).unwrap()
}

pub(super) fn item(n: u128) -> ItemId {
    ItemId::from_uuid(Uuid::from_u128(n))
}

pub(super) fn hours(starts: ClockStart, amount: u32, after: AfterInterruption) -> ClockRule {
    ClockRule {
        starts,
        amount,
        unit: Unit::Hours,
        after_interruption: after,
    }
}

/// One hour from receipt, anew after an obstacle: the TCO order.
pub(super) fn tco() -> ClockRule {
    hours(ClockStart::Receipt, 1, AfterInterruption::Restarts)
}

pub(super) fn new_request(kind: Kind, clock: Option<ClockRule>, items: u128) -> NewRequest {
    let id = Uuid::from_u128(7);
    NewRequest {
        id: RequestId::from_uuid(id),
        agency: AgencyId::from_uuid(id),
        platform: PlatformId::from_uuid(id),
        kind,
        instrument: "court-order".parse().unwrap(),
        clock,
        starts: Starts::default(),
        items: (1..=items).map(item).collect(),
    }
}

pub(super) fn filed(kind: Kind, clock: Option<ClockRule>, items: u128) -> Request {
    Request::file(new_request(kind, clock, items), at(0))
        .unwrap()
        .request
}

pub(super) fn outcome(code: OutcomeCode, seconds: i64) -> Outcome {
    let mut outcome = Outcome::new(code, Basis::Law, at(seconds), UploaderInformed::No);
    match code {
        OutcomeCode::GeoBlocked => outcome.countries.push("DE".parse().unwrap()),
        OutcomeCode::Duplicate => outcome.duplicate_of = Some("KP-1/26".into()),
        _ => {}
    }
    outcome
}

impl Request {
    pub(super) fn then(self, command: Command, by: Side, seconds: i64) -> Self {
        self.apply(command, by, at(seconds)).unwrap().into_request()
    }

    pub(super) fn platform(self, command: Command, seconds: i64) -> Self {
        self.then(command, Side::Platform, seconds)
    }

    pub(super) fn agency(self, command: Command, seconds: i64) -> Self {
        self.then(command, Side::Agency, seconds)
    }

    /// Read and acknowledged ten and twenty seconds after the filing.
    pub(super) fn in_work(self) -> Self {
        self.platform(Command::Fetch, 10)
            .platform(Command::Acknowledge, 20)
    }
}

pub(super) fn decide(outcomes: &[(u128, OutcomeCode)], seconds: i64) -> Command {
    Command::Decide(
        outcomes
            .iter()
            .map(|(n, code)| (item(*n), outcome(*code, seconds)))
            .collect(),
    )
}

pub(super) fn close(rest: Option<OutcomeCode>, seconds: i64) -> Command {
    Command::Close {
        rest: rest.map(|code| outcome(code, seconds)),
    }
}
