//! Mail as it is configured.

use super::dkim::{Dkim, DkimError};
use super::facts::{FactsError, Link};
use super::message::{BuildError, Sender};
use super::transport::{Directory, Smtp, SmtpError, SmtpSettings, SmtpTls, Transport};
use crate::config::mail as config;

/// Why mail cannot work with this configuration.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The directory for mails cannot be made.
    #[error("mail.directory {}: {source}", path.display())]
    Directory {
        /// Which.
        path: std::path::PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The settings of the mail server cannot work.
    #[error("mail.smtp: {0}")]
    Smtp(#[from] SmtpError),
    /// The sender is not one.
    #[error("mail.{0}")]
    Sender(#[from] BuildError),
    /// Mails cannot be signed.
    #[error("mail.dkim_key: {0}")]
    Dkim(#[from] DkimError),
    /// No mail could carry its link.
    #[error("server.public_url: {0}")]
    PublicUrl(#[from] FactsError),
}

impl Transport {
    /// The configured way out. Connects to nothing.
    ///
    /// # Errors
    /// When the directory cannot be made or the settings cannot work.
    pub fn of(mail: &config::Mail) -> Result<Self, SetupError> {
        let server = match &mail.transport {
            config::Transport::Directory(path) => {
                let path = path.clone();
                return match Directory::open(&path) {
                    Ok(directory) => Ok(Self::Directory(directory)),
                    Err(source) => Err(SetupError::Directory { path, source }),
                };
            }
            config::Transport::Smtp(server) => server,
        };
        let tls = match server.tls {
            config::Tls::None => SmtpTls::None,
            config::Tls::Starttls => SmtpTls::StartTls,
            config::Tls::Required => SmtpTls::Tls,
        };
        let mut settings = SmtpSettings::new(&server.host, server.port, tls);
        settings.login = server
            .login
            .as_ref()
            .map(|login| (login.user.clone(), login.password.clone()));
        Ok(Self::Smtp(Box::new(Smtp::new(settings)?)))
    }
}

impl Sender {
    /// The configured sender. Message identifiers end in the domain of its address, which is the same on every node.
    ///
    /// # Errors
    /// When an address is not fit for a header.
    pub fn of(mail: &config::Mail) -> Result<Self, SetupError> {
        let sender = Self::new(&mail.from, mail.reply_to.as_deref(), mail.domain())?;
        Ok(match &mail.dkim {
            Some(dkim) => sender.signing(Dkim::open(dkim)?),
            None => sender,
        })
    }
}

/// Whether links to this origin can stand in mails.
///
/// # Errors
/// When it is not https (http only for this machine).
pub fn check_public_url(public_url: &str) -> Result<(), SetupError> {
    Link::check(public_url, "0000")?;
    Ok(())
}
