//! How the binary is started and told its settings: the one place that knows.

use crate::database::Database;
use crate::paths;
use serde_json::Value;
use std::path::Path;
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

/// The settings that send mail to an SMTP server. `security` is `none`, `starttls` or `tls`.
pub fn smtp_settings(
    port: u16,
    security: &str,
    login: Option<(&str, &str)>,
) -> Vec<(String, String)> {
    let mut settings = vec![
        ("TAKEDOWN_MAIL_SMTP_HOST".to_owned(), "localhost".to_owned()),
        ("TAKEDOWN_MAIL_SMTP_PORT".to_owned(), port.to_string()),
        (
            "TAKEDOWN_MAIL_SMTP_SECURITY".to_owned(),
            security.to_owned(),
        ),
        (
            "TAKEDOWN_MAIL_FROM".to_owned(),
            "exchange@exchange.example".to_owned(),
        ),
        // Seconds, so that a story about retries ends soon.
        (
            "TAKEDOWN_MAIL_RETRY_FIRST_SECONDS".to_owned(),
            "1".to_owned(),
        ),
    ];
    if let Some((user, password)) = login {
        settings.push(("TAKEDOWN_MAIL_SMTP_USERNAME".to_owned(), user.to_owned()));
        settings.push((
            "TAKEDOWN_MAIL_SMTP_PASSWORD".to_owned(),
            password.to_owned(),
        ));
    }
    settings
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

/// Makes the first operator of an exchange, as its owner would on the machine itself.
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
