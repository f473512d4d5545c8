//! Every operation of the API, from its OpenAPI document.

use serde_json::Value;

use super::prose::{Span, paragraphs};
use super::schema::{self, Kind, Schema, about, kind};

const METHODS: [&str; 7] = ["get", "post", "put", "patch", "delete", "head", "options"];

/// The whole reference.
pub(super) struct Reference {
    pub title: String,
    pub version: String,
    pub intro: Vec<Vec<Span>>,
    pub groups: Vec<Group>,
    pub schemas: Vec<Schema>,
}

/// The operations of one tag.
pub(super) struct Group {
    pub name: String,
    pub about: Vec<Vec<Span>>,
    pub operations: Vec<Operation>,
}

/// One operation.
pub(super) struct Operation {
    pub id: String,
    pub method: String,
    pub path: String,
    pub summary: String,
    pub about: Vec<Vec<Span>>,
    /// Whether it is called without a token.
    pub open: bool,
    pub parameters: Vec<Parameter>,
    pub bodies: Vec<Body>,
    pub answers: Vec<Answer>,
    pub curl: String,
}

/// A parameter.
pub(super) struct Parameter {
    pub name: String,
    pub place: String,
    pub required: bool,
    pub kind: Kind,
    pub about: Vec<Vec<Span>>,
}

/// A body that may be sent.
pub(super) struct Body {
    pub media: String,
    pub kind: Kind,
    pub samples: Vec<Sample>,
}

/// A body as it is sent.
pub(super) struct Sample {
    pub summary: String,
    pub text: String,
}

/// An answer.
pub(super) struct Answer {
    pub status: String,
    pub kind: Kind,
    pub about: Vec<Vec<Span>>,
}

fn string(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

impl Reference {
    /// Reads a document. What is missing in it is missing here; nothing is invented.
    pub fn of(document: &Value, url: &str) -> Self {
        let info = &document["info"];
        let mut groups: Vec<Group> = document["tags"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|tag| Group {
                name: string(&tag["name"]),
                about: about(tag),
                operations: Vec::new(),
            })
            .collect();
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            for method in METHODS {
                let Some(found) = item.get(method) else {
                    continue;
                };
                let operation = Operation::of(document, (method, path), item, found, url);
                let tag = found["tags"][0].as_str().unwrap_or("other");
                match groups.iter_mut().find(|group| group.name == tag) {
                    Some(group) => group.operations.push(operation),
                    None => groups.push(Group {
                        name: tag.to_owned(),
                        about: Vec::new(),
                        operations: vec![operation],
                    }),
                }
            }
        }
        groups.retain(|group| !group.operations.is_empty());
        Self {
            title: string(&info["title"]),
            version: string(&info["version"]),
            intro: paragraphs(info["description"].as_str().unwrap_or_default()),
            groups,
            schemas: schema::schemas(document),
        }
    }
}

impl Operation {
    fn of(
        document: &Value,
        (method, path): (&str, &str),
        item: &Value,
        found: &Value,
        url: &str,
    ) -> Self {
        let parameters: Vec<Parameter> = [item, found]
            .into_iter()
            .filter_map(|at| at["parameters"].as_array())
            .flatten()
            .map(|p| Parameter {
                name: string(&p["name"]),
                place: string(&p["in"]),
                required: p["required"] == true,
                kind: kind(&p["schema"]),
                about: about(p),
            })
            .collect();
        let bodies: Vec<Body> = found["requestBody"]["content"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(media, content)| Body {
                media: media.clone(),
                kind: kind(&content["schema"]),
                samples: samples(document, media, content),
            })
            .collect();
        let answers = found["responses"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(status, answer)| Answer {
                status: status.clone(),
                kind: answer["content"]
                    .as_object()
                    .and_then(|content| content.values().next())
                    .map_or_else(Kind::default, |content| kind(&content["schema"])),
                about: about(answer),
            })
            .collect();
        let security = found.get("security").unwrap_or(&document["security"]);
        let open = security.as_array().is_none_or(|ways| {
            ways.is_empty()
                || ways
                    .iter()
                    .any(|way| way == &Value::Object(Default::default()))
        });
        let mut ways = security.as_array().into_iter().flatten();
        let basic = ways.any(|way| way.get("client_basic").is_some());
        let method = method.to_uppercase();
        let summary = found["summary"].as_str().unwrap_or(path).to_owned();
        Self {
            id: found["operationId"].as_str().map_or_else(
                || format!("{method}{path}").replace(['/', '{', '}'], "-"),
                str::to_owned,
            ),
            curl: curl(url, (&method, path), (open, basic), &parameters, &bodies),
            path: path.to_owned(),
            method,
            summary,
            about: about(found),
            open,
            parameters,
            bodies,
            answers,
        }
    }
}

/// The examples of a body, or that of the schema it names.
fn samples(document: &Value, media: &str, content: &Value) -> Vec<Sample> {
    let sample = |summary: &Value, value: &Value| Sample {
        summary: string(summary),
        text: written(media, value),
    };
    let named = content["examples"].as_object().into_iter().flatten();
    let mut samples: Vec<Sample> = named
        .map(|(_, example)| sample(&example["summary"], &example["value"]))
        .collect();
    if samples.is_empty() {
        let schema = &content["schema"];
        let named = schema["$ref"]
            .as_str()
            .and_then(|name| document.pointer(name.strip_prefix('#')?));
        let schema = named.unwrap_or(schema);
        let one = content.get("example").or_else(|| schema.get("example"));
        let one = one.or_else(|| schema["examples"].get(0));
        samples.extend(one.map(|value| sample(&Value::Null, value)));
    }
    samples
}

/// A value as it goes over the wire.
fn written(media: &str, value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(fields) if media == "application/x-www-form-urlencoded" => {
            let fields = fields
                .iter()
                .map(|(name, value)| (name, value.as_str().unwrap_or_default()));
            url::form_urlencoded::Serializer::new(String::new())
                .extend_pairs(fields)
                .finish()
        }
        _ => serde_json::to_string_pretty(value).unwrap_or_default(),
    }
}

/// The call, for a shell.
fn curl(
    url: &str,
    (method, path): (&str, &str),
    (open, basic): (bool, bool),
    parameters: &[Parameter],
    bodies: &[Body],
) -> String {
    // `{id}` becomes a shell variable.
    let mut shown = String::new();
    for c in path.chars() {
        match c {
            '{' => shown.push('$'),
            '}' => {}
            c if shown.rfind('$') > shown.rfind('/') => shown.push(c.to_ascii_uppercase()),
            c => shown.push(c),
        }
    }
    let mut parts = vec![format!("curl -sS \"{url}{shown}\"")];
    if method != "GET" {
        parts.push(format!("-X {method}"));
    }
    if basic {
        parts.push("-u \"$CLIENT_ID:$CLIENT_SECRET\"".to_owned());
    } else if !open {
        parts.push("-H \"Authorization: Bearer $TOKEN\"".to_owned());
    }
    for parameter in parameters.iter().filter(|p| p.place == "header") {
        match parameter.name.to_ascii_lowercase().as_str() {
            "if-match" => parts.push("-H 'If-Match: \"1\"'".to_owned()),
            "idempotency-key" => parts.push("-H \"Idempotency-Key: $(uuidgen)\"".to_owned()),
            _ => {}
        }
    }
    if let Some(body) = bodies.first() {
        parts.push(format!("-H 'Content-Type: {}'", body.media));
        parts.push(match body.samples.first() {
            Some(sample) => format!("-d {}", quoted(&sample.text)),
            None => "-d @body.json".to_owned(),
        });
    }
    parts.join(" \\\n  ")
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}
