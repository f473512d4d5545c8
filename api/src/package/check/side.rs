//! Rows and entries, side by side.

use std::collections::BTreeMap;
use std::io;

use data_encoding::HEXLOWER;
use takedown_core::id::RequestId;
use takedown_core::log::{Salt, leaf};
use takedown_core::package::{Entry, Facts, Line, MadeFor, Manifest, Member, RowFacts, Withheld};

use super::leaves::{Leaves, Tally};
use super::lines::Lines;
use super::{Checked, Say};
use crate::package::bytes::ReadAt;
use crate::package::open::{Fault, Package};

/// Filters that choose single items: of a request that is in the package rows may be missing.
const OF_ITEMS: [&str; 3] = ["outcome", "locator", "host"];

/// A line of the entries, proven.
enum Shown {
    Entry(Box<Entry>),
    Withheld(Withheld, Option<(RequestId, i32)>),
}

struct Side<'b, 's, B> {
    entries: Lines<'b>,
    leaves: Leaves<'b, B>,
    tally: &'s mut Tally,
    checked: &'s mut Checked,
    /// Whether it is for somebody who may know of everything.
    everything: bool,
}

impl<B: ReadAt> Side<'_, '_, B> {
    /// Reads the next line and proves it; nothing after the last.
    fn next(&mut self, say: &mut Say<'_>) -> io::Result<Result<Option<(u64, Shown)>, Fault>> {
        match self.entries.advance(say) {
            Ok(true) => {}
            Ok(false) => return Ok(Ok(None)),
            Err(fault) => return Ok(Err(fault)),
        }
        let line: Line = match serde_json::from_slice(self.entries.line()) {
            Ok(line) => line,
            Err(error) => {
                let what = format!("it is not a line of entries: {error}");
                return Ok(Err(self.entries.fault(what)));
            }
        };
        let Some(record) = self.leaves.find(line.index)? else {
            let what = format!("the proof has no entry {} that is shown", line.index);
            return Ok(Err(self.entries.fault(what)));
        };
        self.tally.count(line.index);
        let (salt, bytes) = match (line.salt, line.entry, line.withheld) {
            (Some(salt), Some(bytes), None) => (salt, bytes),
            (None, None, Some(why)) => {
                *self.checked.withheld.entry(why).or_default() += 1;
                let of = line.request.zip(line.version);
                if line.request.is_some() != line.version.is_some() {
                    let what = "it has a request without its version, or a version of none";
                    return Ok(Err(self.entries.fault(what)));
                }
                if !why.can_be(of.is_some(), self.everything) {
                    say.fault(&self.entries.fault(format!(
                        "it is withheld as {why}, which no entry {} can be in this package",
                        match of {
                            Some(_) => "of a request",
                            None => "beside the requests",
                        }
                    )));
                }
                self.checked.beside += u64::from(of.is_none());
                return Ok(Ok(Some((line.index, Shown::Withheld(why, of)))));
            }
            _ => {
                let what = "it has either salt and entry, or why it is withheld";
                return Ok(Err(self.entries.fault(what)));
            }
        };
        let salt = HEXLOWER.decode(salt.as_bytes()).ok();
        let Some(salt) = salt.and_then(|salt| Salt::from_slice(&salt).ok()) else {
            return Ok(Err(self.entries.fault("a salt has 64 hexadecimal digits")));
        };
        let computed = leaf::hash(&salt, bytes.as_bytes());
        if computed != record.hash {
            say.fault(&self.entries.fault(format!(
                "entry {} is not what was logged: its bytes and salt give the leaf {computed}, the log has {}",
                line.index, record.hash
            )));
        }
        self.checked.entries += 1;
        Ok(match serde_json::from_str(&bytes) {
            Ok(entry) => Ok(Some((line.index, Shown::Entry(entry)))),
            Err(error) => Err(self
                .entries
                .fault(format!("this program cannot read the entry: {error}"))),
        })
    }

    /// Takes the entry of the next version of a request.
    fn version(&mut self, facts: &mut Facts, say: &mut Say<'_>) -> io::Result<Result<(), Fault>> {
        let wanted = (facts.request(), facts.version().saturating_add(1));
        let belongs = |found: String| {
            format!(
                "{found} stands where version {} of {} belongs: one was left out, put in, or moved",
                wanted.1, wanted.0
            )
        };
        let shown = match self.next(say)? {
            Ok(Some((_, shown))) => shown,
            Ok(None) => {
                let what = belongs("the end".to_owned());
                return Ok(Err(Fault::of(Member::Entries, what)));
            }
            Err(fault) => return Ok(Err(fault)),
        };
        let taken = match shown {
            Shown::Entry(entry) => match entry.of() {
                Some(of) if of == wanted => facts.take(of.1, *entry),
                _ => {
                    let what = belongs(format!("an entry {}", entry.data.event_type()));
                    return Ok(Err(self.entries.fault(what)));
                }
            },
            Shown::Withheld(why, of) if of == Some(wanted) => facts.pass(wanted.1, why),
            Shown::Withheld(..) => {
                return Ok(Err(self.entries.fault(belongs("another entry".to_owned()))));
            }
        };
        Ok(taken.map_err(|why| self.entries.fault(why)))
    }

    /// Where entries of a request were destroyed after its rows were read, takes further ones, up to the one that says so.
    fn explained(&mut self, facts: &mut Facts, say: &mut Say<'_>) -> io::Result<Result<(), Fault>> {
        while facts.unexplained() {
            if let Err(mut fault) = self.version(facts, say)? {
                fault.what.push_str(
                    ". Entries of it are withheld as erased, and its request.erased is not shown",
                );
                return Ok(Err(fault));
            }
        }
        Ok(Ok(()))
    }
}

/// The request whose rows are being read.
struct Group {
    facts: Facts,
    rows: usize,
    position: i32,
}

impl Group {
    /// Whether all its rows were there.
    fn whole(&self, manifest: &Manifest) -> Result<(), String> {
        let chosen = OF_ITEMS
            .iter()
            .any(|name| manifest.filter.contains_key(*name));
        match self.facts.items() {
            Some(items) if !chosen && items != self.rows => Err(format!(
                "{} was filed with {items} items and has {} rows: one was left out, or put in",
                self.facts.request(),
                self.rows
            )),
            _ => Ok(()),
        }
    }
}

/// Reads both to their ends. False when they did not go together, and what comes after was not looked at.
pub(super) fn by_side<B: ReadAt>(
    package: &Package<'_, B>,
    manifest: &Manifest,
    tally: &mut Tally,
    checked: &mut Checked,
    say: &mut Say<'_>,
) -> io::Result<bool> {
    let mut rows = Lines::new(Member::Rows, package.read(Member::Rows));
    let mut side = Side {
        entries: Lines::new(Member::Entries, package.read(Member::Entries)),
        leaves: Leaves::of(package),
        tally,
        checked,
        everything: manifest.made_for.scope == MadeFor::EVERYTHING,
    };
    let together = match read(&mut rows, &mut side, manifest, say)? {
        Ok(()) => match rest(&mut side, manifest, say)? {
            Ok(()) => true,
            Err(fault) => lost(&fault, say),
        },
        Err(fault) => lost(&fault, say),
    };
    for (lines, member) in [(rows, Member::Rows), (side.entries, Member::Entries)] {
        match lines.finish(say) {
            Ok(digest) => digest.compare(manifest, member, say),
            Err(fault) => say.fault(&fault),
        }
    }
    Ok(together)
}

fn lost(fault: &Fault, say: &mut Say<'_>) -> bool {
    let mut fault = fault.clone();
    fault
        .what
        .push_str(". What comes after it was not compared");
    say.fault(&fault);
    false
}

fn read<B: ReadAt>(
    rows: &mut Lines<'_>,
    side: &mut Side<'_, '_, B>,
    manifest: &Manifest,
    say: &mut Say<'_>,
) -> io::Result<Result<(), Fault>> {
    let mut group: Option<Group> = None;
    loop {
        match rows.advance(say) {
            Ok(true) => {}
            Ok(false) => break,
            Err(fault) => return Ok(Err(fault)),
        }
        let row: RowFacts = match serde_json::from_slice(rows.line()) {
            Ok(row) => row,
            Err(error) => {
                let what = format!("it is not a row of an export, at column {}", error.column());
                return Ok(Err(rows.fault(what)));
            }
        };
        side.checked.rows += 1;
        let begins = group
            .as_ref()
            .is_none_or(|group| group.facts.request() != row.request_id);
        if begins {
            if let Some(before) = &mut group {
                if let Err(fault) = side.explained(&mut before.facts, say)? {
                    return Ok(Err(fault));
                }
                if let Err(what) = before.whole(manifest) {
                    say.fault(&rows.fault(what));
                }
                if before.facts.request() > row.request_id {
                    let what = "its request comes before that of the row above: rows were moved";
                    return Ok(Err(rows.fault(what)));
                }
            }
            side.checked.requests += 1;
            group = Some(Group {
                facts: Facts::of(row.request_id),
                rows: 0,
                position: 0,
            });
        }
        let Some(group) = &mut group else {
            return Ok(Err(rows.fault("it is of no request")));
        };
        while group.facts.version() < row.version {
            if let Err(fault) = side.version(&mut group.facts, say)? {
                return Ok(Err(fault));
            }
        }
        if row.version < group.facts.version() || row.version < 1 {
            let what = format!(
                "it is of version {}, and one before it of {}: rows were moved",
                row.version,
                group.facts.version()
            );
            return Ok(Err(rows.fault(what)));
        }
        if row.position <= group.position {
            say.fault(&rows.fault(format!(
                "item {} follows item {}: rows were moved, or one is there twice",
                row.position, group.position
            )));
        }
        group.position = row.position;
        group.rows += 1;
        for unfit in group.facts.unfit(&row) {
            say.fault(&rows.fault(unfit));
        }
    }
    if let Some(mut last) = group {
        if let Err(fault) = side.explained(&mut last.facts, say)? {
            return Ok(Err(fault));
        }
        if let Err(what) = last.whole(manifest) {
            say.fault(&Fault::of(Member::Rows, what).at(rows.number()));
        }
    }
    Ok(Ok(()))
}

/// Reads the entries that belong to no row: of a package of everything.
fn rest<B: ReadAt>(
    side: &mut Side<'_, '_, B>,
    manifest: &Manifest,
    say: &mut Say<'_>,
) -> io::Result<Result<(), Fault>> {
    let mut last = None;
    let mut unexplained: BTreeMap<RequestId, Fault> = BTreeMap::new();
    loop {
        let (index, shown) = match side.next(say)? {
            Ok(Some(found)) => found,
            Ok(None) => break,
            Err(fault) => return Ok(Err(fault)),
        };
        if !manifest.complete {
            let what = "it belongs to no row, and the package is not of everything";
            say.fault(&side.entries.fault(what));
        }
        if last.is_some_and(|last| last >= index) {
            say.fault(&side.entries.fault("it stands behind a later one"));
        }
        last = Some(index);
        // Which request it filed, if any: one is filed by its first version.
        let filed = match shown {
            Shown::Entry(entry) => {
                let of = entry.of();
                let event = entry.data.event_type();
                if let (Some((request, _)), "request.erased") = (of, event) {
                    unexplained.remove(&request);
                }
                of.filter(|_| event == "request.filed")
            }
            Shown::Withheld(why, of) => {
                if let (Some((request, version)), Withheld::Erased) = (of, why) {
                    unexplained.entry(request).or_insert_with(|| {
                        side.entries.fault(format!(
                            "version {version} of {request} is withheld as erased, and its request.erased is not shown"
                        ))
                    });
                }
                of.filter(|(_, version)| *version == 1)
            }
        };
        if let Some((request, _)) = filed.filter(|_| index < manifest.cut.begun_at) {
            say.fault(&side.entries.fault(format!(
                "{request} was filed before reading began, and has no rows: it was left out"
            )));
        }
    }
    unexplained.values().for_each(|fault| say.fault(fault));
    Ok(Ok(()))
}
