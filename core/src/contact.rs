//! Mail addresses a machine may safely write to.

pub mod found;

/// A mail address that every mail server understands in the same way.
///
/// Only the plain form is taken: ASCII, a dot-atom, one `@`, a host name with a dot (RFC 5321 §4.1.2 without
/// quoted strings and address literals). Quoted local parts, comments, encoded words and look-alike letters
/// are legal or tolerated somewhere, and each of them has been used to make two programs see two recipients.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MailAddress {
    text: String,
    /// Position of the `@`.
    at: usize,
}

/// Why a mail address is not written to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailAddressError {
    /// Longer than RFC 5321 allows a path to be.
    #[error("the mail address has {0} bytes; it may have 254")]
    TooLong(usize),
    /// A character outside ASCII, a space or a control character.
    #[error(
        "the mail address holds U+{0:04X}; only plain ASCII letters, digits and signs are taken (write an international domain as xn--…)"
    )]
    Character(u32),
    /// No `@`, or more than one.
    #[error("a mail address has exactly one @; this one has {0}")]
    At(usize),
    /// The part before the `@` is not a dot-atom of at most 64 characters.
    #[error(
        "the part before the @ is 1 to 64 letters, digits, dots between them and !#$%&'*+-/=?^_`{{|}}~, without quotes or comments"
    )]
    Local,
    /// An encoded word (RFC 2047), which some programs decode into another address.
    #[error("the mail address is an encoded word (=?…?=); write it plainly")]
    EncodedWord,
    /// The part after the `@` is not a host name with a dot.
    #[error("the part after the @ is a host name with a dot, such as post.example")]
    Domain,
}

impl MailAddress {
    /// Reads a mail address. The domain is kept in lower case, the part before the `@` as given.
    ///
    /// # Errors
    /// [`MailAddressError`]
    pub fn parse(s: &str) -> Result<Self, MailAddressError> {
        if s.len() > 254 {
            return Err(MailAddressError::TooLong(s.len()));
        }
        if let Some(c) = s.chars().find(|c| !c.is_ascii_graphic()) {
            return Err(MailAddressError::Character(u32::from(c)));
        }
        let (Some((local, domain)), 1) = (s.split_once('@'), s.matches('@').count()) else {
            return Err(MailAddressError::At(s.matches('@').count()));
        };
        if local.contains("=?") {
            return Err(MailAddressError::EncodedWord);
        }
        // A leading dash would be read as an option by a sendmail-like program.
        if local.len() > 64 || local.starts_with('-') || !local.split('.').all(is_atom) {
            return Err(MailAddressError::Local);
        }
        if !is_host_name(domain) {
            return Err(MailAddressError::Domain);
        }
        Ok(Self {
            text: format!("{local}@{}", domain.to_ascii_lowercase()),
            at: local.len(),
        })
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The part before the `@`.
    #[must_use]
    pub fn local(&self) -> &str {
        &self.text[..self.at]
    }

    /// The host name after the `@`, in lower case.
    #[must_use]
    pub fn domain(&self) -> &str {
        &self.text[self.at + 1..]
    }
}

fn is_atom(s: &str) -> bool {
    !s.is_empty()
        && s.bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b))
}

/// RFC 1123 §2.1 with a dot; the last label is not a number, so that no IPv4 address passes.
fn is_host_name(s: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    s.contains('.')
        && s.split('.').all(label)
        && s.rsplit('.')
            .next()
            .is_some_and(|top| top.bytes().any(|b| b.is_ascii_alphabetic()))
}

impl std::str::FromStr for MailAddress {
    type Err = MailAddressError;

    fn from_str(s: &str) -> Result<Self, MailAddressError> {
        Self::parse(s)
    }
}

impl std::fmt::Display for MailAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.text)
    }
}

impl serde::Serialize for MailAddress {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> serde::Deserialize<'de> for MailAddress {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::text::parsed(deserializer)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn plain_addresses() {
        let address = MailAddress::parse("Abuse+eu@Paste.EXAMPLE").unwrap();
        assert_eq!(address.as_str(), "Abuse+eu@paste.example");
        assert_eq!(
            (address.local(), address.domain()),
            ("Abuse+eu", "paste.example")
        );
        assert!(MailAddress::parse("o'neil_x@mail.xn--bcher-kva.example").is_ok());
    }

    #[test]
    fn tricks_are_refused_by_name() {
        use MailAddressError as E;
        let long = format!("{}@a.example", "x".repeat(250));
        for (given, error) in [
            ("", E::At(0)),
            ("nobody", E::At(0)),
            ("a@b@c.example", E::At(2)),
            ("@c.example", E::Local),
            ("a..b@c.example", E::Local),
            (".a@c.example", E::Local),
            ("-oQx@c.example", E::Local),
            ("\"a b\"@c.example", E::Character(0x20)),
            ("\"a\"@c.example", E::Local),
            ("a(comment)@c.example", E::Local),
            ("<a@c.example>", E::Local),
            ("a@c.example>", E::Domain),
            (
                "=?utf-8?q?a=40evil.example=3e=00?=@c.example",
                E::EncodedWord,
            ),
            ("a@c.example\r\nBcc: x", E::Character(0x0D)),
            ("a@c.exаmple", E::Character(0x430)),
            ("a@localhost", E::Domain),
            ("a@127.0.0.1", E::Domain),
            ("a@[127.0.0.1]", E::Domain),
            ("a@c..example", E::Domain),
            ("a@c.example.", E::Domain),
            ("a@-c.example", E::Domain),
            ("a,b@c.example", E::Local),
            ("a@c.example,d.example", E::Domain),
            ("a%b@c.example\0", E::Character(0)),
            (long.as_str(), E::TooLong(260)),
        ] {
            assert_eq!(MailAddress::parse(given), Err(error), "{given:?}");
        }
        assert_eq!(
            MailAddress::parse(&format!("{}@a.example", "x".repeat(65))),
            Err(E::Local)
        );
    }

    proptest! {
        #[test]
        fn what_passes_is_plain_and_stays(s in "[ -~]{0,20}@[ -~]{0,20}") {
            if let Ok(address) = MailAddress::parse(&s) {
                prop_assert!(address.as_str().bytes().all(|b| b.is_ascii_graphic()));
                prop_assert_eq!(MailAddress::parse(address.as_str()).unwrap(), address);
            }
        }

        #[test]
        fn never_panics(s in any::<String>()) {
            let _ = MailAddress::parse(&s);
        }
    }
}
