//! What is asked about: locators exactly as filed, their comparison key, the hosts that lead to a platform.

use crate::text::coded_enum;

coded_enum! {
    /// What a locator points at.
    pub enum ItemKind, "an item kind" {
        /// One page, file or post.
        Url => "url",
        /// An account of a person or organisation.
        Account => "account",
        /// A channel, group or room.
        Channel => "channel",
        /// A whole site.
        Site => "site",
        /// A file by the digest of its bytes, wherever it is.
        FileHash => "file_hash",
        /// An entry of a shop, market or catalogue.
        Listing => "listing",
    }
}
