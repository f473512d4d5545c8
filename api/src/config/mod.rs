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
                shown,
            }),
            _ => Err(ConfigError(Vec::new())),
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
    ]
    .into_iter()
    .flatten()
    .copied()
    .collect()
}

#[cfg(test)]
mod tests;
