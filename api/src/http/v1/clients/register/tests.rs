#![allow(clippy::unwrap_used)]
use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::http::extract::parse;

fn refused(body: &Value) -> Option<String> {
    let problem = parse::<NewClient>(body.to_string().as_bytes())
        .and_then(NewClient::parse)
        .unwrap_err();
    assert_eq!(problem.status(), 422, "{body}");
    problem.field_errors()[0].pointer.clone()
}

fn party(body: &Value) -> Party {
    let new = parse::<NewClient>(body.to_string().as_bytes()).unwrap();
    new.parse().unwrap().party
}

#[test]
fn a_client_acts_for_exactly_one_party() {
    let agency = AgencyId::from_uuid(Uuid::from_u128(1));
    let platform = PlatformId::from_uuid(Uuid::from_u128(2));
    let client = |who: Value| {
        let mut body = json!({"name": "n", "authentication": "secret"});
        for (name, value) in who.as_object().unwrap() {
            body[name] = value.clone();
        }
        body
    };
    assert_eq!(
        party(&client(json!({"agency": agency}))),
        Party::Agency(agency)
    );
    assert_eq!(
        party(&client(json!({"platform": platform}))),
        Party::Platform(platform)
    );
    assert_eq!(party(&client(json!({"operator": true}))), Party::Operator);
    assert_eq!(
        party(&client(json!({"auditor": {"everything": true}}))),
        Party::Auditor(Reach::Everything)
    );
    assert_eq!(
        party(&client(json!({"auditor": {"agency": agency}}))),
        Party::Auditor(Reach::Agency(agency))
    );
    for (who, pointer) in [
        (json!({}), "#"),
        (json!({"agency": agency, "platform": platform}), "#"),
        (json!({"operator": false}), "#/operator"),
        (json!({"auditor": {}}), "#/auditor"),
        (
            json!({"auditor": {"everything": false}}),
            "#/auditor/everything",
        ),
        (
            json!({"auditor": {"everything": true, "agency": agency}}),
            "#/auditor",
        ),
        (json!({"auditor": {"agency": platform}}), "#/auditor/agency"),
        (json!({"agency": "agency_1"}), "#/agency"),
        (json!({"operator": true, "scopes": []}), "#/scopes"),
        (
            json!({"operator": true, "scopes": ["everything"]}),
            "#/scopes/0",
        ),
        (
            json!({"operator": true, "authentication": "password"}),
            "#/authentication",
        ),
        (json!({"operator": true, "secret": "x"}), "#/secret"),
    ] {
        assert_eq!(refused(&client(who)).as_deref(), Some(pointer));
    }
}

#[test]
fn keys_are_public_and_come_with_the_right_kind() {
    let body = |authentication: &str, jwks: Value| json!({"name": "n", "operator": true, "authentication": authentication, "jwks": jwks});
    // RFC 8037 appendix A.2; the private half of appendix A.1.
    let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    let public = json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": x}]});
    let private = json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": x, "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}]});
    let good = parse::<NewClient>(body("key", public.clone()).to_string().as_bytes()).unwrap();
    assert!(good.parse().is_ok());
    for wrong in [
        body("secret", public),
        body("key", private),
        body("key", json!({"keys": []})),
        body("key", json!({})),
        json!({"name": "n", "operator": true, "authentication": "key"}),
    ] {
        assert_eq!(refused(&wrong).as_deref(), Some("#/jwks"));
    }
}
