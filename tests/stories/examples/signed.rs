//! What only the unit can bring to the examples: statements signed with its own key.

use serde_json::{Map, Value, json};
use takedown_core::ed25519::KeyPair;
use takedown_core::history::Digest;
use takedown_core::locator::Host;
use takedown_core::signed::{Act, Claims, KeyClaims, Typ, UnitKey, sign};
use takedown_tests::hurl::Variables;

/// Makes the statements of the agency, each continuing the one before.
pub fn made(variables: &mut Variables) {
    let pair = KeyPair::from_seed(&[7; 32]).unwrap();
    let now = chrono::Utc::now().timestamp();
    let domain = Host::parse("police.example").unwrap();
    let unit = variables["agency"].parse().unwrap();
    let says = KeyClaims {
        unit,
        domain: domain.clone(),
        key: UnitKey::new(pair.public().clone()),
        issued_at: now,
    };
    put(variables, "key", &sign(&pair, Typ::Key, &says.payload()));
    let mut before: Option<Digest> = None;
    for (name, act, body) in [
        (
            "filing",
            Act::File,
            json!({
                "instrument": "referral", "grounds": ["terms"], "items": [{"locator": "https://paste.example/signed"}],
                "reasons": {"text": "It is sold there against your terms.", "language": "en"},
            }),
        ),
        (
            "correction",
            Act::Correct,
            json!({"provision": "Section 4 of your terms"}),
        ),
        (
            "withdrawal",
            Act::Withdraw,
            json!({"reason": "no_longer_needed"}),
        ),
    ] {
        let claims = Claims {
            jti: format!("{name}-of-the-examples"),
            unit,
            domain: domain.clone(),
            audience: Host::parse("paste.example").unwrap(),
            issued_at: now,
            expires_at: now + 600,
            act,
            replaces: before,
        };
        let body: Map<String, Value> = body.as_object().unwrap().clone();
        let statement = sign(&pair, Typ::Request, &claims.with(body));
        before = Some(Digest::of(&statement));
        put(variables, name, &statement);
    }
}

fn put(variables: &mut Variables, name: &str, statement: &str) {
    let statement: Value = serde_json::from_str(statement).unwrap();
    for part in ["protected", "payload", "signature"] {
        let text = statement[part].as_str().unwrap().to_owned();
        variables.insert(format!("signed_{name}_{part}"), text);
    }
}
