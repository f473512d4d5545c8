//! How far an end can be moved at once.

use super::{at, get};

#[test]
fn an_extension_of_a_preservation_has_an_end() {
    let (present, now) = (at("2027-05-16T09:00:00Z"), at("2027-05-01T09:00:00Z"));
    for (id, latest, most, citation) in [
        (
            "eu-tco-order",
            "2027-11-16T09:00:00Z",
            "6 months",
            "2021/784, Art 6",
        ),
        (
            "in-it-rules-3-1-d",
            "2027-11-12T09:00:00Z",
            "180 days",
            "3(1)(g)",
        ),
        (
            "court-order",
            "2032-05-01T09:00:00Z",
            "60 months",
            "The order itself",
        ),
    ] {
        let asked = |until| get(id).check_longer_preservation(present, until, now);
        assert_eq!(asked(at(latest)), Ok(()), "{id}");
        let found = asked(at(latest) + chrono::TimeDelta::milliseconds(1)).unwrap_err();
        assert_eq!(found.rule, "instrument.preservation_time");
        assert!(found.detail.contains(most), "{found}");
        assert!(
            found.detail.contains(&latest.replace('Z', ".000Z")),
            "{found}"
        );
        assert!(found.citation.contains(citation), "{found}");
        assert!(asked(present).is_err() && asked(at("9999-12-31T00:00:00Z")).is_err());
    }
}
