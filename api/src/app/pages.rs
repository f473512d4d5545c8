//! Inbox pages that are asked for again and again: by pollers without a cursor, by several programs of one platform.
//!
//! Entries never change and positions have no gaps, so a page that is full stays the same for good; only full ones are
//! remembered. A page that is read costs twice what one from memory does (docs/benchmarks.md).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;

/// Both generations together hold at the most this much text.
const ROOM: usize = 4 * 1024 * 1024;

/// Which page: the party, the position it begins after, how many entries.
pub type Key = (String, i64, usize);

/// Full pages. Cheap to clone.
#[derive(Clone, Default)]
pub struct Pages {
    memory: Arc<Mutex<Generations>>,
}

/// What is used moves to the young generation; when that has filled its half, the old one is forgotten.
#[derive(Default)]
struct Generations {
    young: HashMap<Key, Bytes>,
    old: HashMap<Key, Bytes>,
    young_bytes: usize,
}

impl Pages {
    /// The entries of a full page, separated by commas.
    #[must_use]
    pub fn get(&self, key: &Key) -> Option<Bytes> {
        let mut memory = self.lock();
        if let Some(page) = memory.young.get(key) {
            return Some(page.clone());
        }
        let (key, page) = memory.old.remove_entry(key)?;
        memory.put(key, page.clone());
        Some(page)
    }

    /// Remembers a page. It must be full, or it would hide what comes later.
    pub fn put(&self, key: Key, page: Bytes) {
        self.lock().put(key, page);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Generations> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Generations {
    fn put(&mut self, key: Key, page: Bytes) {
        if page.len() > ROOM / 2 {
            return;
        }
        if self.young_bytes + page.len() > ROOM / 2 {
            self.old = std::mem::take(&mut self.young);
            self.young_bytes = 0;
        }
        self.young_bytes += page.len();
        if let Some(same) = self.young.insert(key, page) {
            self.young_bytes -= same.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: i64) -> Key {
        ("platform_x".to_owned(), number, 50)
    }

    #[test]
    fn memory_is_bounded_and_what_is_used_stays() {
        let pages = Pages::default();
        let page = Bytes::from(vec![b'x'; 50_000]);
        for number in 0..1_000 {
            pages.put(key(number), page.clone());
            assert!(pages.get(&key(0)).is_some(), "used all the time");
        }
        let held = |pages: &HashMap<Key, Bytes>| pages.values().map(Bytes::len).sum::<usize>();
        let memory = pages.lock();
        assert!(held(&memory.young) + held(&memory.old) <= ROOM);
        assert_eq!(held(&memory.young), memory.young_bytes);
    }

    #[test]
    fn a_page_too_large_is_not_kept() {
        let pages = Pages::default();
        pages.put(key(1), Bytes::from(vec![b'x'; ROOM]));
        pages.put(key(2), Bytes::from_static(b"{}"));
        assert!(pages.get(&key(1)).is_none());
        assert!(pages.get(&key(2)).is_some());
        assert!(pages.get(&("platform_y".to_owned(), 2, 50)).is_none());
    }
}
