//! What a witness signs (c2sp.org/tlog-cosignature, version 1): that at a time this was the largest tree it knew of the
//! log, and that it continues every one it knew before.

use thiserror::Error;

use super::{
    SignedCheckpoint, SigningKey,
    note::{Signature, SignatureType},
};

/// The latest time that a cosignature can say, in seconds since 1970.
pub const LAST_TIME: u64 = i64::MAX as u64;

/// Why there is no cosignature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CosignatureError {
    /// A key that is not a witness's.
    #[error(
        "this key signs checkpoints as a log does (type 0x01); a witness's key is of type 0x04"
    )]
    NotAWitness,
    /// A time that cannot be written.
    #[error("{0} is not a time of a cosignature; it is at most {LAST_TIME} seconds since 1970")]
    Time(u64),
}

/// Signs a checkpoint as a witness, at `time` (seconds since 1970). Whether the checkpoint may be signed says
/// [`super::witness::judge`].
///
/// # Errors
/// [`CosignatureError`] when key or time do not fit.
pub fn sign(
    checkpoint: &SignedCheckpoint,
    key: &SigningKey,
    time: u64,
) -> Result<Signature, CosignatureError> {
    if key.verifier().signature_type() != SignatureType::Cosignature {
        return Err(CosignatureError::NotAWitness);
    }
    if time > LAST_TIME {
        return Err(CosignatureError::Time(time));
    }
    Ok(key.sign(checkpoint.note().text(), time))
}

/// What is signed: two lines and the text of the checkpoint.
pub(super) fn message(time: u64, text: &str) -> Vec<u8> {
    format!("cosignature/v1\ntime {time}\n{text}").into_bytes()
}

/// The signature of a cosigner: eight bytes of time, then what Ed25519 made of [`message`].
pub(super) fn joined(time: u64, over: &[u8]) -> Vec<u8> {
    [time.to_be_bytes().as_slice(), over].concat()
}

/// Takes [`joined`] apart again; none when it is of another length or of a time that cannot be.
pub(super) fn split(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let (time, over) = bytes.split_first_chunk::<8>()?;
    let time = u64::from_be_bytes(*time);
    (time <= LAST_TIME && over.len() == crate::ed25519::SIGNATURE_LENGTH).then_some((time, over))
}
