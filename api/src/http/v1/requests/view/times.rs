//! The clock of a request, and what sets it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::http::wire::Instant;

/// The deadline of an order, computed from its instrument.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClockView {
    /// `none`, `waiting`, `running`, `standing` or `stopped`.
    pub state: String,
    /// What starts it: `receipt`, `given`, `knowledge` or `specified`.
    #[schema(required = true)]
    pub starts_on: Option<String>,
    /// By when, while it runs or after it stopped.
    #[schema(required = true)]
    pub due_at: Option<Instant>,
    /// While it stands: what is left of it.
    #[schema(required = true)]
    pub left_seconds: Option<i64>,
}

/// Formal service apart from the filing.
#[derive(Debug, Serialize, ToSchema)]
pub struct Service {
    /// `in_person` or `recorded_post`.
    pub method: String,
    /// When it was served.
    pub served_at: Instant,
}

/// A time set by a court or authority itself.
#[derive(Debug, Serialize, ToSchema)]
pub struct Specified {
    /// By when.
    pub due_at: Instant,
    /// Who set it.
    pub issued_by: String,
    /// The number of the case there.
    #[schema(required = true)]
    pub case_number: Option<String>,
}
