//! The pages as people get them.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod golden;
mod served;

use serde_json::{Value, json};

use super::docs::{About, Docs, ProblemHelp};

pub(super) const PROBLEMS: &[ProblemHelp] = &[
    ProblemHelp {
        name: "stale-version",
        status: 412,
        title: "The request changed since you read it",
        help: "Read it again. `If-Match: *` accepts any version.",
    },
    ProblemHelp {
        name: "internal",
        status: 500,
        title: "The exchange failed",
        help: "Give its operator the `request_id`.",
    },
];

pub(super) fn docs_of(openapi: &Value) -> Docs {
    let about = About {
        public_url: "https://exchange.example".into(),
        contact: Some("desk@exchange.example".into()),
    };
    let openapi = openapi.clone();
    Docs::new(about, move || openapi.clone(), PROBLEMS)
}

/// A document with one of everything that the reference understands.
pub(super) fn openapi() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Exchange", "version": "1.2.3", "description": "First `word`.\n\nSecond <b>paragraph</b>."},
        "tags": [{"name": "things", "description": "What there is."}, {"name": "empty"}],
        "security": [{"access_token": []}],
        "paths": {
            "/v1/things/{id}": {
                "put": {
                    "tags": ["things"], "operationId": "put_thing", "summary": "Put a thing",
                    "description": "Puts it\nthere.",
                    "parameters": [
                        {"name": "id", "in": "path", "required": true, "description": "Which.",
                         "schema": {"type": "string"}},
                        {"name": "limit", "in": "query",
                         "schema": {"type": ["integer", "null"], "format": "int32", "minimum": 1, "maximum": 200}},
                        {"name": "If-Match", "in": "header", "schema": {"type": "string"}}
                    ],
                    "requestBody": {"content": {"application/json": {
                        "schema": {"$ref": "#/components/schemas/Thing"},
                        "example": {"name": "it's"}
                    }}},
                    "responses": {
                        "200": {"description": "Done.", "content": {"application/json": {
                            "schema": {"$ref": "#/components/schemas/Thing"}}}},
                        "204": {"description": "Nothing to say."}
                    }
                }
            },
            "/token": {"post": {
                "operationId": "get_token", "summary": "Get a token", "security": [{"client_basic": []}, {}],
                "requestBody": {"content": {"application/x-www-form-urlencoded": {
                    "schema": {"type": "object"},
                    "examples": {
                        "1": {"summary": "All of it", "value": {"grant_type": "client_credentials"}},
                        "2": {"summary": "Less", "value": {"grant_type": "client_credentials", "scope": "a:read b:read"}}
                    }
                }}},
                "responses": {"200": {"description": "A token."}}
            }},
            "/livez": {"get": {"summary": "Alive", "security": [], "responses": {"200": {"description": "Yes."}}}}
        },
        "components": {"schemas": {
            "Thing": {
                "description": "A thing.",
                "allOf": [
                    {"$ref": "#/components/schemas/Base"},
                    {"type": "object", "required": ["name"], "properties": {
                        "name": {"type": "string", "maxLength": 100, "description": "How it is `called`."},
                        "kinds": {"type": "array", "items": {"$ref": "#/components/schemas/Word"}, "maxItems": 3},
                        "other": {"oneOf": [{"$ref": "#/components/schemas/Base", "description": "Another."},
                                            {"type": "null"}]}
                    }}
                ]
            },
            "Base": {"type": "object", "properties": {"at": {"type": "string", "format": "date-time"}}},
            "Word": {"type": "string", "enum": ["one", "two"]}
        }}
    })
}
