//! Giving entries their places.

use super::{checkpoint, seal};
use crate::app::{Cx, Error};
use crate::store::backend::take_log;
use crate::store::{Conn, log};

/// How many entries get their places in one commit.
const AT_ONCE: usize = 500;

/// Seals what is not sealed, gives every committed entry its place, and signs what is new. Any node may do it at any time.
///
/// # Errors
/// Those of the store; what was given its place stays so.
pub async fn advance(cx: &Cx) -> Result<(), Error> {
    if cx.store.stopped().is_some() {
        return Ok(());
    }
    seal::seal_old(cx).await?;
    while cx.store.write(some).await? == AT_ONCE {}
    checkpoint::sign(cx).await
}

fn some(conn: &mut Conn) -> Result<usize, Error> {
    // Two nodes at once would do the same work, and the second would be refused by the row.
    if !take_log(conn)? {
        return Ok(0);
    }
    Ok(log::sequence(conn, AT_ONCE)?)
}
