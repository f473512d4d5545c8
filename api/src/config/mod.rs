//! Configuration: one file per section, each wrong value named with its source.
//!
//! A value comes from, in rising precedence: the default, the file (`takedown.toml` in the working directory, or the
//! one named by `--config` or `TAKEDOWN_CONFIG`), the environment (`TAKEDOWN_` + the key in capitals, dots as
//! underscores: `server.listen` is `TAKEDOWN_SERVER_LISTEN`), and what a command sets for itself. Everything that is
//! wrong is reported at once, because a person who deploys wants to correct it at once.

pub mod claims;
pub mod database;
pub mod dns;
pub mod error;
pub mod history;
pub mod instruments;
pub mod key;
mod layers;
pub mod limits;
pub mod log;
pub mod mail;
pub mod network;
pub mod oauth;
mod parse;
mod reader;
pub mod retention;
mod root;
pub mod sandbox;
pub mod server;
mod show;
pub mod signing;
mod toml_layer;
pub mod transparency;
pub mod webhooks;
pub mod worker;

use std::path::{Path, PathBuf};

pub use error::{ConfigError, Wrong};
pub use key::{Key, Preset, Privacy, Source};
pub use layers::Layers;
pub(crate) use parse::duration;
use reader::Reader;
pub use show::reference;

/// The file looked for when none is named.
pub const DEFAULT_FILE: &str = "takedown.toml";

/// The environment variable that names the configuration file.
pub const FILE_VARIABLE: &str = "TAKEDOWN_CONFIG";

/// The file looked for by a sandbox when none is named: never that of an exchange beside it.
pub const SANDBOX_FILE: &str = "sandbox.toml";

/// What a sandbox has in the place of the usual presets: it can stand beside an exchange, and whoever tries something sees what comes
/// of it within a second.
const SANDBOX: &[(&str, &str)] = &[
    ("data_dir", "./sandbox"),
    ("server.listen", "127.0.0.1:8090"),
    ("worker.poll_interval", "200ms"),
    ("transparency.every", "10s"),
    ("transparency.open_periods", "true"),
];

/// The whole configuration, checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the embedded database, the keys and the mails of the directory transport live.
    pub data_dir: PathBuf,
    /// The HTTP server.
    pub server: server::Server,
    /// The database.
    pub database: database::Database,
    /// How mail leaves.
    pub mail: mail::Mail,
    /// Access tokens.
    pub oauth: oauth::Oauth,
    /// Rate limits.
    pub limits: limits::Limits,
    /// Logs.
    pub log: log::Log,
    /// Background jobs.
    pub worker: worker::Worker,
    /// The published transparency report.
    pub transparency: transparency::Transparency,
    /// What is kept how long.
    pub retention: retention::Retention,
    /// Instruments of the operator's own.
    pub instruments: instruments::Instruments,
    /// The sealed history.
    pub history: history::History,
    /// Keys with which units sign.
    pub signing: signing::Signing,
    /// Webhooks.
    pub webhooks: webhooks::Webhooks,
    /// The domain name system.
    pub dns: dns::Dns,
    /// Claims of platforms.
    pub claims: claims::Claims,
    /// How a sandbox misbehaves.
    pub sandbox: sandbox::Sandbox,
    /// Whether this is one. No setting: what is real must not become a sandbox by a line in a file, nor the other way round.
    pub is_sandbox: bool,
    shown: Vec<key::Shown>,
}

impl Config {
    /// Reads file and environment of this process.
    ///
    /// # Errors
    /// Everything that is wrong: an unreadable file, unknown keys, values that are not accepted.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        Self::load_with(file, &[])
    }

    /// As [`Config::load`], with values that the command itself sets, such as `("data_dir", "/tmp/demo")`.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn load_with(file: Option<&Path>, set: &[(&str, &str)]) -> Result<Self, ConfigError> {
        let mut layers = Layers::of_process(file)?;
        for (name, value) in set {
            layers.set(name, value);
        }
        Self::from_layers(layers)
    }

    /// The configuration of a sandbox: file and environment of this process as for any exchange, but with a default file, a data
    /// directory and a port of its own.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn load_sandbox(file: Option<&Path>, set: &[(&str, &str)]) -> Result<Self, ConfigError> {
        let mut layers = Layers::of_sandbox(file)?;
        for (name, value) in SANDBOX {
            layers.otherwise(name, value);
        }
        for (name, value) in set {
            layers.set(name, value);
        }
        let config = Self::from_layers(layers)?;
        Ok(Self {
            is_sandbox: true,
            ..config
        })
    }

    /// Checks values that were gathered already; tests and the demonstration use it to be independent of the process.
    ///
    /// # Errors
    /// Everything that is wrong with the values.
    pub fn from_layers(layers: Layers) -> Result<Self, ConfigError> {
        let mut reader = Reader::new(layers);
        let data_dir = root::read(&mut reader);
        let server = server::read(&mut reader);
        let database = database::read(&mut reader, data_dir.as_deref());
        let mail = mail::read(&mut reader, data_dir.as_deref());
        let oauth = oauth::read(&mut reader, server.as_ref());
        let limits = limits::read(&mut reader);
        let log = log::read(&mut reader);
        let worker = worker::read(&mut reader);
        let transparency = transparency::read(&mut reader);
        let retention = retention::read(&mut reader);
        let instruments = instruments::read(&mut reader);
        let history = history::read(&mut reader);
        let signing = signing::read(&mut reader);
        let webhooks = webhooks::read(&mut reader);
        let dns = dns::read(&mut reader);
        let claims = claims::read(&mut reader);
        let sandbox = sandbox::read(&mut reader);
        let shown = reader.finish()?;
        match (
            data_dir,
            server,
            database,
            mail,
            oauth,
            limits,
            log,
            worker,
            transparency,
            retention,
            instruments,
            history,
            signing,
            webhooks,
            dns,
            claims,
            sandbox,
        ) {
            (
                Some(data_dir),
                Some(server),
                Some(database),
                Some(mail),
                Some(oauth),
                Some(limits),
                Some(log),
                Some(worker),
                Some(transparency),
                Some(retention),
                Some(instruments),
                Some(history),
                Some(signing),
                Some(webhooks),
                Some(dns),
                Some(claims),
                Some(sandbox),
            ) => Ok(Self {
                data_dir,
                server,
                database,
                mail,
                oauth,
                limits,
                log,
                worker,
                transparency,
                retention,
                instruments,
                history,
                signing,
                webhooks,
                dns,
                claims,
                sandbox,
                is_sandbox: false,
                shown,
            }),
            _ => Err(ConfigError(Vec::new())),
        }
    }

    /// The variable of the environment that a key was taken from, if it was.
    #[must_use]
    pub fn variable_of(&self, name: &str) -> Option<&str> {
        let shown = self.shown.iter().find(|shown| shown.key.name == name)?;
        match &shown.source {
            Source::Environment(variable) => Some(variable),
            _ => None,
        }
    }

    /// The effective configuration with each value's source, secrets masked, in the form of a configuration file.
    #[must_use]
    pub fn masked(&self) -> String {
        show::masked(&self.shown)
    }
}

/// Every key there is, section by section, in the order in which they are shown.
#[must_use]
pub fn keys() -> Vec<&'static Key> {
    [
        root::KEYS,
        server::KEYS,
        database::KEYS,
        mail::KEYS,
        oauth::KEYS,
        limits::KEYS,
        log::KEYS,
        worker::KEYS,
        transparency::KEYS,
        retention::KEYS,
        instruments::KEYS,
        history::KEYS,
        signing::KEYS,
        webhooks::KEYS,
        dns::KEYS,
        claims::KEYS,
        sandbox::KEYS,
    ]
    .into_iter()
    .flatten()
    .copied()
    .collect()
}

#[cfg(test)]
mod tests;
