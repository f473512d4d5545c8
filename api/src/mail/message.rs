//! A rendered mail with its addresses and headers, as the exact bytes that are sent and kept.

use chrono::{DateTime, Utc};
use lettre::address::Envelope;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};
use sha2::{Digest, Sha256};
use takedown_core::contact::MailAddress;

use std::sync::Arc;

use super::digest::DigestFacts;
use super::dkim::Dkim;
use super::facts::{Link, MailFacts};
use super::inert;
use super::memo::MemoFacts;
use super::render::Rendered;
use super::returned::ReturnPath;
use super::xarf::{self, Report};

/// From whom mails come: set once from the configuration.
#[derive(Debug, Clone)]
pub struct Sender {
    from: Mailbox,
    reply_to: Option<Mailbox>,
    host: String,
    dkim: Option<Arc<Dkim>>,
    returns: Option<ReturnPath>,
    in_sandbox: bool,
}

/// Before the subject of whatever a sandbox sends.
const SANDBOX: &str = "[SANDBOX, nothing here is real]";

/// A mail ready to be sent. Composing it again from the same facts at the same time gives the same bytes.
#[derive(Debug, Clone)]
pub struct Mail {
    /// `<outbox id@host>`, the same for every repeat; of a digest with a short hash of what it tells, which may grow until it leaves.
    pub message_id: String,
    /// The recipient's address.
    pub to: String,
    /// Our short reference, for names of files and log lines.
    pub reference: String,
    /// The `Date` header, to the second.
    pub at: DateTime<Utc>,
    pub(super) outbox_id: String,
    pub(super) envelope: Envelope,
    bytes: Vec<u8>,
}

impl Mail {
    /// The exact bytes of the mail, to be kept.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// By what a mail is known.
struct Named<'a> {
    outbox: &'a str,
    thread: &'a str,
    reference: &'a str,
}

impl<'a> Named<'a> {
    fn of(facts: &'a MailFacts) -> Self {
        Self {
            outbox: &facts.outbox_id,
            thread: &facts.thread_id,
            reference: &facts.reference,
        }
    }
}

/// Why a mail cannot be put together. None of them passes by itself: all are permanent failures.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// Not a plain mail address.
    #[error("{field}: {detail}")]
    Address {
        /// Whose address it is.
        field: &'static str,
        /// What is wrong with it.
        detail: String,
    },
    /// A part of a message identifier has characters that cannot stand in a header.
    #[error("{0}: not fit for a message identifier (letters, digits, '-', '_', '.')")]
    Identifier(&'static str),
    /// The mail library refused it.
    #[error("the mail could not be put together: {0}")]
    Message(String),
}

impl Sender {
    /// A sender. `from` and `reply_to` are `Name <name@host.example>` or the address alone; `host` is the right side
    /// of message identifiers, normally the exchange's own host name.
    ///
    /// # Errors
    /// When an address or the host is not fit for a header.
    pub fn new(from: &str, reply_to: Option<&str>, host: &str) -> Result<Self, BuildError> {
        identifier("host", host)?;
        Ok(Self {
            from: mailbox("from", from)?,
            reply_to: reply_to.map(|text| mailbox("reply_to", text)).transpose()?,
            host: host.to_owned(),
            dkim: None,
            returns: None,
            in_sandbox: false,
        })
    }

    /// The same sender, whose mails are signed.
    #[must_use]
    pub fn signing(mut self, dkim: Dkim) -> Self {
        self.dkim = Some(Arc::new(dkim));
        self
    }

    /// The same sender, to whom undeliverable mails come back by a way of their own.
    #[must_use]
    pub fn returning(mut self, path: ReturnPath) -> Self {
        self.returns = Some(path);
        self
    }

    /// By which way undeliverable mails come back, where it is one of their own.
    #[must_use]
    pub fn returns(&self) -> Option<&ReturnPath> {
        self.returns.as_ref()
    }

    /// The same sender in a sandbox, where every subject says so.
    #[must_use]
    pub fn in_sandbox(mut self) -> Self {
        self.in_sandbox = true;
        self
    }

    /// Puts the mail together. `at` becomes the `Date`.
    ///
    /// # Errors
    /// When the recipient's address or an identifier is not fit for a header.
    pub fn compose(
        &self,
        facts: &MailFacts,
        rendered: &Rendered,
        to: &str,
        at: DateTime<Utc>,
    ) -> Result<Mail, BuildError> {
        self.compose_reporting(facts, rendered, (to, &[]), at)
    }

    /// The same with reports for programs: then there is no HTML, so that the mail has the form that such programs read.
    ///
    /// # Errors
    /// As [`Sender::compose`].
    pub fn compose_reporting(
        &self,
        facts: &MailFacts,
        rendered: &Rendered,
        (to, reports): (&str, &[Report]),
        at: DateTime<Utc>,
    ) -> Result<Mail, BuildError> {
        let id = &facts.outbox_id;
        let body = if reports.is_empty() {
            both(id, rendered)
        } else {
            xarf::body(&boundary(id), &rendered.text, reports, &self.from)?
        };
        self.put_together(&Named::of(facts), rendered, (to, None), (id, at), body)
    }

    /// Puts a memo together.
    ///
    /// # Errors
    /// As [`Sender::compose`].
    pub fn compose_memo(
        &self,
        facts: &MemoFacts,
        rendered: &Rendered,
        to: &str,
        at: DateTime<Utc>,
    ) -> Result<Mail, BuildError> {
        let id = facts.outbox_id.as_str();
        let named = Named {
            outbox: id,
            thread: &facts.thread_id,
            reference: facts.word(),
        };
        self.put_together(&named, rendered, (to, None), (id, at), both(id, rendered))
    }

    /// Puts a digest together: mail programs offer to end such mails with one click (RFC 8058).
    ///
    /// # Errors
    /// As [`Sender::compose`].
    pub fn compose_digest(
        &self,
        facts: &DigestFacts,
        rendered: &Rendered,
        to: &str,
        at: DateTime<Utc>,
    ) -> Result<Mail, BuildError> {
        let link = facts.unsubscribe.as_ref();
        let id = identity(facts);
        let body = both(&id, rendered);
        let named = Named::of(&facts.whole);
        self.put_together(&named, rendered, (to, link), (&id, at), body)
    }

    fn put_together(
        &self,
        named: &Named<'_>,
        rendered: &Rendered,
        (to, unsubscribe): (&str, Option<&Link>),
        (id, at): (&str, DateTime<Utc>),
        body: MultiPart,
    ) -> Result<Mail, BuildError> {
        let recipient = address("to", to)?;
        identifier("outbox id", id)?;
        identifier("thread id", named.thread)?;
        let message_id = format!("<{id}@{}>", self.host);
        // No mail has this identifier: it is the common root under which mail programs gather all mails of a request,
        // whichever of them arrived.
        let thread = format!("<{}.thread@{}>", named.thread, self.host);
        let returns = match &self.returns {
            Some(path) => address("return path", &path.of(named.outbox))?,
            None => self.from.email.clone(),
        };
        let envelope = Envelope::new(Some(returns), vec![recipient.clone()])
            .map_err(|error| BuildError::Message(error.to_string()))?;
        let subject = match self.in_sandbox {
            true => format!("{SANDBOX} {}", rendered.subject),
            false => rendered.subject.clone(),
        };
        let mut builder = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, recipient))
            .subject(inert::line(&subject, 300))
            .date(at.into())
            .message_id(Some(message_id.clone()))
            .in_reply_to(thread.clone())
            .references(thread)
            // RFC 3834: nobody's holiday notice answers this.
            .raw_header(header("Auto-Submitted", "auto-generated"))
            .raw_header(header("Content-Language", &rendered.languages.join(", ")))
            .envelope(envelope.clone());
        if let Some(link) = unsubscribe {
            builder = builder
                .raw_header(header("List-Unsubscribe", &format!("<{}>", link.as_str())))
                .raw_header(header(
                    "List-Unsubscribe-Post",
                    "List-Unsubscribe=One-Click",
                ));
        }
        if let Some(reply_to) = &self.reply_to {
            builder = builder.reply_to(reply_to.clone());
        }
        let message = builder
            .multipart(body)
            .map_err(|error| BuildError::Message(error.to_string()))?;
        let mut bytes = message.formatted();
        if let Some(dkim) = &self.dkim {
            let failed = || BuildError::Message("it could not be signed".to_owned());
            bytes = dkim.signed(&bytes, at).ok_or_else(failed)?;
        }
        Ok(Mail {
            message_id,
            to: to.to_owned(),
            reference: named.reference.to_owned(),
            at,
            outbox_id: named.outbox.to_owned(),
            bytes,
            envelope,
        })
    }
}

/// The same facts twice: as text and as HTML.
fn both(id: &str, rendered: &Rendered) -> MultiPart {
    MultiPart::alternative()
        .boundary(boundary(id))
        .singlepart(part(ContentType::TEXT_PLAIN, &rendered.text))
        .singlepart(part(ContentType::TEXT_HTML, &rendered.html))
}

pub(super) fn part(kind: ContentType, body: &str) -> SinglePart {
    SinglePart::builder()
        .header(kind)
        .body(body.replace('\n', "\r\n"))
}

fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

/// A digest whose mail server took it, and whose answer was lost, may have gathered more when it is tried again: then it is another
/// mail, which nobody's server may take for a repeat.
fn identity(facts: &DigestFacts) -> String {
    let mut told = Sha256::new();
    for entry in &facts.entries {
        told.update(entry.outbox_id.as_bytes());
        told.update(b"\n");
    }
    let told = data_encoding::HEXLOWER.encode(&told.finalize()[..8]);
    format!("{}.{told}", facts.whole.outbox_id)
}

/// Derived from the row, so that a repeat is the same mail byte for byte.
fn boundary(id: &str) -> String {
    let digest = Sha256::digest(format!("takedown mail boundary {id}"));
    data_encoding::HEXLOWER.encode(&digest[..20])
}

fn identifier(field: &'static str, text: &str) -> Result<(), BuildError> {
    let fits = (1..=200).contains(&text.len());
    let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    if fits && text.bytes().all(allowed) {
        Ok(())
    } else {
        Err(BuildError::Identifier(field))
    }
}

/// The core's addresses are stricter than the mail library's, which accepts look-alike characters, quoted names and
/// encoded words.
fn address(field: &'static str, text: &str) -> Result<Address, BuildError> {
    let refuse = |detail: String| BuildError::Address { field, detail };
    let plain = MailAddress::parse(text).map_err(|error| refuse(error.to_string()))?;
    Address::new(plain.local(), plain.domain()).map_err(|error| refuse(error.to_string()))
}

/// `Name <address>` or an address alone, as the configuration gives it.
fn mailbox(field: &'static str, text: &str) -> Result<Mailbox, BuildError> {
    let given: Mailbox = text
        .parse()
        .map_err(|error: lettre::address::AddressError| BuildError::Address {
            field,
            detail: error.to_string(),
        })?;
    let name = given
        .name
        .map(|name| inert::name(&name))
        .filter(|name| !name.is_empty());
    Ok(Mailbox::new(name, address(field, given.email.as_ref())?))
}
