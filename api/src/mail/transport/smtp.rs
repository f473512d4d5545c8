//! SMTP with a few connections kept open.
//!
//! The connections are our own rather than the library's pool: its connections have no time limit on reading, and one
//! that is given up in the middle of a mail goes back into the pool, where the next mail would continue the broken one.

use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use secrecy::{ExposeSecret, SecretString};

use super::Delivery;
use crate::mail::inert;
use crate::mail::message::Mail;

const KEPT_CONNECTIONS: usize = 4;
const KEPT_FOR: Duration = Duration::from_secs(30);
const MAILS_PER_CONNECTION: u32 = 50;
const LONGEST_REASON: usize = 500;

/// How the connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmtpTls {
    /// Not at all: only for a mail server on this machine or a network of one's own.
    None,
    /// STARTTLS, required: without it nothing is sent.
    StartTls,
    /// TLS from the first byte.
    Tls,
}

impl std::str::FromStr for SmtpTls {
    type Err = SmtpError;

    fn from_str(text: &str) -> Result<Self, SmtpError> {
        match text {
            "none" => Ok(Self::None),
            "starttls" => Ok(Self::StartTls),
            "tls" => Ok(Self::Tls),
            _ => Err(SmtpError::UnknownTls),
        }
    }
}

/// How to reach the mail server.
#[derive(Debug, Clone)]
pub struct SmtpSettings {
    /// Host name or address; certificates are checked against it.
    pub host: String,
    /// Usually 25, 587 (STARTTLS) or 465 (TLS).
    pub port: u16,
    /// Encryption.
    pub tls: SmtpTls,
    /// User and password, if the server wants them.
    pub login: Option<(String, SecretString)>,
    /// Name said in `EHLO`; the machine's own when absent.
    pub hello: Option<String>,
    /// A further certificate authority (PEM) besides those of the system.
    pub ca_pem: Option<Vec<u8>>,
    /// Longest time for connecting, encrypting and logging in.
    pub connect_timeout: Duration,
    /// Longest time for the whole of one mail.
    pub send_timeout: Duration,
}

impl SmtpSettings {
    /// Settings with the usual times (10 s to connect, 60 s for a mail), no login.
    #[must_use]
    pub fn new(host: &str, port: u16, tls: SmtpTls) -> Self {
        Self {
            host: host.to_owned(),
            port,
            tls,
            login: None,
            hello: None,
            ca_pem: None,
            connect_timeout: Duration::from_secs(10),
            send_timeout: Duration::from_secs(60),
        }
    }
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SmtpError {
    /// An unknown word for the encryption.
    #[error("encryption is one of none, starttls, tls")]
    UnknownTls,
    /// A password would be readable on the way.
    #[error("a password is not sent unencrypted to another machine: use starttls or tls")]
    PasswordInClear,
    /// The name for `EHLO` is not a host name.
    #[error("the name said in EHLO is a host name: letters, digits, dashes, dots")]
    Hello,
    /// Certificates or the host name cannot be used.
    #[error("encryption cannot be set up: {0}")]
    Tls(String),
}

struct Kept {
    connection: AsyncSmtpConnection,
    since: Instant,
    mails: u32,
}

/// A mail server and the connections kept open to it.
pub struct Smtp {
    settings: SmtpSettings,
    tls: Option<TlsParameters>,
    hello: ClientId,
    kept: Mutex<Vec<Kept>>,
}

impl std::fmt::Debug for Smtp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Smtp")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

impl Smtp {
    /// Checks the settings; connects only when the first mail is sent.
    ///
    /// # Errors
    /// When they cannot work, or would send a password in clear to another machine.
    pub fn new(mut settings: SmtpSettings) -> Result<Self, SmtpError> {
        // An IPv6 address is written in brackets in a configuration, never for connecting.
        settings.host = settings.host.trim_matches(['[', ']']).to_owned();
        let here = settings.host == "localhost"
            || settings
                .host
                .parse()
                .is_ok_and(|ip: IpAddr| ip.is_loopback());
        if settings.login.is_some() && settings.tls == SmtpTls::None && !here {
            return Err(SmtpError::PasswordInClear);
        }
        let host_name = |name: &String| {
            name.bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'))
        };
        if !settings.hello.as_ref().is_none_or(host_name) {
            return Err(SmtpError::Hello);
        }
        let tls = match settings.tls {
            SmtpTls::None => None,
            SmtpTls::StartTls | SmtpTls::Tls => Some(tls_parameters(&settings)?),
        };
        let hello = settings
            .hello
            .clone()
            .map_or_else(ClientId::default, ClientId::Domain);
        Ok(Self {
            settings,
            tls,
            hello,
            kept: Mutex::new(Vec::new()),
        })
    }

    pub(super) async fn send(&self, mail: &Mail) -> Delivery {
        // A try that is cut off here drops its connection: it is never used again.
        match tokio::time::timeout(self.settings.send_timeout, self.try_send(mail)).await {
            Ok(delivery) => delivery,
            Err(_) => Delivery::Transient(format!(
                "no complete answer from the mail server within {} s",
                self.settings.send_timeout.as_secs()
            )),
        }
    }

    async fn try_send(&self, mail: &Mail) -> Delivery {
        if let Some(kept) = self.take_kept().await {
            let delivery = self.send_over(kept, mail).await;
            // 421: the server closes a connection that it finds used enough. That says nothing about the mail.
            if !matches!(&delivery, Err(error) if status(error) == Some(421)) {
                return settle(delivery);
            }
        }
        match self.connect().await {
            Ok(connection) => {
                let fresh = Kept {
                    connection,
                    since: Instant::now(),
                    mails: 0,
                };
                settle(self.send_over(fresh, mail).await)
            }
            // Whatever goes wrong before the mail was named is about the server or the login, even if it says 5xx.
            Err(reason) => Delivery::Transient(reason),
        }
    }

    async fn send_over(&self, mut kept: Kept, mail: &Mail) -> Result<String, Error> {
        let response = kept.connection.send(&mail.envelope, mail.bytes()).await?;
        let said: Vec<&str> = response.message().collect();
        let reply = format!("{} {}", response.code(), said.join(" "));
        kept.mails += 1;
        if kept.mails < MAILS_PER_CONNECTION && !kept.connection.has_broken() {
            kept.since = Instant::now();
            self.keep(kept);
        }
        Ok(inert::line(&reply, LONGEST_REASON))
    }

    fn keep(&self, kept: Kept) {
        let mut all = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() < KEPT_CONNECTIONS {
            all.push(kept);
        }
    }

    async fn take_kept(&self) -> Option<Kept> {
        loop {
            let mut kept = self
                .kept
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .pop()?;
            let fresh = kept.since.elapsed() < KEPT_FOR;
            let alive = async { kept.connection.test_connected().await };
            if fresh && tokio::time::timeout(self.settings.connect_timeout, alive).await == Ok(true)
            {
                return Some(kept);
            }
        }
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, String> {
        let server = format!("{}:{}", self.settings.host, self.settings.port);
        match tokio::time::timeout(self.settings.connect_timeout, self.open()).await {
            Ok(Ok(connection)) => Ok(connection),
            Ok(Err(error)) => Err(inert::line(&format!("{server}: {error}"), LONGEST_REASON)),
            Err(_) => Err(format!(
                "{server}: no answer within {} s",
                self.settings.connect_timeout.as_secs()
            )),
        }
    }

    async fn open(&self) -> Result<AsyncSmtpConnection, Error> {
        let from_the_first_byte = self
            .tls
            .clone()
            .filter(|_| self.settings.tls == SmtpTls::Tls);
        let mut connection = AsyncSmtpConnection::connect_tokio1(
            (self.settings.host.as_str(), self.settings.port),
            Some(self.settings.connect_timeout),
            &self.hello,
            from_the_first_byte,
            None,
        )
        .await?;
        if let (SmtpTls::StartTls, Some(tls)) = (self.settings.tls, &self.tls) {
            connection.starttls(tls.clone(), &self.hello).await?;
        }
        if let Some((user, password)) = &self.settings.login {
            let credentials = Credentials::new(user.clone(), password.expose_secret().to_owned());
            connection.auth(DEFAULT_MECHANISMS, &credentials).await?;
        }
        Ok(connection)
    }

    pub(super) async fn probe(&self) -> Result<String, String> {
        let connection = self.connect().await?;
        let encrypted = if connection.is_encrypted() {
            "encrypted"
        } else {
            "not encrypted"
        };
        self.keep(Kept {
            connection,
            since: Instant::now(),
            mails: 0,
        });
        Ok(format!(
            "{}:{} answers, {encrypted}",
            self.settings.host, self.settings.port
        ))
    }

    pub(super) async fn close(&self) {
        let all = std::mem::take(&mut *self.kept.lock().unwrap_or_else(PoisonError::into_inner));
        for mut kept in all {
            let _ = tokio::time::timeout(Duration::from_secs(2), kept.connection.abort()).await;
        }
    }
}

fn tls_parameters(settings: &SmtpSettings) -> Result<TlsParameters, SmtpError> {
    let broken = |error: Error| SmtpError::Tls(error.to_string());
    let mut builder = TlsParameters::builder(settings.host.clone());
    if let Some(pem) = &settings.ca_pem {
        builder = builder.add_root_certificate(Certificate::from_pem(pem).map_err(broken)?);
    }
    builder.build().map_err(broken)
}

fn status(error: &Error) -> Option<u16> {
    error.status().map(u16::from)
}

fn settle(result: Result<String, Error>) -> Delivery {
    match result {
        Ok(reply) => Delivery::Sent(reply),
        Err(error) => {
            let reason = inert::line(&error.to_string(), LONGEST_REASON);
            // 530, 534, 535, 538: the login is missing or not accepted. The operator can mend that; the mail is fine.
            let login = matches!(status(&error), Some(530 | 534 | 535 | 538));
            if error.is_permanent() && !login {
                Delivery::Permanent(reason)
            } else {
                Delivery::Transient(reason)
            }
        }
    }
}
