//! What must hold for every instrument of the catalogue, whichever law it stands for.

use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;
use crate::agency::AgencyType;
use crate::locator::ItemKind;

const FILED: &str = "2026-11-16T09:00:00Z";

/// A filing under this instrument that has nothing wrong with it, made from what the instrument itself says.
pub(super) fn sound(instrument: &'static Instrument) -> Claim<'static> {
    let of = match &instrument.jurisdiction {
        Jurisdiction::Any => country("JP"),
        Jurisdiction::EuMemberStates => country("PL"),
        Jurisdiction::Countries(list) => list[0],
    };
    let agency_type = *instrument
        .issuer_types
        .first()
        .unwrap_or(&AgencyType::Police);
    let kind = *instrument.item_kinds.first().unwrap_or(&ItemKind::Url);
    let specified = instrument
        .clock
        .as_ref()
        .is_some_and(|clock| clock.starts == ClockStart::Specified);
    let rank = instrument
        .rank_floor
        .as_ref()
        .and_then(|floor| floor.ladder(agency_type))
        .map(|ladder| ladder.ranks[ladder.floor].title.as_str());
    Claim {
        grounds: Box::leak(vec![instrument.grounds[0].code.as_str()].into_boxed_slice()),
        has_reasons: true,
        provision: instrument.needs_provision.then_some("s.1"),
        legal_basis: has(instrument, Element::LegalBasis).then_some("s.2"),
        has_redress: has(instrument, Element::Redress),
        bona_fide: has(instrument, Element::BonaFide),
        items: Box::leak(vec![kind, kind].into_boxed_slice()),
        officer_rank: rank,
        specified: specified.then(|| ClaimedSpecified {
            due_at: at("2026-12-01T00:00:00Z"),
            issued_by: Some("Example authority"),
        }),
        ..Claim::by(of, agency_type, at(FILED))
    }
}

fn has(instrument: &Instrument, element: Element) -> bool {
    instrument.elements.contains(&element)
}

fn instruments() -> impl Strategy<Value = &'static Instrument> {
    prop::sample::select(Catalogue::builtin().iter().collect::<Vec<_>>())
}

fn rules(instrument: &Instrument, claim: &Claim<'_>) -> Vec<&'static str> {
    instrument
        .check(claim)
        .err()
        .unwrap_or_default()
        .into_iter()
        .map(|found| found.rule)
        .collect()
}

proptest! {
    #[test]
    fn only_those_who_have_the_power_use_it(
        instrument in instruments(),
        of in prop::sample::select(Country::all().collect::<Vec<_>>()),
        agency_type in prop::sample::select(AgencyType::ALL),
    ) {
        let claim = Claim { country: of, jurisdiction: of, agency_type, ..sound(instrument) };
        let found = rules(instrument, &claim);
        prop_assert_eq!(
            found.contains(&"instrument.jurisdiction"),
            !instrument.jurisdiction.covers(of)
        );
        let may = instrument.issuer_types.is_empty() || instrument.issuer_types.contains(&agency_type);
        prop_assert_eq!(found.contains(&"instrument.issuer_type"), !may);
    }

    #[test]
    fn it_rests_on_its_own_grounds_only(
        instrument in instruments(),
        ground in prop::sample::select(Catalogue::builtin().grounds()),
    ) {
        let codes = [ground.code.as_str()];
        let claim = Claim { grounds: &codes, ..sound(instrument) };
        let expected: &[&str] = match instrument.ground(&ground.code) {
            Some(_) => &[],
            None => &["instrument.ground"],
        };
        prop_assert_eq!(rules(instrument, &claim), expected);
    }

    #[test]
    fn it_names_its_own_kinds_of_item_only(
        instrument in instruments(),
        kind in prop::sample::select(ItemKind::ALL),
    ) {
        let claim = Claim { items: &[kind], ..sound(instrument) };
        let may = instrument.item_kinds.is_empty() || instrument.item_kinds.contains(&kind);
        prop_assert_eq!(instrument.check(&claim).is_ok(), may);
    }

    #[test]
    fn what_it_needs_cannot_be_left_out(instrument in instruments(), blank in " {0,3}") {
        let bare = Claim {
            grounds: &[],
            has_reasons: false,
            provision: Some(&blank),
            legal_basis: Some(&blank),
            has_redress: false,
            bona_fide: false,
            specified: None,
            officer_rank: None,
            ..sound(instrument)
        };
        let found = rules(instrument, &bare);
        prop_assert!(found.contains(&"instrument.ground_required"));
        prop_assert_eq!(found.contains(&"instrument.reasons"), instrument.needs_reasons);
        prop_assert_eq!(found.contains(&"instrument.provision"), instrument.needs_provision);
        for (rule, element) in [
            ("instrument.legal_basis", Element::LegalBasis),
            ("instrument.redress", Element::Redress),
            ("instrument.bona_fide", Element::BonaFide),
        ] {
            prop_assert_eq!(found.contains(&rule), has(instrument, element));
        }
        let specified = sound(instrument).specified.is_some();
        prop_assert_eq!(found.contains(&"instrument.specified"), specified);
        let floor = instrument.rank_floor.as_ref().is_some_and(|f| f.ladder(bare.agency_type).is_some());
        prop_assert_eq!(found.contains(&"instrument.rank_floor"), floor);
    }

    #[test]
    fn no_duty_that_it_does_not_know(instrument in instruments(), hours in 1i64..200_000) {
        let filed = at(FILED);
        let until = filed + TimeDelta::hours(hours);
        let claim = Claim {
            service: Some(ClaimedService { method: ServiceMethod::InPerson, served_at: filed }),
            specified: Some(ClaimedSpecified { due_at: until, issued_by: Some("Example") }),
            non_disclosure: Some(ClaimedNonDisclosure { until, reason: Some("inquiry") }),
            preservation_until: Some(until),
            has_redress: true,
            bona_fide: true,
            ..sound(instrument)
        };
        let found = rules(instrument, &claim);
        prop_assert_eq!(found.contains(&"instrument.no_redress"), instrument.kind == Kind::Referral);
        prop_assert_eq!(found.contains(&"instrument.no_bona_fide"), !has(instrument, Element::BonaFide));
        prop_assert_eq!(found.contains(&"instrument.no_service"), instrument.service.is_none());
        prop_assert_eq!(found.contains(&"instrument.no_specified"), sound(instrument).specified.is_none());
        prop_assert_eq!(found.contains(&"instrument.no_non_disclosure"), instrument.non_disclosure.is_none());
        prop_assert_eq!(found.contains(&"instrument.no_preservation"), instrument.preservation.is_none());
        let too_long = instrument
            .non_disclosure
            .as_ref()
            .and_then(|rule| rule.latest(filed, 0))
            .is_some_and(|latest| until > latest);
        prop_assert_eq!(found.contains(&"instrument.non_disclosure_time"), too_long);
    }

    #[test]
    fn its_hours_are_hours_and_its_days_end_at_midnight(
        instrument in instruments(),
        start in at("2024-01-01T00:00:00Z").timestamp_millis()..at("2030-11-30T00:00:00Z").timestamp_millis(),
        later in 0i64..10_000_000,
    ) {
        let start = crate::time::from_millis(start).unwrap();
        let Some(clock) = &instrument.clock else { return Ok(()) };
        let due = clock.due(start).unwrap();
        match &clock.unit {
            Unit::Hours => prop_assert_eq!(due - start, TimeDelta::hours(clock.amount.into())),
            Unit::WorkingDays { calendar, .. } => {
                let calendar = Catalogue::builtin().calendars().get(calendar).unwrap();
                let end = due.with_timezone(&calendar.time_zone).time();
                prop_assert_eq!(end, chrono::NaiveTime::MIN);
                prop_assert!(due - start >= TimeDelta::days(clock.amount.into()));
            }
        }
        prop_assert!(clock.due(start + TimeDelta::milliseconds(later)).unwrap() >= due);
    }
}

#[test]
fn whatever_was_recalled_is_marked_on_the_page() {
    let page = table();
    for instrument in Catalogue::builtin().iter() {
        assert!(page.contains(&format!("\n## {}\n", instrument.id)));
        for recalled in &instrument.recalled {
            assert!(page.contains(&format!("- **[R]**: {recalled}\n")));
        }
    }
    for historical in ["NetzDG", "KoPl-G", "C-63", "TAKE IT DOWN"] {
        assert!(page.contains(historical), "{historical}");
    }
}
