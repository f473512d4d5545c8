//! Two requests, one with two items, in a log with three entries that are about none.

use serde_json::{Value, json};
use takedown_core::history::Digest;
use takedown_core::log::note::SignatureType;
use takedown_core::log::{
    Checkpoint, CompactRange, Hash, Policy, Salt, SignedCheckpoint, SigningKey, leaf,
};
use takedown_core::package::{FORMAT, Member, Record, Seal};

use crate::package::Writer;

pub const FIRST: &str = "req_01h455vb4pex5vsknk084sn021";
pub const SECOND: &str = "req_01h455vb4pex5vsknk084sn022";
const AGENCY: &str = "agency_01h455vb4pex5vsknk084sn02q";
const PLATFORM: &str = "platform_01h455vb4pex5vsknk084sn02q";

pub fn key(seed: u8) -> SigningKey {
    let name = "exchange.example/log".parse().unwrap();
    SigningKey::from_seed(name, SignatureType::Ed25519, &[seed; 32]).unwrap()
}

pub fn policy() -> Policy {
    Policy::of_log(key(1).verifier().clone())
}

pub struct Sample {
    pub rows: Vec<Value>,
    pub lines: Vec<Value>,
    pub records: Vec<Record>,
    pub keys: String,
    pub policy: String,
    pub checkpoint: String,
    manifest: Value,
    tree: CompactRange,
}

fn item(number: u8) -> String {
    format!("item_01h455vb4pex5vsknk084sn02{number}")
}

fn entry(subject: &Value, day: u8, event: &str, data: &Value) -> String {
    json!({
        "id": "evt_01h455vb4pex5vsknk084sn02q", "subject": subject,
        "by": {"side": "system", "via": "worker"}, "at": format!("2026-01-0{day}T00:00:00Z"),
        "type": event, "data": data,
    })
    .to_string()
}

/// The line of an entry that is withheld.
pub fn hidden(index: u64, why: &str, of: Option<(&str, i32)>) -> Value {
    match of {
        Some((request, version)) => {
            json!({"index": index, "withheld": why, "request": request, "version": version})
        }
        None => json!({"index": index, "withheld": why}),
    }
}

fn of(request: &str, version: i32) -> Value {
    json!({"kind": "request", "id": request, "version": version})
}

fn filed(items: &[String]) -> Value {
    json!({
        "filing": "00".repeat(32), "agency": AGENCY, "platform": PLATFORM, "kind": "referral",
        "instrument": "referral", "items": items, "due_at": null,
    })
}

fn row(request: &str, version: i32, place: (u8, i32), outcome: Option<&str>) -> Value {
    let given = outcome.is_some();
    json!({
        "request_id": request, "version": version, "agency_id": AGENCY, "platform_id": PLATFORM,
        "kind": "referral", "instrument": "referral", "status": if version > 1 { "fetched" } else { "filed" },
        "filed_at": "2026-01-01T00:00:00.000Z", "filing_sha256": "00".repeat(32),
        "fetched_at": (version > 1).then_some("2026-01-02T00:00:00.000Z"), "acknowledged_at": null,
        "closed_at": null, "withdrawn_at": null, "item_id": item(place.0), "position": place.1,
        "outcome": outcome, "basis": given.then_some("law"),
        "effective_at": given.then_some("2026-01-03T00:00:00.000Z"),
        "uploader_informed": given.then_some("yes"), "countries": [], "outcome_note": null,
        "decided_at": given.then_some("2026-01-03T00:00:00.000Z"), "locator": "https://paste.example/a",
    })
}

impl Sample {
    pub fn new() -> Self {
        let exchange = json!({"kind": "exchange"});
        let own = json!({"kind": "agency", "id": AGENCY});
        let decided = json!({"decisions": [{
            "item": item(2), "outcome": "removed", "basis": "law", "effective_at": "2026-01-03T00:00:00Z",
            "uploader_informed": "yes",
        }]});
        let exported = json!({"format": "csv", "rows": 1});
        // In the order of the log.
        let logged = [
            entry(
                &of(FIRST, 1),
                1,
                "request.filed",
                &filed(&[item(1), item(2)]),
            ),
            entry(&exchange, 1, "requests.exported", &exported),
            entry(
                &of(FIRST, 2),
                2,
                "request.fetched",
                &json!({"due_at": null}),
            ),
            entry(&of(SECOND, 1), 1, "request.filed", &filed(&[item(3)])),
            entry(&of(FIRST, 3), 3, "request.decided", &decided),
            entry(
                &own,
                3,
                "text.saved",
                &json!({"id": "text_01h455vb4pex5vsknk084sn02q", "version": 1, "text": "00".repeat(32)}),
            ),
            entry(&exchange, 4, "requests.exported", &exported),
            entry(
                &of(SECOND, 2),
                4,
                "request.fetched",
                &json!({"due_at": null}),
            ),
        ];
        let mut sample = Self {
            rows: vec![
                row(FIRST, 3, (1, 1), None),
                row(FIRST, 3, (2, 2), Some("removed")),
                // Read before it was fetched.
                row(SECOND, 1, (3, 1), None),
            ],
            lines: Vec::new(),
            records: Vec::new(),
            keys: format!("{}\n", key(1).verifier()),
            policy: format!("log {}\nquorum none\n", key(1).verifier()),
            checkpoint: String::new(),
            manifest: json!({
                "format": FORMAT, "exchange": "https://exchange.example",
                "export": "exp_01h455vb4pex5vsknk084sn02q", "made_at": "2026-01-05T00:00:00Z",
                "made_for": {"role": "auditor", "scope": "everything", "client": "client_01h455vb4pex5vsknk084sn02q"},
                "filter": {}, "cut": {"begun_at": 7, "size": 8}, "complete": true, "columns": [],
                "counts": {"rows": 3, "requests": 2, "entries": 7, "withheld": {"own_papers": 1}},
                "members": [],
            }),
            tree: CompactRange::new(),
        };
        let mut lines: Vec<Value> = logged.iter().map(|entry| sample.log(entry)).collect();
        lines[5] = hidden(5, "own_papers", None);
        // Those of the rows first, request by request; then the others.
        sample.lines = [0, 2, 4, 3, 1, 5, 6, 7]
            .map(|place: usize| lines[place].clone())
            .to_vec();
        sample
    }

    fn log(&mut self, entry: &str) -> Value {
        let index = self.tree.size();
        let salt = [u8::try_from(index % 251).unwrap(); 32];
        let hash: Hash = leaf::hash(&Salt::from_bytes(salt), entry.as_bytes());
        self.tree.push(hash);
        self.records.push(Record {
            first: index,
            level: 0,
            shown: true,
            hash,
        });
        let salt = data_encoding::HEXLOWER.encode(&salt);
        json!({"index": index, "salt": salt, "entry": entry})
    }

    /// With so many more entries about nothing in particular.
    pub fn grow(&mut self, entries: u64) {
        for n in 0..entries {
            let data = json!({"format": "csv", "rows": n});
            let entry = entry(&json!({"kind": "exchange"}), 5, "requests.exported", &data);
            let line = self.log(&entry);
            self.lines.push(line);
        }
        self.manifest["cut"] = json!({"begun_at": 7, "size": self.tree.size()});
        self.manifest("entries", 7 + entries);
    }

    /// Erases the second request after its row was read.
    pub fn erase(&mut self) {
        let left = json!({
            "entries": ["evt_01h455vb4pex5vsknk084sn02q"], "status": "fetched", "result": null,
            "items": [{"item": item(3)}], "messages": 0, "documents": 0, "mails": 0,
        });
        let erased = self.log(&entry(&of(SECOND, 3), 5, "request.erased", &left));
        self.lines[3] = hidden(3, "erased", Some((SECOND, 1)));
        let fetched = self.lines.remove(7);
        self.lines.splice(4..4, [fetched, erased]);
        self.manifest["cut"] = json!({"begun_at": 7, "size": self.tree.size()});
        self.manifest["counts"]["withheld"] = json!({"own_papers": 1, "erased": 1});
    }

    /// Counts something otherwise.
    pub fn manifest(&mut self, count: &str, to: u64) {
        self.manifest["counts"][count] = to.into();
    }

    /// The package, sealed by the log as it is.
    pub fn sealed(mut self) -> Vec<u8> {
        let checkpoint =
            Checkpoint::new("exchange.example/log", self.tree.size(), self.tree.root()).unwrap();
        let signed = SignedCheckpoint::sign(checkpoint, &key(1)).unwrap();
        let lines =
            |of: &[Value]| -> String { of.iter().map(|line| format!("{line}\n")).collect() };
        let proof: Vec<u8> = self.records.iter().flat_map(Record::to_bytes).collect();
        let checkpoint = match self.checkpoint.is_empty() {
            true => signed.to_string(),
            false => self.checkpoint.clone(),
        };
        let mut writer = Writer::new(Vec::new());
        for (member, content) in [
            (Member::Readme, b"Read me.\n".to_vec()),
            (Member::Rows, lines(&self.rows).into_bytes()),
            (Member::Entries, lines(&self.lines).into_bytes()),
            (Member::Proof, proof),
            (Member::Checkpoint, checkpoint.into_bytes()),
            (Member::Keys, self.keys.clone().into_bytes()),
            (Member::Policy, self.policy.clone().into_bytes()),
        ] {
            writer.whole(member, &content).unwrap();
        }
        self.manifest["members"] = serde_json::to_value(writer.made()).unwrap();
        let manifest = self.manifest.to_string();
        writer.whole(Member::Manifest, manifest.as_bytes()).unwrap();
        let seal = Seal::sign(manifest.as_bytes(), &key(1)).unwrap();
        writer
            .whole(Member::Seal, seal.to_string().as_bytes())
            .unwrap();
        assert_eq!(
            writer.made().last().unwrap().sha256,
            Digest::of(seal.to_string())
        );
        writer.finish().unwrap()
    }
}
