//! The domain name system.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use super::key::{Key, Preset, Privacy};
use super::parse;
use super::reader::{Reader, Refusal};

pub(super) const KEYS: &[&Key] = &[&SERVERS, &TIMEOUT];

/// Where name servers listen unless said.
const PORT: u16 = 53;

static SERVERS: Key = Key {
    name: "dns.servers",
    preset: Preset::Derived("those of the system"),
    accepts: "addresses of name servers, such as [\"9.9.9.9\", \"127.0.0.1:5353\"]; in the environment separated by commas",
    about: "Name servers that are asked where webhooks lead, and for the TXT records and addresses by which a claim is proved. They must resolve names for us, and nobody else should be able to answer in their place: whoever can, proves whatever he likes.",
    privacy: Privacy::Open,
};
static TIMEOUT: Key = Key {
    name: "dns.timeout",
    preset: Preset::Value("5s"),
    accepts: "a duration from 100ms to 30s, such as 5s",
    about: "How long an answer of the name servers is waited for, all attempts together.",
    privacy: Privacy::Open,
};

/// The domain name system.
#[derive(Debug, Clone)]
pub struct Dns {
    /// Who is asked; `None`: whom the system asks.
    pub servers: Option<Vec<SocketAddr>>,
    /// How long an answer is waited for.
    pub timeout: Duration,
}

pub(super) fn read(reader: &mut Reader) -> Option<Dns> {
    let servers = reader.optional(&SERVERS, |text| {
        let servers = parse::list(server)(text)?;
        if servers.is_empty() {
            return Err(Some("there is none in it; leave it out".to_owned()));
        }
        Ok(servers)
    });
    let timeout = reader.value(
        &TIMEOUT,
        parse::duration_within(Duration::from_millis(100), Duration::from_secs(30)),
    );
    Some(Dns {
        servers: servers?,
        timeout: timeout?,
    })
}

fn server(text: &str) -> Result<SocketAddr, Refusal> {
    let address = text.parse::<IpAddr>().map(|ip| SocketAddr::new(ip, PORT));
    address
        .or_else(|_| text.parse())
        .map_err(|_| Some("it is no IP address, with or without a port".to_owned()))
}
