//! Every rule violated alone, and nothing else said.

use super::*;
use crate::agency::AgencyType;
use crate::locator::ItemKind;

const FILED: &str = "2026-11-16T09:00:00Z";

fn by(code: &str, agency_type: AgencyType) -> Claim<'static> {
    Claim {
        has_reasons: true,
        items: &[ItemKind::Url, ItemKind::Url],
        ..Claim::by(country(code), agency_type, at(FILED))
    }
}

/// A filing under each instrument that has nothing wrong with it.
pub(super) fn sound(id: &str) -> Claim<'static> {
    match id {
        "referral" => Claim {
            grounds: &["terms", "tco:a"],
            ..by("JP", AgencyType::Police)
        },
        "eu-tco-order" => Claim {
            grounds: &["tco:a", "tco:e"],
            ..by("PL", AgencyType::Police)
        },
        "eu-dsa-art9-order" => Claim {
            grounds: &["dsa:scams_and_fraud"],
            provision: Some("§ 263 StGB"),
            legal_basis: Some("§ 8 PolG"),
            has_redress: true,
            ..by("DE", AgencyType::Regulator)
        },
        "uk-ta2006-s3-notice" => Claim {
            grounds: &["uk-ta2006:encouragement"],
            ..by("GB", AgencyType::Police)
        },
        "au-osa-s109-notice" => Claim {
            grounds: &["au-osa:class_1"],
            ..by("AU", AgencyType::Regulator)
        },
        "in-it-rules-3-1-d" => Claim {
            grounds: &["in-it:public_order"],
            provision: Some("Section 196, Bharatiya Nyaya Sanhita 2023"),
            officer_rank: Some("DIG"),
            ..by("IN", AgencyType::Police)
        },
        "fr-lcen-6-1" => Claim {
            grounds: &["fr-lcen:terrorism"],
            ..by("FR", AgencyType::Police)
        },
        "court-order" => Claim {
            grounds: &["court:as_stated"],
            specified: Some(ClaimedSpecified {
                due_at: at("2026-12-01T00:00:00Z"),
                issued_by: Some("Example District Court"),
            }),
            ..by("BR", AgencyType::Judicial)
        },
        other => super::every::sound(get(other)),
    }
}

/// Asserts that `claim` contradicts the instrument in exactly one way.
pub(super) fn only(id: &str, claim: &Claim<'_>, rule: &str, pointer: &str) -> Contradiction {
    let found = get(id).check(claim).unwrap_err();
    assert_eq!(found.len(), 1, "{found:#?}");
    let found = found.into_iter().next().unwrap();
    assert_eq!(
        (found.rule, found.pointer.as_str()),
        (rule, pointer),
        "{found}"
    );
    assert!(!found.citation.is_empty() && !found.detail.is_empty());
    assert!(
        RULES.iter().any(|(code, _)| *code == found.rule),
        "{rule} is documented"
    );
    found
}

#[test]
fn a_sound_filing_agrees_with_its_instrument() {
    for instrument in Catalogue::builtin().iter() {
        let id = instrument.id.as_str();
        assert_eq!(instrument.check(&sound(id)), Ok(()), "{id}");
    }
}

#[test]
fn the_country_must_have_the_power() {
    for (id, foreign) in [
        ("eu-tco-order", "GB"),
        ("eu-dsa-art9-order", "CH"),
        ("uk-ta2006-s3-notice", "IE"),
        ("au-osa-s109-notice", "NZ"),
        ("in-it-rules-3-1-d", "PK"),
        ("fr-lcen-6-1", "BE"),
    ] {
        let claim = Claim {
            country: country(foreign),
            jurisdiction: country(foreign),
            ..sound(id)
        };
        let found = only(id, &claim, "instrument.jurisdiction", "/instrument");
        assert!(found.detail.contains(foreign), "{found}");
    }
    for id in ["referral", "court-order"] {
        let anywhere = Claim {
            country: country("ZA"),
            ..sound(id)
        };
        assert_eq!(get(id).check(&anywhere), Ok(()));
    }
}

#[test]
fn an_authority_uses_its_own_law() {
    for (id, other) in [
        ("eu-tco-order", "DE"),
        ("fr-lcen-6-1", "DE"),
        ("uk-ta2006-s3-notice", "IE"),
    ] {
        let claim = Claim {
            jurisdiction: country(other),
            ..sound(id)
        };
        only(id, &claim, "instrument.jurisdiction", "/jurisdiction");
    }
}

#[test]
fn only_some_types_of_agency_have_a_power() {
    for (id, wrong) in [
        ("uk-ta2006-s3-notice", AgencyType::Regulator),
        ("uk-ta2006-s3-notice", AgencyType::Judicial),
        ("au-osa-s109-notice", AgencyType::Police),
        ("fr-lcen-6-1", AgencyType::Regulator),
        ("in-it-rules-3-1-d", AgencyType::Judicial),
    ] {
        let claim = Claim {
            agency_type: wrong,
            ..sound(id)
        };
        only(id, &claim, "instrument.issuer_type", "/instrument");
    }
}

#[test]
fn the_rank_floor_of_the_indian_police() {
    let with = |rank| Claim {
        officer_rank: rank,
        ..sound("in-it-rules-3-1-d")
    };
    for good in [
        "DIG",
        "d.i.g.",
        "Deputy Inspector-General of Police",
        "DEPUTY INSPECTOR GENERAL OF POLICE (Cyber), specially authorised",
        "IG",
        "Inspector General",
        "ADGP",
        "Director General of Police",
    ] {
        assert_eq!(
            get("in-it-rules-3-1-d").check(&with(Some(good))),
            Ok(()),
            "{good}"
        );
    }
    let refused = |rank| {
        only(
            "in-it-rules-3-1-d",
            &with(rank),
            "instrument.rank_floor",
            "/officer/rank",
        )
    };
    for low in [
        "Inspector",
        "SP",
        "Senior Superintendent of Police",
        "Constable",
        "DCP",
    ] {
        let found = refused(Some(low));
        assert!(found.detail.contains("below the floor"), "{found}");
        assert!(
            found
                .detail
                .contains("Deputy Inspector General of Police or above, specially authorised")
        );
        assert!(found.citation.contains("775(E)"));
    }
    for unknown in [
        "Director",
        "Joint Secretary",
        "Kriminalhauptkommissar",
        "General",
    ] {
        assert!(
            refused(Some(unknown)).detail.contains("not known"),
            "{unknown}"
        );
    }
    for none in [None, Some("  ")] {
        assert!(refused(none).detail.contains("missing"));
    }
    let hidden = refused(Some("DIG\u{202e}"));
    assert!(hidden.detail.contains("<U+202E>"), "{hidden}");
}

#[test]
fn the_rank_floor_of_other_indian_authorities() {
    for agency_type in [AgencyType::Regulator, AgencyType::Other] {
        let with = |rank| Claim {
            agency_type,
            officer_rank: Some(rank),
            ..sound("in-it-rules-3-1-d")
        };
        for good in [
            "Joint Secretary",
            "additional secretary",
            "Secretary",
            "Director",
        ] {
            assert_eq!(
                get("in-it-rules-3-1-d").check(&with(good)),
                Ok(()),
                "{good}"
            );
        }
        for low in ["Deputy Secretary", "Under Secretary", "DIG"] {
            let found = only(
                "in-it-rules-3-1-d",
                &with(low),
                "instrument.rank_floor",
                "/officer/rank",
            );
            assert!(found.detail.contains("Joint Secretary or above"), "{found}");
            assert!(found.detail.contains("Director"), "{found}");
        }
    }
}

#[test]
fn a_ground_is_needed_and_must_be_one_of_the_instrument() {
    for instrument in Catalogue::builtin().iter() {
        let id = instrument.id.as_str();
        let none = Claim {
            grounds: &[],
            ..sound(id)
        };
        only(id, &none, "instrument.ground_required", "/grounds");
        let first = instrument.grounds.first().unwrap().code.as_str();
        let grounds = [first, "tco:f"];
        let unknown = Claim {
            grounds: &grounds,
            ..sound(id)
        };
        let found = only(id, &unknown, "instrument.ground", "/grounds/1");
        assert!(
            found.detail.contains(first),
            "says what is allowed: {found}"
        );
    }
    let terms = Claim {
        grounds: &["terms"],
        ..sound("eu-tco-order")
    };
    only("eu-tco-order", &terms, "instrument.ground", "/grounds/0");
    let terms = Claim {
        grounds: &["dsa:other_violation_tc"],
        ..sound("eu-dsa-art9-order")
    };
    only(
        "eu-dsa-art9-order",
        &terms,
        "instrument.ground",
        "/grounds/0",
    );
}

#[test]
fn reasons_are_always_part_of_it() {
    for instrument in Catalogue::builtin().iter() {
        let id = instrument.id.as_str();
        let claim = Claim {
            has_reasons: false,
            ..sound(id)
        };
        only(id, &claim, "instrument.reasons", "/reasons");
    }
}

#[test]
fn a_provision_is_cited_where_the_law_wants_it() {
    for instrument in Catalogue::builtin().iter() {
        let id = instrument.id.as_str();
        for provision in [None, Some(" \n")] {
            let claim = Claim {
                provision,
                ..sound(id)
            };
            if matches!(
                id,
                "eu-dsa-art9-order"
                    | "in-it-rules-3-1-d"
                    | "sg-broadcasting-egregious"
                    | "sg-ocha-direction"
                    | "sg-osra-direction"
            ) {
                only(id, &claim, "instrument.provision", "/provision");
            } else {
                assert_eq!(instrument.check(&claim), Ok(()), "{id}");
            }
        }
    }
}

#[test]
fn exact_locations_where_the_law_wants_them() {
    for id in ["eu-tco-order", "eu-dsa-art9-order"] {
        for &kind in ItemKind::ALL {
            let items = [ItemKind::Url, kind];
            let claim = Claim {
                items: &items,
                ..sound(id)
            };
            if kind == ItemKind::Url {
                assert_eq!(get(id).check(&claim), Ok(()));
            } else {
                only(id, &claim, "instrument.item_kind", "/items/1/kind");
            }
        }
    }
    let site = Claim {
        items: &[ItemKind::Site],
        ..sound("in-it-rules-3-1-d")
    };
    only(
        "in-it-rules-3-1-d",
        &site,
        "instrument.item_kind",
        "/items/0/kind",
    );
    for id in ["referral", "court-order"] {
        let every = Claim {
            items: ItemKind::ALL,
            ..sound(id)
        };
        assert_eq!(get(id).check(&every), Ok(()));
    }
}
