//! When an order is final.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{text::coded_enum, time::At};

coded_enum! {
    /// Why an order is final (Regulation (EU) 2021/784, Article 3(9)).
    pub enum FinalHow, "a way for an order to become final" {
        /// The time to appeal is over, and nobody did.
        AppealPeriodExpired => "appeal_period_expired",
        /// It was confirmed on appeal.
        ConfirmedOnAppeal => "confirmed_on_appeal",
    }
}

/// That an order is final.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finality {
    /// Why.
    pub how: FinalHow,
    /// Since when.
    pub final_at: At,
    /// When the agency said so.
    pub recorded_at: At,
}

/// Why that cannot be recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FinalityError {
    /// It was recorded before.
    #[error("the order is recorded as final already")]
    Twice,
    /// Nothing is final before it is.
    #[error("lies in the future: record it once the order is final")]
    Future,
    /// Nothing is final before it was issued.
    #[error("lies before the order was filed")]
    BeforeFiling,
}

impl Finality {
    /// Records it at `now` for an order filed at `filed_at`.
    ///
    /// # Errors
    /// [`FinalityError`]
    pub fn record(
        before: Option<&Self>,
        how: FinalHow,
        final_at: At,
        filed_at: At,
        now: At,
    ) -> Result<Self, FinalityError> {
        if before.is_some() {
            return Err(FinalityError::Twice);
        }
        if final_at > now {
            return Err(FinalityError::Future);
        }
        if final_at < filed_at {
            return Err(FinalityError::BeforeFiling);
        }
        Ok(Self {
            how,
            final_at,
            recorded_at: now,
        })
    }
}
