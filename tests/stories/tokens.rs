//! Who calls: the token endpoint, and tokens that do not count.

use serde_json::{Value, json};
use takedown_tests::{Db, Filing, World, both_databases};

both_databases!(tokens_that_do_not_count);

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
    w.anonymous
        .get("/v1/requests")
        .await
        .problem(401, "unauthenticated");
    let basic = w.unit.api.get("/v1/requests").without_token();
    basic
        .with(|call| call.basic_auth("client", Some("secret")))
        .await
        .problem(401, "unauthenticated");

    // The token endpoint alone speaks OAuth's own error form.
    let wrong = takedown_tests::seams::Credentials {
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
