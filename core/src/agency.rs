//! Agencies and their officers.

mod evidence;

pub use evidence::{CallBack, DomainProof, Evidence, NotCompleted, SecondCheck};

use chrono::TimeDelta;

use crate::text::{TextError, bounded, bounded_line, coded_enum};
use crate::time::At;

coded_enum! {
    /// Whether an agency may file.
    pub enum AgencyStatus, "an agency status" {
        /// Registered; nobody has verified yet that it is who it says.
        Pending => "pending",
        /// Verified; it may file while the verification lasts.
        Verified => "verified",
        /// Stopped by the operator.
        Suspended => "suspended",
    }
}

coded_enum! {
    /// What kind of authority an agency is. Instruments name the kinds that may issue them.
    pub enum AgencyType, "an agency type" {
        /// A police force or one of its units, an internet referral unit for instance.
        Police => "police",
        /// A court, judge or public prosecutor.
        Judicial => "judicial",
        /// An administrative authority: a media, communications or data protection regulator, a ministry.
        Regulator => "regulator",
        /// Any other public body.
        Other => "other",
    }
}

coded_enum! {
    /// How the operator satisfied himself that an agency is real. Shown to every platform that is asked.
    pub enum VerificationMethod, "a verification method" {
        /// Its people were met in person and showed their warrant cards.
        InPerson => "in_person",
        /// Called back on a number from a source that the agency did not supply.
        CallBack => "call_back",
        /// A signed letter on paper, sent to an address that was found independently.
        OfficialLetter => "official_letter",
        /// Control of the authority's own internet domain was proved.
        OfficialDomain => "official_domain",
        /// Found in a published official list, such as the competent authorities of Regulation (EU) 2021/784.
        OfficialList => "official_list",
        /// Vouched for by an agency that is itself verified.
        Vouched => "vouched",
    }
}

/// So long before a verification ends the operator and the agency are reminded of it.
pub const REMINDED_BEFORE: [TimeDelta; 2] = [TimeDelta::days(30), TimeDelta::days(7)];

/// What the operator recorded when he verified an agency.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Verification {
    /// How.
    pub method: VerificationMethod,
    /// By whom, as the operator's people are named to others.
    pub by: String,
    /// When.
    pub verified_at: At,
    /// Until when it holds; never open-ended, since units are dissolved and domains change hands.
    pub expires_at: At,
    /// What else a platform should know, up to 500 characters.
    pub note: Option<String>,
    /// What the exchange saw itself, and what a second person found.
    #[serde(default)]
    pub evidence: Evidence,
}

/// Why a verification or an officer cannot be recorded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AgencyError {
    /// A text is too long or holds control characters.
    #[error(transparent)]
    Text(#[from] TextError),
    /// A text that is needed is empty.
    #[error("{0} is empty")]
    Empty(&'static str),
    /// The verification would end before it begins.
    #[error("a verification ends after it was made, not before")]
    EndsBefore,
}

impl Verification {
    /// Checks that the texts are bounded, that someone is named and that the verification ends after it was made.
    ///
    /// # Errors
    /// [`AgencyError`]
    pub fn checked(self) -> Result<Self, AgencyError> {
        bounded_line("by", &self.by, 200)?;
        if self.by.trim().is_empty() {
            return Err(AgencyError::Empty("by"));
        }
        if let Some(note) = &self.note {
            bounded("note", note, 500)?;
        }
        if self.expires_at <= self.verified_at {
            return Err(AgencyError::EndsBefore);
        }
        Ok(self)
    }

    /// The reminder of its end that is due, by the instant from which on it was. None once it has ended, and none that would have been
    /// due before it was made.
    #[must_use]
    pub fn reminder(&self, now: At) -> Option<At> {
        let due = REMINDED_BEFORE
            .iter()
            .map(|before| self.expires_at - *before);
        let latest = due.filter(|at| self.verified_at < *at && *at <= now).max();
        latest.filter(|_| now < self.expires_at)
    }

    /// Whether it holds at an instant. The end itself is outside.
    #[must_use]
    pub fn holds(&self, at: At) -> bool {
        self.verified_at <= at && at < self.expires_at
    }
}

/// The officer in whose name a request is filed.
///
/// Platforms see the handle and the rank. The name is escrowed for the agency itself and the auditor, so it
/// does not appear in `Debug` output, which ends up in logs.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct OfficerRef {
    /// How the agency refers to the officer towards others, a badge or desk number for instance; up to 60 characters.
    pub handle: String,
    /// The escrowed name, up to 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The rank, which some instruments set a floor for; up to 100 characters.
    #[serde(default)]
    pub rank: Option<String>,
}

impl OfficerRef {
    /// Checks that there is a handle and that every text is one bounded line.
    ///
    /// # Errors
    /// [`AgencyError`]
    pub fn checked(self) -> Result<Self, AgencyError> {
        bounded_line("handle", &self.handle, 60)?;
        if self.handle.trim().is_empty() {
            return Err(AgencyError::Empty("handle"));
        }
        for (field, text, max) in [("name", &self.name, 200), ("rank", &self.rank, 100)] {
            if let Some(text) = text {
                bounded_line(field, text, max)?;
                if text.trim().is_empty() {
                    return Err(AgencyError::Empty(field));
                }
            }
        }
        Ok(self)
    }

    /// What a platform may see: handle and rank.
    #[must_use]
    pub fn without_name(&self) -> Self {
        Self {
            handle: self.handle.clone(),
            name: None,
            rank: self.rank.clone(),
        }
    }
}

impl std::fmt::Debug for OfficerRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OfficerRef")
            .field("handle", &self.handle)
            .field("name", &self.name.as_ref().map(|_| "…"))
            .field("rank", &self.rank)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::time::from_millis;
    use proptest::prelude::*;

    fn officer() -> OfficerRef {
        OfficerRef {
            handle: "M-17".into(),
            name: Some("Jan Kowalski".into()),
            rank: Some("podkomisarz".into()),
        }
    }

    fn verification(from: i64, until: i64) -> Verification {
        Verification {
            method: VerificationMethod::CallBack,
            by: "Duty desk".into(),
            verified_at: from_millis(from).unwrap(),
            expires_at: from_millis(until).unwrap(),
            note: None,
            evidence: Evidence::default(),
        }
    }

    #[test]
    fn words() {
        assert_eq!(AgencyStatus::CODES, ["pending", "verified", "suspended"]);
        assert_eq!(
            AgencyType::CODES,
            ["police", "judicial", "regulator", "other"]
        );
    }

    #[test]
    fn an_officers_name_stays_escrowed() {
        assert!(!format!("{:?}", officer()).contains("Kowalski"));
        let seen = serde_json::to_value(officer().without_name()).unwrap();
        assert_eq!(
            seen,
            serde_json::json!({"handle": "M-17", "rank": "podkomisarz"})
        );
    }

    #[test]
    fn an_officer_has_a_handle_of_one_line() {
        assert!(officer().checked().is_ok());
        let nameless = OfficerRef {
            handle: " ".into(),
            ..officer()
        };
        assert_eq!(nameless.checked(), Err(AgencyError::Empty("handle")));
        let two_lines = OfficerRef {
            rank: Some("a\nb".into()),
            ..officer()
        };
        assert!(two_lines.checked().is_err());
    }

    #[test]
    fn a_verification_ends() {
        assert_eq!(verification(5, 5).checked(), Err(AgencyError::EndsBefore));
        let unsigned = Verification {
            by: String::new(),
            ..verification(1, 2)
        };
        assert_eq!(unsigned.checked(), Err(AgencyError::Empty("by")));
        let json = serde_json::to_value(verification(0, 1000)).unwrap();
        assert_eq!(json["method"], "call_back");
    }

    #[test]
    fn its_end_is_reminded_of_twice_and_never_of_what_was_short_from_the_start() {
        let day = 86_400_000;
        let due = |from: i64, now: i64| {
            let reminder = verification(from * day, 100 * day).reminder(from_millis(now).unwrap());
            reminder.map(|at| at.timestamp_millis() / day)
        };
        assert_eq!(due(0, 70 * day - 1), None);
        assert_eq!(due(0, 70 * day), Some(70));
        assert_eq!(due(0, 93 * day - 1), Some(70));
        assert_eq!(due(0, 93 * day), Some(93));
        assert_eq!(due(0, 100 * day), None, "it has ended");
        assert_eq!(due(80, 90 * day), None, "it was made for twenty days");
        assert_eq!(due(80, 94 * day), Some(93));
    }

    proptest! {
        #[test]
        fn it_holds_from_beginning_to_end(from in 0i64..1000, length in 1i64..1000, at in 0i64..3000) {
            let verification = verification(from, from + length).checked().unwrap();
            prop_assert_eq!(verification.holds(from_millis(at).unwrap()), from <= at && at < from + length);
        }
    }
}
