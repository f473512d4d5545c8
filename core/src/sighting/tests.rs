#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::time::from_millis;

fn request(n: u128) -> RequestId {
    RequestId::from_uuid(Uuid::from_u128(n))
}

fn at(millis: i64) -> At {
    from_millis(millis).unwrap()
}

fn sighting() -> Sighting {
    Sighting {
        id: SightingId::from_uuid(Uuid::from_u128(7)),
        from: request(1),
        confidence: Confidence::Possible,
        revisions: Vec::new(),
        followed_by: None,
        retracted_at: None,
    }
}

fn link(from: u128, to: u128) -> Link {
    Link {
        from: request(from),
        sighting: SightingId::from_uuid(Uuid::from_u128(from * 1000 + to)),
        to: request(to),
    }
}

#[test]
fn a_confidence_is_revised_and_the_old_one_stays() {
    let open = sighting();
    assert_eq!(open.revise(Confidence::Possible, None, at(5)), Ok(None));
    let surer = open
        .revise(Confidence::Confirmed, None, at(5))
        .unwrap()
        .unwrap();
    let less = surer
        .revise(Confidence::Doubtful, None, at(6))
        .unwrap()
        .unwrap();
    assert_eq!(less.confidence, Confidence::Doubtful);
    let was: Vec<_> = less.revisions.iter().map(|r| (r.was, r.at)).collect();
    assert_eq!(
        was,
        [
            (Confidence::Possible, at(5)),
            (Confidence::Confirmed, at(6))
        ]
    );
    let why = |text: &str| {
        Some(Words {
            text: text.into(),
            language: "en".parse().unwrap(),
        })
    };
    let reasoned = less.revise(Confidence::Doubtful, why("a"), at(7));
    let reasoned = reasoned.unwrap().unwrap();
    assert_eq!(reasoned.revisions.len(), 3, "another reason is kept");
    for same in [None, why("a")] {
        let again = reasoned.revise(Confidence::Doubtful, same, at(8));
        assert_eq!(again, Ok(None));
    }
    let full = Sighting {
        revisions: vec![less.revisions[0].clone(); MAX_REVISIONS],
        ..open
    };
    assert_eq!(
        full.revise(Confidence::Confirmed, None, at(7)),
        Err(Refused::Full)
    );
}

#[test]
fn what_is_retracted_stays_as_it_is() {
    let why = Some("the wrong page");
    let first = sighting().retract(None, why.as_ref(), at(9));
    let gone = first.unwrap().unwrap();
    assert_eq!(gone.state(), SightingState::Retracted);
    for same in [None, why] {
        assert_eq!(gone.retract(why.as_ref(), same.as_ref(), at(10)), Ok(None));
    }
    let other = Some("another page");
    for known in [why, None] {
        let refused = gone.retract(known.as_ref(), other.as_ref(), at(10));
        let refused = refused.unwrap_err();
        assert_eq!(refused, Refused::RetractedOtherwise(at(9)));
        assert!(refused.to_string().contains("1970-01-01T00:00:00.009Z"));
    }
    assert_eq!(
        gone.revise(Confidence::Confirmed, None, at(10)),
        Err(Refused::Retracted)
    );
    assert_eq!(gone.follow(Some(request(2)), &[]), Err(Refused::Retracted));
}

#[test]
fn one_request_follows() {
    let followed = sighting().follow(Some(request(2)), &[]).unwrap().unwrap();
    assert_eq!(followed.state(), SightingState::Followed);
    assert_eq!(followed.follow(Some(request(2)), &[]), Ok(None));
    assert_eq!(
        followed.follow(Some(request(3)), &[]),
        Err(Refused::Followed(request(2)))
    );
    let open = followed.follow(None, &[]).unwrap().unwrap();
    assert_eq!(open, sighting());
}

#[test]
fn a_chain_that_would_close_names_its_way() {
    let itself = check_open(request(1), request(1), &[]).unwrap_err();
    assert_eq!(itself.path, [request(1)]);
    // 1 → 2 → 4 and 3 → 4: what was seen after 4 is not followed by 1.
    let before = [link(2, 4), link(1, 2), link(3, 4)];
    let closed = check_open(request(4), request(1), &before).unwrap_err();
    assert_eq!(closed.path, [request(1), request(2), request(4)]);
    let (one, two, four) = (request(1), request(2), request(4));
    assert_eq!(
        closed.to_string(),
        format!(
            "a chain of sightings never leads back to where it began, and this one would: {one} → {two} → {four} → {one}"
        )
    );
    assert_eq!(check_open(request(4), request(5), &before), Ok(()));
    assert_eq!(check_open(request(1), request(4), &[]), Ok(()));
}

#[test]
fn weeks_are_those_of_calendars() {
    let week = |text: &str| text.parse::<Week>();
    let long = week("2026-W53").unwrap();
    assert_eq!(
        crate::time::rfc3339(long.begins()),
        "2026-12-28T00:00:00.000Z"
    );
    assert_eq!(
        crate::time::rfc3339(long.ends()),
        "2027-01-04T00:00:00.000Z"
    );
    for wrong in [
        "2025-W53",
        "2026-48",
        "2026-W1",
        "2026-W00",
        "+026-W48",
        "2026-W4٨",
        "0000-W01",
        "",
    ] {
        assert!(week(wrong).is_err(), "{wrong}");
    }
    assert_eq!(
        week("soon").unwrap_err().to_string(),
        "\"soon\" is not a week of ISO 8601 such as 2026-W48"
    );
}

/// Whether the links contain a way back, found by taking away what nothing leads to.
fn has_circle(links: &[(u128, u128)]) -> bool {
    let mut left = links.to_vec();
    loop {
        let before = left.len();
        let all = left.clone();
        left.retain(|(from, _)| all.iter().any(|(_, to)| to == from));
        if left.len() == before {
            return before > 0;
        }
    }
}

/// Reads the subset of DOT that is written, strictly: every string whole, every statement ended.
fn dot_strings(text: &str) -> Vec<String> {
    let mut strings = Vec::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '"' {
            assert!(
                c.is_ascii_alphanumeric() || " \n{}[]=,;->_".contains(c),
                "{c:?} outside a string: {text}"
            );
            continue;
        }
        let mut string = String::new();
        loop {
            match chars.next().unwrap() {
                '"' => break,
                '\\' => {
                    let escaped = chars.next().unwrap();
                    assert!("\"\\".contains(escaped), "\\{escaped}: {text}");
                    string.push(escaped);
                }
                c => string.push(c),
            }
        }
        strings.push(string);
    }
    strings
}

fn graph(label: &str, state: &str) -> Graph {
    let node = |id: &str, kind| Node {
        id: id.to_owned(),
        kind,
        label: label.to_owned(),
        facts: vec![(Fact::State, state.to_owned())],
    };
    Graph {
        nodes: vec![
            node("req_1", NodeKind::Request),
            node("sighting_1", NodeKind::Sighting),
        ],
        edges: vec![Edge {
            from: "req_1".into(),
            to: "sighting_1".into(),
            kind: EdgeKind::MovedTo,
        }],
        cut: Some("more follow".into()),
    }
}

proptest! {
    #[test]
    fn links_that_are_let_in_one_by_one_never_close(
        wanted in prop::collection::vec((0u128..8, 0u128..8), 0..30)
    ) {
        let mut kept: Vec<(u128, u128)> = Vec::new();
        for (from, to) in wanted {
            let before: Vec<Link> = kept.iter().map(|(from, to)| link(*from, *to)).collect();
            let allowed = check_open(request(from), request(to), &before);
            kept.push((from, to));
            prop_assert_eq!(allowed.is_err(), has_circle(&kept));
            if let Err(closed) = allowed {
                kept.pop();
                prop_assert_eq!(closed.path.first(), Some(&request(to)));
                prop_assert_eq!(closed.path.last(), Some(&request(from)));
            }
        }
    }

    #[test]
    fn a_week_holds_its_instants(millis in -60_000_000_000_000i64..250_000_000_000_000) {
        let week = Week::of(at(millis));
        prop_assert!(week.begins() <= at(millis) && at(millis) < week.ends());
        prop_assert_eq!(week.to_string().parse::<Week>().unwrap(), week);
        prop_assert_eq!(Week::of(week.ends()).begins(), week.ends());
    }

    #[test]
    fn no_text_gets_out_of_graphml(label in any::<String>(), state in "\\PC{0,20}[<>&\"'\\]]{0,5}") {
        let text = graph(&label, &state).graphml();
        let document = roxmltree::Document::parse(&text).unwrap();
        let ns = "http://graphml.graphdrawing.org/xmlns";
        let named = |name: &'static str| {
            document.descendants().filter(move |node| node.has_tag_name((ns, name)))
        };
        prop_assert_eq!(named("node").count(), 2);
        prop_assert_eq!(named("edge").count(), 1);
        let shown = named("data").find(|data| data.attribute("key") == Some("label")).unwrap();
        let expected = crate::text::visible(&label).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}");
        prop_assert_eq!(shown.text().unwrap_or_default(), expected);
    }

    #[test]
    fn no_text_gets_out_of_dot(label in any::<String>(), state in "\\PC{0,20}[\"\\\\\\];]{0,5}") {
        let text = graph(&label, &state).dot();
        let strings = dot_strings(&text);
        // The cut, twice an identifier and a label, the ends and the word of the edge.
        prop_assert_eq!(strings.len(), 8);
        let expected = crate::text::visible(&format!("{label} ({state})")).replace('&', "&amp;");
        prop_assert_eq!(&strings[2], &expected);
    }
}
