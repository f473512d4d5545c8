//! What a caller takes away from a change: which entries it made, a signed promise that they will be in the log, and, when he
//! waits for it, the proof that they are.

use std::time::Duration;

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use data_encoding::{BASE64, HEXLOWER};
use tokio::time::Instant;

use crate::app::Cx;
use crate::app::log::{Appended, keep_names, proof_of, receipt};
use crate::http::headers::COSIGNED;

const ENTRIES: HeaderName = HeaderName::from_static("takedown-entries");
const RECEIPT: HeaderName = HeaderName::from_static("takedown-receipt");
const PROOF: HeaderName = HeaderName::from_static("takedown-proof");

const ROOT: HeaderName = HeaderName::from_static("takedown-receipt-root");

/// So many entries are named and proven in headers: proxies take no more than a few kilobytes of them. Of more the names are
/// kept at an address of their own, `/v1/log/receipts/` and the root that the receipt promises.
const MOST_NAMED: usize = 16;

/// Adds it to the answer. What cannot be added is left out: the change is stored, and the proof is there to be asked for.
pub(super) async fn attach(
    cx: &Cx,
    appended: &[Appended],
    patience: Duration,
    headers: &mut HeaderMap,
) {
    let receipt = match receipt(&cx.log, appended) {
        Ok(receipt) => receipt,
        Err(error) => {
            tracing::error!(cause = %error, "an answer has no receipt");
            return;
        }
    };
    let mut add = |name: &HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.append(name.clone(), value);
        }
    };
    if let Some(signed) = &receipt.signed {
        add(&RECEIPT, &BASE64.encode(signed.as_bytes()));
    }
    if receipt.entries.len() > MOST_NAMED {
        match keep_names(cx, &receipt).await {
            Ok(()) => {
                add(&ROOT, &HEXLOWER.encode(receipt.root.as_bytes()));
            }
            Err(error) => tracing::error!(cause = %error, "the entries of a receipt are not named"),
        }
        return;
    }
    add(&ENTRIES, &receipt.entries.join(", "));
    if patience.is_zero() {
        return;
    }
    // One patience for all of them: a caller waits no longer than he said.
    let latest = Instant::now() + patience;
    let mut cosigned = None;
    for entry in &receipt.entries {
        match proof_of(cx, entry, latest).await {
            Ok(Ok(proven)) => {
                add(&PROOF, &BASE64.encode(proven.proof.to_string().as_bytes()));
                cosigned = match (cosigned, proven.cosigned) {
                    (Some(false), _) => Some(false),
                    (_, this) => this,
                };
            }
            Ok(Err(_)) => {}
            Err(error) => tracing::warn!(cause = %error, "an answer has no proof"),
        }
    }
    if let Some(cosigned) = cosigned {
        add(&COSIGNED, &cosigned.to_string());
    }
}
