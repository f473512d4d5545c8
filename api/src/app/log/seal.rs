//! Sealing an entry: a commitment to its bytes that tells nothing of them.

use takedown_core::log::{Hash, Salt, leaf};

use crate::app::{Cx, Error};
use crate::store::{StoreError, log};

/// How many entries of before are sealed in one commit.
const AT_ONCE: i64 = 500;

/// What is stored with a sealed entry.
#[derive(Debug, Clone)]
pub struct Sealed {
    /// Random; without it nobody can try out what the entry says. Destroyed with it.
    pub salt: Salt,
    /// The leaf of the log.
    pub leaf: Hash,
}

/// Seals an entry's bytes with a new salt.
///
/// # Errors
/// [`StoreError::Unavailable`] when the system has no randomness: then nothing is changed.
pub fn seal(entry: &str) -> Result<Sealed, StoreError> {
    let salt = draw_salt()?;
    Ok(Sealed {
        leaf: leaf::hash(&salt, entry.as_bytes()),
        salt,
    })
}

/// Draws a salt.
///
/// # Errors
/// [`StoreError::Unavailable`] when the system has no randomness.
pub fn draw_salt() -> Result<Salt, StoreError> {
    let mut salt = [0; 32];
    aws_lc_rs::rand::fill(&mut salt)
        .map_err(|_| StoreError::Unavailable("the system has no randomness".into()))?;
    Ok(Salt::from_bytes(salt))
}

/// Seals entries that a version without a log has written, in the order they were written; how many there were. On PostgreSQL
/// another node may still be of such a version.
///
/// # Errors
/// Those of the store.
pub async fn seal_old(cx: &Cx) -> Result<usize, Error> {
    let mut all = 0;
    loop {
        let waiting: bool = cx
            .store
            .read(|conn| log::unsealed(conn, 1).map(|some| !some.is_empty()))
            .await?;
        if !waiting {
            return Ok(all);
        }
        all += cx
            .store
            .write(|conn| {
                let some = log::unsealed(conn, AT_ONCE)?;
                for (pos, entry) in &some {
                    let sealed = seal(entry)?;
                    log::seal(conn, *pos, sealed.salt.as_bytes(), sealed.leaf.as_bytes())?;
                }
                Ok::<_, Error>(some.len())
            })
            .await?;
    }
}
