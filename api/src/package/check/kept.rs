//! A checkpoint that was kept from elsewhere: the package's log must continue it.

use takedown_core::log::{Policy, SignedCheckpoint};
use takedown_core::package::{Cover, Member};

use super::{Say, small};
use crate::package::open::Fault;

/// See the module.
pub(super) struct Kept<'k> {
    known: Option<&'k SignedCheckpoint>,
    met: bool,
}

impl<'k> Kept<'k> {
    /// A checkpoint, if one was kept; `policy` must trust the log that signed it.
    pub(super) fn new(
        known: Option<&'k SignedCheckpoint>,
        policy: &Policy,
        say: &mut Say<'_>,
    ) -> Self {
        if let Some(Err(why)) = known.map(|known| known.verify_log(small::logs(policy))) {
            let what = format!("the checkpoint that was kept is of no log that you trust: {why}");
            say.fault(&Fault::of(Member::Checkpoint, what));
            return Self {
                known: None,
                met: true,
            };
        }
        Self { known, met: false }
    }

    /// Compares it when the tree is as large as it was then.
    pub(super) fn look(&mut self, cover: &Cover, say: &mut Say<'_>) {
        let known = self.known.map(SignedCheckpoint::checkpoint);
        let Some(known) = known.filter(|known| known.size() == cover.size()) else {
            return;
        };
        self.met = true;
        if *known.root() != cover.root() {
            let what = format!(
                "of {} entries its hashes make the root {}, the checkpoint that was kept has {}: an entry was changed, dropped, put in or moved since",
                known.size(),
                cover.root(),
                known.root()
            );
            say.fault(&Fault::of(Member::Proof, what));
        }
    }

    /// Tells why it was not met, once the tree is complete.
    pub(super) fn end(self, cover: &Cover, say: &mut Say<'_>) {
        let Some(known) = self.known.filter(|_| !self.met) else {
            return;
        };
        let (kept, size) = (known.checkpoint().size(), cover.size());
        let what = match kept > size {
            true => format!(
                "it is of {size} entries, the checkpoint that was kept of {kept}: the package is older, or the last {} are missing",
                kept - size
            ),
            false => format!(
                "it shows too little of the log to say whether it continues the checkpoint of {kept} entries that was kept; a package of everything does"
            ),
        };
        say.fault(&Fault::of(Member::Proof, what));
    }
}
