//! What holds whatever anybody does in whatever order.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::HashMap;

use proptest::{prelude::*, sample::select};

use super::{fixture::*, *};
use crate::instrument::{AfterInterruption, ClockStart, Obstacle};

const AT_ITS_SIDE: [CommandName; 6] = [
    CommandName::ExtendNonDisclosure,
    CommandName::LiftNonDisclosure,
    CommandName::HoldPreservation,
    CommandName::ExtendPreservation,
    CommandName::ReleasePreservation,
    CommandName::DeletePreserved,
];

fn outcomes() -> impl Strategy<Value = Outcome> {
    (select(OutcomeCode::ALL), -50i64..5, any::<bool>()).prop_map(|(code, seconds, proper)| {
        if proper {
            outcome(code, seconds)
        } else {
            Outcome::new(
                code,
                Basis::Terms,
                at(seconds),
                UploaderInformed::NotPossible,
            )
        }
    })
}

fn commands() -> impl Strategy<Value = Command> {
    prop_oneof![
        2 => Just(Command::Fetch),
        2 => Just(Command::Acknowledge),
        4 => prop::collection::vec((0u128..5, outcomes()), 0..4).prop_map(|all| {
            Command::Decide(all.into_iter().map(|(n, outcome)| (item(n), outcome)).collect())
        }),
        2 => prop::option::of(outcomes()).prop_map(|rest| Command::Close { rest }),
        1 => Just(Command::Refer),
        1 => Just(Command::Ask),
        1 => select(Obstacle::ALL).prop_map(Command::ReportObstacle),
        1 => Just(Command::ObstacleOver),
        2 => Just(Command::Answer),
        1 => Just(Command::Note),
        1 => select(WithdrawalReason::ALL).prop_map(Command::Withdraw),
        2 => (prop::collection::vec(0u128..5, 0..3), select(WithdrawalReason::ALL)).prop_map(|(items, reason)| {
            Command::WithdrawItems { items: items.into_iter().map(item).collect(), reason }
        }),
        2 => (
            prop::collection::vec(select(Fact::ALL), 0..3),
            prop::option::of((prop::option::of(-500i64..500), -500i64..2_000)),
        )
            .prop_map(|(facts, served)| {
                let served = served.map(|(was, now)| Served { was: was.map(at), now: at(now) });
                Command::Correct(Correction { facts, served })
            }),
        1 => (prop::option::of(select(Confidence::ALL)), select(Confidence::ALL))
            .prop_map(|(was, now)| Command::Attribute { was, now }),
        1 => Just(Command::ExtendNonDisclosure),
        1 => Just(Command::LiftNonDisclosure),
        1 => Just(Command::HoldPreservation),
        1 => Just(Command::ExtendPreservation),
        1 => Just(Command::ReleasePreservation),
        1 => Just(Command::DeletePreserved),
        2 => (select(RevisionReason::ALL), prop::collection::vec((0u128..5, outcomes()), 0..3)).prop_map(
            |(reason, all)| Command::Revise {
                reason,
                outcomes: all.into_iter().map(|(n, outcome)| (item(n), outcome)).collect(),
            }
        ),
        1 => select(ReopenReason::ALL).prop_map(Command::Reopen),
        1 => Just(Command::AskScrutiny),
        1 => Just(Command::RecordCopy),
        1 => Just(Command::RecordFinal),
        1 => Just(Command::Doubt),
    ]
}

fn new_requests() -> impl Strategy<Value = NewRequest> {
    (
        select(Kind::ALL),
        prop::option::of((
            select(ClockStart::ALL),
            1u32..72,
            select(AfterInterruption::ALL),
        )),
        (
            any::<bool>(),
            prop::option::of(-500i64..500),
            prop::option::of(0i64..9_999),
        ),
        1u128..5,
    )
        .prop_map(|(kind, clock, (served_apart, served, specified), items)| {
            let clock = clock.map(|(starts, amount, after)| hours(starts, amount, after));
            let mut new = new_request(kind, clock, items);
            new.starts = Starts {
                served_apart,
                served_at: served.map(at),
                specified_due_at: specified.map(at),
            };
            new
        })
}

/// Milliseconds left, where that can be said.
fn left(request: &Request, seconds: i64) -> Option<i64> {
    request.clock.left_ms(at(seconds))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens(
        new in new_requests(),
        steps in prop::collection::vec((commands(), select(Side::ALL), 0i64..2_000), 0..40),
    ) {
        let filed = Request::file(new, at(0)).unwrap();
        prop_assert_eq!(filed.request.version, 1);
        let mut request = filed.request;
        let mut recorded: HashMap<ItemId, Vec<Outcome>> = HashMap::new();
        let mut now = 0;
        for (command, by, seconds) in steps {
            now += seconds;
            let before = request.clone();
            let name = command.name();
            match before.clone().apply(command.clone(), by, at(now)) {
                Err(illegal) => {
                    prop_assert!(!illegal.to_string().is_empty());
                    if let Illegal::Status { status, needs, why, .. } = &illegal {
                        prop_assert_eq!(*status, before.status());
                        prop_assert!(!needs.contains(status) || why.is_some(), "{}", illegal);
                    }
                    continue;
                }
                Ok(Applied::Unchanged(after)) => {
                    prop_assert_eq!(&after, &before);
                    continue;
                }
                Ok(Applied::Changed(change)) => {
                    prop_assert!(name.sides().contains(&by));
                    prop_assert_eq!(change.request.version, before.version + 1);
                    prop_assert_eq!(change.expected_version(), Some(before.version));
                    prop_assert!(change.notices.iter().all(|notice| notice.to == by.other()));
                    for (item, outcome) in &change.decided {
                        recorded.entry(*item).or_default().push(outcome.clone());
                    }
                    request = change.request;
                }
            }
            prop_assert_eq!(request.check(), Ok(()));

            // Outcomes are never lost: an item shows the latest that was recorded for it.
            for item in &request.items {
                let last = recorded.get(&item.id).and_then(|all| all.last());
                let said = item.answer.as_ref().map(|answer| &answer.outcome);
                prop_assert_eq!(said.or(item.outcome.as_ref()), last);
                // An answer to a restoration undoes what was done only by doing so.
                if let Some(answer) = &item.answer {
                    let restored = answer.outcome.code == OutcomeCode::Restored;
                    prop_assert_eq!(item.outcome.as_ref(), if restored { last } else { answer.done.as_ref() });
                }
            }
            // What waits for an outcome is counted, and nothing waits once it is taken back.
            prop_assert!(request.status() != Status::Withdrawn || request.undecided().is_empty());
            // A referral never has a deadline or a reminder.
            if request.kind == Kind::Referral {
                prop_assert_eq!(&request.clock, &Clock::None);
                prop_assert_eq!(remind_at(&request.clock), None);
                prop_assert_eq!(crate::notice::deadline_near(&request, at(now)), None);
            }
            // A withdrawal is final but for the restoration.
            if before.status() == Status::Withdrawn {
                prop_assert_eq!(request.status(), Status::Withdrawn);
                prop_assert_eq!(request.state.withdrawn_at(), before.state.withdrawn_at());
                prop_assert_eq!(request.state.restoration().items(), before.state.restoration().items());
                prop_assert!(matches!(
                    name,
                    CommandName::Note
                        | CommandName::Decide
                        | CommandName::Refer
                        | CommandName::LiftNonDisclosure
                        | CommandName::HoldPreservation
                        | CommandName::ReleasePreservation
                        | CommandName::DeletePreserved
                ));
            }
            // The receipt and the acknowledgement happen once and stay.
            for (was, is) in [
                (before.state.fetched_at(), request.state.fetched_at()),
                (before.state.acknowledged_at(), request.state.acknowledged_at()),
            ] {
                prop_assert!(was.is_none() || was == is);
            }
            // What was taken back stays so, and asks for nothing but what had been done to it.
            for (was, is) in before.items.iter().zip(&request.items) {
                prop_assert!(was.withdrawal.is_none() || was.withdrawal == is.withdrawal);
                if let Some(withdrawal) = is.withdrawal.filter(|_| was.withdrawal.is_none()) {
                    prop_assert_eq!(withdrawal.restore, was.acted_on());
                }
                prop_assert!(is.withdrawal.is_none() || !request.undecided().contains(&is.id));
            }
            // While something is to be put back the platform is waited for, whatever else is open.
            if request.restoration() == ItemRestoration::Asked {
                prop_assert!(matches!(request.waiting_for(), WaitingFor::Platform | WaitingFor::Both));
            }
            // A duty at its side leaves the request where it is.
            if AT_ITS_SIDE.contains(&name) {
                prop_assert_eq!((&request.state, &request.clock), (&before.state, &before.clock));
            }
            // Neither a correction nor a revision opens, closes or withdraws anything.
            if matches!(name, CommandName::Correct | CommandName::Attribute | CommandName::Revise) {
                let answered = before.status() == Status::NeedsInformation && name == CommandName::Correct;
                prop_assert!(answered || request.status() == before.status());
                prop_assert_ne!(request.status(), Status::Withdrawn);
            }
            // What other authorities have to do with it moves nothing, and is about orders alone.
            if matches!(name, CommandName::AskScrutiny | CommandName::RecordCopy | CommandName::RecordFinal) {
                prop_assert_eq!(request.kind, Kind::Order);
                prop_assert_eq!((&request.state, &request.clock), (&before.state, &before.clock));
            }
            // A clock that stopped never runs again, and its deadline never moves.
            if before.clock.state() == ClockState::Stopped {
                prop_assert_eq!(&request.clock, &before.clock);
            }
            // Nothing but the end of an obstacle gives time; a pause neither gives nor takes any.
            let restarts = name == CommandName::Correct || matches!(
                before.state,
                State::NeedsInformation { awaiting: Awaiting::Obstacle(_), .. }
            );
            if let (Some(was), Some(is)) = (left(&before, now), left(&request, now)) && !restarts {
                prop_assert_eq!(was, is);
            }
        }
    }

    #[test]
    fn an_authority_ends_an_order_as_its_agency_would(
        new in new_requests(),
        steps in prop::collection::vec((commands(), select(Side::ALL)), 0..12),
        act in select(Overseen::ALL),
    ) {
        let mut request = Request::file(new, at(0)).unwrap().request;
        for (seconds, (command, by)) in (1..).zip(steps) {
            if let Ok(applied) = request.clone().apply(command, by, at(seconds)) {
                request = applied.into_request();
            }
        }
        let overseen = request.clone().oversee(act, at(100));
        if request.kind == Kind::Referral {
            prop_assert_eq!(overseen, Err(Illegal::NotAnOrder));
            return Ok(());
        }
        if request.status() == Status::Withdrawn {
            prop_assert_eq!(overseen, Err(Illegal::NoOrderLeft));
            return Ok(());
        }
        let change = overseen.unwrap();
        prop_assert!(change.event.by_authority());
        prop_assert_eq!(change.request.check(), Ok(()));
        prop_assert!(change.notices.iter().any(|notice| notice.to == Side::Agency));
        if act == Overseen::Annulled {
            let withdraw = Command::Withdraw(WithdrawalReason::Annulled);
            let withdrawn = request.apply(withdraw, Side::Agency, at(100)).unwrap();
            prop_assert_eq!(&change.request, withdrawn.request());
            prop_assert!(change.notices.iter().any(|notice| notice.to == Side::Platform));
        } else {
            prop_assert_eq!(change.request.state, request.state);
        }
    }

    #[test]
    fn the_result_follows_from_the_items(codes in prop::collection::vec(select(OutcomeCode::ALL), 1..9)) {
        let kind = Kind::Referral;
        let mut request = filed(kind, None, codes.len() as u128).in_work();
        for (n, code) in (1..).zip(&codes) {
            // Only what was acted on can be restored.
            if *code == OutcomeCode::Restored {
                request = request.platform(decide(&[(n, OutcomeCode::Removed)], 30), 30);
            }
            request = request.platform(decide(&[(n, *code)], 40), 40);
        }
        let acted = codes.iter().filter(|code| code.acted_on()).count();
        let expected = if acted == codes.len() {
            ResultCode::Actioned
        } else if acted == 0 {
            ResultCode::NotActioned
        } else {
            ResultCode::PartlyActioned
        };
        prop_assert_eq!(request.platform(close(None, 50), 50).result(), Some(expected));
    }

    #[test]
    fn what_is_stored_is_read_back(
        new in new_requests(),
        steps in prop::collection::vec((commands(), select(Side::ALL)), 0..12),
    ) {
        let mut request = Request::file(new, at(0)).unwrap().request;
        for (seconds, (command, by)) in (1..).zip(steps) {
            if let Ok(applied) = request.clone().apply(command.clone(), by, at(seconds)) {
                request = applied.into_request();
            }
            let command_again: Command = serde_json::from_str(&serde_json::to_string(&command).unwrap()).unwrap();
            prop_assert_eq!(command_again, command);
            let json = serde_json::to_string(&request).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Request>(&json).unwrap(), &request, "{}", json);
        }
    }

    #[test]
    fn a_server_clock_that_jumps_costs_nobody_time(back in 0i64..100_000, ask in 0i64..3_000) {
        let asked = filed(Kind::Order, Some(tco()), 1).in_work().platform(Command::Ask, ask);
        let left_before = left(&asked, ask).unwrap();
        let answered = asked.agency(Command::Answer, ask - back);
        prop_assert_eq!(left(&answered, ask), Some(left_before));
    }
}
