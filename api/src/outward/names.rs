//! Asking the domain name system: one question, a bounded answer, in bounded time.

use std::fmt;
use std::future::Future;
use std::net::IpAddr;
use std::time::Duration;

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{
    ConnectionConfig, LookupIpStrategy, NameServerConfig, ResolveHosts, ResolverConfig,
};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::op::ResponseCode;
use hickory_resolver::proto::rr::{RData, RecordType};
use takedown_core::claim::Fault;

use crate::config::dns::Dns;

/// So much of all texts of a name is read, in bytes.
const MOST_TEXT: usize = 16 << 10;

/// Asks name servers. Remembers nothing: whoever has just put a record right is not told of the old one. Cheap to clone.
#[derive(Clone)]
pub struct Names {
    resolver: TokioResolver,
    timeout: Duration,
}

impl Names {
    /// Those that are configured, or that the system asks; none where it does not say whom. Connects to nothing.
    #[must_use]
    pub fn of(config: &Dns) -> Option<Self> {
        let builder = match &config.servers {
            Some(servers) => {
                let servers = servers.iter().map(|server| {
                    let (mut udp, mut tcp) = (ConnectionConfig::udp(), ConnectionConfig::tcp());
                    udp.port = server.port();
                    tcp.port = server.port();
                    NameServerConfig::new(server.ip(), true, vec![udp, tcp])
                });
                let all = ResolverConfig::from_parts(None, Vec::new(), servers.collect());
                Ok(TokioResolver::builder_with_config(
                    all,
                    TokioRuntimeProvider::default(),
                ))
            }
            None => TokioResolver::builder_tokio(),
        };
        let built = builder.and_then(|mut builder| {
            let options = builder.options_mut();
            // Two attempts fit into the time.
            options.timeout = config.timeout / 2;
            options.attempts = 1;
            options.cache_size = 0;
            options.use_hosts_file = ResolveHosts::Never;
            options.ip_strategy = LookupIpStrategy::Ipv4AndIpv6;
            builder.build()
        });
        let resolver = built
            .inspect_err(|error| tracing::warn!(%error, "no name server can be asked"))
            .ok()?;
        Some(Self {
            resolver,
            timeout: config.timeout,
        })
    }

    /// The TXT records of a name, the strings of each put together; none when there are none.
    ///
    /// # Errors
    /// [`Fault`]
    pub async fn texts(&self, name: &str) -> Result<Vec<String>, Fault> {
        let found = match self
            .asked(self.resolver.lookup(whole(name), RecordType::TXT))
            .await
        {
            Ok(found) => found,
            Err(None) => return Ok(Vec::new()),
            Err(Some(fault)) => return Err(fault),
        };
        let mut texts = Vec::new();
        let mut length = 0;
        for record in found.answers() {
            if let RData::TXT(text) = &record.data {
                let text = text.txt_data.concat();
                length += text.len();
                if length > MOST_TEXT {
                    return Err(Fault::TooMuch);
                }
                texts.push(String::from_utf8_lossy(&text).into_owned());
            }
        }
        Ok(texts)
    }

    /// Whether a name leads to another one, whatever is there.
    pub async fn leads_elsewhere(&self, name: &str) -> bool {
        let asked = self.resolver.lookup(whole(name), RecordType::CNAME);
        self.asked(asked).await.is_ok()
    }

    /// The addresses of a name, of both kinds; none when there are none.
    ///
    /// # Errors
    /// [`Fault`]
    pub async fn addresses(&self, name: &str) -> Result<Vec<IpAddr>, Fault> {
        match self.asked(self.resolver.lookup_ip(whole(name))).await {
            Ok(found) => Ok(found.iter().collect()),
            Err(None) => Ok(Vec::new()),
            Err(Some(fault)) => Err(fault),
        }
    }

    /// What is answered in time; `None` says that there is nothing.
    async fn asked<T>(
        &self,
        asked: impl Future<Output = Result<T, NetError>>,
    ) -> Result<T, Option<Fault>> {
        match tokio::time::timeout(self.timeout, asked).await {
            Ok(answered) => answered.map_err(|error| fault(&error)),
            Err(_) => Err(Some(Fault::NoAnswer)),
        }
    }
}

impl fmt::Debug for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Names").finish_non_exhaustive()
    }
}

/// The name as it is, without the search list of this machine.
fn whole(name: &str) -> String {
    format!("{}.", name.trim_end_matches('.'))
}

fn fault(error: &NetError) -> Option<Fault> {
    match error {
        NetError::Dns(DnsError::NoRecordsFound(none)) => match none.response_code {
            ResponseCode::NoError | ResponseCode::NXDomain => None,
            _ => Some(Fault::ServerFailure),
        },
        NetError::Dns(_) => Some(Fault::ServerFailure),
        _ => Some(Fault::NoAnswer),
    }
}
