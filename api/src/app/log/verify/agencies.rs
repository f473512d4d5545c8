//! What decides whether an agency is believed, beside the entries that say so: that it is registered, its verification, whether it is
//! suspended, and that its unit signs everything.

use std::collections::BTreeMap;

use serde::Deserialize;
use takedown_core::agency::AgencyStatus;
use takedown_core::time::{At, rfc3339};

use super::keys::differs;
use super::said::Said;
use crate::app::parties::Agency;
use crate::store::agencies;
use crate::store::log::whole::WholeRow;
use crate::store::{Conn, StoreError};

/// How many agencies are read at a time.
const AT_ONCE: i64 = 500;

/// What the entries make of each agency.
#[derive(Debug, Default)]
pub(super) struct Agencies(BTreeMap<String, Made>);

#[derive(Debug, Default)]
struct Made {
    registered: bool,
    /// Once it was verified: until when the newest verification holds, as far as its entry says so.
    verified: Option<Option<At>>,
    suspended: bool,
    /// The domain that a second person completed it with, and when he called.
    completed: Option<(String, At)>,
    signature_required: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SaidOf {
    expires_at: Option<At>,
    domain: String,
    called_at: Option<At>,
    required: bool,
}

impl Agencies {
    /// Looks at an entry; `data` are the bytes of what happened.
    pub(super) fn look(&mut self, row: &WholeRow, data: &str) {
        if !matches!(
            row.event.as_str(),
            "agency.registered"
                | "agency.verified"
                | "agency.confirmed"
                | "agency.suspended"
                | "agency.reinstated"
                | "agency.signing"
        ) {
            return;
        }
        let about = Said::of(&row.data).and_then(|said| said.about());
        let made = self.0.entry(about.unwrap_or_default().to_owned());
        let made = made.or_default();
        let said: SaidOf = serde_json::from_str(data).unwrap_or_default();
        match row.event.as_str() {
            "agency.registered" => made.registered = true,
            "agency.verified" => {
                made.verified = Some(said.expires_at);
                made.completed = None;
            }
            "agency.suspended" => made.suspended = true,
            "agency.reinstated" => made.suspended = false,
            "agency.confirmed" => {
                made.completed = said.called_at.map(|called_at| (said.domain, called_at));
            }
            _ => made.signature_required = said.required,
        }
    }

    /// Compares every agency with what the entries make of it.
    pub(super) fn end(
        mut self,
        conn: &mut Conn,
        fault: &mut dyn FnMut(String),
    ) -> Result<(), StoreError> {
        // Where none has an entry of its registration, whoever entered them did so beside the exchange.
        let registers = self.0.values().any(|made| made.registered);
        let mut after: Option<String> = None;
        loop {
            let some = agencies::page(conn, after.as_deref(), AT_ONCE)?;
            match some.last() {
                Some(last) => after = Some(last.id.clone()),
                None => break,
            }
            for row in some {
                let id = row.id.clone();
                let mut of_agency = |what: String| fault(format!("the agency {id}: {what}"));
                let made = self.0.remove(&id).unwrap_or_default();
                if registers && !made.registered {
                    of_agency("no entry registered it".to_owned());
                }
                match Agency::try_from(row) {
                    Ok(agency) => made.compare(&agency, &mut of_agency),
                    Err(why) => of_agency(format!("it cannot be read: {why}")),
                }
            }
        }
        for (id, _) in self.0 {
            fault(format!(
                "the agency {id}: its entries say that it is there, and it is not"
            ));
        }
        Ok(())
    }
}

impl Made {
    fn compare(&self, agency: &Agency, fault: &mut dyn FnMut(String)) {
        let (stored, made) = (agency.signature_required, self.signature_required);
        differs("signature_required", Some(stored), Some(made), fault);
        let verification = agency.verification.as_ref();
        if self.registered || self.verified.is_some() {
            let stored = verification.map(|found| rfc3339(found.expires_at));
            let made = match self.verified {
                // The entry does not say until when; that there is a verification it does say.
                Some(None) => stored.clone().or_else(|| Some("one".to_owned())),
                said => said.flatten().map(rfc3339),
            };
            differs("verification", stored, made, fault);
        }
        if self.registered {
            let made = match self.verified {
                _ if self.suspended => AgencyStatus::Suspended,
                Some(_) => AgencyStatus::Verified,
                None => AgencyStatus::Pending,
            };
            let (stored, made) = (agency.status.as_str(), made.as_str());
            differs("status", Some(stored), Some(made), fault);
        }
        let second = verification.and_then(|found| {
            let second = found.evidence.second.as_ref()?;
            let domain = found.evidence.domain.as_ref();
            let domain = domain.map_or("", |proof| proof.domain.as_str());
            Some(completion(domain, second.call_back.called_at))
        });
        let made = self.completed.as_ref();
        let made = made.map(|(domain, called_at)| completion(domain, *called_at));
        differs("verification", second, made, fault);
    }
}

fn completion(domain: &str, called_at: At) -> String {
    format!(
        "a second check for {domain:?}, called {}",
        rfc3339(called_at)
    )
}
