//! Where the exchange is and who asks: flags, environment, or a profile file.

mod book;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use url::Url;

use super::CliError;
use crate::client::{Client, Credentials, RetryPolicy, Settings, SigningKey};

/// Connection settings. A secret is never given on the command line, where every user of the machine can read it.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Connection")]
pub struct ConnectionArgs {
    /// Address of the exchange, for instance https://exchange.example
    #[arg(long, value_name = "URL")]
    server: Option<String>,
    /// Who asks (client_…)
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,
    /// File with the client's secret
    #[arg(long, value_name = "FILE", conflicts_with = "key_file")]
    secret_file: Option<PathBuf>,
    /// File with the client's private key (PEM, Ed25519 or P-256)
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
    /// Certificate authorities to trust beside those of the system (PEM)
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// What the exchange calls itself, when it is reached under another address (only matters with --key-file)
    #[arg(long, value_name = "URL")]
    issuer: Option<String>,
    /// A profile of ~/.config/takedown/client.toml; wins over the environment
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// Where the receipt of each change is kept (`none`: nowhere); ~/.local/state/takedown/receipts-HOST.jsonl unless given
    #[arg(long, value_name = "FILE")]
    receipts: Option<PathBuf>,
    /// Allow plain http to another machine (on a network you trust)
    #[arg(long)]
    allow_http: bool,
}

/// One source of settings.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Layer {
    server: Option<String>,
    client_id: Option<String>,
    secret: Option<SecretString>,
    secret_file: Option<PathBuf>,
    key_file: Option<PathBuf>,
    ca_file: Option<PathBuf>,
    issuer: Option<String>,
    receipts: Option<PathBuf>,
    #[serde(default)]
    allow_http: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProfileFile {
    default: Option<String>,
    #[serde(default)]
    profiles: BTreeMap<String, Layer>,
}

/// What the environment says; a function so that tests need not change the process.
type Env<'a> = &'a dyn Fn(&str) -> Option<String>;

impl ConnectionArgs {
    /// A client with these settings.
    ///
    /// # Errors
    /// [`CliError`] naming the setting that is missing or cannot be used, and where it may be given.
    pub fn connect(&self) -> Result<Client, CliError> {
        let env = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let settings = self.settings(&env)?;
        let book = self.book_at(Some(&settings.server), &env)?;
        Ok(Client::new(settings)?.keeping(book))
    }

    /// A client for what is told to everybody: whoever asks need not say who he is.
    ///
    /// # Errors
    /// As [`ConnectionArgs::connect`].
    pub fn connect_as_nobody(&self) -> Result<Client, CliError> {
        let env = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let layers = self.layers(&env)?;
        Ok(Client::new(settings_of(&layers, Credentials::nobody())?)?)
    }

    fn settings(&self, env: Env<'_>) -> Result<Settings, CliError> {
        let layers = self.layers(env)?;
        server_of(&layers)?;
        let client_id = layers
            .iter()
            .find_map(|layer| layer.client_id.as_ref())
            .ok_or_else(|| {
                CliError::usage("who asks? give --client-id, TAKEDOWN_CLIENT_ID or a profile")
            })?
            .clone();
        let proof = layers.iter().find(|layer| {
            layer.key_file.is_some() || layer.secret_file.is_some() || layer.secret.is_some()
        });
        let credentials = match proof {
            Some(Layer {
                key_file: Some(path),
                ..
            }) => Credentials::key(client_id, SigningKey::from_pem(&private_text(path)?)?),
            Some(Layer {
                secret: Some(secret),
                ..
            }) => Credentials::secret(client_id, secret.expose_secret()),
            Some(Layer {
                secret_file: Some(path),
                ..
            }) => Credentials::secret(client_id, private_text(path)?.trim()),
            _ => {
                return Err(CliError::usage(
                    "prove who asks: give --secret-file, --key-file, TAKEDOWN_CLIENT_SECRET, \
                     TAKEDOWN_CLIENT_SECRET_FILE, TAKEDOWN_CLIENT_KEY_FILE or a profile",
                ));
            }
        };
        settings_of(&layers, credentials)
    }

    /// Flags first. A profile asked for by name comes before the environment, one that merely exists after it.
    fn layers(&self, env: Env<'_>) -> Result<Vec<Layer>, CliError> {
        let flags = Layer {
            server: self.server.clone(),
            client_id: self.client_id.clone(),
            secret: None,
            secret_file: self.secret_file.clone(),
            key_file: self.key_file.clone(),
            ca_file: self.ca_file.clone(),
            issuer: self.issuer.clone(),
            receipts: self.receipts.clone(),
            allow_http: self.allow_http,
        };
        let environment = Layer {
            server: env("TAKEDOWN_SERVER"),
            client_id: env("TAKEDOWN_CLIENT_ID"),
            secret: env("TAKEDOWN_CLIENT_SECRET").map(SecretString::from),
            secret_file: env("TAKEDOWN_CLIENT_SECRET_FILE").map(PathBuf::from),
            key_file: env("TAKEDOWN_CLIENT_KEY_FILE").map(PathBuf::from),
            ca_file: env("TAKEDOWN_CLIENT_CA_FILE").map(PathBuf::from),
            issuer: env("TAKEDOWN_CLIENT_ISSUER"),
            receipts: env("TAKEDOWN_RECEIPTS").map(PathBuf::from),
            allow_http: false,
        };
        let profile = profile(self.profile.as_deref(), env)?;
        Ok(if self.profile.is_some() {
            vec![flags, profile, environment]
        } else {
            vec![flags, environment, profile]
        })
    }
}

fn server_of(layers: &[Layer]) -> Result<Url, CliError> {
    let server = layers.iter().find_map(|layer| layer.server.as_ref());
    let server = server.ok_or_else(|| {
        CliError::usage("which exchange? give --server, TAKEDOWN_SERVER or a profile")
    })?;
    Url::parse(server).map_err(|e| CliError::usage(format!("--server {server}: {e}")))
}

fn settings_of(layers: &[Layer], credentials: Credentials) -> Result<Settings, CliError> {
    let authorities = match layers.iter().find_map(|layer| layer.ca_file.as_ref()) {
        Some(path) => Some(std::fs::read(path).map_err(|e| CliError::file(path.display(), e))?),
        None => None,
    };
    Ok(Settings {
        server: server_of(layers)?,
        credentials,
        authorities,
        issuer: layers.iter().find_map(|layer| layer.issuer.clone()),
        allow_http: layers.iter().any(|layer| layer.allow_http),
        retry: RetryPolicy {
            notice: |text| eprintln!("{text}"),
            ..RetryPolicy::default()
        },
    })
}

fn profile(asked: Option<&str>, env: Env<'_>) -> Result<Layer, CliError> {
    let named = asked
        .map(ToOwned::to_owned)
        .or_else(|| env("TAKEDOWN_CLIENT_PROFILE"));
    let directory = env("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .or_else(|| env("HOME").map(|home| Path::new(&home).join(".config")));
    let path = directory.map(|directory| directory.join("takedown/client.toml"));
    let Some(path) = path.filter(|path| path.exists()) else {
        return match named {
            None => Ok(Layer::default()),
            Some(name) => Err(CliError::usage(format!(
                "no profile {name}: there is no ~/.config/takedown/client.toml"
            ))),
        };
    };
    let place = path.display().to_string();
    let text = std::fs::read_to_string(&path).map_err(|e| CliError::file(&place, e))?;
    let mut file: ProfileFile =
        toml::from_str(&text).map_err(|e| CliError::input(format!("{place}: {e}")))?;
    let names = file.profiles.keys().cloned().collect::<Vec<_>>().join(", ");
    let Some(name) = named.or(file.default) else {
        return Ok(Layer::default());
    };
    let mut layer = file.profiles.remove(&name).ok_or_else(|| {
        CliError::usage(format!("no profile {name} in {place}; there is: {names}"))
    })?;
    if layer.secret.is_some() && readable_by_others(&path) {
        return Err(CliError::input(format!(
            "{place} holds a secret and can be read by other users: chmod 600 {place}"
        )));
    }
    // Paths in the file are meant from where the file is.
    let beside = path.parent().unwrap_or(Path::new("."));
    for inner in [
        &mut layer.secret_file,
        &mut layer.key_file,
        &mut layer.ca_file,
        &mut layer.receipts,
    ] {
        if let Some(relative) = inner.take() {
            *inner = Some(beside.join(relative));
        }
    }
    Ok(layer)
}

/// Reads a secret or key. One that others can read is used all the same, because secret stores mount such files, but
/// not silently.
fn private_text(path: &Path) -> Result<String, CliError> {
    let text = std::fs::read_to_string(path).map_err(|e| CliError::file(path.display(), e))?;
    if readable_by_others(path) {
        eprintln!(
            "warning: {} can be read by other users of this machine",
            path.display()
        );
    }
    Ok(text)
}

#[cfg(unix)]
fn readable_by_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).is_ok_and(|data| data.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn readable_by_others(_path: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn args(server: Option<&str>) -> ConnectionArgs {
        ConnectionArgs {
            server: server.map(ToOwned::to_owned),
            ..ConnectionArgs::default()
        }
    }

    fn full(name: &str) -> Option<String> {
        match name {
            "TAKEDOWN_SERVER" => Some("https://exchange.example".into()),
            "TAKEDOWN_CLIENT_ID" => Some("client_1".into()),
            "TAKEDOWN_CLIENT_SECRET" => Some("s3cret".into()),
            _ => None,
        }
    }

    fn with_profile(directory: &Path, mode: u32) -> impl Fn(&str) -> Option<String> {
        let place = directory.join("takedown");
        std::fs::create_dir_all(&place).unwrap();
        let file = place.join("client.toml");
        std::fs::write(
            &file,
            "default = \"police\"\n[profiles.police]\nserver = \"https://profile.example\"\nclient_id = \"client_p\"\nsecret = \"p\"\n",
        )
        .unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
        }
        let home = directory.display().to_string();
        move |name| match name {
            "XDG_CONFIG_HOME" => Some(home.clone()),
            _ => None,
        }
    }

    #[test]
    fn flags_win_over_the_environment() {
        let settings = args(Some("https://flag.example")).settings(&full).unwrap();
        assert_eq!(settings.server.as_str(), "https://flag.example/");
        assert_eq!(settings.credentials.client_id, "client_1");
    }

    #[test]
    fn what_is_missing_is_said_with_every_place_it_may_be_given() {
        let error = args(None).settings(&|_| None).unwrap_err().to_string();
        assert!(
            error.contains("--server") && error.contains("TAKEDOWN_SERVER"),
            "{error}"
        );
        let error = args(Some("https://flag.example"))
            .settings(&|name| (name == "TAKEDOWN_CLIENT_ID").then(|| "client_1".into()))
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("--secret-file") && error.contains("--key-file"),
            "{error}"
        );
    }

    #[test]
    fn a_profile_is_used_and_beats_the_environment_only_when_named() {
        let directory = crate::cli::tests::scratch();
        let home = with_profile(directory.path(), 0o600);
        let both = |name: &str| full(name).or_else(|| home(name));
        let by_default = args(None).settings(&home).unwrap();
        assert_eq!(by_default.credentials.client_id, "client_p");
        assert_eq!(
            args(None).settings(&both).unwrap().credentials.client_id,
            "client_1"
        );
        let named = ConnectionArgs {
            profile: Some("police".into()),
            ..args(None)
        };
        assert_eq!(
            named.settings(&both).unwrap().credentials.client_id,
            "client_p"
        );
        let missing = ConnectionArgs {
            profile: Some("nobody".into()),
            ..args(None)
        };
        let error = missing.settings(&both).unwrap_err().to_string();
        assert!(
            error.contains("nobody") && error.contains("police"),
            "{error}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_profile_with_a_secret_that_others_can_read_is_refused() {
        let directory = crate::cli::tests::scratch();
        let home = with_profile(directory.path(), 0o644);
        let error = args(None).settings(&home).unwrap_err().to_string();
        assert!(error.contains("chmod 600"), "{error}");
    }
}
