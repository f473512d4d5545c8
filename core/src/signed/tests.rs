#![allow(clippy::unwrap_used)]
use data_encoding::BASE64URL_NOPAD;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;
use crate::ed25519::KeyPair;
use crate::time::from_millis;

const UNIT: &str = "agency_01h455vb4pex5vsknk084sn02q";
const NOW: i64 = 1_800_000_000;

fn pair(seed: u8) -> KeyPair {
    KeyPair::from_seed(&[seed; 32]).unwrap()
}

fn key(seed: u8) -> UnitKey {
    UnitKey::new(pair(seed).public().clone())
}

fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn claims() -> Claims {
    Claims {
        jti: "0123456789abcdef".into(),
        unit: UNIT.parse().unwrap(),
        domain: crate::locator::Host::parse("police.example").unwrap(),
        audience: crate::locator::Host::parse("paste.example").unwrap(),
        issued_at: NOW,
        expires_at: NOW + 3600,
        act: Act::File,
        replaces: None,
    }
}

fn body() -> Map<String, Value> {
    object(json!({
        "instrument": "referral", "grounds": ["terms"], "reasons": {"text": "ż — \"why\"", "language": "en"},
        "items": [{"locator": "https://paste.example/x"}],
    }))
}

fn statement() -> String {
    sign(&pair(1), Typ::Request, &claims().with(body()))
}

fn parsed(text: &str) -> Result<Unverified, Refused> {
    Unverified::parse(text.as_bytes(), Typ::Request)
}

/// A statement with this header text, signed all the same.
fn headed(header: &str) -> String {
    let protected = BASE64URL_NOPAD.encode(header.as_bytes());
    let payload = Value::Object(claims().with(body())).to_string();
    let payload = BASE64URL_NOPAD.encode(payload.as_bytes());
    let signature = pair(1).sign(format!("{protected}.{payload}").as_bytes());
    let signature = BASE64URL_NOPAD.encode(&signature);
    format!(r#"{{"protected":"{protected}","payload":"{payload}","signature":"{signature}"}}"#)
}

#[test]
fn what_is_signed_is_read_again() {
    let read = parsed(&statement()).unwrap();
    read.verify(&key(1)).unwrap();
    assert_eq!(
        read.verify(&key(2)),
        Err(Refused::Signature(key(1).thumbprint()))
    );
    let (found, left) = Claims::read(read.payload()).unwrap();
    assert_eq!((found, left), (claims(), body()));
    assert_eq!(
        read.digest(),
        crate::history::Digest::of(statement().as_bytes())
    );
    assert!(!format!("{read:?}").contains("paste"), "{read:?}");
}

#[test]
fn the_order_of_the_members_is_free_and_nothing_else_is() {
    let text = statement();
    let members = object(serde_json::from_str(&text).unwrap());
    let [header, payload, signature] =
        ["protected", "payload", "signature"].map(|name| members[name].as_str().unwrap());
    let turned =
        format!(r#"{{"signature":"{signature}","payload":"{payload}","protected":"{header}"}}"#);
    parsed(&turned).unwrap().verify(&key(1)).unwrap();
    for (wrong, why) in [
        (format!("{text}\n"), Refused::Form),
        (format!(" {text}"), Refused::Form),
        (text.replace("\":\"", "\": \""), Refused::Form),
        (text.replace("payload", "payl\\u006fad"), Refused::Form),
        (text.replace("payload", "Payload"), Refused::Form),
        (format!("{header}.{payload}.{signature}"), Refused::Form),
        (
            text.replace("{\"protected", "{\"header\":{},\"protected"),
            Refused::Unprotected,
        ),
        (
            text.replace("{\"protected", "{\"protected\":\"\",\"protected"),
            Refused::Form,
        ),
        (
            text.replace(payload, &format!("{payload}=")),
            Refused::Encoding("payload"),
        ),
        (
            text.replace(signature, &signature.replace(['_', '-'], "+")[..85]),
            Refused::Encoding("signature"),
        ),
    ] {
        assert_eq!(parsed(&wrong).unwrap_err(), why, "{wrong}");
    }
    assert_eq!(
        Unverified::parse(&vec![b'{'; MAX_BYTES + 1], Typ::Request).unwrap_err(),
        Refused::TooLarge(MAX_BYTES)
    );
}

#[test]
fn a_header_has_exactly_what_it_should() {
    let kid = key(1).thumbprint();
    let good = format!(r#"{{"alg":"EdDSA","kid":"{kid}","typ":"takedown-request+jws"}}"#);
    parsed(&headed(&good)).unwrap().verify(&key(1)).unwrap();
    for (header, rule) in [
        (good.replace("EdDSA", "none"), "alg_none"),
        (good.replace("EdDSA", "NONE"), "alg_none"),
        (good.replace("EdDSA", "HS256"), "alg"),
        (good.replace("EdDSA", "ES256"), "alg"),
        (good.replace("takedown-request+jws", "JWT"), "typ"),
        (
            good.replace("takedown-request+jws", "takedown-key+jws"),
            "typ",
        ),
        (good.replace(&kid, "key-1"), "kid"),
        (good.replace('}', r#","crit":["b64"],"b64":false}"#), "crit"),
        (good.replace('}', r#","jwk":{}}"#), "header_member"),
        (
            good.replace('}', r#","jku":"https://evil.example"}"#),
            "header_member",
        ),
        (good.replace('}', r#","x5u":"x"}"#), "header_member"),
        (good.replace('}', r#","alg":"EdDSA"}"#), "header"),
        (good.replace(r#""alg":"EdDSA","#, ""), "header_lacks"),
        (good.replace(r#""EdDSA""#, "1"), "header_lacks"),
        ("[]".to_owned(), "header"),
    ] {
        let refused = parsed(&headed(&header)).unwrap_err();
        assert_eq!(refused.rule(), rule, "{header}");
        assert_eq!(refused.pointer(), "/protected");
    }
}

#[test]
fn each_claim_is_needed_and_has_one_writing() {
    let whole = claims().with(body());
    for (member, wrong) in [
        ("v", json!(2)),
        ("v", json!("1")),
        ("jti", json!("short")),
        ("jti", json!("with a space in it, long")),
        ("jti", json!("x".repeat(129))),
        ("unit", json!("platform_01h455vb4pex5vsknk084sn02q")),
        ("domain", json!("Police.example")),
        ("domain", json!("https://police.example")),
        ("domain", json!("localhost")),
        ("domain", json!("police.localhost")),
        ("domain", json!("intranet")),
        ("domain", json!("127.0.0.1")),
        ("domain", json!("10.0.0.7")),
        ("domain", json!("2130706433")),
        ("domain", json!("[::1]")),
        ("aud", json!("paste.example/")),
        ("aud", json!(["paste.example"])),
        ("iat", json!(-1)),
        ("iat", json!(1.5)),
        ("exp", json!(1u64 << 53)),
        ("exp", json!(NOW)),
        ("act", json!("close")),
        ("replaces", json!("00")),
    ] {
        let mut payload = whole.clone();
        payload.insert(member.into(), wrong.clone());
        let refused = Claims::read(&payload).unwrap_err();
        assert_eq!(refused.pointer(), format!("/{member}"), "{wrong}");
        if member != "replaces" {
            payload.remove(member);
            assert_eq!(
                Claims::read(&payload).unwrap_err().pointer(),
                format!("/{member}")
            );
        }
    }
    let later = Claims {
        act: Act::Withdraw,
        replaces: Some(crate::history::Digest::of("before")),
        ..claims()
    };
    let payload = later.with(Map::new());
    assert_eq!(Claims::read(&payload).unwrap(), (later, Map::new()));
    let mut lacks = payload;
    lacks.remove("replaces");
    assert_eq!(Claims::read(&lacks).unwrap_err().pointer(), "/replaces");
}

#[test]
fn a_statement_has_its_time() {
    let timely = |now| claims().timely(now);
    assert_eq!(timely(NOW - LEEWAY_SECONDS), Ok(()));
    assert_eq!(timely(NOW - LEEWAY_SECONDS - 1), Err(Refused::Future));
    assert_eq!(timely(NOW + 3600 + LEEWAY_SECONDS - 1), Ok(()));
    assert_eq!(timely(NOW + 3600 + LEEWAY_SECONDS), Err(Refused::Expired));
    let long = Claims {
        expires_at: NOW + LONGEST_SECONDS + 1,
        ..claims()
    };
    assert_eq!(long.timely(NOW), Err(Refused::TooLong));
}

#[test]
fn a_key_counts_from_when_it_is_known_until_it_is_revoked() {
    let at = |second| from_millis(second * 1000).unwrap();
    let known = Known {
        key: key(1),
        unit: UNIT.parse().unwrap(),
        domain: claims().domain,
        counts_from: Some(at(NOW)),
        revoked_at: Some(at(NOW + 60)),
    };
    let read = parsed(&statement()).unwrap();
    let signed = |known: &Known, second| known.signed(&read, &claims(), at(second));
    assert_eq!(signed(&known, NOW), Ok(()));
    assert_eq!(signed(&known, NOW - 1), Err(Refused::TooYoung(at(NOW))));
    assert_eq!(
        signed(&known, NOW + 60),
        Err(Refused::Revoked(at(NOW + 60)))
    );
    // A key that has counted for long does not make what it signed older.
    let old = Known {
        counts_from: Some(at(NOW - 86_400)),
        ..known.clone()
    };
    assert_eq!(signed(&old, NOW - 3_600), Err(Refused::Future));
    let waits = Known {
        counts_from: None,
        ..known.clone()
    };
    assert_eq!(signed(&waits, NOW), Err(Refused::Unconfirmed));
    let other = Known {
        unit: "agency_01h455vb4pex5vsknk084sn02r".parse().unwrap(),
        ..known.clone()
    };
    assert_eq!(signed(&other, NOW), Err(Refused::Unit));
    let moved = Known {
        domain: crate::locator::Host::parse("other.example").unwrap(),
        ..known.clone()
    };
    assert_eq!(signed(&moved, NOW), Err(Refused::Domain));
    let swapped = Known {
        key: key(2),
        ..known
    };
    assert_eq!(signed(&swapped, NOW).unwrap_err().rule(), "signature");
}

#[test]
fn the_thumbprint_is_that_of_rfc_8037() {
    // RFC 8037, appendices A.2 and A.3.
    let jwk =
        json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"});
    let key = UnitKey::from_jwk(&object(jwk)).unwrap();
    assert_eq!(
        key.thumbprint(),
        "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    );
    assert_eq!(UnitKey::from_jwk(&object(key.to_jwk())).unwrap(), key);
}

#[test]
fn a_key_that_cannot_be_used_is_refused_with_its_reason() {
    let good = object(key(1).to_jwk());
    for (member, wrong) in [
        ("kty", json!("EC")),
        ("crv", json!("X25519")),
        ("x", json!("AAAA")),
        ("x", json!(BASE64URL_NOPAD.encode(&[0; 32]))),
        ("kid", json!("mine")),
        ("alg", json!("ES256")),
        ("use", json!("enc")),
        ("key_ops", json!(["sign"])),
        ("d", json!("secret")),
    ] {
        let mut jwk = good.clone();
        jwk.insert(member.into(), wrong.clone());
        let refused = UnitKey::from_jwk(&jwk).unwrap_err();
        assert_eq!(refused.rule(), "key", "{member}: {wrong}");
        assert!(!refused.to_string().contains("secret"));
    }
    let set = json!({"keys": [key(1).to_jwk(), {"kty": "EC", "crv": "P-256"}, key(2).to_jwk()]});
    let set = UnitKey::from_set(set.to_string().as_bytes()).unwrap();
    assert_eq!(set, [key(1), key(2)]);
    assert!(UnitKey::from_set(b"[]").is_err());
}

#[test]
fn a_new_key_proves_itself_and_an_earlier_one_speaks_for_it() {
    let says = KeyClaims {
        unit: UNIT.parse().unwrap(),
        domain: claims().domain,
        key: key(2),
        issued_at: NOW,
    };
    let by = |seed, says: &KeyClaims| sign(&pair(seed), Typ::Key, &says.payload());
    let proven = |proof: &str, earlier: Option<&str>| {
        KeyClaims::proven(proof.as_bytes(), earlier.map(str::as_bytes), NOW)
    };
    let (found, earlier) = proven(&by(2, &says), Some(&by(1, &says))).unwrap();
    assert_eq!(found, says);
    earlier.unwrap().verify(&key(1)).unwrap();
    assert!(proven(&by(2, &says), None).unwrap().1.is_none());
    // Somebody else's key cannot be registered, and one key cannot speak for another with other words.
    assert_eq!(proven(&by(1, &says), None).unwrap_err().rule(), "signature");
    let other = KeyClaims {
        domain: crate::locator::Host::parse("other.example").unwrap(),
        ..says.clone()
    };
    assert_eq!(
        proven(&by(2, &says), Some(&by(1, &other)))
            .unwrap_err()
            .rule(),
        "key"
    );
    assert_eq!(
        proven(&by(2, &says), Some(&by(2, &says)))
            .unwrap_err()
            .rule(),
        "key"
    );
    // Nor is a key registered for a domain at which nobody else finds it.
    for host in ["localhost", "intranet", "169.254.169.254", "[::1]"] {
        let nowhere = KeyClaims {
            domain: crate::locator::Host::parse(host).unwrap(),
            ..says.clone()
        };
        let refused = proven(&by(2, &nowhere), None).unwrap_err();
        assert_eq!(refused.pointer(), "/domain", "{host}");
    }
    // A request is no statement about a key.
    let request = sign(&pair(2), Typ::Request, &says.payload());
    assert_eq!(proven(&request, None).unwrap_err().rule(), "typ");
    let old = KeyClaims {
        issued_at: NOW - LONGEST_SECONDS - 1,
        ..says.clone()
    };
    assert_eq!(proven(&by(2, &old), None).unwrap_err(), Refused::Expired);
    let early = KeyClaims {
        issued_at: NOW + LEEWAY_SECONDS + 1,
        ..says
    };
    assert_eq!(proven(&by(2, &early), None).unwrap_err(), Refused::Future);
}

/// Whether a text is taken as the unit's own.
fn taken(bytes: &[u8]) -> bool {
    Unverified::parse(bytes, Typ::Request).is_ok_and(|read| read.verify(&key(1)).is_ok())
}

proptest! {
    #[test]
    fn any_byte_that_is_changed_put_in_or_left_out_is_refused(place in 0usize..4096, byte in any::<u8>()) {
        let text = statement().into_bytes();
        prop_assert!(taken(&text));
        let place = place % text.len();
        let mut changed = text.clone();
        changed[place] = byte;
        prop_assert_eq!(taken(&changed), changed == text);
        let mut longer = text.clone();
        longer.insert(place, byte);
        prop_assert!(!taken(&longer));
        let mut shorter = text;
        shorter.remove(place);
        prop_assert!(!taken(&shorter));
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,200}") {
        let _ = Unverified::parse(text.as_bytes(), Typ::Request);
        let _ = UnitKey::from_set(text.as_bytes());
        let _ = parsed(&headed(&text));
    }
}
