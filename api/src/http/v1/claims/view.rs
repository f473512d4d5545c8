//! A claim as it is answered.

use serde::Serialize;
use utoipa::ToSchema;

use crate::app::claims;
use crate::http::wire::Instant;

/// That somebody wants to prove to be in charge of a platform.
#[derive(Debug, Serialize, ToSchema)]
pub struct Claim {
    /// Identifier, `claim_…`.
    pub id: String,
    /// Of which platform.
    pub platform: String,
    /// For which of its hosts.
    pub host: String,
    /// `open` while the proof is looked for, `granted`, or `contested`: proved, but the operator decides, because somebody acts or
    /// answers for the platform already, or it has other hosts that do not lie below the proved one.
    pub status: String,
    /// `operator`, or `link` for somebody with the answer link of a mail.
    pub begun_by: String,
    /// What is to be put up: one of the two is enough.
    pub proof: ClaimProof,
    /// When it was begun.
    pub started_at: Instant,
    /// Until when the proof is looked for.
    pub expires_at: Instant,
    /// How often was looked; 100 times at most.
    pub looks: i32,
    /// When last; `null` when nobody has.
    #[schema(required = true)]
    pub looked_at: Option<Instant>,
    /// What was there then, place by place.
    pub seen: Vec<ClaimSight>,
    /// How it was proved, `dns_txt` or `well_known`; `null` while it is not.
    #[schema(required = true)]
    pub method: Option<String>,
    /// When it was proved.
    #[schema(required = true)]
    pub proved_at: Option<Instant>,
    /// The client that was made for whoever proved it, `client_…`.
    #[schema(required = true)]
    pub client: Option<String>,
}

/// What is to be put up.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClaimProof {
    /// What the record holds, and a line of the file.
    pub line: String,
    /// The name of the TXT record; `null` where a record would prove nothing, below the suffix of somebody who gives out names.
    #[schema(required = true)]
    pub record: Option<String>,
    /// The address of the file; `null` where none would prove anything.
    #[schema(required = true)]
    pub file: Option<String>,
}

/// What was seen in one place.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClaimSight {
    /// `dns_txt` or `well_known`.
    pub method: String,
    /// The name of the record, or the address of the file.
    pub at: String,
    /// `proof`, `nothing`, `quoted`, `bare`, `other_code`, `cut`, `differs`, `other`, `elsewhere`, `status`, `redirect`, `html` or
    /// `failed`; new words may come.
    pub found: String,
    /// What that means, and what to do.
    pub says: String,
}

impl Claim {
    pub(super) fn of(claim: &claims::Claim) -> Self {
        let challenge = &claim.challenge;
        Self {
            id: claim.id.to_string(),
            platform: claim.platform.to_string(),
            host: challenge.host().to_owned(),
            status: claim.status.to_string(),
            begun_by: if claim.by_operator {
                "operator"
            } else {
                "link"
            }
            .to_owned(),
            proof: ClaimProof {
                line: challenge.line().to_owned(),
                record: challenge.record(),
                file: challenge.file(),
            },
            started_at: Instant(claim.started_at),
            expires_at: Instant(claim.expires_at),
            looks: claim.looks,
            looked_at: claim.looked_at.map(Instant),
            seen: claim
                .seen
                .iter()
                .map(|sight| ClaimSight {
                    method: sight.method.to_string(),
                    at: sight.at.clone(),
                    found: sight.found.word().to_owned(),
                    says: sight.found.to_string(),
                })
                .collect(),
            method: claim.method.map(|method| method.to_string()),
            proved_at: claim.proved_at.map(Instant),
            client: claim.client.clone(),
        }
    }
}
