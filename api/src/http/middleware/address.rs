//! Who is calling, by address.

use std::net::IpAddr;

use actix_web::dev::RequestHead;

use crate::config::network::Network;

/// The address of the caller: the peer of the connection, or, behind trusted proxies, the last address in
/// `X-Forwarded-For` that is not one of them. What callers write there themselves is never believed.
#[must_use]
pub fn caller_address(head: &RequestHead, trusted: &[Network]) -> Option<IpAddr> {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut address = head.peer_addr?.ip().to_canonical();
    if !is_trusted(address) {
        return Some(address);
    }
    let forwarded: Vec<&str> = head
        .headers()
        .get_all("x-forwarded-for")
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .collect();
    for hop in forwarded.iter().rev() {
        match parse(hop) {
            Some(hop) => address = hop,
            None => break,
        }
        if !is_trusted(address) {
            break;
        }
    }
    Some(address)
}

/// Some proxies add the port.
fn parse(hop: &str) -> Option<IpAddr> {
    hop.parse::<IpAddr>()
        .ok()
        .or_else(|| {
            hop.parse::<std::net::SocketAddr>()
                .ok()
                .map(|socket| socket.ip())
        })
        .map(|address| address.to_canonical())
}

/// The address as far as one caller holds it: a whole /64 of IPv6 belongs to one.
pub(super) fn network_of(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() & (u128::MAX << 64)).into()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use actix_web::test::TestRequest;

    use super::*;

    fn caller(peer: &str, forwarded: &[&str]) -> String {
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        let request = forwarded
            .iter()
            .fold(
                TestRequest::default().peer_addr(peer.parse().unwrap()),
                |request, value| request.append_header(("X-Forwarded-For", *value)),
            )
            .to_srv_request();
        caller_address(request.head(), &trusted)
            .unwrap()
            .to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        assert_eq!(caller("203.0.113.5:1", &["198.51.100.1"]), "203.0.113.5");
        assert_eq!(caller("10.0.0.1:1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(
            caller("10.0.0.1:1", &["1.1.1.1, 198.51.100.1, 10.2.2.2"]),
            "198.51.100.1"
        );
        assert_eq!(
            caller("10.0.0.1:1", &["1.1.1.1", "198.51.100.1:4711"]),
            "198.51.100.1"
        );
        assert_eq!(caller("10.0.0.1:1", &["1.1.1.1, nonsense"]), "10.0.0.1");
        assert_eq!(caller("10.0.0.1:1", &[]), "10.0.0.1");
        assert_eq!(
            caller("[::ffff:10.0.0.1]:1", &["2001:db8::7"]),
            "2001:db8::7"
        );
    }

    #[test]
    fn a_whole_v6_network_is_one_caller() {
        let network = |text: &str| network_of(text.parse().unwrap()).to_string();
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(network("198.51.100.1"), "198.51.100.1");
    }
}
