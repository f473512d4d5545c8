//! Filings as the stories' units write them: true to the wire contract, harmless in content.

use serde_json::{Value, json};

/// A filing being written. Starts as a plain referral of one link on `paste.example`.
#[derive(Debug, Clone)]
pub struct Filing(Value);

impl Filing {
    /// A voluntary referral of these links.
    pub fn referral(links: &[&str]) -> Filing {
        Filing(json!({
            "instrument": "referral",
            "grounds": ["tco:a"],
            "reasons": {"text": "Instructions that fall under your own terms; shown to minors.", "language": "en"},
            "items": links.iter().map(|link| json!({"locator": link})).collect::<Vec<_>>(),
        }))
    }

    /// A removal order under Regulation (EU) 2021/784: one hour from receipt, in all Member States.
    pub fn tco_order(links: &[&str]) -> Filing {
        let mut filing = Filing::referral(links).set("instrument", json!("eu-tco-order"));
        filing.0["reasons"]["text"] = json!(
            "The material solicits others to commit the offences named, see the description of each item."
        );
        // Only a first order needs it, and every story has its own first.
        filing.0["prior_notice_waived"] = json!("The attack is announced for today.");
        filing
    }

    /// With a field set, or removed when the value is null.
    pub fn set(mut self, field: &str, value: Value) -> Filing {
        match (self.0.as_object_mut(), value) {
            (Some(fields), Value::Null) => drop(fields.remove(field)),
            (_, value) => self.0[field] = value,
        }
        self
    }

    /// With the agency's own file number.
    pub fn reference(self, reference: &str) -> Filing {
        self.set("agency_reference", json!(reference))
    }

    /// For a platform that cannot be found by a host name.
    pub fn platform(self, id: &str) -> Filing {
        self.set("platform", json!(id))
    }

    /// As it goes over the wire.
    pub fn json(&self) -> Value {
        self.0.clone()
    }
}

/// A decision on every item that has none: this outcome, on the platform's own terms.
pub fn decide_all(outcome: &str) -> Value {
    json!({"decisions": [{"all_undecided": true, "outcome": outcome, "basis": "terms"}]})
}

/// A decision on these items.
pub fn decide(items: &[&Value], outcome: &str) -> Value {
    json!({"decisions": [{"items": items, "outcome": outcome, "basis": "terms"}]})
}
