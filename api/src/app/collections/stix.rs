//! A request as STIX 2.1 objects.
//!
//! What is asked about is observables and indicators, who asks and who is asked identities, what is asked a course of action, the
//! request itself a report that holds it all together. What the platform said itself is not among them: its inbox does not tell it
//! either. Nothing here depends on where a request stands, only on what its agency did: reading changes nothing that is read.

use std::collections::HashSet;

use serde_json::{Map, Value, json};
use takedown_core::instrument::Kind;
use takedown_core::locator::{ItemKind, Locator};
use takedown_core::time::{At, rfc3339};

use super::ids::{named, observed};
use crate::app::parties::{Agency, Platform};
use crate::app::requests::{ItemView, RequestView};

/// TLP:AMBER+STRICT of version 2.0: for the organisation that is asked, and nobody else.
const MARKING: &str = "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003";
/// The extension by which version 2.0 of TLP is written in STIX.
const TLP: &str = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d";

/// An object, without the version it has in a collection.
#[derive(Debug, Clone)]
pub(super) struct Object {
    /// Its identifier.
    pub id: String,
    /// Its type.
    pub kind: &'static str,
    /// Since when it is as it is; not said of what changes with the event that the collection learns it by.
    pub since: Option<At>,
    /// Whether it is made from the request, and goes with it.
    pub of_request: bool,
    /// Whether it says when it was modified: observables and markings do not.
    versioned: bool,
    body: Map<String, Value>,
}

impl Object {
    fn of(kind: &'static str, id: String, body: Value) -> Self {
        let mut object = Self {
            id,
            kind,
            since: None,
            of_request: true,
            versioned: true,
            body: match body {
                Value::Object(body) => body,
                _ => Map::new(),
            },
        };
        object.put("type", kind);
        object.put("spec_version", "2.1");
        let id = object.id.clone();
        object.put("id", id);
        if kind != "marking-definition" {
            object.put("object_marking_refs", json!([MARKING]));
        }
        object
    }

    fn put(&mut self, member: &str, value: impl Into<Value>) {
        self.body.insert(member.to_owned(), value.into());
    }

    fn since(mut self, at: At) -> Self {
        self.since = Some(at);
        self
    }

    fn revoked(mut self, revoked: bool) -> Self {
        if revoked {
            self.put("revoked", true);
        }
        self
    }

    fn observable(mut self) -> Self {
        self.versioned = false;
        self
    }

    fn shared(mut self) -> Self {
        self.of_request = false;
        self
    }

    /// Whether it is something that others can observe as well, so that several requests may have it.
    pub(super) const fn is_observable(&self) -> bool {
        self.of_request && !self.versioned
    }

    /// As it is handed over, in this version.
    pub(super) fn written(mut self, version: At) -> Value {
        if self.versioned {
            self.put("modified", rfc3339(version));
        }
        Value::Object(self.body)
    }
}

/// Everything that is said of a request: what others refer to comes first, the report last. Of an erased one only that it was.
pub(super) fn objects(view: &RequestView, public_url: &str) -> Vec<Object> {
    let mut all = vec![marking(), agency(&view.agency), platform(&view.platform)];
    let from = all.len();
    if view.erased_at.is_none() {
        let action = course_of_action(view);
        let asked = action.id.clone();
        all.push(action);
        for item in &view.items {
            let observed = observables(item);
            all.extend(observed.into_iter().map(|o| o.since(view.request.filed_at)));
            if let Some(indicator) = indicator(view, item) {
                let to = indicator.id.clone();
                all.push(indicator);
                all.push(mitigates(view, item, (&asked, &to)));
            }
        }
        let mut seen = HashSet::new();
        all.retain(|object| seen.insert(object.id.clone()));
    }
    let refs: Vec<String> = all[from..].iter().map(|object| object.id.clone()).collect();
    all.push(report(view, public_url, refs));
    all
}

/// The marking, if this names it.
pub(super) fn marking_of(id: &str) -> Option<Object> {
    (id == MARKING).then(marking)
}

fn marking() -> Object {
    let created = At::from_timestamp(1_664_582_400, 0).unwrap_or_default();
    let body = json!({
        "created": rfc3339(created),
        "name": "TLP:AMBER+STRICT",
        "extensions": { TLP: { "extension_type": "property-extension", "tlp_2_0": "amber+strict" } },
    });
    Object::of("marking-definition", MARKING.to_owned(), body)
        .since(created)
        .observable()
        .shared()
}

/// Who asks.
pub(super) fn agency(agency: &Agency) -> Object {
    let body = json!({
        "created": rfc3339(agency.created_at),
        "name": agency.name,
        "identity_class": "organization",
        "sectors": ["government"],
        "contact_information": agency.complaints,
    });
    Object::of("identity", named("identity", agency.id.uuid()), body)
        .since(agency.updated_at)
        .shared()
}

/// Who is asked.
pub(super) fn platform(platform: &Platform) -> Object {
    let body = json!({
        "created": rfc3339(platform.created_at),
        "name": platform.name,
        "identity_class": "organization",
    });
    Object::of("identity", named("identity", platform.id.uuid()), body)
        .since(platform.updated_at)
        .shared()
}

/// What can be observed of an item: where it is, exactly as filed, and the material's digests.
fn observables(item: &ItemView) -> Vec<Object> {
    let simple = |kind: &'static str, property: &str, value: &str| {
        let body = json!({ property: value });
        Object::of(kind, observed(kind, &body), body).observable()
    };
    let mut found = match item.kind {
        ItemKind::Url | ItemKind::Listing => vec![simple("url", "value", &item.locator)],
        ItemKind::Account | ItemKind::Channel => {
            vec![simple("user-account", "user_id", &item.locator)]
        }
        ItemKind::Site => {
            let host = item.host.as_deref().unwrap_or(&item.locator);
            let mut both = vec![simple("domain-name", "value", host)];
            if item.locator != host {
                both.push(simple("url", "value", &item.locator));
            }
            both
        }
        ItemKind::FileHash => Vec::new(),
    };
    found.extend(digests(item).into_iter().map(|(algorithm, value)| {
        let body = json!({ "hashes": { algorithm: value } });
        Object::of("file", observed("file", &body), body).observable()
    }));
    found
}

/// The digests of an item that STIX has a name for, each with it.
fn digests(item: &ItemView) -> Vec<(&'static str, String)> {
    let own = match item.kind {
        ItemKind::FileHash => Locator::parse(item.kind, &item.locator).ok(),
        _ => None,
    };
    let own = own
        .as_ref()
        .and_then(|locator| locator.key().as_str().split_once(':'));
    let said = item
        .detail
        .digests
        .iter()
        .map(|d| (&*d.algorithm, &*d.value));
    own.into_iter()
        .chain(said)
        .filter_map(|(algorithm, value)| {
            let name = match algorithm {
                "md5" => "MD5",
                "sha1" => "SHA-1",
                "sha256" => "SHA-256",
                "sha512" => "SHA-512",
                _ => return None,
            };
            Some((name, value.to_owned()))
        })
        .collect()
}

/// What a program of the platform can look for.
fn pattern(item: &ItemView) -> Option<String> {
    let quoted = |text: &str| text.replace('\\', "\\\\").replace('\'', "\\'");
    let (path, value) = match item.kind {
        ItemKind::Url | ItemKind::Listing => ("url:value".to_owned(), item.locator.clone()),
        ItemKind::Account | ItemKind::Channel => {
            ("user-account:user_id".to_owned(), item.locator.clone())
        }
        ItemKind::Site => {
            let host = item.host.as_ref().unwrap_or(&item.locator);
            ("domain-name:value".to_owned(), host.clone())
        }
        ItemKind::FileHash => {
            let (algorithm, value) = digests(item).into_iter().next()?;
            (format!("file:hashes.'{algorithm}'"), value)
        }
    };
    Some(format!("[{path} = '{}']", quoted(&value)))
}

fn indicator(view: &RequestView, item: &ItemView) -> Option<Object> {
    let filed_at = view.request.filed_at;
    let ended = ended(view, item);
    let body = json!({
        "created": rfc3339(filed_at),
        "created_by_ref": named("identity", view.agency.id.uuid()),
        "pattern": pattern(item)?,
        "pattern_type": "stix",
        "valid_from": rfc3339(filed_at),
        "external_references": [{ "source_name": SOURCE, "external_id": item.item.id.to_string() }],
    });
    let id = named("indicator", item.item.id.uuid());
    let object = Object::of("indicator", id, body).revoked(ended.is_some());
    Some(object.since(ended.unwrap_or(filed_at)))
}

/// Since when an item is not asked about any more: its agency took it back, or the whole request.
fn ended(view: &RequestView, item: &ItemView) -> Option<At> {
    let alone = item
        .item
        .withdrawal
        .as_ref()
        .map(|withdrawal| withdrawal.at);
    let together = view.request.state.withdrawn_at();
    match (alone, together) {
        (Some(alone), Some(together)) => Some(alone.min(together)),
        (alone, together) => alone.or(together),
    }
}

fn mitigates(view: &RequestView, item: &ItemView, (from, to): (&str, &str)) -> Object {
    let filed_at = view.request.filed_at;
    let ended = ended(view, item);
    let body = json!({
        "created": rfc3339(filed_at),
        "created_by_ref": named("identity", view.agency.id.uuid()),
        "relationship_type": "mitigates",
        "source_ref": from,
        "target_ref": to,
    });
    Object::of(
        "relationship",
        named("relationship", item.item.id.uuid()),
        body,
    )
    .revoked(ended.is_some())
    .since(ended.unwrap_or(filed_at))
}

fn course_of_action(view: &RequestView) -> Object {
    let body = json!({
        "created": rfc3339(view.request.filed_at),
        "created_by_ref": named("identity", view.agency.id.uuid()),
        "name": measure(view),
    });
    let id = named("course-of-action", view.request.id.uuid());
    Object::of("course-of-action", id, body).revoked(view.request.state.withdrawn_at().is_some())
}

/// What is asked, and whether one may or, as is claimed, must.
fn measure(view: &RequestView) -> String {
    match view.request.kind {
        Kind::Referral if view.asks_to_wait() => {
            "Wait, and do not remove for now: a decoy is suspected (voluntary)".to_owned()
        }
        Kind::Referral => "Consider under your own terms (voluntary)".to_owned(),
        Kind::Order => {
            let (title, citation) = view.filing.power(view.request.instrument.as_str());
            let under = if citation.is_empty() { title } else { citation };
            format!("Remove or disable access (binding, as claimed under {under})")
        }
    }
}

/// What a request is called where something comes from elsewhere.
const SOURCE: &str = "takedown-exchange";

fn report(view: &RequestView, public_url: &str, mut refs: Vec<String>) -> Object {
    let request = &view.request;
    let erased = view.erased_at.is_some();
    refs.push(named("identity", view.platform.id.uuid()));
    let mut labels = vec![request.kind.to_string()];
    labels.extend(view.filing.grounds.iter().cloned());
    let mut body = json!({
        "created": rfc3339(request.filed_at),
        "created_by_ref": named("identity", view.agency.id.uuid()),
        "name": format!("{}: {}", view.reference, measure(view)),
        "report_types": ["indicator"],
        "published": rfc3339(request.filed_at),
        "object_refs": refs,
        "labels": labels,
        "external_references": [{
            "source_name": SOURCE,
            "external_id": view.reference.to_string(),
            "url": format!("{public_url}/v1/requests/{}", request.id),
        }],
    });
    if !erased {
        body["description"] = json!(view.filing.reasons.text);
        body["lang"] = json!(view.filing.reasons.language.to_string());
    }
    let over = erased || request.state.withdrawn_at().is_some();
    Object::of("report", named("report", request.id.uuid()), body).revoked(over)
}
