//! Which addresses are on the public Internet.
//!
//! IANA's registries of special-purpose addresses (RFC 6890), and what carries an IPv4 address inside an IPv6 one: through a
//! translator or a tunnel such an address leads where nobody looked. Of IPv6 only what IANA gave out (2000::/3) counts.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// An address that is not public.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{address} is not a public address ({range})")]
pub struct NotPublic {
    /// Which.
    pub address: IpAddr,
    /// What it is instead.
    pub range: &'static str,
}

type V4 = ([u8; 4], u32, &'static str);
type V6 = ([u16; 8], u32, &'static str);

const NOT_PUBLIC_V4: &[V4] = &[
    ([0, 0, 0, 0], 8, "this network, RFC 791"),
    ([10, 0, 0, 0], 8, "private, RFC 1918"),
    ([100, 64, 0, 0], 10, "shared by carriers, RFC 6598"),
    ([127, 0, 0, 0], 8, "loopback, RFC 1122"),
    ([169, 254, 0, 0], 16, "link-local, RFC 3927"),
    ([172, 16, 0, 0], 12, "private, RFC 1918"),
    ([192, 0, 0, 0], 24, "IETF protocols, RFC 6890"),
    ([192, 0, 2, 0], 24, "documentation, RFC 5737"),
    ([192, 88, 99, 0], 24, "6to4 relays, RFC 7526"),
    ([192, 168, 0, 0], 16, "private, RFC 1918"),
    ([198, 18, 0, 0], 15, "benchmarks, RFC 2544"),
    ([198, 51, 100, 0], 24, "documentation, RFC 5737"),
    ([203, 0, 113, 0], 24, "documentation, RFC 5737"),
    ([224, 0, 0, 0], 4, "multicast, RFC 5771"),
    ([255, 255, 255, 255], 32, "broadcast, RFC 919"),
    ([240, 0, 0, 0], 4, "reserved, RFC 1112"),
];

const NOT_PUBLIC_V6: &[V6] = &[
    ([0, 0, 0, 0, 0, 0, 0, 0], 128, "unspecified, RFC 4291"),
    ([0, 0, 0, 0, 0, 0, 0, 1], 128, "loopback, RFC 4291"),
    ([0, 0, 0, 0, 0, 0xffff, 0, 0], 96, "IPv4-mapped, RFC 4291"),
    ([0, 0, 0, 0, 0, 0, 0, 0], 96, "IPv4-compatible, RFC 4291"),
    ([0x64, 0xff9b, 0, 0, 0, 0, 0, 0], 96, "NAT64, RFC 6052"),
    ([0x64, 0xff9b, 1, 0, 0, 0, 0, 0], 48, "NAT64, RFC 8215"),
    ([0x100, 0, 0, 0, 0, 0, 0, 0], 64, "discard, RFC 6666"),
    ([0x2001, 0, 0, 0, 0, 0, 0, 0], 32, "Teredo, RFC 4380"),
    (
        [0x2001, 0, 0, 0, 0, 0, 0, 0],
        23,
        "IETF protocols, RFC 2928",
    ),
    (
        [0x2001, 0xdb8, 0, 0, 0, 0, 0, 0],
        32,
        "documentation, RFC 3849",
    ),
    ([0x2002, 0, 0, 0, 0, 0, 0, 0], 16, "6to4, RFC 3056"),
    ([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20, "documentation, RFC 9637"),
    (
        [0x5f00, 0, 0, 0, 0, 0, 0, 0],
        16,
        "segment routing, RFC 9602",
    ),
    ([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7, "unique local, RFC 4193"),
    ([0xfe80, 0, 0, 0, 0, 0, 0, 0], 10, "link-local, RFC 4291"),
    ([0xfec0, 0, 0, 0, 0, 0, 0, 0], 10, "site-local, RFC 3879"),
    ([0xff00, 0, 0, 0, 0, 0, 0, 0], 8, "multicast, RFC 4291"),
];

/// Whether an address is on the public Internet.
///
/// # Errors
/// [`NotPublic`] says what it is instead.
pub fn public(address: IpAddr) -> Result<(), NotPublic> {
    let range = match address {
        IpAddr::V4(v4) => NOT_PUBLIC_V4
            .iter()
            .find(|(network, bits, _)| within_v4(v4, Ipv4Addr::from(*network), *bits))
            .map(|(.., range)| *range),
        IpAddr::V6(v6) => NOT_PUBLIC_V6
            .iter()
            .find(|(network, bits, _)| within_v6(v6, Ipv6Addr::from(*network), *bits))
            .map(|(.., range)| *range)
            .or((v6.segments()[0] >> 13 != 1).then_some("given out to nobody, RFC 4291")),
    };
    match range {
        Some(range) => Err(NotPublic { address, range }),
        None => Ok(()),
    }
}

/// Whether an address is of this machine alone: 127.0.0.0/8 or ::1, and no IPv6 form of the former.
#[must_use]
pub const fn is_loopback(address: IpAddr) -> bool {
    address.is_loopback()
}

fn within_v4(address: Ipv4Addr, network: Ipv4Addr, bits: u32) -> bool {
    let mask = u32::MAX.checked_shl(32 - bits).unwrap_or(0);
    address.to_bits() & mask == network.to_bits() & mask
}

fn within_v6(address: Ipv6Addr, network: Ipv6Addr, bits: u32) -> bool {
    let mask = u128::MAX.checked_shl(128 - bits).unwrap_or(0);
    address.to_bits() & mask == network.to_bits() & mask
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Each range at its first and last address, and what lies right beside it where that is public.
    #[test]
    fn the_table_at_its_edges() {
        for (address, range) in [
            ("0.0.0.0", "this network"),
            ("0.255.255.255", "this network"),
            ("10.0.0.0", "private"),
            ("10.255.255.255", "private"),
            ("100.64.0.0", "shared"),
            ("100.127.255.255", "shared"),
            ("127.0.0.1", "loopback"),
            ("127.255.255.255", "loopback"),
            ("169.254.0.0", "link-local"),
            ("169.254.169.254", "link-local"),
            ("172.16.0.0", "private"),
            ("172.31.255.255", "private"),
            ("192.0.0.8", "IETF"),
            ("192.0.2.1", "documentation"),
            ("192.88.99.1", "6to4"),
            ("192.168.0.0", "private"),
            ("192.168.255.255", "private"),
            ("198.18.0.0", "benchmarks"),
            ("198.19.255.255", "benchmarks"),
            ("198.51.100.7", "documentation"),
            ("203.0.113.255", "documentation"),
            ("224.0.0.1", "multicast"),
            ("239.255.255.255", "multicast"),
            ("240.0.0.1", "reserved"),
            ("255.255.255.255", "broadcast"),
            ("::", "unspecified"),
            ("::1", "loopback"),
            ("::2", "IPv4-compatible"),
            ("::7f00:1", "IPv4-compatible"),
            ("::ffff:127.0.0.1", "IPv4-mapped"),
            ("::ffff:1.1.1.1", "IPv4-mapped"),
            ("64:ff9b::1.1.1.1", "NAT64"),
            ("64:ff9b::a00:1", "NAT64"),
            ("64:ff9b:1::1", "NAT64"),
            ("100::1", "discard"),
            ("2001::1", "Teredo"),
            ("2001:2::1", "IETF"),
            ("2001:1ff:ffff::", "IETF"),
            ("2001:db8::1", "documentation"),
            ("2001:db8:ffff::", "documentation"),
            ("2002:7f00:1::", "6to4"),
            ("2002:c0a8:1::1", "6to4"),
            ("3fff:fff:ffff::", "documentation"),
            ("5f00::1", "segment routing"),
            ("fc00::1", "unique local"),
            ("fdff:ffff::1", "unique local"),
            ("fe80::1", "link-local"),
            ("febf::1", "link-local"),
            ("fec0::1", "site-local"),
            ("ff02::1", "multicast"),
            ("1000::1", "given out to nobody"),
            ("4000::1", "given out to nobody"),
            ("e000::1", "given out to nobody"),
        ] {
            let refused = public(address.parse().unwrap()).unwrap_err();
            assert!(refused.range.starts_with(range), "{refused}");
            assert_eq!(refused.address, address.parse::<IpAddr>().unwrap());
        }
        for address in [
            "1.0.0.0",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.0.3.0",
            "192.88.98.255",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "203.0.112.255",
            "223.255.255.255",
            "2000::1",
            "2001:200::1",
            "2001:db7:ffff::",
            "2001:db9::",
            "2001:ffff::1",
            "2003::1",
            "2606:4700::1111",
            "3ffe:ffff::1",
            "3fff:1000::1",
        ] {
            assert_eq!(public(address.parse().unwrap()), Ok(()), "{address}");
        }
    }

    #[test]
    fn loopback_is_no_other_writing_of_it() {
        let loopback = |text: &str| is_loopback(text.parse().unwrap());
        assert!(loopback("127.0.0.1") && loopback("127.9.9.9") && loopback("::1"));
        for other in [
            "::ffff:127.0.0.1",
            "64:ff9b::7f00:1",
            "::7f00:1",
            "10.0.0.1",
        ] {
            assert!(!loopback(other), "{other}");
        }
    }
}
