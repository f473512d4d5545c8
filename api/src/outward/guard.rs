//! Where addresses that others name may lead.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use takedown_core::claim::Fault;
use takedown_core::webhook::{is_loopback, public};
use url::{Host, Url};

use super::names::Names;
use super::sink::Sink;
use crate::config::webhooks::Webhooks;

/// Longest address, in characters.
pub const MAX_CHARS: usize = 2_000;
/// How long a name may take to be resolved.
const LOOKUP: Duration = Duration::from_secs(5);

/// Decides where addresses may lead that others name. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Guard {
    rules: Arc<Rules>,
    /// Who is asked for addresses; the system when nobody is configured.
    names: Option<Names>,
    /// Whether some hosts are played here.
    sinks: bool,
}

#[derive(Debug, Default)]
struct Rules {
    /// With port 0 for that of the scheme.
    hosts: BTreeMap<String, Vec<SocketAddr>>,
    loopback: bool,
}

/// Why an address may not lead there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refused(String);

impl Guard {
    /// As it is configured.
    #[must_use]
    pub fn of(config: &Webhooks, names: Option<Names>) -> Self {
        let rules = Rules {
            hosts: config.hosts.clone(),
            loopback: config.loopback,
        };
        Self {
            rules: Arc::new(rules),
            names,
            sinks: false,
        }
    }

    /// The same guard in a sandbox, which plays some receivers itself.
    #[must_use]
    pub fn with_sinks(self) -> Self {
        Self {
            sinks: true,
            ..self
        }
    }

    /// The receiver that is played at this address. Nobody is asked for it, and nothing is sent.
    #[must_use]
    pub fn sink(&self, url: &Url) -> Option<Sink> {
        let host = url.host_str().filter(|_| self.sinks)?;
        Sink::at(host)
    }

    /// Reads an address, as far as that is possible without asking anybody.
    ///
    /// # Errors
    /// [`Refused`] says what is wrong and what would be right.
    pub fn read(&self, text: &str) -> Result<Url, Refused> {
        let refused = |why: &str| Refused(why.to_owned());
        if text.chars().count() > MAX_CHARS {
            return Err(Refused(format!(
                "an address has at most {MAX_CHARS} characters"
            )));
        }
        let url = Url::parse(text).map_err(|error| {
            Refused(format!(
                "this is no address ({error}); give one such as https://hooks.example/takedown"
            ))
        })?;
        match url.scheme() {
            "https" => {}
            "http" if self.rules.loopback => {}
            _ => return Err(refused("give an address that begins with https://")),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refused(
                "leave name and password out of the address; what is sent is signed",
            ));
        }
        if url.fragment().is_some() {
            return Err(refused("leave out the part from # on; it is never sent"));
        }
        if !self.rules.loopback && url.port().is_some() {
            return Err(refused("leave out the port; webhooks go to port 443"));
        }
        match url.host() {
            None => return Err(refused("the address has no host")),
            Some(Host::Domain(_)) => {}
            Some(Host::Ipv4(address)) => self.judge(url.scheme(), address.into())?,
            Some(Host::Ipv6(address)) => self.judge(url.scheme(), address.into())?,
        }
        Ok(url)
    }

    /// Reads an address and asks where it leads at this moment.
    ///
    /// # Errors
    /// [`Refused`] says what is wrong and what would be right.
    pub async fn check(&self, text: &str) -> Result<Url, Refused> {
        let url = self.read(text)?;
        if self.sink(&url).is_some() {
            return Ok(url);
        }
        if let Some(Host::Domain(name)) = url.host() {
            self.addresses(url.scheme(), name).await?;
        }
        Ok(url)
    }

    /// The addresses of a name, every one of which may be connected to.
    ///
    /// # Errors
    /// [`Refused`] when it has none, or one to which nothing may go: whoever answers with both has no honest reason.
    pub async fn addresses(&self, scheme: &str, name: &str) -> Result<Vec<SocketAddr>, Refused> {
        let name = name.to_ascii_lowercase();
        let found = self.found(&name).await.map_err(Refused)?;
        for address in &found {
            self.judge(scheme, address.ip())
                .map_err(|Refused(why)| Refused(format!("{name}: {why}")))?;
        }
        Ok(found)
    }

    /// Whether all addresses of a name are public, or the configuration allows those of this machine.
    ///
    /// # Errors
    /// [`Fault::NoAddress`], or [`Fault::NotPublic`].
    pub async fn is_reachable(&self, name: &str) -> Result<(), Fault> {
        let found = self.found(name).await.map_err(|_| Fault::NoAddress)?;
        let fits = |address: &SocketAddr| self.judge("https", address.ip()).is_ok();
        if found.iter().all(fits) {
            Ok(())
        } else {
            Err(Fault::NotPublic)
        }
    }

    /// The addresses of a name, at least one.
    async fn found(&self, name: &str) -> Result<Vec<SocketAddr>, String> {
        let found = match (self.rules.hosts.get(name), &self.names) {
            (Some(known), _) => known.clone(),
            (None, Some(names)) => {
                let asked = names.addresses(name).await;
                let found = asked.map_err(|_| format!("{name} cannot be resolved"))?;
                // 0 stands for the port of the address that is called.
                found.into_iter().map(|ip| SocketAddr::new(ip, 0)).collect()
            }
            (None, None) => lookup(name).await?,
        };
        if found.is_empty() {
            return Err(format!("{name} has no address"));
        }
        Ok(found)
    }

    fn judge(&self, scheme: &str, address: IpAddr) -> Result<(), Refused> {
        if self.rules.loopback && is_loopback(address) {
            return Ok(());
        }
        if scheme != "https" {
            return Err(Refused(
                "http is for this machine itself only; give an address that begins with https://"
                    .to_owned(),
            ));
        }
        // Without the address: what a name leads to inside this network is nobody's business.
        public(address).map_err(|not| {
            Refused(format!(
                "its address is not public ({}); it must be reachable on the Internet",
                not.range
            ))
        })
    }
}

async fn lookup(name: &str) -> Result<Vec<SocketAddr>, String> {
    let asked = tokio::time::timeout(LOOKUP, tokio::net::lookup_host((name, 0)));
    match asked.await {
        Ok(Ok(found)) => Ok(found.collect()),
        Ok(Err(_)) => Err(format!("{name} cannot be resolved")),
        Err(_) => Err(format!(
            "{name} could not be resolved within {} seconds",
            LOOKUP.as_secs()
        )),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn guard(loopback: bool, hosts: &[(&str, &[&str])]) -> Guard {
        let hosts = hosts.iter().map(|(name, addresses)| {
            let addresses = addresses
                .iter()
                .map(|a| SocketAddr::new(a.parse().unwrap(), 0));
            ((*name).to_owned(), addresses.collect())
        });
        let rules = Rules {
            hosts: hosts.collect(),
            loopback,
        };
        Guard {
            rules: Arc::new(rules),
            names: None,
            sinks: false,
        }
    }

    #[tokio::test]
    async fn what_a_sandbox_plays_is_nowhere_else() {
        let (real, sandbox) = (guard(false, &[]), guard(false, &[]).with_sinks());
        let url = real.read("https://fails.test/hook").unwrap();
        assert_eq!(real.sink(&url), None);
        assert_eq!(sandbox.sink(&url), Some(Sink::Answers(500)));
        sandbox.check("https://FAILS.test/hook").await.unwrap();
        sandbox.check("http://fails.test/hook").await.unwrap_err();
        sandbox.check("https://127.0.0.1/").await.unwrap_err();
    }

    #[test]
    fn what_is_refused_before_anybody_is_asked() {
        let guard = guard(false, &[]);
        for (address, says) in [
            ("", "no address"),
            ("hooks.example", "no address"),
            ("http://hooks.example/", "https://"),
            ("ftp://hooks.example/", "https://"),
            ("https://u:p@hooks.example/", "name and password"),
            ("https://hooks.example/#x", "from # on"),
            ("https://hooks.example:8443/", "port"),
            ("https://127.0.0.1/", "loopback"),
            ("https://127.1/", "loopback"),
            ("https://2130706433/", "loopback"),
            ("https://0x7f.0.0.1/", "loopback"),
            ("https://[::1]/", "loopback"),
            ("https://[::ffff:127.0.0.1]/", "IPv4-mapped"),
            ("https://169.254.169.254/latest", "link-local"),
            ("https://10.0.0.1/", "private"),
            ("https://192.0.2.1/", "documentation"),
        ] {
            let Refused(why) = guard.read(address).unwrap_err();
            assert!(why.contains(says), "{address}: {why}");
        }
        guard.read("https://hooks.example/a?b=c").unwrap();
        guard.read("https://hooks.example:443/").unwrap();
        guard.read("https://1.1.1.1/").unwrap();
        guard
            .read(&format!("https://hooks.example/{}", "a".repeat(MAX_CHARS)))
            .unwrap_err();
    }

    #[tokio::test]
    async fn every_address_of_a_name_must_be_public() {
        let guard = guard(
            false,
            &[
                ("good.example", &["1.1.1.1", "2606:4700::1111"]),
                ("mixed.example", &["1.1.1.1", "10.0.0.1"]),
                ("inside.example", &["fd00::1"]),
            ],
        );
        guard.check("https://good.example/").await.unwrap();
        guard.check("https://GOOD.example/").await.unwrap();
        for (name, says) in [("mixed", "private"), ("inside", "unique local")] {
            let refused = guard.check(&format!("https://{name}.example/")).await;
            let Refused(why) = refused.unwrap_err();
            assert!(why.contains(says) && !why.contains("10.0"), "{why}");
        }
        let refused = guard.check("https://never.invalid/").await.unwrap_err();
        assert!(refused.to_string().contains("never.invalid"), "{refused}");
    }

    #[tokio::test]
    async fn http_is_for_this_machine_and_only_where_that_is_allowed() {
        let hosts: &[(&str, &[&str])] = &[
            ("here.example", &["127.0.0.1"]),
            ("there.example", &["1.1.1.1"]),
            ("both.example", &["127.0.0.1", "1.1.1.1"]),
        ];
        let (shut, open) = (guard(false, hosts), guard(true, hosts));
        shut.check("https://here.example/").await.unwrap_err();
        for allowed in [
            "http://here.example:80/",
            "https://there.example/",
            "http://127.0.0.1:9/",
        ] {
            open.check(allowed).await.unwrap();
        }
        for refused in [
            "http://there.example/",
            "http://both.example/",
            "https://10.0.0.1/",
        ] {
            open.check(refused).await.unwrap_err();
        }
    }
}
