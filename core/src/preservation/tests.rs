#![allow(clippy::unwrap_used, clippy::expect_used)]
use proptest::prelude::*;

use super::*;
use crate::instrument::Catalogue;
use crate::time::parse_rfc3339;

fn at(text: &str) -> At {
    parse_rfc3339(text).unwrap()
}

fn day(days: i64) -> At {
    at("2026-03-01T12:00:00Z") + TimeDelta::days(days)
}

fn rule(instrument: &str) -> Option<PreservationRule> {
    let found = Catalogue::builtin().get(instrument).unwrap();
    found.preservation.clone()
}

fn removed(present: Option<Preservation>, removed_at: At) -> Option<Preservation> {
    let rule = rule("eu-tco-order");
    Preservation::after_removal(
        present,
        (Kind::Order, rule.as_ref()),
        removed_at,
        removed_at,
    )
}

fn longer(until: At, now: At) -> Longer {
    Longer {
        at: now,
        was: day(0),
        until,
        reason: "An appeal is pending.".into(),
        asked_by: Some("Regional Court".into()),
    }
}

#[test]
fn the_law_asks_for_six_months_from_the_removal_whatever_was_filed() {
    let silent = removed(None, at("2026-08-31T10:00:00Z")).unwrap();
    assert_eq!(silent.basis, PreservationBasis::Law);
    assert_eq!(silent.until, at("2027-02-28T10:00:00Z"));
    assert_eq!(silent.status(), PreservationStatus::Asked);
    // Six months from the filing would end before six months from the removal.
    let filed = Preservation::filed(at("2027-03-01T10:00:00Z"), at("2026-09-01T09:00:00Z"));
    let kept = removed(Some(filed), at("2026-09-03T10:00:00Z")).unwrap();
    assert_eq!(kept.basis, PreservationBasis::Filing);
    assert_eq!(kept.until, at("2027-03-03T10:00:00Z"));
    // A later date that was filed stands; an earlier removal of another item takes nothing away.
    let long = Preservation::filed(at("2028-01-01T00:00:00Z"), at("2026-09-01T09:00:00Z"));
    let kept = removed(Some(long), at("2026-09-03T10:00:00Z")).unwrap();
    assert_eq!(kept.until, at("2028-01-01T00:00:00Z"));
    let again = removed(Some(kept), at("2026-09-02T10:00:00Z")).unwrap();
    assert_eq!(again.by_law_until, Some(at("2027-03-03T10:00:00Z")));
}

#[test]
fn neither_a_referral_nor_a_law_without_a_time_asks_by_itself() {
    let tco = rule("eu-tco-order");
    let referral = (Kind::Referral, tco.as_ref());
    assert_eq!(
        Preservation::after_removal(None, referral, day(0), day(0)),
        None
    );
    assert_eq!(rule("referral"), None);
    for instrument in ["court-order", "eu-dsa-art9-order"] {
        let rule = rule(instrument);
        let order = (Kind::Order, rule.as_ref());
        assert_eq!(
            Preservation::after_removal(None, order, day(0), day(0)),
            None,
            "{instrument}"
        );
        let filed = Preservation::filed(day(30), day(0));
        let kept = Preservation::after_removal(Some(filed.clone()), order, day(5), day(5));
        assert_eq!(kept, Some(filed), "{instrument}");
    }
    let days = rule("in-it-rules-3-1-d");
    let kept = Preservation::after_removal(None, (Kind::Order, days.as_ref()), day(0), day(0));
    assert_eq!(kept.unwrap().until, day(180));
}

#[test]
fn the_platform_says_what_it_keeps_and_no_less_than_is_asked() {
    let asked = Preservation::filed(day(200), day(0));
    let short = asked.clone().hold(day(1), Some(day(199)), day(1));
    assert!(matches!(short, Err(NotPreserved::TooShort { .. })));
    let early = asked.clone().hold(day(2), None, day(1));
    assert_eq!(early, Err(NotPreserved::Future(day(2))));
    let held = asked.hold(day(1), None, day(2)).unwrap().unwrap();
    assert_eq!(held.status(), PreservationStatus::Held);
    assert_eq!(held.held.unwrap().until, day(200));
    assert_eq!(
        held.clone().hold(day(1), None, day(3)),
        Ok(None),
        "said already"
    );
    let later = held.hold(day(1), Some(day(300)), day(3)).unwrap().unwrap();
    assert_eq!(later.held.unwrap().until, day(300));
    assert_eq!(later.until, day(200), "a promise of more is no duty");
}

#[test]
fn a_release_before_the_end_that_the_law_sets_leaves_it_needed() {
    let asked = Preservation::filed(day(200), day(0));
    let by_law = Preservation {
        by_law_until: Some(day(180)),
        ..asked.clone()
    };
    assert_eq!(by_law.needed_until(day(300)), Some(day(200)), "it stands");
    let released = by_law.release(day(50)).unwrap().unwrap();
    assert_eq!(released.needed_until(day(179)), Some(day(180)));
    assert_eq!(released.needed_until(day(180)), None);
    let released = asked.release(day(50)).unwrap().unwrap();
    assert_eq!(released.needed_until(day(50)), None, "no law asks for more");
}

#[test]
fn it_ends_by_a_release_or_by_its_time_and_only_then_is_anything_deleted() {
    let held = Preservation::filed(day(200), day(0));
    let held = held.hold(day(0), None, day(0)).unwrap().unwrap();
    assert_eq!(
        held.clone().delete(day(5), day(5)),
        Err(NotPreserved::Lasts(day(200)))
    );
    let released = held.clone().release(day(50)).unwrap().unwrap();
    assert_eq!(released.status(), PreservationStatus::Released);
    assert_eq!(released.clone().release(day(51)), Ok(None));
    let over = NotPreserved::Ended(day(50));
    assert_eq!(
        released.clone().extend(longer(day(400), day(51))),
        Err(over)
    );
    assert_eq!(released.clone().hold(day(1), None, day(51)), Err(over));
    let before = released.clone().delete(day(49), day(60));
    assert_eq!(before, Err(NotPreserved::Lasts(day(50))));
    let gone = released.delete(day(60), day(60)).unwrap().unwrap();
    assert_eq!(gone.status(), PreservationStatus::Deleted);
    assert_eq!(gone.delete(day(60), day(61)), Ok(None));

    let (due, expired) = held.by_time(day(200)).unwrap();
    assert_eq!(
        (due, expired.status()),
        (Due::End, PreservationStatus::Expired)
    );
    assert_eq!(
        expired.clone().release(day(201)),
        Err(NotPreserved::Ended(day(200)))
    );
    assert_eq!(removed(Some(expired.clone()), day(200)), Some(expired));
}

#[test]
fn the_agency_is_told_a_fortnight_before_once_for_each_end() {
    let kept = Preservation::filed(day(200), day(0));
    assert_eq!(kept.due_at(), Some(day(186)));
    assert_eq!(kept.clone().by_time(day(185)), None);
    let (due, warned) = kept.by_time(day(186)).unwrap();
    assert_eq!((due, warned.due_at()), (Due::Warning, Some(day(200))));
    assert_eq!(warned.clone().by_time(day(199)), None, "told already");
    let extended = warned.extend(longer(day(300), day(190))).unwrap();
    assert_eq!(
        extended.due_at(),
        Some(day(286)),
        "another end, another warning"
    );
    // Of a short one half the time is left.
    assert_eq!(Preservation::filed(day(10), day(0)).due_at(), Some(day(5)));
    // Whoever looks too late tells the end and no warning.
    let (due, ended) = extended.by_time(day(310)).unwrap();
    assert_eq!((due, ended.due_at()), (Due::End, None));
    assert_eq!(ended.ended.unwrap().at, day(300));
}

proptest! {
    #[test]
    fn the_end_never_comes_earlier_and_what_is_over_stays_over(
        steps in prop::collection::vec((0u8..6, 0i64..400, 0i64..400), 0..12),
    ) {
        let mut kept = Preservation::filed(day(100), day(0));
        for (what, one, now) in steps {
            let before = kept.clone();
            let (one, now) = (day(one), day(now));
            let same = kept.clone();
            kept = match what {
                0 => removed(Some(kept), one).unwrap(),
                1 => kept.hold(one, None, now).ok().flatten().unwrap_or(same),
                2 => kept.extend(longer(one, now)).unwrap_or(same),
                3 => kept.release(now).ok().flatten().unwrap_or(same),
                4 => kept.delete(one, now).ok().flatten().unwrap_or(same),
                _ => kept.by_time(now).map_or(same, |(_, kept)| kept),
            };
            prop_assert!(kept.until >= before.until);
            prop_assert!(before.stands() || !kept.stands());
            prop_assert_eq!(kept.stands(), kept.due_at().is_some());
            let json = serde_json::to_string(&kept).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Preservation>(&json).unwrap(), &kept);
        }
    }
}
