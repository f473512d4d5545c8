//! A part for programs in the mail about a new request: one report in XARF v4 for each address, in the form that XARF gives to mails.
//! Only for whoever wished for it: it is the only thing in a mail that names an address.

use chrono::{DateTime, SecondsFormat, Utc};
use lettre::message::header::{ContentDisposition, ContentTransferEncoding, ContentType};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use takedown_core::contact::MailAddress;
use takedown_core::xarf::ReportType;
use url::Url;
use uuid::Uuid;

use super::inert;
use super::message::{BuildError, part};

/// The version of the format.
const VERSION: &str = "4.2.0";
/// Characters of a name.
const LONGEST_NAME: usize = 200;
/// What stands in the place of the address in the mail that is kept.
const NOT_KEPT: &str = "not-kept";

/// One report.
#[derive(Debug, Clone)]
pub struct Report {
    /// The item: a repeat of the mail has the same report.
    pub item: String,
    /// As what it is told.
    pub told: ReportType,
    /// When it was filed.
    pub at: DateTime<Utc>,
    /// Our short reference.
    pub reference: String,
    /// `referral` or `order`.
    pub kind: &'static str,
    /// Who asks.
    pub agency: String,
    /// Where to complain about that.
    pub contact: MailAddress,
    /// Which address; none in the mail that is kept.
    pub address: Option<Url>,
}

/// The address that a locator is, if it is one of the web.
#[must_use]
pub fn web_address(locator: &str) -> Option<Url> {
    let url = Url::parse(locator).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.host_str().is_some()).then_some(url)
}

impl Report {
    /// The same without the address, for the mail that is kept.
    #[must_use]
    pub fn blanked(&self) -> Self {
        Self {
            address: None,
            ..self.clone()
        }
    }

    /// The report as JSON, passed on by `from`.
    fn json(&self, from: &Mailbox) -> Value {
        let named =
            |name: &str| -> String { inert::name(name).chars().take(LONGEST_NAME).collect() };
        let (detail, said) = self.told.detail;
        let address = self.address.as_ref();
        let host = address.and_then(Url::host_str).unwrap_or(NOT_KEPT);
        let mut report = json!({
            "xarf_version": VERSION,
            "report_id": self.id(),
            "timestamp": self.at.to_rfc3339_opts(SecondsFormat::Millis, true),
            "reporter": {
                "org": named(&self.agency),
                "contact": self.contact.as_str(),
                "domain": self.contact.domain(),
            },
            "sender": {
                "org": named(from.name.as_deref().unwrap_or(from.email.domain())),
                "contact": from.email.to_string(),
                "domain": from.email.domain(),
            },
            "source_identifier": host,
            "category": self.told.category,
            "type": self.told.name,
            "url": address.map_or(NOT_KEPT, Url::as_str),
            // The format allows further members. May or must is not for it to say.
            "takedown_exchange": { "reference": self.reference, "kind": self.kind },
        });
        report[detail] = said.into();
        report
    }

    /// Of the form that is asked for (UUID version 4), and the same for each repeat.
    fn id(&self) -> String {
        let digest = Sha256::digest(format!("takedown xarf report {}", self.item));
        let mut bytes = [0_u8; 16];
        bytes.copy_from_slice(&digest[..16]);
        let id: Uuid = uuid::Builder::from_random_bytes(bytes).into_uuid();
        id.to_string()
    }
}

/// The mail's body with its reports: what people read, what says that it is a report, and each report.
pub(super) fn body(
    boundary: &str,
    text: &str,
    reports: &[Report],
    from: &Mailbox,
) -> Result<MultiPart, BuildError> {
    let kind = |text: &str| {
        ContentType::parse(text).map_err(|error| BuildError::Message(error.to_string()))
    };
    let whole = format!("multipart/report; report-type=feedback-report; boundary=\"{boundary}\"");
    let said = format!(
        "Feedback-Type: xarf\r\nUser-Agent: takedown-exchange/{}\r\nVersion: 1\r\n",
        env!("CARGO_PKG_VERSION")
    );
    let mut body = MultiPart::builder()
        .header(kind(&whole)?)
        .build()
        .singlepart(part(ContentType::TEXT_PLAIN, text))
        .singlepart(
            SinglePart::builder()
                .header(kind("message/feedback-report")?)
                .header(ContentDisposition::inline())
                .body(said),
        );
    for (n, report) in reports.iter().enumerate() {
        let name = match n {
            0 => "xarf.json".to_owned(),
            n => format!("xarf-{}.json", n + 1),
        };
        let json = report.json(from).to_string();
        body = body.singlepart(
            SinglePart::builder()
                .header(kind(&format!("application/json; name=\"{name}\""))?)
                .header(ContentDisposition::attachment(&name))
                .header(ContentTransferEncoding::Base64)
                .body(json),
        );
    }
    Ok(body)
}
