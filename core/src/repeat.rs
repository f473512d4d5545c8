//! What an agency may be told of earlier requests about the same item.
//!
//! Authorities are to avoid duplication and interference with each other's investigations (Regulation (EU) 2021/784,
//! Article 14(1)); to that end it is enough to know that something was asked about, roughly when, and what came of it.
//! Whose case it is, is told only where both agencies agreed to be named. While an earlier request may not be disclosed
//! (Article 11(3)) it is counted, and neither its agency nor how it stands is told, nor can it be told from what is named.

use chrono::NaiveDate;

use crate::id::AgencyId;
use crate::request::{OutcomeCode, Status};
use crate::text::coded_enum;
use crate::time::At;

/// So many of an agency's own earlier requests are named, the newest.
pub const NAMED_OWN: usize = 10;

coded_enum! {
    /// How a foreign request stands, as coarsely as serves.
    pub enum Stand, "a state" {
        /// It is not finished.
        Open => "open",
        /// It is finished.
        Closed => "closed",
        /// It was taken back.
        Withdrawn => "withdrawn",
        /// Not told: non-disclosure holds.
        Withheld => "withheld",
    }
}

impl Stand {
    /// Whether it may still be going on: somebody who files besides may interfere.
    pub const fn may_be_open(self) -> bool {
        matches!(self, Self::Open | Self::Withheld)
    }
}

/// Whether a request in this status is still going on.
pub const fn is_open(status: Status) -> bool {
    !matches!(status, Status::Closed | Status::Withdrawn)
}

/// How an agency's requests about an item stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Latest {
    /// Whether any of the newest is not finished.
    pub open: bool,
    /// Where the last one stands.
    pub status: Status,
    /// What became of the item in the last one.
    pub outcome: Option<OutcomeCode>,
}

/// What one agency asked about one item.
///
/// Requests that may not be disclosed are counted apart from the agency's others: if they were one number, an agency that
/// agreed to be named would give them away by growing, by standing otherwise, or by being named no longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// Which agency.
    pub agency: AgencyId,
    /// In how many requests.
    pub times: u32,
    /// When first.
    pub first_at: At,
    /// When last.
    pub last_at: At,
    /// How they stand.
    pub latest: Latest,
    /// Until when none of them may be disclosed.
    pub undisclosed_until: Option<At>,
}

/// What may be told of it to others: days instead of instants, and no request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// In how many requests.
    pub times: u32,
    /// The first day, UTC.
    pub first_on: NaiveDate,
    /// The last day, UTC.
    pub last_on: NaiveDate,
    /// [`Stand::Open`] if any is, else [`Stand::Withheld`] if any is, else how the last one ended.
    pub state: Stand,
    /// What became of the item in the last one, once that is known and unless it is withheld.
    pub outcome: Option<OutcomeCode>,
}

/// What may be told of all other agencies together, and of those that may be named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elsewhere {
    /// All of them together.
    pub all: Told,
    /// Those where both sides agreed, most recent first.
    pub named: Vec<(AgencyId, Told)>,
}

impl Asked {
    fn stand(&self, now: At) -> Stand {
        if self.undisclosed_until.is_some_and(|until| now < until) {
            return Stand::Withheld;
        }
        match self.latest.status {
            _ if self.latest.open => Stand::Open,
            Status::Withdrawn => Stand::Withdrawn,
            _ => Stand::Closed,
        }
    }

    fn told(&self, now: At) -> Told {
        let state = self.stand(now);
        Told {
            times: self.times,
            first_on: self.first_at.date_naive(),
            last_on: self.last_at.date_naive(),
            state,
            outcome: self.latest.outcome.filter(|_| state != Stand::Withheld),
        }
    }
}

/// Several as one, the newest first.
fn together<'a>(mut asked: impl Iterator<Item = &'a Asked>, now: At) -> Option<Told> {
    let newest = asked.next()?.told(now);
    Some(asked.fold(newest, |all, asked| {
        let states = [all.state, asked.stand(now)];
        Told {
            times: all.times.saturating_add(asked.times),
            first_on: all.first_on.min(asked.first_at.date_naive()),
            state: [Stand::Open, Stand::Withheld]
                .into_iter()
                .find(|state| states.contains(state))
                .unwrap_or(all.state),
            ..all
        }
    }))
}

/// What `asking` may be told of what the others asked. `agreed` says of every agency whether it agrees to be named.
pub fn elsewhere(
    all: &[Asked],
    asking: AgencyId,
    agreed: impl Fn(AgencyId) -> bool,
    now: At,
) -> Option<Elsewhere> {
    let mut others: Vec<&Asked> = all.iter().filter(|asked| asked.agency != asking).collect();
    others.sort_by_key(|asked| (std::cmp::Reverse(asked.last_at), asked.agency));
    let all = together(others.iter().copied(), now)?;
    others.retain(|asked| asked.stand(now) != Stand::Withheld && agreed(asked.agency));
    let mut named: Vec<(AgencyId, Told)> = Vec::new();
    for asked in others.iter().filter(|_| agreed(asking)) {
        if named.iter().any(|(agency, _)| *agency == asked.agency) {
            continue;
        }
        let its = others.iter().filter(|other| other.agency == asked.agency);
        named.extend(together(its.copied(), now).map(|told| (asked.agency, told)));
    }
    Some(Elsewhere { all, named })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::time::from_millis;

    const DAY: i64 = 24 * 3_600_000;

    fn agency(number: u8) -> AgencyId {
        AgencyId::from_uuid(Uuid::from_u128(u128::from(number)))
    }

    fn at(millis: i64) -> At {
        from_millis(millis).unwrap()
    }

    fn asked(number: u8, times: u32, days: (i64, i64), status: Status) -> Asked {
        Asked {
            agency: agency(number),
            times,
            first_at: at(days.0 * DAY + 7),
            last_at: at(days.1 * DAY + 7),
            latest: Latest {
                open: is_open(status),
                status,
                outcome: (status == Status::Closed).then_some(OutcomeCode::Removed),
            },
            undisclosed_until: None,
        }
    }

    #[test]
    fn others_are_counted_together_and_not_named() {
        let all = [
            asked(1, 9, (1, 50), Status::Filed),
            asked(2, 2, (10, 20), Status::Closed),
            asked(3, 3, (5, 30), Status::Fetched),
        ];
        let told = elsewhere(&all, agency(1), |_| false, at(100 * DAY)).unwrap();
        assert_eq!((told.all.times, told.all.state), (5, Stand::Open));
        assert_eq!(told.all.first_on, at(5 * DAY).date_naive());
        assert_eq!(told.all.last_on, at(30 * DAY).date_naive());
        assert_eq!((told.all.outcome, told.named.len()), (None, 0));
        assert_eq!(elsewhere(&all[..1], agency(1), |_| true, at(0)), None);
    }

    #[test]
    fn whoever_is_at_it_counts_though_another_asked_since() {
        let all = [
            asked(2, 1, (1, 10), Status::Acknowledged),
            asked(3, 1, (20, 20), Status::Closed),
        ];
        let told = elsewhere(&all, agency(1), |_| true, at(100 * DAY)).unwrap();
        assert_eq!(told.all.state, Stand::Open);
        assert_eq!(told.all.outcome, Some(OutcomeCode::Removed));
        let states: Vec<Stand> = told.named.iter().map(|(_, told)| told.state).collect();
        assert_eq!(states, [Stand::Closed, Stand::Open]);
    }

    #[test]
    fn what_may_not_be_disclosed_has_no_name_and_no_state_until_the_date() {
        let mut hidden = asked(2, 1, (1, 1), Status::Closed);
        hidden.undisclosed_until = Some(at(5 * DAY));
        let told = elsewhere(&[hidden], agency(1), |_| true, at(4 * DAY)).unwrap();
        assert_eq!((told.all.state, told.all.outcome), (Stand::Withheld, None));
        assert!(told.named.is_empty() && told.all.state.may_be_open());
        let told = elsewhere(&[hidden], agency(1), |_| true, at(5 * DAY)).unwrap();
        assert_eq!(told.all.state, Stand::Closed);
        assert_eq!(told.named[0].1.outcome, Some(OutcomeCode::Removed));
    }

    #[test]
    fn an_agency_that_is_named_does_not_give_away_what_it_may_not_disclose() {
        let plain = asked(2, 3, (1, 10), Status::Closed);
        let mut hidden = asked(2, 1, (20, 20), Status::Filed);
        hidden.undisclosed_until = Some(at(50 * DAY));
        let told = |all: &[Asked], day| elsewhere(all, agency(1), |_| true, at(day * DAY)).unwrap();
        let (before, during) = (told(&[plain], 30), told(&[plain, hidden], 30));
        assert_eq!(before.named, during.named);
        assert_eq!(
            (during.all.times, during.all.state),
            (4, Stand::Withheld),
            "somebody's"
        );
        let after = told(&[plain, hidden], 50);
        assert_eq!(after.named.len(), 1);
        assert_eq!(after.named[0].1, after.all);
        assert_eq!((after.all.times, after.all.state), (4, Stand::Open));
    }

    proptest! {
        #[test]
        fn only_who_agreed_is_named_and_nothing_undisclosed_shows_in_it(
            all in prop::collection::vec((1_u8..6, 1_u32..9, 0_i64..50, 0_i64..50, any::<bool>()), 0..8),
            agree in prop::collection::vec(any::<bool>(), 6),
            asking in 1_u8..6,
        ) {
            let all: Vec<Asked> = all
                .into_iter()
                .map(|(number, times, first, more, hidden)| {
                    let mut one = asked(number, times, (first, first + more), Status::Filed);
                    one.undisclosed_until = hidden.then(|| at(1_000 * DAY));
                    one
                })
                .collect();
            let agreed = |id: AgencyId| (1..6).any(|n| agency(n) == id && agree[usize::from(n)]);
            let others: u32 = all.iter().filter(|a| a.agency != agency(asking)).map(|a| a.times).sum();
            let told = elsewhere(&all, agency(asking), agreed, at(100 * DAY));
            prop_assert_eq!(told.as_ref().map_or(0, |told| told.all.times), others);
            let named = told.map(|told| told.named).unwrap_or_default();
            for (id, one) in &named {
                prop_assert!(agreed(*id) && agreed(agency(asking)) && *id != agency(asking));
                prop_assert!(one.state != Stand::Withheld);
            }
            let disclosed: Vec<Asked> = all.into_iter().filter(|a| a.undisclosed_until.is_none()).collect();
            let without = elsewhere(&disclosed, agency(asking), agreed, at(100 * DAY));
            prop_assert_eq!(without.map(|told| told.named).unwrap_or_default(), named);
        }
    }
}
