//! What a package says to whoever opens it.

use takedown_core::log::VerifierKey;
use takedown_core::time::{At, rfc3339};

/// The text of `README.txt`.
pub(super) fn readme(exchange: &str, export: &str, begun: At, key: &VerifierKey) -> String {
    format!(
        "Requests of a takedown exchange, with the entries of its history that prove them.

exchange   {exchange}
export     {export}
begun      {}

HOW TO CHECK IT

On any machine, without a network, with the program `takedown` and the public key of the
exchange's log, which you have from a place that the exchange cannot change:

  takedown verify PACKAGE.zip --vkey KEY
  takedown verify PACKAGE.zip --policy FILE

The second asks for the signatures of witnesses as well (c2sp.org/tlog-policy). This package
names the key
  {key}
Do not take it from here: compare it with the one you have.

What is checked: that nothing of the file was changed, that the log signed it, that each
entry is in the signed tree, that the rows say what their entries say, that no entry of these
requests is missing, and, where the package is of everything, no entry of the log. What does
not fit is named with member and line.

What is not checked: entries hold no texts and no addresses, only their digests. For those
the exchange answers with its signature over this package. A unit that kept its filing proves
it by the column filing_sha256. And that a withheld entry which names no request is of none
is the exchange's word.

Where only some requests were chosen (see filter and complete in manifest.json), each of them
is proven as above, but not that no other request matches: one that was left out would be
missed by nothing in here. Only a package of everything has no gap.

WHAT IS IN IT

rows.ndjson     the rows, one for each item: the evidence
entries.ndjson  the entries of the history, byte for byte, with their salts
proof           the hashes that make the tree of the checkpoint out of these entries
checkpoint      the tree that was signed (c2sp.org/tlog-checkpoint)
keys, policy    what the exchange says of its key and of whose signatures it asks for
manifest.json   what was chosen, for whom, how much it is, the digest of each member
seal            the log's signature over manifest.json

Rows hold addresses of material that may be unlawful to open, and names of officers. Keep this
file as what it is.
",
        rfc3339(begun)
    )
}
