#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::{
    export::Viewer,
    history::Digest,
    id::RequestId,
    log::{CompactRange, Hash, SigningKey, note::SignatureType},
};

fn leaves(count: u64) -> Vec<Hash> {
    (0..count).map(|n| Hash::leaf(&n.to_be_bytes())).collect()
}

fn root(leaves: &[Hash]) -> Hash {
    let mut range = CompactRange::new();
    range.extend(leaves.iter().copied());
    range.root()
}

fn place(number: u64) -> usize {
    usize::try_from(number).unwrap()
}

/// The records of a tree of which these entries are shown.
fn records(leaves: &[Hash], shown: &[bool]) -> Vec<Record> {
    let (mut records, mut at) = (Vec::new(), 0);
    let size = u64::try_from(leaves.len()).unwrap();
    while at < size {
        if shown[place(at)] {
            let hash = leaves[place(at)];
            records.push(Record {
                first: at,
                level: 0,
                shown: true,
                hash,
            });
            at += 1;
            continue;
        }
        let end = (at..size).find(|n| shown[place(*n)]).unwrap_or(size);
        for node in cover(at, end) {
            let first = node.index << node.level;
            assert_eq!(first, at);
            at += 1 << node.level;
            records.push(Record {
                first,
                level: node.level,
                shown: false,
                hash: root(&leaves[place(first)..place(at)]),
            });
        }
    }
    records
}

fn covered(records: &[Record]) -> Result<Cover, Uncovered> {
    let mut cover = Cover::default();
    records
        .iter()
        .try_for_each(|record| cover.take(record))
        .map(|()| cover)
}

proptest! {
    #[test]
    fn whatever_is_shown_the_records_make_the_tree(shown in prop::collection::vec(any::<bool>(), 0..300), turned in any::<prop::sample::Index>()) {
        let leaves = leaves(u64::try_from(shown.len()).unwrap());
        let records = records(&leaves, &shown);
        let cover = covered(&records).unwrap();
        prop_assert_eq!((cover.size(), cover.root()), (u64::try_from(leaves.len()).unwrap(), root(&leaves)));
        for record in &records {
            prop_assert_eq!(Record::from_bytes(&record.to_bytes()), *record);
        }
        if let Some(at) = (!records.is_empty()).then(|| turned.index(records.len())) {
            let mut dropped = records.clone();
            dropped.remove(at);
            let same = covered(&dropped).is_ok_and(|c| c.root() == cover.root() && c.size() == cover.size());
            prop_assert!(!same, "one was left out");
            let mut changed = records;
            changed[at].hash = Hash::leaf(b"another");
            prop_assert_ne!(covered(&changed).unwrap().root(), cover.root());
        }
    }

    #[test]
    fn nothing_panics(bytes in any::<[u8; Record::LENGTH]>(), text in any::<String>()) {
        let _ = Cover::default().take(&Record::from_bytes(&bytes));
        let _ = text.parse::<Seal>();
    }
}

#[test]
fn a_record_that_does_not_fit_is_named() {
    let of = |first, level, shown| Record {
        first,
        level,
        shown,
        hash: Hash::EMPTY,
    };
    let said = |record: Record| Cover::default().take(&record).unwrap_err().to_string();
    assert_eq!(
        said(of(3, 0, true)),
        "it goes on with entry 3 where entry 0 belongs"
    );
    assert!(said(of(0, 4, true)).contains("level 4"));
    assert!(said(of(0, 64, false)).contains("level 64"));
}

#[test]
fn a_seal_is_of_one_manifest_and_one_log() {
    let key = |seed: u8| {
        let name = "exchange.example/log".parse().unwrap();
        SigningKey::from_seed(name, SignatureType::Ed25519, &[seed; 32]).unwrap()
    };
    let seal = Seal::sign(b"{}", &key(1)).unwrap();
    let read: Seal = seal.to_string().parse().unwrap();
    assert_eq!(read, seal);
    assert_eq!(read.origin(), "exchange.example/log");
    assert_eq!(read.verify([key(1).verifier()]).unwrap(), Digest::of(b"{}"));
    assert!(read.verify([key(2).verifier()]).is_err());
    let changed = seal.to_string().replace("manifest 4", "manifest 5");
    let changed: Seal = changed.parse().unwrap();
    assert!(changed.verify([key(1).verifier()]).is_err());
    let named = |from: &str, to: &str| {
        let wrong = seal.to_string().replace(from, to).parse::<Seal>();
        wrong.unwrap_err().to_string()
    };
    assert!(named("package/v1", "package/v2").starts_with("line 1 "));
    assert!(named("manifest 4", "manifest x").starts_with("line 3 "));
}

#[test]
fn what_is_kept_from_whom() {
    let of = |event: &str, viewer, everything| withheld(event, viewer, everything);
    for viewer in [Viewer::Auditor, Viewer::Agency, Viewer::Platform] {
        assert_eq!(of("text.saved", viewer, true), Some(Withheld::OwnPapers));
        assert_eq!(
            of("client.registered", viewer, true),
            Some(Withheld::Credentials)
        );
        assert_eq!(
            of("webhook.registered", viewer, true),
            Some(Withheld::Credentials)
        );
        assert_eq!(of("request.closed", viewer, false), None);
    }
    assert_eq!(of("request.filed", Viewer::Auditor, false), None);
    assert_eq!(
        of("request.filed", Viewer::Platform, false),
        Some(Withheld::Escrowed)
    );
    assert_eq!(of("objection.made", Viewer::Auditor, true), None);
    assert_eq!(of("objection.made", Viewer::Platform, false), None);
    assert_eq!(
        of("objection.made", Viewer::Auditor, false),
        Some(Withheld::Uploader)
    );
    assert_eq!(
        of("objection.made", Viewer::Agency, false),
        Some(Withheld::Uploader)
    );
}

/// Whoever makes a package cannot hide an entry of a request behind any reason he likes.
#[test]
fn what_can_be_withheld_of_a_request() {
    let all = [
        (Withheld::OwnPapers, [false, false, true, true]),
        (Withheld::Credentials, [false, false, true, true]),
        (Withheld::Escrowed, [false, true, false, false]),
        (Withheld::Uploader, [false, true, false, false]),
        (Withheld::Erased, [true, true, true, true]),
    ];
    for (why, can) in all {
        let found = [(true, true), (true, false), (false, true), (false, false)]
            .map(|(of_request, everything)| why.can_be(of_request, everything));
        assert_eq!(found, can, "{why}");
    }
}

const REQUEST: &str = "req_01h455vb4pex5vsknk084sn02q";
const ITEM: &str = "item_01h455vb4pex5vsknk084sn02q";

fn entry(version: i32, event: &str, at: &str, data: &serde_json::Value) -> Entry {
    let entry = json!({
        "id": "evt_01h455vb4pex5vsknk084sn02q",
        "subject": {"kind": "request", "id": REQUEST, "version": version},
        "by": {"side": "system", "via": "worker"},
        "at": at, "type": event, "data": data,
    });
    serde_json::from_value(entry).unwrap()
}

fn filed() -> serde_json::Value {
    json!({
        "filing": "00".repeat(32), "agency": "agency_01h455vb4pex5vsknk084sn02q",
        "platform": "platform_01h455vb4pex5vsknk084sn02q", "kind": "referral", "instrument": "referral",
        "items": [ITEM], "due_at": null,
    })
}

fn decided(outcome: &str) -> serde_json::Value {
    json!({"decisions": [{
        "item": ITEM, "outcome": outcome, "basis": "law", "effective_at": "2026-01-03T00:00:00Z",
        "uploader_informed": "not_possible", "note": Digest::of("words"),
    }]})
}

fn row() -> RowFacts {
    let row = json!({
        "request_id": REQUEST, "version": 4, "agency_id": "agency_01h455vb4pex5vsknk084sn02q",
        "platform_id": "platform_01h455vb4pex5vsknk084sn02q", "kind": "referral", "instrument": "referral",
        "status": "acknowledged", "filed_at": "2026-01-01T00:00:00.000Z", "filing_sha256": "00".repeat(32),
        "fetched_at": "2026-01-02T00:00:00.000Z", "acknowledged_at": "2026-01-02T01:00:00.000Z",
        "closed_at": null, "withdrawn_at": null, "item_id": ITEM, "position": 1, "outcome": "removed",
        "basis": "law", "effective_at": "2026-01-03T00:00:00.000Z", "uploader_informed": "not_possible",
        "countries": [], "outcome_note": "words", "decided_at": "2026-01-03T01:00:00.000Z",
        "locator": "another column",
    });
    serde_json::from_value(row).unwrap()
}

fn told() -> Facts {
    let request: RequestId = REQUEST.parse().unwrap();
    let mut facts = Facts::of(request);
    for (version, event, at, data) in [
        (1, "request.filed", "2026-01-01T00:00:00Z", filed()),
        (
            2,
            "request.fetched",
            "2026-01-02T00:00:00Z",
            json!({"due_at": null}),
        ),
        (
            3,
            "request.acknowledged",
            "2026-01-02T01:00:00Z",
            json!({"platform_reference": null, "note": null}),
        ),
        (
            4,
            "request.decided",
            "2026-01-03T01:00:00Z",
            decided("removed"),
        ),
    ] {
        facts
            .take(version, entry(version, event, at, &data))
            .unwrap();
    }
    facts
}

#[test]
fn rows_are_compared_with_what_entries_say() {
    let facts = told();
    assert_eq!((facts.version(), facts.items()), (4, Some(1)));
    assert_eq!(facts.unfit(&row()), []);
    let columns =
        |row: &RowFacts| -> Vec<&str> { facts.unfit(row).into_iter().map(|u| u.column).collect() };
    let mut other = row();
    other.outcome = Some(crate::request::OutcomeCode::NotFound);
    other.outcome_note = Some("other words".into());
    other.status = crate::request::Status::Closed;
    assert_eq!(columns(&other), ["status", "outcome", "outcome_note"]);
    let mut other = row();
    other.filing_sha256 = Some(Digest::of("another filing"));
    other.position = 2;
    other.acknowledged_at = None;
    assert_eq!(
        columns(&other),
        ["item_id", "filing_sha256", "acknowledged_at"]
    );
}

#[test]
fn an_entry_that_is_missing_is_noticed_at_the_next() {
    let mut facts = told();
    let late = entry(
        6,
        "request.reopened",
        "2026-01-04T00:00:00Z",
        &json!({"reason": "mistake", "text": "00".repeat(32)}),
    );
    let said = facts.take(6, late.clone()).unwrap_err().to_string();
    assert!(said.contains("version 5 comes next"), "{said}");
    facts.pass(5, Withheld::Erased).unwrap();
    facts.take(6, late).unwrap();
    // What was destroyed is not known, so only what the filing says is compared.
    let mut other = row();
    other.fetched_at = None;
    assert_eq!(facts.unfit(&other), []);
    let mut first = Facts::of(REQUEST.parse().unwrap());
    let began = first.take(
        1,
        entry(
            1,
            "request.fetched",
            "2026-01-01T00:00:00Z",
            &json!({"due_at": null}),
        ),
    );
    assert!(
        began
            .unwrap_err()
            .to_string()
            .contains("begins with request.fetched")
    );
}

#[test]
fn what_was_erased_is_borne_out_by_what_was_left() {
    let mut facts = told();
    facts.pass(5, Withheld::Erased).unwrap();
    assert!(facts.unexplained());
    let left = json!({
        "entries": ["evt_01h455vb4pex5vsknk084sn02q"], "status": "acknowledged", "result": null,
        "items": [{"item": ITEM, "outcome": "removed"}], "messages": 0, "documents": 0, "mails": 0,
    });
    let erased = entry(6, "request.erased", "2026-02-01T00:00:00Z", &left);
    facts.take(6, erased).unwrap();
    assert!(!facts.unexplained());
    let columns =
        |row: &RowFacts| -> Vec<&str> { facts.unfit(row).into_iter().map(|u| u.column).collect() };
    let mut emptied = row();
    assert_eq!(columns(&emptied), ["erased_at"]);
    emptied.erased_at = Some("2026-02-01T00:00:00Z".parse().unwrap());
    assert_eq!(columns(&emptied), [""; 0]);
    emptied.outcome = Some(crate::request::OutcomeCode::NotFound);
    emptied.status = crate::request::Status::Closed;
    assert_eq!(columns(&emptied), ["status", "outcome"]);
    let said = facts.pass(7, Withheld::Erased).unwrap_err().to_string();
    assert!(said.contains("behind its request.erased"), "{said}");
    // Of one that nobody erased no row says so.
    let mut emptied = row();
    emptied.erased_at = Some("2026-02-01T00:00:00Z".parse().unwrap());
    let unfit = told().unfit(&emptied);
    assert_eq!(unfit.first().map(|unfit| unfit.column), Some("erased_at"));
}
