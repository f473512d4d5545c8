//! The programs in the packages' READMEs do what they say, one after the other: a unit files, a platform answers, a webhook comes.

use super::{BOTH, Language};
use serde_json::json;
use std::fs::File;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use takedown_tests::paths::{self, Scratch};
use takedown_tests::seams::setting;
use takedown_tests::world::Party;
use takedown_tests::{Db, World, both_databases, wait};

both_databases!(the_programs_of_the_readmes_run);

/// The blocks of a language, each a program.
fn programs(language: Language) -> Vec<String> {
    let name = language.name();
    let readme = paths::root()
        .join("openapi/clients")
        .join(name)
        .join("README.md");
    let text = std::fs::read_to_string(readme).unwrap();
    let fence = match language {
        Language::Python => "```python\n",
        Language::TypeScript => "```ts\n",
    };
    let blocks = text.split(fence).skip(1);
    blocks
        .map(|block| block.split("```").next().unwrap().to_owned())
        .collect()
}

/// Writes a program where it can be run; the strict compiler sees that of TypeScript first.
fn prepared(language: Language, scratch: &Scratch, text: &str) -> std::path::PathBuf {
    if language == Language::Python {
        std::fs::write(scratch.join("program.py"), text).unwrap();
        return scratch.join("program.py");
    }
    std::fs::write(scratch.join("program.mts"), text).unwrap();
    let done = Command::new(paths::tool("node/node_modules/.bin/tsc"))
        .args([
            "--strict",
            "--target",
            "es2022",
            "--module",
            "nodenext",
            "--types",
            "node",
            "--skipLibCheck",
            "program.mts",
        ])
        .current_dir(scratch.path())
        .output()
        .unwrap();
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stdout)
    );
    scratch.join("program.mjs")
}

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A program of the README that runs as a party, and what it prints.
struct Told {
    scratch: Scratch,
    running: Running,
}

impl Told {
    fn start(
        language: Language,
        w: &World,
        party: &Party,
        text: &str,
        environment: &[(&str, &str)],
    ) -> Told {
        let scratch = Scratch::new("readme");
        language.beside(scratch.path());
        let program = prepared(language, &scratch, text);
        let who = party.api.credentials();
        let out = File::create(scratch.join("out")).unwrap();
        let running = language
            .command(&program)
            .current_dir(scratch.path())
            .env("TAKEDOWN_SERVER", w.server.url())
            .env("TAKEDOWN_CLIENT_ID", &who.id)
            .env("TAKEDOWN_CLIENT_SECRET", &who.secret)
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stderr(out.try_clone().unwrap())
            .stdout(out)
            .spawn()
            .unwrap();
        let running = Running(running);
        Told { scratch, running }
    }

    fn said(&self) -> String {
        std::fs::read_to_string(self.scratch.join("out")).unwrap()
    }

    /// Waits until it has printed this.
    async fn prints(&mut self, what: &str) {
        wait::until(what, || {
            let said = self.said();
            let ended = self.running.0.try_wait().unwrap();
            assert!(
                ended.is_none_or(|ended| ended.success()),
                "{ended:?}: {said}"
            );
            async move { said.contains(what).then_some(()) }
        })
        .await;
    }
}

async fn the_programs_of_the_readmes_run(db: Db) {
    let settings = [
        setting("TAKEDOWN_WEBHOOKS_LOOPBACK", "true"),
        setting(
            "TAKEDOWN_WEBHOOKS_RETRY_SCHEDULE",
            &["300ms"; 100].join(","),
        ),
        setting("TAKEDOWN_WORKER_POLL_INTERVAL", "50ms"),
    ];
    let w = World::with(db, &settings).await;
    for language in BOTH {
        let programs = programs(language);
        assert_eq!(programs.len(), 3, "{language:?}");
        let mut unit = Told::start(language, &w, &w.unit, &programs[0], &[]);
        unit.prints("filed").await;
        let request = w.unit.api.list("/v1/requests").await.remove(0);
        unit.prints(request["reference"].as_str().unwrap()).await;

        // It goes on for ever, as a service does.
        let mut platform = Told::start(language, &w, &w.platform, &programs[1], &[]);
        platform
            .prints(&format!(
                "{} is closed",
                request["reference"].as_str().unwrap()
            ))
            .await;
        let closed = w.read(&request).await;
        assert_eq!(
            (&closed["status"], &closed["items"][0]["outcome"]["code"]),
            (&json!("closed"), &json!("removed"))
        );
        drop(platform);

        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        assert!(programs[2].contains("8000"));
        let program = programs[2].replace("8000", &port.to_string());
        let wanted = json!({"url": format!("http://127.0.0.1:{port}/")});
        let webhook = w
            .platform
            .api
            .post("/v1/webhooks", &wanted)
            .await
            .is(201)
            .json();
        let secret = webhook["secret"].as_str().unwrap();
        let mut receiver = Told::start(
            language,
            &w,
            &w.platform,
            &program,
            &[("WEBHOOK_KEYS", secret)],
        );
        let filed = w
            .unit
            .api
            .post("/v1/requests", &super::filing(language.name()))
            .await
            .is(201)
            .json();
        // Until it listens, the message is repeated.
        receiver
            .prints(&format!("request.filed {}", filed["id"].as_str().unwrap()))
            .await;
        let id = webhook["id"].as_str().unwrap();
        w.platform
            .api
            .delete(&format!("/v1/webhooks/{id}"))
            .await
            .is(204);
    }
}
