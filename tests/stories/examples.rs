//! The examples of `openapi/examples` do what they say, and are those that the description shows.

mod signed;

use reqwest::Method;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::io::Write;
use std::process::{Command, Stdio};
use takedown_tests::hurl::{Example, Predicate, Query, Variables, examples, fill};
use takedown_tests::names::Names;
use takedown_tests::{Answer, Api, Db, Server, both_databases, paths, seams};

both_databases!(every_example_is_answered_as_it_says);

fn description() -> Value {
    let text = std::fs::read(paths::root().join("openapi/v1.json")).unwrap();
    serde_json::from_slice(&text).unwrap()
}

/// Method, path and description of every operation.
fn operations(description: &Value) -> Vec<(&str, &str, &Value)> {
    let paths = description["paths"].as_object().unwrap();
    let each = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().iter();
        methods.map(move |(method, operation)| (method.as_str(), path.as_str(), operation))
    });
    each.collect()
}

/// The operation that an example calls.
fn operation<'a>(description: &'a Value, example: &Example) -> &'a Value {
    let called: Vec<_> = operations(description)
        .into_iter()
        .filter(|(method, path, _)| example.calls(method, path))
        .collect();
    // `/v1/requests/batch` is not the request named `batch`: what is written out counts.
    let exact = called.iter().find(|(_, path, _)| *path == example.target);
    let (_, _, operation) = exact
        .or(called.first())
        .unwrap_or_else(|| panic!("{} calls nothing that is described", example.name));
    operation
}

/// Whether it sends the form of a page for people, which is no part of the API.
fn is_page(example: &Example) -> bool {
    example.target.starts_with("/objection/")
}

/// Fails unless every value fits its schema.
fn all_fit(description: &Value, checks: &[Value]) {
    assert!(!checks.is_empty());
    let asked = json!({"description": description, "checks": checks});
    let mut python = Command::new(paths::tool("venv/bin/python"))
        .arg(paths::root().join("tests/schema/validate.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = python.stdin.take().unwrap();
    stdin.write_all(asked.to_string().as_bytes()).unwrap();
    drop(stdin);
    let done = python.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "{}\n{said}", done.status);
    assert!(
        said.contains(&format!("{} checked", checks.len())),
        "{said}"
    );
}

async fn every_example_is_answered_as_it_says(db: Db) {
    // The webhook of the examples leads to this machine, where nobody listens.
    let settings = [
        seams::setting("TAKEDOWN_SIGNING_KEY_AGE", "0s"),
        seams::setting("TAKEDOWN_WEBHOOKS_LOOPBACK", "true"),
        seams::setting("TAKEDOWN_WEBHOOKS_HOSTS", "hooks.paste.example=127.0.0.1"),
    ];
    // Nobody beyond this machine is asked for names either.
    let names = Names::start("police.example");
    let mut all = names.settings();
    all.extend(settings);
    let server = Server::prepare(db, &all);
    let operator = seams::first_operator(server.data(), server.database());
    let server = server.started();
    let api = Api::anonymous(server.address());
    let in_days = |days| (chrono::Utc::now() + chrono::TimeDelta::days(days)).to_rfc3339();
    // What the README of the folder says one has to bring.
    let mut variables = Variables::from([
        ("operator_id".to_owned(), operator.id),
        ("operator_secret".to_owned(), operator.secret),
        ("a_moment_ago".to_owned(), in_days(-1)),
        ("next_week".to_owned(), in_days(7)),
        ("next_month".to_owned(), in_days(30)),
        ("in_ten_months".to_owned(), in_days(300)),
        ("next_year".to_owned(), in_days(365)),
    ]);
    let description = description();
    let mut checks = Vec::new();
    // What only a sandbox answers comes last, and is sent to one.
    let (of_sandbox, of_exchange): (Vec<_>, Vec<_>) = examples()
        .into_iter()
        .partition(|one| one.name.starts_with("80"));
    for example in of_exchange {
        if example.name.starts_with("721-") {
            signed::made(&mut variables);
        }
        if example.name.starts_with("795-") {
            let line = format!("takedown-exchange-agency={}", variables["agency"]);
            names.texts("_takedown-exchange.police.example", &[&line]);
        }
        if example.name.starts_with("797-") {
            let second = seams::first_operator(server.data(), server.database());
            variables.insert("second_operator".to_owned(), second.id);
            variables.insert("second_operator_secret".to_owned(), second.secret);
        }
        let answer = played(&api, &example, &mut variables).await;
        if !is_page(&example) {
            checks.extend(as_described(&description, &example, &answer));
        }
    }
    assert!(!of_sandbox.is_empty());
    let mut sandbox = Server::prepare(db, &[]);
    sandbox.as_sandbox();
    let sandbox = sandbox.started();
    let api = Api::anonymous(sandbox.address());
    for example in of_sandbox {
        let answer = played(&api, &example, &mut variables).await;
        checks.extend(as_described(&description, &example, &answer));
    }
    all_fit(&description, &checks);
}

/// Sends an example; the answer is as it says, and what later ones need of it is noted.
async fn played(api: &Api, example: &Example, variables: &mut Variables) -> Answer {
    let answer = send(api, example, variables).await;
    let answer = answer.is(example.status);
    for (name, query) in &example.captures {
        let found = find(&answer, query);
        let found = found.as_ref().and_then(Value::as_str);
        let found = found.unwrap_or_else(|| panic!("{}: no {name}", example.name));
        variables.insert(name.clone(), found.to_owned());
    }
    for (query, predicate) in &example.asserts {
        let found = find(&answer, query);
        assert!(
            holds(found.as_ref(), predicate, variables),
            "{}: {query:?} {predicate:?} does not hold of {found:?}\n{}",
            example.name,
            answer.text()
        );
    }
    answer
}

async fn send(api: &Api, example: &Example, variables: &Variables) -> Answer {
    let method = Method::from_bytes(example.method.as_bytes()).unwrap();
    let mut call = api
        .call(method, &fill(&example.target, variables))
        .without_token();
    for (name, value) in &example.headers {
        call = call.header(name, &fill(value, variables));
    }
    if let Some((user, password)) = &example.basic {
        let (user, password) = (fill(user, variables), fill(password, variables));
        call = call.with(|request| request.basic_auth(user, Some(password)));
    }
    if let Some((media, text)) = &example.body {
        call = call.bytes(media, fill(text, variables));
    }
    call.await
}

fn find(answer: &Answer, query: &Query) -> Option<Value> {
    match query {
        Query::Json(pointer) => answer.json().pointer(pointer).cloned(),
        Query::Header(name) => answer.header(name).map(Value::from),
        Query::Body => Some(answer.text().into()),
    }
}

fn holds(found: Option<&Value>, predicate: &Predicate, variables: &Variables) -> bool {
    let text = found.and_then(Value::as_str).unwrap_or_default();
    match predicate {
        Predicate::Exists => found.is_some_and(|found| !found.is_null()),
        Predicate::Missing => found.is_none(),
        Predicate::Count(count) => found.and_then(Value::as_array).map(Vec::len) == Some(*count),
        Predicate::Is(Value::String(wanted)) => {
            found.is_some_and(|found| *found == fill(wanted, variables))
        }
        Predicate::Is(wanted) => found == Some(wanted),
        Predicate::Contains(part) => text.contains(&fill(part, variables)),
        Predicate::StartsWith(part) => text.starts_with(&fill(part, variables)),
    }
}

/// The answer's body beside the schema that the description has for its status and media type.
fn as_described(description: &Value, example: &Example, answer: &Answer) -> Option<Value> {
    let place = &example.name;
    let status = example.status.to_string();
    let response = &operation(description, example)["responses"][&status];
    assert!(response.is_object(), "{place}: {status} is not described");
    let Some(content) = response["content"].as_object() else {
        assert!(answer.body.is_empty(), "{place}: a body is not described");
        return None;
    };
    let media = answer.header("content-type").unwrap_or_default();
    let media = media.split(';').next().unwrap_or_default();
    let described = content.get(media);
    let described = described.unwrap_or_else(|| panic!("{place}: {media} is not described"));
    let value = if media == "application/json" || media.ends_with("+json") {
        answer.json()
    } else {
        answer.text().into()
    };
    Some(json!({"place": place, "schema": described["schema"], "value": value}))
}

/// What succeeds only after a fault that no example can bring about, and what has no end once it succeeds.
const NOT_TO_THE_END: [&str; 3] = ["retry_export", "follow_inbox", "send_again"];

#[test]
fn every_operation_has_an_example() {
    let description = description();
    let examples = examples();
    let ids = |operation: &Value| operation["operationId"].as_str().unwrap().to_owned();
    let done: BTreeSet<String> = examples
        .iter()
        .filter(|example| !is_page(example))
        .map(|example| (example.status, ids(operation(&description, example))))
        .filter(|(status, id)| *status < 400 || NOT_TO_THE_END.contains(&id.as_str()))
        .map(|(_, id)| id)
        .collect();
    let all: BTreeSet<String> = operations(&description)
        .iter()
        .map(|(_, _, operation)| ids(operation))
        .collect();
    assert!(all.len() > 30, "{all:?}");
    let without: Vec<_> = all.difference(&done).collect();
    assert!(without.is_empty(), "no example of {without:?}");
}

/// Whatever a file sends with success stands in the description, and nothing else does.
#[test]
fn the_description_shows_what_the_files_send() {
    let description = description();
    let mut shown = BTreeSet::new();
    for example in examples() {
        let Some((media, text)) = &example.body else {
            continue;
        };
        if example.status >= 400 || is_page(&example) {
            continue;
        }
        let sent = match media.as_str() {
            "application/json" | "application/jose+json" => serde_json::from_str(text).unwrap(),
            "application/x-www-form-urlencoded" => form(text),
            _ => Value::from(text.as_str()),
        };
        let body = &operation(&description, &example)["requestBody"]["content"][media];
        let value = &body["examples"][&example.name]["value"];
        assert!(same(&sent, value), "{}: {value:#}", example.name);
        shown.insert(example.name);
    }
    for (method, path, operation) in operations(&description) {
        let bodies = operation["requestBody"]["content"].as_object();
        for (media, body) in bodies.into_iter().flatten() {
            let examples = body["examples"].as_object();
            let names = examples.into_iter().flatten().map(|(name, _)| name);
            let unknown: Vec<_> = names.filter(|name| !shown.contains(*name)).collect();
            assert!(unknown.is_empty(), "{method} {path}: {unknown:?}");
            assert!(examples.is_some(), "{method} {path}: no example of {media}");
        }
    }
}

fn form(text: &str) -> Value {
    let fields = text.split('&').map(|field| {
        let (name, value) = field.split_once('=').unwrap();
        (name.to_owned(), Value::from(value.replace('+', " ")))
    });
    fields.collect::<Map<_, _>>().into()
}

/// Where the file has a placeholder the description shows some value.
fn same(sent: &Value, shown: &Value) -> bool {
    match (sent, shown) {
        (Value::String(sent), Value::String(shown)) if sent.starts_with("{{") => {
            !shown.is_empty() && !shown.contains('{')
        }
        (Value::Array(sent), Value::Array(shown)) => {
            sent.len() == shown.len() && sent.iter().zip(shown).all(|(a, b)| same(a, b))
        }
        (Value::Object(sent), Value::Object(shown)) => {
            sent.len() == shown.len()
                && sent
                    .iter()
                    .all(|(name, a)| shown.get(name).is_some_and(|b| same(a, b)))
        }
        _ => sent == shown,
    }
}

/// Every example in the description, of a body, a schema or a single member, fits what it is an example of.
#[test]
fn every_example_in_the_description_fits_its_schema() {
    let description = description();
    let mut checks = Vec::new();
    let mut check = |place: String, schema: &Value, value: &Value| {
        checks.push(json!({"place": place, "schema": schema, "value": value}));
    };
    for (method, path, operation) in operations(&description) {
        let responses = operation["responses"].as_object().unwrap().values();
        for described in responses.chain([&operation["requestBody"]]) {
            for (media, body) in described["content"].as_object().into_iter().flatten() {
                let place = format!("{method} {path} {media}");
                for value in in_media(body) {
                    check(place.clone(), &body["schema"], value);
                }
            }
        }
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            for value in in_schema(&parameter["schema"]) {
                let place = format!("{method} {path} {}", parameter["name"]);
                check(place, &parameter["schema"], value);
            }
        }
    }
    for (name, schema) in description["components"]["schemas"].as_object().unwrap() {
        let members = schema["properties"].as_object().into_iter().flatten();
        let members = members.map(|(member, schema)| (format!("{name}.{member}"), schema));
        for (place, schema) in members.chain([(name.clone(), schema)]) {
            for value in in_schema(schema) {
                check(place.clone(), schema, value);
            }
        }
    }
    assert!(checks.len() > 100, "{}", checks.len());
    all_fit(&description, &checks);
}

fn in_media(body: &Value) -> Vec<&Value> {
    let named = body["examples"].as_object().into_iter().flatten();
    let named = named.map(|(_, example)| &example["value"]);
    body.get("example").into_iter().chain(named).collect()
}

fn in_schema(schema: &Value) -> Vec<&Value> {
    let several = schema["examples"].as_array().into_iter().flatten();
    schema.get("example").into_iter().chain(several).collect()
}

#[test]
fn the_checker_is_not_fooled() {
    let description = description();
    let fits = |name: &str, value: Value| {
        let schema = json!({"$ref": format!("#/components/schemas/{name}")});
        let checks = [json!({"place": name, "schema": schema, "value": value})];
        std::panic::catch_unwind(|| all_fit(&description, &checks)).is_ok()
    };
    let served = |at: Value| json!({"method": "in_person", "served_at": at});
    let mut more = served(json!("2027-11-22T00:00:00.000Z"));
    assert!(fits("Service", more.clone()));
    assert!(!fits("Service", served(json!("tomorrow"))));
    assert!(!fits("Service", served(Value::Null)));
    more["more"] = json!(1);
    assert!(!fits("Service", more));

    let read = |text: &'static str| std::panic::catch_unwind(|| Example::read("an example", text));
    let good = "# Title\nGET {{exchange}}/x\nA: b\n\nHTTP 200\n[Asserts]\njsonpath \"$.a[0].b\" count == 2\n";
    let read_well = read(good).unwrap();
    assert_eq!(
        read_well.asserts,
        [(Query::Json("/a/0/b".to_owned()), Predicate::Count(2))]
    );
    for bad in [
        "# Title\nGET {{exchange}}/x\n\nHTTP 200\n[Asserts]\njsonpath \"$.a\" looks good\n",
        "# Title\nGET {{exchange}}/x\n\nHTTP 200\njsonpath \"$.a\" exists\n",
        "# Title\nGET {{exchange}}/x\nnonsense\n\nHTTP 200\n",
        "# Title\nGET {{exchange}}/x\n\n{}\n\nHTTP 200\n",
        "GET {{exchange}}/x\n\nHTTP 200\n",
    ] {
        assert!(read(bad).is_err(), "{bad}");
    }
}
