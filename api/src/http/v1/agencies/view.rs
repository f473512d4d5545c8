//! An agency as it is answered.

use actix_web::HttpResponse;
use serde::Serialize;
use takedown_core::policy::Party;
use utoipa::ToSchema;

use super::notification::AgencyNotificationView;
use crate::app::Caller;
use crate::app::parties;
use crate::http::v1::registry::versioned;
use crate::http::wire::Instant;

/// Whoever files. What serves only its own work is shown to itself and to the operator.
#[derive(Debug, Serialize, ToSchema)]
pub struct Agency {
    /// Identifier, `agency_…`.
    pub id: String,
    /// Its name, as platforms see it.
    pub name: String,
    /// Whose authority it is, ISO 3166-1 alpha-2.
    pub country: String,
    /// `police`, `judicial`, `regulator` or `other`.
    pub r#type: String,
    /// `pending`, `verified` or `suspended`; only a verified agency files.
    pub status: String,
    /// Why it is suspended; `null` when it is not, and for anybody but the operator.
    #[schema(required = true)]
    pub suspension_reason: Option<String>,
    /// How the operator of this exchange verified it; `null` while nobody has.
    #[schema(required = true)]
    pub verification: Option<Verification>,
    /// Where to complain: a mail address or an https URL.
    pub complaints: String,
    /// Where it is told of answers; `null` for others.
    #[schema(required = true)]
    pub mail: Option<String>,
    /// Language of those mails; `null` for others.
    #[schema(required = true)]
    pub language: Option<String>,
    /// IANA zone in which those mails show times; `null` for others.
    #[schema(required = true)]
    pub time_zone: Option<String>,
    /// Whether it agrees to be named to agencies that ask about the same item and agree as well; `null` for others.
    #[schema(required = true)]
    pub naming_agreed: Option<bool>,
    /// How it wants its mails; `null` for others.
    #[schema(required = true)]
    pub notification: Option<AgencyNotificationView>,
    /// Under which instruments it scrutinises the orders of other authorities to platforms of its country.
    pub scrutinises: Vec<String>,
    /// Whether its unit signs whatever it asks: what comes in its name without that signature is refused.
    pub signature_required: bool,
    /// Counts changes, from 1; also the ETag.
    pub version: i32,
    /// When it was registered.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

/// How an agency was verified.
#[derive(Debug, Serialize, ToSchema)]
pub struct Verification {
    /// `in_person`, `call_back`, `official_letter`, `official_domain`, `official_list` or `vouched`.
    pub method: String,
    /// Who of the operator's people did it.
    pub by: String,
    /// When.
    pub verified_at: Instant,
    /// From then on the agency cannot file until it is verified again.
    pub expires_at: Instant,
    /// What else is worth knowing.
    #[schema(required = true)]
    pub note: Option<String>,
    /// How many people of the operator found it out: 1, or 2 when a second one called back.
    pub persons: u8,
    /// The agency's own domain, which names it as the exchange saw; anybody can look there for
    /// `takedown-exchange-agency=agency_…`. `null` when it was not proved.
    #[schema(required = true)]
    pub domain: Option<AgencyDomain>,
    /// The second person; `null` when there was none.
    #[schema(required = true)]
    pub second: Option<SecondPerson>,
}

/// A domain that names an agency.
#[derive(Debug, Serialize, ToSchema)]
pub struct AgencyDomain {
    /// The domain.
    pub domain: String,
    /// `dns_txt` or `well_known`.
    pub method: String,
    /// When the exchange saw it.
    pub seen_at: Instant,
}

/// Who completed a verification.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecondPerson {
    /// Who.
    pub by: String,
    /// Where the number comes from on which he called.
    pub source: String,
    /// When he called.
    pub called_at: Instant,
    /// When he recorded it.
    pub at: Instant,
}

impl Agency {
    /// The agency as `caller` may see it.
    #[must_use]
    pub fn of(agency: &parties::Agency, caller: &Caller) -> Self {
        let operator = caller.actor.party() == Party::Operator;
        let inside = match caller.actor.party() {
            Party::Operator => true,
            Party::Agency(id) => id == agency.id,
            _ => false,
        };
        Self {
            id: agency.id.to_string(),
            name: agency.name.clone(),
            country: agency.country.to_string(),
            r#type: agency.agency_type.to_string(),
            status: agency.status.to_string(),
            suspension_reason: agency.suspension_reason.clone().filter(|_| operator),
            verification: agency.verification.as_ref().map(|v| Verification {
                method: v.method.to_string(),
                by: v.by.clone(),
                verified_at: Instant(v.verified_at),
                expires_at: Instant(v.expires_at),
                note: v.note.clone(),
                persons: if v.is_by_two() { 2 } else { 1 },
                domain: v.evidence.domain.as_ref().map(|proof| AgencyDomain {
                    domain: proof.domain.clone(),
                    method: proof.method.to_string(),
                    seen_at: Instant(proof.seen_at),
                }),
                second: v.evidence.second.as_ref().map(|second| SecondPerson {
                    by: second.by.clone(),
                    source: second.call_back.source.clone(),
                    called_at: Instant(second.call_back.called_at),
                    at: Instant(second.at),
                }),
            }),
            complaints: agency.complaints.clone(),
            mail: inside.then(|| agency.mail.clone()),
            language: inside.then(|| agency.language.to_string()),
            time_zone: inside.then(|| agency.time_zone.clone()),
            naming_agreed: inside.then_some(agency.naming_agreed),
            notification: inside.then(|| AgencyNotificationView::from(&agency.wishes)),
            scrutinises: agency.scrutinises.iter().map(ToString::to_string).collect(),
            signature_required: agency.signature_required,
            version: agency.version,
            created_at: Instant(agency.created_at),
            updated_at: Instant(agency.updated_at),
        }
    }
}

/// 200 with the agency and its version.
pub(super) fn ok(agency: &parties::Agency, caller: &Caller) -> HttpResponse {
    versioned(agency.version, &Agency::of(agency, caller))
}
