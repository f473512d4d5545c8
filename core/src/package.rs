//! A package: a file from which an outsider sees, with two public keys and nothing else, that rows of an export are what
//! was written, when it was written, and that nothing was left out.
//!
//! | member | what |
//! |---|---|
//! | `README.txt` | how to check it |
//! | `rows.ndjson` | the rows of the export |
//! | `entries.ndjson` | the entries of the history that say so, byte for byte, with their salts ([`Line`]) |
//! | `proof` | hashes that make the tree of the checkpoint out of these entries ([`Record`]) |
//! | `checkpoint` | the tree that the log signed, with its cosignatures (c2sp.org/tlog-checkpoint) |
//! | `keys` | the log's key, as the package knows it: compare it, do not trust it |
//! | `policy` | whose signatures the exchange asks for (c2sp.org/tlog-policy) |
//! | `manifest.json` | what, for whom, how much, and the digest of each member ([`Manifest`]) |
//! | `seal` | the log's signature over the manifest ([`Seal`]) |
//!
//! Rows come in the order of their requests. Behind each other in the same order come the entries of these requests, each
//! request's from its first version to the one that its rows show. Where the package is of everything, the other entries of
//! the tree follow in the order of the log. So both files are read side by side, and nothing of them is kept.

mod facts;
mod line;
mod manifest;
mod proof;
mod seal;

pub use facts::{Facts, Misfit, RowFacts, Unfit};
pub use line::{Entry, Line, Withheld, withheld};
pub use manifest::{Counts, Cut, FORMAT, Made, MadeFor, Manifest, Member};
pub use proof::{Cover, Record, Uncovered, cover};
pub use seal::{Seal, SealError};

#[cfg(test)]
mod tests;
