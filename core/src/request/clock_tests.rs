//! Clocks through the life of a request.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::{fixture::*, *};
use crate::instrument::{AfterInterruption, ClockStart, Obstacle, Unit};

#[test]
fn force_majeure_ends_when_the_platform_says_so() {
    let request = filed(Kind::Order, Some(tco()), 1)
        .in_work()
        .platform(Command::ReportObstacle(Obstacle::ForceMajeure), 30);
    assert_eq!(request.waiting_for(), WaitingFor::Platform);
    let answered = request.agency(Command::Answer, 40);
    assert_eq!(answered.status(), Status::NeedsInformation);
    assert_eq!(answered.clock.state(), ClockState::Standing);
    let over = answered.platform(Command::ObstacleOver, 50);
    assert_eq!(over.clock.due_at(), Some(at(3_650)), "the hour starts anew");
    assert_eq!(over.status(), Status::Acknowledged);
    let asked = over.platform(Command::Ask, 60);
    let said = asked
        .apply(Command::ObstacleOver, Side::Platform, at(70))
        .unwrap_err();
    assert!(
        said.to_string().contains("no obstacle was reported"),
        "{said}"
    );
}

#[test]
fn a_question_beside_an_obstacle_does_not_replace_it() {
    let request = filed(Kind::Order, Some(tco()), 1)
        .in_work()
        .platform(Command::ReportObstacle(Obstacle::ManifestError), 30)
        .platform(Command::Ask, 40);
    let answered = request.agency(Command::Answer, 100);
    assert_eq!(answered.clock.due_at(), Some(at(3_700)));
}

#[test]
fn a_question_pauses_and_an_obstacle_restarts() {
    let request = filed(Kind::Order, Some(tco()), 1).in_work();
    assert_eq!(request.clock.due_at(), Some(at(3_610)));
    let asked = request.clone().platform(Command::Ask, 610);
    assert_eq!(asked.clock.due_at(), None);
    assert_eq!(asked.clock.left_ms(at(9_999)), Some(3_000_000));
    let asked = asked.platform(Command::Ask, 900);
    let answered = asked.agency(Command::Answer, 1_610);
    assert_eq!(answered.clock.due_at(), Some(at(4_610)));
    let reported = request
        .platform(
            Command::ReportObstacle(Obstacle::InsufficientInformation),
            610,
        )
        .agency(Command::Answer, 1_610);
    assert_eq!(reported.clock.due_at(), Some(at(1_610 + 3_600)));
}

#[test]
fn what_starts_which_clock() {
    let file = |starts: ClockStart, given: Starts| {
        let rule = hours(starts, 24, AfterInterruption::Resumes);
        let mut new = new_request(Kind::Order, Some(rule), 1);
        new.starts = given;
        Request::file(new, at(0)).unwrap().request
    };
    let day = 24 * 3_600;
    for starts in [
        ClockStart::Receipt,
        ClockStart::Knowledge,
        ClockStart::Given,
    ] {
        let request = file(starts, Starts::default());
        assert_eq!(request.clock.state(), ClockState::Waiting);
        assert_eq!(
            request.in_work().clock.due_at(),
            Some(at(10 + day)),
            "{starts:?}"
        );
    }
    let apart = Starts {
        served_apart: true,
        ..Starts::default()
    };
    let copy = file(ClockStart::Given, apart).in_work();
    assert_eq!(
        copy.clock.state(),
        ClockState::Waiting,
        "reading a copy is not service"
    );
    let served = Starts {
        served_at: Some(at(-60)),
        ..apart
    };
    let served = file(ClockStart::Given, served);
    assert_eq!(served.clock.due_at(), Some(at(day - 60)));
    assert_eq!(served.in_work().clock.due_at(), Some(at(day - 60)));
    let specified = Starts {
        specified_due_at: Some(at(500)),
        ..Starts::default()
    };
    let specified = file(ClockStart::Specified, specified);
    assert_eq!(specified.clock.due_at(), Some(at(500)));
    let later = specified
        .in_work()
        .platform(Command::ReportObstacle(Obstacle::ForceMajeure), 100)
        .platform(Command::ObstacleOver, 200);
    assert_eq!(later.clock.due_at(), Some(at(600)));
}

#[test]
fn a_calendar_that_ends_is_found_out_at_the_filing() {
    let rule = ClockRule {
        unit: Unit::WorkingDays {
            calendar: "nowhere".into(),
            days: None,
        },
        ..tco()
    };
    let refused = Request::file(new_request(Kind::Order, Some(rule), 1), at(0));
    assert!(matches!(refused, Err(NotFiled::Clock(ClockError::Rule(_)))));
}

#[test]
fn reading_goes_on_without_a_date_when_the_calendar_has_ended() {
    let rule = ClockRule {
        starts: ClockStart::Receipt,
        amount: 2,
        unit: Unit::WorkingDays {
            calendar: "uk".into(),
            days: None,
        },
        after_interruption: AfterInterruption::Restarts,
    };
    let filed = filed(Kind::Order, Some(rule), 1);
    let long_after = 200_000_000;
    let read = filed.platform(Command::Fetch, long_after);
    assert_eq!(read.clock.due_at(), None, "no date rather than a wrong one");
    assert!(matches!(
        read.clock,
        Clock::Waiting {
            until: Start::Calendar,
            ..
        }
    ));
    let done = read
        .platform(Command::Acknowledge, long_after + 1)
        .platform(close(Some(OutcomeCode::NotFound), 30), long_after + 2);
    assert_eq!(done.status(), Status::Closed);
}

#[test]
fn a_stopped_clock_never_runs_again() {
    let request = filed(Kind::Order, Some(tco()), 1)
        .in_work()
        .platform(close(Some(OutcomeCode::NotFound), 30), 30);
    let stopped = Clock::Stopped {
        due_at: at(3_610),
        at: at(30),
    };
    assert_eq!(request.clock, stopped);
    let reopened = request.agency(Command::Reopen(ReopenReason::NewFacts), 60);
    assert_eq!(reopened.status(), Status::Acknowledged);
    assert_eq!(reopened.state.closed_at(), None);
    let asked = reopened
        .platform(Command::Ask, 70)
        .agency(Command::Answer, 80);
    assert_eq!(asked.clock, stopped);
    let again = asked
        .platform(decide(&[(1, OutcomeCode::Removed)], 90), 90)
        .platform(close(None, 90), 99);
    assert_eq!(again.result(), Some(ResultCode::Actioned));
    assert_eq!(again.clock, stopped);
}

#[test]
fn the_reminder_comes_a_quarter_before_and_never_too_late() {
    let request = filed(Kind::Order, Some(tco()), 1).in_work();
    assert_eq!(remind_at(&request.clock), Some(at(10 + 2_700)));
    let near = crate::notice::deadline_near;
    assert_eq!(near(&request, at(2_709)), None);
    assert!(near(&request, at(2_710)).is_some());
    assert_eq!(near(&request, at(3_610)), None, "too late to be near");
    let day = filed(
        Kind::Order,
        Some(hours(ClockStart::Receipt, 24, AfterInterruption::Resumes)),
        1,
    );
    assert_eq!(remind_at(&day.clock), None);
    assert_eq!(remind_at(&day.in_work().clock), Some(at(10 + 18 * 3_600)));
    let short = request
        .platform(Command::Ask, 3_600)
        .agency(Command::Answer, 4_000);
    assert_eq!(
        remind_at(&short.clock),
        Some(at(4_000)),
        "ten seconds are left"
    );
    assert_eq!(remind_at(&Clock::None), None);
}

#[test]
fn a_deadline_never_leaves_the_years_that_can_be_written() {
    let rule = hours(ClockStart::Specified, 0, AfterInterruption::Resumes);
    let mut new = new_request(Kind::Order, Some(rule), 1);
    new.starts.specified_due_at = Some(crate::time::LAST);
    let filed = Request::file(new, at(0)).unwrap().request;
    let answered = filed
        .platform(Command::Fetch, 10)
        .platform(Command::Ask, 20)
        .agency(Command::Answer, 30);
    assert_eq!(answered.clock.due_at(), Some(crate::time::LAST));
}
