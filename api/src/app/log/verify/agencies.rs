//! What decides whether an agency is believed, beside the entries that say so: its verification, and that its unit signs everything.

use std::collections::BTreeMap;

use serde::Deserialize;
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
    /// Until when the newest verification holds.
    verified_until: Option<At>,
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
            "agency.verified" | "agency.confirmed" | "agency.signing"
        ) {
            return;
        }
        let about = Said::of(&row.data).and_then(|said| said.about());
        let made = self.0.entry(about.unwrap_or_default().to_owned());
        let made = made.or_default();
        let said: SaidOf = serde_json::from_str(data).unwrap_or_default();
        match row.event.as_str() {
            "agency.verified" => {
                made.verified_until = said.expires_at;
                made.completed = None;
            }
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
        // The first versions recorded none of what was brought along at the registration.
        if let Some(until) = self.verified_until {
            let stored = verification.map(|found| rfc3339(found.expires_at));
            differs("verification", stored, Some(rfc3339(until)), fault);
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
