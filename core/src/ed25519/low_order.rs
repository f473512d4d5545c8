//! Ed25519 public keys that must not be used.

/// The y coordinates of the points of small order, and their encodings above the field's modulus, sign bit cleared.
/// Under such a key a signature can be made that verifies for many messages.
const SMALL: [[u8; 32]; 4] = [
    [0; 32],
    {
        let mut one = [0; 32];
        one[0] = 1;
        one
    },
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98,
        0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53,
        0xfc, 0x05,
    ],
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67,
        0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac,
        0x03, 0x7a,
    ],
];

/// Whether the key is a point of small order or not written canonically (RFC 8032 section 5.1.3: y below 2^255 - 19).
#[must_use]
pub fn is_weak(key: &[u8; 32]) -> bool {
    let mut y = *key;
    y[31] &= 0x7f;
    // p - 1 is of order two; everything from p on is not canonical.
    let top = y[31] == 0x7f && y[1..31].iter().all(|byte| *byte == 0xff) && y[0] >= 0xec;
    top || SMALL.contains(&y)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_of_small_order_are_known_in_every_encoding() {
        for mut key in SMALL {
            assert!(is_weak(&key));
            key[31] |= 0x80;
            assert!(is_weak(&key));
        }
        for low in 0xec..=0xff {
            let mut key = [0xff; 32];
            key[0] = low;
            assert!(is_weak(&key));
            key[31] = 0x7f;
            assert!(is_weak(&key));
        }
        let mut ordinary = [0xff; 32];
        ordinary[0] = 0xeb;
        ordinary[31] = 0x7f;
        assert!(!is_weak(&ordinary));
    }
}
