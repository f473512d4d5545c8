//! A copied order as its authority sees it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::app::Caller;
use crate::app::once::Answer;
use crate::app::requests::RequestView;
use crate::http::v1::requests::view::oversight::Scrutiny;
use crate::http::v1::requests::view::{Request, RequestSummary};

/// An order of another authority, with everything that its platform sees of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct CopiedOrder {
    /// What the authority can do about it, until when, and what it did.
    pub scrutiny: Scrutiny,
    /// The order. The officer's name and whom the material is taken to come from stay with the agency.
    pub order: Request,
}

/// The same as lists show it.
#[derive(Debug, Serialize, ToSchema)]
pub struct CopiedOrderSummary {
    /// What the authority can do about it, until when, and what it did.
    pub scrutiny: Scrutiny,
    /// The order without its text and its items.
    pub order: RequestSummary,
}

impl CopiedOrder {
    /// As the authority sees it; nothing of what was not copied.
    #[must_use]
    pub fn of(view: &RequestView, caller: &Caller) -> Option<Self> {
        Some(Self {
            scrutiny: Scrutiny::of(view, true)?,
            order: Request::of(view, &caller.seeing_as(view.platform.id)),
        })
    }
}

impl CopiedOrderSummary {
    /// As the authority sees it; nothing of what was not copied.
    #[must_use]
    pub fn of(view: &RequestView) -> Option<Self> {
        Some(Self {
            scrutiny: Scrutiny::of(view, true)?,
            order: RequestSummary::of(view, false),
        })
    }
}

/// The order with 200 and its version.
pub(super) fn ok(view: &RequestView, caller: &Caller) -> Answer {
    Answer {
        status: 200,
        headers: vec![("etag".into(), format!("\"{}\"", view.request.version))],
        body: serde_json::to_string(&CopiedOrder::of(view, caller)).unwrap_or_default(),
    }
}
