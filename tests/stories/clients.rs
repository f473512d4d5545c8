//! The client packages, as they would be published: one story for both languages, told to each through a program on strings.

mod again;
mod alone;
mod inbox;
mod readme;
mod webhooks;

use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex};
use takedown_tests::relay::Relay;
use takedown_tests::world::Party;
use takedown_tests::{Db, Filing, World, both_databases, paths};

both_databases!(the_whole_job_in_either_language);

/// A language that there is a package for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    Python,
    TypeScript,
}

pub const BOTH: [Language; 2] = [Language::Python, Language::TypeScript];

impl Language {
    pub fn name(self) -> &'static str {
        match self {
            Self::Python => "python",
            Self::TypeScript => "typescript",
        }
    }

    /// Where its package was made: built now, unless it is there and nothing changed.
    pub fn built(self) -> PathBuf {
        let done = Command::new(paths::root().join("scripts/clients"))
            .arg(self.name())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "{self:?}: {}\n{said}", done.status);
        paths::root().join("target/clients").join(self.name())
    }

    /// Its interpreter, which finds the package as one that was installed. For Node a program lies where its modules are.
    pub fn command(self, program: &Path) -> Command {
        let installed = self.built().join("installed");
        let mut command = match self {
            Self::Python => Command::new(paths::tool("venv/bin/python")),
            Self::TypeScript => Command::new("node"),
        };
        command.arg(program);
        command
            .env("PYTHONPATH", installed)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("PYTHONUNBUFFERED", "1");
        command
    }

    /// A directory beside which Node finds the packages that are installed.
    pub fn beside(self, scratch: &Path) {
        if self == Self::TypeScript {
            let modules = self.built().join("installed/node_modules");
            std::os::unix::fs::symlink(modules, scratch.join("node_modules")).unwrap();
        }
    }
}

/// A program of one language that does what it is told.
pub struct Driver {
    pub language: Language,
    child: Child,
    pipes: Arc<Mutex<(ChildStdin, BufReader<ChildStdout>)>>,
    scratch: paths::Scratch,
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Driver {
    pub fn start(language: Language) -> Driver {
        let scratch = paths::Scratch::new("driver");
        language.beside(scratch.path());
        let name = match language {
            Language::Python => "drive.py",
            Language::TypeScript => "drive.mjs",
        };
        let program = scratch.join(name);
        std::fs::copy(paths::root().join("tests/clients").join(name), &program).unwrap();
        let mut child = language
            .command(&program)
            .current_dir(scratch.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (stdin, stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let pipes = Arc::new(Mutex::new((stdin, BufReader::new(stdout))));
        Driver {
            language,
            child,
            pipes,
            scratch,
        }
    }

    /// One for a unit and a platform (`unit`, `platform`) at this address.
    pub async fn of(language: Language, w: &World, server: &str) -> Driver {
        let driver = Driver::start(language);
        for (name, party) in [("unit", &w.unit), ("platform", &w.platform)] {
            driver.open(name, party, server, json!({})).await;
        }
        driver
    }

    /// Opens an exchange for a party.
    pub async fn open(&self, name: &str, party: &Party, server: &str, retries: Value) {
        let who = party.api.credentials();
        let open = json!({
            "do": "open", "as": name, "server": server, "client_id": who.id, "secret": who.secret, "retries": retries,
        });
        self.ok(open).await;
    }

    /// A file in its directory.
    pub fn file(&self, name: &str) -> String {
        self.scratch.join(name).display().to_string()
    }

    async fn answer(&self, asked: Value) -> Value {
        let (pipes, language) = (self.pipes.clone(), self.language);
        let told = tokio::task::spawn_blocking(move || {
            let mut pipes = pipes.lock().unwrap();
            writeln!(pipes.0, "{asked}").unwrap();
            let mut line = String::new();
            pipes.1.read_line(&mut line).unwrap();
            (asked, line)
        });
        let (asked, line) = told.await.unwrap();
        serde_json::from_str(&line)
            .unwrap_or_else(|e| panic!("{language:?} {asked}: {e}: {line:?}"))
    }

    /// Does it; what it gave.
    pub async fn ok(&self, asked: Value) -> Value {
        let what = asked.to_string();
        let mut answer = self.answer(asked).await;
        assert!(
            answer["failed"].is_null(),
            "{:?} {what}: {answer:#}",
            self.language
        );
        answer["ok"].take()
    }

    /// Does it; how it failed.
    pub async fn fails(&self, asked: Value) -> Value {
        let what = asked.to_string();
        let mut answer = self.answer(asked).await;
        assert!(
            !answer["failed"].is_null(),
            "{:?} {what}: {answer:#}",
            self.language
        );
        answer["failed"].take()
    }
}

/// As the party, what is to be done, and further members.
pub fn doing(party: &str, what: &str, further: Value) -> Value {
    let mut asked = json!({"as": party, "do": what});
    for (name, value) in further.as_object().unwrap() {
        asked[name] = value.clone();
    }
    asked
}

pub fn filing(name: &str) -> Value {
    let links = [
        format!("https://paste.example/{name}/1"),
        format!("hxxps[:]//paste[.]example/{name}/2?q=ä"),
    ];
    Filing::referral(&[&links[0], &links[1]]).json()
}

async fn the_whole_job_in_either_language(db: Db) {
    let w = World::new(db).await;
    let relay = Relay::to(w.server.address()).await;
    for language in BOTH {
        let name = language.name();
        let driver = Driver::of(language, &w, &relay.url()).await;
        let place = driver.file("place");
        let mut filing = filing(name);
        filing["agency_reference"] = json!(name);
        let filed = driver
            .ok(doing("unit", "file", json!({"filing": filing})))
            .await;
        let id = &filed["id"];

        let news = driver
            .ok(doing("platform", "inbox", json!({"place": place})))
            .await;
        let news = news.as_array().unwrap();
        let entry = news.last().unwrap();
        assert_eq!(
            (&entry["type"], &entry["request"]["id"]),
            (&json!("request.filed"), id)
        );
        let read = driver
            .ok(doing("platform", "read", json!({"id": id})))
            .await;
        assert_eq!(read["status"], "fetched");
        let ticket = doing(
            "platform",
            "acknowledge",
            json!({"id": id, "ticket": "T-1"}),
        );
        assert_eq!(driver.ok(ticket).await["platform_reference"], "T-1");
        // A call that the layer has no method for.
        let asked = doing("platform", "ask", json!({"id": id, "text": "Which?"}));
        assert_eq!(driver.ok(asked).await["kind"], "question");

        // What was decided on an old version is refused, and the refusal is typed.
        let item = &read["items"][0]["id"];
        let decide = |items: &Value| {
            let one = json!({"items": [items], "outcome": "removed", "basis": "terms"});
            doing("platform", "decide", json!({"id": id, "decisions": [one]}))
        };
        let stale = driver.fails(decide(item)).await;
        assert_eq!(
            (&stale["kind"], &stale["code"]),
            (&json!("ProblemError"), &json!("stale-version"))
        );
        assert_eq!(stale["status"], 412);
        assert!(
            stale["request_id"]
                .as_str()
                .is_some_and(|id| !id.is_empty()),
            "{stale:#}"
        );
        driver
            .ok(doing("platform", "read", json!({"id": id})))
            .await;
        let wrong = driver.fails(decide(&json!("item_x"))).await;
        assert_eq!(
            (&wrong["code"], wrong["pointers"].as_array().map(Vec::len)),
            (&json!("invalid"), Some(1))
        );
        assert!(
            wrong["pointers"][0]
                .as_str()
                .unwrap()
                .contains("/decisions/0/items/0"),
            "{wrong:#}"
        );
        driver.ok(decide(item)).await;
        let rest = json!({"outcome": "declined_within_terms", "basis": "terms"});
        let closed = doing("platform", "close", json!({"id": id, "remaining": rest}));
        let closed = driver.ok(closed).await;
        assert_eq!(
            (&closed["status"], &closed["result"]),
            (&json!("closed"), &json!("partly_actioned"))
        );
        let read = driver.ok(doing("unit", "read", json!({"id": id}))).await;
        assert_eq!(read["items"][0]["outcome"]["code"], "removed");

        // Nothing else than what the API is has been lost or changed on the way.
        let seen = w.read(&filed).await;
        assert_eq!(seen["items"][1]["locator"], filing["items"][1]["locator"]);
        assert_eq!(seen["version"], read["version"]);
    }
}
