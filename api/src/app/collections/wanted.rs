//! Which objects of a collection somebody wants, and what he is given.

use takedown_core::page::CollectionCursor;
use takedown_core::time::At;

use crate::app::Error;
use crate::store::collections;

/// Which objects are wanted. Where nothing is named, all are.
#[derive(Debug, Clone, Default)]
pub struct Chosen {
    /// Only those added later than this, in microseconds since 1970.
    pub added_after: Option<i64>,
    /// Where to go on, from the page before.
    pub next: Option<String>,
    /// How many at the most.
    pub limit: usize,
    /// Only these.
    pub ids: Vec<String>,
    /// Only of these types.
    pub types: Vec<String>,
    /// Only in these versions. A collection has each object in its last one.
    pub versions: Vec<At>,
    /// That there is nothing of the kind: another version of STIX, say.
    pub nothing: bool,
}

/// What is wanted of the objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// Which there are. No name may tell what reading the object would.
    Names,
    /// What they say.
    Content,
}

impl Chosen {
    /// What to look for; nothing when nothing can be found.
    pub(super) fn read(
        self,
        party: &str,
        what: What,
    ) -> Result<Option<collections::Chosen>, Error> {
        let next = match &self.next {
            None => None,
            Some(next) => {
                let cursor = CollectionCursor::decode(next, party);
                Some(cursor.map_err(|e| Error::Cursor(e.to_string()))?.added_at)
            }
        };
        if self.nothing {
            return Ok(None);
        }
        Ok(Some(collections::Chosen {
            after: next.max(self.added_after).unwrap_or(i64::MIN),
            ids: self.ids,
            types: self.types,
            versions: self.versions.iter().map(At::timestamp_millis).collect(),
            names: what == What::Names,
        }))
    }
}

/// A page of a collection, in the order in which objects were added.
#[derive(Debug)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Where to go on, when there is more.
    pub next: Option<String>,
    /// When the first and the last of it were added, in microseconds since 1970.
    pub added: Option<(i64, i64)>,
}

impl<T> Page<T> {
    pub(super) const fn empty() -> Self {
        Self {
            items: Vec::new(),
            next: None,
            added: None,
        }
    }

    pub(super) fn map<U>(self, each: impl FnMut(T) -> Result<U, Error>) -> Result<Page<U>, Error> {
        let items = self.items.into_iter().map(each);
        Ok(Page {
            items: items.collect::<Result<_, _>>()?,
            next: self.next,
            added: self.added,
        })
    }
}

/// What is known of an object without its content.
#[derive(Debug, Clone)]
pub struct Record {
    /// Its STIX identifier.
    pub id: String,
    /// When it was added, in microseconds since 1970.
    pub added_at: i64,
    /// Its version.
    pub version: At,
}
