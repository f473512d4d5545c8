//! To whom a file is encrypted: a recipient of age (<https://age-encryption.org/v1>), as its owner writes it down.

use std::{fmt, str::FromStr};

use thiserror::Error;

/// The public half of an X25519 key pair, written `age1…` (Bech32, BIP 173).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Recipient([u8; 32]);

/// Why a text is no recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RecipientError {
    /// The secret half: whoever has it reads what is encrypted.
    #[error(
        "this is a secret key (AGE-SECRET-KEY-1…); give the recipient that belongs to it, age1…, and keep the other to yourself"
    )]
    Secret,
    /// Something else.
    #[error("a recipient begins with age1 and has 62 characters, as `age-keygen -y KEY` prints it")]
    Form,
    /// A character that is not among those of Bech32.
    #[error("a recipient is written with the characters {SIGNS} behind age1, all in lower case")]
    Character,
    /// A mistake in writing.
    #[error("the recipient is misspelt: its checksum does not fit")]
    Checksum,
}

const PREFIX: &str = "age";
const SIGNS: &str = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
/// Signs of a checksum.
const CHECK: usize = 6;
/// 32 bytes in groups of five bits.
const GROUPS: usize = 52;

impl Recipient {
    /// Its 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl FromStr for Recipient {
    type Err = RecipientError;

    fn from_str(text: &str) -> Result<Self, RecipientError> {
        if text.to_ascii_uppercase().starts_with("AGE-SECRET-KEY-") {
            return Err(RecipientError::Secret);
        }
        let data = text.strip_prefix("age1").ok_or(RecipientError::Form)?;
        let groups = data
            .chars()
            .map(|sign| SIGNS.find(sign).and_then(|value| u8::try_from(value).ok()))
            .collect::<Option<Vec<u8>>>()
            .ok_or(RecipientError::Character)?;
        if groups.len() != GROUPS + CHECK {
            return Err(RecipientError::Form);
        }
        if polymod(&groups) != 1 {
            return Err(RecipientError::Checksum);
        }
        let mut bytes = [0; 32];
        let (mut bits, mut held, mut at) = (0_u32, 0_u32, 0);
        for group in groups.iter().take(GROUPS) {
            bits = bits << 5 | u32::from(*group);
            held += 5;
            if held >= 8 {
                held -= 8;
                if let (Some(byte), Ok(value)) =
                    (bytes.get_mut(at), u8::try_from(bits >> held & 0xff))
                {
                    *byte = value;
                }
                at += 1;
            }
        }
        // What is left over is nothing: there is one writing of each recipient.
        if bits & ((1 << held) - 1) != 0 {
            return Err(RecipientError::Form);
        }
        Ok(Self(bytes))
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut groups = Vec::with_capacity(GROUPS + CHECK);
        let (mut bits, mut held) = (0_u32, 0_u32);
        for byte in self.0 {
            bits = bits << 8 | u32::from(byte);
            held += 8;
            while held >= 5 {
                held -= 5;
                groups.push(u8::try_from(bits >> held & 31).unwrap_or_default());
            }
        }
        groups.push(u8::try_from(bits << (5 - held) & 31).unwrap_or_default());
        let open: Vec<u8> = groups.iter().copied().chain([0; CHECK]).collect();
        let check = polymod(&open) ^ 1;
        for place in (0..CHECK).rev() {
            groups.push(u8::try_from(check >> (5 * place) & 31).unwrap_or_default());
        }
        f.write_str("age1")?;
        let signs = SIGNS.as_bytes();
        groups.iter().try_for_each(|group| {
            let sign = signs.get(usize::from(*group)).copied().unwrap_or_default();
            fmt::Write::write_char(f, char::from(sign))
        })
    }
}

/// The checksum of BIP 173 over the prefix and these groups: 1 where it fits.
fn polymod(groups: &[u8]) -> u32 {
    const GENERATOR: [u32; 5] = [
        0x3b6a_57b2,
        0x2650_8e6d,
        0x1ea1_19fa,
        0x3d42_33dd,
        0x2a14_62b3,
    ];
    let high = PREFIX.bytes().map(|byte| byte >> 5);
    let low = PREFIX.bytes().map(|byte| byte & 31);
    let all = high.chain([0]).chain(low).chain(groups.iter().copied());
    all.fold(1_u32, |sum, group| {
        let top = sum >> 25;
        let next = (sum & 0x01ff_ffff) << 5 ^ u32::from(group);
        GENERATOR
            .iter()
            .zip(0..)
            .filter(|(_, bit)| top >> bit & 1 == 1)
            .fold(next, |sum, (generator, _)| sum ^ generator)
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    /// From the README of age.
    const KNOWN: &str = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

    #[test]
    fn a_recipient_is_read_as_it_is_written() {
        let recipient: Recipient = KNOWN.parse().unwrap();
        assert_eq!(recipient.to_string(), KNOWN);
    }

    #[test]
    fn what_is_none_is_refused_by_name() {
        let said = |text: &str| text.parse::<Recipient>().unwrap_err();
        assert_eq!(said("age1"), RecipientError::Form);
        assert_eq!(said("ssh-ed25519 AAAA"), RecipientError::Form);
        assert_eq!(said(&KNOWN.replace('q', "Q")), RecipientError::Character);
        assert_eq!(said(&KNOWN.replace("z7h", "zh7")), RecipientError::Checksum);
        assert_eq!(said("AGE-SECRET-KEY-1QQQ"), RecipientError::Secret);
    }

    proptest! {
        #[test]
        fn there_and_back(bytes in any::<[u8; 32]>(), text in any::<String>()) {
            let recipient = Recipient(bytes);
            prop_assert_eq!(recipient.to_string().parse(), Ok(recipient));
            let _ = text.parse::<Recipient>();
        }
    }
}
