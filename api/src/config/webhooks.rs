//! Webhooks.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use super::key::{Key, Preset, Privacy};
use super::parse;
use super::reader::{Reader, Refusal};

pub(super) const KEYS: &[&Key] = &[
    &ENABLED,
    &RETRY_SCHEDULE,
    &TIMEOUT,
    &SEALING_KEY,
    &HOSTS,
    &LOOPBACK,
];

static ENABLED: Key = Key {
    name: "webhooks.enabled",
    preset: Preset::Value("true"),
    accepts: "true or false",
    about: "Whether this node sends webhooks, if it works at all (`worker.enabled`). At least one node must.",
    privacy: Privacy::Open,
};
static RETRY_SCHEDULE: Key = Key {
    name: "webhooks.retry_schedule",
    preset: Preset::Value("5s,5m,30m,2h,5h,10h,14h,20h,24h"),
    accepts: "durations, such as [\"5s\", \"5m\", \"2h\"]; in the environment separated by commas",
    about: "Pauses between the attempts to deliver a message, each moved by up to a tenth. After the last one it is given up; if nothing else arrived in that time, the webhook is disabled.",
    privacy: Privacy::Open,
};
static TIMEOUT: Key = Key {
    name: "webhooks.timeout",
    preset: Preset::Value("15s"),
    accepts: "a duration from 100ms to 30s, such as 15s",
    about: "How long an attempt may take, from resolving the name to the status of the answer.",
    privacy: Privacy::Open,
};
static SEALING_KEY: Key = Key {
    name: "webhooks.sealing_key",
    preset: Preset::Unset,
    accepts: "a file; the directory it is in must be there",
    about: "The key that seals the secrets of webhooks in the database. Without it `sealing.key` in `keys` in the data directory, made at the first start. Nodes that share a database need copies of one key: a node without it serves, and sends no webhooks. Keep it apart from backups of the database.",
    privacy: Privacy::Open,
};
static HOSTS: Key = Key {
    name: "webhooks.hosts",
    preset: Preset::Unset,
    accepts: "names with their addresses, such as [\"hooks.example=198.51.100.7\"]; in the environment separated by commas, one pair for each address",
    about: "Addresses that are used for these names instead of asking the resolver, as in a hosts file: for webhooks, and for files that prove a claim. What they are is checked all the same. An address of this machine may have a port (127.0.0.1:8443), which is called then.",
    privacy: Privacy::Open,
};
static LOOPBACK: Key = Key {
    name: "webhooks.loopback",
    preset: Preset::Value("false"),
    accepts: "true or false",
    about: "Whether webhooks may go to this machine itself, and there over http and to any port, and files that prove a claim may be fetched from it: for trying out, and for tests. Whoever registers a webhook then reaches whatever listens there.",
    privacy: Privacy::Open,
};

/// Webhooks.
#[derive(Debug, Clone)]
pub struct Webhooks {
    /// Whether this node sends them.
    pub enabled: bool,
    /// Pauses between the attempts.
    pub retry_schedule: Vec<Duration>,
    /// How long an attempt may take.
    pub timeout: Duration,
    /// Where the key is that seals their secrets; `None`: in the data directory.
    pub sealing_key: Option<PathBuf>,
    /// Names that are not looked up.
    pub hosts: BTreeMap<String, Vec<SocketAddr>>,
    /// Whether they may go to this machine.
    pub loopback: bool,
}

pub(super) fn read(reader: &mut Reader) -> Option<Webhooks> {
    let enabled = reader.value(&ENABLED, parse::truth);
    let retry_schedule = reader.value(&RETRY_SCHEDULE, parse::list(parse::duration));
    let timeout = reader.value(
        &TIMEOUT,
        parse::duration_within(Duration::from_millis(100), Duration::from_secs(30)),
    );
    let sealing_key = reader.optional(&SEALING_KEY, |text| {
        let path = PathBuf::from(text);
        match path.parent() {
            Some(folder) if folder.as_os_str().is_empty() || folder.is_dir() => Ok(path),
            _ => Err(Some("its directory is not there".to_owned())),
        }
    });
    let hosts = reader.optional(&HOSTS, parse::list(host));
    let loopback = reader.value(&LOOPBACK, parse::truth);
    let mut names: BTreeMap<String, Vec<SocketAddr>> = BTreeMap::new();
    for (name, address) in hosts?.unwrap_or_default() {
        names.entry(name).or_default().push(address);
    }
    Some(Webhooks {
        enabled: enabled?,
        retry_schedule: retry_schedule?,
        timeout: timeout?,
        sealing_key: sealing_key?,
        hosts: names,
        loopback: loopback?,
    })
}

fn host(text: &str) -> Result<(String, SocketAddr), Refusal> {
    let (name, address) = text
        .split_once('=')
        .ok_or_else(|| Some("give a name, =, and an address".to_owned()))?;
    let (name, address) = (name.trim().to_ascii_lowercase(), address.trim());
    let with_port = address.parse::<SocketAddr>();
    let address = match (address.parse::<IpAddr>(), with_port) {
        (Ok(ip), _) => SocketAddr::new(ip, 0),
        (_, Ok(with_port)) if with_port.ip().is_loopback() => with_port,
        (_, Ok(_)) => {
            return Err(Some(
                "only an address of this machine itself may have a port".to_owned(),
            ));
        }
        _ => return Err(Some(format!("{address:?} is no IP address"))),
    };
    match url::Host::parse(&name) {
        Ok(url::Host::Domain(_)) => Ok((name, address)),
        _ => Err(Some(format!("{name:?} is no name of a host"))),
    }
}
