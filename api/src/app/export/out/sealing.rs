//! Encrypting as age does (<https://age-encryption.org/v1>), for one X25519 recipient. Reading is the recipient's, with a program
//! of his choice.

use std::io;

use aws_lc_rs::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::agreement::{EphemeralPrivateKey, UnparsedPublicKey, X25519, agree_ephemeral};
use aws_lc_rs::rand::{SystemRandom, fill};
use aws_lc_rs::{error::Unspecified, hmac};
use data_encoding::BASE64_NOPAD;
use takedown_core::age::Recipient;
use zeroize::Zeroizing;

/// Bytes of a chunk before it is encrypted.
const CHUNK: usize = 64 << 10;
/// Bytes of the key that a file is encrypted with.
const FILE_KEY: usize = 16;
const LAST: u8 = 1;

/// A file that is being encrypted.
pub(super) struct Sealing {
    key: LessSafeKey,
    counter: u128,
    waiting: Vec<u8>,
}

impl Sealing {
    /// Draws the key of the file and writes the header, in which only the recipient finds it.
    pub(super) fn begin(recipient: &Recipient, out: &mut Vec<u8>) -> io::Result<Self> {
        let mut file_key = Zeroizing::new([0; FILE_KEY]);
        fill(file_key.as_mut()).map_err(no_randomness)?;
        let (share, wrapped) = wrap(recipient, &file_key).map_err(|_| {
            io::Error::other("nothing can be encrypted to this recipient: its key is weak")
        })?;
        let header = format!(
            "age-encryption.org/v1\n-> X25519 {}\n{}\n---",
            BASE64_NOPAD.encode(&share),
            BASE64_NOPAD.encode(&wrapped)
        );
        let mac_key = derived(file_key.as_ref(), &[], b"header");
        let mac = hmac::sign(
            &hmac::Key::new(hmac::HMAC_SHA256, mac_key.as_ref()),
            header.as_bytes(),
        );
        let mut nonce = [0; 16];
        fill(&mut nonce).map_err(no_randomness)?;
        out.extend_from_slice(header.as_bytes());
        out.extend_from_slice(format!(" {}\n", BASE64_NOPAD.encode(mac.as_ref())).as_bytes());
        out.extend_from_slice(&nonce);
        let key = derived(file_key.as_ref(), &nonce, b"payload");
        Ok(Self {
            key: cipher(key.as_ref())
                .map_err(|_| io::Error::other("a key of 32 bytes is refused"))?,
            counter: 0,
            waiting: Vec::with_capacity(CHUNK),
        })
    }

    /// Encrypts what is a whole chunk, but the last: only the end knows which that is.
    pub(super) fn take(&mut self, mut bytes: &[u8], out: &mut Vec<u8>) -> io::Result<()> {
        while !bytes.is_empty() {
            if self.waiting.len() == CHUNK {
                self.chunk(0, out)?;
            }
            let (now, later) = bytes.split_at(bytes.len().min(CHUNK - self.waiting.len()));
            self.waiting.extend_from_slice(now);
            bytes = later;
        }
        Ok(())
    }

    /// Encrypts the last chunk.
    pub(super) fn end(mut self, out: &mut Vec<u8>) -> io::Result<()> {
        self.chunk(LAST, out)
    }

    fn chunk(&mut self, last: u8, out: &mut Vec<u8>) -> io::Result<()> {
        let mut nonce = [0; 12];
        // 11 bytes of a counter, and one that says whether it is the last.
        nonce[..11].copy_from_slice(&self.counter.to_be_bytes()[5..]);
        nonce[11] = last;
        self.counter += 1;
        let nonce = Nonce::assume_unique_for_key(nonce);
        self.key
            .seal_in_place_append_tag(nonce, Aad::empty(), &mut self.waiting)
            .map_err(|_| io::Error::other("a chunk could not be encrypted"))?;
        out.append(&mut self.waiting);
        Ok(())
    }
}

fn no_randomness(_: Unspecified) -> io::Error {
    io::Error::other("the system has no randomness")
}

/// The share by which the recipient finds the secret, and the key of the file under that secret.
fn wrap(
    recipient: &Recipient,
    file_key: &[u8; FILE_KEY],
) -> Result<(Vec<u8>, Vec<u8>), Unspecified> {
    let own = EphemeralPrivateKey::generate(&X25519, &SystemRandom::new())?;
    let share = own.compute_public_key()?.as_ref().to_vec();
    let theirs = UnparsedPublicKey::new(&X25519, recipient.as_bytes());
    let salt = [share.as_slice(), recipient.as_bytes()].concat();
    let wrapping = agree_ephemeral(own, theirs, Unspecified, |secret| {
        Ok(derived(secret, &salt, b"age-encryption.org/v1/X25519"))
    })?;
    let mut wrapped = file_key.to_vec();
    // One key wraps one key, so that the nonce is always the same.
    cipher(wrapping.as_ref())?.seal_in_place_append_tag(
        Nonce::assume_unique_for_key([0; 12]),
        Aad::empty(),
        &mut wrapped,
    )?;
    Ok((share, wrapped))
}

fn cipher(key: &[u8]) -> Result<LessSafeKey, Unspecified> {
    UnboundKey::new(&CHACHA20_POLY1305, key).map(LessSafeKey::new)
}

/// 32 bytes by HKDF-SHA-256 (RFC 5869): one block of it.
fn derived(secret: &[u8], salt: &[u8], info: &[u8]) -> Zeroizing<Vec<u8>> {
    let sign = |key: &[u8], data: &[u8]| hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), data);
    let extracted = sign(salt, secret);
    let expanded = sign(extracted.as_ref(), &[info, &[1]].concat());
    Zeroizing::new(expanded.as_ref().to_vec())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// RFC 5869, appendix A.3: no salt, no info; the first 32 bytes.
    #[test]
    fn keys_are_derived_as_the_rfc_does() {
        let key = derived(&[0x0b; 22], &[], &[]);
        assert_eq!(
            data_encoding::HEXLOWER.encode(&key),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
        );
    }

    #[test]
    fn chunks_are_as_long_as_they_must_be_and_the_last_one_is_never_left_out() {
        let recipient = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
            .parse()
            .unwrap();
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK] {
            let mut out = Vec::new();
            let mut sealing = Sealing::begin(&recipient, &mut out).unwrap();
            let head = out.len();
            let text = String::from_utf8_lossy(&out[..head - 16]).into_owned();
            assert!(
                text.starts_with("age-encryption.org/v1\n-> X25519 "),
                "{text}"
            );
            assert!(text.ends_with('\n'));
            for piece in vec![7; length].chunks(1_000) {
                sealing.take(piece, &mut out).unwrap();
            }
            sealing.end(&mut out).unwrap();
            let chunks = length.div_ceil(CHUNK).max(1);
            assert_eq!(out.len() - head, length + 16 * chunks, "{length}");
        }
    }
}
