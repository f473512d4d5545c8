//! Whether anything is taken from an agency without its unit's signature.

use takedown_core::history::Data;
use takedown_core::policy::{Action, Role};

use super::alter;
use crate::app::parties::Agency;
use crate::app::requests::Expected;
use crate::app::signed::counts_now;
use crate::app::{Caller, Cx, Error};
use crate::store::signed;

/// Says whether filings of the agency, and corrections and withdrawals of what it signed, must be signed by its unit. The agency
/// says so itself, or the operator for it; only the operator takes it back: whoever has stolen the agency's login must not be able
/// to. Repeating it changes nothing.
///
/// # Errors
/// [`Error::Forbidden`] when the agency wants to take it back, [`Error::Conflict`] while no key of its counts: then it could file
/// nothing; [`Error::NotFound`], [`Error::StaleVersion`], and those of the policy and the store.
pub async fn require_signatures(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    expected: Expected,
    required: bool,
) -> Result<Agency, Error> {
    let doing = (Action::RequireSignatures, expected, false);
    let operator = caller.actor.role() == Role::Operator;
    alter(cx, caller, id, doing, move |conn, agency, now| {
        if agency.signature_required == required {
            return Ok(None);
        }
        if !required && !operator {
            return Err(Error::Forbidden(
                "Only the operator of this exchange ends this, at the agency's request by another way than its login: who \
                 has stolen the login must not be able to."
                    .into(),
            ));
        }
        if required {
            let keys = signed::keys(conn, &agency.id.to_string())?;
            let mut counting = keys.iter().map(|row| counts_now(row, now));
            if !counting.any(|counts| matches!(counts, Ok(true))) {
                return Err(Error::Conflict(
                    "No signing key of this agency counts, so that it could file nothing. Register one first, and have it \
                     confirmed (POST /v1/agencies/{id}/signing-keys)."
                        .into(),
                ));
            }
        }
        agency.signature_required = required;
        Ok(Some(Data::AgencySigning { required }))
    })
    .await
}
