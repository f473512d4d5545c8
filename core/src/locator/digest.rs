//! Files by the digest of their bytes.

use super::LocatorError;

/// A digest algorithm, its names and the hexadecimal digits of its result.
const ALGORITHMS: [(&str, &[&str], usize); 6] = [
    ("md5", &["md5"], 32),
    ("sha1", &["sha1", "sha-1"], 40),
    ("sha256", &["sha256", "sha-256"], 64),
    ("sha384", &["sha384", "sha-384"], 96),
    ("sha512", &["sha512", "sha-512"], 128),
    // A perceptual hash of pictures, the same length as SHA-256 and therefore only by name.
    ("pdq", &["pdq"], 64),
];

/// The comparable writing `sha256:0123…` of a digest in hexadecimal digits, with or without its algorithm in
/// front; without, the length tells it.
pub(super) fn read(text: &str) -> Result<String, LocatorError> {
    let (algorithm, digits) = match text.split_once([':', '=']) {
        Some((name, digits)) => {
            let name = name.trim().to_ascii_lowercase();
            let known = ALGORITHMS
                .iter()
                .find(|(_, names, _)| names.contains(&name.as_str()))
                .ok_or(LocatorError::DigestAlgorithm)?;
            (Some(known), digits.trim())
        }
        None => (None, text),
    };
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(LocatorError::DigestDigits);
    }
    let fits = |known: &&(_, _, usize)| known.2 == digits.len();
    let (name, ..) = algorithm
        .or_else(|| ALGORITHMS.iter().find(fits))
        .filter(fits)
        .ok_or(LocatorError::DigestLength(digits.len()))?;
    Ok(format!("{name}:{}", digits.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn by_name_or_by_length() {
        let upper = "AB".repeat(32);
        let lower = upper.to_lowercase();
        assert_eq!(read(&upper).unwrap(), format!("sha256:{lower}"));
        assert_eq!(
            read(&format!("SHA-256: {upper}")).unwrap(),
            format!("sha256:{lower}")
        );
        assert_eq!(
            read(&format!("pdq:{upper}")).unwrap(),
            format!("pdq:{lower}")
        );
        assert!(read(&"0".repeat(32)).unwrap().starts_with("md5:"));
    }

    #[test]
    fn refusals() {
        assert_eq!(read("crc32:00000000"), Err(LocatorError::DigestAlgorithm));
        assert_eq!(read("sha256:00"), Err(LocatorError::DigestLength(2)));
        assert_eq!(read(&"0".repeat(33)), Err(LocatorError::DigestLength(33)));
        assert_eq!(read("not hexadecimal"), Err(LocatorError::DigestDigits));
        assert_eq!(read("sha256:"), Err(LocatorError::DigestDigits));
    }

    proptest! {
        #[test]
        fn the_key_of_a_key_is_itself(
            s in "(sha-?256[:=] ?[0-9a-fA-F]{64})|[0-9a-f]{128}|[0-9a-f]{40}|\\PC{0,40}"
        ) {
            if let Ok(key) = read(&s) {
                prop_assert_eq!(read(&key).unwrap(), key);
            }
        }
    }
}
