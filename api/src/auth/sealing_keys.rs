//! The sealing keys of a node: one writes, and while keys are changed another one is still read.

use aws_lc_rs::hmac;

use super::sealing::SealingKey;

/// Them.
#[derive(Debug)]
pub struct SealingKeys {
    writing: SealingKey,
    others: Vec<SealingKey>,
}

impl SealingKeys {
    /// Those there are, of which the one of this name writes; the keys back when none has it.
    ///
    /// # Errors
    /// The keys, when none of them has this name.
    pub fn of(mut keys: Vec<SealingKey>, writing: &str) -> Result<Self, Vec<SealingKey>> {
        match keys.iter().position(|key| key.name() == writing) {
            Some(at) => Ok(Self {
                writing: keys.remove(at),
                others: keys,
            }),
            None => Err(keys),
        }
    }

    /// The one that wrote when this node started. Which one writes now the database says.
    #[must_use]
    pub fn writing(&self) -> &SealingKey {
        &self.writing
    }

    /// The one of this name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&SealingKey> {
        self.all().find(|key| key.name() == name)
    }

    /// Keys for marks under the names of those they are made from, that of [`SealingKeys::writing`] first: [`SealingKey::marks`].
    #[must_use]
    pub fn marks(&self, purpose: &str) -> Vec<(String, hmac::Key)> {
        let mark = |key: &SealingKey| (key.name().to_owned(), key.marks(purpose));
        self.all().map(mark).collect()
    }

    fn all(&self) -> impl Iterator<Item = &SealingKey> {
        std::iter::once(&self.writing).chain(&self.others)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn one_writes_and_the_other_is_read() {
        let key = || SealingKey::generate().unwrap().0;
        let (old, new) = (key(), key());
        let (old_name, new_name) = (old.name().to_owned(), new.name().to_owned());
        let sealed = old.seal("webhook_1", b"a secret").unwrap();
        let keys = SealingKeys::of(vec![old, new], &new_name).unwrap();
        assert_eq!(keys.writing().name(), new_name);
        let opened = keys.named(&old_name).unwrap().open("webhook_1", &sealed);
        assert_eq!(opened.unwrap().as_slice(), b"a secret");
        assert!(keys.named("another").is_none());
        let marks = keys.marks("x").into_iter().map(|(name, _)| name);
        assert_eq!(marks.collect::<Vec<_>>(), [new_name.clone(), old_name]);
        assert_eq!(
            SealingKeys::of(vec![key()], &new_name).unwrap_err().len(),
            1
        );
    }
}
