//! The short reference of a request: spoken on the telephone, typed from paper, printed in mails.

use super::RequestId;
use super::base32::{ALPHABET, value};

/// Ten characters of data and one to check them.
const DATA: usize = 10;

/// A reference `XXXXX-XXXXX-C`: 50 bits in upper-case Crockford base32 and a check character.
///
/// The check character is a weighted sum over the field of 32 elements, with a different weight for every
/// place. It finds every single wrong character and every exchange of two characters, wherever they stand
/// and the check character included. The alphabet has no I, L, O and U, so nothing in it looks or sounds
/// like a digit.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference(String);

/// A text that is not a reference.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceError {
    /// Not eleven characters, dashes and spaces apart.
    #[error("a reference has 11 characters, written XXXXX-XXXXX-X; this one has {0}")]
    Length(usize),
    /// A character that no reference holds.
    #[error("a reference is written with digits and the letters A to Z without I, L, O, U; \"{}\" is not among them", crate::text::visible(&.0.to_string()))]
    Character(char),
    /// The check character does not belong to the ten before it.
    #[error(
        "the check character of {0} does not fit: one of its characters was misread or two were exchanged"
    )]
    Check(String),
}

impl Reference {
    /// The reference of a request: the last 50 bits of its id, all of them random in a UUID of version 7.
    #[must_use]
    pub fn from_request(id: RequestId) -> Self {
        let mut bits = id.uuid().as_u128();
        let mut data = [0u8; DATA];
        for digit in data.iter_mut().rev() {
            *digit = (bits & 31) as u8;
            bits >>= 5;
        }
        Self::written(&data, check(&data))
    }

    /// The reference as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn written(data: &[u8], check: u8) -> Self {
        let mut text = String::with_capacity(13);
        for (place, digit) in data.iter().chain([&check]).enumerate() {
            if place == 5 || place == DATA {
                text.push('-');
            }
            text.push(char::from(
                ALPHABET[usize::from(*digit & 31)].to_ascii_uppercase(),
            ));
        }
        Self(text)
    }
}

/// The sum of the digits, each times its own power of the field's generator, places counted from 1.
fn check(data: &[u8]) -> u8 {
    // Horner's rule: the first digit ends up with the highest power.
    data.iter().fold(0, |sum, digit| doubled(sum ^ digit))
}

/// Multiplies by the generator x of GF(32) = GF(2)[x] / (x⁵ + x² + 1).
const fn doubled(a: u8) -> u8 {
    let twice = a << 1;
    if twice & 0b10_0000 == 0 {
        twice
    } else {
        twice ^ 0b10_0101
    }
}

impl std::str::FromStr for Reference {
    type Err = ReferenceError;

    /// Understands lower case, O for 0, I and L for 1, and dashes or spaces anywhere or nowhere.
    fn from_str(s: &str) -> Result<Self, ReferenceError> {
        let mut digits = [0u8; DATA + 1];
        let mut count = 0;
        for c in s.chars() {
            // Word processors turn hyphens into dashes of other lengths.
            if c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}') {
                continue;
            }
            let meant = match c.to_ascii_lowercase() {
                'o' => '0',
                'i' | 'l' => '1',
                other => other,
            };
            let digit = u8::try_from(meant)
                .ok()
                .and_then(value)
                .ok_or(ReferenceError::Character(c))?;
            if let Some(place) = digits.get_mut(count) {
                *place = digit;
            }
            count += 1;
        }
        if count != digits.len() {
            return Err(ReferenceError::Length(count));
        }
        let (data, last) = digits.split_at(DATA);
        let reference = Self::written(data, last[0]);
        if check(data) == last[0] {
            Ok(reference)
        } else {
            Err(ReferenceError::Check(reference.0))
        }
    }
}

impl std::fmt::Display for Reference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.0)
    }
}

impl std::fmt::Debug for Reference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Reference({})", self.0)
    }
}

impl serde::Serialize for Reference {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for Reference {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::text::parsed(deserializer)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn of(bits: u128) -> Reference {
        Reference::from_request(RequestId::from_uuid(Uuid::from_u128(bits)))
    }

    #[test]
    fn the_generator_runs_through_the_whole_field() {
        let mut powers: Vec<u8> = std::iter::successors(Some(1), |a| Some(doubled(*a)))
            .take(31)
            .collect();
        powers.sort_unstable();
        assert_eq!(powers, (1..32).collect::<Vec<u8>>());
    }

    #[test]
    fn known_references_never_change() {
        assert_eq!(of(0).as_str(), "00000-00000-0");
        assert_eq!(of(1).as_str(), "00000-00001-2");
        assert_eq!(
            of(0x0189_0a5d_ac96_774b_bcce_b302_099a_8057).as_str().len(),
            13
        );
    }

    #[test]
    fn refusals_say_why() {
        let said = |s: &str| s.parse::<Reference>().unwrap_err().to_string();
        assert!(said("00000-00001-3").contains("check character of 00000-00001-3"));
        assert!(said("00000-0000").contains("this one has 9"));
        assert!(said("").contains("this one has 0"));
        assert!(said("UUUUU-00000-0").contains("\"U\" is not among them"));
        assert!(said("٠٠٠٠٠-00000-0").contains("not among them"));
    }

    proptest! {
        #[test]
        fn there_and_back_however_typed(bits in any::<u128>(), lower in any::<bool>(), spaced in 0..3) {
            let reference = of(bits);
            let mut typed = reference.to_string().replace('0', "o").replace('1', "l");
            if lower { typed = typed.to_lowercase() } else { typed = typed.to_uppercase() }
            match spaced { 0 => typed = typed.replace('-', " "), 1 => typed = typed.replace('-', ""), _ => {} }
            prop_assert_eq!(typed.parse::<Reference>().unwrap(), reference);
        }

        #[test]
        fn every_single_wrong_character_is_found(bits in any::<u128>(), place in 0usize..11, shift in 1usize..32) {
            let plain = of(bits).to_string().replace('-', "").to_lowercase();
            let mut wrong = plain.into_bytes();
            let digit = usize::from(value(wrong[place]).unwrap());
            wrong[place] = ALPHABET[(digit + shift) % 32];
            let wrong = String::from_utf8(wrong).unwrap();
            prop_assert!(matches!(wrong.parse::<Reference>(), Err(ReferenceError::Check(_))));
        }

        #[test]
        fn every_exchange_of_two_characters_is_found(bits in any::<u128>(), a in 0usize..11, b in 0usize..11) {
            let mut swapped = of(bits).to_string().replace('-', "").into_bytes();
            let changes = swapped[a] != swapped[b];
            swapped.swap(a, b);
            let swapped = String::from_utf8(swapped).unwrap();
            prop_assert_eq!(swapped.parse::<Reference>().is_err(), changes);
        }

        #[test]
        fn never_panics(s in any::<String>()) {
            let _ = s.parse::<Reference>();
        }
    }
}
