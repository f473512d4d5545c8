//! The check code: by it somebody who got a mail finds out, from us and not from the mail, that it is real.

use std::fmt;
use std::str::FromStr;

use takedown_core::agency::{AgencyStatus, AgencyType, Verification};
use takedown_core::id::Reference;
use takedown_core::instrument::Kind;
use takedown_core::policy::{Action, Actor, Resource, authorize};
use takedown_core::text::Country;
use takedown_core::time::At;

use super::filing::Filing;
use crate::app::notices::{NoticeView, load};
use crate::app::operations::{PartView, load_part};
use crate::app::parties::{instant, parsed};
use crate::app::{Cx, Error, registry};
use crate::store::requests::{self, RequestRow};
use crate::store::{Conn, StoreError, notices, operations};

/// Crockford's digits: no I, L, O and U, so that nothing looks or sounds like something else.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH: usize = 16;
const GROUP: usize = 4;

/// `XXXX-XXXX-XXXX-XXXX`: 80 random bits in groups that can be read aloud.
///
/// It opens a page without a login, so it must not be guessed: among a thousand million requests a guess hits with
/// a chance of one in 10¹⁵.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckCode(String);

/// A text that cannot be a check code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a check code is 16 letters and digits, such as 7K3F-9QMD-2AXR-04TB")]
pub struct NoCheckCode;

impl CheckCode {
    /// A new one.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the system has no randomness: then nothing is filed.
    pub fn draw() -> Result<Self, StoreError> {
        let mut random = [0_u8; LENGTH];
        aws_lc_rs::rand::fill(&mut random)
            .map_err(|_| StoreError::Unavailable("the system has no randomness".into()))?;
        Ok(Self::written(random.map(|byte| byte & 31)))
    }

    fn written(digits: [u8; LENGTH]) -> Self {
        let mut text = String::with_capacity(LENGTH + LENGTH / GROUP - 1);
        for (place, digit) in digits.into_iter().enumerate() {
            if place > 0 && place % GROUP == 0 {
                text.push('-');
            }
            text.push(char::from(DIGITS[usize::from(digit & 31)]));
        }
        Self(text)
    }

    /// The code as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CheckCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for CheckCode {
    type Err = NoCheckCode;

    /// Understands lower case, O for 0, I and L for 1, and dashes or spaces anywhere or nowhere.
    fn from_str(given: &str) -> Result<Self, NoCheckCode> {
        let mut digits = [0_u8; LENGTH];
        let mut count = 0;
        for c in given.chars() {
            if c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}') {
                continue;
            }
            let meant = match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let digit = DIGITS.iter().position(|d| char::from(*d) == meant);
            let place = digits.get_mut(count).ok_or(NoCheckCode)?;
            *place = digit
                .and_then(|d| u8::try_from(d).ok())
                .ok_or(NoCheckCode)?;
            count += 1;
        }
        if count == LENGTH {
            Ok(Self::written(digits))
        } else {
            Err(NoCheckCode)
        }
    }
}

/// What the exchange confirms to whoever has the code: enough to know that a mail is real and what it is, nothing of
/// what is asked about.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The code, as it is written.
    pub code: CheckCode,
    /// The reference that the mail must show, too.
    pub reference: Reference,
    /// When it was filed.
    pub filed_at: At,
    /// What the mail is about.
    pub about: CheckedAbout,
    /// Whether the agency has taken it back.
    pub withdrawn: bool,
    /// May or must, as claimed.
    pub kind: Kind,
    /// Title and citation of the instrument, from the catalogue.
    pub instrument: (String, String),
    /// Name of the agency; of an operation, who leads it.
    pub agency: String,
    /// Whose authority it is.
    pub country: Country,
    /// What kind of authority.
    pub agency_type: AgencyType,
    /// Whether it may file now.
    pub agency_status: AgencyStatus,
    /// How that was verified.
    pub verification: Option<Verification>,
    /// Whether the verification holds at this moment.
    pub verification_holds: bool,
    /// Who is asked; of an operation, the agency whose part in it the mail is about.
    pub platform: String,
}

/// What a mail with a check code is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckedAbout {
    /// A request.
    Request,
    /// A notice before a first order, which asks nothing.
    Notice,
    /// An agency's part in an operation: no platform has to do with it.
    Operation,
}

/// Looks a code up. Nobody has to say who he is: the code was sent to whom it concerns.
///
/// A text that cannot be a code is looked up like one that is unknown, so that both take the same way and time.
///
/// # Errors
/// [`Error::NotFound`] for every code that was never given, and those of the store.
pub async fn check(cx: &Cx, given: &str) -> Result<Checked, Error> {
    authorize(&Actor::anonymous(), Action::CheckMail, &Resource::Exchange)?;
    let wanted = given
        .parse()
        .map_or_else(|_| String::new(), |code: CheckCode| code.0);
    let now = cx.now();
    let known = cx.clone();
    cx.store
        .read(move |conn| {
            let request = requests::by_check_code(conn, &wanted)?;
            // All are looked for, so that every code takes the same time.
            let notice = notices::by_check_code(conn, &wanted)?;
            let part = operations::by_check_code(conn, &wanted)?;
            Ok(match (request, notice, part) {
                (Some(row), ..) => confirm(conn, row, now)?,
                (None, Some(row), _) => confirm_notice(load(&known, conn, row)?, now),
                (None, None, Some(row)) => {
                    confirm_part(load_part(conn, &row.operation_id, &row.agency_id)?, now)
                }
                (None, None, None) => return Err(Error::NotFound),
            })
        })
        .await
}

fn confirm_notice(notice: NoticeView, now: At) -> Checked {
    let agency = &notice.agency;
    Checked {
        code: notice.check_code,
        reference: notice.reference,
        filed_at: notice.given_at,
        about: CheckedAbout::Notice,
        withdrawn: false,
        kind: Kind::Order,
        instrument: notice.power,
        verification_holds: agency.may_file(now),
        agency: agency.name.clone(),
        country: agency.country,
        agency_type: agency.agency_type,
        agency_status: agency.status,
        verification: agency.verification.clone(),
        platform: notice.platform.name.clone(),
    }
}

fn confirm_part(part: PartView, now: At) -> Checked {
    let lead = &part.lead;
    Checked {
        code: part.check_code,
        reference: part.reference,
        filed_at: part.invited_at,
        about: CheckedAbout::Operation,
        withdrawn: false,
        kind: Kind::Referral,
        instrument: (String::new(), String::new()),
        verification_holds: lead.may_file(now),
        agency: lead.name.clone(),
        country: lead.country,
        agency_type: lead.agency_type,
        agency_status: lead.status,
        verification: lead.verification.clone(),
        platform: part.member.name.clone(),
    }
}

fn confirm(conn: &mut Conn, row: RequestRow, now: At) -> Result<Checked, StoreError> {
    let missing = |id: &str| StoreError::Inconsistent(format!("{id} does not exist"));
    let agency =
        registry::load_agency(conn, &row.agency_id)?.ok_or_else(|| missing(&row.agency_id))?;
    let platform = registry::load_platform(conn, &row.platform_id)?
        .ok_or_else(|| missing(&row.platform_id))?;
    let filing: Filing = serde_json::from_str(&row.filing)?;
    let instrument = filing.power(&row.instrument);
    Ok(Checked {
        code: parsed("check code", &row.check_code)?,
        reference: parsed("reference", &row.reference)?,
        filed_at: instant(row.filed_at)?,
        about: CheckedAbout::Request,
        withdrawn: row.withdrawn_at.is_some(),
        kind: parsed("kind", &row.kind)?,
        instrument,
        verification_holds: agency.may_file(now),
        agency: agency.name,
        country: agency.country,
        agency_type: agency.agency_type,
        agency_status: agency.status,
        verification: agency.verification,
        platform: platform.name,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn codes_are_spoken_typed_and_read_back() {
        let code = CheckCode::written([7, 18, 3, 15, 9, 22, 20, 13, 2, 10, 29, 23, 0, 4, 26, 11]);
        assert_eq!(code.as_str(), "7J3F-9PMD-2AXQ-04TB");
        for spoken in [
            "7j3f-9pmd-2axq-04tb",
            "7J3F9PMD2AXQ04TB",
            " 7J3F 9PMD 2AXQ O4TB ",
            "7J3F\u{2013}9PMD\u{2013}2AXQ\u{2013}04TB",
        ] {
            assert_eq!(spoken.parse(), Ok(code.clone()), "{spoken}");
        }
        for wrong in [
            "",
            "7J3F-9PMD-2AXQ",
            "7J3F-9PMD-2AXQ-04TB-0",
            "7J3F-9PMD-2AXQ-04TU",
            "7J3F-9PMD-2AXQ-04T\u{661}",
            "req_01kkr0000000000000000000",
        ] {
            assert_eq!(wrong.parse::<CheckCode>(), Err(NoCheckCode), "{wrong}");
        }
    }

    #[test]
    fn every_place_is_drawn() {
        let drawn: Vec<String> = (0..200)
            .map(|_| CheckCode::draw().unwrap().to_string())
            .collect();
        for place in (0..19).filter(|place| place % 5 != 4) {
            let mut seen: Vec<u8> = drawn.iter().map(|code| code.as_bytes()[place]).collect();
            seen.sort_unstable();
            seen.dedup();
            assert!(seen.len() > 16, "place {place}: {seen:?}");
        }
        assert!(drawn.iter().all(|code| code.parse::<CheckCode>().is_ok()));
    }
}
