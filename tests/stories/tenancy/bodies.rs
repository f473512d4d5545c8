//! A body for every operation, so that its tenancy is tested.

use serde_json::{Value, json};

/// Whether it moves the end of a duty: of silence, or of keeping what was removed.
pub fn is_duty(operation: &str) -> bool {
    operation.contains("non-disclosure/") || operation.contains("preservation")
}

/// A body that the operation would accept from whoever may call it.
pub fn body(operation: &str, request: &Value) -> Value {
    let item = &request["items"][0]["id"];
    match operation {
        "PUT acknowledgement"
        | "PUT closure"
        | "POST credentials"
        | "POST documents"
        | "PUT doubt"
        | "POST answer-links" => json!({}),
        "POST contacts" | "PUT contacts" => {
            json!({"contacts": [{"address": "found@paste.example", "source": "site"}]})
        }
        "POST claims" => json!({"host": "paste.example"}),
        "POST decisions" => takedown_tests::filing::decide(&[item], "removed"),
        "POST messages" => json!({"kind": "note", "text": "A note.", "language": "en"}),
        "POST internal-notes" => json!({"text": "A note.", "language": "en"}),
        "PUT objections/{objection}/outcome" => {
            json!({"outcome": "rejected", "text": "We looked again.", "language": "en"})
        }
        "PUT withdrawal" => json!({"reason": "mistake"}),
        "POST corrections" => json!({"agency_reference": "KP-9/26"}),
        "POST attributions" => json!({"source": "Example Outlet", "confidence": "possible"}),
        duty if duty.ends_with("/extensions") => {
            json!({"until": "2999-01-01T00:00:00Z", "reason": "The inquiry goes on."})
        }
        duty if is_duty(duty) => json!({}),
        "POST reopening" => {
            json!({"reason": "mistake", "text": {"text": "It was decided on the wrong page.", "language": "en"}})
        }
        "PUT verification" => takedown_tests::world::verification(),
        "PUT verification/confirmation" => {
            json!({"by": "Second", "call_back": {"source": "a list", "called_at": "2026-01-01T00:00:00Z"}})
        }
        "POST erasure" => json!({"reason": "unlawful"}),
        "PUT hold" => json!({"reason": "Proceedings."}),
        "PUT scrutiny-request" => json!({"by": "platform"}),
        "PUT copy" => json!({"to": "Example Authority", "sent_at": "2026-01-01T00:00:00Z"}),
        "PUT finality" => {
            json!({"how": "appeal_period_expired", "final_at": "2026-01-01T00:00:00Z"})
        }
        "PUT notification" => json!({"mail": "daily"}),
        "PUT competence" => json!({"scrutinises": []}),
        "POST signing-keys"
        | "PUT signing-keys/{kid}/confirmation"
        | "PUT signing-keys/{kid}/revocation" => json!({}),
        "PUT naming" => json!({"agreed": true}),
        "PUT signing" => json!({"required": false}),
        "PUT suspension" => json!({"reason": "test"}),
        "POST items/{item}/statement" => json!({}),
        "PATCH " => json!({"name": "Renamed"}),
        other if other.starts_with("GET") || other.starts_with("DELETE") => Value::Null,
        other => panic!(
            "a new operation, {other:?}: say here what its body is, so that its tenancy is tested"
        ),
    }
}
