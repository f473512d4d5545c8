#![allow(clippy::unwrap_used)]
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::locator::ItemKind;
use crate::time::parse_rfc3339;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn facts(sent_on: &str) -> Facts {
    Facts {
        sent_on: day(sent_on),
        sent_at: None,
        asked: Some(Kind::Referral),
        legal_basis: None,
        grounds: Vec::new(),
        outcome: None,
        answered_on: None,
        note: None,
        language: None,
    }
}

fn now() -> At {
    parse_rfc3339("2026-11-27T12:00:00Z").unwrap()
}

fn link(text: &str) -> Locator {
    Locator::parse(ItemKind::Url, text).unwrap()
}

fn agency(number: u128) -> AgencyId {
    AgencyId::from_uuid(Uuid::from_u128(number))
}

#[test]
fn what_cannot_be_is_named_and_what_can_passes() {
    assert_eq!(facts("2019-05-02").slips(now()), []);
    assert_eq!(facts("2026-11-28").slips(now()), [], "east of Greenwich");
    assert_eq!(facts("2026-11-29").slips(now()), [Slip::SentInFuture]);
    assert_eq!(facts("0019-05-02").slips(now()), [Slip::SentTooEarly]);
    let mut odd = facts("2019-05-02");
    odd.sent_at = Some(parse_rfc3339("2019-05-01T22:30:00Z").unwrap());
    odd.answered_on = Some(day("2019-05-02"));
    assert_eq!(odd.slips(now()), []);
    odd.sent_at = Some(parse_rfc3339("2019-04-30T22:30:00Z").unwrap());
    odd.answered_on = Some(day("2019-05-01"));
    assert_eq!(
        odd.slips(now()),
        [Slip::InstantOfAnotherDay, Slip::AnsweredBefore]
    );
    odd.answered_on = Some(day("2027-01-01"));
    assert!(odd.slips(now()).contains(&Slip::AnsweredInFuture));
    assert_eq!(Slip::AnsweredBefore.member(), "answered_on");
}

#[test]
fn the_same_mail_is_recognised_however_its_link_is_written() {
    let of = |agency_no, reference, locator, on| {
        identity(agency(agency_no), reference, &link(locator), "", day(on))
    };
    let one = of(1, Some("A-1"), "https://paste.example/x", "2019-05-02");
    assert_eq!(
        one,
        of(
            1,
            Some("A-1"),
            "hxxps[:]//PASTE[.]example:443/x",
            "2019-05-02"
        )
    );
    for other in [
        of(2, Some("A-1"), "https://paste.example/x", "2019-05-02"),
        of(1, Some("A-2"), "https://paste.example/x", "2019-05-02"),
        of(1, None, "https://paste.example/x", "2019-05-02"),
        of(1, Some("A-1"), "https://paste.example/X", "2019-05-02"),
        of(1, Some("A-1"), "https://paste.example/x", "2019-05-03"),
    ] {
        assert_ne!(one, other);
    }
}

#[test]
fn a_second_account_says_where_it_differs() {
    let one = facts("2019-05-02");
    assert!(one.differs(&one).is_empty());
    let mut other = one.clone();
    other.outcome = Some(OutcomeCode::Removed);
    other.note = Some("by telephone".into());
    assert_eq!(one.differs(&other), ["outcome", "note"]);
}

proptest! {
    #[test]
    fn counting_does_not_depend_on_the_order(days in prop::collection::vec(0i64..20_000, 1..20)) {
        let on = |n: i64| EARLIEST + chrono::TimeDelta::days(n);
        let all = |days: &[i64]| {
            days.iter().map(|n| Times::once(on(*n))).reduce(Times::and).unwrap()
        };
        let mut turned = days.clone();
        turned.reverse();
        let told = all(&days);
        prop_assert_eq!(told, all(&turned));
        prop_assert_eq!(told.first_on, on(*days.iter().min().unwrap()));
        prop_assert_eq!(told.last_on, on(*days.iter().max().unwrap()));
        prop_assert_eq!(midnight(told.first_on).date_naive(), told.first_on);
    }
}
