//! Web addresses: read as a browser reads them, compared by RFC 3986's rules.

use super::host::Host;
use super::{LocatorError, host};
use std::fmt::Write as _;
use url::{Position, Url};

/// The schemes that lead to something a platform can act on.
const SCHEMES: [&str; 3] = ["https", "http", "ftp"];

/// A web address taken apart.
pub(super) struct Web {
    /// `https`, `http` or `ftp`.
    pub scheme: &'static str,
    pub host: Host,
    /// Only if it is not the scheme's own.
    pub port: Option<u16>,
    /// Path, query and fragment in their comparable writing; begins with `/`.
    pub tail: String,
}

impl Web {
    /// Reads an address with or without a scheme.
    ///
    /// Many notices write `paste.example/x`. Such a text is understood if its host has a dot (or is an address)
    /// and no user stands in front, which would rather be a mail address; it is compared as `https`.
    pub fn read(text: &str) -> Result<Self, LocatorError> {
        let (scheme, rest) = split_scheme(text)?;
        let full = match scheme {
            Some(_) => std::borrow::Cow::Borrowed(text),
            None => {
                let rest = rest.strip_prefix("//").unwrap_or(rest);
                if rest.starts_with(['/', '\\', '?', '#']) {
                    return Err(LocatorError::NoHost);
                }
                let authority = rest.split(['/', '\\', '?', '#']).next().unwrap_or(rest);
                if authority.contains('@') {
                    return Err(LocatorError::LooksLikeAccount);
                }
                std::borrow::Cow::Owned(format!("https://{rest}"))
            }
        };
        let url = Url::parse(&full).map_err(|error| match error {
            url::ParseError::InvalidPort => LocatorError::Port,
            url::ParseError::EmptyHost => LocatorError::NoHost,
            other => LocatorError::Host(Host::explained(other, authority_host(&full))),
        })?;
        let host = match url.host() {
            Some(host) => Host::from_url(&host)?,
            None => return Err(LocatorError::NoHost),
        };
        if scheme.is_none() && !host.is_dotted() {
            return Err(LocatorError::NoHost);
        }
        Ok(Self {
            scheme: scheme.unwrap_or("https"),
            host,
            port: url.port(),
            tail: comparable(&url[Position::BeforePath..]),
        })
    }

    /// The address as it is compared: `https://host:port/path?query#fragment`.
    ///
    /// User name and password are left out. They decide how something is reached, not what it is, and serve
    /// mostly to deceive (`https://bank.example@paste.example/`); and a password has no business in an index.
    pub fn key(&self) -> String {
        let port = self.port.map(|port| format!(":{port}")).unwrap_or_default();
        format!("{}://{}{port}{}", self.scheme, self.host, self.tail)
    }
}

/// Whether a text begins with one of the schemes that are read here.
pub(super) fn has_scheme(text: &str) -> bool {
    matches!(split_scheme(text), Ok((Some(_), _)))
}

/// The scheme, if there is a known one, and what follows its colon.
fn split_scheme(text: &str) -> Result<(Option<&'static str>, &str), LocatorError> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
    let Some((name, rest)) = text.split_once(':') else {
        return Ok((None, text));
    };
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) || !name.chars().all(is_part) {
        return Ok((None, text));
    }
    if let Some(known) = SCHEMES
        .iter()
        .find(|known| name.eq_ignore_ascii_case(known))
    {
        return Ok((Some(known), rest));
    }
    let port = rest.split(['/', '\\', '?', '#']).next().unwrap_or(rest);
    if !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()) {
        Ok((None, text))
    } else {
        Err(LocatorError::Scheme)
    }
}

/// The part of an address that its host is in, for saying which character in it is wrong.
fn authority_host(full: &str) -> &str {
    let rest = full.split_once(':').map_or(full, |(_, rest)| rest);
    let rest = rest.trim_start_matches(['/', '\\']);
    let authority = rest.split(['/', '\\', '?', '#']).next().unwrap_or(rest);
    let behind_user = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    behind_user.split(':').next().unwrap_or(behind_user)
}

/// Percent-encoding in its one comparable writing (RFC 3986 §6.2.2): upper-case digits, unreserved characters
/// plain. A percent sign that encodes nothing is encoded itself, or decoding twice could differ from once.
fn comparable(s: &str) -> String {
    let hex = |byte: Option<&u8>| byte.and_then(|b| char::from(*b).to_digit(16));
    let bytes = s.as_bytes();
    let mut out = String::with_capacity(s.len());
    let mut plain = 0;
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] != b'%' {
            at += 1;
            continue;
        }
        out.push_str(&s[plain..at]);
        if let (Some(high), Some(low)) = (hex(bytes.get(at + 1)), hex(bytes.get(at + 2))) {
            let byte = (high * 16 + low) as u8;
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                out.push(char::from(byte));
            } else {
                // Writing to a String cannot fail.
                let _ = write!(out, "%{byte:02X}");
            }
            at += 3;
        } else {
            out.push_str("%25");
            at += 1;
        }
        plain = at;
    }
    out.push_str(&s[plain..]);
    out
}

/// A host with an optional port, as it ends an account or room name.
pub(super) fn host_and_port(s: &str) -> Option<(Host, Option<u16>)> {
    let (name, port) = match s.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => {
            let digits = !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
            (name, Some(port.parse().ok().filter(|_| digits)?))
        }
        _ => (s, None),
    };
    let host = host::Host::parse(name).ok()?;
    host.is_dotted().then_some((host, port))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn key(s: &str) -> String {
        Web::read(s).map(|web| web.key()).unwrap()
    }

    #[test]
    fn one_key_for_one_place() {
        for (written, expected) in [
            ("HTTPS://Paste.Example", "https://paste.example/"),
            (
                "https://paste.example:443/a/./b/../c",
                "https://paste.example/a/c",
            ),
            ("http://paste.example:443/", "http://paste.example:443/"),
            ("http://paste.example:80", "http://paste.example/"),
            (
                "https://paste.example/%7euser/%d1%80%2f",
                "https://paste.example/~user/%D1%80%2F",
            ),
            (
                "https://paste.example/a/%2e%2E/b",
                "https://paste.example/b",
            ),
            ("https://paste.example/р", "https://paste.example/%D1%80"),
            (
                "https://paste.example/?b=2&a=1#Key%2fx",
                "https://paste.example/?b=2&a=1#Key%2Fx",
            ),
            ("https://paste.example/?", "https://paste.example/?"),
            ("https://paste.example/100%", "https://paste.example/100%25"),
            (
                "https://paste.example/%%34%31",
                "https://paste.example/%2541",
            ),
            (
                "https://user:secret@paste.example/x",
                "https://paste.example/x",
            ),
            (
                "https://bank.example@paste.example/x",
                "https://paste.example/x",
            ),
            (
                "https://Bücher.example./x",
                "https://xn--bcher-kva.example/x",
            ),
            (
                "http://[2001:DB8:0::1]:8080/x",
                "http://[2001:db8::1]:8080/x",
            ),
            ("http:\\\\paste.example\\x", "http://paste.example/x"),
            (
                "ftp://paste.example/a;type=i",
                "ftp://paste.example/a;type=i",
            ),
            ("fast-die.github.io/x", "https://fast-die.github.io/x"),
            ("//paste.example/x", "https://paste.example/x"),
            ("paste.example:8080/x", "https://paste.example:8080/x"),
            ("192.0.2.7", "https://192.0.2.7/"),
            ("[2001:db8::1]/x", "https://[2001:db8::1]/x"),
            ("http://localhost/x", "http://localhost/x"),
            (
                "http://expyuzz4wqqyqhjn.onion/x",
                "http://expyuzz4wqqyqhjn.onion/x",
            ),
        ] {
            assert_eq!(key(written), expected, "{written}");
        }
    }

    #[test]
    fn refusals() {
        let refused = |s: &str| Web::read(s).map(|web| web.key()).unwrap_err();
        for s in [
            "javascript:alert(1)",
            "mailto:a@b.example",
            "file:///etc/passwd",
            "tg://x",
        ] {
            assert_eq!(refused(s), LocatorError::Scheme, "{s}");
        }
        for s in [
            "https://",
            "http:",
            "/a/b",
            "///x",
            "word",
            "localhost:80/x",
            "?a",
            "#",
        ] {
            assert_eq!(refused(s), LocatorError::NoHost, "{s}");
        }
        assert_eq!(refused("bob@paste.example"), LocatorError::LooksLikeAccount);
        assert_eq!(refused("https://paste.example:99999/"), LocatorError::Port);
        assert_eq!(
            refused("https://pa ste.example/"),
            LocatorError::Host(super::super::HostError::Character(0x20))
        );
        assert!(matches!(
            refused("https://pa\u{202E}ste.example/"),
            LocatorError::Host(_)
        ));
        assert!(matches!(
            refused("https://a..example/"),
            LocatorError::Host(_)
        ));
    }

    proptest! {
        #[test]
        fn the_key_of_a_key_is_itself(
            s in "(https?|ftp)://([a-z.%@:]{0,6}@)?[a-zäéж0-9]{1,6}(\\.[a-z]{1,5}){0,3}(:[0-9]{0,5})?[/\\\\?#]?[ -~é\u{202E}]{0,60}"
        ) {
            if let Ok(web) = Web::read(&s) {
                prop_assert_eq!(key(&web.key()), web.key());
            }
        }

        #[test]
        fn escapes_settle_at_once(s in "[%0-9a-fA-F./?#]{0,40}") {
            let once = comparable(&s);
            prop_assert_eq!(comparable(&once), once);
        }

        #[test]
        fn never_panics(s in any::<String>(), t in "[a-z]{0,6}:?/{0,3}\\PC{0,40}") {
            for text in [&s, &t] {
                if let Ok(web) = Web::read(text) {
                    prop_assert_eq!(key(&web.key()), web.key());
                }
            }
        }
    }
}
