//! Mails that come back: where to, and what is believed of what comes there.
//!
//! Each mail has a return address of its own, `bounces+<delivery>.<mark>@…`, whose mark only the exchange can make: a report about
//! a mail that was never sent is told by it. What a report says is taken from its machine-readable part alone (RFC 3464).

mod report;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws_lc_rs::{constant_time, hmac};
use data_encoding::BASE32_NOPAD;
use mail_parser::{MessageParser, MimeHeaders as _};
use takedown_core::id::DeliveryId;

use self::report::{Group, groups};
/// Characters of a mark, five bits each.
const MARK: usize = 16;
/// No report is longer; it may hold the mail that came back.
pub const LONGEST: usize = 1 << 20;
/// Header fields in which servers write to whom they delivered.
const DELIVERED: [&str; 5] = [
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
    "to",
];

/// Where mails come back to. Its copies make marks with the same key.
#[derive(Debug, Clone)]
pub struct ReturnPath {
    local: String,
    domain: String,
    /// By their names. Each of them knows its own marks.
    keys: Vec<(String, hmac::Key)>,
    /// Which of them makes marks.
    making: Arc<AtomicUsize>,
}

/// A mail came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Returned {
    /// Of which delivery, `dlv_…`.
    pub delivery: String,
    /// The address it did not reach, as the report names it: as it was sent, and where it was redirected.
    pub recipients: Vec<String>,
    /// RFC 3463, such as `5.1.1`.
    pub status: String,
    /// Whether it never will.
    pub permanent: bool,
}

/// Why nothing is believed of a message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Disbelieved {
    /// No report about a delivery: an answer, a holiday notice, advertising.
    #[error("it is no delivery report (multipart/report of RFC 3464)")]
    NoReport,
    /// Longer than any report.
    #[error("it is longer than {LONGEST} bytes")]
    TooLong,
    /// It did not come to a return address.
    #[error("none of the addresses it was delivered to is the return address of a mail")]
    NoReturnPath,
    /// It came to an address that the exchange never made.
    #[error(
        "the mark of the return address is not one of ours: the report is forged, or the sealing key was changed"
    )]
    Forged,
    /// Nothing has failed.
    #[error("it tells of no failure: the mail was delivered, or is still being tried")]
    NoFailure,
    /// The failure has no status code, or one that is none of failure.
    #[error("it tells of a failure without a status code of failure (RFC 3463)")]
    NoStatus,
}

/// The mark of a delivery that only who has the key can make.
fn mark(key: &hmac::Key, id: &str) -> String {
    let mark = hmac::sign(key, id.as_bytes());
    let mut text = BASE32_NOPAD.encode(mark.as_ref()).to_ascii_lowercase();
    text.truncate(MARK);
    text
}

impl ReturnPath {
    /// For what its key is made.
    pub const PURPOSE: &'static str = "return path of a mail";

    /// Mails come back to this address, told apart behind a `+`, with marks by the first of these keys until another one is to make
    /// them; marks of each are believed.
    #[must_use]
    pub fn new(address: &str, keys: Vec<(String, hmac::Key)>) -> Self {
        let (local, domain) = address.split_once('@').unwrap_or((address, ""));
        Self {
            local: local.to_owned(),
            domain: domain.to_owned(),
            keys,
            making: Arc::default(),
        }
    }

    /// From now on the key of this name makes marks, if it is among them. All nodes change at once: a mark of the former key would be
    /// taken for a forgery where that key has gone.
    pub fn mark_with(&self, name: &str) {
        if let Some(at) = self.keys.iter().position(|(known, _)| known == name) {
            self.making.store(at, Ordering::Relaxed);
        }
    }

    /// The return address of a delivery.
    #[must_use]
    pub fn of(&self, delivery: &str) -> String {
        let id = delivery.strip_prefix(PREFIX).unwrap_or(delivery);
        let (local, domain) = (&self.local, &self.domain);
        let making = self.keys.get(self.making.load(Ordering::Relaxed));
        let mark = making.map(|(_, key)| mark(key, id));
        format!("{local}+{id}.{}@{domain}", mark.unwrap_or_default())
    }

    /// Of which delivery an address is the return address.
    fn opened(&self, address: &str) -> Result<String, Disbelieved> {
        let address = address.to_ascii_lowercase();
        let inner = || {
            let (local, domain) = address.rsplit_once('@')?;
            let ours = domain.eq_ignore_ascii_case(&self.domain);
            let rest = local.strip_prefix(&self.local.to_ascii_lowercase())?;
            rest.strip_prefix('+').filter(|_| ours)?.split_once('.')
        };
        let (id, mark) = inner().ok_or(Disbelieved::NoReturnPath)?;
        let is_ours = self.keys.iter().any(|(_, key)| {
            let known = self::mark(key, id);
            constant_time::verify_slices_are_equal(known.as_bytes(), mark.as_bytes()).is_ok()
        });
        let delivery: Result<DeliveryId, _> = format!("{PREFIX}{id}").parse();
        match (is_ours, delivery) {
            (true, Ok(delivery)) => Ok(delivery.to_string()),
            _ => Err(Disbelieved::Forged),
        }
    }

    /// Reads a message that came to the return address.
    ///
    /// # Errors
    /// [`Disbelieved`]
    pub fn read(&self, message: &[u8]) -> Result<Returned, Disbelieved> {
        if message.len() > LONGEST {
            return Err(Disbelieved::TooLong);
        }
        let parsed = MessageParser::default().parse(message);
        let parsed = parsed.ok_or(Disbelieved::NoReport)?;
        let kind = parsed.content_type().ok_or(Disbelieved::NoReport)?;
        let is = |text: Option<&str>, wanted: &str| {
            text.is_some_and(|text| text.eq_ignore_ascii_case(wanted))
        };
        if !kind.c_type.eq_ignore_ascii_case("multipart")
            || !is(kind.subtype(), "report")
            || !is(kind.attribute("report-type"), "delivery-status")
        {
            return Err(Disbelieved::NoReport);
        }
        let delivery = self.delivery(
            parsed
                .headers_raw()
                .filter(|(name, _)| {
                    DELIVERED
                        .iter()
                        .any(|known| name.eq_ignore_ascii_case(known))
                })
                .map(|(_, value)| value),
        )?;
        let status = parsed.parts.iter().find(|part| {
            part.content_type().is_some_and(|kind| {
                kind.c_type.eq_ignore_ascii_case("message")
                    && (is(kind.subtype(), "delivery-status")
                        || is(kind.subtype(), "global-delivery-status"))
            })
        });
        let status = status.ok_or(Disbelieved::NoReport)?;
        let text = String::from_utf8_lossy(status.contents()).into_owned();
        let failed = groups(&text).into_iter().find(Group::failed);
        let failed = failed.ok_or(Disbelieved::NoFailure)?;
        let (status, permanent) = failed.status().ok_or(Disbelieved::NoStatus)?;
        Ok(Returned {
            delivery,
            recipients: failed.recipients(),
            status,
            permanent,
        })
    }

    /// The delivery of the first of these header fields that has a return address of ours; forged only if none holds.
    fn delivery<'a>(&self, fields: impl Iterator<Item = &'a str>) -> Result<String, Disbelieved> {
        let mut why = Disbelieved::NoReturnPath;
        let between = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | ',' | ';' | '"');
        for word in fields.flat_map(|field| field.split(between)) {
            match self.opened(word) {
                Ok(delivery) => return Ok(delivery),
                Err(Disbelieved::Forged) => why = Disbelieved::Forged,
                Err(_) => {}
            }
        }
        Err(why)
    }
}

/// What identifiers of deliveries begin with; the return address leaves it out.
const PREFIX: &str = "dlv_";

#[cfg(test)]
mod tests;
