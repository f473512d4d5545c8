//! What the description needs beyond what the macros write: scopes from the policy's own table, the form of parameters that
//! many endpoints share, and schemas in the plain shapes that every client generator reads.

use serde_json::{Map, Value, json};
use takedown_core::id::{
    AgencyId, ClaimId, ClientId, DeliveryId, ExportId, FeedId, ImportId, MessageId, OperationId,
    PlatformId, PriorNoticeId, RequestId, SavedTextId, SightingId, WebhookId,
};
use takedown_core::policy::{Action, Cell, Role, Scopes, cell};

use super::SCHEME;

const REF: &str = "#/components/schemas/";
/// What is written in place of a reference to it.
const INSTANT: &str = "#/components/schemas/Instant";

/// Completes a document.
#[must_use]
pub fn complete(mut document: Value) -> Value {
    each_operation(&mut document, |path, operation| {
        scopes(operation);
        parameters(path, operation);
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

fn each_operation(document: &mut Value, work: impl Fn(&str, &mut Map<String, Value>)) {
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    for (path, item) in paths {
        item.as_object_mut()
            .into_iter()
            .flatten()
            .filter_map(|(_, operation)| operation.as_object_mut())
            .for_each(|operation| work(path, operation));
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
fn parameters(path: &str, operation: &mut Map<String, Value>) {
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
            "platform" => id(PlatformId::PREFIX),
            "agency" => id(AgencyId::PREFIX),
            "request" => id(RequestId::PREFIX),
            "message" => id(MessageId::PREFIX),
            "reference" => {
                json!({ "type": "string", "pattern": "^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]$" })
            }
            "filed_from" | "filed_to" | "verification_ends_before" => {
                json!({ "type": "string", "format": "date-time" })
            }
            "id" if path.starts_with("/v1/instruments/") => {
                json!({ "type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 64, "example": "eu-tco-order" })
            }
            "id" => match of_path(path) {
                Some(kind) => id(kind),
                None => continue,
            },
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

/// Of which kind the identifier is that stands behind the first word of a path: that word says it.
fn of_path(path: &str) -> Option<&'static str> {
    let room = path.strip_prefix("/v1/")?.split('/').next()?;
    Some(match room {
        "requests" | "doubts" | "answer-links" | "scrutinies" => RequestId::PREFIX,
        "agencies" => AgencyId::PREFIX,
        "platforms" => PlatformId::PREFIX,
        "clients" => ClientId::PREFIX,
        "claims" => ClaimId::PREFIX,
        "deliveries" => DeliveryId::PREFIX,
        "exports" => ExportId::PREFIX,
        "feeds" => FeedId::PREFIX,
        "imports" => ImportId::PREFIX,
        "notices" => PriorNoticeId::PREFIX,
        "operations" => OperationId::PREFIX,
        "sightings" => SightingId::PREFIX,
        "texts" => SavedTextId::PREFIX,
        "webhooks" => WebhookId::PREFIX,
        _ => return None,
    })
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
                let made_up = ["/v1/sandbox", "/v1/sandbox/credentials"];
                let fits = if open.iter().any(|room| path.starts_with(room)) {
                    scopes.is_empty()
                } else if path == "/v1/transparency" || made_up.contains(&path.as_str()) {
                    security.len() == 1 && scopes.is_empty()
                } else if path.starts_with("/v1/instruments") || path == "/v1/sandbox/clock" {
                    scopes == [0]
                } else {
                    !scopes.is_empty() && scopes.iter().all(|count| *count == 1)
                };
                assert!(fits, "{method} {path}: {security:?}");
            }
        }
    }

    #[test]
    fn an_identifier_in_a_path_is_of_the_kind_that_its_room_has() {
        let document = super::super::document();
        let mut seen = 0;
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let parameters = operation["parameters"].as_array().into_iter().flatten();
                let ids = parameters.filter(|one| one["name"] == "id" && one["in"] == "path");
                for id in ids {
                    seen += 1;
                    let pattern = id["schema"]["pattern"].as_str();
                    let pattern = pattern.unwrap_or_else(|| panic!("{method} {path}: any text"));
                    // What people read beside it says the same.
                    let says = id["description"].as_str().unwrap();
                    let kind = pattern.trim_start_matches('^').split('_').next().unwrap();
                    let fits =
                        path.starts_with("/v1/instruments/") || says.contains(&format!("`{kind}_"));
                    assert!(fits, "{method} {path}: {says} and {pattern}");
                }
            }
        }
        assert!(seen > 90, "{seen}");
        assert_eq!(of_path("/v1/webhooks/{id}/keys"), Some("webhook"));
        assert_eq!(of_path("/v1/platforms/{id}/contacts"), Some("platform"));
        assert_eq!(of_path("/healthz"), None);
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
