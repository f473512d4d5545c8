#![allow(clippy::unwrap_used)]
use chrono::TimeDelta;
use uuid::Uuid;

use super::*;
use crate::id::AgencyId;
use crate::instrument::{Acquaintance, Catalogue, Instrument, PriorNotice};
use crate::time::{At, from_millis};

fn at(minutes: i64) -> At {
    from_millis(1_800_000_000_000 + minutes * 60_000).unwrap()
}

fn order() -> &'static Instrument {
    Catalogue::builtin().get("eu-tco-order").unwrap()
}

fn authority() -> AgencyId {
    AgencyId::from_uuid(Uuid::from_u128(5))
}

fn copied() -> Scrutiny {
    Scrutiny::begin(order().scrutiny.as_ref().unwrap(), Some(authority()), at(0))
}

const HOUR: i64 = 60;

#[test]
fn a_first_order_waits_twelve_hours_after_the_notice() {
    let known = |noticed_at: Option<i64>, waived| Acquaintance {
        ordered_before: false,
        noticed_at: noticed_at.map(at),
        waived,
    };
    let judge = |known, minutes| order().prior_notice(known, at(minutes));
    let none = judge(known(None, false), 0).unwrap_err();
    assert_eq!(none.rule, "instrument.prior_notice");
    assert_eq!(none.pointer, "/prior_notice_waived");
    assert!(none.citation.ends_with("Art 3(2)") && none.detail.contains("12 hours"));
    let early = judge(known(Some(0), false), 12 * HOUR - 1).unwrap_err();
    let from = crate::time::rfc3339(at(12 * HOUR));
    assert!(early.detail.contains(&from), "{}", early.detail);
    for (known, minutes, expected) in [
        (known(Some(0), false), 12 * HOUR, PriorNotice::Notice),
        // A waiver that is not needed is not one.
        (known(Some(0), true), 12 * HOUR, PriorNotice::Notice),
        (known(Some(0), true), 1, PriorNotice::Waived),
        (known(None, true), 1, PriorNotice::Waived),
    ] {
        assert_eq!(judge(known, minutes), Ok(Some(expected)));
    }
    let again = Acquaintance {
        ordered_before: true,
        noticed_at: None,
        waived: true,
    };
    assert_eq!(judge(again, 0), Ok(Some(PriorNotice::EarlierOrder)));
    let referral = Catalogue::builtin().get("referral").unwrap();
    assert_eq!(referral.prior_notice(known(None, false), at(0)), Ok(None));
}

#[test]
fn a_border_is_crossed_between_two_countries_into_the_union() {
    let rule = order().scrutiny.as_ref().unwrap();
    let applies = |of: &str, to: &str| rule.applies(of.parse().unwrap(), to.parse().unwrap());
    assert!(applies("PL", "DE"));
    assert!(!applies("DE", "DE"));
    assert!(!applies("PL", "US"));
}

#[test]
fn it_is_open_while_it_can_be_asked_for_or_is_to_be_decided() {
    let none = copied();
    assert_eq!(none.open_until(None), Some(at(72 * HOUR)));
    assert_eq!(none.open_until(Some(at(10))), Some(at(72 * HOUR)));
    let late = at(30 * HOUR);
    assert_eq!(none.open_until(Some(late)), Some(at(78 * HOUR)));
    let asked = none
        .ask(Requester::Platform, late, None, at(31 * HOUR))
        .unwrap();
    assert_eq!(asked.open_until(Some(late)), Some(at((31 + 72) * HOUR)));
    let rule = order().scrutiny.as_ref().unwrap();
    let by_hand = Scrutiny::begin(rule, None, at(0));
    assert_eq!(
        by_hand.open_until(Some(late)),
        None,
        "nobody here can be asked"
    );
    let decided = Scrutiny {
        decision: Some(Decision {
            finding: Finding::NoInfringement,
            at: at(40 * HOUR),
            late: false,
        }),
        ..asked
    };
    assert_eq!(decided.open_until(Some(late)), None);
}

#[test]
fn a_platform_asks_within_48_hours_of_the_receipt() {
    let ask = |minutes| copied().ask(Requester::Platform, at(10), None, at(minutes));
    let asked = ask(48 * HOUR + 10).unwrap();
    assert_eq!(asked.due_at(), Some(at((48 + 72) * HOUR + 10)));
    let late = ask(48 * HOUR + 11).unwrap_err();
    assert!(
        matches!(late, ScrutinyError::AskedLate { hours: 48, until, .. } if until == at(48 * HOUR + 10))
    );
    assert!(late.to_string().contains("2021/784"), "{late}");
    let again = asked.ask(Requester::Platform, at(10), None, at(20));
    assert_eq!(again, Err(ScrutinyError::AskedAlready(at(48 * HOUR + 10))));
    // Whom nobody registered nobody can ask here.
    let rule = order().scrutiny.as_ref().unwrap();
    let nobody = Scrutiny::begin(rule, None, at(0));
    assert_eq!(nobody.copied_at(), None);
    assert_eq!(nobody.due_at(), None);
    let refused = nobody.ask(Requester::Platform, at(1), None, at(2));
    assert!(matches!(refused, Err(ScrutinyError::NobodyToAsk(_))));
}

#[test]
fn a_content_provider_asks_within_48_hours_of_being_told() {
    let ask = |informed: Option<i64>, minutes| {
        copied().ask(
            Requester::ContentProvider,
            at(10),
            informed.map(at),
            at(minutes),
        )
    };
    let told = 30 * HOUR;
    assert!(ask(Some(told), told + 48 * HOUR).is_ok());
    assert!(matches!(
        ask(Some(told), told + 48 * HOUR + 1),
        Err(ScrutinyError::AskedLate { .. })
    ));
    for informed in [None, Some(9), Some(41)] {
        let refused = ask(informed, 40).unwrap_err();
        assert!(
            matches!(refused, ScrutinyError::InformedAt(_)),
            "{informed:?}"
        );
    }
    let mixed = copied().ask(Requester::Platform, at(10), Some(at(11)), at(12));
    assert!(matches!(mixed, Err(ScrutinyError::InformedAt(_))));
}

#[test]
fn on_its_own_initiative_the_authority_has_72_hours_and_on_a_request_it_is_late_on_record() {
    let end = 72 * HOUR;
    let decided = copied().decide(Finding::NoInfringement, at(end)).unwrap();
    assert!(!decided.decision.unwrap().late);
    assert_eq!(decided.due_at(), None);
    for refused in [
        copied().decide(Finding::NoInfringement, at(end + 1)),
        copied().announce(at(end + 1)),
    ] {
        assert!(matches!(
            refused,
            Err(ScrutinyError::InitiativeOver { hours: 72, .. })
        ));
    }
    let asked = copied()
        .ask(Requester::Platform, at(0), None, at(60))
        .unwrap();
    let late = asked
        .clone()
        .decide(Finding::NoInfringement, at(end + 61))
        .unwrap();
    assert!(late.decision.unwrap().late);
    let in_time = asked.decide(Finding::NoInfringement, at(end + 60)).unwrap();
    assert!(!in_time.decision.unwrap().late);
    let again = in_time
        .clone()
        .decide(Finding::NoInfringement, at(end + 60));
    assert_eq!(again, Err(ScrutinyError::Decided(at(end + 60))));
    assert!(matches!(
        in_time.announce(at(end)),
        Err(ScrutinyError::Decided(_))
    ));
}

#[test]
fn an_infringement_is_announced_before_it_is_found() {
    let refused = copied().decide(Finding::Infringement, at(1)).unwrap_err();
    assert!(matches!(refused, ScrutinyError::NotAnnounced(_)));
    let announced = copied().announce(at(1)).unwrap().announce(at(2)).unwrap();
    assert_eq!(announced.announced_at, Some(at(1)));
    let found = announced.decide(Finding::Infringement, at(3)).unwrap();
    assert_eq!(found.decision.unwrap().finding, Finding::Infringement);
    let json = serde_json::to_string(&found).unwrap();
    assert_eq!(serde_json::from_str::<Scrutiny>(&json).unwrap(), found);
}

#[test]
fn a_copy_by_hand_is_recorded_once_and_afterwards() {
    let rule = order().scrutiny.as_ref().unwrap();
    let due = || Scrutiny::begin(rule, None, at(10));
    let send = |sent: i64, now: i64| {
        due().sent_by_hand("Example Authority".into(), at(sent), at(10), at(now))
    };
    let sent = send(10, 20).unwrap();
    assert_eq!(sent.copied_at(), Some(at(10)));
    assert_eq!(sent.authority(), None);
    for (sent, now) in [(9, 20), (21, 20)] {
        assert!(matches!(send(sent, now), Err(ScrutinyError::CopyTime(_))));
    }
    for copied in [sent, copied()] {
        let again = copied.sent_by_hand("X".into(), at(10), at(10), at(20));
        assert_eq!(again, Err(ScrutinyError::Copied));
    }
}

#[test]
fn an_order_is_final_once() {
    let record = |before: Option<&Finality>, final_at| {
        let how = FinalHow::ConfirmedOnAppeal;
        Finality::record(before, how, at(final_at), at(0), at(100))
    };
    let last = record(None, 100).unwrap();
    assert_eq!(record(Some(&last), 50), Err(FinalityError::Twice));
    assert_eq!(record(None, 101), Err(FinalityError::Future));
    assert_eq!(record(None, -1), Err(FinalityError::BeforeFiling));
    let rule = order().finality.as_ref().unwrap();
    assert_eq!((rule.exposed_orders, rule.exposed_months), (2, 12));
    let year = at(0) - rule.counts_from(at(0)).unwrap();
    assert!(year >= TimeDelta::days(365) && year <= TimeDelta::days(366));
}
