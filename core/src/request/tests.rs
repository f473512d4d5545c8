#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::{fixture::*, *};

fn refused(request: &Request, command: Command, by: Side, seconds: i64) -> Illegal {
    request.clone().apply(command, by, at(seconds)).unwrap_err()
}

fn outcomes_refused(
    request: &Request,
    command: Command,
    seconds: i64,
) -> Vec<(ItemId, OutcomeError)> {
    match refused(request, command, Side::Platform, seconds) {
        Illegal::Outcomes(refused) => refused.into_iter().map(|one| (one.item, one.why)).collect(),
        other => panic!("{other}"),
    }
}

#[test]
fn the_main_job() {
    let change = Request::file(new_request(Kind::Referral, Some(tco()), 2), at(0)).unwrap();
    assert_eq!(change.event, EventType::RequestFiled);
    assert_eq!(change.expected_version(), None);
    assert_eq!(change.notices.len(), 1);
    let request = change.request.in_work();
    assert_eq!(request.version, 3);
    assert_eq!(request.clock, Clock::None, "a referral has no clock");
    let request = request.platform(decide(&[(1, OutcomeCode::Removed)], 30), 30);
    let applied = request
        .apply(
            close(Some(OutcomeCode::DeclinedWithinTerms), 40),
            Side::Platform,
            at(40),
        )
        .unwrap();
    let change = applied.change().unwrap();
    assert_eq!(change.event, EventType::RequestClosed);
    assert_eq!(change.expected_version(), Some(4));
    assert_eq!(change.decided.len(), 1);
    assert_eq!(change.request.result(), Some(ResultCode::PartlyActioned));
    assert_eq!(change.notices[0].to, Side::Agency);
    assert_eq!(change.request.waiting_for(), WaitingFor::Nobody);
}

#[test]
fn reading_and_acknowledging_again_change_nothing() {
    let request = filed(Kind::Order, Some(tco()), 1).in_work();
    for command in [Command::Fetch, Command::Acknowledge] {
        let again = request
            .clone()
            .apply(command, Side::Platform, at(99))
            .unwrap();
        assert_eq!(again, Applied::Unchanged(request.clone()));
    }
    let closed = request.platform(close(Some(OutcomeCode::Removed), 30), 30);
    for command in [Command::Fetch, Command::Acknowledge] {
        let again = closed
            .clone()
            .apply(command, Side::Platform, at(99))
            .unwrap();
        assert_eq!(again, Applied::Unchanged(closed.clone()));
    }
}

#[test]
fn another_reference_is_a_version_of_its_own_and_moves_nothing() {
    let request = filed(Kind::Order, Some(tco()), 1).in_work();
    let named = request.clone().platform(Command::Refer, 99);
    assert_eq!(named.version, request.version + 1);
    assert_eq!(
        (&named.state, &named.clock),
        (&request.state, &request.clock)
    );
    let fetched = filed(Kind::Referral, None, 1).platform(Command::Fetch, 10);
    let withdrawn = fetched
        .clone()
        .agency(Command::Withdraw(WithdrawalReason::Mistake), 20);
    for unacknowledged in [fetched, withdrawn] {
        let said = refused(&unacknowledged, Command::Refer, Side::Platform, 30).to_string();
        assert!(said.contains("acknowledge it first"), "{said}");
    }
}

#[test]
fn refusals_are_sentences_for_people() {
    let fresh = filed(Kind::Order, Some(tco()), 12);
    assert_eq!(
        refused(&fresh, Command::Acknowledge, Side::Platform, 1).to_string(),
        "acknowledge is not possible while the request is filed; it needs fetched, acknowledged or \
         needs_information (read the full request first: reading is the receipt)"
    );
    assert_eq!(
        refused(
            &fresh,
            Command::Reopen(ReopenReason::Appeal),
            Side::Agency,
            1
        )
        .to_string(),
        "reopen is not possible while the request is filed; it needs closed"
    );
    assert_eq!(
        refused(&fresh, Command::Fetch, Side::Agency, 1).to_string(),
        "fetch is for the platform, not for the agency"
    );
    let request = fresh.in_work();
    let said = refused(&request, close(None, 30), Side::Platform, 30).to_string();
    assert!(
        said.starts_with("close needs an outcome for every item; 12 of 12 are undecided: item_")
    );
    assert!(said.ends_with(" and 2 more"), "{said}");
    let request = request
        .platform(Command::Ask, 40)
        .platform(close(Some(OutcomeCode::NotFound), 50), 50);
    let said = refused(
        &request,
        decide(&[(1, OutcomeCode::Removed)], 60),
        Side::Platform,
        60,
    );
    assert!(
        said.to_string().contains("(reopen it first, or say"),
        "{said}"
    );
    assert_eq!(said.code(), "status");
    assert_eq!(
        said.needs(),
        [Status::Acknowledged, Status::NeedsInformation]
    );
}

#[test]
fn outcomes_that_make_no_sense_are_refused_together_and_nothing_is_recorded() {
    let request = filed(Kind::Order, Some(tco()), 3).in_work();
    let mut nowhere = outcome(OutcomeCode::GeoBlocked, 30);
    nowhere.countries.clear();
    let mut somewhere = outcome(OutcomeCode::Removed, 30);
    somewhere.countries.push("PL".parse().unwrap());
    let command = Command::Decide(vec![
        (item(1), outcome(OutcomeCode::DeclinedWithinTerms, 30)),
        (item(2), nowhere),
        (item(2), outcome(OutcomeCode::Removed, 30)),
        (item(9), outcome(OutcomeCode::Removed, 30)),
        (item(3), somewhere),
    ]);
    assert_eq!(
        outcomes_refused(&request, command, 30),
        [
            (item(1), OutcomeError::OnlyForReferrals),
            (item(2), OutcomeError::CountriesNeeded),
            (item(2), OutcomeError::RepeatedItem),
            (item(9), OutcomeError::UnknownItem),
            (
                item(3),
                OutcomeError::CountriesNotWanted(OutcomeCode::Removed)
            ),
        ]
    );
    let one = |outcome: Outcome| {
        outcomes_refused(&request, Command::Decide(vec![(item(1), outcome)]), 30)[0]
            .1
            .clone()
    };
    let mut blank = outcome(OutcomeCode::Duplicate, 30);
    blank.duplicate_of = Some("  ".into());
    assert_eq!(one(blank), OutcomeError::DuplicateOfNeeded);
    assert_eq!(
        one(outcome(OutcomeCode::Restored, 30)),
        OutcomeError::NotActedOn
    );
    assert!(matches!(
        one(outcome(OutcomeCode::Removed, 41)),
        OutcomeError::NotYet { .. }
    ));
    let mut long = outcome(OutcomeCode::Removed, 30);
    long.note = Some("x".repeat(MAX_NOTE_CHARS + 1));
    assert_eq!(one(long).member(), "note");
    assert_eq!(
        refused(&request, Command::Decide(Vec::new()), Side::Platform, 30),
        Illegal::NothingDecided
    );
    let request = request.platform(decide(&[(1, OutcomeCode::Removed)], 40), 30);
    assert_eq!(
        request.undecided(),
        [item(2), item(3)],
        "ten seconds ahead are a clock's error"
    );
}

#[test]
fn the_same_outcome_twice_is_one() {
    let request = filed(Kind::Order, None, 2)
        .in_work()
        .platform(decide(&[(1, OutcomeCode::Removed)], 30), 30);
    let again = request.clone().apply(
        decide(&[(1, OutcomeCode::Removed)], 30),
        Side::Platform,
        at(50),
    );
    assert_eq!(again.unwrap(), Applied::Unchanged(request.clone()));
    let both = decide(&[(1, OutcomeCode::Removed), (2, OutcomeCode::Removed)], 30);
    let change = request
        .apply(both, Side::Platform, at(50))
        .unwrap()
        .change()
        .unwrap();
    assert_eq!(change.decided.len(), 1);
}

#[test]
fn deciding_waits_for_the_acknowledgement_but_not_for_the_agency() {
    let asked = filed(Kind::Order, Some(tco()), 1)
        .platform(Command::Fetch, 10)
        .platform(Command::Ask, 20);
    let said = refused(
        &asked,
        decide(&[(1, OutcomeCode::Removed)], 30),
        Side::Platform,
        30,
    );
    assert!(
        said.to_string().ends_with("(acknowledge it first)"),
        "{said}"
    );
    let asked = asked.platform(Command::Acknowledge, 30);
    assert_eq!(asked.status(), Status::NeedsInformation);
    assert_eq!(asked.state.acknowledged_at(), Some(at(30)));
    let closed = asked
        .clone()
        .platform(close(Some(OutcomeCode::Removed), 40), 40);
    assert_eq!(closed.result(), Some(ResultCode::Actioned));
    let answered = asked.agency(Command::Answer, 50);
    assert_eq!(answered.status(), Status::Acknowledged);
}

#[test]
fn withdrawing_what_was_acted_on_asks_for_restoration() {
    let request = filed(Kind::Order, Some(tco()), 3)
        .in_work()
        .platform(
            decide(
                &[(1, OutcomeCode::Removed), (2, OutcomeCode::GeoBlocked)],
                30,
            ),
            30,
        )
        .platform(close(Some(OutcomeCode::NotFound), 40), 40)
        .agency(Command::Withdraw(WithdrawalReason::Annulled), 50);
    assert_eq!(request.state.restoration().items(), [item(1), item(2)]);
    assert_eq!(request.waiting_for(), WaitingFor::Platform);
    assert_eq!(request.result(), None);
    let wrong = decide(&[(1, OutcomeCode::Removed), (3, OutcomeCode::Restored)], 60);
    assert_eq!(
        outcomes_refused(&request, wrong, 60),
        [
            (item(1), OutcomeError::OnlyRestoration(OutcomeCode::Removed)),
            (item(3), OutcomeError::NothingToRestore),
        ]
    );
    let request = request.platform(decide(&[(1, OutcomeCode::Restored)], 60), 60);
    assert_eq!(request.state.restoration().as_str(), "asked");
    let change = request
        .apply(
            decide(&[(2, OutcomeCode::DeclinedNotUnlawful)], 70),
            Side::Platform,
            at(70),
        )
        .unwrap()
        .change()
        .unwrap();
    assert_eq!(change.event, EventType::RestorationAnswered);
    assert!(
        matches!(change.request.state.restoration(), Restoration::Answered { at: when, .. } if *when == at(70))
    );
    let corrected = change
        .request
        .platform(decide(&[(2, OutcomeCode::Restored)], 80), 80);
    assert!(
        matches!(corrected.state.restoration(), Restoration::Answered { at: when, .. } if *when == at(70))
    );
    assert!(matches!(
        refused(
            &corrected,
            Command::Withdraw(WithdrawalReason::Mistake),
            Side::Agency,
            90
        ),
        Illegal::Status { .. }
    ));
}

#[test]
fn nothing_to_restore_nothing_to_decide() {
    let request =
        filed(Kind::Referral, None, 1).agency(Command::Withdraw(WithdrawalReason::Mistake), 5);
    assert_eq!(request.waiting_for(), WaitingFor::Nobody);
    let said = refused(
        &request,
        decide(&[(1, OutcomeCode::Restored)], 6),
        Side::Platform,
        6,
    );
    assert!(said.to_string().contains("nothing to restore"), "{said}");
    let read = request
        .clone()
        .apply(Command::Fetch, Side::Platform, at(9))
        .unwrap();
    assert_eq!(read, Applied::Unchanged(request));
}

#[test]
fn filings_without_items_or_with_too_many_are_refused() {
    for items in [0, MAX_ITEMS as u128 + 1] {
        let refused = Request::file(new_request(Kind::Referral, None, items), at(0));
        assert_eq!(refused, Err(NotFiled::Items(items as usize)));
    }
    let mut twice = new_request(Kind::Referral, None, 2);
    twice.items[1] = twice.items[0];
    assert_eq!(
        Request::file(twice, at(0)),
        Err(NotFiled::RepeatedItem(item(1)))
    );
}

#[test]
fn states_are_stored_like_this() {
    let request = filed(Kind::Order, Some(tco()), 1)
        .in_work()
        .platform(decide(&[(1, OutcomeCode::Removed)], 30), 30)
        .agency(Command::Withdraw(WithdrawalReason::Annulled), 50);
    assert_eq!(
        serde_json::to_value(&request.state).unwrap(),
        serde_json::json!({
            "status": "withdrawn",
            "from": "in_work",
            "reached": "acknowledged",
            "fetched_at": "2026-03-02T12:00:10Z",
            "acknowledged_at": "2026-03-02T12:00:20Z",
            "withdrawn_at": "2026-03-02T12:00:50Z",
            "reason": "annulled",
            "restoration": "asked",
            "items": [item(1).to_string()],
        })
    );
}
