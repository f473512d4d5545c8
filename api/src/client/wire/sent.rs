//! What the client sends.

use serde::Serialize;

use super::Text;

macro_rules! sent {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, Serialize)]
        pub struct $name { $($(#[$field_doc])* pub $field: $kind,)* }
    };
}

sent!(
    /// A filing (`POST /v1/requests`).
    Filing {
        /// Id in the catalogue.
        instrument: String,
        /// Ground codes.
        grounds: Vec<String>,
        /// Statement of reasons.
        reasons: Text,
        /// What is asked about.
        items: Vec<FiledItem>,
        /// TypeID; needed when no item has a host.
        #[serde(skip_serializing_if = "Option::is_none")]
        platform: Option<String>,
        /// The agency's own file number.
        #[serde(skip_serializing_if = "Option::is_none")]
        agency_reference: Option<String>,
        /// The legal provision cited.
        #[serde(skip_serializing_if = "Option::is_none")]
        provision: Option<String>,
        /// The law that gives the power.
        #[serde(skip_serializing_if = "Option::is_none")]
        legal_basis: Option<String>,
        /// How it can be challenged.
        #[serde(skip_serializing_if = "Option::is_none")]
        redress: Option<Text>,
        /// Which other authority is told of the effect.
        #[serde(skip_serializing_if = "Option::is_none")]
        effect_to: Option<String>,
        /// Made in good faith.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        bona_fide: bool,
        /// Whose law; by default the agency's country.
        #[serde(skip_serializing_if = "Option::is_none")]
        jurisdiction: Option<String>,
        /// Where effect is asked.
        #[serde(skip_serializing_if = "Option::is_none")]
        territory: Option<FiledTerritory>,
        /// Who signs.
        #[serde(skip_serializing_if = "Option::is_none")]
        officer: Option<FiledOfficer>,
        /// How it was served outside the exchange.
        #[serde(skip_serializing_if = "Option::is_none")]
        service: Option<FiledService>,
        /// A deadline that a court or authority set.
        #[serde(skip_serializing_if = "Option::is_none")]
        specified: Option<FiledDeadline>,
        /// Until when the uploader may not be told.
        #[serde(skip_serializing_if = "Option::is_none")]
        non_disclosure: Option<FiledUntil>,
        /// Until when removed material must be kept.
        #[serde(skip_serializing_if = "Option::is_none")]
        preservation: Option<FiledUntil>,
        /// Whom the material is thought to come from.
        #[serde(skip_serializing_if = "Option::is_none")]
        attribution: Option<FiledAttribution>,
        /// Groups requests that belong together.
        #[serde(skip_serializing_if = "Option::is_none")]
        operation: Option<String>,
        /// Sightings that it follows.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        sightings: Vec<String>,
        /// `refuse`: do not file while somebody may be at one of the items already.
        #[serde(skip_serializing_if = "Option::is_none")]
        if_repeated: Option<String>,
        /// Why the platform was not told before a first order.
        #[serde(skip_serializing_if = "Option::is_none")]
        prior_notice_waived: Option<String>,
        /// A translation of the reasons.
        #[serde(skip_serializing_if = "Option::is_none")]
        translation: Option<Text>,
    }
);

sent!(
    /// One thing to act on.
    FiledItem {
        /// Exactly as the agency has it.
        locator: String,
        /// url, account, channel, site, file_hash, listing.
        kind: String,
        /// What it shows, in words.
        #[serde(skip_serializing_if = "Option::is_none")]
        description: Option<String>,
        /// How graphic it is, 0 to 3.
        #[serde(skip_serializing_if = "Option::is_none")]
        graphic: Option<u8>,
        /// When it was seen.
        #[serde(skip_serializing_if = "Option::is_none")]
        seen_at: Option<String>,
    }
);

sent!(
    /// Where effect is asked.
    FiledTerritory {
        /// ISO 3166-1 alpha-2 codes.
        countries: Vec<String>,
        /// Everywhere.
        worldwide: bool,
    }
);

sent!(
    /// Who signs; the name is escrowed.
    FiledOfficer {
        /// What platforms see.
        handle: String,
        /// For the agency and the auditor only.
        #[serde(skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// Rank, where the instrument asks for one.
        #[serde(skip_serializing_if = "Option::is_none")]
        rank: Option<String>,
    }
);

sent!(
    /// Service outside the exchange.
    FiledService {
        /// in_person or recorded_post.
        method: String,
        /// When.
        served_at: String,
    }
);

sent!(
    /// A deadline that somebody else set.
    FiledDeadline {
        /// When it runs out.
        due_at: String,
        /// Who set it.
        issued_by: String,
        /// Under which number.
        #[serde(skip_serializing_if = "Option::is_none")]
        case_number: Option<String>,
    }
);

sent!(
    /// Something that lasts until an instant.
    FiledUntil {
        /// The instant.
        until: String,
        /// Why.
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    }
);

sent!(
    /// Whom the material is thought to come from.
    FiledAttribution {
        /// Whom.
        source: String,
        /// confirmed, probable, possible, doubtful, suspected_decoy.
        confidence: String,
    }
);

sent!(
    /// One decision over one or more items (`POST /v1/requests/{id}/decisions`).
    Decision {
        /// Item TypeIDs; empty when `all_undecided`.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        items: Vec<String>,
        /// Every item without an outcome.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        all_undecided: bool,
        /// Outcome code.
        outcome: String,
        /// law or terms.
        basis: String,
        /// When it took effect; by default now.
        #[serde(skip_serializing_if = "Option::is_none")]
        effective_at: Option<String>,
        /// yes, no, not_possible, non_disclosure.
        #[serde(skip_serializing_if = "Option::is_none")]
        uploader_informed: Option<String>,
        /// Countries of a geographic block.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        countries: Vec<String>,
        /// The request it repeats.
        #[serde(skip_serializing_if = "Option::is_none")]
        duplicate_of: Option<String>,
        /// In words.
        #[serde(skip_serializing_if = "Option::is_none")]
        note: Option<String>,
        /// BCP 47 tag of these words.
        #[serde(skip_serializing_if = "Option::is_none")]
        note_language: Option<String>,
    }
);
