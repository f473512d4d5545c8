//! Taking a request back, or items of it.

use takedown_core::history::{Annulled, Data, Digest};
use takedown_core::id::ItemId;
use takedown_core::policy::Action;
use takedown_core::request::{Applied, Change, Command, Illegal, WithdrawalReason};

use super::answer::{Acted, Doing, Expected, Render, act, decide_in_core};
use super::filing::Text;
use super::message;
use super::revision::Annulment;
use crate::app::once::Answer;
use crate::app::signed::{self, Statement};
use crate::app::{Caller, Cx, Error, FieldError};
use crate::store::corrections::{self, RequestFacts};
use crate::store::{Conn, StoreError};

/// What is taken back, and why.
#[derive(Debug, Clone)]
pub struct Withdrawal {
    /// The items; none means the whole request.
    pub items: Vec<ItemId>,
    /// Why.
    pub reason: WithdrawalReason,
    /// For `annulled`: by whom, and by which decision.
    pub annulment: Option<Annulled>,
    /// A word to the platform.
    pub text: Option<Text>,
    /// What the unit signed, where it did.
    pub signed: Option<Statement>,
}

/// Takes a request back, or items of it.
///
/// # Errors
/// [`Error::Signature`] for a signature that does not count, [`Error::Invalid`] for an annulment without its decision and for foreign items, [`Error::NotFound`],
/// [`Error::Refused`], [`Error::StaleVersion`], and those of the store.
pub async fn withdraw(
    cx: &Cx,
    caller: &Caller,
    id: String,
    expected: Expected,
    withdrawal: Withdrawal,
    render: Render,
) -> Result<Answer, Error> {
    let doing = Doing {
        action: Action::Withdraw,
        id,
        key: None,
        expected,
        version_required: true,
    };
    let by = caller.clone();
    act(cx, caller, doing, move |conn, view, now| {
        let Withdrawal {
            items,
            reason,
            annulment,
            text,
            signed: statement,
        } = withdrawal.clone();
        check(reason, annulment.as_ref())?;
        let command = if items.is_empty() {
            Command::Withdraw(reason)
        } else {
            let items = items.clone();
            Command::WithdrawItems { items, reason }
        };
        let applied = decide_in_core(&by, view, command, now).map_err(locate)?;
        let digest = text.as_ref().map(|text| Digest::of(&text.text));
        let mut signature = None;
        if let Applied::Changed(change) = &applied {
            let version = change.request.version;
            signature = signed::changed(conn, view, statement.as_ref(), version, now)?;
            if let Some(text) = &text {
                message::keep(conn, &by, view, ("withdrawal", None), text, &items, now)?;
            }
            if let Some(annulled) = &annulment {
                view.revisions.annulments.push(Annulment {
                    version: change.request.version,
                    at: now,
                    by: annulled.by.clone(),
                    decision: annulled.decision.clone(),
                    items: items.clone(),
                });
                keep_annulments(conn, view)?;
            }
        }
        Ok(Acted {
            first: None,
            applied,
            data: Box::new(move |change: &Change| {
                let data = if items.is_empty() {
                    Data::withdrawn(change, reason, digest, annulment)
                } else {
                    Data::items_withdrawn(change, items, reason, digest, annulment)
                };
                data.signed(signature)
            }),
            render: Box::new(render),
        })
    })
    .await
}

/// A request is annulled by somebody, and by a decision that the platform can ask for.
fn check(reason: WithdrawalReason, annulment: Option<&Annulled>) -> Result<(), Error> {
    let says = match (reason, annulment) {
        (WithdrawalReason::Annulled, None) => {
            "annulled needs the court or authority and the reference of its decision, so that the platform can ask there \
             (for an order of Regulation (EU) 2021/784: Article 4(5) to (7) and Article 9)"
        }
        (WithdrawalReason::Annulled, Some(_)) | (_, None) => return Ok(()),
        (_, Some(_)) => "an annulment belongs to the reason annulled only",
    };
    Err(Error::Invalid(vec![FieldError::new("/annulment", says)]))
}

fn locate(error: Error) -> Error {
    match error {
        Error::Refused(illegal) => match *illegal {
            Illegal::Item { index, .. } => Error::Invalid(vec![FieldError::new(
                format!("/items/{index}"),
                illegal.to_string(),
            )]),
            other => Error::Refused(Box::new(other)),
        },
        other => other,
    }
}

/// Writes the facts of a request as the view has them now.
pub(super) fn keep(conn: &mut Conn, view: &super::RequestView) -> Result<(), Error> {
    corrections::correct(
        conn,
        &view.request.id.to_string(),
        &RequestFacts {
            agency_reference: view.agency_reference.clone(),
            filing: serde_json::to_string(&view.filing).map_err(StoreError::from)?,
            revisions: Some(serde_json::to_string(&view.revisions).map_err(StoreError::from)?),
            corrections: view.revisions.corrected,
        },
    )?;
    Ok(())
}

/// Writes who annulled a request or items of it. What was filed is left as it is, byte for byte: the entry commits to none of it.
pub(in crate::app) fn keep_annulments(
    conn: &mut Conn,
    view: &super::RequestView,
) -> Result<(), Error> {
    let revisions = serde_json::to_string(&view.revisions).map_err(StoreError::from)?;
    corrections::revise(conn, &view.request.id.to_string(), &revisions)?;
    Ok(())
}
