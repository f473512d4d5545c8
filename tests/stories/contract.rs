//! The published description: fresh, clean, readable by client generators, and true under fuzzing.

use crate::clients::Language;
use serde_json::Value;
use std::path::Path;
use std::process::Command;
use takedown_tests::paths::{self, Scratch};
use takedown_tests::world::Party;
use takedown_tests::{Db, World, seams};

/// Runs a tool to its end; shows what it printed when it fails.
pub fn tool(name: &str, arguments: &[&str], dir: &Path) -> String {
    let mut command = Command::new(paths::tool(name));
    // These tools would like to call home.
    command
        .env("REDOCLY_TELEMETRY", "off")
        .env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true")
        .env("NO_COLOR", "1")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env(
            "SCHEMATHESIS_HOOKS",
            paths::root().join("tests/schema/lines.py"),
        );
    // One generator looks there for a formatter.
    let own = paths::root().join("target/tools/venv/bin");
    let path = std::env::var("PATH").unwrap_or_default();
    command.env("PATH", format!("{}:{path}", own.display()));
    let done = command.args(arguments).current_dir(dir).output().unwrap();
    let said = format!(
        "{}\n{}",
        String::from_utf8_lossy(&done.stdout),
        String::from_utf8_lossy(&done.stderr)
    );
    assert!(
        done.status.success(),
        "{name} {arguments:?}: {}\n{said}",
        done.status
    );
    said
}

/// Where the published description lies.
pub fn description() -> String {
    paths::root()
        .join("openapi/v1.json")
        .to_str()
        .unwrap()
        .to_owned()
}

fn read(path: &str) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

#[test]
fn what_is_checked_in_is_what_the_code_says() {
    let done = Command::new(paths::root().join("scripts/gen"))
        .arg("--check")
        .output()
        .unwrap();
    let said = format!(
        "{}\n{}",
        String::from_utf8_lossy(&done.stdout),
        String::from_utf8_lossy(&done.stderr)
    );
    assert!(done.status.success(), "{said}");
}

#[tokio::test]
async fn the_server_serves_what_is_checked_in() {
    let server = takedown_tests::Server::start(Db::Sqlite);
    let mut served = takedown_tests::Api::anonymous(server.address())
        .get("/openapi.json")
        .await
        .is(200)
        .json();
    let mut checked_in = read(&description());
    // Where it is served differs from place to place.
    served["servers"].take();
    checked_in["servers"].take();
    assert!(
        served == checked_in,
        "the served description is another one"
    );
}

#[test]
fn every_operation_and_field_is_described() {
    let spec = read(&description());
    assert!(spec["openapi"].as_str().unwrap().starts_with("3.1"));
    let mut bare = Vec::new();
    for (path, operations) in spec["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let place = format!("{} {path}", method.to_uppercase());
            for field in ["operationId", "summary"] {
                if operation[field].as_str().is_none_or(str::is_empty) {
                    bare.push(format!("{place}: no {field}"));
                }
            }
            for (status, response) in operation["responses"].as_object().unwrap() {
                if response["$ref"].is_null()
                    && response["description"].as_str().is_none_or(str::is_empty)
                {
                    bare.push(format!("{place} {status}: no description"));
                }
            }
        }
    }
    for (name, schema) in spec["components"]["schemas"].as_object().unwrap() {
        for (field, property) in schema["properties"].as_object().into_iter().flatten() {
            let described = [
                &property["description"],
                &property["$ref"],
                &property["oneOf"],
            ]
            .iter()
            .any(|value| !value.is_null());
            if !described {
                bare.push(format!("{name}.{field}: no description"));
            }
        }
    }
    assert!(bare.is_empty(), "\n{}", bare.join("\n"));
}

#[test]
fn a_linter_finds_no_error() {
    let scratch = Scratch::new("lint");
    tool(
        "node/node_modules/.bin/redocly",
        &["lint", "--extends", "recommended", &description()],
        scratch.path(),
    );
}

#[test]
fn openapi_typescript_reads_it() {
    let scratch = Scratch::new("typescript");
    let generated = Language::TypeScript.built().join("package/src/v1.ts");
    std::fs::copy(generated, scratch.join("v1.ts")).unwrap();
    // Its types take every body that is shown as an example.
    let mut uses = "import type { paths } from './v1';\n".to_owned();
    let mut count = 0;
    for (path, operations) in read(&description())["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let bodies = operation["requestBody"]["content"].as_object();
            for (media, body) in bodies.into_iter().flatten() {
                for (_, example) in body["examples"].as_object().unwrap() {
                    count += 1;
                    let body = format!("paths[{path:?}][{method:?}]['requestBody']");
                    uses += &format!(
                        "export const body{count}: NonNullable<{body}>['content'][{media:?}] = {};\n",
                        example["value"]
                    );
                }
            }
        }
    }
    assert!(count > 30, "{count} examples");
    std::fs::write(scratch.join("uses.ts"), uses).unwrap();
    tool(
        "node/node_modules/.bin/tsc",
        &["--noEmit", "--strict", "uses.ts"],
        scratch.path(),
    );
}

/// Loads every module of a package that was generated here.
fn loads(package: &str, dir: &Path) {
    let program = "import importlib, pkgutil, sys; sys.path.insert(0, ''); p = importlib.import_module(sys.argv[1]); \
                   print(*[importlib.import_module(m.name).__name__ for m in pkgutil.walk_packages(p.__path__, p.__name__ + '.')])";
    let loaded = tool("venv/bin/python", &["-c", program, package], dir);
    for module in [
        "models.new_request",
        "models.outcome_code",
        "models.request",
    ] {
        let module = format!("{package}.{module}");
        assert!(
            loaded.split_whitespace().any(|name| name == module),
            "no {module}: {loaded}"
        );
    }
}

#[test]
fn openapi_python_client_reads_it() {
    let built = Language::Python.built();
    let said = std::fs::read_to_string(built.join("generated.log")).unwrap();
    // All that it does not read is the second form of a batch and of an import; the first one, JSON, is there.
    let count = |what: &str| said.matches(what).count();
    assert_eq!(count("WARNING"), 2, "{said}");
    assert_eq!(
        count("Unsupported content type application/x-ndjson"),
        2,
        "{said}"
    );
    loads("takedown_exchange.v1", &built.join("installed"));
}

/// Needs Java, which `scripts/setup test` installs; without it this fails.
#[test]
fn openapi_generator_reads_it() {
    let scratch = Scratch::new("generator");
    let from = ["generate", "-i", &description(), "-g", "python"];
    let to = ["-o", "client", "--package-name", "exchange_client"];
    tool(
        "venv/bin/openapi-generator-cli",
        &[from.as_slice(), to.as_slice()].concat(),
        scratch.path(),
    );
    loads("exchange_client", &scratch.join("client"));
}

/// Each role sees its own part of the interface, so each is tried. The examples are few and the seed is fixed: this is a gate
/// with a bounded time, not a search.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fuzzing_finds_the_description_true() {
    let mut settings = seams::no_rate_limit();
    settings.push(seams::setting("TAKEDOWN_OAUTH_TOKEN_LIFETIME", "3600s"));
    let w = World::with(Db::Sqlite, &settings).await;
    let token = async |party: &Party| Some(party.api.token().await);
    let (unit, platform) = (token(&w.unit).await, token(&w.platform).await);
    tokio::join!(fuzz(&w, "unit", unit), fuzz(&w, "platform", platform));
    let auditor = token(&w.auditor).await;
    tokio::join!(fuzz(&w, "auditor", auditor), fuzz(&w, "nobody", None));
    // Last and by himself: he ends the access of the others.
    fuzz(&w, "operator", token(&w.operator).await).await;
    assert_eq!(w.anonymous.get("/readyz").await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_token_every_other_operation_is_a_401() {
    let w = World::new(Db::Sqlite).await;
    let described = read(&description());
    let open = open_to_all();
    let mut refused = 0;
    for (path, operations) in described["paths"].as_object().unwrap() {
        let parts = path.split('/').map(|part| match part.starts_with('{') {
            true => "01h455vb4pex5vsknk084sn02q",
            false => part,
        });
        let address = parts.collect::<Vec<_>>().join("/");
        for (method, operation) in operations.as_object().unwrap() {
            let Some(name) = operation["operationId"].as_str() else {
                continue;
            };
            if open.iter().any(|open| open == name) {
                continue;
            }
            let method = reqwest::Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let answer = w.anonymous.call(method, &address).await;
            answer.problem(401, "unauthenticated");
            refused += 1;
        }
    }
    assert!(refused > 100, "{refused}");
}

/// The operations that need no access token.
fn open_to_all() -> Vec<String> {
    let described = read(&description());
    let paths = described["paths"].as_object().unwrap().values();
    let operations = paths.flat_map(|path| path.as_object().unwrap().values());
    let open = operations.filter(|operation| {
        let ways = operation["security"].as_array();
        ways.is_some_and(|ways| ways.contains(&serde_json::json!({})))
    });
    open.map(|operation| operation["operationId"].as_str().unwrap().to_owned())
        .collect()
}

async fn fuzz(w: &World, role: &'static str, token: Option<String>) {
    let scratch = Scratch::new("schemathesis");
    let location = w.anonymous.url("/openapi.json");
    let config = paths::root().join("tests/schemathesis.toml");
    let (dir, config) = (scratch.path().to_owned(), config.display().to_string());
    let open = if role == "nobody" {
        open_to_all()
    } else {
        Vec::new()
    };
    let run = move || {
        let base = location.trim_end_matches("/openapi.json");
        let mut arguments = vec!["--config-file", &config, "run", &location, "--url", base];
        let authorization = token.map(|token| format!("Authorization: Bearer {token}"));
        if let Some(authorization) = &authorization {
            arguments.extend(["-H", authorization]);
        }
        if role == "operator" {
            // With these an operator can end his own access, and the rest would be nothing but 401.
            arguments.extend(["--exclude-operation-id", "suspend_client"]);
            arguments.extend(["--exclude-operation-id", "rotate_credentials"]);
        }
        if role == "auditor" {
            // He may change nothing; that he cannot is told operation by operation in `tenancy`.
            arguments.extend(["--include-method", "GET"]);
        }
        for operation in &open {
            arguments.extend(["--include-operation-id", operation]);
        }
        arguments.extend(["--phases", "examples,coverage,fuzzing", "--seed", "7"]);
        // One worker: in CPython 3.11 two threads that parse can trip each other (gh-106905).
        arguments.extend(["--max-examples", "4", "--workers", "1"]);
        arguments.extend(["--continue-on-failure", "--generation-database", "none"]);
        arguments.extend(["--warnings", "off"]);
        tool("venv/bin/schemathesis", &arguments, &dir)
    };
    let said = tokio::task::spawn_blocking(run).await.unwrap();
    let cases = said.lines().rev().find(|line| line.contains("generated"));
    println!("{role}: {}", cases.unwrap_or_default().trim());
}
