//! The packages by themselves: their own tests, what they hold, and a client that proves itself by a key.

use super::{BOTH, Driver, Language, doing};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _,
};
use data_encoding::{BASE64, BASE64URL_NOPAD};
use serde_json::{Value, json};
use std::process::Command;
use takedown_tests::{Db, World, both_databases, paths, seams};

both_databases!(a_key_of_ones_own_opens_the_door);

#[test]
fn their_own_tests_pass() {
    for language in BOTH {
        let package = language.built().join("package");
        let mut command = match language {
            Language::Python => {
                let mut python = Command::new(paths::tool("venv/bin/python"));
                python.args(["-m", "unittest", "discover", "--start-directory", "tests"]);
                // What was installed, and not what lies here.
                python.args(["--top-level-directory", "tests"]);
                python.env("PYTHONPATH", language.built().join("installed"));
                python.env("PYTHONSAFEPATH", "1");
                python
            }
            Language::TypeScript => {
                let mut node = Command::new("node");
                node.arg("--test");
                node
            }
        };
        let done = command
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .current_dir(package)
            .output()
            .unwrap();
        let said = format!(
            "{}\n{}",
            String::from_utf8_lossy(&done.stdout),
            String::from_utf8_lossy(&done.stderr)
        );
        assert!(
            done.status.success(),
            "{language:?}: {}\n{said}",
            done.status
        );
        assert!(
            !said.contains("Ran 0 tests") && !said.contains("# tests 0"),
            "{said}"
        );
    }
}

/// What is published is whole: types, licences, and the generated part, which nobody needs a generator for.
#[test]
fn what_is_published_is_whole() {
    let python = Language::Python.built().join("installed");
    for file in [
        "py.typed",
        "v1/models/new_request.py",
        "v1/api/requests/close.py",
    ] {
        assert!(
            python.join("takedown_exchange").join(file).is_file(),
            "no {file}"
        );
    }
    let typescript = Language::TypeScript
        .built()
        .join("installed/node_modules/takedown-exchange");
    for file in [
        "dist/index.d.ts",
        "dist/v1.d.ts",
        "dist/file-place.js",
        "LICENSE-MIT",
        "README.md",
    ] {
        assert!(typescript.join(file).is_file(), "no {file}");
    }
    let lists = |program: &str, arguments: &[&str], file: &std::path::Path| {
        let done = Command::new(program)
            .args(arguments)
            .arg(file)
            .output()
            .unwrap();
        String::from_utf8_lossy(&done.stdout).into_owned()
    };
    for entry in std::fs::read_dir(Language::Python.built().join("dist")).unwrap() {
        let path = entry.unwrap().path();
        let held = match path.extension().and_then(|e| e.to_str()) {
            Some("gz") => lists("tar", &["-tzf"], &path),
            _ => lists("python3", &["-m", "zipfile", "-l"], &path),
        };
        for file in [
            "takedown_exchange/exchange.py",
            "takedown_exchange/v1/models/request.py",
            "LICENSE-MIT",
        ] {
            assert!(held.contains(file), "no {file} in {}", path.display());
        }
    }
}

async fn a_key_of_ones_own_opens_the_door(db: Db) {
    let w = World::new(db).await;
    let random = SystemRandom::new();
    let ed = Ed25519KeyPair::generate_pkcs8v1(&random).unwrap();
    let pair = Ed25519KeyPair::from_pkcs8(ed.as_ref()).unwrap();
    let ed_public = json!({"kty": "OKP", "crv": "Ed25519", "x": BASE64URL_NOPAD.encode(pair.public_key().as_ref())});
    let ec = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, ec.as_ref()).unwrap();
    let point = pair.public_key().as_ref();
    let ec_public = json!({
        "kty": "EC", "crv": "P-256", "x": BASE64URL_NOPAD.encode(&point[1..33]), "y": BASE64URL_NOPAD.encode(&point[33..]),
    });
    for (der, public) in [(ed.as_ref(), ed_public), (ec.as_ref(), ec_public)] {
        let wanted = json!({
            "name": "key holder", "platform": w.platform.id, "authentication": "key", "jwks": {"keys": [public]},
        });
        let made = w
            .operator
            .api
            .post("/v1/clients", &wanted)
            .await
            .is(201)
            .json();
        let pem = format!(
            "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
            BASE64.encode(der)
        );
        for language in BOTH {
            let driver = Driver::start(language);
            let open = |issuer: &str| {
                json!({
                    "do": "open", "as": "holder", "server": w.server.url(), "client_id": made["id"], "pem": pem, "issuer": issuer,
                })
            };
            let read = || doing("holder", "inbox", json!({"place": driver.file("place")}));
            driver.ok(open(seams::PUBLIC_URL)).await;
            assert_eq!(driver.ok(read()).await, json!([]), "{language:?}");
            // An assertion for another exchange opens nothing here.
            driver.ok(open("https://other.example")).await;
            let refused: Value = driver.fails(read()).await;
            assert_eq!(refused["kind"], "CredentialsRefused", "{refused:#}");
        }
    }
}
