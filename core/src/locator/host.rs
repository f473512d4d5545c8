//! Host names and addresses, and which of them a platform may be registered under.

use psl::Psl as _;
use std::net::Ipv6Addr;

/// A host: a name in lower-case ASCII (A-labels), an IPv4 address, or an IPv6 address in brackets.
///
/// Read as a browser reads it (WHATWG URL): international names go through IDNA, `0x7f.1` is 127.0.0.1. A dot
/// at the end is dropped. Beyond that, what no resolver can look up is refused: empty labels, labels of more
/// than 63 and names of more than 253 characters, characters other than letters, digits, `-` and `_`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Host(String);

/// Why a text is not a host. The messages never repeat the text: it may be part of a locator, which must not
/// leak into logs and error bodies.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HostError {
    /// Nothing there.
    #[error("the host is empty")]
    Empty,
    /// A scheme in front.
    #[error("write the host alone, without a scheme such as https://")]
    Scheme,
    /// A path, query or fragment behind.
    #[error("write the host alone, without a path")]
    Path,
    /// A port behind.
    #[error("write the host alone, without a port; all ports of a host belong to one platform")]
    Port,
    /// A user in front.
    #[error("write the host alone, without a user name")]
    User,
    /// An asterisk.
    #[error("write the host without an asterisk; what lies below a host is included")]
    Wildcard,
    /// A name without a dot.
    #[error("the host is a single word; a host others can reach has a dot")]
    SingleLabel,
    /// A suffix under which anybody can register a name.
    #[error("{0} is a public suffix under which anybody can register a name; no platform owns it")]
    PublicSuffix(String),
    /// Too long for the domain name system.
    #[error(
        "the host name is too long: 253 characters in all and 63 between two dots are possible"
    )]
    TooLong,
    /// Two dots in a row, or a dot in front.
    #[error("the host name has an empty part: two dots in a row, or one in front")]
    EmptyLabel,
    /// A character no host name has.
    #[error("the host name holds U+{0:04X}, which no host name has")]
    Character(u32),
    /// Not an address or a name that IDNA can map.
    #[error("the host is not valid: {0}")]
    Invalid(&'static str),
}

impl Host {
    /// Reads a host without anything round it; an IPv6 address with or without brackets.
    ///
    /// # Errors
    /// [`HostError`]
    pub fn parse(s: &str) -> Result<Self, HostError> {
        if s.is_empty() {
            return Err(HostError::Empty);
        }
        if let Ok(address) = s.parse::<Ipv6Addr>() {
            return Ok(Self(format!("[{address}]")));
        }
        // Beyond this the mapping can only shrink a name by throwing ignored characters away.
        if s.len() > super::MAX_LOCATOR_BYTES {
            return Err(HostError::TooLong);
        }
        let host = url::Host::parse(s).map_err(|error| Self::explained(error, s))?;
        Self::from_url(&host)
    }

    /// Takes over a host that the URL parser has read.
    pub(super) fn from_url<S: AsRef<str>>(host: &url::Host<S>) -> Result<Self, HostError> {
        let name = match host {
            url::Host::Ipv4(address) => return Ok(Self(address.to_string())),
            url::Host::Ipv6(address) => return Ok(Self(format!("[{address}]"))),
            url::Host::Domain(name) => name.as_ref(),
        };
        let name = name.strip_suffix('.').unwrap_or(name);
        if name.is_empty() {
            return Err(HostError::Empty);
        }
        if name.len() > 253 || name.split('.').any(|label| label.len() > 63) {
            return Err(HostError::TooLong);
        }
        if name.split('.').any(str::is_empty) {
            return Err(HostError::EmptyLabel);
        }
        let taken =
            |c: &char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.');
        match name.chars().find(|c| !taken(c)) {
            Some('*') => Err(HostError::Wildcard),
            Some(c) => Err(HostError::Character(u32::from(c))),
            None => Ok(Self(name.to_owned())),
        }
    }

    /// The URL parser's refusal in our words.
    pub(super) fn explained(error: url::ParseError, s: &str) -> HostError {
        match error {
            url::ParseError::EmptyHost => HostError::Empty,
            url::ParseError::InvalidIpv4Address => HostError::Invalid("not an IPv4 address"),
            url::ParseError::InvalidIpv6Address => HostError::Invalid("not an IPv6 address"),
            _ => s
                .chars()
                .find(|c| c.is_ascii() && !c.is_ascii_alphanumeric() && !"-_.%".contains(*c))
                .map_or(
                    HostError::Invalid(
                        "the international domain name rules (IDNA) do not allow it",
                    ),
                    |c| HostError::Character(u32::from(c)),
                ),
        }
    }

    /// The host as text; an IPv6 address is in brackets.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is an IPv4 or IPv6 address.
    #[must_use]
    pub fn is_address(&self) -> bool {
        self.0.starts_with('[') || self.0.parse::<std::net::Ipv4Addr>().is_ok()
    }

    /// Whether others could reach it: an address, or a name with a dot.
    pub(crate) fn is_dotted(&self) -> bool {
        self.0.starts_with('[') || self.0.contains('.')
    }

    /// The names under which the platform may be registered: this host and its parents, longest first, so that
    /// the most particular registration wins.
    ///
    /// Public suffixes of the ICANN section (`com`, `co.uk`, `onion`) are never among them: nobody runs all the
    /// sites below. Suffixes of the private section (`github.io`, `blogspot.com`) are: they are listed because
    /// their owner hands out names, and that owner is the platform that hosts what lies below. A customer who
    /// registers `name.github.io` himself is found first. An address is only itself; for `.onion` the label in
    /// front of it is the site.
    #[must_use]
    pub fn candidates(&self) -> Vec<String> {
        if self.is_address() {
            return vec![self.0.clone()];
        }
        let parents = std::iter::successors(Some(self.as_str()), |name| {
            name.split_once('.').map(|(_, parent)| parent)
        });
        parents
            .filter(|name| !is_public_suffix(name))
            .map(str::to_owned)
            .collect()
    }
}

/// Whether everybody can register names below, as far as the ICANN section of the public suffix list says.
/// A top-level label that is not listed counts as public, as the list's own algorithm has it.
fn is_public_suffix(name: &str) -> bool {
    // The kind of suffix, if the name is one as a whole.
    let whole_suffix = |name: &str| {
        let suffix = psl::List.suffix(name.as_bytes())?;
        (suffix.as_bytes().len() == name.len()).then(|| suffix.typ())
    };
    match whole_suffix(name) {
        Some(kind) => kind != Some(psl::Type::Private),
        // The list writes *.kawasaki.jp without kawasaki.jp itself, which nobody owns either.
        None => {
            whole_suffix(&format!("0.{name}")).is_some_and(|kind| kind == Some(psl::Type::Icann))
        }
    }
}

/// Reads a host under which a platform is to be registered: a name with a dot that is no public suffix of the
/// ICANN section, or an address. What lies below the host is included.
///
/// # Errors
/// [`HostError`], saying what to leave away.
pub fn registrable(host: &str) -> Result<Host, HostError> {
    if host.contains("://") {
        return Err(HostError::Scheme);
    }
    if host.contains(['/', '\\', '?', '#']) {
        return Err(HostError::Path);
    }
    if host.contains('@') {
        return Err(HostError::User);
    }
    if host.contains('*') {
        return Err(HostError::Wildcard);
    }
    let unbracketed_v6 = host.parse::<Ipv6Addr>().is_ok();
    if let Some((_, behind)) = host.rsplit_once(':')
        && !unbracketed_v6
        && !behind.ends_with(']')
    {
        return Err(HostError::Port);
    }
    let host = Host::parse(host)?;
    if host.is_address() {
        return Ok(host);
    }
    if !is_public_suffix(host.as_str()) {
        return Ok(host);
    }
    let listed = psl::List
        .suffix(host.as_str().as_bytes())
        .is_some_and(|suffix| suffix.is_known());
    if listed {
        Err(HostError::PublicSuffix(host.0))
    } else {
        Err(HostError::SingleLabel)
    }
}

impl std::str::FromStr for Host {
    type Err = HostError;

    fn from_str(s: &str) -> Result<Self, HostError> {
        Self::parse(s)
    }
}

impl std::fmt::Display for Host {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.0)
    }
}

impl serde::Serialize for Host {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for Host {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::text::parsed(deserializer)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn host(s: &str) -> Host {
        Host::parse(s).unwrap()
    }

    #[test]
    fn hosts_of_all_kinds() {
        assert_eq!(host("Bücher.Example.").as_str(), "xn--bcher-kva.example");
        assert_eq!(host("пример。рф").as_str(), "xn--e1afmkfd.xn--p1ai");
        assert_eq!(host("0x7f.1").as_str(), "127.0.0.1");
        assert_eq!(host("2001:DB8::1").as_str(), "[2001:db8::1]");
        assert_eq!(host("[2001:db8:0::1]").as_str(), "[2001:db8::1]");
        assert_eq!(host("my_blog.example").as_str(), "my_blog.example");
        assert_eq!(host("localhost").as_str(), "localhost");
    }

    #[test]
    fn what_no_resolver_looks_up_is_refused() {
        for (given, error) in [
            ("", HostError::Empty),
            (".", HostError::Empty),
            ("a..example", HostError::EmptyLabel),
            (".example", HostError::EmptyLabel),
            ("a b.example", HostError::Character(0x20)),
            ("a\0.example", HostError::Character(0)),
            ("*.example", HostError::Wildcard),
            ("a,b.example", HostError::Character(0x2C)),
            ("a:80", HostError::Character(0x3A)),
            ("[::1", HostError::Invalid("not an IPv6 address")),
            ("1.2.3.999", HostError::Invalid("not an IPv4 address")),
        ] {
            assert_eq!(Host::parse(given), Err(error), "{given:?}");
        }
        assert_eq!(
            Host::parse(&format!("{}.example", "a".repeat(64))),
            Err(HostError::TooLong)
        );
        assert_eq!(Host::parse(&"a.".repeat(200)), Err(HostError::TooLong));
        assert!(Host::parse("\u{202E}example.com").is_err());
    }

    #[test]
    fn parents_longest_first_without_public_suffixes() {
        for (given, expected) in [
            (
                "a.b.paste.example",
                &["a.b.paste.example", "b.paste.example", "paste.example"][..],
            ),
            ("www.shop.co.uk", &["www.shop.co.uk", "shop.co.uk"]),
            ("fast-die.github.io", &["fast-die.github.io", "github.io"]),
            ("x.blogspot.com", &["x.blogspot.com", "blogspot.com"]),
            ("x.рф", &["x.xn--p1ai"]),
            ("公司.cn", &[]),
            ("a.公司.cn", &["a.xn--55qx5d.cn"]),
            ("a.b.kawasaki.jp", &["a.b.kawasaki.jp"]),
            ("city.kawasaki.jp", &["city.kawasaki.jp"]),
            (
                "www.duckduckgogg42xjoc72x3sjasowoarfbgcmvfimaftt6twagswzczad.onion",
                &[
                    "www.duckduckgogg42xjoc72x3sjasowoarfbgcmvfimaftt6twagswzczad.onion",
                    "duckduckgogg42xjoc72x3sjasowoarfbgcmvfimaftt6twagswzczad.onion",
                ],
            ),
            ("192.0.2.7", &["192.0.2.7"]),
            ("[2001:db8::1]", &["[2001:db8::1]"]),
            ("localhost", &[]),
            ("co.uk", &[]),
            ("paste.test", &["paste.test"]),
        ] {
            assert_eq!(host(given).candidates(), expected, "{given}");
        }
    }

    #[test]
    fn what_can_be_registered() {
        for (given, expected) in [
            ("Paste.Example", "paste.example"),
            ("github.io", "github.io"),
            ("192.0.2.7", "192.0.2.7"),
            ("2001:db8::1", "[2001:db8::1]"),
            ("[2001:db8::1]", "[2001:db8::1]"),
            ("abc.onion", "abc.onion"),
        ] {
            assert_eq!(registrable(given).unwrap().as_str(), expected);
        }
        for (given, error) in [
            ("https://paste.example", HostError::Scheme),
            ("paste.example/", HostError::Path),
            ("paste.example:443", HostError::Port),
            ("[2001:db8::1]:80", HostError::Port),
            ("me@paste.example", HostError::User),
            ("*.paste.example", HostError::Wildcard),
            ("co.uk", HostError::PublicSuffix("co.uk".into())),
            ("com", HostError::PublicSuffix("com".into())),
            ("onion", HostError::PublicSuffix("onion".into())),
            ("localhost", HostError::SingleLabel),
            ("", HostError::Empty),
        ] {
            assert_eq!(registrable(given), Err(error), "{given:?}");
        }
    }

    proptest! {
        #[test]
        fn never_panics_never_empty_and_stays(s in any::<String>()) {
            let _ = registrable(&s);
            if let Ok(host) = Host::parse(&s) {
                prop_assert!(!host.as_str().is_empty() && host.as_str().is_ascii());
                prop_assert_eq!(Host::parse(host.as_str()).unwrap(), host);
            }
        }

        #[test]
        fn names_stay(s in "[a-zA-Zäßéж0-9_-]{1,12}(\\.[a-zA-Zäßéж0-9_-]{1,12}){0,4}\\.?") {
            if let Ok(host) = Host::parse(&s) {
                prop_assert_eq!(&Host::parse(host.as_str()).unwrap(), &host);
                let candidates = host.candidates();
                prop_assert!(candidates.windows(2).all(|pair| pair[0].len() > pair[1].len()));
                for candidate in candidates {
                    prop_assert_eq!(registrable(&candidate).map(|host| host.to_string()), Ok(candidate));
                }
            }
        }
    }
}
