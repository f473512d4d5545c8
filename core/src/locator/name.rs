//! Accounts, channels and listings: what is found by a name rather than by an address.

use super::host::Host;
use super::web::{self, Web};
use super::{ItemKind, LocatorError};
use percent_encoding::percent_decode_str;

/// What a name was found to mean.
pub(super) struct Named {
    pub host: Option<Host>,
    pub key: String,
}

/// Reads a name.
///
/// Understood are web addresses, with a scheme or with a host and a path; for accounts and channels
/// `user@host`, `@user@host`, `acct:user@host`, `@user:host` and `#room:host`; and anything else as a plain
/// name without a host, which then means something on one platform only. Names are compared without regard
/// to case: nearly every platform takes them so, and a repeat that is reported in vain costs one glance.
pub(super) fn read(kind: ItemKind, text: &str) -> Result<Named, LocatorError> {
    let text = match kind {
        // @ and spaces in front are typography in a channel's name.
        ItemKind::Channel => match text.trim_start_matches(|c: char| c == '@' || c.is_whitespace())
        {
            "" => text,
            name => name,
        },
        _ => text,
    };
    if web::has_scheme(text) || begins_with_host_and_path(text) {
        let web = Web::read(text)?;
        if kind == ItemKind::Account
            && let Some(user) = user_of_path(&web)
        {
            return Ok(at_host(&user, web.host, None));
        }
        return Ok(Named {
            key: web.key(),
            host: Some(web.host),
        });
    }
    Ok(match kind {
        ItemKind::Account => account(text),
        ItemKind::Channel => channel(text),
        _ => plain(text, ""),
    })
}

/// `platform.example/…`
fn begins_with_host_and_path(text: &str) -> bool {
    text.split_once('/').is_some_and(|(host, _)| {
        !host.contains(char::is_whitespace)
            && !host.contains('@')
            && web::host_and_port(host).is_some()
            && Web::read(text).is_ok()
    })
}

/// The user of `https://platform.example/@user`, the writing that fediverse and video platforms share.
fn user_of_path(web: &Web) -> Option<String> {
    let user = web.tail.strip_prefix("/@")?;
    let user = user.strip_suffix('/').unwrap_or(user);
    let user = percent_decode_str(user).decode_utf8().ok()?;
    let plain = !user.is_empty()
        && !user.contains(|c: char| c.is_whitespace() || c.is_control() || "/@?#:".contains(c));
    // `@user@host` must read back as the same: a host that is a single label would be taken for a part of the name.
    let reads_back = web::host_and_port(web.host.as_str()).is_some();
    (plain && reads_back && web.port.is_none() && web.scheme != "ftp").then(|| user.into_owned())
}

fn account(text: &str) -> Named {
    let name = text.strip_prefix('@').unwrap_or(text).trim();
    let name = match name.get(..5) {
        Some(scheme) if scheme.eq_ignore_ascii_case("acct:") => name[5..].trim(),
        _ => name,
    };
    user_and_host(name, '@')
        .or_else(|| user_and_host(name, ':'))
        .map_or_else(
            || plain(name, "@"),
            |(user, host, port)| at_host(user, host, port),
        )
}

fn channel(text: &str) -> Named {
    if let Some((user, host, port)) = user_and_host(text, '@') {
        return at_host(user, host, port);
    }
    match user_and_host(text, ':') {
        Some((room, host, port)) if room.starts_with(['#', '!']) => Named {
            key: format!("{}:{host}{}", room.to_lowercase(), written(port)),
            host: Some(host),
        },
        _ => plain(text, ""),
    }
}

/// A user and the host behind the separator: the last `@`, or the first `:` since a port may follow.
fn user_and_host(name: &str, separator: char) -> Option<(&str, Host, Option<u16>)> {
    let (user, host) = match separator {
        '@' => name.rsplit_once('@')?,
        _ => name.split_once(separator)?,
    };
    if user.is_empty() || user.contains(|c: char| c.is_whitespace() || c == '/') {
        return None;
    }
    let (host, port) = web::host_and_port(host)?;
    Some((user, host, port))
}

fn at_host(user: &str, host: Host, port: Option<u16>) -> Named {
    Named {
        key: format!("@{}@{host}{}", user.to_lowercase(), written(port)),
        host: Some(host),
    }
}

fn written(port: Option<u16>) -> String {
    port.map(|port| format!(":{port}")).unwrap_or_default()
}

/// A name without a host: lower case, single spaces.
fn plain(name: &str, sigil: &str) -> Named {
    let words: Vec<&str> = name.split_whitespace().collect();
    Named {
        host: None,
        key: format!("{sigil}{}", words.join(" ").to_lowercase()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn read_as(kind: ItemKind, s: &str) -> (String, Option<String>) {
        let named = read(kind, s).unwrap();
        (named.key, named.host.map(|host| host.to_string()))
    }

    #[test]
    fn accounts() {
        for written in [
            "@Bob@social.example",
            "bob@social.example",
            "acct:bob@social.example",
            "@bob:social.example",
            "https://social.example/@bob",
            "social.example/@Bob/",
        ] {
            let expected = (
                "@bob@social.example".to_owned(),
                Some("social.example".to_owned()),
            );
            assert_eq!(read_as(ItemKind::Account, written), expected, "{written}");
        }
        for (written, key, host) in [
            ("@Bob", "@bob", None),
            ("Bob  Smith", "@bob smith", None),
            ("john.doe", "@john.doe", None),
            (
                "@ркн@social.example",
                "@ркн@social.example",
                Some("social.example"),
            ),
            (
                "https://social.example/@%D1%80",
                "@р@social.example",
                Some("social.example"),
            ),
            (
                "https://video.example/channel/UC1?x=1",
                "https://video.example/channel/UC1?x=1",
                Some("video.example"),
            ),
            (
                "https://social.example/@bob@far.example",
                "https://social.example/@bob@far.example",
                Some("social.example"),
            ),
            (
                "@bob:chat.example:8448",
                "@bob@chat.example:8448",
                Some("chat.example"),
            ),
        ] {
            let expected = (key.to_owned(), host.map(str::to_owned));
            assert_eq!(read_as(ItemKind::Account, written), expected, "{written}");
        }
    }

    #[test]
    fn channels_and_listings() {
        for (kind, written, key, host) in [
            (ItemKind::Channel, "@Lively News", "lively news", None),
            (
                ItemKind::Channel,
                "#Room:chat.example",
                "#room:chat.example",
                Some("chat.example"),
            ),
            (
                ItemKind::Channel,
                "room@conf.chat.example",
                "@room@conf.chat.example",
                Some("conf.chat.example"),
            ),
            (
                ItemKind::Channel,
                "chat.example/joinme",
                "https://chat.example/joinme",
                Some("chat.example"),
            ),
            (ItemKind::Channel, "@", "@", None),
            (
                ItemKind::Listing,
                "com.example.App",
                "com.example.app",
                None,
            ),
            (
                ItemKind::Listing,
                "https://shop.example/app/id15",
                "https://shop.example/app/id15",
                Some("shop.example"),
            ),
        ] {
            let expected = (key.to_owned(), host.map(str::to_owned));
            assert_eq!(read_as(kind, written), expected, "{written}");
        }
    }

    proptest! {
        #[test]
        fn the_key_of_a_key_is_itself(
            s in "[@#! ]{0,3}(acct:)?[a-zA-Zäр.:@/ ]{0,12}([@:/][a-zA-Z]{1,5}\\.[a-z]{1,4}(:[0-9]{1,5})?)?(/@?[a-zA-Z%2]{0,6})?"
        ) {
            for kind in [ItemKind::Account, ItemKind::Channel, ItemKind::Listing] {
                if let Ok(named) = read(kind, s.trim()) {
                    let again = read(kind, &named.key).unwrap();
                    prop_assert_eq!(&again.key, &named.key);
                    prop_assert_eq!(again.host, named.host);
                }
            }
        }
    }
}
