//! A platform as it is answered.

use actix_web::HttpResponse;
use serde::Serialize;
use takedown_core::policy::Party;
use utoipa::ToSchema;

use super::notification::NotificationView;
use crate::app::Caller;
use crate::app::parties;
use crate::http::v1::registry::versioned;
use crate::http::wire::Instant;

/// Whoever is asked.
#[derive(Debug, Serialize, ToSchema)]
pub struct Platform {
    /// Identifier, `platform_…`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where it is established, ISO 3166-1 alpha-2; `null` while nobody knows.
    #[schema(required = true)]
    pub country: Option<String>,
    /// How well it is known: `sighted`, `contacted`, `claimed`, `active` or `gone`.
    pub standing: String,
    /// Its clients may not call while this holds.
    pub suspended: bool,
    /// Why it is suspended; `null` when it is not, and for anybody but the operator.
    #[schema(required = true)]
    pub suspension_reason: Option<String>,
    /// The hosts that lead to it; what lies below one is included.
    pub hosts: Vec<String>,
    /// The languages it accepts, the preferred one first; empty while nobody knows.
    pub languages: Vec<String>,
    /// IANA name of its zone.
    pub time_zone: String,
    /// Where it is told; `null` for anybody but itself and the operator.
    #[schema(required = true)]
    pub contacts: Option<Vec<String>>,
    /// `micro`, `small`, `medium`, `large` or `very_large`.
    pub size_class: String,
    /// How it wants its mails.
    pub notification: NotificationView,
    /// Counts changes, from 1; also the ETag.
    pub version: i32,
    /// When it was registered.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

impl Platform {
    /// The platform as `caller` may see it.
    #[must_use]
    pub fn of(platform: &parties::Platform, caller: &Caller) -> Self {
        let operator = caller.actor.party() == Party::Operator;
        let inside = match caller.actor.party() {
            Party::Operator => true,
            Party::Platform(id) => id == platform.id,
            _ => false,
        };
        Self {
            id: platform.id.to_string(),
            name: platform.name.clone(),
            country: platform.country.map(|c| c.to_string()),
            standing: platform.standing.to_string(),
            suspended: platform.suspended,
            suspension_reason: platform.suspension_reason.clone().filter(|_| operator),
            hosts: platform.hosts.clone(),
            languages: platform.languages.iter().map(ToString::to_string).collect(),
            time_zone: platform.time_zone.clone(),
            contacts: inside.then(|| platform.contacts.clone()),
            size_class: platform.size_class.to_string(),
            notification: NotificationView::from(&platform.wishes),
            version: platform.version,
            created_at: Instant(platform.created_at),
            updated_at: Instant(platform.updated_at),
        }
    }
}

/// 200 with the platform and its version.
pub(super) fn ok(platform: &parties::Platform, caller: &Caller) -> HttpResponse {
    versioned(platform.version, &Platform::of(platform, caller))
}
