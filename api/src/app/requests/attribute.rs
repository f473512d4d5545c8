//! Saying anew whom the material is thought to come from.

use serde_json::json;
use takedown_core::history::{Data, Digest};
use takedown_core::instrument::Kind;
use takedown_core::policy::Action;
use takedown_core::request::{Applied, Change, Command, Confidence, Illegal};

use super::answer::{Acted, Doing, Expected, Render, act, decide_in_core};
use super::filing::{Attribution, Text};
use super::revision::{ATTRIBUTION, Revision};
use super::{RequestView, withdraw};
use crate::app::once::{Answer, Once};
use crate::app::{Caller, Cx, Error, FieldError};

/// Another attribution.
#[derive(Debug, Clone)]
pub struct NewAttribution {
    /// A name of a group or outlet.
    pub source: String,
    /// How sure.
    pub confidence: Confidence,
    /// What is known now, in words.
    pub text: Option<Text>,
}

/// Says anew whom the material is thought to come from, and how sure that is. What was said before stays to be seen.
///
/// # Errors
/// [`Error::Invalid`] for a text that goes with no change, [`Error::NotFound`], [`Error::Refused`],
/// [`Error::StaleVersion`], and those of the store.
pub async fn attribute(
    cx: &Cx,
    caller: &Caller,
    id: String,
    expected: Expected,
    key: Option<Once>,
    new: NewAttribution,
    render: Render,
) -> Result<Answer, Error> {
    let doing = Doing {
        action: Action::Attribute,
        id,
        key,
        expected,
        version_required: true,
    };
    let by = caller.clone();
    act(cx, caller, doing, move |conn, view, now| {
        let was = view.filing.attribution.as_ref();
        let command = Command::Attribute {
            was: was.and_then(|a| a.confidence.parse().ok()),
            now: new.confidence,
        };
        let mut applied = decide_in_core(&by, view, command, now).map_err(locate)?;
        let attribution = Attribution {
            source: new.source.clone(),
            confidence: new.confidence.as_str().to_owned(),
        };
        if view.filing.attribution.as_ref() == Some(&attribution) {
            said_already(view, new.text.as_ref())?;
            applied = Applied::Unchanged(view.request.clone());
        } else {
            let revision = Revision {
                version: applied.request().version,
                at: now,
                fact: ATTRIBUTION.to_owned(),
                item: None,
                was: json!(view.filing.attribution),
                now: json!(attribution),
                text: new.text.clone(),
            };
            let id = view.request.id.to_string();
            view.revisions.add(conn, &id, vec![revision])?;
            view.filing.attribution = Some(attribution);
            withdraw::keep(conn, view)?;
        }
        let (confidence, said) = (
            new.confidence,
            Digest::of(json!(view.filing.attribution).to_string()),
        );
        let text = new.text.as_ref().map(|text| Digest::of(&text.text));
        Ok(Acted {
            first: None,
            applied,
            data: Box::new(move |_: &Change| Data::attributed(confidence, said, text)),
            render: Box::new(render),
        })
    })
    .await
}

/// What is known is kept with an attribution that changes; with one that stands already it would be kept nowhere.
fn said_already(view: &RequestView, text: Option<&Text>) -> Result<(), Error> {
    let last = view
        .revisions
        .facts
        .iter()
        .rfind(|one| one.is_attribution());
    if text.is_none() || last.is_some_and(|one| one.text.as_ref() == text) {
        return Ok(());
    }
    let says = "this attribution stands already, so that there is no change this text could be kept with; keep it as an \
                internal note (POST /v1/requests/{id}/internal-notes)";
    Err(Error::Invalid(vec![FieldError::new("/text", says)]))
}

fn locate(error: Error) -> Error {
    match error {
        Error::Refused(illegal) if matches!(*illegal, Illegal::DecoyOrdered) => {
            Error::Invalid(vec![FieldError::new("/confidence", illegal.to_string())])
        }
        other => other,
    }
}

/// An order that says that it may be for a decoy contradicts itself.
pub(super) fn not_a_decoy(kind: Kind, attribution: Option<&Attribution>) -> Result<(), Error> {
    let decoy = attribution
        .and_then(|a| a.confidence.parse::<Confidence>().ok())
        .is_some_and(Confidence::asks_to_wait);
    if kind == Kind::Order && decoy {
        return Err(Error::Invalid(vec![FieldError::new(
            "/attribution/confidence",
            Illegal::DecoyOrdered.to_string(),
        )]));
    }
    Ok(())
}
