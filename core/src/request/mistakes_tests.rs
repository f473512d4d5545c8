//! Mistakes put right, each as it is told to the people it concerns.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::{fixture::*, *};
use crate::instrument::{AfterInterruption, ClockStart, Obstacle};

fn withdraw(items: &[u128]) -> Command {
    Command::WithdrawItems {
        items: items.iter().map(|n| item(*n)).collect(),
        reason: WithdrawalReason::Mistake,
    }
}

fn correct(facts: &[Fact]) -> Command {
    Command::Correct(Correction {
        facts: facts.to_vec(),
        served: None,
    })
}

fn served(was: Option<i64>, now: i64) -> Command {
    Command::Correct(Correction {
        facts: vec![Fact::Service],
        served: Some(Served {
            was: was.map(at),
            now: at(now),
        }),
    })
}

fn revise(n: u128, code: OutcomeCode, seconds: i64) -> Command {
    Command::Revise {
        reason: RevisionReason::AppealUpheld,
        outcomes: vec![(item(n), outcome(code, seconds))],
    }
}

fn refused(request: &Request, command: Command, by: Side, seconds: i64) -> Illegal {
    request.clone().apply(command, by, at(seconds)).unwrap_err()
}

#[test]
fn one_item_is_taken_back_and_the_rest_decides_the_result() {
    let request = filed(Kind::Referral, None, 3)
        .in_work()
        .agency(withdraw(&[2]), 25)
        .platform(decide(&[(1, OutcomeCode::Removed)], 30), 30)
        .platform(close(Some(OutcomeCode::NotFound), 40), 40);
    assert_eq!(request.result(), Some(ResultCode::PartlyActioned));
    assert!(request.item(item(2)).unwrap().outcome.is_none());
    let request = request.agency(withdraw(&[3]), 50);
    assert_eq!(request.result(), Some(ResultCode::Actioned));
    assert_eq!(request.waiting_for(), WaitingFor::Nobody);
    assert_eq!(request.check(), Ok(()));
    let whole = request.agency(withdraw(&[1]), 60);
    assert_eq!(whole.status(), Status::Withdrawn, "it was the last");
    assert_eq!(whole.restoration(), ItemRestoration::Asked);
}

#[test]
fn an_item_acted_on_is_asked_back_while_the_request_stays_closed() {
    let request = filed(Kind::Order, Some(tco()), 2)
        .in_work()
        .platform(close(Some(OutcomeCode::Removed), 30), 30)
        .agency(withdraw(&[1]), 40);
    assert_eq!(request.status(), Status::Closed);
    assert_eq!(request.restoration(), ItemRestoration::Asked);
    assert_eq!(request.waiting_for(), WaitingFor::Platform);
    let other = decide(&[(2, OutcomeCode::Restored)], 50);
    assert!(matches!(
        refused(&request, other, Side::Platform, 50),
        Illegal::Status { .. }
    ));
    let change = request
        .apply(
            decide(&[(1, OutcomeCode::Restored)], 50),
            Side::Platform,
            at(50),
        )
        .unwrap()
        .change()
        .unwrap();
    assert_eq!(change.event, EventType::RestorationAnswered);
    assert_eq!(change.request.restoration(), ItemRestoration::Answered);
    assert_eq!(change.request.waiting_for(), WaitingFor::Nobody);
    assert_eq!(change.request.result(), Some(ResultCode::Actioned));
}

#[test]
fn what_is_asked_back_can_be_put_back_after_the_last_item_took_the_request_with_it() {
    let request = filed(Kind::Referral, None, 2)
        .in_work()
        .platform(decide(&[(1, OutcomeCode::Removed)], 30), 30)
        .agency(withdraw(&[1]), 40)
        .platform(decide(&[(1, OutcomeCode::DeclinedNotUnlawful)], 50), 50)
        .agency(withdraw(&[2]), 60);
    assert_eq!(request.status(), Status::Withdrawn);
    assert_eq!(request.restoration(), ItemRestoration::Answered);
    assert_eq!(request.check(), Ok(()));
    let restored = request.platform(decide(&[(1, OutcomeCode::Restored)], 70), 70);
    let now = restored.item(item(1)).and_then(|item| item.outcome.clone());
    assert_eq!(now.map(|outcome| outcome.code), Some(OutcomeCode::Restored));
    assert_eq!(restored.check(), Ok(()));
}

#[test]
fn declining_to_restore_leaves_what_was_done_and_can_be_put_right() {
    let asked = filed(Kind::Referral, None, 2)
        .in_work()
        .platform(close(Some(OutcomeCode::Removed), 30), 30)
        .agency(withdraw(&[1]), 40);
    let codes = |request: &Request| {
        let item = request.item(item(1)).unwrap();
        let answer = item.answer.as_ref().map(|answer| answer.outcome.code);
        (item.outcome.as_ref().map(|o| o.code), answer)
    };
    let declined = asked.platform(decide(&[(1, OutcomeCode::DeclinedNotUnlawful)], 50), 50);
    let removed = Some(OutcomeCode::Removed);
    assert_eq!(
        codes(&declined),
        (removed, Some(OutcomeCode::DeclinedNotUnlawful))
    );
    assert_eq!(declined.restoration(), ItemRestoration::Answered);
    let restored = declined
        .clone()
        .platform(decide(&[(1, OutcomeCode::Restored)], 60), 60);
    assert_eq!(
        codes(&restored),
        (Some(OutcomeCode::Restored), Some(OutcomeCode::Restored))
    );
    let not_after_all = restored.platform(decide(&[(1, OutcomeCode::DeclinedNotUnlawful)], 70), 70);
    assert_eq!(codes(&not_after_all).0, removed);
    let whole = declined.agency(withdraw(&[2]), 80);
    assert_eq!(whole.restoration(), ItemRestoration::Asked, "of the other");
    assert_eq!(codes(&whole).0, removed);
}

#[test]
fn an_open_question_does_not_hide_that_something_is_to_be_put_back() {
    let request = filed(Kind::Referral, None, 2)
        .in_work()
        .platform(decide(&[(1, OutcomeCode::Removed)], 30), 30)
        .agency(withdraw(&[1]), 40)
        .platform(Command::Ask, 50);
    assert_eq!(request.waiting_for(), WaitingFor::Both);
    let answered = request.agency(Command::Answer, 60);
    assert_eq!(answered.waiting_for(), WaitingFor::Platform);
}

#[test]
fn nothing_waits_for_an_outcome_once_it_is_taken_back() {
    let request =
        filed(Kind::Referral, None, 3).agency(Command::Withdraw(WithdrawalReason::Mistake), 10);
    assert!(request.undecided().is_empty());
}

#[test]
fn the_same_again_without_a_moment_is_no_other_outcome() {
    let request = filed(Kind::Referral, None, 1)
        .in_work()
        .platform(close(Some(OutcomeCode::Removed), 30), 30);
    let again = |code, seconds| request.undated(item(1), outcome(code, seconds));
    assert_eq!(
        again(OutcomeCode::Removed, 90),
        outcome(OutcomeCode::Removed, 30)
    );
    assert_eq!(
        again(OutcomeCode::Restricted, 90),
        outcome(OutcomeCode::Restricted, 90)
    );
}

#[test]
fn what_was_never_acted_on_cannot_be_restored() {
    let request = filed(Kind::Referral, None, 2)
        .in_work()
        .platform(close(Some(OutcomeCode::NotFound), 30), 30);
    let said = refused(
        &request,
        revise(1, OutcomeCode::Restored, 40),
        Side::Platform,
        40,
    );
    assert!(
        said.to_string()
            .contains("restored needs an item that was acted on"),
        "{said}"
    );
    let request = request
        .platform(revise(2, OutcomeCode::Removed, 40), 40)
        .agency(withdraw(&[1]), 50);
    let said = refused(
        &request,
        decide(&[(1, OutcomeCode::Restored)], 60),
        Side::Platform,
        60,
    );
    assert!(said.to_string().contains("had not been acted on"), "{said}");
}

#[test]
fn an_appeal_upheld_adds_an_outcome_and_the_result_follows() {
    let request = filed(Kind::Referral, None, 1)
        .in_work()
        .platform(close(Some(OutcomeCode::Removed), 30), 30)
        .platform(revise(1, OutcomeCode::Restored, 40), 40);
    assert_eq!(
        (request.status(), request.result()),
        (Status::Closed, Some(ResultCode::NotActioned))
    );
    let open = filed(Kind::Referral, None, 1).in_work();
    let said = refused(
        &open,
        revise(1, OutcomeCode::Removed, 40),
        Side::Platform,
        40,
    );
    assert!(said.to_string().contains("decide it"), "{said}");
}

#[test]
fn a_correction_that_clarifies_is_the_answer_and_starts_the_hour_anew() {
    let request = filed(Kind::Order, Some(tco()), 1)
        .in_work()
        .platform(Command::ReportObstacle(Obstacle::ManifestError), 100);
    let other = request.clone().agency(correct(&[Fact::Officer]), 200);
    assert_eq!(other.status(), Status::NeedsInformation);
    let answered = request.agency(correct(&[Fact::Grounds, Fact::Reasons]), 500);
    assert_eq!(answered.status(), Status::Acknowledged);
    assert_eq!(answered.clock.due_at(), Some(at(500 + 3_600)));
    let said = refused(&answered, correct(&[Fact::Grounds]), Side::Agency, 600);
    assert!(
        said.to_string().contains("makes it another order"),
        "{said}"
    );
    let force = answered.platform(Command::ReportObstacle(Obstacle::ForceMajeure), 700);
    let said = refused(&force, correct(&[Fact::Grounds]), Side::Agency, 750);
    assert!(
        said.to_string().contains("makes it another order"),
        "nobody waits for the agency to clarify: {said}"
    );
    let force = force.agency(correct(&[Fact::Reasons]), 800);
    assert_eq!(
        force.status(),
        Status::NeedsInformation,
        "no writing ends force majeure"
    );
}

#[test]
fn service_recorded_later_starts_the_clock_from_the_day_of_service() {
    let rule = hours(ClockStart::Given, 48, AfterInterruption::Resumes);
    let mut new = new_request(Kind::Order, Some(rule), 1);
    new.starts.served_apart = true;
    let request = Request::file(new, at(0)).unwrap().request.in_work();
    assert_eq!(request.clock.state(), ClockState::Waiting);
    let said = refused(&request, served(None, 900), Side::Agency, 800);
    assert!(said.to_string().contains("served yet"), "{said}");
    let running = request.clone().agency(served(None, 600), 800);
    assert_eq!(running.clock.due_at(), Some(at(600 + 48 * 3_600)));
    let corrected = running.clone().agency(served(Some(600), 700), 900);
    assert_eq!(corrected.clock.due_at(), Some(at(700 + 48 * 3_600)));
    let asked = request
        .platform(Command::Ask, 700)
        .agency(served(None, 600), 800);
    assert_eq!(
        asked.clock.left_ms(at(800)),
        Some((48 * 3_600 - 100) * 1_000)
    );
    assert_eq!(asked.status(), Status::NeedsInformation);
    let interrupted = running
        .platform(Command::Ask, 1_000)
        .agency(Command::Answer, 1_100);
    assert!(matches!(
        refused(&interrupted, served(Some(600), 500), Side::Agency, 1_200),
        Illegal::Fact { .. }
    ));
    let referral = filed(Kind::Referral, None, 1);
    assert!(matches!(
        refused(&referral, served(None, 0), Side::Agency, 10),
        Illegal::Fact { .. }
    ));
}

#[test]
fn an_order_cannot_ask_to_wait() {
    let decoy = Command::Attribute {
        was: None,
        now: Confidence::SuspectedDecoy,
    };
    let order = filed(Kind::Order, Some(tco()), 1);
    assert_eq!(
        refused(&order, decoy.clone(), Side::Agency, 5),
        Illegal::DecoyOrdered
    );
    let referral = filed(Kind::Referral, None, 1).agency(decoy, 5);
    assert_eq!((referral.version, referral.status()), (2, Status::Filed));
    let told = |was, now| {
        let command = Command::Attribute { was, now };
        let applied = referral.clone().apply(command, Side::Agency, at(9));
        applied.unwrap().change().unwrap().notices.len()
    };
    assert_eq!(
        told(Some(Confidence::SuspectedDecoy), Confidence::Probable),
        1
    );
    assert_eq!(told(Some(Confidence::Possible), Confidence::Probable), 0);
}
