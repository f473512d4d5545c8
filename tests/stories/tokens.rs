//! Who calls: the token endpoint, and tokens that do not count.

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};
use takedown_tests::seams::{Credentials, setting};
use takedown_tests::{Answer, Db, Filing, World, both_databases};

both_databases!(
    tokens_that_do_not_count,
    a_key_of_ones_own_opens_the_door_once_per_assertion,
    secrets_are_rotated_without_a_gap_and_clients_are_stopped_at_once,
    who_calls_too_often_is_told_when_to_come_back,
);

fn good() -> Value {
    Filing::referral(&["https://paste.example/a"]).json()
}

async fn tokens_that_do_not_count(db: Db) {
    let w = World::new(db).await;
    let good = w.unit.api.token().await;
    let mut parts: Vec<_> = good.split('.').map(str::to_owned).collect();
    let last = parts[2].pop().unwrap();
    parts[2].push(if last == 'A' { 'Q' } else { 'A' });
    let unsigned = data_encoding::BASE64URL_NOPAD.encode(br#"{"alg":"none","typ":"at+jwt"}"#);
    let forged = format!("{unsigned}.{}.", parts[1]);
    for wrong in [
        "nonsense",
        "a.b.c",
        &parts.join("."),
        &forged,
        &format!("{good}="),
    ] {
        let answer = w.anonymous.with_token(wrong).get("/v1/requests").await;
        assert!(
            answer
                .header("www-authenticate")
                .is_some_and(|scheme| scheme.starts_with("Bearer")),
            "{:?}",
            answer.headers
        );
        answer.problem(401, "unauthenticated");
    }
    let unknown = w.anonymous.get("/v1/requests").await;
    unknown.problem(401, "unauthenticated");
    let basic = w.unit.api.get("/v1/requests").without_token();
    basic
        .with(|call| call.basic_auth("client", Some("secret")))
        .await
        .problem(401, "unauthenticated");

    // The token endpoint alone speaks OAuth's own error form.
    let wrong = Credentials {
        secret: "wrong".into(),
        ..w.unit.api.credentials().clone()
    };
    let refused = w
        .unit
        .api
        .acting_as(wrong)
        .ask_for_token(&[("grant_type", "client_credentials")])
        .await
        .is(401);
    assert_eq!(refused.json()["error"], "invalid_client");
    assert!(refused.header("www-authenticate").is_some());
    let grant = w
        .unit
        .api
        .ask_for_token(&[("grant_type", "password")])
        .await
        .is(400)
        .json();
    assert_eq!(grant["error"], "unsupported_grant_type");
    let scope = [
        ("grant_type", "client_credentials"),
        ("scope", "registry:write"),
    ];
    assert_eq!(
        w.unit.api.ask_for_token(&scope).await.is(400).json()["error"],
        "invalid_scope"
    );

    // A narrower token does less.
    let scope = [
        ("grant_type", "client_credentials"),
        ("scope", "requests:read"),
    ];
    let narrow = w.unit.api.ask_for_token(&scope).await.is(200).json();
    let narrow = w
        .unit
        .api
        .with_token(narrow["access_token"].as_str().unwrap());
    narrow.get("/v1/requests").await.is(200);
    narrow
        .post("/v1/requests", &self::good())
        .await
        .problem(403, "insufficient-scope");

    // Suspending a client or its agency counts at once, for tokens in circulation too.
    w.unit.api.get("/v1/requests").await.is(200);
    let suspension = format!("/v1/agencies/{}/suspension", w.unit.id);
    w.operator
        .api
        .put(
            &suspension,
            &json!({"reason": "credentials offered for sale"}),
        )
        .await
        .is(200);
    let suspended = w.unit.api.post("/v1/requests", &self::good()).await;
    assert!(
        matches!(suspended.status, 401 | 403),
        "{}",
        suspended.text()
    );
    w.operator.api.delete(&suspension).await;
    w.unit.api.forget_token().await;
    w.unit.api.post("/v1/requests", &self::good()).await.is(201);
}

/// A client that proves itself by a key of its own (RFC 7523, EdDSA).
struct KeyHolder {
    id: String,
    key: Ed25519KeyPair,
}

impl KeyHolder {
    async fn register(w: &World, key: Ed25519KeyPair) -> KeyHolder {
        let x = BASE64URL_NOPAD.encode(key.public_key().as_ref());
        let jwk = json!({"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": "k1", "x": x});
        let wanted = json!({"name": "key holder", "agency": w.unit.id, "authentication": "key", "jwks": {"keys": [jwk]}});
        let made = w
            .operator
            .api
            .post("/v1/clients", &wanted)
            .await
            .is(201)
            .json();
        assert!(
            made.get("client_secret").is_none_or(Value::is_null),
            "{made:#}"
        );
        KeyHolder {
            id: made["id"].as_str().unwrap().to_owned(),
            key,
        }
    }

    fn claims(&self) -> Value {
        let now = chrono::Utc::now().timestamp();
        json!({
            "iss": self.id, "sub": self.id, "aud": takedown_tests::seams::PUBLIC_URL,
            "iat": now, "exp": now + 50, "jti": takedown_tests::paths::unique(),
        })
    }

    fn sign(&self, header: &Value, claims: &Value) -> String {
        let [header, claims] =
            [header, claims].map(|part| BASE64URL_NOPAD.encode(part.to_string().as_bytes()));
        let signed = format!("{header}.{claims}");
        let signature = BASE64URL_NOPAD.encode(self.key.sign(signed.as_bytes()).as_ref());
        format!("{signed}.{signature}")
    }
}

async fn present(w: &World, assertion: &str) -> Answer {
    let form = format!(
        "grant_type=client_credentials&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion={assertion}"
    );
    w.anonymous
        .call(reqwest::Method::POST, "/oauth/token")
        .bytes("application/x-www-form-urlencoded", form)
        .await
}

async fn a_key_of_ones_own_opens_the_door_once_per_assertion(db: Db) {
    let w = World::with(db, &takedown_tests::seams::no_rate_limit()).await;
    let holder = KeyHolder::register(&w, Ed25519KeyPair::generate().unwrap()).await;
    let header = json!({"alg": "EdDSA", "typ": "JWT", "kid": "k1"});
    let assertion = holder.sign(&header, &holder.claims());
    let token = present(&w, &assertion).await.is(200).json();
    assert_eq!(token["token_type"], "Bearer");
    let api = w
        .anonymous
        .with_token(token["access_token"].as_str().unwrap());
    api.post("/v1/requests", &good()).await.is(201);

    let refused = async |why: &str, assertion: String| {
        let answer = present(&w, &assertion).await;
        assert!(
            matches!(answer.status, 400 | 401),
            "{why}: {}",
            answer.text()
        );
        assert_eq!(answer.json()["error"], "invalid_client", "{why}");
    };
    refused("used before", assertion.clone()).await;
    let now = chrono::Utc::now().timestamp();
    let without = |name: &str| {
        let mut claims = holder.claims();
        claims.as_object_mut().unwrap().remove(name);
        claims
    };
    let with = |name: &str, value: Value| {
        let mut claims = holder.claims();
        claims[name] = value;
        claims
    };
    for (why, claims) in [
        (
            "for somebody else",
            with("aud", json!("https://elsewhere.example")),
        ),
        (
            "for the endpoint, not the issuer",
            with(
                "aud",
                json!(format!("{}/oauth/token", takedown_tests::seams::PUBLIC_URL)),
            ),
        ),
        (
            "in a list",
            with("aud", json!([takedown_tests::seams::PUBLIC_URL])),
        ),
        ("expired", with("exp", json!(now - 30))),
        ("far too long", with("exp", json!(now + 3600))),
        ("not yet", with("nbf", json!(now + 300))),
        ("issued in the future", with("iat", json!(now + 300))),
        (
            "as somebody else",
            with("sub", json!(w.unit.api.credentials().id)),
        ),
        (
            "by somebody else",
            with("iss", json!(w.unit.api.credentials().id)),
        ),
        ("without jti", without("jti")),
        ("without exp", without("exp")),
        ("without iat", without("iat")),
    ] {
        refused(why, holder.sign(&header, &claims)).await;
    }
    for (why, header) in [
        ("no algorithm", json!({"alg": "none", "kid": "k1"})),
        ("another algorithm", json!({"alg": "HS256", "kid": "k1"})),
        ("an unknown key", json!({"alg": "EdDSA", "kid": "k2"})),
        (
            "a critical extension",
            json!({"alg": "EdDSA", "kid": "k1", "crit": ["b64"], "b64": false}),
        ),
        (
            "a key of its own",
            json!({"alg": "EdDSA", "kid": "k1", "jwk": {"kty": "OKP"}}),
        ),
        (
            "a key from elsewhere",
            json!({"alg": "EdDSA", "kid": "k1", "jku": "https://evil.example/keys"}),
        ),
        (
            "an access token's type",
            json!({"alg": "EdDSA", "kid": "k1", "typ": "at+jwt"}),
        ),
    ] {
        refused(why, holder.sign(&header, &holder.claims())).await;
    }
    let stranger = KeyHolder {
        id: holder.id.clone(),
        key: Ed25519KeyPair::generate().unwrap(),
    };
    refused(
        "signed by another key",
        stranger.sign(&header, &holder.claims()),
    )
    .await;
    // An assertion is no access token, and an access token no assertion.
    w.anonymous
        .with_token(&holder.sign(&header, &holder.claims()))
        .get("/v1/requests")
        .await
        .problem(401, "unauthenticated");
    refused(
        "an access token",
        token["access_token"].as_str().unwrap().to_owned(),
    )
    .await;
}

async fn secrets_are_rotated_without_a_gap_and_clients_are_stopped_at_once(db: Db) {
    let w = World::new(db).await;
    let client = w.unit.api.credentials().clone();
    let made = w
        .operator
        .api
        .post(
            &format!("/v1/clients/{}/credentials", client.id),
            &json!({}),
        )
        .await
        .is(201)
        .json();
    let new = Credentials {
        id: client.id.clone(),
        secret: Credentials::read(&made).secret,
    };
    assert_ne!(new.secret, client.secret);
    for secret in [&new, &client] {
        w.unit
            .api
            .acting_as(secret.clone())
            .get("/v1/requests")
            .await
            .is(200);
    }
    w.unit.api.get("/v1/requests").await.is(200);
    w.operator
        .api
        .put(
            &format!("/v1/clients/{}/suspension", client.id),
            &json!({"reason": "left the unit"}),
        )
        .await
        .is(200);
    w.unit
        .api
        .get("/v1/requests")
        .await
        .problem(401, "unauthenticated");
    let refused = w
        .unit
        .api
        .acting_as(new)
        .ask_for_token(&[("grant_type", "client_credentials")])
        .await;
    assert!(matches!(refused.status, 400 | 401), "{}", refused.text());
}

async fn who_calls_too_often_is_told_when_to_come_back(db: Db) {
    let settings = [
        // So slowly that none is regained within the test, however slow the machine.
        setting("TAKEDOWN_LIMITS_CLIENT_PER_MINUTE", "1"),
        setting("TAKEDOWN_LIMITS_CLIENT_BURST", "5"),
    ];
    let w = World::started_with(db, &settings, &takedown_tests::seams::no_rate_limit()).await;
    let answers = futures_util::future::join_all(
        (0..20).map(|_| async { w.unit.api.get("/v1/requests").await }),
    )
    .await;
    let (good, refused): (Vec<_>, Vec<_>) =
        answers.into_iter().partition(|answer| answer.status == 200);
    assert_eq!(good.len(), 5, "of 20");
    for answer in &good {
        assert!(
            answer.header("ratelimit").is_some() && answer.header("ratelimit-policy").is_some(),
            "{:?}",
            answer.headers
        );
    }
    for answer in refused {
        let seconds: u64 = answer.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=60).contains(&seconds), "{seconds}");
        answer.problem(429, "too-many-requests");
    }
    // One caller's haste is not another's.
    w.platform.api.get("/v1/inbox").await.is(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_clients_need_to_know_is_published() {
    let w = World::new(Db::Sqlite).await;
    let metadata = w
        .anonymous
        .get("/.well-known/oauth-authorization-server")
        .await
        .is(200)
        .json();
    assert_eq!(metadata["issuer"], takedown_tests::seams::PUBLIC_URL);
    assert_eq!(
        metadata["token_endpoint"],
        format!("{}/oauth/token", takedown_tests::seams::PUBLIC_URL)
    );
    let methods = metadata["token_endpoint_auth_methods_supported"].to_string();
    assert!(
        methods.contains("private_key_jwt") && methods.contains("client_secret_basic"),
        "{metadata:#}"
    );
    let keys = w
        .anonymous
        .get("/.well-known/jwks.json")
        .await
        .is(200)
        .json();
    for key in keys["keys"].as_array().unwrap() {
        assert!(key.get("d").is_none() && key["kid"].is_string(), "{keys:#}");
    }
}
