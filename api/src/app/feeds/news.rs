//! Which feeds moved since somebody asked last.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use tokio::sync::Notify;

/// Beyond so many parties it is not remembered which: a node that sends no webhooks never asks.
const MOST: usize = 1_000;

/// The parties to whose feeds something was appended, for the one that sends webhooks.
#[derive(Debug, Default)]
pub struct News {
    moved: Mutex<Heard>,
    told: Notify,
}

/// What moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// Those of these parties.
    Of(HashSet<String>),
    /// Any of them may have.
    Any,
}

impl Default for Heard {
    fn default() -> Self {
        Self::Of(HashSet::new())
    }
}

impl News {
    /// There is something new for this party.
    pub fn of(&self, party: &str) {
        {
            let mut moved = self.lock();
            if let Heard::Of(parties) = &mut *moved {
                parties.insert(party.to_owned());
                if parties.len() > MOST {
                    *moved = Heard::Any;
                }
            }
        }
        self.told.notify_one();
    }

    /// There may be something new for everybody.
    pub fn of_all(&self) {
        *self.lock() = Heard::Any;
        self.told.notify_one();
    }

    /// Waits until there is something new.
    pub async fn told(&self) {
        self.told.notified().await;
    }

    /// What moved since this was asked last.
    pub fn take(&self) -> Heard {
        std::mem::take(&mut *self.lock())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Heard> {
        self.moved.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_told_once_and_too_many_are_any() {
        let news = News::default();
        news.of("one");
        news.of("two");
        news.of("one");
        let both = HashSet::from(["one".to_owned(), "two".to_owned()]);
        assert_eq!(news.take(), Heard::Of(both));
        assert_eq!(news.take(), Heard::default());
        for number in 0..=MOST {
            news.of(&number.to_string());
        }
        news.of("one more");
        assert_eq!(news.take(), Heard::Any);
        assert_eq!(news.take(), Heard::default());
    }
}
