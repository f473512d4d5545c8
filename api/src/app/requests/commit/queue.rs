//! Queueing what somebody must be told, in the transaction of what it is about.

use takedown_core::notice::Notice;
use takedown_core::request::Side;
use takedown_core::time::At;

use super::party;
use crate::app::Error;
use crate::app::notify::{Facts, queued};
use crate::app::requests::RequestView;
use crate::store::{Conn, outbox};

/// Queues a notification to a side. Its facts are what was true at this moment; addresses are looked up when it is sent.
pub fn notify(conn: &mut Conn, view: &RequestView, notice: Notice, now: At) -> Result<(), Error> {
    let to = (party(view, notice.to), notice.to);
    queue(conn, view, to, notice.what.as_str(), now)
}

/// Queues a notification to a party, which is written to as one of that kind.
pub fn queue(
    conn: &mut Conn,
    view: &RequestView,
    (to, side): (String, Side),
    event: &str,
    now: At,
) -> Result<(), Error> {
    queue_with(conn, view, (to, side), event, Facts::of(view), now)
}

/// The same with facts of the caller's own.
pub(in crate::app::requests) fn queue_with(
    conn: &mut Conn,
    view: &RequestView,
    (to, side): (String, Side),
    event: &str,
    facts: Facts,
    now: At,
) -> Result<(), Error> {
    let about = view.request.id.to_string();
    let row = queued(&about, (&to, side), event, &facts, now)?;
    Ok(outbox::insert(conn, &row)?)
}
