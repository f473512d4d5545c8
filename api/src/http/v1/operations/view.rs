//! An operation as it is answered.

use std::collections::BTreeMap;
use std::fmt::Display;

use serde::Serialize;
use utoipa::ToSchema;

use crate::app::operations;
use crate::app::parties;
use crate::http::wire::Instant;

/// An operation by its name.
#[derive(Debug, Serialize, ToSchema)]
pub struct OperationBrief {
    /// Identifier, `op_…`.
    pub id: String,
    /// What its lead calls it.
    pub label: String,
}

impl OperationBrief {
    /// The operation by its name.
    #[must_use]
    pub fn of(operation: &operations::OperationBrief) -> Self {
        Self {
            id: operation.id.clone(),
            label: operation.label.clone(),
        }
    }

    /// Where it is.
    #[must_use]
    pub fn location(&self) -> String {
        format!("/v1/operations/{}", self.id)
    }
}

/// An agency as others in an operation see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct OperationAgency {
    /// Identifier, `agency_…`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whose authority it is, ISO 3166-1 alpha-2.
    pub country: String,
}

impl OperationAgency {
    pub(super) fn of(agency: &parties::Agency) -> Self {
        Self {
            id: agency.id.to_string(),
            name: agency.name.clone(),
            country: agency.country.to_string(),
        }
    }
}

/// An agency besides the lead.
#[derive(Debug, Serialize, ToSchema)]
pub struct OperationMember {
    /// Who.
    pub agency: OperationAgency,
    /// `invited` or `joined`.
    pub membership: String,
    /// When it was last invited.
    pub invited_at: Instant,
    /// When it joined.
    #[schema(required = true)]
    pub answered_at: Option<Instant>,
}

/// How far an operation is: counts over all its requests, whoever filed them. Words that nothing counts for are absent.
#[derive(Debug, Serialize, ToSchema)]
pub struct OperationProgress {
    /// How many requests.
    pub requests: u64,
    /// How many of them still wait for somebody.
    pub open: u64,
    /// How many items over all of them.
    pub items: u64,
    /// How many items have no outcome.
    pub undecided: u64,
    /// Requests by status.
    pub by_status: BTreeMap<String, u64>,
    /// Closed requests by result.
    pub by_result: BTreeMap<String, u64>,
    /// Requests by the part that their target plays; those without one are not counted.
    pub by_role: BTreeMap<String, u64>,
    /// Items by their latest outcome.
    pub by_outcome: BTreeMap<String, u64>,
    /// How many deadlines run. Only orders have one.
    pub due: u64,
    /// How many of them have passed.
    pub overdue: u64,
    /// The earliest one that has not.
    #[schema(required = true)]
    pub next_due_at: Option<Instant>,
}

/// Requests that belong together over several platforms: a site, its host, its registrar, the accounts that promote it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Operation {
    /// Identifier, `op_…`.
    pub id: String,
    /// What its lead calls it.
    pub label: String,
    /// The agency that leads.
    pub lead: OperationAgency,
    /// How you stand to it: `lead`, `joined` or `invited`; `null` for an auditor of everything.
    #[schema(required = true)]
    pub membership: Option<String>,
    /// The agencies besides the lead that joined or are invited; to one that is only invited, itself.
    pub members: Vec<OperationMember>,
    /// How far it is; `null` for an agency that is only invited.
    #[schema(required = true)]
    pub progress: Option<OperationProgress>,
    /// When it was begun.
    pub created_at: Instant,
}

impl Operation {
    /// The operation as its caller may see it.
    #[must_use]
    pub fn of(view: &operations::OperationView) -> Self {
        Self {
            id: view.id.to_string(),
            label: view.label.clone(),
            lead: OperationAgency::of(&view.lead),
            membership: view.membership.map(|m| m.to_string()),
            members: view
                .members
                .iter()
                .map(|m| OperationMember {
                    agency: OperationAgency::of(&m.agency),
                    membership: m.member.membership.to_string(),
                    invited_at: Instant(m.member.invited_at),
                    answered_at: m.member.answered_at.map(Instant),
                })
                .collect(),
            progress: view.progress.as_ref().map(|p| OperationProgress {
                requests: p.requests,
                open: p.open,
                items: p.items,
                undecided: p.undecided,
                by_status: words(&p.statuses),
                by_result: words(&p.results),
                by_role: words(&p.roles),
                by_outcome: words(&p.outcomes),
                due: p.due,
                overdue: p.overdue,
                next_due_at: p.next_due_at.map(Instant),
            }),
            created_at: Instant(view.created_at),
        }
    }
}

fn words<T: Display>(counts: &BTreeMap<T, u64>) -> BTreeMap<String, u64> {
    counts
        .iter()
        .map(|(word, count)| (word.to_string(), *count))
        .collect()
}
