//! The HTTP server.

use std::net::SocketAddr;
use std::time::Duration;

use super::key::{Key, Preset, Privacy};
use super::network::Network;
use super::parse;
use super::reader::Reader;

/// How the HTTP server behaves.
#[derive(Debug, Clone)]
pub struct Server {
    /// Address and port to listen on; port 0 lets the system choose.
    pub listen: SocketAddr,
    /// The origin under which the world reaches the exchange, without a trailing slash.
    pub public_url: String,
    /// Threads that serve requests.
    pub workers: usize,
    /// Largest body of a call, in bytes.
    pub body_limit: usize,
    /// Largest body of a batch, in bytes.
    pub batch_limit: usize,
    /// How long a caller may take to send a body, and the exchange to begin its answer.
    pub request_timeout: Duration,
    /// How long an idle connection is kept.
    pub keep_alive: Duration,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// Event streams that this node keeps open at once.
    pub streams: usize,
    /// Of these, how many one client may have.
    pub streams_per_client: usize,
    /// How often a stream shows that it is there.
    pub stream_heartbeat: Duration,
    /// How long a stream waits for a reader that takes nothing.
    pub stream_patience: Duration,
    /// How long a connection is kept whose peer takes nothing of what was sent.
    pub stall_timeout: Duration,
}

pub(super) const KEYS: &[&Key] = &[
    &LISTEN,
    &PUBLIC_URL,
    &WORKERS,
    &BODY_LIMIT,
    &BATCH_LIMIT,
    &REQUEST_TIMEOUT,
    &KEEP_ALIVE,
    &TRUSTED_PROXIES,
    &STREAMS,
    &STREAMS_PER_CLIENT,
    &STREAM_HEARTBEAT,
    &STREAM_PATIENCE,
    &STALL_TIMEOUT,
];

static LISTEN: Key = Key {
    name: "server.listen",
    preset: Preset::Value("127.0.0.1:8080"),
    accepts: "an IP address and a port, such as 127.0.0.1:8080 or [::]:8080",
    about: "Address and port to listen on. Port 0 lets the system choose one.",
    privacy: Privacy::Open,
};
static PUBLIC_URL: Key = Key {
    name: "server.public_url",
    preset: Preset::Derived("http:// and the listening address"),
    accepts: "an origin, such as https://takedown.example",
    about: "The origin under which the world reaches the exchange. Links in mails and in answers, and the token issuer, begin with it.",
    privacy: Privacy::Open,
};
static WORKERS: Key = Key {
    name: "server.workers",
    preset: Preset::Derived("one per processor"),
    accepts: "a whole number from 1 to 256",
    about: "Threads that serve requests.",
    privacy: Privacy::Open,
};
static BODY_LIMIT: Key = Key {
    name: "server.body_limit",
    preset: Preset::Value("64KiB"),
    accepts: "a size from 1KiB to 16MiB, such as 64KiB",
    about: "Largest body of a call, batches excepted.",
    privacy: Privacy::Open,
};
static BATCH_LIMIT: Key = Key {
    name: "server.batch_limit",
    preset: Preset::Value("8MiB"),
    accepts: "a size from 64KiB to 256MiB, such as 8MiB",
    about: "Largest body of a batch of up to 1,000 filings.",
    privacy: Privacy::Open,
};
static REQUEST_TIMEOUT: Key = Key {
    name: "server.request_timeout",
    preset: Preset::Value("30s"),
    accepts: "a duration from 1s to 10m, such as 30s",
    about: "How long a caller may take to send a body, and the exchange to begin its answer. Long polls get what they ask for on top.",
    privacy: Privacy::Open,
};
static KEEP_ALIVE: Key = Key {
    name: "server.keep_alive",
    preset: Preset::Value("75s"),
    accepts: "a duration from 0s to 1h, such as 75s; 0s closes after every answer",
    about: "How long an idle connection is kept.",
    privacy: Privacy::Open,
};
static TRUSTED_PROXIES: Key = Key {
    name: "server.trusted_proxies",
    preset: Preset::Unset,
    accepts: "IP addresses or networks, such as [\"127.0.0.1\", \"10.0.0.0/8\"]; in the environment separated by commas",
    about: "Proxies whose X-Forwarded-For header is believed. Without any, the peer of the connection is the caller.",
    privacy: Privacy::Open,
};

static STREAMS: Key = Key {
    name: "server.streams",
    preset: Preset::Value("1000"),
    accepts: "a whole number from 1 to 100000",
    about: "Event streams (`/v1/inbox/events`) that this node keeps open at once. Whoever comes then is asked to poll or to come again.",
    privacy: Privacy::Open,
};
static STREAMS_PER_CLIENT: Key = Key {
    name: "server.streams_per_client",
    preset: Preset::Value("4"),
    accepts: "a whole number from 1 to 1000",
    about: "Event streams that one client may have open at this node. When it opens more, its oldest one ends.",
    privacy: Privacy::Open,
};
static STREAM_HEARTBEAT: Key = Key {
    name: "server.stream_heartbeat",
    preset: Preset::Value("15s"),
    accepts: "a duration from 100ms to 5m, such as 15s",
    about: "How long an event stream stays silent before it sends a comment, so that proxies keep it open; as often it is looked whether its client may still read.",
    privacy: Privacy::Open,
};
static STREAM_PATIENCE: Key = Key {
    name: "server.stream_patience",
    preset: Preset::Value("30s"),
    accepts: "a duration from 100ms to 10m, such as 30s",
    about: "How long an event stream waits for a reader that takes nothing before it ends.",
    privacy: Privacy::Open,
};
static STALL_TIMEOUT: Key = Key {
    name: "server.stall_timeout",
    preset: Preset::Value("2m"),
    accepts: "a duration from 10s to 1h, such as 2m",
    about: "How long a connection is kept whose peer takes nothing of what was sent to it (Linux: TCP_USER_TIMEOUT). Then it is closed, and whatever it held is free. A reader of a long answer, such as an export that is read as a stream, must not pause for longer: one that has to makes an export file (`POST /v1/exports`), which is downloaded in as many goes as it takes.",
    privacy: Privacy::Open,
};

pub(super) fn read(reader: &mut Reader) -> Option<Server> {
    let listen: Option<SocketAddr> = reader.value(&LISTEN, parse::typed);
    let public_url = reader.optional(&PUBLIC_URL, parse::origin);
    let workers = reader.optional(&WORKERS, parse::within(1_usize, 256));
    let body_limit = reader.value(&BODY_LIMIT, parse::size_within(1 << 10, 16 << 20));
    let batch_limit = reader.value(&BATCH_LIMIT, parse::size_within(64 << 10, 256 << 20));
    let request_timeout = reader.value(
        &REQUEST_TIMEOUT,
        parse::duration_within(Duration::from_secs(1), Duration::from_secs(600)),
    );
    let keep_alive = reader.value(
        &KEEP_ALIVE,
        parse::duration_within(Duration::ZERO, Duration::from_secs(3_600)),
    );
    let trusted_proxies = reader.optional(
        &TRUSTED_PROXIES,
        parse::list(|text| text.parse::<Network>().map_err(|_| None)),
    );
    let streams = reader.value(&STREAMS, parse::within(1_usize, 100_000));
    let streams_per_client = reader.value(&STREAMS_PER_CLIENT, parse::within(1_usize, 1_000));
    let stream_heartbeat = reader.value(
        &STREAM_HEARTBEAT,
        parse::duration_within(Duration::from_millis(100), Duration::from_secs(300)),
    );
    let stream_patience = reader.value(
        &STREAM_PATIENCE,
        parse::duration_within(Duration::from_millis(100), Duration::from_secs(600)),
    );
    let stall_timeout = reader.value(
        &STALL_TIMEOUT,
        parse::duration_within(Duration::from_secs(10), Duration::from_secs(3_600)),
    );
    if let (Some(body), Some(batch)) = (body_limit, batch_limit)
        && batch < body
    {
        reader.contradiction(&BATCH_LIMIT, "is smaller than server.body_limit");
    }
    let listen = listen?;
    let public_url = public_url?.unwrap_or_else(|| {
        let url = if listen.ip().is_unspecified() {
            format!("http://localhost:{}", listen.port())
        } else {
            format!("http://{listen}")
        };
        reader.derived(&PUBLIC_URL, &url, "from server.listen");
        url
    });
    let workers = workers?.unwrap_or_else(|| {
        let count = std::thread::available_parallelism().map_or(1, usize::from);
        reader.derived(&WORKERS, &count.to_string(), "one per processor");
        count
    });
    Some(Server {
        listen,
        public_url,
        workers,
        body_limit: body_limit?,
        batch_limit: batch_limit?,
        request_timeout: request_timeout?,
        keep_alive: keep_alive?,
        trusted_proxies: trusted_proxies?.unwrap_or_default(),
        streams: streams?,
        streams_per_client: streams_per_client?,
        stream_heartbeat: stream_heartbeat?,
        stream_patience: stream_patience?,
        stall_timeout: stall_timeout?,
    })
}
