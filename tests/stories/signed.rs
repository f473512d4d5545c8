//! A unit signs what it asks with a key of its own, and a platform checks it without trusting the exchange.

mod bad;
mod by_shell;
mod changes;
mod fetched;
mod keys;
mod monitor;
mod required;
mod rewritten;

use serde_json::{Map, Value, json};
use takedown_core::ed25519::KeyPair;
use takedown_core::history::Digest;
use takedown_core::locator::Host;
use takedown_core::signed::{Act, Claims, KeyClaims, Typ, UnitKey, sign};
use takedown_tests::seams::setting;
use takedown_tests::world::{Party, path};
use takedown_tests::{Answer, Db, Filing, World, both_databases};

use crate::retention::verified;

both_databases!(
    what_a_unit_signed_is_kept_and_handed_on_byte_for_byte,
    what_nobody_signed_is_attested_by_the_exchange_only,
);

const JOSE: &str = "application/jose+json";
const DOMAIN: &str = "police.example";

/// A world in which a key counts as soon as the operator has confirmed it.
async fn world(db: Db) -> World {
    World::with(db, &[setting("TAKEDOWN_SIGNING_KEY_AGE", "0s")]).await
}

/// The first unit with a key of its own.
struct Unit {
    pair: KeyPair,
    id: String,
}

impl Unit {
    fn with(w: &World, seed: u8) -> Unit {
        Unit {
            pair: KeyPair::from_seed(&[seed; 32]).unwrap(),
            id: w.unit.id.clone(),
        }
    }

    /// With a key that is registered and confirmed.
    async fn known(w: &World, seed: u8) -> Unit {
        let unit = Unit::with(w, seed);
        unit.register(w, None).await.is(201);
        unit.confirm(w).await.is(200);
        unit
    }

    fn kid(&self) -> String {
        UnitKey::new(self.pair.public().clone()).thumbprint()
    }

    fn keys(&self) -> String {
        format!("/v1/agencies/{}/signing-keys", self.id)
    }

    /// What this key says of a key of the unit.
    fn says_of(&self, key: &KeyPair) -> Value {
        let claims = KeyClaims {
            unit: self.id.parse().unwrap(),
            domain: Host::parse(DOMAIN).unwrap(),
            key: UnitKey::new(key.public().clone()),
            issued_at: now(),
        };
        serde_json::from_str(&sign(&self.pair, Typ::Key, &claims.payload())).unwrap()
    }

    async fn register(&self, w: &World, earlier: Option<&Unit>) -> Answer {
        let mut body = json!({"proof": self.says_of(&self.pair)});
        if let Some(earlier) = earlier {
            body["cosigned"] = earlier.says_of(&self.pair);
        }
        w.unit.api.post(&self.keys(), &body).await
    }

    async fn confirm(&self, w: &World) -> Answer {
        let address = format!("{}/{}/confirmation", self.keys(), self.kid());
        w.operator.api.put(&address, &json!({})).await
    }

    fn claims(&self) -> Claims {
        Claims {
            jti: uuid(),
            unit: self.id.parse().unwrap(),
            domain: Host::parse(DOMAIN).unwrap(),
            audience: Host::parse("paste.example").unwrap(),
            issued_at: now(),
            expires_at: now() + 600,
            act: Act::File,
            replaces: None,
        }
    }

    fn sign(&self, claims: &Claims, body: &Value) -> String {
        sign(&self.pair, Typ::Request, &claims.with(object(body)))
    }

    fn filing(&self, filing: &Filing) -> String {
        self.sign(&self.claims(), &filing.json())
    }
}

fn uuid() -> String {
    takedown_tests::paths::unique().replace('-', "") + "0000000000000000"
}

fn now() -> i64 {
    chrono::Utc::now().timestamp()
}

fn object(value: &Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

async fn file(party: &Party, statement: &str) -> Answer {
    let call = party.api.call(reqwest::Method::POST, "/v1/requests");
    call.bytes(JOSE, statement.to_owned()).await
}

fn referral(link: &str) -> Filing {
    Filing::referral(&[&format!("https://paste.example/{link}")])
}

async fn what_a_unit_signed_is_kept_and_handed_on_byte_for_byte(db: Db) {
    let w = world(db).await;
    let unit = Unit::known(&w, 1).await;
    let statement = unit.filing(&referral("one").reference("KP-1"));
    let digest = Digest::of(&statement).to_string();
    let filed = file(&w.unit, &statement).await.is(201).json();
    assert_eq!(filed["attestation"], "unit_signed");
    let signature = &filed["signature"];
    assert_eq!(signature["kid"], unit.kid());
    assert_eq!(signature["domain"], DOMAIN);
    assert_eq!(
        signature["statements"],
        json!([{"digest": digest, "act": "file", "version": 1}])
    );
    assert_eq!(
        (
            &signature["unsigned_changes"],
            &signature["key_doubted_since"]
        ),
        (&json!(0), &Value::Null)
    );
    // The columns are those that the same filing without a signature would have.
    assert_eq!(filed["items"][0]["locator"], "https://paste.example/one");
    assert_eq!(filed["agency_reference"], "KP-1");

    // Sent again it is the same request; also after the answer was lost.
    let again = file(&w.unit, &statement).await.is(201).json();
    assert_eq!(again["id"], filed["id"]);

    // The platform reads the very bytes, and that is the receipt.
    let address = format!("{}/signed", path(&filed));
    let read = w.platform.api.get(&address).await.is(200);
    assert_eq!(read.text(), statement);
    assert_eq!(read.header("content-type"), Some(JOSE));
    assert_eq!(read.etag(), format!("\"{digest}\""));
    assert_eq!(w.read(&filed).await["status"], "fetched");
    w.platform
        .api
        .get(&address)
        .header("if-none-match", &read.etag())
        .await
        .is(304);
    let named = w
        .auditor
        .api
        .get(&format!("{address}?digest={digest}"))
        .await
        .is(200);
    assert_eq!(named.text(), statement);
    let other = Digest::of("other").to_string();
    w.unit
        .api
        .get(&format!("{address}?digest={other}"))
        .await
        .problem(404, "not-found");
    w.unit
        .api
        .get(&format!("{address}?digest=x"))
        .await
        .problem(400, "invalid-parameter");
    w.other_platform
        .api
        .get(&address)
        .await
        .problem(404, "not-found");
    w.other_unit
        .api
        .get(&address)
        .await
        .problem(404, "not-found");
    w.operator.api.get(&address).await.problem(403, "forbidden");

    // The sealed history names it, and so do lists and the inbox.
    let history = w
        .unit
        .api
        .get(&format!("{}/history", path(&filed)))
        .await
        .is(200)
        .json();
    let entry = &history["items"][0]["data"];
    let tag = entry["signature"]["tag"].clone();
    assert_eq!(
        entry["signature"],
        json!({"kid": unit.kid(), "statement": digest, "tag": tag})
    );
    // The tag says to the unit that it was its first use, and nothing to others.
    let uses = format!("/v1/agencies/{}/signing-key-uses", w.unit.id);
    let first = w.unit.api.list(&uses).await.remove(0);
    assert_eq!(first["number"], 1);
    let pseudonym = first["pseudonym"].as_str().unwrap();
    let bytes: Vec<u8> = (0..64)
        .step_by(2)
        .map(|at| u8::from_str_radix(&pseudonym[at..at + 2], 16).unwrap())
        .collect();
    let tagged = [
        b"takedown-exchange/use/v1\n".as_slice(),
        &bytes,
        &[0, 0, 0, 1],
    ]
    .concat();
    assert_eq!(tag, Digest::of(tagged).to_string());
    let overseen = w.auditor.api.list(&uses).await.remove(0);
    assert_eq!(overseen["digest"], first["digest"]);
    assert_eq!(overseen["pseudonym"], Value::Null);
    let sealed: Value = serde_json::from_str(first["entry"]["data"].as_str().unwrap()).unwrap();
    assert_eq!(sealed["data"]["signature"]["tag"], tag);
    assert_eq!(entry["filing"], digest);
    let listed = w.platform.api.list("/v1/requests").await;
    assert_eq!(listed[0]["attestation"], "unit_signed");
    assert_eq!(verified(&w).await["signed_by_units"], 1);
}

async fn what_nobody_signed_is_attested_by_the_exchange_only(db: Db) {
    let w = world(db).await;
    let filed = w.file(&referral("plain")).await;
    assert_eq!(filed["attestation"], "exchange_only");
    assert_eq!(filed["signature"], Value::Null);
    let address = format!("{}/signed", path(&filed));
    let refused = w
        .platform
        .api
        .get(&address)
        .await
        .problem(409, "conflict-state");
    assert!(
        refused["detail"]
            .as_str()
            .unwrap()
            .contains("by the exchange only"),
        "{refused}"
    );
    // To be refused is no receipt.
    assert_eq!(w.read(&filed).await["status"], "filed");
    // Four fields are enough, as before.
    assert_eq!(referral("plain").json().as_object().unwrap().len(), 4);
}
