//! What other authorities have to do with an order: the copy to the authority of the platform's country, its scrutiny, and
//! when an order is final.
//!
//! For an order of Regulation (EU) 2021/784: Articles 3(9), 4 and 5(4). The times are the instrument's as they were when the
//! order was filed, so that an operator who changes a file of his own moves no time that runs.

mod finality;
mod scrutiny;

use serde::{Deserialize, Serialize};

pub use finality::{FinalHow, Finality, FinalityError};
pub use scrutiny::{Asked, CopySent, Decision, Finding, Requester, Scrutiny, ScrutinyError};

/// All of it for one order; nothing for a request that no other authority has to do with.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Oversight {
    /// The copy and the scrutiny, where the order crosses a border.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scrutiny: Option<Scrutiny>,
    /// That it is final.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finality: Option<Finality>,
}

#[cfg(test)]
mod tests;
