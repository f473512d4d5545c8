#![allow(clippy::unwrap_used, clippy::expect_used)]

use uuid::Uuid;

use super::*;
use crate::{
    id::{ItemId, MessageId},
    non_disclosure::NonDisclosure,
    request::{Basis, EventType, Outcome, OutcomeCode, UploaderInformed},
};

#[test]
fn every_event_has_an_entry_and_the_words_agree() {
    for event in EventType::ALL {
        assert!(Data::TYPES.contains(&event.as_str()), "{event}");
    }
    let mut seen = std::collections::HashSet::new();
    assert!(Data::TYPES.iter().all(|word| seen.insert(word)));
}

#[test]
fn a_digest_is_what_sha256sum_prints() {
    let digest = Digest::of("abc");
    let text = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(digest.to_string(), text);
    assert_eq!(text.parse::<Digest>().unwrap(), digest);
    assert!(text[..63].parse::<Digest>().is_err());
    assert!(text.to_uppercase().parse::<Digest>().is_err());
    assert!(format!("{text}00").parse::<Digest>().is_err());
}

#[test]
fn an_outcome_tells_when_the_uploader_was_told_against_the_order() {
    let at = |seconds: i64| crate::time::from_millis(seconds * 1_000).unwrap();
    let held = NonDisclosure::new(at(10), "An arrest is prepared.".into());
    let item = ItemId::from_uuid(Uuid::from_u128(1));
    let entry = |informed, held, now| {
        let outcome = Outcome::new(OutcomeCode::Removed, Basis::Law, at(0), informed);
        let decisions = vec![Decided::of(item, &outcome)];
        let data = Data::RequestDecided { decisions }.under(held, now);
        serde_json::to_value(data).unwrap()["data"]["decisions"][0]["against_non_disclosure"].take()
    };
    assert_eq!(entry(UploaderInformed::Yes, Some(&held), at(9)), true);
    for (informed, held, now) in [
        (UploaderInformed::Yes, Some(&held), at(10)),
        (UploaderInformed::No, Some(&held), at(9)),
        (UploaderInformed::Yes, None, at(9)),
    ] {
        assert!(entry(informed, held, now).is_null(), "{informed}");
    }
}

#[test]
fn an_entry_reads_like_this() {
    let id = Uuid::from_u128(1);
    let draft = EntryDraft {
        subject: Subject::Request {
            id: RequestId::from_uuid(id),
            version: 4,
        },
        by: Author {
            by: By::Platform {
                id: PlatformId::from_uuid(id),
            },
            via: Via::Link,
            client: None,
        },
        at: crate::time::from_millis(0).unwrap(),
        data: Data::asked(Said {
            message: MessageId::from_uuid(id),
            text: Digest::of("which of the two?"),
            document: None,
        }),
    };
    let json = serde_json::to_value(&draft).unwrap();
    assert_eq!(
        json,
        serde_json::json!({
            "subject": {"kind": "request", "id": "req_00000000000000000000000001", "version": 4},
            "by": {"side": "platform", "id": "platform_00000000000000000000000001", "via": "link"},
            "at": "1970-01-01T00:00:00Z",
            "type": "question.asked",
            "data": {"question": {
                "message": "msg_00000000000000000000000001",
                "text": Digest::of("which of the two?").to_string(),
            }},
        })
    );
    assert_eq!(
        serde_json::from_value::<Data>(json).unwrap(),
        draft.data,
        "what is stored can be read again"
    );
}
