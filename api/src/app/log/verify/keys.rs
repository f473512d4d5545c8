//! The keys that units sign with, beside the entries that added, confirmed and revoked them.

use std::collections::BTreeMap;
use std::fmt::Display;

use serde::Deserialize;
use takedown_core::history::Digest;
use takedown_core::signed::{KeyClaims, UnitKey};
use takedown_core::time::At;

use super::said::Said;
use crate::store::log::whole::WholeRow;
use crate::store::signed::{self, KeyRow};
use crate::store::{Conn, StoreError};

/// How many keys are read at a time.
const AT_ONCE: i64 = 500;

/// What the entries make of the keys. A unit has some fifty at the most.
#[derive(Debug, Default)]
pub(super) struct Keys(BTreeMap<String, Made>);

/// A key as its entries make it.
#[derive(Debug, Default)]
struct Made {
    entry: String,
    agency: String,
    domain: String,
    proof: String,
    added_at: i64,
    counts_from: Option<i64>,
    cosigned_by: Option<String>,
    revoked_at: Option<i64>,
    compromised_at: Option<i64>,
}

/// What an entry says of a key.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SaidOfKey {
    kid: String,
    domain: String,
    proof: String,
    counts_from: Option<At>,
    cosigned_by: Option<String>,
    compromised_at: Option<At>,
}

impl Keys {
    /// Looks at an entry; `data` are the bytes of what happened.
    pub(super) fn look(
        &mut self,
        row: &WholeRow,
        data: &str,
        fault: &mut dyn FnMut(&WholeRow, String),
    ) {
        if !row.event.starts_with("signing_key.") {
            return;
        }
        let said: SaidOfKey = serde_json::from_str(data).unwrap_or_default();
        let millis = |at: Option<At>| at.map(|at| at.timestamp_millis());
        if row.event == "signing_key.added" {
            let agency = Said::of(&row.data).and_then(|said| said.about());
            let made = Made {
                entry: row.id.clone(),
                agency: agency.unwrap_or_default().to_owned(),
                domain: said.domain,
                proof: said.proof,
                added_at: row.at,
                counts_from: millis(said.counts_from),
                cosigned_by: said.cosigned_by,
                ..Made::default()
            };
            if self.0.insert(said.kid.clone(), made).is_some() {
                fault(row, format!("the key {} was added before", said.kid));
            }
            return;
        }
        let Some(made) = self.0.get_mut(&said.kid) else {
            fault(row, format!("the key {} was never added", said.kid));
            return;
        };
        if row.event == "signing_key.confirmed" {
            made.counts_from = millis(said.counts_from);
        } else {
            made.revoked_at.get_or_insert(row.at);
            made.compromised_at = millis(said.compromised_at);
        }
    }

    /// Compares every key with what the entries make of it.
    pub(super) fn end(
        mut self,
        conn: &mut Conn,
        fault: &mut dyn FnMut(String),
    ) -> Result<(), StoreError> {
        let mut after = String::new();
        loop {
            let some = signed::keys_after(conn, &after, AT_ONCE)?;
            for row in &some {
                let mut of_key = |what: String| fault(format!("the key {}: {what}", row.kid));
                match self.0.remove(&row.kid) {
                    Some(made) => made.columns(row, &mut of_key),
                    None => of_key("no entry added it".to_owned()),
                }
                if let Some(why) = unproven(conn, row)? {
                    of_key(why);
                }
            }
            match some.into_iter().next_back() {
                Some(last) => after = last.kid,
                None => break,
            }
        }
        for (kid, made) in self.0 {
            fault(format!(
                "the key {kid}: the entry {} added it, and it is not there",
                made.entry
            ));
        }
        Ok(())
    }
}

impl Made {
    fn columns(&self, row: &KeyRow, fault: &mut dyn FnMut(String)) {
        let proof = Digest::of(&row.proof).to_string();
        for (column, stored, made) in [
            ("agency_id", Some(&row.agency_id), Some(&self.agency)),
            ("domain", Some(&row.domain), Some(&self.domain)),
            ("entry_id", Some(&row.entry_id), Some(&self.entry)),
            ("proof", Some(&proof), Some(&self.proof)),
            (
                "cosigned_by",
                row.cosigned_by.as_ref(),
                self.cosigned_by.as_ref(),
            ),
        ] {
            differs(column, stored, made, fault);
        }
        for (column, stored, made) in [
            ("added_at", Some(row.added_at), Some(self.added_at)),
            ("counts_from", row.counts_from, self.counts_from),
            ("revoked_at", row.revoked_at, self.revoked_at),
            ("compromised_at", row.compromised_at, self.compromised_at),
        ] {
            differs(column, stored, made, fault);
        }
    }
}

/// Names a column that is not what its entries make of it.
pub(super) fn differs<T: PartialEq + Display>(
    column: &str,
    stored: Option<T>,
    made: Option<T>,
    fault: &mut dyn FnMut(String),
) {
    if stored != made {
        let shown = |value: Option<T>| value.map_or("nothing".to_owned(), |v| v.to_string());
        fault(format!(
            "its column {column} has {}, its entries say {}",
            shown(stored),
            shown(made)
        ));
    }
}

/// Why a key is not the one that its statements prove.
fn unproven(conn: &mut Conn, row: &KeyRow) -> Result<Option<String>, StoreError> {
    let key = match UnitKey::from_bytes(&row.public_key) {
        Ok(key) if key.thumbprint() == row.kid => key,
        Ok(_) => return Ok(Some("its column public_key has another key".to_owned())),
        Err(why) => return Ok(Some(format!("its column public_key: {why}"))),
    };
    // As it was judged when it came in.
    let then = row.added_at / 1000;
    let (claims, earlier) = match KeyClaims::proven(&row.proof, row.cosignature.as_deref(), then) {
        Ok(proven) => proven,
        Err(why) => return Ok(Some(format!("its statements do not prove it: {why}"))),
    };
    let same = claims.key == key
        && claims.unit.to_string() == row.agency_id
        && claims.domain.as_str() == row.domain;
    if !same {
        return Ok(Some(
            "its statement is of another unit, domain or key".to_owned(),
        ));
    }
    let by = earlier.as_ref().map(|earlier| earlier.kid());
    if by != row.cosigned_by.as_deref() {
        return Ok(Some(format!(
            "its column cosignature is by {}, its column cosigned_by has {}",
            by.unwrap_or("nobody"),
            row.cosigned_by.as_deref().unwrap_or("nobody")
        )));
    }
    let Some(earlier) = earlier else {
        return Ok(None);
    };
    let Some(spoke) = signed::key(conn, earlier.kid())? else {
        return Ok(Some(
            "the earlier key that spoke for it is not there".to_owned(),
        ));
    };
    let verified = UnitKey::from_bytes(&spoke.public_key).and_then(|key| earlier.verify(&key));
    Ok(verified
        .err()
        .map(|why| format!("the earlier key did not speak for it: {why}")))
}
