#![allow(clippy::unwrap_used)]
use super::*;
use crate::history::{Data, Digest};
use crate::time::from_millis;

fn over() -> Standing {
    Standing {
        status: Status::Closed,
        over_since: Some(from_millis(0).unwrap()),
        restoration_asked: false,
        objection_open: false,
        preserved_until: None,
        scrutiny_until: None,
        undisclosed_until: None,
        held: false,
        erased_at: None,
    }
}

#[test]
fn each_duty_that_needs_it_stands_in_the_way_by_itself() {
    let at = |millis| from_millis(millis).unwrap();
    let now = at(1_000);
    assert_eq!(over().may_erase(now), Ok(()));
    let past = Standing {
        undisclosed_until: Some(now),
        ..over()
    };
    assert_eq!(past.may_erase(now), Ok(()), "its time is over");
    let decided = Standing {
        scrutiny_until: Some(now),
        ..over()
    };
    assert_eq!(decided.may_erase(now), Ok(()), "nobody can ask any more");
    for status in Status::ALL {
        let stands = Standing {
            status: *status,
            ..over()
        };
        let ended = matches!(status, Status::Closed | Status::Withdrawn);
        assert_eq!(stands.may_erase(now).is_ok(), ended, "{status}");
    }
    let later = Some(at(2_000));
    for (needed, why) in [
        (
            Standing {
                restoration_asked: true,
                ..over()
            },
            StillNeeded::Restoration,
        ),
        (
            Standing {
                objection_open: true,
                ..over()
            },
            StillNeeded::Objection,
        ),
        (
            Standing {
                preserved_until: later,
                ..over()
            },
            StillNeeded::Preserved(at(2_000)),
        ),
        (
            Standing {
                scrutiny_until: later,
                ..over()
            },
            StillNeeded::Scrutiny(at(2_000)),
        ),
        (
            Standing {
                undisclosed_until: later,
                ..over()
            },
            StillNeeded::Undisclosed(at(2_000)),
        ),
        (
            Standing {
                held: true,
                ..over()
            },
            StillNeeded::Held,
        ),
        (
            Standing {
                erased_at: later,
                ..over()
            },
            StillNeeded::Erased(at(2_000)),
        ),
    ] {
        assert_eq!(needed.may_erase(now), Err(why));
        let found = ErasureReason::Unlawful;
        assert_eq!(needed.may_erase_early(now, found, Some("4/26")), Err(why));
    }
}

#[test]
fn before_its_time_it_goes_at_once_only_when_somebody_named_found_that_it_must() {
    let closed = from_millis(0).unwrap();
    let (open, over_then) = (closed + OPEN_TO_COMPLAINTS, over());
    let just_before = open - TimeDelta::milliseconds(1);
    for (reason, reference, at_once) in [
        (ErasureReason::NoLongerNeeded, None, false),
        (ErasureReason::NoLongerNeeded, Some("4/26"), false),
        (ErasureReason::Unlawful, None, false),
        (ErasureReason::LegalObligation, None, false),
        (ErasureReason::Unlawful, Some("4/26"), true),
        (ErasureReason::LegalObligation, Some("4/26"), true),
    ] {
        let early = |now| over_then.may_erase_early(now, reason, reference);
        let refused = Err(StillNeeded::OpenToComplaints(open));
        let now = if at_once { Ok(()) } else { refused };
        assert_eq!(early(closed), now, "{reason} {reference:?}");
        assert_eq!(early(just_before), now, "{reason} {reference:?}");
        assert_eq!(early(open), Ok(()), "{reason} {reference:?}");
    }
    assert_eq!(over_then.may_erase(closed), Ok(()), "its time is its time");
}

#[test]
fn an_entry_with_a_digest_tells_and_one_of_codes_does_not() {
    let said = |data: &Data| serde_json::to_string(data).unwrap();
    assert!(!tells(&said(&Data::RequestFetched { due_at: None })));
    let reason = Digest::of("a name");
    assert!(tells(&said(&Data::PreservationExtended {
        was: from_millis(0).unwrap(),
        until: from_millis(1).unwrap(),
        asked_by: None,
        reason,
    })));
    assert!(!tells(""));
}

#[test]
fn every_class_says_what_it_does_and_why() {
    for class in Class::ALL {
        let rule = class.rule();
        assert_eq!(rule.class, *class);
        for said in [rule.destroys, rule.leaves, rule.from, rule.why] {
            assert!(!said.is_empty() && !said.contains('|'), "{class}");
        }
    }
}
