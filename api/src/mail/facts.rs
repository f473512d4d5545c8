//! All values a mail may say to people. What is not here cannot leak into a mail: no locator, reasons, note or message text.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use url::{Host, Url};

use super::MailEvent;

/// The side that a mail is written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailSide {
    /// The unit that filed.
    Agency,
    /// The service that is asked.
    Platform,
    /// The authority of the platform's country that has a copy.
    Authority,
}

/// May or must, as the agency claims. A date to act by exists only on the binding side, so that a referral
/// cannot show one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Power {
    /// A referral: the platform decides by its own terms.
    Voluntary,
    /// An order: the agency claims a binding power.
    BindingAsClaimed(Duty),
}

/// How the time of an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duty {
    /// No clock, or it has stopped for good.
    None,
    /// Starts when the platform opens the request; the mail itself is not receipt.
    FromReceipt(Span),
    /// Starts when the order is served by another way.
    FromService(Span),
    /// Running.
    By(DateTime<Utc>),
    /// Standing still until the agency answers.
    StandsStill,
}

/// How long an instrument gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// Clock hours.
    Hours(u32),
    /// Working days of the instrument's calendar.
    WorkingDays(u32),
}

/// What keeps the platform from acting (TCO Annex III; the same codes serve for every instrument).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// Force majeure or something beyond the platform's control.
    ForceMajeure,
    /// The request holds a manifest error.
    ManifestError,
    /// The request does not say enough.
    InsufficientInformation,
}

/// How far the operator has verified an agency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verified {
    /// Verified; `until` lies before the mail's `at` when the verification has run out.
    By {
        /// In the operator's words: how it was verified.
        method: String,
        /// When it was verified.
        verified_at: DateTime<Utc>,
        /// Until when that holds.
        until: Option<DateTime<Utc>>,
        /// Whether two people of the operator found it out, and not one alone.
        by_two: bool,
    },
    /// Not verified yet.
    Pending,
    /// Suspended by the operator.
    Suspended,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asker {
    /// Name of the agency, never of an officer.
    pub name: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// How that was verified.
    pub verified: Verified,
}

/// An agency that an operation concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
}

/// Outcomes so far, as counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Items asked about.
    pub items: u32,
    /// Items that have an outcome.
    pub decided: u32,
    /// Items that were acted on (removed, disabled, restricted …).
    pub acted_on: u32,
    /// Items whose uploader was told while that was forbidden, as the platform says.
    pub told: u32,
}

/// A document as it is told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// What its sender called it.
    pub name: String,
    /// SHA-256 of its bytes, in hexadecimal digits.
    pub digest: String,
}

/// Everything a mail may say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailFacts {
    /// What happened.
    pub event: MailEvent,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// The side that is written to.
    pub to: MailSide,
    /// Our short reference with its check character.
    pub reference: String,
    /// May or must, as claimed.
    pub power: Power,
    /// The instrument's title from the catalogue.
    pub instrument_title: String,
    /// The instrument's citation from the catalogue.
    pub citation: String,
    /// Who asks; of an operation, who leads it.
    pub agency: Asker,
    /// Of an operation: whose part in it the mail is about.
    pub member: Option<Member>,
    /// Who is asked.
    pub platform_name: String,
    /// A host of the platform in clear; it is shown defanged.
    pub host: Option<String>,
    /// Items and outcomes so far.
    pub counts: Counts,
    /// The obstacle, for `obstacle.reported`.
    pub obstacle: Option<Obstacle>,
    /// Withdrawn after something was acted on, so that putting it back is asked.
    pub restoration_asked: bool,
    /// A referral that asks to wait, because a decoy is suspected.
    pub asks_to_wait: bool,
    /// The unit signed the request with a key of its own.
    pub signed: bool,
    /// A part for programs names the addresses, as the recipient wished.
    pub reported: bool,
    /// The request as a whole was taken back.
    pub withdrawn: bool,
    /// Until when the uploader may not be told, or what was removed is kept: whichever the mail is about.
    pub lasts_until: Option<DateTime<Utc>>,
    /// The document that came with it; it is never part of a mail.
    pub document: Option<Document>,
    /// Short code by which the recipient can check that the mail is real.
    pub check_code: String,
    /// The one link of the mail.
    pub link: Link,
    /// Whether that link is one by which the request is answered, because the recipient has no other way in.
    pub by_link: bool,
    /// Where a check code is typed in by hand: our host and the path, without a scheme.
    pub check_page: String,
    /// The recipient's languages (BCP 47), most wanted first.
    pub languages: Vec<String>,
    /// The recipient's time zone.
    pub time_zone: Tz,
    /// Stable per request: all mails of a request hang under it.
    pub thread_id: String,
    /// The outbox row, so that a repeat after a crash is the same mail.
    pub outbox_id: String,
}

/// The one link of a mail, on our own host: `<base>/check/<code>`, or `<base>/answer/<secret>` for whoever has no other way in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link(String);

impl Link {
    /// Builds the link.
    ///
    /// # Errors
    /// When `base` is not https (plain http is accepted for this machine alone, for trying the exchange out),
    /// carries credentials, or `code` is not 4 to 64 letters, digits or dashes.
    pub fn check(base: &str, code: &str) -> Result<Self, FactsError> {
        Self::to(base, "check", code)
    }

    /// The link that opens one request.
    ///
    /// # Errors
    /// As [`Link::check`].
    pub fn answer(base: &str, secret: &str) -> Result<Self, FactsError> {
        Self::to(base, "answer", secret)
    }

    /// The same in a mail that is kept: where it led, and not how.
    ///
    /// # Errors
    /// As [`Link::check`].
    pub fn blanked(base: &str) -> Result<Self, FactsError> {
        Self::to(base, "answer", "not-kept")
    }

    /// The link that ends mails.
    ///
    /// # Errors
    /// As [`Link::check`].
    pub fn unsubscribe(base: &str, secret: &str) -> Result<Self, FactsError> {
        Self::to(base, "unsubscribe", secret)
    }

    /// The same without what it ends, for the mail that is kept.
    ///
    /// # Errors
    /// As [`Link::check`].
    pub fn unsubscribe_blanked(base: &str) -> Result<Self, FactsError> {
        Self::to(base, "unsubscribe", "not-kept")
    }

    /// Where a check code is typed in by hand, without a scheme.
    #[must_use]
    pub fn check_page(base: &str) -> String {
        let base = base.trim_end_matches('/');
        let host = base.split_once("://").map_or(base, |(_, host)| host);
        format!("{host}/check")
    }

    fn to(base: &str, page: &str, code: &str) -> Result<Self, FactsError> {
        check_code(code)?;
        let mut url = Url::parse(base).map_err(|_| FactsError::Base)?;
        let plain_is_fine = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(ip)) => IpAddr::V4(ip).is_loopback(),
            Some(Host::Ipv6(ip)) => IpAddr::V6(ip).is_loopback(),
            None => false,
        };
        let scheme_ok = url.scheme() == "https" || (url.scheme() == "http" && plain_is_fine);
        if !scheme_ok || !url.username().is_empty() || url.password().is_some() {
            return Err(FactsError::Base);
        }
        url.set_query(None);
        url.set_fragment(None);
        url.path_segments_mut()
            .map_err(|()| FactsError::Base)?
            .pop_if_empty()
            .extend([page, code]);
        Ok(Self(url.into()))
    }

    /// The link as a whole.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The link without its scheme, for showing where it leads without a second link.
    #[must_use]
    pub fn shown(&self) -> &str {
        self.0.split_once("://").map_or(&self.0, |(_, rest)| rest)
    }
}

fn check_code(code: &str) -> Result<(), FactsError> {
    let fits = (4..=64).contains(&code.len());
    if fits && code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        Ok(())
    } else {
        Err(FactsError::Code)
    }
}

/// Why a value cannot be part of a mail.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FactsError {
    /// Not an event that mails are written about.
    #[error("no mail is written about {0:?}")]
    UnknownEvent(String),
    /// The base address cannot carry the link.
    #[error(
        "the public address must be an https address of this exchange, without credentials (http only for this machine)"
    )]
    Base,
    /// The check code is not one.
    #[error("a check code is 4 to 64 letters, digits or dashes")]
    Code,
}
