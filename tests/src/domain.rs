//! The own domain of an agency: a real https server on this machine, which programs reach under the agency's name by a proxy.

use crate::paths::{self, Scratch};
use crate::wait;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// A running one. Ends, by its pid, with this value.
#[derive(Debug)]
pub struct Domain {
    child: Child,
    port: u16,
    dir: Scratch,
}

impl Domain {
    /// Starts one that shows nothing at first.
    pub fn start(name: &str) -> Domain {
        let dir = Scratch::new("domain");
        std::fs::write(dir.join("answer"), "missing").expect("writable");
        std::fs::write(dir.join("keys.json"), "").expect("writable");
        let log = std::fs::File::create(dir.join("log")).expect("a log file");
        let errors = log.try_clone().expect("a log file");
        let mut child = Command::new(paths::tool("venv/bin/python"))
            .arg(paths::root().join("tests/domain/server.py"))
            .arg(dir.path())
            .arg(name)
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(errors)
            .spawn()
            .expect("python runs");
        let port = wait::until_blocking("the domain to be served", || {
            let ended = child.try_wait().expect("a child of ours");
            assert!(
                ended.is_none(),
                "it ended: {}",
                std::fs::read_to_string(dir.join("log")).unwrap_or_default()
            );
            let port = std::fs::read_to_string(dir.join("port")).ok()?;
            port.trim().parse().ok()
        });
        Domain { child, port, dir }
    }

    /// From now on shows these keys.
    pub fn shows(&self, keys: &str) {
        std::fs::write(self.dir.join("keys.json"), keys).expect("writable");
        self.answers("keys");
    }

    /// From now on answers so: `keys`, `redirect`, `flood`, `missing` or `stall`.
    pub fn answers(&self, how: &str) {
        std::fs::write(self.dir.join("answer"), how).expect("writable");
    }

    /// The paths that were asked for so far.
    pub fn asked(&self) -> Vec<String> {
        let asked = std::fs::read_to_string(self.dir.join("asked")).unwrap_or_default();
        asked.lines().map(str::to_owned).collect()
    }

    /// What a program needs in its environment to find it.
    pub fn environment(&self) -> [(&'static str, String); 2] {
        let authority: PathBuf = self.dir.join("authority.pem");
        [
            ("HTTPS_PROXY", format!("http://127.0.0.1:{}", self.port)),
            ("SSL_CERT_FILE", authority.display().to_string()),
        ]
    }
}

impl Drop for Domain {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
