#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::request::{OutcomeCode, ResultCode, Status};
use crate::time::from_millis;

fn agency(n: u128) -> AgencyId {
    AgencyId::from_uuid(Uuid::from_u128(n))
}

fn at(millis: i64) -> At {
    from_millis(millis).unwrap()
}

/// The team after a member's row was stored.
fn with(team: &Team, changed: Member) -> Team {
    let mut members = team.members().to_vec();
    match members.iter_mut().find(|m| m.agency == changed.agency) {
        Some(member) => *member = changed,
        None => members.push(changed),
    }
    Team::new(team.lead(), members)
}

#[test]
fn the_lead_invites_and_the_other_decides() {
    let alone = Team::new(agency(1), Vec::new());
    assert_eq!(alone.membership(agency(1)), Some(Membership::Lead));
    assert_eq!(alone.membership(agency(2)), None);
    let refused = |r: Result<Member, TeamError>| r.unwrap_err();
    assert_eq!(
        refused(alone.invite(agency(2), agency(3), at(1))),
        TeamError::NotLead
    );
    assert_eq!(
        refused(alone.invite(agency(1), agency(1), at(1))),
        TeamError::IsLead
    );
    assert_eq!(
        alone.answer(agency(2), true, at(1)),
        Err(TeamError::NotInvited)
    );

    let asked = with(&alone, alone.invite(agency(1), agency(2), at(1)).unwrap());
    assert!(!asked.membership(agency(2)).unwrap().takes_part());
    let joined = with(
        &asked,
        asked.answer(agency(2), true, at(2)).unwrap().unwrap(),
    );
    assert!(joined.membership(agency(2)).unwrap().takes_part());
    assert_eq!(
        joined.answer(agency(2), true, at(3)),
        Ok(None),
        "said again it changes nothing"
    );
    assert_eq!(
        refused(joined.invite(agency(1), agency(2), at(3))),
        TeamError::AlreadyJoined
    );
    assert_eq!(
        refused(joined.remove(agency(2), agency(2), at(3))),
        TeamError::NotLead
    );

    let left = with(
        &joined,
        joined.answer(agency(2), false, at(4)).unwrap().unwrap(),
    );
    assert_eq!(left.membership(agency(2)), None);
    assert_eq!(
        left.answer(agency(2), true, at(5)),
        Err(TeamError::NotInvited),
        "nobody lets himself in again"
    );
    assert!(left.invite(agency(1), agency(2), at(6)).is_ok());
}

#[test]
fn an_operation_has_room_for_a_hundred() {
    let mut team = Team::new(agency(1), Vec::new());
    for n in 0..MAX_MEMBERS as u128 {
        team = with(
            &team,
            team.invite(agency(1), agency(10 + n), at(1)).unwrap(),
        );
    }
    assert_eq!(
        team.invite(agency(1), agency(9), at(2)),
        Err(TeamError::Full)
    );
    assert!(
        team.invite(agency(1), agency(10), at(2)).is_ok(),
        "asking again takes no room"
    );
}

fn standing() -> impl Strategy<Value = Standing> {
    (
        prop::sample::select(Status::ALL),
        prop::option::of(prop::sample::select(ResultCode::ALL)),
        prop::option::of(prop::sample::select(TargetRole::ALL)),
        0..1000u64,
        1..9u64,
    )
        .prop_map(|(status, result, role, items, requests)| Standing {
            requests,
            status,
            result: result.filter(|_| status == Status::Closed),
            role,
            items,
            undecided: items / 2,
        })
}

proptest! {
    #[test]
    fn every_request_is_counted_exactly_once(
        requests in prop::collection::vec(standing(), 0..40),
        due in prop::collection::vec(0..1000i64, 0..40),
        outcomes in prop::collection::vec((prop::sample::select(OutcomeCode::ALL), 0..9u64), 0..9),
        now in 0..1000i64,
    ) {
        let count = requests.iter().map(|r| r.requests).sum::<u64>();
        let open = requests.iter().filter(|r| r.open()).map(|r| r.requests).sum::<u64>();
        let mut due: Vec<At> = due.into_iter().take(open as usize).map(at).collect();
        let progress = Progress::of(requests.clone(), due.clone(), outcomes.clone(), at(now));
        prop_assert_eq!(progress.requests, count);
        prop_assert_eq!(progress.statuses.values().sum::<u64>(), count);
        prop_assert_eq!(progress.items, requests.iter().map(|r| r.items).sum::<u64>());
        prop_assert_eq!(progress.outcomes.values().sum::<u64>(), outcomes.iter().map(|o| o.1).sum::<u64>());
        prop_assert!(progress.overdue <= progress.due && progress.due <= progress.open && progress.open == open && open <= count);
        prop_assert_eq!(progress.next_due_at.is_some(), progress.due > progress.overdue);
        prop_assert!(progress.next_due_at.is_none_or(|due| due >= at(now)));
        let mut turned = requests;
        turned.reverse();
        due.reverse();
        prop_assert_eq!(Progress::of(turned, due, outcomes, at(now)), progress);
    }

    /// Whoever answers for himself never gets further than the lead let him.
    #[test]
    fn nobody_takes_part_without_both(steps in prop::collection::vec((0..4u8, 1u128..4), 0..30)) {
        let mut team = Team::new(agency(1), Vec::new());
        let mut invited = std::collections::HashSet::new();
        for (step, who) in steps {
            let who = agency(who);
            let changed = match step {
                0 => team.invite(agency(1), who, at(1)).ok().inspect(|_| { invited.insert(who); }),
                1 => team.answer(who, true, at(1)).ok().flatten(),
                2 => team.answer(who, false, at(1)).ok().flatten().inspect(|_| { invited.remove(&who); }),
                _ => team.remove(agency(1), who, at(1)).ok().inspect(|_| { invited.remove(&who); }),
            };
            if let Some(changed) = changed {
                team = with(&team, changed);
            }
            for n in 2..4 {
                let takes_part = team.membership(agency(n)).is_some_and(Membership::takes_part);
                prop_assert!(!takes_part || invited.contains(&agency(n)));
            }
            prop_assert_eq!(team.membership(agency(1)), Some(Membership::Lead));
        }
    }
}
