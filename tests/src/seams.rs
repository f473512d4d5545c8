//! How the binary is started and told its settings: the one place that knows.

use crate::database::Database;
use crate::paths;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the servers of the stories call themselves. Nodes that share a database share it, on whatever port each listens.
pub const PUBLIC_URL: &str = "https://exchange.example";

/// What the server prints before its address once it accepts connections.
pub const LISTENING: &str = "listening on ";

/// `takedown <arguments>` with the settings every command of a story shares: its data directory and its database.
pub fn takedown(data: &Path, database: &Database, arguments: &[&str]) -> Command {
    let mut command = Command::new(paths::binary());
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("TAKEDOWN_")) {
        command.env_remove(name);
    }
    command
        .args(arguments)
        .current_dir(data)
        .env("TAKEDOWN_DATA_DIR", data)
        .env("TAKEDOWN_SERVER_LISTEN", "127.0.0.1:0")
        .env("TAKEDOWN_SERVER_PUBLIC_URL", PUBLIC_URL);
    if let Some(url) = database.url() {
        command.env("TAKEDOWN_DATABASE_URL", url);
    }
    command
}

/// The settings that send mail to an SMTP server on this machine. `tls` is `none`, `starttls` or `required`.
pub fn smtp_settings(port: u16, tls: &str, login: Option<(&str, &str)>) -> Vec<(String, String)> {
    let mut settings = vec![
        ("TAKEDOWN_MAIL_SMTP_HOST", "localhost".to_owned()),
        ("TAKEDOWN_MAIL_SMTP_PORT", port.to_string()),
        ("TAKEDOWN_MAIL_SMTP_TLS", tls.to_owned()),
        (
            "TAKEDOWN_MAIL_FROM",
            "Exchange <exchange@exchange.example>".to_owned(),
        ),
        // Short, so that a story about retries ends soon.
        ("TAKEDOWN_WORKER_POLL_INTERVAL", "50ms".to_owned()),
        ("TAKEDOWN_WORKER_RETRY_SCHEDULE", ["300ms"; 100].join(",")),
    ];
    if let Some((user, password)) = login {
        settings.push(("TAKEDOWN_MAIL_SMTP_USER", user.to_owned()));
        settings.push(("TAKEDOWN_MAIL_SMTP_PASSWORD", password.to_owned()));
    }
    settings
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// One setting more, in the form the servers of the stories take them.
pub fn setting(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

/// For stories that load a server on purpose.
pub fn no_rate_limit() -> Vec<(String, String)> {
    vec![setting("TAKEDOWN_LIMITS_ENABLED", "false")]
}

/// Where the mails lie when no mail server is set.
pub fn mail_directory(data: &Path) -> PathBuf {
    data.join("mail")
}

/// Where the embedded database lies.
pub fn database_file(data: &Path) -> PathBuf {
    data.join("takedown.db")
}

/// A client's name and secret.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The client's id (`client_…`).
    pub id: String,
    /// Its secret, shown once.
    pub secret: String,
}

impl Credentials {
    /// Reads them from what the product prints or answers when it makes a client.
    pub fn read(made: &Value) -> Credentials {
        let text = |names: [&str; 2]| {
            let found = names
                .iter()
                .find_map(|name| made.get(*name).and_then(Value::as_str));
            found
                .unwrap_or_else(|| panic!("no {names:?} in {made:#}"))
                .to_owned()
        };
        Credentials {
            id: text(["client_id", "id"]),
            secret: text(["client_secret", "secret"]),
        }
    }
}

/// Makes an operator of an exchange, the first one or another, as its owner would on the machine itself.
pub fn first_operator(data: &Path, database: &Database) -> Credentials {
    let done = takedown(
        data,
        database,
        &["operator", "create", "--name", "Duty operator", "--json"],
    )
    .output()
    .expect("takedown runs");
    assert!(
        done.status.success(),
        "takedown operator create: {}\n{}",
        String::from_utf8_lossy(&done.stdout),
        String::from_utf8_lossy(&done.stderr)
    );
    Credentials::read(
        &serde_json::from_slice(&done.stdout).expect("takedown operator create --json prints JSON"),
    )
}
