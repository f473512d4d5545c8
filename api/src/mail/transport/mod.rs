//! How a mail leaves: over SMTP, or as a file for trying the exchange out.

mod directory;
mod smtp;

pub use directory::Directory;
pub use smtp::{Smtp, SmtpError, SmtpSettings, SmtpTls};

use super::message::Mail;

/// Where mails go.
#[derive(Debug)]
pub enum Transport {
    /// To a mail server.
    Smtp(Box<Smtp>),
    /// Into a directory, one `.eml` file each.
    Directory(Directory),
}

/// What became of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// Handed over; the mail server's reply, or the path of the file.
    Sent(String),
    /// Not now: network, 4xx, a login that does not work. Worth another try.
    Transient(String),
    /// Never like this: 5xx for this mail. Shown to the operator and the agency.
    Permanent(String),
}

impl Transport {
    /// Sends a mail. Never waits for ever; a try that was cut off may have been delivered, and the repeat carries
    /// the same `Message-ID`.
    pub async fn send(&self, mail: &Mail) -> Delivery {
        match self {
            Self::Smtp(smtp) => smtp.send(mail).await,
            Self::Directory(directory) => directory.send(mail).await,
        }
    }

    /// Whether mail could leave now: connects, encrypts and logs in, or writes a file.
    ///
    /// # Errors
    /// In one line, what does not work.
    pub async fn probe(&self) -> Result<String, String> {
        match self {
            Self::Smtp(smtp) => smtp.probe().await,
            Self::Directory(directory) => directory.probe(),
        }
    }

    /// Takes leave of the mail server.
    pub async fn close(&self) {
        if let Self::Smtp(smtp) = self {
            smtp.close().await;
        }
    }
}
