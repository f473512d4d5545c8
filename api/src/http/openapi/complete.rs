//! What the description needs beyond what the macros write: scopes from the policy's own table, the form of parameters that
//! many endpoints share, and schemas in the plain shapes that every client generator reads.

use serde_json::{Map, Value, json};
use takedown_core::policy::{Action, Cell, Role, Scopes, cell};

use super::SCHEME;

const REF: &str = "#/components/schemas/";
/// What is written in place of a reference to it.
const INSTANT: &str = "#/components/schemas/Instant";

/// Completes a document.
#[must_use]
pub fn complete(mut document: Value) -> Value {
    each_operation(&mut document, |operation| {
        scopes(operation);
        parameters(operation);
        body(operation);
        responses(operation);
    });
    flat(&mut document);
    plain(&mut document);
    if let Some(schemas) = document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut)
    {
        schemas.remove("Instant");
    }
    document
}

fn each_operation(document: &mut Value, work: impl Fn(&mut Map<String, Value>)) {
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    for (_, item) in paths {
        item.as_object_mut()
            .into_iter()
            .flatten()
            .filter_map(|(_, operation)| operation.as_object_mut())
            .for_each(&work);
    }
}

/// The scopes of an operation are those that the policy asks for; one of them is enough where roles differ.
fn scopes(operation: &mut Map<String, Value>) {
    if operation.contains_key("security") {
        return;
    }
    let action = operation
        .get("operationId")
        .and_then(Value::as_str)
        .and_then(|name| name.parse::<Action>().ok());
    let Some(action) = action else { return };
    let mut needed: Vec<Scopes> = Vec::new();
    for role in Role::ALL.iter().filter(|role| **role != Role::Anonymous) {
        let scopes = match cell(action, *role) {
            Cell::Own(scope) | Cell::All(scope) => Scopes::none().with(scope),
            Cell::Open => Scopes::none(),
            Cell::No => continue,
        };
        if !needed.contains(&scopes) {
            needed.push(scopes);
        }
    }
    let needed = needed
        .iter()
        .map(|scopes| json!({ SCHEME: scopes.iter().map(|s| s.as_str()).collect::<Vec<_>>() }));
    operation.insert("security".to_owned(), needed.collect());
}

/// A parameter of one name means the same everywhere.
fn parameters(operation: &mut Map<String, Value>) {
    let place = operation["operationId"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let parameters = operation
        .get_mut("parameters")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten();
    for parameter in parameters.filter_map(Value::as_object_mut) {
        let name = parameter["name"].as_str().unwrap_or_default();
        let id = |kind: &str| json!({ "type": "string", "pattern": format!("^{kind}_[0-7][0-9a-hjkmnp-tv-z]{{25}}$") });
        let schema = match name {
            "If-Match" => {
                json!({ "type": "string", "pattern": r#"^(\*|"[1-9][0-9]{0,8}")$"#, "example": "\"3\"" })
            }
            // Whatever else is sent there matches nothing or is no preference of ours, and is passed over (RFC 9110, 7240).
            "If-None-Match" | "Prefer" => continue,
            "Idempotency-Key" => {
                json!({ "type": "string", "pattern": r#"^("[!#-~]{1,255}"|[!#-~]{1,255})$"#, "example": "5f0c6b1e-9c1e-4d2b-8a57-3c1d1f1f6a10" })
            }
            "cursor" => json!({ "type": "string", "pattern": "^[A-Za-z0-9_-]{1,256}$" }),
            "platform" => id("platform"),
            "agency" => id("agency"),
            "request" => id("req"),
            "message" => id("msg"),
            "reference" => {
                json!({ "type": "string", "pattern": "^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]$" })
            }
            "filed_from" | "filed_to" | "verification_ends_before" => {
                json!({ "type": "string", "format": "date-time" })
            }
            "id" if place == "read_instrument" => {
                json!({ "type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 64, "example": "eu-tco-order" })
            }
            "id" => id(owner(&place)),
            _ => {
                not_null(parameter);
                continue;
            }
        };
        parameter.insert("schema".to_owned(), schema);
    }
}

/// Nothing in a query is `null`: it is left out.
fn not_null(parameter: &mut Map<String, Value>) {
    let types = parameter
        .get_mut("schema")
        .and_then(|schema| schema.get_mut("type"));
    if let Some(types) = types
        && let Some(first) = types.as_array().and_then(|types| types.first()).cloned()
    {
        *types = first;
    }
}

/// Of which kind the identifier in the path of an operation is.
fn owner(operation: &str) -> &'static str {
    if operation == "start_claim" {
        return "platform";
    }
    match operation.rsplit('_').next() {
        Some("claim") => "claim",
        Some("agency" | "key" | "keys" | "uses") => "agency",
        Some("platform") => "platform",
        Some("client" | "credentials") => "client",
        Some("operation" | "invitation") => "op",
        Some("text") => "text",
        Some("export") => "exp",
        _ => "req",
    }
}

/// A body that may be left out is not `null` when it is sent.
fn body(operation: &mut Map<String, Value>) {
    let content = operation
        .get_mut("requestBody")
        .and_then(|body| body.get_mut("content"))
        .and_then(Value::as_object_mut)
        .into_iter()
        .flatten();
    for (_, media) in content {
        if let Some(reference) = nullable(&media["schema"]) {
            media["schema"] = json!({ "$ref": reference });
        }
    }
}

/// The headers that go with a status whatever the endpoint is.
fn responses(operation: &mut Map<String, Value>) {
    let text = |says: &str| json!({ "description": says, "schema": { "type": "string" } });
    let count =
        |says: &str| json!({ "description": says, "schema": { "type": "integer", "minimum": 0 } });
    let responses = operation["responses"].as_object_mut().into_iter().flatten();
    for (status, response) in responses {
        let (name, header) = match status.as_str() {
            "401" => (
                "www-authenticate",
                text("The challenge (RFC 6750, RFC 7617)."),
            ),
            "429" => ("retry-after", count("Seconds to wait.")),
            _ => continue,
        };
        response["headers"][name] = header;
    }
}

/// The reference of `oneOf: [reference, null]`.
fn nullable(schema: &Value) -> Option<&str> {
    let [one, null] = schema["oneOf"].as_array()?.as_slice() else {
        return None;
    };
    (null["type"] == "null")
        .then(|| one["$ref"].as_str())
        .flatten()
}

/// Structs that contain another one's members become plain objects.
fn flat(document: &mut Value) {
    let Some(schemas) = document
        .pointer("/components/schemas")
        .and_then(Value::as_object)
        .cloned()
    else {
        return;
    };
    for (name, schema) in &schemas {
        let Some(parts) = schema["allOf"].as_array() else {
            continue;
        };
        let (mut properties, mut required) = (Map::new(), Vec::new());
        for part in parts {
            let part = match part["$ref"].as_str().and_then(|r| r.strip_prefix(REF)) {
                Some(other) => &schemas[other],
                None => part,
            };
            properties.extend(part["properties"].as_object().cloned().unwrap_or_default());
            required.extend(part["required"].as_array().cloned().unwrap_or_default());
        }
        document["components"]["schemas"][name] = json!({
            "type": "object",
            "description": schema["description"],
            "properties": properties,
            "required": required,
        });
    }
}

/// Instants stand where they are used, and what is said of a member stands beside it, not inside of an alternative.
fn plain(value: &mut Value) {
    if let Some(reference) = nullable(value).map(str::to_owned) {
        let says = value["oneOf"][0]["description"].clone();
        if reference == INSTANT {
            *value = json!({ "type": ["string", "null"], "format": "date-time" });
        } else {
            *value = json!({ "oneOf": [{ "$ref": reference }, { "type": "null" }] });
        }
        if says.is_string() {
            value["description"] = says;
        }
        return;
    }
    if value["$ref"] == INSTANT {
        let says = value["description"].clone();
        *value = json!({ "type": "string", "format": "date-time", "example": "2026-11-22T09:30:00.000Z" });
        if says.is_string() {
            value["description"] = says;
        }
        return;
    }
    match value {
        Value::Array(values) => values.iter_mut().for_each(plain),
        Value::Object(members) => members.values_mut().for_each(plain),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_operation_says_which_scope_it_needs() {
        let document = super::super::document();
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let security = operation["security"].as_array().unwrap();
                let scopes = security.iter().filter_map(|s| s[SCHEME].as_array());
                let scopes: Vec<usize> = scopes.map(Vec::len).collect();
                let open = ["/oauth/", "/.well-known/", "/v1/log"];
                let fits = if open.iter().any(|room| path.starts_with(room)) {
                    scopes.is_empty()
                } else if path == "/v1/transparency" {
                    security.len() == 1 && scopes.is_empty()
                } else if path.starts_with("/v1/instruments") {
                    scopes == [0]
                } else {
                    !scopes.is_empty() && scopes.iter().all(|count| *count == 1)
                };
                assert!(fits, "{method} {path}: {security:?}");
            }
        }
    }

    #[test]
    fn schemas_are_plain() {
        let document = super::super::document();
        let text = document.to_string();
        for hard in ["allOf", "anyOf", "discriminator", "schemas/Instant\""] {
            assert!(!text.contains(hard), "{hard}");
        }
        assert_eq!(
            document["components"]["schemas"]["Request"]["properties"]["closed_at"]["type"],
            json!(["string", "null"])
        );
    }
}
