//! What is wrong with a signature is named, and nothing is filed.

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};
use takedown_core::history::Digest;
use takedown_core::signed::{Act, Claims};
use takedown_tests::{Db, Filing, World, both_databases};

use super::{JOSE, Unit, file, now, object, referral, uuid, world};

both_databases!(
    each_bad_signature_is_named_and_nothing_is_filed,
    what_the_platform_may_not_see_is_not_signed
);

/// A statement with this header, signed all the same.
fn headed(unit: &Unit, header: &str) -> String {
    let encode = |text: &str| BASE64URL_NOPAD.encode(text.as_bytes());
    let payload = unit.claims().with(object(&referral("bad").json()));
    let (protected, payload) = (encode(header), encode(&Value::Object(payload).to_string()));
    let signature = unit.pair.sign(format!("{protected}.{payload}").as_bytes());
    let signature = BASE64URL_NOPAD.encode(&signature);
    format!(r#"{{"protected":"{protected}","payload":"{payload}","signature":"{signature}"}}"#)
}

async fn refused(w: &World, statement: &str, rule: &str, pointer: &str) {
    let problem = file(&w.unit, statement)
        .await
        .problem(422, "signature-refused");
    assert_eq!(problem["rule"], rule, "{problem}");
    assert_eq!(
        problem["errors"][0]["pointer"],
        format!("#{pointer}"),
        "{problem}"
    );
    let said = problem.to_string();
    assert!(
        !said.contains("paste.example/"),
        "no locator is repeated: {said}"
    );
}

async fn each_bad_signature_is_named_and_nothing_is_filed(db: Db) {
    let w = world(db).await;
    let unit = Unit::known(&w, 1).await;
    let body = referral("bad").json();
    let good = format!(
        r#"{{"alg":"EdDSA","kid":"{}","typ":"takedown-request+jws"}}"#,
        unit.kid()
    );
    for (header, rule) in [
        (good.replace("EdDSA", "none"), "alg_none"),
        (good.replace("EdDSA", "HS256"), "alg"),
        (good.replace('}', r#","crit":["exp"]}"#), "crit"),
        (good.replace('}', r#","jwk":{}}"#), "header_member"),
        (good.replace("takedown-request+jws", "JWT"), "typ"),
        (good.replace(&unit.kid(), "mine"), "kid"),
        (good.replace('}', r#","alg":"none"}"#), "header"),
    ] {
        refused(&w, &headed(&unit, &header), rule, "/protected").await;
    }
    let claims = unit.claims();
    let whole = unit.sign(&claims, &body);
    let stranger = Unit::with(&w, 9);
    let swapped = headed(&stranger, &good);
    for (statement, rule, pointer) in [
        (swapped, "signature", "/signature"),
        (
            unit.filing(&referral("bad")).replace("\":\"", "\": \""),
            "form",
            "",
        ),
        (
            whole.replace("\"payload\":\"", "\"payload\":\"="),
            "encoding",
            "/payload",
        ),
        (
            whole.replace("{\"protected", "{\"header\":{},\"protected"),
            "unprotected_header",
            "/header",
        ),
        (
            stranger.filing(&referral("bad")),
            "key_unknown",
            "/protected",
        ),
    ] {
        refused(&w, &statement, rule, pointer).await;
    }
    let host = |text| takedown_core::locator::Host::parse(text).unwrap();
    for (claims, rule, pointer) in [
        (
            Claims {
                audience: host("forum.example"),
                ..claims.clone()
            },
            "audience",
            "/aud",
        ),
        (
            Claims {
                audience: host("nobody.test"),
                ..claims.clone()
            },
            "audience",
            "/aud",
        ),
        (
            Claims {
                domain: host("other.example"),
                ..claims.clone()
            },
            "domain",
            "/domain",
        ),
        (
            Claims {
                domain: host("localhost"),
                ..claims.clone()
            },
            "claim",
            "/domain",
        ),
        (
            Claims {
                domain: host("127.0.0.1"),
                ..claims.clone()
            },
            "claim",
            "/domain",
        ),
        (
            Claims {
                unit: w.other_unit.id.parse().unwrap(),
                ..claims.clone()
            },
            "unit",
            "/unit",
        ),
        (
            Claims {
                jti: "short".into(),
                ..claims.clone()
            },
            "claim",
            "/jti",
        ),
        (
            Claims {
                issued_at: now() + 60,
                expires_at: now() + 120,
                ..claims.clone()
            },
            "iat_future",
            "/iat",
        ),
        (
            Claims {
                issued_at: now() - 120,
                expires_at: now() - 60,
                ..claims.clone()
            },
            "expired",
            "/exp",
        ),
        (
            Claims {
                expires_at: now() + 8 * 86_400,
                ..claims.clone()
            },
            "exp_too_long",
            "/exp",
        ),
        (
            Claims {
                act: Act::Withdraw,
                replaces: Some(Digest::of("x")),
                ..claims.clone()
            },
            "act",
            "/act",
        ),
    ] {
        refused(&w, &unit.sign(&claims, &body), rule, pointer).await;
    }
    // Of what is filed pointers lead into the payload, as in a filing without a signature.
    let wrong = unit.filing(&Filing::referral(&["no locator"]));
    file(&w.unit, &wrong)
        .await
        .problem_at(422, "invalid", "/items/0/locator");
    let wrong = unit.filing(&referral("bad").set("colour", json!("red")));
    file(&w.unit, &wrong)
        .await
        .problem_at(422, "unknown-field", "/colour");
    // One platform for each statement.
    let two = unit.filing(&Filing::referral(&[
        "https://paste.example/1",
        "https://forum.example/2",
    ]));
    file(&w.unit, &two).await.problem(422, "several-platforms");
    // Somebody else's statement is not his to hand in, and tells him nothing of the key.
    let problem = file(&w.other_unit, &unit.filing(&referral("bad"))).await;
    assert_eq!(
        problem.problem(422, "signature-refused")["rule"],
        "key_unknown"
    );
    file(&w.platform, &whole).await.problem(403, "forbidden");
    let text = w.unit.api.call(reqwest::Method::POST, "/v1/requests");
    text.bytes(JOSE, "not json")
        .await
        .problem(422, "signature-refused");
    assert_eq!(
        w.unit.api.list("/v1/requests").await.len(),
        0,
        "nothing was filed"
    );

    // A `jti` is used once, for ever.
    file(&w.unit, &whole).await.is(201);
    let other = unit.sign(&claims, &referral("other").json());
    refused(&w, &other, "jti_used", "/jti").await;
    let fresh = Claims {
        jti: uuid(),
        ..claims
    };
    file(&w.unit, &unit.sign(&fresh, &referral("other").json()))
        .await
        .is(201);
    assert_eq!(w.unit.api.list("/v1/requests").await.len(), 2);
}

async fn what_the_platform_may_not_see_is_not_signed(db: Db) {
    let w = world(db).await;
    let unit = Unit::known(&w, 1).await;
    for (member, value, pointer) in [
        (
            "officer",
            json!({"handle": "M-17", "name": "Jan Example"}),
            "/officer/name",
        ),
        (
            "attribution",
            json!({"source": "Example Outlet", "confidence": "possible"}),
            "/attribution",
        ),
        ("operation", json!("Example"), "/operation"),
    ] {
        refused(
            &w,
            &unit.filing(&referral("bad").set(member, value)),
            "escrowed",
            pointer,
        )
        .await;
    }
    let officer = json!({"handle": "M-17", "rank": "inspector"});
    file(
        &w.unit,
        &unit.filing(&referral("good").set("officer", officer)),
    )
    .await
    .is(201);
}
