//! Computing the history anew from what is stored, and naming what does not fit.

mod agencies;
mod beside;
mod deep;
mod erased;
mod filed;
mod keys;
mod registered;
mod said;
mod signed;
mod tree;

use takedown_core::log::{Hash, Salt, SignedCheckpoint, VerifierKey, leaf};

pub use deep::Recomputed;
pub use signed::Project;

use agencies::Agencies;
use filed::Filings;
use keys::Keys;
use registered::Registered;
use said::{Said, as_written};
use tree::Grown;

use crate::store::log;
use crate::store::log::whole::{self, WholeRow};
use crate::store::{Conn, StoreError};

/// How many rows are read at a time.
const AT_ONCE: i64 = 1_000;

/// What was looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Looked {
    /// Entries in the log.
    pub entries: u64,
    /// Of these, entries whose content was destroyed on its date. Their leaves stay.
    pub erased: u64,
    /// Entries that have no place yet.
    pub waiting: u64,
    /// Entries that a signed checkpoint covers.
    pub signed: u64,
    /// Changes that a unit signed.
    pub stated: u64,
    /// Entries of feeds.
    pub told: u64,
}

/// Something that is told while the history is computed.
#[derive(Debug)]
pub enum Found<'a> {
    /// So many entries were looked at.
    Progress(u64),
    /// Something does not fit.
    Fault(&'a str),
}

/// Computes everything anew: each entry's leaf from its bytes, the tree and its tiles from the leaves, what stands beside an
/// entry from its bytes, and the numbers of the feeds. What is signed is checked with `key`; `known` is a checkpoint from elsewhere
/// that the tree must continue. What units signed is compared with the columns by `project`. Nothing may be written meanwhile, or
/// it is taken for a fault: give it a snapshot.
///
/// # Errors
/// [`StoreError`] when the database fails; what does not fit is told to `say` instead.
pub fn verify(
    conn: &mut Conn,
    key: Option<&VerifierKey>,
    known: Option<&SignedCheckpoint>,
    project: Project,
    say: &mut dyn FnMut(Found<'_>),
) -> Result<Looked, StoreError> {
    let mut looked = Looked::default();
    let stored = log::tree(conn)?;
    let fault = |what: String, say: &mut dyn FnMut(Found<'_>)| say(Found::Fault(&what));
    let mut tree = Grown::new(key, known);
    let mut filings = Filings::default();
    let (mut erased, mut keys) = (erased::Erased::default(), Keys::default());
    let (mut registered, mut agencies) = (Registered::default(), Agencies::default());
    while tree.size() < stored.size() {
        let from = i64::try_from(tree.size()).map_err(defect)?;
        let left = i64::try_from(stored.size()).map_err(defect)? - from;
        let some = whole::entries(conn, from, AT_ONCE.min(left))?;
        let mut all_said = Vec::with_capacity(some.len());
        for row in &some {
            let place = row.log_index.and_then(|place| u64::try_from(place).ok());
            if place != Some(tree.size()) {
                fault(missing(tree.size(), place), say);
                return Ok(looked);
            }
            let sealed = match entry(row) {
                Ok(sealed) => sealed,
                Err(what) => {
                    fault(named(row, &what), say);
                    return Ok(looked);
                }
            };
            for what in &sealed.faults {
                fault(named(row, what), say);
            }
            tree.push(conn, sealed.leaf, &mut |what| fault(what, say))?;
            all_said.extend(sealed.data.map(|data| (row, data)));
            looked.erased += u64::from(row.salt.is_none());
            filings.count(row);
            erased.look(row, || named_only(row));
        }
        if some.is_empty() {
            fault(missing(tree.size(), None), say);
            return Ok(looked);
        }
        let mut of_row = |row: &WholeRow, what: String| fault(named(row, &what), say);
        for (row, data) in &all_said {
            keys.look(row, data, &mut of_row);
            registered.look(row, data, &mut of_row);
            agencies.look(row, data);
        }
        let to = (&mut filings, project);
        looked.stated += beside::rows(conn, &all_said, to, &mut of_row)?;
        erased::left(conn, &some, &mut of_row)?;
        looked.entries = tree.size();
        say(Found::Progress(looked.entries));
    }
    erased.end(conn, &mut |what| fault(what, say))?;
    let made = tree.range()?;
    if stored != made {
        fault(
            format!(
                "the stored tree has {} entries and the root {}, the entries themselves make {} with the root {}",
                stored.size(),
                stored.root(),
                made.size(),
                made.root()
            ),
            say,
        );
    }
    tree.end(conn, &mut |what| fault(what, say))?;
    looked.signed = tree.signed;
    // What has no place yet is sealed all the same.
    for row in whole::waiting(conn)? {
        looked.waiting += 1;
        filings.count(&row);
        match entry(&row) {
            Ok(sealed) => {
                for what in &sealed.faults {
                    fault(named(&row, what), say);
                }
                if let Some(data) = sealed.data {
                    let mut of_row = |row: &WholeRow, what: String| fault(named(row, &what), say);
                    keys.look(&row, data, &mut of_row);
                    registered.look(&row, data, &mut of_row);
                    agencies.look(&row, data);
                }
            }
            // A version without a log wrote it; it is sealed before it gets its place.
            Err(_) if row.leaf.is_none() && row.salt.is_none() => {}
            Err(what) => fault(named(&row, &what), say),
        }
    }
    for (id, place) in whole::beyond(conn, i64::try_from(stored.size()).map_err(defect)?)? {
        let size = stored.size();
        fault(
            format!("the entry {id} has the place {place}, the log has {size} entries"),
            say,
        );
    }
    if !filings.complete(conn)? {
        beside::requests(conn, &mut |what| fault(what, say))?;
    }
    keys.end(conn, &mut |what| fault(what, say))?;
    registered.end(conn, &mut |what| fault(what, say))?;
    agencies.end(conn, &mut |what| fault(what, say))?;
    signed::kept(conn, &mut |what| fault(what, say))?;
    looked.told = beside::feeds(conn, &mut |what| fault(what, say))?;
    Ok(looked)
}

/// Computes every request anew from its entries, and every count of what was asked about, and compares each column that follows
/// from them. As with [`verify`] nothing may be written meanwhile.
///
/// # Errors
/// As [`verify`].
pub fn verify_requests(
    conn: &mut Conn,
    say: &mut dyn FnMut(Found<'_>),
) -> Result<Recomputed, StoreError> {
    deep::requests(conn, &mut |what| say(Found::Fault(&what)))
}

/// What an entry's row makes.
struct Sealed<'a> {
    leaf: Hash,
    faults: Vec<String>,
    /// The bytes of what happened, while they are there.
    data: Option<&'a str>,
}

fn entry(row: &WholeRow) -> Result<Sealed<'_>, String> {
    let stored = row.leaf.as_deref().ok_or("it has its place and no leaf")?;
    let stored = Hash::from_slice(stored).map_err(|e| format!("its leaf: {e}"))?;
    let mut faults = Vec::new();
    let Some(salt) = &row.salt else {
        // What was erased has nothing left that could be compared; its leaf is held by the tree.
        if !row.data.is_empty() {
            faults.push("its salt is missing although its bytes are there".to_owned());
        }
        return Ok(Sealed {
            leaf: stored,
            faults,
            data: None,
        });
    };
    let salt = Salt::from_slice(salt).map_err(|e| format!("its salt: {e}"))?;
    let leaf = leaf::hash(&salt, row.data.as_bytes());
    if leaf != stored {
        faults.push(
            "its bytes are not those that were sealed: entry, salt or leaf was changed".to_owned(),
        );
    }
    let data = as_written(row).or_else(|| {
        let said = Said::of(&row.data);
        faults.extend(beside::columns(row, said.as_ref()));
        said.map(|said| said.data())
    });
    Ok(Sealed { leaf, faults, data })
}

fn missing(wanted: u64, found: Option<u64>) -> String {
    let found = found.map_or_else(|| "none".to_owned(), |found| found.to_string());
    format!(
        "entry {wanted} is missing; the next one that is there is {found}. What comes after it was not looked at"
    )
}

fn named(row: &WholeRow, what: &str) -> String {
    format!("{}: {what}", named_only(row))
}

fn named_only(row: &WholeRow) -> String {
    format!(
        "entry {} ({}, {})",
        row.log_index.unwrap_or_default(),
        row.id,
        row.event
    )
}

fn defect(error: impl std::fmt::Display) -> StoreError {
    StoreError::Inconsistent(error.to_string())
}
