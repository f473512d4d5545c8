//! Territory, service, dates and duties: every rule violated alone, and all of them at once.

use super::check::{only, sound};
use super::*;
use crate::agency::AgencyType;
use crate::locator::ItemKind;

#[test]
fn territory() {
    let eu: Vec<Country> = Country::all().filter(|country| country.is_eu()).collect();
    let with = |id, countries, worldwide| Claim {
        territory: Some(ClaimedTerritory {
            countries,
            worldwide,
        }),
        ..sound(id)
    };
    let tco = "eu-tco-order";
    assert_eq!(get(tco).check(&with(tco, &eu, false)), Ok(()));
    assert_eq!(get(tco).check(&with(tco, &[], false)), Ok(()));
    only(
        tco,
        &with(tco, &[], true),
        "instrument.territory",
        "/territory/worldwide",
    );
    let narrowed = [country("PL")];
    only(
        tco,
        &with(tco, &narrowed, false),
        "instrument.territory",
        "/territory/countries",
    );
    let mut wider = eu.clone();
    wider.push(country("US"));
    only(
        tco,
        &with(tco, &wider, false),
        "instrument.territory",
        "/territory/countries/27",
    );

    let dsa = "eu-dsa-art9-order";
    assert_eq!(get(dsa).check(&with(dsa, &narrowed, false)), Ok(()));
    let found = only(
        dsa,
        &with(dsa, &[], true),
        "instrument.territory",
        "/territory/worldwide",
    );
    assert!(found.detail.contains("strictly necessary"), "{found}");

    for id in ["referral", "court-order", "au-osa-s109-notice"] {
        assert_eq!(get(id).check(&with(id, &[], true)), Ok(()), "{id}");
    }
}

fn served(id: &str, method: ServiceMethod, served_at: &str) -> Claim<'static> {
    Claim {
        service: Some(ClaimedService {
            method,
            served_at: at(served_at),
        }),
        ..sound(id)
    }
}

#[test]
fn service_belongs_to_the_uk_notice() {
    let uk = "uk-ta2006-s3-notice";
    for &method in ServiceMethod::ALL {
        let claim = served(uk, method, "2026-11-16T09:00:00Z");
        assert_eq!(get(uk).check(&claim), Ok(()), "served as it is filed");
    }
    let future = served(uk, ServiceMethod::InPerson, "2026-11-16T09:00:00.001Z");
    let found = only(uk, &future, "instrument.service_time", "/service/served_at");
    assert!(found.detail.contains("in the future"), "{found}");
    let old = served(uk, ServiceMethod::RecordedPost, "2019-05-05T09:00:00Z");
    let found = only(uk, &old, "instrument.service_time", "/service/served_at");
    assert!(
        found.detail.contains("the years 2024 to 2030 and not 2019"),
        "{found}"
    );

    for instrument in Catalogue::builtin().iter() {
        let id = instrument.id.as_str();
        if id != uk {
            let claim = served(id, ServiceMethod::InPerson, "2026-11-15T09:00:00Z");
            only(id, &claim, "instrument.no_service", "/service");
        }
    }
}

#[test]
fn a_method_of_service_that_the_law_does_not_know() {
    let mut by_hand = get("uk-ta2006-s3-notice").clone();
    by_hand.service.as_mut().unwrap().methods = vec![ServiceMethod::InPerson];
    let claim = served(
        "uk-ta2006-s3-notice",
        ServiceMethod::RecordedPost,
        "2026-11-15T09:00:00Z",
    );
    let found = by_hand.check(&claim).unwrap_err();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].rule, "instrument.service_method");
    assert_eq!(found[0].pointer, "/service/method");
}

#[test]
fn nobody_sets_a_date_but_the_order_itself() {
    let date = ClaimedSpecified {
        due_at: at("2026-12-01T00:00:00Z"),
        issued_by: Some("Example District Court"),
    };
    for instrument in Catalogue::builtin().iter() {
        let id = instrument.id.as_str();
        let claim = Claim {
            specified: Some(date),
            ..sound(id)
        };
        if id == "court-order" || id == "nz-fvpc-119c-notice" || id.starts_with("sg-") {
            assert_eq!(instrument.check(&claim), Ok(()));
        } else {
            only(id, &claim, "instrument.no_specified", "/specified");
        }
    }
    let court = "court-order";
    let with = |specified| Claim {
        specified,
        ..sound(court)
    };
    only(court, &with(None), "instrument.specified", "/specified");
    for past in ["2026-11-16T09:00:00Z", "2020-01-01T00:00:00Z"] {
        let specified = ClaimedSpecified {
            due_at: at(past),
            ..date
        };
        only(
            court,
            &with(Some(specified)),
            "instrument.specified_time",
            "/specified/due_at",
        );
    }
    for issued_by in [None, Some(" ")] {
        let specified = ClaimedSpecified { issued_by, ..date };
        only(
            court,
            &with(Some(specified)),
            "instrument.specified",
            "/specified/issued_by",
        );
    }
}

fn silent<'a>(id: &str, until: &str, reason: Option<&'a str>) -> Claim<'a> {
    Claim {
        non_disclosure: Some(ClaimedNonDisclosure {
            until: at(until),
            reason,
        }),
        ..sound(id)
    }
}

#[test]
fn silence_is_limited_and_reasoned() {
    let why = Some("an arrest is planned");
    let tco = "eu-tco-order";
    assert_eq!(
        get(tco).check(&silent(tco, "2026-12-28T09:00:00Z", why)),
        Ok(()),
        "42 days"
    );
    let long = silent(tco, "2026-12-28T09:00:00.001Z", why);
    let found = only(
        tco,
        &long,
        "instrument.non_disclosure_time",
        "/non_disclosure/until",
    );
    assert!(found.detail.contains("42 days") && found.detail.contains("2026-12-28T09:00:00.000Z"));
    assert!(found.citation.contains("Art 11(3)"));

    for id in [tco, "eu-dsa-art9-order", "court-order"] {
        let past = silent(id, "2026-11-16T09:00:00Z", why);
        only(
            id,
            &past,
            "instrument.non_disclosure_time",
            "/non_disclosure/until",
        );
        for reason in [None, Some("")] {
            let claim = silent(id, "2026-11-20T09:00:00Z", reason);
            only(
                id,
                &claim,
                "instrument.non_disclosure_reason",
                "/non_disclosure/reason",
            );
        }
    }
    let far = silent("court-order", "2029-01-01T00:00:00Z", why);
    assert_eq!(get("court-order").check(&far), Ok(()));
    for id in [
        "referral",
        "uk-ta2006-s3-notice",
        "au-osa-s109-notice",
        "in-it-rules-3-1-d",
        "fr-lcen-6-1",
    ] {
        let claim = silent(id, "2026-11-20T09:00:00Z", why);
        only(
            id,
            &claim,
            "instrument.no_non_disclosure",
            "/non_disclosure",
        );
    }
}

#[test]
fn preservation_is_a_duty_of_some() {
    let keep = |id: &str, until: &str| Claim {
        preservation_until: Some(at(until)),
        ..sound(id)
    };
    let tco = "eu-tco-order";
    for good in ["2027-05-16T09:00:00Z", "2029-01-01T00:00:00Z"] {
        assert_eq!(
            get(tco).check(&keep(tco, good)),
            Ok(()),
            "six months, or longer on request"
        );
    }
    for short in ["2027-05-16T08:59:59.999Z", "2020-01-01T00:00:00Z"] {
        let found = only(
            tco,
            &keep(tco, short),
            "instrument.preservation_time",
            "/preservation/until",
        );
        assert!(found.detail.contains("6 months"), "{found}");
    }
    let india = "in-it-rules-3-1-d";
    assert_eq!(
        get(india).check(&keep(india, "2027-05-15T09:00:00Z")),
        Ok(()),
        "180 days"
    );
    only(
        india,
        &keep(india, "2027-05-15T08:59:00Z"),
        "instrument.preservation_time",
        "/preservation/until",
    );
    for (id, until) in [
        (tco, "2031-11-16T09:00:00.001Z"),
        ("court-order", "9999-01-01T00:00:00Z"),
    ] {
        let rule = "instrument.preservation_time";
        let found = only(id, &keep(id, until), rule, "/preservation/until");
        assert!(found.detail.contains("60 months from now"), "{found}");
        assert!(found.detail.contains("2031-11-16T09:00:00.000Z"), "{found}");
    }
    assert_eq!(get(tco).check(&keep(tco, "2031-11-16T09:00:00Z")), Ok(()));
    let court = "court-order";
    assert_eq!(
        get(court).check(&keep(court, "2026-11-17T00:00:00Z")),
        Ok(())
    );
    only(
        court,
        &keep(court, "2026-11-16T09:00:00Z"),
        "instrument.preservation_time",
        "/preservation/until",
    );
    for id in [
        "referral",
        "eu-dsa-art9-order",
        "uk-ta2006-s3-notice",
        "au-osa-s109-notice",
        "fr-lcen-6-1",
    ] {
        only(
            id,
            &keep(id, "2028-01-01T00:00:00Z"),
            "instrument.no_preservation",
            "/preservation",
        );
    }
}

#[test]
fn a_referral_refuses_every_duty_by_name() {
    let claim = Claim {
        service: served("referral", ServiceMethod::InPerson, "2026-11-15T09:00:00Z").service,
        specified: sound("court-order").specified,
        non_disclosure: silent("referral", "2026-11-20T09:00:00Z", Some("why")).non_disclosure,
        preservation_until: Some(at("2028-01-01T00:00:00Z")),
        ..sound("referral")
    };
    let found = get("referral").check(&claim).unwrap_err();
    let rules: Vec<_> = found
        .iter()
        .map(|one| (one.rule, one.pointer.as_str()))
        .collect();
    assert_eq!(
        rules,
        [
            ("instrument.no_service", "/service"),
            ("instrument.no_specified", "/specified"),
            ("instrument.no_non_disclosure", "/non_disclosure"),
            ("instrument.no_preservation", "/preservation"),
        ]
    );
    assert!(found.iter().all(|one| one.detail.contains("voluntary")));
}

#[test]
fn everything_wrong_is_said_at_once() {
    let claim = Claim {
        items: &[ItemKind::Site, ItemKind::Url, ItemKind::Account],
        ..Claim::by(
            country("US"),
            AgencyType::Judicial,
            at("2026-11-16T09:00:00Z"),
        )
    };
    let claim = Claim {
        grounds: &["terms", "tco:a"],
        ..claim
    };
    let found = get("uk-ta2006-s3-notice").check(&claim).unwrap_err();
    let rules: Vec<_> = found.iter().map(|one| one.rule).collect();
    assert_eq!(
        rules,
        [
            "instrument.jurisdiction",
            "instrument.issuer_type",
            "instrument.ground",
            "instrument.ground",
            "instrument.reasons",
        ]
    );
    let found = get("eu-tco-order").check(&claim).unwrap_err();
    let pointers: Vec<_> = found.iter().map(|one| one.pointer.as_str()).collect();
    assert_eq!(
        pointers,
        [
            "/instrument",
            "/grounds/0",
            "/reasons",
            "/items/0/kind",
            "/items/2/kind"
        ]
    );
}

#[test]
fn every_rule_has_one_name() {
    let mut codes: Vec<_> = RULES.iter().map(|(code, _)| *code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), RULES.len());
    assert!(
        RULES
            .iter()
            .all(|(code, says)| code.starts_with("instrument.") && says.ends_with('.'))
    );
}
