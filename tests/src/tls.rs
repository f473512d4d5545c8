//! Receivers of webhooks over TLS on this machine, with certificates that are right and wrong.

use crate::paths::{self, Scratch};
use crate::seams::setting;
use crate::wait;
use serde_json::Value;
use std::process::{Child, Command, Stdio};

/// Running ones; see `tests/webhooks/tls.py`. They end, by their pid, with this value.
#[derive(Debug)]
pub struct TlsSinks {
    child: Child,
    ports: Value,
    dir: Scratch,
}

impl TlsSinks {
    /// Starts them.
    pub fn start() -> TlsSinks {
        let dir = Scratch::new("tls");
        let log = std::fs::File::create(dir.join("log")).expect("a log file");
        let errors = log.try_clone().expect("a log file");
        let mut child = Command::new(paths::tool("venv/bin/python"))
            .arg(paths::root().join("tests/webhooks/tls.py"))
            .arg(dir.path())
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(errors)
            .spawn()
            .expect("python runs");
        let ports = wait::until_blocking("the receivers to listen", || {
            let ended = child.try_wait().expect("a child of ours");
            assert!(
                ended.is_none(),
                "they ended: {}",
                std::fs::read_to_string(dir.join("log")).unwrap_or_default()
            );
            let ports = std::fs::read_to_string(dir.join("ports")).ok()?;
            serde_json::from_str(&ports).ok()
        });
        TlsSinks { child, ports, dir }
    }

    /// What an exchange needs in its settings to reach them and to trust the authorities that it may.
    pub fn settings(&self) -> Vec<(String, String)> {
        let ports = self.ports.as_object().expect("ports");
        let hosts: Vec<String> = ports
            .iter()
            .map(|(kind, port)| format!("{kind}.test=127.0.0.1:{port}"))
            .collect();
        let authorities = self.dir.join("authorities.pem");
        vec![
            setting("TAKEDOWN_WEBHOOKS_HOSTS", &hosts.join(",")),
            setting("SSL_CERT_FILE", &authorities.display().to_string()),
        ]
    }

    /// What came so far: `{kind, host, id, body}`.
    pub fn received(&self) -> Vec<Value> {
        let told = std::fs::read_to_string(self.dir.join("received")).unwrap_or_default();
        told.lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect()
    }
}

impl Drop for TlsSinks {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
