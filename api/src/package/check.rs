//! Is a package what it says? Asks nobody, and holds a line and a few hashes of it at a time.

mod kept;
mod leaves;
mod lines;
mod side;
mod small;

use std::collections::BTreeMap;
use std::io::{self, Read as _};

use takedown_core::log::{Policy, SignedCheckpoint};
use takedown_core::package::{Counts, Cover, Manifest, Member, Record, Withheld};

use self::kept::Kept;
use self::leaves::Tally;
use super::bytes::ReadAt;
use super::open::{Fault, Package};

/// Something that is told while a package is checked.
#[derive(Debug)]
pub enum Told<'a> {
    /// So many bytes were looked at, of so many in all; unpacked.
    Progress(u64, u64),
    /// Something does not fit.
    Fault(&'a Fault),
}

/// What was looked at.
#[derive(Debug, Clone, Default)]
pub struct Checked {
    /// What the package says of itself, once the log's signature over it was found right.
    pub manifest: Option<Manifest>,
    /// The log whose tree it is.
    pub origin: String,
    /// Entries of that tree.
    pub size: u64,
    /// The witnesses that signed it.
    pub witnesses: Vec<String>,
    /// Rows.
    pub rows: u64,
    /// Their requests.
    pub requests: u64,
    /// Entries whose bytes are shown and proven.
    pub entries: u64,
    /// Entries that are not shown, by why.
    pub withheld: BTreeMap<Withheld, u64>,
    /// Of these, those that are of no request, by the exchange's own word.
    pub beside: u64,
}

/// Who is told.
pub(super) struct Say<'s> {
    told: &'s mut dyn FnMut(Told<'_>),
    seen: u64,
    of: u64,
}

impl Say<'_> {
    fn fault(&mut self, fault: &Fault) {
        (self.told)(Told::Fault(fault));
    }

    fn saw(&mut self, bytes: u64) {
        self.seen += bytes;
        (self.told)(Told::Progress(self.seen, self.of));
    }
}

/// Checks a package: that it is whole and as the exchange made it, that its checkpoint is one that `policy` trusts, that every
/// entry is in that tree, that rows say what their entries say, and that none is missing. With `known`, a checkpoint that was kept
/// from elsewhere, also that the log continues it.
///
/// # Errors
/// Those of whatever holds the bytes; what does not fit is told to `say` instead.
pub fn check<B: ReadAt>(
    bytes: &B,
    policy: &Policy,
    known: Option<&SignedCheckpoint>,
    say: &mut dyn FnMut(Told<'_>),
) -> io::Result<Checked> {
    let mut checked = Checked::default();
    let package = match Package::open(bytes)? {
        Ok(package) => package,
        Err(fault) => {
            say(Told::Fault(&fault));
            return Ok(checked);
        }
    };
    let mut say = Say {
        told: say,
        seen: 0,
        of: Member::ALL.iter().map(|m| package.length(*m)).sum(),
    };
    let manifest = match small::manifest(&package, policy) {
        Ok(manifest) => manifest,
        Err(fault) => {
            say.fault(&fault);
            return Ok(checked);
        }
    };
    small::others(&package, policy, &manifest, &mut say);
    let tree = match small::checkpoint(&package, policy, &mut checked) {
        Ok(tree) => Some(tree),
        Err(fault) => {
            say.fault(&fault);
            None
        }
    };
    let kept = Kept::new(known, policy, &mut say);
    let cover = cover(&package, &manifest, kept, &mut say)?;
    let mut tally = Tally::default();
    if let Some((cover, shown)) = &cover {
        if let Some(tree) = &tree {
            tree_is(tree, cover, &manifest, &mut say);
        }
        let counted = side::by_side(&package, &manifest, &mut tally, &mut checked, &mut say)?;
        if counted && tally != *shown {
            say.fault(&Fault::of(
                Member::Entries,
                "has not one line for each entry that the proof marks as shown: one is missing, or there twice",
            ));
        }
        if counted {
            counts(&manifest, &checked, &mut say);
        }
    }
    checked.manifest = Some(manifest);
    Ok(checked)
}

/// Reads the proof from its beginning to its end: the tree that it makes, and which entries it marks as shown.
fn cover<B: ReadAt>(
    package: &Package<'_, B>,
    manifest: &Manifest,
    mut kept: Kept<'_>,
    say: &mut Say<'_>,
) -> io::Result<Option<(Cover, Tally)>> {
    let length = package.length(Member::Proof);
    let records = length / Record::LENGTH as u64;
    let mut reader = package.read(Member::Proof);
    let (mut cover, mut shown) = (Cover::default(), Tally::default());
    let mut digest = lines::Running::default();
    kept.look(&cover, say);
    for number in 0..records {
        let mut bytes = [0; Record::LENGTH];
        reader.read_exact(&mut bytes)?;
        digest.take(&bytes);
        let record = Record::from_bytes(&bytes);
        if let Err(why) = cover.take(&record) {
            let what = format!("record {}: {why}", number + 1);
            say.fault(&Fault::of(Member::Proof, what));
            return Ok(None);
        }
        kept.look(&cover, say);
        if record.shown {
            shown.count(record.first);
        }
        if manifest.complete && !record.shown {
            let what = format!(
                "record {}: entry {} has no line, and the package says that it is complete",
                number + 1,
                record.first
            );
            say.fault(&Fault::of(Member::Proof, what));
            return Ok(None);
        }
        if number % 1_000 == 999 {
            say.saw(1_000 * Record::LENGTH as u64);
        }
    }
    if records * Record::LENGTH as u64 != length {
        let what = format!(
            "has {length} bytes, which are no whole number of records of {}",
            Record::LENGTH
        );
        say.fault(&Fault::of(Member::Proof, what));
        return Ok(None);
    }
    digest.compare(manifest, Member::Proof, say);
    kept.end(&cover, say);
    Ok(Some((cover, shown)))
}

fn tree_is(tree: &SignedCheckpoint, cover: &Cover, manifest: &Manifest, say: &mut Say<'_>) {
    let tree = tree.checkpoint();
    let size = tree.size();
    if manifest.cut.size != size || manifest.cut.begun_at > size {
        say.fault(&Fault::of(
            Member::Manifest,
            format!(
                "it is of {} of {} entries, the checkpoint is of {size}",
                manifest.cut.begun_at, manifest.cut.size
            ),
        ));
    }
    if cover.size() != size {
        say.fault(&Fault::of(
            Member::Proof,
            format!(
                "it covers {} entries, the checkpoint is of {size}",
                cover.size()
            ),
        ));
    } else if cover.root() != *tree.root() {
        say.fault(&Fault::of(
            Member::Proof,
            format!(
                "its hashes make the root {}, the log signed {}",
                cover.root(),
                tree.root()
            ),
        ));
    }
}

fn counts(manifest: &Manifest, checked: &Checked, say: &mut Say<'_>) {
    let found = Counts {
        rows: checked.rows,
        requests: checked.requests,
        entries: checked.entries,
        withheld: checked.withheld.clone(),
    };
    if found != manifest.counts {
        say.fault(&Fault::of(
            Member::Manifest,
            format!(
                "it counts {}, there are {}",
                counted(&manifest.counts),
                counted(&found)
            ),
        ));
    }
}

fn counted(counts: &Counts) -> String {
    format!(
        "{} rows of {} requests, {} entries and {} withheld",
        counts.rows,
        counts.requests,
        counts.entries,
        counts.withheld.values().sum::<u64>()
    )
}
