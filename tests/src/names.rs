//! A name server on this machine that answers as it is told, and the web server of the names it knows.

use crate::paths::{self, Scratch};
use crate::seams::setting;
use crate::wait;
use serde_json::{Map, Value, json};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;

/// Running ones. They end, by their pid, with this value.
#[derive(Debug)]
pub struct Names {
    child: Child,
    dns: u16,
    web: u16,
    name: String,
    zone: Mutex<Map<String, Value>>,
    dir: Scratch,
}

impl Names {
    /// Starts them; nothing is known of any name, and the web server of `name` has no file.
    pub fn start(name: &str) -> Names {
        let dir = Scratch::new("names");
        std::fs::write(dir.join("zone.json"), "{}").expect("writable");
        std::fs::write(dir.join("site.json"), r#"{"say": "missing"}"#).expect("writable");
        let log = std::fs::File::create(dir.join("log")).expect("a log file");
        let errors = log.try_clone().expect("a log file");
        let mut child = Command::new(paths::tool("venv/bin/python"))
            .arg(paths::root().join("tests/domain/names.py"))
            .arg(dir.path())
            .arg(name)
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(errors)
            .spawn()
            .expect("python runs");
        let [dns, web] = ["dns", "web"].map(|which| {
            wait::until_blocking("the name server to answer", || {
                let ended = child.try_wait().expect("a child of ours");
                assert!(
                    ended.is_none(),
                    "it ended: {}",
                    std::fs::read_to_string(dir.join("log")).unwrap_or_default()
                );
                let port = std::fs::read_to_string(dir.join(which)).ok()?;
                port.trim().parse().ok()
            })
        });
        Names {
            child,
            dns,
            web,
            name: name.to_owned(),
            zone: Mutex::default(),
            dir,
        }
    }

    /// What an exchange needs in its settings to ask them, to reach the web server, and to look as often as it is told to.
    pub fn settings(&self) -> Vec<(String, String)> {
        let authority = self.dir.join("authority.pem");
        vec![
            setting("TAKEDOWN_DNS_SERVERS", &format!("127.0.0.1:{}", self.dns)),
            setting("TAKEDOWN_DNS_TIMEOUT", "5s"),
            setting("TAKEDOWN_CLAIMS_TIMEOUT", "5s"),
            setting("TAKEDOWN_CLAIMS_LOOK_INTERVAL", "1ms"),
            setting("TAKEDOWN_WEBHOOKS_LOOPBACK", "true"),
            setting(
                "TAKEDOWN_WEBHOOKS_HOSTS",
                &format!("{}=127.0.0.1:{}", self.name, self.web),
            ),
            setting("SSL_CERT_FILE", &authority.display().to_string()),
        ]
    }

    /// From now on a name has these TXT records, and nothing else.
    pub fn texts(&self, name: &str, texts: &[&str]) {
        self.has(name, json!({ "TXT": texts }));
    }

    /// From now on a name has this; see `tests/domain/names.py`.
    pub fn has(&self, name: &str, what: Value) {
        let mut zone = self.zone.lock().expect("no story panicked here");
        zone.insert(name.to_owned(), what);
        self.write("zone.json", &Value::from(zone.clone()));
    }

    /// From now on nothing is known of any name.
    pub fn forget(&self) {
        self.zone.lock().expect("no story panicked here").clear();
        self.write("zone.json", &json!({}));
    }

    /// From now on the web server answers so: `html`, `redirect`, `flood`, `missing`, `bytes` or `stall`.
    pub fn site(&self, say: &str) {
        self.write("site.json", &json!({ "say": say }));
    }

    /// From now on the web server answers with a file.
    pub fn file(&self, body: &str) {
        self.write("site.json", &json!({"say": "file", "body": body}));
    }

    /// From now on the web server answers with the same as a page.
    pub fn page(&self, body: &str) {
        self.write("site.json", &json!({"say": "page", "body": body}));
    }

    /// The questions so far, such as `TXT small.test`.
    pub fn asked(&self) -> Vec<String> {
        self.lines("asked")
    }

    /// The paths that were fetched so far.
    pub fn fetched(&self) -> Vec<String> {
        self.lines("fetched")
    }

    fn lines(&self, of: &str) -> Vec<String> {
        let text = std::fs::read_to_string(self.dir.join(of)).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// Whole at once: the servers read it at any moment.
    fn write(&self, name: &str, value: &Value) {
        let new = self.dir.join(&format!("{name}.new"));
        std::fs::write(&new, value.to_string()).expect("writable");
        std::fs::rename(&new, self.dir.join(name)).expect("writable");
    }
}

impl Drop for Names {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
