//! What time it is where this client speaks to.

use chrono::{TimeDelta, Utc};
use serde_json::Value;
use takedown_core::time::parse_rfc3339;

use super::{Call, Client, header};

/// A sandbox is ahead by ten years at the most.
const FARTHEST: TimeDelta = TimeDelta::days(3_660);

impl Client {
    /// By how much the clock of a sandbox is ahead of this machine's; not at all where none answers. What is signed is judged by that
    /// clock. It is never behind: nobody has this machine sign for a time that is over.
    pub async fn ahead(&self) -> TimeDelta {
        let mut call = Call::get(&["v1", "sandbox"]);
        call.impatient = true;
        // Whatever else is wrong the call for which it is asked will tell.
        let Ok(answer) = self.send(&call).await else {
            return TimeDelta::zero();
        };
        if header(answer.headers(), "takedown-sandbox").is_none() {
            return TimeDelta::zero();
        }
        let told: Value = answer.json().await.unwrap_or_default();
        let now = told["now"].as_str().and_then(|at| parse_rfc3339(at).ok());
        now.map(|now| now - Utc::now())
            .filter(|ahead| *ahead > TimeDelta::zero() && *ahead <= FARTHEST)
            .unwrap_or_default()
    }
}
