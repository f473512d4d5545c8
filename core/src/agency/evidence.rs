//! What two people of the operator found out about an agency, one after the other.
//!
//! One person can be talked into it, or bought. So the first records the verification, with the agency's own domain, and a second one,
//! with credentials and a name of his own, calls the agency back on a number that it did not supply. What one alone recorded
//! counts as what it is, and is shown so.

use serde::{Deserialize, Serialize};

use super::{AgencyError, Verification};
use crate::id::ClientId;
use crate::platform::ControlMethod;
use crate::text::bounded_line;
use crate::time::At;

/// What was found out beside how the first person says that he did it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Evidence {
    /// The client with which the first person recorded it; none in what was recorded before that was kept.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub client: Option<ClientId>,
    /// The agency's own domain, which names the agency.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub domain: Option<DomainProof>,
    /// The second person.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub second: Option<SecondCheck>,
}

/// That a domain names the agency, by a TXT record or a file, as the exchange saw it itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DomainProof {
    /// The domain, in lower-case ASCII.
    pub domain: String,
    /// How.
    pub method: ControlMethod,
    /// When that was seen.
    pub seen_at: At,
}

/// A call back, on a number that the agency did not supply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallBack {
    /// Where the number comes from: a register, the ministry's list; one line of up to 200 characters.
    pub source: String,
    /// When.
    pub called_at: At,
}

/// What the second person did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondCheck {
    /// Who, as the operator's people are named to others.
    pub by: String,
    /// With which client.
    pub client: ClientId,
    /// His call.
    pub call_back: CallBack,
    /// When he recorded it.
    pub at: At,
}

/// Why a second person cannot complete a verification. Each says what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotCompleted {
    /// The same credentials.
    #[error(
        "one person alone cannot complete a verification: it was recorded with these very credentials. A second person does it with his own."
    )]
    SameClient,
    /// One client gave the other its credentials.
    #[error(
        "one person may have both credentials: one of the two clients was registered, or given new credentials, with the other. Let the second person's client be made on the machine itself (takedown operator create), or by somebody else."
    )]
    SameHands,
    /// The same name.
    #[error(
        "one person alone cannot complete a verification: {0} recorded it. Name the second person who called."
    )]
    SamePerson(String),
    /// What was recorded before the client was kept.
    #[error(
        "it is not known with which credentials this verification was recorded; record it again, and then let a second person complete it."
    )]
    UnknownFirst,
    /// It is over.
    #[error(
        "this verification is over; record a new one, and then let a second person complete it."
    )]
    Over,
    /// Nothing is known of the domain.
    #[error(
        "the agency's domain is not proved; record the verification again with `domain`, and then let a second person complete it."
    )]
    NoDomain,
    /// The domain was seen too long ago.
    #[error(
        "the agency's domain was seen more than 30 days ago; record the verification again with `domain`, and then let a second person complete it."
    )]
    DomainLongAgo,
    /// Two people did already.
    #[error("{0} has completed it already.")]
    Completed(String),
    /// The call lies where it cannot have been.
    #[error(
        "the call lies in the future, or more than 30 days before the exchange saw the agency's domain; call again."
    )]
    CalledWhen,
    /// A text is wrong.
    #[error(transparent)]
    Text(#[from] AgencyError),
}

/// A call may have been made this long before the exchange saw the agency's domain. That is its own clock: when the first person
/// checked is what he says.
const CALLED_BEFORE: chrono::TimeDelta = chrono::TimeDelta::days(30);
/// This long after it a second person may complete the verification.
const COMPLETED_WITHIN: chrono::TimeDelta = chrono::TimeDelta::days(30);

impl Verification {
    /// Whether two people found it out, and not one alone.
    #[must_use]
    pub const fn is_by_two(&self) -> bool {
        self.evidence.second.is_some()
    }

    /// Completed by a second person.
    ///
    /// # Errors
    /// [`NotCompleted`]
    pub fn completed(self, second: SecondCheck) -> Result<Self, NotCompleted> {
        for (field, text) in [("by", &second.by), ("source", &second.call_back.source)] {
            bounded_line(field, text, 200).map_err(AgencyError::Text)?;
            if text.trim().is_empty() {
                return Err(AgencyError::Empty(field).into());
            }
        }
        if let Some(known) = self.evidence.second {
            return Err(NotCompleted::Completed(known.by));
        }
        if !self.holds(second.at) {
            return Err(NotCompleted::Over);
        }
        match self.evidence.client {
            None => return Err(NotCompleted::UnknownFirst),
            Some(first) if first == second.client => return Err(NotCompleted::SameClient),
            Some(_) => {}
        }
        let name = |name: &str| {
            name.split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
                .to_lowercase()
        };
        if name(&self.by) == name(&second.by) {
            return Err(NotCompleted::SamePerson(self.by));
        }
        let Some(domain) = &self.evidence.domain else {
            return Err(NotCompleted::NoDomain);
        };
        if second.at - domain.seen_at > COMPLETED_WITHIN {
            return Err(NotCompleted::DomainLongAgo);
        }
        let called = second.call_back.called_at;
        if called > second.at || called < domain.seen_at - CALLED_BEFORE {
            return Err(NotCompleted::CalledWhen);
        }
        Ok(Self {
            evidence: Evidence {
                second: Some(second),
                ..self.evidence
            },
            ..self
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::VerificationMethod;
    use super::*;
    use crate::time::from_millis;
    use uuid::Uuid;

    fn at(days: i64) -> At {
        from_millis(days * 86_400_000).unwrap()
    }

    fn client(number: u128) -> ClientId {
        ClientId::from_uuid(Uuid::from_u128(number))
    }

    fn first() -> Verification {
        Verification {
            method: VerificationMethod::OfficialList,
            by: "Ada Nowak".into(),
            verified_at: at(100),
            expires_at: at(465),
            note: None,
            evidence: Evidence {
                client: Some(client(1)),
                domain: Some(DomainProof {
                    domain: "police.example".into(),
                    method: ControlMethod::DnsTxt,
                    seen_at: at(100),
                }),
                second: None,
            },
        }
    }

    fn second() -> SecondCheck {
        SecondCheck {
            by: "Ben Okafor".into(),
            client: client(2),
            call_back: CallBack {
                source: "the ministry's list".into(),
                called_at: at(101),
            },
            at: at(102),
        }
    }

    #[test]
    fn a_second_person_completes_what_the_first_recorded() {
        assert!(!first().is_by_two());
        let whole = first().completed(second()).unwrap();
        assert!(whole.is_by_two());
        let json = serde_json::to_value(&whole).unwrap();
        assert_eq!(serde_json::from_value::<Verification>(json).unwrap(), whole);
        let again = whole.completed(second());
        assert_eq!(again, Err(NotCompleted::Completed("Ben Okafor".into())));
    }

    #[test]
    fn what_was_recorded_before_is_of_one_person() {
        let old = r#"{"method": "call_back", "by": "Duty desk", "verified_at": "2026-01-05T09:00:00Z", "expires_at": "2027-01-05T09:00:00Z", "note": null}"#;
        let old: Verification = serde_json::from_str(old).unwrap();
        assert!(!old.is_by_two());
        let refused = Verification {
            expires_at: at(400_000),
            ..old
        };
        let late = SecondCheck {
            at: at(21_000),
            ..second()
        };
        assert_eq!(refused.completed(late), Err(NotCompleted::UnknownFirst));
    }

    #[test]
    fn one_alone_cannot() {
        let with = |change: fn(&mut SecondCheck)| {
            let mut second = second();
            change(&mut second);
            first().completed(second).unwrap_err()
        };
        assert_eq!(with(|s| s.client = client(1)), NotCompleted::SameClient);
        assert_eq!(
            with(|s| s.by = " ada  NOWAK".into()),
            NotCompleted::SamePerson("Ada Nowak".into())
        );
        assert_eq!(with(|s| s.at = at(465)), NotCompleted::Over);
        assert_eq!(
            with(|s| s.call_back.called_at = at(103)),
            NotCompleted::CalledWhen
        );
        assert_eq!(
            with(|s| s.call_back.called_at = at(69)),
            NotCompleted::CalledWhen
        );
        assert!(
            with(|s| s.call_back.source = " ".into())
                .to_string()
                .contains("source")
        );
        // What the first person says of the day does not move the limits.
        let mut dated_back = first();
        dated_back.verified_at = at(1);
        let early = SecondCheck {
            call_back: CallBack {
                called_at: at(69),
                ..second().call_back
            },
            ..second()
        };
        assert_eq!(dated_back.completed(early), Err(NotCompleted::CalledWhen));
        let on = |day: i64| {
            first().completed(SecondCheck {
                at: at(day),
                ..second()
            })
        };
        assert!(on(130).is_ok());
        assert_eq!(on(131), Err(NotCompleted::DomainLongAgo));
        let mut nowhere = first();
        nowhere.evidence.domain = None;
        assert_eq!(nowhere.completed(second()), Err(NotCompleted::NoDomain));
    }
}
