//! Where the receipts of an exchange are kept.

use std::path::{Path, PathBuf};

use url::Url;

use super::{CliError, ConnectionArgs, Env, server_of};
use crate::client::receipts::Book;

impl ConnectionArgs {
    /// Where receipts of this exchange are kept.
    ///
    /// # Errors
    /// [`CliError`] when it is not said of which exchange, or that nothing is kept.
    pub(in crate::cli) fn book(&self) -> Result<Book, CliError> {
        let env = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let server = server_of(&self.layers(&env)?);
        if let Some(book) = self.book_at(server.as_ref().ok(), &env)? {
            return Ok(book);
        }
        server?;
        Err(CliError::usage(
            "no receipts are kept: give --receipts FILE or TAKEDOWN_RECEIPTS",
        ))
    }

    pub(super) fn book_at(
        &self,
        server: Option<&Url>,
        env: Env<'_>,
    ) -> Result<Option<Book>, CliError> {
        let layers = self.layers(env)?;
        let said = layers.iter().find_map(|layer| layer.receipts.clone());
        let place = match (said, server) {
            (Some(none), _) if none.ends_with("none") => None,
            (Some(place), _) => Some(place),
            (None, Some(server)) => state(env).map(|folder| folder.join(book_name(server))),
            (None, None) => None,
        };
        Ok(place.map(Book::at))
    }
}

/// The book of an exchange, below the folder for what programs keep.
fn book_name(server: &Url) -> String {
    let host = server.host_str().unwrap_or_default();
    let host = host.replace([':', '[', ']'], "_");
    let port = server.port().map(|port| format!("_{port}"));
    format!("takedown/receipts-{host}{}.jsonl", port.unwrap_or_default())
}

/// Where programs keep what is worth keeping and no setting, if that is known.
fn state(env: Env<'_>) -> Option<PathBuf> {
    let home = || env("HOME").map(|home| Path::new(&home).join(".local/state"));
    env("XDG_STATE_HOME").map(PathBuf::from).or_else(home)
}
