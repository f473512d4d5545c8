//! Whether the exchange can serve.

use super::{Cx, Error};
use crate::store::{StoreError, registry};

/// Asks the database for something small.
///
/// # Errors
/// [`StoreError`] when it does not answer.
pub async fn ready(cx: &Cx) -> Result<(), Error> {
    cx.store
        .read(registry::version)
        .await
        .map(drop)
        .map_err(|e: StoreError| e.into())
}
