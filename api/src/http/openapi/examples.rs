//! The examples of bodies. They are the files of `openapi/examples`, which the tests send to a real server.

mod signed;

use serde_json::{Map, Value, json};

/// The files, each with its name.
macro_rules! files {
    ($($name:literal)+) => {
        &[$(($name, include_str!(concat!("../../../../openapi/examples/", $name, ".hurl")))),+]
    };
}

/// Those that send a body and are answered well. A refusal is no example to follow.
const FILES: &[(&str, &str)] = files! {
    "103-get-a-token"
    "104-register-an-agency"
    "105-verify-an-agency"
    "106-register-a-platform"
    "107-register-the-client-of-an-agency"
    "108-register-the-client-of-a-platform"
    "109-register-an-auditor"
    "110-get-the-token-of-an-agency"
    "111-get-the-token-of-a-platform"
    "112-get-the-token-of-an-auditor"
    "201-file-a-referral"
    "206-acknowledge"
    "207-decide-link-by-link"
    "209-close"
    "216-open-a-private-feed"
    "222-make-a-statement"
    "223-make-several-statements"
    "301-file-a-removal-order"
    "303-ask-a-question"
    "304-answer-a-question"
    "305-report-an-obstacle"
    "306-an-obstacle-is-over"
    "309-decide-all-that-is-left"
    "310-close-when-all-is-decided"
    "311-reopen"
    "312-withdraw"
    "313-restore"
    "321-file-what-turns-out-wrong"
    "322-correct"
    "323-suspect-a-decoy"
    "324-withdraw-one-link"
    "325-annulled"
    "326-reverse-a-decision"
    "331-send-a-document"
    "333-reply-in-a-thread"
    "335-write-a-note-for-your-own-side"
    "341-save-a-text"
    "344-replace-a-text"
    "345-fill-a-text"
    "351-correct-a-decision"
    "356-answer-an-objection"
    "361-give-notice-before-a-first-order"
    "364-order-across-a-border"
    "365-record-a-copy-sent-by-hand"
    "366-record-that-an-order-is-final"
    "410-wish-for-a-daily-mail"
    "821-wish-for-quiet-nights"
    "371-register-an-authority"
    "372-verify-the-authority"
    "373-record-what-it-scrutinises"
    "374-register-the-client-of-the-authority"
    "375-get-the-token-of-the-authority"
    "376-order-with-a-copy"
    "380-ask-for-scrutiny"
    "381-announce-an-infringement"
    "382-find-an-infringement"
    "383-file-what-is-doubted"
    "384-doubt-who-asks"
    "386-settle-a-doubt"
    "461-file-an-order-in-silence"
    "462-extend-the-non-disclosure"
    "463-lift-the-non-disclosure"
    "466-remove-and-see-what-is-to-be-kept"
    "467-confirm-preservation"
    "468-extend-preservation"
    "470-release-preservation"
    "471-record-a-deletion"
    "472-give-notice"
    "761-file-what-has-to-go"
    "762-keep-it-whatever-its-time"
    "765-withdraw-what-has-to-go"
    "766-erase"
    "401-file-an-order-of-the-digital-services-act"
    "402-pass-on-a-court-order"
    "403-file-many"
    "404-file-many-as-lines"
    "412-look-up-many"
    "414-join-an-open-request"
    "415-agree-to-be-named"
    "416-file-with-a-digest"
    "417-look-up-a-digest"
    "418-begin-a-claim"
    "421-register-a-second-platform"
    "422-register-a-second-agency"
    "423-register-its-client"
    "424-get-its-token"
    "425-file-on-two-platforms"
    "428-begin-an-operation"
    "429-add-to-an-operation"
    "430-invite-an-agency"
    "432-join-an-operation"
    "451-import-old-records"
    "452-see-what-an-import-would-do"
    "455-take-an-imported-record-back"
    "503-change-an-agency"
    "504-suspend-an-agency"
    "512-verify-a-platform"
    "514-change-a-platform"
    "515-suspend-a-platform"
    "523-rotate-credentials"
    "524-suspend-a-client"
    "741-ask-for-a-package"
    "390-register-a-webhook"
    "393-change-a-webhook"
    "394-give-a-webhook-new-keys"
    "397-send-again"
    "601-get-a-token-again"
    "602-record-a-sighting"
    "603-record-where-the-public-is-sent"
    "604-revise-a-sighting"
    "605-retract-a-sighting"
    "607-file-what-follows-a-sighting"
    "610-say-which-request-follows"
    "611-record-the-next-step"
    "615-add-addresses-of-a-platform"
    "616-replace-the-addresses-of-a-platform"
    "721-register-a-signing-key"
    "724-file-what-the-unit-signed"
    "726-correct-it-signed"
    "727-take-it-back-signed"
    "729-require-the-units-signature"
    "730-require-it-no-longer"
    "731-revoke-a-signing-key"
    "732-file-more-than-headers-can-name"
    "795-verify-by-its-own-domain"
    "796-register-a-second-operator"
    "797-get-the-token-of-the-second-operator"
    "798-complete-a-verification"
    "801-get-the-token-of-a-test-platform"
    "802-be-asked-by-a-robot"
    "803-move-the-clock"
};

/// What the description shows where a file has something that differs from run to run.
const SHOWN: &[(&str, &str)] = &[
    ("{{agency}}", "agency_01kb0000000000000000000000"),
    ("{{agency_2}}", "agency_01kb0000000000000000000001"),
    ("{{request}}", "req_01kb0000000000000000000000"),
    ("{{order}}", "req_01kb0000000000000000000001"),
    ("{{platform}}", "platform_01kb0000000000000000000000"),
    ("{{request}}", "req_01kb0000000000000000000000"),
    ("{{item}}", "item_01kb0000000000000000000000"),
    ("{{item_2}}", "item_01kb0000000000000000000001"),
    ("{{order_item}}", "item_01kb0000000000000000000002"),
    ("{{wrong_item}}", "item_01kb0000000000000000000003"),
    ("{{authority}}", "agency_01kb0000000000000000000002"),
    ("{{border_order}}", "req_01kb0000000000000000000002"),
    ("{{border_order_filed_at}}", "2026-11-22T09:30:00.000Z"),
    ("{{objection}}", "obj_01kb0000000000000000000000"),
    ("{{message}}", "msg_01kb0000000000000000000000"),
    ("{{webhook_message}}", "evt_01kb0000000000000000000000"),
    ("{{silent}}", "req_01kb0000000000000000000002"),
    ("{{a_moment_ago}}", "2026-11-22T09:00:00.000Z"),
    ("{{next_week}}", "2026-11-29T00:00:00.000Z"),
    ("{{next_month}}", "2026-12-22T00:00:00.000Z"),
    ("{{sighting}}", "sighting_01kb0000000000000000000000"),
    ("{{follower}}", "req_01kb0000000000000000000002"),
    ("{{in_ten_months}}", "2027-09-20T00:00:00.000Z"),
    ("{{next_year}}", "2027-11-22T00:00:00.000Z"),
];

/// One body as it stands in a file.
struct Example {
    summary: String,
    description: String,
    /// Of the operation: `put`, `/v1/requests/{id}/acknowledgement`.
    method: String,
    path: String,
    media: &'static str,
    value: Value,
}

/// Puts the examples where their bodies are described.
pub(super) fn add(document: &mut Value) {
    for (name, text) in FILES {
        let Some(example) = Example::read(text) else {
            continue;
        };
        let operation = &mut document["paths"][example.path][example.method];
        if let Some(media) = operation["requestBody"]["content"].get_mut(example.media) {
            media["examples"][*name] = json!({
                "summary": example.summary,
                "description": example.description,
                "value": example.value,
            });
        }
    }
}

impl Example {
    fn read(text: &str) -> Option<Self> {
        let (call, _) = text.split_once("\nHTTP ")?;
        let lines: Vec<&str> = call.lines().collect();
        let said: Vec<&str> = lines.iter().map_while(|l| l.strip_prefix("# ")).collect();
        let (line, rest) = lines.get(said.len()..)?.split_first()?;
        let (method, target) = line.split_once(' ')?;
        let shown = SHOWN
            .iter()
            .chain(signed::SHOWN)
            .fold(rest.join("\n"), |text, (name, shown)| {
                text.replace(name, shown)
            });
        let (media, value) = body(&shown)?;
        Some(Self {
            summary: said.first().copied().unwrap_or_default().to_owned(),
            description: said.get(1..).unwrap_or_default().join("\n"),
            method: method.to_lowercase(),
            path: path(target),
            media,
            value,
        })
    }
}

/// `/v1/requests/{id}` of `{{exchange}}/v1/requests/{{request}}?…`: whatever is named in a path is called `id`, save an
/// item of a request and an objection.
fn path(target: &str) -> String {
    let target = target.strip_prefix("{{exchange}}").unwrap_or(target);
    let path = target.split('?').next().unwrap_or(target);
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        let named = match parts.last() {
            _ if !part.starts_with("{{") => part,
            Some(&"items") => "{item}",
            Some(&"objections") => "{objection}",
            Some(&"signing-keys") => "{kid}",
            _ => "{id}",
        };
        parts.push(named);
    }
    parts.join("/")
}

const LINES: &str = "application/x-ndjson";
const PDF: &str = "application/pdf";
const JOSE: &str = "application/jose+json";

/// The body after the headers: a form, lines or a document between fences, or JSON.
fn body(text: &str) -> Option<(&'static str, Value)> {
    if let Some((_, form)) = text.split_once("[Form]\n") {
        let fields: Map<String, Value> = form
            .lines()
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_owned(), Value::from(value)))
            .collect();
        return Some(("application/x-www-form-urlencoded", fields.into()));
    }
    let (_, body) = text.split_once("\n\n")?;
    if let Some(lines) = body.trim().strip_prefix("```\n") {
        let lines = lines.strip_suffix("```")?;
        let pdf = text.contains("\nContent-Type: application/pdf\n");
        let media = if pdf { PDF } else { LINES };
        return Some((media, lines.into()));
    }
    let value = serde_json::from_str(body).ok()?;
    let signed = text.contains("\nContent-Type: application/jose+json\n");
    Some((if signed { JOSE } else { "application/json" }, value))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_file_is_shown_where_its_body_is_described() {
        let document = super::super::document();
        for (name, text) in FILES {
            let example = Example::read(text).unwrap_or_else(|| panic!("{name} has no body"));
            let operation = &document["paths"][&example.path][&example.method];
            let shown = &operation["requestBody"]["content"][example.media]["examples"][*name];
            assert_eq!(shown["value"], example.value, "{name}: {}", example.path);
            // A text whose own placeholders are written as escapes shows them.
            let own = text.contains(r"\u007b\u007b");
            assert!(own || !shown.to_string().contains("{{"), "{name}: {shown}");
            assert!(
                shown["summary"].as_str().is_some_and(|s| !s.is_empty()),
                "{name}"
            );
        }
    }

    #[test]
    fn every_body_has_an_example() {
        let document = super::super::document();
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let bodies = operation["requestBody"]["content"].as_object();
                for (media, body) in bodies.into_iter().flatten() {
                    assert!(body["examples"].is_object(), "{method} {path}: {media}");
                }
            }
        }
    }
}
