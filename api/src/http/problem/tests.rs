#![allow(clippy::unwrap_used)]

use std::collections::HashSet;

use super::*;

#[test]
fn the_table_is_closed_and_every_code_says_what_to_do() {
    let names: HashSet<&str> = Code::ALL.iter().map(|spec| spec.name).collect();
    assert_eq!(names.len(), Code::ALL.len());
    for spec in Code::ALL {
        assert_eq!(spec.code.as_str(), spec.name);
        assert_eq!(spec.code.status().as_u16(), spec.status);
        assert!(spec.help.len() > 40, "{}", spec.name);
        assert!(
            spec.name
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b == b'-')
        );
        assert_eq!(Code::find(spec.name).unwrap().code, spec.code);
    }
    assert!(Code::find("teapot").is_none());
}

#[test]
fn the_body_is_that_of_rfc_9457() {
    let problem = Problem::new(Code::StaleVersion, "Version 3 is not current.")
        .with("current_version", 4)
        .at("/items/0", "gone");
    let json = serde_json::to_value(problem.body("https://takedown.example", Some("abc"))).unwrap();
    assert_eq!(
        json,
        serde_json::json!({
            "type": "https://takedown.example/docs/problems/stale-version",
            "title": "The request changed since you read it",
            "status": 412, "code": "stale-version", "detail": "Version 3 is not current.",
            "request_id": "abc", "current_version": 4,
            "errors": [{"pointer": "#/items/0", "detail": "gone"}]
        })
    );
}

#[test]
fn the_cause_is_for_the_log_alone() {
    let cause = std::io::Error::other("disk /dev/sda1 burnt");
    let problem = Problem::internal(cause);
    let body = serde_json::to_string(&problem.body("", None)).unwrap();
    assert!(!body.contains("sda1"));
    assert!(!problem.to_string().contains("sda1"));
    assert_eq!(problem.cause_chain().unwrap(), "disk /dev/sda1 burnt");
    assert_eq!(problem.error_response().status().as_u16(), 500);
}

#[test]
fn a_slow_body_is_408_and_everything_else_has_the_status_of_its_code() {
    assert_eq!(Problem::slow_body().status().as_u16(), 408);
    assert_eq!(Problem::new(Code::Timeout, "x").status().as_u16(), 503);
}

#[test]
fn answers_of_actix_are_adopted_and_ours_are_left() {
    let theirs = HttpResponse::from_error(actix_web::error::ErrorPayloadTooLarge("text/plain"));
    assert_eq!(adopt(&theirs).unwrap().code(), Code::BodyTooLarge);
    let bare = HttpResponse::MethodNotAllowed()
        .insert_header(("Allow", "GET"))
        .finish();
    let adopted = adopt(&bare).unwrap();
    assert_eq!(adopted.code(), Code::MethodNotAllowed);
    assert_eq!(
        adopted.error_response().headers().get("Allow").unwrap(),
        "GET"
    );
    let ours = HttpResponse::from_error(Problem::not_found());
    assert!(adopt(&ours).is_none());
    assert!(adopt(&HttpResponse::Ok().finish()).is_none());
    assert!(
        adopt(&HttpResponse::BadRequest().json(serde_json::json!({"error": "invalid_scope"})))
            .is_none()
    );
}
