//! Opening a closed request again.

use takedown_core::history::{Data, Digest};
use takedown_core::policy::Action;
use takedown_core::request::{Applied, Change, Command, ReopenReason};

use super::answer::{Acted, Doing, Expected, Render, act, decide_in_core};
use super::filing::Text;
use super::message;
use crate::app::once::{Answer, Once};
use crate::app::{Caller, Cx, Error};

/// Opens a closed request again.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Refused`], [`Error::StaleVersion`], and those of the store.
pub async fn reopen(
    cx: &Cx,
    caller: &Caller,
    id: String,
    expected: Expected,
    key: Option<Once>,
    (reason, text): (ReopenReason, Text),
    render: Render,
) -> Result<Answer, Error> {
    let doing = Doing {
        action: Action::Reopen,
        id,
        key,
        expected,
        version_required: true,
    };
    let by = caller.clone();
    act(cx, caller, doing, move |conn, view, now| {
        let applied = decide_in_core(&by, view, Command::Reopen(reason), now)?;
        let digest = Digest::of(&text.text);
        if matches!(applied, Applied::Changed(_)) {
            message::keep(conn, &by, view, ("reopening", None), &text, &[], now)?;
        }
        Ok(Acted {
            first: None,
            applied,
            data: Box::new(move |_: &Change| Data::reopened(reason, digest)),
            render: Box::new(render),
        })
    })
    .await
}
