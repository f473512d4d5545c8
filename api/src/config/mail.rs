//! How mail leaves.

mod values;

use std::path::{Path, PathBuf};

use secrecy::SecretString;
use takedown_core::contact::MailAddress;

use self::values::{address, bare, bounce_address, domain, host, is_local, mailbox};
use super::key::{Key, Preset, Privacy};
use super::parse;
use super::reader::Reader;

/// How mail leaves, and in whose name.
#[derive(Debug, Clone)]
pub struct Mail {
    /// By SMTP, or into a directory.
    pub transport: Transport,
    /// Sender of every mail, as `Takedown exchange <exchange@takedown.example>`.
    pub from: String,
    /// Where answers to mails go, when somebody reads them.
    pub reply_to: Option<String>,
    /// How mails are signed, if they are.
    pub dkim: Option<Dkim>,
    /// Where undeliverable mails come back to, if anybody looks there.
    pub returned: Option<Returned>,
    /// Where the operator is told what only he can do.
    pub operator: Option<MailAddress>,
}

impl Mail {
    /// The domain of the sender's address.
    #[must_use]
    pub fn domain(&self) -> &str {
        domain_of(&self.from)
    }
}

/// Where undeliverable mails come back to.
#[derive(Debug, Clone)]
pub struct Returned {
    /// The address; what tells the mails apart is put behind a `+`.
    pub address: String,
    /// The Maildir into which the mail server puts what comes there.
    pub directory: PathBuf,
}

/// How mails are signed (DKIM).
#[derive(Debug, Clone)]
pub struct Dkim {
    /// The file of the private key.
    pub key: PathBuf,
    /// Under which name the public half is published below `_domainkey`.
    pub selector: String,
    /// In whose name.
    pub domain: String,
}

/// The way out.
#[derive(Debug, Clone)]
pub enum Transport {
    /// To a mail server.
    Smtp(Smtp),
    /// As `.eml` files into this directory, for a first try without a mail server.
    Directory(PathBuf),
}

/// A mail server.
#[derive(Debug, Clone)]
pub struct Smtp {
    /// Host name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: Tls,
    /// Login, if the server asks for one.
    pub login: Option<Login>,
}

/// A login at the mail server.
#[derive(Debug, Clone)]
pub struct Login {
    /// User name.
    pub user: String,
    /// Password.
    pub password: SecretString,
}

/// How the connection to the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// Not at all: for a server on the same machine only.
    None,
    /// STARTTLS, required: without it nothing is sent.
    Starttls,
    /// TLS from the first byte, required.
    Required,
}

pub(super) const KEYS: &[&Key] = &[
    &SMTP_HOST,
    &SMTP_PORT,
    &SMTP_TLS,
    &SMTP_USER,
    &SMTP_PASSWORD,
    &DIRECTORY,
    &FROM,
    &REPLY_TO,
    &OPERATOR,
    &DKIM_KEY,
    &DKIM_SELECTOR,
    &DKIM_DOMAIN,
    &BOUNCE_ADDRESS,
    &BOUNCE_DIRECTORY,
];

static SMTP_HOST: Key = Key {
    name: "mail.smtp_host",
    preset: Preset::Unset,
    accepts: "the host name or address of a mail server, such as smtp.example",
    about: "The mail server. While it is not set, mails are written as .eml files into mail.directory.",
    privacy: Privacy::Open,
};
static SMTP_PORT: Key = Key {
    name: "mail.smtp_port",
    preset: Preset::Derived("465 for required, 587 for starttls, 25 for none"),
    accepts: "a port from 1 to 65535",
    about: "Port of the mail server.",
    privacy: Privacy::Open,
};
static SMTP_TLS: Key = Key {
    name: "mail.smtp_tls",
    preset: Preset::Value("starttls"),
    accepts: "none, starttls or required",
    about: "Protection of the connection: `required` is TLS from the first byte, `starttls` refuses to send without it, `none` is for a server on the same machine only.",
    privacy: Privacy::Open,
};
static SMTP_USER: Key = Key {
    name: "mail.smtp_user",
    preset: Preset::Unset,
    accepts: "the user name for the mail server",
    about: "Login at the mail server.",
    privacy: Privacy::Open,
};
static SMTP_PASSWORD: Key = Key {
    name: "mail.smtp_password",
    preset: Preset::Unset,
    accepts: "the password for the mail server",
    about: "Password at the mail server. Prefer the environment variable to the file.",
    privacy: Privacy::Secret,
};
static DIRECTORY: Key = Key {
    name: "mail.directory",
    preset: Preset::Derived("mail in data_dir"),
    accepts: "a directory that the exchange may create and write",
    about: "Where mails are written as .eml files while no mail server is set.",
    privacy: Privacy::Open,
};
static FROM: Key = Key {
    name: "mail.from",
    preset: Preset::Value("Takedown exchange <exchange@takedown.example>"),
    accepts: "a mail address, with or without a name, such as Takedown exchange <exchange@takedown.example>",
    about: "Sender of every mail.",
    privacy: Privacy::Open,
};
static REPLY_TO: Key = Key {
    name: "mail.reply_to",
    preset: Preset::Unset,
    accepts: "a mail address, such as desk@takedown.example",
    about: "Where answers to mails go. The exchange reads none itself.",
    privacy: Privacy::Open,
};
static OPERATOR: Key = Key {
    name: "mail.operator",
    preset: Preset::Derived("the address of mail.reply_to, if there is one"),
    accepts: "a mail address, such as desk@takedown.example",
    about: "Where the operator is told what only he can do, such as verifying an agency anew.",
    privacy: Privacy::Open,
};

static DKIM_KEY: Key = Key {
    name: "mail.dkim_key",
    preset: Preset::Unset,
    accepts: "a file that its owner alone may read, with an RSA key of at least 2048 bits or an Ed25519 key in PEM form",
    about: "The private key by which mails are signed (DKIM). While it is not set, mails leave unsigned. `takedown doctor` says what to publish.",
    privacy: Privacy::Open,
};
static DKIM_SELECTOR: Key = Key {
    name: "mail.dkim_selector",
    preset: Preset::Value("takedown"),
    accepts: "labels of a domain name, such as takedown or 2027.takedown",
    about: "Under which name below `_domainkey` of the domain the public half is published. A new key takes a new one.",
    privacy: Privacy::Open,
};
static DKIM_DOMAIN: Key = Key {
    name: "mail.dkim_domain",
    preset: Preset::Derived("the domain of mail.from"),
    accepts: "the domain of mail.from or one above it",
    about: "In whose name mails are signed. Another domain than the sender's would not count for DMARC.",
    privacy: Privacy::Open,
};

static BOUNCE_ADDRESS: Key = Key {
    name: "mail.bounce_address",
    preset: Preset::Unset,
    accepts: "a mail address of at most 18 characters before the @, such as bounces@takedown.example",
    about: "Where undeliverable mails come back to, in place of mail.from. The mail server has to deliver `bounces+…@` there, too.",
    privacy: Privacy::Open,
};
static BOUNCE_DIRECTORY: Key = Key {
    name: "mail.bounce_directory",
    preset: Preset::Unset,
    accepts: "a Maildir that the exchange may read and change",
    about: "The Maildir into which the mail server puts what comes to mail.bounce_address. What is read is taken out of it; what is not believed is put into its directory `refused`.",
    privacy: Privacy::Open,
};

pub(super) fn read(reader: &mut Reader, data_dir: Option<&Path>) -> Option<Mail> {
    let host = reader.optional(&SMTP_HOST, host);
    let port = reader.optional(&SMTP_PORT, parse::within(1_u16, u16::MAX));
    let tls = reader.value(&SMTP_TLS, |text| match text {
        "none" => Ok(Tls::None),
        "starttls" => Ok(Tls::Starttls),
        "required" => Ok(Tls::Required),
        _ => Err(None),
    });
    let user = reader.optional(&SMTP_USER, parse::text);
    let password = reader.optional(&SMTP_PASSWORD, |text| {
        parse::text(text).map(SecretString::from)
    });
    let directory = reader.optional(&DIRECTORY, parse::text);
    let from = reader.value(&FROM, mailbox);
    let reply_to = reader.optional(&REPLY_TO, mailbox);
    let operator = reader.optional(&OPERATOR, address);
    let key = reader.optional(&DKIM_KEY, parse::text);
    let selector = reader.value(&DKIM_SELECTOR, domain);
    let signing = reader.optional(&DKIM_DOMAIN, domain);
    let bounces = reader.optional(&BOUNCE_ADDRESS, bounce_address);
    let maildir = reader.optional(&BOUNCE_DIRECTORY, parse::text);

    let login = match (user?, password?) {
        (Some(user), Some(password)) => Some(Login { user, password }),
        (None, None) => None,
        (Some(_), None) => {
            reader.contradiction(&SMTP_USER, "is set without mail.smtp_password");
            None
        }
        (None, Some(_)) => {
            reader.contradiction(&SMTP_PASSWORD, "is set without mail.smtp_user");
            None
        }
    };
    let (port, tls) = (port?, tls?);
    let transport = match host? {
        Some(host) => {
            if login.is_some() && tls == Tls::None && !is_local(&host) {
                reader.contradiction(
                    &SMTP_TLS,
                    "is none, but a password would then cross the network unprotected; give starttls or required",
                );
            }
            let port = port.unwrap_or_else(|| {
                let port: u16 = match tls {
                    Tls::None => 25,
                    Tls::Starttls => 587,
                    Tls::Required => 465,
                };
                reader.derived(&SMTP_PORT, &port.to_string(), "from mail.smtp_tls");
                port
            });
            Transport::Smtp(Smtp {
                host,
                port,
                tls,
                login,
            })
        }
        None => Transport::Directory(match (directory?, data_dir) {
            (Some(directory), _) => PathBuf::from(directory),
            (None, Some(data_dir)) => {
                let path = data_dir.join("mail");
                reader.derived(&DIRECTORY, &path.display().to_string(), "in data_dir");
                path
            }
            (None, None) => return None,
        }),
    };
    let (from, key, selector, signing) = (from?, key?, selector?, signing?);
    let own = domain_of(&from).to_ascii_lowercase();
    if let Some(signing) = &signing {
        if key.is_none() {
            reader.contradiction(&DKIM_DOMAIN, "is set without mail.dkim_key");
        }
        if own != *signing && !own.ends_with(&format!(".{signing}")) {
            reader.contradiction(
                &DKIM_DOMAIN,
                format!("is neither {own}, the domain of mail.from, nor one above it"),
            );
        }
    }
    let dkim = key.map(|key| {
        let domain = signing.unwrap_or_else(|| {
            reader.derived(&DKIM_DOMAIN, &own, "from mail.from");
            own
        });
        Dkim {
            key: PathBuf::from(key),
            selector,
            domain,
        }
    });
    let returned = match (bounces?, maildir?) {
        (Some(address), Some(directory)) => Some(Returned {
            address,
            directory: PathBuf::from(directory),
        }),
        (None, None) => None,
        (Some(_), None) => {
            reader.contradiction(&BOUNCE_ADDRESS, "is set without mail.bounce_directory");
            None
        }
        (None, Some(_)) => {
            reader.contradiction(&BOUNCE_DIRECTORY, "is set without mail.bounce_address");
            None
        }
    };
    let (reply_to, mut operator) = (reply_to?, operator?);
    if operator.is_none()
        && let Some(desk) = reply_to.as_deref().and_then(bare)
    {
        reader.derived(&OPERATOR, desk.as_str(), "from mail.reply_to");
        operator = Some(desk);
    }
    Some(Mail {
        transport,
        from,
        reply_to,
        operator,
        dkim,
        returned,
    })
}

fn domain_of(from: &str) -> &str {
    from.rsplit_once('@')
        .map_or("", |(_, domain)| domain.trim_end_matches(['>', ' ']))
}
